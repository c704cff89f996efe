"""Tables with a known answer for the tests of segments."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.contracts import Column, Kind, Role, Table, Task


def table_of(
    frame: pd.DataFrame,
    *,
    target: str | None = None,
    outcome: str | None = None,
    task: Task = Task.SEGMENTS,
    kinds: dict[str, Kind] | None = None,
    roles: dict[str, Role] | None = None,
) -> Table:
    """A table as the data layer would describe it."""
    columns = []
    for name in frame.columns:
        series = frame[name]
        kind = (kinds or {}).get(name) or _kind(series)
        role = Role.TARGET if name == target else Role.OUTCOME if name == outcome else Role.FEATURE
        role = (roles or {}).get(name, role)
        columns.append(Column(name, kind, role, "test", int(series.isna().sum()), int(series.nunique())))
    return Table("test", frame, tuple(columns), (), (), task, target, "0" * 64, outcome=outcome)


def _kind(series: pd.Series) -> Kind:
    if not series.notna().any():
        return Kind.EMPTY
    if pd.api.types.is_bool_dtype(series.dtype):
        return Kind.BOOLEAN
    if pd.api.types.is_integer_dtype(series.dtype):
        return Kind.INTEGER
    if pd.api.types.is_numeric_dtype(series.dtype):
        return Kind.NUMBER
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return Kind.DATE
    return Kind.CATEGORY


def blobs(rows: int = 400, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Four groups in three numbers and one category, and which row is in which."""
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, 4, rows)
    centres = np.array([[0, 0, 0], [8, 0, 8], [0, 8, 8], [8, 8, 0]])
    points = centres[truth] + generator.normal(size=(rows, 3))
    region = np.where(generator.random(rows) < 0.8, np.array(["north", "south", "east", "west"])[truth], "north")
    frame = pd.DataFrame(points, columns=["visits", "basket_value", "discount_share"])
    frame["region"] = pd.Series(region, dtype="str")
    return frame, truth


def noise(rows: int = 400, columns: int = 6, seed: int = 0) -> pd.DataFrame:
    """Columns that know nothing of each other."""
    generator = np.random.default_rng(seed)
    return pd.DataFrame(generator.normal(size=(rows, columns)), columns=[f"noise_{one}" for one in range(columns)])


def driven(rows: int = 600, seed: int = 0) -> pd.DataFrame:
    """A spend that depends on recency (with gaps) and tier, and two columns that it doesn't depend on."""
    generator = np.random.default_rng(seed)
    recency = generator.integers(0, 100, rows).astype(float)
    tier = generator.choice(["gold", "silver", "bronze"], rows)
    spend = 20 + 60 * (recency < 30) + 100 * (tier == "gold") + generator.normal(0, 10, rows)
    recency[generator.random(rows) < 0.05] = np.nan
    return pd.DataFrame(
        {
            "recency_days": recency,
            "tier": pd.Series(tier, dtype="str"),
            "shoe_size": generator.normal(40, 3, rows),
            "spend": spend,
        }
    )
