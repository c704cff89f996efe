"""Compiling with numba: kept on disk, so that only the first process on a machine waits for it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numba.core.registry import cpu_target

from workbench.treeshap.cache import cache_folder

# half of numba is imported by its first compilation: here that belongs to importing, and not to the first explanation
cpu_target.typing_context.refresh()
cpu_target.target_context.refresh()

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """``function`` in machine code, without the interpreter's lock while it runs.

    The code is kept in ``cache_folder``; where that can't be written, or the disk is full, each process compiles for
    itself.
    Products and sums may be contracted to one rounding; nothing is reordered, so that a row's figures do not depend on
    its place.
    """
    options: dict[str, Any] = {"nogil": True, "fastmath": {"contract"}, "error_model": "numpy"}
    before = numba.config.CACHE_DIR
    try:
        numba.config.CACHE_DIR = str(cache_folder())
        made = numba.njit(cache=True, **options)(function)
        made._cache.save_overload = _where_possible(made._cache.save_overload)
    except (RuntimeError, OSError):  # numba found no place that it can write
        made = numba.njit(**options)(function)
    finally:
        numba.config.CACHE_DIR = before
    result: Function = made
    return result


def _where_possible(save: Callable[..., None]) -> Callable[..., None]:
    """``save``, to which a full disk is no error: numba would raise it in the explanation."""

    def saved(*arguments: Any) -> None:
        with contextlib.suppress(OSError):
            save(*arguments)

    return saved
