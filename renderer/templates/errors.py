"""The one error of templates, and the budgets of one render."""

from renderer.errors import InputError

# Sizes of what is read. An honest prompt has some 2 kB and 50 nodes.
SOURCE_BYTES = 64 * 1024
MARKS = 800  # of {{, {% and {#
TOKENS = 3_000
NODES = 2_500
BRACKETS = 24
BLOCKS = 20
LOOPS = 2
NESTING = 64

# What one render may do. A unit of work is about one evaluated node, or 64 characters.
WORK = 50_000
ALL_WORK = 5_000_000  # of all renders of one plan; an honest prompt does some 200 steps
WRITTEN = 256 * 1024
TEXT = 64 * 1024
ITEMS = 10_000
RANGE = 1_000
CALLS = 16
INTEGER = 2**63
_ENTER = 20  # units of work for a call


class PromptError(InputError):
    """What is wrong with a template; `template` is "" for a prompt that is in the scene.

    `line` counts from 1 and is 0 while unknown.
    """

    def __init__(self, what: str, todo: str, *, template: str = "", line: int = 0) -> None:
        self.what = what
        self.todo = todo
        self.template = template
        self.line = line
        super().__init__(what, todo)

    def at(self, template: str, line: int | None) -> "PromptError":
        """Fill in the place if it is not known yet: the innermost place is the right one."""
        if not self.line:
            self.template, self.line = template, line or 1
        return self

    def __str__(self) -> str:
        return f"{self.template or 'prompt'}:{self.line}: {self.what}; {self.todo}"


class PromptUnreadError(PromptError):
    """A template that is there and could not be read: the reader has reported why."""


class NullTextError(PromptError):
    """A null where text is to be written."""


class UndefinedNameError(PromptError):
    """A name, or a part of a value, that is not there."""


class Run:
    """The budgets of one render, and the macros and templates that are being called.

    A `survey` continues after a name that is not there, and gathers them all in `undefined`.
    """

    __slots__ = ("stack", "survey", "undefined", "work", "written")

    def __init__(self, *, survey: bool = False) -> None:
        self.work = WORK
        self.written = WRITTEN
        self.stack: list[str] = []
        self.survey = survey
        self.undefined: list[UndefinedNameError] = []

    def missing(self, fault: UndefinedNameError) -> str:
        """Raise the fault of a missing value; a survey notes it and reads an empty text."""
        if not self.survey:
            raise fault
        self.undefined.append(fault)
        return ""

    def passed(self, fault: PromptError) -> None:
        """Raise a fault that is placed; a survey continues after it, within its budgets.

        Only names are noted: what else is wrong may be so because a name is missing.
        """
        if not self.survey or self.work < 0 or self.written < 0:
            raise fault
        if isinstance(fault, UndefinedNameError):
            self.undefined.append(fault)

    @property
    def spent(self) -> int:
        """How much work was done, in the units that the budget of all renders is counted in."""
        return WORK - self.work + (WRITTEN - self.written) // 64

    def spend(self, amount: int) -> None:
        """Take work from the budget."""
        self.work -= amount
        if self.work < 0:
            raise PromptError(
                f"the template does more work than a prompt may ask for ({WORK} steps)",
                "shorten its loops and lists, or call fewer macros",
            )

    def write(self, text: str) -> str:
        """Count text that was produced, and return it."""
        self.written -= len(text)
        if self.written < 0:
            raise PromptError(
                f"the template writes more than {WRITTEN} characters",
                "shorten its loops and its texts",
            )
        return text

    def enter(self, label: str) -> None:
        """Begin a macro, an include or an import; `leave` ends it."""
        if len(self.stack) >= CALLS:
            raise PromptError(
                f"'{label}' calls itself, or calls nest deeper than {CALLS}",
                "write a loop, or fewer macros inside macros",
            )
        self.spend(_ENTER)
        self.stack.append(label)

    def leave(self) -> None:
        """End what `enter` began."""
        self.stack.pop()
