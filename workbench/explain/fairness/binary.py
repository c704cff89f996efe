"""Figures of two classes: who is selected, how often rightly, and whether shares can be taken at their word."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from workbench.explain.fairness._base import LEAST_CASES
from workbench.explain.fairness.estimates import (
    Comparison,
    Drawn,
    Estimate,
    Share,
    difference,
    largest_difference,
    ratio,
)
from workbench.explain.sampling.resampling import auc, auc_of, drawn, drawn_means, draws_for

BASE, SELECTED = "base rate", "selection rate"
RIGHT, WRONG, PRECISION = "true positive rate", "false positive rate", "precision"
GAP, AUC = "calibration gap", "AUC"

PARITY, PARITY_RATIO = "demographic parity difference", "demographic parity ratio"
OPPORTUNITY, ODDS = "equal opportunity difference", "equalised odds difference"
BASE_DIFFERENCE, WRONG_DIFFERENCE = "base rate difference", "false positive rate difference"
PRECISION_DIFFERENCE, GAP_DIFFERENCE, AUC_DIFFERENCE = (
    "precision difference",
    "calibration gap difference",
    "AUC difference",
)


def figures(
    positive: np.ndarray, share: np.ndarray, threshold: float, random: np.random.Generator
) -> dict[str, Estimate]:
    """The figures of one group.

    Args:
        positive: whether the row is of the positive class, shape (rows,).
        share: predicted share of that class, shape (rows,).
        threshold: share from which a row is selected.
    """
    selected = share >= threshold
    rows, positives = len(positive), int(positive.sum())
    draws = draws_for(rows)
    off = share - positive
    gaps = drawn_means(random, off[:, None], draws)[:, 0]
    rarer = min(positives, rows - positives)
    areas = drawn(random, rows, draws, auc_of(share, positive))[:, 0] if rarer >= LEAST_CASES else np.full(1, np.nan)
    return {
        BASE: Share(positives, rows),
        SELECTED: Share(int(selected.sum()), rows),
        RIGHT: Share(int((selected & positive).sum()), positives),
        WRONG: Share(int((selected & ~positive).sum()), rows - positives),
        PRECISION: Share(int((selected & positive).sum()), int(selected.sum())),
        GAP: Drawn(float(off.mean()), gaps, rows),
        AUC: Drawn(auc(share, positive), areas, rarer, LEAST_CASES),
    }


def comparisons(own: Mapping[str, Estimate], other: Mapping[str, Estimate]) -> dict[str, Comparison]:
    """One group against the reference.

    Demographic parity asks for equal selection rates, equal opportunity for equal true positive rates, equalised odds
    for equal true and false positive rates (Hardt, Price & Srebro 2016, "Equality of opportunity in supervised
    learning").
    """
    both = (own[RIGHT], own[WRONG]), (other[RIGHT], other[WRONG])
    return {
        BASE_DIFFERENCE: difference(own[BASE], other[BASE]),
        PARITY: difference(own[SELECTED], other[SELECTED]),
        PARITY_RATIO: ratio(own[SELECTED], other[SELECTED]),
        OPPORTUNITY: difference(own[RIGHT], other[RIGHT]),
        WRONG_DIFFERENCE: difference(own[WRONG], other[WRONG]),
        ODDS: largest_difference(*both),
        PRECISION_DIFFERENCE: difference(own[PRECISION], other[PRECISION]),
        GAP_DIFFERENCE: difference(own[GAP], other[GAP]),
        AUC_DIFFERENCE: difference(own[AUC], other[AUC]),
    }
