"""Every hint about a word in the wrong place, done as it is written, is not refused in its turn."""

import copy
import itertools
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.expand import expansion
from renderer.errors import Problem
from renderer.spec.vocabulary import OURS, REQUEST
from renderer.synonyms import WORDS, synonym
from tests.harness.repo import CATALOG
from tests.tooling.pretend import REPOSITORY

Spec = dict[str, Any]
SCENE: Spec = {
    "version": 1,
    "scene": "a",
    "aspect": "16:9",
    "settings": {"model": "bytedance:seedance@1.5-pro", "resolution": "480p", "duration": 4},
    "shots": [{"id": "one", "prompt": "A pier.", "settings": {}, "frames": {"first": "a.jpg"}}],
}
PLACES: dict[str, tuple[str | int, ...]] = {
    "scene": (),
    "shot": ("shots", 0),
    "settings of the scene": ("settings",),
    "settings of the shot": ("shots", 0, "settings"),
    "frames": ("shots", 0, "frames"),
    "inputs": ("settings", "inputs"),
    "bytedance": ("settings", "providerSettings", "bytedance"),
    "safety": ("settings", "safety"),
}
# A value that is sound wherever the word belongs; anything else is text.
VALUES: dict[str, Any] = {
    "numberResults": 2,
    "duration": 5,
    "outputQuality": 80,
    "outputFormat": "MP4",
    "outputType": "URL",
    "deliveryMethod": "async",
    "includeCost": True,
    "model": "bytedance:seedance@1.5-pro",
    "seed": 5,
    "ttl": 60,
    "resolution": "720p",
    "webhookURL": "https://a.example/{take}",
    "uploadEndpoint": "https://a.example/{take}",
    "safety": {"mode": "fast"},
    "inputs": {},
    "checkContent": True,
    "providerSettings": {"bytedance": {}},
    "bytedance": {"audio": True},
    "audio": True,
    "cameraFixed": True,
    "draft": True,
    "aspect": "16:9",
    "version": 1,
    "vars": {"x": 1},
    "matrix": {"seed": [1, 2]},
    "frames": {"first": "a.jpg"},
    "keyframes": {"dock": "a.jpg"},
    "first": "a.jpg",
    "last": "a.jpg",
    "skip": False,
    "lines": [{"at": 0, "for": 2, "text": "Go."}],
    "each": [{"n": "a"}],
    "settings": {"seed": 3},
    "shots": [{"id": "two", "prompt": "A boat."}],
}
# What says of a word that it is not allowed where a hint has put it.
REFUSED = re.compile(
    "unknown (key|setting)|not allowed|request setting|filled in|made from the shot|holds a dot|too many"
)
INNER = ("audio", "cameraFixed", "bytedance", "frameImages", "draftId", "checkContent")
TYPED = (*WORDS, *OURS, *REQUEST, *INNER, "positivePrompt", "taskType", "taskUUID")


def snake(word: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).lower()


def slips(word: str) -> Iterator[str]:
    """Yield a word as clients and hurried people write it."""
    yield from (word, snake(word), snake(word).replace("_", "-"), word.lower(), word.upper())
    if len(word) > 4:
        yield from (word[:-1], word[1:], word[:2] + word[3] + word[2] + word[4:], f"{word}s")


def cases() -> Iterator[tuple[str, str]]:
    for word, place in itertools.product(TYPED, PLACES):
        yield from ((one, place) for one in dict.fromkeys(slips(word)))


def problems(root: Path, spec: Spec) -> list[Problem]:
    (root / "specs").mkdir(exist_ok=True)
    (root / "specs" / "a.yaml").write_text(yaml.safe_dump(spec, sort_keys=False))
    return list(expansion(ProjectFiles(root=root), CATALOG).problems)


def inside(spec: Spec, path: tuple[str | int, ...]) -> Any:
    found: Any = spec
    for step in path:
        found = found.setdefault(step, {}) if isinstance(found, dict) else found[step]
    return found


def value_of(name: str) -> Any:
    return copy.deepcopy(VALUES.get(name, "x"))


def put(target: Spec, text: str) -> None:
    """Write `a: {b: …}` into a mapping."""
    names = re.findall(r"\w+", text.replace("…", ""))
    for name in names[:-1]:
        target = target.setdefault(name, {})
    target[names[-1]] = value_of(names[-1])


