"""Finding a customer by whatever the caller says: a name, a number in any form, an address, a booking or a handle."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.model.identifier import Scheme
from cxcore.normalise import names
from cxcore.normalise.codes import SCHEMES
from cxcore.normalise.identifiers import phone

_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_LEAST_DIGITS = 4
_WORDS_LIMIT, _HITS_PER_WORD = 6, 5000
_AFTER = "\U0010ffff"

_INDEX = """
insert into search_term (profile_id, term) select * from unnest($1::uuid[], $2::text[]) on conflict do nothing
"""
_NAMES = "select id, name from profile where id = any($1::uuid[])"
_IDENTIFIERS = "select profile_id, scheme, value from identifier where profile_id = any($1::uuid[])"
_FIND = """
with hit as (
    select w.n, t.profile_id, bool_or(t.term = w.low) as whole
    from unnest($1::text[], $2::text[]) with ordinality as w(low, high, n)
    cross join lateral (
        select term, profile_id from search_term s where s.term >= w.low and s.term < w.high limit $3
    ) t
    group by w.n, t.profile_id
), customer_hit as (
    select l.customer_id, h.n, bool_or(h.whole) as whole,
           count(*) filter (where h.whole) as wholes
    from hit h join link l on l.profile_id = h.profile_id group by l.customer_id, h.n
)
select customer_id, count(*) filter (where whole) as whole, sum(wholes)::int as weight
from customer_hit group by customer_id having count(*) = $4
order by 2 desc, 3 desc, 1 limit $5
"""


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
        else:
            found.add(f"i:{names.fold(value)}")
    return found


def query_terms(text: str, *, region: str = "FI") -> list[str]:
    """The terms that a query asks for: all of them must be met, each at least by its beginning.

    An address or a number is one term; anything else is taken word by word.
    """
    text = text.strip()
    digits = re.sub(r"\D", "", text)
    if "@" in text.strip("@") and " " not in text:
        return [f"e:{text.casefold()}"]
    if text.startswith("@"):
        return [f"i:{names.fold(text[1:])}"]
    if len(digits) >= _LEAST_DIGITS and not re.search(r"[^\W\d]", text):
        full = phone(text, region)
        if full is not None:
            return [f"p:{full.removeprefix('+')[::-1]}"]
        return [f"p:{digits.lstrip('0')[::-1]}"]
    words: list[str] = []
    for token in text.split()[:_WORDS_LIMIT]:
        if any(c.isdigit() for c in token):
            words.append(f"i:{names.fold(token)}")
        else:
            words += [f"n:{word}" for word in names.words(token)]
    return words[:_WORDS_LIMIT]


async def search(session: AsyncSession, text: str, *, limit: int = 20, region: str = "FI") -> list[Hit]:
    """Customers that a query finds, whole words first, then those that more profiles confirm."""
    wanted = query_terms(text, region=region)
    if not wanted:
        return []
    connection = await driver(session)
    rows = await connection.fetch(_FIND, wanted, [w + _AFTER for w in wanted], _HITS_PER_WORD, len(wanted), limit)
    return [Hit(row["customer_id"], row["whole"] == len(wanted)) for row in rows]


async def index(session: AsyncSession, profiles: Collection[UUID]) -> None:
    """Make profiles findable by what they show now. Nothing else is forgotten of what they once showed."""
    if not profiles:
        return
    connection = await driver(session)
    await write(connection, await _shown(connection, list(profiles)))


async def write(connection: asyncpg.Connection, found: Iterable[tuple[UUID, set[str]]]) -> None:
    """Write terms of profiles."""
    rows = sorted((profile, term) for profile, shown in found for term in shown)
    if rows:
        await connection.execute(_INDEX, [r[0] for r in rows], [r[1] for r in rows])


async def _shown(connection: asyncpg.Connection, profiles: list[UUID]) -> list[tuple[UUID, set[str]]]:
    identified: dict[UUID, list[tuple[Scheme, str]]] = {}
    for profile, scheme, value in await connection.fetch(_IDENTIFIERS, profiles):
        identified.setdefault(profile, []).append((SCHEMES.word(scheme), value))
    return [(profile, terms(name, identified.get(profile, ()))) for profile, name in await connection.fetch(_NAMES, profiles)]
