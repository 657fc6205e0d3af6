"""The shots played one after the other as one film, in a real browser."""

from typing import Any

import pytest

from renderer.catalog.catalog import Catalog
from tests.review.conftest import SCENE, Look, Studio, film, ready, until

PLAYER = "Review.screening.sync"
LAST = 3 * 97 - 1  # three shots of 97 frames


@pytest.fixture(scope="module")
def address(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, films: dict[int, bytes]
) -> str:
    studio = Studio(root=tmp_path_factory.mktemp("night"), catalog=catalog, films=films)
    studio.spec()
    studio.render()
    studio.pick("harbour/quay#2")
    return studio.page()


def still(page: Any) -> None:
    until(page, f"{PLAYER}.leader.readyState >= 2 && !{PLAYER}.leader.seeking")


def screened(page: Any, key: str = "p") -> None:
    page.keyboard.press(key)
    page.keyboard.press("k")
    still(page)


def at(page: Any) -> tuple[str, int]:
    """Return the take that is seen, and which of its frames."""
    still(page)
    take, time = page.evaluate(f"[{PLAYER}.piece.take.name, {PLAYER}.leader.currentTime]")
    return take, int(time * 24 + 0.01)


def go_to(page: Any, frame: int) -> tuple[str, int]:
    page.evaluate(f"{PLAYER}.seekFrame({frame})")
    return at(page)


def test_the_film_is_every_shot_as_it_stands_cut_on_its_frames(address: str, look: Look) -> None:
    window = look(address)
    page = ready(window)
    screened(page)

    page.keyboard.press("Home")
    assert at(page) == ("harbour/quay#2", 0)  # the pick, not the first take
    assert go_to(page, 96) == ("harbour/quay#2", 96)
    assert go_to(page, 97) == ("harbour/lamp#1", 0)
    page.keyboard.press("ArrowLeft")
    assert at(page) == ("harbour/quay#2", 96)
    page.keyboard.press("End")
    assert at(page) == ("harbour/gull@seed=7#1", 96)
    assert page.locator("#screening .counter").inner_text() == f"frame {LAST + 1} of {LAST + 1}"
    assert page.locator("#screening .clock").inner_text() == "00:12:02"
    page.keyboard.press("ArrowUp")
    assert at(page) == ("harbour/lamp#1", 0)
    assert (window.wrong, window.foreign) == ([], [])


def test_it_plays_over_a_cut_and_begins_again_at_the_end(address: str, look: Look) -> None:
    page = ready(look(address))
    screened(page)

    go_to(page, 90)
    page.keyboard.press(" ")
    until(page, f"{PLAYER}.at === 1 && {PLAYER}.leader.currentTime > 0.3")
    assert page.evaluate(f"{PLAYER}.videos.filter(video => !video.paused).length") == 1
    assert page.locator("#screening figcaption").inner_text().startswith("02")
    page.evaluate(f"{PLAYER}.seekFrame({LAST - 4})")
    until(page, f"{PLAYER}.at === 0 && {PLAYER}.playing && {PLAYER}.leader.currentTime > 0.1")


def test_without_the_loop_it_stops_on_the_last_frame(address: str, look: Look) -> None:
    page = ready(look(address))
    screened(page)

    page.keyboard.press("r")
    go_to(page, LAST - 4)
    page.keyboard.press(" ")
    until(page, f"!{PLAYER}.playing")
    assert page.evaluate(f"{PLAYER}.at") == 2
    assert page.evaluate(f"{PLAYER}.frame") >= LAST - 1


def test_what_the_filter_hides_is_not_in_the_film(address: str, look: Look) -> None:
    page = ready(look(address))
    page.click("#bar [data-filter=review]")
    screened(page)

    assert page.locator("#screening .cuts button").count() == 2
    assert at(page)[0] == "harbour/lamp#1"
    page.keyboard.press("Escape")
    assert page.evaluate(PLAYER) is None


def test_from_the_viewer_the_film_goes_on_from_that_shot(address: str, look: Look) -> None:
    page = ready(look(address))
    page.click("#shot-2 .take >> nth=0 >> .frame")
    screened(page)

    assert at(page)[0] == "harbour/lamp#1"
    page.keyboard.press("a")  # keys of the viewer are not those of the screening
    assert not page.locator("#ask").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#viewer").is_visible()


def test_the_parts_of_a_shot_are_seen_as_one_before_they_are_picked(
    address: str, look: Look
) -> None:
    page = ready(look(address))
    page.click("#shot-1 .take >> nth=0 >> .frame")
    viewed = "Review.view.sync.leader.readyState >= 2 && !Review.view.sync.leader.seeking"
    for key in ("Shift+ArrowRight", "o", "e", "3", "Shift+ArrowRight", "i", "e"):
        until(page, viewed)
        page.keyboard.press(key)
    screened(page)

    assert page.evaluate(f"{PLAYER}.lastFrame") == 25 + 49 - 1
    assert go_to(page, 24) == ("harbour/quay#1", 24)
    assert go_to(page, 25) == ("harbour/quay#3", 48)
    assert go_to(page, 73) == ("harbour/quay#3", 96)
    go_to(page, 20)
    page.keyboard.press(" ")
    until(page, f"{PLAYER}.at === 1")
    assert page.evaluate(f"{PLAYER}.leader.currentTime") >= 2  # it began at its in point


def test_one_shot_alone_is_looped(studio: Studio, look: Look) -> None:
    studio.spec(SCENE.replace("numberResults: 4", "numberResults: 1").partition("  - id: lamp")[0])
    studio.render(film(1, frames=25))
    page = ready(look(studio.page()))
    screened(page)

    go_to(page, 20)
    page.keyboard.press(" ")
    until(page, f"{PLAYER}.playing && {PLAYER}.frame < 10")


def test_a_film_of_nothing_is_not_begun(studio: Studio, look: Look) -> None:
    page = ready(look(studio.page()))
    page.click("[aria-label^='Play the film']")
    assert page.locator("#said").inner_text() == "There is no video to play yet."
    assert not page.locator("#screening").is_visible()
