"""Ships the search spaces inside the wheel; a checkout that is installed in place reads its own folder instead."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SearchSpacesHook(BuildHookInterface):
    """Puts ``search_spaces/`` beside the code that reads it, in real wheels only."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folder unless this is an installation in place."""
        if version != "editable":
            build_data["force_include"]["search_spaces"] = "workbench/search_spaces"
