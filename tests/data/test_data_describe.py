from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.contracts import Kind, Lever, Role, Source, Table, Task
from workbench.data import describe, guess_target, load
from workbench.errors import InputError

N = 60
SOURCE = Source("t", "t.csv", "csv", N, 3, "0" * 64)


def make(**columns: object) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    base = {"age": rng.integers(20, 60, N), "city": rng.choice(["a", "b", "c"], N), "spend": rng.gamma(2, 50, N)}
    return pd.DataFrame(base | columns)


def table(frame: pd.DataFrame, target: str | None = "y", **options: object) -> Table:
    return describe(frame, [SOURCE], target=target, name="t", **options)  # type: ignore[arg-type]


def codes(found: Table, column: str | None = None) -> set[str]:
    return {check.code for check in found.checks if column is None or check.column == column}


YES_NO = ["yes" if i % 3 == 0 else "no" for i in range(N)]


@pytest.mark.parametrize(
    ("target", "task"),
    [
        (YES_NO, Task.BINARY),
        ([i % 2 for i in range(N)], Task.BINARY),
        ([i % 2 == 0 for i in range(N)], Task.BINARY),
        ([1.0 if i % 2 else 2.0 for i in range(N)], Task.BINARY),
        ([f"class {i % 4}" for i in range(N)], Task.MULTICLASS),
        ([1 + i % 5 for i in range(N)], Task.MULTICLASS),
        ([float(1 + i % 5) if i % 9 else np.nan for i in range(N)], Task.MULTICLASS),
        ([i * 1.5 for i in range(N)], Task.REGRESSION),
        (list(range(N)), Task.REGRESSION),
        ([100 * (i % 5) ** 3 for i in range(N)], Task.REGRESSION),
    ],
)
def test_the_task_follows_from_the_target(target: list[object], task: Task) -> None:
    found = table(make(y=target))
    assert found.task is task
    assert found.target == "y"
    assert found.column("y").role is Role.TARGET
    assert found.outcome == ("y" if task is Task.REGRESSION else None)


def test_no_target_means_segments() -> None:
    found = table(make(), target=None)
    assert (found.task, found.target, found.outcome) == (Task.SEGMENTS, None, None)
    kept = table(make(), target="spend", task=Task.SEGMENTS)
    assert (kept.task, kept.target, kept.outcome) == (Task.SEGMENTS, None, "spend")
    assert kept.column("spend").role is Role.OUTCOME


def test_class_labels_lose_the_point_that_gaps_gave_them() -> None:
    found = table(make(y=[float(i % 3) if i else np.nan for i in range(N)]))
    assert found.frame["y"].dtype == "int64"


