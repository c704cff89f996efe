"""The explanation of a run, or the reason why a run lacks something, as far as the run itself knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from workbench.errors import InputError

if TYPE_CHECKING:
    from workbench.contracts import Explanation, JourneyResult


def explanation_of(result: JourneyResult) -> Explanation:
    """The explanation of a run.

    Raises:
        InputError: it holds none.
    """
    if result.explanation is None:
        raise InputError(f"Run '{result.name}' holds no explanation: {no_model(result) or reason(result, 'explain')}")
    return result.explanation


def reason(result: JourneyResult, stage: Literal["explain", "segments"]) -> str:
    """Why a stage of a run has no result and what to do about it, as the second half of a sentence."""
    from workbench.journey.left_out import BROKEN, LATER, failed, left_out

    if result.settings.get("full") is False:
        return "it was made with --no-report; run the table again without it."
    again = f"`workbench runs resume {result.name}"
    for begins, more in (
        (failed(stage), f"{again}` tries again."),
        (left_out(stage), f"give it more with {again} --budget 2m`."),
        (LATER, f"{again}` goes on."),
        (BROKEN, f"once that is mended, {again}` goes on."),
    ):
        for notice in result.notices:
            if notice.startswith(begins):
                told = notice if begins == failed(stage) else notice.removeprefix(begins)
                return f"{told.strip().rstrip('.')}; {more}"
    if result.stopped:
        return f"it was stopped before; {again}` goes on."
    return f"it does not say why; {again}` tries again."


def no_model(result: JourneyResult) -> str | None:
    """Why a run has no model, likewise; ``None`` where it has one."""
    from workbench.contracts import Task

    if result.search is not None:
        return None
    if result.table.task is Task.SEGMENTS:
        return "its table has no target, so there is no model; run it again with --target COLUMN."
    return f"it ended before it had a model; `workbench runs resume {result.name}` goes on."
