"""The provider's refusal of a call, as an error that says what to do."""

from renderer.errors import ProviderError
from renderer.runware.codes import Kind
from renderer.runware.messages import TaskError

_TODO = {
    Kind.KEY: "check the key: RUNWARE_API_KEY, or `renderer account --save-key`",
    Kind.MONEY: "add credit to the account; running tasks can still be collected",
    Kind.RATE: "wait a minute and ask again",
}


def refused(error: TaskError) -> ProviderError:
    """Return the provider's refusal of a call as an error, with what to do about it."""
    return ProviderError(str(error), _TODO.get(error.kind, "try again later"), code=error.code)
