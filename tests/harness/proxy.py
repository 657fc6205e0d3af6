"""A company's network: a proxy that opens tunnels, and a TLS server with an authority of its own."""

import base64
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_AUTHORITY = """[req]
distinguished_name=dn
x509_extensions=ca
[dn]
[ca]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign
[leaf]
subjectAltName={names}
"""


def certificates(folder: Path, *names: str) -> tuple[Path, Path, Path]:
    """Make an authority, and a certificate with its key for some hosts; return the three files."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl")
    config = folder / "openssl.cnf"
    config.write_text(_AUTHORITY.format(names=",".join(f"DNS:{name}" for name in names)))
    made = {name: folder / name for name in ("ca.pem", "ca.key", "it.pem", "it.key", "it.csr")}

    def openssl(*arguments: str | Path) -> None:
        command = ["openssl", *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)

    new = ("-newkey", "rsa:2048", "-nodes", "-config", config)
    openssl(
        "req", "-x509", *new, "-subj", "/CN=ca", "-out", made["ca.pem"], "-keyout", made["ca.key"]
    )
    openssl("req", *new, "-subj", "/CN=it", "-out", made["it.csr"], "-keyout", made["it.key"])
    signed = ("-CA", made["ca.pem"], "-CAkey", made["ca.key"], "-CAcreateserial")
    extra = ("-extfile", config, "-extensions", "leaf", "-days", "3650")
    openssl("x509", "-req", "-in", made["it.csr"], *signed, *extra, "-out", made["it.pem"])
    return made["ca.pem"], made["it.pem"], made["it.key"]


@dataclass
class Proxy:
    """A proxy on this machine; every tunnel leads to one port, whatever host it is asked for."""

    address: str
    target: int
    asked: list[str] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    refuse: bool = False

    def serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(4096)
            lines = head.decode("latin-1").split("\r\n")
            self.asked.append(lines[0].split()[1])
            for line in lines:
                if line.lower().startswith("proxy-authorization: basic "):
                    self.users.append(base64.b64decode(line.split()[2]).decode())
            if self.refuse:
                client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
                return
            with socket.create_connection(("127.0.0.1", self.target)) as server:
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=_pump, args=(server, client), daemon=True)
                back.start()
                _pump(client, server)
                back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def proxy(target: int) -> Iterator[Proxy]:
    """Run a proxy whose tunnels all lead to a port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Proxy(address=f"127.0.0.1:{listener.getsockname()[1]}", target=target)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    threading.Thread(target=made.serve, args=(client,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)
