"""One figure of one group, and the comparison of two groups' figures, with intervals of any level."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from workbench.explain.fairness._base import LEAST_CASES
from workbench.explain.sampling.resampling import LEVEL, expanded_interval, spread, student_quantile, wilson

Interval = tuple[float, float]
NOTHING: Interval = (float("nan"), float("nan"))


class Estimate(ABC):
    """A figure over ``rows`` rows of one group."""

    rows: int

    @property
    @abstractmethod
    def value(self) -> float:
        """The figure; NaN where there are too few rows."""

    @abstractmethod
    def interval(self, level: float = LEVEL) -> Interval:
        """Where the figure lies."""


@dataclass(frozen=True)
class Share(Estimate):
    """``hits`` of ``rows``; given for at least ``least`` rows."""

    hits: int
    rows: int
    least: int = LEAST_CASES

    @property
    def value(self) -> float:
        """The share, 0 … 1."""
        return self.hits / self.rows if self.rows >= max(1, self.least) else float("nan")

    def interval(self, level: float = LEVEL) -> Interval:
        """Wilson's."""
        return wilson(self.hits, self.rows, level) if np.isfinite(self.value) else NOTHING


@dataclass(frozen=True, eq=False)
class Drawn(Estimate):
    """A figure with what it was under bootstrap samples of the group's rows.

    Attributes:
        draws: shape (draws,).
        rows: that it rests on; of two classes the rarer.
        least: fewest rows that it is given for.
    """

    figure: float
    draws: np.ndarray
    rows: int
    least: int = 2

    @property
    def value(self) -> float:
        """The figure."""
        return self.figure if self.rows >= self.least else float("nan")

    @property
    def error(self) -> float:
        """Its standard error."""
        return spread(self.draws, self.rows)

    def interval(self, level: float = LEVEL) -> Interval:
        """Expanded percentiles of the draws."""
        return expanded_interval(self.draws, self.rows, level) if np.isfinite(self.value) else NOTHING


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two groups' figures against each other.

    Attributes:
        value: first minus second, or first divided by second; NaN where one of them is missing.
        nothing: the value of no difference: 0, or 1 for ratios.
        counted: whether it is a comparison of its own, or made of others.
    """

    value: float
    first: tuple[Estimate, ...]
    second: tuple[Estimate, ...]
    nothing: float = 0.0
    counted: bool = True

    def interval(self, level: float = LEVEL) -> Interval:
        """Where the comparison lies."""
        if not np.isfinite(self.value):
            return NOTHING
        if len(self.first) > 1:
            return _largest(self.first, self.second, level)
        a, b = self.first[0], self.second[0]
        return _of_ratio(a, b, level) if self.nothing else _of_difference(a, b, level)


def difference(first: Estimate, second: Estimate) -> Comparison:
    """First minus second.

    Of shares with Newcombe's interval (1998, method 10, from two Wilson intervals): a bootstrap of a share of 0 or 1
    has no width, and some hundred draws don't reach the tails that many comparisons ask for. Of other figures with
    Student's t times the bootstrap's standard error.
    """
    return Comparison(first.value - second.value, (first,), (second,))


def ratio(first: Estimate, second: Estimate) -> Comparison:
    """First divided by second; the interval is made on the logarithm (Zou & Donner 2008 for shares)."""
    value = first.value / second.value if second.value > 0 else float("nan")
    return Comparison(value, (first,), (second,), nothing=1.0, counted=False)


def largest_difference(first: tuple[Estimate, ...], second: tuple[Estimate, ...]) -> Comparison:
    """The largest absolute difference among several figures, such as both rates of equalised odds.

    It is never below zero, so draws of it would never reach zero: the interval is what the simultaneous intervals of
    the single differences leave possible.
    """
    sizes = [abs(a.value - b.value) for a, b in zip(first, second, strict=True)]
    return Comparison(float(np.max(sizes)) if sizes else float("nan"), first, second, counted=False)


def _of_difference(a: Estimate, b: Estimate, level: float) -> Interval:
    value = a.value - b.value
    if isinstance(a, Share) and isinstance(b, Share):
        (low_a, high_a), (low_b, high_b) = a.interval(level), b.interval(level)
        down = np.hypot(a.value - low_a, high_b - b.value)
        up = np.hypot(high_a - a.value, b.value - low_b)
        return float(value - down), float(value + up)
    assert isinstance(a, Drawn) and isinstance(b, Drawn)
    half = student_quantile(level, min(a.rows, b.rows)) * float(np.hypot(a.error, b.error))
    return value - half, value + half


def _of_ratio(a: Estimate, b: Estimate, level: float) -> Interval:
    if isinstance(a, Share) and isinstance(b, Share):
        (low_a, high_a), (low_b, high_b) = a.interval(level), b.interval(level)
        if a.hits == 0:
            return 0.0, high_a / b.value  # the limit of what follows
        down = np.hypot(np.log(a.value / low_a), np.log(high_b / b.value))
        up = np.hypot(np.log(high_a / a.value), np.log(b.value / low_b))
    else:
        assert isinstance(a, Drawn) and isinstance(b, Drawn)
        # the delta method: the error of a logarithm is the error divided by the figure
        error = float(np.hypot(a.error / a.value, b.error / b.value)) if a.value > 0 else float("nan")
        down = up = student_quantile(level, min(a.rows, b.rows)) * error
    value = a.value / b.value
    return float(value * np.exp(-down)), float(value * np.exp(up))


def _largest(first: tuple[Estimate, ...], second: tuple[Estimate, ...], level: float) -> Interval:
    each = 1 - (1 - level) / len(first)
    limits = [_of_difference(a, b, each) for a, b in zip(first, second, strict=True)]
    lows = [0.0 if low <= 0 <= high else min(abs(low), abs(high)) for low, high in limits]
    return max(lows), max(max(abs(low), abs(high)) for low, high in limits)
