"""Mappings: what an operator writes, what it makes of rows, and how it says what is wrong."""

import tomllib
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from cxconnectors.files import Mapping
from cxconnectors.files.config import FilesConfig
from cxcore.model.interaction import Channel, Direction, Flag, Interaction, Kind, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk import RecordRejected
from cxcore.sdk.mapping.row_plan import RowPlan

WHOLE = """
version = 1
key = "id"
changed_at = { path = "updated", as = [{ datetime = "%d.%m.%Y %H:%M" }] }
deleted = "state == 'deleted'"
skip = "test == 'yes'"

[[profile]]
when = "member"
key = "member"
name = { join = ["first", "last"] }
given_name = "first"
family_name = "last"
birth_date = { path = "born", as = [{ date = "%d.%m.%Y" }] }
language = { path = "lang", as = ["lower"], map = { suomi = "fi", ruotsi = "sv" }, default = "en" }
address = { join = ["street", "city"], sep = ", " }
email = ["mail", "mail2"]
phone = { path = "phones", as = [{ null_if = ["-"] }] }
observed_at = { path = "updated", as = [{ datetime = "%d.%m.%Y %H:%M" }] }
attributes = { tier = "tier" }

[[profile.identifier]]
scheme = "loyalty"
issuer = "club"
value = "member"
verified = true

[[interaction]]
channel = "purchase"
kind = { path = "what", map = { room = "stay" }, default = "order" }
direction = { path = "dir", map = { in = "inbound", out = "outbound" } }
role = "buyer"
occurred_at = { path = "at", as = ["epoch_s"] }
subject = "title"
text = { path = "html", as = ["html_text"] }
conversation = "id"
duration = "secs"
flags = [{ flag = "cancelled", when = "state == 'cancelled'" }]

[interaction.attributes]
total = { path = "total", as = [{ decimal = "," }] }
rows = "rows[*].sku"

[interaction.customer]
key = "member"
email = "mail"
"""

ROW: dict[str, Any] = {
    "id": 17, "updated": "5.1.2026 10:00", "member": "M1", "first": "Maija", "last": "Meri", "born": "29.2.1980",
    "lang": "Suomi", "street": "Kuja 1", "city": "Turku", "mail": "maija@home.example", "mail2": "", "phones": ["040 1", "-"],
    "tier": 3, "what": "room", "dir": "in", "at": 1767600000, "title": " Room\x00 ", "html": "<p>hi", "secs": "60",
    "state": "cancelled", "total": "1.234,50", "rows": [{"sku": "a"}, {"sku": "b"}],
}  # fmt: skip


def plan(text: str, zone: str | None = "Europe/Helsinki") -> RowPlan:
    return RowPlan(Mapping.from_toml(text), ZoneInfo(zone) if zone else None)


def test_a_whole_mapping_gives_profile_and_interaction() -> None:
    made = plan(WHOLE).mapped(ROW, dated=True)
    assert made[0].model_dump(exclude_defaults=True) == {
        "key": "M1",
        "name": "Maija Meri",
        "given_name": "Maija",
        "family_name": "Meri",
        "birth_date": date(1980, 2, 29),
        "language": "fi",
        "address": "Kuja 1, Turku",
        "identifiers": (
            {"scheme": "email", "value": "maija@home.example"},
            {"scheme": "phone", "value": "040 1"},
            {"scheme": "loyalty", "issuer": "club", "value": "M1", "verified": True},
        ),
        "attributes": {"tier": "3"},
        "observed_at": datetime(2026, 1, 5, 8, tzinfo=UTC),
    }
    interaction = made[1]
    assert isinstance(interaction, Interaction)
    assert (interaction.channel, interaction.kind) == (Channel.PURCHASE, Kind.STAY)
    assert (interaction.direction, interaction.role) == (Direction.INBOUND, Role.BUYER)
    assert (interaction.subject, interaction.text, interaction.conversation) == ("Room", "hi", "17")
    assert (interaction.duration, interaction.flags) == (60, (Flag.CANCELLED,))
    assert interaction.attributes == {"total": 1234.5, "rows": ["a", "b"]}
    assert interaction.customers[0].key == "M1"
    assert interaction.occurred_at == datetime(2026, 1, 5, 8, tzinfo=UTC)


