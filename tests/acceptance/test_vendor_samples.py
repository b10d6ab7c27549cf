"""Mails and call records that nobody here wrote run the whole way: each is an interaction, or set aside with a reason."""

from collections import Counter
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.pull import sources
from cxcore.pull.sources import Configured
from support import server as servers
from support.state import counts

pytestmark = pytest.mark.shared_data


async def add(database: Database, key: str, connector: str, **config: object) -> Configured:
    async with database.unit() as session:
        return await sources.add(session, key=key, connector=connector, config=config, name=None)


async def run(database: Database, source: Configured) -> pipeline.Progress:
    pulled = await pipeline.pull(database, source)
    done = await pipeline.digest(database, source=source)
    done.records, done.landed = pulled.records, pulled.landed
    return done


async def test_each_of_the_62_mails_is_an_interaction_or_set_aside(database: Database, shared_data: Path) -> None:
    """The folders' licence texts are read too, and set aside: they are no mails."""
    folder = shared_data / "vendors" / "rfc822"
    mails = [*folder.glob("cpython/msg_*.txt"), *folder.glob("chatwoot/*.eml")]
    assert len(mails) == 62
    source = await add(database, "mails", "files", path=str(folder), own_addresses=["support@example.com"])
    done = await run(database, source)
    assert done.records == done.landed == len(mails) + 3  # a README and two licences
    assert done.normalised + done.quarantined == done.landed
    async with database.unit() as session:
        reasons = await session.execute(text("select reason from quarantine"))
        assert Counter(reasons.scalars()) == {"the mail has no date": done.quarantined}
    before = await counts(database)
    again = await run(database, source)
    assert (again.landed, again.normalised) == (0, 0)
    async with database.unit() as session:
        await session.execute(text("delete from cursor"))
    whole = await run(database, source)
    assert (whole.records, whole.landed) == (done.records, 0)
    assert await counts(database) == before


CALLS = [
    # a simple call that was answered
    ("2026-03-02 09:00:00", "0401234567", "0942123", "from-pstn", "PJSIP/t-1", "PJSIP/201-1", "Dial", 65, 60, "ANSWERED", "1.1", "1.1", 1),
    # a queue rings two agents; the first does not answer
    ("2026-03-02 10:00:00", "0402222222", "600", "from-pstn", "PJSIP/t-2", "PJSIP/202-1", "Queue", 15, 0, "NO ANSWER", "2.1", "2.1", 2),
    ("2026-03-02 10:00:00", "0402222222", "600", "from-pstn", "PJSIP/t-2", "PJSIP/203-1", "Queue", 135, 120, "ANSWERED", "2.1", "2.1", 3),
    # a transfer: both legs were up for a minute together
    ("2026-03-02 11:00:00", "0403333333", "600", "from-pstn", "PJSIP/t-3", "PJSIP/204-1", "Dial", 180, 180, "ANSWERED", "3.1", "3.1", 4),
    ("2026-03-02 11:02:00", "0403333333", "205", "from-pstn", "PJSIP/204-1", "PJSIP/205-1", "Dial", 240, 240, "ANSWERED", "3.2", "3.1", 5),
    # nobody shows
    ("2026-03-02 12:00:00", "anonymous", "0942123", "from-pstn", "PJSIP/t-4", "PJSIP/201-2", "Dial", 30, 25, "ANSWERED", "4.1", "4.1", 6),
    # voicemail
    ("2026-03-02 13:00:00", "0404444444", "0942123", "from-pstn", "PJSIP/t-5", "", "VoiceMail", 50, 45, "ANSWERED", "5.1", "5.1", 7),
    # our own call out, and one between two of us
    ("2026-03-02 14:00:00", "201", "0401234567", "from-internal", "PJSIP/201-3", "PJSIP/t-6", "Dial", 20, 0, "BUSY", "6.1", "6.1", 8),
    ("2026-03-02 15:00:00", "201", "202", "from-internal", "PJSIP/201-4", "PJSIP/202-4", "Dial", 33, 30, "ANSWERED", "7.1", "7.1", 9),
    # half past three comes twice on this night; the channel's id says which
    ("2026-10-25 03:30:00", "0405555555", "0942123", "from-pstn", "PJSIP/t-8", "PJSIP/201-5", "Dial", 12, 10, "ANSWERED", "1792888200.8", "1792888200.8", 10),
    ("2026-10-25 03:30:00", "0406666666", "0942123", "from-pstn", "PJSIP/t-9", "PJSIP/201-6", "Dial", 12, 10, "ANSWERED", "1792891800.9", "1792891800.9", 11),
]  # fmt: skip

EXPECTED = {
    "1.1": ("call", "inbound", "+358401234567", 60),
    "2.1": ("call", "inbound", "+358402222222", 120),
    "3.1": ("call", "inbound", "+358403333333", 360),
    "4.1": ("call", "inbound", None, 25),
    "5.1": ("voicemail", "inbound", "+358404444444", 45),
    "6.1": ("call", "outbound", "+358401234567", 0),
    "7.1": ("call", "internal", None, 30),
    "1792888200.8": ("call", "inbound", "+358405555555", 10),
    "1792891800.9": ("call", "inbound", "+358406666666", 10),
}

SEEN = """
select r.key, i.kind, i.direction, i.duration, i.occurred_at,
       (select value from identifier d where d.profile_id = i.profile_id) as phone
from interaction i join source_record r on r.source_id = i.source_id and r.sequence = i.sequence
"""