class Hint:
    """One hint about a word at a place, and what a person does who reads it."""

    def __init__(self, spec: Spec, path: tuple[str | int, ...], word: str, todo: str) -> None:
        self.spec, self.path, self.word, self.todo = spec, path, word, todo
        cut = path.index("settings") if "settings" in path else len(path)
        self.layer = path[:cut][:2] if path[:2] == ("shots", 0) else ()

    def follow(self) -> bool:
        """Do what it says; tell whether it says anything that can be done as written."""
        todo = self.todo.partition("; used by")[0]
        for pattern, act in self.actions().items():
            hit = re.match(pattern, todo)
            if hit:
                inside(self.spec, self.path).pop(self.word, None)
                act(*hit.groups())
                return True
        return False

    def actions(self) -> dict[str, Callable[..., None]]:
        layer = inside(self.spec, self.layer)
        here = inside(self.spec, self.path)
        shot = self.spec["shots"][0]
        settings = layer.setdefault("settings", {})

        def stands(name: str, where: str) -> None:
            homes: dict[str, Spec] = {"at": self.spec, "in a shot": shot, "in a scene": self.spec}
            home = next((one for start, one in homes.items() if where.startswith(start)), {})
            put(home, name)

        return {
            r"did you mean '(\w+)'\? It belongs under settings": lambda name: put(settings, name),
            r"did you mean '(\w+)'\?": lambda name: put(here, name),
            r"write it as settings: \{(.+)\}$": lambda text: put(settings, text),
            r"put it under settings: \{(.+)\}$": lambda text: put(settings, text),
            r"write it as `(.+)`$": lambda text: put(settings, text),
            r"write it as prompt: in the shot": lambda: put(shot, "prompt"),
            r"write `prompt: …` in the shot": lambda: put(shot, "prompt"),
            r"write `(aspect): …` with settings": lambda text: put(layer, text),
            r"write `(frames: \{\w+|aspect|draft)": lambda text: put(layer, text),
            r"write (\w+): ((?:in|at) .+)": stands,
            r"write (?!one file)(\w+)": lambda name: put(layer, name),
            r"(?:leave it out|remove it|say in the prompt)": lambda: None,
            r"put (\w+): beside settings:": lambda name: put(layer, name),
            r"it belongs (.+)": lambda where: stands(self.word, where),
        }


def followed(root: Path, word: str, place: str) -> tuple[bool, str]:
    """Write a word at a place and follow its hint; return whether it could be, and what is wrong."""
    spec = copy.deepcopy(SCENE)
    path = PLACES[place]
    meant = synonym(word)
    name = meant.setting.rpartition(".")[2] if meant else word
    inside(spec, path)[word] = value_of(name)
    told = [one for one in problems(root, spec) if f"'{word}'" in one.what or "prompt" in one.what]
    if not told:
        return False, ""
    hint = Hint(spec, path, word, told[0].todo)
    if not hint.follow():
        return False, ""
    again = [str(one) for one in problems(root, spec) if REFUSED.search(one.what)]
    same = [str(one) for one in problems(root, spec) if one.what == told[0].what]
    return True, "; ".join(dict.fromkeys([*again, *same]))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    image = next((REPOSITORY / "assets").rglob("*.jpg"))
    (tmp_path / "a.jpg").write_bytes(image.read_bytes())
    return tmp_path


def check(root: Path, chosen: list[tuple[str, str]]) -> int:
    bad, done = [], 0
    for word, place in chosen:
        able, wrong = followed(root, word, place)
        done += able
        if wrong:
            bad.append(f"{word} in {place}: {wrong}")
    assert not bad, "\n".join(bad[:20])
    return done


def test_a_hint_is_not_refused_when_it_is_followed(root: Path) -> None:
    every = list(cases())
    random.Random(4).shuffle(every)  # noqa: S311

    assert check(root, every[:400]) > 190


@pytest.mark.parametrize("place", ["shot", "settings of the shot"])
def test_every_word_of_others_has_a_hint_that_works(root: Path, place: str) -> None:
    done = check(root, [(word, place) for word in WORDS])

    assert done == len(WORDS)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_no_hint_at_all_is_refused_when_it_is_followed(root: Path) -> None:
    assert check(root, list(cases())) > 2000


def test_nothing_that_a_model_has_is_called_something_that_none_has() -> None:
    known = {name for model in CATALOG.all() for name in model.schema["properties"]}

    assert set(REQUEST) <= known
    for name in known - {"positivePrompt"}:
        assert synonym(name) is None, name


def test_a_negative_prompt_is_answered_at_once(root: Path) -> None:
    for place in ("scene", "shot", "settings of the scene", "settings of the shot"):
        spec = copy.deepcopy(SCENE)
        inside(spec, PLACES[place])["negative_prompt"] = "blur"
        (one,) = problems(root, spec)
        assert "say in the prompt" in one.todo
        assert "did you mean" not in str(one)
