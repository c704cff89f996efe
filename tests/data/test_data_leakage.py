from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.contracts import Severity, Source, Table, Task
from workbench.data import describe
from workbench.data.leakage import single_strength

SOURCE = Source("t", "t.csv", "csv", 1, 1, "0" * 64)
N = 2000


def suspects(frame: pd.DataFrame, target: str = "y", severity: Severity | None = None) -> set[str | None]:
    found: Table = describe(frame, [SOURCE], target=target, name="t")
    chosen = [check for check in found.checks if check.code == "leakage-suspected"]
    assert all("--ignore" in check.repair for check in chosen)
    assert all(found.column(str(check.column)).role.value == "feature" for check in chosen)
    return {check.column for check in chosen if severity in (None, check.severity)}


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    x, z = rng.normal(size=N), rng.normal(size=N)
    return pd.DataFrame(
        {"x": x, "z": z, "c": rng.choice(list("abc"), N), "y": (x + z + rng.normal(size=N) > 0).astype(int)}
    )


def test_nothing_is_suspected_of_honest_columns(frame: pd.DataFrame) -> None:
    assert suspects(frame) == set()


@pytest.mark.parametrize("kind", ["copy", "word", "noisy", "gap", "band"])
def test_columns_made_of_the_answer(frame: pd.DataFrame, kind: str) -> None:
    y = frame["y"]
    frame["leak"] = {
        "copy": y * 3 + 1,
        "word": y.map({0: "stayed", 1: "left"}),
        "noisy": y + np.random.default_rng(1).normal(0, 0.1, N),
        "gap": y.where(y == 1).astype(float) * frame["x"],
        "band": np.where(y == 1, np.abs(frame["x"]) % 1, 1 + np.abs(frame["x"])),
    }[kind]
    assert suspects(frame, severity=Severity.ALARM) == {"leak"}


def test_three_classes() -> None:
    rng = np.random.default_rng(0)
    y = rng.choice(["a", "b", "c"], N)
    frame = pd.DataFrame({"leak": pd.Series(y).map({"a": 1.0, "b": 5.0, "c": 3.0}), "x": rng.normal(size=N), "y": y})
    assert suspects(frame) == {"leak"}


@pytest.mark.parametrize("made", ["+", "-", "*", "log"])
def test_columns_that_make_a_number(made: str) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.gamma(2, 10, N), rng.gamma(2, 10, N)
    y = {"+": a + b, "-": a - b, "*": a * b, "log": np.exp(a / 10)}[made]
    frame = pd.DataFrame({"a": a, "b": b, "x": rng.normal(size=N), "y": y})
    assert suspects(frame, severity=Severity.ALARM) == ({"a"} if made == "log" else {"a", "b"})


def test_an_amount_that_never_comes_without_it() -> None:
    rng = np.random.default_rng(0)
    visit = rng.random(N) < 0.15
    bought = visit & (rng.random(N) < 0.4)
    frame = pd.DataFrame({"x": rng.normal(size=N), "bought": bought.astype(int), "y": visit.astype(int)})
    assert suspects(frame) == {"bought"}
    spend = pd.DataFrame(
        {"x": frame["x"], "conversion": bought.astype(int), "y": np.where(bought, rng.gamma(2, 50, N), 0.0)}
    )
    assert suspects(spend) == {"conversion"}


def test_names_of_things_known_afterwards(frame: pd.DataFrame) -> None:
    rng = np.random.default_rng(2)
    frame["duration"] = frame["y"] * 2 + rng.normal(0, 1, N)
    frame["churn_reason"] = rng.choice(["price", "move"], N)
    assert suspects(frame, severity=Severity.ALARM) == {"duration"}
    assert suspects(frame, severity=Severity.WARNING) == {"churn_reason"}


def test_order_and_dominance(frame: pd.DataFrame) -> None:
    rng = np.random.default_rng(3)
    frame["strong"] = frame["y"] * 2.2 + rng.normal(0, 1, N)
    found = describe(frame[["z", "c", "strong", "y"]].sort_values("y"), [SOURCE], target="y", name="t")
    assert {"dominant-column", "order-drift"} <= {check.code for check in found.checks}


def test_strength_of_noise_is_none() -> None:
    rng = np.random.default_rng(0)
    truth = (rng.random(N) < 0.3).astype(float)[:, None]
    for column in (pd.Series(rng.normal(size=N)), pd.Series(rng.choice([f"k{i}" for i in range(1500)], N)),
                   pd.Series(np.full(N, np.nan)), pd.Series(pd.date_range("2024", periods=N, unit="us"))):  # fmt: skip
        assert 0.4 < single_strength(column, truth, Task.BINARY) < 0.6
    assert single_strength(pd.Series(rng.normal(size=N)), rng.normal(size=(N, 1)), Task.REGRESSION) < 0.05
