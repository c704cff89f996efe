"""Bad input is handled and said so, or gets one sentence."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from search_tables import describe, small

from workbench.budget import Budget
from workbench.contracts import Role, Task, TrialState
from workbench.errors import InputError, StoreError
from workbench.events import Events
from workbench.search import search

SPACES = Path(__file__).parent / "spaces"


def run(table, folder, events=None, trials=3, **options):
    return search(
        table,
        budget=Budget.unlimited(),
        events=events or Events(),
        folder=folder,
        trials=trials,
        workers=0,
        spaces=SPACES,
        **options,
    )


def test_many_levels_constants_blanks_infinities_and_text(tmp_path):
    rng = np.random.default_rng(0)
    rows = 300
    frame = pd.DataFrame(
        {
            "id-like": [f"c{number}" for number in rng.permutation(100_000)[:rows]],
            "constant": 1,
            "blank": [None] * rows,
            "wild": np.where(rng.random(rows) < 0.1, np.inf, rng.normal(size=rows) * 1e30),
            "tiny": rng.normal(size=rows) * 1e-30,
            "remark": rng.choice(["very good thing", "bad thing", ""], rows),
            "target": rng.choice(["a", "b"], rows),
        }
    )
    events = Events()
    table = describe(frame, "target", Task.BINARY, {"remark": Role.TEXT})
    result = run(table, tmp_path, events)
    assert any("infinit" in note.message or "finite" in note.message for note in events.notices)
    assert any("left out" in note.message for note in events.notices)
    assert np.isfinite(result.champion.predict(frame).to_numpy()).all()


def test_a_hundred_thousand_levels(tmp_path):
    rows = 110_000
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "code": [f"k{number % 100_000}" for number in range(rows)],
            "x": rng.normal(size=rows),
        }
    )
    frame["target"] = (frame["x"] + rng.normal(size=rows) > 0).map({True: "y", False: "n"})
    events = Events()
    result = run(describe(frame, "target", Task.BINARY), tmp_path, events, families=["linear"], trials=1)
    assert any("levels" in note.message for note in events.notices)
    assert result.resampling.kind == "hold-out"
    assert np.isfinite(result.out_of_fold).all(), "the champion is checked on folds over all rows"
    assert result.champion_score.value > 0.7


@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_thirty_rows(task, tmp_path):
    result = run(small(task, 30), tmp_path)
    assert result.resampling.folds >= 2
    assert np.isfinite(result.champion_score.value)


def test_one_feature(tmp_path):
    table = small(Task.REGRESSION)
    frame = table.frame[["消费金额", "target"]]
    assert run(describe(frame, "target", Task.REGRESSION), tmp_path).champion.columns == ("消费金额",)


def test_a_hundred_classes(tmp_path):
    result = run(small(Task.MULTICLASS, 500, classes=100), tmp_path, trials=3)
    assert len(result.champion.classes) == 100
    assert result.out_of_fold.shape == (500, 100)


def test_classes_with_one_member_are_learnt_and_never_checked(tmp_path):
    table = small(Task.MULTICLASS, 120)
    frame = table.frame.copy()
    frame.loc[[3, 7], "target"] = ["lonely", "single"]
    result = run(describe(frame, "target", Task.MULTICLASS), tmp_path)
    assert set(result.champion.classes) >= {"lonely", "single"}
    assert np.isnan(result.out_of_fold[[3, 7]]).all()
    assert np.isfinite(np.delete(result.out_of_fold, [3, 7], axis=0)).all()
    assert result.champion.predict(frame).shape[1] == len(result.champion.classes)


@pytest.mark.parametrize("labels", [[0, 1], [True, False], [1.5, 2.5], ["1", 2]])
def test_labels_of_any_type(labels, tmp_path):
    table = small(Task.BINARY, 80)
    frame = table.frame.copy()
    frame["target"] = pd.Series([labels[place % 2] for place in range(80)], dtype=object)
    result = run(describe(frame, "target", Task.BINARY), tmp_path, trials=1)
    assert [str(label) for label in result.champion.classes] == sorted(str(label) for label in labels)
    assert list(result.champion.predict(frame).columns) == [str(label) for label in result.champion.classes]


def test_a_regression_target_with_gaps(tmp_path):
    table = small(Task.REGRESSION, 100)
    frame = table.frame.copy()
    frame.loc[[0, 5], "target"] = [np.nan, np.inf]
    events = Events()
    result = run(describe(frame, "target", Task.REGRESSION), tmp_path, events, trials=1)
    assert np.isnan(result.out_of_fold[[0, 5]]).all()
    assert "2 rows" in events.notices[0].message


def test_nothing_varies(tmp_path):
    frame = pd.DataFrame({"x": [1] * 40, "target": ["a", "b"] * 20})
    events = Events()
    result = run(describe(frame, "target", Task.BINARY), tmp_path, events)
    assert result.champion.family == "baseline"
    assert any("nothing to predict from" in note.message for note in events.notices)


def frame_of(target):
    return pd.DataFrame({"x": np.arange(len(target), dtype=float), "target": target})


@pytest.mark.parametrize(
    ("target", "task", "said"),
    [
        (["a"] * 40, Task.BINARY, "every row"),
        ([3.0] * 40, Task.REGRESSION, "every row"),
        (["a"] * 39 + ["b"], Task.BINARY, "Only one row"),
        (["a", "b"] * 3, Task.BINARY, "Only 6 rows"),
        ([f"{n}" for n in range(40)], Task.MULTICLASS, "no two classes"),
        ([None] * 40, Task.BINARY, "Only 0 rows"),
    ],
)
def test_unusable_targets_get_one_sentence(target, task, said, tmp_path):
    with pytest.raises(InputError, match=said):
        run(describe(frame_of(target), "target", task), tmp_path)


def test_unusable_wishes_get_one_sentence(tmp_path):
    table = small(Task.BINARY, 60)
    for options, said in (
        ({"metric": "rmse"}, "not a metric for binary"),
        ({"metric": "no such"}, "choose from"),
        ({"families": ["perceptron"]}, "no model family 'perceptron'"),
        ({"families": ["clustering"]}, "can't be used for binary"),
        ({"families": []}, "No model family"),
        ({"trials": 0}, "at least one"),
    ):
        with pytest.raises(InputError, match=said):
            run(table, tmp_path, **options)
    with pytest.raises(InputError, match="needs an end"):
        run(table, tmp_path, trials=None)
    with pytest.raises(InputError, match="no target"):
        run(describe(table.frame, "target", Task.SEGMENTS), tmp_path)
    with pytest.raises(InputError, match="no column to predict"):
        run(describe(table.frame[["target"]], "target", Task.BINARY), tmp_path)


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="Can't write"):
        run(small(Task.BINARY, 60), tmp_path / "file" / "folder")


def test_numbers_beyond_float32_are_learnt_from_without_a_warning(tmp_path):
    table = small(Task.BINARY, rows=300)
    frame = table.frame.assign(noise=np.random.default_rng(0).normal(size=300) * 1e300)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        result = run(describe(frame, "target", Task.BINARY), tmp_path, trials=6)
    assert all(trial.state is not TrialState.FAILED for trial in result.trials)
    assert {trial.family for trial in result.trials} >= {"linear", "random_forest", "lightgbm"}
