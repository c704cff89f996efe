"""Errors of a screen's work become a dialogue, answers that come too late are dropped; the app goes on."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from workbench.errors import WorkbenchError
from workbench.worker.client import WorkerFailure, WorkerLost

if TYPE_CHECKING:
    from textual.widget import Widget

Args = ParamSpec("Args")
Value = TypeVar("Value")


def is_elsewhere(error: Exception) -> bool:
    """Whether an answer is missing only because another run is looked at by now."""
    return isinstance(error, WorkerFailure) and error.kind == "elsewhere"


def guarded(work: Callable[Args, Awaitable[Value]]) -> Callable[Args, Coroutine[Any, Any, Value | None]]:
    """Let a widget's coroutine fail with a dialogue; a lost worker has a dialogue of its own already.

    That another run is looked at by now is no failure: what was asked of the one before is not wanted any more.
    """

    @functools.wraps(work)
    async def safe(*args: Args.args, **kwargs: Args.kwargs) -> Value | None:
        try:
            return await work(*args, **kwargs)
        except WorkerLost:
            return None
        except WorkbenchError as error:
            if is_elsewhere(error):
                return None
            widget: Any = args[0]
            widget.app.show_error(str(error), detail=getattr(error, "detail", ""))
            return None

    return safe


async def for_shown(widget: Widget, question: Awaitable[Value]) -> Value:
    """The answer, as long as the widget is there to show it.

    When a screen is left its parts go first and its work a moment later: an answer that comes in between would find
    nothing to be shown in.
    """
    try:
        return await question
    finally:
        if not widget.is_running:
            raise asyncio.CancelledError