def test_key_time_of_change_and_deletion_are_read() -> None:
    made = plan(WHOLE)
    assert made.key(ROW) == "17"
    assert made.changed_at(ROW) == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert not made.deleted(ROW)
    assert made.deleted({**ROW, "state": "deleted"})


def test_rows_to_skip_give_nothing_and_conditions_choose() -> None:
    assert plan(WHOLE).mapped({**ROW, "test": "yes"}, dated=True) == []
    assert len(plan(WHOLE).mapped({**ROW, "member": ""}, dated=True)) == 1


def test_a_very_long_or_unprintable_key_is_shortened_but_stays_itself() -> None:
    made = plan(WHOLE)
    long = made.key({"id": "x" * 600})
    assert long is not None
    assert len(long) < 200
    assert made.key({"id": "x" * 601}) != long
    assert "\x00" not in (made.key({"id": "a\nb"}) or "")


@pytest.mark.parametrize("row", [{}, {"id": None}, {"id": ""}, {"id": "  "}, {"id": {"a": 1}}, {"id": [1]}])
def test_a_row_without_a_key_has_none(row: dict[str, Any]) -> None:
    assert plan(WHOLE).key(row) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"at": "soon-Kaarina"}, "interaction[0].occurred_at: not a number"),
        ({"at": None}, "interaction[0].occurred_at: missing"),
        ({"dir": "Kaarina"}, "interaction[0].direction: the value is not in the map"),
        ({"dir": None}, "interaction[0].direction: missing"),
        ({"born": "Kaarina"}, "profile[0].birth_date: not a date of the form %d.%m.%Y"),
        ({"total": "Kaarina"}, "interaction[0].attributes.total: not a number"),
        ({"secs": "Kaarina"}, "interaction[0].duration: not a number"),
        ({"secs": "-5"}, "Interaction.duration: Input should be greater than or equal to 0"),
        ({"first": "K" * 2000}, "SourceProfile.name: String should have at most 1000 characters"),
        ({"mail": "K" * 2000}, "Identifier.value: String should have at most 1000 characters"),
        ({"title": {"Kaarina": 1}}, "interaction[0].subject: not a text"),
        ({"first": {"Kaarina": 1}}, "profile[0].name: not a text"),
        ({"phones": [{"Kaarina": 1}]}, "profile[0].phone: not a text"),
    ],
)
def test_a_row_that_does_not_fit_is_rejected_by_the_name_of_the_field(change: dict[str, Any], reason: str) -> None:
    text = WHOLE.replace("[[interaction]]", '[[interaction]]\nwhen = "id"')
    with pytest.raises(RecordRejected) as rejected:
        plan(text).mapped({**ROW, **change}, dated=True)
    assert str(rejected.value) == (reason.replace("interaction[0].", "") if "interaction[0]" in reason else reason)


def test_with_several_interactions_the_reason_says_which() -> None:
    text = (
        WHOLE + '\n[[interaction]]\nchannel = "visit"\nkind = "arrival"\ndirection = "inbound"\noccurred_at = "came"\n'
    )
    with pytest.raises(RecordRejected, match=r"interaction\[1\]\.occurred_at: missing"):
        plan(text).mapped(ROW, dated=True)


def test_a_time_of_change_that_cannot_be_read_is_told_when_mapping() -> None:
    row = {**ROW, "updated": "Kaarina"}
    made = plan(WHOLE)
    assert made.changed_at(row) is None
    with pytest.raises(RecordRejected, match="changed_at: not a date of the form"):
        made.mapped(row, dated=False)


