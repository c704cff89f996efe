"""How far an importance can be trusted: ``explain.trust``; ``.trust_start`` begins refits, ``.trust_stop`` ends it."""

from __future__ import annotations

from typing import Any

from workbench.budget import Budget
from workbench.contracts import SearchResult
from workbench.events import Events
from workbench.explain import Trust
from workbench.explain import trust as look_into
from workbench.plain import plain
from workbench.worker.chosen import EXPLAINED, model_of
from workbench.worker.dispatch import of_run
from workbench.worker.explain_views import TrustView
from workbench.worker.records import records
from workbench.worker.shown import Shown

SECONDS = 180.0
KIND = "trust"


@of_run("explain.trust")
def view(shown: Shown, model: str = EXPLAINED) -> TrustView:
    """What refits said of the importance, or how far they are."""
    which, _, search, chosen = model_of(shown, model)
    # in this order: work that ends between the two is there to be found
    work = shown.background.view(KIND, EXPLAINED)
    found = shown.trust
    return {
        "family": search.explained.family,
        # a blend has no recipe of its own that could be fitted anew
        "instead": chosen.family if which != EXPLAINED else "",
        "seconds": SECONDS,
        "work": work,
        "found": _facts(found, search) if found is not None else None,
    }


@of_run("explain.trust_start")
def start(shown: Shown, model: str = EXPLAINED) -> TrustView:
    """Begin the refits, unless they are under way. Each step is pushed as ``work`` of the kind ``trust``."""
    _, result, search, _ = model_of(shown, model)

    def work(events: Events) -> None:
        shown.trust = look_into(
            search.explained, result.table, budget=Budget.of(SECONDS), events=events, seed=result.seed
        )

    shown.background.start(KIND, EXPLAINED, shown.key, work)
    return view(shown, model)


@of_run("explain.trust_stop")
def stop(shown: Shown, model: str = EXPLAINED) -> TrustView:
    """End the refits at their next step; what an earlier round said stays."""
    shown.background.stop(KIND, EXPLAINED)
    return view(shown, model)


def _facts(found: Trust, search: SearchResult) -> dict[str, Any]:
    stability, permuted, floor = found.stability, found.permuted, found.floor
    return {
        "words": list(found.words),
        "seconds": found.seconds,
        "stability": records(stability, "column", "share", "low", "high", "rank", "sign_agreement", "folds"),
        "agreement": plain(stability.attrs.get("agreement")),
        "floor": None
        if floor is None
        else {
            "share": plain(floor.share),
            "floor": plain(floor.floor),
            "planted": list(floor.planted),
            "below": list(floor.below),
            "luck": plain(floor.luck),
        },
        "permuted": records(permuted, "column", "increase", "low", "high", "rank") if permuted is not None else [],
        "loss": str(permuted.attrs.get("metric", "")) if permuted is not None else "",
        "correlation": plain(found.agreement.correlation) if found.agreement is not None else None,
    }
