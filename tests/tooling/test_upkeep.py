"""What would otherwise be left to memory."""

import re
import subprocess
from pathlib import Path

import pytest

import renderer

HOME = Path(__file__).parents[2]


def test_the_changelog_begins_with_the_version_of_the_package() -> None:
    text = (HOME / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == renderer.__version__


def test_an_unknown_check_is_answered_with_the_names_of_all() -> None:
    done = subprocess.run(
        ["bash", str(HOME / ".ci" / "check"), "rufff"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no check is called 'rufff'; there are: format ruff mypy" in done.stderr


def test_every_spec_tells_editors_its_schema() -> None:
    home = HOME / "renderer" / "app" / "scaffold"
    specs = [*HOME.glob("specs/*.yaml"), *home.glob("*/specs/*.yaml")]
    projects = [HOME / "renderer.yaml", *home.glob("*/renderer.yaml")]
    assert (len(specs), len(projects)) >= (6, 3)
    for path in [*specs, *projects]:
        first = path.read_text("utf-8").splitlines()[0]
        kind = "project" if path.name == "renderer.yaml" else "scene"
        assert re.fullmatch(
            rf"# yaml-language-server: \$schema=[./]*schemas/{kind}\.schema\.json", first
        )


def test_scripts_can_be_run() -> None:
    for name in ("run", "check", "wheel", "drift", "without-fast", "coverage", "nightly"):
        assert (HOME / ".ci" / name).stat().st_mode & 0o100, name


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/formats.md", "CONTRIBUTING.md"])
def test_every_file_that_a_page_for_maintainers_names_is_there(page: str) -> None:
    named = re.findall(r"`([a-z_/]+\.py)`", (HOME / page).read_text("utf-8"))
    loop = HOME / "renderer" / "app" / "rendering" / "loop"
    rooms = (HOME, HOME / "renderer", loop)

    assert len(named) > 4
    assert [one for one in named if not any((room / one).exists() for room in rooms)] == []
