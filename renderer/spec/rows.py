"""Rows: a list of mappings or of plain values, within bounds."""

from collections.abc import Iterator

from renderer.json_types import Json
from renderer.spec.faults import first_refused, show
from renderer.spec.source import character
from renderer.spec.values import MAX_DEPTH, MAX_ITEMS
from renderer.spec.vocabulary import is_secret, secret_key

ROWS = 10_000
IN_YAML = "write `- name: value` for each"


def row_faults(
    rows: Json, example: str = IN_YAML
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield what is wrong with a list of rows: the path, what, and what to do."""
    if not isinstance(rows, list):
        yield (), "must be a list of rows", example
        return
    if not rows or len(rows) > ROWS:
        what = f"has {len(rows)} rows, the limit is {ROWS}" if rows else "has no rows"
        yield (), what, "split it" if rows else "add one"
        return
    mapped = isinstance(rows[0], dict)
    for at, row in enumerate(rows):
        if isinstance(row, dict) != mapped or row is None or isinstance(row, list):
            wanted = "a mapping" if mapped else "one plain value"
            what = f"must be {wanted}{'' if at == 0 else ', as the first row is'}"
            yield (at,), what, "write all rows as mappings, or all as plain values"
        else:
            yield from _value_faults(row, (at,), MAX_DEPTH)


def _value_faults(
    value: Json, path: tuple[str | int, ...], left: int
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    if isinstance(value, str):
        if hit := first_refused(value):
            yield (path, *character(hit.group()))
        return
    if not isinstance(value, dict | list):
        return
    if not left or len(value) > MAX_ITEMS:
        what = (
            f"has {len(value)} entries, the limit is {MAX_ITEMS}"
            if left
            else "is nested too deeply"
        )
        yield path, what, "write plainer values"
        return
    for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(step, str) and is_secret(step, prompt=True):
            yield (path, *secret_key(show(step)))
        yield from _value_faults(inner, (*path, step), left - 1)
