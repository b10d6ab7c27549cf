"""A connector to start from: a distribution of its own that reads an invented system and passes the conformance suite."""

import keyword
import re
from pathlib import Path

from cxcore.errors import Conflict, InvalidInput, OperatorError
from cxcore.sdk import registry

_TEMPLATE = Path(__file__).parent / "template"
_SUFFIX = ".template"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,48}")


def scaffold(name: str, into: Path) -> Path:
    """Write the connector ``name`` as the folder ``cxcore-NAME`` in ``into``, and return that folder.

    Raises:
        InvalidInput: it is no name for a connector.
        Conflict: a connector of that name is installed, or the folder is there.
        OperatorError: it cannot be written.
    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise InvalidInput(
            f"{name!r} is no name for a connector.", hint="Small letters, digits and _, such as front_desk."
        )
    if name in registry.installed():
        raise Conflict(f"A connector {name} is installed.", hint="Take another name: it is how sources name it.")
    folder = into / f"cxcore-{name.replace('_', '-')}"
    try:
        folder.mkdir(parents=True)
        for template in sorted(_TEMPLATE.rglob(f"*{_SUFFIX}")):
            path = folder / _named(str(template.relative_to(_TEMPLATE)).removesuffix(_SUFFIX), name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_named(template.read_text(encoding="utf-8"), name), encoding="utf-8")
    except FileExistsError:
        raise Conflict(f"{folder} is there already.") from None
    except OSError as exc:
        raise OperatorError(f"{folder} cannot be written: {exc.strerror}.") from exc
    return folder


def _named(text: str, name: str) -> str:
    """The template's text with Parley's name in all its forms replaced."""
    words = name.split("_")
    forms = {"cxcore-parley": f"cxcore-{'-'.join(words)}", "PARLEY": name.upper()}
    forms |= {"Parley": "".join(word.capitalize() for word in words), "parley": name}
    for form, instead in forms.items():
        text = text.replace(form, instead)
    return text
