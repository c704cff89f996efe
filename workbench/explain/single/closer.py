"""Bring found changes closer to the unchanged row: the grid that found them was coarse."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.explain.single.change_search import GRID, MOST_ROWS, ChangeSearch, Tried

ROUNDS = 10


def closer(search: ChangeSearch, choices: Sequence[np.ndarray], *, near: bool) -> list[np.ndarray]:
    """Answers with smaller changes that still reach the aim, one step for all answers at a time.

    In each round every changed number or date is tried at up to 64 observed values between the present one and the
    unchanged one, and every changed column unchanged; the smallest that reaches the aim is kept. The values between
    that one and the next closer one that did not reach it are tried next. A single change ends at the observed value
    that is closest, where the model is monotone there; several end where none can be made smaller alone.

    Args:
        choices: each of shape (levers,).
        near: only changed rows that have real rows near them are kept.
    """
    answers = [_Answer(search, choice) for choice in choices]
    most = int(np.clip(MOST_ROWS // max(1, 3 * len(answers)) - 1, 1, GRID))
    for _ in range(ROUNDS):
        options = [answer.options(most) for answer in answers]
        if not any(options):
            break
        rows = [answer.with_value(place, at) for answer, own in zip(answers, options, strict=True) for place, at in own]
        tried = search.look(np.array(rows))
        start = 0
        for answer, own in zip(answers, options, strict=True):
            answer.learn(tried, range(start, start + len(own)), own, near)
            start += len(own)
    return [answer.choice for answer in answers]


class _Answer:
    """One answer, and for each changed lever how close to the unchanged value has been tried in vain."""

    def __init__(self, search: ChangeSearch, choice: np.ndarray) -> None:
        self.support = search.support
        self.choice = choice.copy()
        self.vain = dict.fromkeys(np.flatnonzero(choice != self.support.own).tolist(), 0.0)
        self.kept: set[int] = set()  # levers that can't be left out

    def with_value(self, place: int, at: int) -> np.ndarray:
        changed = self.choice.copy()
        changed[place] = at
        return changed

    def options(self, most: int) -> list[tuple[int, int]]:
        """Lever and position of its value, closest to the unchanged one first within each lever."""
        found: list[tuple[int, int]] = []
        for place in self.vain:
            if len(self.vain) > 1 and place not in self.kept:
                found.append((place, self.support.own))
            between = self._between(place)
            if len(between) > most:
                between = between[np.unique(np.linspace(0, len(between) - 1, most).round().astype(int))]
            found += [(place, int(at)) for at in between]
        return found

    def learn(self, tried: Tried, rows: range, options: list[tuple[int, int]], near: bool) -> None:
        """Keep the smallest change that does, and remember for the others what did not."""
        good = tried.near if near else tried.reached
        best = min((row for row in rows if good[row]), key=tried.key, default=None)
        for place in list(self.vain):
            mine = [(row, at) for row, (lever, at) in zip(rows, options, strict=True) if lever == place]
            values = [(row, at) for row, at in mine if at != self.support.own]
            if len(values) < len(mine) and not good[next(row for row, at in mine if at == self.support.own)]:
                self.kept.add(place)
            reached = [row for row, _ in values if good[row]]
            if reached and best not in reached:
                continue  # its values are tried again once the better one is kept
            failed = [self._far(place, at) for row, at in values if not good[row] and (not reached or row < reached[0])]
            self.vain[place] = max([self.vain[place], *failed])
        if best is not None:
            place, at = options[best - rows.start]
            self.choice[place] = at
            if at == self.support.own:
                del self.vain[place]

    def _far(self, place: int, at: int) -> float:
        values = self.support.gower.values[:, self.support.levers[place]]
        return float(abs(values[at] - values[self.support.own]))

    def _between(self, place: int) -> np.ndarray:
        """Positions of observed values closer than the present one and not yet tried in vain, closest first."""
        j = self.support.levers[place]
        values, own = self.support.gower.values[:, j], self.support.own
        if not self.support.gower.ordered[j] or np.isnan(values[own]):
            return np.empty(0, dtype=int)
        present = values[int(self.choice[place])] - values[own]
        moves = values[self.support.values[place]] - values[own]
        inside = (np.sign(moves) == np.sign(present)) & (np.abs(moves) < abs(present))
        inside &= np.abs(moves) > self.vain[place]
        kept = self.support.values[place][inside]
        order: np.ndarray = kept[np.argsort(np.abs(moves[inside]), kind="stable")]
        return order
