"""A component as clustering sees it: elements, edges and people's decisions; and the judgements that come out. Pure.

An element is a node, with all profiles that show its payload. Profiles that a person held apart from others are an
element of their own, those held apart from the same ones together, or two that show the same could never be told apart.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from cxcore.resolve import edges as edging
from cxcore.resolve import verified
from cxcore.resolve.base import claiming, weigher
from cxcore.resolve.linkage import Clustered, Edge, Step, between, cluster
from cxcore.resolve.model import BITS
from cxcore.resolve.payload import Payload
from cxcore.resolve.score import Owners, Scorer

EQUAL, VERIFIED, LINKAGE = "equal", "verified", "linkage"
"""Why two are one: equal payloads, a verified value of one person, or a join of what fits."""
SUGGESTION, CONFLICT, CANDIDATE = "suggestion", "conflict", "candidate"
"""Why they may be: worth a person's question; so, because what is verified contradicts what would join them; or, of a
contact that shows nothing of its own, who it could be."""
REVIEWED = frozenset({SUGGESTION, CONFLICT})
"""The rules that ask a person."""
Profiles = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Decided:
    """A live decision of a person on two profiles."""

    left: UUID
    right: UUID
    positive: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A judgement that the model makes: on which pair, by which rule, with which score in bits; and what it rests on, found
    when asked for: most that are made stand already."""

    left: UUID
    right: UUID
    rule: str
    score: float | None
    why: Callable[[], dict[str, Any]] = field(compare=False)

    @property
    def evidence(self) -> dict[str, Any]:
        return self.why()

    @property
    def verdict(self) -> str:
        return "unsure" if self.rule in {*REVIEWED, CANDIDATE} else "positive"


@dataclass(slots=True)
class Component:
    """Nodes by id, with payload (a lone node without decisions needs none) and members; edges with their scores;
    decisions; how many people use each value; and pairs that show nothing of one's own, of a node of the component and
    one of it or another, the profiles of which are ``near``. ``codes``: of pairs of nodes, where they are known."""

    payloads: Mapping[int, Payload]
    members: Mapping[int, Collection[UUID]]
    edges: Sequence[Edge]
    decided: Sequence[Decided]
    owners: Owners
    skipped: Collection[Profiles] = field(default_factory=set)
    loose: Sequence[tuple[int, int]] = ()
    near: Mapping[int, Collection[UUID]] = field(default_factory=dict)
    codes: Mapping[tuple[int, int], bytes] = field(default_factory=dict)


def judge(component: Component, scorer: Scorer) -> list[Wanted]:
    """Cluster the component and say why: one judgement for each join, and for each pair of clusters worth asking."""
    if len(component.members) == 1 and not component.decided:  # the most of them
        ((node, profiles),) = component.members.items()
        alone: list[_Element] = [(b"", node, tuple(sorted(profiles)))]
        return [*_equals(alone), *_candidates([alone], component, scorer)]
    elements = _elements(component)
    number = {profile: n for n, (_, _, profiles) in enumerate(elements) for profile in profiles}
    of_node: dict[int, list[int]] = defaultdict(list)
    for n, (_, node, _) in enumerate(elements):
        of_node[node].append(n)
    codes = {
        (min(x, y), max(x, y)): code
        for (a, b), code in component.codes.items()
        for x in of_node.get(a, ())
        for y in of_node.get(b, ())
    }
    payloads, owners = [component.payloads[node] for _, node, _ in elements], component.owners
    weigh = weigher(payloads, scorer, owners, codes)
    edges = [_edge(s, x, y) for s, a, b in component.edges for x in of_node[a] for y in of_node[b]]
    for own in of_node.values():
        for i, x in enumerate(own):
            pairs = [
                (x, y, edging.strength(scorer.total(weigh(x, y)), payloads[x], payloads[y], owners))
                for y in own[i + 1 :]
            ]
            edges += [_edge(score.value, x, y) for x, y, score in pairs if score.shown]
    low = round(scorer.model.suggested * BITS)
    must, cannot = (_numbered(component.decided, number, positive=p) for p in (True, False))
    found = cluster(
        range(len(elements)),
        [e for e in edges if e[0] >= low],
        weigh,
        scorer,
        claiming=claiming(payloads, owners),
        must=must,
        cannot=cannot,
    )
    clusters = [[elements[n] for n in nodes] for nodes in found.clusters]
    return [
        *_equals(elements),
        *_steps(found, elements, component, scorer),
        *_candidates(clusters, component, scorer),
    ]


_Element = tuple[bytes, int, tuple[UUID, ...]]
"""What orders it, its node, and its profiles."""


def _elements(component: Component) -> list[_Element]:
    opponents: dict[UUID, set[UUID]] = defaultdict(set)
    for d in component.decided:
        if not d.positive:
            opponents[d.left].add(d.right)
            opponents[d.right].add(d.left)
    found: list[_Element] = []
    for node, profiles in component.members.items():
        digest = component.payloads[node].digest()
        groups: dict[frozenset[UUID], list[UUID]] = defaultdict(list)
        for p in sorted(profiles):
            groups[frozenset(opponents.get(p, ()))].append(p)
        for held_apart, group in groups.items():
            salt = group[0].bytes if held_apart or not component.payloads[node].identifying else b""
            found.append((digest + salt, node, tuple(group)))
    return sorted(found)


