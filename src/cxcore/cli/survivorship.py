"""cxcore survivorship, and cxcore customer correct, uncorrect, explain: which value is shown, why, and putting it right."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from cxcore.cli import runtime, shown
from cxcore.cli.customer import actor, uuid
from cxcore.db.session import Database
from cxcore.errors import InvalidInput
from cxcore.resolve import chains, corrections, customers
from cxcore.resolve.chains import Setting
from cxcore.resolve.corrections import Corrected
from cxcore.resolve.fields import Field
from cxcore.resolve.rules import Rule
from cxcore.resolve.survivorship import Chosen, Loser, choose_all
from cxcore.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Survivorship: which of several values is shown.")
Customer = Annotated[str, typer.Argument(help="A customer's id, present or past.")]
Which = Annotated[Field, typer.Argument(help="The field; email and phone are the main ones.")]


@app.command("list")
def list_() -> None:
    """List the rules of each field."""

    async def work(_: Settings, database: Database) -> Table:
        table = shown.table("field", "rules", "sources", "set by", "at", whole=["field"])
        async with database.unit() as session:
            for s in await chains.everything(session):
                row = (s.field, ", ".join(s.chain.rules), ", ".join(s.chain.sources))
                shown.add(table, *row, s.actor or "default", _stamp(s.set_at))
        return table

    Console().print(runtime.run(work))


@app.command("set")
def set_(
    field: Which,
    rule: Annotated[str, typer.Argument(metavar="RULE[,RULE...]", help=f"In their order: {', '.join(Rule)}.")],
    sources: Annotated[str, typer.Option(help="Keys for source_priority, best first, with commas between.")] = "",
) -> None:
    """Have a field's value chosen by these rules. Nothing but what is shown changes."""
    try:
        wanted = [Rule(word) for word in _words(rule)]
    except ValueError as exc:
        raise InvalidInput("One of these is no rule.", hint=f"Choose among {', '.join(Rule)}.") from exc

    async def work(_: Settings, database: Database) -> Setting:
        async with database.unit() as session:
            return await chains.put(session, field, wanted=wanted, sources=_words(sources), actor=actor())

    _tell(runtime.run(work))


@app.command()
def reset(field: Which) -> None:
    """Lead a field back to the rules that ship."""

    async def work(_: Settings, database: Database) -> Setting:
        async with database.unit() as session:
            return await chains.reset(session, field, actor=actor())

    _tell(runtime.run(work))


def correct(
    customer: Customer,
    field: Which,
    value: Annotated[str, typer.Argument(help="What is right, whatever the sources say.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the correction.")],
    region: Annotated[str, typer.Option(help="Country whose national telephone numbers are meant.")] = "FI",
) -> None:
    """Correct a value that is shown; it comes before what any source says."""

    async def work(_: Settings, database: Database) -> Corrected:
        async with database.unit() as session:
            return await corrections.correct(
                session,
                customer=uuid(customer),
                field=field,
                value=value,
                region=region,
                actor=actor(),
                reason=reason,
            )

    made = runtime.run(work)
    typer.echo(
        f"Correction {made.correction.id}; {field.value} of {made.customer} is {shown.harmless(made.correction.value)}"
    )


def uncorrect(correction: Annotated[str, typer.Argument(help="The correction's id.")]) -> None:
    """Take a correction back; what is shown is what it is without it."""

    async def work(_: Settings, database: Database) -> UUID | None:
        async with database.unit() as session:
            return (await corrections.revoke(session, correction=uuid(correction), actor=actor())).customer

    whose = runtime.run(work)
    typer.echo(f"Revoked; customer: {whose}" if whose else "Revoked; the profile it sat on is gone.")


def explain(
    customer: Customer, field: Annotated[Field | None, typer.Argument(help="One field; all without it.")] = None
) -> None:
    """Say why each value is shown: rule, source, time, and the values it was chosen over."""

    async def work(_: Settings, database: Database) -> list[Chosen]:
        async with database.unit() as session:
            living = await customers.find_living(session, uuid(customer))
            profiles = (await customers.linked_profiles(session, [living.id]))[living.id]
            found = choose_all(profiles, await chains.current(session))
        return [c for c in found.values() if field in {None, c.field}]

    table = shown.table("field", "value", "because of", "source", "seen", "profiles", "correction", whole=["field"])
    for c in runtime.run(work):
        because = f"{c.rule} (of {', '.join(c.chain.rules)})" if c.losers and c.correction is None else c.rule.value
        said = (because, ", ".join(c.sources), _stamp(c.observed_at), str(c.count), _correction(c))
        shown.add(table, c.field, c.value, *said)
        for loser in c.losers:
            lost = (f"lost by {loser.rule}", ", ".join(loser.sources), _stamp(loser.observed_at), str(loser.count))
            shown.add(table, "", loser.value, *lost, _correction(loser))
    Console().print(table)


def _correction(found: Chosen | Loser) -> str:
    made = found.correction
    return f"{made.id} {made.actor} {_stamp(made.made_at)}: {made.reason}" if made else ""


def _tell(made: Setting) -> None:
    sources = f" ({', '.join(made.chain.sources)})" if made.chain.sources else ""
    typer.echo(f"{made.field.value}: {', '.join(made.chain.rules)}{sources}{', the default' if made.default else ''}")


def _stamp(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def _words(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]
