"""Signing in at the company's own provider: OpenID Connect, authorization code with PKCE, state and nonce."""

import asyncio
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx2  # noqa: TID251 - Authlib's client raises its errors
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from cxcore import clock
from cxcore.auth import id_token, logout_token
from cxcore.auth.id_token import NotBelieved, UnknownKey
from cxcore.auth.logout_token import Ended
from cxcore.auth.policy import AccessRole
from cxcore.errors import CxError, OperatorError
from cxcore.sdk.errors import ConnectorFailure, SourceUnavailable
from cxcore.sdk.http import Http, Limits
from cxcore.sdk.http.network import Hosts, Transport
from cxcore.settings import Settings

CALLBACK = "/sign-in/provider/back"
"""Where the provider sends the browser back to; to be registered there."""
TOLD = "/sign-out/provider/told"
"""Where the provider itself says that a session is over; to be registered there."""
_READ_EVERY = 3600.0
"""Seconds for which what the provider says of itself is known."""
_KEYS_READ_EVERY = 30.0
"""Seconds between two readings of its keys: a token with a made-up key makes us ask no more often."""
_LIMITS = Limits(most_bytes=1024 * 1024, connect=5.0, first=10.0, request=10.0, whole=20.0)
_SECONDS = 10.0
_T = TypeVar("_T")


