"""Shots of rows: each is what the same shot would be if it were listed."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.expand import expansion
from renderer.errors import Problem
from renderer.expand.result import Expansion
from renderer.expand.unused import unused
from tests.harness.boards import CATALOG, MODEL

HEAD = f"""\
version: 1
scene: ad
settings: {{model: "{MODEL}", resolution: 480p, duration: 5}}
"""
PACK = """\
- id: "pack-{{ item.sku }}"
  each: {file: data/products.csv}
  prompt: The {{ item.name }} on a table.
"""


def written(root: Path, shots: str, files: Mapping[str, str | bytes], head: str = HEAD) -> Path:
    texts = {"specs/ad.yaml": f"{head}shots:\n{shots}", **files}
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def made(root: Path, shots: str, head: str = HEAD, **files: str) -> Expansion:
    data = {f"data/{name.replace('_', '.')}": text for name, text in files.items()}
    return expansion(ProjectFiles(root=written(root, shots, data, head)), CATALOG)


def places(problems: tuple[Problem, ...]) -> list[str]:
    return [str(one.place) for one in problems]


def requests(expanded: Expansion) -> dict[str, Mapping[str, Any]]:
    return {task.shot: task.request for task in expanded.sound()}


words = st.text("abc xyz\u00e4\u4e00%@=-'\"", min_size=1, max_size=12).filter(str.strip)
products = st.lists(
    st.fixed_dictionaries(
        {
            "sku": st.from_regex(r"[a-z0-9]{1,6}", fullmatch=True),
            "name": words,
            "s": st.integers(4, 12),
        }
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row["sku"],
)


@given(products)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_shot_of_a_row_is_the_shot_that_a_person_would_have_listed(
    tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    each = """\
- id: "p-{{ item.sku }}"
  each: {file: data/p.json}
  title: "{{ item.name }}"
  vars: {who: "{{ item.name }}", say: "[{{ item.name }}]"}
  settings: {duration: "{{ item.s }}"}
  prompt: The {{ item.name }} of {{ who }}, {{ say }}, in {{ shot.title }}.
"""
    listed = [
        {
            "id": f"p-{row['sku']}",
            "title": row["name"],
            "vars": {"who": row["name"], "say": f"[{row['name']}]", "name": row["name"]},
            "settings": {"duration": row["s"]},
            "prompt": "The {{ name }} of {{ who }}, {{ say }}, in {{ shot.title }}.",
        }
        for row in rows
    ]
    one = made(tmp_path / "a", each, p_json=json.dumps(rows)).sound()
    other = made(tmp_path / "b", yaml.safe_dump(listed, allow_unicode=True, width=9_999)).sound()

    assert [(task.address, task.fingerprint, task.title) for task in one] == [
        (task.address, task.fingerprint, task.title) for task in other
    ]


@pytest.mark.parametrize("cell", ["-20 %", "@home", "=1+1", "true", "007", "{{ x }}", "{% x"])
def test_a_cell_reaches_the_prompt_as_it_is_and_is_no_template(tmp_path: Path, cell: str) -> None:
    found = made(
        tmp_path,
        '- {id: "p-{{ item.n }}", each: {file: data/p.csv}, vars: {v: "{{ item.v }}", '
        'w: "a {{ item.v }}"}, prompt: "{{ v }}|{{ w }}|{{ item.v }}|{{ v is string }}"}\n',
        p_csv=f'n;v\n1;"{cell}"\n',
    )

    assert requests(found)["p-1"]["positivePrompt"] == f"{cell}|a {cell}|{cell}|true"


def test_a_value_that_is_one_expression_takes_the_type_that_its_key_wants(tmp_path: Path) -> None:
    shots = """\
- id: "{{ item.id }}"
  each: {file: data/p.csv}
  settings: {duration: "{{ item.s }}", seed: "{{ item.seed | replace('x', '') }}", resolution: "{{ item.r }}",
    providerSettings: {bytedance: {audio: "{{ item.audio }}"}}}
  prompt: A lamp.
"""
    found = requests(made(tmp_path, shots, p_csv="id,s,seed,r,audio\na1,7,x12,720p,false\n"))

    assert found["a1"]["duration"] == 7
    assert found["a1"]["seed"] == 12
    assert found["a1"]["resolution" if "resolution" in found["a1"] else "height"]
    assert found["a1"]["providerSettings"] == {"bytedance": {"audio": False}}


def test_json_keeps_types_in_vars_and_null_takes_away(tmp_path: Path) -> None:
    shots = """\
