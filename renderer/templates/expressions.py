"""Expressions of the syntax tree to functions: only what is listed here can be said.

Each function takes the run and the scope and returns a value. A name or a part that is not
there is a Missing; `strict` lets none pass.
"""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import nodes

from renderer.templates.errors import NESTING, NODES, PromptError, Run
from renderer.templates.filters import FILTERS, Filter, refused
from renderer.templates.operators import (
    BINARY,
    COMPARE,
    concat,
    cut,
    finite,
    is_number,
    sign,
    truth,
)
from renderer.templates.tests import LENIENT, TESTS, apply_test
from renderer.templates.values import (
    RANGE_CALL,
    Eval,
    Frame,
    Macro,
    Missing,
    Module,
    Value,
    element,
    member,
    named,
    numbers,
    suggestion,
)

_NAMES = frozenset({"self", "super", "caller", "varargs", "kwargs"})
_METHODS = frozenset({"items", "upper", "lower", "title", "capitalize", "replace", "join"})


def owner_of(node: nodes.Node) -> str:
    """Return how an expression is written, for messages; "" if it is not a plain path."""
    parts: list[str] = []
    while isinstance(node, nodes.Getattr):  # no recursion: how deep it is was not counted yet
        parts.append(node.attr)
        node = node.node
    return ".".join([str(node.name), *reversed(parts)]) if isinstance(node, nodes.Name) else ""


