"""Takes of a picture that was asked for with another seed, or without one.

A take knows its seed, drawn or given. Writing down the seed that was drawn asks for the same
picture, and so do a range that begins elsewhere and a seed that is left out again: such takes are
had, and nothing is bought. A prompt that says its seed is another prompt, and so another picture.
"""

from collections.abc import Sequence

from renderer.expand.task import Task
from renderer.lock.index import Index

_PROMPT = "positivePrompt"


def may_have_kin(tasks: Sequence[Task], index: Index) -> bool:
    """Return whether a task that lacks takes may have some under another seed; this is quick."""
    entries = index.entries
    if not entries:
        return False
    lacking = [
        task
        for task in tasks
        if not (known := entries.get(task.address))
        or known.takes.count(task.fingerprint) < task.wanted
    ]
    if not lacking:
        return False
    seedless = {task.seedless for task in lacking if task.seedless}
    if seedless and any(not seedless.isdisjoint(known.takes) for known in entries.values()):
        return True
    if any(task.address in entries and _same_words(task, index) for task in lacking):
        return True
    new = {task.fields.get(_PROMPT) for task in lacking if task.address not in entries}
    return bool(new) and any(index.fields(address).get(_PROMPT) in new for address in entries)


def _same_words(task: Task, index: Index) -> bool:
    """Return whether a task had this prompt, as far as is known: of older pictures, nothing is."""
    is_older = len({*index.entries[task.address].pictures}) > 1
    return is_older or index.fields(task.address).get(_PROMPT) == task.fields.get(_PROMPT)
