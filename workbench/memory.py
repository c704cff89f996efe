"""Memory that is free again, handed back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Hand free memory back: the C library keeps what large columns leave behind, and other processes need it.

    Takes some milliseconds; does nothing where the C library has no such call.
    """
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
