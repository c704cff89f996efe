"""Small tables and fitted models over raw columns, for the tests of explanations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import Pipeline

from workbench.contracts import Column, Kind, Lever, Model, Role, Table, Task
from workbench.contracts.table import MODEL_ROLES
from workbench.events import Event, Events
from workbench.pipelines import Preparer, assemble, family


class Unfolding(TransformerMixin, BaseEstimator):
    """Numbers, levels one-hot, dates as year and day of the year, all scaled; keeps where each column comes from."""

    def fit(self, X: pd.DataFrame, y: Any = None) -> Unfolding:
        self.levels_ = {name: sorted(X[name].dropna().unique()) for name in X.columns if not self._plain(X[name])}
        self.sources_ = dict(self._names(X))
        table = self._table(X)
        self.centre_, self.spread_ = np.nanmean(table, axis=0), np.nanstd(table, axis=0)
        self.spread_[self.spread_ == 0] = 1
        return self

    @staticmethod
    def _plain(column: pd.Series) -> bool:
        return pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column)

    def _names(self, X: pd.DataFrame) -> list[tuple[str, str]]:
        names = []
        for name in X.columns:
            if pd.api.types.is_datetime64_any_dtype(X[name]):
                names += [(f"{name}_year", name), (f"{name}_day", name)]
            elif name in self.levels_:
                names += [(f"{name}_{level}", name) for level in self.levels_[name]]
            else:
                names.append((name, name))
        return names

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        return (self._table(X) - self.centre_) / self.spread_

    def _table(self, X: pd.DataFrame) -> np.ndarray:
        columns = []
        for name in X.columns:
            if pd.api.types.is_datetime64_any_dtype(X[name]):
                columns += [X[name].dt.year, X[name].dt.dayofyear]
            elif name in self.levels_:
                columns += [X[name] == level for level in self.levels_[name]]
            else:
                columns.append(X[name])
        return np.column_stack([np.asarray(column, dtype=float) for column in columns])

    def sources_out(self) -> dict[str, tuple[str, ...]]:
        return {name: (source,) for name, source in self.sources_.items()}


def shop_table(rows: int = 240, task: Task = Task.REGRESSION, seed: int = 0, gaps: bool = False) -> Table:
    """Visits, a nearly equal count of baskets, region, date, a constant and a random column."""
    random = np.random.default_rng(seed)
    visits = random.poisson(6, rows).astype(float)
    region = random.choice(["north", "south", "west"], rows)
    joined = pd.Timestamp("2023-01-01") + pd.to_timedelta(random.integers(0, 700, rows), unit="D")
    frame = pd.DataFrame(
        {
            "id": [f"c{i}" for i in range(rows)],
            "visits": visits,
            "baskets, all [bold]": visits * 2 + random.normal(0, 0.3, rows),
            "地区": pd.Series(region, dtype="str"),
            "joined": pd.Series(joined).astype("datetime64[us]"),
            "constant": 1.0,
            "noise": random.normal(size=rows),
        }
    )
    score = 10 * visits + 30 * (region == "south") + 0.05 * np.asarray((joined - joined.min()).days)
    score = score + random.normal(0, 5, rows)
    if task is Task.REGRESSION:
        frame["spend"] = score
    elif task is Task.BINARY:
        frame["spend"] = np.where(score > np.median(score), "yes", "no")
    else:
        frame["spend"] = pd.cut(score, [-np.inf, *np.quantile(score, [0.3, 0.7]), np.inf], labels=False)
    if gaps:
        frame.loc[::11, "visits"] = np.nan
        frame.loc[::13, "地区"] = None
    roles = {"id": Role.ID, "joined": Role.DATE, "spend": Role.TARGET}
    kinds = {"id": Kind.TEXT, "地区": Kind.CATEGORY, "joined": Kind.DATE}
    columns = tuple(
        Column(
            name=str(name),
            kind=kinds.get(str(name), Kind.NUMBER),
            role=roles.get(str(name), Role.FEATURE),
            reason="test",
            missing=int(frame[name].isna().sum()),
            distinct=int(frame[name].nunique()),
            lever=Lever.CONTROLLABLE if name == "visits" else Lever.UNKNOWN,
        )
        for name in frame.columns
    )
    return Table("shop", frame, columns, (), (), task, "spend", "0" * 64)


def fitted(table: Table, estimator: Any) -> Model:
    """``estimator`` behind ``Unfolding`` on the table's features."""
    features = table.features
    y = table.frame[table.target]
    pipeline = Pipeline([("encode", Unfolding()), ("model", estimator)]).fit(features, y)
    classes = () if table.task is Task.REGRESSION else tuple(estimator.classes_)
    return Model(pipeline, table.task, str(table.target), tuple(features.columns), classes, "test", {})


def champion(table: Table, family_name: str, params: dict[str, Any] | None = None) -> Model:
    """A model as a search makes it, by one of the product's own families."""
    kind, params = family(family_name), params or {}
    columns = [column for column in table.columns if column.role in MODEL_ROLES]
    features = table.features
    target, classes = table.frame[table.target], ()
    if table.task is not Task.REGRESSION:
        codes, labels = pd.factorize(target, sort=True)
        target, classes = pd.Series(codes), tuple(labels)
    prepare = Preparer(columns).fit(features)
    prepared = prepare.transform(features)
    encode = kind.encoder(params).fit(prepared, target.to_numpy())
    estimator = kind.estimator(table.task, params, prepared.derived, seed=0)
    kind.fit(estimator, encode.transform(prepared), target.to_numpy())
    pipeline = assemble(prepare, encode, estimator)
    return Model(pipeline, table.task, str(table.target), tuple(features.columns), classes, family_name, params)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def quiet() -> tuple[Events, list[Event]]:
    """Events and the list that they are kept in."""
    heard: list[Event] = []
    return Events(heard.append), heard
