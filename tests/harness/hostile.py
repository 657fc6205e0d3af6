"""Hostile and broken projects: the files of each, and what the answer must hold.

`name` starts with the area. `said` is a part of what `renderer validate` prints, with the place
where there is one; an empty `said` means that the project is sound.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

MODEL = "bytedance:seedance@1.5-pro"
TOP = "version: 1\nscene: pier\n"
SETTINGS = f"settings: {{model: {MODEL}, resolution: 480p, duration: 4}}\n"
SHOTS = "shots:\n  - {id: gulls, prompt: gulls over a pier}\n"
SOUND = TOP + SETTINGS + SHOTS


@dataclass(frozen=True)
class Case:
    """One project: what is in it, and what is said of it."""

    name: str
    said: str
    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    fifos: tuple[str, ...] = ()


def scene(name: str, said: str, text: str | bytes) -> Case:
    """Return a project of one scene file."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return Case(name, said, {"specs/s.yaml": data})


def line(name: str, said: str, text: str) -> Case:
    """Return a sound scene with one line more at its top, which is line 3."""
    return scene(name, said, TOP + text + "\n" + SETTINGS + SHOTS)


def prompt(name: str, said: str, template: str, **more: str) -> Case:
    """Return a scene whose one prompt is a template file; `more` are other templates."""
    text = TOP + SETTINGS + "vars: {x: [1, 2, 3], cast: {hero: Ada}, word: fog}\n"
    text += "shots:\n  - {id: gulls, prompt: {file: main.j2}}\n"
    files = {f"templates/{other}.j2": body.encode() for other, body in more.items()}
    own = {"specs/s.yaml": text.encode(), "templates/main.j2": template.encode()}
    return Case(name, said, {**own, **files})


def frame(name: str, said: str, image: str, **more: bytes) -> Case:
    """Return a scene whose first frame is `image`; `more` are the files in assets/."""
    text = f"{TOP}{SETTINGS}frames:\n  first: {image}\n{SHOTS}"
    files = {f"assets/{name.replace('_', '.')}": data for name, data in more.items()}
    return Case(name, said, {"specs/s.yaml": text.encode(), **files})


def rows(name: str, said: str, data: bytes, *, file: str = "p.csv", more: str = "") -> Case:
    """Return a scene whose one shot stands for each row of a data file."""
    shot = f"  - {{id: 'g-{{{{ item.a }}}}', each: {{file: data/{file}}}, prompt: gulls{more}}}\n"
    spec = f"{TOP}{SETTINGS}shots:\n{shot}"
    return Case(name, said, {"specs/s.yaml": spec.encode(), f"data/{file}": data})


def cases() -> Iterator[Case]:
    """Yield every case; names are unique."""
    yield from _yaml()
    yield from _bombs()
    yield from _schema()
    yield from _templates()
    yield from _exhaustion()
    yield from _assets()
    yield from _data()


def _data() -> Iterator[Case]:
    at = "data/p.csv:"
    many = b"".join(b"r%d,x\n" % row for row in range(9_000))
    yield rows("data-sound", "", b"a,b\n1,x\n2,y\n")
    yield rows("data-large", "specs/s.yaml:5:", bytes(9 << 20))
    yield rows("data-nul", at + "2:1: control character U+0000", b"a,b\n\0,x\n")
    yield rows("data-zeros", at, bytes(8 << 20))
    yield rows("data-escape", at + "2:1: control character U+001B", b"a,b\n\x1b[2J,x\n")
    yield rows("data-quote", at + "2:1: a cell has more", b'a,b\n"' + b"x\n" * 4_000_000)
    yield rows("data-ends", at, b"a\n" * (4 << 20))
    yield rows("data-commas", at + "1:1: ", b"a" + b"," * (4 << 20))
    yield rows("data-uneven", "only the first are shown", b"a,b\n" + b"1\n" * 1_000_000)
    yield rows("data-ids", "rows or more have problems", b"a,b\n" + many.replace(b"r", b"R"))
    yield rows("data-twice", "is used twice", b"a,b\n" + b"1,x\n" * 9_000)
    yield rows(
        "data-work",
        "more work than",
        b"a,b\n" + many,
        more=", title: '{% for x in range(1000) %}{% for y in range(1000) %}{% endfor %}{% endfor %}'",
    )
    long = "x" * 20_000
    yield rows(
        "data-text",
        "MiB of text",
        b"a,b\n" + many,
        more=f", vars: {{x: '{long}{{{{ item.b }}}}'}}",
    )
    yield rows("data-open", "data/p.json:1:31: it is no JSON", b'[{"a":' * 100_000, file="p.json")
    yield rows("data-pieces", "data/p.json", b"[" + b"[]," * 2_000_000 + b"1]", file="p.json")
    yield rows("data-anchors", "data/p.yaml", b"- &a {a: 1}\n- *b\n", file="p.yaml")
    link = rows("data-link", "is a link", b"")
    yield Case(link.name, link.said, {"specs/s.yaml": link.files["specs/s.yaml"]},
               {"data/p.csv": "/proc/self/environ"})  # fmt: skip
    pipe = rows("data-pipe", "not a regular file", b"")
    yield Case(pipe.name, pipe.said, {"specs/s.yaml": pipe.files["specs/s.yaml"]},
               fifos=("data/p.csv",))  # fmt: skip


