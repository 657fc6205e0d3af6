"""The two vocabularies of a spec, and the words that people write in the wrong place."""

from collections.abc import Sequence
from difflib import get_close_matches

from renderer.synonyms import folded, nested, synonym


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


OURS = _words(
    "version provider require_why scene id each title notes prompt aspect draft settings vars keyframes frames lines matrix shots skip"
)

# Request parameters of the API: they are under `settings:`.
REQUEST = _words(
    "model resolution duration seed width height outputType outputFormat outputQuality webhookURL "
    "deliveryMethod uploadEndpoint safety ttl includeCost numberResults inputs providerSettings"
)

# What the program fills in: it is in no spec.
_FILLED_IN = _words("positivePrompt taskType taskUUID")

# Parameters deeper in the request, by the mapping they are in.
_INNER = {
    "audio": "providerSettings: {bytedance: {audio: …}}",
    "cameraFixed": "providerSettings: {bytedance: {cameraFixed: …}}",
    "bytedance": "providerSettings: {bytedance: …}",
    "frameImages": "inputs: {frameImages: …}, or frames: {first: …, last: …} beside settings",
    "draftId": "inputs: {draftId: …}",
    "checkContent": "safety: {checkContent: …}",
}

# Other words for ours, and what to write.
_MEANT = {
    "name": "title for people, id or scene as the name in addresses",
    "description": "notes for people, prompt for the model",
    "comment": "notes",
    "variables": "vars",
    "variable": "vars",
    "parameters": "settings",
    "params": "settings",
    "config": "settings",
    "defaults": "settings in renderer.yaml",
    "template": "prompt: {file: …}",
    "file": "prompt: {file: …}",
    "first": "frames: {first: …}",
    "last": "frames: {last: …}",
    "include": "matrix: {include: …}",
    "exclude": "matrix: {exclude: …}",
    "axes": "the axes themselves, under matrix",
    "enabled": "skip: true to leave a shot out",
    "disabled": "skip: true",
    "scenes": "one file in specs/ for each scene",
}

_HOMES = {
    "version": "at the top of the file",
    "scene": "at the top of a scene file in specs/",
    "shots": "at the top of a scene file in specs/",
    "id": "in a shot",
    "prompt": "in a shot",
    "each": "in a shot",
    "lines": "in a shot",
    "skip": "in a shot",
    "frames": "in a scene or a shot",
    "keyframes": "at the top of a scene file, or in renderer.yaml",
    "notes": "in a scene or a shot",
    "provider": "in renderer.yaml",
    "require_why": "in renderer.yaml",
}

_SECRETS = frozenset(
    _words(
        "apikey apitoken token accesstoken authtoken bearer bearertoken authorization auth secret "
        "secretkey apisecret password passwd passphrase credentials credential privatekey "
        "accesskey runwareapikey runwarekey key"
    )
)
# A prompt may well speak of a token, a key or a secret; of an API key it does not.
_SECRETS_IN_PROMPTS = frozenset(
    _words(
        "apikey apitoken accesstoken authtoken bearertoken secretkey apisecret password privatekey "
        "runwareapikey runwarekey"
    )
)
_ADDRESSES = frozenset(_words("baseurl apiurl apibase endpoint apiendpoint proxy url server host"))


def is_secret(key: str, *, prompt: bool = False) -> bool:
    """Say whether a key's value must never be shown; variables of a prompt are judged milder."""
    return folded(key) in (_SECRETS_IN_PROMPTS if prompt else _SECRETS)


def closest(word: str, known: Sequence[str]) -> str:
    """Return the known word that was most likely meant, or an empty text."""
    return _folded_alike(word, known) or _spelt_alike(word, known)


def ours(key: str) -> str:
    """Return which word of ours is meant by a key among settings, or an empty text."""
    return "" if _folded_alike(key, REQUEST) else _folded_alike(key, OURS)


def beside_settings(word: str) -> str:
    """Say where a word of ours belongs that was found among settings."""
    if word in _HOMES:
        return f"write {word}: {_HOMES[word]}"
    return f"put {word}: beside settings:, not inside"


def filled_in(key: str) -> str:
    """Return which part of a request that the program fills in is meant, or an empty text."""
    if _folded_alike(key, _FILLED_IN) or synonym(key):
        return _folded_alike(key, _FILLED_IN)
    near = _spelt_alike(key, (*REQUEST, *_FILLED_IN))
    return near if near in _FILLED_IN else ""


def _folded_alike(word: str, known: Sequence[str]) -> str:
    return {folded(name): name for name in known}.get(folded(word), "")


def _spelt_alike(word: str, known: Sequence[str]) -> str:
    lower = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), list(lower), n=1, cutoff=0.65)
    return lower[near[0]] if near else ""


def unknown_key(key: str, known: Sequence[str]) -> tuple[str, str]:
    """Say what is wrong with a key that is not allowed here, and what to write instead."""
    if is_secret(key):
        return _secret(key)
    if folded(key) in _ADDRESSES:
        what = f"'{key}' is not allowed in a project file"
        return what, "the address of the API is read from the environment (RUNWARE_BASE_URL)"
    if key == "$schema":
        return "unknown key '$schema'", "write it as a comment: # yaml-language-server: $schema=…"
    return _misplaced(key, known) or _unknown(key, known)


def _misplaced(key: str, known: Sequence[str]) -> tuple[str, str] | None:
    settings = "settings" in known
    if key in _HOMES and key not in known:
        return f"'{key}' is not allowed here", f"it belongs {_HOMES[key]}"
    if settings and key.partition(".")[0] in REQUEST:
        return f"'{key}' is a request setting", f"put it under settings: {{{nested(key)}}}"
    if settings and key in _INNER:
        return f"'{key}' is a request setting", f"put it under settings: {{{_INNER[key]}}}"
    return None


def _unknown(key: str, known: Sequence[str]) -> tuple[str, str]:
    layer = "settings" in known
    what = f"unknown key '{key}'"
    if not _folded_alike(key, known) and layer and key in _MEANT:
        return what, f"write {_MEANT[key]}"
    if layer and _folded_alike(key, REQUEST):
        return what, _as_setting(_folded_alike(key, REQUEST))
    if layer and not _folded_alike(key, known) and (other := synonym(key)):
        return what, other.in_spec
    if closest(key, known):
        return what, f"did you mean '{closest(key, known)}'?"
    if layer and closest(key, REQUEST):
        return what, _as_setting(closest(key, REQUEST))
    return what, f"the keys here are {', '.join(sorted(known))}"


def _as_setting(name: str) -> str:
    return f"did you mean '{name}'? It belongs under settings:"


def _secret(key: str) -> tuple[str, str]:
    return (
        f"'{key}': a key or a secret is not allowed in a project file",
        "remove it, make a new key if this was committed, and set RUNWARE_API_KEY instead",
    )


def secret_key(key: str) -> tuple[str, str]:
    """Say that a secret is not allowed in a project; its value is not repeated."""
    return _secret(key)
