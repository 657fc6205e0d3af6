"""Whether the quick second implementations are used: what is in the `fast/` of a room.

They are, but for runs that show that nothing depends on them. Whoever starts the program sets
it, once, from the environment (`cli/startup.py`, for the tests too): the core reads none.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class _Switch:
    on: bool = True


FAST = _Switch()
