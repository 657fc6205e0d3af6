"""One comment of a pull request, found by its marker and its author, and kept up to date."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 20
_LARGEST = 8 << 20
_PAGES = 30
_PAGE = 100


class UnreachableError(Exception):
    """GitHub gave no answer that helps, or none at all; the text names which."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the token must not reach another address."""

    def redirect_request(self, *_: Any) -> None:
        """Refuse."""


@dataclass(frozen=True)
class Comments:
    """The comments of one pull request; `token` goes to `api` and nowhere else."""

    api: str
    repository: str
    pull: int
    token: str

    def keep_one(self, author: str, marker: str, body: str, *, only_update: bool) -> None:
        """Make `body` the one comment of this author that begins with the marker.

        Anybody may write the marker into a comment: those of other authors are left alone.
        With `only_update` a first comment is not written.
        """
        mine = self._mine(author, marker)
        for extra in mine[1:]:
            self._call("DELETE", f"issues/comments/{int(extra['id'])}")
        if mine and mine[0]["body"] != body:
            self._call("PATCH", f"issues/comments/{int(mine[0]['id'])}", {"body": body})
        elif not mine and not only_update:
            self._call("POST", f"issues/{self.pull}/comments", {"body": body})

    def _mine(self, author: str, marker: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for page in range(1, _PAGES + 1):
            rows = self._call("GET", f"issues/{self.pull}/comments?per_page={_PAGE}&page={page}")
            if not isinstance(rows, list):
                raise UnreachableError("GitHub's answer is no list")
            found += [
                row
                for row in rows
                if (row.get("user") or {}).get("login") == author
                and str(row.get("body") or "").startswith(marker)
            ]
            if len(rows) < _PAGE:
                break
        return found

    def _call(self, method: str, path: str, body: dict[str, str] | None = None) -> Any:
        address = f"{self.api}/repos/{self.repository}/{path}"
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
            raise UnreachableError("the API's address is not https")
        request = urllib.request.Request(
            address,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
                "User-Agent": "renderer-action",
            },
        )
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=_SECONDS) as answer:
                content = answer.read(_LARGEST)
            return json.loads(content) if content else None
        except urllib.error.HTTPError as error:
            with error:
                raise UnreachableError(f"{method}: HTTP {error.code}") from None
        except (OSError, ValueError) as error:
            raise UnreachableError(f"{method}: {type(error).__name__}") from None