- id: "p-{{ item.id }}"
  each: [{id: 1, tags: [a, b], look: null}, {id: 2, tags: [c], look: red}]
  vars: {tags: "{{ item.tags }}", look: "{{ item.look }}"}
  prompt: "{{ tags | join('+') }} {{ look | default('none') }}"
"""
    found = requests(made(tmp_path, shots, head=HEAD + "vars: {look: blue}\n"))

    assert [one["positivePrompt"] for one in found.values()] == ["a+b none", "c red"]


def test_rows_may_be_plain_values(tmp_path: Path) -> None:
    shots = '- {id: "in-{{ item }}", each: [de, en, 7], prompt: "Say it in {{ item }}."}\n'
    found = requests(made(tmp_path, shots))

    assert {name: one["positivePrompt"] for name, one in found.items()} == {
        "in-de": "Say it in de.",
        "in-en": "Say it in en.",
        "in-7": "Say it in 7.",
    }


def test_frames_prompt_files_and_links_come_from_rows(tmp_path: Path) -> None:
    shots = """\
- {id: base, prompt: A table.}
- id: "p-{{ item.id }}"
  each: [{id: a, kind: big, from: base}, {id: b, kind: small, from: p-a}]
  frames: {first: {shot: "{{ item.from }}", frame: last}}
  prompt: {file: "{{ item.kind }}.j2"}
