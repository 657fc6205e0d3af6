"""A project's way by chance: drafts, picks with cuts, finals, edits; each run bought as planned.

Every shot may take a frame of an earlier one, over a matrix of seeds and aspects. A run buys exactly
what its plan says, to the cent and to the address, and leaves nothing but what a person has to
choose.
"""

import random
from dataclasses import dataclass, field
from typing import Any

from tests.harness.buyer import NOTHING, Bought, Buyer

_SOURCES = (
    "",
    "shot: {0}",
    "shot: {0}, frame: last",
    "shot: {0}, frame: 0.5",
    "shot: {0}, mode: pin",
)
_AT = "{{ scene.id }}/{{ shot.id }}@aspect={{ task.aspect }},seed={{ task.seed }}"
_CUTS = ("", "", "", ":2f-9f", ":-9f", ":3f-")


@dataclass
class Walk:
    """The storyboard as it is now, and the person who renders it."""

    one: Buyer
    chance: random.Random
    shots: dict[str, list[Any]] = field(default_factory=dict)  # version, results, source
    head: dict[str, str] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)
    saved: tuple[str, Bought] | None = None

    def begin(self) -> None:
        """Write a storyboard of two or three shots, as drafts."""
        self.head = {
            "draft": "true",
            "size": "720p",
            "seeds": self.chance.choice(["[7]", "[7, 17]"]),
        }
        self.head["aspects"] = self.chance.choice(["'16:9'", "'16:9'", "'16:9', '9:16'"])
        for name in ("ash", "bay", "cove")[: self.chance.choice([2, 3])]:
            before = list(self.shots)
            source = (
                self.chance.choice(_SOURCES).format(self.chance.choice(before)) if before else ""
            )
            self.shots[name] = [0, self.chance.choice([1, 1, 2]), source]
        self._write()

    def go(self, steps: int) -> None:
        """Take steps; should one of them fail, it is said what was done before."""
        acts = [self.render] * 6 + [self.pick] * 5
        acts += [self.only, self.undo, self.save, self.apply, self.finals, self.size, self.words]
        try:
            for _ in range(steps):
                act = self.chance.choice([*acts, self.count, self.seeds])
                self.trail.append(act.__name__)
                act()
        except AssertionError as error:
            error.add_note("\n".join(self.trail))
            raise

    def render(self, *only: str) -> None:
        if self.one.call("plan", "--provider", "runware", *only):
            return  # it waits for what is not selected
        waits = {at for at, what in self.one.actions(*only).items() if what == "choose"}
        self.one.buys(*only, code=4 if waits else 0)
        left = self.one.actions(*only)
        assert set(left.values()) <= {"choose"}
        assert left.keys() <= waits
        assert self.one.spent() == self.one.engine.store.billing.spent

    def only(self) -> None:
        self.render("--only", f"pier/{self._shot()}")

    def save(self) -> None:
        self.saved = self.one.saved("plan.json")

    def apply(self) -> None:
        """A saved plan is bought as it was read, or it is refused."""
        if self.saved is None:
            return
        mark = len(self.one.engine.store.billing.charged)
        code = self.one.call("render", "--plan", self.saved[0], "--yes", "--max-cost", "50")
        paid = Bought.of(self.one.engine.store.billing.charged[mark:])
        assert code in {0, 4}
        assert paid in (NOTHING, self.saved[1])
        self.saved = None

    def pick(self) -> None:
        if not (self.one.root / "renderer.lock").exists():
            return
        shots = self.one.ask("takes", "--provider", "runware", "pier")["shots"]
        names = [take["name"] for row in shots for take in row["takes"] if take["current"]]
        if names:
            name = self.chance.choice(names) + self.chance.choice(_CUTS)
            self.trail.append(name)
            assert self.one.call("pick", "--provider", "runware", name, "--why", "calm") == 0

    def undo(self) -> None:
        self.one.call("pick", "--undo", f"pier/{self._shot()}")

    def finals(self) -> None:
        self._turn("draft", "true", "false")

    def size(self) -> None:
        self._turn("size", "720p", "1080p")

    def seeds(self) -> None:
        self._turn("seeds", "[7]", "[7, 17]", "[17, 7]")

    def words(self) -> None:
        self.shots[self._shot()][0] = self.chance.choice([0, 0, 1])
        self._write()

    def count(self) -> None:
        self.shots[self._shot()][1] = self.chance.choice([1, 2, 3])
        self._write()

    def _shot(self) -> str:
        return self.chance.choice(list(self.shots))

    def _turn(self, name: str, *values: str) -> None:
        self.head[name] = self.chance.choice([one for one in values if one != self.head[name]])
        self._write()

    def _write(self) -> None:
        head = self.head
        rows = [
            f"version: 1\nscene: pier\ndraft: {head['draft']}\nmatrix:\n  aspect: [{head['aspects']}]",
            f"  seed: {head['seeds']}\nsettings:\n  model: bytedance:seedance@1.5-pro\n  duration: 4",
            f"  resolution: {head['size']}\nshots:",
        ]
        for name, (version, results, source) in self.shots.items():
            rows.append(f"  - id: {name}\n    prompt: Take {version}. {_AT}")
            rows.append(f"    settings: {{numberResults: {results}}}")
            rows += [f"    frames: {{first: {{{source}}}}}"] if source else []
        text = "\n".join([*rows, ""])
        self.trail.append(text)
        (self.one.root / "specs").mkdir(parents=True, exist_ok=True)
        (self.one.root / "specs" / "pier.yaml").write_text(text)
