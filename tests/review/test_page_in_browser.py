"""The page in a real browser, opened from disk."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from renderer.catalog.catalog import Catalog
from renderer.cli.main import run
from tests.review.conftest import SCENE, Look, Studio, film, ready, until


@pytest.fixture(scope="module")
def sheet(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, films: dict[int, bytes]
) -> tuple[Studio, str]:
    """Return a project with a lapsed pick, and its page: both are only looked at."""
    studio = Studio(root=tmp_path_factory.mktemp("night"), catalog=catalog, films=films)
    studio.spec()
    studio.render()
    studio.pick("harbour/quay#2", why="the rope lands on the beat")
    studio.spec(SCENE.replace("in the cold", "in the frost"))
    studio.render()
    return studio, studio.page()


@pytest.fixture
def address(sheet: tuple[Studio, str]) -> str:
    return sheet[1]


def shown(page: Any) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        ".shot:not([hidden])", "cards => cards.map(card => card.dataset.shot)"
    )
    return found


def settled(page: Any) -> None:
    until(
        page,
        "Review.view.sync && Review.view.sync.videos.every(v => v.readyState >= 2 && !v.seeking)",
    )


def counted(page: Any, words: str) -> None:
    until(page, f"document.querySelector('#viewer .counter').textContent === '{words}'")


def times(page: Any) -> list[float]:
    found: list[float] = page.evaluate("Review.view.sync.videos.map(v => v.currentTime)")
    return found


def test_the_sheet_shows_the_storyboard_in_order(address: str, look: Look) -> None:
    window = look(address)
    page = ready(window)

    assert re.fullmatch(r"night\d+ · review", page.title())
    assert shown(page) == ["harbour/quay", "harbour/lamp", "harbour/gull"]
    assert page.locator("#shot-1 .take").count() == 8
    assert page.locator("#shot-1 .take[data-current=yes]").count() == 4
    assert "lapsed" in page.locator("#shot-1 .badges").inner_text()
    assert page.locator("#shot-1 .diff del").inner_text() == "cold"
    assert page.locator("#shot-1 .diff ins").inner_text() == "frost"
    assert "the rope lands on the beat" in page.locator("#shot-1 .pickline").inner_text()
    assert "$0.07" in page.locator("#shot-2 .facts").inner_text()
    assert page.locator("#shot-3 .cell").count() == 2
    assert (window.wrong, window.foreign) == ([], [])


def test_filters_and_search_leave_what_they_say(address: str, look: Look) -> None:
    page = ready(look(address))

    def filtered(name: str) -> list[str]:
        page.click(f"#bar [data-filter={name}]")
        return shown(page)

    assert filtered("review") == ["harbour/quay", "harbour/lamp", "harbour/gull"]
    assert filtered("changed") == ["harbour/quay"]
    assert filtered("draft") == ["harbour/lamp"]
    assert page.locator("#bar [data-filter=picked]").is_disabled()
    assert filtered("all") == ["harbour/quay", "harbour/lamp", "harbour/gull"]
    page.fill("#bar input[type=search]", "yellow COAT")
    assert shown(page) == ["harbour/lamp"]
    page.fill("#bar input[type=search]", "no such thing")
    assert page.locator("#nothing").is_visible()


def test_seeking_and_frame_stepping_land_on_their_frames(address: str, look: Look) -> None:
    page = ready(look(address))
    page.click("#shot-1 .take >> nth=0 >> .frame")
    settled(page)

    counted(page, "frame 1 of 97")
    for key, frame in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 96)):
        page.keyboard.press(key)
        settled(page)
        counted(page, f"frame {frame + 1} of 97")
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    settled(page)
    counted(page, "frame 25 of 97")
    assert page.locator("#viewer .clock").inner_text() == "00:01:00"


def test_play_stop_backwards_and_faster_are_an_editors_keys(address: str, look: Look) -> None:
    page = ready(look(address))
    page.click("#shot-1 .take >> nth=0 >> .frame")
    settled(page)

    page.keyboard.press("l")
    until(page, "Review.view.sync.leader.currentTime > 0.3")
    page.keyboard.press("l")
    assert page.evaluate("Review.view.sync.rate") == 2
    page.keyboard.press("k")
    assert page.evaluate("Review.view.sync.leader.paused")
    at = times(page)[0]
    page.keyboard.press("j")
    until(page, f"Review.view.sync.leader.currentTime < {at} - 0.1")
    page.keyboard.press("Space")
    assert not page.evaluate("Review.view.sync.back")
    page.keyboard.press("Escape")
    assert not page.locator("#viewer").is_visible()
    assert page.evaluate("location.hash") == "#/harbour/quay"


def test_four_takes_play_as_one(address: str, look: Look) -> None:
    page = ready(look(address))
    page.click("#shot-1 .take >> nth=0 >> .frame")
    page.keyboard.press("c")
    for number in "234":
        if page.locator("#viewer video").count() < 4:
            page.keyboard.press(number)
    page.evaluate("Review.open(Review.view.shot, Review.view.shot.takes.slice(0, 4), 'side')")
    settled(page)
    assert page.locator("#viewer video").count() == 4

    page.keyboard.press("Space")
    until(page, "Review.view.sync.leader.currentTime > 1.2")
    apart = page.evaluate(
        """async () => {
          let worst = 0;
          for (let round = 0; round < 20; round++) {
            await new Promise(done => requestAnimationFrame(done));
            const times = Review.view.sync.videos.map(v => v.currentTime);
            worst = Math.max(worst, Math.max(...times) - Math.min(...times));
          }
          return worst;
        }"""
    )
    assert apart < 2 / 24 + 0.05
    page.keyboard.press("Space")
    page.wait_for_timeout(150)
    settled(page)
    stopped = times(page)
    assert max(stopped) - min(stopped) < 1 / 24


def test_a_wipe_moves_under_the_pointer_and_by_keyboard(address: str, look: Look) -> None:
    page = ready(look(address))
    page.click("#shot-1 .take >> nth=0 >> .frame")
    page.keyboard.press("c")
    page.keyboard.press("c")
    settled(page)

    box = page.locator("#viewer .pane >> nth=0").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 80)
    assert page.evaluate("parseFloat(document.querySelector('.wipe').value)") == pytest.approx(
        25, abs=1
    )
    page.focus(".wipe")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("parseFloat(document.querySelector('.wipe').value)") > 25
    clip = page.evaluate(
        "getComputedStyle(document.querySelectorAll('#viewer video')[1]).clipPath"
    )
    assert clip.startswith("inset(0px 0px 0px 25")


def reason(page: Any, why: str) -> None:
    page.keyboard.press("a")
    page.keyboard.type(why)
    page.keyboard.press("Enter")


def saved(page: Any, path: Path) -> dict[str, Any]:
    with page.expect_download() as download:
        page.click("text=/Save . choices?/")
    download.value.save_as(path)
    found: dict[str, Any] = json.loads(path.read_text())["picks"]
    return found


def test_choices_made_from_disk_are_saved_and_applied(
    sheet: tuple[Studio, str], look: Look, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(shutil.copytree(sheet[0].root, tmp_path / "project", symlinks=True))
    window = look((root / "review" / "index.html").as_uri(), accept_downloads=True)
    page = ready(window)
    page.click("#shot-1 .take[data-current=yes] >> nth=1 >> .frame")
    settled(page)
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("i")
    reason(page, 'she says "now" <b>')
    assert "chosen here" in page.locator("#viewer .state").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    reason(page, "warm")

    page.reload()
    ready(window)
    kept = tmp_path / "choices.json"
    assert saved(page, kept)["harbour/quay"]["in"] == "12f"
    assert run(["-C", str(root), "pick", "--from", str(kept)]) == 0
    written = (root / "picks.yaml").read_text()
    assert 'why: "she says \\"now\\" <b>"' in written
    assert "in: 12f" in written
    assert run(["-C", str(root), "picks"]) == 0
    assert "2 picked" in capsys.readouterr().out
    assert window.wrong == []


def test_a_shot_is_made_of_several_takes_in_the_viewer(
    sheet: tuple[Studio, str], look: Look, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(sheet[0].root, tmp_path / "project", symlinks=True))
    window = look((root / "review" / "index.html").as_uri(), accept_downloads=True)
    page = ready(window)
    page.click("#shot-1 .take[data-current=yes] >> nth=0 >> .frame")
    press(page, "Shift+ArrowRight", "o", "e")  # until frame 24, which is the last of it
    press(page, "7", "Shift+ArrowRight", "Shift+ArrowRight", "i", "e")
    reason(page, "one opens, one ends")
    page.keyboard.press("Escape")

    page.reload()
    ready(window)
    kept = tmp_path / "choices.json"
    first, last = saved(page, kept)["harbour/quay"]["parts"]
    assert (first["take"], first.get("in"), first["out"]) == ("harbour/quay#5", None, "25f")
    assert (last["take"], last["in"], last.get("out")) == ("harbour/quay#7", "72f", None)
    assert run(["-C", str(root), "pick", "--from", str(kept)]) == 0
    assert window.wrong == []


def test_a_number_means_the_take_of_that_number(address: str, look: Look) -> None:
    page = ready(look(address))
    page.click("#shot-1 .take[data-current=yes] >> nth=0 >> .frame")
    for number in (7, 2, 5):
        press(page, str(number))
        assert page.locator(".pane b").inner_text() == f"#{number}"
        shown_tile = page.locator(".reels .thumb[aria-pressed=true] .key")
        assert shown_tile.inner_text() == str(number)
    press(page, "9")  # there is none
    assert page.locator(".pane b").inner_text() == "#5"


def test_the_parts_of_a_shot_are_moved_changed_and_removed(address: str, look: Look) -> None:
    page = ready(look(address))
    page.click("#shot-1 .take[data-current=yes] >> nth=0 >> .frame")
    press(page, "e", "7", "e", "6", "e")
    assert splices(page) == ["1  #5", "2  #7", "3  #6"]

    page.click(".part >> nth=2")
    press(page, "[")
    assert splices(page) == ["1  #5", "2  #6", "3  #7"]
    press(page, "End", "i")  # of the part that is being worked on
    assert "00:04:00 – end" in page.locator(".part >> nth=1").inner_text()
    press(page, "Delete")
    assert splices(page) == ["1  #5", "2  #7"]
    page.click("text=Clear")
    assert splices(page) == []


def press(page: Any, *keys: str) -> None:
    for key in keys:
        settled(page)
        page.keyboard.press(key)


def splices(page: Any) -> list[str]:
    found: list[str] = page.locator(".part b").all_inner_texts()
    return found


def test_links_lead_to_shots_takes_and_comparisons(address: str, look: Look) -> None:
    page = ready(look(f"{address}#/harbour/gull@seed=8/1"))
    assert page.locator("#viewer").is_visible()
    assert page.locator("#viewer .titles .path").inner_text() == "harbour/gull"

    page.evaluate("location.hash = '#/harbour/quay/1&harbour/quay/2&wipe'")
    until(page, "document.querySelector('#viewer .stage').dataset.mode === 'wipe'")
    page.keyboard.press("Escape")

    page.evaluate("location.hash = '#/harbour/lamp'")
    until(page, "document.activeElement.closest('.shot')?.dataset.shot === 'harbour/lamp'")
    page.evaluate("location.hash = '#/no/such&thing%zz'")
    page.wait_for_timeout(50)
    assert not page.locator("#viewer").is_visible()


def test_a_format_that_browsers_do_not_play_has_a_copy_that_they_do(
    studio: Studio, look: Look
) -> None:
    studio.spec(SCENE.replace("numberResults: 4", "numberResults: 1").partition("  - id: lamp")[0])
    studio.render(film(1, kind="mov", frames=49, size=(432, 248)))
    page = ready(look(studio.page()))

    assert page.locator("#shot-1 .take >> nth=0").get_by_text("copy").is_visible()
    page.click("#shot-1 .take >> nth=0 >> .frame")
    settled(page)
    assert (
        "copy for browsers; the take itself is MOV"
        in page.locator("#viewer figcaption").first.inner_text()
    )
    page.keyboard.press("ArrowRight")
    settled(page)
    counted(page, "frame 2 of 49")
    # 49 frames of film where 97 were asked for
    assert "duration: asked 4 s" in page.locator("#shot-1 figcaption").first.inner_text()
    assert page.locator("#bar [data-filter=failed]").is_enabled()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_page_is_readable_at_every_width(
    address: str, look: Look, width: int, scheme: str
) -> None:
    page = ready(look(address, width=width, color_scheme=scheme, reduced_motion="reduce"))

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(
        "getComputedStyle(document.querySelector('.act')).transitionDuration"
    ) in (
        "0s",
        "0s, 0s, 0s",
    )
    page.click("#shot-1 .take >> nth=0 >> .frame")
    assert page.evaluate("document.querySelector('#viewer').scrollWidth") <= width
