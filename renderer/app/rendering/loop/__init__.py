"""Applies orders: submits, polls, fetches, stores and records, and settles what was open."""

from renderer.app.rendering.loop.ports import Interrupt, Ports, Terms
from renderer.app.rendering.loop.run import run

__all__ = ["Interrupt", "Ports", "Terms", "run"]