"""
    files = {
        "templates/big.j2": "Big {{ item.id }}.",
        "templates/small.j2": "Small {{ item.id }}.",
    }
    found = expansion(ProjectFiles(root=written(tmp_path, shots, files)), CATALOG).sound()

    assert [task.request["positivePrompt"] for task in found] == ["A table.", "Big a.", "Small b."]
    assert [task.links[0].shot for task in found[1:]] == ["ad/base", "ad/p-a"]


def test_a_row_that_comes_or_moves_renames_no_other_shot(tmp_path: Path) -> None:
    def tasks(*rows: str) -> dict[str, str]:
        text = "\n".join(["sku,name", *rows, ""])
        found = made(tmp_path, PACK, products_csv=text).sound()
        return {task.address: task.fingerprint for task in found}

    before = tasks("a,Lamp", "b,Chair")

    assert tasks("c,Sofa", "b,Chair", "a,Lamp").items() >= before.items()


def test_the_values_count_and_not_how_they_are_written(tmp_path: Path) -> None:
    one = made(tmp_path / "a", PACK, products_csv="sku,name\na,Lamp\nb,Chair\n").sound()
    other = made(
        tmp_path / "b",
        PACK,
        products_csv='\ufeffname;"sku";note\r\n"Lamp";a;\r\n\r\nChair;b;x\r\n',
    ).sound()

    assert [task.fingerprint for task in one] == [task.fingerprint for task in other]


@pytest.mark.parametrize(
    ("shot", "data", "where", "words"),
    [
        (
            PACK,
            "sku,nam\na,Lamp\nb,x\n",
            "specs/ad.yaml:7",
            "data/products.csv:2:1, sku=a, and 1 more",
        ),
        (PACK, "sku,name\na,x\na,y\n", "data/products.csv:3", "data/products.csv:2:1"),
        (PACK, "sku,name\nA b,x\n", "data/products.csv:2", "specs/ad.yaml:5"),
        (
            PACK + '  settings: {duration: "{{ item.s }}"}\n',
            "sku,name,s\na,x,5\nb,y,soon\nc,z,13\n",
            "data/products.csv:3",
            "specs/ad.yaml:8",
        ),
        (
            PACK + '  title: "{{ item.t }}"\n',
            "sku,name\na,x\nb,y\n",
            "specs/ad.yaml:8",
            "and 1 more",
        ),
        (
            PACK + '  title: "{{ item.t }}"\n',
            f"sku,name,t\na,x,{'t' * 300}\n",
            "data/products.csv:2",
            "specs/ad.yaml:8",
        ),
        (
            PACK + '  frames: {first: "{{ item.i }}"}\n',
            "sku,name,i\na,x,../../etc/passwd\n",
            "data/products.csv:2",
            "specs/ad.yaml:8",
        ),
        (
            PACK + '  frames: {first: "{{ item.i }}"}\n',
            "sku,name,i\na,x,assets/none.png\n",
            "data/products.csv:2",
            "specs/ad.yaml:8",
        ),
        (PACK + "  duraton: 4\n", "sku,name\na,x\nb,y\n", "specs/ad.yaml:8", "unknown key"),
        (
            PACK + "  settings: {duration: 99}\n",
            "sku,name\na,x\nb,y\n",
            "specs/ad.yaml:8",
            "and 1 more",
        ),
        (
            PACK + "- {id: pack-a, prompt: x y}\n",
            "sku,name\na,x\n",
            "data/products.csv:2",
            "specs/ad.yaml:8",
        ),
        (PACK + "  matrix: {item: [a, b]}\n", "sku,name\na,x\n", "specs/ad.yaml:8", "'item'"),
        (PACK + "  vars: {item: a}\n", "sku,name\na,x\n", "specs/ad.yaml:8", "'item'"),
        (
            PACK.replace("{{ item.name", "{{ item.name | nope"),
            "sku,name\na,x\n",
            "specs/ad.yaml:7",
            "nope",
        ),
    ],
)
def test_what_is_wrong_names_the_line_of_the_spec_and_the_row(
    tmp_path: Path, shot: str, data: str, where: str, words: str
) -> None:
    found = made(tmp_path, shot, products_csv=data).problems

    assert str(found[0].place).rpartition(":")[0] == where
    assert words in found[0].what
    assert len(found) <= 2


def test_a_data_file_that_cannot_be_read_is_a_problem_of_the_line_that_names_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "data").mkdir()
    outside = tmp_path / "outside.csv"
    outside.write_text("sku,name\na,x\n")
    (tmp_path / "data" / "products.csv").symlink_to(outside)
    linked = made(tmp_path, PACK).problems
    (tmp_path / "data" / "products.csv").unlink()
    missing = made(tmp_path, PACK).problems
    with (tmp_path / "data" / "products.csv").open("wb") as file:
        file.truncate(100 << 20)
    large = made(tmp_path, PACK).problems

    assert places((*linked, *missing, *large)) == ["specs/ad.yaml:6:16"] * 3
    assert ["link" in linked[0].what, "no file" in missing[0].what, "too large" in large[0].what]


@pytest.mark.parametrize(
    "name",
    ["../p.csv", "/etc/p.csv", "C:/p.csv", "~/p.csv", ".git/p.csv", "data/.p.csv", "data/con.csv",
     "data\\\\p.csv", "p.xlsx", "p.txt", "p.CSV", "p", "data//p.csv", " p.csv"],
)  # fmt: skip
def test_only_data_below_the_project_is_named(tmp_path: Path, name: str) -> None:
    (problem,) = made(tmp_path, PACK.replace("data/products.csv", f'"{name}"')).problems

    assert str(problem.place).startswith("specs/ad.yaml:6:")


def test_a_name_that_is_not_spelled_out_is_refused_and_the_advice_works(tmp_path: Path) -> None:
    hidden = PACK.replace("data/products.csv", '"data\\x2fproducts.csv"')
    (problem,) = made(tmp_path, hidden, products_csv="sku,name\na,x\n").problems
    advice = problem.todo.partition(": file: ")[2]

    assert str(problem.place) == "specs/ad.yaml:6:16"
    assert made(tmp_path, PACK.replace("data/products.csv", advice)).sound()


def test_problems_of_5000_rows_are_bounded(tmp_path: Path) -> None:
    rows = "".join(f"p{at},x,{at}x\n" for at in range(5_000))
    shot = PACK + '  settings: {duration: "{{ item.s }}"}\n'
    many = made(tmp_path, shot, products_csv=f"sku,name,s\n{rows}").problems
    same = made(tmp_path, PACK, products_csv=f"sku,nam,s\n{rows}").problems

    assert len(many) == 101
    assert len(same) == 2


def test_rows_of_all_shots_together_are_bounded(tmp_path: Path) -> None:
    rows = "sku,name\n" + "".join(f"p{at},x\n" for at in range(9_000))
    shots = "".join(PACK.replace("pack", f"s{at}") for at in range(6))
    (problem,) = made(tmp_path, shots, products_csv=rows).problems

    assert "50000 rows" in problem.what


def test_a_skipped_shot_reads_no_data(tmp_path: Path) -> None:
    found = made(tmp_path, PACK + "  skip: true\n- {id: end, prompt: The end.}\n")

    assert [task.shot for task in found.sound()] == ["end"]


def test_other_problems_of_the_scene_are_found_beside_those_of_its_data(tmp_path: Path) -> None:
    shots = PACK + "- {id: end, prompt: '{{ nobody }}'}\n"
    found = made(tmp_path, shots, products_csv="sku,name\na\n").problems

    assert [str(place).rpartition(":")[0] for place in places(found)] == [
        "data/products.csv:2",
        "specs/ad.yaml:8",
    ]


def test_an_axis_takes_its_values_from_a_column(tmp_path: Path) -> None:
    shots = "- {id: a, prompt: 'Say {{ locale }}.'}\n"
    axes = "matrix: {locale: {file: data/l.csv, column: code}, seed: {file: data/s.csv}}\n"
    found = made(
        tmp_path,
        shots,
        HEAD + axes,
        l_csv="code,name\nde,German\nen,English\n",
        s_csv="seed\n7\n19\n",
    ).sound()

    assert [task.address for task in found] == [
        "ad/a@locale=de,seed=7",
        "ad/a@locale=de,seed=19",
        "ad/a@locale=en,seed=7",
        "ad/a@locale=en,seed=19",
    ]


@pytest.mark.parametrize(
    ("axis", "data", "where", "words"),
    [
        ("locale: {file: data/l.csv}", "a,b\n1,2\n", "specs/ad.yaml:4", "which column"),
        (
            "locale: {file: data/l.csv, column: cod}",
            "code,b\n1,2\n",
            "specs/ad.yaml:4",
            "no column",
        ),
        ("locale: {file: data/l.csv, column: a}", "a,b\n,2\n", "data/l.csv:2", "empty"),
        ("seed: {file: data/l.csv}", "a\n7\nx\n", "data/l.csv:3", "specs/ad.yaml:4"),
        ("aspect: {file: data/l.csv}", "a\n9:16\n9x16\n", "data/l.csv:3", "aspect"),
        ("draft: {file: data/l.csv}", "a\ntrue\nyes\n", "data/l.csv:3", "true"),
        ("locale: {file: data/none.csv}", "a\nx\n", "specs/ad.yaml:4", "no file"),
    ],
)
def test_what_is_wrong_with_an_axis_from_data_names_the_row(
    tmp_path: Path, axis: str, data: str, where: str, words: str
) -> None:
    shots = "- {id: a, prompt: 'Say {{ locale }}.', vars: {x: 1}}\n"
    found = made(tmp_path, shots, HEAD + f"matrix: {{{axis}}}\n", l_csv=data).problems
    named = [one for one in found if words in one.what]

    assert [str(one.place).rpartition(":")[0] for one in named] == [where]


@pytest.mark.parametrize("value", ["99", "2"])
def test_an_axis_from_data_is_judged_as_a_list_is(tmp_path: Path, value: str) -> None:
    shots = "- {id: a, prompt: A lamp., matrix: {duration: AXIS}}\n"
    (listed,) = made(tmp_path / "a", shots.replace("AXIS", f"[{value}]")).problems
    axis = "{file: data/l.csv}"
    (found,) = made(tmp_path / "b", shots.replace("AXIS", axis), l_csv=f"s\n5\n{value}\n").problems

    assert found.todo == listed.todo
    assert found.what.startswith(listed.what)
    assert [str(found.place), str(listed.place)] == ["data/l.csv:3:1", "specs/ad.yaml:5:48"]
    assert "specs/ad.yaml:5:37" in found.what


def test_a_column_gives_an_axis_each_of_its_values_once(tmp_path: Path) -> None:
    shots = "- {id: a, prompt: 'Say {{ l }}.', matrix: {l: {file: data/p.csv, column: l}}}\n"
    found = made(tmp_path, shots, p_csv="l,k\nde,1\nen,2\nde,3\n").sound()

    assert [task.address for task in found] == ["ad/a@l=de", "ad/a@l=en"]


def test_twins_in_a_column_are_an_error_as_they_are_in_a_list(tmp_path: Path) -> None:
    shots = "- {id: a, prompt: 'Say {{ l }}.', matrix: {l: {file: data/p.json, column: l}}}\n"
    found = made(tmp_path, shots, p_json='[{"l": 1}, {"l": 1},\n{"l": "1"}]').problems

    assert places(found) == ["data/p.json:2:1"]


@pytest.mark.parametrize("axis", ["{file: data/p.csv}", '["7", "8"]'])
@pytest.mark.parametrize("head", [True, False])
@pytest.mark.parametrize(
    ("rule", "right", "count"),
    [
        ("include: [{c: 7, d: x}]", 'include: [{c: "7", d: x}]', 2),
        ("exclude: [{c: 7}]", 'exclude: [{c: "7"}]', 1),
    ],
)
def test_a_rule_that_means_text_and_says_a_number_is_told_to_quote_it(
    tmp_path: Path, axis: str, rule: str, right: str, count: int, *, head: bool
) -> None:
    def found(rule: str, folder: str) -> Expansion:
        matrix = f"matrix: {{c: {axis}, {rule}}}"
        shot = "- {id: a, prompt: \"A {{ c }} {{ d | default('') }}\"MORE}\n"
        shot = shot.replace("MORE", "" if head else f", {matrix}")
        above = f"{HEAD}{matrix}\n" if head else HEAD
        return made(tmp_path / folder, shot, above, p_csv="c\n7\n8\n")

    (problem,) = found(rule, "a").problems
    assert problem.place is not None
    assert problem.place.file == "specs/ad.yaml"
    assert '`c: "7"`' in problem.todo
    assert len(found(right, "b").sound()) == count


def test_an_axis_of_the_project_and_one_of_a_shot_of_rows_come_from_data(tmp_path: Path) -> None:
    axes = "version: 1\nmatrix: {locale: {file: data/l.json}}\n"
    shot = (
        PACK + "  matrix: {seed: {file: data/s.yaml, column: n}}\n  vars: {x: '{{ item.sku }}'}\n"
    )
    root = written(
        tmp_path,
        shot.replace("table", "table in {{ locale }}"),
        {
            "renderer.yaml": axes,
            "data/l.json": '["de", "en"]',
            "data/s.yaml": "[{n: 1}, {n: 20}]",
            "data/products.csv": "sku,name\na,x\nb,y\n",
        },
    )
    found = expansion(ProjectFiles(root=root), CATALOG).sound()

    assert len({task.address for task in found}) == 8
    assert found[0].address == "ad/pack-a@locale=de,seed=1"


def test_a_variable_that_the_prompt_of_one_row_uses_is_used(tmp_path: Path) -> None:
    shots = """\
