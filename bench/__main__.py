"""python -m bench ingest | timeline | identity | arrivals | rebuild | connectors | deliveries | api: measure, print a table, and with --check say by the status whether goals are met."""

import argparse
import sys
from pathlib import Path
from typing import Any

from bench import (
    api,
    arrivals,
    connectors,
    deliveries,
    identity,
    ingest,
    labelled_sets,
    mails,
    peers,
    rebuild,
    server,
    timeline,
    vendors,
)
from bench.report import Report
from cxcore.cli import loop
from cxcore.resolve.spark import LOCAL

_MOST = 10_000_000


def main() -> int:
    """Run one bench; the status is 0, or 1 where ``--check`` is given and a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    ingesting = kinds.add_parser("ingest", help="the ways in, beside raw COPY of what they leave behind")
    reading = kinds.add_parser("timeline", help="the timeline page, beside the bare SQL page and without HTTP")
    for one, interactions, rounds in ((ingesting, 40_000, 3), (reading, 1_000_000, 3)):
        one.add_argument("--interactions", type=_count, default=interactions, help=f"default {interactions:,}")
        one.add_argument("--rounds", type=int, default=rounds, help=f"alternating rounds, default {rounds}")
        one.add_argument("--seed", type=int, default=1)
        one.add_argument("--database-url", help="a PostgreSQL server to measure on; default: an embedded one")
        one.add_argument("--check", action="store_true", help="end with status 1 if a goal is missed")
    ingesting.add_argument("--batch", type=int, default=20_000, help="records a batch on the bulk path")
    ingesting.add_argument("--only", choices=["connector", "bulk"], help="measure one path")
    reading.add_argument("--samples", type=int, default=500, help="pages read a class and round")
    reading.add_argument("--concurrency", type=int, default=8, help="clients, and database connections of the server")
    reading.add_argument("--seconds", type=float, default=4.0, help="of each HTTP measurement")
    reading.add_argument("--explain", action="store_true", help="print the plan of a heavy customer's page")
    telling = kinds.add_parser("identity", help="who is who: quality on labelled data and speed, beside others")
    telling.add_argument("--data", nargs="*", choices=labelled_sets.DATA, default=list(labelled_sets.DATA))
    telling.add_argument("--peers", type=_peers, default=peers.NAMES, help=f"default: {','.join(peers.NAMES)}; or none")
    telling.add_argument("--gigabytes", type=float, default=6.0, help="of memory for each peer, default 6")
    telling.add_argument("--minutes", type=float, default=15.0, help="of time for each peer, default 15")
    telling.add_argument("--records", type=_count_or_none, default=50_000, help="most for speed; 0: leave it out")
    telling.add_argument("--folder", type=Path, default=labelled_sets.FOLDER, help="of the labelled data")
    telling.add_argument("--seed", type=int, default=1)
    telling.add_argument("--check", action="store_true", help="end with status 1 if a goal is missed")
    anew = kinds.add_parser("rebuild", help="all pairs of a base anew, by this process and by Spark")
    anew.add_argument("--records", type=_count, default=50_000, help="profiles, default 50,000")
    anew.add_argument("--rounds", type=int, default=1, help="alternating rounds, default 1")
    anew.add_argument("--folder", type=Path, default=labelled_sets.FOLDER, help="of the labelled data")
    anew.add_argument("--spark-master", default=LOCAL)
    anew.add_argument("--seed", type=int, default=1)
    anew.add_argument("--database-url", help="a PostgreSQL server to measure on; default: an embedded one")
    anew.set_defaults(check=False)
    _arrivals(kinds)
    _connectors(kinds)
    _deliveries(kinds)
    _api(kinds)
    asked = parser.parse_args()
    report = Report()
    if asked.kind in {"identity", "connectors"}:
        for measure in {"identity": [identity.run], "connectors": [connectors.run, mails.run, vendors.run]}[asked.kind]:
            measure(asked, report)
        return 1 if asked.check and report.missed else 0
    with server.fresh_server(asked.database_url) as url:
        work = {
            "ingest": ingest.run,
            "timeline": timeline.run,
            "rebuild": rebuild.run,
            "arrivals": arrivals.run,
            "deliveries": deliveries.run,
            "api": api.run,
        }
        loop.run(work[asked.kind](url, asked, report))
    return 1 if asked.check and report.missed else 0


def _arrivals(kinds: Any) -> None:
    coming = kinds.add_parser("arrivals", help="profiles one at a time, one commit each, and decisions, on a base")
    coming.add_argument(
        "--bases", type=_count, nargs="+", default=[10_000, 100_000], help="sizes, the first the yardstick"
    )
    coming.add_argument("--arrivals", type=_count, default=3000, help="measured on each base, default 3,000")
    coming.add_argument("--decisions", type=int, default=200, help="merges made and taken back, default 200")
    coming.add_argument("--folder", type=Path, default=labelled_sets.FOLDER, help="of the labelled data")
    coming.add_argument("--seed", type=int, default=1)
    coming.add_argument("--database-url", help="a PostgreSQL server to measure on; default: an embedded one")
    coming.add_argument("--check", action="store_true", help="end with status 1 if a goal is missed")


def _connectors(kinds: Any) -> None:
    fetching = kinds.add_parser("connectors", help="connectors on local servers, beside raw reads of them")
    fetching.add_argument("--records", type=_count, default=20_000, help="default 20,000")
    fetching.add_argument("--mails", type=_count, default=5000, help="in the mailbox, default 5,000")
    fetching.add_argument("--vendor-records", type=_count, default=500, help="in each vendor's system, default 500")
    fetching.add_argument("--page-size", type=int, default=100, help="records a page, default 100")
    fetching.add_argument("--rounds", type=int, default=3, help="alternating rounds, default 3")
    fetching.add_argument("--seed", type=int, default=1)
    fetching.add_argument("--check", action="store_true", help="end with status 1 if a goal is missed")


def _deliveries(kinds: Any) -> None:
    pushing = kinds.add_parser("deliveries", help="what is pushed to the API, beside a bare durable insert")
    pushing.add_argument("--deliveries", type=_count, default=3000, help="of each kind, default 3,000")
    pushing.add_argument("--concurrency", type=int, default=1, help="senders, default 1")
    pushing.add_argument("--rounds", type=int, default=3, help="alternating rounds, default 3")
    pushing.add_argument("--database-url", help="a PostgreSQL server to measure on; default: an embedded one")
    pushing.set_defaults(check=False)


def _api(kinds: Any) -> None:
    serving = kinds.add_parser("api", help="the API over HTTP, beside FastAPI alone and the same work without HTTP")
    serving.add_argument("--profiles", type=_count, default=50_000, help="in the base, default 50,000")
    serving.add_argument("--concurrency", type=int, default=8, help="requests at once, default 8")
    serving.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    serving.add_argument("--rounds", type=int, default=3, help="alternating rounds, default 3")
    serving.add_argument("--database-url", help="a PostgreSQL server to measure on; default: an embedded one")
    serving.add_argument("--check", action="store_true", help="end with status 1 if a goal is missed")


def _count(text: str) -> int:
    number = int(text.replace("_", "").replace(",", ""))
    if not 1000 <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"between 1,000 and {_MOST:,}")
    return number


def _peers(text: str) -> tuple[str, ...]:
    named = () if text == "none" else tuple(text.split(","))
    if unknown := [name for name in named if name not in peers.NAMES]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: there are {', '.join(peers.NAMES)}")
    return named


def _count_or_none(text: str) -> int:
    return 0 if text == "0" else _count(text)


if __name__ == "__main__":
    sys.exit(main())
