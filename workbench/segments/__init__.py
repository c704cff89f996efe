"""Segments: descriptive (customers who look alike) and goal-guided (customers who will do alike), each with a rule.

``find_segments`` finds both, ``assign`` puts new customers into them, ``rename`` gives a segment another name.
"""

from workbench.segments.assigners import Assigner, assign
from workbench.segments.find import find_segments
from workbench.segments.rename import rename

__all__ = ["Assigner", "assign", "find_segments", "rename"]
