"""The sizes of the house, and who makes what: figures over the syntax trees of the program."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import renderer

ROOT = Path(renderer.__file__).parent
LINES = 25  # of a function, its head and docstring among them
SHARE = 0.01  # of all functions may have more
FILE_LINES = 400
ARROWS = 20  # between the folders of app, but for those to the workspace
VALUES = {"MediaRules", "Secret"}  # with methods, and without a world behind them


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    paths = sorted(ROOT.rglob("*.py"))
    return tuple(
        (str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))) for path in paths
    )


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the module and the name of each import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", one.asname or one.name) for one in node.names)
        elif isinstance(node, ast.Import):
            yield from ((one.name, one.asname or one.name) for one in node.names)


def test_one_function_in_a_hundred_at_most_is_longer_than_it_should_be() -> None:
    sizes = {
        f"{name}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for name, tree in trees()
        for node in functions(tree)
    }
    long = {name: size for name, size in sizes.items() if size > LINES}

    assert len(sizes) > 2_000
    assert len(long) <= SHARE * len(sizes), long


def test_no_file_is_longer_than_one_can_read() -> None:
    sizes = {
        str(path.relative_to(ROOT)): path.read_text("utf-8").count("\n")
        for path in ROOT.rglob("*.py")
    }
    assert {name: size for name, size in sizes.items() if size > FILE_LINES} == {}


def test_few_arrows_lead_from_one_folder_of_app_to_another() -> None:
    folders = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    arrows = {
        (name.split("/")[1], module.split(".")[2])
        for name, tree in trees()
        if name.startswith("app/") and name.split("/")[1] in folders
        for module, _ in imported(tree)
        if module.startswith("renderer.app.")
    }
    between = {(one, other) for one, other in arrows if one != other and other in folders}
    assert 3 < len(between) <= ARROWS, sorted(between)
    assert {(other, one) for one, other in between} & between == set()


def adapters() -> dict[str, set[str]]:
    """Return the classes of adapters that do something, by module: no data, error or protocol."""
    found: dict[str, set[str]] = {}
    for name, tree in trees():
        if name.startswith("adapters/"):
            module = f"renderer.{name.removesuffix('.py').replace('/', '.')}"
            classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
            found[module] = {node.name for node in classes if acts(node)} - VALUES
    return found


def acts(node: ast.ClassDef) -> bool:
    """Whether a class does something: values, errors and protocols are data and types."""
    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
    plain = any(base.endswith(("Error", "Protocol", "Exception")) for base in bases)
    return not plain and any(not one.name.startswith("__") for one in functions(node))


def made(tree: ast.Module, known: dict[str, set[str]]) -> set[str]:
    """Return the adapters that a module makes: by a call, by a class method, or through another."""
    modules = {module for module, _ in imported(tree)} & known.keys()
    mine = {name for module in modules for name in known[module]}
    used: set[str] = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        given = [call.func, *call.args, *(one.value for one in call.keywords)]
        if not (isinstance(call.func, ast.Name) and call.func.id == "isinstance"):
            used |= {name for one in given for name in named(one)}
    return mine & used


def named(node: ast.expr) -> set[str]:
    """Return the names in `Disk`, `Network.of` and `disk.Disk`."""
    if isinstance(node, ast.Attribute):
        return {node.attr, *named(node.value)}
    return {node.id} if isinstance(node, ast.Name) else set()


def test_an_adapter_that_is_made_is_seen_however_it_is_made() -> None:
    known = {"renderer.adapters.disk.disk": {"Disk"}}
    head = "from renderer.adapters.disk.disk import Disk\n"
    for text in ("Disk()", "Disk.of(1)", "x = field(default_factory=Disk)", "partial(Disk, 1)"):
        assert made(ast.parse(head + text), known) == {"Disk"}, text
    for text in ("def f(disk: Disk) -> Disk: ...", "isinstance(x, Disk)", "list[Disk]"):
        assert made(ast.parse(head + text), known) == set(), text


def test_app_makes_no_adapter_outside_of_the_workspace() -> None:
    known = adapters()
    found = {
        name: made(tree, known)
        for name, tree in trees()
        if name.startswith("app/") and name != "app/workspace.py"
    }
    assert {"Disk", "Store", "Journal", "Client"} <= set().union(*known.values())
    assert {name: classes for name, classes in found.items() if classes} == {}
    assert made(dict(trees())["app/workspace.py"], known) >= {"Disk", "Store", "Cache"}
