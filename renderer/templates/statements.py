"""Statements of the syntax tree to functions, scopes as in Jinja2, each line known."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2 import nodes

from renderer import paths
from renderer.templates.errors import LOOPS, NESTING, PromptError, Run
from renderer.templates.expressions import Expressions
from renderer.templates.operators import truth
from renderer.templates.values import (
    Eval,
    Exec,
    Frame,
    Library,
    Loop,
    Macro,
    Missing,
    Module,
    Unit,
    Value,
    named,
    short,
    suggestion,
    written,
)

_REFUSED: Mapping[type[nodes.Node], tuple[str, str]] = {
    nodes.Extends: ("extends is not allowed", "include the parts, or call macros"),
    nodes.Block: ("block is not allowed", "include the parts, or call macros"),
    nodes.CallBlock: ("call blocks are not allowed", "give the text to a macro as a value"),
    nodes.FilterBlock: ("filter blocks are not allowed", "write {{ value|filter }}"),
    nodes.Scope: ("autoescape is not allowed", "remove it"),
}
Assign = Callable[[Frame, Value], None]
Choose = Callable[[Run, Frame, Sequence[Value]], Sequence[Value]]
_LITERAL = "write the template's name in quotes"


def compile_unit(tree: nodes.Template, name: str, library: Library) -> Unit:
    """Make a template ready; raise TemplateFault for whatever may not be said."""
    statements = Statements(name, library)
    body = statements.body(tree.body)
    return Unit(name, body, frozenset(statements.exports))


class Statements(Expressions):
    """Compiles statements; `level` is 0 where names are the template's own."""

    def __init__(self, name: str, library: Library) -> None:
        super().__init__(name)
        self.library = library
        self.exports: set[str] = set()
        self.level = 0
        self.loops = 0
        self._statements: Mapping[type[nodes.Node], Callable[[Any], Exec]] = {
            nodes.Output: self._output,
            nodes.If: self._if,
            nodes.For: self._for,
            nodes.Assign: self._assign,
            nodes.AssignBlock: self._assign_block,
            nodes.With: self._with,
            nodes.Macro: self._macro,
            nodes.Include: self._include,
            nodes.Import: self._import,
            nodes.FromImport: self._from_import,
        }

    def body(self, statements: Sequence[nodes.Node]) -> Exec:
        """Compile statements to one step, charged as a whole."""
        outer, self.cost = self.cost, 1
        self.depth += 1
        made = [self._statement(node) for node in statements]
        self.depth -= 1
        cost, self.cost = self.cost, outer

        def execute(run: Run, frame: Frame, out: list[str]) -> None:
            run.spend(cost)
            for step in made:
                step(run, frame, out)

        return execute

    def _statement(self, node: nodes.Node) -> Exec:
        self.visit(node)
        if self.depth > NESTING:
            raise self.refuse(node, "blocks nest too deeply", "move some to a macro")
        maker = self._statements.get(type(node))
        if maker is None:
            why = _REFUSED.get(type(node), (f"{type(node).__name__} is not allowed", "remove it"))
            raise self.refuse(node, *why)
        return maker(node) if isinstance(node, nodes.Output) else self._placed(node, maker(node))

    def _placed(self, node: nodes.Node, step: Exec) -> Exec:
        name, line = self.name, node.lineno

        def execute(run: Run, frame: Frame, out: list[str]) -> None:
            try:
                step(run, frame, out)
            except PromptError as fault:
                run.passed(fault.at(name, line))

        return execute

    def _measured(self, node: nodes.Node) -> tuple[Eval, int]:
        outer, self.cost = self.cost, 0
        made = self.strict(node)
        cost, self.cost = self.cost, outer
        return made, cost

    def _output(self, node: nodes.Output) -> Exec:
        parts = [(part.lineno, self.strict(part)) for part in node.nodes]
        name = self.name

        def execute(run: Run, frame: Frame, out: list[str]) -> None:
            for line, value in parts:
                try:
                    found = value(run, frame)
                    out.append(run.write(found if type(found) is str else written(found)))
                except PromptError as fault:
                    run.passed(fault.at(name, line))

        return execute

    def _if(self, node: nodes.If) -> Exec:
        branches = [(self.strict(part.test), self.body(part.body)) for part in (node, *node.elif_)]
        otherwise = self.body(node.else_)

        def execute(run: Run, frame: Frame, out: list[str]) -> None:
            for test, body in branches:
                if truth(test(run, frame)):
                    body(run, frame, out)
                    return
            otherwise(run, frame, out)

        return execute

    def _for(self, node: nodes.For) -> Exec:
        if node.recursive:
            raise self.refuse(node, "recursive loops are not allowed", "write two loops")
        if self.loops >= LOOPS:
            what = f"loops nested deeper than {LOOPS}"
            raise self.refuse(node, what, "prepare the inner list with {% set %} or a filter")
        items, assign = self.strict(node.iter), self._target(node.target)
        self.loops, self.level = self.loops + 1, self.level + 1
        chosen = self._chosen(node, assign)
        body = self.body(node.body)
        self.loops, self.level = self.loops - 1, self.level - 1
        otherwise = self.body(node.else_)

        def execute(run: Run, frame: Frame, out: list[str]) -> None:
            found = chosen(run, frame, _iterated(run, items(run, frame)))
            loop = Loop(found)
            for loop.at, item in enumerate(found):
                inner = _inner(frame, assign, item)
                inner.values.setdefault("loop", loop)
                body(run, inner, out)
            if not found:
                otherwise(run, frame, out)

        return execute

    def _chosen(self, node: nodes.For, assign: Assign) -> Choose:
        """Compile the condition of a loop, which leaves items out before it counts them."""
        if node.test is None:
            return lambda _run, _frame, items: items
        test, cost = self._measured(node.test)

        def choose(run: Run, frame: Frame, items: Sequence[Value]) -> Sequence[Value]:
            run.spend(cost * len(items))
            return [item for item in items if truth(test(run, _inner(frame, assign, item)))]

        return choose

    def _target(self, node: nodes.Node) -> Assign:
        self.visit(node)
        if isinstance(node, nodes.Name):
            return self._own_name(node)
        if isinstance(node, nodes.Tuple):
            targets = [self._own_name(part) for part in node.items]
            return lambda frame, value: _unpack(targets, frame, value)
        raise self.refuse(node, "namespace is not allowed", "use a filter: join, sum, map")

    def _own_name(self, node: nodes.Node) -> Assign:
        if not isinstance(node, nodes.Name):
            raise self.refuse(node, "only names can be set", "write {% set name = … %}")
        name = node.name
        if self.level == 0 and not name.startswith("_"):
            self.exports.add(name)
        return lambda frame, value: frame.values.__setitem__(name, value)

    def _assign(self, node: nodes.Assign) -> Exec:
        value, assign = self.strict(node.node), self._target(node.target)
        return lambda run, frame, _out: assign(frame, value(run, frame))

    def _assign_block(self, node: nodes.AssignBlock) -> Exec:
        if node.filter is not None:
            raise self.refuse(
                node, "a set block has no filter", "filter the value where it is used"
            )
        assign = self._target(node.target)
        self.level += 1
        body = self.body(node.body)
        self.level -= 1

        def execute(run: Run, frame: Frame, _out: list[str]) -> None:
            inner: list[str] = []
            body(run, Frame({}, frame), inner)
            assign(frame, short("".join(inner)))

        return execute

    def _with(self, node: nodes.With) -> Exec:
        values = [self.strict(value) for value in node.values]
        self.level += 1
        targets = [self._target(target) for target in node.targets]
        body = self.body(node.body)
        self.level -= 1

        def execute(run: Run, frame: Frame, out: list[str]) -> None:
            inner = Frame({}, frame)
            for assign, value in zip(targets, values, strict=True):
                assign(inner, value(run, frame))
            body(run, inner, out)

        return execute

    def _macro(self, node: nodes.Macro) -> Exec:
        params = tuple(str(arg.name) for arg in node.args)
        if len(set(params)) < len(params):
            raise self.refuse(node, f"macro '{node.name}' has a parameter twice", "rename one")
        label = f"{self.name}:{node.name}" if self.name else node.name
        macro = Macro(node.name, label, params)
        if self.level == 0 and not node.name.startswith("_"):
            self.exports.add(node.name)
        self.level += 1
        loops, self.loops = self.loops, 0
        rest = params[len(params) - len(node.defaults) :]
        outer, self.cost = self.cost, 1
        macro.defaults = {
            key: self.strict(value) for key, value in zip(rest, node.defaults, strict=True)
        }
        macro.cost, self.cost = self.cost, outer
        macro.body = self.body(node.body)
        self.loops, self.level = loops, self.level - 1

        def execute(_run: Run, frame: Frame, _out: list[str]) -> None:
            frame.values[macro.name] = macro.bound(frame)

        return execute

    def _named_template(self, node: nodes.Include | nodes.Import | nodes.FromImport) -> str:
        word = type(node).__name__.lower().replace("from", "")
        if not isinstance(node.template, nodes.Const) or not isinstance(node.template.value, str):
            raise self.refuse(node, f"{word} takes a fixed name", _LITERAL)
        try:
            self.library.known(node.template.value)
        except PromptError as fault:
            raise fault.at(self.name, node.lineno) from None
        return node.template.value

    def _include(self, node: nodes.Include) -> Exec:
        name = self._named_template(node)
        if node.ignore_missing:
            raise self.refuse(node, "ignore missing is not allowed", "remove it")
        seen, library = node.with_context, self.library

        def execute(run: Run, frame: Frame, out: list[str]) -> None:
            run.enter(name)
            library.unit(name).body(run, Frame({}, frame if seen else None), out)
            run.leave()

        return execute

    def _module(self, node: nodes.Import | nodes.FromImport) -> Callable[[Run, Frame], Module]:
        name, library = self._named_template(node), self.library
        if not node.with_context:
            return lambda run, _frame: library.module(name, run)

        def imported(run: Run, frame: Frame) -> Module:
            run.enter(name)
            unit, inner = library.unit(name), Frame({}, frame)
            unit.body(run, inner, [])
            run.leave()
            return Module(name, inner.values, unit.exports)

        return imported

    def _import(self, node: nodes.Import) -> Exec:
        module, target = self._module(node), node.target

        def execute(run: Run, frame: Frame, _out: list[str]) -> None:
            frame.values[target] = module(run, frame)

        return execute

    def _from_import(self, node: nodes.FromImport) -> Exec:
        module = self._module(node)
        pairs = [(name, name) if isinstance(name, str) else name for name in node.names]

        def execute(run: Run, frame: Frame, _out: list[str]) -> None:
            found = module(run, frame)
            for name, alias in pairs:
                value = found.part(name)
                if isinstance(value, Missing):
                    what = f"{paths.TEMPLATES}/{found.name} has no '{name}'"
                    raise PromptError(what, suggestion(name, sorted(found.exports)))
                frame.values[alias] = value

        return execute


def _iterated(run: Run, value: Value) -> Sequence[Value]:
    if isinstance(value, dict):
        value = list(value)
    if not isinstance(value, list | tuple):
        raise PromptError(f"{named(value)} cannot be looped over", "use a list")
    run.spend(3 * len(value))
    return value


def _inner(frame: Frame, assign: Assign, item: Value) -> Frame:
    inner = Frame({}, frame)
    assign(inner, item)
    return inner


def _unpack(targets: Sequence[Assign], frame: Frame, value: Value) -> None:
    if not isinstance(value, list | tuple) or len(value) != len(targets):
        what = f"{len(targets)} names take a list of {len(targets)}, found {named(value)}"
        raise PromptError(what, "loop over a mapping with |items")
    for assign, item in zip(targets, value, strict=True):
        assign(frame, item)
