"""The command line: everything an operator does; every foreseen error is one line that says what to do."""

import sys

from cxcore.cli.app import app
from cxcore.cli.shown import harmless
from cxcore.errors import CxError, InvalidInput


def main() -> None:
    """Run a command; a foreseen error is printed in one line and ends with status 1."""
    try:
        if not all(word.isascii() or _is_text(word) for word in sys.argv):
            raise InvalidInput("An argument is not UTF-8 text.", hint="Set the terminal to UTF-8, or rename the file.")
        app()
    except CxError as exc:
        print(f"cxcore: {harmless(' '.join(str(exc).split()))}", file=sys.stderr)  # noqa: T201 - the command line speaks
        sys.exit(1)


def _is_text(word: str) -> bool:
    """Whether the argument came as UTF-8; Python keeps other bytes as lone surrogates."""
    return not any("\ud800" <= c <= "\udfff" for c in word)
