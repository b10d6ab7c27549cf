"""Opening the database that the settings name, or the embedded one."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cxcore.db.session import Database
from cxcore.errors import OperatorError
from cxcore.settings import Settings

_LEAST_KEY = 32


@contextmanager
def connected(settings: Settings) -> Iterator[Database]:
    """The database for a process; an embedded server is shared with others and stopped by the last to leave.

    The caller closes the database's pool inside its own event loop.

    Raises:
        OperatorError: there is none to be had; the message says what to do.
    """
    if settings.database_url is not None:
        yield Database(
            settings.database_url.get_secret_value(), pool_size=settings.pool_size, pgbouncer=settings.pgbouncer
        )
        return
    if settings.environment == "production":
        raise OperatorError(
            "CX_DATABASE_URL is not set.",
            hint="In production, name the PostgreSQL server; the embedded one is for trying.",
        )
    from cxcore.db import embedded  # needs POSIX locks, which a named server does not

    server = embedded.acquire(settings.data_dir.resolve() / "postgres", bindir=settings.pg_bindir)
    try:
        yield Database(server.url, pool_size=settings.pool_size)
    finally:
        embedded.release(server)


def cursor_key(settings: Settings) -> bytes:
    """The key that signs page cursors: the setting's, or one made once in the data directory.

    Raises:
        OperatorError: it is too short, or missing in production, or cannot be kept.
    """
    if settings.secret_key is not None:
        given = settings.secret_key.get_secret_value()
        if len(given) < _LEAST_KEY:
            raise OperatorError(
                f"CX_SECRET_KEY is shorter than {_LEAST_KEY} characters.", hint="Use a long random one."
            )
        return given.encode()
    if settings.environment == "production":
        raise OperatorError(
            "CX_SECRET_KEY is not set.", hint="In production, give a random one of 32 characters or more."
        )
    return kept(settings.data_dir / "secret_key")


def kept(path: Path) -> bytes:
    """The text of a file in the data directory; where there is none, it is made of 48 random bytes, for the owner alone.

    Raises:
        OperatorError: the folder cannot be used.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = path.with_suffix(f".{secrets.token_hex(4)}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
            fresh.rename(path)
        return path.read_bytes()
    except OSError as exc:
        raise OperatorError(
            f"The data directory {path.parent} cannot be used: {exc.strerror}.",
            hint="Set CX_DATA_DIR to a folder of yours.",
        ) from exc
