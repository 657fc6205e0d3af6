"""The embedded engine: Runware's contract as an ASGI app that makes animatics."""
