"""The page of a project with several deliverables: one film is looked at, and all are kept apart."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from renderer.app.review.picks import read_picks
from renderer.catalog.catalog import Catalog
from renderer.cli.main import run
from renderer.expand.deliverable import words as film_name
from tests.review.conftest import TOKEN, Look, Serve, Studio, ready, until

FILMS = """\
version: 1
scene: harbour
title: Harbour at Dusk
settings:
  model: bytedance:seedance@1.5-pro
  resolution: 480p
  duration: 4
  seed: 7
  providerSettings: {bytedance: {audio: false}}
shots:
  - id: quay
    title: The ferry ties up
    prompt: Blue hour. A ferry ties up at the quay; a sign says "{{ locale }}".
    matrix: {locale: [de, en], aspect: ["16:9", "9:16"], seed: [7, 8]}
  - id: lamp
    title: A lamp is lit
    prompt: The keeper in a yellow coat lights a lamp.
    matrix: {aspect: ["16:9", "9:16"], seed: [7, 8]}
  - id: card
    title: A card
    prompt: White letters on black.
    aspect: "16:9"
  - id: gull
    title: A gull leaves
    prompt: A gull leaves the mast.
    matrix:
      locale: [de, en]
      aspect: ["16:9", "9:16"]
      exclude: [{locale: en, aspect: "9:16"}]
