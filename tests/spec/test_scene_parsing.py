from dataclasses import FrozenInstanceError

import pytest

from renderer.errors import InputError
from renderer.spec.check import parse_project, parse_scene
from renderer.spec.reader import read
from renderer.spec.values import Frames, Matrix, Project, PromptFile, Scene, Shot

HEAD = "version: 1\nscene: pier\n"
SHOT = "shots:\n  - id: gulls\n    prompt: Gulls rise.\n"


def told(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_scene(read(text, "s.yaml"))
    return [str(problem) for problem in caught.value.problems]


def told_project(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_project(read(text, "renderer.yaml"))
    return [str(problem) for problem in caught.value.problems]


def scene(text: str) -> Scene:
    return parse_scene(read(text, "s.yaml"))


def test_a_whole_scene_becomes_values() -> None:
    made = scene(
        HEAD
        + "title: Fog\nnotes: for us\naspect: '16:9'\ndraft: true\n"
        + "settings: {model: m, duration: 8, providerSettings: {bytedance: {audio: true}}}\n"
        + "vars: {look: grey, list: [1, a], hero: {coat: red}}\n"
        + "frames: {first: assets/a.png}\n"
        + "matrix: {seed: [1, 2], look: [a, b], exclude: [{seed: 1, look: b}]}\n"
        + SHOT
        + "  - {id: horn, prompt: {file: pier/horn.j2}, skip: true, frames: {last: b.png}}\n"
    )
    gulls, horn = made.shots
    assert made.settings["providerSettings"] == {"bytedance": {"audio": True}}
    assert made.vars == {"look": "grey", "list": [1, "a"], "hero": {"coat": "red"}}
    assert made.frames == Frames(first="assets/a.png")
    assert made.matrix is not None
    assert made.matrix.axes == {"seed": (1, 2), "look": ("a", "b")}
    assert made.matrix.exclude == ({"seed": 1, "look": "b"},)
    assert (made.aspect, made.draft, made.title) == ("16:9", True, "Fog")
    assert gulls == Shot(id="gulls", prompt="Gulls rise.")
    assert horn.prompt == PromptFile(file="pier/horn.j2")
    assert horn.skip


def test_what_is_absent_is_none_or_empty() -> None:
    made = scene(HEAD + SHOT)
    assert (made.title, made.aspect, made.draft, made.matrix, made.frames) == (None,) * 5
    assert (made.settings, made.vars, made.shots[0].skip) == ({}, {}, False)


def test_a_word_that_nothing_is_inherited_for_is_absent_with_nothing_behind_it() -> None:
    assert scene(HEAD + "title:\nnotes:\n" + SHOT) == scene(HEAD + SHOT)


def test_a_word_with_nothing_behind_it_unsets_what_is_inherited() -> None:
    made = scene(HEAD + "settings:\nvars:\nmatrix:\nframes:\naspect:\ndraft:\n" + SHOT)
    assert made.unset == ("aspect", "draft", "frames", "matrix", "settings", "vars")


def test_a_part_that_is_null_is_unset_and_a_list_that_is_null_is_empty() -> None:
    made = scene(HEAD + "frames: {last: null}\nmatrix: {seed: null, exclude: null}\n" + SHOT)
    assert made.frames == Frames(unset=("last",))
    assert made.matrix == Matrix(unset=("seed",), exclude=())


def test_a_project_needs_only_its_version() -> None:
    made = parse_project(read("version: 1\n", "renderer.yaml"))
    assert made == Project(version=1)
    assert parse_project(read("version: 1\nprovider: runware\n", "r")).provider == "runware"


def test_a_scene_cannot_be_changed_once_it_is_made() -> None:
    with pytest.raises(FrozenInstanceError):
        scene(HEAD + SHOT).title = "x"  # type: ignore[misc]


def test_values_are_not_converted() -> None:
    settings = scene(HEAD + "settings: {a: 1, b: 1.0, c: true, d: '1'}\n" + SHOT).settings
    assert [type(value) for value in settings.values()] == [int, float, bool, str]


@pytest.mark.parametrize(
    ("top", "found"), [("- 1\n", "a list"), ("text\n", "a single value"), ("null\n", "nothing")]
)
def test_the_top_of_a_file_is_a_mapping(top: str, found: str) -> None:
    (line,) = told(top)
    assert line.startswith(f"s.yaml:1:1: the top of the file must be a mapping, found {found}; ")


def test_a_newer_version_is_the_only_thing_that_is_told() -> None:
    (line,) = told("version: 2\nshoots: []\n")
    assert line.startswith("s.yaml:1:10: version 2 is newer than this program reads (1); upgrade")


@pytest.mark.parametrize("version", ["1.10", "1.0", '"1"', "true", "0", "[1]", "null"])
def test_a_version_is_the_number_one_and_nothing_else(version: str) -> None:
    line = told(f"version: {version}\nscene: pier\n{SHOT}")[0]
    assert line.startswith("s.yaml:1:10: ")
    assert "write version: 1" in line or "begin the file with `version: 1`" in line


def test_every_problem_is_told_at_once_with_its_place() -> None:
    text = HEAD + "titlle: x\ndraft: 'yes'\nshots:\n  - promptt: x\n  - id: B\n    prompt: 5\n"
    assert told(text) == [
        "s.yaml:3:1: unknown key 'titlle'; did you mean 'title'?",
        "s.yaml:4:8: 'draft' must be true or false, found the text 'yes'; write true without quotes",
        "s.yaml:6:5: the shot has no id; begin it with `- id: …`",
        "s.yaml:6:5: the shot has no prompt; add `prompt:` with text, or with {file: …}",
        "s.yaml:6:5: unknown key 'promptt'; did you mean 'prompt'?",
        "s.yaml:7:9: id 'B' has capital letters; write b",
        "s.yaml:8:13: 'prompt' must be text, or {file: …}, found 5; say what the shot shows",
    ]


@pytest.mark.parametrize(
    ("line", "spelled"),
    [
        ("title: 1.10", "1.10"),
        ("title: -0.50 # a note", "-0.50"),
        ("vars: {v: &v 2.0}\ntitle: *v", "2.0"),
    ],
)
def test_a_number_where_text_is_wanted_is_quoted_as_it_is_spelled(line: str, spelled: str) -> None:
    (said,) = told(f"{HEAD}{line}\n{SHOT}")
    assert said.endswith(f"'title' must be text, found {spelled}; write \"{spelled}\" in quotes")


def test_missing_words_are_told_with_what_to_write() -> None:
    assert told("title: x\n") == [
        "s.yaml:1:1: 'version' is missing; begin the file with `version: 1`",
        "s.yaml:1:1: 'scene' is missing; name the scene, such as `scene: clocktower`",
        "s.yaml:1:1: 'shots' is missing; add `shots:` with at least one `- id: …`",
    ]


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("shots: []", "3:8", "'shots' is empty; add a shot"),
        ("shots: {gulls: {prompt: x}}", "3:8", "must be a list of shots, found a mapping"),
        ("shots: gulls", "3:8", "must be a list of shots, found the text 'gulls'"),
        ("shots: [gulls]", "3:9", "entry 1 of 'shots' must be a mapping, found the text 'gulls'"),
        ("shots: null", "3:8", "'shots' is missing"),
        ("shots: [{id: a, prompt: null}]", "3:25", "the shot has no prompt"),
        ("shots: [{id: a, prompt: ' '}]", "3:25", "'prompt' is empty; say what the shot shows"),
        ("shots: [{id: a, prompt: [b, c]}]", "3:25", "write long text below `prompt: |`"),
        (
            "shots: [{id: a, prompt: {fil: b.j2}}]",
            "3:26",
            "unknown key 'fil'; did you mean 'file'?",
        ),
        ("shots: [{id: a, prompt: {file: 7}}]", "3:32", "'file' must be text, found 7"),
        ("shots: [{id: a, prompt: b, skip: 'true'}]", "3:34", "write true without quotes"),
        ("shots: [{id: a, prompt: b, after: c}]", "3:28", "unknown key 'after'"),
        ("shots: [{id: a, prompt: b, file: c.j2}]", "3:28", "write prompt: {file: …}"),
    ],
)
def test_a_wrong_shot_is_answered(line: str, place: str, words: str) -> None:
    lines = told(f"{HEAD}{line}\n")
    assert any(text.startswith(f"s.yaml:{place}: ") and words in text for text in lines)


