"""Videos that would be uploaded to one address: each would overwrite the one before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from renderer.expand.task import Task

FIELD = "uploadEndpoint"
TAKE = "{take}"


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
    first: dict[str, Task] = {}
    for task in tasks:
        url = task.request.get(FIELD)
        if not isinstance(url, str):
            continue
        if task.wanted > 1 and TAKE not in url:
            yield Collision(task=task, other=task)
        other = first.setdefault(filled_in(url, task.scene, task.shot, task.address), task)
        if other.fingerprint != task.fingerprint:
            yield Collision(task=task, other=other)


def filled_in(url: str, scene: str, shot: str, address: str, take: str = TAKE) -> str:
    """Return an address of delivery with its words filled in, quoted."""
    words = {"scene": scene, "shot": shot, "address": address}
    for name, value in words.items():
        url = url.replace("{" + name + "}", quote(value, safe=""))
    return url.replace(TAKE, take)
