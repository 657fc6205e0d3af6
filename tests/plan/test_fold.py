"""One edit that reaches many tasks is one entry, in a plan, a comparison and a comment alike."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.cli.main import run
from renderer.json_types import Json
from renderer.plan.output.fold import names
from renderer.plan.output.values import value_words
from tests.harness.repo import Repo

Out = pytest.CaptureFixture[str]
HEAD = (
    "version: 1\nscene: {scene}\naspect: '16:9'\nsettings:\n"
    "  model: bytedance:seedance@1.5-pro\n  resolution: 480p\n  duration: 4\nvars: {{coat: yellow}}\n"
)
SHOT = "  - id: {id}\n    prompt: '{{{{ scene.id }}}}: in {id} of the long {id} a keeper in a {{{{ coat }}}} coat lights the lamp of {id}.'\n"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("HOME", str(tmp_path))


def film(root: Path, scenes: int = 1, shots: int = 30, extra: str = "") -> Repo:
    """A rendered project whose shots say the same about one coat in words of their own."""
    repo = Repo.start(root)
    (root / "specs").mkdir()
    (root / ".gitignore").write_text(".renderer/\n")
    for at in range(scenes):
        text = HEAD.format(scene=f"n{at}") + extra + "shots:\n"
        text += "".join(SHOT.format(id=f"s{one:03}") for one in range(shots))
        (root / "specs" / f"n{at}.yaml").write_text(text)
    repo.render()
    repo.commit()
    return repo


def edit(repo: Repo, old: str, new: str) -> None:
    for path in (repo.root / "specs").glob("*.yaml"):
        path.write_text(path.read_text().replace(old, new))


def shown(repo: Repo, out: Out, *argv: str) -> str:
    assert run(["-C", str(repo.root), "plan", "--provider", "runware", *argv]) == 0
    return out.readouterr().out


FORMS = {
    "plan": (),
    "base": ("--base", "main"),
    "comment": ("--base", "main", "--format", "markdown"),
    "plan as a comment": ("--format", "markdown"),
}
each_form = pytest.mark.parametrize("argv", FORMS.values(), ids=FORMS.keys())


@each_form
def test_one_edit_is_one_entry_though_the_words_around_differ(
    tmp_path: Path, capsys: Out, argv: tuple[str, ...]
) -> None:
    repo = film(tmp_path)
    edit(repo, "coat: yellow", "coat: red")

    told = shown(repo, capsys, *argv)

    assert told.count("[-yellow-]{+red+}") == 1 or "old prompt not available" in told
    assert told.count("positivePrompt") == 1
    assert "30 takes" in told
    assert "s000, s001" in told
    assert "and 6 more" in told


@each_form
def test_one_edit_that_reaches_several_scenes_is_one_entry(
    tmp_path: Path, capsys: Out, argv: tuple[str, ...]
) -> None:
    repo = film(tmp_path, scenes=3, shots=2)
    (repo.root / "renderer.yaml").write_text("version: 1\nsettings: {duration: 5}\n")
    edit(repo, "  duration: 4\n", "")

    told = shown(repo, capsys, *argv)

    assert told.count("duration: 4 → 5") == 1
    assert "several scenes" in told
    assert "n0/s000, n0/s001, n1/s000" in told


@each_form
def test_different_edits_are_different_entries(
    tmp_path: Path, capsys: Out, argv: tuple[str, ...]
) -> None:
    repo = film(tmp_path, shots=2)
    edit(repo, "of the long s000", "of the short s000")
    edit(repo, "of the long s001", "of the wide s001")

    told = shown(repo, capsys, *argv)

    if "old prompt not available" in told:  # then nothing tells them apart
        assert "s000, s001" in told
    else:
        assert "~ s000" in told
        assert "~ s001" in told


def test_all_lists_every_address(tmp_path: Path, capsys: Out) -> None:
    repo = film(tmp_path)
    edit(repo, "coat: yellow", "coat: red")

    assert "s029" in shown(repo, capsys, "--all")


def test_no_text_holds_python(tmp_path: Path, capsys: Out) -> None:
    image = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 9\n"
    repo = film(tmp_path, shots=2)
    edit(
        repo, "duration: 4", "duration: 4\n  providerSettings: {bytedance: {cameraFixed: true}}\n"
    )
    edit(repo, "  - id: s001\n", "  - id: s001\n    settings: {seed: 4}\n")
    assert image

    for argv in FORMS.values():
        told = shown(repo, capsys, *argv)
        assert "None" not in told
        assert "{'" not in told
        assert "True" not in told


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "(none)"),
        (True, "true"),
        (4.5, "4.5"),
        ("480p", "480p"),
        ([], "(none)"),
        ({"a": None, "b": [1, "x"]}, "{a: (none), b: 1, x}"),
        ([{"image": "sha256:" + "a" * 64, "frame": "first"}], f"first sha256:{'a' * 16}…"),
    ],
)
def test_a_value_is_written_as_in_a_spec(value: Json, words: str) -> None:
    assert value_words(value) == words


def test_the_branch_is_told_from_what_was_open_before(tmp_path: Path, capsys: Out) -> None:
    repo = film(tmp_path, shots=4)
    edit(repo, "of the long s003", "of the wide s003")
    repo.commit()
    repo.git("branch", "-f", "base")
    edit(repo, "of the long s000", "of the wide s000")
    edit(repo, "  - id: s003\n", "  - id: s003\n    settings: {numberResults: 3}\n")

    told = shown(repo, capsys, "--base", "base", "--format", "markdown")

    first = told.splitlines()[1]
    words = "This branch makes 3 takes: $0.29229; 1 more was open before: $0.09743"
    assert first == f"### {words}"
    assert words in shown(repo, capsys, "--base", "base")
    data = json.loads(shown(repo, capsys, "--base", "base", "--format", "json"))["summary"]
    assert (data["branch"]["takes"], data["open_before"]["takes"]) == (3, 1)
    assert data["branch"]["cost"]["low"] == "0.29229"
    assert data["takes"] == 4


def test_a_branch_that_makes_nothing_says_so(tmp_path: Path, capsys: Out) -> None:
    repo = film(tmp_path, shots=1)

    told = shown(repo, capsys, "--base", "main", "--format", "markdown")

    assert told.splitlines()[1] == "### This branch makes nothing"


def test_the_comment_of_400_long_changes_fits_and_shows_every_shot(
    tmp_path: Path, capsys: Out
) -> None:
    words = [
        "lantern",
        "harbour",
        "fog",
        "stone",
        "gull",
        "rope",
        "copper",
        "tide",
        "glass",
        "bell",
    ]
    repo = film(tmp_path, shots=400)
    line = "lights the lamp of s"
    text = " ".join(words[(at * 7 + at // 10) % 10] for at in range(380))
    edit(repo, line, f"{text} {line}")
    repo.commit()
    path = repo.root / "specs" / "n0.yaml"
    rows = path.read_text().split("\n")
    for number, row in enumerate(rows):
        tokens = row.split(" ")
        for at in range(30, len(tokens) - 8, 6) if "prompt" in row else ():
            tokens[at] = f"w{number}x{at}"
        rows[number] = " ".join(tokens)
    path.write_text("\n".join(rows))

    began = time.process_time()
    told = shown(repo, capsys, "--base", "HEAD", "--format", "markdown")
    spent = time.process_time() - began

    assert len(told) < 65_536
    assert told.splitlines()[1].startswith("### This branch makes 400 takes: $38.97200")
    assert sum(f"~ s{at:03}" in told for at in range(400)) == 400
    assert told.count("{+w") > 100
    assert spent < 20  # a guard against all with all; the figure itself is in bench/


AXES = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.lists(st.integers(0, 3), min_size=1, unique=True),
    min_size=1,
)


@given(AXES)
def test_the_cells_of_a_whole_matrix_are_one_name(axes: dict[str, list[int]]) -> None:
    cells = [""]
    for axis, values in sorted(axes.items()):
        cells = [f"{cell},{axis}={value}".strip(",") for cell in cells for value in values]

    (name,) = names([f"n/s@{cell}" for cell in cells])

    assert name.startswith("n/s@")
    assert all(axis in name for axis in axes)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, unique=True))
def test_folded_names_stand_for_exactly_the_cells(cells: list[tuple[int, int]]) -> None:
    found = names([f"n/s@a={one},b={two}" for one, two in cells], most=99)

    unfolded = [
        (int(one), int(two))
        for name in found
        for first, second in [name.removeprefix("n/s@a=").split(",b=")]
        for one in first.strip("{}").split(",")
        for two in second.strip("{}").split(",")
    ]
    assert sorted(unfolded) == sorted(cells)
