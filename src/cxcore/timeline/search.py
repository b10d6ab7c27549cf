"""Finding a customer by whatever the caller says: a name, a number in any form, an address, a booking or a handle."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import copy_rows, driver
from cxcore.model.identifier import Scheme
from cxcore.normalise import names
from cxcore.normalise.codes import SCHEMES
from cxcore.normalise.identifiers import email, phone
from cxcore.normalise.texts import clean

_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_LEAST_DIGITS = 4
_ITEMS_LIMIT, _HITS_PER_TERM = 6, 5000
_LABEL = re.compile(r"^(?:(?:tel|puh|gsm|mob|phone|mailto)\b[.:]* *|p\. *(?=[+\d(]))", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![^\s])\+?\(?\d[\d ()./-]{4,}\d(?![^\s,;])")
_AFTER = "\U0010ffff"

_INDEX = """
insert into search_term (profile_id, term) select * from unnest($1::uuid[], $2::text[]) on conflict do nothing
"""
_NAMES = """
select id, name from profile where id = any($1::uuid[])
union select profile_id, state ->> 'name' from observation where profile_id = any($1::uuid[])
"""
"""The name shown and every name that the source ever said, so that it does not matter which of them came first."""
_IDENTIFIERS = "select profile_id, scheme, value from identifier where profile_id = any($1::uuid[])"
_FIND = """
with wanted as (
    select * from unnest($1::int[], $2::text[], $3::text[]) as w(n, low, high)
), hit as (
    select w.n, t.profile_id, bool_or(t.term = w.low) as whole
    from wanted w cross join lateral (
        select term, profile_id from search_term s where s.term >= w.low and s.term < w.high
        order by s.term, s.profile_id limit $4
    ) t
    group by w.n, t.profile_id
), rarest as (
    select n from hit group by n order by count(*), n limit 1
), met as (
    select l.customer_id, h.n, bool_or(h.whole) as whole, count(*) filter (where h.whole) as wholes
    from hit h join link l on l.profile_id = h.profile_id where h.n = (select n from rarest)
    group by l.customer_id, h.n
), others as (
    select m.customer_id, w.n, bool_or(s.term = w.low) as whole,
           count(distinct s.profile_id) filter (where s.term = w.low) as wholes
    from met m
    join link l on l.customer_id = m.customer_id
    join wanted w on w.n <> m.n
    join search_term s on s.profile_id = l.profile_id and s.term >= w.low and s.term < w.high
    where $5::bigint > 1
    group by m.customer_id, w.n
)
select customer_id, count(*) filter (where whole) as whole, sum(wholes)::int as weight
from (select * from met union all select * from others) found
group by customer_id having count(*) = $5::bigint
order by 2 desc, 3 desc, 1 limit $6
"""
"""The rarest item finds customers by the index, the others are then looked up among their terms: so a name that more
than ``_HITS_PER_TERM`` profiles bear still finds all of them that bear the other name too."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer found; ``exact`` when every word of the query was met whole."""

    customer_id: UUID
    exact: bool


def terms(name: str | None, identifiers: Iterable[tuple[Scheme, str]]) -> set[str]:
    """What finds a profile. A phone stands with its digits reversed, so that its last digits find it."""
    found: set[str] = set()
    if name:
        found |= {f"n:{word}" for word in names.words(name)}
        found |= {f"n:{word}" for word in names.words(name.lower().translate(_SPELLED))}
    for scheme, value in identifiers:
        if scheme is Scheme.PHONE:
            found.add(f"p:{value.removeprefix('+')[::-1]}")
        elif scheme is Scheme.EMAIL:
            found.add(f"e:{value}")
        elif folded := names.fold(value):  # of some signs nothing is left
            found.add(f"i:{folded}")
    return found


