"""What ships with the program: the schemas folder, installed or in the checkout."""

from pathlib import Path

from renderer.errors import MachineError


def schemas() -> Path:
    """Return the folder `schemas`: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).parents[2]
    for folder in (package / "schemas", package.parent / "schemas"):
        if folder.is_dir():
            return folder
    raise MachineError("this installation has no schemas folder", "install renderer again")


def model_texts() -> dict[str, str]:
    """Return the text of every catalog entry by its file name."""
    found = (schemas() / "models").iterdir()
    entries = sorted(
        (one for one in found if one.name.endswith(".json")), key=lambda one: one.name
    )
    return {f"schemas/models/{one.name}": one.read_text("utf-8") for one in entries}