"""
WIDE_DE, TALL_DE, WIDE_EN, TALL_EN = (
    f"aspect={aspect},locale={locale}" for locale in ("de", "en") for aspect in ("16:9", "9:16")
)


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, films: dict[int, bytes]
) -> Studio:
    """Return four films, all rendered and none picked; it is only copied and looked at."""
    studio = Studio(root=tmp_path_factory.mktemp("night"), catalog=catalog, films=films)
    studio.spec(FILMS)
    studio.render()
    studio.page()
    return studio


@pytest.fixture
def own(made: Studio, tmp_path: Path) -> Studio:
    root = shutil.copytree(made.root, tmp_path / "project", symlinks=True)
    return replace(made, root=root)


@pytest.fixture
def address(made: Studio) -> str:
    return (made.root / "review" / "index.html").as_uri()


def turned(page: Any, film: str) -> None:
    page.select_option("#films", film)
    assert page.evaluate("Review.state.film") == film


def shots(page: Any) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        ".shot:not([hidden])", "cards => cards.map(card => card.dataset.shot)"
    )
    return found


def takes(page: Any) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        ".take", "tiles => tiles.map(tile => tile.dataset.name)"
    )
    return found


def choose(page: Any, shot: int, take: int = 0, why: str = "it holds") -> None:
    page.click(f"#shot-{shot} .take >> nth={take} >> text=Pick")
    page.keyboard.type(why)
    page.keyboard.press("Enter")


def test_a_film_shows_its_own_shots_and_takes_and_no_others(address: str, look: Look) -> None:
    window = look(address)
    page = ready(window)

    assert page.locator("#films option").count() == 4
    assert page.evaluate("Review.state.film") == WIDE_DE
    for film in (TALL_DE, WIDE_EN, TALL_EN, WIDE_DE):
        turned(page, film)
        aspect, locale = (word.partition("=")[2] for word in film.split(","))
        expected = [f"harbour/quay@{film}", f"harbour/lamp@aspect={aspect}", "harbour/card"]
        gull = [] if film == TALL_EN else [f"harbour/gull@{film}"]
        assert shots(page) == expected + gull
        assert page.locator("#reel .reel").count() == len(expected + gull)
        quay = [f"harbour/quay@{film},seed={seed}#1" for seed in (7, 8)]
        lamp = [f"harbour/lamp@aspect={aspect},seed={seed}#1" for seed in (7, 8)]
        assert takes(page) == [*quay, *lamp, "harbour/card#1", *(f"{one}#1" for one in gull)]
        assert locale in page.locator("#shot-1 .path").inner_text()
        assert f"0 of {len(expected + gull)} shots" in page.locator(".totals").inner_text()
    assert (window.wrong, window.foreign) == ([], [])


def test_where_a_film_lacks_a_shot_the_page_says_so_and_leads_to_those_that_have_it(
    address: str, look: Look
) -> None:
    page = ready(look(address))
    assert page.locator(".lacking").count() == 0
    turned(page, TALL_EN)

    card = page.locator(".lacking")
    assert "A gull leaves" in card.inner_text()
    assert "Not in 9:16 · en: its matrix leaves it out" in card.inner_text()
    assert "1 shot not in it" in page.locator(".totals").inner_text()
    page.fill("#bar input[type=search]", "yellow coat")
    assert not card.is_visible()
    page.fill("#bar input[type=search]", "")
    card.get_by_role("link", name="9:16 · de").click()
    until(page, f"Review.state.film === '{TALL_DE}'")
    until(
        page,
        f"document.activeElement.closest('.shot')?.dataset.shot === 'harbour/gull@{TALL_DE}'",
    )


def test_play_follows_the_film_and_never_mixes_shapes_of_one_shot(
    address: str, look: Look
) -> None:
    page = ready(look(address))
    turned(page, TALL_DE)
    page.keyboard.press("p")
    page.keyboard.press("k")

    played = page.evaluate("Review.screening.sync.pieces.map(piece => piece.take.name)")
    assert played == [
        f"harbour/quay@{TALL_DE},seed=7#1",
        "harbour/lamp@aspect=9:16,seed=7#1",
        "harbour/card#1",
        f"harbour/gull@{TALL_DE}#1",
    ]
    assert page.locator("#screening h2").inner_text().endswith(", 9:16 · de")
    page.keyboard.press("Escape")
    turned(page, TALL_EN)
    page.keyboard.press("p")
    assert page.evaluate("Review.screening.sync.pieces.length") == 3


def test_a_choice_counts_in_the_films_that_have_its_shot(address: str, look: Look) -> None:
    page = ready(look(address, accept_downloads=True))
    choose(page, 1)  # the quay, in this film alone
    choose(page, 2)  # the lamp, in both films of this aspect
    choose(page, 3)  # the card, in all

    def counted(film: str) -> str:
        words = page.locator(f"#films option[value='{film}']").inner_text()
        found: str = words.partition(" – ")[2]
        return found

    expected = {WIDE_DE: "3 of 4", TALL_DE: "1 of 4", WIDE_EN: "2 of 4", TALL_EN: "1 of 3"}
    assert {film: counted(film) for film in expected} == {
        film: f"{words} picked" for film, words in expected.items()
    }
    for film, words in expected.items():
        turned(page, film)
        assert words in page.locator(".totals").inner_text()
        label = page.locator("#bar .meter").last.get_attribute("aria-label")
        assert label.startswith(f"{words[0]} chosen")
    assert page.locator("#shot-3 .badges").inner_text().startswith("✓")
    assert "In all deliverables" in page.locator("#shot-3 .whose").inner_text()
    assert "In 2 deliverables" in page.locator("#shot-2 .whose").inner_text()
    assert page.locator("#shot-1 .whose").count() == 0


def test_choices_of_several_films_are_saved_together_and_applied(
    own: Studio, look: Look, tmp_path: Path
) -> None:
    window = look((own.root / "review" / "index.html").as_uri(), accept_downloads=True)
    page = ready(window)
    choose(page, 1, 1, "german, wide")
    turned(page, TALL_EN)
    choose(page, 1, 0, "english, tall")
    choose(page, 3, 0, "everywhere")
    page.reload()
    ready(window)
    assert page.evaluate("Review.state.film") == TALL_EN  # the address line has it
    with page.expect_download() as download:
        page.click("text=Save 3 choices")
    kept = tmp_path / "choices.json"
    download.value.save_as(kept)

    assert json.loads(kept.read_text())["version"] == 2
    assert run(["-C", str(own.root), "pick", "--from", str(kept)]) == 0
    picks = read_picks(own.files).by_slot
    assert {slot: (pick.why, pick.parts[0].take) for slot, pick in picks.items()} == {
        f"harbour/quay@{WIDE_DE}": ("german, wide", f"harbour/quay@{WIDE_DE},seed=8#1"),
        f"harbour/quay@{TALL_EN}": ("english, tall", f"harbour/quay@{TALL_EN},seed=7#1"),
        "harbour/card": ("everywhere", "harbour/card#1"),
    }
    assert "version: 2" in (own.root / "picks.yaml").read_text()
    own.page()
    page.reload()  # what is written is no choice of this browser any more
    ready(window)
    assert page.locator(".saving button").count() == 0
    assert "2 of 3 shots" in page.locator(".totals").inner_text()
    assert window.wrong == []


def test_choices_of_one_film_alone_keep_the_old_form_of_the_file(address: str, look: Look) -> None:
    page = ready(look(address))
    choose(page, 3)
    assert json.loads(page.evaluate("Review.asFile()"))["version"] == 1


def test_links_lead_to_another_films_shots_and_takes(address: str, look: Look) -> None:
    page = ready(look(f"{address}#/harbour/quay@{TALL_EN},seed=8/1"))
    assert page.evaluate("Review.state.film") == TALL_EN
    assert page.locator("#viewer .titles .path").inner_text() == f"harbour/quay@{TALL_EN}"
    assert page.locator("#viewer figcaption").first.inner_text().split() == ["#1", "seed", "7"]

    page.evaluate(f"location.hash = '#/harbour/gull@{WIDE_EN}/1'")  # over an open viewer
    until(page, f"Review.state.film === '{WIDE_EN}'")
    until(page, "document.querySelector('#viewer .path')?.textContent.startsWith('harbour/gull@')")
    page.keyboard.press("Escape")
    page.evaluate(f"location.hash = '#/harbour/quay@{TALL_DE}'")
    until(page, f"Review.state.film === '{TALL_DE}'")
    page.evaluate("location.hash = '#/harbour/gull'")  # as it was before there were films
    until(
        page,
        f"document.activeElement.closest('.shot')?.dataset.shot === 'harbour/gull@{TALL_DE}'",
    )


def test_the_address_line_names_the_film_wherever_the_shot_does_not(
    address: str, look: Look
) -> None:
    window = look(address)
    page = ready(window)
    turned(page, WIDE_EN)
    assert page.evaluate("location.hash") == f"#/&film={WIDE_EN}"
    page.click("#shot-3 .take .frame")
    link = page.evaluate("location.href")
    assert link.endswith(f"#/harbour/card/1&film={WIDE_EN}")
    page.keyboard.press("Escape")
    assert page.evaluate("location.hash") == f"#/harbour/card&film={WIDE_EN}"
    page.click("#shot-1 .take >> nth=0 >> .frame")
    page.keyboard.press("Escape")
    assert page.evaluate("location.hash") == f"#/harbour/quay@{WIDE_EN}"

    colleague = ready(look(link))
    assert colleague.evaluate("Review.state.film") == WIDE_EN
    assert colleague.locator("#viewer .titles .path").inner_text() == "harbour/card"
    lost = ready(look(f"{address}#/harbour/card&film=locale=fr"))
    assert "There is no deliverable locale=fr" in lost.locator("#said").inner_text()
    assert lost.evaluate("Review.state.film") == WIDE_DE


def test_the_switch_is_reached_and_turned_by_keyboard(address: str, look: Look) -> None:
    page = ready(look(address))
    switch = page.get_by_role("combobox", name="Deliverable")
    switch.focus()
    page.keyboard.press("ArrowDown")
    until(page, f"Review.state.film === '{TALL_DE}'")
    assert page.evaluate("document.activeElement.id") == "films"
    turned(page, WIDE_DE)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("d")
    assert page.evaluate("Review.state.film") == TALL_DE
    page.keyboard.press("Shift+D")
    page.keyboard.press("Shift+D")
    assert page.evaluate("Review.state.film") == TALL_EN
    assert page.locator("#films").input_value() == TALL_EN


@pytest.mark.parametrize("width", [390, 1280])
def test_a_shot_that_a_link_leads_to_lies_below_the_bar(
    address: str, look: Look, width: int
) -> None:
    page = ready(look(f"{address}#/harbour/lamp@aspect=9:16&film={TALL_EN}", width=width))
    card, bar = "document.getElementById('shot-2')", "document.getElementById('bar')"
    apart = f"{card}.getBoundingClientRect().top - {bar}.getBoundingClientRect().bottom"
    until(page, f"Math.abs({apart} - 14) < 12")
    page.wait_for_timeout(300)
    assert 0 <= page.evaluate(apart) < 30
    turned(page, TALL_DE)  # the shot that is looked at stays
    until(page, f"Math.abs({apart} - 14) < 12")


def test_tasks_of_a_shot_are_told_apart_by_what_is_not_the_films(address: str, look: Look) -> None:
    page = ready(look(address))

    assert page.locator("#shot-1 .cell").all_inner_texts() == ["seed 7", "seed 8"]
    assert page.locator("#shot-1 .tabs .tab").all_inner_texts() == ["7", "8"]
    assert page.locator("#shot-4 .cell").count() == 0


def test_a_take_that_two_films_share_says_so(address: str, look: Look) -> None:
    page = ready(look(address))

    assert page.locator("#shot-4 .shared").inner_text() == "shared with en"
    assert page.locator(".shared").count() == 1
    turned(page, WIDE_EN)
    assert page.locator("#shot-4 .shared").inner_text() == "shared with de"
    turned(page, TALL_DE)
    assert page.locator(".shared").count() == 0


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_no_picture_is_stretched_or_cut(address: str, look: Look, width: int, scheme: str) -> None:
    page = ready(look(address, width=width, color_scheme=scheme, reduced_motion="reduce"))
    for film in (WIDE_DE, TALL_DE):
        turned(page, film)
        page.evaluate("for (const one of document.images) one.loading = 'eager'")
        until(page, "[...document.images].every(one => one.complete && one.naturalWidth)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        boxes = page.evaluate(
            """[...document.querySelectorAll('.take .picture')].map(one => {
              const box = one.getBoundingClientRect(), image = one.querySelector('img');
              return [box.width / box.height, image.naturalWidth / image.naturalHeight, box.height];
            })"""
        )
        assert len(boxes) == 6
        for shown, true, height in boxes:
            assert shown == pytest.approx(true, rel=0.03)
            assert 90 < height < 430
        switch = page.locator("#films").bounding_box()
        assert switch["x"] >= 0
        assert switch["x"] + switch["width"] <= width
        reel = page.evaluate("getComputedStyle(document.querySelector('#reel-1 img')).objectFit")
        assert reel == "contain"


def test_a_pick_on_one_film_is_written_for_it_alone_and_taken_back(
    own: Studio, serve: Serve, look: Look
) -> None:
    window = look(f"{serve(own)}/#{TOKEN}", width=390)
    page = ready(window)
    turned(page, TALL_DE)
    choose(page, 1, 1, "the tall one")
    page.wait_for_selector("#shot-1 .take[data-picked=yes]")

    picks = read_picks(own.files).by_slot
    assert list(picks) == [f"harbour/quay@{TALL_DE}"]
    assert picks[f"harbour/quay@{TALL_DE}"].parts[0].take == f"harbour/quay@{TALL_DE},seed=8#1"
    text = (own.root / "picks.yaml").read_text()
    assert "version: 2" in text
    assert f'"harbour/quay@{TALL_DE}":' in text
    assert page.evaluate("Review.state.film") == TALL_DE
    turned(page, WIDE_DE)
    assert page.locator(".take[data-picked=yes]").count() == 0
    choose(page, 1, 0, "the wide one")
    page.wait_for_selector("#shot-1 .take[data-picked=yes]")
    page.click("text=Take back")
    page.wait_for_selector("#shot-1 .take[data-picked=yes]", state="detached")
    assert list(read_picks(own.files).by_slot) == [f"harbour/quay@{TALL_DE}"]
    assert (window.wrong, window.foreign) == ([], [])


def test_a_page_that_is_served_keeps_its_film_and_shows_picks_made_elsewhere(
    own: Studio, serve: Serve, look: Look
) -> None:
    page = ready(look(f"{serve(own)}/#{TOKEN}"))
    turned(page, TALL_EN)
    page.focus("#films")
    own.pick(f"harbour/quay@{TALL_EN},seed=8#1", why="at the desk")
    own.pick("harbour/card#1", why="for all")
    page.wait_for_selector("#shot-1 .take[data-picked=yes]")
    until(page, "document.querySelector('#shot-3 .pickline')?.innerText.includes('for all')")

    assert page.evaluate("Review.state.film") == TALL_EN
    assert page.locator("#films").input_value() == TALL_EN
    assert page.evaluate("document.activeElement.id") == "films"
    assert "2 of 3" in page.locator(f"#films option[value='{TALL_EN}']").inner_text()
    german = FILMS.replace("locale: [de, en]", "locale: [de]").partition("      exclude:")[0]
    own.spec(german)
    until(page, f"Review.state.film === '{WIDE_DE}'")
    assert f"There is no deliverable {TALL_EN} any more" in page.locator("#said").inner_text()
    strays = page.locator(".strays").inner_text()
    assert f"no film has harbour/quay@{TALL_EN} any more" in strays
    assert page.locator("#films option").count() == 2


def test_an_old_page_is_answered_for_the_slot_that_changed_and_for_no_other(
    own: Studio, serve: Serve, look: Look
) -> None:
    page = ready(look(f"{serve(own)}/#{TOKEN}"))
    own.pick(f"harbour/quay@{WIDE_DE},seed=8#1", why="at the desk")
    answers = page.evaluate(
        """async ([changed, other]) => {
          const body = (name) => {
            const shot = Review.state.every.find(one => one.shot === name);
            const { name: take, sha256, fingerprint } = shot.takes[0];
            const parts = [{ take, sha256, fingerprint, in: "", out: "" }];
            return JSON.stringify({ shot: name, why: "x", parts, seen: null });
          };
          const post = async (name) => (await fetch("pick", {
            method: "POST", credentials: "same-origin",
            headers: { "Content-Type": "application/json" }, body: body(name),
          })).status;
          return [await post(changed), await post(other)];
        }""",
        [f"harbour/quay@{film}" for film in (WIDE_DE, TALL_DE)],
    )
    assert answers == [409, 200]
    found = {slot: pick.why for slot, pick in read_picks(own.files).by_slot.items()}
    assert found == {f"harbour/quay@{WIDE_DE}": "at the desk", f"harbour/quay@{TALL_DE}": "x"}


def test_a_project_of_one_film_has_no_switch(studio: Studio, look: Look) -> None:
    page = ready(look(studio.page()))
    assert page.locator("#films").count() == 0
    assert not page.locator(".deliverable").is_visible()
    page.keyboard.press("d")
    assert page.evaluate("location.hash") == ""


def test_a_pick_whose_place_has_another_is_shown_as_a_stray(own: Studio, look: Look) -> None:
    own.pick(f"harbour/quay@{WIDE_DE},seed=8#1", why="the newer one")
    entry = (own.root / "picks.yaml").read_text().partition("picks:\n")[2]
    lines = entry.replace(f'"harbour/quay@{WIDE_DE}":', "harbour/quay:")
    older = lines.replace("the newer one", "before there were films")
    (own.root / "picks.yaml").write_text(f"version: 2\npicks:\n{older}\n{entry}")
    page = ready(look(own.page()))

    assert "the newer one" in page.locator("#shot-1 .pickline").inner_text()
    strays = page.locator(".strays p")
    assert strays.count() == 1
    assert f"harbour/quay@{WIDE_DE} has another pick" in strays.inner_text()
    assert "before there were films" in strays.inner_text()


def test_a_pick_from_before_there_were_films_is_that_of_its_takes_film(
    own: Studio, look: Look
) -> None:
    own.pick(f"harbour/quay@{TALL_EN},seed=8#1", why="long ago")
    text = (own.root / "picks.yaml").read_text()
    old = text.replace(f'"harbour/quay@{TALL_EN}":', "harbour/quay:")
    (own.root / "picks.yaml").write_text(old.replace("version: 2", "version: 1"))
    page = ready(look(own.page()))

    assert page.locator(".pickline, .strays").count() == 0
    turned(page, TALL_EN)
    assert "long ago" in page.locator("#shot-1 .pickline").inner_text()


def test_any_text_may_be_the_value_of_an_axis(studio: Studio, look: Look) -> None:
    names = ['a&b=c,d "so"', "<b>é #1</b> 50 %", "1"]
    values = json.dumps(names, ensure_ascii=False)
    studio.spec(
        FILMS.partition("shots:")[0]
        + "shots:\n  - id: sign\n    title: A sign\n    prompt: A sign says '{{ locale }}'.\n"
        + f"    matrix: {{locale: {values}}}\n"
        + "  - id: card\n    title: A card\n    prompt: White on black.\n"
    )
    studio.render()
    window = look(studio.page())
    page = ready(window)

    labels = page.locator("#films option").all_inner_texts()
    assert [label.partition(" – ")[0] for label in labels] == [*names[:2], "locale 1"]
    for at, name in enumerate(names):
        film = film_name({"locale": name})
        turned(page, film)
        (sign,) = (one for one in shots(page) if "sign" in one)
        page.click("#shot-2 .take .frame")
        link = page.evaluate("location.href")
        page.keyboard.press("Escape")
        again = ready(look(link))
        assert again.evaluate("Review.state.film") == film, link
        assert again.locator("#viewer .path").inner_text() == "harbour/card"
        assert again.evaluate("Review.state.shots[0].shot") == sign
        choose(page, 1, 0, f"sign {at}")
    assert page.locator("b b").count() == 0
    kept = studio.root / "choices.json"
    kept.write_text(page.evaluate("Review.asFile()"))
    assert run(["-C", str(studio.root), "pick", "--from", str(kept)]) == 0
    assert len(read_picks(studio.files).by_slot) == len(names)
    assert window.wrong == []
