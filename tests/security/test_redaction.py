"""What may hold a credential is covered in what others say, however they spell it."""

import html
import json
import string
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.adapters.net.redact import Redactor
from renderer.cli.main import _redacted

KEY = "rw-CANARY-KEY"
HOOK = "https://me:pa%2Fss-CANARY@hooks.example/services/T0/abcCANARYdefghij?token=CANARY%201&x=2"
PUT = "https://files.example/take.mp4?X-Amz-Signature=0123CANARY&X-Amz-Credential=AK/CANARY/eu"
PIECES = [
    *(KEY, HOOK, PUT, "me:pa%2Fss-CANARY", "pa%2Fss-CANARY", "pa/ss-CANARY", "abcCANARYdefghij"),
    *("CANARY%201", "CANARY 1", "CANARY+1", "0123CANARY", "AK/CANARY/eu", "token=CANARY%201"),
]
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "quoted": lambda text: quote(text, safe=""),
    "quoted in part": quote,
    "quoted with plus": quote_plus,
    "quoted in small letters": lambda text: quote(text, safe="").replace("%2F", "%2f"),
    "quoted twice": lambda text: quote(quote(text, safe=""), safe=""),
    "as JSON": lambda text: json.dumps(text)[1:-1],
    "as JSON with slashes": lambda text: text.replace("/", "\\/"),
    "as HTML": html.escape,
    "in capitals": str.upper,
}


def redactor() -> Redactor:
    made = Redactor(KEY)
    made.learn(
        [{"taskType": "videoInference", "webhookURL": HOOK, "more": [{"uploadEndpoint": PUT}]}]
    )
    return made


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("piece", PIECES)
def test_every_part_of_a_known_address_is_covered_in_every_spelling(
    piece: str, spelling: str
) -> None:
    text = f"cannot deliver to '{SPELLINGS[spelling](piece)}', sorry"
    hidden = redactor().hide(text)
    assert "CANARY" not in hidden.upper()
    assert hidden.startswith("cannot deliver to '")


@pytest.mark.parametrize("piece", [KEY, *PIECES[3:-1]])
def test_what_was_cut_off_in_the_middle_of_a_secret_shows_no_beginning_of_it(piece: str) -> None:
    shown = redactor()
    for size in range(8, len(piece)):
        hidden = shown.hide(f"no: {piece[:size]}")
        assert piece[:size] not in hidden


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://user:p@x.example:8443/a/b?c#d now", "see https://x.example:8443/*** now"),
        ("see https://runware.ai/docs.", "see https://runware.ai/***"),
        ("see https://runware.ai.", "see https://runware.ai."),
        ("(https://h.example/)", "(https://h.example/)"),
        ("at https%3A%2F%2Fh.example%2Fsecret", "at https://***"),
        ("at https%253a%252f%252fh.example%252fsecret", "at https://***"),
        (r"at https:\/\/h.example\/secret", "at https://***"),
        (r"at https:\u002f\u002fh.example\u002fsecret", "at https://***"),
        ("at 1https://h.example/secret", "at 1https://h.example/***"),
        ("at https://user:pass/word@h.example/", "at https://***"),
        ("at https://[::1]:80/secret", "at https://***"),
        ("at s3://bucket/secret", "at s3://bucket/***"),
        ("no address: a // b, c:/d", "no address: a // b, c:/d"),
    ],
)
def test_of_an_address_that_nobody_knows_only_the_host_is_left(text: str, shown: str) -> None:
    assert Redactor().hide(text) == shown


@given(
    st.text(
        string.ascii_letters + string.digits + "-_.~!$&'()*+,;=:@%/?", min_size=6, max_size=40
    ),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_no_key_is_left_in_any_text(key: str, before: str, after: str) -> None:
    assert key not in Redactor(key).hide(before + key + after)


@pytest.mark.parametrize("text", ["", "plain words", "insufficientCredits: top up", "50 % of 3/4"])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert redactor().hide(text) == text


def test_a_traceback_shows_no_user_of_an_address() -> None:
    assert _redacted("at https://me:CANARY@h.example/x, not a@b") == (
        "at https://***@h.example/x, not a@b"
    )
