"""How the prediction goes with one column: ``probe.effect``; its lane is its own, as the model is asked at length."""

from __future__ import annotations

from workbench.explain import Effect, effect_for
from workbench.worker.chosen import EXPLAINED, chosen_model
from workbench.worker.dispatch import of_run
from workbench.worker.explain_views import EffectView
from workbench.worker.records import records
from workbench.worker.shown import Shown


@of_run("probe.effect")
def effect(shown: Shown, column: str, output: int = 0, model: str = EXPLAINED) -> EffectView:
    """Partial dependence, or accumulated local effects where the column goes together with another."""
    chosen = chosen_model(shown, model)

    def ask() -> Effect:
        table, seed = chosen.result.table, chosen.result.seed
        return effect_for(chosen.explanation, chosen.model, table, column, output=output, seed=seed)

    found = chosen.once(f"effect of {column!r} on {output}", ask)
    keys = ("x", "label", "effect", "low", "high", "spread_low", "spread_high", "support")
    return {
        "column": found.column,
        "output": found.output,
        "space": found.space,
        "numeric": found.kind != "category",
        "method": found.method,
        "note": found.note,
        "rows": found.rows,
        "points": records(found.table(), *keys),
    }
