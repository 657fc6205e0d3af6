"""What went wrong with the tasks of a project, read from the journal without writing."""

from dataclasses import dataclass
from pathlib import Path

from renderer.adapters.journal.schema import among
from renderer.adapters.journal.select import rows
from renderer.errors import JournalError
from renderer.render.stage import Stage

_QUERY = f"""SELECT address, fingerprint, state, code, message FROM tasks
WHERE state IN {among({Stage.FAILED, Stage.UNKNOWN})} AND code != 'abandoned' ORDER BY rowid
"""  # noqa: S608 - a constant
_UNKNOWN = "unknown: it may have been made and billed; `renderer status` says what is at risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFailure:
    """The last word on a task that yielded nothing."""

    address: str
    fingerprint: str
    words: str


def troubles(path: Path) -> tuple[JournalFailure, ...]:
    """Return the failures of a journal, oldest first; none if it cannot be read."""
    try:
        found = rows(path, (str,) * 5, _QUERY)
    except JournalError:
        return ()  # a page is shown without them; every command that needs the journal says why
    return tuple(
        JournalFailure(
            address=address,
            fingerprint=fingerprint,
            words=_UNKNOWN if stage == Stage.UNKNOWN else f"failed: {message or code}",
        )
        for address, fingerprint, stage, code, message in found
    )
