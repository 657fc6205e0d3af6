"""The engine over TCP, on this machine only."""

from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware

HOST = "127.0.0.1"


class _Server(uvicorn.Server):
    """Tells when it listens, and on which port."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list | None = None) -> None:  # type: ignore[type-arg]
        await super().startup(sockets)
        for server in self.servers:
            for socket in server.sockets:
                self._ready(f"http://{HOST}:{socket.getsockname()[1]}")


def serve(app: Starlette, port: int, ready: Callable[[str], None] = lambda _: None) -> None:
    """Serve until interrupted; `ready` hears the address once it answers. Port 0 picks one.

    Calls under another host name are refused: a web page cannot reach the engine by rebinding.
    """
    guarded = TrustedHostMiddleware(app, allowed_hosts=[HOST, "localhost"])
    config = uvicorn.Config(
        guarded,
        host=HOST,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
    )
    try:
        _Server(config, ready).run()
    finally:
        app.state.engine.close()
