"""The balance, the key and where it is kept; neither is ever printed."""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from renderer.adapters.net.api_key import find_key, save_key
from renderer.cli.main import run
from renderer.errors import InputError
from tests.harness.served import KEY, Served, environment
from tests.harness.terminal import typed

Out = pytest.CaptureFixture[str]
RING = """
import json, os, pathlib
from . import errors
FILE = pathlib.Path(__file__).with_name("kept.json")
def get_password(service, user):
    if os.environ.get("FAKE_RING") == "locked":
        raise errors.KeyringLocked("no CANARY")
    kept = json.loads(FILE.read_text()) if FILE.exists() else {}
    return kept.get(f"{service}/{user}")
def set_password(service, user, key):
    if os.environ.get("FAKE_RING") == "locked":
        raise errors.KeyringLocked("no " + key)
    if os.environ.get("FAKE_RING") != "null":
        FILE.write_text(json.dumps({f"{service}/{user}": key}))
"""
ERRORS = "class KeyringError(Exception): pass\nclass KeyringLocked(KeyringError): pass\n"


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put a keyring on the path, as the extra would; return its folder."""
    folder = tmp_path / "extra" / "keyring"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(dedent(RING))
    (folder / "errors.py").write_text(ERRORS)
    monkeypatch.syspath_prepend(str(folder.parent))
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "keyring"]:
        del sys.modules[name]


@pytest.fixture
def no_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)


def test_the_balance_is_told_outside_of_any_project(
    engine: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["account"]) == 0
    told = capsys.readouterr()
    assert "Organisation: Embedded engine" in told.out
    assert "Balance:      1000" in told.out
    assert KEY not in told.out + told.err
    assert len(engine.calls) == 1


@pytest.mark.parametrize(
    ("balance", "told"),
    [
        ({"amount": 1.5, "freeBalance": 0.25, "currency": "EUR"}, ("1.5", "0.25", "EUR")),
        (12, ("12", None, "USD")),
        (0.1, ("0.1", None, "USD")),
        ("7.25", ("7.25", None, "USD")),
        ({"amount": None}, (None, None, "USD")),
        ({"amount": True, "currency": 5}, (None, None, "USD")),
        ("1e400000", (None, None, "USD")),
        ([], (None, None, "USD")),
    ],
)
def test_a_balance_is_an_object_or_a_bare_number(
    engine: Served, balance: object, told: tuple[str | None, ...], capsys: Out
) -> None:
    def answer(body: bytes) -> bytes:
        task = json.loads(body)["data"][0]["taskUUID"]
        return json.dumps({"data": [{"taskUUID": task, "balance": balance}]}).encode()

    engine.change = answer
    assert run(["account", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["balance"], data["free"], data["currency"]) == told


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"<html>busy</html>", "not an answer of this API"),
        (b'{"data": []}', "the response contains no balance"),
        (
            b'{"errors": [{"code": "insufficientPermissions", "message": "no\\u001b[2J"}]}',
            "no^[[2J",
        ),
        (b"[" * 50_000, "not an answer of this API"),
    ],
)
def test_what_is_no_answer_is_the_provider_s_fault(
    engine: Served, answer: bytes, said: str, capsys: Out
) -> None:
    engine.change = lambda _: answer
    assert run(["account"]) == 5
    assert said in capsys.readouterr().err


def test_a_wrong_key_is_told_in_the_provider_s_words(engine: Served, capsys: Out) -> None:
    assert engine.store
    with environment(RUNWARE_API_KEY="WRONG-CANARY"):
        assert run(["account", "--format", "json"]) == 5
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["message"].startswith("invalidApiKey: ")
    assert "WRONG-CANARY" not in told.out + told.err


@pytest.mark.usefixtures("no_ring")
def test_no_key_at_all_is_answered_with_the_ways_to_give_one(capsys: Out) -> None:
    assert run(["account"]) == 2
    told = capsys.readouterr().err
    assert "there is no key for Runware; set RUNWARE_API_KEY" in told
    assert "--save-key" in told


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "clé", "x" * 513, "a\x1bb"])
def test_what_can_be_no_key_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(InputError) as caught:
        find_key({"RUNWARE_API_KEY": key})
    assert key not in str(caught.value)


def test_a_key_never_goes_to_a_plain_address(capsys: Out) -> None:
    with environment(RUNWARE_API_KEY="k" * 32, RUNWARE_BASE_URL="http://api.example/v1"):
        assert run(["-vv", "account"]) == 2
    assert "is not https" in capsys.readouterr().err


def test_the_environment_goes_before_the_keyring(ring: Path) -> None:
    assert ring.is_dir()
    save_key("from-the-ring")
    assert find_key({}).reveal() == "from-the-ring"
    assert find_key({"RUNWARE_API_KEY": " from-the-environment\n"}).reveal() == (
        "from-the-environment"
    )


def test_a_key_is_read_from_stdin_and_kept(
    ring: Path, monkeypatch: pytest.MonkeyPatch, engine: Served, capsys: Out
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{KEY}\n"))
    with environment(RUNWARE_API_KEY=""):
        assert run(["account", "--save-key"]) == 0
        assert json.loads((ring / "kept.json").read_text()) == {"renderer/runware": KEY}
        assert run(["account"]) == 0
    told = capsys.readouterr()
    assert KEY not in told.out + told.err
    assert len(engine.calls) == 1


def test_a_key_that_is_typed_is_not_shown(ring: Path) -> None:
    extra = {"PYTHONPATH": f"{ring.parent}:{Path(__file__).parents[2]}"}
    exit_code, screen = typed(
        f"{KEY}\n", "Key for Runware:", "account", "--save-key", environment=extra
    )
    assert exit_code == 0
    assert KEY in (ring / "kept.json").read_text()
    assert KEY not in screen


@pytest.mark.parametrize(
    ("state", "said"), [("locked", "KeyringLocked"), ("null", "kept nothing")]
)
def test_a_keyring_that_does_not_work_is_answered(
    ring: Path, state: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    assert ring.is_dir()
    monkeypatch.setenv("FAKE_RING", state)
    monkeypatch.setattr(sys, "stdin", io.StringIO("CANARY-KEY\n"))
    assert run(["account", "--save-key"]) == 2
    assert run(["account"]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "CANARY" not in told
    assert "set RUNWARE_API_KEY" in told


@pytest.mark.usefixtures("no_ring")
def test_without_the_extra_saving_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("some-key\n"))
    assert run(["account", "--save-key"]) == 2
    assert "pip install 'storyboard-renderer[keyring]'" in capsys.readouterr().err


def test_v_names_the_address_and_vv_each_request(engine: Served, capsys: Out) -> None:
    host = engine.address.removeprefix("http://")
    with environment(RUNWARE_BASE_URL=f"{engine.address}/v1?signature=CANARY-URL"):
        assert run(["-v", "account"]) == 0
        assert capsys.readouterr().err == f"provider: runware at http://{host}\n"
        assert run(["-vv", "account"]) == 0
    told = capsys.readouterr().err
    assert f"POST {host}  1 accountManagement  200  " in told
    assert "CANARY" not in told
