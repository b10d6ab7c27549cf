"""What a decision would change, as the API says it."""

from cxcore.api.v1 import preview_schemas as schemas
from cxcore.resolve.effects import Becomes, Effects, Sum


def effects(found: Effects) -> schemas.EffectsOut:
    return schemas.EffectsOut(
        before=[_sum(s) for s in found.before],
        after=[_becomes(b) for b in found.after],
        leading=[schemas.LeadOut(customer_id=c, into=into) for c, into in found.leading],
        returning=list(found.returning),
        new=list(found.new),
        others=list(found.others),
        judgements=[
            schemas.JudgedOut(left=j.left, right=j.right, rule=j.rule, made=j.made, score=j.score) for j in found.judged
        ],
        reviews_ended=[list(p) for p in found.ended],
        reviews_opened=[list(p) for p in found.opened],
    )


def _sum(s: Sum) -> schemas.SumOut:
    return schemas.SumOut(
        customer_id=s.id,
        profiles=list(s.profiles),
        interactions=s.held.interactions,
        conversations=s.held.conversations,
        channels=dict(s.held.channels),
        kinds=dict(s.held.kinds),
        identifiers=[schemas.ShownIdentifierOut(scheme=i[0], issuer=i[1], value=i[2]) for i in s.identifiers],
    )


def _becomes(b: Becomes) -> schemas.BecomesOut:
    return schemas.BecomesOut(
        **dict(_sum(b.customer)),
        of=list(b.of),
        changes=[
            schemas.ValueChangeOut(
                field=c.field,
                before=[schemas.ShownBeforeOut(customer_id=who, value=value) for who, value in c.before],
                after=c.after,
            )
            for c in b.changes
        ],
        contradictions=[
            schemas.ContradictionOut(doubt=c.doubt, issuer=c.issuer, values=list(c.values), known=c.known)
            for c in b.contradictions
        ],
    )
