"""The colours of a picture: a time of day, tinted by the colours that the prompt names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from renderer.animatic.keywords import number, themes

RGB = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """Colours (0 to 1) from the zenith to the horizon, of haze, silhouettes, light and lamps."""

    sky: tuple[RGB, ...]
    haze: RGB
    near: RGB
    light: RGB
    accent: RGB
    second: RGB
    dark: bool


def rgb(text: str) -> RGB:
    """Read `rrggbb`."""
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def mix(one: RGB, other: RGB, share: float) -> RGB:
    """Return the colour `share` of the way from one to the other."""
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return red, green, blue


def _mood(sky: str, haze: str, near: str, light: str, accent: str) -> Mood:
    stops = tuple(map(rgb, sky.split()))
    dark = sum(stops[0]) < 0.75
    return Mood(
        sky=stops,
        haze=rgb(haze),
        near=rgb(near),
        light=rgb(light),
        accent=rgb(accent),
        second=rgb(accent),
        dark=dark,
    )


MOODS = {
    "night": _mood("050916 0b1836 1b3765 3d5f92", "7f9fca", "02040b", "e6eeff", "ffb45e"),
    "dusk": _mood("171338 4a2a68 b04f6c f3946a", "f2a98a", "0d0717", "ffe0ae", "ff8f5a"),
    "dawn": _mood("25406b 6f7fae e0a8ab ffdcb0", "f6d3bd", "16202f", "fff1d2", "ff9f7a"),
    "golden": _mood("38476b 9a7f7a e9a962 ffdf98", "f7cf93", "1b1009", "fff4cf", "ffb03b"),
    "day": _mood("2a6aae 69a6d6 b4d6ea eaf4f4", "d5e8ef", "102530", "fffbe6", "ff9a56"),
    "storm": _mood("0b1117 1d2931 3d4e57 75888d", "8fa2a6", "04070a", "d8e8ee", "9fd6ff"),
    "deep": _mood("4fc6c4 157f90 064459 02142a", "22808f", "010912", "d9fff5", "ff6fb5"),
    "space": _mood("010108 060718 10123a 2a1e58", "5b4b9a", "010105", "fff4e0", "7fd0ff"),
    "indoors": _mood("15100e 2c211b 4a372a 6d5038", "a98257", "070504", "ffe3b3", "ffb765"),
    "studio": _mood("2a3038 4d5763 8d98a3 c8d0d6", "dfe5e8", "12161b", "ffffff", "ffb45e"),
}
TIMES = {
    "night": "night nighttime midnight moonlit moonlight moon starlit nocturnal lantern*",
    "dusk": "dusk sunset twilight evening blue_hour",
    "dawn": "dawn sunrise morning daybreak first_light",
    "golden": "golden golden_hour sunlit warm_light late_afternoon autumn",
    "day": "day daylight noon midday bright_sky sunny summer",
    "storm": "storm stormy thunder overcast grey gray bleak tempest",
}
COLOURS = {
    "3fe0d0": "teal turquoise cyan aqua bioluminescent bioluminescence",
    "ffb347": "amber lantern* candle* firelight",
    "5f66ff": "indigo ultramarine",
    "ff4fb0": "magenta fuchsia neon",
    "4aa3ff": "blue azure cobalt sapphire",
    "ff5147": "red crimson scarlet vermilion ruby",
    "5fd68b": "green emerald jade moss mossy",
    "ffd166": "gold golden brass yellow honey",
    "9d70ff": "violet purple lavender lilac",
    "d98a54": "copper bronze rust rusty terracotta ochre",
    "d5e0ec": "silver pearl white ivory chrome",
    "ff9a8b": "pink rose coral peach salmon",
    "ff8a3c": "orange tangerine fire embers",
}


def mood(prompt: str, seed: int, home: str) -> Mood:
    """Return the colours for a prompt; `home` is the mood of its setting, or empty."""
    generator = np.random.default_rng(number("mood", prompt, seed))
    named = home or next(iter(themes(prompt, TIMES)), "")
    base = MOODS[named or ("night", "dusk", "dawn", "golden", "storm")[generator.integers(5)]]
    tints = [rgb(colour) for colour in themes(prompt, COLOURS)]
    return _tinted(base, tints, float(generator.uniform(-0.05, 0.05)))


def _tinted(base: Mood, tints: Sequence[RGB], drift: float) -> Mood:
    first = tints[0] if tints else base.accent
    # Of the other colours the one that contrasts most with the first.
    second = max(tints[1:], key=lambda tint: _apart(tint, first), default=base.accent)
    share = 0.22 if tints else 0.05
    sky = tuple(
        mix(stop, first, share * (i / len(base.sky)) ** 1.5) for i, stop in enumerate(base.sky)
    )
    warm = (1 + drift, 1.0, 1 - drift)
    sky = tuple((r * warm[0], g, b * warm[2]) for r, g, b in sky)
    return replace(
        base, sky=sky, haze=mix(base.haze, first, share + 0.06), accent=second, second=first
    )


def _apart(one: RGB, other: RGB) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