def _yaml() -> Iterator[Case]:
    at = "specs/s.yaml:"
    yield line(
        "yaml-twice", at + "4:1: 'title' is given twice, first at line 3", "title: a\ntitle: b"
    )
    yield line("yaml-octal", at + "3:14: the number 0755 is octal", "vars: {seed: 0755}")
    yield line("yaml-octal-o", at + "3:14: the number 0o755", "vars: {seed: 0o755}")
    yield line("yaml-sixty", at + "3:12: ", "vars: {at: 2:45}")
    yield line("yaml-number-title", at + "3:8: 'title' must be text", "title: 1.10")
    yield line("yaml-date", at + "3:13: the date", "vars: {day: 2025-02-03}")
    yield line("yaml-no-date", at + "3:13: the date", "vars: {day: 2025-14-41}")
    yield line("yaml-infinite", at + "3:13: ", "vars: {fps: .inf}")
    yield line("yaml-lost", at + "3:8: the text after ' #'", "title: studio #4 door")
    yield line("yaml-colon", at + "3:14: a value that holds ': '", "title: a wide: shot")
    yield line("yaml-braces", at + "3:9: a value that starts with {{", "title: {{ word }}")
    yield line("yaml-tab", at + "4:", "vars:\n\tword: 1")
    yield scene(
        "yaml-latin", at + "1:13: the file is not UTF-8: byte 12 is 0xE9", b"title: a caf\xe9\n"
    )
    yield scene("yaml-wide", at + "1:1: the file is not UTF-8: it starts", SOUND.encode("utf-16"))
    yield scene("yaml-mark", "", b"\xef\xbb\xbf" + SOUND.encode())
    yield scene("yaml-crlf", "", SOUND.replace("\n", "\r\n"))
    yield from _characters(at)
    yield from _documents(at)


def _characters(at: str) -> Iterator[Case]:
    yield line("yaml-nul", at + "3:8: control character U+0000", r'title: "\0"')
    yield line("yaml-escape", at + "3:8: control character U+001B", r'title: "\e[2J"')
    yield line("yaml-half", at + "3:11: ", r'title: "\uDC00"')
    yield line("yaml-separator", at + "3:8: control character U+2029", r'title: "a\u2029b"')
    yield line("yaml-bidi", at + "3:8: invisible character U+202E", r'title: "a\u202eb"')


def _documents(at: str) -> Iterator[Case]:
    yield line(
        "yaml-python", at + "3:8: tags are not allowed", "title: !!python/name:os.system ''"
    )
    yield line("yaml-binary", at + "3:8: tags are not allowed", "title: !!binary aGk=")
    yield line("yaml-set", at + "3:7: tags are not allowed", "vars: !!set {a, b}")
    yield scene(
        "yaml-two", at + "3:1: more than one document", SOUND.split("set")[0] + "---\nb: 2\n"
    )
    yield scene("yaml-empty", "specs/s.yaml: the file is empty", "")
    yield scene("yaml-list", "the top of the file must be a mapping, found a list", "- 1\n")
    yield line(
        "yaml-conflict", at + "3:1: unresolved merge conflict", "<<<<<<< HEAD\ntitle: a\n======="
    )
    yield scene("yaml-cut", at, SOUND[:-9])


