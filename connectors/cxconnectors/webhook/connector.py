"""The connector: a system that delivers JSON as a source."""

from collections.abc import AsyncIterator, Iterable

from cxconnectors.webhook.body import read
from cxconnectors.webhook.config import STREAM, WebhookConfig
from cxconnectors.webhook.reading import RAW_BODY, Reading, raw
from cxcore.model.interaction import Channel
from cxcore.sdk import (
    Connector,
    Cursor,
    Delivery,
    Manifest,
    Mapped,
    Page,
    Proof,
    Received,
    Record,
    RecordRejected,
    Stream,
    Trust,
)
from cxcore.sdk.signature import Hmac, asked, check_secrets, confirmed, verify
from cxcore.sdk.signature.content import FORM, is_form


class Webhook(Connector[WebhookConfig]):
    """Whatever a system delivers."""

    manifest = Manifest(
        key="webhook",
        name="Webhooks: any JSON",
        channels=frozenset(Channel),
        streams=(Stream(name=STREAM),),
        pulls=False,
        owner="cxcore",
        docs="connectors/cxconnectors/webhook/README.md",
    )
    Config = WebhookConfig

    def __init__(self, config: WebhookConfig) -> None:
        super().__init__(config)
        self._reading = Reading(config)
        self._handshake = config.scheme.handshake if isinstance(config.scheme, Hmac) else None

    async def check(self) -> str:
        """There is nothing to reach: that the secrets are of the scheme's form, and which it is."""
        check_secrets(self.config.believed_by, self.config.secrets)
        return f"deliveries by {self.config.scheme_name}, to {self.config.public_url or '/v1/deliveries/ and the key'}"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        """Nothing: what was delivered cannot be asked for."""
        nothing: tuple[Page, ...] = ()
        for page in nothing:
            yield page

    def receive(self, delivery: Delivery) -> Received:
        """Records of the body, once its sender is known; whole and raw where it cannot be read."""
        secrets = self.config.secrets
        if delivery.method == "GET":
            return Received(Proof(Trust.NONE), challenge=asked(self._handshake, delivery, secrets))
        proof = verify(self.config.believed_by, delivery, secrets, url=self._url(delivery))
        origin = f"delivery of {delivery.received_at:%Y-%m-%dT%H:%M:%SZ}"
        kind = FORM if is_form(delivery) else RAW_BODY
        try:
            value = read(delivery.body, kind)
            if challenge := confirmed(self._handshake, value, secrets):
                return Received(proof, challenge=challenge)
            told = self._reading.told(value)
        except RecordRejected:
            return Received(proof, [raw(delivery.body, kind, origin)])
        return Received(proof.named(told.name), list(self._reading.records(told, origin)))

    def map(self, record: Record) -> Iterable[Mapped]:
        """What the mapping says."""
        return self._reading.mapped(record)

    def _url(self, delivery: Delivery) -> str | None:
        """The address as the sender wrote it: ours behind a proxy may be another."""
        url = self.config.public_url
        return f"{url}?{delivery.query}" if url and delivery.query else url
