"""Compiling with numba: kept on disk, so that only the first process on a machine waits for it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
import platformdirs

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """``function`` in machine code, without the interpreter's lock while it runs.

    The code is kept in the user's cache under a name that changes with any file of this package: numba itself looks
    only at the file of the outermost function. Where the cache can't be written, each process compiles for itself.
    Products and sums may be contracted to one rounding; nothing is reordered, so that a row's figures do not depend on
    its place.
    """
    options: dict[str, Any] = {"nogil": True, "fastmath": {"contract"}, "error_model": "numpy"}
    before = numba.config.CACHE_DIR
    try:
        numba.config.CACHE_DIR = str(_place())
        made = numba.njit(cache=True, **options)(function)
    except (RuntimeError, OSError):  # numba found no place that it can write
        made = numba.njit(**options)(function)
    finally:
        numba.config.CACHE_DIR = before
    result: Function = made
    return result


@cache
def _place() -> Path:
    text = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        text.update(file.read_bytes())
    return Path(platformdirs.user_cache_dir("workbench")) / f"treeshap-{text.hexdigest()[:16]}"
