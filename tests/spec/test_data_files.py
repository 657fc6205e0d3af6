"""Rows of data files: what is read of CSV, JSON and YAML, and what is refused, at its place."""

import codecs
import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import InputError
from renderer.spec import csv_rows
from renderer.spec.data_files import read_table
from renderer.spec.faults import first_refused

cells = st.text(max_size=12).filter(
    lambda text: not first_refused(text) and "\r" not in text and not text.startswith("\ufeff")
)
names = st.lists(
    st.from_regex(r"[A-Za-z][A-Za-z ]{0,8}[A-Za-z]", fullmatch=True).filter(
        lambda name: "key" not in name.lower() and "token" not in name.lower()
    ),
    min_size=2,
    max_size=4,
    unique=True,
)


def rows(text: str | bytes, name: str = "data/p.csv") -> Any:
    return read_table(text.encode() if isinstance(text, str) else text, name).rows


def faults(content: str | bytes, name: str = "data/p.csv") -> list[tuple[int, str]]:
    with pytest.raises(InputError) as caught:
        rows(content, name)
    found = caught.value.problems
    assert all(one.place and one.place.file == name and one.todo for one in found)
    return [(one.place.line, one.what) for one in found if one.place]


@given(names, st.lists(st.lists(cells, min_size=4, max_size=4), min_size=1, max_size=5), st.data())
@settings(max_examples=150)
def test_what_a_spreadsheet_writes_is_read_as_text(
    header: list[str], table: list[list[str]], data: st.DataObject
) -> None:
    out = io.StringIO()
    mark = data.draw(st.sampled_from([",", ";", "\t"]))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    writer = csv.writer(out, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL)
    wanted = [dict(zip(header, row, strict=False)) for row in table]
    writer.writerows([header, *(list(row.values()) for row in wanted)])
    start = data.draw(st.sampled_from([b"", codecs.BOM_UTF8]))

    kept = [row for row in wanted if any(row.values())]
    if kept:
        assert rows(start + out.getvalue().encode()) == kept


@pytest.mark.parametrize(
    "cell", ["-20 %", "@home", "=1+1", "true", "007", "null", "1e5", "{{ x }}"]
)
def test_a_cell_is_text_whatever_it_looks_like(cell: str) -> None:
    assert rows(f"a,b\n{cell},x\n") == [{"a": cell, "b": "x"}]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "empty")]),
        ("\n\na\n", [(1, "names no column")]),
        (",,\n1,2,3\n", [(1, "names no column")]),
        ("a,b\n", [(1, "no row")]),
        ("a,,c\n1,2,3\n", [(1, "column 2 has no name")]),
        ("a,b,a\n1,2,3\n", [(1, "the name of column 1, 'a'")]),
        ("a,apiKey\n1,2\n", [(1, "secret")]),
        ("a,b;c\n1,2\n", [(1, "two kinds of separators")]),
        ("a,b\n1\n1,2\n1,2,3\n", [(2, "1 cell"), (4, "3 cells")]),
        ('a,b\n"x\ny",1\n2\n', [(4, "1 cell")]),
        ('a,b\n1,2\n"x,1\n', [(3, "never closed")]),
        ('a,b\n"x"y,1\n', [(2, "no CSV")]),
        ("a,b\nx\u202e,1\n", [(2, "U+202E")]),
        ("a,b\nx\0,1\n", [(2, "NUL")]),
        ("a,b\n<<<<<<< ours\n1,2\n", [(2, "merge conflict")]),
        ("a,b\n1," + "x" * 70_000 + "\n", [(2, "'b' has more than")]),
        ("a,b\n1," + '"x' * 1 + "x" * 200_000 + '"\n', [(2, "more than")]),
        (",".join(f"c{at}" for at in range(300)) + "\n", [(1, "300 columns")]),
    ],
)
def test_what_is_wrong_with_a_csv_is_said_at_its_line(
    text: str, found: list[tuple[int, str]]
) -> None:
    said = faults(text)

    assert [line for line, _ in said] == [line for line, _ in found]
    assert all(words in what for (_, what), (_, words) in zip(said, found, strict=True))


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-32", "UTF-32"), ("latin-1", "Latin-1")],
)
def test_another_encoding_is_named(encoding: str, named: str) -> None:
    ((_, what),) = faults("sku,name\na,L\u00e4mp\n".encode(encoding))

    assert named in what


def test_rows_are_counted_before_they_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "ROWS", 3)

    assert faults("a,b\n" + "1,2\n" * 9) == [(5, "there are more than 3 rows")]
    monkeypatch.setattr(csv_rows, "CELLS", 4)
    assert faults("a,b\n" + "1,2\n" * 9) == [(4, "there are more than 4 cells")]


