"""What is spoken in a prompt: the text in quotation marks of any of the usual kinds."""

import re

_QUOTED = re.compile(
    r'"[^"\n]*"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|»[^«\n]*«|「[^」\n]*」|『[^』\n]*』'
)


def spoken(prompt: str) -> tuple[str, tuple[str, ...]]:
    """Return a prompt without what is in quotes, and what is in them."""
    return _QUOTED.sub("", prompt), tuple(_QUOTED.findall(prompt))
