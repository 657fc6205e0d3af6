import pytest
import yaml

from renderer.errors import InputError
from renderer.spec.reader import Document, read
from tests.harness.inside import inside


def told(text: str | bytes) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text, "s.yaml")
    return [str(problem) for problem in caught.value.problems]


HONEST = """\
# yaml-language-server: $schema=../schemas/scene.schema.json
version: 1
scene: pier
title: "Fog at the pier: part 1"
settings: &defaults
  model: bytedance:seedance@1.5-pro
  duration: 8
  providerSettings: {bytedance: {audio: true, cameraFixed: false}}
vars:
  look: grey, quiet — "late" autumn
  count: 12
  share: 0.25
  below: -3.5
  nothing: null
  empty: ''
  list: [a, b, 3]
matrix:
  seed: [1, 2]
shots:
  - id: gulls   # they come first
    prompt: |
      {{ look }}. Gulls rise: one, two, three.

      # this is text, not a comment
    settings:
      <<: *defaults
      duration: 5
  - id: horn
    prompt: >-
      A fog horn,
      far away.
    skip: false
  - {id: rope, prompt: 'it''s wet', settings: *defaults}
"""


def test_an_honest_file_has_the_values_that_pyyaml_gives() -> None:
    assert read(HONEST, "s.yaml").value == yaml.load(HONEST, Loader=yaml.CSafeLoader)


def test_a_merge_key_gives_way_to_what_stands_beside_it() -> None:
    shots = inside(read(HONEST, "s.yaml").value, "shots")
    assert shots[0]["settings"]["duration"] == 5
    assert shots[0]["settings"]["model"] == "bytedance:seedance@1.5-pro"


def test_of_several_merged_mappings_the_first_wins() -> None:
    text = "a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc: {<<: [*a, *b], z: 4}\n"
    assert inside(read(text, "s.yaml").value, "c") == {"x": 1, "y": 3, "z": 4}


def test_a_quoted_merge_sign_is_a_plain_key() -> None:
    assert read("'<<': 1\n", "s.yaml").value == {"<<": 1}


def test_what_an_alias_gives_can_be_changed_without_changing_its_source() -> None:
    value = read("a: &a {x: [1]}\nb: *a\n", "s.yaml").value
    inside(value, "b", "x").append(2)
    assert inside(value, "a") == {"x": [1]}


def test_keys_are_always_text() -> None:
    text = "on: 1\n2: x\nnull: y\n~: z\n"
    assert read(text, "s.yaml").value == {"on": 1, "2": "x", "null": "y", "~": "z"}


def test_windows_line_ends_read_as_unix_ones_in_block_texts_too() -> None:
    assert read(HONEST.replace("\n", "\r\n"), "s.yaml").value == read(HONEST, "s.yaml").value


def test_a_byte_order_mark_is_dropped() -> None:
    assert read(b"\xef\xbb\xbfshots: []\n", "s.yaml").value == {"shots": []}


def test_a_yaml_directive_and_an_end_mark_are_fine() -> None:
    assert read("%YAML 1.2\n---\na: 1\n...\n", "s.yaml").value == {"a": 1}


def test_emoji_and_joined_scripts_are_text() -> None:
    text = "a: 👩‍🚀 می‌خواهم 🏳️‍🌈\n"
    assert inside(read(text, "s.yaml").value, "a").startswith("👩")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "\ufeff"])
def test_an_empty_file_is_said_to_be_empty(text: str) -> None:
    assert told(text) == ["s.yaml: the file is empty; write a scene, or delete the file"]


def test_a_key_given_twice_is_told_at_its_second_place() -> None:
    text = "look: a\nshots: []\nlook: b\n"
    assert told(text) == [
        "s.yaml:3:1: 'look' is given twice, first at line 1; keep one of the two"
    ]


def test_all_problems_of_a_file_are_told_at_once_in_its_order() -> None:
    text = "a: 1:30\na: yes\nb: !x y\nc: *nowhere\nd: neon #1\ne: [f: g\n"
    assert [line.split(": ")[0] for line in told(text)] == [
        "s.yaml:1:4",
        "s.yaml:2:1",
        "s.yaml:2:4",
        "s.yaml:3:4",
        "s.yaml:4:4",
        "s.yaml:5:4",
        "s.yaml:6:4",
    ]


