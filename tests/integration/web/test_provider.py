"""Signing in at a provider that lies: whatever about its answer does not hold lets nobody in."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import text

from cxcore.auth import oidc, staff
from cxcore.auth.oidc import Relying
from cxcore.auth.policy import AccessRole
from cxcore.db.session import Database
from cxcore.errors import OperatorError
from cxcore.settings import Settings
from support.browsing import page
from support.identity import CLIENT, HOME, Liar, back, before, begun, known, through


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "first"})


@pytest.fixture
def liar(key: RSAKey) -> Iterator[Liar]:
    with Liar(key) as provider:
        yield provider


@pytest.fixture
async def browser(liar: Liar, database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    async with before(known(liar.issuer), database) as client:
        yield client


async def refused(browser: httpx2.AsyncClient, database: Database, answer: httpx2.Response) -> None:
    assert answer.status_code == 401, answer.text
    assert "cx" not in browser.cookies
    async with database.unit() as session:
        counted = "select (select count(*) from sign_in) + (select count(*) from staff)"
        assert (await session.execute(text(counted))).scalar_one() == 0


def let_in(browser: httpx2.AsyncClient, answer: httpx2.Response) -> None:
    assert (answer.status_code, answer.headers["location"]) == (303, "/"), answer.text
    assert browser.cookies["cx"]


async def test_whoever_the_provider_vouches_for_comes_in_with_the_role_of_their_claim(
    browser: httpx2.AsyncClient, liar: Liar, database: Database
) -> None:
    let_in(browser, await through(browser, liar))
    assert (await browser.get("/")).status_code == 200
    assert (await browser.get("/sources")).status_code == 403
    assert liar.asked.keys() == {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method"
    }  # fmt: skip
    assert liar.asked["code_challenge_method"] == "S256"
    assert liar.asked["redirect_uri"] == f"{HOME}/sign-in/provider/back"
    async with database.unit() as session:
        [row] = await staff.everybody(session)
    assert (row.issuer, row.subject, row.name, row.role) == (liar.issuer, "u-1", "Kaisa", "front_desk")
    assert row.last_sign_in_at is not None


CLAIMS: dict[str, dict[str, Any]] = {
    "wrong iss": {"iss": "https://evil.example"},
    "iss with a slash more": {"iss": "/"},
    "no iss": {"iss": None},
    "wrong aud": {"aud": "another"},
    "aud of others alone": {"aud": ["another", "third"]},
    "no aud": {"aud": None},
    "aud that is a part": {"aud": CLIENT[:-1]},
    "several aud, no azp": {"aud": [CLIENT, "another"]},
    "several aud, another's azp": {"aud": [CLIENT, "another"], "azp": "another"},
    "another's azp": {"azp": "another"},
    "wrong nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "a nonce that is a list": {"nonce": ["x"]},
    "no exp": {"exp": None},
    "exp in words": {"exp": "tomorrow"},
    "expired": {"exp": -61},
    "no iat": {"iat": None},
    "from the future": {"iat": 75},
    "not yet valid": {"nbf": 75},
    "no sub": {"sub": None},
    "empty sub": {"sub": ""},
    "sub that is a number": {"sub": 7},
    "endless sub": {"sub": "x" * 256},
    "no role": {"roles": None},
    "a role of nobody's": {"roles": ["guest"]},
}


def timed(claims: dict[str, Any]) -> dict[str, Any]:
    """Times are written as seconds from now."""
    now = int(time.time())
    return {n: now + v if n in {"exp", "iat", "nbf"} and isinstance(v, int) else v for n, v in claims.items()}


@pytest.mark.parametrize("case", CLAIMS)
async def test_a_claim_that_does_not_hold_lets_nobody_in(
    browser: httpx2.AsyncClient, liar: Liar, database: Database, case: str
) -> None:
    liar.claims = timed(CLAIMS[case])
    if liar.claims.get("iss") == "/":
        liar.claims["iss"] = f"{liar.issuer}/"
    await refused(browser, database, await through(browser, liar))


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": -45},
        {"iat": 45},
        {"nbf": 45},
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "another"], "azp": CLIENT},
        {"azp": CLIENT},
        {"roles": "desk"},
    ],
    ids=str,
)
async def test_what_holds_within_a_minute_is_believed(
    browser: httpx2.AsyncClient, liar: Liar, claims: dict[str, Any]
) -> None:
    liar.claims = timed(claims)
    let_in(browser, await through(browser, liar))


FORGED: dict[str, Callable[[Liar], str]] = {
    "alg none": Liar.unsigned,
    "HS256 with the public key": Liar.swapped,
    "not signed at all": lambda liar: ".".join(liar.signed().split(".")[:2]) + ".",
    "another's signature": lambda liar: replace(liar, key=RSAKey.generate_key(2048, {"kid": "first"})).signed(),
    "a claim changed afterwards": lambda liar: liar.signed()[:-9] + "AAAAAAAAA",
    "no token": lambda _: "x",
    "nothing": lambda _: "..",
    "endless": lambda liar: liar.signed() + "A" * 20_000,
}


@pytest.mark.parametrize("case", FORGED)
async def test_a_token_that_the_provider_has_not_signed_lets_nobody_in(
    browser: httpx2.AsyncClient, liar: Liar, database: Database, case: str
) -> None:
    liar.asked = await begun(browser)
    liar.token = FORGED[case](liar)
    await refused(browser, database, await back(browser, code="c-1", state=liar.asked["state"]))


async def test_a_code_counts_once_and_so_does_a_sign_in(
    browser: httpx2.AsyncClient, liar: Liar, database: Database
) -> None:
    let_in(browser, await through(browser, liar))
    browser.cookies.delete("cx")
    again = await back(browser, code="c-2", state=liar.asked["state"])
    assert again.status_code == 401
    assert "cx" not in browser.cookies
    assert (await through(browser, liar, "c-1")).status_code == 401
    assert "cx" not in browser.cookies


async def test_a_wrong_verifier_is_the_provider_s_to_refuse_and_we_believe_it(
    browser: httpx2.AsyncClient, liar: Liar, database: Database
) -> None:
    liar.asked = {**await begun(browser), "code_challenge": "another"}
    await refused(browser, database, await back(browser, code="c-1", state=liar.asked["state"]))


@pytest.mark.parametrize(
    "answer",
    [
        {"state": "x"},
        {"state": ""},
        {"code": ""},
        {"error": "access_denied"},
        {"iss": "https://evil.example"},
    ],
    ids=str,
)
async def test_an_answer_to_something_else_lets_nobody_in(
    browser: httpx2.AsyncClient, liar: Liar, database: Database, answer: dict[str, str]
) -> None:
    liar.asked = await begun(browser)
    given = {"code": "c-1", "state": liar.asked["state"], **answer}
    await refused(browser, database, await back(browser, **given))


async def test_a_provider_that_names_itself_in_its_answers_must_do_so(
    browser: httpx2.AsyncClient, liar: Liar, database: Database
) -> None:
    liar.described = {"authorization_response_iss_parameter_supported": True}
    await refused(browser, database, await through(browser, liar))
    liar.asked = await begun(browser)
    let_in(browser, await back(browser, code="c-2", state=liar.asked["state"], iss=liar.issuer))


async def test_another_browser_cannot_end_a_sign_in(liar: Liar, database: Database) -> None:
    async with before(known(liar.issuer), database) as mine, before(known(liar.issuer), database) as theirs:
        liar.asked = await begun(theirs)
        await refused(mine, database, await back(mine, code="c-1", state=liar.asked["state"]))
        await begun(mine)
        await refused(mine, database, await back(mine, code="c-1", state=liar.asked["state"]))


async def test_a_sign_in_that_took_too_long_is_over(
    browser: httpx2.AsyncClient, liar: Liar, database: Database
) -> None:
    liar.asked = await begun(browser)
    async with database.unit() as session:
        await session.execute(text("update oidc_login set expires_at = now()"))
    await refused(browser, database, await back(browser, code="c-1", state=liar.asked["state"]))


async def test_changed_keys_are_read_anew_and_made_up_ones_not_each_time(
    browser: httpx2.AsyncClient, liar: Liar, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(browser, await through(browser, liar, "c-1"))
    assert liar.reads("/keys") == 1
    monkeypatch.setattr(oidc, "_KEYS_READ_EVERY", 0.0)
    liar.key = ECKey.generate_key("P-256", {"kid": "second"})
    let_in(browser, await through(browser, liar, "c-2"))
    assert liar.reads("/keys") == 2
    monkeypatch.setattr(oidc, "_KEYS_READ_EVERY", 3600.0)
    liar.header = {"kid": "made up"}
    for code in ("c-3", "c-4", "c-5"):
        assert (await through(browser, liar, code)).status_code == 401
    assert liar.reads("/keys") == 2
    assert liar.reads("/.well-known/openid-configuration") == 1


async def test_a_key_without_a_name_is_believed_only_where_there_is_one(
    browser: httpx2.AsyncClient, liar: Liar, database: Database
) -> None:
    liar.header = {"kid": None}
    other = RSAKey.generate_key(2048, {"kid": "other"}).as_dict(private=False)
    liar.shown = [liar.key.as_dict(private=False), other]
    await refused(browser, database, await through(browser, liar))


@pytest.mark.parametrize(
    "described",
    [{"issuer": "https://evil.example"}, {"token_endpoint": None}, {"authorization_endpoint": 7}],
    ids=str,
)
async def test_a_provider_that_is_not_who_it_should_be_is_not_gone_to(
    browser: httpx2.AsyncClient, liar: Liar, described: dict[str, Any]
) -> None:
    liar.described = described
    answer = await browser.get("/sign-in/provider")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


async def test_without_an_answer_the_door_says_so_and_stays_open_for_others(database: Database) -> None:
    with Liar(RSAKey.generate_key(2048, {"kid": "first"})) as gone:
        issuer = gone.issuer
    async with before(known(issuer), database) as browser:
        answer = await browser.get("/sign-in/provider")
        assert answer.status_code == 503
        assert 'action="/sign-in/password"' in answer.text


async def test_a_provider_that_goes_away_halfway_is_said_to(browser: httpx2.AsyncClient, liar: Liar) -> None:
    liar.described = {"token_endpoint": "http://127.0.0.1:9/token"}
    answer = await through(browser, liar)
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert "cx" not in browser.cookies


async def test_the_way_out_leads_on_to_the_provider(browser: httpx2.AsyncClient, liar: Liar) -> None:
    assert "/sign-out/provider" in [e.attributes.get("href") for e in (await page(browser, "/sign-in")).all("a")]
    answer = await browser.get("/sign-out/provider")
    url = httpx2.URL(answer.headers["location"])
    assert str(url).startswith(f"{liar.issuer}/end?")
    assert dict(url.params) == {"client_id": CLIENT, "post_logout_redirect_uri": f"{HOME}/sign-in"}


async def test_without_a_provider_its_pages_lead_to_the_door(outside: httpx2.AsyncClient) -> None:
    for path in ("/sign-in/provider", "/sign-in/provider/back?code=1&state=2", "/sign-out/provider"):
        answer = await outside.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_the_settings_make_the_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    assert oidc.relying(Settings()) is None
    made = oidc.relying(
        Settings(oidc_issuer="https://id.example/x", oidc_role_claim="realm.roles", oidc_roles="a=b=admin d=front_desk")
    )
    assert isinstance(made, Relying)
    assert made.provider.name == "id.example"
    assert made.provider.redirect_uri == "http://127.0.0.1:8400/sign-in/provider/back"
    assert made.provider.role({"realm": {"roles": ["d", "a=b"]}}) is AccessRole.ADMIN
    assert made.provider.role({"realm": {"roles": ["d"]}}) is AccessRole.FRONT_DESK
    assert [made.provider.role(c) for c in ({}, {"realm": "d"}, {"realm": {"roles": {"d": 1}}})] == [None] * 3
    for wrong in ("agent", "=agent", "x=", "x=service", "x=king"):
        with pytest.raises(OperatorError):
            oidc.roles(wrong)
    with pytest.raises(OperatorError):
        oidc.relying(Settings(oidc_issuer="id.example"))
