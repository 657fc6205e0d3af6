"""What hostile projects cost: `python -m bench.hostile [--show 10]`.

Each project is validated in a process of its own, forked from one that has imported the program,
so figures are of the answer alone: wall seconds, and MiB above what the process began with. Exits
1 if any of them is over the goal of 0.5 s and 256 MiB, or was ended by a signal.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.harness.hostile import cases
from tests.harness.limits import MEMORY, measure

SECONDS = 0.5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=10)
    show = parser.parse_args().show
    with tempfile.TemporaryDirectory() as folder:
        rows = sorted(measure(cases(), Path(folder)), key=lambda row: -row["seconds"])
    for row in rows[:show]:
        print(
            f"{row['name']:<28} {row['seconds']:6.3f} s {row['mib']:6.1f} MiB  exit {row['code']}"
        )
    over = [row["name"] for row in rows if _over(row)]
    middle = statistics.median(row["seconds"] for row in rows)
    print(
        f"{len(rows)} projects, median {middle * 1000:.1f} ms, most {max(row['mib'] for row in rows):.1f} MiB"
    )
    print(f"over {SECONDS} s or {MEMORY >> 20} MiB: {', '.join(over) or 'none'}")
    return 1 if over else 0


def _over(row: dict[str, Any]) -> bool:
    return bool(row["seconds"] > SECONDS or row["mib"] > MEMORY >> 20 or row["signal"])


if __name__ == "__main__":
    sys.exit(main())
