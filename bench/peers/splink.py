"""Splink 5 on the records that cxcore resolves: its own comparisons, its own training, connected components."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bench.peers import MOST_PAIRS, Edge, Found, Row, best_of, closed, filled
from cxcore.resolve.payload import SCHEMES

SURE = 0.95
WEIGHTS = tuple(range(20, -7, -1))
"""Match weights, in bits, at which Splink's clusters are tried when the truth may choose."""
_SAMPLE = 1e7


def resolve(table: list[Row], entities: Sequence[str | None], seed: int) -> list[Found]:  # noqa: ARG001 - all are asked alike
    """Clusters at p >= 0.95, and at the weight that the truth would choose. Nothing is drawn by ``seed``."""
    began = time.perf_counter()
    splink = Splink(table)
    sure = Found(f"Splink tuned, p >= {SURE}", splink.resolve(), time.perf_counter() - began)
    weight, best = best_of(closed(len(table), splink.edges(), WEIGHTS), entities)
    return [sure, Found(f"Splink tuned, best by the truth (>= {weight:g} bits)", best)]


class Splink:
    """A linker over a table, trained on it, or with the settings of one that is."""

    def __init__(self, table: list[Row], settings: dict[str, Any] | None = None) -> None:
        from splink import DuckDBAPI, Linker

        logging.getLogger("splink").setLevel(logging.ERROR)
        self._api = DuckDBAPI()
        self._columns = filled(table)
        self._table = self._api.register(_typed(table))
        self._linker: Any = Linker(self._table, settings or _settings(table, self._columns), log_level=None)
        if settings is None:
            self._train()

    @property
    def settings(self) -> dict[str, Any]:
        """What was learnt."""
        found: dict[str, Any] = self._linker.misc.save_model_to_json()
        return found

    def _train(self) -> None:
        from splink import block_on

        training = self._linker.training
        own = [c for c in ("birth_date", *(s.value for s in SCHEMES), "street", "city") if c in self._columns]
        numbers = [c for c in ("email", "handle", "loyalty", "account") if c in self._columns]
        rules = [("both_names", c) for c in own] + [(c,) for c in numbers]
        if "birth_date" in own:
            rules += [("given", "birth_date"), ("family", "birth_date")]
        training.estimate_probability_two_random_records_match([block_on(*r) for r in rules], recall=0.7)
        training.estimate_u_using_random_sampling(max_pairs=_SAMPLE, seed=1, min_count_per_level=None)
        for columns in (("both_names",), ("birth_date",), ("email",), ("phone",), ("street",)):
            if self._columns.issuperset(columns):
                training.estimate_parameters_using_expectation_maximisation(block_on(*columns))

    def resolve(self) -> list[int]:
        """Each record's cluster at p >= 0.95, by connected components."""
        found = self._linker.inference.predict(threshold_match_probability=SURE, warning_mode="never")
        clusters = self._linker.clustering.cluster_pairwise_predictions_at_threshold(
            found, threshold_match_probability=SURE
        ).as_dict()
        of = dict(zip(clusters["unique_id"], clusters["cluster_id"], strict=True))
        return [of[n] for n in range(len(of))]

    def edges(self) -> list[Edge]:
        """Weight and two records, down to the least of ``WEIGHTS``."""
        found = self._linker.inference.predict(threshold_match_weight=min(WEIGHTS), warning_mode="never").as_dict()
        columns = (found["match_weight"], found["unique_id_l"], found["unique_id_r"])
        return list(zip(*columns, strict=True))

    def prepare(self) -> None:
        """Count term frequencies, which ``one`` needs."""
        for column in ("both_names", "given", "family", "city"):
            if column in self._columns:
                self._linker.table_management.compute_tf_table(column)

    def hand_over(self, record: Row) -> Any:
        """A table of one new record."""
        return self._api.register(_typed([record]))

    def one(self, new: Any) -> int:
        """Compare a new record with those that share an identifier, both names, birth date or street, few rules being
        quicker than many; answers the number of candidates."""
        from splink import block_on

        rules = [(s.value,) for s in SCHEMES] + [("given", "family"), ("birth_date",), ("street",)]
        found = self._linker.inference.predict_between(
            self._table,
            new,
            blocking_rules_to_generate_predictions=[block_on(*r) for r in rules if self._columns.issuperset(r)],
            warning_mode="never",
        )
        count = len(found.as_dict()["match_weight"])
        found.drop_table_from_database_and_remove_from_cache()
        return count


def _typed(table: list[Row]) -> Any:
    """An Arrow table whose columns are texts even where all are null."""
    import pyarrow as pa

    schema = pa.schema([(c, pa.int64() if c == "unique_id" else pa.string()) for c in table[0]])
    return pa.Table.from_pylist(table, schema=schema)


