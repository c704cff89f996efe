"""A booster's text says the same in pieces as in one."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest
from tree_models import CODES, numbers

from workbench.treeshap import lightgbm_text
from workbench.treeshap.lightgbm_booster import of_booster


@pytest.mark.parametrize("rounds", [None, 7])
@pytest.mark.parametrize("classes", [2, 3])
def test_pieces_say_the_same(classes: int, rounds: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    X = numbers()
    y = np.arange(len(X)) % classes
    model = lightgbm.LGBMClassifier(n_estimators=40, min_child_samples=5, verbose=-1)
    booster = model.fit(X, y, categorical_feature=[CODES]).booster_
    booster.best_iteration = 23
    monkeypatch.setattr(lightgbm_text, "PIECE", 1_000)
    whole = of_booster(booster, rounds)
    monkeypatch.setattr(lightgbm_text, "PIECE", 2)
    pieces = of_booster(booster, rounds)
    assert len(whole.roots) == (rounds or 23) * (1 if classes == 2 else classes)
    for name, own in vars(whole.splits).items():
        np.testing.assert_array_equal(own, getattr(pieces.splits, name), err_msg=name)
    for name in ("roots", "leaves", "tree_output", "offset"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(pieces, name), err_msg=name)