async def seen(database: Database) -> dict[str, tuple[object, ...]]:
    from cxcore.normalise.codes import DIRECTIONS, KINDS

    async with database.unit() as session:
        rows = (await session.execute(text(SEEN))).all()
    assert len(rows) == len({r.key for r in rows})
    times = {r.key: r.occurred_at.timestamp() for r in rows}
    assert (times["1792888200.8"], times["1792891800.9"]) == (1792888200, 1792891800)
    return {r.key: (KINDS.word(r.kind).value, DIRECTIONS.word(r.direction).value, r.phone, r.duration) for r in rows}


async def test_calls_from_asterisks_own_table_are_one_interaction_each(
    database: Database, server_url: str, shared_data: Path, monkeypatch: pytest.MonkeyPatch, worker_id: str
) -> None:
    name = f"cxcore_asterisk_{worker_id}"
    async with table(server_url, name, shared_data) as connection:
        await insert(connection, CALLS[:-1])
        monkeypatch.setenv("CDR_URL", servers.named(server_url, name).replace("+asyncpg", ""))
        source = await add(database, "calls", "asterisk_cdr", url="env:CDR_URL")
        await run(database, source)
        await insert(connection, CALLS[-1:])
        await run(database, source)
        assert await seen(database) == EXPECTED
        before = await counts(database)
        again = await run(database, source)
        assert (again.landed, await counts(database)) == (0, before)
        await insert(connection, [("2026-10-25 03:31:00", *CALLS[-1][1:10], "1792891860.1", "1792891800.9", 12)])
        later = await run(database, source)
        assert (later.landed, later.interactions) == (1, 1)  # a late leg: a new version of the same call
        assert len(await seen(database)) == len(EXPECTED)


async def test_calls_from_master_csv_are_the_same(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text("".join(line(call) for call in CALLS) + "not,a,call\n", encoding="utf-8")
    source = await add(database, "calls", "asterisk_cdr", file=str(file))
    done = await run(database, source)
    assert done.quarantined == 1
    assert await seen(database) == EXPECTED
    before = await counts(database)
    assert (await run(database, source)).landed == 0
    assert await counts(database) == before


def line(call: tuple[object, ...]) -> str:
    """A call as cdr_csv writes it, with linkedid and sequence behind."""
    from datetime import datetime, timedelta

    start, src, dst, context, channel, other, app, duration, billed, disposition, unique, linked, number = call
    began = datetime.fromisoformat(str(start))
    ended = began + timedelta(seconds=int(str(duration)))
    answered = ended - timedelta(seconds=int(str(billed))) if billed else ""
    values = ["", src, dst, context, f'"" <{src}>', channel, other, app, "", began, answered, ended,
              duration, billed, disposition, "DOCUMENTATION", unique, "", linked, number]  # fmt: skip
    return ",".join('"' + str(v).replace('"', '""') + '"' for v in values) + "\n"


class table:  # noqa: N801 - used as a verb: with table(...)
    """A database that holds Asterisk's table as its documentation defines it."""

    def __init__(self, server_url: str, name: str, shared_data: Path) -> None:
        self.server_url, self.name = server_url, name
        self.definition = (shared_data / "vendors" / "asterisk" / "cdr_postgres.sql").read_text(encoding="utf-8")

    async def __aenter__(self) -> asyncpg.Connection:
        import asyncio

        url = await asyncio.to_thread(servers.fresh_database, self.server_url, self.name, migrated=False)
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.connection = await asyncpg.connect(plain)
        await self.connection.execute(self.definition)
        return self.connection

    async def __aexit__(self, *_: object) -> None:
        import asyncio

        await self.connection.close()
        await asyncio.to_thread(servers.drop_database, self.server_url, self.name)


async def insert(connection: asyncpg.Connection, calls: list[tuple[object, ...]]) -> None:
    for start, src, dst, context, channel, other, app, duration, billed, disposition, unique, linked, number in calls:
        await connection.execute(
            "insert into cdr (calldate, clid, src, dst, dcontext, channel, dstchannel, lastapp, lastdata, duration, billsec,"
            " disposition, amaflags, accountcode, uniqueid, userfield, linkedid, sequence)"
            " values ($1::text::timestamp, '', $2, $3, $4, $5, $6, $7, '', $8, $9, $10, 3, '', $11, '', $12, $13)",
            start, src, dst, context, channel, other, app, duration, billed, disposition, unique, linked, number,
        )  # fmt: skip


async def test_one_percent_poison_never_stops_the_rest(database: Database, tmp_path: Path) -> None:
    rows = [f'{{"id": {n}, "at": "2026-03-02T09:00:00Z", "email": "p{n % 300}@x.example"}}' for n in range(2000)]
    poison = [
        "{",
        '{"id": null}',
        '{"id": "x", "at": "never"}',
        "\x00\x01\x02",
        '{"id": [[[',
        '"text"',
        "nan",
        '{"at": 1}',
    ]
    for n in range(20):
        rows[n * 100 + 7] = poison[n % len(poison)] + " " * (n // len(poison))
    (tmp_path / "rows.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    mapping = {
        "version": 1,
        "key": "id",
        "interaction": [
            {
                "channel": "feedback",
                "kind": "survey",
                "direction": "inbound",
                "occurred_at": "at",
                "customer": {"email": "email"},
            }
        ],
    }
    source = await add(database, "rows", "files", path=str(tmp_path), mapping=mapping)
    done = await run(database, source)
    assert done.interactions == 1980
    assert done.normalised + done.quarantined == done.landed
    async with database.unit() as session:
        origins = (await session.execute(text("select origin, reason from quarantine"))).all()
    assert done.quarantined == len(origins) == 18  # three of the twenty are one row, uploaded three times
    assert all(o.origin and o.reason for o in origins)
