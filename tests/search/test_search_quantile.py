"""A search for a quantile: its loss, its families, its baseline, and whether it covers what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from search_tables import small

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.errors import InputError
from workbench.events import Events
from workbench.explain import explain
from workbench.search import metric_for, search
from workbench.search.evaluation.metrics import METRICS

SPACES = Path(__file__).parent / "spaces"


def run(folder, **options):
    events = Events()
    options = {"workers": 0, "spaces": SPACES, "trials": 4, "metric": "pinball@0.9"} | options
    table = options.pop("table", None) or small(Task.REGRESSION, 300)
    return search(table, budget=Budget.unlimited(), events=events, folder=folder, **options), table, events


def test_pinball_is_lowest_at_its_quantile():
    metric = metric_for(Task.REGRESSION, "pinball@0.9")
    assert metric.name == metric.objective == "pinball@0.9" and not metric.greater
    y = np.arange(1000.0)
    losses = [metric.score(y, np.full(1000, constant)) for constant in (500.0, 850.0, 900.0, 950.0)]
    assert int(np.argmin(losses)) == 2
    assert metric_for(Task.REGRESSION, "pinball@0.5").score(y, y + 2) == METRICS["mae"].score(y, y + 2) / 2
    for task, name in ((Task.BINARY, "pinball@0.9"), (Task.REGRESSION, "pinball@1.5")):
        with pytest.raises(InputError, match="not a metric"):
            metric_for(task, name)


def test_a_search_for_a_quantile(tmp_path):
    result, table, events = run(tmp_path)
    assert result.metric == "pinball@0.9" and result.against_baseline.low > 0
    assert {trial.family for trial in result.trials} == {"baseline", "linear", "lightgbm"}
    assert any("Random forest" in notice.message for notice in events.notices)
    said = next(sentence for sentence in result.decisions if "0.9 quantile" in sentence)
    target = table.frame["target"].to_numpy()
    below = np.mean(target <= result.out_of_fold)
    assert f"{below:.1%}" in said and 0.8 < below < 0.97
    # the constant to be beaten is the quantile and not the mean
    assert result.baseline.score.value == pytest.approx(
        metric_for(Task.REGRESSION, "pinball@0.9").score(target, np.full(300, np.quantile(target, 0.9))), rel=0.05
    )
    model = result.explained
    explained = explain(model, table, budget=Budget.unlimited(), events=Events())
    assert all(check.passed for check in explained.checks)


def test_a_family_without_quantiles_is_refused_by_name(tmp_path):
    with pytest.raises(InputError, match=r"random_forest.*quantiles"):
        run(tmp_path, families=["random_forest"])


def test_the_baseline_of_absolute_errors_is_the_median(tmp_path):
    result, table, _ = run(tmp_path, metric="mae", families=["linear"], trials=1)
    target = table.frame["target"].to_numpy()
    assert result.baseline.score.value == pytest.approx(np.abs(target - np.median(target)).mean(), rel=0.02)
