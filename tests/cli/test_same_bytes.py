"""One project, rendered from nothing by processes of their own at the same time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.program import on_path

SCENE = """\
version: 1
scene: pier
aspect: "1:1"
settings: {model: bytedance:seedance@1.5-pro, resolution: 480p, duration: 4}
shots:
  - id: bell
    prompt: A bell tolls in the dark while rain falls on the harbor; slow push-in.
  - id: tide
    prompt: The tide goes out; gulls; pan left.
    settings: {outputFormat: MOV, providerSettings: {bytedance: {audio: false}}}
  - id: rope
    prompt: A rope creaks; the same light.
    frames: {first: {shot: bell, frame: last}}
    settings: {outputFormat: WEBM, seed: 5}
"""
LOAD = "import hashlib\nwhile True: hashlib.sha256(bytes(1 << 20)).digest()"


def render_at_once(folder: Path, count: int) -> list[dict[str, bytes]]:
    """Return the lockfile and the videos of each of some projects that render side by side."""
    environment = {"PATH": on_path(folder / "bin"), "HOME": str(folder)}
    roots = [folder / f"film{number}" for number in range(count)]
    for root in roots:
        (root / "specs").mkdir(parents=True)
        (root / "specs" / "pier.yaml").write_text(SCENE)
    running = [
        subprocess.Popen(["renderer", "-C", root, "render"], env=environment, stderr=-1, stdout=-1)
        for root in roots
    ]
    for process in running:
        out, err = process.communicate(timeout=100)
        assert process.returncode == 0, out + err
    return [_made(root) for root in roots]


def _made(root: Path) -> dict[str, bytes]:
    files = [root / "renderer.local.lock", *(root / "renders").rglob("*.*")]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def test_two_renders_at_once_make_the_same_videos_and_the_same_lockfile(tmp_path: Path) -> None:
    one, other = render_at_once(tmp_path, 2)
    assert len(one) == 4
    assert one == other


@pytest.mark.campaign
def test_five_renders_on_a_busy_machine_make_the_same_bytes(tmp_path: Path) -> None:
    load = [subprocess.Popen([sys.executable, "-c", LOAD]) for _ in range(os.cpu_count() or 1)]
    try:
        first, *others = render_at_once(tmp_path, 5)
    finally:
        for process in load:
            process.kill()
            process.wait()
    assert all(each == first for each in others)
