"""Writes the whole demo world into a folder: the same arguments always give the same bytes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cxdemo import loyalty, poison
from cxdemo.calls import make_calls, rows_by_end
from cxdemo.chat import ChatLog, make_chats
from cxdemo.feeds import Feed, feed_xml, make_feeds
from cxdemo.mail import Post, make_mail
from cxdemo.mailbox_files import mbox_entry, write_maildir, write_mbox
from cxdemo.moments import local, random_moment
from cxdemo.orders import make_orders
from cxdemo.rfc5322 import mail_date, render
from cxdemo.scenes import play_calls, play_chat, play_mail_scenes
from cxdemo.stays import ARRIVAL_COLUMNS, STAY_COLUMNS, arrival_rows, make_stays, stay_rows, write_table
from cxdemo.truth import Ledger, Poison, truth_document
from cxdemo.world import World, build_world

MIN_PER_PERSON = 10
SHARES = {"mail": 0.225, "chat": 0.325, "calls": 0.175, "social": 0.05}
STAY_SHARE = 0.125


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written; `counts` by system add up to `interactions`."""

    out: Path
    people: int
    interactions: int
    counts: Mapping[str, int]
    poison: int


def generate(out: Path, *, people: int = 2000, interactions: int = 40000, seed: int = 7, end: datetime) -> Summary:
    """Writes mail/, chat/, calls/, social/, stays/ and truth.json; `end` (aware) is the moment at which the exports were made; best in the evening."""
    if interactions < MIN_PER_PERSON * people:
        raise ValueError(f"at least {MIN_PER_PERSON} interactions for each person")
    world = build_world(people=people, seed=seed, end=end)
    ledger = Ledger()
    share = {system: int(interactions * part) for system, part in SHARES.items()}
    book = make_stays(world, int(interactions * STAY_SHARE))
    stays, arrivals = stay_rows(world, book, ledger), arrival_rows(world, book, ledger)
    rest = interactions - sum(share.values()) - len(stays) - len(arrivals)
    orders = make_orders(world, book, ledger, rest)
    members = loyalty.loyalty_rows(world, ledger)
    post = make_mail(world, book, share["mail"], scenes=play_mail_scenes)
    log = make_chats(world, book, ledger, share["chat"], scenes=play_chat)
    board = make_calls(world, book, ledger, share["calls"], scenes=play_calls)
    feeds = make_feeds(world, ledger, share["social"])

    for folder in ("mail", "mail/eml", "chat", "calls", "social", "social/blogit", "stays"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    _write_mail(out / "mail", world, post, ledger)
    _write_chats(out / "chat", world, log, ledger)
    _write_calls(out / "calls", world, rows_by_end(board), ledger)
    _write_feeds(out / "social", world, feeds, ledger)
    _write_stays(out / "stays", world, stays, arrivals, ledger)
    _write_orders(out / "stays", world, [json.dumps(o, ensure_ascii=False) for o in orders], ledger)
    _write_members(out / "stays", world, members, ledger)
    counts = {
        "mail": len(post.filed), "chat": log.messages, "calls": board.calls, "social": sum(len(f.items) for f in feeds), "stays": len(stays),
        "arrivals": len(arrivals), "orders": len(orders),
    }  # fmt: skip
    document = truth_document(world, ledger, counts, book.guest_ids)
    (out / "truth.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return Summary(out, len(world.people), sum(counts.values()), counts, len(ledger.poison))


def _bad_count(records: int) -> int:
    """About three in a thousand, never none."""
    return max(3, records * 3 // 1000)


def _write_mail(folder: Path, world: World, post: Post, ledger: Ledger) -> None:
    """Folders in order of time; the key of a mail is folder/<Message-ID>."""
    rng = world.rng("bad mail")
    boxes: dict[str, list[tuple[datetime, str, str, bytes]]] = {
        name: [] for name in ("inbox", "sent", "maildir", "eml")
    }
    for filed in sorted(post.filed, key=lambda f: (f.mail.at.timestamp(), f.mail.message_id)):
        mail, message = filed.mail, render(filed.mail)
        envelope = mail.sender[1] if mail.envelope_from is None else mail.envelope_from
        for name in filed.folders:
            boxes[name].append((mail.at, envelope, mail.message_id, message))
            ledger.add("mail", f"{name}/{mail.message_id}", filed.person)
    bad_at = sorted(random_moment(rng, world.start, world.end) for _ in range(_bad_count(len(post.filed))))
    for n, at in enumerate(bad_at):
        message, bad = poison.bad_mail(n, mail_date(at))
        boxes["inbox"].append((at, "rikki@rikki.example", bad.why, message))
    boxes["inbox"].sort(key=lambda entry: entry[0].timestamp())
    for place, (_, envelope, why, message) in enumerate(boxes["inbox"], 1):
        if envelope == "rikki@rikki.example":
            key = re.search(rb"^Message-ID: (<.*>)$", message, re.MULTILINE)
            ledger.poison.append(
                Poison("mail", f"mail/inbox.mbox:message {place}", f"inbox/{key[1].decode()}" if key else None, why)
            )
    for name in ("inbox", "sent"):
        write_mbox(
            folder / f"{name}.mbox", (mbox_entry(envelope, at, message) for at, envelope, _, message in boxes[name])
        )
    last = len(boxes["maildir"]) - 5
    write_maildir(
        folder / "maildir", ((at, message, n < last) for n, (at, _, _, message) in enumerate(boxes["maildir"]))
    )
    for n, (_, _, _, message) in enumerate(boxes["eml"]):
        (folder / "eml" / f"viesti-{n + 1:03d}.eml").write_bytes(message)


def _write_chats(folder: Path, world: World, log: ChatLog, ledger: Ledger) -> None:
    rng = world.rng("bad chat")
    years: dict[int, list[str]] = {}
    for written, _, message in sorted(log.lines, key=lambda line: (line[0].timestamp(), line[1])):
        years.setdefault(local(written).year, []).append(json.dumps(message, ensure_ascii=False))
    bad = [
        poison.bad_chat(n, local(random_moment(rng, world.start, world.end)).isoformat())
        for n in range(_bad_count(log.messages))
    ]
    chosen = [rng.choice(sorted(years)) for _ in bad]
    for year in sorted(years):
        file = f"messages-{year}.jsonl"
        mine = [b for b, y in zip(bad, chosen, strict=True) if y == year]
        _write_lines(folder / file, poison.spoil(rng, years[year], mine, ledger, system="chat", file=f"chat/{file}"))


def _write_calls(folder: Path, world: World, rows: list[str], ledger: Ledger) -> None:
    rng = world.rng("bad calls")
    bad = [
        poison.bad_call(n, f"{local(random_moment(rng, world.start, world.end)):%Y-%m-%d %H:%M:%S}")
        for n in range(_bad_count(len(rows)))
    ]
    _write_lines(folder / "Master.csv", poison.spoil(rng, rows, bad, ledger, system="calls", file="calls/Master.csv"))


def _write_feeds(folder: Path, world: World, feeds: list[Feed], ledger: Ledger) -> None:
    for feed in feeds:
        text = feed_xml(feed, world.end)
        if feed.path == "kommentit.rss":
            bad = "<item><title>Rikki</title><pubDate>joskus keväällä</pubDate><dc:creator>Virhe Veikko</dc:creator><description>Ei tunnistetta eikä aikaa.</description></item>\n"
            text = text.replace("</channel>", f"{bad}</channel>")
            ledger.poison.append(
                Poison("social", "social/kommentit.rss", None, "no guid and no link, pubDate is no time")
            )
        (folder / feed.path).write_text(text, encoding="utf-8")
    (folder / "blogit/rikki.atom").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>Rikki & poikki</title><entry><title>Kesken',
        encoding="utf-8",
    )
    ledger.poison.append(Poison("social", "social/blogit/rikki.atom", None, "no well-formed XML"))


def _write_stays(folder: Path, world: World, stays: list[list[str]], arrivals: list[list[str]], ledger: Ledger) -> None:
    rng = world.rng("bad stays")
    header, *lines = write_table(STAY_COLUMNS, stays).splitlines()
    bad = [poison.bad_stay(n, world.end.year - 1) for n in range(_bad_count(len(lines)))]
    rows = poison.spoil(rng, lines, bad, ledger, system="stays", file="stays/stays.csv", first_line=2)
    _write_lines(folder / "stays.csv", [header, *rows], encoding="latin-1", newline="\r\n")
    (folder / "arrivals.csv").write_bytes(write_table(ARRIVAL_COLUMNS, arrivals).encode("latin-1", "replace"))


def _write_orders(folder: Path, world: World, lines: list[str], ledger: Ledger) -> None:
    rng = world.rng("bad orders")
    bad = [
        poison.bad_order(n, local(random_moment(rng, world.start, world.end)).isoformat())
        for n in range(_bad_count(len(lines)))
    ]
    _write_lines(
        folder / "orders.jsonl", poison.spoil(rng, lines, bad, ledger, system="orders", file="stays/orders.jsonl")
    )


def _write_members(folder: Path, world: World, members: list[list[str]], ledger: Ledger) -> None:
    rng = world.rng("bad members")
    lines = ["\t".join(row) for row in members]
    bad = [poison.bad_member(n) for n in range(_bad_count(len(lines)))]
    rows = poison.spoil(rng, lines, bad, ledger, system="loyalty", file="stays/loyalty.tsv", first_line=2)
    _write_lines(folder / "loyalty.tsv", ["\t".join(loyalty.COLUMNS), *rows])


def _write_lines(path: Path, lines: list[str], *, encoding: str = "utf-8", newline: str = "\n") -> None:
    path.write_bytes("".join(f"{line}{newline}" for line in lines).encode(encoding, "replace"))