def _name(column: str, other: str) -> list[Any]:
    import splink.comparison_level_library as cll

    return [
        cll.NullLevel(column),
        cll.ExactMatchLevel(column, term_frequency_adjustments=True),
        cll.ColumnsReversedLevel(column, other, symmetrical=True),
        *(cll.JaroWinklerLevel(column, least) for least in (0.92, 0.88, 0.7)),
        cll.ElseLevel(),
    ]


def _settings(table: list[Row], columns: set[str]) -> dict[str, Any]:
    """Comparisons and blocking rules for the columns there are, as Splink's guides advise: levels of likeness, names
    that changed places, the address as one comparison for its parts go together, term frequencies of names and cities
    (those of e-mail and telephone make it worse)."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import SettingsCreator

    mail: list[Any] = [
        cll.NullLevel("email"),
        cll.ExactMatchLevel("email"),
        cll.CustomLevel("split_part(email_l, '@', 1) = split_part(email_r, '@', 1)", "same mailbox elsewhere"),
        cll.JaroWinklerLevel("email", 0.88),
        cll.CustomLevel(
            "jaro_winkler_similarity(split_part(email_l, '@', 1), split_part(email_r, '@', 1)) >= 0.88",
            "similar mailbox",
        ),
        cll.ElseLevel(),
    ]
    place: list[Any] = [
        cll.And(cll.NullLevel("street"), cll.NullLevel("postcode"), cll.NullLevel("city")),
        cll.ExactMatchLevel("street"),
        cll.JaroWinklerLevel("street", 0.92),
        cll.ExactMatchLevel("postcode"),
        cll.ExactMatchLevel("city", term_frequency_adjustments=True),
        cll.ElseLevel(),
    ]
    offered = {
        "given": cl.CustomComparison(_name("given", "family"), output_column_name="given"),
        "family": cl.CustomComparison(_name("family", "given"), output_column_name="family"),
        "birth_date": cl.DateOfBirthComparison(
            "birth_date", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=False
        ),
        "street": cl.CustomComparison(place, output_column_name="address"),
        "city": cl.JaroWinklerAtThresholds("city", [0.9]).configure(term_frequency_adjustments=True),
        "email": cl.CustomComparison(mail, output_column_name="email"),
        "phone": cl.DamerauLevenshteinAtThresholds("phone", [1]),
        "handle": cl.ExactMatch("handle"),
        "loyalty": cl.ExactMatch("loyalty"),
        "account": cl.DamerauLevenshteinAtThresholds("account", [1]),
        **{c: cl.JaroWinklerAtThresholds(c, [0.92]) for c in sorted(columns) if c.startswith("trait_")},
    }
    if "street" in columns:
        del offered["city"]
    made: dict[str, Any] = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[c for name, c in offered.items() if name in columns],
        blocking_rules_to_generate_predictions=list(_rules(table, columns)),
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    ).create_settings_dict("duckdb")
    return made


def _rules(table: list[Row], columns: set[str]) -> Iterator[Any]:
    """Those of many blocking rules that bring no flood of pairs."""
    from splink import block_on

    parts: dict[str, Callable[[str], str]] = {
        "substr({}, 1, 1)": lambda v: v[:1],
        "substr({}, 1, 3)": lambda v: v[:3],
        "substr({}, 1, 4)": lambda v: v[:4],
        "substr({}, 5)": lambda v: v[4:],
        "split_part({}, '@', 1)": lambda v: v.partition("@")[0],
        "{}": lambda v: v,
    }
    first, third, year, day, mailbox, whole = parts
    traits = sorted(c for c in columns if c.startswith("trait_"))
    for rule in (
        *(((s.value, whole),) for s in SCHEMES),
        (("email", mailbox),),
        (("given", whole), ("family", whole)),
        *(((c, whole),) for c in ("birth_date", "street", "given", "family", "city", "postcode", *traits)),
        *(((a, whole), (b, whole)) for a in ("given", "family") for b in ("postcode", "city")),
        *(((a, whole), ("birth_date", b)) for a in ("given", "family") for b in (year, day)),
        (("given", first), ("birth_date", day)),
        (("given", third), ("family", third)),
        (("given", whole), ("family", third)),
        (("given", first), ("family", whole)),
    ):
        if not columns.issuperset(c for c, _ in rule):
            continue
        keys = Counter(tuple(parts[part](str(r[c])) for c, part in rule) for r in table if all(r[c] for c, _ in rule))
        if sum(n * (n - 1) // 2 for n in keys.values()) <= MOST_PAIRS * len(table):
            yield block_on(*(part.format(c) for c, part in rule))
    if {"given", "family"} <= columns:
        yield "l.given = r.family and l.family = r.given"
