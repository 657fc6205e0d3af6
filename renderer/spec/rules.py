"""Rules over a whole document that no single type can see; each fault has its path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from renderer.json_types import Json
from renderer.spec import vocabulary
from renderer.spec.faults import show
from renderer.synonyms import nested

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule that was broken: where in the document, what, and what to do."""

    path: Path
    what: str
    todo: str
    key: bool = True


def settings_breaches(settings: object, base: Path) -> Iterator[Breach]:
    """Yield the words in `settings` that are ours, dotted, filled in by us, or secret."""
    if not isinstance(settings, Mapping):
        return
    for key in settings:
        answer = misplaced_setting(str(key))
        if answer is not None:
            yield Breach(path=(*base, key), what=answer[0], todo=answer[1])
    yield from secrets(settings, base, prompt=False)


def misplaced_setting(key: str) -> tuple[str, str] | None:
    """Return why a key is not allowed at the top of `settings`, and what to do; None if it is."""
    if vocabulary.filled_in(key) == "positivePrompt":
        return "the prompt of the request is made from the shot", "write it as prompt: in the shot"
    if vocabulary.filled_in(key):
        return f"'{key}' is filled in by the program", "remove it"
    ours = vocabulary.ours(key)
    if ours:
        return f"'{show(key)}' is not a request setting", vocabulary.beside_settings(ours)
    if "." in key:
        return f"the key '{show(key)}' holds a dot", f"write {show(nested(key), 120)}"
    return None


def secrets(value: object, base: Path, *, prompt: bool) -> Iterator[Breach]:
    """Yield every key below `value` whose name says that it holds a secret."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if vocabulary.is_secret(key, prompt=prompt):
                what, todo = vocabulary.secret_key(show(key))
                yield Breach(path=(*base, key), what=what, todo=todo)
            else:
                yield from secrets(inner, (*base, key), prompt=prompt)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from secrets(inner, (*base, at), prompt=prompt)


def matrix_breaches(matrix: object, base: Path) -> Iterator[Breach]:
    """Yield the breach of a matrix whose axes are one level too deep."""
    if isinstance(matrix, Mapping) and isinstance(matrix.get("axes"), Mapping):
        what, todo = "'axes' is one level too many", "write the axes themselves under matrix"
        yield Breach(path=(*base, "axes"), what=what, todo=todo)


def layer_breaches(layer: object, base: Path = ()) -> Iterator[Breach]:
    """Yield the breaches in the settings and variables of one layer."""
    if isinstance(layer, Mapping):
        yield from settings_breaches(layer.get("settings"), (*base, "settings"))
        yield from secrets(layer.get("vars"), (*base, "vars"), prompt=True)
        yield from matrix_breaches(layer.get("matrix"), (*base, "matrix"))


def scene_breaches(scene: object) -> Iterator[Breach]:
    """Yield the breaches of a scene and its shots."""
    yield from layer_breaches(scene)
    for at, shot in enumerate(shots(scene)):
        yield from layer_breaches(shot, ("shots", at))


def shots(scene: object) -> list[Json]:
    """Return the shots of a scene that may be malformed."""
    found = scene.get("shots") if isinstance(scene, Mapping) else None
    return found if isinstance(found, list) else []


def repeated_ids(scene: object) -> Iterator[tuple[int, int, str]]:
    """Yield (position, first position, id) for each shot id that is used again."""
    seen: dict[str, int] = {}
    for at, shot in enumerate(shots(scene)):
        one = {} if not isinstance(shot, Mapping) or "each" in shot else shot
        name = one.get("id")
        if isinstance(name, str) and seen.setdefault(name, at) != at:
            yield at, seen[name], name
