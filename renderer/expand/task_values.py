"""What a prompt can say of its task: `task.duration`, `task.width`, `task.seed` and so on."""

from collections.abc import Mapping

from renderer.catalog.defaults import effective
from renderer.catalog.video_model import VideoModel
from renderer.json_types import Json, is_number

_NUMBERS = ("duration", "width", "height", "seed")


def about_task(model: VideoModel, request: Mapping[str, Json]) -> dict[str, Json]:
    """Return the values that a request has; what it does not have is an undefined name."""
    full = effective(model, request)
    found = {name: value for name in _NUMBERS if is_number(value := full.get(name))}
    about: dict[str, Json] = {
        name: int(value) if value == int(value) else value for name, value in found.items()
    }
    resolution = full.get("resolution")
    row = model.named.get((int(found.get("width", 0)), int(found.get("height", 0))))
    if row:
        resolution, about["aspect"] = row
    if isinstance(resolution, str):
        about["resolution"] = resolution
    return about