def _edge(score: int, a: int, b: int) -> Edge:
    return (score, a, b) if a < b else (score, b, a)


def _numbered(decided: Iterable[Decided], number: Mapping[UUID, int], *, positive: bool) -> list[tuple[int, int]]:
    ordered = sorted((d for d in decided if d.positive is positive), key=lambda d: (d.left, d.right))
    pairs = [(number[d.left], number[d.right]) for d in ordered if d.left in number and d.right in number]
    return [(min(p), max(p)) for p in pairs if p[0] != p[1]]


def _equals(elements: Sequence[_Element]) -> list[Wanted]:
    return [Wanted(profiles[0], other, EQUAL, None, _nothing) for *_, profiles in elements for other in profiles[1:]]


def _nothing() -> dict[str, Any]:
    return {"attributes": []}


def _steps(found: Clustered, elements: Sequence[_Element], component: Component, scorer: Scorer) -> list[Wanted]:
    wanted = []
    for steps, joined in ((found.joined, True), (found.refused, False)):
        for step in steps:
            a, b = (
                elements[n] for n in (_tied(step, elements, component) if joined and step.verified else step.decisive)
            )
            left, right = sorted((a[2][0], b[2][0]))
            if not step.decided and (joined or (left, right) not in component.skipped):
                shown = (component.payloads[a[1]], component.payloads[b[1]])
                why = partial(explain, step, *shown, scorer, component.owners)
                wanted.append(Wanted(left, right, _rule(step, joined=joined), step.score / BITS, why))
    return wanted


def _tied(step: Step, elements: Sequence[_Element], component: Component) -> tuple[int, int]:
    """The first pair across that shows the verified value."""
    shown = component.payloads
    return next(
        (x, y)
        for x in step.left
        for y in step.right
        if verified.tied(shown[elements[x][1]], shown[elements[y][1]], component.owners)
    )


def _rule(step: Step, *, joined: bool) -> str:
    if joined:
        return VERIFIED if step.verified else LINKAGE
    return CONFLICT if step.contradicts else SUGGESTION if step.shown else CANDIDATE


def _candidates(clusters: Sequence[Sequence[_Element]], component: Component, scorer: Scorer) -> list[Wanted]:
    """Who a contact could be that shows nothing of its own: one judgement for each pair of nodes that are not one already
    and that nobody has decided on."""
    if not component.loose:
        return []
    home = {p: k for k, elements in enumerate(clusters) for *_, profiles in elements for p in profiles}
    settled = {(d.left, d.right) for d in component.decided if not d.positive} | set(component.skipped)
    found = []
    for x, y in component.loose:
        ones, others = ({**component.near, **component.members}[n] for n in (x, y))
        left, right = sorted((min(ones), min(others)))
        if left in home and home[left] == home.get(right):
            continue
        if settled and settled & {(min(p, q), max(p, q)) for p in ones for q in others}:
            continue
        shown = (component.payloads[x], component.payloads[y])
        step = between((0,), (1,), weigher(shown, scorer, component.owners), scorer)
        why = partial(explain, step, *shown, scorer, component.owners)
        found.append(Wanted(left, right, CANDIDATE, step.score / BITS, why))
    return found


def explain(step: Step, a: Payload, b: Payload, scorer: Scorer, owners: Owners) -> dict[str, Any]:
    """What a step rests on: the odds it began with, what each attribute gave in bits, and how the decisive pair
    compares. Prior and attributes sum to the score, unless nothing of one's own was shown: that holds it down. Where there
    is any: ``verified``, the schemes of verified values that both sides show, and ``contradicts``, what they contradict
    each other in, by name and issuer."""
    codes = scorer.codes(a, b)
    attributes = []
    for n, c in enumerate(scorer.model.comparisons):
        weight = step.weights[n]
        if weight is None:
            continue
        row: dict[str, Any] = {"name": c.name, "bits": round(weight / BITS, 3)}
        if codes[n]:
            row["level"] = c.levels[codes[n] - 1]
        if c.scheme is not None and codes[n] == 1:
            shared = sorted(set(a.shown(c.scheme)) & set(b.shown(c.scheme)))
            row["value"] = shared[0][1]
            row["people"] = min(owners.get((c.scheme, *v), 1) for v in shared)
        attributes.append(row)
    prior = scorer.household_prior if step.household else scorer.prior
    attributes.sort(key=lambda r: (-abs(r["bits"]), r["name"]))
    evidence: dict[str, Any] = {
        "against": "household" if step.household else "strangers",
        "prior": round(prior / BITS, 3),
        "attributes": attributes,
        "sizes": [len(step.left), len(step.right)],
    }
    if step.verified:
        evidence["verified"] = list(step.verified)
    if step.contradicts:
        evidence["contradicts"] = [c._asdict() for c in step.contradicts]
    return evidence