class Expressions:
    """Compiles expressions, counting nodes; `cost` is what one evaluation is charged."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = 0
        self.cost = 0
        self.depth = 0
        self._makers = self._by_node()

    def _by_node(self) -> Mapping[type[nodes.Node], Callable[[Any], Eval]]:
        return {
            nodes.Name: self._name,
            nodes.Const: self._const,
            nodes.TemplateData: self._data,
            nodes.Getattr: self._getattr,
            nodes.Getitem: self._getitem,
            nodes.Filter: self._filter,
            nodes.Test: self._test,
            nodes.Call: self._call,
            nodes.Concat: self._concat,
            nodes.Compare: self._compare,
            nodes.And: self._and,
            nodes.Or: self._or,
            nodes.Not: self._not,
            nodes.Neg: self._sign,
            nodes.Pos: self._sign,
            nodes.CondExpr: self._condition,
            nodes.List: self._list,
            nodes.Tuple: self._list,
            nodes.Dict: self._dict,
            **{getattr(nodes, word): self._binary for word in BINARY},
        }

    def visit(self, node: nodes.Node) -> None:
        """Count a node, and refuse what is too much or too deep."""
        self.count += 1
        self.cost += 1
        if self.count > NODES:
            what = f"the template has more than {NODES} parts"
            raise PromptError(what, "split it").at(self.name, node.lineno)

    def strict(self, node: nodes.Node) -> Eval:
        """Compile an expression that must have a value."""
        value = self.lenient(node)
        if not isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem | nodes.CondExpr):
            return value

        line = node.lineno

        def read(run: Run, frame: Frame) -> Value:
            found = value(run, frame)
            if isinstance(found, Missing):
                fault = found.fault()
                fault.at(self.name, line)
                return run.missing(fault)
            return found

        return read

    def lenient(self, node: nodes.Node) -> Eval:
        """Compile an expression that may be missing."""
        self.visit(node)
        maker = self._makers.get(type(node))
        if maker is None:
            raise _not_allowed(node).at(self.name, node.lineno)
        self.depth += 1
        if self.depth > NESTING:
            what = f"an expression nests deeper than {NESTING}"
            raise PromptError(what, "use {% set %} in between").at(self.name, node.lineno)
        made = maker(node)
        self.depth -= 1
        return made

    def refuse(self, node: nodes.Node, what: str, todo: str) -> PromptError:
        """Return a fault at a node."""
        return PromptError(what, todo).at(self.name, node.lineno)

    # Names, constants and parts.

    def _name(self, node: nodes.Name) -> Eval:
        name = node.name
        if name in _NAMES or name.startswith("__"):
            raise self.refuse(node, f"'{name}' is not defined here", "use your own variables")
        return lambda _run, frame: frame.find(name)

    def _const(self, node: nodes.Const) -> Eval:
        value = node.value
        if is_number(value):
            try:
                finite(value)
            except PromptError as fault:
                raise fault.at(self.name, node.lineno) from None
        return lambda _run, _frame: value

    def _data(self, node: nodes.TemplateData) -> Eval:
        data = node.data
        return lambda _run, _frame: data

    def _getattr(self, node: nodes.Getattr) -> Eval:
        key, owner = node.attr, owner_of(node.node)
        self._open(node, key)
        value = self.strict(node.node)
        return lambda run, frame: member(value(run, frame), key, owner)

    def _open(self, node: nodes.Node, key: object) -> None:
        if isinstance(key, str) and key.startswith("_"):
            raise self.refuse(node, f"'{key[:40]}' cannot be read", "use your own variables")

    def _getitem(self, node: nodes.Getitem) -> Eval:
        value, owner = self.strict(node.node), owner_of(node.node)
        if isinstance(node.arg, nodes.Slice):
            return self._slice(value, node.arg)
        if isinstance(node.arg, nodes.Const):
            self._open(node, node.arg.value)
        key = self.strict(node.arg)
        return lambda run, frame: element(value(run, frame), key(run, frame), owner)

    def _slice(self, value: Eval, node: nodes.Slice) -> Eval:
        self.visit(node)
        none: Eval = lambda _run, _frame: None  # noqa: E731 - a bound that is not given
        given = (node.start, node.stop, node.step)
        start, stop, step = (self.strict(part) if part is not None else none for part in given)

        def read(run: Run, frame: Frame) -> Value:
            bounds = (start(run, frame), stop(run, frame), step(run, frame))
            return cut(run, value(run, frame), bounds)

        return read

    # Filters, tests and calls.

    def _filter(self, node: nodes.Filter) -> Eval:
        found = FILTERS.get(node.name)
        if found is None:
            raise refused(node.name).at(self.name, node.lineno)
        if node.node is None:
            raise self.refuse(node, "a filter needs a value", "write {{ value|filter }}")
        value = self.lenient(node.node) if found.lenient else self.strict(node.node)
        args = self._arguments(node)
        named_args = self._named(node)
        self._fits(node, found, len(args), named_args)
        work = found.work
        if not args and not named_args:
            return lambda run, frame: work(run, value(run, frame))

        def apply(run: Run, frame: Frame) -> Value:
            given = [arg(run, frame) for arg in args]
            more = {key: arg(run, frame) for key, arg in named_args.items()}
            return work(run, value(run, frame), *given, **more)

        return apply

    def _fits(
        self, node: nodes.Filter, found: Filter, args: int, more: Mapping[str, Eval]
    ) -> None:
        params = found.params
        wrong = next((key for key in more if key not in params or key == "*"), "")
        taken = set(params[:args]) & more.keys()
        if wrong or taken:
            what = f"filter '{node.name}' has no argument '{wrong or min(taken)}'"
            raise self.refuse(node, what, suggestion(wrong, [p for p in params if p != "*"]))
        most = 16 if "*" in params else len(params)
        if not found.required <= args + len(more) <= most:
            what = f"filter '{node.name}' has {args + len(more)} values in its brackets"
            allowed = ", ".join(p for p in params if p != "*") or "none"
            raise self.refuse(node, what, f"it takes: {allowed}")

    def _arguments(self, node: nodes.Filter | nodes.Test | nodes.Call) -> list[Eval]:
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            raise self.refuse(node, "* and ** are not allowed", "write the values one by one")
        return [self.strict(arg) for arg in node.args]

    def _named(self, node: nodes.Filter | nodes.Call) -> dict[str, Eval]:
        return {str(pair.key): self.strict(pair.value) for pair in node.kwargs}

    def _test(self, node: nodes.Test) -> Eval:
        name = node.name
        if name not in TESTS:
            raise self.refuse(node, f"test '{name[:40]}' is not allowed", _near(name))
        if node.kwargs:
            raise self.refuse(node, "a test has no named values", "write the value alone")
        value = self.lenient(node.node) if name in LENIENT else self.strict(node.node)
        args = self._arguments(node)

        def apply(run: Run, frame: Frame) -> Value:
            return apply_test(run, name, value(run, frame), [arg(run, frame) for arg in args])

        return apply

    def _call(self, node: nodes.Call) -> Eval:
        args, named_args = self._arguments(node), self._named(node)
        if not isinstance(node.node, nodes.Name | nodes.Getattr):
            raise self.refuse(node, "only macros and range() may be called", "use a filter")
        target = self._callee(node.node)

        def apply(run: Run, frame: Frame) -> Value:
            found = target(run, frame)
            given = [arg(run, frame) for arg in args]
            more = {key: arg(run, frame) for key, arg in named_args.items()}
            if isinstance(found, Macro):
                return found.call(run, given, more)
            if found is RANGE_CALL and not more:
                return numbers(run, given)
            what = f"only macros and range() may be called, found {named(found)}"
            raise PromptError(what, "remove the brackets")

        return apply

    def _callee(self, node: nodes.Name | nodes.Getattr) -> Eval:
        if isinstance(node, nodes.Name):
            return self.strict(node)
        attr = node.attr
        self.visit(node)
        self._open(node, attr)
        todo = f"write |{attr}" if attr in _METHODS else "use a filter"
        value = self.strict(node.node)

        def read(run: Run, frame: Frame) -> Value:
            found = value(run, frame)
            if not isinstance(found, Module):
                what = f"only macros and range() may be called, not '.{attr[:40]}()'"
                raise PromptError(what, todo)
            part = found.part(attr)
            if isinstance(part, Missing):
                raise part.fault()
            return part

        return read

    # Operators.

    def _binary(self, node: nodes.BinExpr) -> Eval:
        work = BINARY[type(node).__name__]
        left, right = self.strict(node.left), self.strict(node.right)
        return lambda run, frame: work(run, left(run, frame), right(run, frame))

    def _sign(self, node: nodes.UnaryExpr) -> Eval:
        value, minus = self.strict(node.node), isinstance(node, nodes.Neg)
        return lambda run, frame: sign(run, value(run, frame), minus=minus)

    def _concat(self, node: nodes.Concat) -> Eval:
        parts = [self.strict(part) for part in node.nodes]
        return lambda run, frame: concat(run, [part(run, frame) for part in parts])

    def _compare(self, node: nodes.Compare) -> Eval:
        first = self.strict(node.expr)
        ops = [(COMPARE[op.op], self.strict(op.expr)) for op in node.ops]

        def apply(run: Run, frame: Frame) -> Value:
            left = first(run, frame)
            for work, right in ops:
                found = right(run, frame)
                if not work(run, left, found):
                    return False
                left = found
            return True

        return apply

    def _and(self, node: nodes.And) -> Eval:
        left, right = self.strict(node.left), self.strict(node.right)

        def both(run: Run, frame: Frame) -> Value:
            found = left(run, frame)
            return right(run, frame) if truth(found) else found

        return both

    def _or(self, node: nodes.Or) -> Eval:
        left, right = self.strict(node.left), self.strict(node.right)

        def either(run: Run, frame: Frame) -> Value:
            found = left(run, frame)
            return found if truth(found) else right(run, frame)

        return either

    def _not(self, node: nodes.Not) -> Eval:
        value = self.strict(node.node)
        return lambda run, frame: not truth(value(run, frame))

    def _condition(self, node: nodes.CondExpr) -> Eval:
        test, yes = self.strict(node.test), self.lenient(node.expr1)
        if node.expr2 is None:
            raise self.refuse(node, "'if' without 'else' writes nothing", "add: else ''")
        no = self.lenient(node.expr2)
        return lambda run, frame: yes(run, frame) if truth(test(run, frame)) else no(run, frame)

    def _list(self, node: nodes.List | nodes.Tuple) -> Eval:
        parts = [self.strict(part) for part in node.items]
        return lambda run, frame: [part(run, frame) for part in parts]

    def _dict(self, node: nodes.Dict) -> Eval:
        pairs = [(self.strict(pair.key), self.strict(pair.value)) for pair in node.items]

        def make(run: Run, frame: Frame) -> Value:
            found = {}
            for key, value in pairs:
                name = key(run, frame)
                if not isinstance(name, str | int | float):
                    raise PromptError(f"{named(name)} cannot be a key", "use text")
                found[name] = value(run, frame)
            return found

        return make


def _near(name: str) -> str:
    return suggestion(name, sorted(TESTS))


_WHY: Mapping[str, tuple[str, str]] = {
    "Pow": ("** is not allowed", "multiply, or write the number"),
    "Slice": ("a slice is only allowed in square brackets", "write x[0:3]"),
    "NSRef": ("namespace is not allowed", "use a filter: join, sum, map"),
}


def _not_allowed(node: nodes.Node) -> PromptError:
    kind = type(node).__name__
    return PromptError(*_WHY.get(kind, (f"{kind} is not allowed", "use a filter or a macro")))
