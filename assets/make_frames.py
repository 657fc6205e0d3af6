"""Paint the frame images of the example project: `python assets/make_frames.py [FOLDER]`."""

import sys
from pathlib import Path

from paint import marsh, reef

if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    pictures = {
        "reef-first": reef.paint(portal=False),
        "reef-last": reef.paint(portal=True),
        "marsh-first": marsh.paint(),
    }
    for name, picture in pictures.items():
        picture.save(folder / f"{name}.jpg", quality=82, optimize=True)
