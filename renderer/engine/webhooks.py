"""What the engine sends out when a result is ready: webhooks and uploads."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from renderer.animatic.spec import FORMATS
from renderer.engine.options import Delivery, Sender
from renderer.engine.responses import Row
from renderer.json_types import JsonObject, text

_ATTEMPTS = 3
_CHUNK = 64 * 1024
_SECONDS = 20.0


def deliveries(request: JsonObject, item: Row, video: Path | None) -> Iterator[Delivery]:
    """Yield what one result sends out: its file first, so that a webhook reports a whole thing."""
    upload, webhook = text(request.get("uploadEndpoint")), text(request.get("webhookURL"))
    kind = FORMATS[str(request.get("outputFormat", "MP4"))]
    if upload and video:
        yield Delivery(method="PUT", url=upload, content=video, media_type=f"video/{kind}")
    if webhook:
        body = {"errors": [item]} if item["status"] == "error" else {"data": [item]}
        content = json.dumps(body).encode("ascii")
        yield Delivery(method="POST", url=webhook, content=content, media_type="application/json")


def send(sender: Sender, delivery: Delivery) -> bool:
    """Send one thing, again if it is not taken with a 2xx; whether it was."""
    for _ in range(_ATTEMPTS):
        try:
            if 200 <= sender(delivery) < 300:
                return True
        except Exception:  # noqa: BLE001, S112 - a receiver that is away is not a fault of the video
            continue
    return False


def http_sender() -> Sender:
    """Return a sender over HTTP: 20 seconds a try, no redirects, no proxies."""
    httpx = import_module("httpx")  # late: only an engine that sends pays for it

    def sender(delivery: Delivery) -> int:
        content = delivery.content
        headers = {"content-type": delivery.media_type}
        if isinstance(content, Path):
            headers["content-length"] = str(content.stat().st_size)
        body = _read(content) if isinstance(content, Path) else content
        with httpx.Client(timeout=_SECONDS, follow_redirects=False, trust_env=False) as client:
            answer = client.request(delivery.method, delivery.url, content=body, headers=headers)
        return int(answer.status_code)

    return sender


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
