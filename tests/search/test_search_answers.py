"""What is said of a row where one class is rare and the metric is one of answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from search_tables import describe, small
from sklearn.metrics import balanced_accuracy_score, f1_score

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.events import Events
from workbench.search import METRICS, search
from workbench.search.evaluation.decision_text import answer_sentence


def true_shares(rows: int = 20_000, rare: float = 0.05, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Shares of two classes that are true, and what came; the likeliest class is nearly always the first."""
    rng = np.random.default_rng(seed)
    share = rng.beta(1.0, 1.0 / rare - 1.0, rows)
    return np.column_stack([1 - share, share]), (rng.random(rows) < share).astype(np.intp)


def threshold(emphasis: np.ndarray) -> float:
    return float(emphasis[0] / emphasis.sum())


def test_f1_is_nearly_that_of_the_best_threshold():
    shares, came = true_shares()
    metric = METRICS["f1"]
    best = max(f1_score(came, shares[:, 1] >= cut) for cut in np.linspace(0.01, 0.6, 60))
    assert metric.score(came, shares) == pytest.approx(best, abs=0.01)
    assert metric.score(came, shares) > 5 * f1_score(came, shares.argmax(axis=1))
    assert threshold(metric.emphasis(shares)) == pytest.approx(best / 2, abs=0.02)


def test_balanced_accuracy_asks_for_shares_above_their_mean():
    shares, came = true_shares()
    metric = METRICS["balanced_accuracy"]
    assert threshold(metric.emphasis(shares)) == pytest.approx(shares[:, 1].mean(), rel=0.2)
    assert metric.score(came, shares) > balanced_accuracy_score(came, shares.argmax(axis=1)) + 0.1


@pytest.mark.parametrize("metric", ["f1", "balanced_accuracy"])
def test_classes_that_are_as_common_are_said_where_they_are_likeliest(metric):
    rng = np.random.default_rng(1)
    share = np.concatenate([half := rng.random(2_000), 1 - half])
    shares = np.column_stack([1 - share, share])
    if metric == "balanced_accuracy":
        assert METRICS[metric].emphasis(shares) == pytest.approx([1, 1])
    # F1 is of the second class alone: half its best value is below one half
    assert threshold(METRICS[metric].emphasis(shares)) <= 0.5


def test_rare_ones_of_three_classes_are_found():
    rng = np.random.default_rng(2)
    shares = rng.dirichlet([8.0, 1.5, 0.4], 8_000)
    came = np.array([rng.choice(3, p=row) for row in shares])
    metric = METRICS["f1"]
    assert metric.score(came, shares) > f1_score(came, shares.argmax(axis=1), average="macro") + 0.05
    assert np.argmax(metric.emphasis(shares)) == 2


def test_other_metrics_take_the_likeliest_class():
    shares, _ = true_shares(500)
    assert all(METRICS[name].emphasis(shares) is None for name in ("accuracy", "roc_auc", "log_loss", "brier"))


def test_rows_of_no_weight_do_not_decide():
    shares, _ = true_shares(2_000)
    weight = np.r_[np.ones(1_000), np.zeros(1_000)]
    turned = np.r_[shares[:1_000], shares[1_000:, ::-1]]
    metric = METRICS["f1"]
    np.testing.assert_allclose(metric.emphasis(turned, weight), metric.emphasis(shares[:1_000]))


def rare_table(rows: int, seed: int, classes: int = 2) -> pd.DataFrame:
    """One in twenty buys; the chance depends on two columns."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"spend": rng.normal(size=rows), "visits": rng.normal(size=rows), "city": rng.choice([*"abc"], rows)}
    )
    odds = 1.3 * frame["spend"] + 0.9 * frame["visits"] - 4.2
    bought = rng.random(rows) < 1 / (1 + np.exp(-odds))
    label = np.where(bought, "buys", "leaves")
    if classes == 3:
        label = np.where(~bought & (frame["spend"] > 0.3) & (rng.random(rows) < 0.2), "asks", label)
    frame["target"] = label
    return frame


@pytest.mark.parametrize(("metric", "classes"), [("f1", 2), ("balanced_accuracy", 2), ("f1", 3)])
def test_a_search_finds_the_rare_and_promises_what_fresh_rows_give(metric, classes, tmp_path):
    task = Task.BINARY if classes == 2 else Task.MULTICLASS
    frame = rare_table(1_500, 0, classes)
    # the second class in order is the positive one
    names = {"buys": "z buys"} if classes == 2 else {}
    frame["target"] = frame["target"].replace(names)
    result = search(
        describe(frame, "target", task), budget=Budget.unlimited(), events=Events(), folder=tmp_path, trials=2,
        workers=0, families=["linear"], metric=metric,
    )  # fmt: skip
    model = result.champion
    assert model.emphasis is not None and model.decision_column == "decision"
    assert answer_sentence(model, metric) in result.decisions
    fresh = rare_table(20_000, 1, classes).assign(target=lambda one: one["target"].replace(names))
    scores = model.scores(fresh.drop(columns="target"))
    likeliest = scores.drop(columns="decision").idxmax(axis=1)
    figures = {
        "f1": lambda said: f1_score(
            fresh["target"], said, **({"pos_label": "z buys"} if classes == 2 else {"average": "macro"})
        ),
        "balanced_accuracy": lambda said: balanced_accuracy_score(fresh["target"], said),
    }
    found = figures[metric](scores["decision"])
    assert found > figures[metric](likeliest) + 0.1
    assert result.champion_score.low - 0.05 < found < result.champion_score.high + 0.05
    assert (model.pipeline.predict(fresh[list(model.columns)]) == scores["decision"]).all()


def test_costs_come_first(tmp_path):
    result = search(
        small(Task.BINARY, 150), budget=Budget.unlimited(), events=Events(), folder=tmp_path, trials=1, workers=0,
        families=["linear"], metric="f1", costs="false positive=1, false negative=3",
    )  # fmt: skip
    assert result.decision is not None and result.champion.emphasis is None
    assert result.champion.threshold == result.decision.threshold


def test_accuracy_needs_no_answer_of_its_own(tmp_path):
    result = search(
        small(Task.BINARY, 150), budget=Budget.unlimited(), events=Events(), folder=tmp_path, trials=1, workers=0,
        families=["linear"], metric="accuracy",
    )  # fmt: skip
    assert result.champion.emphasis is None and result.champion.decision_column is None
