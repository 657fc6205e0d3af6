"""What holds for every test: no real network, no key from the machine it runs on."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from renderer.cli.startup import choose_paths

# A busy machine is no finding: nothing here is judged by the clock.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _no_network(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect" or len(arguments) < 2:
        return
    address = arguments[1]
    if isinstance(address, tuple) and address and address[0] not in _LOOPBACK:
        raise AssertionError(f"a test reached for the network: {address}")


sys.addaudithook(_no_network)
for _name in ("RUNWARE_API_KEY", "RUNWARE_BASE_URL", "FORCE_COLOR"):
    os.environ.pop(_name, None)
choose_paths(os.environ)  # RENDERER_FAST_PATHS=0 runs the suite on what is the truth alone

SCENE = """\
# yaml-language-server: $schema=../schemas/scene.schema.json
version: 1
scene: harbour
title: Harbour at Dusk
aspect: "16:9"
settings:
  model: bytedance:seedance@1.5-pro
  resolution: 480p
  duration: 4
  seed: 7
vars:
  look: blue hour, wet stone
shots:
  - id: quay
    prompt: |
      {{ look }}. A ferry ties up at the quay; ropes creak.
  - id: lamp
    prompt: {file: lamp.j2}
    settings: {providerSettings: {bytedance: {audio: false}}}
"""
LAMP = "{% import 'cast.j2' as cast %}{{ look }}. {{ cast.keeper() }} lights a lamp.\n"
CAST = "{% macro keeper() %}The keeper in a yellow coat{% endmacro %}\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a file below tmp_path and returns its path."""

    def put(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return put


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write a project of one scene with two cheap shots, and return its folder."""
    return lay_project(tmp_path)


def lay_project(root: Path) -> Path:
    """Write the small project into a folder."""
    texts = {"specs/harbour.yaml": SCENE, "templates/lamp.j2": LAMP, "templates/cast.j2": CAST}
    for name, text in texts.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    return root
