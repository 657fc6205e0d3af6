"""The engine over TCP, on this machine only."""

from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from renderer.engine.guard import Guard

HOST = "127.0.0.1"
_UNDER_WAY = 0  # seconds that answers under way are given, after uvicorn's own tenth of one
_WORK = 0.2  # seconds that videos under way are given to stop


class _Server(uvicorn.Server):
    """Tells when it listens, and on which port, and when it stops."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[str], None], stop: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready, self._stop = ready, stop

    async def startup(self, sockets: list | None = None) -> None:  # type: ignore[type-arg]
        await super().startup(sockets)
        for server in self.servers:
            for socket in server.sockets:
                self._ready(f"http://{HOST}:{socket.getsockname()[1]}")

    async def shutdown(self, sockets: list | None = None) -> None:  # type: ignore[type-arg]
        self._stop()  # first: what makes videos stops while connections are closed
        await super().shutdown(sockets)


def serve(app: Starlette, port: int, ready: Callable[[str], None] = lambda _: None) -> None:
    """Serve until interrupted; `ready` gets the address once it answers. Port 0 picks one."""
    app.add_middleware(Guard)
    config = uvicorn.Config(
        app,
        host=HOST,
        port=port,
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=_UNDER_WAY,
    )
    try:
        _Server(config, ready, lambda: app.state.engine.close(0.0)).run()
    finally:
        app.state.engine.close(_WORK)
