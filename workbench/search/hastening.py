"""A final fit that has time for fewer rounds than its trial: they learn faster instead of being cut off."""

from __future__ import annotations

import dataclasses

from workbench.pipelines import family
from workbench.search.records import Record

MOST = 4.0
"""Most by which learning is made faster: beyond that a fit on all rows loses more than it gains by having them all."""
_FASTEST = 0.5
"""Learning rate that is never exceeded."""


def hastened(record: Record, expected: float, seconds: float) -> Record:
    """The trial as it is to be fitted on all rows.

    Boosting that is cut off halfway has learnt half of what it could; with half the rounds at twice the rate it has
    learnt nearly all of it.

    Args:
        expected: seconds of the fit as the trial was searched.
        seconds: there are for it.

    Returns:
        the trial itself where there is time, or where its family can't learn faster.
    """
    rate = float(record.params.get("learning_rate", _FASTEST))
    factor = min(expected / max(seconds, 1e-3), MOST, _FASTEST / rate)
    if factor <= 1.0 or not record.rounds:
        return record
    params = family(record.family).hastened(record.params, factor)
    if params is None:
        return record
    rounds = [max(1, round(one / factor)) for one in record.rounds]
    return dataclasses.replace(record, params=dict(params), rounds=rounds)
