"""How an embedded engine distinguishes its answers from the provider's: a header, no key of a body."""

from renderer.version import VERSION as VERSION  # noqa: PLC0414 - a part of the mark

ENGINE = "X-Renderer-Engine"
COMMENT = "Animatic composed by an embedded engine; not the output of a video model."
