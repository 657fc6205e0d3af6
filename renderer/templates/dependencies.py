"""What can reach a template's output: other templates, macros, values, variables.

Read from the syntax tree alone, so that a plan can say through what a prompt changed. A macro
that is not called is not used; where a condition decides, both sides are.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from jinja2 import nodes

from renderer.templates.dependency import Use

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Include:
    name: str
    seen: bool
    bound: frozenset[str]


@dataclass(slots=True)
class _Needs:
    """The free names of a piece of a template, and the templates that it includes."""

    paths: set[Path] = field(default_factory=set)
    includes: set[_Include] = field(default_factory=set)


@dataclass(slots=True)
class _Member:
    """A macro or a value of a template."""

    kind: str
    needs: _Needs
    digest: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Link:
    """An imported name: a template, and which of its members ("" for all of it)."""

    template: str
    member: str
    seen: bool


@dataclass(slots=True)
class Sheet:
    """One template, read: its own output, its members, its imports."""

    name: str
    top: _Needs = field(default_factory=_Needs)
    digest: str = ""
    members: dict[str, _Member] = field(default_factory=dict)
    links: dict[str, _Link] = field(default_factory=dict)


def read(tree: nodes.Template, name: str) -> Sheet:
    """Read a syntax tree that was compiled before, and so is within the bounds."""
    sheet = Sheet(name)
    body = [node for node in tree.body if not isinstance(node, nodes.Macro)]
    sheet.digest = _digest(body)
    _Walk(sheet, sheet.top).statements(tree.body, set(), top=True)
    return sheet


def _digest(node: Any) -> str:
    return hashlib.sha256(repr(_shape(node)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _shape(node: Any) -> Any:
    if isinstance(node, nodes.TemplateData):
        return ("text", " ".join(node.data.split()))
    if isinstance(node, nodes.Node):
        return (type(node).__name__, *(_shape(value) for _, value in node.iter_fields()))
    return [_shape(part) for part in node] if isinstance(node, list | tuple) else node


class _Walk:
    """Walks one piece of a template and notes what is free in it."""

    def __init__(self, sheet: Sheet, needs: _Needs) -> None:
        self.sheet = sheet
        self.needs = needs
        self._steps: Mapping[type[nodes.Node], Callable[[Any, set[str]], None]] = {
            nodes.For: self._for,
            nodes.With: self._with,
            nodes.Macro: self._macro,
            nodes.Include: self._include,
            nodes.Import: self._import,
            nodes.FromImport: self._from_import,
            nodes.AssignBlock: self._assign_block,
        }

    def statements(
        self, body: Iterable[nodes.Node], bound: set[str], *, top: bool = False, sure: bool = True
    ) -> None:
        """Walk statements in order; names that are surely set from then on are bound."""
        for node in body:
            step = self._steps.get(type(node))
            if isinstance(node, nodes.If):
                self._if(node, bound, top=top)
            elif step is not None:
                step(node, bound)
            else:
                self.expression(node, bound)
            if isinstance(node, nodes.Assign | nodes.AssignBlock):
                self._set(node, bound, top=top, sure=sure)

    def _set(
        self, node: nodes.Assign | nodes.AssignBlock, bound: set[str], *, top: bool, sure: bool
    ) -> None:
        names = _names(node.target)
        if top:
            walk = _Walk(self.sheet, _Needs())
            if isinstance(node, nodes.Assign):
                walk.expression(node.node, set(bound))
            else:
                walk.statements(node.body, set(bound))
            # Inside the template the value counts with the output that reads it.
            self._member(names, _Member("set", walk.needs, _digest(node), sure))
        if sure:
            bound.update(names)

    def _member(self, names: Iterable[str], member: _Member) -> None:
        for name in names:
            old = self.sheet.members.get(name)
            if old is not None:
                member.needs.paths |= old.needs.paths
                member.needs.includes |= old.needs.includes
                digest = _digest([old.digest, member.digest])
                member = replace(member, digest=digest, sure=member.sure or old.sure)
            self.sheet.members[name] = member

    def _if(self, node: nodes.If, bound: set[str], *, top: bool = False) -> None:
        for branch in (node, *node.elif_):
            self.expression(branch.test, bound)
            self.statements(branch.body, set(bound), top=top, sure=False)
        self.statements(node.else_, set(bound), top=top, sure=False)

    def _for(self, node: nodes.For, bound: set[str]) -> None:
        self.expression(node.iter, bound)
        inner = bound | _names(node.target) | {"loop"}
        if node.test is not None:
            self.expression(node.test, inner)
        self.statements(node.body, set(inner))
        self.statements(node.else_, set(bound))

    def _with(self, node: nodes.With, bound: set[str]) -> None:
        for value in node.values:
            self.expression(value, bound)
        targets = set[str]().union(*map(_names, node.targets))
        self.statements(node.body, bound | targets)

    def _assign_block(self, node: nodes.AssignBlock, bound: set[str]) -> None:
        self.statements(node.body, set(bound))

    def _macro(self, node: nodes.Macro, bound: set[str]) -> None:
        walk = _Walk(self.sheet, _Needs())
        inner = (bound - self.sheet.members.keys()) | {arg.name for arg in node.args}
        for value in node.defaults:
            walk.expression(value, inner)
        walk.statements(node.body, inner)
        self._member([node.name], _Member("macro", walk.needs, _digest(node)))
        bound.discard(node.name)

    def _include(self, node: nodes.Include, bound: set[str]) -> None:
        for name in _texts(node.template):
            self.needs.includes.add(_Include(name, node.with_context, frozenset(bound)))

    def _import(self, node: nodes.Import, bound: set[str]) -> None:
        for name in _texts(node.template):
            self.sheet.links[node.target] = _Link(name, "", node.with_context)
        bound.discard(node.target)

    def _from_import(self, node: nodes.FromImport, bound: set[str]) -> None:
        for template in _texts(node.template):
            for entry in node.names:
                name, alias = (entry, entry) if isinstance(entry, str) else entry
                self.sheet.links[alias] = _Link(template, name, node.with_context)
                bound.discard(alias)

    def expression(self, node: nodes.Node, bound: set[str]) -> None:
        """Note the free dotted paths of an expression, as deep as they are written."""
        path = _path(node)
        if path is not None:
            if path[0] not in bound:
                self.needs.paths.add(path)
            return
        for part in node.iter_child_nodes():
            if not isinstance(part, nodes.Name) or part.ctx == "load":
                self.expression(part, bound)


def _names(target: nodes.Node) -> set[str]:
    return {
        name.name
        for name in [target, *target.find_all(nodes.Name)]
        if isinstance(name, nodes.Name)
    }


def _texts(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value


def _path(node: nodes.Node) -> Path | None:
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        inner = _path(node.node)
        return None if inner is None else (*inner, node.attr)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        inner = _path(node.node)
        return None if inner is None else (*inner, str(node.arg.value))
    return None


class Usage:
    """Answers for all templates of a project; each is read once."""

    def __init__(self, tree: Callable[[str], nodes.Template]) -> None:
        self._tree = tree
        self._sheets: dict[str, Sheet] = {}

    def sheet(self, name: str) -> Sheet:
        """Return what a template says, by its name."""
        found = self._sheets.get(name)
        if found is None:
            found = self._sheets[name] = read(self._tree(name), name)
        return found

    def of_file(self, name: str) -> tuple[Use, ...]:
        """Return the uses of a template; it is the first of them itself."""
        return _Search(self.sheet).of(self.sheet(name))

    def of_text(self, tree: nodes.Template) -> tuple[Use, ...]:
        """Return the uses of an inline prompt."""
        return _Search(self.sheet).of(read(tree, ""))


class _Search:
    """Follows names from one template into those that it includes and imports."""

    def __init__(self, sheets: Callable[[str], Sheet]) -> None:
        self._sheets = sheets
        self._found: set[Use] = set()
        self._done: set[object] = set()

    def of(self, sheet: Sheet) -> tuple[Use, ...]:
        """Return all uses of a template, sorted; a file is the first use of itself."""
        if sheet.name:
            self._found.add(Use(kind="template", name=sheet.name, digest=sheet.digest))
        self._needs(sheet.top, (sheet,), variables=True)
        return tuple(sorted(self._found))

    def _needs(self, needs: _Needs, chain: tuple[Sheet, ...], *, variables: bool) -> None:
        for path in needs.paths:
            self._path(path, chain, variables=variables)
        for include in needs.includes:
            mark = (include, tuple(sheet.name for sheet in chain), variables)
            if mark in self._done or len(chain) > 40:
                continue
            self._done.add(mark)
            sheet = self._sheets(include.name)
            self._found.add(Use(kind="template", name=sheet.name, digest=sheet.digest))
            free = {path for path in sheet.top.paths if path[0] not in include.bound}
            inner = _Needs(free, sheet.top.includes)
            outer = chain if include.seen else ()
            self._needs(inner, (sheet, *outer), variables=variables and include.seen)

    def _path(self, path: Path, chain: tuple[Sheet, ...], *, variables: bool) -> None:
        for at, sheet in enumerate(chain):
            if (link := sheet.links.get(path[0])) is not None:
                self._link(link, path, chain[at:], variables=variables)
                return
            if (member := sheet.members.get(path[0])) is not None:
                self._member(sheet, path[0], member, chain[at:], variables=variables)
                if member.sure:
                    return
        if variables and path != ("range",):
            self._found.add(Use(kind="variable", name=".".join(path)))

    def _link(self, link: _Link, path: Path, chain: tuple[Sheet, ...], *, variables: bool) -> None:
        name = link.member or (path[1] if len(path) > 1 else "")
        sheet = self._sheets(link.template)
        member = sheet.members.get(name)
        if member is not None:
            outer = chain if link.seen else ()
            seen = variables and link.seen
            self._member(sheet, name, member, (sheet, *outer), variables=seen)

    def _member(
        self,
        sheet: Sheet,
        name: str,
        member: _Member,
        chain: tuple[Sheet, ...],
        *,
        variables: bool,
    ) -> None:
        mark = (sheet.name, name, tuple(one.name for one in chain), variables)
        if mark in self._done:
            return
        self._done.add(mark)
        if sheet.name:
            use = Use(kind=member.kind, name=f"{sheet.name}:{name}", digest=member.digest)
            self._found.add(use)
        self._needs(member.needs, chain, variables=variables)
