"""cxcore vault: the keys that seal sources' credentials."""

import typer

from cxcore.cli import runtime
from cxcore.db.session import Database
from cxcore.pull import credentials, keyring
from cxcore.settings import Settings
from cxcore.webhooks import secrets

app = typer.Typer(no_args_is_help=True, help="The vault: sources' credentials, sealed with a key outside the database.")


@app.command()
def rotate() -> None:
    """Seal all credentials anew with the first key. Where no CX_VAULT_KEY is set, a new key is made first, and the old one
    forgotten."""

    async def work(read: Settings, database: Database) -> tuple[int, str | None]:
        vault = keyring.renewed(read)
        async with database.unit() as session:
            count = await credentials.wrap_again(session, vault) + await secrets.wrap_again(session, vault)
        keyring.forget(read)
        return count, vault.current

    count, name = runtime.run(work)
    typer.echo(f"{count} credentials are sealed with the key {name} now; older keys are not needed any more.")
