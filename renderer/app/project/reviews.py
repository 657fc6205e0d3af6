"""The project's `reviews.yaml`: read here, for plans, picks, notes and the page alike."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.own_yaml import text_of
from renderer.film.reviews import Reviews
from renderer.lock.model import Take
from renderer.paths import REVIEWS

if TYPE_CHECKING:  # without the file nothing is read
    from renderer.spec.reader import Document


def written_reviews(files: ProjectFiles) -> "tuple[Reviews, Document | None]":
    """Return verdicts and notes, and the document that they are in; none without a file."""
    text = text_of(files, REVIEWS)
    if text is None:
        return Reviews(), None
    from renderer.film.reviews_read import reading

    return reading(text, REVIEWS)


def rejecting(files: ProjectFiles) -> Callable[[Take], bool]:
    """Return what says whether a take was rejected; the file is read when that is first asked."""

    @cache
    def known() -> Reviews:
        return written_reviews(files)[0]

    return lambda take: known().rejects(take)
