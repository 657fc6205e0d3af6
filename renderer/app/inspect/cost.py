"""Use case: what the recorded takes cost, by what one asks for, and what is still at risk."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from renderer.adapters.disk.store import Store
from renderer.adapters.journal.queries import Accounts, OpenTask, accounts, open_tasks
from renderer.app.planning.request_records import recorded
from renderer.app.project.lockfile import LockFile
from renderer.app.workspace import Workspace
from renderer.lock.model import Entry, Lock, Take
from renderer.providers import RUNWARE
from renderer.render.budget import charged

NOT_KNOWN = "(not known)"
_ZERO = Decimal(0)


class By(StrEnum):
    """What costs are added up by."""

    SCENE = "scene"
    SHOT = "shot"
    MODEL = "model"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRow:
    """The takes of one scene, shot, model or month, in USD.

    `reported` is what the provider said, `counted` that and the estimate where it said nothing;
    `estimate` is what was expected of those whose estimate is known.
    """

    name: str
    takes: int = 0
    unreported: int = 0
    estimate: Decimal = _ZERO
    reported: Decimal = _ZERO
    counted: Decimal = _ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """The rows and their sum, with what is open (and may cost) and what failed at a price."""

    by: By
    rows: tuple[CostRow, ...]
    total: CostRow
    open: tuple[OpenTask, ...] = ()
    accounts: Accounts = field(default_factory=Accounts)

    @property
    def at_risk(self) -> Decimal:
        """The most that the open tasks may cost."""
        return sum((task.risk for task in self.open), _ZERO)


def costs(workspace: Workspace, by: By) -> Costs:
    """Return what renderer.lock and the journal know; nothing is asked of the provider."""
    journal = workspace.journal
    lock = LockFile.of(workspace.root, RUNWARE.name).read()
    known = accounts(journal)
    name = _namer(by, known, workspace.store)
    paid = paid_takes(lock, known.addresses)
    pairs = [(name(address, entry, take), take) for address, entry, take in paid]
    return Costs(
        by=by,
        rows=tuple(_added(name, takes) for name, takes in _grouped(pairs)),
        total=_added("total", [take for _, take in pairs]),
        open=open_tasks(journal),
        accounts=known,
    )


def paid_takes(
    lock: Lock, makers: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[str, Entry, Take]]:
    """Yield every take once, with its address: one that stands for two tasks was paid once.

    It counts for the task that it was made for: `makers` names that by the id of its request.
    Where that is not known, or its address is gone, it is the first that has the take.
    """
    found: dict[tuple[str, str], tuple[str, Entry, Take]] = {}
    for address, entry in sorted(lock.entries.items(), key=lambda pair: pair[1].retired):
        for take in entry.takes:
            mark = (take.task_uuid, take.video_uuid or take.sha256)
            if mark not in found or makers.get(take.task_uuid) == address:
                found[mark] = (address, entry, take)
    yield from found.values()


def spent(lock: Lock) -> Decimal:
    """Return what all takes cost, in USD; the estimate where no cost was reported."""
    return sum((charged(take.cost, take.estimate) for _, _, take in paid_takes(lock)), _ZERO)


def _namer(by: By, known: Accounts, store: Store) -> Callable[[str, Entry, Take], str]:
    def model(_: str, entry: Entry, take: Take) -> str:
        current = take.fingerprint == entry.fingerprint
        fields = entry.fields if current else recorded(store, take.fingerprint).request
        return str(fields.get("model") or NOT_KNOWN)

    def month(_: str, __: Entry, take: Take) -> str:
        sent = known.sent.get(take.task_uuid)
        return NOT_KNOWN if sent is None else datetime.fromtimestamp(sent, UTC).strftime("%Y-%m")

    def scene(address: str, _: Entry, __: Take) -> str:
        return address.partition("/")[0]

    def shot(address: str, _: Entry, __: Take) -> str:
        return address.partition("@")[0]

    names: Mapping[By, Callable[[str, Entry, Take], str]] = {
        By.SCENE: scene,
        By.SHOT: shot,
        By.MODEL: model,
        By.MONTH: month,
    }
    return names[by]


def _grouped(pairs: Iterable[tuple[str, Take]]) -> list[tuple[str, list[Take]]]:
    groups: dict[str, list[Take]] = {}
    for name, take in pairs:
        groups.setdefault(name, []).append(take)
    return sorted(groups.items())


def _added(name: str, takes: list[Take]) -> CostRow:
    reported = [take for take in takes if take.cost is not None and take.cost > 0]
    return CostRow(
        name=name,
        takes=len(takes),
        unreported=len(takes) - len(reported),
        estimate=sum((take.estimate or _ZERO for take in takes), _ZERO),
        reported=sum((take.cost or _ZERO for take in reported), _ZERO),
        counted=sum((charged(take.cost, take.estimate) for take in takes), _ZERO),
    )
