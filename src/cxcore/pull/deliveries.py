"""Deliveries: one connector believes and reads what is pushed to it; what came is remembered, so that none counts twice."""

import hmac
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.errors import CxError
from cxcore.model.ids import SourceId
from cxcore.pull.reader import ConnectorBug
from cxcore.pull.sources import Configured
from cxcore.sdk.connector import Connector
from cxcore.sdk.delivery import Delivery, Proof, Received, Refused, Trust

KEPT = timedelta(days=30)
"""How long a delivery whose signature is dated is known again: far longer than any tolerance, and than senders retry."""
_REMEMBER = """
with held as (
    select id from source where id = :source and state <> 'leaving' for key share
), over as (
    delete from delivery where (source_id, mark) in (
        select source_id, mark from delivery where expires_at < now() order by expires_at limit 4
        for update skip locked)
), new as (
    insert into delivery (source_id, mark, expires_at)
    select held.id, m.mark, now() + cast(:kept as interval)
    from held, unnest(cast(:marks as bytea[])) with ordinality as m(mark, n) order by m.n
    on conflict do nothing returning mark
)
select (select count(*) from held) as held, (select count(*) from new) as new
"""


class Repeated(Exception):
    """The delivery has come before. It ends the transaction, so that a repeat leaves no mark of its own."""


def receive(source: Configured, connector: Connector[Any], delivery: Delivery) -> Received:
    """What the connector makes of a delivery, held to the contract.

    Raises:
        Refused: the delivery is not believed.
        OperatorError: a secret or setting is missing.
        ConnectorBug: the connector stopped on anything else, or believes what nothing proves.
    """
    try:
        found = connector.receive(delivery)
    except CxError:
        raise
    except Exception as exc:
        raise ConnectorBug(f"The connector {source.connector} stopped on {type(exc).__name__}.") from exc
    if found.records and (found.proof.trust is Trust.NONE or not found.proof.marks):
        raise ConnectorBug(f"The connector {source.connector} lands what nothing proves.")
    return found


def decoy(delivery: Delivery) -> None:
    """Spend the time that a signature takes, for a source that is not there: the time must not tell which there are."""
    hmac.digest(b"decoy", delivery.body, "sha256")


async def remember(session: AsyncSession, *, source_id: SourceId, proof: Proof) -> None:
    """Remember a delivery, and forget up to four that are long over.

    Of concurrent repeats the later ones wait for the first. Marks that are not dated are kept for ever.

    Raises:
        Repeated: it, or what shares a mark with it, has been remembered before.
        Refused: the source has been removed.
    """
    given = {"source": source_id, "marks": sorted(proof.marks), "kept": KEPT if proof.stamped else None}
    counted = (await session.execute(text(_REMEMBER), given)).one()
    if not counted.held:
        raise Refused("The source has been removed.")
    if counted.new < len(proof.marks):
        raise Repeated
