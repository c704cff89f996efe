"""An explanation that is made on demand: a few rows at once, so that there is a picture, more of them beside it."""

from __future__ import annotations

import threading

from workbench.budget import Budget
from workbench.contracts import Model
from workbench.events import Events
from workbench.explain import explain, explainer_kind
from workbench.explain.explainers.blend import BlendExplainer
from workbench.explain.explainers.trees import TreesExplainer
from workbench.pipelines import inner_model
from workbench.tracking.archive.lazy import LazyPipeline
from workbench.treeshap import is_compiled, warm_up
from workbench.worker.chosen import known_explanation, model_of
from workbench.worker.shown import Shown

FIRST_ROWS, FIRST_SECONDS = 200, 0.7
"""What is looked at first, and for how long at most: a picture has to be there within a second."""
STEPS = (600, 2_000)
"""Rows of the explanations that follow: each is one of its own, so that checks and sentences fit what is shown."""
SECONDS = 120.0
REST = 0.4
"""Before more is explained: customer and dependence of the first picture are asked for now, and come first."""
KIND = "explanation"


def begin(shown: Shown, which: str) -> None:
    """Explain the first rows of a model that is not explained yet, and go on in the background."""
    which, result, _, model = model_of(shown, which)
    if known_explanation(shown, which) is not None:
        return
    table, seed = result.table, result.seed
    total = len(table.frame)
    _load(model)
    first = explain(
        model, table, budget=Budget.of(FIRST_SECONDS), events=Events(), seed=seed, max_rows=FIRST_ROWS,
        interactions=False,
    )  # fmt: skip
    shown.take_explanation(which, first)

    def go_on(events: Events) -> None:
        threading.Event().wait(REST)
        budget = Budget.of(SECONDS)
        # the first picture comes without interactions, so that even a short table is looked at once more
        steps = [rows for rows in STEPS if rows < total] + [min(total, STEPS[-1])]
        for rows in dict.fromkeys(steps):
            if budget.expired:
                break
            made = explain(model, table, budget=budget.share(0.6), events=events, seed=seed, max_rows=rows)
            shown.take_explanation(which, made)
            events.emit("result", "explain", f"{len(made.rows):,} rows are explained", grown=len(made.rows))

    shown.background.start(KIND, which, shown.key, go_on)


def wanted(shown: Shown, which: str) -> bool:
    """Whether more rows of it are being explained."""
    work = shown.background.view(KIND, which)
    return work is not None and work["state"] == "running"


def _load(model: Model) -> None:
    """Read what the first rows need, before the time for them begins: else it is over before they have begun."""
    if isinstance(model.pipeline, LazyPipeline):
        model.pipeline.load()
    kind = explainer_kind(inner_model(model.pipeline[-1]))
    if issubclass(kind, TreesExplainer | BlendExplainer) and is_compiled():  # a blend has trees among its members
        warm_up()  # from disk, in part of a second; what has yet to be compiled is not waited for here
