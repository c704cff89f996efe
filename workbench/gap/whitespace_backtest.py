"""Did customers buy what the ranking said they would? Asked of every past cut-off, beside popularity."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, roc_auc_score

from workbench.gap.bootstrap import interval, weights
from workbench.gap.matrix import Floats, Ints
from workbench.gap.rankers import POPULARITY

TOP = 10
_PAIRS = 100_000
_DRAWS = 1000


def judge_rankings(
    origin: str, scores: dict[str, Floats], past: Floats, future: Floats, rng: np.random.Generator
) -> pd.DataFrame:
    """A row per ranking over the categories that a customer never bought, best first.

    Args:
        origin: name of the cut-off.
        scores: by name, each shape (customers, categories); ``popularity`` among them.
        past: spend before the cut-off, shape (customers, categories).
        future: spend in the window after it, same shape.
        rng: of the bootstrap and of the pairs that AUC and average precision are counted on.

    Returns:
        ``precision_at_10``: share of the ten highest that were bought. ``money_at_10``: currency per customer spent in
        them. ``money_vs_popularity`` with ``money_low`` and ``money_high``: difference to popularity per customer and
        its 95 % paired bootstrap interval. ``auc``, ``average_precision``: over all pairs. ``base_rate``: share bought.
        Empty where every customer has bought every category.
    """
    new = past <= 0
    asked = new.any(axis=1)
    if not asked.any():
        return pd.DataFrame()
    new, past, future = new[asked], past[asked], future[asked]
    got = np.where(new & (future > 0), future, 0.0)
    drawn = weights(rng, len(new), _DRAWS) / max(1, len(new))
    pairs = np.flatnonzero(new.ravel())
    if len(pairs) > _PAIRS:
        pairs = rng.choice(pairs, _PAIRS, replace=False)
    answers = got.ravel()[pairs] > 0
    both = bool(answers.any() and not answers.all())
    lots = rng.permutation(past.shape[1])
    money, rows = {}, []
    for name, all_rows in scores.items():
        score = all_rows[asked]
        top = top_new(score, new, lots)
        hits = np.take_along_axis(got > 0, top, axis=1)
        counted = np.take_along_axis(new, top, axis=1)
        money[name] = np.take_along_axis(got, top, axis=1).sum(axis=1)
        flat = score.ravel()[pairs]
        rows.append(
            {
                "origin": origin,
                "score": name,
                "precision_at_10": float((hits.sum(axis=1) / counted.sum(axis=1)).mean()),
                "money_at_10": float(money[name].mean()),
                "auc": float(roc_auc_score(answers, flat)) if both else float("nan"),
                "average_precision": float(average_precision_score(answers, flat)) if both else float("nan"),
                "base_rate": float((got > 0).sum() / new.sum()),
            }
        )
    for row in rows:
        difference = money[str(row["score"])] - money[POPULARITY]
        low, high = interval(drawn @ difference)
        row |= {"money_vs_popularity": float(difference.mean()), "money_low": low, "money_high": high}
    return pd.DataFrame(rows)


def top_new(score: Floats, new: np.ndarray, lots: Ints, top: int = TOP) -> Ints:
    """Positions of the highest scores among new categories, shape (customers, top).

    Ties go to the category that comes first in ``lots``, an order drawn once for all rankings. A customer with fewer
    new categories gets some old ones at the end; they hold no new purchase and are not counted.
    """
    masked = np.where(new, score, -np.inf)[:, lots]
    order = np.argsort(-masked, axis=1, kind="stable")[:, :top]
    return lots[order]
