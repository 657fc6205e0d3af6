"""How a call to the provider came back, before anybody asks what it means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from renderer.runware.codes import Kind
from renderer.runware.messages import Answer, TaskError

ACCOUNT = frozenset({Kind.KEY, Kind.MONEY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """The connection was never made; nothing left this machine."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoResponse:
    """The request may have arrived; the answer did not, or cannot be understood."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A body that was understood, with its HTTP status and the pause it asks for."""

    status: int
    answer: Answer
    pause: float | None = None  # seconds, of Retry-After
    engine: bool = False  # an embedded engine answered, not the paid provider


Call = Unsent | NoResponse | Answered


def account_error(call: Call) -> TaskError | None:
    """Return the error of key or credit that a call met: nothing more may be submitted."""
    return next((error for error in _errors(call) if error.kind in ACCOUNT), None)


def refused_models(call: Call, models: Mapping[str, str]) -> Iterator[tuple[str, TaskError]]:
    """Yield the models that are not served, with the error; `models` are those of the tasks sent.

    An error that names no task is about the one model of the call, if it was one.
    """
    only = next(iter(models.values())) if len(set(models.values())) == 1 else None
    for error in _errors(call):
        model = models.get(error.task_uuid.lower(), only if not error.task_uuid else None)
        if error.kind is Kind.MODEL and model is not None:
            yield model, error


def known_before(call: Call) -> set[str]:
    """Return the ids that the provider knew before: unless we may have sent them, others did."""
    return {error.task_uuid.lower() for error in _errors(call) if error.kind is Kind.DUPLICATE}


def _errors(call: Call) -> tuple[TaskError, ...]:
    return tuple(call.answer.errors) if isinstance(call, Answered) else ()
