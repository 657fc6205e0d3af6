"""Grammars of all that strangers hand in: nearly sound values, odd ones, and accidents."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.harness.hostile import cases

PICTURE = "v1-" + "e" * 64
# What people and attackers put where a value should stand.
odd_text = st.sampled_from(
    [
        "",
        " ",
        "\0",
        "\x1b[2J",
        "\ud800",
        "\u202e",
        "::error::",
        "##[x]",
        "{{ x }}",
        "{% raw %}",
        "../..",
        "é",
        "e\u0301",
        "😀",
        "null",
        "~",
        "yes",
        "0x1",
        "1:30",
        "- a",
        ": ",
        " #",
        "&a",
        "*a",
        "<<",
        "!!str",
        "|",
        "=x",
        "a" * 300,
        "9" * 30,
        "%",
        "@x",
    ]
)
odd_number = st.sampled_from(
    [0, -1, 1, 4, 7, 8, 2**31, 2**63, -(2**63), 10**29, 0.1, -0.0, 1e-9, 1e308, 12.5]
)
scalar = (
    st.none()
    | st.booleans()
    | odd_number
    | odd_text
    | st.text(max_size=8)
    | st.integers()
    | st.floats()
)
keys = (
    st.sampled_from(
        [
            "version",
            "scene",
            "title",
            "settings",
            "vars",
            "matrix",
            "shots",
            "id",
            "prompt",
            "file",
            "frames",
            "first",
            "last",
            "skip",
            "draft",
            "aspect",
            "include",
            "exclude",
            "seed",
            "model",
            "duration",
            "resolution",
            "providerSettings",
            "bytedance",
            "audio",
            "inputs",
            "frameImages",
            "tasks",
            "takes",
            "#1",
            "fields",
            "data",
            "errors",
            "error",
            "code",
            "taskUUID",
            "cost",
            "status",
        ]
    )
    | odd_text
)
tree = st.recursive(
    scalar,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=14,
)


def spoiled(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return texts as they are, cut, doubled, or with something odd put in."""

    def spoil(drawn: tuple[str, int, int, str]) -> str:
        whole, at, lost, piece = drawn
        at %= len(whole) + 1
        return whole[:at] + piece + whole[at + lost :]

    broken = st.tuples(
        text,
        st.integers(0, 4000),
        st.sampled_from([0, 0, 1, 3, 40]),
        odd_text | st.text(max_size=3),
    ).map(spoil)
    return text | broken | broken


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


