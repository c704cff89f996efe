"""What a store raises is told in one sentence that names the right place."""

from __future__ import annotations

import errno
import os
import tempfile

import pytest

from workbench.errors import StoreError
from workbench.tracking.failures import told

STORE = "sqlite:////somewhere/mlflow.db"


def test_a_full_disk_may_be_that_of_temporary_files() -> None:
    """A model is pickled there before it goes to the store."""
    with pytest.raises(StoreError) as raised, told(STORE, "log the model"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    said = str(raised.value)
    assert STORE in said and tempfile.gettempdir() in said and said.startswith("Can't log the model: the disk of")
    assert said.endswith("is full; free some space and try again.")
