"""The programs that `bench/plan.py` is compared with: the same tasks, as each one's user writes them.

A peer that is not installed is left out, and one whose set-up would take long for so many tasks.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import yaml

from renderer.expand.task import Task

# doit and Snakemake read the specs of the project and render its template.
READ = """
import pathlib, yaml
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
environment = SandboxedEnvironment(
    undefined=StrictUndefined, loader=FileSystemLoader('templates'))

def requests():
    for path in sorted(pathlib.Path('specs').iterdir()):
        scene = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        for shot in scene['shots']:
            template = environment.get_template(shot['prompt']['file'])
            request = dict(scene['settings'], **shot.get('settings', {}))
            request['prompt'] = template.render({**scene['vars'], **shot['vars']})
            for seed in scene.get('matrix', {}).get('seed', [request.get('seed')]):
                yield f"{scene['scene']}/{shot['id']}-{seed}", {**request, 'seed': seed}
"""
DODO = (
    READ
    + """
from doit.tools import config_changed
DOIT_CONFIG = {'backend': 'sqlite3', 'verbosity': 0}

def task_take():
    for name, request in requests():
        take = f'takes/{name}.mp4'
        yield {'name': name, 'actions': [(make, [take])], 'targets': [take],
               'uptodate': [config_changed(request)]}

def make(take):
    pathlib.Path(take).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(take).touch()
"""
)
SNAKEFILE = (
    READ
    + """
REQUESTS = dict(requests())

rule all:
    input: expand('takes/{name}.mp4', name=REQUESTS)

rule take:
    output: 'takes/{name}.mp4'
    params: request=lambda wildcards: REQUESTS[wildcards.name]
    shell: 'touch {output}'
"""
)
DOIT = "import sys; from doit.doit_cmd import DoitMain; sys.exit(DoitMain().run(sys.argv[1:]))"
TOUCHED = "scene-000"  # the scene whose first prompt is changed to see who notices


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A command that says what is to do, and how its project is written.

    `busy` is a pattern of what it says when there is something to do; `source` is the file to
    change a word in; `most` is how many tasks can be set up in about a minute.
    """

    name: str
    words: tuple[str, ...]
    write: Callable[[Path, Sequence[Task]], None]
    busy: str
    source: str
    most: int = 1_000_000
    program: tuple[str, ...] = ()

    @property
    def argv(self) -> tuple[str, ...]:
        """Return the whole command."""
        return (*(self.program or (self.name,)), *self.words)

    @property
    def version(self) -> str:
        """Return the version that is installed, or nothing."""
        if self.name == "doit":
            try:
                return version("doit")
            except PackageNotFoundError:
                return ""
        if not shutil.which(self.name):
            return ""
        return _run(Path.cwd(), self.name, "--version").split()[-1]

    def sees(self, root: Path) -> bool:
        """Tell whether it finds anything to do."""
        return re.search(self.busy, _run(root, *self.argv), re.MULTILINE) is not None

    def wakes(self, root: Path) -> bool:
        """Tell whether it notices one word that changes; nothing can be timed after this."""
        source = root / self.source
        source.write_text(source.read_text().replace("blue hour", "grey dawn"))
        return self.sees(root)


def _run(root: Path, *argv: str) -> str:
    done = subprocess.run(argv, cwd=root, check=True, capture_output=True, text=True)
    return done.stdout + done.stderr


def _prompts(root: Path, tasks: Sequence[Task], per: int = 50) -> list[str]:
    """Write the prompts already rendered, in a folder a scene; return their names."""
    names = [f"scene-{at // per:03}/shot-{at % per:03}" for at in range(len(tasks))]
    for name, task in zip(names, tasks, strict=True):
        for folder in ("prompts", "takes"):
            (root / folder / name).parent.mkdir(parents=True, exist_ok=True)
        (root / f"prompts/{name}.txt").write_text(str(task.request["positivePrompt"]))
    return names


def _specs(root: Path) -> None:
    for folder in ("specs", "templates"):
        shutil.copytree(root.parent / "noop" / folder, root / folder)


def ninja(root: Path, tasks: Sequence[Task]) -> None:
    """Write a prompt file in and a take out, and make them all."""
    names = _prompts(root, tasks)
    rules = ["rule make", "  command = cp $in $out", ""]
    rules += [f"build takes/{name}.mp4: make prompts/{name}.txt" for name in names]
    (root / "build.ninja").write_text("\n".join(rules) + "\n")
    _run(root, "ninja")


def doit(root: Path, _: Sequence[Task]) -> None:
    """Have the specs read, the prompts rendered, and each request compared with the one made."""
    _specs(root)
    (root / "dodo.py").write_text(DODO)
    (root / "takes.py").write_text(DOIT)
    # `reset-dep` would record no request, and each would look changed for ever.
    _run(root, sys.executable, "takes.py")


def dvc(root: Path, tasks: Sequence[Task]) -> None:
    """Write stages with a prompt file in and a take out, listed or as a matrix, and commit them.

    Prompts are files here because parameters would be read again for each stage: with those, a
    tenth of the stages takes longer.
    """
    names = _prompts(root, tasks)
    for name in names:
        shutil.copy(root / f"prompts/{name}.txt", root / f"takes/{name}.mp4")
    if "@" in tasks[0].address:
        scenes, shots = zip(*(name.split("/") for name in names), strict=True)
        axes = {"scene": sorted(set(scenes)), "shot": sorted(set(shots))}
        stages = {"take": {"matrix": axes, **_stage("${item.scene}/${item.shot}")}}
    else:
        stages = {name.replace("/", "-"): _stage(name) for name in names}
    (root / "dvc.yaml").write_text(yaml.safe_dump({"stages": stages}))
    _run(root, "dvc", "init", "--no-scm")
    _run(root, "dvc", "config", "core.check_update", "false")
    _run(root, "dvc", "commit", "--force")


def _stage(name: str) -> dict[str, object]:
    prompt, take = f"prompts/{name}.txt", f"takes/{name}.mp4"
    return {"cmd": f"cp {prompt} {take}", "deps": [prompt], "outs": [{take: {"cache": False}}]}


def snakemake(root: Path, _: Sequence[Task]) -> None:
    """Have the specs read and the prompts rendered; really make the takes, so that it knows how."""
    _specs(root)
    (root / "Snakefile").write_text(SNAKEFILE)
    quickly = ("--scheduler", "greedy", "--max-jobs-per-timespan", "1000/1s")
    _run(root, "snakemake", "--quiet", "all", "--cores", "8", *quickly)


_NOTICED = f"specs/{TOUCHED}.yaml"
PEERS = (
    Peer(
        name="ninja",
        words=("-n",),
        write=ninja,
        busy=r"^\[1/",
        source=f"prompts/{TOUCHED}/shot-000.txt",
    ),
    Peer(
        name="doit",
        words=("list", "--status", "--all"),
        program=(sys.executable, "takes.py"),
        write=doit,
        busy="^R take:",
        source=_NOTICED,
    ),
    Peer(
        name="dvc",
        words=("status",),
        write=dvc,
        busy="modified:",
        source=f"prompts/{TOUCHED}/shot-000.txt",
        most=2_000,
    ),
    Peer(
        name="snakemake",
        words=("-n",),
        write=snakemake,
        busy="^rule take:",
        source=_NOTICED,
        most=2_000,
    ),
)
