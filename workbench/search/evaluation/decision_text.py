"""Calibration, decision and answers in sentences, the same ones everywhere."""

from __future__ import annotations

from workbench.contracts import Calibration, Decision, Model

_RAREST = 3
"""Classes whose emphasis is told."""


def calibration_sentence(found: Calibration) -> str:
    """What was done to the shares, and how far they can be taken at their word."""
    moved = f"{found.error_before:.3g}, now {found.error_after:.3g}" if found.method else f"{found.error_after:.3g}"
    explained = " Explanations are of the model before calibration." if found.method else ""
    return (
        f"{found.reason} Predicted and seen shares of ten equal groups differ by {moved} on average (true shares: "
        f"{found.error_by_chance:.2g}, by chance); Brier score {found.brier:.4g}, of the class shares for everybody "
        f"{found.brier_baseline:.4g}.{explained}"
    )


def decision_sentence(found: Decision) -> str:
    """The threshold, what it costs, and what else would cost."""
    cost, saved = found.cost, found.saved
    costs = ", ".join(f"{name} {value:g}" for name, value in found.costs.items() if value)
    others = "; ".join(f"{name} {score.value:.4g}" for name, score in found.alternatives)
    certain = "" if saved.low > 0 else ", which is not certain to be anything"
    return (
        f"The answer is '{found.positive}' from a share of {found.threshold:.3g} on ({found.said:.1%} of the rows); "
        f"{found.reason} With costs of {costs}, a row costs {cost.value:.4g} ({cost.low:.4g} to {cost.high:.4g}) out "
        f"of fold; {others}. Against the cheapest answer without a model it saves {saved.value:.4g} "
        f"({saved.low:.4g} to {saved.high:.4g}) a row{certain}."
    )


def answer_sentence(model: Model, metric: str) -> str:
    """What is said of a row where the metric is one of answers; empty where it is the likeliest class."""
    if model.emphasis is None:
        return ""
    if len(model.classes) == 2:
        threshold = model.emphasis[0] / sum(model.emphasis)
        told = f"'{model.classes[1]}' from a share of {threshold:.3g} on"
    else:
        rarest = sorted(zip(model.emphasis, map(str, model.classes), strict=True), reverse=True)[:_RAREST]
        times = ", ".join(f"'{name}' {times:.3g} times" for times, name in rarest if times != 1)
        told = (
            f"the class whose share, counted by its rareness, is highest ({times or 'none counts more than another'})"
        )
    return f"The answer is {told}: if shares are true, no other is expected to give a better {metric}."
