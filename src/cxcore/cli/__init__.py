"""The command line: everything an operator does; every foreseen error is one line that says what to do."""

import sys

from cxcore.cli.app import app
from cxcore.errors import CxError


def main() -> None:
    """Run a command; a foreseen error is printed in one line and ends with status 1."""
    try:
        app()
    except CxError as exc:
        print(f"cxcore: {' '.join(str(exc).split())}", file=sys.stderr)  # noqa: T201 - the command line speaks
        sys.exit(1)