- id: "k-{{ item }}"
  each: [big, small]
  vars: {look: blue, never: 1}
  prompt: {file: "{{ item }}.j2"}
"""
    files = {"templates/big.j2": "Big {{ look }}.", "templates/small.j2": "Small."}
    root = written(tmp_path, shots, files)
    found = expansion(
        ProjectFiles(root=root), CATALOG, look=lambda board, whole: unused(board, whole=whole)
    )

    assert [one.what.rpartition(" ")[2] for one in found.warnings] == ["'never'"]


POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 1234\n"


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "yaml", "yml"])
@pytest.mark.parametrize(
    "shots",
    [
        '- {id: "p-{{ item.a }}", each: {file: data/l.END}, prompt: "{{ item.b }}"}\n',
        '- {id: p, prompt: "A {{ look }}.", matrix: {look: {file: data/l.END}}}\n',
        '- {id: p, prompt: "A {{ look }}.", matrix: {look: {file: data/l.END, column: b}}}\n',
    ],
)
def test_a_data_file_that_was_not_pulled_is_named_as_such(
    tmp_path: Path, shots: str, ending: str, start: str
) -> None:
    data = {f"l_{ending}": start + POINTER}
    found = made(tmp_path, shots.replace("END", ending), **data).problems

    assert [(str(one.place), "git lfs pull" in one.todo) for one in found] == [
        (f"data/l.{ending}:1:1", True)
    ]


@pytest.mark.parametrize("name", ["templates/p.j2", "specs/zz.yaml", "renderer.yaml"])
def test_no_text_of_a_project_is_read_from_a_pointer(tmp_path: Path, name: str) -> None:
    prompt = "{file: p.j2}" if name.endswith("j2") else "A lamp."
    root = written(tmp_path, f"- {{id: p, prompt: {prompt}}}\n", {name: POINTER})
    found = expansion(ProjectFiles(root=root), CATALOG)

    assert [(str(one.place), "git lfs pull" in one.todo) for one in found.problems] == [
        (f"{name}:1:1", True)
    ]


EACH = (
    '- {id: "p-{{ item.n }}", each: [{n: 1, d: "{{ item.n }}"}], prompt: "A {{ look }}.", MORE}\n'
)
PLAIN = '- {id: p, prompt: "A {{ look }}.", vars: {look: red}, MORE}\n'


@pytest.mark.parametrize(
    ("shot", "more", "severity"),
    [
        (EACH, 'matrix: {look: ["{{ item.d }}", red]}', "error"),
        (
            EACH,
            'matrix: {look: [blue, red], include: [{look: "{% if item.d %}a{% endif %}"}]}',
            "error",
        ),
        (EACH, 'matrix: {look: ["{{ shot.id }}", red]}', "warning"),
        (PLAIN, 'matrix: {look: ["{{ mood }}", red]}', "warning"),
        (PLAIN, 'lines: [{at: 0, for: 2, text: "{{ look }}"}]', "warning"),
        (PLAIN, 'lines: [{at: 0, for: 2, who: "{{ look }}", text: Hello.}]', "warning"),
        (PLAIN, 'matrix: {look: ["{{ item.d }}", red]}', "warning"),
        (PLAIN.replace("red", '"{{ mood }}"'), "notes: None.", "warning"),
        (PLAIN.replace("red", '["{% raw %}x"]'), "notes: None.", "warning"),
        (PLAIN, 'title: "The {{ look }}"', "warning"),
    ],
)
def test_a_template_where_none_is_evaluated_is_reported_at_its_place(
    tmp_path: Path, shot: str, more: str, severity: str
) -> None:
    text = shot.replace("MORE", more)
    found = made(tmp_path, text)
    one = [p for p in (*found.problems, *found.warnings) if "not evaluated" in p.what]
    line = written_spec(tmp_path).split("\n")[-2]
    at = [hit.start() + 1 for hit in re.finditer(r'"[^"]*\{[{%]', line)]

    assert [p.severity for p in one] == [severity]
    assert one[0].place is not None
    assert one[0].place.line == 5
    assert one[0].place.column in at
    assert one[0].todo


def written_spec(root: Path) -> str:
    return (root / "specs" / "ad.yaml").read_text()


@pytest.mark.parametrize(
    ("head", "shot", "severity"),
    [
        ('vars: {look: "{{ item.d }}"}\n', EACH, "error"),
        ('vars: {look: "{{ shot.id }}"}\n', EACH, "warning"),
        ('vars: {look: "{{ item.d }}"}\n', PLAIN, "warning"),
    ],
)
def test_a_template_in_what_a_scene_gives_its_shots_is_reported(
    tmp_path: Path, head: str, shot: str, severity: str
) -> None:
    found = made(tmp_path, shot.replace("MORE", "notes: None."), head=HEAD + head)
    one = [p for p in (*found.problems, *found.warnings) if "not evaluated" in p.what]

    assert [(p.severity, str(p.place)) for p in one] == [(severity, "specs/ad.yaml:4:14")]


def test_what_is_written_in_data_is_no_template_and_no_mistake(tmp_path: Path) -> None:
    shots = """\
