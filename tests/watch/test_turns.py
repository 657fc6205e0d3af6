"""A watch, save by save: what it says, what it makes, and what it leaves alone."""

import shutil

import pytest

from renderer.adapters.disk.mutex import held
from renderer.paths import STATE
from tests.tooling.pretend import REPOSITORY
from tests.watch.conftest import Bench, Changes, Gate

START: frozenset[str] = frozenset()
SPEC = frozenset({"specs/harbour.yaml"})


def test_at_the_start_all_that_is_wanted_is_made(bench: Bench) -> None:
    async def script() -> Changes:
        yield START

    told = bench.run(script)

    assert "Plan: 2 to create." in told
    assert "ended with 2 takes" in told
    assert bench.takes() == {"harbour/quay": 1, "harbour/lamp": 1}
    assert bench.pages == 1


def test_a_changed_word_is_told_and_only_its_shot_is_made(made: Bench) -> None:
    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        yield made.edit("A ferry", "A tug")

    told = made.run(script)

    assert "12:00:00  specs/harbour.yaml\n" in told
    assert "[-ferry-]{+tug+}" in told
    assert "Plan: 1 to change, 1 unchanged." in told
    assert made.takes() == {"harbour/quay": 2, "harbour/lamp": 1}
    assert made.pages == 2


def test_a_save_that_changes_no_picture_is_one_quiet_line(made: Bench) -> None:
    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        yield made.edit("title:", "notes: A remark.\ntitle:")

    told = made.run(script)

    last = told.splitlines()[-1]
    assert last == "12:00:00  specs/harbour.yaml: plan unchanged"
    assert made.sessions == 0


def test_takes_that_are_recorded_meanwhile_are_no_word_worth(made: Bench) -> None:
    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        yield frozenset({"renderer.local.lock"})

    assert made.run(script).endswith("Nothing to do: all 2 tasks are made.\n")
    assert made.pages == 1


def test_what_the_watch_records_itself_is_not_told_as_a_save(made: Bench) -> None:
    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        yield made.edit("A ferry", "A tug")
        await made.shows("ended with 1 takes")
        yield frozenset({"renderer.local.lock"}) | made.edit("A tug", "A barge")

    told = made.run(script)
    assert "local.lock" not in told
    assert "{+barge+}" in told


def test_an_error_is_told_as_validate_tells_it_and_mending_it_goes_on(made: Bench) -> None:
    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        yield made.edit("prompt: {file", "promp: {file")
        await made.shows("2 problems")
        yield made.edit("A ferry", "A tug")
        await made.shows("same 2 problems")
        yield made.edit("promp: {file", "prompt: {file")

    told = made.run(script)

    assert "specs/harbour.yaml:18:5: unknown key 'promp'; did you mean 'prompt'?\n" in told
    assert "12:00:00  specs/harbour.yaml: same 2 problems\n" in told
    assert told.count("did you mean") == 1
    assert "ended with 1 takes" in told
    assert made.takes() == {"harbour/quay": 2, "harbour/lamp": 1}


def test_an_error_that_is_taken_back_is_said_to_be_mended(made: Bench) -> None:
    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        yield made.edit("prompt: {file", "promp: {file")
        await made.shows("2 problems")
        yield made.edit("promp: {file", "prompt: {file")

    assert made.run(script).endswith(": fixed; plan unchanged\n")


def test_a_project_that_is_broken_from_the_start_is_watched_until_it_is_sound(
    bench: Bench,
) -> None:
    bench.edit("version: 1", "version: [")

    async def script() -> Changes:
        yield START
        await bench.shows("1 problem")
        yield bench.edit("version: [", "version: 1")

    assert "ended with 2 takes" in bench.run(script)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("picks.yaml", "picks: {", "picks.yaml:"),
        ("renderer.local.lock", "{", "renderer.local.lock"),
    ],
)
def test_damage_beside_the_specs_is_told_and_survived(
    made: Bench, name: str, text: str, words: str
) -> None:
    whole = made.root / "renderer.local.lock"
    before = whole.read_bytes()

    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        (made.root / name).write_text(text)
        yield frozenset({name})
        await made.shows("1 problem")
        if name == "picks.yaml":
            (made.root / name).unlink()
        whole.write_bytes(before)
        yield frozenset({name})

    told = made.run(script)
    assert words in told
    assert "fixed" in told


