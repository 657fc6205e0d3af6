"""Takes that a person should look at: black, frozen, silent, loud, of another size or length."""

import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from renderer.adapters.media.container_check import NotMediaError
from renderer.adapters.media.detectors import look
from renderer.animatic.make import make
from renderer.animatic.picture.camera import MOVES
from renderer.animatic.spec import AnimaticSpec, Frame
from renderer.app.review.take_checks import Checks
from renderer.film.still import meant_still
from renderer.film.take_flags import GAP, MeasuredTake, Span, flags, joined, less
from tests.review.conftest import Studio, film

RATE = 48_000
Picture = Callable[[int], Any]
Sound = Callable[[Any], Any]


def moving(number: int) -> Any:
    frame = np.full((90, 160, 3), 70, dtype=np.uint8)
    frame[:, number * 3 % 150 : number * 3 % 150 + 10] = 220
    return frame


def still(_: int) -> Any:
    return moving(7)


def black(number: int) -> Any:
    return moving(number) if number < 24 else np.zeros((90, 160, 3), dtype=np.uint8)


def tone(level: float) -> Sound:
    return lambda at: level * np.sin(at * 440 * 2 * np.pi)


def write(path: Path, picture: Picture, sound: Sound | None, frames: int = 72) -> Path:
    with av.open(str(path), "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=24)
        video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
        video.time_base = Fraction(1, 24)
        voice = container.add_stream("aac", rate=RATE, layout="mono") if sound else None
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24")
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if voice is not None and sound is not None:
            moments = np.arange(RATE * frames // 24) / RATE
            samples = sound(moments).astype(np.float32)[np.newaxis]
            heard = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            heard.sample_rate = RATE
            container.mux(voice.encode(heard))
            container.mux(voice.encode())
    return path


@pytest.mark.parametrize(
    ("picture", "sound", "words"),
    [
        (moving, tone(0.1), []),
        (moving, None, []),
        (black, tone(0.1), ["black: 1.00 to"]),
        (still, tone(0.1), ["frozen: 0.00 to"]),
        (moving, tone(0.0), ["silent: "]),
        (moving, tone(0.9), ["loud: ", "clipped: "]),
        (moving, tone(0.003), ["faint: "]),
    ],
)
def test_a_fault_that_was_put_in_is_found_and_a_clean_take_has_none(
    tmp_path: Path, picture: Picture, sound: Sound | None, words: list[str]
) -> None:
    found = flags(look(write(tmp_path / "take.mp4", picture, sound), "mp4"))

    assert len(found) == len(words), found
    assert all(flag.startswith(word) for flag, word in zip(found, words, strict=True))


@pytest.mark.parametrize(
    ("request_", "still"),
    [
        ({"positivePrompt": "A desert, static shot"}, True),
        ({"positivePrompt": "A desert; the camera is locked off"}, True),
        ({"positivePrompt": "Locked-off, wide"}, True),
        ({"positivePrompt": "A still image of a desert"}, True),
        ({"positivePrompt": "A desert; no camera movement"}, True),
        ({"positivePrompt": "A desert. The camera doesn’t move."}, True),
        ({"positivePrompt": "A", "providerSettings": {"bytedance": {"cameraFixed": True}}}, True),
        ({"positivePrompt": "A", "settings": {"cameraFixed": True}}, True),
        (
            {"positivePrompt": "A", "providerSettings": {"bytedance": {"cameraFixed": False}}},
            False,
        ),
        ({"positivePrompt": "An ecstatic crowd is still dancing behind a locked door"}, False),
        ({"positivePrompt": "A desert; slow push-in"}, False),
    ],
)
def test_a_shot_that_is_meant_to_stand_still_is_not_frozen(
    request_: dict[str, Any], *, still: bool
) -> None:
    assert meant_still(request_) is still
    seen = MeasuredTake(
        length=Decimal(4), frames=96, fps=Decimal(24), frozen=((Decimal(0), Decimal(4)),)
    )
    assert len(flags(seen, still=meant_still(request_))) == (0 if still else 1)


@pytest.mark.parametrize("words", MOVES["still"].split())
def test_where_the_embedded_engine_holds_its_camera_nothing_is_frozen(words: str) -> None:
    assert meant_still({"positivePrompt": f"A desert, {words.replace('_', ' ')}, at noon"})


def test_a_take_of_the_embedded_engine_that_rests_has_no_fault(tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (640, 640), (90, 90, 90)).save(picture, "PNG")
    grey = Frame(data=picture.getvalue())
    for kind in ("MP4", "WEBM"):
        brief = AnimaticSpec(
            prompt="A room", seed=3, width=320, height=320, duration=4, first=grey, format=kind
        )
        make(replace(brief, audio=False), tmp_path / "take", lambda _: None)
        assert flags(look(tmp_path / "take", kind.lower())) == ()


SPANS = st.lists(
    st.tuples(st.integers(0, 80), st.integers(1, 30)).map(
        lambda pair: (Decimal(pair[0]) / 10, Decimal(sum(pair)) / 10)
    ),
    max_size=8,
)


@given(SPANS, SPANS)
def test_spans_that_touch_are_one_and_what_is_black_is_said_once(
    frozen: list[Span], black: list[Span]
) -> None:
    one = joined(frozen)
    assert all(a[1] + GAP < b[0] for a, b in pairwise(one))
    left = less(one, joined(black))
    for tenth in range(1, 1200, 2):  # between the borders
        at = Decimal(tenth) / 100 + Decimal("0.005")
        inside = any(a < at < b for a, b in frozen)
        assert inside <= any(a < at < b for a, b in one)
        dark = any(a <= at <= b for a, b in joined(black))
        assert any(a < at < b for a, b in left) is (any(a < at < b for a, b in one) and not dark)


def test_two_stretches_that_touch_are_told_as_one() -> None:
    times = [Decimal(n) / 10 for n in (10, 16, 16, 24)]
    spans = ((times[0], times[1]), (times[2], times[3]))
    seen = MeasuredTake(length=Decimal(4), frames=96, fps=Decimal(24), frozen=spans)
    assert flags(seen) == ("frozen: 1.00 to 2.40 s",)


def test_a_file_that_promises_more_frames_than_it_has_is_flagged() -> None:
    seen = MeasuredTake(length=Decimal(4), frames=60, fps=Decimal(24))
    assert flags(seen) == ("frames: 96 promised by the file, 60 can be decoded",)


def test_a_file_that_is_no_film_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    path.write_bytes(b"<!doctype html>")
    with pytest.raises(NotMediaError):
        look(path, "mp4")


def test_takes_are_measured_against_what_was_asked_and_looked_at_once(studio: Studio) -> None:
    studio.render(studio.film(0), film(1, size=(432, 248), frames=49), b"no film")
    reviewer = studio.reviewer()
    rows = {
        take["name"]: take["flags"]
        for shot in reviewer.data()["scenes"][0]["shots"]
        for task in shot["tasks"]
        for take in task["takes"]
    }
    assert rows["harbour/quay#1"] == []
    assert rows["harbour/quay#2"] == [
        "width: asked 864, got 432",
        "height: asked 496, got 248",
        "duration: asked 4 s, got 2.042 s",
    ]
    assert rows["harbour/quay#3"][0].startswith("unreadable: ")

    take = reviewer.board().lock.entries["harbour/quay"].takes[0]
    again = Checks.of(reviewer.workspace)
    reviewer.workspace.store.path(take.sha256).chmod(0o644)
    reviewer.workspace.store.path(take.sha256).write_bytes(b"x" * take.size)
    assert again.of_take(take).seen == reviewer.checks.of_take(take).seen
    reviewer.workspace.store.path(take.sha256).unlink()
    (gone,) = Checks.of(reviewer.workspace).of_take(take).fault.splitlines()
    assert gone.startswith("missing: ")


def test_the_default_is_the_first_take_without_a_flag(studio: Studio) -> None:
    studio.render(b"no film", studio.film(0))
    shot = studio.reviewer().data()["scenes"][0]["shots"][0]

    assert shot["default"] == "harbour/quay#2"
    assert shot["failed"]
