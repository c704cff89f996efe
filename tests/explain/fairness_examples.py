"""Two classes in two groups by counts made by hand, and predictions that know nothing of groups."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.explain import GroupMetrics

# of each group: true positives, false negatives, false positives, true negatives
COUNTS = {"甲": (40, 10, 20, 130), "乙": (12, 18, 5, 45)}


def counted(counts: dict[str, tuple[int, int, int, int]] = COUNTS) -> tuple[pd.Series, np.ndarray, pd.DataFrame]:
    group, truth, share = [], [], []
    for name, cells in counts.items():
        for (came, said), rows in zip((("yes", 0.9), ("yes", 0.2), ("no", 0.7), ("no", 0.1)), cells, strict=True):
            group += [name] * rows
            truth += [came] * rows
            share += [said] * rows
    shares = np.array(share)
    return pd.Series(group, name="群体"), np.array(truth), pd.DataFrame({"no": 1 - shares, "yes": shares})


def compared(metrics: GroupMetrics, measure: str, group: str) -> pd.Series:
    found = metrics.comparisons
    return found[(found["measure"] == measure) & (found["group"] == group)].iloc[0]


def noise(rows: int, seed: int = 0) -> tuple[np.ndarray, pd.DataFrame]:
    random = np.random.default_rng(seed)
    share = random.random(rows)
    return np.where(random.random(rows) < share, "b", "a"), pd.DataFrame({"a": 1 - share, "b": share})
