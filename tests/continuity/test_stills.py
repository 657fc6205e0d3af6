"""Which frame of a video a moment is."""

from pathlib import Path

import pytest

from renderer.adapters.media.frame_extract import frame_at
from tests.harness.clip import clip

MOMENTS = [
    ("first", 0),
    ("last", 23),
    ("0", 0),
    ("0f", 0),
    ("7f", 7),
    ("0.5", 12),
    ("before 9f", 8),
    ("before 1", 23),
    ("before 5", 23),  # a cut may end behind its take
    ("before 0f", 0),
    ("23f", 23),
    ("28f", 23),  # a take may come out a quarter of a second too short
    ("1.2", 23),
    ("30f", None),
    ("1.3", None),
    ("99", None),
]


@pytest.mark.parametrize(("moment", "number"), MOMENTS)
def test_a_moment_is_the_frame_that_is_seen_then_and_none_behind_the_end(
    tmp_path: Path, moment: str, number: int | None
) -> None:
    path = tmp_path / "one.mp4"
    path.write_bytes(clip(frames=24))

    frame = frame_at(path, moment)

    assert (frame is None) is (number is None)
    if frame is not None and number is not None:
        grey = int(frame.to_ndarray(format="rgb24")[0, 0, 0])
        assert abs(grey - number * 9) <= 6