def _bombs() -> Iterator[Case]:
    at = "specs/s.yaml:"
    laughs = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30)
    )
    merge = "b0: &b0 {x: 1}\n" + "".join(
        f"b{n}: &b{n} {{<<: [{', '.join([f'*b{n - 1}'] * 9)}]}}\n" for n in range(1, 8)
    )
    yield scene("yaml-laughs", "aliases are larger", laughs)
    yield scene("yaml-merges", "aliases are larger", merge)
    yield scene("yaml-knot", at + "1:8: *a refers to a value that contains it", "a: &a [*a]\n")
    for name, text in {
        "lists": "[" * 30_000 + "]" * 30_000,
        "dashes": "- " * 30_000 + "x",
        "maps": "{a: " * 30_000,
    }.items():
        yield scene(f"yaml-deep-{name}", "nested deeper than 64", text)
    yield scene("yaml-digits", at + "1:4: ", "a: " + "7" * 5000)
    yield scene("yaml-hex", at + "1:4: a value has 1000002 characters", "a: 0x" + "e" * 1_000_000)
    yield scene("yaml-sixties", at, "a: " + "1:" * 30_000 + "1")
    yield scene("yaml-large", "the limit is 1048576", "a: " + "x" * (1 << 20))
    yield scene("yaml-many", "more than 100000 values", "a: [" + "1, " * 200_000 + "1]")


def _schema() -> Iterator[Case]:
    at = "specs/s.yaml:"
    yield scene(
        "sch-version", at + "1:10: version 2 is newer", SOUND.replace("version: 1", "version: 2")
    )
    yield scene(
        "sch-float", at + "1:10: 'version' must be", SOUND.replace("version: 1", "version: 1.0")
    )
    yield scene(
        "sch-unknown",
        "unknown key 'promtp'; did you mean 'prompt'?",
        SOUND.replace("prompt:", "promtp:"),
    )
    yield scene(
        "sch-twice", "shot id 'gulls' is used twice, first at line 5", SOUND + SHOTS.split("\n")[1]
    )
    for bad, why in {
        "Gulls": "capital letters",
        "nul": "a reserved name on Windows",
        "lpt¹": "a character not allowed in ids",
        "-rf": "starts or ends with",
        "b" * 64: "at most 63",
        "\uff42": "a character not allowed in ids",
        r'"b\n"': "a character not allowed in ids",
    }.items():
        yield scene(f"sch-id-{why[-9:]}-{len(bad)}", why, SOUND.replace("id: gulls", f"id: {bad}"))
    for value in ("-4", "7.5", "true", "99", "1.0e400", "3"):
        yield scene(
            f"sch-duration-{value}", at + "3:", SOUND.replace("duration: 4", f"duration: {value}")
        )
    yield scene(
        "sch-seed",
        at + "3:",
        SOUND.replace("duration: 4", "duration: 4, seed: 9223372036854775808"),
    )
    axes = "".join(f"  v{n}: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n" for n in range(10))
    yield line(
        "sch-matrix", "has 10000000000 tasks, the limit is 10000", f"matrix:\n{axes.rstrip()}"
    )
    yield line("sch-same", "would be paid for twice", "matrix: {seed: [4, 4]}")
    yield line(
        "sch-exclude",
        at + "3:34: this exclude matches no cell",
        "matrix: {seed: [1, 2], exclude: [{seed: 9}]}",
    )
    for key in (
        "extends: https://h.example/b.yaml",
        "plugins: [./a.py]",
        "cache: s3://other",
        "ffmpeg_args: [-i, /etc/hosts]",
        "webhook: http://169.254.169.254/",
        "cut: [gulls]",
        "$schema: https://h.example/s.json",
        "base_url: https://h.example",
        "hooks: {pre: id}",
    ):
        yield line(f"sch-key-{key.split(':')[0]}", at + "3:1: ", key)
    yield line("sch-secret", at + "3:1: 'api_key'", "api_key: rw-canary-0123456789")
    yield scene(
        "sch-secret-inner",
        "a key or a secret is not allowed",
        SOUND.replace("duration: 4", "apiKey: rw-canary-0123456789"),
    )
    yield line("sch-budget", at, "budget: {max: .inf}")
    yield line("sch-excludes", "too many includes and excludes", _excludes())
    shots = "".join(f"  - {{id: s{n}, prompt: a}}\n" for n in range(60))
    seeds = ", ".join(map(str, range(1, 1001)))
    yield scene(
        "sch-tasks",
        "the limit is 50000",
        f"{TOP}{SETTINGS}matrix: {{seed: [{seeds}]}}\nshots:\n{shots}",
    )


