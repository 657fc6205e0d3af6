"""How long planning takes: `python bench/plan.py [--tasks 10000] [--rounds 5]`.

Makes a project of that many tasks with a lockfile that has them all, and the same tasks for the
peers that are installed (ninja, doit, DVC, Snakemake; the last two up to 2,000 tasks). Each round
runs every command once, one after the other, so that a noisy machine is noisy for all; figures
are medians. A peer must find nothing to do before, and one changed word after.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.peers import PEERS, Peer
from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.disk.resources import model_texts
from renderer.app.project.expand import expansion
from renderer.app.project.lockfile import LockFile
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.expand.task import Task
from renderer.lock.codec import encode
from renderer.lock.model import Entry, Lock
from tests.tooling.pretend import take_of

PER_SCENE = 50
RENDERER = (sys.executable, "-c", "from renderer.cli.main import main; main()")
PROMPT = (
    """{{ look }}. The {{ who }} crosses the {{ place }}, and the light goes with them.
"""
    + "The camera keeps its distance and its height; water moves, cloth moves, nothing hurries. "
    * 9
)
FLOOR = """
import hashlib, json, pathlib
for path in sorted(pathlib.Path('specs').iterdir()):
    hashlib.sha256(path.read_bytes()).hexdigest()
json.loads(pathlib.Path('renderer.lock').read_bytes())
"""
# Measures in a process of its own: nothing of it is counted, and its memory is small.
TIMER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


@dataclass
class Row:
    """One command over one project: seconds and MiB of every round."""

    name: str
    argv: Sequence[str]
    where: Path
    before: Callable[[int], None] = lambda _: None
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)

    def run(self, turn: int) -> None:
        self.before(turn)
        timer = [sys.executable, "-c", TIMER, *self.argv]
        out = subprocess.run(timer, cwd=self.where, stdout=subprocess.PIPE, check=True)
        for figures, figure in zip(
            (self.wall, self.cpu, self.peak), json.loads(out.stdout), strict=True
        ):
            figures.append(figure)


def scenes(tasks: int, form: str) -> dict[str, str]:
    """Return the specs: every shot listed, one matrix a scene, or one shot a row of its data."""
    found = {}
    for at in range(max(tasks // PER_SCENE, 1)):
        head = (
            f"version: 1\nscene: scene-{at:03}\naspect: '16:9'\nsettings:\n"
            "  model: bytedance:seedance@1.5-pro\n  resolution: 480p\n  duration: 5\n"
            "vars: {look: blue hour}\n"
        )
        if form == "matrix":
            values = ", ".join(str(at * PER_SCENE + one) for one in range(PER_SCENE))
            body = (
                f"matrix: {{seed: [{values}]}}\nshots:\n- id: shot\n  prompt: {{file: shot.j2}}\n"
            )
            body += "  vars: {who: ferryman, place: quay}\n"
        elif form == "each":
            body = (
                f"shots:\n- id: shot-{{{{ item.id }}}}\n  each: {{file: data/scene-{at:03}.csv}}\n"
                "  prompt: {file: shot.j2}\n  settings: {seed: '{{ item.seed }}'}\n"
                "  vars: {who: '{{ item.who }}', place: '{{ item.place }}'}\n"
            )
            rows = (f"{one:03},ferryman {at},quay {one},{one}\n" for one in range(PER_SCENE))
            found[f"data/scene-{at:03}.csv"] = "id,who,place,seed\n" + "".join(rows)
        else:
            body = "shots:\n" + "".join(
                f"- id: shot-{one:03}\n  prompt: {{file: shot.j2}}\n"
                f"  vars: {{who: ferryman {at}, place: quay {one}}}\n  settings: {{seed: {one}}}\n"
                for one in range(PER_SCENE)
            )
        found[f"specs/scene-{at:03}.yaml"] = head + body
    return found


def build(root: Path, tasks: int, form: str, *, made: bool) -> tuple[Task, ...]:
    """Write a project, and with `made` a lockfile that has a take of each task."""
    for name, text in {**scenes(tasks, form), "templates/shot.j2": PROMPT}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    catalog = Catalog.of(load_model(text, name) for name, text in model_texts().items())
    expanded = expansion(ProjectFiles(root=root), catalog).sound()
    if made:
        entries = {task.address: _entry(task) for task in expanded}
        LockFile.of(root, "runware").path.write_text(
            encode(Lock(lineage="bench", entries=entries))
        )
    return expanded


def _entry(task: Task) -> Entry:
    return Entry(fingerprint=task.fingerprint, fields=task.fields, takes=(take_of(task),))


def change(root: Path) -> Callable[[int], None]:
    """Return what changes one word in one scene, another one each round."""
    spec = root / "specs" / "scene-000.yaml"
    whole = spec.read_text()

    def edit(turn: int) -> None:
        spec.write_text(whole.replace("blue hour", f"blue hour {turn}"))

    return edit


def forget(root: Path) -> Callable[[int], None]:
    """Return what deletes all that was worked out before."""
    return lambda _: shutil.rmtree(root / ".renderer", ignore_errors=True)


def rows(base: Path, tasks: int, form: str, peers: Sequence[Peer]) -> list[Row]:
    """Make all projects and return the commands to time; the first two are the floors."""
    plan = (*RENDERER, "plan", "--provider", "runware")
    places = {name: base / form / name for name in ("noop", "one", "cold", "none")}
    expanded = build(places["noop"], tasks, form, made=True)
    for name in ("one", "cold", "none"):
        build(places[name], tasks, form, made=name != "none")
    found = [
        Row("python -c pass", (sys.executable, "-c", "pass"), base),
        Row(
            "floor: read, hash, parse the lockfile", (sys.executable, "-c", FLOOR), places["noop"]
        ),
        Row("renderer plan, nothing changed", plan, places["noop"]),
        Row("renderer plan, one word changed", plan, places["one"], change(places["one"])),
        Row("renderer plan, cold", plan, places["cold"], forget(places["cold"])),
        Row("renderer plan, nothing made", plan, places["none"]),
    ]
    return found + [
        prepared(peer, places["noop"].with_name(peer.name), expanded) for peer in peers
    ]


def prepared(peer: Peer, place: Path, tasks: Sequence[Task]) -> Row:
    """Write a peer's project; it must find all made, or what it does is not what is timed."""
    place.mkdir()
    peer.write(place, tasks)
    if peer.sees(place):
        raise SystemExit(f"{peer.name} finds something to do where everything is made")
    return Row(" ".join((peer.name, *peer.words)), peer.argv, place)


