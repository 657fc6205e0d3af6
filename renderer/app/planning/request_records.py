"""What is kept beside each take: the request it was asked with, and what its prompt was made of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from renderer.adapters.disk.store import Store
from renderer.expand.frame_links import own_files
from renderer.expand.task import Task
from renderer.json_types import Json, sequence
from renderer.strict_json import NotStrictError, read

_LIMIT = 32 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """A rendered request, and the digests of the parts of its prompt; empty if it is not kept.

    `files` are the images of the project that it names, None if that is unknown.
    """

    request: Mapping[str, Json] = field(default_factory=dict)
    uses: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] | None = None


def record_of(task: Task, uses: Mapping[str, str]) -> RequestRecord:
    """Return what is recorded of a task whose prompt is made of these parts."""
    files = tuple(sorted(own_files(task.files.values())))
    return RequestRecord(request=task.request, uses=uses, files=files)


def keep(store: Store, fingerprint: str, record: RequestRecord) -> None:
    """Keep what a picture is asked with; the first record of a fingerprint stays."""
    from renderer.render.hidden import shown

    body: dict[str, Json] = {"request": shown(record.request), "uses": dict(record.uses)}
    if record.files is not None:
        body["files"] = list(record.files)
    store.note_request(
        fingerprint, lambda: json.dumps(body, indent=1, sort_keys=True, default=dict)
    )


def recorded(store: Store, fingerprint: str) -> RequestRecord:
    """Return what was kept for a fingerprint; a lost or damaged record is an empty one."""
    text = store.request_of(fingerprint)
    try:
        body = read(text, most=_LIMIT) if text else {}
    except NotStrictError:
        body = {}
    if not isinstance(body, dict):
        return RequestRecord()
    request, uses = body.get("request", body), body.get("uses", {})
    if not isinstance(request, dict) or not isinstance(uses, dict):
        return RequestRecord()
    files = sequence(body.get("files"))
    named = None if files is None else tuple(one for one in files if isinstance(one, str))
    return RequestRecord(request=request, uses=uses, files=named)