def _excludes() -> str:
    seeds = ", ".join(map(str, range(1, 101)))
    rules = "".join(f"    - {{seed: {n}, y: {n}}}\n" for n in range(1, 1000))
    return f"matrix:\n  seed: [{seeds}]\n  y: [{seeds}]\n  exclude:\n{rules.rstrip()}"


def _templates() -> Iterator[Case]:
    at = "templates/main.j2:1:1: "
    for name, text in {
        "mro": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "globals": "{{ joiner.__init__.__globals__.os.popen('id').read() }}",
        "attr": "{{ ('{0.__class__}'|attr('format'))(1) }}",
        "map-format": "{{ ['x']|map('{0.__class__}'.format)|list }}",
        "lipsum": "{{ lipsum(n=1000) }}",
        "random": "{{ x|random }}",
        "self": "{{ nothing|default(self) }}",
        "namespace": "{% set n = namespace(s='a') %}{{ n.s }}",
        "generator": "{{ x|map('upper') }}",
        "list": "{{ x }}",
        "mapping": "{{ cast }}",
        "division": "{{ 1/0 }}",
        "include-name": "{% include word %}",
        "import-missing": "{% import 'none.j2' as m %}{{ m.a() }}",
        "call": "{{ word() }}",
        "extends": "{% extends 'main.j2' %}",
        "now": "{{ now() }}",
        "do": "{% do x.append(1) %}",
        "item": "{{ cast['__class__'] }}",
        "format": "{{ '{0.__class__}'.format(1) }}",
        "percent": "{{ '%s' % x }}",
        "xmlattr": "{{ cast|xmlattr }}",
        "tojson": "{{ x|tojson(indent=100000000) }}",
        "debug": "{% debug %}",
        "float": "{{ 1e999 }}",
        "escape": "{{ '\\x1b[2J' }}",
    }.items():
        yield prompt(f"tpl-{name}", at, text)
    yield prompt(
        "tpl-typo", at + "'heor' is not a value of cast; did you mean 'hero'?", "{{ cast.heor }}"
    )
    yield prompt("tpl-open", "templates/main.j2:1", "{{ cast.hero")
    yield prompt("tpl-blank", "the prompt is empty after rendering", "{% raw %} {% endraw %}")
    yield prompt("tpl-decimal", "", "{{ 0.1 + 0.2 }} of the way")
    yield prompt(
        "tpl-loop-import",
        "calls itself",
        "{% include 'other.j2' %}",
        other="{% include 'main.j2' %}",
    )
    latin = prompt("tpl-latin", "templates/main.j2: it is not UTF-8 at byte 3", "")
    yield Case(latin.name, latin.said, {**latin.files, "templates/main.j2": b"caf\xe9"})
    for bad in (
        '"a\'\\nb.j2"',
        "../../etc/passwd",
        "/etc/passwd",
        "c:main.j2",
        "main.txt",
        "MAIN.j2",
    ):
        text = f"{TOP}{SETTINGS}shots:\n  - {{id: gulls, prompt: {{file: {bad}}}}}\n"
        yield scene(f"tpl-name-{bad[:8]}", "specs/s.yaml:5:32: ", text)
    base = prompt("tpl-link", "is a link, and links are not followed", "")
    spec = {"specs/s.yaml": base.files["specs/s.yaml"]}
    yield Case("tpl-link", base.said, spec, {"templates/main.j2": "/proc/self/environ"})
    yield Case("tpl-link-folder", "is a link", spec, {"templates": "/etc"})
    yield Case("tpl-fifo", "not a regular file", spec, fifos=("templates/main.j2",))
    yield Case(
        "tpl-directory", "there is no templates/main.j2", {**spec, "templates/main.j2/a.j2": b"x"}
    )


