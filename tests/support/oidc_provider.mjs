// A certified OpenID provider on loopback, from the folder named first, on the port named second; it tells the address
// named third of sessions that are over.
// Everybody who comes is Kaisa and agrees. Prints one line when it stands, and ends when its input does.
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder, port, told] = process.argv.slice(2)
const vendor = pathToFileURL(join(folder, 'node_modules/oidc-provider/lib/index.js'))
const { Provider } = await import(vendor.href)
const home = 'http://cx.example'
const client = {
  redirect_uris: [`${home}/sign-in/provider/back`],
  post_logout_redirect_uris: [`${home}/sign-in`],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  backchannel_logout_uri: told,
  backchannel_logout_session_required: true,
}
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    { ...client, client_id: 'cxcore', token_endpoint_auth_method: 'none' },
    { ...client, client_id: 'kept', client_secret: 'a secret between the two of us' },
  ],
  claims: { openid: ['sub'], profile: ['name', 'roles'], email: ['email'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['of a provider that lives as long as a test'] },
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: true },
  },
  fetch: (url, { dispatcher, ...options }) => fetch(url, options), // its own does not go to loopback
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: 'Kaisa Laine', email: 'kaisa@desk.example', roles: ['desk'] }),
  }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    })
    grant.addOIDCScope('openid profile email')
    await grant.save()
    return grant
  },
  pkce: { required: () => true },
})
const answer = provider.callback()
const server = createServer((request, response) => {
  if (request.url.startsWith('/interaction/')) {
    provider.interactionFinished(request, response, { login: { accountId: 'kaisa' } })
  } else {
    answer(request, response)
  }
})
server.listen(Number(port), '127.0.0.1', () => console.log('listening'))
for await (const _ of process.stdin) { /* until it ends */ }
process.exit(0)
