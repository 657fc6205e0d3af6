"""The key for Runware: from the environment, else from the system's keyring; never from a file."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from renderer.adapters.net.client import Secret
from renderer.errors import InputError

VARIABLE = "RUNWARE_API_KEY"
SERVICE = "renderer"
USER = "runware"
_LONGEST = 512
_WITHOUT = f"set {VARIABLE} instead"


def find_key(environment: Mapping[str, str]) -> Secret:
    """Return the key; raise InputError if there is none, or what is there can be no key."""
    named = environment.get(VARIABLE, "").strip()
    if named:
        return Secret(checked(named, VARIABLE))
    kept, why = _kept()
    if kept:
        return Secret(checked(kept.strip(), "the system's keyring"))
    raise InputError(
        f"there is no key for Runware{f' ({why})' if why else ''}",
        f"set {VARIABLE}, or save one with `renderer account --save-key`, "
        "or render free with --provider local",
    )


def save_key(key: str) -> None:
    """Keep a key in the system's keyring; raise InputError if that cannot be."""
    ring = _ring()
    if ring is None:
        raise InputError(
            "the `keyring` package is not installed",
            f"run pip install 'storyboard-renderer[keyring]', or {_WITHOUT}",
        )
    try:
        ring.set_password(SERVICE, USER, key)
        kept = ring.get_password(SERVICE, USER)
    except _troubles(ring) as error:
        raise InputError(
            f"the system's keyring cannot be used ({type(error).__name__})",
            f"unlock or install one, or {_WITHOUT}",
        ) from None
    if kept != key:
        raise InputError("the system's keyring kept nothing", f"choose a backend, or {_WITHOUT}")


def checked(key: str, where: str) -> str:
    """Return a key that fits in a header; raise InputError, without the key, for any other."""
    if not key:
        raise InputError(f"{where}: the key is empty", "enter the key as Runware shows it")
    if len(key) > _LONGEST or not (key.isascii() and key.isprintable() and " " not in key):
        raise InputError(
            f"{where}: this is not a key: spaces, control or other characters are in it",
            "copy the key again, it is one word of letters and digits",
        )
    return key


def _kept() -> tuple[str, str]:
    """Return the key in the keyring, or why there is none to be had."""
    ring = _ring()
    if ring is None:
        return "", ""
    try:
        return ring.get_password(SERVICE, USER) or "", ""
    except _troubles(ring) as error:
        return "", f"the system's keyring cannot be used: {type(error).__name__}"


def _ring() -> Any:
    try:
        return import_module("keyring")  # late: an extra, and slow to load
    except ImportError:
        return None


def _troubles(ring: Any) -> tuple[type[Exception], ...]:
    return ring.errors.KeyringError, RuntimeError, OSError
