"""Workbench: from raw customer tables to explained segments, strategies and measured effects."""

__version__ = "0.1.0"
