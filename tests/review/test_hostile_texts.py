"""Texts that would like to be more than texts, in every field of the page."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from renderer.app.review.page_data import Reviewer
from renderer.app.review.static_page import page as html_of
from renderer.catalog.catalog import Catalog
from renderer.review.data import as_data
from renderer.review.html import island
from renderer.review.model import Words
from tests.review.conftest import Look, Studio, ready

HOSTILE = (
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "<!--<script>window.pwned=1</script>",
    '"><img src=x onerror="window.pwned=1">',
    "'><svg onload=window.pwned=1>",
    "<img src=x onerror=fetch('/pick')>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'>",
    "<a href=javascript:window.pwned=1>x</a>",
    "javascript:window.pwned=1",
    "data:text/html,<script>window.pwned=1</script>",
    "</textarea><script>window.pwned=1</script>",
    "</title><script>window.pwned=1</script>",
    "</style><style>*{display:none}</style>",
    "]]><script>window.pwned=1</script>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "\\u003cscript\\u003ewindow.pwned=1\\u003c/script\\u003e",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "<base href=https://example.com/>",
    "<meta http-equiv=refresh content='0;url=https://example.com'>",
    "<link rel=stylesheet href=https://example.com/x.css>",
    "<object data=https://example.com/x>",
    "<form action=https://example.com><button>go</button></form>",
    "<video src=https://example.com/v.mp4 autoplay>",
    "`${window.pwned=1}`",
    "__proto__",
    "constructor",
    "\u2028window.pwned=1\u2029",
    "\u202egnp.exe",
    "a\u200bb\u0000c\u001b[31m",
    "\ud83d",
    "' onmouseover='window.pwned=1' style='background:url(https://example.com/x)",
    "x" * 5000,
)


def hostile(value: Any, text: str) -> Any:
    """Put a text into every field that holds words, and leave what the program itself makes."""
    own = {
        *("sha256", "fingerprint", "video", "poster", "strip", "state", "low", "high", "currency"),
        *("cost", "spent", "action", "kind", "size", "estimate"),
    }
    if isinstance(value, dict):
        return {
            key: inner if key in own and isinstance(inner, str) else hostile(inner, text)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [hostile(inner, text) for inner in value]
    return text if isinstance(value, str) else value


@pytest.fixture(scope="module")
def board(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, films: dict[int, bytes]
) -> tuple[Path, Reviewer]:
    studio = Studio(root=tmp_path_factory.mktemp("hostile"), catalog=catalog, films=films)
    studio.spec()
    studio.render(studio.film(0))
    studio.pick("harbour/lamp#1")
    studio.page()
    return studio.root / "review", studio.reviewer()


def test_thirty_hostile_texts_in_every_field_run_nothing(
    board: tuple[Path, Reviewer], look: Look
) -> None:
    folder, reviewer = board
    plain = reviewer.data()
    page_file = folder / "index.html"
    page_file.write_text(html_of(plain), "utf-8")
    window = look(page_file.as_uri())
    page = ready(window)
    elements = page.evaluate("document.querySelectorAll('body *').length")

    for text in HOSTILE:
        data = hostile(plain, text)
        page.evaluate(
            """text => {
              Review.load(JSON.parse(text));
              Review.drawSheet(document.getElementById("sheet"));
              Review.drawBar();
              Review.drawReel();
              Review.open(Review.state.shots[0], Review.state.shots[0].takes.slice(0, 1));
              Review.choose([{ take: [...Review.state.takes.values()].find(t => t.current) }]);
              document.getElementById("ask").close();
              Review.shut();
            }""",
            json.dumps(data),
        )
        strange = page.evaluate(
            "document.querySelectorAll('iframe, object, form, base, svg[onload], [onerror],"
            ' [onmouseover], a[href]:not([href^="#"])\').length'
        )
        assert page.evaluate("window.pwned") is None, text
        assert strange - page.evaluate("document.querySelectorAll('#ask form').length") == 0, text
    assert page.evaluate("document.querySelectorAll('body *').length") < elements * 3
    assert window.foreign == []
    assert window.wrong == []


@pytest.mark.parametrize("at", range(0, len(HOSTILE), 16))
def test_a_hostile_text_in_the_file_itself_runs_nothing(
    board: tuple[Path, Reviewer], look: Look, at: int
) -> None:
    folder, reviewer = board
    texts = HOSTILE[at : at + 16]
    whole = reviewer.board()
    shots = [verdict.slot for verdict in whole.verdicts]
    words = {shot: Words(title=" ".join(texts), notes="".join(texts)) for shot in shots}
    seen = {key: replace(one, flags=texts, note=texts[0]) for key, one in whole.looks.items()}
    told = replace(
        whole,
        title="".join(texts),
        words={**words, "harbour": Words(title=texts[0], notes=texts[-1])},
        looks=seen,
        tasks=tuple(
            replace(task, request={**task.request, "positivePrompt": "\n".join(texts)})
            for task in whole.tasks
        ),
        troubles={task.address: texts[1] for task in whole.tasks},
    )
    file = folder / "index.html"
    file.write_text(html_of(as_data(told)), "utf-8")

    window = look(file.as_uri())
    page = ready(window)

    assert page.evaluate("window.pwned") is None
    assert page.locator("#shot-1 .prompt").inner_text() != ""
    assert (window.wrong, window.foreign) == ([], [])


def test_the_island_ends_where_it_should_and_hides_nothing() -> None:
    for text in HOSTILE:
        if text == "\ud83d":
            continue
        written = island({"a": text})
        assert "<" not in written
        assert ">" not in written
        assert json.loads(written) == {"a": text}


def test_characters_that_hide_or_turn_text_are_shown(board: tuple[Path, Reviewer]) -> None:
    shown = as_data(replace(board[1].board(), title="a\u202eb\u200bc\x1b\ud83d"))

    assert shown["title"] == "a<U+202E>b<U+200B>c^[<U+D83D>"
