"""The cause of each change: a template, a macro, a variable, a layer, an axis, a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.disk.store import Store
from renderer.app.planning.request_records import RequestRecord, keep, record_of, recorded
from renderer.catalog.catalog import Catalog
from renderer.expand.task import Task
from renderer.lock.index import Index
from renderer.plan.explain import explained
from renderer.plan.model import Plan, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Finds causes; `specs` names the file of each scene, so that only those are read again.

    `used` is what prompts are made of, by address, as it was when a run began.
    """

    files: ProjectFiles
    catalog: Catalog
    store: Store
    specs: Mapping[str, str]
    used: dict[str, dict[str, str]] = field(default_factory=dict)

    def explain(self, plan: Plan, tasks: Sequence[Task], index: Index) -> Plan:
        """Return the plan with words for digests, and a cause for every reason that has one."""
        steps = [step for step in plan.steps if step.reasons]
        if not steps:
            return plan
        by_address = {task.address: task for task in tasks}
        old = {step.address: self._old(step, index) for step in steps}
        causes = self.causes_of([by_address[step.address] for step in steps], old)
        requests = {address: record.request for address, record in old.items()}
        return explained(plan, tasks, requests, causes)

    def read(self, tasks: Sequence[Task]) -> None:
        """Find out what the prompts of tasks are made of, before the specs may change."""
        if tasks:
            self.used.update({task.address: uses for task, uses in self.uses_of(tasks)})

    def keep(self, tasks: Sequence[Task]) -> None:
        """Keep the request of each task, and what its prompt is made of, before it is asked for."""
        for task in tasks:
            uses = self.used.get(task.address, {})
            keep(self.store, task.fingerprint, record_of(task, uses))

    def _old(self, step: Step, index: Index) -> RequestRecord:
        known = index.entries.get(step.address)
        return recorded(self.store, known.fingerprint) if known else RequestRecord()

    def causes_of(
        self, tasks: Sequence[Task], old: Mapping[str, RequestRecord]
    ) -> dict[str, dict[str, str]]:
        """Return by address, then by field, through what each task came from its old record."""
        from renderer.app.project.load import gather
        from renderer.expand.causes import causes

        files = sorted({self.specs[task.scene] for task in tasks})
        board = gather(self.files, self.catalog, only=files).board()
        return {
            task.address: causes(board, task, record.uses, record.request, record.files)
            for task in tasks
            for record in [old[task.address]]
        }

    def uses_of(self, tasks: Sequence[Task]) -> list[tuple[Task, dict[str, str]]]:
        """Return each task with what its prompt is made of."""
        from renderer.app.project.load import gather
        from renderer.expand.prompt_dependencies import uses
        from renderer.expand.provenance import layers_of

        files = sorted({self.specs[task.scene] for task in tasks})
        board = gather(self.files, self.catalog, only=files).board()
        return [(task, uses(board, layers_of(board, task), task)) for task in tasks]
