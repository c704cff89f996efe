"""Blends are explained by their members in the space in which they are added up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from explain_models import quiet, shop_table
from sklearn.pipeline import Pipeline

from workbench.budget import Budget
from workbench.contracts import Explanation, Model, Table, Task
from workbench.contracts.table import MODEL_ROLES
from workbench.explain import explain, explain_rows, what_if
from workbench.pipelines import family
from workbench.pipelines.blend import BlendClassifier, BlendRegressor, FittedModel, Speech, Voice
from workbench.pipelines.calibration import Stretched
from workbench.pipelines.finished import FinishedClassifier
from workbench.pipelines.fold_booster import FoldBooster
from workbench.pipelines.preparation import Preparer
from workbench.pipelines.scaled import ScaledRegressor
from workbench.pipelines.target_scale import TargetScale

TASKS = [Task.REGRESSION, Task.BINARY, Task.MULTICLASS]
BRIEF: dict[str, dict[str, Any]] = {
    "lightgbm": {"rounds": 10}, "random_forest": {"trees": 6}, "hist_gradient_boosting": {"rounds": 6}, "linear": {},
}  # fmt: skip


def blended(table: Table, names: tuple[str, ...], wrap: Any = lambda name, estimator: estimator) -> Model:
    """A blend of families, each member fitted on the first or second two thirds of the rows."""
    columns = [column for column in table.columns if column.role in MODEL_ROLES]
    features, target, classes = table.features, table.frame[table.target], ()
    if table.task is not Task.REGRESSION:
        codes, labels = pd.factorize(target, sort=True)
        target, classes = pd.Series(codes), tuple(labels)
    prepare = Preparer(columns).fit(features)
    prepared = prepare.transform(features)
    voices = []
    for place, name in enumerate(names):
        kind, params, models = family(name), BRIEF[name], []
        for part in (0, 1):
            rows = np.flatnonzero(np.arange(len(features)) % 3 != part)
            encode = kind.encoder(params).fit(prepared.take(rows), target.to_numpy()[rows])
            estimator: Any = kind.estimator(table.task, params, prepared.derived, seed=part)
            kind.fit(estimator, encode.transform(prepared.take(rows)), target.to_numpy()[rows])
            if name == "lightgbm" and part == 1:
                estimator = FoldBooster(estimator.booster_, 7, table.task, len(classes))
            models.append(FittedModel(encode, wrap(name, estimator), table.task, len(classes), name))
        shares = name == "random_forest" and table.task is not Task.REGRESSION
        shift = np.linspace(-0.3, 0.4, len(classes)) if shares else None
        voices.append(Voice(0.5 - 0.1 * place, tuple(models), Speech(5.0, shift) if shares else Speech()))
    blend: Any
    if table.task is Task.REGRESSION:
        blend = BlendRegressor(tuple(voices), 1.5)
    else:
        blend = BlendClassifier(tuple(voices), classes, 1.2)
    pipeline = Pipeline([("prepare", prepare), ("model", blend)])
    return Model(pipeline, table.task, str(table.target), tuple(features.columns), classes, "ensemble", {})


def explained(model: Model, table: Table, **options: Any) -> Explanation:
    return explain(model, table, budget=Budget.unlimited(), events=quiet()[0], **options)


def says(model: Model, table: Table, found: Explanation) -> np.ndarray:
    """The blend's own predictions of the explained rows, in the space of the explanation."""
    predicted = model.predict(table.frame.iloc[found.rows]).to_numpy()
    if table.task is Task.REGRESSION:
        return predicted
    logarithms = np.log(predicted)
    if predicted.shape[1] == 2:
        return logarithms[:, 1:] - logarithms[:, :1]
    return logarithms - logarithms.mean(axis=1, keepdims=True)