def test_text_after_a_touching_hash_is_never_lost_in_silence() -> None:
    (line,) = told("prompt: wide shot #2 of the harbour\n")
    assert line.startswith("s.yaml:1:9: the text after ' #' is a comment and would be lost")
    assert "'#2 of the harbour'" in line
    assert "quotes" in line


def test_a_hash_that_leaves_an_empty_value_is_told_too() -> None:
    (line,) = told("shots:\n  - prompt: #7 from above\n")
    assert line.startswith("s.yaml:2:12: the text after ' #'")


@pytest.mark.parametrize(
    "text",
    ["a: 8 # seconds\n", "a: b  #\n", "a: 'b' #c\n", "a: b#c\n", "a: b\n#c\n", "a: |\n  b #c\n"],
)
def test_honest_comments_and_hashes_are_left_alone(text: str) -> None:
    assert read(text, "s.yaml").value == yaml.safe_load(text)


def test_the_place_of_a_lost_text_is_right_after_wide_characters() -> None:
    (line,) = told("é: 1\n😀: {a: 😀 #b\n}\n")
    assert line.startswith("s.yaml:2:8: ")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("prompt: a lane: at night\n", "1:15", "holds ': ' must be in quotes"),
        ("prompt: {{ hero }}\n", "1:10", "starts with {{ or {% must be text"),
        ("prompt: {{ hero }} walks\n", "1:10", "put the whole value in quotes"),
        ("prompt: {% if x %}y{% endif %}\n", "1:10", "put the whole value in quotes"),
        ("- {{ hero }}\n", "1:4", "put the whole value in quotes"),
        ("a:\n\tb: 1\n", "2:1", "a tab may not indent; use spaces"),
        ("a: b\n\tc: d\n", "2:1", "a tab may not indent"),
        ("prompt: 'it's cold'\n", "1:13", "text after a closing quote"),
        ('prompt: "cold" she said\n', "1:16", "text after a closing quote"),
        ('a: 1\nprompt: "cold\nb: 2\n', "2:9", "a quote opens here and is never closed"),
        ("prompt: [wide] lane\n", "1:16", "text after a closing bracket"),
        ("a: 1\nseed: [1, 2\nb: 3\n", "2:7", "the list that opens here"),
        ("seed: {a: 1\n", "1:7", "the mapping that opens here"),
        ("prompt: @home\n", "1:9", "a value may not start with @"),
        ("prompt: `tick`\n", "1:9", "a value may not start with `"),
        ("prompt: 100% rain\nb: %x\n", "2:4", "a value may not start with %"),
        ("prompt: *bold* words\n", "1:14", "text that starts with & or * in quotes"),
        ("prompt: *bold\n", "1:9", "*bold refers to nothing"),
        ("prompt: | one line\n", "1:11", "text is not allowed after | or >"),
        ("prompt: >wide\n  lane\n", "1:10", "text is not allowed after | or >"),
        ("shots: - id: a\n", "1:8", "a list may not begin on the line of its key"),
        ("shots:\n  - id: a\n   prompt: x\n", "3:4", "does not belong to the list above"),
        ("shots:\n  - id: a\n      prompt: x\n", "3:13", "a key is not expected here"),
        ("scene:pier\ntitle: x\n", "2:6", "write `key: value` with a space"),
        ("a: x\nb\nc: 1\n", "2:1", "a key without its ':'"),
        ("a: |\n   x\n  y\nb: 1\n", "3:3", "y"),
        ('prompt: "\\q"\n', "1:10", "unknown \\ escape"),
        ('prompt: "\\uZZZZ"\n', "1:12", "this \\ escape lacks digits"),
        ("? [a, b]\n: c\n", "1:3", "cannot be a key"),
        ("a: &x b\n*x : c\n", "2:1", "cannot be a key"),
        ("{'': x}\n", "1:2", "a key is missing before the ':'"),
        ("a: 1\n---\nb: 2\n", "2:1", "more than one document"),
        ("a: 1\n...\nb: 2\n", "3:1", "does not belong to the lines above it"),
        ("%YAML 3.0\n---\na: 1\n", "1:1", "YAML version"),
        ("<<: 7\n", "1:5", "'<<' takes a mapping"),
        ("<<: [a]\n", "1:5", "'<<' takes a mapping"),
        ("a: &x 1\nb: &x 2\n", "2:4", "the anchor &x is given twice, first at line 1"),
    ],
)
def test_each_slip_has_its_own_answer(text: str, place: str, words: str) -> None:
    first = told(text)[0]
    assert first.startswith(f"s.yaml:{place}: ")
    assert words in first
    assert "; " in first


