"""Credentials: sealed as they come, opened for a pull alone, never shown, and rotated."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.errors import OperatorError
from cxcore.pull import credentials, keyring, sources
from cxcore.pull.sources import SEALED, Configured
from cxcore.pull.vault import Vault
from cxcore.sdk import AuthFailed, Connector
from cxcore.settings import Settings
from cxcore.worker import main as worker
from support.parley import Parley

KEY, OTHER = "k" * 40, "q" * 40
TOKEN = "tok-4711-geheim"


class Locked(Parley):
    """Parley that lets only the right token in."""

    async def check(self) -> str:
        self._enter()
        return await super().check()

    def pull(self, stream: str, cursor: Any) -> Any:
        self._enter()
        return super().pull(stream, cursor)

    def _enter(self) -> None:
        if self.config.token is None or self.config.token.get_secret_value() != TOKEN:
            raise AuthFailed("The token is refused.")


@pytest.fixture
def locked(parley: type[Parley], connectors: dict[str, object]) -> type[Connector[Any]]:
    connectors["parley"] = Locked
    Locked.messages = [{"id": i, "emails": [f"p{i}@x.example"]} for i in range(3)]
    return Locked


async def added(database: Database, token: str) -> Configured:
    async with database.unit() as session:
        return await credentials.add(
            session,
            Vault.of([KEY]),
            key="parley1",
            connector="parley",
            config={"token": token},
            name=None,
            actor="tests",
        )


@pytest.mark.usefixtures("locked")
async def test_a_secret_is_sealed_and_opened_for_the_pull(database: Database) -> None:
    source = await added(database, TOKEN)
    assert source.config == {"token": SEALED}
    assert (await pipeline.pull(database, source, vault=Vault.of([KEY]))).landed == 3


@pytest.mark.usefixtures("locked")
async def test_the_database_holds_it_nowhere_in_plain(database: Database) -> None:
    await added(database, TOKEN)
    async with database.unit() as session:
        for table in ("source", "credential"):
            rows = (await session.execute(text(f"select t::text from {table} t"))).scalars().all()  # noqa: S608
            assert rows
            assert not any(TOKEN in row or TOKEN.encode().hex() in row for row in rows)
        shown = await credentials.held(session, await sources.find(session, "parley1"))
    assert [(h.field, h.set_by) for h in shown] == [("token", "tests")]
    assert TOKEN not in repr(shown)


@pytest.mark.usefixtures("locked")
async def test_without_the_key_the_source_stops_and_says_what_to_do(database: Database) -> None:
    source = await added(database, TOKEN)
    await worker.pull_one(database, source, every=60, vault=Vault.of([OTHER]))
    async with database.unit() as session:
        stopped = await sources.find(session, "parley1")
    assert stopped.state == "stopped"
    assert "CX_VAULT_KEY" in str(stopped.problem)
    assert TOKEN not in str(stopped.problem)


@pytest.mark.usefixtures("locked")
async def test_a_new_secret_takes_the_old_ones_place(database: Database) -> None:
    source = await added(database, "wrong")
    vault = Vault.of([KEY])
    with pytest.raises(AuthFailed):
        await pipeline.pull(database, source, vault=vault)
    async with database.unit() as session:
        await credentials.reconfigure(session, vault, key="parley1", config={"token": TOKEN}, actor="tests")
        source = await sources.find(session, "parley1")
        assert len(await credentials.held(session, source)) == 1
    assert (await pipeline.pull(database, source, vault=vault)).landed == 3


@pytest.mark.usefixtures("locked")
async def test_references_stay_what_they_are(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_TOKEN", TOKEN)
    source = await added(database, "env:PARLEY_TOKEN")
    assert source.config == {"token": "env:PARLEY_TOKEN"}
    assert (await pipeline.pull(database, source)).landed == 3


@pytest.mark.usefixtures("locked")
async def test_keys_are_rotated_without_entering_anything_anew(database: Database, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    before = keyring.vault(settings)
    async with database.unit() as session:
        source = await credentials.add(
            session, before, key="parley1", connector="parley", config={"token": TOKEN}, name=None, actor="tests"
        )
    after = keyring.renewed(settings)
    async with database.unit() as session:
        assert await credentials.wrap_again(session, after) == 1
        assert await credentials.wrap_again(session, after) == 0
    keyring.forget(settings)
    assert (tmp_path / "vault_key").stat().st_mode & 0o777 == 0o600
    assert (await pipeline.pull(database, source, vault=keyring.vault(settings))).landed == 3
    with pytest.raises(OperatorError, match="which is not here"):
        await pipeline.pull(database, source, vault=before)


async def test_in_production_without_a_key_nothing_is_sealed(tmp_path: Path) -> None:
    vault = keyring.vault(Settings(data_dir=tmp_path, environment="production"))
    assert vault.current is None
    assert not (tmp_path / "vault_key").exists()
