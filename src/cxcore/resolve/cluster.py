"""From judgements to customers: a pure function of profiles and live judgements, so order of arrival never matters."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Edge:
    """A live judgement as clustering sees it."""

    left: UUID
    right: UUID
    positive: bool
    by_person: bool
    rule: str


def partition(profiles: Collection[UUID], edges: Iterable[Edge]) -> list[frozenset[UUID]]:
    """Group profiles into customers.

    Negative judgements are never crossed: a cluster inherits those of all its members. Positive ones are heeded
    people's first, then by content. The answer is in order of least member.
    """
    known = set(profiles)
    within = [e for e in edges if e.left in known and e.right in known]
    tied = {p for e in within for p in (e.left, e.right)}
    cluster_of: dict[UUID, set[UUID]] = {p: {p} for p in tied}
    apart: dict[UUID, set[UUID]] = {p: set() for p in tied}
    positive: list[Edge] = []
    for edge in within:
        if edge.positive:
            positive.append(edge)
        else:
            apart[edge.left].add(edge.right)
            apart[edge.right].add(edge.left)
    forbidden = {p: set(others) for p, others in apart.items()}
    for edge in sorted(positive, key=_order):
        a, b = cluster_of[edge.left], cluster_of[edge.right]
        if a is b or not forbidden[min(a)].isdisjoint(b):
            continue
        if len(a) < len(b):
            a, b = b, a
        joint = forbidden.pop(min(a)) | forbidden.pop(min(b))
        a |= b
        forbidden[min(a)] = joint
        for p in b:
            cluster_of[p] = a
    distinct = {id(c): c for c in cluster_of.values()}
    clusters = [(min(c).int, frozenset(c)) for c in distinct.values()]
    clusters += [(p.int, frozenset((p,))) for p in known - tied]
    return [c for _, c in sorted(clusters, key=lambda c: c[0])]


def _order(edge: Edge) -> tuple[bool, UUID, UUID, str]:
    return (not edge.by_person, edge.left, edge.right, edge.rule)


@dataclass(frozen=True, slots=True)
class Living:
    """A customer before a change: its profiles, the one it began with, and how old it is."""

    id: UUID
    profiles: frozenset[UUID]
    founder: UUID
    age: tuple[float, UUID]


@dataclass(frozen=True, slots=True)
class Retired:
    """A customer id that leads elsewhere, and the profile it began with; ``retired_at`` in seconds since 1970."""

    id: UUID
    founder: UUID
    retired_at: float


def assign(
    clusters: Sequence[frozenset[UUID]], living: Iterable[Living], retired: Collection[Retired], *, undone: bool = False
) -> dict[frozenset[UUID], UUID | None]:
    """Which customer id each cluster carries on; None where it needs a new one.

    Living ids go to the cluster that holds most of their profiles (then to where their founder is, then the older id). A part left
    without one takes back the id that was retired last among those founded by one of its profiles: so an unmerge gives
    both sides their own ids again. Where a decision is ``undone``, such a part is not given another's id even if it has
    become the larger: the id goes home to its founder.
    """
    cluster_of = {profile: cluster for cluster in clusters for profile in cluster}
    homes = {cluster_of[r.founder] for r in retired if r.founder in cluster_of} if undone else set()
    claims = sorted(
        (
            (
                customer.founder not in c and c in homes,
                -len(c & customer.profiles),
                customer.founder not in c,
                customer.age,
                min(c),
                c,
                customer.id,
            )
            for customer in living
            for c in {cluster_of[p] for p in customer.profiles if p in cluster_of}
        ),
        key=lambda claim: claim[:5],
    )
    given: dict[frozenset[UUID], UUID | None] = {}
    taken: set[UUID] = set()
    for *_, cluster, identity in claims:
        if cluster not in given and identity not in taken:
            given[cluster] = identity
            taken.add(identity)
    latest: dict[frozenset[UUID], list[UUID]] = {}
    for r in sorted(retired, key=lambda r: (-r.retired_at, r.id)):
        if r.founder in cluster_of:
            latest.setdefault(cluster_of[r.founder], []).append(r.id)
    for cluster in clusters:
        if cluster not in given:
            identity_again = next((r for r in latest.get(cluster, ()) if r not in taken), None)
            given[cluster] = identity_again
            if identity_again is not None:
                taken.add(identity_again)
    return given
