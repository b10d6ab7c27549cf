"""The people of the stories are in the systems, and can be found by what the truth says of them."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

ALONE = ("hockey_guest", "agent", "brand", "no_surprises", "forget_me", "recycled_number", "family", "firm")
SOURCES = ("mail", "chat", "calls", "social", "stays", "orders")


def systems_of(truth: dict[str, Any], person: str) -> set[str]:
    return {system for system in SOURCES if person in truth["records"][system].values()}


@pytest.mark.parametrize("story", ALONE)
def test_story_people_are_in_at_least_four_systems(truth: dict[str, Any], story: str) -> None:
    for person in truth["stories"][story]["people"]:
        assert len(systems_of(truth, person["id"])) >= 4, person["name"]


def test_the_records_of_the_stories_exist(truth: dict[str, Any]) -> None:
    for story in truth["stories"].values():
        for place in story["records"]:
            system, key = place.split(":", 1)
            assert key in truth["records"][system], place


def test_the_hockey_guest_comes_for_the_twentieth_time(world: Path, truth: dict[str, Any]) -> None:
    anna, jari, namesake = truth["stories"]["hockey_guest"]["people"]
    rows = csv.DictReader((world / "stays/stays.csv").read_text(encoding="latin-1").splitlines(), delimiter=";")
    hers = [r for r in rows if truth["records"]["stays"].get(r["Varausnumero"]) == anna["id"]]
    assert sorted(r["Tila"] for r in hers) == ["Lähtenyt"] * 19 + ["Vahvistettu"]
    assert [r["Tulopäivä"] for r in hers if r["Tila"] == "Vahvistettu"] == ["12.3.2026"]
    assert {r["Asiakasnumero"] for r in hers} == set(anna["guest_ids"])
    assert len({r["Hotelli"] for r in hers}) == len(anna["guest_ids"]) == 5
    assert anna["name"] == namesake["name"]
    assert not {*anna["phones"], *anna["emails"]} & {*namesake["phones"], *namesake["emails"]}
    assert set(anna["phones"]) & set(jari["phones"]) == {"+358342716380"}
    assert systems_of(truth, anna["id"]) == set(SOURCES)


def test_the_hockey_guest_blogs_about_hockey_and_writes_and_calls_in_many_forms(
    world: Path, truth: dict[str, Any]
) -> None:
    blog = (world / "social/blogit/ylakulma.atom").read_text(encoding="utf-8")
    assert sum(word in entry.lower() for entry in blog.split("<entry>") for word in ["ottelu"]) >= 1
    about = [
        e
        for e in blog.split("<entry>")[1:]
        if any(w in e.lower() for w in ("kiekko", "ottelu", "peli", "maalivahti", "kausikor", "hallin", "ylivoima"))
    ]
    assert len(about) >= 4
    anna = truth["stories"]["hockey_guest"]["people"][0]
    calls = csv.reader((world / "calls/Master.csv").read_text(encoding="utf-8").splitlines())
    forms = {row[1] for row in calls if "404417326" in row[1]}
    assert forms == {"0404417326", "358404417326", "+358404417326", "00358404417326"}
    inbox = (world / "mail/inbox.mbox").read_bytes().decode("latin-1")
    assert all(f"<{address}>" in inbox for address in anna["emails"])


def test_the_promise_of_today_is_the_last_word(world: Path, truth: dict[str, Any]) -> None:
    places = truth["stories"]["agent"]["records"]
    assert {p.split(":")[0] for p in places} == {"mail", "calls", "chat"}
    lines = [
        line for p in sorted((world / "chat").glob("*.jsonl")) for line in p.read_text(encoding="utf-8").splitlines()
    ]
    promise = next(json.loads(line) for line in lines if "Lupaan, että palautus lähtee tänään" in line)
    assert promise["author"] == "agent"
    assert promise["sent_at"].startswith("2026-03-12")
    assert f"chat:{promise['message_id']}" in places


def test_the_funny_post_comes_at_18_41(world: Path, truth: dict[str, Any]) -> None:
    ville = truth["stories"]["brand"]["people"][0]
    post = next(
        e
        for e in (world / "social/maininnat.atom").read_text(encoding="utf-8").split("<entry>")
        if "lohikäärmekeittoa" in e
    )
    assert "<published>2026-03-12T18:41:" in post
    assert f"<name>{ville['handle']}</name>" in post


def test_colleagues_share_the_switchboard_and_the_family_its_landline(truth: dict[str, Any]) -> None:
    for story, kind in (("firm", "switchboards"), ("family", "households")):
        people = {p["id"] for p in truth["stories"][story]["people"]}
        assert len(people) == 4
        assert any(people <= set(group["people"]) for group in truth[kind])


def test_the_recycled_number_is_used_by_one_and_years_later_by_the_other(world: Path, truth: dict[str, Any]) -> None:
    first, second = truth["stories"]["recycled_number"]["people"]
    entry = truth["recycled_numbers"][0]
    tail = entry["number"].removeprefix("+358")
    calls = csv.reader((world / "calls/Master.csv").read_text(encoding="utf-8").splitlines())
    used = {(truth["records"]["calls"][row[18]], row[9][:10]) for row in calls if row[1].endswith(tail)}
    assert {person for person, _ in used} == {first["id"], second["id"]}
    assert max(day for person, day in used if person == first["id"]) <= entry["until"][:10]
    assert min(day for person, day in used if person == second["id"]) >= entry["since"][:10]
