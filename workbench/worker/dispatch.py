"""Which function answers which method: services register themselves here when they are imported."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from workbench.errors import InputError, Stopped, StoreError, WorkbenchError
from workbench.worker.protocol import Failure
from workbench.worker.session import ElsewhereError, Session
from workbench.worker.shown import Shown

Service = Callable[..., Any]
"""Takes the session and the request's parameters; returns plain values."""

F = TypeVar("F", bound=Service)
P = ParamSpec("P")
R = TypeVar("R")
_SERVICES: dict[str, Service] = {}


def service(method: str) -> Callable[[F], F]:
    """Register a function as the answer to ``method``, such as ``data.open``."""

    def register(function: F) -> F:
        _SERVICES[method] = function
        return function

    return register


def of_run(
    method: str, *, kept: bool = False
) -> Callable[[Callable[Concatenate[Shown, P], R]], Callable[Concatenate[Shown, P], R]]:
    """Register a function that answers from the run that is looked at.

    It is handed that run once, at its beginning. A question may say in ``run`` which look at a run it is about, as
    ``ResultView`` names it: where another one is looked at by then, it is told so.

    Args:
        kept: whether it keeps something with the run in the store. The run that was left last is handed to it as well:
            what the analyst has typed while a journey ended is not lost.
    """

    def register(function: Callable[Concatenate[Shown, P], R]) -> Callable[Concatenate[Shown, P], R]:
        def from_session(session: Session, run: str | None = None, **params: Any) -> Any:
            shown = session.shown_or_left(run) if kept else session.shown(run)
            return function(shown, **params)  # type: ignore[call-arg]

        _SERVICES[method] = from_session
        return function

    return register


def answer(session: Session, method: str, params: dict[str, Any]) -> Any:
    """Call the service.

    Raises:
        InputError: there is no such method.
    """
    function = _SERVICES.get(method)
    if function is None:
        raise InputError(f"The worker has no '{method}': face and worker are of different versions, restart both.")
    return function(session, **params)


def failure(number: int, error: BaseException) -> Failure:
    """What a face is told of an error: a sentence for the user's mistakes, the traceback as well for ours."""
    if isinstance(error, WorkbenchError):
        kind = (
            "elsewhere"
            if isinstance(error, ElsewhereError)
            else "input"
            if isinstance(error, InputError)
            else "store"
            if isinstance(error, StoreError)
            else "stopped"
            if isinstance(error, Stopped)
            else "defect"
        )
        return Failure(number, kind, str(error))
    if isinstance(error, MemoryError):
        return Failure(number, "input", "The memory of this machine is not enough for that; use fewer rows or columns.")
    if isinstance(error, OSError):
        where = f" {error.filename}" if error.filename else ""
        return Failure(number, "input", f"Can't use{where}: {error.strerror or error}.")
    detail = "".join(traceback.format_exception(error))
    return Failure(number, "defect", f"A defect in workbench: {type(error).__name__}: {error}", detail)
