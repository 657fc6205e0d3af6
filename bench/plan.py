"""How long planning takes: `python bench/plan.py [--tasks 10000] [--rounds 5]`.

Makes a project of that many tasks with a lockfile that has them all, and the same graph for the
peers that are installed (ninja, doit, DVC, Snakemake). Each round runs every command once, one
after the other, so that a noisy machine is noisy for all; figures are medians.
"""

import argparse
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from renderer.adapters.project import ProjectFiles
from renderer.adapters.resources import model_texts
from renderer.app.gather import expansion
from renderer.app.locks import LockFile
from renderer.catalog.load import load_model
from renderer.catalog.model import Catalog
from renderer.expand.task import Task
from renderer.lock.model import Entry, Lock, Take
from renderer.lock.text import encode

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

DODO = """
import pathlib, yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from doit.tools import config_changed
DOIT_CONFIG = {'backend': 'sqlite3', 'verbosity': 0}
environment = SandboxedEnvironment(undefined=StrictUndefined)

def task_take():
    for path in sorted(pathlib.Path('specs').iterdir()):
        scene = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        for shot in scene['shots']:
            template = environment.get_template(shot['prompt']['file'])
            request = dict(scene['settings'], **shot.get('settings', {}))
            request['prompt'] = template.render({**scene['vars'], **shot['vars']})
            for seed in scene.get('matrix', {}).get('seed', [request.get('seed')]):
                name = f"{scene['scene']}/{shot['id']}"
                yield {'name': f'{name}@{seed}', 'actions': [f'touch takes/{name}.mp4'],
                       'targets': [f'takes/{name}.mp4' if 'matrix' not in scene else
                                   f'takes/{name}-{seed}.mp4'],
                       'uptodate': [config_changed({**request, 'seed': seed})]}
from jinja2 import FileSystemLoader
environment.loader = FileSystemLoader('templates')
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
        start, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        script = f"import resource,subprocess,sys; c=subprocess.call({list(self.argv)!r}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(0)"
        out = subprocess.run(
            [sys.executable, "-c", script],
            cwd=self.where,
            capture_output=True,
            text=True,
            check=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.wall.append(time.perf_counter() - start)
        self.cpu.append(after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime)
        self.peak.append(int(out.stdout) / 1024)


def scenes(tasks: int, form: str) -> dict[str, str]:
    """Return the specs: every shot listed, or one matrix a scene."""
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
    name = hashlib.sha256(task.address.encode()).hexdigest()
    take = Take(
        number=1,
        fingerprint=task.fingerprint,
        sha256=name,
        size=1_000_000,
        format="mp4",
        seed=7,
        cost=task.cost.high,
        estimate=task.cost.high,
        task_uuid=f"{name[:8]}-{name[8:12]}-4{name[13:16]}-8{name[17:20]}-{name[20:32]}",
        video_uuid=f"{name[32:40]}-{name[40:44]}-4{name[45:48]}-8{name[49:52]}-{name[52:64]}",
    )
    return Entry(fingerprint=task.fingerprint, fields=task.fields, takes=(take,))


def ninja(root: Path, tasks: Sequence[Task]) -> None:
    """Write the same graph for ninja: a prompt file in, a take out, all up to date."""
    (root / "prompts").mkdir()
    (root / "takes").mkdir()
    rules = ["rule make", "  command = cp $in $out", ""]
    for at, task in enumerate(tasks):
        (root / f"prompts/{at}.txt").write_text(str(task.request["positivePrompt"]))
        rules.append(f"build takes/{at}.mp4: make prompts/{at}.txt")
    (root / "build.ninja").write_text("\n".join(rules) + "\n")
    subprocess.run(["ninja"], cwd=root, check=True, capture_output=True)


def doit(root: Path, tasks: Sequence[Task]) -> None:
    """Write the same project for doit, as its user would: specs read, prompts rendered, compared."""
    for folder in ("specs", "templates"):
        shutil.copytree(root.parent / "noop" / folder, root / folder)
    (root / "takes").mkdir()
    (root / "dodo.py").write_text(DODO)
    (root / "takes.py").write_text(
        "import sys; from doit.doit_cmd import DoitMain; sys.exit(DoitMain().run(sys.argv[1:]))"
    )
    for task in tasks:
        take = root / "takes" / f"{task.address.partition('@')[0]}.mp4"
        take.parent.mkdir(exist_ok=True)
        take.touch()
    # `reset-dep` records the state as it is, without running anything.
    record = [sys.executable, "takes.py", "reset-dep"]
    subprocess.run(record, cwd=root, check=True, capture_output=True)


def dvc(root: Path, tasks: Sequence[Task]) -> None:
    """Write the same graph for DVC and let it record its lock."""
    environment = {**os.environ, "DVC_NO_ANALYTICS": "1"}
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["dvc", "init", "-q"], cwd=root, check=True, env=environment)
    (root / "takes").mkdir()
    (root / "params.yaml").write_text(
        json.dumps({f"t{at}": dict(task.request) for at, task in enumerate(tasks)}, default=str)
    )
    stages = {
        f"t{at}": {
            "cmd": f"touch takes/{at}.mp4",
            "params": [f"t{at}"],
            "outs": [{f"takes/{at}.mp4": {"cache": False}}],
        }
        for at in range(len(tasks))
    }
    (root / "dvc.yaml").write_text(json.dumps({"stages": stages}))
    for at in range(len(tasks)):
        (root / f"takes/{at}.mp4").touch()
    subprocess.run(["dvc", "commit", "-f", "-q"], cwd=root, check=True, env=environment)


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


def rows(base: Path, tasks: int, form: str, peers: Sequence[str]) -> list[Row]:
    """Make all projects and return the commands to time; the first two are the floors."""
    plan = (*RENDERER, "plan", "--provider", "runware")
    places = {name: base / form / name for name in ("noop", "one", "cold", "none", *peers)}
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
    commands = {
        "ninja": (ninja, ("ninja", "-n")),
        "doit": (doit, (sys.executable, "takes.py", "list", "--status", "--all")),
        "dvc": (dvc, ("dvc", "status")),
    }
    for peer in peers:
        places[peer].mkdir(parents=True)
        commands[peer][0](places[peer], expanded)
        found.append(Row(" ".join(commands[peer][1][-2:]), commands[peer][1], places[peer]))
    return found


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
    parser.add_argument("--form", choices=["listed", "matrix"], default="listed")
    parser.add_argument("--without", nargs="*", default=[], help="peers to leave out")
    chosen = parser.parse_args()
    here = {"ninja": shutil.which("ninja"), "dvc": shutil.which("dvc")}
    here["doit"] = (
        subprocess.call([sys.executable, "-c", "import doit"], stderr=subprocess.DEVNULL) == 0
    )
    peers = [
        name for name in ("ninja", "doit", "dvc") if here[name] and name not in chosen.without
    ]
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        timed = [*rows(base, chosen.tasks, chosen.form, peers), *starts(base)]
        for row in timed[2:4]:
            row.run(-1)  # warms the memo; not counted
            row.wall.clear(), row.cpu.clear(), row.peak.clear()
        for turn in range(chosen.rounds):
            for row in timed:
                row.run(turn)
    print(f"{chosen.tasks} tasks, {chosen.form}; medians of {chosen.rounds}")
    for row in timed:
        cpu, wall = statistics.median(row.cpu), statistics.median(row.wall)
        print(f"{row.name:<40} {cpu:7.3f} s cpu {wall:7.3f} s wall {max(row.peak):6.0f} MiB")


if __name__ == "__main__":
    main()
