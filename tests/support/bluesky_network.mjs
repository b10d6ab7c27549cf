// A real Bluesky on loopback: directory, PDS and AppView, from the vendor's @atproto/dev-env in the folder named first.
// Prints one line of JSON when it stands, and ends when its input does.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder, ports] = [process.argv[2], JSON.parse(process.argv[3])]
const vendor = pathToFileURL(join(folder, 'node_modules/@atproto/dev-env/dist/index.js'))
const { TestNetwork } = await import(vendor.href)
const network = await TestNetwork.create({
  plc: { port: ports.plc },
  pds: { port: ports.pds },
  bsky: { port: ports.bsky },
})
console.log(JSON.stringify({ pds: network.pds.url }))
for await (const line of process.stdin) {
  if (line.toString().trim() === 'settle') await network.processAll()
  console.log('settled')
}
process.exit(0)
