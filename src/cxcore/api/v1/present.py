"""From what the stages give to what the API shows."""

from collections.abc import Sequence
from uuid import UUID

from cxcore.api.v1 import explained, schemas, timeline_schemas
from cxcore.model.identifier import Scheme
from cxcore.resolve import survivorship
from cxcore.resolve.candidates import Candidate
from cxcore.resolve.compared import Compared
from cxcore.resolve.fields import Field
from cxcore.resolve.linked import LinkedProfile, Living, Reason
from cxcore.resolve.lookup import Answer
from cxcore.resolve.reviews import Review
from cxcore.resolve.rules import Chains
from cxcore.timeline.coverage import SourceCoverage

_ORDER = list(Scheme)
_SHOWN = 4


def answer(found: Answer) -> schemas.ResolveOut:
    matched = next((c.matched_on for c in found.candidates if c.customer_id == found.customer_id), ())
    return schemas.ResolveOut(
        confidence=found.confidence,
        customer_id=found.customer_id,
        matched_on=list(matched),
        candidates=[
            schemas.CandidateOut(customer_id=c.customer_id, matched_on=list(c.matched_on), name_fits=c.name_fits)
            for c in found.candidates
        ],
        ignored=list(found.ignored),
    )


def customer(
    living: Living,
    profiles: Sequence[LinkedProfile],
    why: Sequence[Reason],
    chains: Chains,
    *,
    could_be: Sequence[Candidate] = (),
    explain: bool,
) -> schemas.CustomerOut:
    shown = survivorship.choose_all(profiles, chains)
    return schemas.CustomerOut(
        id=living.id,
        version=living.version,
        name=explained.value(shown.get(Field.NAME)),
        email=explained.value(shown.get(Field.EMAIL)),
        phone=explained.value(shown.get(Field.PHONE)),
        language=explained.value(shown.get(Field.LANGUAGE)),
        birth_date=explained.value(shown.get(Field.BIRTH_DATE)),
        address=explained.value(shown.get(Field.ADDRESS)),
        identifiers=identifiers(profiles),
        profiles=[schemas.ProfileOut(id=p.id, source=p.source, name=p.name, since=p.since) for p in profiles],
        reasons=[reason(r) for r in why],
        candidates=[
            schemas.PerhapsOut(customer_id=c.customer, score=c.score, evidence=c.evidence, records=c.records)
            for c in could_be
        ],
        explained=[explained.explanation(c) for c in shown.values()] if explain else None,
    )


def reason(r: Reason) -> schemas.ReasonOut:
    return schemas.ReasonOut(
        id=r.id,
        left=r.left,
        right=r.right,
        verdict=r.verdict,
        origin=r.origin,
        rule=r.rule,
        score=r.score,
        evidence=r.evidence,
        decision_id=r.decision_id,
        reason=r.reason,
        decided_at=r.decided_at,
    )


def review(r: Review) -> schemas.ReviewOut:
    return schemas.ReviewOut(
        customers=[r.left, r.right],
        profiles=list(r.profiles),
        rule=r.rule,
        score=r.score,
        evidence=r.evidence,
        records=r.records,
        model_version=r.model_version,
    )


def compared(found: Compared) -> schemas.ComparedOut:
    return schemas.ComparedOut(
        customers=list(found.customers),
        outcome=found.outcome,
        because=[reason(r) for r in found.because],
        score=found.score,
        profiles=list(found.profiles or ()),
        evidence=found.evidence,
        joined_from=found.joined_from,
        asked_from=found.asked_from,
        model_version=found.model_version,
    )


def identifiers(profiles: Sequence[LinkedProfile]) -> list[schemas.IdentifierOut]:
    sources: dict[tuple[Scheme, str, str], set[str]] = {}
    for p in profiles:
        for i in p.identifiers:
            sources.setdefault((i.scheme, i.issuer, i.value), set()).add(p.source)
    return [
        schemas.IdentifierOut(scheme=key[0], issuer=key[1], value=key[2], sources=sorted(sources[key]))
        for key in sorted(sources, key=lambda k: (_ORDER.index(k[0]), k[1:]))
    ]


def hit(customer_id: UUID, profiles: Sequence[LinkedProfile], chains: Chains, *, exact: bool) -> schemas.HitOut:
    name = survivorship.display_name(profiles, chains)
    return schemas.HitOut(
        customer_id=customer_id,
        name=name.value if name else None,
        exact=exact,
        identifiers=[i.value for i in identifiers(profiles)[:_SHOWN]],
        sources=sorted({p.source for p in profiles}),
    )


def coverage(found: SourceCoverage) -> timeline_schemas.SourceCoverageOut:
    return timeline_schemas.SourceCoverageOut(
        source=found.source,
        name=found.name,
        channels=list(found.channels),
        by_channel=[
            timeline_schemas.ChannelCoverageOut(
                channel=c.channel,
                complete_to=c.complete_to,
                gaps=[timeline_schemas.GapOut(since=g.since, until=g.until, reason=g.reason) for g in c.gaps],
            )
            for c in found.by_channel
        ],
        state=found.state,
        problem=found.problem,
        complete_to=found.complete_to,
        pulled_at=found.pulled_at,
        waiting=found.waiting,
        quarantined=found.quarantined,
        seen=[
            timeline_schemas.SeenOut(channel=s.channel, count=s.count, first_at=s.first_at, last_at=s.last_at)
            for s in found.seen
        ],
    )
