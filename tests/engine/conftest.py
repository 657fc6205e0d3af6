"""An engine in process, asked over ASGI, with a clock of its own and videos in a wink."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from renderer.animatic.spec import AnimaticSpec
from renderer.catalog.catalog import Catalog, load_model
from renderer.engine.app import create_app
from renderer.engine.options import Options

BASE = "http://engine.test"
SCHEMAS = Path(__file__).parents[2] / "schemas" / "models"
Json = Any


def tiny(brief: AnimaticSpec, path: Path, progress: Callable[[int], None]) -> None:
    """Stand in for the making of an animatic: the words of the brief are the file."""
    progress(50)
    path.write_text(repr(brief), encoding="utf-8")


@dataclass(kw_only=True)
class Bench:
    """One engine and the calls that tests make."""

    app: Starlette
    now: list[float] = field(default_factory=lambda: [1_800_000_000.0])

    @property
    def store(self) -> Json:
        return self.app.state.engine

    def http(self, method: str, path: str, **more: Json) -> httpx.Response:
        return asyncio.run(self._http(method, path, more))

    async def _http(self, method: str, path: str, more: dict[str, Json]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.request(method, path, **more)

    def post(self, *tasks: Json, **headers: str) -> httpx.Response:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.http("POST", "/v1", json=list(tasks), headers=named)

    def poll(self, *ids: str) -> Json:
        answer = self.post(*({"taskType": "getResponse", "taskUUID": each} for each in ids))
        assert answer.status_code == 200
        return answer.json()

    def rows(self, task: Json, **headers: str) -> list[Json]:
        """Send a task and return its finished results."""
        assert self.post(task, **headers).status_code == 200
        return list(self.poll(task["taskUUID"])["data"])


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    files = sorted(SCHEMAS.glob("*.json"))
    return Catalog.of(load_model(file.read_text(encoding="utf-8"), file.name) for file in files)


@pytest.fixture
def bench(catalog: Catalog, tmp_path: Path) -> Callable[..., Bench]:
    """Build an engine; without other wishes a task is made within its call."""

    def build(
        *, keys: frozenset[str] | None = None, folder: str = "engine", **wishes: Json
    ) -> Bench:
        now = [1_800_000_000.0]
        wanted: dict[str, Json] = {"workers": 0, "make": tiny} | wishes
        options = Options(**wanted)
        app = create_app(
            catalog=catalog,
            folder=tmp_path / folder,
            base_url=BASE,
            keys=keys,
            clock=lambda: now[0],
            options=options,
        )
        return Bench(app=app, now=now)

    return build


@pytest.fixture
def request_of() -> Callable[..., dict[str, Json]]:
    """Return a small request; each number is another task."""

    def build(number: int = 1, **more: Json) -> dict[str, Json]:
        return {
            "taskType": "videoInference",
            "taskUUID": str(uuid.UUID(int=number * 2**70 + 7, version=4)),
            "model": "bytedance:seedance@1.5-pro",
            "positivePrompt": "A bell tolls over the harbor at night",
            "width": 640,
            "height": 640,
            "duration": 4,
            "seed": 7,
        } | more

    return build
