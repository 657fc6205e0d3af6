"""What may stand in `renderer.yaml`: the defaults of all scenes."""

from pydantic import Field

from renderer.providers import DEFAULT
from renderer.spec.model import Keyframes, Layer, ProviderName, Version
from renderer.spec.types import Deliver


class Project(Layer):
    """The defaults of all scenes, in `renderer.yaml`."""

    version: Version = Field(description="Version of the file format: 1.")
    provider: ProviderName | None = Field(
        default=None,
        description="Who makes the videos: `local` (the embedded engine, free) or `runware` "
        "(paid; the key comes from the environment variable RUNWARE_API_KEY).",
        examples=[DEFAULT.name],
    )
    require_why: bool = Field(
        default=False,
        description="`true`: every pick has a reason (`renderer pick --why`, `why:` in picks.yaml).",
    )
    deliver: Deliver | None = Field(
        default=None,
        description="Axes of which each combination is a film of its own, with its own picks; all other axes "
        "are alternatives. Default: `aspect` and `locale`, where they are axes; `[]` is one film.",
        examples=[["locale", "aspect"]],
    )
    keyframes: Keyframes | None = Field(default_factory=dict)
