"""Sends the requests that are due, and applies their responses."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from renderer.app.rendering.loop.downloads import note
from renderer.app.rendering.loop.due import Batch, due_calls
from renderer.app.rendering.loop.state import ActiveTask, RunState, model_of
from renderer.app.rendering.loop.transitions import Transitions
from renderer.errors import InputError, NetworkError, ProviderError
from renderer.json_types import Json
from renderer.render.answers.archive import of_archive
from renderer.render.answers.calls import Call, account_error, known_before, refused_models
from renderer.render.answers.poll import of_poll
from renderer.render.answers.submit import of_submit
from renderer.render.budget import Budget, cost_of_post
from renderer.render.stage import Event, Stage
from renderer.runware.messages import TaskError

Filled = tuple[ActiveTask, dict[str, Json]]
_LONGEST_CALL = 8 * 1024 * 1024  # characters
_OVER_BUDGET = TaskError(code="overBudget", message="it no longer fits under the limit")


class Requests:
    """Makes calls about tasks, and hands what they say to `Transitions`."""

    def __init__(self, state: RunState, transitions: Transitions) -> None:
        self._state = state
        self._transitions = transitions
        self._ports = state.ports
        self._terms = state.terms
        self.calls = 0
        self.singly = False  # batches of questions were not understood

    def due(self) -> Iterator[tuple[Stage, Batch]]:
        """Yield the calls to be made now: the stage they are for and their tasks."""
        return due_calls(self._state, singly=self.singly)

    async def call(self, stage: Stage, batch: Batch) -> None:
        """Make one call about a batch, which is marked busy."""
        try:
            if stage is Stage.SEND:
                await self._send(batch)
            elif stage is Stage.ARCHIVE:
                counts = _counts(batch)
                call = await self._ports.client.details(list(counts))
                self._transitions.learn(batch, of_archive(call, counts), call)
            else:
                await self._ask(batch)
        finally:
            self.calls -= 1
            for live in batch:
                live.busy = False

    async def _ask(self, batch: Batch) -> None:
        counts = _counts(batch)
        call = await self._ports.client.ask(list(counts))
        heard = of_poll(call, counts)
        if any(meaning.alone for meaning in heard.values()):
            self.singly = True
        alone = [live.task.uuid for live in batch if live.attempt.alone]
        if len(batch) == 1 and any(heard[uuid].event is Event.SEEN for uuid in alone):
            self.singly = True  # alone it is answered, in a batch it was not
        bars = [meaning for meaning in heard.values() if meaning.event is Event.ACCOUNT_ERROR]
        if bars:
            self._state.stop(bars[0].error)
        self._transitions.learn(batch, heard, call)

    async def _send(self, batch: Batch) -> None:
        filled = await self._bodies(self._affordable(batch))
        for part in _parts(filled):
            bodies = {live.task.uuid: body for live, body in part}
            served = [live for live, _ in part if not self._refused(live)]
            if self._state.closing or not self._state.sending or not served:
                return
            leaving = self._transitions.post(served)
            if leaving:
                await self._post(leaving, [bodies[live.task.uuid] for live in leaving])

    def _refused(self, live: ActiveTask) -> bool:
        return model_of(live.task.order) in self._state.refused

    async def _post(self, lives: Batch, bodies: list[dict[str, Json]]) -> None:
        asked = {live.task.uuid for live in lives if live.task.doubt}
        call = await self._ports.client.submit(bodies)
        error = account_error(call)
        if error:
            self._state.stop(error)
        self._note_model(lives, call)
        self._state.posted |= {live.task.uuid for live in lives} - (known_before(call) - asked)
        heard = of_submit(call, [live.task.uuid for live in lives], asked)
        self._transitions.learn(lives, heard, call)
        taken = [live.task.order for live in lives if live.task.acked]
        await self._ports.work(partial(note, self._ports.store, taken))

    def _note_model(self, lives: Batch, call: Call) -> None:
        """Remember a model that is not served: nothing more is sent for it."""
        models = {live.task.uuid: model_of(live.task.order) for live in lives}
        for model, error in refused_models(call, models):
            self._state.refuse_model(model, error)

    def _affordable(self, batch: Batch) -> Batch:
        """Return the tasks that fit the budget; the others are given up, unsent."""
        if self._terms.limit is None:
            return batch
        spent = self._ports.journal.spent(self._terms.intent) + self._state.elsewhere
        budget, fit = Budget(limit=self._terms.limit, committed=spent), []
        for live in batch:
            amount = cost_of_post(live.task)
            if budget.fits(amount):
                budget = budget.spend(amount)
                fit.append(live)
            else:
                self._transitions.give_up(live, _OVER_BUDGET)
        return fit

    async def _bodies(self, batch: Batch) -> list[Filled]:
        bodies: list[Filled] = []
        for live in batch:
            order = live.task.order
            try:
                images = await self._ports.images.images(order)
            except (InputError, NetworkError, ProviderError) as error:
                self._transitions.give_up(live, TaskError(code="input", message=str(error)))
            else:
                bodies.append((live, order.body(live.task.uuid, images)))
        return bodies


def _parts(filled: list[Filled]) -> Iterator[list[Filled]]:
    """Cut a batch where its bodies, with the images in them, grow too long for one call."""
    part: list[Filled] = []
    size = 0
    for live, body in filled:
        length = len(str(body)) if live.task.order.files else 0
        if part and size + length > _LONGEST_CALL:
            yield part
            part, size = [], 0
        part.append((live, body))
        size += length
    if part:
        yield part


def _counts(batch: Sequence[ActiveTask]) -> Mapping[str, int | None]:
    return {live.task.uuid: live.task.count for live in batch}