- {id: "p-{{ item.n }}", each: {file: data/p.csv}, prompt: "{{ item.v }} {{ look }} {{ w }}", vars: {w: "{{ item.v }}"}, matrix: {look: {file: data/p.csv, column: v}}}
- {id: "q-{{ item }}", each: ["a"], prompt: "{{ '{{ item }}' }}"}
- {id: r, prompt: "{look} } { {a: 1} {{ 1 }}", vars: {look: "{a} {b}"}, lines: [{at: 0, for: 2, text: "{a: {b: 1}}"}]}
"""
    found = made(tmp_path, shots, p_csv="n,v\n1,{{ item.n }}\n2,{% x %}\n")

    assert not found.problems
    assert not [one for one in found.warnings if "not evaluated" in one.what]


GOES_WITHOUT = """\
- id: "p-{{ item.n }}"
  each: {file: data/p.csv}
  title: "A lamp"
  KEY
  prompt: A lamp, {{ look | default('plain') }}.
"""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ('frames: {first: "VALUE"}', "{{ item.f }}"),
        ('frames: {first: "VALUE"}', "assets/{{ item.f }}.png"),
        ('frames: {first: "VALUE"}', "{{ item['f'] }}"),
        ('frames: {first: "VALUE"}', "{{ item.f | lower }}/{{ item.n }}.png"),
        ('settings: {seed: "VALUE"}', "{{ item.f }}"),
        ('settings: {providerSettings: {bytedance: {audio: "VALUE"}}}', "{{ item.f }}"),
    ],
)
def test_the_advice_for_an_empty_cell_takes_the_key_away(
    tmp_path: Path, key: str, value: str
) -> None:
    shots = GOES_WITHOUT.replace("KEY", key)
    plain = requests(
        made(tmp_path / "plain", GOES_WITHOUT.replace("  KEY\n", ""), p_csv="n,f\n1,\n")
    )
    (found,) = made(tmp_path / "a", shots.replace("VALUE", value), p_csv="n,f\n1,\n").problems
    advice = re.search(r"write `(\{\{.*\}\})`$", found.todo)

    assert str(found.place) == "data/p.csv:2:1"
    assert advice is not None
    after = made(tmp_path / "b", shots.replace("VALUE", advice[1]), p_csv="n,f\n1,\n")
    assert requests(after) == plain


@pytest.mark.parametrize("value", ["{{ item.f | default(none, true) }}", "{{ item.f or none }}"])
def test_a_variable_that_comes_to_null_is_taken_away(tmp_path: Path, value: str) -> None:
    shots = GOES_WITHOUT.replace("KEY", f'vars: {{look: "{value}"}}')
    found = requests(made(tmp_path, shots, p_csv="n,f\n1,\n2,red\n"))

    assert found["p-1"]["positivePrompt"] == "A lamp, plain."
    assert found["p-2"]["positivePrompt"] == "A lamp, red."


def test_null_within_a_longer_text_is_an_error(tmp_path: Path) -> None:
    for value in ("{{ 'a' ~ none }}", "a {{ none }}"):
        shots = GOES_WITHOUT.replace("KEY", f'vars: {{look: "{value}"}}')
        assert places(made(tmp_path, shots, p_csv="n,f\n1,\n").problems) == ["specs/ad.yaml:8:16"]


def test_a_text_that_was_made_where_a_number_is_wanted_is_to_be_one_expression(
    tmp_path: Path,
) -> None:
    shots = GOES_WITHOUT.replace("KEY", 'settings: {duration: "VALUE"}')
    text = "{% if item.f %}{{ item.f }}{% else %}4{% endif %}"
    problems = made(tmp_path, shots.replace("VALUE", text), p_csv="n,f\n1,5\n2,\n").problems
    advice = [re.search(r"`(\{\{.*\}\})`$", one.todo) for one in problems]

    assert places(problems) == ["data/p.csv:2:1", "data/p.csv:3:1"]
    assert advice[0]
    value = advice[0][1].replace("COLUMN", "f")
    found = requests(made(tmp_path, shots.replace("VALUE", value), p_csv="n,f\n1,5\n2,\n"))
    assert [one["duration"] for one in found.values()] == [5, 4]


LINKED = """\
- {id: zero, prompt: A lamp., frames: {first: {shot: own}}}
- {id: own, prompt: A lamp., frames: {first: {shot: zero}}}
- id: "p-{{ item.n }}"
  each: {file: data/p.csv}
  frames: {first: {shot: "p-{{ item.prev }}", frame: "{{ item.t }}"}}
  prompt: A lamp.
