"""What is remembered of a plan depends on all that the plan looked at."""

import shutil
from pathlib import Path

import pytest

from renderer.app.project.data_names import data_names
from renderer.cli.main import run
from tests.tooling.pretend import REPOSITORY

Out = pytest.CaptureFixture[str]
EACH = """\
version: 1
scene: %s
settings: {model: "bytedance:seedance@1.5-pro", resolution: 480p, duration: 4}
aspect: "16:9"
shots:
  - id: "p-{{ item.sku }}"
    each: {file: "%s"}
    prompt: "A lamp, {{ item.look }}."
"""


def plan(root: Path) -> int:
    return run(["-C", str(root), "plan", "--exit-code"])


def test_an_image_that_no_shot_uses_is_missed_when_it_goes(project: Path) -> None:
    (project / "assets").mkdir()
    image = project / "assets" / "k.jpg"
    shutil.copy(REPOSITORY / "assets" / "reef-first.jpg", image)
    (project / "renderer.yaml").write_text("version: 1\nkeyframes: {k: assets/k.jpg}\n")
    assert run(["-C", str(project), "render"]) == 0
    assert (plan(project), plan(project)) == (0, 0)
    image.unlink()
    assert plan(project) == 2


def test_what_a_plan_does_not_read_does_not_stop_one(project: Path) -> None:
    assert run(["-C", str(project), "render"]) == 0
    (project / "picks.yaml").symlink_to("/nowhere")
    assert plan(project) == 0


def test_a_scene_is_not_helped_by_the_name_in_another(tmp_path: Path, capsys: Out) -> None:
    """A scene whose data file is not found in its text would be remembered without its data."""
    for folder in ("specs", "data"):
        (tmp_path / folder).mkdir()
    (tmp_path / "data" / "p.csv").write_text("sku,look\na,blue\n")
    (tmp_path / "specs" / "a.yaml").write_text(EACH % ("a", "data\\x2Fp.csv"))
    (tmp_path / "specs" / "b.yaml").write_text(EACH % ("b", "data/p.csv"))

    assert run(["-C", str(tmp_path), "plan"]) == 2
    told = capsys.readouterr().err
    assert "specs/a.yaml:7:" in told
    assert "specs/b.yaml" not in told


@pytest.mark.timeout(20)
def test_a_long_run_of_anchors_is_looked_through_at_once() -> None:
    """Bounded by how it is looked for: twice as much text took four times as long."""
    assert data_names(b"# a.csv file:" + b"&file:" * 160_000 + b"\n# end\n") == ()


def test_a_scene_of_skipped_shots_is_planned_beside_others(project: Path) -> None:
    skipped = "version: 1\nscene: later\nshots:\n  - {id: z, prompt: A zebra., skip: true}\n"
    (project / "specs" / "later.yaml").write_text(skipped)
    assert (plan(project), plan(project)) == (3, 3)
    (project / "specs" / "harbour.yaml").unlink()
    assert (plan(project), plan(project)) == (0, 0)
