"""Which small faults no test would notice: `python -m bench.mutants [MODULE…] [--show]`.

Each mutant differs from the module in one place: a comparison turned round, a number one higher, a
condition negated, a statement left out. The module's tests run against it in a process of their own,
in which only that module is another one. Prints the mutants that survive; exits 1 if there are any
but those that cannot be noticed.
"""

import argparse
import ast
import copy
import importlib
import importlib.machinery
import io
import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SECONDS = 120.0  # for the tests of one mutant; one that never ends was noticed
TESTS = {
    "renderer.plan.decide": ("tests/plan/test_decide_table.py", "tests/plan/test_decide.py"),
    "renderer.lock.merge": ("tests/lock/test_merge.py", "tests/lock/test_merge_laws.py"),
    "renderer.catalog.price": (
        "tests/catalog/test_catalog_price.py",
        "tests/expand/test_unpriced.py",
    ),
    "renderer.render.task_state": ("tests/render/test_task_state.py",),
    "renderer.render.stage": ("tests/render/test_task_state.py", "tests/render/test_learn.py"),
    "renderer.render.results": ("tests/render/test_results.py",),
    "renderer.render.attempt": ("tests/render/test_learn.py", "tests/render/test_decide.py"),
    "renderer.render.decide": ("tests/render/test_decide.py",),
    "renderer.render.learn": ("tests/render/test_learn.py",),
    "renderer.render.next_call": ("tests/render/test_next_call.py",),
    "renderer.render.retry": ("tests/render/test_retry.py",),
}
# Mutants that mean the same, by module and what `Mutant.text` says.
SAME: dict[str, dict[str, str]] = {
    "renderer.plan.decide": {
        "True  ->  False": "of zip: there is a step for each task",
        "own >= task.wanted  ->  own > task.wanted": "a shortcut: the long way says the same",
        "have < task.wanted  ->  have <= task.wanted": "with as many as wanted, none is missing",
        "own < t.wanted  ->  own <= t.wanted": "looks at more",
        "have >= task.wanted  ->  have > task.wanted": "then there are some, and none is missing",
    },
    "renderer.lock.merge": {
        "False  ->  True": "of `_picture`: both sides are made alike to be compared",
        "0  ->  1": "where there is no take, no number is given",
    },
    "renderer.render.results": {
        "3  ->  4": "of a range that ends at its first free number",
    },
    "renderer.catalog.price": {
        "0 < found <= 2 ** 16  ->  0 <= found <= 2 ** 16": "no whole number is 0, too",
    },
}
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_DROPPED = (ast.Expr, ast.Assign, ast.AugAssign, ast.Raise, ast.Continue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A module with one change: the line, what it was and is, and the whole source."""

    line: int
    text: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, in the order of its lines."""
    tree = ast.parse(source)
    found: list[Mutant] = []
    still = set(_declared(tree))
    for at, node in enumerate(ast.walk(tree)):
        for other in () if node in still else _changes(node):
            found += _mutant(tree, at, other)
    yield from sorted(found, key=lambda one: (one.line, one.text))


def _declared(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield what only declares: decorators with what they are given."""
    for node in ast.walk(tree):
        for decorator in getattr(node, "decorator_list", ()):
            yield from ast.walk(decorator)


def _mutant(tree: ast.Module, at: int, other: ast.AST) -> Iterator[Mutant]:
    made = copy.deepcopy(tree)
    old = list(ast.walk(made))[at]
    before = ast.unparse(old)
    _replace(made, old, other)
    ast.fix_missing_locations(made)
    text = f"{_short(before)}  ->  {_short(ast.unparse(other))}"
    if ast.unparse(other) == before:
        return
    with suppress(ValueError, SyntaxError):
        source = ast.unparse(made)
        compile(source, "mutant", "exec")
        yield Mutant(line=getattr(old, "lineno", 0), text=text, source=source)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in the place of a node."""
    if isinstance(node, ast.stmt):
        yield from _of_statement(node)
    elif isinstance(node, ast.comprehension) and node.ifs:
        ifs = [_not(node.ifs[0]), *node.ifs[1:]]
        yield ast.comprehension(node.target, node.iter, ifs, node.is_async)
    else:
        yield from _of_expression(node)


def _of_statement(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            yield ast.If(test=_not(test), body=body, orelse=orelse)
        case ast.Expr(value=ast.Constant()):
            return  # a docstring
        case ast.Return(value=ast.expr()):
            yield ast.Return(value=ast.Constant(value=None))
        case _ if isinstance(node, _DROPPED):
            yield ast.Pass()
        case _:
            return


def _of_expression(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left=left, ops=[op, *ops], comparators=comparators):
            turned = [_TURNED[type(op)](), *ops]
            yield ast.Compare(left=left, ops=turned, comparators=comparators)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(op=ast.Or() if isinstance(op, ast.And) else ast.And(), values=values)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value=not value if isinstance(value, bool) else value + 1)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test=_not(test), body=body, orelse=orelse)
        case ast.BinOp(op=ast.Add() | ast.Sub() as op, left=left, right=right):
            other = ast.Sub() if isinstance(op, ast.Add) else ast.Add()
            yield ast.BinOp(left=left, op=other, right=right)
        case _:
            return


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(op=ast.Not(), operand=test)


def _replace(tree: ast.Module, old: ast.AST, new: ast.AST) -> None:
    """Put a node in the place of another one; annotations and module constants stay."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(one is old for one in value):
                setattr(parent, name, [new if one is old else one for one in value])


def _short(text: str) -> str:
    return " ".join(text.split())[:120]


class _Finder(importlib.machinery.PathFinder):
    """Finds one module in a text instead of its file."""

    name = ""
    source = ""

    @classmethod
    def find_spec(cls, fullname: str, path: Any = None, target: Any = None) -> Any:
        """Return where the mutant is loaded from, or None for all other modules."""
        del target
        found = super().find_spec(fullname, path) if fullname == cls.name else None
        if found is not None and found.origin:
            found.loader = _Loader(fullname, found.origin)
        return found


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> Any:
        """Compile the mutant."""
        return compile(_Finder.source, self.get_filename(fullname), "exec")


def noticed(module: str, source: str, tests: Sequence[str]) -> bool:
    """Run tests in a process of their own, with a module of another source; whether one failed."""
    context = multiprocessing.get_context("fork")
    child = context.Process(target=_run, args=(module, source, tests), daemon=True)
    child.start()
    child.join(SECONDS)
    if child.is_alive():
        child.kill()
        child.join()
    return child.exitcode != 0


def _run(module: str, source: str, tests: Sequence[str]) -> None:
    _Finder.name, _Finder.source = module, source
    sys.meta_path.insert(0, _Finder)
    for name in [name for name in sys.modules if name.split(".")[0] in {"renderer", "tests"}]:
        del sys.modules[name]
    arguments = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "--hypothesis-seed=0", *tests]
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        code = importlib.import_module("pytest").main(["--rootdir", str(ROOT), *arguments])
    os._exit(int(code))


def survivors(module: str) -> Iterator[Mutant]:
    """Yield the mutants of a module that its tests do not notice, but for those that cannot be."""
    source = _source(module)
    tests = [str(ROOT / name) for name in TESTS[module]]
    if noticed(module, source, tests):
        raise AssertionError(f"the tests of {module} fail as it is")
    for mutant in mutants(source):
        same = mutant.text in SAME.get(module, {})
        if not same and not noticed(module, mutant.source, tests):
            yield mutant


def _source(module: str) -> str:
    return (ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(TESTS), metavar="MODULE")
    parser.add_argument("--show", action="store_true", help="list the mutants, and run none")
    chosen = parser.parse_args()
    count = 0
    for module in chosen.modules:
        known = list(mutants(_source(module)))
        print(f"{module}: {len(known)} mutants")
        for one in known if chosen.show else survivors(module):
            count += 1
            print(f"  {module}:{one.line}: {one.text}", flush=True)
    return int(bool(count) and not chosen.show)


if __name__ == "__main__":
    sys.exit(main())
