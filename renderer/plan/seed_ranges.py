"""Seeds that belong to one picture: of two tasks that ask for the same one, only one may.

A task's results take seed, seed+1, …. Tasks that ask for the same picture from the same seed on
share their takes; if their ranges start apart and overlap, a seed would be paid for twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from renderer.expand.frame_links import sound
from renderer.expand.task import Task
from renderer.plan.frame_links import traced


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A task whose seeds another one has as well, and the seed from which it could start."""

    task: Task
    other: Task
    start: int

    @property
    def words(self) -> str:
        """What is wrong, with both tasks and their seeds."""
        seed = self.task.seed or 0
        last = min(_last(self.task), _last(self.other))
        twice = f"seed {seed}" if seed == last else f"the seeds {seed} to {last}"
        return (
            f"{_seeds(self.other)} and {_seeds(self.task)} are the same picture: "
            f"{twice} would be paid for twice"
        )


def overlaps(tasks: Sequence[Task]) -> Iterator[Overlap]:
    """Yield every task that starts within the range of another; its new `start` is free.

    Frames of other shots are part of a picture: without those shots, nothing is said of it.
    """
    if not any(task.seed is not None and task.wanted > 1 for task in tasks):
        return
    known_pictures = traced(tasks) if sound(tasks) else [one for one in tasks if not one.links]
    pictures: dict[str, dict[int, list[Task]]] = {}
    for task in known_pictures:
        if task.seed is not None:
            pictures.setdefault(task.seedless, {}).setdefault(task.seed, []).append(task)
    for same in pictures.values():
        if len(same) > 1:
            yield from _in_picture([same[seed] for seed in sorted(same)])


def _in_picture(starts: Sequence[Sequence[Task]]) -> Iterator[Overlap]:
    """Keep the tasks of each start that overlaps none kept before; the others go behind these."""
    kept = max(starts[0], key=_last)
    moved: list[tuple[Sequence[Task], Task]] = []
    for twins in starts[1:]:
        if (twins[0].seed or 0) <= _last(kept):
            moved.append((twins, kept))
        else:
            kept = max(twins, key=_last)
    free = _last(kept) + 1
    for twins, other in moved:
        for task in twins:
            yield Overlap(task=task, other=other, start=free)
        free += max(task.wanted for task in twins)


def _last(task: Task) -> int:
    return (task.seed or 0) + task.wanted - 1


def _seeds(task: Task) -> str:
    if task.wanted == 1:
        return f"{task.address} (seed {task.seed})"
    return f"{task.address} (seeds {task.seed} to {_last(task)})"