def test_good_shots_beside_bad_ones_are_not_called_missing() -> None:
    assert len(told(HEAD + "shots: [{id: a, prompt: 1}, {id: b, prompt: x}]\n")) == 1


def test_a_shot_id_used_twice_is_told_with_both_lines() -> None:
    text = HEAD + SHOT + "  - id: horn\n    prompt: x\n  - id: gulls\n    prompt: 7\n"
    first, second = told(text)
    assert (
        first == "s.yaml:8:9: shot id 'gulls' is used twice, first at line 4; give one another id"
    )
    assert second.startswith("s.yaml:9:13: ")


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("aspect: 16x9", "3:9", 'did you mean "16:9"? use one of "16:9", "4:3"'),
        ("aspect: 16/9", "3:9", 'did you mean "16:9"?'),
        ("aspect: 1.78", "3:9", "'aspect' cannot be 1.78; use one of"),
        ("aspect: wide", "3:9", "use one of"),
        ("draft: 'off'", "3:8", "write false without quotes"),
        ("draft: 1", "3:8", "must be true or false, found 1"),
        ("title: 7", "3:8", 'write "7" in quotes'),
        ("title: |\n  one\n  two", "3:8", "has more than one line"),
        (f"title: {'x' * 201}", "3:8", "'title' is longer than 200"),
        ("notes: [a]", "3:8", "'notes' must be text, found a list"),
        ("vars: [a]", "3:7", "'vars' must be a mapping, found a list"),
        ("settings: none", "3:11", "'settings' must be a mapping, found the text 'none'"),
        ("matrix: [1]", "3:9", "'matrix' must be a mapping, found a list"),
        ("frames: a.png", "3:9", "write frames: {first: …, last: …}"),
        ("frames: {}", "3:9", "'frames' names no frame"),
        ("frames: {fiirst: a.png}", "3:10", "did you mean 'first'?"),
        ("frames: {first: ../a.png}", "3:17", "first '../a.png' leaves the project"),
        ("skip: true", "3:1", "'skip' is not allowed here; it belongs in a shot"),
        ("prompt: x", "3:1", "'prompt' is not allowed here; it belongs in a shot"),
        ("provider: local", "3:1", "it belongs in renderer.yaml"),
        ("plugins: [./evil.py]", "3:1", "unknown key 'plugins'; the keys here are"),
        ("ffmpeg_args: [-i]", "3:1", "unknown key 'ffmpeg_args'"),
        ("cache: s3://bucket", "3:1", "unknown key 'cache'"),
        ("extends: https://evil.example/base.yaml", "3:1", "unknown key 'extends'"),
        ("webhook: http://10.0.0.1/", "3:1", "unknown key 'webhook'"),
        ("$schema: https://evil.example/s.json", "3:1", "# yaml-language-server: $schema="),
        ("base_url: https://evil.example", "3:1", "read from the environment (RUNWARE_BASE_URL)"),
        ("variables: {a: 1}", "3:1", "unknown key 'variables'; "),
        ("description: x", "3:1", "write notes for people"),
        ("Title: x", "3:1", "did you mean 'title'?"),
    ],
)
def test_a_wrong_word_of_ours_is_answered(line: str, place: str, words: str) -> None:
    (text,) = told(f"{HEAD}{line}\n{SHOT}")
    assert text.startswith(f"s.yaml:{place}: ")
    assert words in text


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("duration", "'duration' is a request setting; put it under settings: {duration: …}"),
        ("model", "put it under settings: {model: …}"),
        ("providerSettings.bytedance.audio", "{providerSettings: {bytedance: {audio: …}}}"),
        ("audio", "put it under settings: {providerSettings: {bytedance: {audio: …}}}"),
        ("number_results", "did you mean 'numberResults'? It belongs under settings:"),
        ("resolutoin", "did you mean 'resolution'? It belongs under settings:"),
        ("positivePrompt", "write `prompt: …` in the shot"),
    ],
)
def test_a_request_setting_beside_settings_is_sent_there(key: str, words: str) -> None:
    assert any(words in line for line in told(f"{HEAD}{key}: x\n{SHOT}"))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("aspect", "'aspect' is not a request setting; put aspect: beside settings:, not inside"),
        ("draft", "put draft: beside settings:"),
        ("frames", "write frames: in a scene or a shot"),
        ("prompt", "write prompt: in a shot"),
        ("positivePrompt", "write it as prompt: in the shot"),
        ("taskUUID", "'taskUUID' is filled in by the program; remove it"),
        ("inputs.draftId", "write inputs: {draftId: …}"),
    ],
)
def test_a_word_of_ours_inside_settings_is_sent_out(key: str, words: str) -> None:
    (line,) = told(f"{HEAD}{SHOT}    settings:\n      model: m\n      {key}: x\n")
    assert line.startswith("s.yaml:8:7: ")
    assert words in line


