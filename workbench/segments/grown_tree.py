"""Goal-guided segments: an honest tree on the target, as large as cross-validation can vouch for and no larger."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import log_loss, roc_auc_score

from workbench.contracts import Trial, TrialState
from workbench.events import Events
from workbench.segments.goals import Goal, codes_of
from workbench.segments.measures import Rows, folds
from workbench.segments.reading import Floats, Reading, View
from workbench.segments.tree import Leaf, fit_axes, grow, rules_of, tame, within

MAX_LEAVES = 8
MIN_LEAF_SHARE = 0.05
FOLDS = 5
_Z = 1.645


@dataclass(frozen=True)
class Grown:
    """A tree that was chosen.

    Attributes:
        leaves: rules; one empty rule when nothing was found.
        gain: out-of-fold share of the goal's spread explained (eta² for a number, Brier skill for classes).
        gain_low: lower end of its one-sided 95 % interval.
        figures: further out-of-fold figures: ``auc`` and ``log_loss_gain`` for classes.
        found: whether the gain's interval lies above zero.
    """

    leaves: tuple[Leaf, ...]
    gain: float
    gain_low: float
    figures: dict[str, float]
    trials: tuple[Trial, ...]
    found: bool


def smallest_leaf(rows: int) -> int:
    """Customers that a leaf must have in a table of ``rows``: 5 %, and 30 where the table can afford it."""
    return max(2, math.ceil(max(MIN_LEAF_SHARE * rows, min(30.0, 0.08 * rows))))


def grow_for(
    goal: Goal,
    view: View,
    reading: Reading,
    train: Rows,
    *,
    leaves: int | None,
    events: Events,
    seed: int,
) -> Grown:
    """Choose the number of leaves and grow the tree.

    Cross-validation over ``reading`` tells what 2 … 8 leaves are worth on customers that a tree has not seen. Of these
    the smallest within one standard error of the best is taken (Breiman et al. 1984), the error being that of the
    paired difference. The tree itself is then grown on ``train`` only, so that every other row can judge it without
    having shaped it (honest estimation: Athey & Imbens 2016).

    Args:
        goal: aligned with ``reading``; every row known.
        leaves: a fixed number, or ``None`` to choose.
    """
    sizes = [leaves] if leaves is not None else list(range(2, MAX_LEAVES + 1))
    fold = folds(reading.rows, FOLDS, seed)
    said = {size: np.empty_like(goal.values) for size in (1, *sizes)}
    events.check_stop()
    for held in range(FOLDS):
        inside, outside = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        target = tame(goal.values[inside])
        part = reading.take(inside)
        axes = fit_axes(view, part, target)
        points, asked = axes.encode(part), axes.encode(reading.take(outside))
        said[1][outside] = goal.values[inside].mean(axis=0)
        tree = grow(points, target, max(sizes), smallest_leaf(len(inside)))
        nodes, asked_nodes = tree.apply(points), tree.apply(asked)
        for size in sizes:
            stands = within(tree, size)
            said[size][outside] = _leaf_means(stands[nodes], goal.values[inside], stands[asked_nodes])
    losses = {size: np.sum((goal.values - guess) ** 2, axis=1) for size, guess in said.items()}
    chosen = _one_standard_error(losses) if leaves is None else leaves
    gain, low = _gain(losses[1], losses[chosen])
    trials = tuple(
        Trial(
            number, "tree", TrialState.DONE, {"leaves": size}, _gain(losses[1], losses[size])[0], (), 0.0, "portfolio"
        )
        for number, size in enumerate(sizes)
    )
    found = chosen > 1 and low > 0
    if not found and leaves is None:
        return Grown(((),), gain, low, {}, trials, False)
    target = tame(goal.values[train])
    part = reading.take(train)
    axes = fit_axes(view, part, target)
    points = axes.encode(part)
    rules = rules_of(grow(points, target, chosen, smallest_leaf(len(train))), axes, points)
    return Grown(rules, gain, low, _class_figures(goal, said[chosen]), trials, found)


def _leaf_means(inside: np.ndarray, values: Floats, asked: np.ndarray) -> Floats:
    """Means of the untamed goal by leaf, looked up for the leaves that were asked."""
    size = int(max(inside.max(), asked.max())) + 1
    counts = np.maximum(np.bincount(inside, minlength=size), 1)
    means = np.stack([np.bincount(inside, values[:, one], size) for one in range(values.shape[1])], axis=1)
    return np.asarray((means / counts[:, None])[asked], dtype=np.float64)


def _one_standard_error(losses: dict[int, Floats]) -> int:
    best = min(losses, key=lambda size: (float(losses[size].mean()), size))
    for size in sorted(losses):
        worse = losses[size] - losses[best]
        if worse.mean() <= worse.std() / math.sqrt(len(worse)):
            return size
    return best


def _gain(base: Floats, loss: Floats) -> tuple[float, float]:
    """Share of the baseline's loss saved, and the lower end of its one-sided 95 % interval (paired)."""
    total = float(base.mean())
    if total <= 0:
        return 0.0, 0.0
    saved = (base - loss) / total
    gain = float(saved.mean())
    return gain, gain - _Z * float(saved.std()) / math.sqrt(len(saved))


def _class_figures(goal: Goal, said: Floats) -> dict[str, float]:
    if not goal.classes:
        return {}
    truth = codes_of(goal)
    shares = np.clip(said, 1e-6, 1.0)
    shares /= shares.sum(axis=1, keepdims=True)
    places = list(range(len(goal.classes)))
    base = np.tile(goal.values.mean(axis=0), (len(truth), 1))
    spread = log_loss(truth, np.clip(base, 1e-12, 1), labels=places)
    figures = {"log_loss_gain": float(1 - log_loss(truth, shares, labels=places) / spread) if spread > 0 else 0.0}
    if len(np.unique(truth)) == len(places):
        score = shares[:, 1] if len(places) == 2 else shares
        figures["auc"] = float(roc_auc_score(truth, score, multi_class="ovr", labels=places))
    return figures
