"""The social side as feeds: the chain's blog and its comments (RSS 2.0), mentions and guests' own blogs (Atom)."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape

from cxdemo.chain import HOTEL_WEIGHTS, HOTELS, RESTAURANTS, SITE
from cxdemo.dirt import formal_name
from cxdemo.grammar import expand
from cxdemo.identities import mail_word
from cxdemo.moments import later, local, random_moment
from cxdemo.person import Person
from cxdemo.posts import BLOGS, CHAIN_POSTS, CLOSINGS, COMMENTS, MENTIONS, OPENINGS
from cxdemo.rfc5322 import mail_date
from cxdemo.truth import Ledger
from cxdemo.world import World

CHIRP = "https://piipitys.example"
BLOG_HOST = "vuodatuslaari.example"


@dataclass(frozen=True, slots=True)
class Item:
    guid: str
    at: datetime
    title: str
    html: str
    link: str
    name: str | None = None
    email: str | None = None
    uri: str | None = None


@dataclass(slots=True)
class Feed:
    path: str
    title: str
    link: str
    rss: bool
    items: list[Item] = field(default_factory=list)
    owner: Person | None = None


def make_feeds(world: World, ledger: Ledger, count: int) -> list[Feed]:
    """Exactly `count` items: 2 % own blog, 30 % comments, 42 % mentions, the rest on some thirty guests' blogs."""
    rng = world.rng("social")
    own = _own_blog(world, rng, ledger, max(count // 50, 4))
    comments = _comments(world, rng, ledger, own, count * 30 // 100)
    mentions = _mentions(world, rng, ledger, count * 42 // 100)
    blogs = _blogs(world, rng, ledger, count - len(own.items) - len(comments.items) - len(mentions.items))
    return [own, comments, mentions, *blogs]


def _own_blog(world: World, rng: random.Random, ledger: Ledger, count: int) -> Feed:
    feed = Feed("kaislakuu-blogi.rss", "Kaislakuun blogi", f"{SITE}/blogi", rss=True)
    for n in range(count):
        title, text = CHAIN_POSTS[n % len(CHAIN_POSTS)]
        guid = f"{SITE}/?p={1000 + n}"
        at = random_moment(rng, world.start, world.end - timedelta(days=2))
        feed.items.append(
            Item(
                guid,
                at,
                title,
                f"<p>{escape(expand(rng, text, {}))}</p>",
                f"{SITE}/blogi/{1000 + n}",
                "Kaislakuun toimitus",
            )
        )
        ledger.add("social", guid, None)
    return feed


def _social_people(world: World) -> list[Person]:
    return [p for p in world.people if p.handle]


def _comments(world: World, rng: random.Random, ledger: Ledger, own: Feed, count: int) -> Feed:
    feed = Feed("kommentit.rss", "Kommentit: Kaislakuun blogi", f"{SITE}/blogi", rss=True)
    writers = _social_people(world)
    weights = [p.weight for p in writers]
    for n in range(count):
        person = world.people[0] if n < 3 else rng.choices(writers, weights)[0]
        post = rng.choice(own.items)
        at = later(post.at, 86_400 * 60 * rng.random() ** 3 + 600)
        if at >= world.end:
            at = later(world.end, -rng.randint(600, 86_400))
        dice = rng.random()
        name = (
            formal_name(rng, person, at)
            if dice < 0.6
            else str(person.handle).lstrip("@")
            if dice < 0.85
            else person.nickname or person.first
        )
        email = rng.choice(person.emails) if rng.random() < 0.3 or n < 3 else None
        uri = _profile(person) if rng.random() < 0.35 else None
        guid = f"{post.guid}#comment-{5000 + n}"
        text = escape(expand(rng, rng.choice(COMMENTS[person.language]), {}))
        feed.items.append(
            Item(
                guid,
                at,
                f"Kommentti: {post.title}",
                f"<p>{text}</p>",
                f"{post.link}#comment-{5000 + n}",
                name,
                email,
                uri,
            )
        )
        ledger.add("social", guid, person, nameless=dice >= 0.85 and not email and not uri)
    return feed


def _profile(person: Person) -> str:
    return f"{CHIRP}/{person.handle}"


def _mentions(world: World, rng: random.Random, ledger: Ledger, count: int) -> Feed:
    feed = Feed("maininnat.atom", "Maininnat: Kaislakuu", f"{CHIRP}/haku?q=kaislakuu", rss=False)
    writers = _social_people(world)
    weights = [p.weight for p in writers]
    ville = world.story("brand").people[0]
    drafts: list[tuple[datetime, Person, str]] = [(brand_moment(world), ville, BRAND_POST)]
    named = [p for p in writers if p.story]
    while len(drafts) < count:
        n = len(drafts)
        person = named[n - 1] if n <= len(named) else rng.choices(writers, weights)[0]
        at = random_moment(rng, world.start, world.end)
        drafts.append((at, person, _mention_text(rng, person.language)))
    for n, (at, person, text) in enumerate(drafts):
        guid = f"tag:piipitys.example,{local(at).year}:{810_000 + n * 7}"
        link = f"{_profile(person)}/{810_000 + n * 7}"
        html = f'<p>{escape(text)} <a href="{CHIRP}/haku?q=kaislakuu">#kaislakuu</a></p>'
        feed.items.append(Item(guid, at, text[:50], html, link, person.handle, None, _profile(person)))
        ledger.add("social", guid, person)
        if n == 0:
            world.note("brand", f"social:{guid}")
    return feed


BRAND_POST = "Kaislakuun lounaslistalla on tänään lohikäärmekeittoa. Kysyin, onko se tulista. Tarjoilija sanoi, että ihan tavallista lohta se on. Pettymys."


def brand_moment(world: World) -> datetime:
    """The last 18:41 in Helsinki before the end."""
    at = local(world.end).replace(hour=18, minute=41, second=12, microsecond=0)
    return at if at < world.end else at - timedelta(days=1)


def _mention_text(rng: random.Random, language: str) -> str:
    hotel, restaurant = rng.choices(HOTELS, HOTEL_WEIGHTS)[0], rng.choice(RESTAURANTS)
    values = {
        "hotel": hotel.name, "missa": hotel.missa, "gen": hotel.genitive, "city": hotel.city_sv if language == "sv" else hotel.city,
        "rest": restaurant.name, "rmissa": restaurant.missa,
    }  # fmt: skip
    return expand(rng, rng.choice(MENTIONS[language]), values)


def _blogs(world: World, rng: random.Random, ledger: Ledger, count: int) -> list[Feed]:
    anna = world.people[0]
    eager = [p for p in world.people if p.story is None and p.handle and _subjects(p) >= 3]
    bloggers = [anna, *rng.sample(eager, min(len(eager), 29, max(count // 12 - 1, 1)))]
    feeds = []
    for n, person in enumerate(bloggers):
        share = max(count // len(bloggers) + (1 if n < count % len(bloggers) else 0), 0)
        feeds.append(_blog(world, rng, ledger, person, share))
    return feeds


def _blog(world: World, rng: random.Random, ledger: Ledger, person: Person, count: int) -> Feed:
    anna = person.story == "hockey_guest"
    slug = "ylakulma" if anna else f"{mail_word(person.first)}-{mail_word(person.last)}-{person.id[1:].lstrip('0')}"
    host = f"https://{slug}.{BLOG_HOST}"
    person.blog = f"{host}/"
    title = (
        "Yläkulma: Annan kiekkoblogi" if anna else f"{person.nickname or person.first}: {_blog_word(person.language)}"
    )
    feed = Feed(f"blogit/{slug}.atom", title, f"{host}/", rss=False, owner=person)
    gives_email = rng.random() < 0.5 or anna
    written: set[str] = set()
    for n in range(count):
        at = random_moment(rng, world.start, world.end)
        while anna and n < 5 and not in_season("ice_hockey", local(at).month):
            at = random_moment(rng, world.start, world.end)
        heading, body = _fresh_post(rng, person, at, written, hockey=anna and n < 5)
        guid = f"tag:{slug}.{BLOG_HOST},{local(at).year}:{n + 1}"
        text = escape(body, quote=False)
        html = f"<p>{text}</p>" if rng.random() < 0.7 else f'<p>{text}</p><p><img src="{host}/kuva{n}.jpg" alt=""/></p>'
        feed.items.append(
            Item(
                guid,
                at,
                heading,
                html,
                f"{host}/{n + 1}",
                formal_name(rng, person, at),
                person.emails[0] if gives_email else None,
                person.blog,
            )
        )
        ledger.add("social", guid, person)
        if anna:
            world.note("hockey_guest", f"social:{guid}")
    return feed


def _fresh_post(
    rng: random.Random, person: Person, at: datetime, written: set[str], *, hockey: bool
) -> tuple[str, str]:
    """Heading and text: one of the writer's interests, in its season, opened and closed in changing words."""
    blogs, opening, closing = BLOGS[person.language], OPENINGS[person.language], CLOSINGS[person.language]
    interests = ["ice_hockey"] if hockey else [i for i in person.interests if in_season(i, local(at).month)] or ["food"]
    heading = text = ""
    for _ in range(12):
        heading, body = rng.choice(blogs[rng.choice(interests)])
        text = " ".join(t for t in (rng.choice(opening), expand(rng, body, {}), rng.choice(closing)) if t)
        if text not in written:
            break
    written.add(text)
    return heading, text


def in_season(interest: str, month: int) -> bool:
    """Nobody skis in July."""
    if interest in {"ice_hockey", "winter_sports"}:
        return month in {1, 2, 3, 4, 9, 10, 11, 12}
    return interest != "golf" or 5 <= month <= 9


def _subjects(person: Person) -> int:
    return sum(len(BLOGS[person.language].get(interest, ())) for interest in person.interests)


def _blog_word(language: str) -> str:
    return {"fi": "muistiinpanoja", "sv": "anteckningar", "en": "notes"}[language]


def feed_xml(feed: Feed, until: datetime) -> str:
    """Newest item first, as feeds have it."""
    items = sorted(feed.items, key=lambda i: (-i.at.timestamp(), i.guid))
    return _rss(feed, items, until) if feed.rss else _atom(feed, items, until)


def _rss(feed: Feed, items: list[Item], until: datetime) -> str:
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">',
        f"<channel><title>{escape(feed.title)}</title><link>{feed.link}</link><description>{escape(feed.title)}</description>",
        f"<lastBuildDate>{mail_date(items[0].at if items else until)}</lastBuildDate>",
    ]
    for item in items:
        contact = item.email or item.uri
        author = f"<author>{escape(f'{contact} ({item.name})')}</author>" if contact else ""
        out.append(
            f'<item><title>{escape(item.title)}</title><link>{escape(item.link)}</link><guid isPermaLink="false">{escape(item.guid)}</guid>'
            f"<pubDate>{mail_date(item.at)}</pubDate><dc:creator>{escape(item.name or '')}</dc:creator>{author}"
            f"<description>{escape(item.html)}</description></item>"
        )
    return "\n".join([*out, "</channel></rss>", ""])


def _atom(feed: Feed, items: list[Item], until: datetime) -> str:
    updated = local(items[0].at if items else until).isoformat()
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f'<title>{escape(feed.title)}</title><id>{escape(feed.link)}</id><link rel="alternate" href="{escape(feed.link)}"/><updated>{updated}</updated>',
    ]
    for item in items:
        email = f"<email>{escape(item.email)}</email>" if item.email else ""
        uri = f"<uri>{escape(item.uri)}</uri>" if item.uri else ""
        at = local(item.at).isoformat()
        out.append(
            f'<entry><title>{escape(item.title)}</title><id>{escape(item.guid)}</id><link href="{escape(item.link)}"/><published>{at}</published><updated>{at}</updated>'
            f'<author><name>{escape(item.name or "")}</name>{uri}{email}</author><content type="html">{escape(item.html)}</content></entry>'
        )
    return "\n".join([*out, "</feed>", ""])
