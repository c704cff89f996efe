"""The game that path-dependent values are of, by its definition: what the kernels are judged by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import factorial

import numpy as np

from workbench.treeshap import NAN_LEFT, ZERO_LEFT, ZERO_RIGHT, TreeEnsemble


@dataclass(frozen=True)
class TreeGame:
    """One row of an ensemble; ``background`` is the row that unknown columns come from, or ``None`` for the shares."""

    ensemble: TreeEnsemble
    row: np.ndarray
    background: np.ndarray | None = None

    def worth(self, known: frozenset[int]) -> np.ndarray:
        """What the ensemble says if only these columns are known, shape (outputs,)."""
        ensemble = self.ensemble
        total = ensemble.offset.astype(float).copy()
        for root, output in zip(ensemble.roots, ensemble.tree_output, strict=True):
            said = self._at(int(root), known)
            if ensemble.leaves.shape[1] == 1:
                total[output] += said[0]
            else:
                total += said
        return total

    def shapley(self) -> np.ndarray:
        """Shape (columns, outputs)."""
        worth, players = cache(self.worth), self.ensemble.columns
        values = np.zeros((players, self.ensemble.outputs))
        for player in range(players):
            others = [other for other in range(players) if other != player]
            for size in range(players):
                weight = factorial(size) * factorial(players - size - 1) / factorial(players)
                for chosen in combinations(others, size):
                    subset = frozenset(chosen)
                    values[player] += weight * (worth(subset | {player}) - worth(subset))
        return values

    def interactions(self) -> np.ndarray:
        """Shapley interaction values as shap has them, shape (columns, columns, outputs)."""
        worth, players = cache(self.worth), self.ensemble.columns
        found = np.zeros((players, players, self.ensemble.outputs))
        for i, j in combinations(range(players), 2):
            others = [other for other in range(players) if other not in (i, j)]
            for size in range(players - 1):
                weight = factorial(size) * factorial(players - size - 2) / (2 * factorial(players - 1))
                for chosen in combinations(others, size):
                    s = frozenset(chosen)
                    found[i, j] += weight * (worth(s | {i, j}) - worth(s | {i}) - worth(s | {j}) + worth(s))
            found[j, i] = found[i, j]
        own = self.shapley() - found.sum(axis=1)
        for i in range(players):
            found[i, i] = own[i]
        return found

    def _at(self, node: int, known: frozenset[int]) -> np.ndarray:
        splits = self.ensemble.splits
        if node < 0:
            return self.ensemble.leaves[-1 - node]
        left, right, column = int(splits.left[node]), int(splits.right[node]), int(splits.column[node])
        if column not in known and self.background is None:
            share = splits.left_share[node]
            return share * self._at(left, known) + (1 - share) * self._at(right, known)
        row = self.row if column in known else self.background
        assert row is not None
        return self._at(left if self._goes_left(node, float(row[column])) else right, known)

    def _goes_left(self, node: int, value: float) -> bool:
        splits = self.ensemble.splits
        missing = int(splits.missing[node])
        if splits.level_count[node] >= 0:
            if np.isnan(value):
                return missing == NAN_LEFT
            code = int(value)
            if 0 <= code < splits.level_count[node]:
                return bool(splits.levels[splits.level_start[node] + code])
            return bool(splits.others_left[node])
        absent = np.isnan(value) or (missing in (ZERO_LEFT, ZERO_RIGHT) and abs(value) <= 1e-35)
        if absent:
            return missing in (NAN_LEFT, ZERO_LEFT)
        if self.ensemble.single:
            value = float(np.float32(value))
        return bool(value <= splits.threshold[node])


def ensemble_game(ensemble: TreeEnsemble, row: np.ndarray) -> TreeGame:
    return TreeGame(ensemble, row)


def background_games(ensemble: TreeEnsemble, row: np.ndarray, background: np.ndarray) -> list[TreeGame]:
    return [TreeGame(ensemble, row, other) for other in background]
