"""A composed picture for a prompt: a setting, its light, and what is close to the lens."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from renderer.animatic.keywords import number, strongest, themes
from renderer.animatic.picture import interiors, landscapes, streets, underwater_and_space
from renderer.animatic.picture.canvas import Canvas, Field, Lamp
from renderer.animatic.picture.palette import mood

SETTINGS = {
    "reef": "underwater reef coral seabed diver* submarine jellyfish whale* ocean_floor marine kelp",
    "town": "city street* alley* market* skyline downtown town harbor harbour dock* tower*"
    " clocktower rooftop* bazaar station vendor* stall* courier traffic village",
    "marsh": "marsh* swamp* wetland* pond lake lagoon bayou reed* river riverbank stilt lily",
    "forest": "forest* wood woods jungle tree* pine* grove woodland canopy",
    "desert": "desert dune* sand sands canyon mesa oasis caravan",
    "sea": "sea ocean shore* beach coast* boat* ship* sail* wave* island* lighthouse pier",
    "mountains": "mountain* peak* valley alps alpine hill* glacier snow* ridge cliff* fjord",
    "space": "space galaxy planet* cosmos cosmic orbit* nebula spaceship astronaut* asteroid*",
    "room": "room kitchen interior indoor* workshop library hall hallway office table window"
    " bedroom cafe bar desk",
    "product": "product bottle perfume watch sneaker* packshot jar cosmetic* plinth pedestal"
    " headphones smartphone",
}
_HOMES = {"reef": "deep", "space": "space", "room": "indoors", "product": "studio"}
_MARKS = {
    "tower": "clocktower clock_tower tower belfry steeple",
    "portal": "portal* gateway vortex ring_of_light wormhole",
}
_OPEN = ("mountains", "sea", "desert", "forest", "marsh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture (height x width x RGB), the coverage of what is near (or None), and its lamps."""

    pixels: NDArray[np.uint8]
    near: NDArray[np.uint8] | None = None
    shade: tuple[float, float, float] = (0.0, 0.0, 0.0)
    lamps: tuple[Lamp, ...] = ()


def compose(prompt: str, seed: int, width: int, height: int) -> Picture:
    """Paint the picture of a prompt: the same prompt and seed at any size is the same picture."""
    rng = np.random.default_rng(number("picture", prompt, seed))
    setting = strongest(prompt, SETTINGS) or _OPEN[int(rng.integers(len(_OPEN)))]
    stage = Canvas(width, height, mood(prompt, seed, _HOMES.get(setting, "")), rng)
    _paint(stage, setting, themes(prompt, _MARKS))
    near = (stage.near.mask(0.004) * 255).astype(np.uint8)
    return Picture(
        pixels=_develop(stage), near=near, shade=stage.mood.near, lamps=tuple(stage.lamps[:6])
    )


def _paint(stage: Canvas, setting: str, marks: tuple[str, ...]) -> None:
    if setting == "town":
        streets.town(stage, tower="tower" in marks)
    elif setting == "reef":
        underwater_and_space.reef(stage, portal="portal" in marks)
    else:
        _SCENES[setting](stage)


_SCENES: dict[str, Callable[[Canvas], None]] = {
    "marsh": landscapes.marsh,
    "forest": landscapes.forest,
    "desert": landscapes.desert,
    "sea": landscapes.sea,
    "mountains": landscapes.mountains,
    "space": underwater_and_space.space,
    "room": interiors.room,
    "product": interiors.product,
}


def _develop(stage: Canvas) -> NDArray[np.uint8]:
    """Bloom, a soft shoulder, a vignette, and a fine dither against bands."""
    image = stage.pixels
    image += _bloom(image) * 0.55
    image = np.where(image > 0.72, 0.72 + 0.28 * np.tanh((image - 0.72) / 0.28), image)
    corner = np.hypot(stage.u - 0.5, (stage.v - 0.5) * 0.9)
    image *= (1 - 0.62 * np.clip(corner - 0.28, 0, 1) ** 1.4)[..., None]
    image += (stage.rng.random(image.shape[:2], dtype=np.float32)[..., None] - 0.5) / 110
    return (np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)


def _bloom(image: Field) -> Field:
    height, width = image.shape[:2]
    small = (max(8, width // 8), max(8, height // 8))
    bright = (np.clip(image - 0.55, 0, 1) * 255).astype(np.uint8)
    soft = Image.fromarray(bright).resize(small, Image.Resampling.BOX)
    soft = soft.filter(ImageFilter.GaussianBlur(min(small) * 0.045))
    wide = soft.resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(wide, np.float32) / np.float32(255)
