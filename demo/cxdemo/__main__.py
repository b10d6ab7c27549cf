"""`python -m cxdemo OUT --end 2026-03-12T20:00+02:00` writes the demo world."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from cxdemo.generate import generate
from cxdemo.moments import HELSINKI


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="cxdemo", description="Write the demo world: an invented hotel chain and its customers."
    )
    parser.add_argument("out", type=Path, help="folder to write into")
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--interactions", type=int, default=40000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--end",
        type=datetime.fromisoformat,
        required=True,
        help="moment of the exports, ISO 8601; Helsinki time if it has no offset",
    )
    options = parser.parse_args(arguments)
    end = options.end if options.end.tzinfo else options.end.replace(tzinfo=HELSINKI)
    summary = generate(
        options.out, people=options.people, interactions=options.interactions, seed=options.seed, end=end
    )
    counts = ", ".join(f"{system} {number}" for system, number in summary.counts.items())
    sys.stdout.write(
        f"{summary.out}: {summary.people} people, {summary.interactions} interactions ({counts}), {summary.poison} broken on purpose\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
