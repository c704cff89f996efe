"""What is kept of a defect, so that it can be reported without a traceback in the user's face."""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path


def keep_details(error: BaseException) -> Path | None:
    """Write the traceback to a file of its own; ``None`` where even that is not possible."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="workbench-defect-", suffix=".txt", delete=False, encoding="utf-8"
        ) as sink:
            sink.write("".join(traceback.format_exception(error)))
            return Path(sink.name)
    except OSError:
        return None
