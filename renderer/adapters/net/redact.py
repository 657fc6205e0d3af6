"""Foreign text without what must not be shown: keys, and addresses that may hold credentials.

Whatever is known to be secret is covered in each spelling that an answer may give it; of any
other address in the text only the host is left.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from urllib.parse import quote, quote_plus, unquote, unquote_plus, urlsplit

COVER = "***"
_LEAST = 4  # characters of a piece that is covered: fewer occur in any text
_LEAST_SEGMENT = 12  # of a path: shorter ones are words, longer ones may be keys
_SLASH = r"(?:\\*/|\\u002f|%(?:25)*2f|&#x2f;|&#47;)"
_URL = re.compile(
    rf"([a-z][a-z0-9+.-]{{1,15}})(:|\\u003a|%(?:25)*3a|&#x3a;|&#58;){_SLASH}{{2}}([^\s\"<>`]+)",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[^@/?#\\]*@)?([a-z0-9.-]+(?::\d{1,5})?)(?=[/?#]|\W*$)", re.IGNORECASE)
_BARE = re.compile(r"[a-z0-9.-]+(?::\d{1,5})?/?[\W_]{0,3}", re.IGNORECASE)


class Redactor:
    """Covers secrets in texts; it learns those of addresses as they are used."""

    def __init__(self, *secrets: str) -> None:
        self._secrets = {secret for secret in secrets if secret}
        self._forms: tuple[str, ...] = ()  # longest first; computed when a text is covered
        self._spelled = 0

    def learn(self, value: object) -> None:
        """Take note of the addresses in a request: what may be a credential in them is secret."""
        for address in _addresses(value):
            self._secrets.update(_credentials(address))

    def hide(self, text: str) -> str:
        """Return a text in which every secret is covered, and of every address all but the host."""
        if len(self._secrets) != self._spelled:
            forms = {form.lower() for secret in self._secrets for form in _spellings(secret)}
            self._forms = tuple(sorted(forms, key=lambda one: (-len(one), one)))
            self._spelled = len(self._secrets)
        text = _URL.sub(_shown, text)
        here = [form for form in self._forms if form in text.lower()]
        if here:
            text = re.sub("|".join(map(re.escape, here)), COVER, text, flags=re.IGNORECASE)
        return self._without_tail(text)

    def _without_tail(self, text: str) -> str:
        """Cover the beginning of a secret at the very end: the text may have been cut there."""
        low = text.lower()
        tails = (
            size
            for form in self._forms
            for size in range(min(len(form), len(low)), _LEAST - 1, -1)
            if low.endswith(form[:size])
        )
        longest = max(tails, default=0)
        return text[:-longest] + COVER if longest else text


def _shown(found: re.Match[str]) -> str:
    """Return an address of which only the host is left; nothing of one that is spelled oddly."""
    scheme, colon, rest = found.groups()
    if _BARE.fullmatch(rest):
        return found[0]
    host = (
        _HOST.match(rest) if colon == ":" and found[0][len(scheme) :].startswith("://") else None
    )
    if host is None or "@" in rest[host.end() :]:
        return f"{scheme}://{COVER}"
    return f"{scheme}://{host[1]}/{COVER}"


def _addresses(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if value[:8].lower().startswith(("http://", "https://")):
            yield value
    elif isinstance(value, Mapping):
        yield from (found for one in value.values() for found in _addresses(one))
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        yield from (found for one in value for found in _addresses(one))


def _credentials(address: str) -> Iterator[str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return
    user = parts.netloc.rpartition("@")[0]
    yield from _long(_LEAST, user, *user.partition(":")[::2], parts.fragment)
    for pair in parts.query.split("&"):
        name, equals, value = pair.partition("=")
        yield from _long(_LEAST, value if equals else name)
    yield from _long(_LEAST_SEGMENT, *parts.path.split("/"))


def _long(least: int, *texts: str) -> Iterator[str]:
    return (text for text in texts if len(text) >= least)


def _spellings(secret: str) -> Iterator[str]:
    """Yield a text as it may come back: quoted, quoted twice, unquoted, in JSON, in HTML."""
    for plain in {secret, unquote(secret), unquote_plus(secret)}:
        once = {plain, quote(plain, safe=""), quote(plain), quote_plus(plain)}
        for form in once:
            quoted = quote(form, safe="")
            yield from (form, quoted, quote(quoted), escape(form), form.replace("/", "\\/"))
            yield json.dumps(form)[1:-1]
