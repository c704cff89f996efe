"""The customer file for the campaign tool: who is in which segment, which play, which arm of the test."""

from __future__ import annotations

import pandas as pd

from workbench.contracts import GapKind, JourneyResult, Strategy
from workbench.errors import InputError
from workbench.strategy.holdout import UNPLANNED_SHARE, assign_arms


def audience(result: JourneyResult) -> pd.DataFrame:
    """One row per customer whose segment has a play that was not rejected.

    The arms are drawn by keyed hash of the id with the run's name and the play as key: the same run gives the same
    arms again, another run other ones.

    Args:
        result: a run with strategies.

    Returns:
        columns: the id column's name, ``segment``, ``segment_name``, ``play``, ``arm`` and, where category whitespace
        was measured, ``category`` (the customer's best new one) and ``category_value`` (expected, in the gap's unit).

    Raises:
        InputError: the run has no strategies with a play, or no id column.
    """
    chosen = result.strategy_segmentation
    plays = {each.segment: each for each in result.strategies if each.play is not None and each.status != "rejected"}
    if chosen is not None and not plays and any(each.play is not None for each in result.strategies):
        raise InputError(f"Every play of run '{result.name}' was rejected, so there is nobody to contact.")
    if chosen is None or not plays:
        raise InputError(f"Run '{result.name}' recommends no play, so there is nobody to contact.")
    identity = result.table.id_column
    if identity is None:
        raise InputError(f"Run '{result.name}' has no id column, so its customers can't be named in a file.")
    labels = result.segmentations[chosen].labels
    parts = [_segment(result, identity, labels.index[labels == number], plays[number]) for number in sorted(plays)]
    return pd.concat(parts, ignore_index=True)


def _segment(result: JourneyResult, identity: str, rows: pd.Index, strategy: Strategy) -> pd.DataFrame:
    assert strategy.play is not None
    ids = result.table.ids().loc[rows]
    share = strategy.test.control_share if strategy.test is not None else UNPLANNED_SHARE
    arms = assign_arms(ids, share, salt=f"{result.name}/{strategy.play.id}")
    part = pd.DataFrame(
        {
            identity: ids.to_numpy(),
            "segment": strategy.segment,
            "segment_name": strategy.segment_name,
            "play": strategy.play.title,
            "arm": arms.to_numpy(),
        }
    )
    whitespace = result.gaps.of(GapKind.WHITESPACE) if result.gaps else None
    if whitespace is not None and whitespace.available:
        best = whitespace.per_customer.loc[rows]
        part["category"] = best["top_category"].to_numpy()
        part["category_value"] = best["top_category_value"].to_numpy()
    return part
