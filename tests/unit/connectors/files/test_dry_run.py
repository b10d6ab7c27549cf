"""A dry run says what a mapping would make of the files."""

from pathlib import Path

from cxconnectors.files import FilesConfig, Mapping, dry_run

TEXT = """
version = 1
key = "id"
[[profile]]
key = "id"
[[interaction]]
when = "at"
channel = "visit"
kind = "arrival"
direction = "inbound"
occurred_at = "at"
"""


def test_it_counts_shows_samples_and_names_errors_by_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "id,at\n1,2026-01-05T10:00:00Z\n2,soon\n3,\n3,2026-01-06T10:00:00Z\n3,2026-01-06T10:00:00Z\n,\n5,2026-01-05T10:00:00Z\n"
    )
    (tmp_path / "b.pdf").write_bytes(b"%PDF\x00")
    found = dry_run(Mapping.from_toml(TEXT), FilesConfig(path=tmp_path))
    assert (found.rows, found.interactions, found.profiles, found.rejected, found.complete) == (7, 4, 5, 2, True)
    assert [(error.origin, error.reason) for error in found.errors] == [
        ("a.csv row 3", "occurred_at: not a date"),
        ("a.csv row 7", "row has no key"),
    ]
    assert found.repeated_keys == 2
    assert [len(sample) for sample in found.samples] == [2, 1, 2]
    assert found.notes == ["b.pdf: skipped, it is none of mbox, eml, CSV, TSV, JSONL."]


def test_it_stops_at_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,at\n" + "1,\n" * 1000)
    found = dry_run(Mapping.from_toml(TEXT), FilesConfig(path=tmp_path), limit=10)
    assert (found.rows, found.complete) == (10, False)


def test_without_a_mapping_it_reads_mail(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"Date: Mon, 5 Jan 2026 10:00:00 +0200\nFrom: a@b.example\n\nHi")
    found = dry_run(None, FilesConfig(path=tmp_path))
    assert (found.rows, found.interactions, found.rejected) == (1, 1, 0)