class ProviderUnavailable(CxError):
    """The sign-in provider does not answer, or not as OpenID Connect asks."""

    code = "provider_unavailable"
    status = 503


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider as the operator has set it, and ``home``: where browsers reach us.

    ``roles``: values of the claim and the roles they give, the first that fits wins.
    """

    issuer: str
    client_id: str
    client_secret: str | None
    home: str
    role_claim: str = "roles"
    roles: tuple[tuple[str, AccessRole], ...] = ()
    name: str = ""

    @property
    def redirect_uri(self) -> str:
        """Where the provider is to send browsers back to, as it knows it."""
        return self.home + CALLBACK

    def role(self, claims: Mapping[str, Any]) -> AccessRole | None:
        """The role that the claims map to; the claim's name may lead into objects by dots."""
        found: Any = claims
        for part in self.role_claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        held = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        return next((role for value, role in self.roles if value in held), None)


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun: where to send the browser, and what the answer must fit."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(slots=True)
class Relying:
    """Us before the provider. What it says of itself, and its keys, are read once and kept a while."""

    provider: Provider
    _metadata: dict[str, Any] = field(default_factory=dict)
    _read_at: float = 0.0
    _keys: list[dict[str, Any]] = field(default_factory=list)
    _keys_read_at: float = 0.0
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def begin(self) -> Begun:
        """Begin a sign-in.

        Raises:
            ProviderUnavailable: the provider does not answer.
        """
        metadata = await self._described()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce
            )
        return Begun(url, state, nonce, verifier)

    async def finish(self, answer: Mapping[str, str], *, state: str, nonce: str, verifier: str) -> dict[str, Any]:
        """The claims about whoever has signed in; ``answer``: the parameters the browser came back with.

        Raises:
            NotBelieved: the answer, or the token behind it, does not hold.
            ProviderUnavailable: the provider does not answer.
        """
        metadata = await self._described()
        if not hmac.compare_digest(answer.get("state", "").encode(), state.encode()):
            raise NotBelieved("The answer is not to this sign-in: state.")
        named = metadata.get("authorization_response_iss_parameter_supported") is True or "iss" in answer
        if named and answer.get("iss") != self.provider.issuer:  # RFC 9207
            raise NotBelieved("The answer is another provider's: iss.")
        if "error" in answer or not answer.get("code"):
            raise NotBelieved("The provider has not let this sign-in pass.")
        token = await self._exchange(metadata["token_endpoint"], answer["code"], verifier)
        return await self._claims(token, nonce)

    async def leaving(self, back: str) -> str | None:
        """Where to go to sign out at the provider, too (OpenID Connect RP-Initiated Logout 1.0); None where it has none.

        Raises:
            ProviderUnavailable: the provider does not answer.
        """
        end = (await self._described()).get("end_session_endpoint")
        asked = urlencode({"client_id": self.provider.client_id, "post_logout_redirect_uri": back})
        return f"{end}{'&' if '?' in end else '?'}{asked}" if isinstance(end, str) else None

    async def _exchange(self, endpoint: str, code: str, verifier: str) -> str:
        try:
            async with self._client() as client:
                answer = await client.fetch_token(
                    endpoint, grant_type="authorization_code", code=code, code_verifier=verifier
                )
        except AuthlibBaseError as exc:
            raise NotBelieved("The provider does not accept this sign-in's code.") from exc
        except (ConnectorFailure, httpx2.HTTPError, ValueError) as exc:
            raise ProviderUnavailable("The sign-in provider does not answer as it should.") from exc
        token: str = answer.get("id_token", "")
        return token

    async def ended(self, token: object) -> Ended:
        """What a logout token says that the provider has sent (OpenID Connect Back-Channel Logout 1.0).

        Raises:
            NotBelieved: it does not hold.
            ProviderUnavailable: the provider's keys cannot be read.
        """
        await self._described()
        ours = {"issuer": self.provider.issuer, "client_id": self.provider.client_id}
        now = int(clock.now().timestamp())
        return await self._read(lambda keys: logout_token.read(token, keys, **ours, now=now))

    async def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        ours = {"issuer": self.provider.issuer, "client_id": self.provider.client_id}
        now = int(clock.now().timestamp())
        return await self._read(lambda keys: id_token.read(token, keys, **ours, nonce=nonce, now=now))

    async def _read(self, read: Callable[[list[dict[str, Any]]], _T]) -> _T:
        """A token, read by the provider's keys; where its key is unknown they are read again, once and not too often."""
        for again in (False, True):
            keys = await self._signing_keys(again=again)
            try:
                return read(keys)
            except UnknownKey:
                if again:
                    raise
        raise AssertionError  # the loop answers or raises

    async def _described(self) -> dict[str, Any]:
        async with self._reading:
            if not self._metadata or time.monotonic() - self._read_at > _READ_EVERY:
                found = await self._get(f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != self.provider.issuer:
                    raise ProviderUnavailable("The sign-in provider calls itself by another name.")
                if not all(isinstance(found.get(f"{p}_endpoint"), str) for p in ("authorization", "token")):
                    raise ProviderUnavailable("The sign-in provider does not describe itself.")
                self._metadata, self._read_at = found, time.monotonic()
        return self._metadata

    async def _signing_keys(self, *, again: bool) -> list[dict[str, Any]]:
        async with self._reading:
            age = time.monotonic() - self._keys_read_at
            if not self._keys or age > _READ_EVERY or (again and age > _KEYS_READ_EVERY):
                found = await self._get(str(self._metadata.get("jwks_uri")))
                keys = found.get("keys")
                self._keys = [k for k in keys if isinstance(k, dict)] if isinstance(keys, list) else []
                self._keys_read_at = time.monotonic()
        return self._keys

    async def _get(self, url: str) -> dict[str, Any]:
        try:
            async with Http(homes=[self.provider.issuer], private_network=True, limits=_LIMITS) as http:
                found = (await http.get(url)).json()
        except (SourceUnavailable, ConnectorFailure, ValueError) as exc:
            raise ProviderUnavailable("The sign-in provider does not answer.") from exc
        if not isinstance(found, dict):
            raise ProviderUnavailable("The sign-in provider does not describe itself.")
        return found

    def _client(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            client_id=self.provider.client_id,
            client_secret=self.provider.client_secret,
            token_endpoint_auth_method=None if self.provider.client_secret else "none",
            scope="openid profile email",
            redirect_uri=self.provider.redirect_uri,
            code_challenge_method="S256",
            transport=Transport(Hosts((), private_network=True)),
            timeout=_SECONDS,
            follow_redirects=False,
            trust_env=False,
        )


def relying(read: Settings) -> Relying | None:
    """Us before the provider that the settings name; None where they name none.

    Raises:
        OperatorError: the settings cannot be used.
    """
    if read.oidc_issuer is None:
        return None
    if urlsplit(read.oidc_issuer).scheme not in {"https", "http"}:
        raise OperatorError("CX_OIDC_ISSUER is no address.", hint="Write it as the provider does: https://id.example.")
    secret = read.oidc_client_secret.get_secret_value() if read.oidc_client_secret else None
    return Relying(
        Provider(
            issuer=read.oidc_issuer,
            client_id=read.oidc_client_id,
            client_secret=secret,
            home=(read.public_url or f"http://{read.host}:{read.port}").rstrip("/"),
            role_claim=read.oidc_role_claim,
            roles=roles(read.oidc_roles),
            name=read.oidc_name or urlsplit(read.oidc_issuer).netloc,
        )
    )


def roles(written: str) -> tuple[tuple[str, AccessRole], ...]:
    """A claim's values and the roles they give, written ``value=role`` with spaces between.

    Raises:
        OperatorError: it is written otherwise, or names a role that people do not have.
    """
    found = []
    for pair in written.split():
        value, _, role = pair.rpartition("=")
        if not value or role not in set(AccessRole) - {AccessRole.SERVICE}:
            raise OperatorError(f"CX_OIDC_ROLES: {pair!r} is not value=role.", hint="Roles: docs/access.md.")
        found.append((value, AccessRole(role)))
    return tuple(found)
