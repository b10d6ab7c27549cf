"""What a decision would change, on a terminal."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from rich.table import Table

from cxcore.cli import shown
from cxcore.resolve.effects import Effects, Sum
from cxcore.resolve.fields import Field


def tables(found: Effects) -> list[Table]:
    """The customers before and after in numbers, what would be shown instead, and what else would change."""
    counted = shown.table("", "customer", "name", "profiles", "interactions", "conversations", whole=["customer"])
    for s in found.before:
        _counted(counted, "today", s)
    for b in found.after:
        _counted(counted, "then", b.customer)
    return [counted, _changes(found), _rest(found)]


def _counted(table: Table, when: str, s: Sum) -> None:
    kinds = ", ".join(f"{kind.value} {n}" for kind, n in s.held.kinds)
    shown.add(
        table,
        when,
        str(s.id),
        s.values.get(Field.NAME),
        str(len(s.profiles)),
        f"{s.held.interactions}" + (f" ({kinds})" if kinds else ""),
        str(s.held.conversations),
    )


def _changes(found: Effects) -> Table:
    table = shown.table("customer then", "shows", "today", "then", whole=["customer then"])
    for b in found.after:
        for c in b.changes:
            today = "; ".join(f"{value} ({str(who)[:8]})" for who, value in c.before)
            shown.add(table, str(b.customer.id), c.field.value, today or "(nothing)", c.after or "(nothing)")
        for d in b.contradictions:
            word = "contradiction" + (", known today" if d.known else "")
            shown.add(table, str(b.customer.id), d.doubt.value, word, "; ".join(d.values))
    return table


def _rest(found: Effects) -> Table:
    table = shown.table("", "", whole=[""])
    lines: Sequence[tuple[str, Iterable[str]]] = (
        ("leads elsewhere", [f"{c} to {into}" for c, into in found.leading]),
        ("lives again", map(str, found.returning)),
        ("new id", map(str, found.new)),
        ("changes unnamed", map(str, found.others)),
        ("review ends", map(_pair, found.ended)),
        ("review opens", map(_pair, found.opened)),
        (
            "rule",
            [f"{'made' if j.made else 'gone'}: {j.rule} {str(j.left)[:8]} {str(j.right)[:8]}" for j in found.judged],
        ),
        ("nothing", ["was decided; this is a preview"]),
    )
    for word, values in lines:
        for value in values:
            shown.add(table, word, value)
    return table


def _pair(pair: tuple[UUID, UUID]) -> str:
    return f"{pair[0]} {pair[1]}"
