"""How an embedded engine distinguishes its answers from the provider's: a header, no key of a body."""

from renderer import __version__

ENGINE = "X-Renderer-Engine"
VERSION = __version__
COMMENT = "Animatic composed by an embedded engine; not the output of a video model."
