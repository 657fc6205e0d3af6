import pytest

from renderer.spec.reader import read

TEXT = """\
version: 1
settings: &base
  model: m
  duration: 8
shots:
  - id: a
    prompt: |

      first {{ line }}
        second
    settings: {<<: *base, seed: 7}
  - &b
    id: b
    prompt: >
      folded
      text
  - *b
"""


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ((), "1:1", "1:1"),
        (("version",), "1:10", "1:1"),
        (("settings", "model"), "3:10", "3:3"),
        (("shots",), "6:3", "5:1"),
        (("shots", 0), "6:5", "6:5"),
        (("shots", 0, "id"), "6:9", "6:5"),
        (("shots", 0, "settings", "seed"), "11:33", "11:27"),
        (("shots", 0, "settings", "model"), "3:10", "3:3"),
        (("shots", 2), "17:5", "17:5"),
        (("shots", 2, "id"), "13:9", "13:5"),
    ],
)
def test_values_and_keys_are_found_where_they_are_written(
    path: tuple[str | int, ...], value: str, key: str
) -> None:
    document = read(TEXT, "s")
    assert str(document.place(path)) == f"s:{value}"
    assert str(document.place(path, key=True)) == f"s:{key}"


def test_what_is_not_there_is_placed_at_its_nearest_ancestor() -> None:
    document = read(TEXT, "s")
    assert document.place(("shots", 0, "frames", "first")) == document.place(("shots", 0))
    assert document.place(("shots", 9)) == document.place(("shots",))
    assert document.place(("nowhere",)) == document.place(())


def test_a_line_of_a_block_text_is_found_in_the_file() -> None:
    document = read(TEXT, "s")
    assert str(document.line_of(("shots", 0, "prompt"), 2)) == "s:9:7"
    assert str(document.line_of(("shots", 0, "prompt"), 3)) == "s:10:9"


def test_a_line_of_a_folded_text_is_placed_at_its_start() -> None:
    document = read(TEXT, "s")
    assert document.line_of(("shots", 1, "prompt"), 2) == document.place(("shots", 1, "prompt"))


def test_a_line_past_the_end_of_the_file_is_no_error() -> None:
    assert str(read("a: |\n  b", "s").line_of(("a",), 99)) == "s:2:3"


def test_columns_count_characters_not_bytes() -> None:
    assert str(read("{é: 😀, b: c}\n", "s").place(("b",))) == "s:1:11"