def _exhaustion() -> Iterator[Case]:
    at = "templates/main.j2:1:1: "
    for name, text in {
        "power": "{{ 'A' * 10**9 }}",
        "text": "{{ 'A' * 500000000 }}",
        "list": "{{ [0] * 500000000 }}",
        "tower": "{{ (9 ** (9 ** 9)) > 1 }}",
        "range": "{{ range(10**9)|list }}",
        "nest": "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
        "iterations": "{% for a in range(999) %}{% for b in range(999) %}x{% endfor %}{% endfor %}",
        "three": "{% for a in x %}{% for b in x %}{% for c in x %}{% endfor %}{% endfor %}{% endfor %}",
        "percent": "{{ '%900000000d' % 1 }}",
        "width": "{{ '{:>900000000}'.format('x') }}",
        "join": "{{ range(1000)|join('B'*100000) }}",
        "wrap": "{{ 'a b'|wordwrap(1) }}",
        "slice": "{{ x|slice(100000000)|list }}",
        "batch": "{{ x|batch(100000000, 'a')|list }}",
        "center": "{{ 'a'|center(900000000) }}",
        "indent": "{{ 'a'|indent(900000000) }}",
        "macro": "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}",
        "ifs": "{% if 1 %}" * 300 + "x" + "{% endif %}" * 300,
        "brackets": "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}",
        "minus": "{{ " + "-" * 3000 + "1 }}",
        "not": "{{ " + "not " * 3000 + "1 }}",
        "chain": "{{ word" + "|upper" * 3000 + " }}",
        "marks": "{{ word }}" * 6000,
        "concat": "{{ " + "~".join(["word"] * 5000) + " }}",
    }.items():
        yield prompt(f"exh-{name}", "templates/main.j2:", text)
    yield prompt(
        "exh-doubling",
        at,
        "".join(
            f"{{% set a{n} = {'word' if not n else f'a{n - 1} ~ a{n - 1}'} %}}" for n in range(40)
        )
        + "{{ a39 }}",
    )
    yield prompt(
        "exh-fan",
        at,
        "".join(
            f"{{% macro m{n}() %}}{{{{ m{n + 1}() }}}}{{{{ m{n + 1}() }}}}{{% endmacro %}}"
            for n in range(40)
        )
        + "{% macro m40() %}x{% endmacro %}{{ m0() }}",
    )
    yield prompt("exh-large", "templates/main.j2", "{{ word }}" * 100_000)
    long = "templates/main.j2 is too large"
    yield prompt("exh-huge", long, "x" * (1 << 17))


def _assets() -> Iterator[Case]:
    at = "specs/s.yaml:5:10: "
    for bad in (
        "../../home/me/.ssh/id_rsa.png",
        "/etc/passwd.png",
        "~/a.png",
        "http://169.254.169.254/a",
        "file:///etc/passwd",
        "https://127.0.0.1/a.png",
        "https://u:p@h.example/a.png",
        "nul.png",
        "'a /x.png'",
        "'a:stream.png'",
        "'C:x.png'",
        r"\\h\share\x.png",
        "a.svg",
        "ftp://h.example/a.png",
    ):
        yield frame(f"ast-{bad[:16]}", at, bad)
    yield frame(
        "ast-missing",
        at + "there is no file assets/frist.png; did you mean 'assets/first.png'?",
        "assets/frist.png",
        first_png=b"x",
    )
    yield frame("ast-empty", at + "assets/a.png is empty", "assets/a.png", a_png=b"")
    yield frame(
        "ast-lfs",
        at + "assets/a.png is a Git LFS pointer that cannot be read",
        "assets/a.png",
        a_png=b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
    )
    yield frame(
        "ast-svg", at + "assets/a.png is an SVG", "assets/a.png", a_png=b"<svg xmlns='x'/>"
    )
    yield frame("ast-html", at + "assets/a.png is not a PNG", "assets/a.png", a_png=b"<html>")
    yield frame("ast-capitals", at, "assets/A.PNG", a_png=b"x")
    spec = frame("", "", "assets/a.png").files
    yield Case("ast-link", at + "assets/a.png is a link", spec, {"assets/a.png": "/etc/hostname"})
    yield Case("ast-link-folder", at + "assets/a.png is a link", spec, {"assets": "/etc"})
    yield Case("ast-device", at + "assets/a.png is a link", spec, {"assets/a.png": "/dev/zero"})
    yield Case(
        "ast-fifo", at + "assets/a.png is not a regular file", spec, fifos=("assets/a.png",)
    )
    yield Case(
        "ast-folder", at + "assets/a.png is not a regular file", {**spec, "assets/a.png/b": b""}
    )
    yield Case(
        "file-specs-link", "specs is a link", {"renderer.yaml": b"version: 1\n"}, {"specs": "/"}
    )
    yield Case(
        "file-spec-link",
        "is a link",
        {"specs/s.yaml": SOUND.encode()},
        {"specs/t.yaml": "/etc/passwd"},
    )
    yield Case(
        "file-spec-fifo",
        "not a regular file",
        {"specs/s.yaml": SOUND.encode()},
        fifos=("specs/t.yaml",),
    )
    yield Case(
        "file-yaml-link",
        "is a link",
        {"specs/s.yaml": SOUND.encode()},
        {"renderer.yaml": "/etc/passwd"},
    )
