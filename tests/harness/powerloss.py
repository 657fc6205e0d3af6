"""A power cut, modelled: from the log of file operations, the disks that it may leave.

What was written and not synced may be absent, half there, zeros or whole; names that changed
since their folder was synced may be there up to any point, in order.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from renderer.adapters.disk.disk import Operation

Disk = dict[str, bytes]


@dataclass
class Log:
    """A watch that keeps every operation that was done."""

    operations: list[Operation] = field(default_factory=list)

    def before(self, operation: Operation) -> None: ...

    def after(self, operation: Operation) -> None:
        self.operations.append(replace(operation, tear=None))


@dataclass
class _File:
    data: bytes = b""
    synced: bytes = b""


def after_a_cut(operations: list[Operation], start: Disk) -> Iterator[Disk]:
    """Yield each disk that a power cut after these operations may leave."""
    files: dict[int, _File] = {}
    names: dict[str, int] = {}
    durable: dict[str, int] = {}
    pending: list[tuple[str, int | None, str]] = []  # name, file (None: gone), folder
    for path, data in start.items():
        files[len(files)] = _File(data=data, synced=data)
        names[path] = durable[path] = len(files) - 1
    for op in operations:
        _play(op, files, names, durable, pending)
    for kept in range(len(pending) + 1):
        view = dict(durable)
        for name, file, _ in pending[:kept]:
            _set(view, name, file)
        for how in ("old", "half", "zeros", "whole"):
            yield {name: _left(files[file], how) for name, file in view.items()}


def _play(
    op: Operation,
    files: dict[int, _File],
    names: dict[str, int],
    durable: dict[str, int],
    pending: list[tuple[str, int | None, str]],
) -> None:
    folder = str(PurePosixPath(op.path).parent)
    if op.name == "create":
        files[len(files)] = _File()
        names[op.path] = len(files) - 1
        pending.append((op.path, len(files) - 1, folder))
    elif op.name == "write":
        file = files[names[op.path]]
        file.data = file.data[: op.offset] + op.data
    elif op.name == "sync":
        file = files[names[op.path]]
        file.synced = file.data
    elif op.name == "replace":
        file_id = names.pop(op.path)
        names[op.to] = file_id
        to_folder = str(PurePosixPath(op.to).parent)
        pending.append((op.to, file_id, to_folder))
        pending.append((op.path, None, folder))
    elif op.name == "unlink" and op.path in names:
        del names[op.path]
        pending.append((op.path, None, folder))
    elif op.name == "sync folder":
        for change in [change for change in pending if change[2] == op.path]:
            _set(durable, change[0], change[1])
            pending.remove(change)


def _set(view: dict[str, int], name: str, file: int | None) -> None:
    if file is None:
        view.pop(name, None)
    else:
        view[name] = file


def _left(file: _File, how: str) -> bytes:
    new = file.data.removeprefix(file.synced)
    base = file.synced if file.data.startswith(file.synced) else b""
    return {
        "old": file.synced,
        "half": base + new[: len(new) // 2],
        "zeros": base + bytes(len(new)),
        "whole": file.data,
    }[how]
