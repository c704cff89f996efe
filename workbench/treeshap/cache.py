"""Where compiled code is kept."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import platformdirs


@cache
def cache_folder() -> Path:
    """A folder of the user's whose name changes with any file of this package.

    numba itself looks only at the file of the outermost function, and would go on with what the others were before.
    """
    text = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        text.update(file.read_bytes())
    return Path(platformdirs.user_cache_dir("segment-workbench")) / f"treeshap-{text.hexdigest()[:16]}"