def certain_of_nothing(model: Model, table: Table, found: Explanation) -> np.ndarray:
    """Rows of which no member is so certain that its share is cut off in a prediction."""
    if table.task is Task.REGRESSION:
        return np.ones(len(found.rows), dtype=bool)
    prepared = model.pipeline[:-1].transform(table.frame.iloc[found.rows][list(model.columns)])
    members = [each for voice in model.pipeline[-1].voices if voice.speech.slope is None for each in voice.models]
    return np.min([each.predict(prepared).min(axis=1) for each in members], axis=0) > 1e-6


@pytest.mark.parametrize("task", TASKS, ids=str)
class TestBlends:
    def test_the_margin_is_what_the_blend_predicts(self, task: Task) -> None:
        table = shop_table(rows=300, task=task)
        model = blended(table, ("lightgbm", "linear", "random_forest", "hist_gradient_boosting"))
        found = explained(model, table)
        own, said = found.margin, says(model, table, found)
        if own.shape[1] > 1:
            own = own - own.mean(axis=1, keepdims=True)
        usual = certain_of_nothing(model, table, found)
        assert usual.mean() > 0.7
        np.testing.assert_allclose(own[usual], said[usual], rtol=1e-6, atol=1e-6 * np.abs(said).max())
        assert all(check.passed for check in found.checks)
        assert found.output_space == ("units of spend" if task is Task.REGRESSION else "log-odds")

    def test_contributions_are_the_weighted_ones_of_the_members(self, task: Task) -> None:
        table = shop_table(rows=200, task=task)
        names = ("lightgbm", "linear")
        both = explained(blended(table, names), table, max_rows=40)
        assert both.interactions is not None and len(both.interactions) > 0
        np.testing.assert_allclose(both.base + both.values.sum(axis=1), both.margin, rtol=1e-9, atol=1e-9)

    def test_rows_can_be_explained_later_in_the_same_terms(self, task: Task) -> None:
        table = shop_table(rows=200, task=task)
        model = blended(table, ("lightgbm", "linear", "random_forest"))
        found = explained(model, table)
        again = explain_rows(model, table.frame.iloc[found.rows[:5]], found)
        np.testing.assert_allclose(again.values, found.values[:5], rtol=1e-9, atol=1e-9)
        answer = what_if(model, table.frame.iloc[0], {"visits": "3"}, found)
        assert np.isfinite(answer.difference).all()


def test_a_blend_of_lines_has_no_pairs() -> None:
    table = shop_table(rows=200)
    found = explained(blended(table, ("linear",)), table)
    assert found.interactions is not None and found.interactions.empty
    mixed = explained(blended(table, ("linear", "random_forest")), table)
    assert mixed.interactions is not None and len(mixed.interactions)


def test_a_member_on_another_scale_is_sampled_and_told() -> None:
    table = shop_table(rows=200)
    scale = TargetScale.of(table.frame["spend"].to_numpy(dtype=float))

    def wrap(name: str, estimator: Any) -> Any:
        return ScaledRegressor.around(estimator, scale, np.zeros(3)) if name == "linear" else estimator

    events, heard = quiet()
    model = blended(table, ("lightgbm", "linear"), wrap)
    found = explain(model, table, budget=Budget.unlimited(), events=events, max_rows=16)
    np.testing.assert_allclose(found.margin[:, 0], says(model, table, found)[:, 0], rtol=1e-6)
    assert all(check.passed for check in found.checks) and found.interactions is None
    assert any("sampled" in event.message for event in heard)


def test_a_calibrated_member_is_sampled() -> None:
    table = shop_table(rows=200, task=Task.BINARY)

    def wrap(name: str, estimator: Any) -> Any:
        calibrator = Stretched(0.7, np.array([0.1, -0.1]))
        return FinishedClassifier.around(estimator, calibrator=calibrator) if name == "linear" else estimator

    model = blended(table, ("lightgbm", "linear"), wrap)
    found = explained(model, table, max_rows=16)
    np.testing.assert_allclose(found.margin, says(model, table, found), rtol=1e-6, atol=1e-6)
    assert all(check.passed for check in found.checks)
