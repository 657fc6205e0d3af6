"""Videos that would be uploaded to one address: each would overwrite the one before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from renderer.expand.task import Task

FIELD = "uploadEndpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """A task whose file goes where that of `other` goes; its own next take, if it is the same."""

    task: Task
    other: Task

    @property
    def words(self) -> str:
        """What is wrong; the address itself may hold a secret, and is not shown."""
        if self.task is self.other:
            takes = f"the {self.task.wanted} takes of {self.task.address}"
            return f"{takes} would be uploaded to one address, one over the other"
        pair = f"{self.other.address} and {self.task.address}"
        return f"{pair} would be uploaded to one address, one over the other"


def collisions(tasks: Sequence[Task]) -> Iterator[Collision]:
    """Yield every task whose upload would overwrite another one. Equal pictures share a file."""
    first: dict[tuple[str, ...], Task] = {}
    for task in tasks:
        sent = task.delivery.get(FIELD) if task.delivery else None
        if sent is None:
            continue
        if task.wanted > 1 and "take" not in sent.words:
            yield Collision(task=task, other=task)
        values = {"scene": task.scene, "shot": task.shot, "address": task.address}
        place = (sent.digest, *(values.get(word, "") for word in sent.words))
        other = first.setdefault(place, task)
        if other.fingerprint != task.fingerprint:
            yield Collision(task=task, other=other)
