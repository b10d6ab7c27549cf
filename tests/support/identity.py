"""A sign-in provider of our own that lies as a test asks it to, and a browser that goes through a sign-in."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from cxcore.auth.oidc import CALLBACK, Provider, Relying
from cxcore.auth.policy import AccessRole
from cxcore.db.session import Database
from cxcore.sdk.testing.local_server import LocalServer, Reply, Request
from cxcore.web.app import create
from support.calling import CURSOR_KEY, calling

HOME = "http://cx.example"
CLIENT = "cxcore"


@dataclass
class Liar:
    """The provider. ``claims`` are laid over those that hold (None takes one away); ``token`` stands for the token."""

    key: RSAKey | ECKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"}))
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    token: str | None = None
    described: dict[str, Any] = field(default_factory=dict)
    shown: list[dict[str, Any]] | None = None
    asked: dict[str, str] = field(default_factory=dict)
    redeemed: set[str] = field(default_factory=set)
    server: LocalServer | None = None

    def __enter__(self) -> Self:
        self.server = LocalServer(self._answer)
        return self

    def __exit__(self, *_: object) -> None:
        self.serving.close()

    @property
    def issuer(self) -> str:
        return self.serving.url

    @property
    def serving(self) -> LocalServer:
        assert self.server is not None
        return self.server

    def reads(self, path: str) -> int:
        """How often a path has been read."""
        return sum(r.path == path for r in self.serving.requests)

    def signed(self) -> str:
        """The token of the sign-in that was asked for last."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "u-1",
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": self.asked.get("nonce"),
            "name": "Kaisa",
            "roles": ["desk"],
            **self.claims,
        }
        algorithm = "ES256" if isinstance(self.key, ECKey) else "RS256"
        header = {"alg": algorithm, "kid": self.key.kid, **self.header}
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({n: v for n, v in header.items() if v is not None}, kept, self.key)

    def unsigned(self) -> str:
        """The same with the algorithm none."""
        return ".".join((_coded({"alg": "none", "typ": "JWT"}), self.signed().split(".")[1], ""))

    def swapped(self) -> str:
        """The same, signed by HMAC with the public key as its secret."""
        pem = self.key.as_pem(private=False)
        claims = json.loads(_decoded(self.signed().split(".")[1]))
        head = f"{_coded({'alg': 'HS256', 'kid': self.key.kid})}.{_coded(claims)}"
        mark = hmac.digest(pem, head.encode(), hashlib.sha256)
        return f"{head}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"

    def _answer(self, request: Request) -> Reply:
        if request.path == "/.well-known/openid-configuration":
            return Reply({
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "end_session_endpoint": f"{self.issuer}/end",
                **self.described,
            })  # fmt: skip
        if request.path == "/keys":
            return Reply({"keys": self.shown if self.shown is not None else [self.key.as_dict(private=False)]})
        given = dict(parse_qsl(request.raw.decode()))
        verified = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        if given.get("code") in self.redeemed or verified.decode().rstrip("=") != self.asked.get("code_challenge"):
            return Reply({"error": "invalid_grant"}, status=400)
        self.redeemed.add(given["code"])
        return Reply({"access_token": "a", "token_type": "Bearer", "id_token": self.token or self.signed()})


@asynccontextmanager
async def before(provider: Provider, database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser at the door of pages that know the provider."""
    app = create(database, cursor_key=CURSOR_KEY, timezone="Europe/Helsinki", secure=False, relying=Relying(provider))
    async with calling(app, base=HOME) as client:
        yield client


def known(issuer: str, *, secret: str | None = None) -> Provider:
    """The provider as an operator sets it."""
    return Provider(issuer, CLIENT, secret, HOME, "roles", (("desk", AccessRole.FRONT_DESK),), "id.example")


async def begun(browser: httpx2.AsyncClient) -> dict[str, str]:
    """What the browser is sent to the provider with."""
    answer = await browser.get("/sign-in/provider")
    assert answer.status_code == 303, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


async def back(browser: httpx2.AsyncClient, **answer: str) -> httpx2.Response:
    """The browser comes back."""
    return await browser.get(CALLBACK, params=answer)


async def through(browser: httpx2.AsyncClient, liar: Liar, code: str = "c-1") -> httpx2.Response:
    """A whole sign-in."""
    liar.asked = await begun(browser)
    return await back(browser, code=code, state=liar.asked["state"])


def _coded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