def test_an_expression_that_fails_on_a_row_rejects_only_that_row() -> None:
    made = plan('version = 1\nkey = "id"\n[[profile]]\nname = "sum(name)"\nkey = "id"')
    with pytest.raises(RecordRejected, match=r"profile\[0\]\.name: cannot be worked out"):
        made.mapped({"id": "1", "name": "Kaarina"}, dated=True)


def test_a_row_that_shows_nobody_gives_no_profile() -> None:
    made = plan('version = 1\nkey = "id"\n[[profile]]\nname = "name"\nobserved_at = "at"')
    assert made.mapped({"id": "1", "at": "2026-01-05T10:00:00Z"}, dated=True) == []


def test_a_lone_surrogate_is_replaced() -> None:
    made = plan('version = 1\nkey = "id"\n[[profile]]\nname = "name"\nkey = "id"')
    [profile] = made.mapped({"id": "1", "name": "a\ud800b\x00"}, dated=True)
    assert isinstance(profile, SourceProfile)
    assert profile.name == "a\ufffdb"


MINIMAL = 'version = 1\nkey = "id"\n[[interaction]]\nchannel = "chat"\nkind = "message"\ndirection = "inbound"\noccurred_at = "at"\n'


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        (MINIMAL + 'subject = "Order ID"', "interaction.0.subject.path", "'Order ID' is not JMESPath"),
        (MINIMAL + 'subject = { path = "a", as = ["shout"] }', "interaction.0.subject.as.0", "there is no transform 'shout'; there are strip, lower"),
        (MINIMAL + 'subject = { path = "a", as = ["null_if"] }', "interaction.0.subject.as.0", "null_if needs an argument"),
        (MINIMAL + 'subject = { path = "a", as = [{ lower = "x" }] }', "interaction.0.subject.as.0", "lower takes no argument"),
        (MINIMAL + 'subject = { path = "a", as = [{ decimal = ";" }] }', "interaction.0.subject.as.0", 'decimal takes "," or "."'),
        (MINIMAL + 'subject = { path = "a", const = "b" }', "interaction.0.subject", "exactly one of path, const and join"),
        (MINIMAL + 'subject = { as = ["lower"] }', "interaction.0.subject", "exactly one of path, const and join"),
        (MINIMAL + 'subject = { path = "a", template = "b" }', "interaction.0.subject.template", "not permitted"),
        (MINIMAL + 'colour = "a"', "interaction.0.colour", "not permitted"),
        (MINIMAL.replace('"chat"', '"telegram"'), "interaction.0.channel", "'telegram' is none of chat, phone, email"),
        (MINIMAL.replace('"inbound"', '{ path = "d", map = { i = "in" } }'), "interaction.0.direction", "'in' is none of inbound"),
        (MINIMAL.replace("version = 1", "version = 2"), "version", "should be 1"),
        ('version = 1\nkey = "id"', "", "at least one [[interaction]] or [[profile]]"),
    ],
)  # fmt: skip
def test_a_mapping_error_names_the_entry_and_says_what_there_is(text: str, where: str, problem: str) -> None:
    with pytest.raises(ValidationError) as error:
        Mapping.from_toml(text)
    [told] = error.value.errors()
    assert ".".join(map(str, told["loc"])) == where
    assert problem in told["msg"]


def test_what_is_not_toml_is_said_so() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        Mapping.from_toml("version = ")


def test_a_mapping_survives_json() -> None:
    config = FilesConfig.model_validate({"path": "/x", "mapping": tomllib.loads(WHOLE)})
    assert FilesConfig.model_validate_json(config.model_dump_json()) == config


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ({"timezone": "Helsinki"}, "no such time zone"),
        ({"timezone": "../../etc/passwd"}, "no such time zone"),
        ({"encoding": "klingon"}, "no such encoding"),
        ({"own_addresses": ["shop.example"]}, "write a whole address"),
        ({"format": "csv"}, "csv files need a mapping"),
        ({"delimiter": ";;"}, "write one character"),
    ],
)
def test_a_wrong_setting_says_what_to_write(setting: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        FilesConfig.model_validate({"path": "/x", **setting})
