"""A short rule for a segment that has none of its own: beam search over conditions, one segment against the rest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workbench.segments.conditions import Between, Condition, OneOf, conjoin
from workbench.segments.figures import roundest
from workbench.segments.measures import MAX_CONDITIONS
from workbench.segments.reading import MISSING, Flags, Floats, LevelColumn, NumberColumn, Reading, View

WIDTH = 6
WORTH = 0.015
"""What one more condition must add to the score: shorter rules are remembered."""
BETA2 = 0.5
"""F-score weight: precision counts twice as much as coverage."""
_CUTS = 15


def candidates(view: View, reading: Reading) -> list[Condition]:
    """Every condition that a rule may use: both sides of round cut points, each level and everything but it."""
    found: list[Condition] = []
    for column in view.columns:
        if isinstance(column, LevelColumn):
            found.extend(_of_levels(column, reading))
        else:
            found.extend(_of_numbers(column, reading))
    return found


def _of_levels(column: LevelColumn, reading: Reading) -> list[Condition]:
    codes = reading.codes[column.name]
    everything = frozenset((MISSING, *range(column.other + 1)))
    present = [code for code in range(column.other) if np.any(codes == code)]
    found: list[Condition] = [OneOf(column, frozenset({code})) for code in present]
    if len(present) > 2 or np.any(codes == column.other):
        found.extend(OneOf(column, everything - {code}) for code in present)
    if np.any(codes == MISSING):
        found.append(OneOf(column, frozenset({MISSING})))
    return found


def _of_numbers(column: NumberColumn, reading: Reading) -> list[Condition]:
    values = reading.numbers[column.name]
    known = values[~np.isnan(values)]
    if not len(known):
        return []
    shares = np.linspace(0.05, 0.95, _CUTS)
    half = (shares[1] - shares[0]) / 3
    different = np.unique(known)
    cuts: set[float] = set()
    for share in shares:
        low, near, high = np.quantile(known, [max(0.0, share - half), share, min(1.0, share + half)], method="lower")
        if high <= low:  # one value holds all these rows: cut just below or above it
            place = int(np.searchsorted(different, near))
            if place > 0:
                cuts.add(roundest(float(different[place - 1]), float(different[place]), float(near)))
            if place + 1 < len(different):
                cuts.add(roundest(float(different[place]), float(different[place + 1]), float(near)))
        else:
            cuts.add(roundest(float(low), float(high), float(near)))
    found: list[Condition] = []
    for cut in sorted(cuts):
        found.extend((Between(column, high=cut), Between(column, low=cut)))
    return found


class RuleSearch:
    """Finds rules on one set of rows for any number of segments.

    Args:
        view, reading: the rows to learn from, numbers and levels as they are read.
    """

    def __init__(self, view: View, reading: Reading) -> None:
        self._conditions = candidates(view, reading)
        masks = [condition.holds(reading) for condition in self._conditions]
        self._masks = np.stack(masks, axis=1).astype(np.float32) if masks else np.zeros((reading.rows, 0), np.float32)

    def best(self, inside: Flags) -> tuple[Condition, ...]:
        """The rule with the best F-score for the rows in ``inside``; empty when no condition helps.

        Rules of one to three conditions are grown from the best few shorter ones; a longer rule must beat a shorter
        one by ``WORTH``.
        """
        if not len(self._conditions) or not inside.any():
            return ()
        member = inside.astype(np.float32)
        size = float(member.sum())
        beam: list[tuple[int, ...]] = [()]
        winner: tuple[int, ...] = ()
        standing = _f_score(np.array([size]), np.array([float(len(member))]), size)[0]
        for _ in range(MAX_CONDITIONS):
            covers = np.stack([self._cover(rule) for rule in beam])
            hits = (covers * member) @ self._masks
            rows = covers @ self._masks
            scores = _f_score(hits, rows, size)
            ranked = np.argsort(-scores, axis=None, kind="stable")
            following: dict[frozenset[int], tuple[int, ...]] = {}
            top = 0.0
            for place in ranked[: WIDTH * 12]:
                parent, added = divmod(int(place), len(self._conditions))
                rule = (*beam[parent], added)
                if added in beam[parent] or frozenset(rule) in following:
                    continue
                if not following:
                    top = float(scores[parent, added])
                following[frozenset(rule)] = rule
                if len(following) == WIDTH:
                    break
            if not following:
                break
            if top > standing + WORTH:
                standing, winner = top, next(iter(following.values()))
            beam = list(following.values())
        return conjoin(tuple(self._conditions[place] for place in winner))

    def _cover(self, rule: tuple[int, ...]) -> np.ndarray:
        cover = np.ones(len(self._masks), dtype=np.float32)
        for place in rule:
            cover *= self._masks[:, place]
        return cover


def _f_score(hits: npt.NDArray[np.floating], rows: npt.NDArray[np.floating], size: float) -> Floats:
    return np.asarray((1 + BETA2) * hits / np.maximum(rows + BETA2 * size, 1e-9), dtype=np.float64)
