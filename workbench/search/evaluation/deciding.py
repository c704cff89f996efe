"""The threshold that costs least, chosen and judged on out-of-fold shares."""

from __future__ import annotations

import numpy as np

from workbench.contracts import Decision, Score
from workbench.problem.rows import Problem
from workbench.search.evaluation.calibrating import PARTS, parts_of
from workbench.search.evaluation.cost_table import CostTable
from workbench.search.evaluation.paired import paired_gain
from workbench.search.evaluation.scoring import Bootstrap, interval

COST = "cost"


def decide(prediction: np.ndarray, problem: Problem, table: CostTable, *, seed: int, draws: int | None) -> Decision:
    """Choose a threshold and tell what it costs.

    The threshold that follows from the costs where shares are true is taken, unless one that was learnt from other
    rows costs less on the rows left out by more than one standard error: shares may be off where it counts.

    Args:
        prediction: out-of-fold shares as they are used, shape (rows, classes), NaN where never held out.
        draws: of the bootstrap; ``None`` goes by the rows.
    """
    held_out = np.isfinite(prediction).all(axis=1)
    bootstrap = Bootstrap.over(problem.target, held_out, problem.weight, problem.groups, seed, draws)
    rows = bootstrap.rows
    share, came = prediction[rows, table.positive].astype(np.float64), problem.target[rows] == table.positive
    weight = np.ones(rows.size) if problem.weight is None else problem.weight[rows]
    groups = None if problem.groups is None else problem.groups[rows]
    moments = None if problem.moments is None else problem.moments[rows]
    part = parts_of(rows.size, groups, moments, seed)
    said = share >= table.threshold
    learnt = said.copy()
    for one in range(PARTS):
        rest = part < one if moments is not None else part != one
        if rest.any():
            inside = part == one
            learnt[inside] = share[inside] >= _cheapest(share[rest], came[rest], weight[rest], table)
    by_costs, by_rows = (_costs(answer, came, table) for answer in (said, learnt))
    gain = paired_gain(by_costs, by_rows, weight=weight, groups=groups)
    threshold, chosen, each = table.threshold, said, by_costs
    reason = f"{threshold:.3g} follows from the costs, where shares are true; no other was better out of fold."
    if gain.certain:
        threshold, chosen, each = _cheapest(share, came, weight, table), learnt, by_rows
        reason = (
            f"{threshold:.3g} was learnt from out-of-fold shares: it costs {gain.mean:.3g} ± {gain.error:.2g} less "
            f"a row than {table.threshold:.3g}, which would follow from the costs if shares were true."
        )
    positive, negative = (str(problem.classes[place]) for place in (table.positive, 1 - table.positive))
    none, all_of_them = np.zeros_like(came), np.ones_like(came)
    others = {f"always {negative}": none, f"always {positive}": all_of_them, "at 0.5": share >= 0.5}
    scores = {name: _score(_costs(answer, came, table), weight, bootstrap) for name, answer in others.items()}
    cheapest = min(list(scores)[:2], key=lambda name: scores[name].value)
    return Decision(
        positive=positive,
        negative=negative,
        costs=dict(table.costs),
        threshold=threshold,
        reason=reason,
        said=float(weight @ chosen / weight.sum()),
        cost=_score(each, weight, bootstrap),
        alternatives=tuple(scores.items()),
        saved=_score(_costs(others[cheapest], came, table) - each, weight, bootstrap),
    )


def _costs(said: np.ndarray, came: np.ndarray, table: CostTable) -> np.ndarray:
    """The cost of each row, shape (rows,)."""
    costs = table.costs
    if_said = np.where(came, costs["true positive"], costs["false positive"])
    return np.asarray(np.where(said, if_said, np.where(came, costs["false negative"], costs["true negative"])))


def _cheapest(share: np.ndarray, came: np.ndarray, weight: np.ndarray, table: CostTable) -> float:
    """The threshold under which rows cost least: midway between two shares, above 1 for never."""
    order = np.argsort(-share, kind="stable")
    yes, no = (_costs(np.full(came.size, answer), came, table)[order] * weight[order] for answer in (True, False))
    # after the k likeliest rows are said to be positive
    total = np.concatenate([[0.0], np.cumsum(yes - no)])
    ranked = share[order]
    possible = np.concatenate([[True], ranked[:-1] > ranked[1:], [True]])
    best = int(np.argmin(np.where(possible, total, np.inf)))
    above = ranked[best - 1] if best else 1.0
    below = ranked[best] if best < ranked.size else 0.0
    return float(np.nextafter(1.0, 2.0)) if best == 0 and below == 1.0 else float((above + below) / 2)


def _score(each: np.ndarray, weight: np.ndarray, bootstrap: Bootstrap) -> Score:
    drawn = bootstrap.weights.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        figures = drawn @ each / drawn.sum(axis=1)
    return interval(COST, float(weight @ each / weight.sum()), figures)
