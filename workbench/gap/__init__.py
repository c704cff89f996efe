"""The information gap: what customers could be expected to do, minus what is seen, with the back-test that judges it.

One file for each kind of gap (``potential_of_history``, ``potential_of_outcome``, ``whitespace``, ``not_computed``)
behind the contract in ``_base``; ``find`` tries them all, ``by_segment`` sums them up.
"""

from workbench.gap.find import find_gaps
from workbench.gap.segments import by_segment

__all__ = ["by_segment", "find_gaps"]
