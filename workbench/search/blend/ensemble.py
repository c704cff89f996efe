"""Which finished trials are blended, and whether that pays: judged on out-of-fold predictions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbench.contracts import TrialState
from workbench.pipelines import family
from workbench.pipelines.blend import Speech, shares_of
from workbench.pipelines.blocks.parts import together
from workbench.pipelines.calibration import softmax_line
from workbench.pipelines.row_facts import RowFacts
from workbench.search.blend.weighing import STEPS, Weigher, weighers_for
from workbench.search.evaluation.metric import Metric
from workbench.search.evaluation.paired import Gain, gain_over_parts, losses_by_part, paired_gain
from workbench.search.trials.records import Record

BEST, BEST_OF_KIND = 8, 3
"""Candidates: the best trials of all, and of each kind of model."""
_PARTS = 5
_ROWS, _CELLS = 20_000, 200_000
"""Rows that weights are learnt from at most, and rows times classes."""
_LEAST_ROWS = 50
_DOUBT = 1.0
"""Standard errors by which a blend must be worse than single trials to be refused. On rows unseen blends were better in
nearly nine of ten searches, and just as often where the rows at hand had it slightly the other way; beyond that the
model that can be explained is kept."""
_SHIFTED = 10
"""Classes of which the shares of forests are shifted as well as stretched, at most."""
WORSE = 0.25
"""Candidates whose loss exceeds the best by more than this share of the way to the baseline stay out."""


@dataclass(frozen=True, eq=False)
class Choice:
    """A blend as chosen.

    Attributes:
        members: trials with their weights, heaviest first.
        speeches: how each member's predictions are turned into scores.
        slope: by which averaged scores are stretched; 1 for numbers.
        shift: what is added to the weighted sum of numbers.
        prediction: out of fold and honest: rows are blended by weights that were learnt from other rows.
        loss: of that prediction over all rows at once, and the best single trial's.
        gain: how much less it loses than single trials that are chosen by other rows than they are judged by.
    """

    members: tuple[tuple[Record, float], ...]
    speeches: tuple[Speech, ...]
    slope: float
    prediction: np.ndarray
    loss: float
    single_loss: float
    gain: Gain
    shift: float = 0.0


def choose(
    records: list[Record],
    truth: np.ndarray,
    facts: RowFacts,
    *,
    objective: Metric,
    baseline_loss: float,
    seed: int,
    usable: Callable[[Record], bool] = lambda record: True,
    single: Record | None = None,
) -> Choice | None:
    """Blend finished trials, or don't.

    Weights are learnt on five parts of the rows, each time leaving out a fifth: the left-out rows say honestly what
    blending is worth, and which way of weighing is better. The best single trial is chosen in the same way: the score
    of the best of dozens is part luck, and held against it a blend would have to beat that luck, too. That averages
    of good models are better is the rule: a blend is refused only where it is worse by more than a standard error.

    Args:
        records: all trials of the search.
        truth: class codes or numbers, shape (rows,).
        facts: weights and groups of the rows; those of one group are in one part.
        usable: whether there is a model of a trial, or time to fit one.
        single: the trial that is the champion without a blend; a blend must stand up to it although it may be no
            member itself.

    Returns:
        ``None`` where there are fewer than two candidates, or where the blend is worse than one of them or than
        ``single`` by more than a standard error.
    """
    candidates = [one for one in candidates_of(records, baseline_loss) if usable(one)]
    if len(candidates) < 2:
        return None
    alone = [one for one in (single,) if one is not None and one.prediction is not None and one not in candidates]
    rivals = [*candidates, *alone]
    known = _predicted(rivals)
    if known.size < _LEAST_ROWS:
        return None
    # from here on there are no other rows: of a large table a few are held out
    whole, truth, facts = len(truth), truth[known], facts.take(known)
    said = np.stack([_of_rows(one, known) for one in rivals])
    rng = np.random.default_rng([seed, 90_001])
    most = _rows(said.shape[2] if said.ndim > 2 else 1)
    rows = np.sort(rng.choice(known.size, most, replace=False)) if known.size > most else np.arange(known.size)
    own = facts.take(rows)
    speeches = [_speech(one, said[place][rows], truth[rows], own.weight) for place, one in enumerate(candidates)]
    scores = np.stack([speech.scores(said[place]) for place, speech in enumerate(speeches)])
    part = together(own, _PARTS, rng)
    part = rng.permutation(np.arange(rows.size) % _PARTS) if part is None else part
    judge = _Judge(scores, truth, facts.weight, objective, rows, np.setdiff1d(np.arange(known.size), rows), part)
    best, *others = (judge.weighed(weigher) for weigher in weighers_for(objective))
    for other in others:
        if judge.squares_fall(best.honest, other.honest):
            best = other
    gain = judge.gain(said, best.honest)
    order = [int(place) for place in np.argsort(-np.abs(best.weights), kind="stable") if best.weights[place] != 0]
    if len(order) < 2 or gain.mean <= -_DOUBT * gain.error:
        return None
    return Choice(
        members=tuple((candidates[place], float(best.weights[place])) for place in order),
        speeches=tuple(speeches[place] for place in order),
        slope=best.slope,
        prediction=_spread_out(best.honest if said.ndim == 2 else best.honest.astype(np.float32), known, whole),
        loss=best.loss,
        single_loss=min(judge.loss(one) for one in said),
        gain=gain,
        shift=best.shift,
    )


@dataclass(frozen=True, eq=False)
class _Weighed:
    """Candidates as weighed in one way: what is kept, and what was said of rows by weights learnt from others."""

    weights: np.ndarray
    shift: float
    slope: float
    honest: np.ndarray
    loss: float


@dataclass(frozen=True, eq=False)
class _Judge:
    """Says what a way of weighing is worth.

    Attributes:
        scores: of each candidate, shape (candidates, rows that all of them predict[, classes]).
        rows: those that weights are learnt from; each is in one ``part``.
        beyond: others, blended by what was learnt from all of them.
    """

    scores: np.ndarray
    truth: np.ndarray
    weight: np.ndarray | None
    objective: Metric
    rows: np.ndarray
    beyond: np.ndarray
    part: np.ndarray

    @property
    def parts(self) -> int:
        """How many there are."""
        return int(self.part.max()) + 1

    def weighed(self, weigher: Weigher) -> _Weighed:
        """Learn from each complement of a part, and say what that gives for the part."""
        honest = np.full(self.scores.shape[1:], np.nan)
        found = []
        for left_out in range(self.parts):
            inside, outside = self.rows[self.part != left_out], self.rows[self.part == left_out]
            found.append(weigher.learn(self.scores[:, inside], self.truth[inside], self._own(inside)))
            honest[outside] = _said(self._sum(outside, *found[-1]), 1.0)
        weights, shift = weigher.final(found, self.scores[:, self.rows], self.truth[self.rows], self._own(self.rows))
        slope = _slope(self._sum(self.rows, weights, shift), self.truth[self.rows], self._own(self.rows))
        honest[self.beyond] = _said(self._sum(self.beyond, weights, shift), 1.0)
        known = np.concatenate([self.rows, self.beyond])
        honest[known] = _restretched(honest[known], slope)
        return _Weighed(weights, shift, slope, honest, self.loss(honest))

    def loss(self, prediction: np.ndarray) -> float:
        """Of the rows that weights are learnt from, all at once."""
        score = self.objective.score(self.truth[self.rows], prediction[self.rows], self._own(self.rows))
        return float(self.objective.loss(score))

    def gain(self, said: np.ndarray, blended: np.ndarray) -> Gain:
        """How much less a blend loses, in the mean of the parts, than the trial that is the best on the other parts."""
        alone = np.stack([self._by_part(one) for one in said])
        # a part that has no loss (of one class only) has none for any of them
        totals = (np.nansum(np.delete(alone, left_out, axis=1), axis=1) for left_out in range(self.parts))
        chosen = [int(np.argmin(one)) for one in totals]
        return gain_over_parts(alone[chosen, np.arange(self.parts)], self._by_part(blended))

    def _by_part(self, prediction: np.ndarray) -> np.ndarray:
        rows = self.rows
        return losses_by_part(prediction[rows], self.truth[rows], self._own(rows), self.part, self.objective)

    def squares_fall(self, before: np.ndarray, after: np.ndarray) -> bool:
        """Whether the squared errors of numbers fall by more than a standard error."""
        errors = [(one[self.rows] - self.truth[self.rows]) ** 2 for one in (before, after)]
        return paired_gain(errors[0], errors[1], weight=self._own(self.rows)).certain

    def _own(self, rows: np.ndarray) -> np.ndarray | None:
        return None if self.weight is None else self.weight[rows]

    def _sum(self, rows: np.ndarray, weights: np.ndarray, shift: float) -> np.ndarray:
        return np.asarray(np.tensordot(weights, self.scores[:, rows], axes=1) + shift)


def _predicted(records: list[Record]) -> np.ndarray:
    """Positions of the rows that all of them predict."""
    known = np.ones(0, dtype=bool)
    for one in records:
        assert one.prediction is not None
        finite = np.isfinite(one.prediction).reshape(len(one.prediction), -1).all(axis=1)
        known = finite if not known.size else known & finite
    return np.flatnonzero(known)


def _of_rows(record: Record, rows: np.ndarray) -> np.ndarray:
    assert record.prediction is not None
    return np.asarray(record.prediction[rows], dtype=np.float64)


def _spread_out(values: np.ndarray, rows: np.ndarray, count: int) -> np.ndarray:
    """The values at their rows of so many, NaN elsewhere."""
    table = np.full((count, *values.shape[1:]), np.nan, dtype=values.dtype)
    table[rows] = values
    return table


def _rows(classes: int) -> int:
    return max(2_000, min(_ROWS, _CELLS // classes))


def forecast_seconds(rows: int, candidates: int, classes: int) -> float:
    """What choosing among so many candidates takes, by the slowest metric.

    Args:
        classes: of the target, 0 for numbers.
    """
    learnt_from = min(rows, _rows(max(1, classes)))
    speeches = 5e-7 * candidates * learnt_from * classes
    return 0.3 + speeches + _PARTS * STEPS * candidates * max(6e-8, 1.2e-8 * classes) * learnt_from


def reach(best_loss: float, baseline_loss: float) -> float:
    """Loss beyond which a trial is not blended; infinite where no baseline is told."""
    return best_loss + WORSE * max(0.0, baseline_loss - best_loss)


def candidates_of(records: list[Record], baseline_loss: float = np.inf) -> list[Record]:
    """The best trials of all and of each kind, best first; those that are hardly better than the baseline stay out.

    A trial that is none now will be none when more are finished.
    """
    done = sorted(
        (one for one in records if one.state is TrialState.DONE and one.prediction is not None),
        key=lambda one: (one.loss, one.number),
    )
    done = [one for one in done if np.isfinite(one.loss)]
    if not done:
        return []
    limit = reach(done[0].loss, baseline_loss)
    seen: Counter[str] = Counter()
    chosen = []
    for place, one in enumerate(done):
        kind = f"{one.family} {family(one.family).kind(one.params)}"
        seen[kind] += 1
        if one.loss <= limit and (place < BEST or seen[kind] <= BEST_OF_KIND):
            chosen.append(one)
    return chosen


def _said(scores: np.ndarray, slope: float) -> np.ndarray:
    """Predictions of averaged scores."""
    return scores if scores.ndim == 1 else shares_of(scores, slope)


def _restretched(prediction: np.ndarray, slope: float) -> np.ndarray:
    if prediction.ndim == 1 or slope == 1.0:
        return prediction
    return shares_of(np.log(np.maximum(prediction, 1e-300)), slope)


def _speech(record: Record, prediction: np.ndarray, truth: np.ndarray, weight: np.ndarray | None) -> Speech:
    """How a trial's predictions are turned into scores; shares of forests are stretched to what came out of fold."""
    if prediction.ndim == 1 or family(record.family).explainer not in ("forest", "sampled"):
        return Speech()
    shares = prediction.astype(np.float64)
    # a shift for each of many classes learns the very rows that the blend is judged on
    shifted = shares.shape[1] <= _SHIFTED
    return Speech(*softmax_line(shares, truth, weight, shifted=shifted, start=5.0, within=(0.05, 500.0)))


def _slope(scores: np.ndarray, truth: np.ndarray, weight: np.ndarray | None) -> float:
    """By which scores are stretched so that shares come true (temperature scaling, Guo et al. 2017)."""
    return 1.0 if scores.ndim == 1 else softmax_line(scores, truth, weight, shifted=False, within=(0.22, 4.5))[0]