def starts(base: Path) -> list[Row]:
    """Return the commands that show what starting costs."""
    return [
        Row("import click", (sys.executable, "-c", "import click"), base),
        Row("renderer --help", (*RENDERER, "--help"), base),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--form", choices=["listed", "matrix", "each"], default="listed")
    parser.add_argument("--without", nargs="*", default=[], help="peers to leave out")
    chosen = parser.parse_args()
    peers = [peer for peer in PEERS if peer.name not in chosen.without and peer.version]
    peers = [peer for peer in peers if chosen.tasks <= peer.most]
    with tempfile.TemporaryDirectory() as folder:
        timed = measured(Path(folder), chosen, peers)
        for peer in peers:
            if not peer.wakes(Path(folder) / chosen.form / peer.name):
                raise SystemExit(f"{peer.name} does not see that a word changed")
    print(f"{chosen.tasks} tasks, {chosen.form}; medians of {chosen.rounds}")
    print(", ".join(f"{peer.name} {peer.version}" for peer in peers))
    for row in timed:
        cpu, wall = statistics.median(row.cpu), statistics.median(row.wall)
        print(f"{row.name:<40} {cpu:7.3f} s cpu {wall:7.3f} s wall {max(row.peak):6.0f} MiB")


def measured(base: Path, chosen: argparse.Namespace, peers: Sequence[Peer]) -> list[Row]:
    """Run every command as often as chosen; nothing is kept outside of `base`."""
    outside = {
        "DVC_GLOBAL_CONFIG_DIR": "dvc",
        "DVC_SITE_CACHE_DIR": "dvc",
        "PYTHONPYCACHEPREFIX": "compiled",
        "XDG_CACHE_HOME": "cache",
    }
    os.environ |= {name: str(base / folder) for name, folder in outside.items()}
    os.environ["DVC_NO_ANALYTICS"] = "1"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each start compiles all it imports
    timed = [*rows(base, chosen.tasks, chosen.form, peers), *starts(base)]
    for row in timed:
        row.run(-1)  # compiles, and warms the memo; not counted
        row.wall.clear(), row.cpu.clear(), row.peak.clear()
    for turn in range(chosen.rounds):
        for row in timed:
            row.run(turn)
    return timed


if __name__ == "__main__":
    main()
