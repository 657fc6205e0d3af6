"""Prompts: the project's templates, rendered with variables, within bounds.

Jinja2's language, read by Jinja2's parser, is evaluated by functions of our own: there is no
generated code, no attribute of a Python object, and nothing but what the modules
`template_expressions` and `template_statements` list. A prompt is a pure function of the
templates and the variables.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from renderer import paths
from renderer.fast_paths import FAST
from renderer.templates.dependency import Use
from renderer.templates.errors import (
    ALL_WORK,
    PromptError,
    PromptUnreadError,
    Run,
    UndefinedNameError,
)
from renderer.templates.fast.plain import plain, plain_uses
from renderer.templates.text import NAME, prompt, source
from renderer.templates.values import Exec, Frame, Module, Unit, Value

__all__ = ["PromptError", "Templates", "Use"]

_TOO_MUCH = f"the prompts of this project do more work than all may ask for ({ALL_WORK} steps)"
_KEPT = 512  # inline prompts that stay compiled: those of one shot follow each other


class Templates:
    """The texts below `templates/`, by name, as in "clocktower/bell.j2"; each compiled once.

    Not for several threads at once. Variables are plain data: text, numbers, true, false,
    null, lists and dicts of those. `unread` returns of a name without a source whether it exists.
    """

    def __init__(
        self, sources: Mapping[str, str], unread: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._sources = sources
        self._unread = unread
        self._units: dict[str, Unit] = {}
        self._modules: dict[str, Module] = {}
        self._bodies: dict[str, Exec] = {}
        self._inline: dict[str, Exec] = {}
        self._work = ALL_WORK

    def render_file(self, name: str, variables: Mapping[str, Value]) -> str:
        """Return the prompt of a template file; raise TemplateFault for whatever is wrong."""
        return self._rendered(self._body_of_file(name), name, variables, Run())

    def render_text(self, text: str, variables: Mapping[str, Value]) -> str:
        """Return the prompt of an inline text; the template of its faults is ""."""
        return self._rendered(self._body_of_text(text), "", variables, Run())

    def value(self, text: str, variables: Mapping[str, Value]) -> str:
        """Return a text of a spec with its expressions evaluated, and nothing else changed."""
        return self._written(self._body_of_text(text), "", variables, Run())

    def undefined(
        self, prompt: str, variables: Mapping[str, Value], *, file: bool
    ) -> tuple[UndefinedNameError, ...]:
        """Return every name that is not there, of a template file or an inline text."""
        run = Run(survey=True)
        with suppress(PromptError):  # the faults that end a survey are reported by rendering
            body = self._body_of_file(prompt) if file else self._body_of_text(prompt)
            self._rendered(body, prompt if file else "", variables, run)
        return tuple({(one.template, one.line, one.what): one for one in run.undefined}.values())

    def _body_of_file(self, name: str) -> Exec:
        body = self._bodies.get(name)
        if body is None:
            self.known(name)
            text = source(self._sources[name], name)
            body = self._bodies[name] = _quick(text, name) or self.unit(name).body
        return body

    def _body_of_text(self, text: str) -> Exec:
        body = self._inline.get(text)
        if body is None:
            if len(self._inline) >= _KEPT:
                self._inline.clear()
            clean = source(text, "")
            body = self._inline[text] = _quick(clean, "") or self._compiled(clean, "").body
        return body

    def uses_file(self, name: str) -> tuple[Use, ...]:
        """Return what can reach the prompt of a file; raise TemplateFault as rendering would."""
        self.known(name)
        found = _quick_uses(source(self._sources[name], name), name)
        return tuple(self._usage.of_file(name)) if found is None else found

    def uses_text(self, text: str) -> tuple[Use, ...]:
        """Return what can reach an inline prompt; its own text and macros are no uses."""
        found = _quick_uses(source(text, ""), "")
        return tuple(self._usage.of_text(self._tree(text, ""))) if found is None else found

    def mentions_task(self, text: str | None) -> bool:
        """Return whether an inline text, or a file (None), may name `task`; never wrongly no."""
        if text is not None and "task" in text:
            return True
        return (text is None or "{%" in text) and self._task_somewhere

    @cached_property
    def _task_somewhere(self) -> bool:
        return any("task" in source for source in self._sources.values())

    # What templates ask for when they name each other (`template_values.Library`).

    def known(self, name: str) -> None:
        """Raise TemplateFault, with a suggestion, if there is no template of this name."""
        if name in self._sources and NAME.match(name):
            return
        if self._unread(name):
            raise PromptUnreadError(
                f"{paths.TEMPLATES}/{name} could not be read", "read why above"
            )
        if not NAME.match(name):
            what = f"'{name[:80]}' is not the name of a template"
            todo = "names are lower case letters, digits, / _ - and end in .j2"
        else:
            what = f"there is no templates/{name}"
            near = get_close_matches(name, list(self._sources), n=1)
            todo = f"did you mean '{near[0]}'?" if near else "write it, or correct the name"
        raise PromptError(what, todo)

    def unit(self, name: str) -> Unit:
        """Return a template that is ready, compiled at its first use."""
        found = self._units.get(name)
        if found is None:
            text = source(self._sources[name], name)
            found = self._units[name] = self._compiled(text, name)
        return found

    def module(self, name: str, run: Run) -> Module:
        """Return a template as an import without context sees it, evaluated once."""
        found = self._modules.get(name)
        if found is None:
            run.enter(name)
            unit, frame = self.unit(name), Frame({})
            unit.body(run, frame, [])
            run.leave()
            found = Module(name, frame.values, unit.exports)
            if not run.survey:  # which reads an empty text for what is missing
                self._modules[name] = found
        return found

    @cached_property
    def _usage(self) -> Any:
        from renderer.templates.dependencies import Usage  # noqa: PLC0415

        return Usage(lambda name: self._tree(self._sources[name], name))

    def _tree(self, text: str, name: str) -> Any:
        """Return the syntax tree of a template that compiles."""
        from renderer.templates.parse import parse  # noqa: PLC0415

        clean = source(text, name)
        self._compiled(clean, name)
        return parse(clean, name)

    def _compiled(self, text: str, name: str) -> Unit:
        # Late: most prompts are plain, and need neither the parser nor its import.
        from renderer.templates.parse import parse  # noqa: PLC0415
        from renderer.templates.statements import compile_unit  # noqa: PLC0415

        return compile_unit(parse(text, name), name, self)

    def _rendered(self, body: Exec, name: str, variables: Mapping[str, Value], run: Run) -> str:
        try:
            return prompt(self._written(body, name, variables, run))
        except PromptError as fault:
            raise fault.at(name, 1)  # noqa: B904 - it is the same fault, now placed

    def _written(self, body: Exec, name: str, variables: Mapping[str, Value], run: Run) -> str:
        out: list[str] = []
        if self._work < 0:
            raise PromptError(_TOO_MUCH, "shorten their loops, or make fewer tasks").at(name, 1)
        try:
            body(run, Frame({}, Frame(dict(variables))), out)
            return "".join(out)
        except PromptError as fault:
            raise fault.at(name, 1)  # noqa: B904 - it is the same fault, now placed
        except RecursionError:
            deep = PromptError("the template nests too deeply", "use fewer macros inside macros")
            raise deep.at(name, 1) from None
        finally:
            self._work -= run.spent


def _quick(text: str, name: str) -> Exec | None:
    return plain(text, name) if FAST.on else None


def _quick_uses(text: str, name: str) -> tuple[Use, ...] | None:
    return plain_uses(text, name) if FAST.on else None
