"""A project as a git revision has it: read from git's objects, nothing is checked out."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Self

from renderer import paths
from renderer.adapters.disk.project import ProjectFiles, digest_of, too_large
from renderer.adapters.git.run import Git, Ran, complained, lacking
from renderer.errors import InputError
from renderer.sanitize import one_line

_TREE_LIMIT = 16 << 20  # about 170,000 files
_TEXTS_LIMIT = 64 << 20
_LARGEST_TEXT = 1 << 20
_LINK, _MODULE = "120000", "160000"
_NAME = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")
_PLAIN = re.compile(r"\w[\w./-]*")  # a name of a revision that needs no quotes in a shell
_SHORT = re.compile("[0-9a-f]{4,39}")
_DEEPEST = 10_000


@dataclass(frozen=True, slots=True)
class Object:
    """A file in a tree: its mode, its object's name and its size in bytes."""

    mode: str
    name: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GitFiles(ProjectFiles):
    """Reads a project below `root` as `revision` has it; links and submodules are refused."""

    revision: str
    commit: str
    git: Git
    tree: Mapping[str, Object]
    kept: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def at(cls, root: Path, revision: str, git: Git | None = None) -> Self:
        """Return a project's files at a revision; raise InputError if git does not know it."""
        git = git or Git(folder=root)
        prefix = git.answer("rev-parse", "--show-prefix")
        commit = _commit(git, revision)
        files = cls(
            root=root,
            revision=revision,
            commit=commit,
            git=git,
            tree=_tree(git, f"{commit}:{prefix}"),
        )
        files._keep_texts()
        return files

    @property
    def empty(self) -> bool:
        """Whether there was no project yet: neither a renderer.yaml nor a scene."""
        return paths.PROJECT_FILE not in self.tree and not self.names(
            paths.SPECS, paths.SPEC_ENDINGS
        )

    def read(self, path: str, *, limit: int) -> bytes:
        """Return a file's bytes; raise InputError if it is not a regular file or over `limit`."""
        one = self._object(path)
        if one.size > limit:
            raise too_large(path, one.size, limit)
        if one.name not in self.kept:
            return contents(self.git, [one], limit + 200)[one.name]
        return self.kept[one.name]

    def digest(self, path: str, *, limit: int) -> tuple[str, bytes]:
        """Return the SHA-256 of a file, and its first 64 KiB; of a pointer as on disk."""
        content = self.read(path, limit=limit)
        digest = hashlib.sha256(content).hexdigest()
        return digest_of(path, content[:65536], digest, limit), content[:65536]

    def size(self, path: str) -> int:
        """Return how many bytes a file has."""
        return self._object(path).size

    def exists(self, path: str) -> bool:
        """Return whether there is anything at `path`, a link included."""
        return path in self.tree or any(name.startswith(f"{path}/") for name in self.tree)

    def names(self, folder: str, suffixes: tuple[str, ...]) -> list[str]:
        """Return the paths of files below a folder, sorted; hidden and linked folders are not."""
        return sorted(
            name
            for name, one in self.tree.items()
            if name.startswith(f"{folder}/")
            and name.endswith(suffixes)
            and one.mode != _MODULE
            and not any(part.startswith(".") for part in name[len(folder) + 1 :].split("/"))
        )

    def folders_near(self, path: str) -> list[str]:
        """Return the names that are beside `path`, for a suggestion."""
        folder = path.rpartition("/")[0]
        start = f"{folder}/" if folder else ""
        found = {
            name[len(start) :].partition("/")[0] for name in self.tree if name.startswith(start)
        }
        return sorted(found)

    def _object(self, path: str) -> Object:
        one = self.tree.get(path) or self._above(path)
        if one is None:
            spelling = self._spelling(path)
            one = self.tree.get(spelling.path)
        if one is None:
            raise InputError(f"there is no file {path}", spelling.todo)
        if one.mode == _LINK:
            raise InputError(
                f"{path} is a link, and links are not followed",
                "put the file itself into the project",
            )
        if one.mode == _MODULE:
            raise InputError(
                f"{path} is in a submodule, and those are not read",
                "put the file itself into the project",
            )
        return one

    def _above(self, path: str) -> Object | None:
        """Return the link or submodule that is where a folder of the path should."""
        parts = path.split("/")
        above = ("/".join(parts[:end]) for end in range(1, len(parts)))
        found = (self.tree.get(name) for name in above)
        return next((one for one in found if one and one.mode in (_LINK, _MODULE)), None)

    def _keep_texts(self) -> None:
        """Read all specs and templates in one call; what is too large is answered later."""
        wanted = [
            *self.names(paths.SPECS, paths.SPEC_ENDINGS),
            *self.names(paths.TEMPLATES, paths.TEMPLATE_ENDINGS),
        ]
        found = [self.tree[name] for name in (paths.PROJECT_FILE, *wanted) if name in self.tree]
        texts = {one.name: one for one in found if one.mode not in (_LINK, _MODULE)}
        fitting = [one for one in texts.values() if one.size <= _LARGEST_TEXT]
        self.kept.update(contents(self.git, fitting, _TEXTS_LIMIT))


def staged(git: Git, path: str) -> dict[int, Object]:
    """Return the sides of a conflict in git's index by stage: 1 base, 2 ours, 3 theirs."""
    ran = git.run("ls-files", "--unmerged", "-z", "--", path)
    if ran.code:
        raise complained(ran, git.folder)
    found: dict[int, Object] = {}
    for row in ran.text.split("\0"):
        if row:
            mode, name, stage = row.partition("\t")[0].split()
            found[int(stage)] = Object(mode, name, 0)
    return found


