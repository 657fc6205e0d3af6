"""What is installed: the ranges of pyproject.toml, and the releases within them that are pinned."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import renderer

HERE = Path(renderer.__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PROJECT: dict[str, Any] = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
# The tools that check the code are no part of what runs with the lowest releases.
TRIED = [name for name in EXTRAS if name != "check"]
INSTALLS = ("README.md", "CONTRIBUTING.md", ".ci/run", "action.yml")


def ranges(extras: list[str]) -> list[Requirement]:
    named = [*PROJECT["dependencies"], *(each for name in extras for each in EXTRAS[name])]
    return [Requirement(each) for each in named]


def pins(name: str, python: str) -> dict[str, str]:
    """Return what a file pins on a Python; a package that is pinned twice there is a fault."""
    found: dict[str, str] = {}
    for line in (HERE / name).read_text().splitlines():
        if line.startswith("#"):
            continue
        pin = Requirement(line)
        if pin.marker is None or pin.marker.evaluate({"python_version": python}):
            (one,) = pin.specifier
            assert one.operator == "=="
            assert found.setdefault(canonicalize_name(pin.name), one.version) == one.version
    return found


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    ("name", "extras"), [("constraints.txt", list(EXTRAS)), (".ci/lowest.txt", TRIED)]
)
def test_each_dependency_is_pinned_within_its_range_on_each_python(
    name: str, extras: list[str], python: str
) -> None:
    pinned = pins(name, python)
    for wanted in ranges(extras):
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), wanted


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lowest_releases_are_no_newer_than_those_that_are_installed(python: str) -> None:
    highest = pins("constraints.txt", python)
    for name, version in pins(".ci/lowest.txt", python).items():
        assert Requirement(f"{name}<={highest[name]}").specifier.contains(version), name


def test_every_range_has_a_floor() -> None:
    for wanted in ranges(TRIED):
        assert any(each.operator == ">=" for each in wanted.specifier), wanted


@pytest.mark.parametrize("name", INSTALLS)
def test_whoever_installs_this_folder_installs_what_is_pinned(name: str) -> None:
    lines = [line for line in (HERE / name).read_text().splitlines() if "pip install" in line]
    assert lines
    for line in lines:
        assert re.search(r'-c "?(\$GITHUB_ACTION_PATH/)?constraints\.txt', line), line
