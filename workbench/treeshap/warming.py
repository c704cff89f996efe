"""Having the walk compiled before somebody waits for it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from workbench.treeshap.cache import cache_folder
from workbench.treeshap.nodes import TreeNodes, ensemble_of
from workbench.treeshap.values import shapley_values

_found = False


def is_compiled() -> bool:
    """Whether the walk need not be compiled any more: the cache holds it, and the first call takes half a second."""
    global _found
    _found = _found or any(cache_folder().rglob("kernel.add_values-*.nbc"))
    return _found


def warm_up() -> None:
    """Load the walk; where it was never compiled on this machine, another process does that first, for some seconds.

    Compiling holds the interpreter's lock, and this process may have somebody to answer.
    """
    if not is_compiled():
        subprocess.run([sys.executable, "-m", "workbench.treeshap"], capture_output=True, check=False)
    compile_here()


def compile_here() -> None:
    """Compile the walk, or load it, by its first call."""
    global _found
    one = TreeNodes(
        left=np.array([1, -1, -1]), right=np.array([2, -1, -1]), column=np.zeros(3), threshold=np.zeros(3),
        missing=np.zeros(3), cover=np.array([2.0, 1.0, 1.0]), value=np.array([[0.0], [0.0], [1.0]]),
    )  # fmt: skip
    shapley_values(ensemble_of([one], np.zeros(1), np.zeros(1), 1), np.zeros((1, 1)), threads=1)
    _found = True  # in this process, whether or not the cache could be written
