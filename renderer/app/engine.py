"""Use case: the embedded engine over TCP, until it is stopped."""

import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from renderer.catalog.catalog import Catalog
from renderer.engine.app import create_app
from renderer.engine.options import Options
from renderer.engine.serve import HOST
from renderer.engine.serve import serve as serve_app
from renderer.engine.webhooks import http_sender
from renderer.errors import MachineError


def serve(catalog: Catalog, *, port: int, key: str, ready: Callable[[str], None]) -> None:
    """Serve on 127.0.0.1; `ready` gets the address. Videos are gone when it ends."""
    chosen = _free(port)
    # What is still being written may get in the way of the clearing.
    videos = tempfile.TemporaryDirectory(prefix="engine-", ignore_cleanup_errors=True)
    with _until_signal(), videos as folder:
        base = f"http://{HOST}:{chosen}"
        options = Options(sender=http_sender(), dated=True)
        app = create_app(
            catalog=catalog,
            folder=folder,
            base_url=base,
            keys=frozenset({key}),
            options=options,
        )
        serve_app(app, chosen, ready)


@contextmanager
def _until_signal() -> Iterator[None]:
    """End what is inside at SIGTERM as at Ctrl-C: in order, so that the videos are removed."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _free(port: int) -> int:
    """Return the port, or a free one for 0; raise MachineError if another program has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise MachineError(
                f"port {port} cannot be used: {error.strerror}", "name another with --port"
            ) from None
        chosen: int = probe.getsockname()[1]
        return chosen
