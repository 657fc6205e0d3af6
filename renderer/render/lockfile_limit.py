"""Whether the lockfile can hold what is ordered: what is paid for must be readable afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from renderer import limits
from renderer.errors import RefusedError
from renderer.expand.task import Task
from renderer.lock.codec import encode
from renderer.lock.model import Entry, Lock, Take
from renderer.render.order import Order
from renderer.strict_json import count

_SPARE = 0.9  # of the limits: a provider's ids may be longer than usual
_UUID = "0" * 36
_USUAL = Take(
    number=1000,
    fingerprint=f"v1-{'0' * 64}",
    sha256="0" * 64,
    size=10**9,
    format="webm",
    seed=10**18,
    task_uuid=_UUID,
    video_uuid=_UUID,
    draft_id=_UUID,
    draft="0" * 64,
)


def check_room(lock: Lock, orders: Sequence[Order], tasks: Iterable[Task], name: str) -> None:
    """Raise RefusedError if a lockfile with the takes of these orders could not be read again."""
    wanted = {order.fingerprint: order.count for order in orders}
    takes = sum(wanted.values()) + sum(1 for _ in lock.takes())
    if len(lock.entries) + len(orders) < limits.TASKS // 5 and takes < limits.TAKES // 5:
        return  # not worth to be computed
    text = encode(_grown(lock, wanted, tasks))
    size, pieces = len(text.encode()), count(text)
    if size > _SPARE * limits.LOCK or pieces > _SPARE * limits.LOCK_PIECES:
        raise RefusedError(
            f"{name} could no longer be read: it would have {size >> 20} MiB",
            "move scenes that are finished into a project of their own, with their entries",
        )


def _grown(lock: Lock, wanted: Mapping[str, int], tasks: Iterable[Task]) -> Lock:
    entries = dict(lock.entries)
    for task in tasks:
        if task.fingerprint in wanted:
            entry = entries.get(task.address) or Entry(
                fingerprint=task.fingerprint, fields=dict(task.fields)
            )
            new = (
                replace(_USUAL, number=_USUAL.number + n) for n in range(wanted[task.fingerprint])
            )
            entries[task.address] = replace(entry, takes=(*entry.takes, *new))
    return replace(lock, entries=entries)
