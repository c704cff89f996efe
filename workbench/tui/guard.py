"""Errors of a screen's work become a dialogue; the app goes on."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from workbench.errors import WorkbenchError
from workbench.worker.client import WorkerLost

Args = ParamSpec("Args")
Value = TypeVar("Value")


def guarded(work: Callable[Args, Awaitable[Value]]) -> Callable[Args, Coroutine[Any, Any, Value | None]]:
    """Let a widget's coroutine fail with a dialogue; a lost worker has a dialogue of its own already."""

    @functools.wraps(work)
    async def safe(*args: Args.args, **kwargs: Args.kwargs) -> Value | None:
        try:
            return await work(*args, **kwargs)
        except WorkerLost:
            return None
        except WorkbenchError as error:
            widget: Any = args[0]
            widget.app.show_error(str(error), detail=getattr(error, "detail", ""))
            return None

    return safe
