"""The page's one HTML file: a frame for the scripts, and the data as an island of JSON."""

import html
import json
from collections.abc import Mapping, Sequence

# Nothing is loaded from elsewhere, nothing inline runs, nothing makes HTML out of text. Some
# browsers do not count `file:` as the page's own.
POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file:; "
    "media-src 'self' file: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def island(data: Mapping[str, object]) -> str:
    """Write data as JSON that is safe inside a script element whatever its texts are."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def index(data: Mapping[str, object], scripts: Sequence[str], styles: Sequence[str]) -> str:
    """Return index.html; `scripts` and `styles` are paths relative to it, in their order."""
    return _document(
        title=f"{data['title']} · review",
        head=[
            *(f'<link rel="stylesheet" href="{_quoted(name)}">' for name in styles),
            *(f'<script defer src="{_quoted(name)}"></script>' for name in scripts),
        ],
        body=[
            f'<script type="application/json" id="data">{island(data)}</script>',
            '<div id="page"><p class="loading">Laying out the contact sheet …</p></div>',
            "<noscript><p>This page needs JavaScript: it plays and compares takes.</p></noscript>",
        ],
    )


def door(script: str, styles: Sequence[str]) -> str:
    """Return the page that takes the token out of the address and lets its owner in."""
    return _document(
        title="Review",
        head=[
            *(f'<link rel="stylesheet" href="{_quoted(name)}">' for name in styles),
            f'<script defer src="{_quoted(script)}"></script>',
        ],
        body=['<div id="page"><p class="loading">Opening the review …</p></div>'],
    )


def broken(problems: Sequence[str], styles: Sequence[str]) -> str:
    """Return the page of a project that cannot be shown; it asks again until it can."""
    return _document(
        title="Review",
        head=[
            '<meta http-equiv="refresh" content="2">',
            *(f'<link rel="stylesheet" href="{_quoted(name)}">' for name in styles),
        ],
        body=[
            '<main class="loading"><p>Nothing to show until this is fixed:</p>',
            *(f"<p>{html.escape(problem)}</p>" for problem in problems),
            "</main>",
        ],
    )


def _document(title: str, head: Sequence[str], body: Sequence[str]) -> str:
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="color-scheme" content="dark light">',
        f"<title>{html.escape(title)}</title>",
        *head,
        "</head>",
        "<body>",
        *body,
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return html.escape(text, quote=True)
