"""Relations, as the API gives them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from cxcore.api.v1 import relation_schemas as schemas
from cxcore.resolve import survivorship
from cxcore.resolve.linked import LinkedProfile
from cxcore.resolve.relations import Relation, Relations
from cxcore.resolve.rules import Chains


def relations(
    found: Relations, profiles: Mapping[UUID, Sequence[LinkedProfile]], chains: Chains, *, following: str | None
) -> schemas.RelationsOut:
    return schemas.RelationsOut(
        relations=[_relation(r, profiles[r.customer], chains) for r in found.page],
        total=found.total,
        more=found.more,
        next=following,
    )


def _relation(r: Relation, profiles: Sequence[LinkedProfile], chains: Chains) -> schemas.RelationOut:
    name = survivorship.display_name(profiles, chains)
    return schemas.RelationOut(
        customer_id=r.customer,
        name=name.value if name else None,
        kind=r.kind,
        ties=[
            schemas.TieOut(kind=t.kind, attribute=t.attribute, issuer=t.issuer, value=t.value, people=t.people)
            for t in r.ties
        ],
    )