# Scenes: a grammar of our own words with honest and odd values, as YAML's flow form (JSON).
words = st.sampled_from(
    [
        "gulls over a pier",
        "{{ look }}",
        "{{ look|upper }} and {{ n + 1 }}",
        "{% for a in many %}{{ a }}{% endfor %}",
    ]
)
setting = st.fixed_dictionaries(
    {},
    optional={
        "model": st.sampled_from(
            ["bytedance:seedance@1.5-pro", "bytedance:seedance@1.0-pro", "x:y@1"]
        )
        | scalar,
        "resolution": st.sampled_from(["480p", "720p", "1080p"]) | scalar,
        "duration": st.integers(1, 14) | scalar,
        "seed": scalar,
        "numberResults": st.integers(0, 5) | scalar,
        "width": st.sampled_from([864, 1280]) | scalar,
        "providerSettings": st.fixed_dictionaries({"bytedance": tree}) | tree,
        "inputs": tree,
        "outputFormat": st.sampled_from(["MP4", "WEBM"]) | scalar,
    },
)
variables = st.fixed_dictionaries(
    {},
    optional={
        "look": odd_text | words,
        "n": scalar,
        "many": st.lists(scalar, max_size=3),
        "cast": tree,
    },
)
axes = st.fixed_dictionaries(
    {},
    optional={
        "seed": st.lists(st.integers(1, 5), max_size=3) | tree,
        "resolution": st.just(["480p", "720p"]),
        "look": st.lists(scalar, max_size=3),
        "aspect": st.just(["16:9"]) | tree,
        "draft": tree,
        "include": tree,
        "exclude": st.just([{"seed": 1}]) | tree,
    },
)
image = odd_text | st.sampled_from(
    ["a.png", "https://h.example/a.png", "data:image/png;base64,AAAA"]
)
other_shot = st.fixed_dictionaries(
    {"shot": st.sampled_from(["a", "b", "c", "pier/a", "quay/a"]) | odd_text},
    optional={
        "frame": st.sampled_from(["first", "last", 1.5, "36f"]) | scalar,
        "mode": st.sampled_from(["chain", "pin"]) | scalar,
    },
)
keyframe = st.fixed_dictionaries({"keyframe": st.just("dusk") | odd_text})
frames = st.fixed_dictionaries(
    {}, optional={"first": image | other_shot | keyframe, "last": tree | other_shot | keyframe}
)
shot = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["a", "b", "c"]) | odd_text,
        "prompt": words | odd_text | st.just({"file": "a.j2"}) | tree,
    },
    optional={
        "settings": setting | tree,
        "vars": variables | tree,
        "matrix": axes | tree,
        "frames": frames,
        "skip": st.booleans() | scalar,
        "notes": scalar,
        "title": scalar,
    },
)
layer = {
    "settings": setting,
    "vars": variables,
    "matrix": axes,
    "aspect": st.sampled_from(["16:9", "1:1"]) | scalar,
    "draft": scalar,
    "title": scalar,
    "keyframes": st.dictionaries(st.just("dusk") | odd_text, image | other_shot, max_size=2)
    | tree,
    "extra": tree,
}
scene = st.fixed_dictionaries(
    {
        "version": st.just(1) | scalar,
        "scene": st.just("pier") | odd_text,
        "shots": st.lists(shot, max_size=3) | tree,
    },
    optional=layer,
)
seeds = st.sampled_from(
    [
        data.decode("utf-8", "replace")
        for one in cases()
        for name, data in one.files.items()
        if name.endswith(".yaml") and len(data) < 3000
    ]
)
# The same with good values only: what is accepted must go all the way, odd words in it or not.
prose = st.sampled_from(
    [
        "gulls over a pier",
        "{{ look }} and {{ n + 1 }}",
        "{{ look|upper }}",
        "::error::x",
        "##[group]",
        "é 😀 [/b]",
    ]
) | st.text(
    st.characters(codec="utf-8", exclude_characters="{}%#\\", exclude_categories=["C", "Z"]),
    min_size=1,
    max_size=30,
)
good_settings = st.fixed_dictionaries(
    {
        "model": st.just("bytedance:seedance@1.5-pro"),
        "resolution": st.sampled_from(["480p", "720p"]),
        "duration": st.integers(4, 12),
    },
    optional={
        "seed": st.integers(0, 2**31 - 1),
        "numberResults": st.integers(1, 4),
        "outputFormat": st.sampled_from(["MP4", "WEBM", "MOV"]),
        "providerSettings": st.fixed_dictionaries(
            {
                "bytedance": st.fixed_dictionaries(
                    {}, optional={"audio": st.booleans(), "cameraFixed": st.booleans()}
                )
            }
        ),
    },
)
good_shot = st.fixed_dictionaries(
    {"prompt": prose | st.just({"file": "a.j2"})},
    optional={
        "title": prose,
        "notes": prose,
        "skip": st.booleans(),
        "settings": st.fixed_dictionaries({"duration": st.integers(4, 12)}),
        "frames": st.fixed_dictionaries(
            {"first": st.fixed_dictionaries({"shot": st.sampled_from(["s0", "s1", "s2"])})}
        ),
        "matrix": st.fixed_dictionaries(
            {"seed": st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True)},
            optional={"look": st.lists(prose, min_size=1, max_size=2, unique=True)},
        ),
    },
)
good_scene = st.builds(
    lambda top, shots: {**top, "shots": [{**one, "id": f"s{at}"} for at, one in enumerate(shots)]},
    st.fixed_dictionaries(
        {
            "version": st.just(1),
            "scene": st.just("pier"),
            "settings": good_settings,
            "vars": st.fixed_dictionaries({"look": prose, "n": st.integers(0, 9)}),
        },
        optional={"title": prose, "aspect": st.sampled_from(["16:9", "1:1", "9:16"])},
    ),
    st.lists(good_shot, min_size=1, max_size=3),
)
specs = spoiled(scene.map(as_json) | seeds | good_scene.map(as_json)) | good_scene.map(as_json)


