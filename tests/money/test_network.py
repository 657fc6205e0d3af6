"""Behind a company's proxy: what the environment says is used, and nothing else."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from renderer.adapters.clock import SystemClock
from renderer.adapters.disk.disk import Disk
from renderer.adapters.net.client import Secret
from renderer.adapters.net.fetch import Fetcher
from renderer.adapters.net.http_fetch import AsyncWay, ProxyWay, ThreadWay
from renderer.adapters.net.media_url import MediaRules, RefusedMediaError
from renderer.adapters.net.network import Network
from renderer.adapters.net.transports import api
from renderer.api.provider_sessions import RunwareProvider
from renderer.app.rendering.job import Job, RenderOptions
from renderer.app.rendering.loop.ports import Interrupt
from renderer.app.rendering.render import render
from renderer.cli.main import run
from renderer.cli.wiring import Session
from renderer.errors import InputError
from renderer.render.answers.calls import Call, Unsent
from renderer.render.backoff import Pace
from renderer.render.outcome import Outcome
from tests.harness.paying import Call as Run
from tests.harness.proxy import Proxy, certificates, proxy
from tests.harness.served import KEY, Public, Served, environment, served
from tests.harness.world import inline

Out = pytest.CaptureFixture[str]
API, MOVED = "api.provider.test", "videos.moved.test"
NAMES = ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine that tests have no say."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    return certificates(tmp_path_factory.mktemp("certificates"), API, MOVED)


Company = tuple[Served, Proxy, dict[str, str]]
Found = Callable[[str], Company]


@pytest.fixture
def company(
    pair: tuple[Path, Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Found]:
    """Put the provider behind a proxy; return it, the proxy, and what the environment says."""
    ca, certificate, key = pair
    open_ones = []

    def found(media: str) -> Company:
        folder = tmp_path_factory.mktemp("engine")
        one = served(folder, Public(certificate, key, f"https://{media}"))
        engine = one.__enter__()
        between = proxy(urlsplit(engine.address).port or 0)
        via = between.__enter__()
        open_ones.extend([one, between])
        settings = {
            "RUNWARE_BASE_URL": f"https://{API}/v1",
            "RUNWARE_API_KEY": KEY,
            "HTTPS_PROXY": f"http://me:CANARY@{via.address}",
            "SSL_CERT_FILE": str(ca),
        }
        return engine, via, settings

    yield found
    for one in reversed(open_ones):
        one.__exit__(None, None, None)


class Near(RunwareProvider):
    """A provider that makes videos in a wink: nobody waits for the usual time of a model."""

    quick = True


def rendered(project: Path, settings: Mapping[str, str], verbose: int = 0) -> Outcome:
    """Render a project as `render --provider runware` does when that is agreed to."""
    session = Session(start=str(project), verbose=verbose, variables=settings)
    workspace = session.workspace("runware")
    paid = session.environment.runware(workspace)
    studio = Near(**{field.name: getattr(paid, field.name) for field in fields(paid)})
    wanted = RenderOptions(limit=Decimal(5))
    job = Job.of(workspace, wanted)
    with workspace.mutex("render"):
        return asyncio.run(render(job, studio, wanted, lambda _: None, Interrupt()))


@pytest.mark.parametrize("verbose", [0, 2])
def test_orders_and_videos_go_through_the_proxy(
    company: Found, project: Path, capsys: Out, verbose: int
) -> None:
    engine, via, settings = company(API)
    assert len(rendered(project, settings, verbose).recorded) == 2
    assert len(list((project / "renders").rglob("*.mp4"))) == 2
    assert set(via.asked) == {f"{API}:443"}
    assert set(via.users) == {"me:CANARY"}
    assert sorted(engine.paid.values()) == [1, 1]
    told = capsys.readouterr()
    assert "CANARY" not in told.out + told.err
    for part in (f"through the proxy {via.address} (HTTPS_PROXY)", "(SSL_CERT_FILE)"):
        assert (part in told.err) is bool(verbose)


def test_videos_of_a_provider_that_moved_are_fetched_when_the_environment_names_the_host(
    company: Found, project: Path
) -> None:
    """The first run has paid; nothing is paid again once they can be fetched."""
    engine, via, settings = company(MOVED)
    failed = rendered(project, settings).failed
    assert {failure.code for failure in failed} == {"refusedMedia"}
    assert all(MOVED in one.text and "RENDERER_MEDIA_HOSTS" in one.text for one in failed)
    assert f"{MOVED}:443" not in via.asked

    named = {"RENDERER_MEDIA_HOSTS": f"other.test, {MOVED.upper()}"}
    assert len(rendered(project, settings | named).recorded) == 2
    assert f"{MOVED}:443" in via.asked
    assert sorted(engine.paid.values()) == [1, 1]
    assert len(list((project / "renders").rglob("*.mp4"))) == 2


def test_a_host_that_leads_to_this_network_is_refused_behind_a_proxy_too(
    company: Found, tmp_path: Path
) -> None:
    """As far as this machine can tell: a name that only the proxy knows is left to it."""
    _, via, settings = company(API)
    network = Network.of(settings | {"NO_PROXY": ""})
    rules = MediaRules(
        hosts=frozenset({"localhost.localdomain", "127.0.0.1.nip.test", "10.0.0.1"})
    )

    async def pulled(url: str) -> None:
        with ThreadPoolExecutor(1) as pool:
            direct = ThreadWay(rules, pool, network)
            way = ProxyWay(network, rules, direct, lambda t: AsyncWay(t, SystemClock(), inline))
            part = Disk().part(tmp_path / "part")
            try:
                await Fetcher(way, rules, SystemClock(), Pace()).fetch(
                    url, part, lambda *_: None, lambda _: None
                )
            finally:
                part.close()
                await way.close()

    with pytest.raises(RefusedMediaError, match="private address"):
        asyncio.run(pulled("https://10.0.0.1/v.mp4"))
    with pytest.raises(RefusedMediaError, match="not one of the provider"):
        asyncio.run(pulled("https://elsewhere.test/v.mp4"))
    assert via.asked == []


def test_a_proxy_that_refuses_has_passed_nothing_on_and_is_named(
    company: Found, capsys: Out
) -> None:
    """What was surely not sent is sent again; what may have been is asked about first."""
    engine, via, settings = company(API)
    via.refuse = True
    with environment(**settings):
        assert run(["account"]) == 5
    told = capsys.readouterr().err
    assert via.address in told
    assert "CANARY" not in told

    async def submitted() -> Call:
        network = Network.of(settings)
        client = api(f"https://{API}/v1", Secret(KEY), SystemClock(), network=network)
        try:
            return await client.submit([{"taskType": "videoInference"}])
        finally:
            await client.close()

    assert isinstance(asyncio.run(submitted()), Unsent)
    assert engine.calls == []


@pytest.mark.parametrize(
    ("change", "code", "part"),
    [
        ({"HTTPS_PROXY": "http://127.0.0.1:9"}, 5, "through the proxy 127.0.0.1:9"),
        ({"SSL_CERT_FILE": "none.pem"}, 2, "none.pem"),
        ({"SSL_CERT_FILE": "", "SSL_CERT_DIR": "/none:/nothing"}, 2, "/none"),
        ({"SSL_CERT_FILE": __file__}, 2, "SSL_CERT_FILE"),
        ({"SSL_CERT_FILE": ""}, 5, "CERTIFICATE_VERIFY_FAILED"),
        ({"HTTPS_PROXY": "ftp://me:CANARY@x"}, 2, "HTTPS_PROXY"),
        ({"HTTPS_PROXY": "http://me:CANARY@x:port"}, 2, "HTTPS_PROXY"),
        ({"HTTPS_PROXY": "", "https_proxy": "http://"}, 2, "https_proxy"),
        ({"HTTPS_PROXY": "", "ALL_PROXY": "x y"}, 2, "ALL_PROXY"),
        ({"RENDERER_MEDIA_HOSTS": "https://videos.test"}, 2, "RENDERER_MEDIA_HOSTS"),
        ({"RENDERER_MEDIA_HOSTS": "*.test"}, 2, "RENDERER_MEDIA_HOSTS"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_without_its_password(
    company: Found, capsys: Out, change: dict[str, str], code: int, part: str
) -> None:
    _, _, settings = company(API)
    with environment(**settings | change):
        assert run(["account"]) == code
    told = capsys.readouterr().err
    assert part in told
    assert "CANARY" not in told


def test_a_folder_of_authorities_is_used(
    company: Found, pair: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    _, _, settings = company(API)
    (tmp_path / f"{_hash(pair[0])}.0").write_bytes(pair[0].read_bytes())
    with environment(**settings | {"SSL_CERT_FILE": "", "SSL_CERT_DIR": f"/:{tmp_path}"}):
        assert run(["account"]) == 0


def _hash(certificate: Path) -> str:
    import subprocess

    command = ["openssl", "x509", "-hash", "-noout", "-in", str(certificate)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


PROXY = {"HTTPS_PROXY": "proxy.test:3128"}


@pytest.mark.parametrize(
    ("url", "without", "used"),
    [
        ("https://api.runware.ai/v1", "", True),
        ("https://api.runware.ai/v1", "*", False),
        ("https://api.runware.ai/v1", "runware.ai", False),
        ("https://api.runware.ai/v1", ".runware.ai", False),
        ("https://api.runware.ai/v1", "*.runware.ai", False),
        ("https://API.runware.ai./v1", "api.RUNWARE.ai", False),
        ("https://api.runware.ai/v1", "a.test, runware.ai:443", False),
        ("https://api.runware.ai/v1", "runware.ai:8443", True),
        ("https://api.runware.ai:8443/v1", "runware.ai:8443", False),
        ("https://api.runware.ai/v1", "ware.ai,un.runware.ai,.", True),
        ("https://10.1.2.3/v1", "10.0.0.0/8", False),
        ("https://10.1.2.3/v1", "10.1.2.3:443", False),
        ("https://11.1.2.3/v1", "10.0.0.0/8", True),
        ("https://[fd00::1]/v1", "fd00::/8", False),
        ("https://[fd00::1]/v1", "[fd00::1]:443", False),
        ("https://[fd00::1]/v1", "fd00::2", True),
        ("http://api.runware.ai/v1", "", False),
        ("http://127.0.0.1:8724/v1", "", False),
        ("https://127.0.0.1:8724/v1", "", False),
        ("https://localhost/v1", "", False),
        ("https://[::1]/v1", "", False),
    ],
)
def test_hosts_without_proxy_are_those_of_no_proxy_and_this_machine(
    url: str, without: str, *, used: bool
) -> None:
    network = Network.of(PROXY | {"NO_PROXY": without})
    assert network.proxy_for(url) == ("http://proxy.test:3128" if used else "")


@pytest.mark.parametrize(
    ("variables", "proxy"),
    [
        ({}, ""),
        ({"HTTPS_PROXY": " "}, ""),
        ({"HTTP_PROXY": "http://plain.test"}, ""),
        ({"HTTPS_PROXY": "http://a", "https_proxy": "http://b"}, "http://b"),
        ({"ALL_PROXY": "http://a"}, "http://a"),
        ({"ALL_PROXY": "http://a", "HTTPS_PROXY": "https://b:1"}, "https://b:1"),
        ({"HTTPS_PROXY": "socks5://a:1080"}, "socks5://a:1080"),
    ],
)
def test_the_first_variable_that_is_set_names_the_proxy(
    variables: Mapping[str, str], proxy: str
) -> None:
    assert Network.of(variables).proxy_for("https://api.runware.ai/v1") == proxy


def test_a_kind_of_proxy_for_which_a_package_is_missing_is_said() -> None:
    try:
        import_module("socksio")
    except ImportError:
        with pytest.raises(InputError, match="httpx\\[socks\\]"):
            Network.of({"HTTPS_PROXY": "socks5://a:1080"}).transport("https://x.test")


def test_a_project_names_no_proxy(project: Path, call: Run, capsys: Out) -> None:
    for key in ("proxy", "https_proxy", "HTTPS_PROXY"):
        (project / "renderer.yaml").write_text(f"version: 1\n{key}: http://127.0.0.1:9\n")
        assert call("plan") == 2
        assert key in capsys.readouterr().err