def test_a_revert_finds_the_old_take_and_lays_it_out(made: Bench) -> None:
    shown = made.root / "renders" / "harbour"

    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        yield made.edit("A ferry", "A tug")
        await made.shows("ended with 1 takes")
        assert (shown / "quay.take2.mp4").exists()
        yield made.edit("A tug", "A ferry")

    told = made.run(script)
    assert "= quay  keep" in told
    assert told.endswith("Nothing to do: all 2 tasks are made.\n")
    assert made.sessions == 1
    assert sorted(path.name for path in shown.iterdir()) == ["lamp.take1.mp4", "quay.take1.mp4"]


def test_a_renamed_shot_keeps_its_take_and_its_file_moves(made: Bench) -> None:
    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        yield made.edit("id: quay", "id: pier")

    told = made.run(script)
    assert "from harbour/quay" in told
    assert made.sessions == 0
    assert (made.root / "renders" / "harbour" / "pier.take1.mp4").exists()


def test_with_a_paid_provider_the_plan_is_told_and_nothing_is_ever_sent(bench: Bench) -> None:
    bench.provider = "runware"

    async def script() -> Changes:
        yield START
        await bench.shows("runware is paid")
        yield bench.edit("A ferry", "A tug")
        await bench.shows("2 to create", 2)
        yield bench.edit("A tug", "A ferry")

    told = bench.run(script)

    assert "for 2 takes (runware)" in told
    assert told.count("`renderer render --provider runware` does it") == 1
    assert (bench.sessions, bench.engine.calls) == (0, [])
    assert not list(bench.root.glob("renderer*.lock"))
    assert not (bench.root / "renders").exists()


def test_a_project_that_turns_to_a_paid_provider_is_not_rendered_from_then_on(
    made: Bench,
) -> None:
    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        made.provider = "runware"
        yield frozenset({"renderer.yaml"})
        await made.shows("runware is paid")
        yield made.edit("A ferry", "A tug")

    told = made.run(script)
    assert "for 2 takes (runware)" in told
    assert made.sessions == 0


def test_while_another_renderer_works_nothing_is_made_and_the_next_save_tries_again(
    bench: Bench,
) -> None:
    (bench.root / STATE).mkdir()

    async def script() -> Changes:
        with held(bench.root / STATE / "mutex", "render"):
            yield START
            await bench.shows("tries again")
        yield bench.edit("title:", "notes: A remark.\ntitle:")

    told = bench.run(script)
    assert "another renderer works in this project: held by pid" in told
    assert "; the next save tries again\n" in told
    assert told.endswith("ended with 2 takes\n")


def test_a_take_that_fails_is_told_and_tried_again_at_the_next_save(
    made: Bench, gate: Gate
) -> None:
    gate.refuses = True

    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        yield made.edit("A ferry", "A tug")
        await made.shows("ended with 0 takes")
        gate.refuses = False
        yield made.edit("title:", "notes: A remark.\ntitle:")

    told = made.run(script)
    assert "no film today" in told
    assert told.endswith("plan unchanged\nended with 1 takes\n")


def test_a_save_that_asks_for_another_picture_ends_the_render_of_the_old_one(
    made: Bench, gate: Gate
) -> None:
    gate.open.clear()

    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        yield made.edit("A ferry", "A tug")
        await made.renders()
        yield made.edit("A tug", "A barge")
        await made.shows("interrupted: the specs changed")
        gate.open.set()

    told = made.run(script)

    assert "Made 0 of 1 take; interrupted: the specs changed.\n" in told
    assert "{+barge+}" in told
    assert told.endswith("ended with 1 takes\n")
    assert made.takes() == {"harbour/quay": 2, "harbour/lamp": 1}