# Templates: statements and expressions by grammar.
name = st.sampled_from(
    [
        "look",
        "n",
        "many",
        "cast",
        "cast.hero",
        "many[0]",
        "loop.index",
        "nothing",
        "self",
        "range",
        "m",
        "lib",
        "x.__class__",
    ]
)
literal = st.sampled_from(
    [
        "1",
        "0",
        "-2",
        "2.5",
        "1e999",
        "'a'",
        "''",
        "true",
        "none",
        "[]",
        "[1,2]",
        "{'a': 1}",
        "'%s'",
        "10**9",
        "'A'*99999",
    ]
)
filters = st.sampled_from(
    [
        "upper",
        "join(', ')",
        "default('a')",
        "default(self)",
        "replace('a','b')",
        "list",
        "length",
        "sort",
        "first",
        "map('upper')",
        "selectattr('a')",
        "batch(2)",
        "round(2)",
        "int",
        "trim",
        "truncate(5)",
        "wordwrap(1)",
        "tojson",
        "attr('x')",
        "random",
        "dictsort",
        "unique",
        "center(99999999)",
        "format(1)",
        "sum",
        "items",
        "reject('odd')",
        "indent(9)",
    ]
)
operators = st.sampled_from(
    ["+", "-", "*", "/", "//", "%", "**", "~", "==", "<", "and", "or", "in", "is", "not in"]
)
expression = st.recursive(
    name | literal,
    lambda inner: (
        st.tuples(inner, operators, inner).map(" ".join)
        | st.tuples(inner, filters).map("|".join)
        | inner.map("({})".format)
        | st.tuples(inner, inner).map("{0[0]}[{0[1]}]".format)
        | st.tuples(inner, inner).map("{0[0]} if {0[1]} else 1".format)
        | st.tuples(name, inner).map("{0[0]}({0[1]})".format)
    ),
    max_leaves=6,
)
statement = st.recursive(
    expression.map("{{{{ {} }}}}".format)
    | st.sampled_from(
        [
            "text",
            " ",
            "\n",
            "{# c #}",
            "{% include 'b.j2' %}",
            "{% import 'b.j2' as lib %}",
            "{% from 'b.j2' import m %}",
            "{% include n %}",
            "{% extends 'b.j2' %}",
        ]
    ),
    lambda inner: (
        st.tuples(expression, inner).map(
            "{{% if {0[0]} %}}{0[1]}{{% else %}}z{{% endif %}}".format
        )
        | st.tuples(expression, inner).map(
            "{{% for a in {0[0]} %}}{0[1]}{{{{ a }}}}{{% endfor %}}".format
        )
        | st.tuples(name, expression).map("{{% set {0[0]} = {0[1]} %}}".format)
        | inner.map("{{% macro m(a, b=1) %}}{}{{% endmacro %}}{{{{ m(1) }}}}".format)
        | st.tuples(inner, inner).map("".join)
        | inner.map("{{% raw %}}{}{{% endraw %}}".format)
        | inner.map("{{% filter upper %}}{}{{% endfilter %}}".format)
    ),
    max_leaves=8,
)
templates = st.tuples(
    spoiled(statement),
    st.dictionaries(st.sampled_from(["look", "n", "many", "cast"]), tree, max_size=4),
)


# Lockfiles, plans and picks: rows that are nearly sound.
take = st.fixed_dictionaries(
    {
        "fingerprint": st.just(PICTURE) | scalar,
        "sha256": st.just("e" * 64) | scalar,
        "size": st.just(9) | scalar,
        "format": st.just("mp4") | scalar,
    },
    optional={
        "seed": st.integers(0, 9) | scalar,
        "cost": st.just("0.1") | scalar,
        "estimate": scalar,
        "taskUUID": st.just("t") | scalar,
        "url": odd_text,
    },
)
entry = st.fixed_dictionaries(
    {
        "fingerprint": st.just(PICTURE) | scalar,
        "takes": st.dictionaries(st.sampled_from(["#1", "#2", "#0", "1"]), take | tree, max_size=2)
        | tree,
    },
    optional={
        "fields": st.dictionaries(keys, scalar, max_size=3) | tree,
        "frames": st.dictionaries(st.just("first") | odd_text, tree, max_size=2) | tree,
        "retired": scalar,
    },
)
lock = st.fixed_dictionaries(
    {
        "version": st.just(1) | scalar,
        "lineage": st.just("l") | scalar,
        "tasks": st.dictionaries(
            st.sampled_from(["a/b", "a/c@seed=1"]) | odd_text, entry | tree, max_size=3
        )
        | tree,
    }
)
good_take = st.fixed_dictionaries(
    {
        "fingerprint": st.just(PICTURE),
        "sha256": st.text("0123456789abcdef", min_size=64, max_size=64),
        "size": st.integers(0, 2**40),
        "format": st.sampled_from(["mp4", "webm"]),
    },
    optional={
        "seed": st.integers(0, 2**63),
        "cost": st.just("0.41688"),
        "taskUUID": st.uuids().map(str),
        "draftId": st.just("cgt-1"),
    },
)
good_lock = st.fixed_dictionaries(
    {
        "version": st.just(1),
        "lineage": st.just("l"),
        "tasks": st.dictionaries(
            st.from_regex(r"[a-z]{1,5}/[a-z]{1,5}(@seed=[0-9])?", fullmatch=True),
            st.fixed_dictionaries(
                {
                    "fingerprint": st.just(PICTURE),
                    "takes": st.dictionaries(
                        st.sampled_from(["#1", "#2", "#10"]), good_take, max_size=2
                    ),
                },
                optional={
                    "fields": st.dictionaries(
                        st.sampled_from(["seed", "a.b"]),
                        st.integers() | st.booleans() | odd_text,
                        max_size=2,
                    ),
                    "retired": st.booleans(),
                },
            ),
            max_size=3,
        ),
    }
)
locks = spoiled(
    lock.map(as_json) | lock.map(json.dumps) | tree.map(json.dumps) | good_lock.map(as_json)
) | good_lock.map(as_json)