@pytest.mark.parametrize(
    "key", ["api_key", "apiKey", "API-KEY", "token", "RUNWARE_API_KEY", "password"]
)
@pytest.mark.parametrize("where", ["{key}: {value}\n", "settings: {{a: [{{{key}: {value}}}]}}\n"])
def test_a_secret_is_refused_and_its_value_is_not_repeated(key: str, where: str) -> None:
    (line,) = told(HEAD + where.format(key=key, value="rw-topsecret") + SHOT)
    assert "a key or a secret is not allowed in a project file" in line
    assert "topsecret" not in line


def test_a_secret_of_the_wrong_type_is_not_repeated_either() -> None:
    lines = told(HEAD + "vars: {api_key: [rw-topsecret, null]}\n" + SHOT)
    assert "topsecret" not in "".join(lines)
    assert any("not allowed in a project file" in line for line in lines)


def test_a_prompt_may_speak_of_a_token() -> None:
    assert scene(HEAD + "vars: {token: a brass token, key: an old key}\n" + SHOT).vars


@pytest.mark.parametrize(
    ("given", "place", "words"),
    [
        ("{for: 1}", "3:8", "'for' is a word of the template language"),
        ("{loop: 1}", "3:8", "'loop' is a word of the template language"),
        ("{_x: 1}", "3:8", "'_x' is not a name that a template can use"),
        ("{red coat: 1}", "3:8", "is not a name that a template can use"),
        ("{größe: 1}", "3:8", "is not a name that a template can use"),
        (f"{{{'x' * 64}: 1}}", "3:8", "is longer than 63 characters"),
        ("{a: [1, null]}", "3:15", "entry 2 of 'a' has no value"),
        ("{a: {b: {c: {d: {e: {f: {g: {h: 1}}}}}}}}", "3:39", "is nested deeper than 6"),
        (f"{{a: [{'1,' * 1001}]}}", "3:11", "'a' has 1001 entries, the limit is 1000"),
    ],
)
def test_a_wrong_variable_is_answered(given: str, place: str, words: str) -> None:
    (line,) = told(f"{HEAD}vars: {given}\n{SHOT}")
    assert line.startswith(f"s.yaml:{place}: ")
    assert words in line


