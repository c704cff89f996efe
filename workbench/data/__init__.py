"""From files to a described customer table: reading, roles, checks, facts for the screen, and writing."""

from workbench.data.export import check_sink, write_table
from workbench.data.privacy import suppress_small
from workbench.data.source import read_source
from workbench.data.summary import summary
from workbench.data.table import describe, load
from workbench.data.target import guess_target

__all__ = ["check_sink", "describe", "guess_target", "load", "read_source", "summary", "suppress_small", "write_table"]
