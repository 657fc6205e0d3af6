"""The page about Python, cell by cell in a notebook's own kernel."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from renderer.cli.main import run
from tests.harness.served import Served, served
from tests.tooling.pretend import REPOSITORY

PAGE = (REPOSITORY / "docs" / "python.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SHOWN = ("plan", "project.takes()")


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("engine")) as one:
        yield one


@pytest.fixture
def homes(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a notebook's client and kernel folders of their own."""
    base = tmp_path_factory.mktemp("jupyter")
    for name in ("IPYTHONDIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(base / name))
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")


def outputs(cells: list[Any], kind: str) -> str:
    found = [out for cell in cells for out in cell.get("outputs", ())]
    data = [out["data"].get(kind, "") for out in found if "data" in out]
    text = [out["text"] for out in found if out["output_type"] == "stream"]
    return "\n".join(data if kind == "text/html" else text)


@pytest.mark.usefixtures("homes")
@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_the_page_runs_in_a_notebook(
    tmp_path: Path, engine: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    for name, value in engine.environment().items():
        monkeypatch.setenv(name, value)
    assert run(["init", str(tmp_path / "film")]) == 0

    cells = [nbformat.v4.new_code_cell(text) for text in (*BLOCKS, *SHOWN)]
    book = nbformat.v4.new_notebook(cells=cells)
    nbclient.NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()

    text, html = outputs(book.cells, "text/plain"), outputs(book.cells, "text/html")
    assert "3 to create" in text
    assert "lighthouse/stairs#1" in text
    assert "picked" in text
    assert "<pre" in html
    assert "<table" in html
    assert (tmp_path / "film" / "renders" / "lighthouse" / "stairs.take1.mp4").is_file()
    assert sum(engine.paid.values()) == 1
