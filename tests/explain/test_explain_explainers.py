"""Every kind of explainer keeps one contract; each kind agrees with Shapley's definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from shapley_reference import (
    brute_force,
    interventional_game,
    lightgbm_path_game,
    linear_leaves_game,
    sklearn_path_game,
)
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import (
    ElasticNet,
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    Ridge,
    SGDClassifier,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsRegressor
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor

from workbench.contracts import Task
from workbench.explain import Explainer, explainer_kind
from workbench.explain.explainers.boosting import BoostingExplainer
from workbench.explain.explainers.constant import ConstantExplainer
from workbench.explain.explainers.fallback import FallbackExplainer
from workbench.explain.explainers.forest import ForestExplainer
from workbench.explain.explainers.histograms import HistogramsExplainer
from workbench.explain.explainers.linear import LinearExplainer
from workbench.explain.explainers.linear_leaves import LinearLeavesExplainer
from workbench.explain.explainers.own import OwnExplainer
from workbench.explain.explainers.own_trees import OwnTreesExplainer
from workbench.explain.explainers.shap_trees import ShapTreesExplainer
from workbench.explain.explainers.trees import TreesExplainer
from workbench.pipelines import FAMILIES, Derived
from workbench.pipelines.tree_model import TreeModel

COLUMNS = 5


def numbers(rows: int = 160, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, COLUMNS))
    X[:, 3] = random.integers(0, 4, size=rows)
    return X


def answers(X: np.ndarray, task: str) -> np.ndarray:
    score = 3 * X[:, 0] - 2 * X[:, 1] * (X[:, 3] > 1) + np.sin(X[:, 2])
    if task == "regression":
        return 100 + 10 * score
    return np.digitize(score, [0.0] if task == "binary" else [-2.0, 2.0])


@dataclass(frozen=True)
class Case:
    name: str
    estimator: Any
    task: str
    kind: type[Explainer]
    space: str

    @property
    def outputs(self) -> int:
        return 3 if self.task == "multiclass" else 1


def boosted(classifier: bool, **settings: Any) -> Any:
    make = lightgbm.LGBMClassifier if classifier else lightgbm.LGBMRegressor
    return make(n_estimators=6, num_leaves=6, min_child_samples=5, verbose=-1, n_jobs=1, **settings)


def levels_in_3() -> tuple[Derived, ...]:
    levels = tuple("abcd")
    return tuple(
        Derived(f"c{j}", f"c{j}", "category" if j == 3 else "number", levels if j == 3 else ()) for j in range(COLUMNS)
    )


CASES = [
    Case("mean", DummyRegressor(), "regression", ConstantExplainer, "units of y"),
    Case("shares", DummyClassifier(strategy="prior"), "binary", ConstantExplainer, "probability"),
    Case("shares of three", DummyClassifier(strategy="prior"), "multiclass", ConstantExplainer, "probability"),
    Case("least squares", LinearRegression(), "regression", LinearExplainer, "units of y"),
    Case("ridge", Ridge(), "regression", LinearExplainer, "units of y"),
    Case("elastic net", ElasticNet(alpha=0.1), "regression", LinearExplainer, "units of y"),
    Case("logistic", LogisticRegression(), "binary", LinearExplainer, "log-odds"),
    Case("logistic of three", LogisticRegression(), "multiclass", LinearExplainer, "log-odds"),
    Case("logistic by descent", SGDClassifier(loss="log_loss", random_state=0), "binary", LinearExplainer, "log-odds"),
    Case("tree", DecisionTreeRegressor(max_depth=4), "regression", ForestExplainer, "units of y"),
    Case("forest", RandomForestRegressor(6, max_depth=5, random_state=0), "regression", ForestExplainer, "units of y"),
    Case("forest of two", RandomForestClassifier(6, random_state=0), "binary", ForestExplainer, "probability"),
    Case("forest of three", RandomForestClassifier(6, random_state=0), "multiclass", ForestExplainer, "probability"),
    Case("extra trees", ExtraTreesClassifier(6, random_state=0), "binary", ForestExplainer, "probability"),
    Case("lightgbm", boosted(False), "regression", BoostingExplainer, "units of y"),
    Case("lightgbm of two", boosted(True), "binary", BoostingExplainer, "log-odds"),
    Case("lightgbm of three", boosted(True), "multiclass", BoostingExplainer, "log-odds"),
    Case("lightgbm poisson", boosted(False, objective="poisson"), "regression", BoostingExplainer, "units of log(y)"),
    Case("poisson", PoissonRegressor(), "regression", FallbackExplainer, "units of y"),
    Case("naive bayes", GaussianNB(), "multiclass", FallbackExplainer, "probability"),
    Case("linear leaves", boosted(False, linear_tree=True), "regression", LinearLeavesExplainer, "units of y"),
    Case("histograms", HistGradientBoostingRegressor(max_iter=5), "regression", HistogramsExplainer, "units of y"),
    Case(
        "histograms of three", HistGradientBoostingClassifier(max_iter=5), "multiclass", HistogramsExplainer, "log-odds"
    ),
    Case(
        "histograms with codes",
        HistGradientBoostingClassifier(max_iter=5, categorical_features=[3]),
        "binary",
        HistogramsExplainer,
        "log-odds",
    ),
    Case(
        "histograms poisson",
        HistGradientBoostingRegressor(max_iter=5, loss="poisson"),
        "regression",
        HistogramsExplainer,
        "units of log(y)",
    ),
    Case("classic boosting", GradientBoostingRegressor(n_estimators=5), "regression", ShapTreesExplainer, "units of y"),
    Case(
        "classic boosting of two", GradientBoostingClassifier(n_estimators=5), "binary", ShapTreesExplainer, "log-odds"
    ),
    Case("nearest neighbours", KNeighborsRegressor(), "regression", FallbackExplainer, "units of y"),
]
OWN = [
    pytest.param(
        Case(
            f"{name} {task.value}",
            kind.estimator(task, {}, levels_in_3(), seed=0, rounds=6),
            task.value,
            OwnTreesExplainer if issubclass(kind.model, TreeModel) else OwnExplainer,
            "units of y" if task is Task.REGRESSION else "log-odds",
        ),
        marks=pytest.mark.skipif(bool(kind.missing), reason=kind.missing),
    )
    for name, kind in FAMILIES.items()
    if kind.explainer == "own"
    for task in sorted(kind.tasks)
]
"""Every family whose models explain themselves: a new one is tested here without a new line."""


@pytest.fixture(params=[*CASES, *OWN], ids=lambda case: case.name, scope="module")
def case(request: pytest.FixtureRequest) -> Case:
    case: Case = request.param
    X = numbers()
    y = answers(X, case.task)
    case.estimator.fit(X, np.abs(y) if "poisson" in case.name else y)
    return case


def explainer_of(case: Case, groups: np.ndarray | None = None) -> Explainer:
    kind = explainer_kind(case.estimator)
    return kind(case.estimator, np.arange(COLUMNS) if groups is None else groups, kind.reference_from(numbers(), 0))


class TestEveryKind:
    """The conformance suite: a new kind adds its cases above and inherits these."""

    def test_is_chosen_and_names_its_output_space(self, case: Case) -> None:
        explainer = explainer_of(case)
        assert type(explainer) is case.kind
        assert explainer.space("y") == case.space
        assert explainer.method and explainer.untimed_rows > 0

    def test_shapes(self, case: Case) -> None:
        X = numbers(7, seed=1)
        found = explainer_of(case).contributions(X)
        assert found.values.shape == (7, COLUMNS, case.outputs)
        assert found.base.shape == (case.outputs,)
        assert explainer_of(case).margin(X).shape == (7, case.outputs)
        assert found.values.dtype == np.float64

    def test_adds_up_to_what_the_estimator_says(self, case: Case) -> None:
        X = numbers(40, seed=1)
        explainer = explainer_of(case)
        found, margin = explainer.contributions(X), explainer.margin(X)
        gap = np.abs(found.base + found.values.sum(axis=1) - margin).max()
        assert gap <= 1e-6 * np.abs(margin).max()

    def test_the_margin_is_the_prediction_in_its_space(self, case: Case) -> None:
        X = numbers(12, seed=2)
        margin = explainer_of(case).margin(X)
        if case.task == "regression":
            said = case.estimator.predict(X)
            expected = np.exp(margin[:, 0]) if case.space == "units of log(y)" else margin[:, 0]
            assert np.allclose(said, expected)
            return
        shares = case.estimator.predict_proba(X)
        if case.space == "probability":
            assert np.allclose(shares if case.outputs > 1 else shares[:, 1:], margin)
        elif case.outputs == 1:
            assert np.allclose(shares[:, 1], 1 / (1 + np.exp(-margin[:, 0])))
        else:
            exponential = np.exp(margin - margin.max(axis=1, keepdims=True))
            assert np.allclose(shares, exponential / exponential.sum(axis=1, keepdims=True))

    def test_a_row_does_not_depend_on_its_company(self, case: Case) -> None:
        X = numbers(9, seed=3)
        explainer = explainer_of(case)
        together = explainer.contributions(X).values
        alone = explainer.contributions(X[4:5]).values
        assert np.allclose(together[4], alone[0], rtol=1e-9, atol=1e-12)

    def test_equal_rows_get_equal_values(self, case: Case) -> None:
        X = numbers(6, seed=4)
        values = explainer_of(case).contributions(np.vstack([X, X])).values
        assert np.array_equal(values[:6], values[6:])

    def test_sums_over_groups_add_up(self, case: Case) -> None:
        X = numbers(5, seed=5)
        explainer = explainer_of(case, groups=np.array([0, 1, 1, 0, 2]))
        found = explainer.contributions(X)
        assert np.allclose(found.base + found.values.sum(axis=1), explainer.margin(X))

    def test_interactions_add_up_to_the_contributions(self, case: Case) -> None:
        X = numbers(9, seed=7)
        explainer = explainer_of(case)
        found = explainer.interactions(X, np.arange(COLUMNS))
        if found is None:
            assert not isinstance(explainer, TreesExplainer)
            return
        assert found.shape == (9, COLUMNS, COLUMNS, case.outputs)
        values = explainer.contributions(X).values
        assert np.allclose(found.sum(axis=2), values, rtol=1e-9, atol=1e-9 * max(1.0, np.abs(values).max()))

    @pytest.mark.filterwarnings("ignore:X has feature names")
    def test_frames_give_what_arrays_give(self, case: Case) -> None:
        X = numbers(5, seed=6)
        explainer = explainer_of(case)
        frame = pd.DataFrame(X, columns=[f"c{j}" for j in range(COLUMNS)])
        assert np.allclose(explainer.contributions(frame).values, explainer.contributions(X).values)


def test_path_dependent_values_of_forests_follow_the_definition() -> None:
    X = numbers()
    X[::7, 2] = np.nan
    forest = RandomForestClassifier(4, max_depth=4, random_state=1).fit(X, answers(np.nan_to_num(X), "multiclass"))
    explainer = ForestExplainer(forest, np.arange(COLUMNS))
    rows = X[:6]
    found = explainer.contributions(rows)
    for i, row in enumerate(rows):
        game = sklearn_path_game([tree.tree_ for tree in forest.estimators_], row)
        assert np.allclose(found.values[i], brute_force(game, COLUMNS), atol=1e-9)
    assert np.allclose(found.base, game(frozenset()), atol=1e-9)


@pytest.mark.parametrize("categorical", [[], [3]], ids=["numbers", "categories"])
def test_path_dependent_values_of_lightgbm_follow_the_definition(categorical: list[int]) -> None:
    X = numbers()
    X[::9, 1] = np.nan
    model = boosted(False).fit(X, answers(np.nan_to_num(X), "regression"), categorical_feature=categorical)
    rows = X[:4].copy()
    rows[0, 3] = 99  # a category that was never seen
    rows[1] = np.nan
    found = BoostingExplainer(model, np.arange(COLUMNS)).contributions(rows)
    dump = model.booster_.dump_model()["tree_info"]
    for i, row in enumerate(rows):
        game = lightgbm_path_game(dump, row)
        assert np.allclose(found.values[i], brute_force(game, COLUMNS), rtol=1e-9, atol=1e-9)
    assert np.allclose(found.base, game(frozenset()))


@pytest.mark.parametrize("categorical", [[], [3]], ids=["numbers", "categories"])
def test_values_of_linear_leaves_follow_the_definition(categorical: list[int]) -> None:
    X = numbers(60)  # the definition is walked once for each row, coalition and reference row
    X[::9, 1] = np.nan
    model = boosted(False, linear_tree=True, linear_lambda=0.1)
    model.fit(X, answers(np.nan_to_num(X), "regression"), categorical_feature=categorical)
    rows = X[:4].copy()
    rows[0, 3] = 99  # a category that was never seen
    rows[1] = np.nan
    rows[2, 0] = np.nan
    found = LinearLeavesExplainer(model, np.arange(COLUMNS), X).contributions(rows)
    np.testing.assert_allclose(found.base + found.values.sum(axis=1), model.predict(rows)[:, None], rtol=1e-6)
    dump = model.booster_.dump_model()["tree_info"]
    assert any("leaf_coeff" in str(tree) for tree in dump)
    for i, row in enumerate(rows):
        game = linear_leaves_game(dump, row, X)
        assert np.allclose(found.values[i], brute_force(game, COLUMNS), rtol=1e-9, atol=1e-9)
    assert np.allclose(found.base, game(frozenset()))


def test_linear_values_follow_the_definition() -> None:
    X = numbers()
    for model in (Ridge().fit(X, answers(X, "regression")), LogisticRegression().fit(X, answers(X, "multiclass"))):
        explainer = LinearExplainer(model, np.arange(COLUMNS), LinearExplainer.reference_from(X, 0))
        found = explainer.contributions(X[:4])
        for i in range(4):
            game = interventional_game(explainer.margin, X[i], X)
            assert np.allclose(found.values[i], brute_force(game, COLUMNS))
        assert np.allclose(found.base, explainer.margin(X).mean(axis=0))


def test_sampled_values_come_near_the_definition() -> None:
    X = numbers()
    model = SVR(C=100).fit(X, answers(X, "regression"))
    reference = FallbackExplainer.reference_from(X, 0)
    explainer = FallbackExplainer(model, np.arange(COLUMNS), reference)
    found = explainer.contributions(X[:5])
    for i in range(5):
        exact = brute_force(interventional_game(explainer.margin, X[i], reference), COLUMNS)
        assert np.abs(found.values[i] - exact).max() < 0.15 * np.abs(exact).max()


def test_sampled_values_treat_a_group_as_one_player() -> None:
    X = numbers()
    X[:, 4] = X[:, 0]
    model = GaussianNB().fit(X, answers(X, "binary"))
    groups = np.array([0, 1, 2, 3, 0])
    values = FallbackExplainer(model, groups, FallbackExplainer.reference_from(X, 0)).contributions(X[:5]).values
    assert np.all(values[:, 4] == 0)
    assert np.any(values[:, 0] != 0)


def test_agreement_with_shap() -> None:
    import shap

    X = numbers()
    for model in (
        RandomForestRegressor(5, max_depth=6, random_state=0).fit(X, answers(X, "regression")),
        boosted(True).fit(X, answers(X, "multiclass")),
    ):
        theirs = np.asarray(shap.TreeExplainer(model).shap_values(X[:20]))
        kind = explainer_kind(model)
        ours = kind(model, np.arange(COLUMNS)).contributions(X[:20]).values
        assert np.abs(ours - theirs.reshape(ours.shape)).max() < 1e-9
    linear = LogisticRegression().fit(X, answers(X, "binary"))
    theirs = shap.LinearExplainer(linear, shap.maskers.Independent(X, max_samples=len(X))).shap_values(X[:20])
    ours = LinearExplainer(linear, np.arange(COLUMNS), LinearExplainer.reference_from(X, 0)).contributions(X[:20])
    assert np.abs(ours.values[:, :, 0] - theirs).max() < 1e-9


@pytest.mark.parametrize("model", [Ridge(), boosted(False)], ids=["linear", "lightgbm"])
def test_sparse_input(model: Any) -> None:
    X = sparse.csr_matrix(np.where(numbers() > 0.3, numbers(), 0))
    model.fit(X, answers(X.toarray(), "regression"))
    kind = explainer_kind(model)
    explainer = kind(model, np.arange(COLUMNS), kind.reference_from(X, 0))
    found = explainer.contributions(X[:9])
    assert np.allclose(found.base + found.values.sum(axis=1), explainer.margin(X[:9]))


def test_what_does_not_predict_is_refused() -> None:
    with pytest.raises(TypeError, match="nothing to explain"):
        explainer_kind(object())
