"""Having the walk compiled before somebody waits for it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np

from workbench.treeshap.cache import cache_folder
from workbench.treeshap.ensemble import Lines
from workbench.treeshap.nodes import TreeNodes, ensemble_of
from workbench.treeshap.values import shapley_interactions, shapley_values

PROGRAMS = 3
"""Values, interactions, and values of leaves with lines: what the kernel is compiled for, in this order."""
_found = False


def is_compiled() -> bool:
    """Whether the cache holds the walk, so that the first call takes half a second and not some."""
    global _found
    _found = _found or len(list(cache_folder().rglob("kernel.add_values-*.nbc"))) >= PROGRAMS
    return _found


def warm_up() -> None:
    """Load the walk; where it was never compiled on this machine, another process does that first, for some seconds.

    Compiling holds the interpreter's lock, and this process may have somebody to answer.
    """
    if not is_compiled():
        subprocess.run([sys.executable, "-m", "workbench.treeshap"], capture_output=True, check=False)
    compile_here()


def compile_here() -> None:
    """Compile the walk, or load it, by the first call of each program."""
    global _found
    one = TreeNodes(
        left=np.array([1, -1, -1]), right=np.array([2, -1, -1]), column=np.zeros(3), threshold=np.zeros(3),
        missing=np.zeros(3), cover=np.array([2.0, 1.0, 1.0]), value=np.array([[0.0], [0.0], [1.0]]),
    )  # fmt: skip
    ensemble, row = ensemble_of([one], np.zeros(1), np.zeros(1), 1), np.zeros((1, 1))
    shapley_values(ensemble, row, threads=1)
    shapley_interactions(ensemble, row, threads=1)
    no_line = Lines(*(np.zeros(size) for size in (3, 0, 0, 0, 0, 2)))
    shapley_values(replace(ensemble, lines=no_line), row, threads=1)
    _found = True  # in this process, whether or not the cache could be written