"""


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("a,x,first\nb,a,first\n", ["data/p.csv:2:1"]),
        ("a,a,first\n", ["data/p.csv:2:1"]),
        ("a,c,first\nb,a,first\nc,b,first\n", ["data/p.csv:2:1"]),
        ("a,x,first\nb,y,first\n", ["data/p.csv:2:1", "data/p.csv:3:1"]),
    ],
)
def test_a_link_that_a_row_gave_is_wrong_at_the_row(
    tmp_path: Path, rows: str, found: list[str]
) -> None:
    problems = made(tmp_path, LINKED, p_csv=f"n,prev,t\n{rows}").problems

    assert places(problems) == [*found, "specs/ad.yaml:5:47"]
    assert all("specs/ad.yaml:9:26" in one.what for one in problems[:-1])


def test_a_moment_that_a_row_gave_and_no_take_has_is_wrong_at_the_row(tmp_path: Path) -> None:
    shots = LINKED.partition("- id")[2].replace("p-{{ item.prev }}", "zero")
    zero = "- {id: zero, prompt: A lamp.}\n- id"
    problems = made(tmp_path, zero + shots, p_csv="n,prev,t\na,b,4.9\nb,b,7\n").problems

    assert places(problems) == ["data/p.csv:3:1"]


def test_a_link_that_all_rows_have_names_the_first_of_them(tmp_path: Path) -> None:
    shots = '- {id: "p-{{ item }}", each: [a, b], frames: {first: {shot: nowhere-at-all}}, prompt: A lamp.}\n'
    (found,) = made(tmp_path, shots).problems

    assert "for specs/ad.yaml:5:31, item=a, and 1 more row" in found.what


def test_thousands_of_rows_without_their_shot_are_reported_in_bounds(tmp_path: Path) -> None:
    rows = "".join(f"a{at},x{at},first\n" for at in range(3_000))

    assert len(made(tmp_path, LINKED, p_csv=f"n,prev,t\n{rows}").problems) < 110


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ('{at: "{{ item.n }}", for: 2, text: Hello.}', "data/p.csv:3:1"),
        ("{at: 9, for: 2, text: Hello.}", "specs/ad.yaml:9:5"),
        (
            '{at: 1, for: "{{ item.n }}", who: A, text: B.}, {at: 3, for: 1, who: A, text: B.}',
            "specs/ad.yaml:10:5",
        ),
        (
            '{at: 2, for: 3, who: A, text: B.}, {at: "{{ item.n }}", for: 1, who: A, text: B.}',
            "data/p.csv:2:1",
        ),
    ],
)
def test_a_line_that_a_row_gave_is_wrong_at_the_row(tmp_path: Path, line: str, row: str) -> None:
    shots = f"""\
