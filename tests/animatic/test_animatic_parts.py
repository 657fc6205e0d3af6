"""The parts of an animatic: words, camera, layout, pictures, sound."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.animatic.burnin.fonts import drawable, sans
from renderer.animatic.burnin.layout import Strip, bottom, measure, shorten, top, wrap
from renderer.animatic.burnin.slate import Slate
from renderer.animatic.keywords import strongest, themes
from renderer.animatic.picture.camera import MOVES, path
from renderer.animatic.picture.compose import SETTINGS, compose
from renderer.animatic.sound.loudness import loudness
from renderer.animatic.sound.mix import AMBIENCE, sound
from renderer.animatic.spec import AnimaticSpec, Frame
from renderer.animatic.timed_events import cues

SIZES = [
    *((864, 496), (752, 560), (640, 640), (560, 752), (496, 864), (992, 432)),
    *((1280, 720), (1112, 834), (720, 1280), (1470, 630), (1920, 1080), (1080, 1920), (2206, 946)),
]


def test_themes_come_in_the_order_of_the_prompt() -> None:
    assert themes("Pan right, then crane down, then push-in", MOVES) == ("right", "down", "push")


def test_the_longer_of_two_words_at_one_place_counts() -> None:
    assert themes("The camera tilts down", MOVES) == ("down",)
    assert themes("a rainbow", AMBIENCE) == ()


def test_the_setting_is_what_the_prompt_says_most() -> None:
    assert (
        strongest("A market alley; fish in a shallow river; vendors in the alley", SETTINGS)
        == "town"
    )


@settings(max_examples=150, deadline=None)
@given(
    prompt=st.lists(
        st.sampled_from(
            [w.replace("_", " ") for v in MOVES.values() for w in v.replace("*", "").split()]
        ),
        max_size=5,
    ).map(" then ".join),
    seed=st.integers(0, 2**63 - 1),
    first=st.booleans(),
    last=st.booleans(),
    share=st.floats(0, 1),
    depth=st.sampled_from([1.0, 1.7]),
)
def test_the_camera_never_leaves_the_picture(
    *, prompt: str, seed: int, first: bool, last: bool, share: float, depth: float
) -> None:
    way = path(prompt, seed, fixed=False, whole_first=first, whole_last=last)
    left, upper, right, lower = way.at(share).box(1000, 500, depth)
    assert 0 <= left < right <= 1000.000001
    assert 0 <= upper < lower <= 500.000001


def test_the_camera_never_jumps() -> None:
    way = path("pan right, tilt up, push-in", 3, fixed=False, whole_first=False, whole_last=False)
    boxes = [np.array(way.at(i / 96).box(1280, 720)) for i in range(97)]
    steps = [float(np.abs(b - a).max()) for a, b in pairwise(boxes)]
    assert max(steps) < 8
    assert all(abs(b - a) < 1.2 for a, b in pairwise(steps))


def test_a_frame_image_is_seen_whole_at_its_end() -> None:
    way = path("push-in", 3, fixed=False, whole_first=True, whole_last=True)
    whole = pytest.approx((0, 0, 100, 50))
    assert way.at(0).box(100, 50) == whole
    assert way.at(1).box(100, 50) == whole
    assert way.at(0.5).zoom > 1.05


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "shot", ["bell", "clocktower-at-night/the-bell@seed=65545,resolution=1080p" * 2]
)
def test_nothing_on_the_slate_overlaps_or_leaves_the_frame(
    size: tuple[int, int], shot: str
) -> None:
    m = measure(*size)
    facts = ("seed 9223372036854775807", f"{size[0]}x{size[1]} · 12 s · 24 fps")
    strips = (
        top(m, (shot, "result 2 of 4"), "ANIMATIC · not final footage", "00:00:00:00  0001/0289"),
        bottom(m, "A long prompt without an end " * 40, facts, ["A note that is long " * 9]),
    )
    for strip in strips:
        check(strip, size[0])
    assert sum(strip.height for strip in strips) < size[1] * 0.34


def check(strip: Strip, width: int) -> None:
    words = [*strip.words, *([strip.clock] if strip.clock else [])]
    boxes = [(w.x, w.x + w.width, w.y) for w in words if w.text]
    for left, right, baseline in boxes:
        assert left >= 0
        assert right <= width
        assert 0 < baseline < strip.height
    for index, (left, right, baseline) in enumerate(boxes):
        for other_left, other_right, other in boxes[index + 1 :]:
            assert baseline != other or right <= other_left or other_right <= left


@settings(max_examples=80, deadline=None)
@given(text=st.text(max_size=400), room=st.integers(40, 900))
def test_lines_never_get_wider_than_their_room(text: str, room: int) -> None:
    font, (line, _) = sans(16), drawable(text)
    lines = [*wrap(line, font, room, 2), shorten(line, font, room)]
    assert all(font.getlength(each) <= room or len(each) <= 2 for each in lines)


def test_latin_greek_and_cyrillic_are_drawn_and_other_scripts_are_counted() -> None:
    assert drawable("Café Žižkov Ελλάδα Москва")[1] == 0
    assert drawable("鐘 bell") == ("? bell", 1)
    assert drawable("a\u202eb\x07c\ud800 \n d") == ("abc d", 0)


def test_missing_glyphs_are_said_on_the_slate() -> None:
    plain = AnimaticSpec(prompt="a bell", seed=1, width=640, height=640, duration=4)
    with_note = AnimaticSpec(prompt="a bell 鐘塔", seed=1, width=640, height=640, duration=4)
    assert Slate(with_note, ()).heights[1] > Slate(plain, ()).heights[1]


def test_a_frame_that_is_not_fetched_is_said_on_the_slate() -> None:
    plain = AnimaticSpec(prompt="a bell", seed=1, width=640, height=640, duration=4)
    absent = replace(plain, first=Frame(url="https://example.test/a.png"))
    assert Slate(absent, ()).heights[1] > Slate(plain, ()).heights[1]


@pytest.mark.parametrize(
    "prompt", [*SETTINGS, "nothing in particular", "clocktower in a town", "reef with a portal"]
)
def test_every_setting_is_a_picture_of_many_tones(prompt: str) -> None:
    words = SETTINGS.get(prompt, prompt).split()
    picture = compose(" ".join(words[:2]).replace("*", "").replace("_", " "), 5, 320, 180)
    assert picture.pixels.shape == (180, 320, 3)
    assert picture.pixels.std() > 14
    assert 12 < picture.pixels.mean() < 225


def test_a_picture_is_the_same_at_another_size() -> None:
    small, large = (
        compose("a marsh at night", 5, w, h).pixels for w, h in ((320, 180), (640, 360))
    )
    reduced = large.reshape(180, 2, 320, 2, 3).mean(axis=(1, 3))
    assert np.abs(reduced - small).mean() < 9


@pytest.mark.parametrize("name", [*AMBIENCE, "silence"])
def test_every_ambience_is_finite_and_at_its_level(name: str) -> None:
    word = AMBIENCE.get(name, name).split()[0].replace("*", "").replace("_", " ")
    samples = sound(word, 3, 48_000 * 4, ())
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() < 0.75
    assert loudness(samples) == pytest.approx(-18, abs=0.5)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**63 - 1), duration=st.integers(4, 12))
def test_moments_stand_on_frames_in_order(seed: int, duration: int) -> None:
    found = cues("a bell, footsteps, thunder and drums", seed, duration, 24)
    times = [cue.at for cue in found]
    assert times == sorted(times)
    assert all(0 <= at < duration and abs(at * 24 - round(at * 24)) < 1e-6 for at in times)
