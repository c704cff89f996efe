"""The archive: what goes in comes out, whatever the names and cells are; damage is told in one sentence."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import json
import pickle
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tracking_samples as samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import pandas as pdst
from sklearn.base import clone

from workbench import contracts as c
from workbench.errors import StoreError
from workbench.tracking import load_result, save_result
from workbench.tracking.archive.frames import read_frame, write_frame
from workbench.tracking.archive.lazy import LazyPipeline
from workbench.tracking.archive.nodes import from_json, to_json
from workbench.tracking.archive.walk import LEFT_OUT, Reader, Writer

slow = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def there_and_back(value: Any, folder: Path) -> Any:
    return Reader(folder, None).decode(from_json(to_json(Writer(folder).encode(value))))


def frame_there_and_back(frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
    return read_frame(from_json(to_json(write_frame(frame, folder / "f.parquet"))), folder)


def same(left: Any, right: Any) -> None:
    """Equal in value and in type, field by field; NaN equals NaN."""
    if isinstance(left, pd.DataFrame):
        pd.testing.assert_frame_equal(left, right, check_freq=False)
    elif isinstance(left, pd.Series):
        pd.testing.assert_series_equal(left, right, check_freq=False)
    elif isinstance(left, np.ndarray):
        assert left.dtype == right.dtype and left.shape == right.shape
        if left.dtype == object:
            return same(left.ravel().tolist(), right.ravel().tolist())
        np.testing.assert_array_equal(left, right)
    elif dataclasses.is_dataclass(left):
        assert type(left) is type(right)
        for field in dataclasses.fields(left):
            if field.metadata.get("archive", True) and (type(left).__name__, field.name) not in LEFT_OUT:
                same(getattr(left, field.name), getattr(right, field.name))
    elif isinstance(left, dict):
        assert list(left) == list(right)
        for key in left:
            same(left[key], right[key])
    elif isinstance(left, tuple | list):
        assert type(left) is type(right) and len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            same(one, other)
    else:
        assert type(left) is type(right), (left, right)
        assert left is right or left == right or (left != left and right != right), (left, right)


def test_a_whole_journey_comes_back(tmp_path: Path) -> None:
    result = samples.journey()
    save_result(result, tmp_path / "archive")
    back = load_result(tmp_path / "archive")
    same(result, back)
    assert back.segmentations[0].assigner is None


def test_a_journey_of_segments_only_comes_back(tmp_path: Path) -> None:
    result = samples.journey(
        search=None, explanation=None, gaps=None, strategies=(), table=samples.table_of(samples.raw_frame(), None)
    )
    save_result(result, tmp_path / "archive")
    same(result, load_result(tmp_path / "archive"))


def test_saving_again_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    save_result(samples.journey("first"), tmp_path / "archive")
    save_result(samples.journey("second"), tmp_path / "archive")
    assert load_result(tmp_path / "archive").name == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]


def test_a_failed_save_keeps_the_old_archive(tmp_path: Path) -> None:
    save_result(samples.journey("first"), tmp_path / "archive")
    with pytest.raises(TypeError, match="object"):
        save_result(samples.journey("second", settings={"x": object()}), tmp_path / "archive")
    assert load_result(tmp_path / "archive").name == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]


def test_the_pipeline_is_loaded_when_it_is_used(tmp_path: Path) -> None:
    result = samples.journey()
    assert result.search is not None
    model, calls = result.search.champion, []
    save_result(result, tmp_path / "archive")

    def pipeline(field: str) -> Any:
        calls.append(field)
        return model.pipeline

    back = load_result(tmp_path / "archive", pipeline)
    assert back.search is not None and calls == []
    raw = samples.raw_frame(9, seed=3)
    pd.testing.assert_frame_equal(back.search.champion.predict(raw), model.predict(raw))
    assert back.search.champion.pipeline["model"] is model.pipeline["model"]
    assert len(back.search.champion.pipeline) == 2 and calls == ["champion"]
    again = pickle.loads(pickle.dumps(back.search.champion))
    pd.testing.assert_frame_equal(again.predict(raw), model.predict(raw))


def test_a_lazy_pipeline_is_cloned_as_what_it_stands_for() -> None:
    """Trust fits the recipe of a reopened run anew."""
    result = samples.journey()
    assert result.search is not None
    pipeline = result.search.champion.pipeline
    again = clone(LazyPipeline(lambda: pipeline))
    assert type(again) is type(pipeline) and list(again.named_steps) == list(pipeline.named_steps)
    assert again is not pipeline


def test_a_lazy_pipeline_is_loaded_once_however_many_ask() -> None:
    calls = []

    def slowly() -> Any:
        calls.append(1)
        time.sleep(0.05)
        return [1, 2, 3]

    lazy = LazyPipeline(slowly)
    threads = [threading.Thread(target=len, args=(lazy,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [1]


def test_without_a_model_using_it_is_one_sentence() -> None:
    with pytest.raises(StoreError, match="without a model"):
        LazyPipeline().predict(None)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no archived result"),
        ("{", "can't be read"),
        ("[]", "no archive of workbench"),
        ('{"format":"workbench-result","version":99,"result":null}', "newer workbench"),
        ('{"format":"workbench-result","version":1}', "damaged"),
        ('{"format":"workbench-result","version":1,"result":{"$":"object","c":"Nobody","f":{}}}', "damaged"),
        ('{"format":"workbench-result","version":1,"result":{"$":"frame","file":"../x","rows":1}}', "damaged"),
        ('{"format":"workbench-result","version":1,"result":3}', "no result of a journey"),
    ],
)
def test_damage_is_told_in_one_sentence(tmp_path: Path, content: str | None, words: str) -> None:
    if content is not None:
        (tmp_path / "result.json").write_text(content)
    with pytest.raises(StoreError, match=words):
        load_result(tmp_path)


def test_a_missing_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    save_result(samples.journey(), tmp_path / "archive")
    next((tmp_path / "archive").glob("*.parquet")).unlink()
    with pytest.raises(StoreError, match="damaged"):
        load_result(tmp_path / "archive")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Can't write the archive"):
        save_result(samples.journey(), tmp_path / "file" / "archive")


def test_fields_of_a_later_version_are_left_aside(tmp_path: Path) -> None:
    save_result(samples.journey(), tmp_path / "archive")
    file = tmp_path / "archive" / "result.json"
    data = json.loads(file.read_text())
    data["result"]["f"]["invented_later"] = 1
    file.write_text(json.dumps(data))
    assert load_result(tmp_path / "archive").name == "customers-0001"


@pytest.mark.parametrize(
    "value",
    [
        float("nan"), float("-inf"), 10**30, True, None, "\ud800 lone", b"\x00\xff", 1 + 2j, decimal.Decimal("1.10"),
        np.float32(0.1), np.int8(-3), np.bool_(True), np.str_("x"), np.datetime64("2020-01-01"), np.float64("nan"),
        pd.NaT, pd.NA, pd.Timestamp("2020-01-01", tz="Asia/Tokyo"), pd.Timestamp("1600-01-01"), pd.Timedelta("3 days"),
        pd.Period("2020-01", "M"), pd.Interval(0, 1.5, closed="left"), datetime.date(2020, 1, 1),
        datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC), datetime.time(1, 2), datetime.timedelta(1, 2, 3),
        {1: "a", (2, "b"): None}, {"$": "trap"}, (1, [2, (3,)]), {"a"}, frozenset({1}), Path("a/b"), c.Task.BINARY,
        {c.Task.BINARY: 1}, np.array([1, "a", None, np.nan], dtype=object), np.zeros((0, 3)), pd.Series([1.5], name=7),
    ],
    ids=repr,
)  # fmt: skip
def test_small_values_come_back(tmp_path: Path, value: Any) -> None:
    same(value, there_and_back(value, tmp_path))


FRAMES: dict[str, pd.DataFrame] = {
    "mixed object cells": pd.DataFrame({"x": [1, "a", None, 2.5, pd.Timestamp("2020"), b"\x00", True]}, dtype=object),
    "labels of any kind": pd.DataFrame(
        [[1, 2, 3, 4]], columns=pd.Index([0, "a", None, ("t", 1)], dtype=object, tupleize_cols=False)
    ),
    "duplicate labels": pd.DataFrame([[1, 2.0]], columns=["x", "x"]),
    "mixed categories": pd.DataFrame({"x": pd.Categorical(["1", 1, None, 2.5], categories=["1", 1, 2.5, (0, 1)])}),
    "ordered intervals": pd.DataFrame({"x": pd.cut([1, 5, 9], [0, 3, 10])}),
    "date categories": pd.DataFrame({"x": pd.Categorical(pd.to_datetime(["2020-01-01", None]))}),
    "times": pd.DataFrame({
        "ns": pd.to_datetime(["2020-01-01", None]).astype("datetime64[ns]"),
        "s": pd.to_datetime(["1500-01-01", None]).astype("datetime64[s]"),
        "tz": pd.to_datetime(["2020-01-01", None]).tz_localize("America/New_York"),
        "td": pd.to_timedelta(["1 day", None]),
        "p": pd.PeriodIndex(["2020-01", "2020-02"], freq="M"),
    }),
    "nullable": pd.DataFrame({
        "i": pd.array([1, None], dtype="Int64"),
        "b": pd.array([True, None], dtype="boolean"),
        "f": pd.array([0.5, None], dtype="Float32"),
        "s": pd.array(["a", None], dtype="string"),
        "a": pd.array([1, None], dtype="int32[pyarrow]"),
        "d": pd.array(["x", None], dtype="str"),
    }),
    "numbers": pd.DataFrame(
        {"u": np.array([0, 255], "u1"), "h": np.array([1, np.nan], "f4"), "b": [True, False], "i": [np.inf, np.nan]}
    ),
    "surrogates": pd.DataFrame({"x": pd.Series(["\ud800", "ok"], dtype=object)}),
    "several index levels": pd.DataFrame(
        {"x": [1, 2]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", None])
    ),
    "date index": pd.DataFrame({"x": [1, 2]}, index=pd.DatetimeIndex(["2020-01-01", "2020-01-02"], name="when")),
    "several column levels": pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")])),
    "range columns": pd.DataFrame([[1, 2]]),
    "no columns": pd.DataFrame(index=pd.RangeIndex(3, name="n")),
    "no rows": pd.DataFrame({"a": pd.Series(dtype="str"), "b": pd.Series(dtype=float), "c": pd.Categorical([])}),
    "nothing": pd.DataFrame(),
    "string index": pd.DataFrame({"x": [1.0]}, index=pd.Index(["🙂"], name="id")),
}  # fmt: skip


@pytest.mark.parametrize("name", FRAMES)
def test_frames_come_back(tmp_path: Path, name: str) -> None:
    same(FRAMES[name], frame_there_and_back(FRAMES[name], tmp_path))


cells = st.one_of(st.none(), st.text(), st.integers(), st.booleans(), st.floats())


@slow
@given(frame=pdst.data_frames(
    columns=[
        pdst.column("n", elements=st.floats(allow_nan=True)),
        pdst.column("购", dtype=object, elements=cells),
        pdst.column('{"x"}', dtype="datetime64[ns]"),
        pdst.column("[b]", dtype=bool),
    ],
    index=pdst.range_indexes(max_size=6),
))  # fmt: skip
def test_any_frame_comes_back(tmp_path: Path, frame: pd.DataFrame) -> None:
    same(frame, frame_there_and_back(frame, tmp_path))


json_like = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.binary()),
    lambda inner: st.one_of(
        st.lists(inner), st.lists(inner).map(tuple), st.dictionaries(st.one_of(st.text(), st.integers()), inner)
    ),
    max_leaves=12,
)


@slow
@given(value=json_like)
def test_any_nesting_comes_back(tmp_path: Path, value: Any) -> None:
    same(value, there_and_back(value, tmp_path))
