"""Figures by group by their names in a language: what is measured, and how a size of it is written."""

from __future__ import annotations

from workbench.explain.columns import number_text
from workbench.explain.fairness import binary, multiclass, regression
from workbench.explain.language import Field, Name, Said, say
from workbench.explain.language.terms import percent

_MEASURED_BY = {
    binary.PARITY: binary.SELECTED,
    binary.OPPORTUNITY: binary.RIGHT,
    binary.WRONG_DIFFERENCE: binary.WRONG,
    binary.PRECISION_DIFFERENCE: binary.PRECISION,
    binary.GAP_DIFFERENCE: binary.GAP,
    binary.AUC_DIFFERENCE: binary.AUC,
}
_GLOSSES = (binary.GAP, binary.RIGHT, binary.WRONG, regression.ERROR)
_PLAIN = (binary.AUC, binary.GAP, multiclass.LOSS, regression.PREDICTED, regression.ERROR, regression.RMSE)
"""Figures that are not told in percent."""


def measured_by(measure: str) -> str:
    """The metric that a comparison compares."""
    if measure in _MEASURED_BY:
        return _MEASURED_BY[measure]
    # the comma belongs to it: "selection rate of a, difference"
    return measure.removesuffix(" difference").removesuffix(",")


def metric_name(metric: str) -> Said:
    """A metric in words."""
    before, after = multiclass.selection("\n").split("\n")
    if metric.startswith(before):
        return say("metrics.selection_rate_of", output=Name(metric.removeprefix(before).removesuffix(after)))
    return Said(f"metrics.{_key(metric)}")


def gloss(metric: str) -> Field:
    """What the metric means, in brackets; nothing where its name says it."""
    return Said(f"glosses.{_key(metric)}") if metric in _GLOSSES else ""


def value_text(metric: str, value: float) -> Field:
    """A value of the metric."""
    return number_text(value) if metric in _PLAIN else percent(value)


def size_text(metric: str, size: float, *, bare: bool = False) -> Field:
    """A difference of two values; ``bare`` leaves out the unit."""
    if metric in _PLAIN:
        return number_text(size)
    return f"{100 * size:.1f}" if bare else say("grammar.points", number=f"{100 * size:.1f}")


def _key(metric: str) -> str:
    return metric.lower().replace(" ", "_")