@pytest.mark.parametrize(
    ("given", "place", "words"),
    [
        ("{seed: 7}", "3:16", "'seed' must be a list of values; write [7]"),
        ("{seed: {a: 1}}", "3:16", "'seed' must be a list of values"),
        ("{seed: []}", "3:16", "'seed' is empty"),
        ("{seed: [1, 1]}", "3:20", "the value 1 twice: one task would be paid for twice"),
        ("{seed: [1, '1']}", "3:20", "its twin"),
        ("{a: [true, 'true']}", "3:20", "its twin"),
        ("{a: [5, 5.0]}", "3:17", "its twin"),
        ("{a: [[1]]}", "3:14", "entry 1 of 'a' must be text, a number, true or false"),
        ("{a: [null, null]}", "3:20", "the value null twice"),
        ("{aspect: ['5:4']}", "3:19", "not an aspect; use one of 16:9"),
        ("{draft: ['yes']}", "3:18", "other than true and false"),
        ("{prompt: [a, b]}", "3:10", "'prompt' is not an axis; use a variable"),
        ("{settings.seed: [1]}", "3:10", "write seed"),
        ("{vars.look: [a]}", "3:10", "write look"),
        ("{axes: {seed: [1]}}", "3:10", "write the axes themselves under matrix"),
        ("{a b: [1]}", "3:10", "is not the name of an axis"),
        ("{.a: [1]}", "3:10", "is not the name of an axis"),
        ("{exclude: {a: 1}}", "3:19", "write exclude: [{axis: value}]"),
        ("{include: [1]}", "3:20", "entry 1 of 'include' must be a mapping, found 1"),
        ("{exclude: [{}]}", "3:20", "names no axis"),
        ("{include: [{seed: [1]}]}", "3:27", "'seed' must be text, a number, true or false"),
    ],
)
def test_a_wrong_matrix_is_answered(given: str, place: str, words: str) -> None:
    (line,) = told(f"{HEAD}matrix: {given}\n{SHOT}")
    assert line.startswith(f"s.yaml:{place}: ")
    assert words in line


