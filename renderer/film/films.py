"""All films of a project against its shots: what is picked for each, and what has no shot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renderer.expand.deliverable import Deliverable, deliverables, is_for
from renderer.film.pick_status import ShotStatus, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Films:
    """The deliverables, and by shot what each of them has of it: None where it has nothing."""

    films: tuple[Deliverable, ...]
    shots: Mapping[str, tuple[ShotStatus | None, ...]]

    @property
    def lacking(self) -> tuple[tuple[str, Deliverable], ...]:
        """The shots that a film has no task of: excluded from it."""
        return tuple(
            (shot, film)
            for shot, row in self.shots.items()
            for film, status in zip(self.films, row, strict=True)
            if status is None
        )


def films_of(found: Sequence[ShotStatus]) -> Films:
    """Return the films of a project by the state of its shots; strays are in none."""
    rows = [one for one in found if one.state is not State.STRAY]
    films = deliverables([task for one in rows for task in one.tasks])
    shots: dict[str, list[ShotStatus]] = {}
    for one in rows:
        shots.setdefault(one.shot, []).append(one)
    return Films(
        films=films,
        shots={shot: tuple(_serving(of, film) for film in films) for shot, of in shots.items()},
    )


def _serving(statuses: Sequence[ShotStatus], film: Deliverable) -> ShotStatus | None:
    """Return what a film has of a shot: of a general cell and one of the film's own, its own."""
    fitting = (one for one in statuses if is_for(one.tasks[0], film))
    return max(fitting, key=lambda one: len(one.film), default=None)
