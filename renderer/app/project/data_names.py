"""The data files that a spec names, found in its text: what is remembered depends on them.

Nothing is parsed: whatever follows a key `file` and ends as data files do is one. A name that
is spelled in a way that is not found here is refused where it is used.
"""

import re
import unicodedata
from collections.abc import Iterator

_MAY_NAME = re.compile(rb"\.(?:csv|tsv|json|ya?ml)\b")
_NAMED = re.compile(
    rb"""file["']?\s*:\s*(?:&[^\s:&]{1,64}\s{1,8})?(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'#{}\[\],&*][^\n#{}\[\],]*))"""
)


def data_names(spec: bytes) -> tuple[str, ...]:
    """Return the paths of the data files that a spec may name, in their order."""
    return tuple(dict.fromkeys(_names(spec))) if _MAY_NAME.search(spec) else ()


def _names(spec: bytes) -> Iterator[str]:
    from renderer.spec.faults import SlipError  # most specs name none
    from renderer.spec.project_paths import data_file

    for hit in _NAMED.finditer(spec):
        try:
            text = (hit[1] or hit[2] or hit[3]).strip().decode("utf-8")
            yield data_file(unicodedata.normalize("NFC", text))
        except (UnicodeDecodeError, SlipError):
            continue