def test_axes_are_settings_also_dotted_words_of_ours_and_variables() -> None:
    text = "matrix: {providerSettings.bytedance.audio: [true, false], aspect: ['1:1'], draft: [true]}\n"
    matrix = scene(HEAD + text + SHOT).matrix
    assert matrix == Matrix(
        axes={
            "providerSettings.bytedance.audio": (True, False),
            "aspect": ("1:1",),
            "draft": (True,),
        }
    )


def test_a_matrix_of_rules_alone_is_a_matrix() -> None:
    matrix = scene(HEAD + "matrix: {include: [{seed: 1}], exclude: }\n" + SHOT).matrix
    assert matrix is not None
    assert (matrix.axes, matrix.include, matrix.exclude) == ({}, ({"seed": 1},), ())


def test_one_and_true_are_two_values() -> None:
    matrix = scene(HEAD + "matrix: {a: [1, true]}\n" + SHOT).matrix
    assert matrix is not None
    assert matrix.axes == {"a": (1, True)}


def test_an_axis_called_axes_is_placed_well() -> None:
    (line,) = told(HEAD + "matrix: {axes: [1], seed: []}\n" + SHOT)
    assert line.startswith("s.yaml:3:27: 'seed' is empty")


def test_a_problem_in_a_shared_mapping_is_told_once_where_it_is_written() -> None:
    shots = "".join(f"  - {{id: s{n}, prompt: x, settings: *base}}\n" for n in range(5))
    text = "version: 1\nscene: pier\nsettings: &base {draft: true}\nshots:\n" + shots
    assert told(text) == [
        "s.yaml:3:18: 'draft' is not a request setting; put draft: beside settings:, not inside"
    ]


def test_a_project_is_checked_like_a_scene() -> None:
    text = (
        "version: 1\nprovider: runwear\nshots: []\napi_key: topsecret\nsettings: {draft: true}\n"
    )
    lines = told_project(text)
    assert [line.split(": ")[0] for line in lines] == [
        "renderer.yaml:2:11",
        "renderer.yaml:3:1",
        "renderer.yaml:4:1",
        "renderer.yaml:5:12",
    ]
    assert "did you mean runware?" in lines[0]
    assert "it belongs at the top of a scene file in specs/" in lines[1]
    assert "topsecret" not in "".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"k{n}: 1\n" for n in range(1001)),
        "shots:\n" + "  - {}\n" * 1001,
        "vars:\n" + "".join(f"  _{n}: 1\n" for n in range(1001)),
        "matrix:\n" + "".join(f"  a{n}: [1]\n" for n in range(1001)),
        f"matrix: {{a: [{', '.join(map(str, range(1001)))}]}}\n",
        "matrix: {include: [" + "{}," * 1001 + "]}\n",
    ],
)
def test_more_than_a_thousand_entries_are_counted_and_not_judged(text: str) -> None:
    lines = told(HEAD + text)
    assert any("the limit is 1000" in line for line in lines)
    assert len(lines) < 5


def test_hundreds_of_wrong_shots_are_answered_with_the_first_hundred() -> None:
    lines = told(HEAD + "shots:\n" + "  - {idd: 1}\n" * 900)
    assert len(lines) == 101
