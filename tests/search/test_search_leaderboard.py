"""The leaderboard: one figure for one model, wherever it is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from search_tables import describe

from workbench.budget import Budget
from workbench.contracts import SearchResult, Table, Task
from workbench.events import Events
from workbench.search import search


def rare(rows: int = 4_000, share: float = 0.015) -> Table:
    """A class of which each fold has a dozen rows."""
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(rng.normal(size=(rows, 8)), columns=[f"x{place}" for place in range(8)])
    signal = frame["x0"] + (frame["x1"] > 0.5) * 1.5 + rng.normal(size=rows)
    frame["target"] = np.where(signal > np.quantile(signal, 1 - share), "yes", "no")
    return describe(frame, "target", Task.BINARY)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> SearchResult:
    folder: Path = tmp_path_factory.mktemp("rare")
    return search(rare(), budget=Budget.unlimited(), trials=8, seed=0, workers=1, events=Events(), folder=folder)


def test_a_model_has_one_figure(result: SearchResult) -> None:
    """Trials are told by the mean of their folds, the leaderboard by all rows at once: the same but for chance."""
    trials = {one.number: one for one in result.trials}
    single = [one for one in result.leaderboard if one.trial is not None and one.family != "baseline"]
    assert len(single) >= 2
    for one in single:
        told = trials[one.trial].score
        assert told is not None
        assert one.score.value == pytest.approx(told, abs=0.01), one.family


def test_the_baseline_ranks_nothing(result: SearchResult) -> None:
    assert result.baseline.score.value == 0.5
    assert result.against_baseline.low > 0


def test_what_choosing_cost_is_small_beside_the_interval(result: SearchResult) -> None:
    """The corrected figure of the best single model is that of the procedure: a little below what the best shows."""
    best = max(one.score.value for one in result.leaderboard if one.trial is not None)
    said = result.single_score or result.champion_score
    assert said.value <= best + 0.005
    assert said.low < best < said.high
