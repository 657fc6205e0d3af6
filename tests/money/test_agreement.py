"""What a run may buy is what was agreed to then, whatever the journal says by now."""

from pathlib import Path

from renderer.app.rendering.agreement import is_more
from renderer.app.rendering.job import Job, RenderOptions
from renderer.app.rendering.spend_check import NOTHING, spending_of
from renderer.app.workspace import Workspace


def test_takes_that_were_not_to_be_bought_when_it_was_agreed_are_asked_about(
    project: Path,
) -> None:
    """Tasks that ran when it was agreed, and failed while this run waited for another."""
    job = Job.of(Workspace.at(project, "runware"), RenderOptions())
    now = spending_of(job)
    assert now.takes == 2
    assert is_more(job, job, NOTHING)
    assert not is_more(job, job, now)
