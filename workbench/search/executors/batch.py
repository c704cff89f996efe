"""Some tasks beside each other in slots that nothing else uses, until they or the time end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from typing import TypeVar

from workbench.budget import Budget
from workbench.events import Events
from workbench.search.executors import Slots

Task = TypeVar("Task")
Result = TypeVar("Result")
_LOOK = 0.1


def run_batch(
    slots: Slots, function: Callable[[Task], Result], tasks: Sequence[Task], *, budget: Budget, events: Events
) -> list[Result | None]:
    """Run ``function`` on each task, as many at once as there are slots.

    Returns:
        results in the order of the tasks; ``None`` for one that failed, or that had not ended when the budget did or
        when the user stopped the work. Its slot is renewed.
    """
    results: list[Result | None] = [None] * len(tasks)
    waiting = list(range(len(tasks)))
    flying: dict[Future[Result], tuple[int, int]] = {}
    while waiting or flying:
        if budget.expired or events.stop_requested:
            for slot, _ in flying.values():
                slots.renew(slot)
            break
        busy = {slot for slot, _ in flying.values()}
        for slot in range(slots.width):
            if waiting and slot not in busy:
                place = waiting.pop(0)
                flying[submitted(slots, slot, function, tasks[place])] = (slot, place)
        finished, _ = wait(flying, timeout=min(_LOOK, budget.remaining), return_when=FIRST_COMPLETED)
        for future in finished:
            slot, place = flying.pop(future)
            error = future.exception()
            if error is None:
                results[place] = future.result()
            elif isinstance(error, BrokenExecutor):
                slots.renew(slot)
    return results


def submitted(slots: Slots, slot: int, function: Callable[[Task], Result], task: Task) -> Future[Result]:
    """The future of a task; one that has failed where the slot's worker died while it was idle."""
    try:
        return slots.submit(slot, function, task)
    except BrokenExecutor as error:
        failed: Future[Result] = Future()
        failed.set_exception(error)
        return failed
