"""Webhooks: where events are sent, how each does, and what was sent."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request

from cxcore import clock
from cxcore.api.access import Unit, needs
from cxcore.api.idempotency import Once
from cxcore.api.problems import responses
from cxcore.api.v1 import webhook_schemas as schemas
from cxcore.auth.keys import Principal
from cxcore.auth.scopes import Scope
from cxcore.errors import NotFound
from cxcore.pull.vault import Vault
from cxcore.webhooks import deliveries, endpoints
from cxcore.webhooks.deliveries import Logged
from cxcore.webhooks.tables import Webhook

router = APIRouter(prefix="/v1", tags=["webhooks"], route_class=Once)
Reader = Annotated[Principal, Depends(needs(Scope.READ_WEBHOOKS))]
Writer = Annotated[Principal, Depends(needs(Scope.WRITE_WEBHOOKS))]
Id = Annotated[UUID, Path(description="Id of the webhook.")]
DeliveryId = Annotated[UUID, Path(description="Id of the delivery.")]


def _vault(request: Request) -> Vault:
    found: Vault = request.app.state.vault
    return found


def _private(request: Request) -> bool:
    allowed: bool = request.app.state.webhook_private_network
    return allowed


Sealing = Annotated[Vault, Depends(_vault)]
Private = Annotated[bool, Depends(_private)]


@router.get("/webhooks", operation_id="listWebhooks", responses=responses())
async def every(session: Unit, _: Reader) -> schemas.WebhooksOut:
    """All webhooks and how each does. Their secrets are never shown again."""
    return schemas.WebhooksOut(webhooks=[_out(w) for w in await endpoints.everything(session)])


@router.post("/webhooks", status_code=201, operation_id="addWebhook", responses=responses())
async def add(
    body: schemas.WebhookIn, session: Unit, who: Writer, vault: Sealing, private: Private
) -> schemas.WebhookMadeOut:
    """Have events sent to an address, from now on. The answer holds the secret that verifies them, this once."""
    made, secret = await endpoints.add(
        session,
        vault,
        url=body.url,
        description=body.description,
        types=body.types,
        actor=who.actor,
        at=clock.now(),
        private_network=private,
    )
    return schemas.WebhookMadeOut(**_out(made).model_dump(), secret=secret)


@router.get("/webhooks/{webhook_id}", operation_id="readWebhook", responses=responses(NotFound))
async def read(webhook_id: Id, session: Unit, _: Reader) -> schemas.WebhookOut:
    """A webhook and how it does."""
    return _out(await endpoints.find(session, webhook_id))


@router.patch("/webhooks/{webhook_id}", operation_id="changeWebhook", responses=responses(NotFound))
async def change(
    webhook_id: Id, body: schemas.WebhookPatchIn, session: Unit, _: Writer, private: Private
) -> schemas.WebhookOut:
    """Change a webhook. What waits goes to the new address."""
    changed = await endpoints.change(
        session,
        webhook_id,
        url=body.url,
        description=body.description,
        types=body.types,
        every_type="types" in body.model_fields_set and body.types is None,
        private_network=private,
    )
    return _out(changed)


@router.delete("/webhooks/{webhook_id}", status_code=204, operation_id="removeWebhook", responses=responses(NotFound))
async def remove(webhook_id: Id, session: Unit, _: Writer) -> None:
    """Take a webhook away with its secrets, its log and what waits."""
    await endpoints.remove(session, webhook_id)


@router.post("/webhooks/{webhook_id}:enable", operation_id="enableWebhook", responses=responses(NotFound))
async def enable(webhook_id: Id, session: Unit, _: Writer) -> schemas.WebhookOut:
    """Send again: what waits, and what happened meanwhile, up to 30 days back."""
    return _out(await endpoints.enable(session, webhook_id))


@router.post("/webhooks/{webhook_id}:disable", operation_id="disableWebhook", responses=responses(NotFound))
async def disable(webhook_id: Id, session: Unit, _: Writer) -> schemas.WebhookOut:
    """Send nothing until it is enabled."""
    return _out(await endpoints.disable(session, webhook_id))


@router.post("/webhooks/{webhook_id}:rotate", operation_id="rotateWebhook", responses=responses(NotFound))
async def rotate(webhook_id: Id, session: Unit, _: Writer, vault: Sealing) -> schemas.SecretOut:
    """Make a new secret. For 24 hours each message carries a signature of the one before, too."""
    return schemas.SecretOut(secret=await endpoints.rotate(session, vault, webhook_id, at=clock.now()))


@router.post("/webhooks/{webhook_id}:test", status_code=202, operation_id="testWebhook", responses=responses(NotFound))
async def test(webhook_id: Id, session: Unit, who: Writer) -> schemas.WebhookOut:
    """Send an event `cxcore.webhook.tested` to this webhook alone; its log shows what came of it."""
    await endpoints.test(session, webhook_id, actor=who.actor)
    return _out(await endpoints.find(session, webhook_id))


@router.post(
    "/webhooks/{webhook_id}:replay", status_code=202, operation_id="replayWebhook", responses=responses(NotFound)
)
async def replay(webhook_id: Id, body: schemas.ReplayIn, session: Unit, _: Writer) -> schemas.ReplayedOut:
    """Send all that happened since a time anew, under the ids it had."""
    count = await deliveries.replay(session, webhook_id, since=body.since, at=clock.now())
    return schemas.ReplayedOut(deliveries=count)


@router.get("/webhooks/{webhook_id}/deliveries", operation_id="listWebhookDeliveries", responses=responses(NotFound))
async def log(
    webhook_id: Id,
    session: Unit,
    _: Reader,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only before this position.")] = None,
    state: Annotated[schemas.DeliveryState | None, Query(description="Only those in this state.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many, the newest event first.")] = 50,
) -> schemas.DeliveriesOut:
    """What was sent to a webhook, attempt by attempt, for 30 days."""
    found = await deliveries.page(session, webhook_id, before=before, state=state, limit=limit)
    return schemas.DeliveriesOut(
        deliveries=[_delivery(d) for d in found], next=found[-1].sequence if len(found) == limit else None
    )


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}:resend",
    status_code=202,
    operation_id="resendWebhookDelivery",
    responses=responses(NotFound),
)
async def resend(webhook_id: Id, delivery_id: DeliveryId, session: Unit, _: Writer) -> schemas.WebhookOut:
    """Send one delivery anew, under the id it had."""
    await deliveries.resend(session, webhook_id, delivery_id, at=clock.now())
    return _out(await endpoints.find(session, webhook_id))


def _out(found: Webhook) -> schemas.WebhookOut:
    return schemas.WebhookOut.model_validate(
        {
            "id": str(found.id),
            "url": found.url,
            "description": found.description,
            "types": found.types,
            "state": found.state,
            "problem": found.problem,
            "hint": endpoints.advice(found),
            "position": found.reached,
            "failures": found.failures,
            "failing_since": found.failing_since,
            "rests_until": found.rests_until,
            "created_at": found.created_at,
            "created_by": found.created_by,
        }
    )


def _delivery(found: Logged) -> schemas.DeliveryOut:
    return schemas.DeliveryOut.model_validate(
        {
            "id": str(found.id),
            "position": found.sequence,
            "event": str(found.event),
            "type": found.type,
            "time": found.occurred_at,
            "state": found.state,
            "next_at": found.due_at if found.state == "waiting" else None,
            "attempts": [
                {"at": a.at, "seconds": a.seconds, "status": a.status, "problem": a.problem} for a in found.log
            ],
        }
    )
