"""Exceptions: one tree for what people read, and signals that no other room knows."""

import ast
import builtins
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import renderer
from renderer import errors

ROOT = Path(renderer.__file__).parent
_LINE = re.compile(r"^((?:[│ ]   )*)(?:[├└]── )?(\w+Error)  .*?(?: {2}(\d+))?$", re.MULTILINE)
_BY_SUBJECT = ("app", "adapters")  # here a room is a folder within


def classes() -> list[type[BaseException]]:
    """Every exception class that the program defines."""
    found: dict[str, type[BaseException]] = {}
    for module in pkgutil.walk_packages(renderer.__path__, "renderer."):
        for one in vars(importlib.import_module(module.name)).values():
            if isinstance(one, type) and issubclass(one, BaseException) and "renderer" in str(one):
                found[f"{one.__module__}.{one.__qualname__}"] = one
    return [found[name] for name in sorted(found)]


CLASSES = classes()
SIGNALS = [one for one in CLASSES if not issubclass(one, errors.RendererError)]


def drawn() -> Iterator[tuple[str, str, int]]:
    """Yield the tree of the docstring: name, parent, exit code."""
    above: list[tuple[str, int]] = []
    for match in _LINE.finditer(errors.__doc__ or ""):
        indent, name, code = match.groups()
        depth = len(indent) // 4 + ("── " in match[0])
        del above[depth:]
        parent, inherited = above[-1] if above else ("Exception", 0)
        above.append((name, int(code or inherited)))
        yield name, parent, above[-1][1]


def room(module: str) -> str:
    parts = module.split(".")[1:]
    return ".".join(parts[: 2 if parts[0] in _BY_SUBJECT else 1])


def naming(name: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield each use of a name in the program, with its module."""
    for path in sorted(ROOT.rglob("*.py")):
        text = path.read_text("utf-8")
        if not re.search(rf"\b{name}\b", text):
            continue
        module = ".".join(("renderer", *path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.walk(ast.parse(text)):
            used = getattr(node, "id", None) or getattr(node, "attr", None)
            imported = [
                one.name for one in getattr(node, "names", ()) if isinstance(one, ast.alias)
            ]
            if name == used or name in imported:
                yield module, node


def handlers(folder: Path) -> Iterator[str]:
    """Yield what the handlers of a room name: `except`, and the keys of Starlette's table."""
    for path in sorted([*folder.rglob("*.py"), folder.with_suffix(".py")]):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))) if path.exists() else ():
            keys = [key for key in node.keys if key] if isinstance(node, ast.Dict) else []
            if isinstance(node, ast.ExceptHandler) and node.type:
                keys.append(node.type)
            for one in (inner for key in keys for inner in ast.walk(key)):
                if isinstance(one, ast.Name | ast.Attribute):
                    yield one.id if isinstance(one, ast.Name) else one.attr


def test_there_are_exceptions_to_judge() -> None:
    assert errors.InputError in CLASSES
    assert len(SIGNALS) > 3


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.__name__)
def test_the_name_of_an_exception_ends_in_error(one: type[BaseException]) -> None:
    assert one.__name__.endswith("Error")


def test_the_tree_of_the_docstring_is_the_tree_of_the_classes() -> None:
    tree = [one for one in CLASSES if issubclass(one, errors.RendererError)]
    assert sorted(drawn()) == sorted(
        (one.__name__, one.__bases__[0].__name__, one.exit_code) for one in tree
    )


def test_exit_codes_are_those_of_the_manual() -> None:
    assert {one.__name__: one.exit_code for one in errors.RendererError.__subclasses__()} == {
        "InputError": 2,
        "LockfileError": 2,
        "JournalError": 2,
        "RefusedError": 4,
        "ProviderError": 5,
        "NetworkError": 5,
        "MachineError": 1,
    }


@pytest.mark.parametrize("one", SIGNALS, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_a_signal_is_named_and_handled_in_its_own_room_alone(one: type[BaseException]) -> None:
    private = one.__name__.startswith("_")
    for module, _ in naming(one.__name__):
        if private and module != one.__module__:
            # Another module may have a private class of that name, and then its own.
            assert hasattr(importlib.import_module(module), one.__name__)
            assert getattr(importlib.import_module(module), one.__name__) is not one
        else:
            assert room(module) == room(one.__module__)
    known = {base.__name__ for base in one.__mro__} - set(vars(builtins))
    handled = {*handlers(ROOT / room(one.__module__).replace(".", "/"))}
    assert known & handled, f"nothing handles {one.__name__} in its room"