def query_terms(text: str, *, region: str = "FI") -> list[tuple[str, ...]]:
    """What a query asks for: every item must be met by one of its terms, at least by that term's beginning.

    An address, a handle or a number is one item, wherever it stands; anything else is taken word by word. Digits may
    be a phone in any form, its end, or any other number that a system gave.
    """
    text = " ".join(clean(text).split())
    text = _LABEL.sub("", text, count=1)
    if not re.search(r"[^\W\d]", text):
        return _items([_number(text, region)])
    items = [_number(run.group(), region) for run in _NUMBER.finditer(text)]
    items += [item for token in _NUMBER.sub(" ", text).split() for item in _words(token, region)]
    if " " not in text or any(c.isdigit() for c in text):
        whole = f"i:{names.fold(text.removeprefix('@').rstrip('/'))}"
        items = [(*item, whole) for item in items]
    return _items(items)


def _items(found: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """At most so many, each once; a term of nothing would be met by everything."""
    sound = (tuple(dict.fromkeys(term for term in item if len(term) > len("n:"))) for item in found)
    return [item for item in dict.fromkeys(sound) if item][:_ITEMS_LIMIT]


def _number(text: str, region: str) -> tuple[str, ...]:
    """A phone in full or by its last digits, or another number as it is written and without what groups it."""
    digits = re.sub(r"\D", "", text)
    if len(digits) < _LEAST_DIGITS:
        return (f"i:{names.fold(text)}",) if digits else ()
    found = [f"p:{digits.lstrip('0')[::-1]}", f"i:{names.fold(text)}", f"i:{re.sub(r'[^0-9]', '', names.fold(text))}"]
    if (full := phone(text, region)) is not None:
        found.insert(0, f"p:{full.removeprefix('+')[::-1]}")
    return tuple(found)


def _words(token: str, region: str) -> Iterable[tuple[str, ...]]:
    """The items of a word between blanks: an address, a handle, or a name's words in the spellings they are stored in."""
    if not re.search(r"[^\W\d]", token):
        return [_number(token, region)]
    if token.startswith("@"):
        return [(f"i:{names.fold(token[1:].rstrip('/'))}",)]
    if "@" in token.strip("@"):
        address = token.strip("<>()[],;:\"'")
        return [(f"e:{email(address) or address.casefold()}",)]
    plain, spelled = names.words(token), names.words(token.lower().translate(_SPELLED))
    found = [(f"n:{a}", f"n:{b}") for a, b in zip(plain, spelled, strict=True)]
    if any(c.isdigit() for c in token):
        return [(f"i:{names.fold(token)}", *(found[0] if len(found) == 1 else ()))]
    return [(*pair, f"e:{token.casefold()}") for pair in found] if "." in token.strip(".") else found


async def search(session: AsyncSession, text: str, *, limit: int = 20, region: str = "FI") -> list[Hit]:
    """Customers that a query finds, whole words first, then those that more profiles confirm."""
    items = query_terms(text, region=region)
    if not items:
        return []
    connection = await driver(session)
    wanted = [(n, term, term + _AFTER) for n, item in enumerate(items) for term in item]
    rows = await connection.fetch(
        _FIND, [w[0] for w in wanted], [w[1] for w in wanted], [w[2] for w in wanted], _HITS_PER_TERM, len(items), limit
    )
    return [Hit(row["customer_id"], row["whole"] == len(items)) for row in rows]


async def index(session: AsyncSession, profiles: Collection[UUID], *, made: Collection[UUID] = ()) -> None:
    """Make profiles findable by all they show and ever showed; nothing is forgotten. ``made`` ones have no terms yet."""
    if not profiles:
        return
    connection = await driver(session)
    rows = sorted({(profile, term) for profile, shown in await _shown(connection, list(profiles)) for term in shown})
    await copy_rows(connection, "search_term", ("profile_id", "term"), [r for r in rows if r[0] in made])
    if known := [r for r in rows if r[0] not in made]:
        await connection.execute(_INDEX, [r[0] for r in known], [r[1] for r in known])


async def _shown(connection: asyncpg.Connection, profiles: list[UUID]) -> list[tuple[UUID, set[str]]]:
    identified: dict[UUID, list[tuple[Scheme, str]]] = {}
    for profile, scheme, value in await connection.fetch(_IDENTIFIERS, profiles):
        identified.setdefault(profile, []).append((SCHEMES.word(scheme), value))
    return [
        (profile, terms(name, identified.get(profile, ())))
        for profile, name in await connection.fetch(_NAMES, profiles)
    ]
