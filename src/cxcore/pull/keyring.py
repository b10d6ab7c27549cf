"""The vault's keys: from the setting, or, for trying, kept in the data directory."""

import os
import secrets

from cxcore.db.connect import kept
from cxcore.errors import OperatorError
from cxcore.pull.vault import Vault
from cxcore.settings import Settings

_FILE = "vault_key"


def vault(settings: Settings) -> Vault:
    """The vault of this installation; without a key in production it opens and seals nothing.

    Raises:
        OperatorError: a key is too short, or the data directory cannot be used.
    """
    if settings.vault_key is not None:
        return Vault.of(settings.vault_key.get_secret_value().split())
    if settings.environment == "production":
        return Vault()
    return Vault.of(kept(settings.data_dir / _FILE).decode("ascii").split())


def renewed(settings: Settings) -> Vault:
    """The vault with a new first key, where the keys are kept in the data directory; otherwise as the setting has them.

    Raises:
        OperatorError: as ``vault``, or there is no key.
    """
    present = vault(settings)
    if present.current is None:
        raise OperatorError("There is no key to seal credentials with.", hint="Set CX_VAULT_KEY.")
    if settings.vault_key is not None:
        return present
    path = settings.data_dir / _FILE
    keys = [secrets.token_urlsafe(48), *path.read_text(encoding="ascii").split()]
    _write(settings, keys)
    return Vault.of(keys)


def forget(settings: Settings) -> None:
    """Keep only the first key in the data directory; for when nothing is sealed with the others any more."""
    if settings.vault_key is None:
        _write(settings, (settings.data_dir / _FILE).read_text(encoding="ascii").split()[:1])


def _write(settings: Settings, keys: list[str]) -> None:
    fresh = settings.data_dir / f"{_FILE}.{secrets.token_hex(4)}"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write("\n".join(keys))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(settings.data_dir / _FILE)
