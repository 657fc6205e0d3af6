"""Fingerprints are held for ever: a take that was paid for must be found by any later program."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden"
KEPT = GOLDEN / "fingerprints.json"
SHOW = """
import json, sys
from pathlib import Path
from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.disk.resources import model_texts
from renderer.app.project.expand import expansion
from renderer.catalog.load import load_model
from renderer.catalog.catalog import Catalog
catalog = Catalog.of(load_model(text, name) for name, text in model_texts().items())
tasks = expansion(ProjectFiles(root=Path(sys.argv[1])), catalog).sound()
print(json.dumps({task.address: task.fingerprint for task in tasks}, indent=2))
"""


def fingerprints(root: Path, **environment: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", SHOW, str(root)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(GOLDEN.parents[1]), **environment},
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN, tmp_path / "golden"))


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "0", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "12345", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"},
        {"PYTHONHASHSEED": "1", "LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "1"},
    ],
)
def test_fingerprints_are_the_golden_ones_wherever_they_are_made(
    golden: Path, environment: dict[str, str]
) -> None:
    assert fingerprints(golden, **environment) == json.loads(KEPT.read_text())


def test_line_ends_are_no_part_of_a_fingerprint(golden: Path) -> None:
    for path in golden.rglob("*.[jy]*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert fingerprints(golden) == json.loads(KEPT.read_text())


def test_a_byte_order_mark_is_no_part_of_a_fingerprint(golden: Path) -> None:
    for path in (*golden.rglob("*.yaml"), *golden.rglob("*.j2")):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert fingerprints(golden) == json.loads(KEPT.read_text())