row = st.fixed_dictionaries(
    {"address": st.just("a/b") | scalar, "action": st.just("create") | tree},
    optional={"fingerprint": scalar, "takes": scalar, "cost": tree, "have": tree},
)
plans = spoiled(
    st.fixed_dictionaries(
        {"version": st.just(1) | tree, "tasks": st.lists(row | tree, max_size=3) | tree},
        optional={"provider": tree, "summary": tree, "lock": tree},
    ).map(json.dumps)
    | tree.map(json.dumps)
)


pick = st.fixed_dictionaries(
    {"take": st.just("a/b#1") | scalar, "why": odd_text},
    optional={"sha256": st.just("e" * 64) | scalar, "by": scalar, "parts": tree},
)
picks = spoiled(
    st.fixed_dictionaries(
        {
            "version": st.just(1) | scalar,
            "picks": st.dictionaries(st.sampled_from(["a/b"]) | odd_text, pick | tree, max_size=3)
            | st.lists(pick, max_size=2)
            | tree,
        }
    ).map(as_json)
    | tree.map(as_json)
)


# Bodies of the API, and request JSON to import.
item = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            "taskUUID",
            "status",
            "videoUUID",
            "videoURL",
            "seed",
            "cost",
            "progress",
            "outputs",
            "code",
            "message",
            "parameter",
            "allowedValues",
            "error",
            "NSFWContent",
        ),
        scalar | tree,
    ),
)
body = st.fixed_dictionaries(
    {},
    optional={
        "data": st.lists(item, max_size=3) | tree,
        "errors": st.lists(item, max_size=2) | tree,
        "error": tree,
    },
)
bodies = (
    spoiled(body.map(json.dumps) | body.map(as_json) | tree.map(json.dumps)).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    )
) | st.binary(max_size=40)


request = st.fixed_dictionaries(
    {"model": st.just("bytedance:seedance@1.5-pro") | scalar, "positivePrompt": words | odd_text},
    optional={
        "taskType": st.just("videoInference") | scalar,
        "duration": scalar,
        "width": scalar,
        "height": scalar,
        "seed": scalar,
        "inputs": tree,
        "providerSettings": tree,
        "title": scalar,
        "x": tree,
    },
)
good_request = st.fixed_dictionaries(
    {
        "taskType": st.just("videoInference"),
        "model": st.just("bytedance:seedance@1.5-pro"),
        "positivePrompt": prose,
        "width": st.just(1280),
        "height": st.just(720),
        "duration": st.integers(4, 12),
    },
    optional={
        "seed": st.integers(0, 2**31 - 1),
        "numberResults": st.integers(1, 4),
        "includeCost": st.booleans(),
        "outputFormat": st.sampled_from(["MP4", "WEBM"]),
    },
)
good_requests = (
    good_request
    | st.lists(good_request, min_size=1, max_size=3)
    | st.fixed_dictionaries({"title": prose, "request": good_request})
).map(as_json)
requests = good_requests | spoiled(
    good_requests
    | (
        request
        | st.lists(request, max_size=3)
        | st.fixed_dictionaries({"title": scalar, "request": request})
    ).map(as_json)
    | tree.map(as_json)
)
