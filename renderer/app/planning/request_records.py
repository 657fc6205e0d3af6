"""What is kept beside each take: the request it was asked with, and what its prompt was made of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from renderer.adapters.disk.store import Store
from renderer.json_types import Json
from renderer.strict_json import NotStrictError, read

_LIMIT = 32 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """A rendered request, and the digests of the parts of its prompt; empty if it is not kept."""

    request: Mapping[str, Json] = field(default_factory=dict)
    uses: Mapping[str, str] = field(default_factory=dict)


def keep(store: Store, fingerprint: str, record: RequestRecord) -> None:
    """Keep what a picture is asked with; the first record of a fingerprint stays."""
    from renderer.render.hidden import shown

    body = {"request": shown(record.request), "uses": dict(record.uses)}
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
    sound = isinstance(request, dict) and isinstance(uses, dict)
    return RequestRecord(request=request, uses=uses) if sound else RequestRecord()
