"""Runware's messages and error codes as types, for the client and for the engine."""
