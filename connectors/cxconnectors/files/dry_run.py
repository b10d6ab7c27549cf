"""What a mapping would make of the files, without landing anything."""

from dataclasses import dataclass, field

from cxconnectors.files.config import FilesConfig
from cxconnectors.files.connector import Files
from cxconnectors.files.pages import pages
from cxcore.model.interaction import Interaction
from cxcore.sdk import Mapped, Record, RecordRejected
from cxcore.sdk.mapping.language import Mapping
from cxcore.sdk.mapping.row_plan import RowPlan

SAMPLES = 3
MAX_ERRORS = 1000


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that cannot be mapped: where it stands ("orders.csv row 17") and why, without its values."""

    origin: str
    reason: str


@dataclass(slots=True)
class DryRun:
    """The outcome. ``repeated_keys``: rows whose key an earlier row had with other content, so would replace it."""

    rows: int = 0
    interactions: int = 0
    profiles: int = 0
    empty: int = 0
    rejected: int = 0
    repeated_keys: int = 0
    errors: list[RowError] = field(default_factory=list)
    samples: list[tuple[Mapped, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    complete: bool = True

    def count(self, record: Record, mapped: tuple[Mapped, ...]) -> None:
        kinds = [isinstance(each, Interaction) for each in mapped]
        self.interactions += sum(kinds)
        self.profiles += len(kinds) - sum(kinds)
        self.empty += not mapped and not record.deleted
        if mapped and len(self.samples) < SAMPLES:
            self.samples.append(mapped)

    def reject(self, record: Record, reason: str) -> None:
        self.rejected += 1
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(RowError(record.origin or record.key, reason))


def dry_run(mapping: Mapping | None, config: FilesConfig, limit: int = 1000) -> DryRun:
    """Read up to ``limit`` records of ``config``'s files, and map them by ``mapping`` (None: by the config's own).

    Raises:
        ConnectorFailure: the files cannot be read.
    """
    tried = config if mapping is None else config.model_copy(update={"mapping": mapping})
    connector = Files(FilesConfig.model_validate(tried.model_dump()))
    plan = RowPlan(connector.config.mapping, connector.config.zone) if connector.config.mapping else None
    result = DryRun()
    digests: dict[str, bytes] = {}
    for page in pages(connector.config, plan, None):
        result.notes.extend(page.notes)
        for record in page.records:
            if result.rows >= limit:
                result.complete = False
                return result
            result.rows += 1
            digest = record.digest(record.body())
            result.repeated_keys += digests.setdefault(record.key, digest) != digest
            try:
                result.count(record, tuple(connector.map(record)))
            except RecordRejected as exc:
                result.reject(record, exc.message)
    return result
