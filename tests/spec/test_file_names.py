"""Frame images by the names that people write: one name in two Unicode forms is one file."""

import re
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from renderer.adapters.disk.file_names import spelled
from renderer.adapters.disk.project import ProjectFiles
from renderer.errors import InputError
from tests.harness.repo import Repo

LIMIT = 1 << 20
NAMES = ["assets/café.png", "Übergang/naïve Szene/ångström.png", "assets/한국어.png"]
Form = Literal["NFC", "NFD"]
FORMS: tuple[Form, ...] = ("NFC", "NFD")


def write(root: Path, name: str, content: bytes = b"x") -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(content)


def refused(files: ProjectFiles, name: str) -> str:
    with pytest.raises(InputError) as found:
        files.digest(name, limit=LIMIT)
    return str(found.value)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("there", FORMS)
@pytest.mark.parametrize("written", FORMS)
def test_a_name_in_another_unicode_form_is_the_same_file(
    tmp_path: Path, name: str, there: Form, written: Form
) -> None:
    files = ProjectFiles(root=tmp_path)
    write(tmp_path, unicodedata.normalize(there, name))

    assert files.read(unicodedata.normalize(written, name), limit=LIMIT) == b"x"
    assert files.digest(unicodedata.normalize(written, name), limit=LIMIT)[1] == b"x"


@pytest.mark.parametrize("there", FORMS)
@pytest.mark.parametrize("written", FORMS)
def test_so_it_is_in_a_revision(
    tmp_path: Path, there: Form, written: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    from renderer.adapters.git.revision import GitFiles

    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    repo = Repo.start(tmp_path / "film")
    write(repo.root, unicodedata.normalize(there, NAMES[0]))
    repo.commit()

    files = GitFiles.at(repo.root, "HEAD")
    assert files.read(unicodedata.normalize(written, NAMES[0]), limit=LIMIT) == b"x"


def test_the_very_same_name_goes_first(tmp_path: Path) -> None:
    for form in FORMS:
        write(tmp_path, unicodedata.normalize(form, NAMES[0]), form.encode())

    for form in FORMS:
        name = unicodedata.normalize(form, NAMES[0])
        assert ProjectFiles(root=tmp_path).read(name, limit=LIMIT) == form.encode()


@pytest.mark.parametrize(
    ("written", "there"),
    [
        ("assets/pier.png", "assets/PIER.PNG"),
        ("assets/pier.png", "Assets/Pier.png"),
        ("assets/pier.png", "assets/peer.png"),
        ("aset/pier.png", "assets/pier.png"),
        ("assets/paper.png", "assets/p\u0430per.png"),
        ("assets/a b.png", "assets/a\u00a0b.png"),
        ("assets/strasse.png", "assets/straße.png"),
        ("assets/x1.png", "assets/x\uff11.png"),
    ],
)
def test_a_name_that_is_suggested_is_one_that_is_taken(
    tmp_path: Path, written: str, there: str
) -> None:
    files = ProjectFiles(root=tmp_path)
    write(tmp_path, there)

    told = refused(files, written)

    meant = re.search(r"did you mean '([^']*)'", told)
    assert meant
    assert meant[1] == there
    assert files.digest(meant[1], limit=LIMIT)[1] == b"x"


@pytest.mark.parametrize(
    ("there", "told"),
    [
        ("assets/p\u0430per.png", "CYRILLIC SMALL LETTER A where this has LATIN SMALL LETTER A"),
        ("assets/paper\u200b.png", "ZERO WIDTH SPACE where this has FULL STOP"),
    ],
)
def test_names_that_look_the_same_are_told_apart(tmp_path: Path, there: str, told: str) -> None:
    write(tmp_path, there)

    assert told in refused(ProjectFiles(root=tmp_path), "assets/paper.png")


def test_no_name_behind_a_link_is_told(tmp_path: Path) -> None:
    outside, project = tmp_path / "outside", tmp_path / "film"
    write(outside, "secret.png")
    project.mkdir()
    (project / "assets").symlink_to(outside)

    for name in ("assets/secrat.png", "assts/secret.png", "assets/x/secret.png"):
        assert "secret.png'" not in refused(ProjectFiles(root=project), name)


def test_two_files_of_one_name_are_no_answer_to_a_third_form() -> None:
    there = ["\u1e69.png", "s\u0323\u0307.png"]

    assert spelled("s\u0307\u0323.png", lambda _: there).path == ""
