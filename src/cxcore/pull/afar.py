"""Configuring from afar: what whoever is not on this server, by the API or a page, must not have it do."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from cxcore.errors import InvalidInput
from cxcore.pull.sources import REFERENCES, SEALED, secret_fields
from cxcore.sdk import registry


def check(connector: str, config: Mapping[str, Any], *, before: Mapping[str, Any] = MappingProxyType({})) -> None:
    """Refuse a configuration that whoever is not on this server must not give: it would have them read its files or its
    environment, or have a secret that they do not know sent to an address of theirs.

    ``before``: the settings that it changes.

    Raises:
        NotFound: no such connector.
        InvalidInput: the connector reads this server, or a setting refers to it; or settings change beside a secret that
            is not entered anew.
    """
    kind = registry.connector(connector)
    if kind.manifest.local:
        raise InvalidInput(
            f"The connector {connector} reads this server's own files or databases.",
            hint="Configure it on the command line.",
        )
    secret = secret_fields(connector)
    for field in secret:
        if str(config.get(field)).startswith(REFERENCES):
            raise InvalidInput(
                f"{field} refers to this server's environment or files.",
                hint="Give the secret itself, which is sealed, or configure it on the command line.",
            )
    for name, setting in kind.Config.model_fields.items():
        if config.get(name) is not None and Path in (setting.annotation, *get_args(setting.annotation)):
            raise InvalidInput(f"{name} is a file of this server's.", hint="Configure it on the command line.")
    unknown = [field for field in secret if before.get(field) is not None and config.get(field) in {None, SEALED}]
    if unknown and any(config[name] != before.get(name) for name in config if name not in secret):
        raise InvalidInput(
            "Settings can say where secrets are sent.",
            hint=f"Give {' and '.join(unknown)} anew with them, or change them on the command line.",
        )
