"""What makes two requests the same picture, protected by golden values."""

import subprocess
import sys

import pytest

from renderer.expand.fingerprint import fields, fingerprint, former
from renderer.json_types import JsonObject

PICTURE: JsonObject = {
    "model": "bytedance:seedance@1.5-pro",
    "positivePrompt": "A café at dusk,\nrain on the awning.",
    "width": 1280,
    "height": 720,
    "duration": 8,
    "seed": 7,
    "inputs": {"frameImages": [{"image": "sha256:00ff", "frame": "first"}]},
    "providerSettings": {"bytedance": {"audio": True}},
}
GOLDEN = "v1-0affca01930ce78e4f2798e9570e5274a9b857781cb8086645277d7b95dbb40e"


def test_the_rule_is_frozen_by_a_golden_value() -> None:
    assert fingerprint(PICTURE) == GOLDEN


def test_white_space_in_a_prompt_is_free() -> None:
    wrapped = {**PICTURE, "positivePrompt": "A café at  dusk, rain\non the awning.\n"}

    assert fingerprint(wrapped) == fingerprint(PICTURE)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    decomposed = {**PICTURE, "positivePrompt": "A cafe\u0301 at dusk, rain on the awning."}

    assert fingerprint(decomposed) == fingerprint(PICTURE)


@pytest.mark.parametrize("change", [{"duration": 9}, {"seed": 8}, {"positivePrompt": "A cafe"}])
def test_a_change_of_the_picture_changes_it(change: JsonObject) -> None:
    assert fingerprint({**PICTURE, **change}) != fingerprint(PICTURE)


def test_8_and_8_point_0_seconds_are_the_same() -> None:
    assert fingerprint({**PICTURE, "duration": 8.0}) == fingerprint(PICTURE)


def test_the_fingerprint_does_not_depend_on_hash_seed_or_locale() -> None:
    code = f"from renderer.expand.fingerprint import fingerprint; print(fingerprint({PICTURE!r}))"
    found = {
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            env={"PYTHONHASHSEED": seed, "LC_ALL": locale},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed, locale in (("0", "C"), ("1", "C.UTF-8"))
    }

    assert found == {fingerprint(PICTURE)}


def test_the_lockfile_shows_short_values_and_hides_prompts_and_images() -> None:
    shown = fields({**PICTURE, "webhook": "https://example.org/?token=1"})

    assert shown["duration"] == 8
    assert shown["providerSettings.bytedance.audio"] is True
    assert shown["model"] == "bytedance:seedance@1.5-pro"
    for hidden in ("positivePrompt", "inputs.frameImages", "webhook"):
        assert str(shown[hidden]).startswith("sha256:")


UNSEEN = ["\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u061c", "\u2068", "\u2069", "\ufe0f"]


@pytest.mark.parametrize("mark", [*UNSEEN, "\u00ad", "\u2060", "\U000e0100"], ids=ascii)
@pytest.mark.parametrize("place", ["{}A café", "A ca{}fé", "A {}café", "A café{}"])
def test_a_character_that_nobody_sees_makes_no_other_picture(mark: str, place: str) -> None:
    plain, marked = ({"positivePrompt": place.format(one)} for one in ("", mark))

    assert fingerprint(marked) == fingerprint(plain)
    assert fields(marked) == fields(plain)


def test_what_a_prompt_with_unseen_characters_was_named_once_is_a_former_name() -> None:
    marked = {**PICTURE, "positivePrompt": "A ca\u200bfé at dusk,\nrain on the awning."}

    assert former(marked) == (
        "v1-8452874e5ad6c7ab00fe04d0e11f7841e8c16a128af359154382d2bb6b318b5b",
    )
    assert fingerprint(marked) == GOLDEN
    assert former(PICTURE) == ()
