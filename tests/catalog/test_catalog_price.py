"""Prices: published bills to the fifth decimal, ranges, and what nobody knows."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from renderer.catalog.catalog import load_model
from renderer.catalog.money import FREE, Cost, total
from renderer.catalog.price import estimate, unpriced
from renderer.catalog.video_model import SecondPrice, TokenPrice, VideoModel
from renderer.json_types import Json

FOLDER = Path(__file__).parents[2] / "schemas" / "models"


def model(version: str) -> VideoModel:
    file = FOLDER / f"bytedance-seedance-{version}-pro.json"
    return load_model(file.read_text(encoding="utf-8"), file.name)


PRO = model("1.5")
OLD = model("1.0")


def price(**request: Any) -> tuple[str, str] | None:
    cost = estimate(PRO, request)
    return None if cost is None else (str(cost.low), str(cost.high))


def vendor(**settings: Any) -> dict[str, Any]:
    return {"bytedance": settings}


@pytest.mark.parametrize(
    ("width", "height", "duration", "settings", "billed"),
    [
        (1920, 1080, 8, {"audio": True, "cameraFixed": False}, "0.93798"),
        (1280, 720, 8, {"audio": True, "cameraFixed": False}, "0.41688"),
        (864, 496, 5, {"audio": True, "draft": True, "cameraFixed": False}, "0.07292"),
        (1280, 720, 8, {}, "0.41688"),
        (1280, 720, 8, {"audio": False}, "0.20844"),
    ],
)
def test_a_known_size_and_duration_has_the_price_that_was_billed(
    width: int, height: int, duration: int, settings: dict[str, Any], billed: str
) -> None:
    found = price(
        width=width, height=height, duration=duration, providerSettings=vendor(**settings)
    )
    assert found == (billed, billed)


def test_a_silent_draft_uses_its_own_factor() -> None:
    found = price(
        width=864, height=496, duration=5, providerSettings=vendor(audio=False, draft=True)
    )
    assert found == ("0.04254", "0.04254")


def test_a_duration_that_is_not_given_is_the_default_of_five_seconds() -> None:
    assert price(width=1280, height=720) == price(width=1280, height=720, duration=5)
    assert price(width=1280.0, height=720.0, duration=5.0) == ("0.26136", "0.26136")


def test_an_automatic_duration_costs_from_the_shortest_to_the_longest() -> None:
    low = price(width=1280, height=720, duration=4)
    high = price(width=1280, height=720, duration=12)
    assert low is not None
    assert high is not None
    assert price(width=1280, height=720, duration="auto") == (low[0], high[0])


def test_a_resolution_alone_costs_from_its_cheapest_to_its_dearest_shape() -> None:
    assert price(resolution="720p", duration=5) == ("0.26136", "0.26301")
    assert price(duration=5) == ("0.11616", "0.59182")


def test_a_draft_without_a_size_is_priced_at_480p() -> None:
    assert price(duration=5, providerSettings=vendor(draft=True)) == ("0.06970", "0.07292")


def test_a_promotion_costs_what_any_duration_and_sound_could() -> None:
    found = price(width=1280, height=720, inputs={"draftId": "cgt-1"})
    assert found == ("0.10476", "0.62424")


@pytest.mark.parametrize(
    "request_",
    [
        {"width": 1280, "duration": 5},
        {"width": True, "height": 720},
        {"width": float("inf"), "height": float("nan")},
        {"resolution": "4k"},
        {"resolution": ["720p"]},
        {"width": 1280, "height": 720, "duration": "long"},
        {"width": 1280, "height": 720, "providerSettings": vendor(audio="yes")},
    ],
)
def test_a_request_that_cannot_be_priced_has_no_price_instead_of_zero(
    request_: dict[str, Any],
) -> None:
    assert estimate(PRO, request_) is None


def test_the_second_model_is_priced_by_the_second_where_its_price_is_known() -> None:
    cost = estimate(OLD, {"width": 1920, "height": 1088, "duration": 5})
    assert cost == Cost(low=Decimal("0.48400"), high=Decimal("0.48400"))
    assert estimate(OLD, {"width": 864, "height": 480, "duration": 5}) is None
    assert estimate(OLD, {"width": 7, "height": 7, "duration": 5}) is None
    assert estimate(OLD, {"duration": 5}) is None


def test_every_named_size_and_duration_has_the_price_of_its_tokens_half_up() -> None:
    """Worked out once more in whole numbers: a fault in the last digit is one of a million."""
    assert isinstance(PRO.price, TokenPrice)
    for (width, height), seconds, sound in product(PRO.named, PRO.durations, (True, False)):
        frames = PRO.fps * seconds + PRO.price.extra_frames
        tokens = Fraction(width * height * frames, PRO.price.pixels_per_token)
        units = tokens * Fraction(PRO.price.per_million[sound]) / 10  # of 0.00001 USD
        whole = Decimal((2 * units.numerator + units.denominator) // (2 * units.denominator))
        cost = estimate(
            PRO,
            {"width": width, "height": height, "duration": seconds,
             "providerSettings": vendor(audio=sound)},
        )  # fmt: skip
        assert cost == Cost(low=whole / 100_000, high=whole / 100_000)


@pytest.mark.parametrize(
    ("width", "height", "known"),
    [
        (1, 1, True),
        (1, 65536, True),
        (65536, 1, True),
        (65537, 1, False),
        (1, 65537, False),
        (0, 1, False),
        (1, 0, False),
        (-1, 1, False),
        (1.0, 1.0, True),
        (1.5, 1, False),
        (None, 1, False),
    ],
)
def test_a_size_has_a_price_if_it_is_one(width: Json, height: Json, known: bool) -> None:  # noqa: FBT001 - a row
    assert (estimate(PRO, {"width": width, "height": height, "duration": 5}) is not None) is known


@pytest.mark.parametrize("seconds", [0, -1, 1.5, True, "5", 65537])
def test_a_duration_that_is_none_has_no_price(seconds: Json) -> None:
    assert estimate(PRO, {"width": 1280, "height": 720, "duration": seconds}) is None


def test_a_model_without_sound_has_the_price_of_silence() -> None:
    mute = replace(PRO, audio=None)
    request = {"width": 1280, "height": 720, "duration": 8}

    assert estimate(mute, request) == estimate(
        PRO, {**request, "providerSettings": vendor(audio=False)}
    )


def test_costs_add_up_multiply_and_write_themselves_as_decimal_text() -> None:
    one = Cost(low=Decimal("0.10000"), high=Decimal("0.20000"))
    assert total([one, one * 2]) == Cost(low=Decimal("0.30000"), high=Decimal("0.60000"))
    assert total([]) == FREE
    assert str(one) == "0.10000 to 0.20000"
    assert str(FREE) == "0.00000"
    assert (one * 2).as_json() == {"low": "0.20000", "high": "0.40000", "currency": "USD"}


PARTLY = replace(PRO, price=SecondPrice(per_second={"720p": Decimal("0.02")}))


@pytest.mark.parametrize(
    ("request_", "missing"),
    [
        ({"width": 864, "height": 496, "providerSettings": vendor(draft=True)}, " for 480p"),
        ({"providerSettings": vendor(draft=True)}, " for 480p"),
        ({"width": 1920, "height": 1080, "providerSettings": vendor(draft=False)}, " for 1080p"),
        ({"width": 1920, "height": 1080}, " for 1080p"),
        ({"resolution": "1080p"}, " for 1080p"),
        ({"width": 1280, "height": 720}, ""),
        ({"providerSettings": vendor(draft="yes")}, " for 480p and 1080p"),
    ],
)
def test_the_price_that_is_missing_is_that_of_the_size_asked_for(
    request_: dict[str, Any], missing: str
) -> None:
    what, todo = unpriced(PARTLY, request_)

    assert what == f"the price of {PRO.air} is not known{missing}"
    assert todo.startswith("choose 720p, or ")
