"""Uploads that would overwrite each other are found before anything is bought."""

from pathlib import Path

import pytest

from renderer.cli.main import run
from renderer.expand.delivery import filled_in

SCENE = """\
version: 1
scene: pier
aspect: "16:9"
settings:
  model: bytedance:seedance@1.5-pro
  resolution: 480p
  duration: 4
  uploadEndpoint: "https://files.example/URL?sig=CANARY"
  numberResults: COUNT
matrix: {seed: [7, 107]}
shots:
  - {id: bell, prompt: A bell.}
  - {id: gull, prompt: A gull.}
"""


@pytest.mark.parametrize(
    ("url", "count", "problems"),
    [
        ("x.mp4", 1, 1),
        ("{scene}.mp4", 1, 1),
        ("{shot}.mp4", 1, 1),
        ("{take}.mp4", 2, 1),
        ("{shot}-{take}.mp4", 1, 1),
        ("{address}.mp4", 1, 0),
        ("{address}.mp4", 2, 1),
        ("{address}/{take}.mp4", 2, 0),
    ],
)
def test_two_files_of_one_address_are_an_error_where_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, count: int, problems: int
) -> None:
    (tmp_path / "specs").mkdir()
    text = SCENE.replace("URL", url).replace("COUNT", str(count))
    (tmp_path / "specs" / "pier.yaml").write_text(text)
    for _ in range(2):  # worked out, then from memory
        capsys.readouterr()
        assert run(["-C", str(tmp_path), "validate"]) == (2 if problems else 0)
        said = "".join(capsys.readouterr())
        assert said.count("specs/pier.yaml:8:19") == problems
        assert "CANARY" not in said


def test_the_words_of_an_address_are_quoted() -> None:
    filled = filled_in(
        "https://x/{scene}/{address}/{take}",
        scene="a b",
        shot="c",
        address="a b/c@seed=1",
        take="3",
    )
    assert filled == "https://x/a%20b/a%20b%2Fc%40seed%3D1/3"
