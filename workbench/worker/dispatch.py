"""Which function answers which method: services register themselves here when they are imported."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, TypeVar

from workbench.errors import InputError, Stopped, StoreError, WorkbenchError
from workbench.worker.protocol import Failure
from workbench.worker.session import Session

Service = Callable[..., Any]
"""Takes the session and the request's parameters; returns plain values."""

F = TypeVar("F", bound=Service)
_SERVICES: dict[str, Service] = {}


def service(method: str) -> Callable[[F], F]:
    """Register a function as the answer to ``method``, such as ``data.open``."""

    def register(function: F) -> F:
        _SERVICES[method] = function
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
            "input"
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
