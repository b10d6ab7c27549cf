"""What guests and reservations of Cloudbeds become, and how a walk through modifications goes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cxconnectors.cloudbeds import Cloudbeds, landed, walk
from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Channel, Direction, Flag, Interaction, Kind, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk import Record, RecordRejected
from support.cloudbeds import HOTEL, NOW, WALL, CloudbedsFake

PLACE = {"propertyID": HOTEL, "propertyName": "Hotel Kaarina", "propertyTimezone": "Europe/Helsinki"}
HELSINKI = ZoneInfo("Europe/Helsinki")
DAY = timedelta(days=1)


def connector() -> Cloudbeds:
    return Cloudbeds.configured({"property_id": HOTEL, "api_key": "k"})


def person(**more: Any) -> SourceProfile:
    record = landed.guest(CloudbedsFake().guest(7, WALL, **more), PLACE)
    assert record is not None
    (found,) = connector().map(record)
    assert isinstance(found, SourceProfile)
    return found


def visit(*guests: dict[str, Any], **more: Any) -> Interaction:
    record = landed.reservation(CloudbedsFake().book(7, WALL, *guests, **more), PLACE)
    assert record is not None
    (found,) = connector().map(record)
    assert isinstance(found, Interaction)
    return found


def passage(status: str, at: datetime = WALL) -> Interaction:
    fake = CloudbedsFake()
    fake.book(7, WALL)
    fake.check_in(7, at, status)
    record = landed.presence(fake.presence["7"], PLACE)
    assert record is not None
    (found,) = connector().map(record)
    assert isinstance(found, Interaction)
    return found


# guests


def test_a_guest_has_what_was_typed_in_and_none_of_it_is_verified() -> None:
    found = person(guestCellPhone="+358501112233", companyName="Kaarina Oy")
    assert (found.key, found.name, found.given_name, found.family_name) == (
        "guest 7",
        "Anna Virtanen 7",
        "Anna",
        "Virtanen 7",
    )
    assert (found.birth_date, found.address) == (date(1980, 5, 17), "Linnankatu 1, 20100 Turku, FI")
    assert found.attributes == {"company": "Kaarina Oy"}
    assert found.identifiers == (
        Identifier.email("anna7@home.example"),
        Identifier.phone("+358401230007"),
        Identifier.phone("+358501112233"),
        Identifier.account("cloudbeds", "7"),
    )


def test_no_document_is_in_what_is_mapped() -> None:
    assert "FP1234567" not in person().model_dump_json()
    assert "170580-123X" not in visit().model_dump_json()


def test_a_merged_guest_bears_the_number_of_the_one_it_was_merged_into() -> None:
    assert person(isMerged=True, newGuestID="99").identifiers[-1] == Identifier.account("cloudbeds", "99")


def test_a_guest_of_whom_little_is_known_is_a_guest() -> None:
    found = person(
        guestFirstName=None,
        guestLastName="",
        guestName=None,
        guestEmail="",
        guestPhone=None,
        guestBirthDate="0000-00-00",
        guestAddress1=None,
        guestZip=None,
        guestCity=None,
        guestCountry=None,
    )
    assert (found.name, found.birth_date, found.address) == (None, None, None)
    assert found.identifiers == (Identifier.account("cloudbeds", "7"),)


def test_one_number_given_twice_is_one_number() -> None:
    phones = [each for each in person(guestCellPhone="+358401230007").identifiers if each.scheme == "phone"]
    assert len(phones) == 1


# reservations


def test_a_reservation_is_a_booking_at_its_time_of_arrival() -> None:
    found = visit()
    assert (found.channel, found.kind, found.direction, found.role) == (
        Channel.VISIT,
        Kind.BOOKING,
        Direction.INBOUND,
        Role.GUEST,
    )
    assert found.occurred_at == datetime(2026, 3, 21, 15, tzinfo=HELSINKI)
    assert (found.subject, found.conversation) == ("Hotel Kaarina", "R7")
    assert found.attributes == {
        "status": "confirmed",
        "departure": "2026-03-23T11:00:00+02:00",
        "nights": 2,
        "booked": "2026-03-20T13:30:00+00:00",
        "rooms": ["101"],
        "guests": 1,
        "total": 240.5,
        "balance": 120,
        "currency": "EUR",
        "source": "Website",
    }


@pytest.mark.parametrize(
    ("status", "kind", "flags"),
    [
        ("not_confirmed", Kind.BOOKING, ()),
        ("canceled", Kind.BOOKING, (Flag.CANCELLED,)),
        ("no_show", Kind.BOOKING, (Flag.MISSED,)),
        ("checked_in", Kind.STAY, ()),
        ("checked_out", Kind.STAY, ()),
    ],
)
def test_the_status_says_what_a_reservation_has_become(status: str, kind: Kind, flags: tuple[Flag, ...]) -> None:
    found = visit(status=status)
    assert (found.kind, found.flags, found.attributes["status"]) == (kind, flags, status)


def test_all_guests_are_there_the_main_one_first_but_for_those_whose_data_was_removed() -> None:
    fake = CloudbedsFake()
    main, other, gone = (fake.guest(n, WALL) for n in (9, 3, 5))
    found = visit(main, other, gone | {"isAnonymized": True})
    assert [each.key for each in found.customers] == ["guest 9", "guest 3"]


def test_several_rooms_are_named() -> None:
    rooms = [{"roomName": "102"}, {"roomName": "101"}, {"roomName": None}]
    assert visit(rooms=rooms).attributes["rooms"] == ["101", "102"]
    assert visit(rooms=[{"roomName": None}]).attributes["rooms"] == 1


@pytest.mark.parametrize("listed", [None, [], {}])
def test_a_reservation_without_guests_is_a_reservation(listed: object) -> None:
    assert visit(guestList=listed).customers == ()


def test_a_removed_reservation_is_deleted_and_nothing_of_it_is_kept() -> None:
    record = landed.reservation(CloudbedsFake().book(7, WALL, isDeleted=True), PLACE)
    assert record is not None
    assert record.deleted
    assert b"Virtanen" not in record.body()


# arrivals and departures


def test_a_guest_checked_in_is_an_arrival_and_one_checked_out_a_departure() -> None:
    came, left = passage("in_house"), passage("checked_out", WALL + DAY)
    assert (came.kind, left.kind) == (Kind.ARRIVAL, Kind.DEPARTURE)
    assert came.occurred_at == datetime(2026, 3, 20, 15, 30, tzinfo=HELSINKI)
    assert [each.key for each in came.customers] == ["guest 7"]
    assert (came.conversation, came.attributes) == ("R7", {"room": "101", "status": "in_house"})


def test_a_guest_who_is_expected_is_no_arrival() -> None:
    fake = CloudbedsFake()
    fake.book(7, WALL)
    fake.check_in(7, WALL)
    assert landed.presence(fake.presence["7"] | {"currentStatus": "not_checked_in"}, PLACE) is None


@pytest.mark.parametrize("stream", ["guests", "reservations", "presence"])
@pytest.mark.parametrize(
    "payload",
    [None, [], {}, {"found": {}, "hotel": PLACE}, {"found": {"guestID": "7"}, "hotel": {"propertyTimezone": "Mars"}}],
    ids=["nothing", "a list", "empty", "no id", "no zone"],
)
def test_what_cannot_be_understood_is_set_aside(stream: str, payload: Any) -> None:
    with pytest.raises(RecordRejected):
        list(connector().map(Record(stream, "7", payload)))


# walks


def begin(cursor: dict[str, Any] | None = None, *, now: datetime = NOW) -> walk.Walk:
    return walk.begin(cursor, now=now, since=date(2026, 1, 1), reread=DAY)


def test_a_window_that_holds_much_is_made_narrower_before_it_is_read() -> None:
    here = begin()
    assert here.until is None
    narrower = here.settled(5000, 100)
    assert narrower.step == here.step / 4
    closed = narrower.settled(5000, 100)
    assert closed.until is not None
    assert closed.settled(900, 100).total == 900


def test_windows_follow_each_other_without_a_gap_to_an_open_one() -> None:
    here: walk.Walk | None = begin().settled(5000, 100).settled(5000, 100).settled(7, 100)
    ends = []
    while here is not None:
        ends.append(here.until)
        following = here.settled(7, 100).following(WALL, size=100, parts=1)
        assert following is None or following.at == here.until
        here = following
    assert ends[-1] is None
    assert len(ends) < 8


def test_a_list_that_became_shorter_is_read_again_from_some_pages_back() -> None:
    here = begin().settled(5000, 100).settled(5000, 100).settled(900, 100)
    third = here.following(WALL, size=100, parts=1)
    assert third is not None
    third = third.following(WALL, size=100, parts=1)
    assert third is not None
    assert (third.page, third.settled(900, 100).page) == (3, 3)
    assert third.settled(899, 100).page == 2
    assert third.settled(120, 100).page == 1


def test_the_next_walk_begins_before_the_newest_modification_known() -> None:
    cursor = begin().ended(WALL)
    assert begin(cursor).at == WALL - walk.OVERLAP
    assert begin(cursor, now=NOW + timedelta(hours=1)).at == WALL - DAY


def test_nothing_new_does_not_bring_the_next_walk_back() -> None:
    again = begin(begin().ended(WALL))
    assert again.ended(WALL - timedelta(days=9))["read"] == WALL.isoformat()


def test_the_clock_going_back_in_autumn_hides_nothing() -> None:
    last = datetime(2026, 10, 25, 3, 59, tzinfo=UTC)  # on the wall, as is what follows
    assert begin(begin().ended(last)).at < datetime(2026, 10, 25, 3, 0, tzinfo=UTC)
