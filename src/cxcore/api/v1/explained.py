"""Values that are shown, as the API gives them: why they, what was corrected, and by which rules."""

from cxcore.api.v1 import value_schemas as schemas
from cxcore.resolve.chains import Setting
from cxcore.resolve.corrections import Corrected
from cxcore.resolve.linked import Correction
from cxcore.resolve.survivorship import Chosen


def value(chosen: Chosen | None) -> schemas.ValueOut | None:
    if chosen is None:
        return None
    return schemas.ValueOut(value=chosen.value, rule=chosen.rule, source=chosen.source, others=list(chosen.others))


def explanation(chosen: Chosen) -> schemas.ExplanationOut:
    return schemas.ExplanationOut(
        field=chosen.field,
        value=chosen.value,
        rule=chosen.rule,
        chain=list(chosen.chain.rules),
        priority=list(chosen.chain.sources),
        source=chosen.source,
        source_name=chosen.source_name,
        profile_id=chosen.profile_id,
        observed_at=chosen.observed_at,
        received_at=chosen.received_at,
        count=chosen.count,
        sources=list(chosen.sources),
        correction=correction(chosen.correction) if chosen.correction else None,
        losers=[
            schemas.LoserOut(
                value=loser.value,
                rule=loser.rule,
                count=loser.count,
                sources=list(loser.sources),
                observed_at=loser.observed_at,
                received_at=loser.received_at,
                correction=correction(loser.correction) if loser.correction else None,
            )
            for loser in chosen.losers
        ],
    )


def correction(made: Correction) -> schemas.CorrectionOut:
    return schemas.CorrectionOut(
        id=made.id,
        profile_id=made.profile_id,
        field=made.field,
        value=made.value,
        by=made.actor,
        reason=made.reason,
        made_at=made.made_at,
    )


def corrected(found: Corrected) -> schemas.CorrectedOut:
    return schemas.CorrectedOut(correction=correction(found.correction), customer_id=found.customer)


def chain(setting: Setting) -> schemas.ChainOut:
    return schemas.ChainOut(
        field=setting.field,
        rules=list(setting.chain.rules),
        sources=list(setting.chain.sources),
        default=setting.default,
        set_by=setting.actor,
        set_at=setting.set_at,
    )
