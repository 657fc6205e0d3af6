"""Specs, templates, lockfiles, plans, picks, bodies and requests made by grammar, then broken.

Whatever comes is read or answered: no other exception, and what is answered has words. One
campaign of all of them: `pytest -m campaign tests/security/test_fuzz.py` (100,000 cases).
"""

import json
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renderer.adapters.disk.resources import model_texts
from renderer.adapters.net.lenient_json import read_json
from renderer.app.importing.scene_from_requests import import_requests
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.catalog.money import Cost
from renderer.errors import InputError, LockfileError, RendererError
from renderer.expand.storyboard import Sheet, Storyboard
from renderer.expand.tasks import expand
from renderer.film import read as picks_text
from renderer.json_types import mapping
from renderer.lock.codec import decode, encode
from renderer.plan.model import Action, Plan, Step
from renderer.plan.output.saved_plan import moved
from renderer.runware.messages import UnreadableBodyError, parse_answer
from renderer.sanitize import visible
from renderer.spec.check import parse_project, parse_scene, rest_of_scene
from renderer.spec.reader import read, read_rest
from renderer.spec.values import Scene
from renderer.strict_json import NotStrictError
from renderer.strict_json import read as read_strictly
from renderer.templates.render import PromptError, Templates
from tests.harness import grammar
from tests.harness.grammar import PICTURE

Case = Callable[[Any], None]
CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())


def spec(text: str) -> None:
    try:
        document = read(text, "s.yaml")
        parse_project(document)
    except InputError as error:
        told(error)
    try:
        document = read(text, "s.yaml")
        sheet = Sheet(document=document, scene=parse_scene(document))
    except InputError as error:
        told(error)
        left = read_rest(text, "s.yaml")
        rest = None if left is None else rest_of_scene(left)
        if left is None or rest is None or not isinstance(rest.spec, Scene):
            return
        sheet = Sheet(document=left, scene=rest.spec)
    board = Storyboard(
        catalog=CATALOG,
        templates=Templates({"a.j2": "{{ look }}"}),
        sheets=[sheet],
        digests={"a.png": "0" * 64},
    )
    made = expand(board)
    for task in made.tasks:
        grammar.as_json(task.request).encode()
    for problem in made.problems:
        assert problem.what


def told(error: RendererError) -> None:
    assert error.problems
    assert all(problem.what and harmless(str(problem)) for problem in error.problems)


def harmless(text: str) -> bool:
    """Tell whether a terminal would show every character of a text once it went through."""
    return not {"Cc", "Cf", "Cs", "Zl", "Zp"} & set(map(unicodedata.category, visible(text)))


def template(drawn: tuple[str, dict[str, Any]]) -> None:
    text, values = drawn
    library = Templates({"a.j2": text, "b.j2": "{% macro m(a) %}{{ a }}{% endmacro %}b"})
    renders: tuple[Callable[[], str], ...] = (
        lambda: library.render_file("a.j2", values),
        lambda: library.render_text(text, values),
    )
    for render in renders:
        try:
            written = render()
        except PromptError as fault:
            faulty(fault)
        else:
            assert written == written.strip() != ""
            written.encode()
            assert " at 0x" not in written
    for missing in library.undefined(text, values, file=False):
        faulty(missing)
    try:
        library.uses_text(text)
    except PromptError as fault:
        faulty(fault)


def faulty(fault: PromptError) -> None:
    assert fault.what
    assert fault.todo
    assert fault.line >= 1


def lockfile(text: str) -> None:
    try:
        found = decode(text, "renderer.lock")
    except LockfileError as error:
        told(error)
        return
    written = encode(found)
    written.encode()
    assert "://" not in written
    assert decode(written, "renderer.lock") == found


PRICE = Cost(low=Decimal("0.1"), high=Decimal("0.1"))
STEP = Step(address="a/b", action=Action.CREATE, fingerprint=PICTURE, takes=1, cost=PRICE)
PLAN = Plan(provider="local", steps=(STEP,))


def plan_file(text: str) -> None:
    try:
        then = read_strictly(text, most=1 << 20)
    except NotStrictError:
        return
    for problem in moved(mapping(then) or {}, PLAN, "digest"):
        assert harmless(str(problem))


def picks_file(text: str) -> None:
    try:
        picks_text.decode(text, "picks.yaml")
    except InputError as error:
        told(error)


def api_body(data: bytes) -> None:
    try:
        answer = parse_answer(read_json(data))
    except (UnreadableBodyError, ValueError):
        return
    for one in answer.items:
        kept = [one.task_uuid, one.status, one.video_uuid, one.video_url, one.draft_id]
        "".join(kept).encode()
        json.dumps(one.raw, ensure_ascii=False, default=str).encode()
        assert one.cost is None or 0 < one.cost < 10**6
        assert one.seed is None or 0 <= one.seed < 2**64
    for error in answer.errors:
        str(error).encode()


def imported(text: str) -> None:
    try:
        made = import_requests(text, "request.json", CATALOG)
    except InputError as error:
        told(error)
        return
    parse_scene(read(made.text, "s.yaml"))


AREAS: dict[str, tuple[st.SearchStrategy[Any], Case]] = {
    "specs": (grammar.specs, spec),
    "templates": (grammar.templates, template),
    "lockfiles": (grammar.locks, lockfile),
    "plans": (grammar.plans, plan_file),
    "picks": (grammar.picks, picks_file),
    "bodies": (grammar.bodies, api_body),
    "requests": (grammar.requests, imported),
}
# A spec costs ten times a body; together they are 100,000.
CAMPAIGN = {
    "specs": 20_000,
    "templates": 25_000,
    "lockfiles": 15_000,
    "plans": 10_000,
    "picks": 5_000,
    "bodies": 15_000,
    "requests": 10_000,
}
SLICE = dict.fromkeys(AREAS, 250)


def fuzzed(area: str, count: int) -> None:
    strategy, case = AREAS[area]
    quiet = [
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ]

    @settings(max_examples=count, deadline=None, suppress_health_check=quiet, database=None)
    @given(strategy)
    def run(drawn: Any) -> None:
        case(drawn)

    run()


@pytest.mark.parametrize("area", AREAS)
def test_whatever_is_made_by_grammar_is_read_or_answered(area: str) -> None:
    fuzzed(area, SLICE[area])


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("area", AREAS)
def test_a_hundred_thousand_cases_are_read_or_answered(area: str) -> None:
    fuzzed(area, CAMPAIGN[area])
