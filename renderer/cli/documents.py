"""The documents that commands print with `--format json`: the one list that schemas are made from.

A document is named after its command; each is a type, or several of which a command prints one.
Commands that print one event a line have the events here, errors included.
"""

from functools import reduce
from importlib import import_module
from operator import or_
from typing import Any

from renderer.app.inspect.output_schema import Schema, output_schema

DOCUMENTS: dict[str, tuple[str, ...]] = {
    "error": ("renderer.cli.output:ErrorData",),
    "init": ("renderer.cli.init:InitData",),
    "import": ("renderer.cli.import_:ImportData",),
    "validate": ("renderer.cli.validate:ValidateData",),
    "tasks": ("renderer.app.inspect.tasks:TasksData",),
    "show": ("renderer.cli.show:ShowData",),
    "plan": ("renderer.cli.plan_data:PlannedData",),
    "plan-base": ("renderer.plan.output.comparison_json:BaseData",),
    "render": (
        "renderer.cli.events:PlannedEvent",
        "renderer.cli.events:FetchedEvent",
        "renderer.cli.events:ProgressEvent",
        "renderer.cli.events:TakeEvent",
        "renderer.cli.events:EndedEvent",
        "renderer.cli.events:JudgedEvent",
        "renderer.cli.events:JudgedAllEvent",
        "renderer.cli.output:ErrorEvent",
    ),
    "watch": (
        "renderer.cli.watch_events:WatchingEvent",
        "renderer.cli.watch_events:TurnEvent",
        "renderer.cli.watch_events:ProblemsEvent",
        "renderer.cli.watch_events:PageEvent",
        "renderer.cli.watch_events:BusyEvent",
        "renderer.cli.watch_events:InterruptedEvent",
        "renderer.cli.watch_events:StoppedEvent",
        "renderer.cli.review:ReviewServingEvent",
        "renderer.cli.events:ProgressEvent",
        "renderer.cli.events:TakeEvent",
        "renderer.cli.events:EndedEvent",
        "renderer.cli.output:ErrorEvent",
    ),
    "status": ("renderer.cli.status:StatusData",),
    "verify": ("renderer.cli.verify:VerifyData",),
    "cost": ("renderer.cli.cost:CostData",),
    "account": ("renderer.cli.account:AccountData", "renderer.cli.account:SavedKeyData"),
    "takes": ("renderer.cli.takes:TakesData",),
    "pick": ("renderer.cli.pick:PickedData",),
    "repin": ("renderer.cli.repin:RepinData",),
    "picks": ("renderer.cli.picks:PicksData",),
    "notes": ("renderer.cli.notes:NotesData",),
    "notes-add": ("renderer.cli.notes:WrittenNotesData",),
    "notes-resolve": ("renderer.cli.notes:WrittenNotesData",),
    "notes-reopen": ("renderer.cli.notes:WrittenNotesData",),
    "notes-verdict": ("renderer.cli.notes:WrittenVerdictData",),
    "lock-merge": ("renderer.cli.lock:LockMergeData",),
    "lock-check": ("renderer.cli.lock:LockCheckData",),
    "git-install": ("renderer.cli.git:GitData",),
    "git-uninstall": ("renderer.cli.git:GitData",),
    "review": ("renderer.cli.review:ReviewData", "renderer.cli.review:ReviewServingEvent"),
    "webhook": ("renderer.cli.webhook:WebhookEvent", "renderer.cli.output:ErrorEvent"),
    "engine": ("renderer.cli.engine:EngineEvent", "renderer.cli.output:ErrorEvent"),
}


def document_schema(name: str, *, closed: bool = False) -> Schema:
    """Return the schema of a document; `closed`: with no key that its type does not have."""
    kinds = [_kind(path) for path in DOCUMENTS[name]]
    return output_schema(reduce(or_, kinds), _title(name), closed=closed)


def _kind(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def _title(name: str) -> str:
    command = {"error": "any command that fails", "plan-base": "renderer plan --base"}
    return f"JSON of {command.get(name, 'renderer ' + name.replace('-', ' '))}"
