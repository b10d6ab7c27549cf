"""Objects that lie in several places: landed once, deleted when the last copy is gone, back when a copy is."""

from dataclasses import replace

from sqlalchemy import text

from cxcore.db.session import Database
from cxcore.land import store
from cxcore.pull.sources import Configured
from cxcore.sdk import Gone, Place, Record, Renumbered
from support.parley import Parley, configured


def copy(key: str, scope: str, number: int, *, epoch: int = 7, words: str = "") -> Record:
    return Record("mails", key, {"words": words or key}, place=Place(scope, epoch, number))


async def land(
    database: Database, source: Configured, *records: Record, gone: tuple[Gone | Renumbered, ...] = ()
) -> int:
    async with database.unit() as session:
        return await store.land(session, source_id=source.id, namespace=source.namespace, records=records, gone=gone)


async def versions(database: Database) -> list[tuple[str, bool]]:
    """Key and deletion of all versions in the order they landed."""
    async with database.unit() as session:
        found = await session.execute(text("select key, deleted from source_record order by sequence"))
        return [(row.key, row.deleted) for row in found]


async def places(database: Database) -> int:
    async with database.unit() as session:
        return int((await session.execute(text("select count(*) from place"))).scalar_one())


async def test_of_two_copies_one_is_landed_and_it_goes_with_the_last(database: Database, parley: type[Parley]) -> None:
    source = await configured(database)
    assert await land(database, source, copy("a", "inbox", 1), copy("a", "sent", 4, words="other headers")) == 1
    assert await land(database, source, gone=(Gone("inbox", 7, 1, 1),)) == 0
    assert await versions(database) == [("a", False)]
    assert await land(database, source, gone=(Gone("sent", 7, 1, 9),)) == 1
    assert await versions(database) == [("a", False), ("a", True)]
    assert await places(database) == 0


async def test_a_copy_that_comes_back_brings_its_object_back(database: Database, parley: type[Parley]) -> None:
    source = await configured(database)
    await land(database, source, copy("a", "inbox", 1))
    await land(database, source, gone=(Gone("inbox", 7, 1, 1),))
    assert await land(database, source, copy("a", "archive", 1)) == 1
    assert await versions(database) == [("a", False), ("a", True), ("a", False)]


async def test_an_object_that_changes_in_its_place_comes_as_a_version_and_as_a_place(
    database: Database, parley: type[Parley]
) -> None:
    source = await configured(database)

    async def seen(words: str) -> int:
        place = copy("a", "comments", 1, words=words)
        return await land(database, source, replace(place, place=None), place)

    assert [await seen("words"), await seen("words"), await seen("other words")] == [1, 0, 1]
    assert await places(database) == 1
    assert await land(database, source, gone=(Gone("comments", 7, 0, 9),)) == 1
    assert await seen("other words") == 1
    assert await versions(database) == [("a", False), ("a", False), ("a", True), ("a", False)]


async def test_what_is_gone_from_one_folder_and_new_in_another_has_moved(
    database: Database, parley: type[Parley]
) -> None:
    source = await configured(database)
    await land(database, source, copy("a", "inbox", 1))
    assert await land(database, source, copy("a", "archive", 1), gone=(Gone("inbox", 7, 1, 1),)) == 0
    assert await versions(database) == [("a", False)]


async def test_the_same_page_twice_changes_nothing(database: Database, parley: type[Parley]) -> None:
    source = await configured(database)
    page = (copy("a", "inbox", 1), copy("b", "inbox", 2))
    gone = (Gone("inbox", 7, 2, 2), Gone("nowhere", 1, 0, 2**63 - 1))
    assert await land(database, source, *page, gone=gone) == 3
    assert await land(database, source, gone=gone) == 0
    assert await versions(database) == [("a", False), ("b", False), ("b", True)]


async def test_after_renumbering_only_what_was_found_again_stays(database: Database, parley: type[Parley]) -> None:
    source = await configured(database)
    await land(database, source, copy("a", "inbox", 1), copy("b", "inbox", 2), copy("c", "sent", 1))
    assert await land(database, source, copy("b", "inbox", 1, epoch=8)) == 0
    assert await land(database, source, gone=(Renumbered("inbox", 8),)) == 1
    assert await versions(database) == [("a", False), ("b", False), ("c", False), ("a", True)]


async def test_a_place_that_holds_something_else_now_has_lost_what_it_held(
    database: Database, parley: type[Parley]
) -> None:
    source = await configured(database)
    await land(database, source, copy("a", "inbox", 1))
    await land(database, source, copy("b", "inbox", 1))
    assert await versions(database) == [("a", False), ("b", False), ("a", True)]


async def test_sources_do_not_empty_each_others_places(database: Database, parley: type[Parley]) -> None:
    one, other = await configured(database, key="one"), await configured(database, key="other")
    await land(database, one, copy("a", "inbox", 1))
    await land(database, other, copy("a", "inbox", 1))
    assert await land(database, one, gone=(Gone("inbox", 7, 1, 1), Renumbered("inbox", 9))) == 1
    assert await places(database) == 1


async def test_a_source_that_is_forgotten_leaves_no_places(database: Database, parley: type[Parley]) -> None:
    source = await configured(database)
    await land(database, source, copy("a", "inbox", 1))
    async with database.unit() as session:
        await store.forget(session, source_id=source.id)
    assert await places(database) == 0
