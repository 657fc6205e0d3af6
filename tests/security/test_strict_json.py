"""JSON from anyone: one meaning, bounded, and fit to be written again."""

from decimal import Decimal

import pytest

from renderer.adapters.net.lenient_json import read_json
from renderer.errors import LockfileError
from renderer.lock.codec import decode
from renderer.runware.messages import parse_answer
from renderer.strict_json import NotStrictError, read

PICTURE = "v1-" + "c" * 64


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "expecting value"),
        ('{"a": 1, "b": 2, "a": 3}', "the key 'a' is given twice"),
        ('{"\\u001b[2J": 1, "\\u001b[2J": 2}', r"the key '\^\[\[2J'"),
        ("[NaN]", "NaN is not a number"),
        ("[-Infinity]", "-Infinity is not a number"),
        ("1e400", "a number too large"),
        ("9" * 5_000, "a number too long"),
        ("9" * 50, "a number too large"),
        ('"\\ud83d"', "half a character"),
        ('{"\\udc00": 1}', "half a character"),
        ('"\udc00"', "half a character"),
        ("[" * 66 + "]" * 66, "nested too deeply"),
        ('{"a":' * 900 + "1" + "}" * 900, "nested too deeply"),
        ("[" * 200_000, "nested too deeply"),
        ("[" + "{}," * 1_000_000 + "1]", "more than 1000000 values"),
        ("[1]" + " " * 4_000_000, "larger than 4000000 bytes"),
        (b"\xff\xfe[\x001\x00]\x00", "not UTF-8 at byte 0"),
        (b'["caf\xe9"]', "not UTF-8 at byte 5"),
        ("{'a': 1}", "expecting property name"),
        ("[1] [2]", "extra data"),
    ],
)
def test_what_has_no_one_meaning_is_refused(text: str | bytes, why: str) -> None:
    with pytest.raises(NotStrictError, match=why):
        read(text, most=4_000_000)


def test_the_place_of_a_slip_is_told() -> None:
    with pytest.raises(NotStrictError) as caught:
        read('{\n "a": 1,\n "b" 2\n}', most=100)

    assert (caught.value.line, caught.value.column) == (3, 6)


def test_honest_values_are_read_as_they_are() -> None:
    text = '{"a": [1, -2.5, true, null], "\\ud83d\\ude00": "\\u00e9", "n": 9223372036854775807}'

    assert read(text, most=1000) == {"a": [1, -2.5, True, None], "😀": "é", "n": 2**63 - 1}


@pytest.mark.parametrize(
    "number", ["1e99999999999999999999", "1E-99999999999999999999", "1e400", "NaN", "9" * 5000]
)
def test_an_endless_number_in_an_answer_is_no_number_and_the_rest_counts(number: str) -> None:
    body = f'{{"data": [{{"taskUUID": "t", "videoUUID": "v", "cost": {number}, "seed": 7}}]}}'
    (item,) = parse_answer(read_json(body.encode())).items

    assert (item.task_uuid, item.cost, item.seed) == ("t", None, 7)


def test_half_a_character_in_an_answer_is_replaced_before_anything_is_kept() -> None:
    value = read_json(b'{"data": [{"mediaUUID": "a\\ud800b", "k\\udc00": 1, "cost": 0.25}]}')

    assert value == {"data": [{"mediaUUID": "a\ufffdb", "k\ufffd": 1, "cost": Decimal("0.25")}]}


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b'{"a": 1, "a": 2}',
        b"{",
        b"\xff",
        b"[" * (17 << 20),
    ],
)
def test_an_answer_that_is_no_json_is_a_value_error_that_repeats_nothing(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^[^'\"]*('[^']*')?[^'\"]*$"):
        read_json(body)


def entry(address: str = "a/b", more: str = "", fields: str = "", take: str = "") -> str:
    one = f'"fingerprint": "{PICTURE}", "sha256": "{"d" * 64}", "size": 9, "format": "mp4"{take}'
    row = f'"fingerprint": "{PICTURE}", "fields": {{{fields}}}, "takes": {{"#1": {{{one}}}}}{more}'
    return f'{{"version": 1, "lineage": "l", "tasks": {{"{address}": {{{row}}}}}}}'


def test_a_plain_entry_is_read() -> None:
    assert decode(entry(fields='"seed": 7, "model": "a:b@1"', take=', "seed": 7'), "l").entries


@pytest.mark.parametrize(
    ("text", "at"),
    [
        (entry(address="../../etc/x"), r"the address '\.\./\.\./etc/x'"),
        (entry(address="/etc/x"), "the address"),
        (entry(address="a/b\\u001b[2J"), r"the address 'a/b\^\[\[2J'"),
        (entry(address="a/b\\ud800"), "half a character"),
        (entry(address="a/b@x=://h"), "the address"),
        (entry(more=', "url": "https://h.example/v.mp4?X-Amz-Signature=1"'), "the key 'url'"),
        (entry(take=', "videoURL": "https://h.example/v?token=1"'), "the key 'videoURL'"),
        (entry(take=', "path": "../../x"'), "the key 'path'"),
        (entry(take=', "seed": -1'), "size.*seed"),
        (entry(take=f', "seed": {"9" * 40}'), "size.*seed"),
        (entry(take=', "seed": 1e400'), "size.*seed"),
        (entry(take=', "draftId": "https://h"'), "draftId"),
        (entry(fields='"a": "https://h.example/?sig=1"'), "fields"),
        (entry(fields='"a": "x\\u003a//h"'), "fields"),
        (entry(fields='"a": ":\\/\\/h"'), "fields"),
        (entry(fields='"a": {"b": 1}'), "fields"),
        (entry(fields='"a": [1]'), "fields"),
        (entry(fields='"a": "b\\u001b[2J"'), "fields"),
        (entry().replace('"#1"', '"#01"'), "a take is named"),
    ],
)
def test_a_lockfile_of_a_stranger_brings_nothing_in(text: str, at: str) -> None:
    with pytest.raises(LockfileError, match=at):
        decode(text, "renderer.lock")
