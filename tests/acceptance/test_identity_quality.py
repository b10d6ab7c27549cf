"""How good identity resolution is on labelled data, through the product's normalisers, with one threshold for all."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.shared_data
CXCORE = Path(sys.executable).with_name("cxcore")


GOALS = {
    "fake_1000": (["fake_1000.csv"], [], 0.97, 0.975, 0.98),
    "crm_dev": (["crm_dev.parquet"], [], 0.89, 0.90, 0.99),
    "crm_dev by the default model": (["crm_dev.parquet"], ["--use", "default"], 0.85, 0.86, 0.99),
}
if os.environ.get("CX_QUALITY"):  # `make quality`: a minute and a half more
    GOALS |= {
        "febrl4": (["febrl4a.csv", "febrl4b.csv"], ["--region", "AU"], 0.9995, 0.9995, 0.999),
        "anonlink5": (["anonlink5.parquet"], ["--region", "AU"], 0.9955, 0.998, 0.998),
    }


@pytest.mark.parametrize(
    ("files", "options", "pairwise", "b_cubed", "precision"), list(GOALS.values()), ids=list(GOALS)
)
def test_the_layer_reaches_its_goals(  # noqa: PLR0917 - a row of a table
    shared_data: Path, files: list[str], options: list[str], pairwise: float, b_cubed: float, precision: float
) -> None:
    paths = [str(shared_data / "er" / name) for name in files]
    said = subprocess.run(
        [CXCORE, "identity", "evaluate", *paths, *options], capture_output=True, text=True, check=True
    )
    pair, cubed = (re.search(rf"{name} +(\S+) +(\S+) +(\S+)", said.stdout) for name in ("pairwise", "B-cubed"))
    review = re.search(r"\((\S+)% of records\)", said.stdout)
    assert pair is not None
    assert cubed is not None
    assert review is not None
    assert float(pair[1]) >= precision
    assert float(pair[3]) >= pairwise
    assert float(cubed[3]) >= b_cubed
    assert float(review[1]) <= 5