@pytest.mark.parametrize(
    ("frame", "target", "words"),
    [
        (make(y=YES_NO), "z", "no column 'z'"),
        (make(churned=YES_NO), "churn", "did you mean 'churned'"),
        (make(y=["yes"] * N), "y", "same in every row"),
        (make(y=[None] * N), "y", "no value in any row"),
        (make(y=["yes"] * (N - 1) + ["no"]), "y", "two classes"),
        (make(y=[f"word {i}" for i in range(N)]), "y", "too many"),
        (make(y=pd.date_range("2024-01-01", periods=N)), "y", "dates"),
        (make(y=YES_NO)[["y"]], "y", "nothing but the target"),
        (make(y=YES_NO).head(1), "y", "1 row"),
        (make(y=YES_NO).head(9), "y", "9 rows"),
        (make(y=["a", "b", "c"] + [None] * (N - 3)), "y", "3 rows"),
        (pd.DataFrame({"customer_id": range(N), "y": YES_NO}), "y", "no column to learn from"),
        (pd.DataFrame({"a": [1] * N, "b": [None] * N, "y": YES_NO}), "y", "no column to learn from"),
    ],
)
def test_targets_that_cannot_be_used_are_one_sentence(frame: pd.DataFrame, target: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        table(frame, target)
    assert words in str(caught.value)
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize(
    ("task", "target", "words"),
    [
        (Task.REGRESSION, YES_NO, "regression"),
        (Task.BINARY, ["a", "b", "c"] * 20, "binary"),
        (Task.MULTICLASS, list(np.arange(N) * 1.1), None),
    ],
)
def test_a_task_that_the_target_does_not_allow(task: Task, target: list[object], words: str | None) -> None:
    with pytest.raises(InputError, match=words):
        table(make(y=target), task=task)


def test_multiclass_with_two_classes_is_binary() -> None:
    assert table(make(y=YES_NO), task=Task.MULTICLASS).task is Task.BINARY


def test_rows_without_target_are_left_out_and_told() -> None:
    found = table(make(y=[None if i < 7 else YES_NO[i] for i in range(N)]))
    assert len(found.frame) == N - 7
    assert isinstance(found.frame.index, pd.RangeIndex)
    assert next(check.rows for check in found.checks if check.code == "target-missing") == 7


def test_a_class_with_one_member_is_left_out_and_told() -> None:
    found = table(make(y=["rare", *YES_NO[1:]]))
    assert (found.task, len(found.frame)) == (Task.BINARY, N - 1)
    assert next(check.rows for check in found.checks if check.code == "single-member-class") == 1


@pytest.mark.parametrize(("members", "told"), [(2, True), (3, False), (20, False)])
def test_a_rare_class_is_told(members: int, told: bool) -> None:
    """Below a twentieth of the rows, saying the other class always is right nearly always."""
    found = table(make(y=["yes" if i < members else "no" for i in range(N)]))
    assert [(check.code, check.rows) for check in found.checks if check.code == "imbalance"] == (
        [("imbalance", members)] if told else []
    )


def test_roles_and_their_reasons() -> None:
    frame = make(
        customerID=[f"C{i}" for i in range(N)], code=[f"x{i}y" for i in range(N)], instant=range(1, N + 1),
        same=["k"] * N, none=[None] * N, day=pd.date_range("2024-01-01", periods=N),
        note=[f"some longer remark number {i} about a visit" for i in range(N)],
        browser=[i % 7 for i in range(N)], user_id=[i // 2 for i in range(N)], 编号=range(500, 500 + N), y=YES_NO,
    )  # fmt: skip
    found = table(frame)
    expected = {
        "customerID": Role.ID, "code": Role.ID, "instant": Role.IGNORE, "same": Role.IGNORE, "none": Role.IGNORE,
        "day": Role.DATE, "note": Role.TEXT, "browser": Role.FEATURE, "user_id": Role.GROUP, "编号": Role.ID,
        "y": Role.TARGET, "age": Role.FEATURE, "city": Role.FEATURE,
    }  # fmt: skip
    assert {name: found.column(name).role for name in expected} == expected
    assert all(column.reason for column in found.columns)
    assert found.id_column == "customerID"
    assert found.column("note").kind is Kind.TEXT
    assert found.column("none").kind is Kind.EMPTY
    assert {"constant", "all-missing", "repeated-entities"} <= codes(found)


def test_given_roles_win() -> None:
    frame = make(y=YES_NO, when=range(N), who=[i // 3 for i in range(N)])
    found = table(frame, roles={"age": Role.IGNORE}, time="when", group="who", outcome="spend",
                  meanings={"city": ("where she lives", "", Lever.FIXED)}, currency="USD")  # fmt: skip
    assert (found.column("age").role, found.column("age").reason) == (Role.IGNORE, "set by you")
    assert found.column("when").role is Role.DATE
    assert found.column("who").role is Role.GROUP
    assert (found.outcome, found.column("spend").role) == ("spend", Role.OUTCOME)
    assert (found.column("city").meaning, found.column("city").lever) == ("where she lives", Lever.FIXED)
    assert found.currency == "USD"


@pytest.mark.parametrize("option", [{"time": "nope"}, {"group": "nope"}, {"outcome": "nope"}, {"outcome": "city"},
                                    {"time": "city"}, {"roles": {"nope": Role.IGNORE}}])  # fmt: skip
def test_given_columns_must_exist_and_fit(option: dict[str, object]) -> None:
    with pytest.raises(InputError):
        table(make(y=YES_NO), **option)


def test_a_role_may_name_the_target() -> None:
    assert table(make(y=YES_NO), target=None, roles={"y": Role.TARGET}).target == "y"


def test_any_pandas_frame_is_taken() -> None:
    frame = make(
        y=pd.Categorical(YES_NO), mixed=[1, "a", None] * 20, whole=pd.array([1, None] * 30, dtype="Int64"),
        flags=pd.array([True, None] * 30, dtype="boolean"), far=[np.inf, 1.0] * 30,
        zoned=pd.date_range("2024", periods=N, tz="UTC"),
        small=np.arange(N, dtype="float32"), self=range(N),
    ).set_index(pd.Index([f"h{i}" for i in range(N)], name="household_id"))  # fmt: skip
    found = table(frame)
    assert found.column("household_id").role is Role.ID
    assert {str(kind) for kind in found.frame.dtypes} <= {"str", "int64", "float64", "bool", "datetime64[us]"}
    assert "infinities" in codes(found, "far")
    assert list(found.frame.columns) == [column.name for column in found.columns]


def test_a_target_called_self_and_hostile_names() -> None:
    frame = make(
        **{
            "self": YES_NO,
            "[bold]": range(N),
            "=cmd": YES_NO[::-1],
            '{"a"}': np.arange(N) % 4,
            "😀": np.arange(N) * 0.5,
        }
    )
    found = table(frame, "self")
    assert {"[bold]", "=cmd", '{"a"}', "😀"} <= {column.name for column in found.columns}


def test_quality_is_told() -> None:
    n = 400
    rng = np.random.default_rng(0)
    x = rng.normal(size=n)
    frame = pd.DataFrame({
        "x": x, "twice": 2 * x + 1, "gaps": np.where(np.arange(n) % 3 == 0, np.nan, x**2),
        "pdays": np.where(np.arange(n) % 2 == 0, 999, rng.integers(0, 20, n)),
        "job": rng.choice(["unknown", "clerk", "smith"], n), "work": rng.choice(["a", "b"], n),
        "arm": rng.choice(["mail", "control"], n), "wild": np.where(np.arange(n) == 5, 1e6, x),
        "order_id": [f"o{i}" for i in range(n - 1)] + ["o0"], "many": [f"v{i // 2}" for i in range(n)],
        "y": rng.normal(size=n),
    })  # fmt: skip
    frame["job2"] = frame["work"].map({"a": "A", "b": "B"})
    frame = pd.concat([frame, frame.head(4)])
    found = table(frame)
    assert {
        ("twin-columns", "twice"), ("twin-columns", "job2"), ("missing-values", "gaps"),
        ("sentinel-suspected", "pdays"),
        ("missing-as-word", "job"), ("treatment-suspected", "arm"), ("outliers", "wild"), ("duplicate-ids", "order_id"),
        ("duplicate-rows", None),
    } <= {(check.code, check.column) for check in found.checks}  # fmt: skip
    assert next(check.rows for check in found.checks if check.code == "duplicate-rows") == 4
    severities = [check.severity for check in found.checks]
    assert severities == sorted(severities, key=["alarm", "warning", "info"].index)


def test_a_hundred_thousand_categories() -> None:
    n = 200_000
    frame = pd.DataFrame({
        "city": [f"c{i // 2}" for i in range(n)], "name": [f"n{i // 1.2:.0f}" for i in range(n)],
        "x": np.arange(n) % 97, "y": np.arange(n) % 2,
    })  # fmt: skip
    found = table(frame)
    assert found.column("city").distinct == 100_000
    assert found.column("city").role is Role.FEATURE
    assert found.column("name").role is Role.IGNORE
    assert {"high-cardinality"} <= codes(found, "city") & codes(found, "name")


def test_the_fingerprint_tells_tables_apart() -> None:
    frame = make(y=YES_NO)
    same, again = table(frame), table(frame.copy())
    other = frame.copy()
    other.loc[3, "city"] = "d"
    assert same.fingerprint == again.fingerprint
    assert len({same.fingerprint, table(other).fingerprint, table(frame, "city").fingerprint}) == 3


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"a": range(N), "Churn": YES_NO}, "Churn"),
        ({"购买行为": YES_NO, "消费金额": np.arange(N) * 1.5}, "购买行为"),
        ({"y": YES_NO, "price": range(N)}, "y"),
        ({"x": np.arange(N) * 1.1, "good": YES_NO}, "good"),
        ({"x": np.arange(N) * 1.1, "z": np.arange(N) * 2.2}, None),
        ({"id": range(N)}, None),
        ({"y": ["same"] * N, "x": np.arange(N) * 1.1}, None),
    ],
)
def test_guesses(columns: dict[str, object], expected: str | None) -> None:
    assert guess_target(pd.DataFrame(columns)) == expected


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_the_seeds_own_example(tmp_path: Path, encoding: str) -> None:
    rng = np.random.default_rng(3)
    n = 300
    frame = pd.DataFrame({
        "客户编号": [f"{i:05d}" for i in range(n)], "购买频率": rng.integers(0, 20, n).astype(str),
        "消费金额": rng.gamma(2, 100, n).round(2).astype(str), "浏览时间": rng.integers(1, 60, n).astype(str),
        "购买品类": rng.choice(["食品", "服装", "数码"], n), "购买行为": rng.choice(["是", "否"], n),
    })  # fmt: skip
    for position, name in enumerate(frame.columns[1:], start=3):
        frame.loc[:: position * 7, name] = " "
    path = tmp_path / "顾客.csv"
    frame.to_csv(path, index=False, encoding=encoding)
    found = load(path, target="购买行为")
    assert found.task is Task.BINARY
    assert found.name == "顾客"
    assert found.id_column == "客户编号"
    assert [column.kind for column in found.columns[1:5]] == [Kind.INTEGER, Kind.NUMBER, Kind.INTEGER, Kind.CATEGORY]
    assert found.names(Role.FEATURE) == ["购买频率", "消费金额", "浏览时间", "购买品类"]
    assert {"target-missing", "missing-values", "blank-cells"} <= codes(found)
    assert guess_target(found.frame) == "购买行为"
    assert found.frame["购买品类"].dropna().isin(["食品", "服装", "数码"]).all()


def test_outliers_of_many_columns_are_one_sentence() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({f"x{k}": np.where(np.arange(500) == k, 1e6, rng.normal(size=500)) for k in range(7)})
    [told] = [check for check in table(frame, target=None).checks if check.code == "outliers"]
    assert told.column is None
    assert "and 2 more" in told.message
