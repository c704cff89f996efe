"""Everything that concerns MLflow: the store, logging a run, browsing runs, the logged model, the archive.

Importing this package is light; mlflow itself (some seconds) is imported on first use, or ahead of it in a
thread by ``warm_up``.
"""

from workbench.tracking.archive import load_result, save_result
from workbench.tracking.environment import environment
from workbench.tracking.library import warm_up
from workbench.tracking.location import store_uri
from workbench.tracking.logger import RunLogger
from workbench.tracking.on_record import search_on_record
from workbench.tracking.rows import RunDetails, RunRow
from workbench.tracking.store import Store
from workbench.tracking.ui import serve_ui

__all__ = [
    "RunDetails",
    "RunLogger",
    "RunRow",
    "Store",
    "environment",
    "load_result",
    "save_result",
    "search_on_record",
    "serve_ui",
    "store_uri",
    "warm_up",
]
