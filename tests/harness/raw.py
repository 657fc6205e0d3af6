"""A server of raw sockets, for what no ASGI app can say: it sends bytes, and breaks off."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Answer = Callable[[socket.socket, str, dict[str, str]], bool]


@dataclass
class RawServer:
    """Its port, and the heads of the requests that came: (first line, fields)."""

    port: int
    heads: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def reset(sock: socket.socket) -> None:
    """Break the connection with an RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


@contextlib.contextmanager
def raw_server(answer: Answer) -> Iterator[RawServer]:
    """Serve each request by `answer(socket, first line, fields)`; True keeps the connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = RawServer(port=listener.getsockname()[1])

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = listener.accept()
                threading.Thread(target=talk, args=(sock,), daemon=True).start()

    def talk(sock: socket.socket) -> None:
        with contextlib.suppress(OSError), sock:
            while (head := _head(sock)) and _body(sock, head[1]):
                server.heads.append(head)
                if not answer(sock, *head):
                    return

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        listener.close()


def _head(sock: socket.socket) -> tuple[str, dict[str, str]] | None:
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        byte = sock.recv(1)
        if not byte:
            return None
        data += byte
    first, *lines = data.decode().strip().split("\r\n")
    return first, {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}


def _body(sock: socket.socket, fields: dict[str, str]) -> bool:
    left = int(fields.get("content-length", 0))
    while left:
        left -= len(sock.recv(min(left, 65536)))
    return True
