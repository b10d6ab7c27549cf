"""Forks a pulling and digesting process for each line it reads, so that fifty of them start in no time.

Run as ``python -m support.forker URL``: prints the child's pid, then, when the child is gone, its exit status.
"""

import asyncio
import os
import sys

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.pull import sources
from cxcore.sdk import registry

BATCH = 40


async def pull_and_digest(url: str) -> None:
    """Pull every source, then digest, in small batches so that there are many places to be killed at."""
    pipeline.BATCH = BATCH
    database = Database(url)
    async with database.unit() as session:
        found = await sources.everything(session)
    for source in found:
        await pipeline.pull(database, source)
        await pipeline.digest(database)
    await database.close()


def main() -> None:
    registry.installed()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(pull_and_digest(sys.argv[1]))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        sys.stdout.write(f"{os.waitpid(child, 0)[1]}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
