"""Who calls, and what happened with them last: `python example.py URL KEY PHONE`."""

import sys

from cxcore_client import Failed, connect, pages, result
from cxcore_client.v1.api.customers import read_timeline, resolve_customer
from cxcore_client.v1.models import IdentifierIn, ResolveIn, Scheme


def main(url: str, key: str, phone: str) -> int:
    """Print the newest interactions of the customer behind a phone number; how many there are in all."""
    with connect(url, key) as client:
        found = result(
            resolve_customer.sync(
                client=client, body=ResolveIn(identifiers=[IdentifierIn(scheme=Scheme.PHONE, value=phone)])
            )
        )
        if found.customer_id is None:
            print(f"Nobody for certain ({found.confidence}).")
            return 0
        count = 0
        for page in pages(read_timeline.sync, found.customer_id, client=client, limit=2):
            for entry in page.entries:
                print(entry.occurred_at.date(), entry.channel, entry.subject or entry.text or "")
            count += len(page.entries)
        return count


if __name__ == "__main__":
    try:
        main(*sys.argv[1:4])
    except Failed as exc:
        sys.exit(str(exc))
