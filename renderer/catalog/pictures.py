"""Frame images against the limits of a video model, by their facts; no image is opened here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from renderer.catalog.video_model import ImageLimits, VideoModel

_ALIKE = Decimal("0.05")  # 864x496 is called 16:9, and differs from it by 2 %


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """What is known of an image: its media type (empty: not known), its upright size (0), its bytes."""

    type: str
    width: int
    height: int
    size: int

    @property
    def ratio(self) -> Decimal:
        """Width by height; 0 where it is not known."""
        return Decimal(self.width) / self.height if self.height else Decimal(0)


def image_faults(model: VideoModel, image: ImageFacts) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an image for this model, and what to do."""
    limits, pixels = model.images, f"is {image.width}x{image.height}"
    if image.type and image.type.removeprefix("image/") not in limits.formats:
        kinds = ", ".join(limits.formats)
        yield f"is {image.type}; {model.title} takes {kinds}", "save it as one of these"
    if image.size > limits.max_bytes:
        most = f"{model.title} takes at most {limits.max_bytes:,} bytes"
        yield f"has {image.size:,} bytes; {most}", "make it smaller, or save it as JPEG"
    if not image.ratio:
        return
    if not limits.min_side <= min(image.width, image.height) <= _longest(image) <= limits.max_side:
        sides = f"sides of {limits.min_side} to {limits.max_side} pixels"
        yield f"{pixels}; {model.title} takes {sides}", "scale it"
    if not limits.min_ratio <= image.ratio <= limits.max_ratio:
        shapes = f"a width by height of {limits.min_ratio} to {limits.max_ratio}"
        yield f"{pixels}; {model.title} takes {shapes}", "crop it"


def total_fault(limits: ImageLimits, sizes: Iterable[int]) -> str:
    """Say that images of these bytes are too large together; empty if they are not."""
    total = sum(sizes)
    if total <= limits.max_total_bytes:
        return ""
    return f"the frame images have {total:,} bytes together, over {limits.max_total_bytes:,}"


def _longest(image: ImageFacts) -> int:
    return max(image.width, image.height)


def alike(one: Decimal, other: Decimal) -> bool:
    """Return whether two shapes are the same as far as anybody sees."""
    return abs(one - other) <= _ALIKE * other


def shape(model: VideoModel, width: int, height: int) -> str:
    """Return what a shape is called: 16:9, or its size where it has no name."""
    ratio = Decimal(width) / height
    for name in model.aspects:
        across, down = map(int, name.split(":"))
        if alike(ratio, Decimal(across) / down):
            return name
    return f"{width}x{height}"
