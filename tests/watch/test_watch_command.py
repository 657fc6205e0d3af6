"""`renderer watch` as a person has it: real files, the embedded engine, Ctrl-C, and the page."""

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from renderer.cli.main import run
from tests.conftest import Write
from tests.harness.terminal import environment_of, program
from tests.review.conftest import Look, browser, look, ready

Out = pytest.CaptureFixture[str]
__all__ = ["browser", "look"]
SCENE = """\
version: 1
scene: harbour
settings:
  model: bytedance:seedance@1.5-pro
  width: 864
  height: 496
  duration: 4
  seed: 7
  providerSettings: {bytedance: {audio: false}}
shots:
  - id: quay
    prompt: A ferry ties up at the quay.
"""


class Running:
    """A watch in a process of its own."""

    def __init__(self, child: "subprocess.Popen[str]") -> None:
        self.child = child
        assert child.stdout is not None
        self.out: IO[str] = child.stdout

    def until(self, words: str) -> str:
        """Read what it says up to a line with these words."""
        read = ""
        for line in self.out:
            read += line
            if words in line:
                return read
        raise AssertionError(f"it ended without {words!r}: {read}")

    def end(self) -> tuple[int, str]:
        """Press Ctrl-C; return the exit code and the rest of what it says."""
        self.child.send_signal(signal.SIGINT)
        return self.child.wait(30), self.out.read()


@contextmanager
def watching(project: Path, *argv: str) -> Iterator[Running]:
    child = subprocess.Popen(
        program("-C", str(project), "watch", *argv),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment_of({"PYTHONUNBUFFERED": "1"}),
    )
    try:
        yield Running(child)
    finally:
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


@pytest.fixture
def small(write: Write, tmp_path: Path) -> Path:
    write("specs/harbour.yaml", SCENE)
    return tmp_path


def test_a_save_is_rendered_and_the_folder_of_the_page_is_written_anew(
    small: Path, write: Write
) -> None:
    page = small / "page" / "index.html"
    with watching(small, "--out", str(page.parent)) as watch:
        assert "create  1 take" in watch.until(f"Page written: {page}")
        write("specs/harbour.yaml", SCENE.replace("ferry", "tug"))
        told = watch.until("Page written")
        assert "specs/harbour.yaml\n" in told
        assert "~ quay  change  1 take" in told
        assert "A tug ties up" in page.read_text("utf-8")
        assert len(list((page.parent / "media").glob("*.mp4"))) == 2
        write("specs/harbour.yaml", SCENE.replace("seed: 7", "seed: x"))
        assert "specs/harbour.yaml:8:9: `seed`" in watch.until("1 problem")
        assert watch.end() == (0, "Stopped watching.\n")
    assert [path.name for path in (small / "renders" / "harbour").iterdir()] == ["quay.take2.mp4"]


def test_a_page_that_is_there_is_kept_up_to_date(small: Path, write: Write) -> None:
    assert run(["-C", str(small), "review"]) == 0
    with watching(small, "--provider", "runware") as watch:
        watch.until("Page written")
        write("specs/harbour.yaml", SCENE.replace("ferry", "tug"))
        watch.until("Page written")
        assert watch.end()[0] == 0
    assert "A tug ties up" in (small / "review" / "index.html").read_text("utf-8")


def test_ctrl_c_in_a_render_ends_it_with_0_and_says_what_is_left(small: Path) -> None:
    with watching(small) as watch:
        watch.until("Cost: free, 1 take (local)")
        code, told = watch.end()
    assert code == 0
    assert "Stopped watching." in told
    assert run(["-C", str(small), "verify"]) == 0


def test_the_open_page_shows_the_new_prompt_and_the_new_take_after_a_save(
    small: Path, write: Write, look: Look
) -> None:
    with watching(small, "--serve", "--port", "0") as watch:
        address = re.findall(r"http://\S+", watch.until("The review is at"))[0]
        watch.until("Made 1 take")
        window = look(address)
        page = ready(window)
        page.wait_for_selector("#shot-1 .take[data-current=yes]")
        assert "A ferry ties up" in page.locator("#shot-1").inner_text()

        write("specs/harbour.yaml", SCENE.replace("ferry", "tug"))

        page.wait_for_selector("#shot-1 >> text=A tug ties up", timeout=30_000)
        page.wait_for_selector("#shot-1 .take >> nth=1", timeout=30_000)
        assert newest(page).startswith("#2")

        write("specs/harbour.yaml", SCENE.replace("prompt:", "promt:"))
        page.wait_for_selector("text=has no prompt", timeout=30_000)
        assert watch.end()[0] == 0
    assert [one for one in window.wrong if "ERR_CONNECTION" not in one] == []
    assert window.foreign == []


def newest(page: Any) -> str:
    text: str = page.locator("#shot-1 .take[data-current=yes]").inner_text()
    return text[text.index("#") :]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--serve", "--out", "page"), "use one of them"),
        (("--port", "8000"), "--port is for --serve"),
        (("--out", "specs"), "did not write"),
    ],
)
def test_a_page_that_cannot_be_is_refused_at_once(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out, argv: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(small)
    assert run(["watch", *argv]) == 2
    assert words in capsys.readouterr().err