@pytest.mark.parametrize(
    "tag",
    ["!!python/object/apply:os.system ['id']", "!!binary aGk=", "!!set {x, y}", "!!str 5", "! x"],
)
def test_tags_are_refused_and_nothing_is_built_from_them(tag: str) -> None:
    (line,) = told(f"a: {tag}\n")
    assert line.startswith("s.yaml:1:4: tags are not allowed")


@pytest.mark.parametrize(
    ("escape", "name"),
    [
        ("\\0", "U+0000"),
        ("\\e[31m", "U+001B"),
        ("\\L", "U+2028"),
        ("\\u202e", "U+202E"),
        ("\\r", "U+000D"),
    ],
)
def test_an_escape_brings_in_no_control_character(escape: str, name: str) -> None:
    (line,) = told(f'prompt: "red{escape}"\n')
    assert line.startswith("s.yaml:1:9: ")
    assert name in line


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\x00", "U+0000"),
        ("\x1b", "U+001B"),
        ("\x85", "U+0085"),
        ("\u2029", "U+2029"),
        ("\u2066", "U+2066"),
        ("\ufeff", "U+FEFF"),
        ("\uffff", "U+FFFF"),
        ("\U000e0041", "U+E0041"),
        ("\ud800", "U+D800"),
    ],
)
def test_a_character_that_nobody_sees_is_told_even_in_a_comment(char: str, name: str) -> None:
    (line,) = told(f"a: 1\n# {char}x\n")
    assert line.startswith("s.yaml:2:3: ")
    assert name in line


def test_half_a_surrogate_pair_is_no_character() -> None:
    (line,) = told('prompt: "\\uD83D"\n')
    assert "write the character itself" in line


def test_merge_conflicts_are_told_before_anything_else() -> None:
    text = "a: 1\n<<<<<<< ours\nb: yes\n=======\nb: no\n>>>>>>> theirs\n\tc\n"
    (line,) = told(text)
    assert line.startswith("s.yaml:2:1: unresolved merge conflict; keep the lines of one side")


def test_half_a_merge_conflict_is_told_too() -> None:
    assert told("a: 1\n>>>>>>> theirs\n")[0].startswith("s.yaml:2:1: unresolved merge conflict")


def test_latin_1_is_told_with_the_place_of_its_first_byte() -> None:
    (line,) = told("a: 1\nb: señor\n".encode("latin-1"))
    assert line.startswith("s.yaml:2:6: the file is not UTF-8: byte 10 is 0xF1 (a Latin-1 'ñ'?)")
    assert line.endswith("save it as UTF-8")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_wide_encodings_are_named(encoding: str) -> None:
    (line,) = told("a: 1\n".encode(encoding))
    assert encoding.upper() in line


def test_wide_encodings_without_a_mark_are_refused_as_well() -> None:
    assert "UTF-16" in told("a: 1\n".encode("utf-16-le"))[0]


def test_foreign_text_in_a_message_is_short_and_on_one_line() -> None:
    (line,) = told('? "a\\nb' + "x" * 500 + '"\n: 1\n"a\\nb' + "x" * 500 + '": 2\n')
    assert "\n" not in line
    assert len(line) < 150


def test_a_document_knows_its_name() -> None:
    document = read("a: 1\n", "specs/pier.yaml")
    assert isinstance(document, Document)
    assert document.name == "specs/pier.yaml"
