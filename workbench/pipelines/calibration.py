"""Class shares led to what came: by a line on their logarithms, or by rising steps joined by lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_LEAST = 1e-6
"""Shares below are taken for this before their logarithm."""


@dataclass(frozen=True, eq=False)
class Stretched:
    """softmax(slope · log share + shift).

    For two classes this is a line on the log-odds (Platt 1999, "Probabilistic outputs for support vector machines");
    without a shift it is temperature scaling (Guo, Pleiss, Sun & Weinberger 2017, "On calibration of modern neural
    networks").

    Attributes:
        shift: one figure per class, shape (classes,).
    """

    slope: float
    shift: np.ndarray

    def __call__(self, shares: np.ndarray) -> np.ndarray:
        """Shape (rows, classes)."""
        return _softmax(self.slope * _logarithm(shares) + self.shift)


@dataclass(frozen=True, eq=False)
class Stepped:
    """The share of the second of two classes by isotonic regression, with lines between the middles of its steps.

    Zadrozny & Elkan (2002), "Transforming classifier scores into accurate multiclass probability estimates"; the
    lines (Oron & Flournoy 2017, "Centered isotonic regression") keep the order of rows, which steps would lose.

    Attributes:
        heights, shares: the curve, both of shape (points,), both rising.
    """

    heights: np.ndarray
    shares: np.ndarray

    def __call__(self, shares: np.ndarray) -> np.ndarray:
        """Shape (rows, 2)."""
        second = np.interp(shares[:, 1] / shares.sum(axis=1), self.heights, self.shares)
        return np.column_stack([1.0 - second, second])


Calibrator = Stretched | Stepped


def stretch(shares: np.ndarray, truth: np.ndarray, weight: np.ndarray | None, *, shifted: bool) -> Stretched:
    """The slope (and the shifts) under which log loss is least.

    Args:
        shares: shape (rows, classes).
        truth: class codes, shape (rows,).
        shifted: whether classes may be raised or lowered as a whole; else only the slope is learnt.
    """
    return Stretched(*softmax_line(_logarithm(shares), truth, weight, shifted=shifted))


def softmax_line(
    scores: np.ndarray,
    truth: np.ndarray,
    weight: np.ndarray | None,
    *,
    shifted: bool,
    start: float = 1.0,
    within: tuple[float, float] = (0.05, 20.0),
) -> tuple[float, np.ndarray]:
    """The slope and the shift of each class under which softmax(slope · score + shift) has the least log loss.

    Args:
        scores: shape (rows, classes).
        truth: class codes, shape (rows,).
        shifted: whether classes may be raised or lowered as a whole; else their shifts are 0.
        start: slope that the search begins with.
        within: least and greatest slope.

    Returns:
        the slope, and shifts of shape (classes,), the first one 0.
    """
    from scipy.optimize import minimize

    rows, classes = scores.shape
    own = np.full(rows, 1.0 / rows) if weight is None else weight / weight.sum()
    came = np.zeros_like(scores)
    came[np.arange(rows), truth] = 1.0

    def unpacked(free: np.ndarray) -> tuple[float, np.ndarray]:
        shift = np.concatenate([[0.0], free[1:]]) if shifted else np.zeros(classes)
        return float(np.exp(free[0])), shift

    def loss(free: np.ndarray) -> tuple[float, np.ndarray]:
        slope, shift = unpacked(free)
        said = _softmax(slope * scores + shift)
        off = (said - came) * own[:, None]
        gradient = np.concatenate([[slope * float((off * scores).sum())], off.sum(axis=0)[1:] if shifted else []])
        return float(-(own * np.log(np.maximum(said[np.arange(rows), truth], 1e-300))).sum()), gradient

    first = np.zeros(classes if shifted else 1)
    first[0] = np.log(start)
    bounds = [(float(np.log(within[0])), float(np.log(within[1]))), *[(None, None)] * (first.size - 1)]
    return unpacked(minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds).x)


def step(shares: np.ndarray, truth: np.ndarray, weight: np.ndarray | None) -> Stepped:
    """The rising curve under which squared errors are least; no share is 0 or 1, since no number of rows shows that.

    Args:
        shares: shape (rows, 2).
        truth: 0 or 1, shape (rows,).
    """
    from sklearn.isotonic import IsotonicRegression

    height = shares[:, 1] / shares.sum(axis=1)
    own = np.ones(height.size) if weight is None else weight
    height, truth, own = height[own > 0], truth[own > 0], own[own > 0]
    fitted = IsotonicRegression().fit_transform(height, truth.astype(np.float64), sample_weight=own)
    _, block = np.unique(fitted, return_inverse=True)
    total = np.bincount(block, weights=own)
    middles = np.bincount(block, weights=own * height) / total
    # Laplace's rule: a step of a few rows of one class is no certainty
    came = (np.bincount(block, weights=own * truth) + 0.5) / (total + 1.0)
    return Stepped(middles, np.maximum.accumulate(came))


def _logarithm(shares: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(np.clip(shares, _LEAST, 1.0)))


def _softmax(scores: np.ndarray) -> np.ndarray:
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
