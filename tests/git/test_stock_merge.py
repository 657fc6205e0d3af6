"""Two branches that touch different shots merge with git as it comes, and nothing is to do."""

from collections.abc import Callable

import pytest

from renderer.cli.main import run
from renderer.lock.merge import identity
from tests.harness.repo import Repo, scene

Edit = Callable[[Repo], None]
SHOTS = ["bell", "crane", "ferry", "lamp", "quay"]
SPEC = "specs/harbour.yaml"


def word(shot: str, said: str = "old") -> Edit:
    def edit(repo: Repo) -> None:
        path = repo.project / SPEC
        text = path.read_text()
        assert f"The {shot} of" in text
        path.write_text(text.replace(f"The {shot} of", f"The {said} {shot} of"))

    return edit


def insert(shot: str, before: str) -> Edit:
    def edit(repo: Repo) -> None:
        path = repo.project / SPEC
        new = scene([shot]).partition("shots:\n")[2]
        path.write_text(
            path.read_text().replace(f"  - id: {before}\n", f"{new}  - id: {before}\n")
        )

    return edit


def drop(shot: str) -> Edit:
    def edit(repo: Repo) -> None:
        path = repo.project / SPEC
        path.write_text(path.read_text().replace(scene([shot]).partition("shots:\n")[2], ""))

    return edit


def more_takes(shot: str) -> Edit:
    def edit(repo: Repo) -> None:
        path = repo.project / SPEC
        path.write_text(
            path.read_text().replace(
                f"  - id: {shot}\n", f"  - id: {shot}\n    settings: {{numberResults: 3}}\n"
            )
        )

    return edit


def grow(repo: Repo, name: str, edits: tuple[Edit, ...]) -> None:
    repo.branch(name)
    for edit in edits:
        edit(repo)
    repo.render(name)
    repo.commit(name)


CASES: dict[str, tuple[tuple[Edit, ...], tuple[Edit, ...]]] = {
    "neighbours": ((word("crane"),), (word("ferry"),)),
    "both neighbours of an insertion": (
        (word("crane"), word("ferry")),
        (insert("dock", "ferry"),),
    ),
    "an insertion that sorts between edited neighbours": (
        (word("bell"), word("crane")),
        (insert("bow", "ferry"),),
    ),
    "the first and an insertion before it": ((word("bell"),), (insert("anchor", "bell"),)),
    "the last and an insertion after it": ((word("quay"),), (insert("rope", "quay"),)),
    "more takes beside a change": ((more_takes("crane"),), (word("ferry"),)),
    "a removed shot beside a change": ((drop("crane"),), (word("ferry"),)),
    "all odd ones and all even ones": (
        (word("bell"), word("ferry"), word("quay")),
        (word("crane"), word("lamp")),
    ),
    "two insertions apart": ((insert("anchor", "bell"),), (insert("mast", "quay"),)),
}


@pytest.mark.parametrize("case", CASES)
def test_a_stock_merge_is_clean_and_leaves_nothing_to_do(repo: Repo, case: str) -> None:
    ours, theirs = CASES[case]
    grow(repo, "ours", ours)
    grow(repo, "theirs", theirs)
    repo.git("checkout", "-q", "ours")

    repo.git("merge", "-q", "--no-edit", "theirs")

    assert run(["-C", str(repo.project), "plan", "--provider", "runware", "--exit-code"]) == 0
    assert run(["-C", str(repo.project), "lock", "check", "--provider", "runware"]) == 0


@pytest.mark.parametrize("strategy", ["ort", "recursive"])
@pytest.mark.parametrize("diff", ["myers", "patience", "histogram", "minimal"])
def test_neighbours_merge_with_every_way_that_git_compares(
    repo: Repo, strategy: str, diff: str
) -> None:
    grow(repo, "ours", (word("crane"), word("lamp")))
    grow(repo, "theirs", (word("ferry"), insert("dock", "ferry")))
    repo.git("checkout", "-q", "ours")

    repo.git("merge", "-q", "--no-edit", "-s", strategy, f"-Xdiff-algorithm={diff}", "theirs")

    assert run(["-C", str(repo.project), "plan", "--provider", "runware", "--exit-code"]) == 0


def test_no_take_is_lost_in_a_stock_merge(repo: Repo) -> None:
    grow(repo, "ours", (word("crane"), more_takes("bell")))
    ours = {identity(take) for _, take in repo.lock().takes()}
    grow(repo, "theirs", (word("ferry"),))
    theirs = {identity(take) for _, take in repo.lock().takes()}
    repo.git("checkout", "-q", "ours")
    repo.git("merge", "-q", "--no-edit", "theirs")

    assert {identity(take) for _, take in repo.lock().takes()} == ours | theirs
