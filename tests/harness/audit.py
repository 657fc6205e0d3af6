"""Runs a command line under an audit hook: `python -m tests.harness.audit LOG ARGUMENT…`.

Whatever the interpreter opens, connects, starts or loads is written to LOG, a JSON list a line.
"""

import json
import os
import sys

_WATCHED = (
    "open",
    "os.listdir",
    "os.scandir",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.symlink",
    "os.link",
    "os.truncate",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.putenv",
    "subprocess.Popen",
    "socket.",
    "ctypes.",
    "urllib.Request",
    "http.client.connect",
    "sqlite3.connect",
    "shutil.",
    "webbrowser.open",
)


def main(log: str, arguments: list[str]) -> int:
    """Install the hook, then import the program and run it."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def hook(event: str, values: tuple[object, ...]) -> None:
        if event.startswith(_WATCHED):
            row = [event, *(repr(one) if isinstance(one, bytes) else str(one) for one in values)]
            os.write(handle, (json.dumps(row) + "\n").encode())

    sys.addaudithook(hook)
    from renderer.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
