"""The one door to mlflow: imported late, quietly, and if wished ahead of time in a thread."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import threading
from types import ModuleType

_QUIET = {
    # A run's name and address belong on our own screen; stdout is the result of a command.
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    # Nothing about customers' tables leaves the machine unasked.
    "MLFLOW_DISABLE_TELEMETRY": "true",
    # A uv.lock that happens to lie in the working directory says nothing about our model.
    "MLFLOW_UV_AUTO_DETECT": "false",
    # A server that does not answer is told within seconds, not after a quarter of an hour.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
}
_AHEAD = ("mlflow.store.tracking.sqlalchemy_store", "mlflow.pyfunc", "alembic.command", "cloudpickle")
"""What mlflow imports only when it is used, and what we will use."""

_lock = threading.Lock()


def mlflow() -> ModuleType:
    """The mlflow package, with its settings and loggers calmed; what the user set in the environment stays."""
    with _lock:
        for name, value in _QUIET.items():
            os.environ.setdefault(name, value)
        # What goes wrong becomes one of our own sentences, so mlflow's tracebacks in the log would be noise.
        for name, level in (("mlflow", logging.CRITICAL), ("alembic", logging.ERROR)):
            logging.getLogger(name).setLevel(level)
        package = importlib.import_module("mlflow")
        logging.getLogger("mlflow").setLevel(logging.CRITICAL)  # its own configuration sets it back
        return package


def warm_up() -> threading.Thread:
    """Begin to import mlflow in a background thread and return at once.

    Whoever needs mlflow later waits for what is left of it. An error shows there, not here.
    """

    def load() -> None:
        mlflow()
        for name in _AHEAD:
            importlib.import_module(name)
        # Logging a model asks which package every module belongs to; the answer, most of a second, is kept.
        with contextlib.suppress(ImportError, AttributeError):
            importlib.import_module("mlflow.utils.requirements_utils").warn_dependency_requirement_mismatches(
                ["mlflow"]
            )

    thread = threading.Thread(target=load, name="import-mlflow", daemon=True)
    thread.start()
    return thread
