from enum import StrEnum


class EventType(StrEnum):
    CXCORE_CORRECTION_MADE = "cxcore.correction.made"
    CXCORE_CORRECTION_REVOKED = "cxcore.correction.revoked"
    CXCORE_CUSTOMERS_CHANGED = "cxcore.customers.changed"
    CXCORE_CUSTOMER_CHANGED = "cxcore.customer.changed"
    CXCORE_CUSTOMER_CREATED = "cxcore.customer.created"
    CXCORE_CUSTOMER_MERGED = "cxcore.customer.merged"
    CXCORE_CUSTOMER_SPLIT = "cxcore.customer.split"
    CXCORE_DECISION_MADE = "cxcore.decision.made"
    CXCORE_DECISION_REVOKED = "cxcore.decision.revoked"
    CXCORE_INTERACTION_RECEIVED = "cxcore.interaction.received"
    CXCORE_MODEL_ACTIVATED = "cxcore.model.activated"
    CXCORE_SOURCE_STOPPED = "cxcore.source.stopped"
    CXCORE_SURVIVORSHIP_CHANGED = "cxcore.survivorship.changed"
    CXCORE_WEBHOOK_PAUSED = "cxcore.webhook.paused"
    CXCORE_WEBHOOK_TESTED = "cxcore.webhook.tested"

    @classmethod
    def _missing_(cls, value: object) -> "EventType":
        """A value that a later version of the API answers with is kept as it is; it is equal to its text."""
        unknown = str.__new__(cls, str(value))
        unknown._name_ = unknown._value_ = str(value)
        return unknown

    def __str__(self) -> str:
        return str(self.value)
