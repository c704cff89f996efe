"""From events to a customer table at a cut-off: features of the past, targets of the future, and the history."""

from workbench.features.as_of import WINDOW_DAYS, features_as_of
from workbench.features.bundled import BundledTarget, bundled_events, bundled_folder, bundled_spec, load_bundled
from workbench.features.catalogue import Entry
from workbench.features.customer_table import customer_table
from workbench.features.event_store import EventStore
from workbench.features.from_project import project_spec, project_table, propose_project
from workbench.features.history import history
from workbench.features.infer import Inference, infer_sources
from workbench.features.sources import AttributeSource, EventSource, Flag, Purpose, Query
from workbench.features.spec import WINDOW_TARGETS, TableSpec
from workbench.features.targets import active_after, default_cut_off, responds_after, spend_after

__all__ = [
    "WINDOW_DAYS",
    "WINDOW_TARGETS",
    "AttributeSource",
    "BundledTarget",
    "Entry",
    "EventSource",
    "EventStore",
    "Flag",
    "Inference",
    "Purpose",
    "Query",
    "TableSpec",
    "active_after",
    "bundled_events",
    "bundled_folder",
    "bundled_spec",
    "customer_table",
    "default_cut_off",
    "features_as_of",
    "history",
    "infer_sources",
    "load_bundled",
    "project_spec",
    "project_table",
    "propose_project",
    "responds_after",
    "spend_after",
]
