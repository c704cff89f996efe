"""What a category that a customer never bought would be worth: the chance that she buys times what buyers spend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.gap.baskets import Baskets
from workbench.gap.matrix import Floats
from workbench.gap.rankers import EASE, EASE_BINARY, Rankers, bought

VALUE = "expected value by EASE"
_PAIRS = 150_000
_SHRINKAGE = 20.0
"""First buyers that the average of all categories counts for, when a category's own spend is estimated."""


@dataclass(frozen=True)
class Calibration:
    """Learnt at an earlier cut-off whose following window has elapsed.

    Attributes:
        weights, bias: logistic regression on ``_drivers``.
        spend: currency per window of a first buyer, by category name.
        spend_elsewhere: the same for categories that were not seen then.
    """

    weights: Floats
    bias: float
    spend: dict[str, float]
    spend_elsewhere: float

    def value(self, rankers: Rankers, categories: tuple[str, ...], rows: Floats) -> Floats:
        """Expected spend in each category, currency per window, shape (customers, categories); 0 where bought before.

        Args:
            rankers: fitted at the cut-off that is asked about.
            categories: names of the columns.
            rows: past spend of the customers, shape (customers, categories).
        """
        drivers = _drivers(rankers, rows)
        chance = 1.0 / (1.0 + np.exp(-np.clip(drivers @ self.weights + self.bias, -30.0, 30.0)))
        worth = np.array([self.spend.get(name, self.spend_elsewhere) for name in categories])
        return np.where(rows > 0, 0.0, chance * worth)


def calibrate(baskets: Baskets, rankers: Rankers, rng: np.random.Generator) -> Calibration | None:
    """Learn chance and spend from what customers of an earlier cut-off bought for the first time after it.

    ``None`` when nobody, or everybody, bought something new.
    """
    from sklearn.linear_model import LogisticRegression

    assert baskets.future is not None
    new = baskets.past <= 0
    first = new & (baskets.future > 0)
    if not first.any() or first.sum() == new.sum():
        return None
    per_customer = max(1, _PAIRS // max(1, baskets.past.shape[1]))
    rows = np.arange(len(new))
    if len(rows) > per_customer:
        rows = np.sort(rng.choice(rows, per_customer, replace=False))
    drivers = _drivers(rankers, baskets.past[rows])[new[rows]]
    answers = first[rows][new[rows]]
    if not answers.any() or answers.all():
        return None
    mean, spread = drivers.mean(axis=0), drivers.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(max_iter=300).fit((drivers - mean) / spread, answers)
    weights: Floats = model.coef_[0] / spread
    money = np.where(first, baskets.future, 0.0).sum(axis=0)
    buyers = first.sum(axis=0)
    overall = float(money.sum() / buyers.sum())
    spend = (money + _SHRINKAGE * overall) / (buyers + _SHRINKAGE)
    return Calibration(
        weights=weights,
        bias=float(model.intercept_[0] - mean @ weights),
        spend=dict(zip(baskets.categories, spend.tolist(), strict=True)),
        spend_elsewhere=overall,
    )


def _drivers(rankers: Rankers, rows: Floats) -> Floats:
    """What a first purchase depends on, shape (customers, categories, drivers)."""
    money, binary = rankers.score[EASE](rows), rankers.score[EASE_BINARY](rows)
    popular = np.broadcast_to(np.log(rankers.share + 1e-3), money.shape)
    active = np.broadcast_to(np.log(bought(rows).mean(axis=1) + 1e-3)[:, None], money.shape)
    return np.stack(
        [money, binary, popular, active, money * active, binary * popular, np.log(np.maximum(binary, 1e-3))], axis=2
    )
