"""The served page: who is let in, what can be changed, and what follows a running render."""

import asyncio
import hashlib
import json
import shutil
import subprocess
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.mutex import held
from renderer.app.review.picks import read_picks
from renderer.app.review.server import create_app
from renderer.catalog.catalog import Catalog
from renderer.cli.main import run
from renderer.errors import MachineError
from tests.harness.terminal import environment_of, program
from tests.review.conftest import SCENE, TOKEN, Look, Serve, Studio, ready, until

PORT = 8765
OWN = f"http://127.0.0.1:{PORT}"
SMALL = SCENE.partition("  - id: lamp")[0].replace("numberResults: 4", "numberResults: 2")


@pytest.fixture(scope="module")
def looked_at(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, films: dict[int, bytes]
) -> Studio:
    """Make a small project with all that a page has to know of its takes; it is only copied."""
    studio = Studio(root=tmp_path_factory.mktemp("small"), catalog=catalog, films=films)
    studio.spec(SMALL)
    studio.render()
    studio.reviewer().data()
    return studio


@pytest.fixture
def small(looked_at: Studio, tmp_path: Path) -> Studio:
    root = shutil.copytree(looked_at.root, tmp_path / "project", symlinks=True)
    return replace(looked_at, root=root)


def apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own: a browser may hold this one's event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Caller:
    """Speaks to the app without a network, with headers as a browser would send them."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.app = create_app(studio.reviewer(live=True), PORT, TOKEN)

    async def __call__(
        self, method: str, path: str, body: Any = None, **headers: str | None
    ) -> httpx.Response:
        named = {"cookie": f"review-{PORT}={TOKEN}"}
        if method == "POST":
            named |= {"origin": OWN, "content-type": "application/json"}
        named |= {key.replace("_", "-"): value for key, value in headers.items() if value}
        for key in [key for key, value in headers.items() if value is None]:
            named.pop(key.replace("_", "-"), None)
        content = None if body is None else json.dumps(body)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url=OWN
        ) as client:
            return await client.request(method, path, content=content, headers=named)

    def call(self, method: str, path: str, body: Any = None, **headers: str | None) -> Any:
        return apart(self(method, path, body, **headers))

    def choice(self, number: int = 1, seen: Any = None) -> dict[str, Any]:
        data = self.call("GET", "/data.json").json()["data"]
        shot = data["scenes"][0]["shots"][0]
        take = shot["tasks"][0]["takes"][number - 1]
        part = {
            "take": take["name"],
            "sha256": take["sha256"],
            "fingerprint": take["fingerprint"],
            "in": "",
            "out": "48f",
        }
        return {"shot": shot["shot"], "why": "it holds", "parts": [part], "seen": seen}


@pytest.fixture
def caller(small: Studio) -> Caller:
    return Caller(small)


@pytest.fixture(scope="module")
def watched(looked_at: Studio) -> Caller:
    """Return a caller of a project that no test changes."""
    return Caller(looked_at)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": f"localhost:{PORT}"}, 200),
        ({"host": "evil.example"}, 403),
        ({"host": f"127.0.0.1.evil.example:{PORT}"}, 403),
        ({"host": "127.0.0.1:1"}, 403),
        ({"host": f"[::1]:{PORT}"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"cookie": None}, 403),
        ({"cookie": f"review-{PORT}=guess"}, 403),
    ],
)
def test_every_path_is_for_this_machines_own_page_only(
    watched: Caller, headers: Mapping[str, str | None], status: int
) -> None:
    assert watched.call("GET", "/data.json", **headers).status_code == status
    assert watched.call("GET", "/state", **headers).status_code == status


def test_a_request_needs_exactly_one_host(watched: Caller) -> None:
    async def raw(headers: list[tuple[bytes, bytes]]) -> int:
        said: list[Any] = []
        scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}

        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            said.append(message)

        await watched.app(scope, receive, send)
        status: int = said[0]["status"]
        return status

    own = (b"host", f"127.0.0.1:{PORT}".encode())
    assert apart(raw([])) == 400
    assert apart(raw([own, (b"host", b"evil.example")])) == 400


def test_nothing_changes_but_by_a_post_from_the_page_itself(caller: Caller) -> None:
    choice = caller.choice()

    assert caller.call("GET", "/pick").status_code == 405
    for headers in (
        {"origin": None},
        {"origin": "https://evil.example"},
        {"content_type": "text/plain"},
        {"cookie": None},
        {"sec_fetch_site": "cross-site"},
    ):
        assert caller.call("POST", "/pick", choice, **headers).status_code == 403
    assert read_picks(caller.studio.files).by_slot == {}
    assert caller.call("POST", "/pick", choice).status_code == 200
    (part,) = read_picks(caller.studio.files).by_slot["harbour/quay"].parts
    assert (part.take, str(part.end)) == ("harbour/quay#1", "48f")


def test_an_old_page_is_told_so_and_changes_nothing(caller: Caller) -> None:
    first, second = caller.choice(1), caller.choice(2)
    assert caller.call("POST", "/pick", first).status_code == 200

    again = caller.call("POST", "/pick", first)
    assert (again.status_code, "already" in again.json()["message"]) == (200, True)
    late = caller.call("POST", "/pick", second)
    assert (late.status_code, "this page is out of date" in late.json()["message"]) == (409, True)

    seen = {"why": first["why"], "parts": first["parts"]}
    assert caller.call("POST", "/pick", {**second, "seen": seen}).status_code == 200
    caller.studio.spec(SMALL.replace("cold", "frost"))
    stale = caller.call(
        "POST", "/pick", {**first, "seen": {"why": "it holds", "parts": second["parts"]}}
    )
    assert (stale.status_code, "older picture" in stale.json()["message"]) == (409, True)
    assert read_picks(caller.studio.files).by_slot["harbour/quay"].parts[0].number == 2


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"shot": "../x"},
        {"shot": "harbour/quay", "why": "x", "parts": "no"},
        {"shot": "harbour/quay", "why": "", "parts": []},
        {"shot": "harbour/quay", "why": "a\u202eb", "parts": [{"take": "x"}]},
    ],
)
def test_a_choice_that_is_none_is_answered_and_writes_nothing(watched: Caller, body: Any) -> None:
    answer = watched.call("POST", "/pick", body)

    assert answer.status_code in (400, 409, 422)
    assert answer.json()["message"]
    assert not (watched.studio.root / "picks.yaml").exists()


def test_a_shot_of_several_takes_is_written_in_their_sequence(caller: Caller) -> None:
    first, second = caller.choice(1), caller.choice(2)
    both = {**first, "parts": [*second["parts"], *first["parts"]]}

    assert caller.call("POST", "/pick", both).status_code == 200

    parts = read_picks(caller.studio.files).by_slot["harbour/quay"].parts
    assert [part.take for part in parts] == ["harbour/quay#2", "harbour/quay#1"]


def test_an_out_behind_the_end_of_a_take_is_answered_and_not_written(watched: Caller) -> None:
    choice = watched.choice()
    choice["parts"][0]["out"] = "98f"

    answer = watched.call("POST", "/pick", choice)

    assert answer.status_code == 422
    assert "give an out of at most 97f" in answer.json()["message"]
    assert not (watched.studio.root / "picks.yaml").exists()


def test_a_pick_is_taken_back_by_the_page_that_saw_it(caller: Caller) -> None:
    choice = caller.choice()
    caller.call("POST", "/pick", choice)

    assert caller.call("POST", "/undo", {"shot": "harbour/quay", "seen": None}).status_code == 409
    seen = {"why": choice["why"], "parts": choice["parts"]}
    assert caller.call("POST", "/undo", {"shot": "harbour/quay", "seen": seen}).status_code == 200
    assert read_picks(caller.studio.files).by_slot == {}


def test_files_are_named_by_their_digest_and_by_nothing_else(watched: Caller) -> None:
    take = watched.choice()["parts"][0]
    name = f"/media/{take['sha256']}.mp4"

    whole = watched.call("GET", name)
    assert whole.headers["content-type"] == "video/mp4"
    assert hashlib.sha256(whole.content).hexdigest() == take["sha256"]
    part = watched.call("GET", name, range="bytes=10-19")
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert (
        watched.call("GET", f"/media/{take['sha256']}.jpg").headers["content-type"] == "image/jpeg"
    )
    for path in (
        f"/media/{'0' * 64}.mp4",
        f"/media/{take['sha256']}.html",
        f"/media/{take['sha256']}.webm",
        "/media/../picks.yaml",
        "/media/%2e%2e%2fpicks.yaml",
        "/app/../review.py",
        "/app/review.py",
        "/renderer.local.lock",
    ):
        assert watched.call("GET", path).status_code == 404, path


def test_an_object_that_is_html_is_never_served_as_html(studio: Studio) -> None:
    studio.spec(SMALL)
    studio.render(b"<!doctype html><script>alert(1)</script>")
    caller = Caller(studio)
    take = caller.choice()["parts"][0]

    answer = caller.call("GET", f"/media/{take['sha256']}.mp4")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/json"


def test_every_answer_carries_the_policy(watched: Caller) -> None:
    for path in ("/", "/state", "/app/main.js", "/app/sheet.css", "/nothing"):
        headers = watched.call("GET", path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    assert "data" not in watched.call("GET", "/", cookie=None).text.partition("<body>")[2]


def test_the_door_opens_with_the_token_and_with_nothing_else(watched: Caller) -> None:
    assert watched.call("POST", "/enter", {"token": "guess"}, cookie=None).status_code == 403
    answer = watched.call("POST", "/enter", {"token": TOKEN}, cookie=None)

    assert answer.status_code == 200
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=strict" in answer.headers["set-cookie"].lower()


HALVES = ["\ud800", "\udfff", "a\udc00b", TOKEN + "\ud800"]


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("path", ["/enter", "/pick", "/undo"])
def test_half_a_character_anywhere_in_a_body_is_answered(
    watched: Caller, path: str, half: str
) -> None:
    part = {"take": half, "sha256": half, "fingerprint": half, "in": half, "out": half}
    seen = {"why": half, "parts": [part]}
    for body in (
        {"token": half},
        {"shot": half, "seen": seen},
        {"shot": "harbour/quay", "why": half, "parts": [part], "seen": seen},
        {half: half},
    ):
        answer = watched.call("POST", path, body)
        assert answer.status_code in (400, 403), answer.text
        assert answer.json()["message"]
    assert not (watched.studio.root / "picks.yaml").exists()


TUNNEL = "localhost:9000"


@pytest.mark.parametrize("way", ["http", "https"])
def test_a_host_that_the_owner_allows_is_answered_as_this_machine_is(
    looked_at: Studio, way: str
) -> None:
    caller = Caller(looked_at)
    ours = {"host": TUNNEL, "origin": f"{way}://{TUNNEL}"}
    assert caller.call("GET", "/state", **ours).status_code == 403
    assert "--allow-host" in caller.call("GET", "/state", **ours).json()["message"]

    caller.app = create_app(looked_at.reviewer(live=True), PORT, TOKEN, frozenset({TUNNEL}))
    assert caller.call("GET", "/state", host=TUNNEL).status_code == 200
    assert caller.call("POST", "/enter", {"token": TOKEN}, **ours).status_code == 200
    assert caller.call("GET", "/state").status_code == 200
    for headers, status in (
        (ours | {"cookie": None}, 403),
        (ours | {"origin": "https://evil.example"}, 403),
        (ours | {"sec_fetch_site": "cross-site"}, 403),
        (ours | {"host": "localhost:9001"}, 403),
        (ours | {"host": "localhost"}, 403),
    ):
        assert caller.call("GET", "/state", **headers).status_code == status, headers


@pytest.mark.parametrize(
    "name", ["", "*", "http://localhost:9000", "localhost:9000/", "me@x", "a b", "x:port", "x:1:2"]
)
@pytest.mark.parametrize("command", ["review", "watch"])
def test_a_host_that_is_none_is_refused_before_anything_is_served(
    small: Studio, command: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(small.root), command, "--serve", "--allow-host", name]) == 2
    assert "--allow-host" in capsys.readouterr().err
    assert run(["-C", str(small.root), command, "--allow-host", TUNNEL]) == 2


def test_a_page_behind_a_tunnel_says_the_address_to_open(small: Studio) -> None:
    command = program(
        *("-C", str(small.root), "review", "--serve", "--port", "0"),
        *("--allow-host", "LOCALHOST:9000", "--allow-host", "[::1]:9000"),
    )
    environment = environment_of({"PYTHONUNBUFFERED": "1"})
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline().decode().split("#") for _ in range(3)]
        child.terminate()
        child.wait(30)
    assert [line[0].split()[-1] for line in lines[1:]] == [
        "http://[::1]:9000/",
        "http://localhost:9000/",
    ]
    assert len({line[1].strip() for line in lines}) == 1


def test_the_state_names_who_renders_and_what_is_broken(caller: Caller) -> None:
    root = caller.studio.root
    calm = caller.call("GET", "/state").json()
    with held(root / ".renderer" / "mutex", "render"):
        assert "(render)" in caller.call("GET", "/state").json()["busy"]
    assert calm["busy"] is None

    (root / "specs" / "harbour.yaml").write_text("version: [")
    broken = caller.call("GET", "/state").json()
    assert "specs/harbour.yaml" in broken["problem"]
    assert broken["digest"] == calm["digest"]
    caller.studio.spec(SMALL.replace("numberResults: 2", "numberResults: 3"))
    assert caller.call("GET", "/state").json()["digest"] != calm["digest"]


def test_the_address_of_the_server_is_no_choice(
    small: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(small.root), "review", "--serve", "--host", "0.0.0.0"]) == 2  # noqa: S104
    assert "No such option" in capsys.readouterr().err
    assert run(["-C", str(small.root), "review", "--port", "1"]) == 2
    assert run(["-C", str(small.root), "review", "--serve", "--out", "x"]) == 2


def test_a_port_in_use_is_said(small: Studio) -> None:
    import socket

    from renderer.app.review.server import serve_review

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(MachineError, match=f"port {port}"):
            serve_review(small.reviewer(live=True), port, print)


def test_a_project_that_cannot_be_shown_is_answered_with_what_is_wrong_until_it_is_mended(
    small: Studio, serve: Serve, look: Look
) -> None:
    small.spec(SMALL.replace("seed: 7", "seed: <b>x</b>"))
    window = look(f"{serve(small)}/#{TOKEN}")
    told = window.page.wait_for_selector("main.loading").inner_text()
    assert "specs/harbour.yaml:10:9: `seed` must be a whole number, found '<b>x</b>'" in told
    assert window.page.locator("b").count() == 0
    small.spec(SMALL)
    ready(window)


def test_a_choice_in_the_browser_is_written_and_the_page_follows_a_render(
    small: Studio, serve: Serve, look: Look
) -> None:
    address = serve(small)
    window = look(f"{address}/#{TOKEN}")
    page = ready(window)
    assert page.evaluate("location.hash") == ""
    assert page.evaluate("document.cookie") == ""

    page.click("#shot-1 .take >> nth=1 >> text=Pick")
    page.keyboard.type("the rope lands")
    page.keyboard.press("Enter")
    page.wait_for_selector("#shot-1 .take[data-picked=yes]")
    assert read_picks(small.files).by_slot["harbour/quay"].why == "the rope lands"

    small.spec(SMALL.replace("numberResults: 2", "numberResults: 3"))
    small.render()
    page.wait_for_selector("#shot-1 .take >> nth=2")
    page.click("#shot-1 .take >> nth=2 >> .frame")
    until(page, "Review.view.sync && Review.view.sync.leader.readyState >= 2")
    page.keyboard.press("End")
    until(page, "Review.view.sync.frame === 96")
    page.keyboard.press("Escape")
    page.click("text=Take back")
    page.wait_for_selector("#shot-1 .take[data-picked=yes]", state="detached")
    assert read_picks(small.files).by_slot == {}
    assert (window.wrong, window.foreign) == ([], [])


def test_another_site_can_change_and_read_nothing(small: Studio, serve: Serve, look: Look) -> None:
    address = serve(small)
    page = ready(look(f"{address}/#{TOKEN}"))
    foreign = page.context.new_page()
    foreign.goto(address.replace("127.0.0.1", "localhost") + "/")  # another site to a browser
    attempts = foreign.evaluate(
        """async address => {
          const tell = promise => promise.then(answer => answer.type + answer.status, () => "blocked");
          const post = { method: "POST", mode: "no-cors", credentials: "include", body: "{}" };
          return [
            await tell(fetch(address + "/pick", post)),
            await tell(fetch(address + "/data.json", { credentials: "include" })),
          ];
        }""",
        address,
    )
    assert set(attempts) <= {"blocked", "opaque0"}
    assert not (small.root / "picks.yaml").exists()
    Disk().remove(small.root / "picks.yaml")
