"""The text of a YAML file that a person and the program both write."""

from renderer import limits
from renderer.adapters.disk.project import ProjectFiles
from renderer.errors import InputError


def text_of(files: ProjectFiles, name: str) -> str | None:
    """Return a file's text, None where there is none; raise InputError if it is not UTF-8."""
    if not files.exists(name):
        return None
    try:
        return files.read(name, limit=limits.YAML).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not UTF-8 at byte {error.start}", "save it as UTF-8"
        ) from None
