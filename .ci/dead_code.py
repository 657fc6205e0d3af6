"""Look for code that nothing uses, with vulture: `python .ci/dead_code.py`; exit 1 if there is any.

It looks twice: at the program alone, which finds what only tests use, and at all with its tests.
`.ci/dead_code_allowed.txt` has the names that others call or read, each with its reason; a name
that allows nothing any more is reported, too. Keys of JSON documents are never dead: who reads
the document uses them.
"""

import ast
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).parents[1]
PROGRAM = ("renderer", "action", "assets")
WITH_TESTS = (*PROGRAM, "tests", "bench", ".ci")
# What is handed to a library by its decorator.
_CALLED_BY_DECORATOR = ["@*.command", "@*_validator", "@pytest.fixture", "@*rule"]
ALLOWED = ROOT / ".ci" / "dead_code_allowed.txt"


def main() -> None:
    """Report dead code, and names that are allowed for nothing."""
    lines = (line.partition("#")[0].strip() for line in ALLOWED.read_text("utf-8").splitlines())
    allowed = [line for line in lines if line]
    idle = set(allowed)
    found: dict[str, None] = {}
    for folders in (PROGRAM, WITH_TESTS):
        for name, place in unused(folders):
            matched = {pattern for pattern in allowed if fnmatchcase(name, pattern)}
            idle -= matched
            if not matched:
                found[place] = None
    for line in [*found, *(f"{ALLOWED.name}: {name} allows nothing" for name in sorted(idle))]:
        print(line)  # noqa: T201 - the report
    sys.exit(bool(found or idle))


def unused(folders: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the name and the place of what is not used within these folders."""
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    keys = set(document_keys(files))
    looked = Vulture(ignore_decorators=_CALLED_BY_DECORATOR)
    looked.scavenge(files)
    for item in looked.get_unused_code(min_confidence=60):
        path = Path(item.filename)
        if (path, item.first_lineno) not in keys:
            place = f"{path.relative_to(ROOT)}:{item.first_lineno}"
            yield item.name, f"{place}: unused {item.typ} '{item.name}'"


def document_keys(files: list[Path]) -> Iterator[tuple[Path, int]]:
    """Yield the file and the line of each key of a TypedDict."""
    classes = [
        (path, node)
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    kinds = {"TypedDict"}
    for _ in range(4):  # as deep as documents build on each other
        kinds |= {node.name for _, node in classes if kinds & set(map(_name, node.bases))}
    for path, node in classes:
        if node.name in kinds:
            yield from ((path, one.lineno) for one in node.body if isinstance(one, ast.AnnAssign))


def _name(base: ast.expr) -> str:
    return base.id if isinstance(base, ast.Name) else ""


if __name__ == "__main__":
    main()
