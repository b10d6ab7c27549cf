"""What two clusters show together, attribute by attribute: sums that do not depend on the order of adding. Pure."""

from cxcore.resolve.score import NAMES, SPEAKS, Scorer, Weights

_FEW = 4

Sums = list[tuple[int, int, int, int, int] | None]
"""Of each attribute: sum or best against strangers, by how many to divide it, the same against a household; how many
pairs of nodes speak for one person, and how many there are."""
Scored = tuple[int, bool, bool]
"""The score in millionths of a bit, whether against a household, whether anything of one's own was shown."""


def fresh(weights: Weights, uniting: tuple[bool, ...]) -> Sums:
    """The sums of one pair of nodes. ``uniting``: of each attribute whether it speaks for one person."""
    return [
        None if w is None else (w[0], 1, w[1], w[0] > SPEAKS, unites)
        for w, unites in zip(weights, uniting, strict=True)
    ]


def added(sums: Sums, more: Sums, *, decided: bool = False) -> Sums:
    """The sums of two clusters to a third. If a person ``decided`` that the two are one, what speaks for either speaks for
    both as loudly: joining two never drives away a caller that one of them had."""
    merged: Sums = []
    for x, y in zip(sums, more, strict=True):
        if x is None or y is None:
            merged.append(x or y)
        elif x[4]:
            hits, pairs = x[3] + y[3], x[4] + y[4]
            if decided:
                hits, pairs = max((x[3:], y[3:]), key=lambda p: (p[0] / p[1], p[0]))
            merged.append((max(x[0], y[0]), 1, max(x[2], y[2]), hits, pairs))
        else:
            merged.append((x[0] + y[0], x[1] + y[1], x[2] + y[2], 0, 0))
    return merged


def counted(sums: Sums, scorer: Scorer) -> list[tuple[int, int] | None]:
    """What each attribute gives against strangers and against a household.

    If the given names tell two people, then what both use is not one person's, whoever else was named with it. A value
    that is only like another counts if a quarter of the pairs are: among many addresses two are soon alike.
    """
    given = sums[0]
    parted = given is not None and given[2] // given[1] < -SPEAKS
    found: list[tuple[int, int] | None] = []
    for s, kind in zip(sums, scorer.kinds, strict=True):
        if s is None:
            found.append(None)
            continue
        main, count, home, hits, pairs = s
        if not pairs:
            found.append((main // count, home // count))
            continue
        if parted and kind.lent:
            main, home = min(main, scorer.of_two[0]), min(home, scorer.of_two[1])
        if main > 0 and _FEW * hits < pairs and main not in scorer.shared:
            main, home = 0, min(home, 0)
        found.append((main, home))
    return found


def scored(sums: Sums, scorer: Scorer) -> Scored:
    """The score, whether against a household, and whether anything of one's own was shown: ``counted``, added up. This is
    what clustering spends its time on, so both are one loop here."""
    main, home, proof, crowded = scorer.prior, scorer.household_prior, 0, False
    given = sums[0]
    parted = given is not None and given[2] // given[1] < -SPEAKS
    for s, (own, named, lent, handed) in zip(sums, scorer.kinds, strict=True):
        if s is None:
            continue
        here, count, there, hits, pairs = s
        if pairs:
            if parted and lent:
                here, there = min(here, scorer.of_two[0]), min(there, scorer.of_two[1])
            if here > 0 and _FEW * hits < pairs and here not in scorer.shared:
                here, there = 0, min(there, 0)
        elif count > 1:
            here, there = here // count, there // count
        main += here
        home += there
        if own or (here > scorer.alone and (not handed or hits > 1 or 2 * hits >= pairs)):
            proof |= 1
        if here > SPEAKS and not named:
            proof |= 2
        if lent and here in scorer.of_several:
            crowded = True
    score = scorer.held(min(main, home), proof)
    if score < 0 and (home < main or crowded):
        differ = [s is not None and s[0] // s[1] < -SPEAKS for s in sums[:NAMES]]
        if (home < main and differ[0]) or (crowded and any(differ)):
            score = min(
                score, scorer.unproven
            )  # relatives and colleagues whose names differ are joined at even odds only
    return score, home < main, bool(proof & 1)


def shares(sums: Sums, scorer: Scorer, *, household: bool) -> tuple[int | None, ...]:
    return tuple(None if w is None else w[household] for w in counted(sums, scorer))
