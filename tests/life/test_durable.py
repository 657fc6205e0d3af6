"""Files: old or new at any crash, power cut or full disk; one writer; whole objects only."""

import errno
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from renderer.adapters.disk.disk import Disk, Operation, check_room
from renderer.adapters.disk.mutex import BusyError, held, owner
from renderer.adapters.disk.store import Store
from renderer.errors import MachineError
from tests.harness.powerloss import Log, after_a_cut

OLD, NEW = b'{"takes": []}', b'{"takes": ["one", "two", "three"]}'


def test_a_power_cut_leaves_the_old_lockfile_or_the_new_one(tmp_path: Path) -> None:
    path, log = tmp_path / "book", Log()
    Disk(log).write(path, NEW)
    states = 0
    for count in range(len(log.operations) + 1):
        for disk in after_a_cut(log.operations[:count], {str(path): OLD}):
            states += 1
            assert disk[str(path)] in {OLD, NEW}
    assert disk[str(path)] == NEW  # once it was reported done, it is the new one
    assert all(disk[str(path)] == NEW for disk in after_a_cut(log.operations, {str(path): OLD}))
    assert states > 20


@pytest.mark.parametrize("left_out", ["sync", "sync folder"])
def test_the_model_finds_what_each_sync_is_for(tmp_path: Path, left_out: str) -> None:
    path, log = tmp_path / "book", Log()
    Disk(log).write(path, NEW)
    weak = [op for op in log.operations if op.name != left_out]
    states = [disk[str(path)] for disk in after_a_cut(weak, {str(path): OLD})]
    assert set(states) - {NEW}


def test_an_object_is_whole_or_not_there_after_a_power_cut(tmp_path: Path) -> None:
    log = Log()
    store = Store(tmp_path, Disk(log))
    store.prepare()
    with store.part("p") as part:
        part.write(b"a" * 5000)
        part.write(b"b" * 5000)
        path = store.keep(part)
    store.settle()
    for count in range(len(log.operations) + 1):
        for disk in after_a_cut(log.operations[:count], {}):
            assert disk.get(str(path), b"a" * 5000 + b"b" * 5000) == b"a" * 5000 + b"b" * 5000
    assert all(str(path) in disk for disk in after_a_cut(log.operations, {}))


@dataclass
class Failing:
    """A watch that refuses the n-th operation, once or from then on."""

    at: int
    number: int
    forever: bool = False
    seen: list[str] = field(default_factory=list)

    def before(self, operation: Operation) -> None:
        self.seen.append(operation.name)
        count = len(self.seen)
        if count == self.at or (self.forever and count > self.at):
            raise OSError(self.number, os.strerror(self.number))

    def after(self, operation: Operation) -> None: ...


def _count_operations(path: Path) -> int:
    log = Log()
    Disk(log).write(path, NEW)
    path.unlink()
    return len(log.operations)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("forever", [False, True])
def test_a_failing_disk_is_named_and_leaves_the_old_file(
    tmp_path: Path, number: int, *, forever: bool
) -> None:
    path, at = tmp_path / "book", 0
    while True:
        path.write_bytes(OLD)
        at += 1
        watch = Failing(at=at, number=number, forever=forever)
        if at > _count_operations(tmp_path / "count"):
            break
        with pytest.raises(MachineError, match=re.escape(os.strerror(number))):
            Disk(watch).write(path, NEW)
        assert path.read_bytes() in {OLD, NEW}
        assert watch.seen.count("sync") <= 1  # an fsync that failed is not tried again
        assert [file.name for file in tmp_path.iterdir()] == ["book"]
    assert at > 4


def test_a_disk_without_room_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="bytes are free"):
        check_room(tmp_path, 1 << 60)
    check_room(tmp_path, 0)


# Store


def stored(tmp_path: Path, data: bytes = b"video") -> tuple[Store, str]:
    store = Store(tmp_path, Disk())
    store.prepare()
    with store.part("p") as part:
        part.write(data)
        store.keep(part)
    return store, part.sha256


def test_an_object_lies_under_its_digest_read_only(tmp_path: Path) -> None:
    store, sha256 = stored(tmp_path)
    path = store.read(sha256, 5)
    assert path.name == sha256
    assert path.stat().st_mode & 0o777 == 0o444
    assert store.has(sha256, 5)
    assert not store.has(sha256, 6)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"vid"),
        lambda path: path.write_bytes(b"vidfo"),
    ],
    ids=["empty", "cut", "flipped"],
)
def test_a_damaged_object_goes_to_quarantine_and_is_never_used(
    tmp_path: Path, damage: "object"
) -> None:
    store, sha256 = stored(tmp_path)
    store.path(sha256).chmod(0o644)
    damage(store.path(sha256))  # type: ignore[operator]
    with pytest.raises(MachineError, match="damaged"):
        store.read(sha256, 5)
    assert (tmp_path / "quarantine" / sha256).exists()
    with pytest.raises(MachineError, match="not in the store"):
        store.read(sha256, 5)


def test_a_damaged_object_is_replaced_by_a_whole_one(tmp_path: Path) -> None:
    store, sha256 = stored(tmp_path)
    store.path(sha256).chmod(0o644)
    store.path(sha256).write_bytes(b"vidfo")
    with store.part("again") as part:
        part.write(b"video")
        store.keep(part)
    assert store.read(sha256, 5).read_bytes() == b"video"


def test_a_link_in_place_of_an_object_is_no_object(tmp_path: Path) -> None:
    store, sha256 = stored(tmp_path)
    path = store.path(sha256)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert not store.has(sha256, 5)


def test_what_a_dead_run_left_half_written_is_removed(tmp_path: Path) -> None:
    store, sha256 = stored(tmp_path)
    (tmp_path / "tmp" / "dead.part").write_bytes(b"half")
    store.prepare()
    assert not list((tmp_path / "tmp").iterdir())
    assert store.has(sha256, 5)


def test_a_digest_that_is_a_path_is_our_own_fault(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="64 hex"):
        Store(tmp_path, Disk()).path("../../etc/passwd")


def test_a_request_is_kept_once(tmp_path: Path) -> None:
    store, _ = stored(tmp_path)
    store.note_request("sha256:ab", lambda: json.dumps({"a": 1}))
    store.note_request("sha256:ab", lambda: "other")
    assert store.request_of("sha256:ab") == '{"a": 1}'
    assert store.request_of("sha256:cd") is None


# Mutex


def test_a_second_renderer_is_told_who_holds_the_project(tmp_path: Path) -> None:
    path = tmp_path / "mutex"
    slept: list[float] = []
    with held(path, "render"):
        again = held(path, "render", timeout=1.0, sleep=slept.append, now=lambda: sum(slept))
        with pytest.raises(BusyError, match=rf"held by pid {os.getpid()} on .* \(render\)"):
            again.__enter__()
        assert "(render)" in (owner(path) or "")
    assert sum(slept) >= 1.0
    assert owner(path) is None
    with held(path, "verify"):
        pass


def test_the_mutex_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mutex"
    child = os.fork()
    if child == 0:
        with held(path, "render"):
            os._exit(137)
    os.waitpid(child, 0)
    with held(path, "render"):
        assert path.exists()


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "mutex").symlink_to(victim)
    with pytest.raises(MachineError), held(tmp_path / "mutex", "render"):
        pass
    assert victim.read_text() == "mine"
