"""Tables: one owner each, foreign keys to earlier stages only, and no text column that nobody has judged."""

import ast

import pytest
from sqlalchemy import Date, LargeBinary, String
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

from architecture import checkout
from architecture.writes import written

CLASSES = {f"{owner}.tables.{name}": table for table, (owner, name, _) in checkout.tables().items()}

NOT_PERSONAL = {
    "api_key": "id name digest previous scopes role made_by",  # of services and colleagues, chosen by the operator
    "audit": "actor act about",  # ids and our words
    "correction": "field actor revoked_by",
    "credential": "field key_id wrapped sealed set_by",  # of a system, and sealed
    "cursor": "stream value",  # opaque, made by connectors, which keep people out of it
    "gap": "stream reason",  # our words
    "idempotency": "actor key fingerprint headers body",  # a key's id, the caller's own key, media type and tag; sealed
    "identifier": "issuer",  # a system or a company
    "judgement": "verdict origin rule model_version actor revoked_by",  # our words; the actor is a key's id
    "identity_model": "version artefact activated_by previous",  # probabilities; a model of one's own base holds its names, not who bears them
    "model_switch": "version previous actor reason",  # the operator's words on a model
    "node": "digest",
    "delivery": "mark",  # a digest
    "edge": "codes",  # level codes
    "observation": "digest",
    "logout_token": "digest sid",
    "oidc_login": "digest state nonce verifier",  # random
    "outbox": "type subject data",  # ids and reasons only
    "place": "scope",  # connectors keep people out of it, as out of a cursor
    "profile": "revision",  # a digest
    "quarantine": "code reason origin",  # a reason names fields, never values; origin is a file and row
    "rate_bucket": "actor",  # a key's id
    "run": "stream state error_code error",  # errors are free of personal data (errors.py)
    "sign_in": "digest kind api_key_id method provider_sid",
    "source": "key connector name config region state problem",  # the operator's words; secrets are references
    "staff": "issuer subject name email role password",  # of colleagues, not of customers
    "survivorship_chain": "field rules sources actor",  # our words; sources are keys the operator chose
    "webhook": "url description types state problem created_by",  # the operator's words, and ours
    "webhook_attempt": "problem",  # our words; what was answered is not kept
    "webhook_delivery": "state",
    "webhook_secret": "key_id wrapped sealed",
    "source_record": "stream digest media_type origin",
}
"""Columns of text, JSON or bytes without ``info=PERSONAL``, each judged to hold nothing of a customer's."""


def holds_text(kind: TypeEngine[object]) -> bool:
    return isinstance(kind, String | JSONB | LargeBinary) or (isinstance(kind, ARRAY) and holds_text(kind.item_type))


def test_only_its_owner_writes_a_table() -> None:
    owners = {table: owner for table, (owner, _, _) in checkout.tables().items()}
    strangers = [
        f"{module.where}:{line} writes {table}, which is {owners[table]}'s"
        for module in checkout.modules()
        for line, table in written(module.tree, CLASSES, module=module.name)
        if module.package != owners[table]
    ]
    assert strangers == []


def test_every_table_is_written_by_its_owner() -> None:
    """Guards the test above: were it blind, it would not see the owners' writes either."""
    seen = {t for m in checkout.modules() for _, t in written(m.tree, CLASSES, module=m.name)}
    assert set(checkout.tables()) - seen == set()


@pytest.mark.parametrize(
    "code",
    [
        "from cxcore.pull.tables import Source\nsession.execute(update(Source).values(state='x'))",
        "from cxcore.pull.tables import Source as S\nfrom sqlalchemy import delete as d\nsa.delete(S)",
        "from cxcore.pull import tables\npg.insert(tables.Source)",
        "import cxcore.pull.tables\ninsert(cxcore.pull.tables.Source.__table__)",
        "from cxcore.pull.tables import Source\nSource.__table__.update()",
        "from cxcore.pull.tables import Source\nsession.add(Source(key='x'))",
        "SQL = 'insert into source (key) values (1)'",
        "SQL = f'update source as s set key = {x}'",
        "SQL = 'with gone as (DELETE FROM source returning id) select 1'",
        "await copy_rows(connection, 'source', columns, rows)",
        "await connection.copy_records_to_table(table_name='source', records=rows)",
    ],
)
def test_a_write_is_seen(code: str) -> None:
    assert [table for _, table in written(ast.parse(code), CLASSES)] == ["source"]


@pytest.mark.parametrize(
    "code",
    [
        "from cxcore.pull.tables import Source\nselect(Source).with_for_update(of=Source)",
        "SQL = 'select key from source for update skip locked'",
        "def f():\n    '''Update source set by set.'''",
        "seen.update(source)",
    ],
)
def test_a_read_is_no_write(code: str) -> None:
    assert list(written(ast.parse(code), CLASSES)) == []


def test_foreign_keys_point_to_earlier_stages() -> None:
    floors, tables = checkout.floors(), checkout.tables()
    backwards = []
    for name, (owner, _, table) in tables.items():
        for key in table.foreign_keys:
            target = tables[key.column.table.name][0]
            if owner != target and floors[owner.split(".")[1]] >= floors[target.split(".")[1]]:
                backwards.append(f"{name}.{key.parent.name} ({owner}) points to {key.target_fullname} ({target})")
    assert backwards == []


def test_personal_columns_are_of_kinds_that_can_be_erased() -> None:
    odd = [
        f"{name}.{column.name}: {column.type}"
        for name, (_, _, table) in checkout.tables().items()
        for column in table.columns
        if column.info.get("personal") and not (holds_text(column.type) or isinstance(column.type, Date))
    ]
    assert odd == []


def test_every_text_is_personal_or_has_been_judged_not_to_be() -> None:
    unmarked: dict[str, set[str]] = {}
    for name, (_, _, table) in checkout.tables().items():
        for column in table.columns:
            if holds_text(column.type) and not column.info.get("personal"):
                unmarked.setdefault(name, set()).add(column.name)
    judged = {name: set(columns.split()) for name, columns in NOT_PERSONAL.items()}
    assert unmarked == judged, "mark the column with info=PERSONAL, or judge it in NOT_PERSONAL"
