"""Takes that a person gives up, to buy them anew: which of them that may be done for."""

from collections.abc import Iterator, Sequence

from renderer.app.planning.missing_takes import check_lost
from renderer.app.rendering.job import Job
from renderer.errors import Problem, RefusedError
from renderer.lock.takes import Named
from renderer.providers import option
from renderer.spec.faults import show


def given_up(job: Job, names: Sequence[str]) -> tuple[Named, ...]:
    """Return the takes of these names, in the plan of now; raise for what buys nothing.

    InputError for a name of no take, RefusedError for a file that is here, for a picture that
    nothing asks for any more, and for a take that another one was bought in place of.
    """
    check_lost(names, job.lock, job.store)
    found = [Named(address=address, take=take) for address, take in job.lock.takes()]
    named = tuple(one for one in found if one.name in names)
    problems = list(_problems(job, named))
    if problems:
        raise RefusedError(problems)
    return named


def _problems(job: Job, named: Sequence[Named]) -> Iterator[Problem]:
    flag = option(job.workspace.provider)
    pictures = {task.address: task.fingerprint for task in job.planned.tasks}
    for one in named:
        name = show(one.name, 200)
        if pictures.get(one.address) != one.take.fingerprint:
            yield Problem(
                what=f"{name} shows a picture that nothing selected asks for",
                todo=f"`renderer verify --repair{flag}` looks for its file, for nothing; to buy it, have "
                "the spec and the picks ask for that picture again, and select it",
            )
        elif one.take.sha256 in job.lock.entries[one.address].replaced:
            yield Problem(
                what=f"another take was bought in place of {name} already",
                todo="`renderer takes` lists it; for one take more raise numberResults",
            )
