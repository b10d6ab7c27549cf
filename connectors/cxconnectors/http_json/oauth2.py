"""Tokens: OAuth 2.0 client credentials (RFC 6749, 4.4), renewed before they run out."""

import asyncio
import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

from cxcore.sdk import AuthFailed, SourceUnavailable
from cxcore.sdk.http import Http, Limits

if TYPE_CHECKING:
    from cxconnectors.http_json.config import HttpJsonConfig, OAuth2

_REFUSED = frozenset({400, 401, 403})
_UNSAID = 300.0
"""Seconds that a token is taken to be good for where the server does not say."""
_EARLY = 30.0


class Tokens:
    """The present token of one client, and when it runs out by our steady clock."""

    def __init__(self, auth: "OAuth2", secret: str, config: "HttpJsonConfig", limits: Limits) -> None:
        self._auth, self._secret, self._limits = auth, secret, limits
        self._private_network = config.private_network
        self._token, self._good_until = "", 0.0

    async def header(self, *, anew: bool = False) -> dict[str, str]:
        """The header of a request; asks for a token where there is none or, with ``anew``, the source refuses it.

        Raises:
            AuthFailed: the client is refused.
            SourceUnavailable: no token comes.
        """
        now = asyncio.get_running_loop().time()
        if anew or now >= self._good_until:
            self._token, lasts = await self._ask()
            self._good_until = now + lasts - min(_EARLY, lasts / 2)
        return {"Authorization": f"Bearer {self._token}"}

    async def _ask(self) -> tuple[str, float]:
        auth = self._auth
        form = {"grant_type": "client_credentials", **({"scope": auth.scope} if auth.scope else {})}
        headers = {"Accept": "application/json"}
        if auth.client_in == "body":
            form |= {"client_id": auth.client_id, "client_secret": self._secret}
        else:  # RFC 6749, 2.3.1: both encoded before they are joined
            pair = f"{quote(auth.client_id, safe='')}:{quote(self._secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode("ascii")
        async with Http(
            headers=headers, homes=[auth.token_url], private_network=self._private_network, limits=self._limits
        ) as http:
            answer = await http.post(auth.token_url, form=form, also=_REFUSED)
        if answer.status in _REFUSED:
            raise AuthFailed(
                f"The source gives no token ({answer.status}).", hint="Check token_url, client_id, secret and scope."
            )
        found = answer.json()
        token = found.get("access_token") if isinstance(found, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise SourceUnavailable("The source's answer holds no token.", hint="Is token_url right?")
        lasts = found.get("expires_in")
        if isinstance(lasts, str) and lasts.isascii() and lasts.isdigit():
            lasts = int(lasts[:9])
        known = isinstance(lasts, int | float) and not isinstance(lasts, bool) and lasts > 0
        return token, float(lasts) if known else _UNSAID
