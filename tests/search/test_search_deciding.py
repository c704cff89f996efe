"""Decisions by cost: read, chosen out of fold, compared, and part of the model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from search_tables import describe, small

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.errors import InputError
from workbench.events import Events
from workbench.problem.rows import problem_of
from workbench.search import search
from workbench.search.evaluation.cost_table import CostTable
from workbench.search.evaluation.deciding import decide
from workbench.search.evaluation.decision_text import decision_sentence


def problem(rows=4000, seed=0, power=1.0):
    """A binary problem with shares; with a power of 1 they are true."""
    rng = np.random.default_rng(seed)
    share = rng.beta(1, 3, rows)
    came = rng.random(rows) < share
    frame = pd.DataFrame({"x": share, "left": np.where(came, "yes", "no")})
    said = share**power
    return problem_of(describe(frame, "left", Task.BINARY)), np.column_stack([1 - said, said])


def test_costs_are_read_as_they_are_written():
    table = CostTable.of("False_Positive = 1,  false negative=5", problem()[0])
    assert table.costs == {"true positive": 0, "false positive": 1, "true negative": 0, "false negative": 5}
    assert table.threshold == pytest.approx(1 / 6) and table.positive == 1
    other = CostTable.of("positive=no, false positive=2, false negative=2, true positive=-1", problem()[0])
    assert other.positive == 0 and other.threshold == pytest.approx(2 / 5)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("false positive=1", "needs both"),
        ("", "needs both"),
        ("false positive=1, false negative=many", "no number"),
        ("false positive=1, false negative=inf", "no number"),
        ("false positive=1, false negative=2, maybe=3", "'maybe=3'"),
        ("false positive=1, false negative=2, positive=perhaps", "no and yes"),
        ("false positive=0, false negative=2", "must cost more"),
        ("false positive=1, false negative=2, true positive=3", "must cost more"),
    ],
)
def test_what_is_wrong_with_costs_is_said(text, named):
    with pytest.raises(InputError, match=named):
        CostTable.of(text, problem()[0])


def test_three_classes_have_no_threshold():
    with pytest.raises(InputError, match="two classes"):
        CostTable.of("false positive=1, false negative=5", problem_of(small(Task.MULTICLASS)))


def test_true_shares_take_the_threshold_of_the_costs():
    found, shares = problem()
    decision = decide(shares, found, CostTable.of("false positive=1, false negative=5", found), seed=0, draws=100)
    assert decision.threshold == pytest.approx(1 / 6)
    assert "follows from the costs" in decision.reason
    names = dict(decision.alternatives)
    assert list(names) == ["always no", "always yes", "at 0.5"]
    came = found.target == 1
    assert names["always no"].value == pytest.approx(5 * came.mean())
    assert names["always yes"].value == pytest.approx(1 - came.mean())
    said = shares[:, 1] >= 1 / 6
    assert decision.cost.value == pytest.approx(np.mean(np.where(said, ~came, 5 * came)))
    assert decision.cost.low < decision.cost.value < decision.cost.high < names["always yes"].value
    assert decision.saved.value == pytest.approx(names["always yes"].value - decision.cost.value)
    assert decision.saved.low > 0 and decision.said == pytest.approx(said.mean())
    assert "always no" in decision_sentence(decision)


def test_shares_that_are_off_take_a_threshold_that_was_learnt():
    found, shares = problem(power=0.3)
    table = CostTable.of("false positive=1, false negative=2", found)
    decision = decide(shares, found, table, seed=0, draws=100)
    # the share that is called x is in truth x^(1/0.3)
    assert decision.threshold == pytest.approx((1 / 3) ** 0.3, abs=0.08)
    assert "learnt" in decision.reason and decision.saved.low > 0


def test_the_positive_class_may_be_the_first():
    found, shares = problem()
    one = decide(shares, found, CostTable.of("false positive=1, false negative=5", found), seed=0, draws=60)
    other = CostTable.of("positive=no, false positive=5, false negative=1", found)
    two = decide(shares, found, other, seed=0, draws=60)
    assert two.positive == "no" and two.threshold == pytest.approx(5 / 6)
    assert two.cost.value == pytest.approx(one.cost.value)


def test_useless_shares_are_not_called_useful():
    found, _ = problem()
    flat = np.full((4000, 2), [0.75, 0.25])
    decision = decide(flat, found, CostTable.of("false positive=1, false negative=1", found), seed=0, draws=60)
    assert decision.said == 0 and decision.saved.value == 0
    assert "not certain" in decision_sentence(decision)


@pytest.mark.parametrize("label", ["yes", "decision"])
def test_a_model_answers_by_cost(label, tmp_path):
    table = small(Task.BINARY, 300)
    table.frame["target"] = table.frame["target"].replace("yes", label)
    costs = f"positive={label}, false positive=1, false negative=6"
    result = search(
        table, budget=Budget.unlimited(), events=Events(), folder=tmp_path, trials=2, workers=0, families=["linear"],
        costs=costs,
    )  # fmt: skip
    assert result.decision is not None and result.decision.threshold < 0.5
    assert any("threshold" in sentence for sentence in result.decisions)
    model = result.champion
    scores = model.scores(table.frame)
    column = "decision" if label == "yes" else "decision (2)"
    assert list(scores.columns) == [*map(str, model.classes), column]
    said = scores[label] >= result.decision.threshold
    assert (scores[column] == label).equals(said)
    np.testing.assert_array_equal(model.pipeline.predict(table.frame[list(model.columns)]) == label, said)
    assert said.mean() > (scores[label] >= 0.5).mean()
    # what others rely on stays: a column per class
    assert list(model.predict(table.frame).columns) == list(map(str, model.classes))


def test_without_costs_nothing_is_decided(tmp_path):
    result = search(
        small(Task.BINARY, 120), budget=Budget.unlimited(), events=Events(), folder=tmp_path, trials=1, workers=0,
        families=["linear"],
    )  # fmt: skip
    assert result.decision is None and result.champion.threshold is None
    assert result.champion.decision_column is None