- id: "p-{{{{ item.n }}}}"
  each: {{file: data/p.csv}}
  prompt: A lamp.
  lines:
  - {line.replace("}, {", "}" + chr(10) + "  - {")}
"""
    problems = made(tmp_path, shots, p_csv="n\n3\n9\n").problems

    assert row in places(problems)
    assert all(
        one.place.file == "data/p.csv" or "for data/p.csv" in one.what
        for one in problems
        if one.place
    )


@pytest.mark.parametrize("above", [True, False])
def test_a_locale_that_only_lines_use_is_used(tmp_path: Path, *, above: bool) -> None:
    shot = "- {id: a, prompt: A lamp., lines: [{at: 0, for: 2, text: {en: Hello., de: Hallo.}}]MORE}\n"
    local = "vars: {locale: en}"
    root = written(
        tmp_path,
        shot.replace("MORE", "" if above else f", {local}"),
        {},
        HEAD + (f"{local}\n" if above else ""),
    )
    found = expansion(
        ProjectFiles(root=root), CATALOG, look=lambda board, whole: unused(board, whole=whole)
    )

    assert found.sound()
    assert not found.warnings


def test_a_row_without_the_value_of_its_id_is_named_by_its_number(tmp_path: Path) -> None:
    (found,) = made(
        tmp_path,
        PACK.replace("csv", "json"),
        products_json='[{"sku": "a", "name": "b"}, {"name": "c"}]',
    ).problems

    assert "(for data/products.json:1:29, row 2)" in found.what


def test_an_id_of_two_shots_names_the_other_shot(tmp_path: Path) -> None:
    (found,) = made(tmp_path, PACK + PACK, products_csv="sku,name\na,b\n").problems

    assert str(found.place) == "data/products.csv:2:1"
    assert "first at data/products.csv:2:1, by the shot at specs/ad.yaml:5:7" in found.what
    assert "used at specs/ad.yaml:8:7" in found.what


ONE = '- {id: "p-{{ item.n }}", each: {file: data/p.csv}, prompt: A lamp.}\n'


@pytest.mark.parametrize(
    ("shots", "what", "todo"),
    [
        (ONE.replace("data/p", "./data/p"), "", "data/products.csv"),
        (ONE.replace("data/p", "data/../data/p"), "..", "write data/p.csv"),
        (ONE.replace("data/p", "x/y/../../data/p"), "..", "write data/p.csv"),
        (ONE.replace("data/p", "../data/p"), "leaves the project", "copy"),
        (ONE.replace("data/p", "data/../../data/p"), "leaves the project", "copy"),
        (ONE.replace("data/p.csv", "'data/{{ item }}.csv'"), "template", "data/products.csv"),
        ("- {id: p, prompt: A., frames: {first: assets/../assets/a.png}}\n", "..", "write assets/a.png"),
        ("- {id: p, prompt: A., frames: {first: ./a.png}}\n", "", "assets/first.png"),
        ('- {id: "p-{{ item.x }}", prompt: A lamp.}\n', "each", "each: {file:"),
        (ONE.replace("item.n", "item"), "cannot be written as text", "name one of its values"),
        ('- {id: p, prompt: A lamp., lines: [{at: 0, for: 1, who: "a\\nb", text: c}]}\n', "line", "name"),
        ('- {id: p, prompt: A lamp., title: "a\\nb"}\n', "line", "notes"),
        ('- {id: p, prompt: "A {{ lines[3].who }}", lines: [{at: 0, for: 1, text: c}]}\n', "lines has no entry [3]", "it has 1"),
        ('- {id: p, prompt: "A {{ v[2] }}", vars: {v: [1]}}\n', "v has no entry [2]", "it has 1"),
        ("- {id: p, prompt: A lamp., settings: {webhookURL: here}}\n", "`webhookURL` is not", "https://"),
        ("- {id: p, prompt: A}\n", "has 1 character", "2 to 3000"),
    ],
)  # fmt: skip
def test_advice_is_of_what_was_written(tmp_path: Path, shots: str, what: str, todo: str) -> None:
    (found,) = made(tmp_path, shots, p_csv="n\n1\n").problems

    assert what in found.what
    assert todo in found.todo
    assert "1 characters" not in found.what
