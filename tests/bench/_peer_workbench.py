"""workbench's part in ``explain_peers``: ``python _peer_workbench.py FOLDER``."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from _peer_steps import CUSTOMER, Steps, given
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import Pipeline


class Through(TransformerMixin, BaseEstimator):
    """Hands the encoded rows on; each column comes from itself."""

    def fit(self, X: pd.DataFrame, y: Any = None) -> Through:
        self.names_ = [str(name) for name in X.columns]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        return X[self.names_]

    def sources_out(self) -> dict[str, tuple[str, ...]]:
        return {name: (name,) for name in self.names_}


warnings.filterwarnings("ignore")
steps = Steps(Path(sys.argv[1]))
frame, target, model = given(steps.folder)
found: Any = None
with steps.step("imports"):
    import matplotlib.pyplot  # noqa: F401 - for the drawings

    import workbench
    import workbench.treeshap.kernel
    from workbench.budget import Budget
    from workbench.contracts import Column, Kind, Model, Role, Table, Task
    from workbench.events import Events
    from workbench.explain import dependence, explain, explainer_kind, waterfall
    from workbench.explain.prepared import prepare
    from workbench.report import figures
whole = frame.assign(target=target)
columns = tuple(
    Column(name, Kind.NUMBER, Role.TARGET if name == "target" else Role.FEATURE, "", 0, int(whole[name].nunique()))
    for name in whole.columns
)
table = Table("peers", whole, columns, (), (), Task.BINARY, "target", "0" * 64)
pipeline = Pipeline([("encode", Through().fit(frame)), ("model", model)])
ours = Model(pipeline, Task.BINARY, "target", tuple(frame.columns), (0, 1), "given", {})
with steps.step("values", f"all {len(frame):,} rows, with importance, checks, sentences, pairs on up to 500 rows"):
    found = explain(ours, table, budget=Budget.unlimited(), events=Events(), max_rows=len(frame))
with steps.step("importance"):
    figures.importance_figure(found)
with steps.step("customer"):
    figures.waterfall_figure(waterfall(found, CUSTOMER), frozenset(), "customer", "One customer")
with steps.step("dependence"):
    figures.dependence_figures(found, [dependence(found, str(found.importance["column"].iloc[0]))])
with steps.step("interactions"):
    figures.interactions_figure(found.interactions, found.output_space)
with steps.step("beside: all pairs", f"all {len(frame):,} rows"):
    prepared = prepare(ours, frame)
    kind = explainer_kind(prepared.estimator)
    explainer = kind(prepared.estimator, prepared.grouping.owners, kind.reference_from(prepared.matrix, 0))
    explainer.interactions(prepared.matrix, np.arange(frame.shape[1]))
back = np.argsort(found.rows) if found is not None else None
steps.write(found.values[back, :, 0] if back is not None else None, model, frame, f"workbench {workbench.__version__}")
