"""Makes orders true: submits, polls, fetches, stores and records, and settles what was open."""

from renderer.app.life.ports import Interrupt, Ports, Terms
from renderer.app.life.run import run

__all__ = ["Interrupt", "Ports", "Terms", "run"]
