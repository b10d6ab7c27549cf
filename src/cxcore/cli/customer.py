"""cxcore customer: find customers, see why they are one, merge, separate and undo."""

import getpass
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from cxcore.cli import effects, runtime, shown
from cxcore.db.session import Database
from cxcore.errors import InvalidInput
from cxcore.resolve import chains, customers, decisions, survivorship
from cxcore.resolve import preview as previews
from cxcore.resolve.decisions import Decision
from cxcore.resolve.effects import Effects
from cxcore.resolve.relations import relations
from cxcore.settings import Settings
from cxcore.timeline import search

app = typer.Typer(no_args_is_help=True, help="Customers: who is who, and deciding it.")
Reason = Annotated[str, typer.Option(help="Why; kept with the decision.")]
Why = Annotated[str | None, typer.Option("--reason", help="Why; kept with the decision. Only --preview needs none.")]
Preview = Annotated[bool, typer.Option("--preview", help="Say what would change, and decide nothing.")]


@app.command()
def find(query: Annotated[str, typer.Argument(help="A name, number, address or handle.")]) -> None:
    """Find customers."""

    async def work(_: Settings, database: Database) -> Table:
        table = shown.table("customer", "name", "sources", whole=["customer"])
        async with database.unit() as session:
            hits = await search.search(session, query)
            found = await customers.linked_profiles(session, [h.customer_id for h in hits])
            rules = await chains.current(session)
            for h in hits:
                name = survivorship.display_name(found[h.customer_id], rules)
                shown.add(
                    table,
                    str(h.customer_id),
                    name.value if name else "(no name)",
                    " ".join(sorted({p.source for p in found[h.customer_id]})),
                )
        return table

    Console().print(runtime.run(work))


@app.command()
def why(customer: Annotated[str, typer.Argument(help="A customer's id.")]) -> None:
    """Show a customer's profiles, and the judgements that make them one."""

    async def work(_: Settings, database: Database) -> list[Table]:
        profiles = shown.table("profile", "source", "name", "identifiers", whole=["profile"])
        reasons = shown.table("rule", "profiles", "because of", "decision", whole=["decision"])
        async with database.unit() as session:
            living = await customers.find_living(session, uuid(customer))
            found = (await customers.linked_profiles(session, [living.id]))[living.id]
            for p in found:
                shown.add(profiles, str(p.id), p.source, p.name or "", " ".join(i.value for i in p.identifiers))
            for r in await customers.reasons(session, [p.id for p in found]):
                because = r.reason or grounds(r.evidence)
                pair = f"{str(r.left)[:8]} {str(r.right)[:8]}"
                shown.add(reasons, f"{r.rule} ({r.verdict})", pair, because, str(r.decision_id or ""))
        return [profiles, reasons]

    Console().print(*runtime.run(work), sep="\n")


@app.command("relations")
def related(
    customer: Annotated[str, typer.Argument(help="A customer's id.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, the closest first.")] = 50,
) -> None:
    """Show who a customer shares a household, a company or a line with. They are no merges."""

    async def work(_: Settings, database: Database) -> tuple[Table, str]:
        table = shown.table("kind", "customer", "name", "because of", whole=["kind", "customer"])
        async with database.unit() as session:
            living = await customers.find_living(session, uuid(customer))
            found = await relations(session, living.id, limit=limit)
            profiles = await customers.linked_profiles(session, [r.customer for r in found.page])
            rules = await chains.current(session)
            for r in found.page:
                name = survivorship.display_name(profiles[r.customer], rules)
                because = ", ".join(f"{t.attribute} {t.value} ({t.people} people)" for t in r.ties)
                shown.add(table, r.kind, str(r.customer), name.value if name else "(no name)", because)
        return table, f"{len(found.page)} of {'at least ' if found.more else ''}{found.total}."

    table, count = runtime.run(work)
    Console().print(table)
    typer.echo(count)


@app.command()
def merge(
    customer: Annotated[list[str], typer.Argument(help="Two or more customers' ids.")],
    reason: Why = None,
    *,
    preview: Preview = False,
) -> None:
    """Decide that customers are one and the same."""
    ids, why = [uuid(c) for c in customer], said(reason, preview=preview)

    async def work(_: Settings, database: Database) -> Decision | Effects:
        async with database.unit() as session:
            if preview:
                return await previews.merge(session, customers=ids)
            return await decisions.merge(session, customers=ids, actor=actor(), reason=why)

    tell(runtime.run(work))


@app.command()
def separate(
    customer: Annotated[str, typer.Argument(help="A customer's id.")],
    profile: Annotated[list[str], typer.Option(help="A profile that is someone else; can be given several times.")],
    reason: Why = None,
    *,
    preview: Preview = False,
) -> None:
    """Decide that some profiles of a customer are someone else."""
    whose, profiles, why = uuid(customer), [uuid(p) for p in profile], said(reason, preview=preview)

    async def work(_: Settings, database: Database) -> Decision | Effects:
        async with database.unit() as session:
            if preview:
                return await previews.separate(session, customer=whose, profiles=profiles)
            return await decisions.separate(session, customer=whose, profiles=profiles, actor=actor(), reason=why)

    tell(runtime.run(work))


@app.command()
def unmerge(decision: Annotated[str, typer.Argument(help="The decision's id.")], *, preview: Preview = False) -> None:
    """Take a decision back; the customers become exactly what they are without it."""

    async def work(_: Settings, database: Database) -> Decision | Effects:
        async with database.unit() as session:
            if preview:
                return await previews.revoke(session, decision=uuid(decision))
            return await decisions.revoke(session, decision=uuid(decision), actor=actor())

    tell(runtime.run(work))


def grounds(evidence: dict[str, Any]) -> str:
    """Evidence in one line: what is verified and what that contradicts, the odds it began with, and each attribute with its
    level and bits."""
    found = [
        f"{a['name']} {a.get('level', 'mixed')} {a['bits']:+.1f}" + (f" ({a['value']})" if "value" in a else "")
        for a in evidence.get("attributes", ())
    ]
    if not found:
        return "equal values"
    against = [f"{c['name']} ({c['issuer']})" if c["issuer"] else c["name"] for c in evidence.get("contradicts", ())]
    told = [("same verified", evidence.get("verified", ())), ("contradict each other in", against)]
    first = "".join(f"{what} {', '.join(names)}; " for what, names in told if names)
    return f"{first}against {evidence['against']} {evidence['prior']:+.1f}; " + ", ".join(found)


def said(reason: str | None, *, preview: bool) -> str:
    """The reason given; a preview needs none.

    Raises:
        InvalidInput: it is missing.
    """
    if not reason and not preview:
        raise InvalidInput("A decision needs a reason.", hint='Give it with --reason "...", or look with --preview.')
    return reason or ""


def tell(made: Decision | Effects) -> None:
    """Say what was decided, or would be."""
    if isinstance(made, Effects):
        Console().print(*effects.tables(made), sep="\n")
        return
    typer.echo(f"Decision {made.id}; customers now: {' '.join(map(str, made.customers))}")


def actor() -> str:
    """Who decides: the user of this machine."""
    return f"cli:{getpass.getuser()}"


def uuid(text: str) -> UUID:
    """An id as typed.

    Raises:
        InvalidInput: it is none.
    """
    try:
        return UUID(text)
    except ValueError as exc:
        raise InvalidInput(
            f"{text!r} is not an id.", hint="Ids look like 6f0c2d1e-5a0b-5d6e-9a53-0b6c7c1c4f11."
        ) from exc
