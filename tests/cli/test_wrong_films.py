"""What is wrong with deliverables is said at its place, with advice that works."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from renderer.cli.main import run
from tests.harness.boards import MODEL

Write = Callable[..., Path]
Out = pytest.CaptureFixture[str]
PROJECT = "version: 1\ndeliver: [locale]\n"
SCENE = f"""\
version: 1
scene: ad
settings: {{model: "{MODEL}", resolution: 480p, duration: 5}}
matrix: {{locale: [en, de]}}
shots:
- {{id: one, prompt: "'{{{{ locale }}}}'"}}
"""
SHA = "a" * 64
PICKS = f"""\
version: 2
picks:
  "ad/one@locale=fr":
    take: "ad/one@locale=fr#1"
    sha256: "{SHA}"
    fingerprint: v1-{SHA}
"""


class Wrong(NamedTuple):
    """What is written in place of what, where that is said, with which word, and what is right."""

    name: str
    old: str
    new: str
    place: str
    word: str
    right: str


def project(new: str, place: str, word: str) -> Wrong:
    return Wrong("renderer.yaml", "[locale]", new, place, word, "[locale]")


def scene(new: str, place: str, word: str, right: str = "[]") -> Wrong:
    head = "scene: ad\n"
    line = "{}deliver: {}\n".format
    return Wrong("specs/ad.yaml", head, line(head, new), place, word, line(head, right))


WRONG = (
    project("locale", "2:10", "list"),
    project("{locale: de}", "2:10", "list"),
    project("[locale, locale]", "2:19", "twice"),
    project("[locale, 3]", "2:19", "text"),
    project("[locale, aspect]", "2:19", "not an axis of any shot"),
    project("[locale, locla]", "2:19", "not an axis of any shot"),
    scene("[locale, cut]", "3:19", "not in `deliver` of the project", "[locale]"),
    scene("locale", "3:10", "list"),
    scene("[locale, locale]", "3:19", "twice", "[locale]"),
    Wrong("specs/ad.yaml", "{id", "{deliver: [], id", "6:4", "'deliver' is not allowed", "{id"),
)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: one.new.strip())
def test_a_wrong_deliver_is_said_at_its_place(
    write: Write, tmp_path: Path, capsys: Out, wrong: Wrong
) -> None:
    texts = {"renderer.yaml": PROJECT, "specs/ad.yaml": SCENE}
    for file, text in texts.items():
        write(file, text)
    before = texts[wrong.name]
    write(wrong.name, before.replace(wrong.old, wrong.new, 1))

    for command in ("validate", "plan", "picks"):
        assert run(["-C", str(tmp_path), command]) == 2
        out = capsys.readouterr()
        said = out.out + out.err
        assert re.search(rf"{re.escape(f'{wrong.name}:{wrong.place}: ')}.+; .+", said), said
        assert wrong.word in said, said

    write(wrong.name, before.replace(wrong.old, wrong.right, 1))
    assert run(["-C", str(tmp_path), "validate"]) == 0


def test_a_scene_may_not_go_beyond_what_is_delivered_by_itself(
    write: Write, tmp_path: Path, capsys: Out
) -> None:
    write("specs/ad.yaml", SCENE.replace("scene: ad\n", "scene: ad\ndeliver: [seed]\n"))
    assert run(["-C", str(tmp_path), "validate"]) == 2
    out = capsys.readouterr()
    assert "specs/ad.yaml:3:11: 'seed' is not in `deliver`" in out.out + out.err


def test_a_pick_for_a_film_that_left_is_named_and_can_be_taken_back(
    write: Write, tmp_path: Path, capsys: Out
) -> None:
    write("renderer.yaml", PROJECT)
    write("specs/ad.yaml", SCENE)
    write("picks.yaml", PICKS)
    assert run(["-C", str(tmp_path), "picks", "--check"]) == 4
    out = capsys.readouterr()
    assert "no film has ad/one@locale=fr any more" in out.out
    assert "ad/one@locale=fr" in out.err

    assert run(["-C", str(tmp_path), "pick", "--undo", "ad/one@locale=fr"]) == 0
    assert "locale=fr" not in (tmp_path / "picks.yaml").read_text()


@pytest.mark.parametrize("command", ["plan", "render"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it names no film"),
        ("  ", "it names no film"),
        (",", "no deliverable is named; there are: locale=en; locale=de"),
        ("locale", "'locale' has no value; write AXIS=VALUE"),
        ("locale=", "no deliverable has locale=; there are: en, de"),
        ("locale=fr", "no deliverable has locale=fr; there are: en, de"),
        ("aspect=1:1", "'aspect' is not an axis of the deliverables; there are: locale"),
        ("locale=de,locale=en", "'locale' is named twice"),
        ('locale="de', "quotes come in pairs"),
        ("locale=\x1b[31m", "locale=\\u001b[31m"),
    ],
)
def test_what_names_no_film_is_refused(
    write: Write, tmp_path: Path, capsys: Out, command: str, text: str, words: str
) -> None:
    write("renderer.yaml", PROJECT)
    write("specs/ad.yaml", SCENE)
    assert run(["-C", str(tmp_path), command, "--deliverable", text]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "renders").exists()