def _commit(git: Git, revision: str) -> str:
    ran = _parsed(git, revision)
    if ran.code == 0 and _NAME.fullmatch(ran.text):
        return ran.text
    if ran.complaint.strip() and "Needed a single revision" not in ran.complaint:
        raise complained(ran, git.folder)
    fetched = _fetched(git, revision)
    if fetched:
        return fetched
    raise _unknown(git, revision)


def _parsed(git: Git, revision: str) -> Ran:
    return git.run(
        "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )


def _fetched(git: Git, revision: str) -> str:
    """Return the commit of a branch or tag that was fetched last.

    A clone of one branch gives no name to another one that it fetches: only FETCH_HEAD has it.
    """
    name, steps = _split(revision)
    name = name.removeprefix(f"{_remote(git)}/")
    path = git.folder / git.answer("rev-parse", "--git-path", "FETCH_HEAD")
    try:
        with path.open("rb") as file:
            rows = file.read(_LARGEST_TEXT).decode("utf-8", "replace").split("\n")
    except OSError:
        return ""
    for row in rows:
        commit, _, words = row.partition("\t")
        if _NAME.fullmatch(commit) and re.search(
            rf"(?:branch|tag) '{re.escape(name)}' of ", words
        ):
            ran = _parsed(git, commit + steps)
            return ran.text if ran.code == 0 and _NAME.fullmatch(ran.text) else ""
    return ""


def _split(revision: str) -> tuple[str, str]:
    """Split a revision into the name and the steps back from it, as in `main~2^`."""
    at = min((revision.find(one) for one in "~^" if one in revision), default=len(revision))
    return revision[:at], revision[at:]


def _remote(git: Git) -> str:
    """Return the remote to fetch from: origin, or the only one there is."""
    names = git.run("remote").text.split("\n")
    return "origin" if "origin" in names or not names[0] else names[0]


def _unknown(git: Git, revision: str) -> InputError:
    shown = one_line(revision, 80)
    listed = git.run("for-each-ref", "--count=500", "--format=%(refname:short)").text.split("\n")
    what = f"git knows no revision '{shown}'"
    if listed == [""]:
        return InputError(what, "there is no commit yet: commit something first")
    shallow = git.run("rev-parse", "--is-shallow-repository").text == "true"
    name, steps = _split(revision)
    if _parsed(git, f"{_remote(git)}/{revision}").code == 0:
        return InputError(what, f"did you mean '{_remote(git)}/{shown}'?")
    close = get_close_matches(name, listed, n=1, cutoff=0.5)
    fetch = _fetch(git, name, steps, shallow=shallow)
    if shallow and fetch:
        return InputError(what, f"this clone is shallow: fetch it first, with `{fetch}`")
    if close and close[0] != name:
        other = f" If not, fetch it first, with `{fetch}`" if fetch else ""
        return InputError(what, f"did you mean '{one_line(close[0], 80)}'?{other}")
    there = f"there are: {one_line(', '.join(listed[:8]), 200)}"
    return InputError(what, f"{there}; or fetch it first, with `{fetch}`" if fetch else there)


def _fetch(git: Git, name: str, steps: str, *, shallow: bool) -> str:
    """Return the command that brings a revision here; empty if there is none."""
    remote = _remote(git)
    if not _PLAIN.fullmatch(name) or not git.run("remote").text:
        return ""
    if _parsed(git, name).code == 0:
        return f"git fetch --deepen={_depth(steps)}" if shallow and steps else ""
    if shallow and _SHORT.fullmatch(name):  # no server knows the short name of a commit
        return f"git fetch --unshallow {remote}"
    depth = f" --depth={1 + _depth(steps)}" if shallow else ""
    return f"git fetch{depth} {remote} {name.removeprefix(f'{remote}/')}"


def _depth(steps: str) -> int:
    """Return how many commits back steps such as `~2^` go, at most."""
    counts = re.findall(r"~(\d*)|\^\d*", steps)
    return sum(min(int(count), _DEEPEST) if count else 1 for count in counts)


def _tree(git: Git, name: str) -> dict[str, Object]:
    """List all files of a tree by their path; a folder that is not there yet is empty."""
    if git.run("rev-parse", "--verify", "--quiet", "--end-of-options", name).code:
        return {}
    ran = git.run("ls-tree", "-r", "-z", "-l", "--full-tree", name, limit=_TREE_LIMIT)
    if ran.code:
        raise complained(ran, git.folder)
    rows = ran.output.decode("utf-8", "surrogateescape").split("\0")
    return dict(_row(row) for row in rows if row)


def _row(row: str) -> tuple[str, Object]:
    facts, _, path = row.partition("\t")
    mode, _, name, size = facts.split()
    return path, Object(mode, name, int(size) if size.isdigit() else 0)


def contents(git: Git, objects: Iterable[Object], limit: int) -> dict[str, bytes]:
    """Return the bytes of objects by their names; raise InputError if one is missing."""
    given = "".join(f"{one.name}\n" for one in objects).encode()
    if not given:
        return {}
    ran = git.run("cat-file", "--batch", given=given, limit=limit + len(given) * 2)
    found: dict[str, bytes] = {}
    at = 0
    while at < len(ran.output):
        end = ran.output.index(b"\n", at)
        name, kind, *size = ran.output[at:end].decode("ascii", "replace").split(" ")
        if kind != "blob" or not size:
            break
        start, at = end + 1, end + 2 + int(size[0])
        found[name] = ran.output[start : at - 1]
    if len(found) < len(set(given.split())):
        raise lacking()
    return found