def test_problems_of_many_rows_are_bounded() -> None:
    assert len(faults("a,b\n" + "1\n" * 5_000)) == 101


def test_lines_without_any_cell_are_no_rows() -> None:
    table = read_table(b"a,b\n\n1,2\n,\n3,4\n\n", "data/p.csv")

    assert table.rows == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
    assert [table.place(at).line for at in (0, 1)] == [3, 5]


@pytest.mark.parametrize("name", ["data/p.json", "data/p.yaml"])
def test_json_and_yaml_keep_the_types_of_values(name: str) -> None:
    wanted = [{"n": 5, "on": True, "at": 1.5, "text": "007", "list": [1, "a"]}, {"n": None}]
    table = read_table(json.dumps(wanted, indent=1).encode(), name)

    assert table.rows == wanted
    assert [table.place(at).line for at in (0, 1)] == [2, 12]


def test_a_row_of_json_is_found_whatever_is_in_front_of_it() -> None:
    text = '\n[ {"a": "}],[{\\"", "b": [1,2]} ,\n\n  "x" ]'
    with pytest.raises(InputError) as caught:
        read_table(text.encode(), "p.json")

    (problem,) = caught.value.problems
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (4, 3)


@pytest.mark.parametrize("name", ["data/p.json", "data/p.yaml"])
@pytest.mark.parametrize(
    "value",
    [{}, {"a": 1}, [], "x", [None], [[1]], [1, {"a": 1}], [{"a": 1}, 2], [{"apiKey": "x"}]],
)
def test_rows_are_mappings_or_plain_values(name: str, value: Any) -> None:
    assert faults(json.dumps(value), name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.json", '[{"a": 1, "a": 2}]'),
        ("p.yaml", "- {a: 1, a: 2}"),
        ("p.json", "[1, NaN]"),
        ("p.json", "[" * 100_000),
        ("p.yaml", "[" * 100_000),
        ("p.json", '["\\u202e"]'),
        ("p.yaml", "- !!python/object/apply:os.system [x]"),
        ("p.json", ""),
        ("p.yaml", ""),
        ("p.json", '["\\ud800"]'),
    ],
)
def test_what_may_not_be_in_a_spec_may_not_be_in_data(name: str, text: str) -> None:
    assert faults(text, name)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('[{"a": 1,\n  "b": 2, "a": 3}]', "2:11", "'a' is given twice"),
        ('[{"a": {"x": "a"}, "b": {"x": 1, "y": 1,\n"x": 1}}]', "2:1", "'x' is given twice"),
        ('[{"\\u0061": 1,\n"a": 1}]', "2:1", "'a' is given twice"),
        ('[{"a": 1},\n {"a": NaN}]', "2:8", "NaN"),
        ('[{"a": 1},\n {"a": -Infinity}]', "2:8", "-Infinity"),
        ('[{"a": "NaN"},\n {"a": 1e999}]', "2:8", "too large"),
        ('[{"a": "1e999"},\n {"a": 1' + "0" * 40 + "}]", "2:8", "too large"),
        ('[{"a": 1},\n {"a": 1' + "0" * 5000 + "}]", "2:8", "too large"),
        ('[{"a": "\\ud83d\\ude00"},\n {"a": "x\\ud800"}]', "2:8", "half a character"),
        ('[{"a": 1},\n {"\\udc00": 1}]', "2:3", "half a character"),
        ('[{"a": "[[[[[[[[[[[["},\n {"a": ' + "[" * 14 + "]" * 14 + "}]", "2:16", "too deeply"),
        ("[" * 20_000 + "]" * 20_000, "1:11", "too deeply"),
        ('[{"a": 1,}]', "1:10", ""),
    ],
)
def test_what_is_refused_of_json_is_named_at_its_place(text: str, place: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        rows(text, "data/p.json")
    (found,) = caught.value.problems

    assert str(found.place) == f"data/p.json:{place}"
    assert words in found.what


def test_the_advice_for_a_mapping_is_in_the_language_of_the_file() -> None:
    for name, words in {"data/p.json": '[{"', "data/p.yaml": "- name: value"}.items():
        with pytest.raises(InputError) as caught:
            rows('{"a": 1}', name)
        assert words in caught.value.problems[0].todo


@pytest.mark.parametrize(("row", "words"), [("1", "separator, too"), ("1,2,3", "quotes")])
def test_the_advice_for_a_row_is_of_its_length(row: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        rows(f"a,b\n{row}\n")

    assert words in caught.value.problems[0].todo


def test_a_name_in_a_table_of_tabs_may_hold_a_comma() -> None:
    found = read_table(b"name, first\tprice\nMara\t3\n", "data/p.tsv")
    assert found.rows[0] == {"name, first": "Mara", "price": "3"}
