"""Where folds are fitted: processes of this machine, or this process itself. One seam: ``concurrent.futures``."""

from workbench.search.executors._base import Slots
from workbench.search.executors.inline import InlineSlots
from workbench.search.executors.local import LocalSlots, warm_up

__all__ = ["InlineSlots", "LocalSlots", "Slots", "warm_up"]
