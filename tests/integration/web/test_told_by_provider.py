"""Sessions that the provider ends by itself: those it means and no others, and only where what it says holds."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from joserfc.jwk import RSAKey
from sqlalchemy import text

from cxcore.auth import oidc, sign_in, staff
from cxcore.auth.logout_token import EVENT
from cxcore.auth.oidc import TOLD
from cxcore.auth.policy import AccessRole
from cxcore.auth.tables import Staff
from cxcore.db.session import Database
from cxcore.errors import Unauthenticated
from support.calling import new_key
from support.identity import Liar, before, known, through

SAYS: dict[str, Any] = {
    "nonce": None, "name": None, "roles": None, "jti": "t-1", "sid": "s-1", "events": {EVENT: {}}
}  # fmt: skip
"""What a logout token says otherwise than the ID token of a sign-in; None: not at all."""


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "first"})


@pytest.fixture
def liar(key: RSAKey) -> Iterator[Liar]:
    with Liar(key, header={"typ": "logout+jwt"}) as provider:
        yield provider


@pytest.fixture
async def us(liar: Liar, database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    async with before(known(liar.issuer), database) as client:
        yield client


@pytest.fixture
async def sessions(liar: Liar, database: Database) -> dict[str, str]:
    """Secrets of sessions: two that came from the provider's sessions s-1 and s-2, one of unknown origin, one by password,
    one of somebody else, one of a key."""
    role = AccessRole.AGENT
    async with database.unit() as session:
        kaisa = await staff.add(session, issuer=liar.issuer, subject="u-1", name="Kaisa", role=role)
        other = await staff.add(session, issuer=liar.issuer, subject="u-2", name="Olli", role=role)

        async def opened(who: Staff, sid: str | None) -> str:
            return await sign_in.open_session(session, staff_id=who.id, method="oidc", provider_sid=sid)

        found = {"first": await opened(kaisa, "s-1"), "second": await opened(kaisa, "s-2")}
        found |= {"unnamed": await opened(kaisa, None), "other's": await opened(other, "s-9")}
        found["by password"] = await sign_in.open_session(session, staff_id=kaisa.id, method="password")
    secret = await new_key(database)
    async with database.unit() as session:
        found["of a key"] = await sign_in.open_session(session, key_id=secret.split("_")[1])
    return found


async def ended(database: Database, sessions: dict[str, str]) -> set[str]:
    over = set()
    for name, secret in sessions.items():
        try:
            async with database.unit() as session:
                await sign_in.whose(session, secret)
        except Unauthenticated:
            over.add(name)
    return over


async def tell(us: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await us.post(TOLD, data={"logout_token": token})


MEANT: list[tuple[dict[str, Any], set[str]]] = [
    ({"sid": "s-1"}, {"first", "unnamed"}),
    ({"sid": "s-1", "sub": None}, {"first"}),
    ({"sid": None}, {"first", "second", "unnamed"}),
    ({"sid": "s-9"}, {"unnamed"}),
    ({"sid": "s-9", "sub": None}, {"other's"}),
    ({"sid": "s-7", "sub": "u-7"}, set()),
]
"""What a token says of whom, and which sessions end by it."""


@pytest.mark.parametrize("meant", MEANT, ids=lambda m: str(m[0]))
async def test_the_sessions_that_the_provider_means_end_at_once(
    us: httpx2.AsyncClient, liar: Liar, database: Database, sessions: dict[str, str], meant: tuple[Any, set[str]]
) -> None:
    says, over = meant
    liar.claims = SAYS | says
    answer = await tell(us, liar.signed())
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["cache-control"] == "no-store"
    assert await ended(database, sessions) == over
    async with database.unit() as session:
        noted = (
            await session.execute(text("select actor from audit where act = 'staff.signed_out_by_provider'"))
        ).all()
    assert [row.actor for row in noted] == ["provider"] * bool(over)


WRONG: dict[str, dict[str, Any]] = {
    "wrong iss": {"iss": "https://evil.example"},
    "no iss": {"iss": None},
    "wrong aud": {"aud": "another"},
    "no aud": {"aud": None},
    "no iat": {"iat": None},
    "from the future": {"iat": 75},
    "no exp": {"exp": None},
    "expired": {"exp": -61},
    "years ahead": {"exp": 10**20},
    "no jti": {"jti": None},
    "empty jti": {"jti": ""},
    "endless jti": {"jti": "x" * 256},
    "no events": {"events": None},
    "events of others": {"events": {"http://schemas.openid.net/event/other": {}}},
    "the event in a list": {"events": [EVENT]},
    "the event without an object": {"events": {EVENT: True}},
    "a nonce": {"nonce": "n"},
    "an empty nonce": {"nonce": ""},
    "neither sub nor sid": {"sub": None, "sid": None},
    "sub that is a number": {"sub": 7},
    "sid that is a list": {"sid": ["s-1"]},
    "empty sid": {"sid": ""},
    "sid that no text holds": {"sid": "s\x001"},
}
FORGED: dict[str, Callable[[Liar], str]] = {
    "alg none": Liar.unsigned,
    "HS256 with the public key": Liar.swapped,
    "another's signature": lambda liar: replace(liar, key=RSAKey.generate_key(2048, {"kid": "first"})).signed(),
    "changed afterwards": lambda liar: liar.signed()[:-9] + "AAAAAAAAA",
    "an access token": lambda liar: replace(liar, header={"typ": "at+jwt"}).signed(),
    "an unknown key": lambda liar: replace(liar, header={"kid": "made up"}).signed(),
    "no token": lambda _: "x",
    "nothing": lambda _: "",
    "endless": lambda liar: liar.signed() + "A" * 20_000,
}


async def test_what_does_not_hold_ends_nothing(
    us: httpx2.AsyncClient, liar: Liar, database: Database, sessions: dict[str, str]
) -> None:
    now = int(time.time())
    believed = []
    for case, wrong in WRONG.items():
        timed = {n: now + v if n in {"exp", "iat"} and isinstance(v, int) else v for n, v in wrong.items()}
        liar.claims = SAYS | {"jti": case} | timed
        answer = await tell(us, liar.signed())
        if answer.status_code != 400 or answer.json()["error"] != "invalid_request":
            believed.append(case)
    for case, forged in FORGED.items():
        liar.claims = SAYS | {"jti": case}
        if (await tell(us, forged(liar))).status_code != 400:
            believed.append(case)
    liar.claims, liar.asked = {"sid": "s-1", "jti": "t"}, {"nonce": "of a sign-in"}
    assert (await tell(us, liar.signed())).status_code == 400, "an ID token"
    assert (await us.post(TOLD)).status_code == 400
    assert believed == []
    assert await ended(database, sessions) == set()
    liar.claims = SAYS
    assert (await tell(us, liar.signed())).status_code == 200, "what they are changed from holds"


async def test_a_token_counts_once_also_when_it_comes_twice_at_once(
    us: httpx2.AsyncClient, liar: Liar, database: Database, sessions: dict[str, str]
) -> None:
    liar.claims = SAYS | {"sid": None}
    token = liar.signed()
    answers = await asyncio.gather(*(tell(us, token) for _ in range(5)))
    assert sorted(a.status_code for a in answers) == [200, 400, 400, 400, 400]
    async with database.unit() as session:
        who = (await session.execute(text("select id from staff where subject = 'u-1'"))).scalar_one()
        later = await sign_in.open_session(session, staff_id=who, method="oidc")
    assert (await tell(us, token)).status_code == 400
    assert await ended(database, {"later": later}) == set()
    async with database.unit() as session:
        await session.execute(text("update logout_token set expires_at = now() - interval '1 second'"))
    liar.claims |= {"jti": "t-2"}
    assert (await tell(us, liar.signed())).status_code == 200
    async with database.unit() as session:
        assert (await session.execute(text("select count(*) from logout_token"))).scalar_one() == 1


async def test_a_session_that_ended_while_somebody_was_still_signing_in_is_not_opened(
    us: httpx2.AsyncClient, liar: Liar
) -> None:
    liar.claims = SAYS | {"sub": None}
    assert (await tell(us, liar.signed())).status_code == 200
    liar.claims = {"sid": "s-1"}
    assert (await through(us, liar, "c-1")).status_code == 401
    assert "cx" not in us.cookies
    liar.claims = {"sid": "s-2"}
    assert (await through(us, liar, "c-2")).status_code == 303
    assert (await us.get("/")).status_code == 200
    liar.claims = SAYS | {"sid": "s-2", "sub": None, "jti": "t-2"}
    assert (await tell(us, liar.signed())).status_code == 200
    assert (await us.get("/")).headers["location"] == "/sign-in"


async def test_a_provider_whose_keys_cannot_be_read_is_told_to_come_again(
    us: httpx2.AsyncClient, liar: Liar, database: Database, sessions: dict[str, str]
) -> None:
    liar.claims = SAYS
    token = liar.signed()
    liar.described = {"jwks_uri": "http://127.0.0.1:9/keys"}
    assert (await tell(us, token)).status_code == 503
    assert await ended(database, sessions) == set()


async def test_changed_keys_are_read_anew_for_a_logout(
    us: httpx2.AsyncClient, liar: Liar, sessions: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "_KEYS_READ_EVERY", 0.0)
    liar.claims = SAYS
    assert (await tell(us, liar.signed())).status_code == 200
    liar.key, liar.claims = RSAKey.generate_key(2048, {"kid": "second"}), SAYS | {"jti": "t-2"}
    assert (await tell(us, liar.signed())).status_code == 200


async def test_without_a_provider_nobody_is_listened_to(outside: httpx2.AsyncClient) -> None:
    assert (await tell(outside, "x")).status_code == 404
