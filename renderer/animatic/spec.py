"""What one animatic is to be: everything that decides its bytes, and nothing else."""

from dataclasses import dataclass

FORMATS = {"MP4": "mp4", "MOV": "mov", "WEBM": "webm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A frame image: its bytes, or the address of one that this engine does not fetch."""

    data: bytes = b""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnimaticSpec:
    """The work order of one animatic; sizes in pixels, duration in seconds, quality 20 to 99."""

    prompt: str
    seed: int
    width: int
    height: int
    duration: int
    fps: int = 24
    format: str = "MP4"
    quality: int = 95
    audio: bool = True
    camera_fixed: bool = False
    draft: bool = False
    first: Frame | None = None
    last: Frame | None = None
    shot: str = ""
    take: str = ""

    @property
    def frames(self) -> int:
        """The number of frames: one more than the duration holds, as the model makes them."""
        return self.fps * self.duration + 1