def test_a_save_that_leaves_the_pictures_alone_lets_a_render_go_on(
    made: Bench, gate: Gate
) -> None:
    gate.open.clear()

    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        yield made.edit("A ferry", "A tug")
        await made.renders()
        yield made.edit("lights a lamp", "trims a lamp", "templates/lamp.j2")
        gate.open.set()

    told = made.run(script)

    assert told.count("ended with 1 takes") == 2
    assert made.takes() == {"harbour/quay": 2, "harbour/lamp": 2}


def test_an_error_that_is_saved_during_a_render_is_told_at_once(made: Bench, gate: Gate) -> None:
    gate.open.clear()

    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        yield made.edit("A ferry", "A tug")
        await made.renders()
        yield made.edit("prompt: {file", "promp: {file")
        await made.shows("2 problems")
        gate.open.set()

    told = made.run(script)

    assert told.index("2 problems") < told.index("ended with 1 takes")
    assert told.endswith("same 2 problems\n")
    assert made.takes() == {"harbour/quay": 2, "harbour/lamp": 1}


def test_ending_it_in_a_render_keeps_what_is_made_and_the_next_watch_makes_the_rest(
    made: Bench, gate: Gate
) -> None:
    gate.open.clear()

    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        yield made.edit("A ferry", "A tug")
        await made.renders()
        made.watch.end()
        yield made.edit("A tug", "A barge")

    told = made.run(script)
    assert told.endswith("Made 0 of 1 take; the next watch makes the rest.\n")

    gate.open.set()
    made.watch = made.watching()

    async def again() -> Changes:
        yield START

    assert made.run(again).endswith("ended with 1 takes\n")


def test_ending_it_between_two_saves_ends_it_at_once(made: Bench) -> None:
    async def script() -> Changes:
        yield START
        await made.shows("Nothing to do")
        made.watch.end()
        yield SPEC

    assert made.run(script).endswith("Nothing to do: all 2 tasks are made.\n")


def test_only_what_was_named_is_planned_and_made(bench: Bench) -> None:
    bench.watch = bench.watching("harbour/lamp")

    async def script() -> Changes:
        yield START
        await bench.shows("ended with 1 takes")
        yield bench.edit("A ferry", "A tug")

    assert bench.run(script).endswith("plan unchanged\n")
    assert bench.takes() == {"harbour/lamp": 1}


def test_a_shot_that_goes_on_from_another_is_made_after_it_and_told_once(bench: Bench) -> None:
    bench.edit(
        "    prompt: {file", "    frames: {first: {shot: quay, frame: last}}\n    prompt: {file"
    )

    async def script() -> Changes:
        yield START
        await bench.shows("ended with 2 takes")
        yield bench.edit("title:", "notes: A remark.\ntitle:")
        await bench.shows("plan unchanged")
        yield bench.edit("A ferry", "A tug")

    told = bench.run(script)
    assert told.count("after harbour/quay") == 2
    assert told.endswith("ended with 2 takes\n")
    assert bench.takes() == {"harbour/quay": 2, "harbour/lamp": 2}
    assert bench.watch.sight.images == set()


def test_what_waits_for_a_shot_that_is_left_out_is_told(bench: Bench) -> None:
    bench.edit(
        "    prompt: {file", "    frames: {first: {shot: quay, frame: last}}\n    prompt: {file"
    )
    bench.watch = bench.watching("harbour/lamp")

    async def script() -> Changes:
        yield START

    assert "harbour/lamp depends on harbour/quay" in bench.run(script)
    assert bench.sessions == 0


def test_an_image_that_a_task_names_is_looked_at_from_then_on(bench: Bench) -> None:
    bench.provider = "runware"
    shutil.copy(REPOSITORY / "assets" / "reef-first.jpg", bench.root / "first.jpg")

    async def script() -> Changes:
        yield START
        await bench.shows("runware is paid")
        yield bench.edit("  - id: lamp", "    frames: {first: first.jpg}\n  - id: lamp")

    bench.run(script)
    assert bench.watch.sight.images == {"first.jpg"}


def test_what_goes_wrong_in_looking_ends_the_watch(made: Bench) -> None:
    async def script() -> Changes:
        yield START
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        made.run(script)
