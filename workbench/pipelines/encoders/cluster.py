"""For clusters: every source column with a comparable say in the distance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from workbench.pipelines.derived import Prepared
from workbench.pipelines.encoders._base import Encoder
from workbench.pipelines.encoders.levels import Indicators
from workbench.pipelines.encoders.numeric import Quantile, Standard


class ClusterEncoder(Encoder):
    """Winsorised, scaled numbers and centred indicators.

    A source column with several derived columns (dates, topics, levels) is weighted so that all its columns
    together vary as much as one standardised number: otherwise many levels would outvote one amount.

    Args:
        scaling: ``standard``, ``quantile`` (normal scores) or ``power`` (Yeo & Johnson 2000).
        winsor: share of the values that is pulled in at each end before scaling.
    """

    def __init__(self, names: Sequence[str] | None = None, *, scaling: str = "quantile", winsor: float = 0.01) -> None:
        self.names = names
        self.scaling = scaling
        self.winsor = winsor

    def _learn(self, prepared: Prepared, y: Any) -> list[tuple[str, tuple[str, ...]]]:
        self.steps_: list[Indicators | _Scaled] = []
        pairs: list[tuple[str, tuple[str, ...]]] = []
        least = max(2, int(0.01 * len(prepared)))
        for place, column in enumerate(prepared.derived):
            values = np.asarray(prepared.matrix[:, place], dtype=np.float64)
            step: Indicators | _Scaled
            if column.kind == "category":
                step = Indicators(least, 30).fit(values, column)
            else:
                step = _Scaled("standard" if column.kind == "boolean" else self.scaling, self.winsor)
                step.fit(values, column.name)
            self.steps_.append(step)
            pairs += [(name, column.sources) for name in step.names]
        table = self._table(prepared, len(pairs))
        self.centre_ = table.mean(axis=0)
        sources = np.array([sources[0] for _, sources in pairs], dtype=object)
        self.weight_ = np.ones(len(pairs))
        for source in set(sources):
            own = sources == source
            spread = float(table[:, own].var(axis=0).sum())
            self.weight_[own] = 1.0 / np.sqrt(spread) if spread > 1e-12 else 0.0
        return pairs

    def _table(self, prepared: Prepared, width: int) -> np.ndarray:
        table = np.empty((len(prepared), width))
        start = 0
        for place, step in enumerate(self.steps_):
            table[:, start : start + step.width] = step.transform(prepared.matrix[:, place].astype(np.float64))
            start += step.width
        return table

    def _encode(self, prepared: Prepared) -> np.ndarray:
        return np.asarray((self._table(prepared, len(self.names_out_)) - self.centre_) * self.weight_)


class _Scaled:
    """One number: winsorised, then scaled; the median where it is missing."""

    width = 1

    def __init__(self, scaling: str, winsor: float) -> None:
        self._scaling = scaling
        self._winsor = winsor

    def fit(self, values: np.ndarray, name: str) -> _Scaled:
        known = values[~np.isnan(values)]
        known = known if known.size else np.zeros(1)
        self.names = [name]
        self._fill = float(np.median(known))
        self._low, self._high = (float(end) for end in np.quantile(known, [self._winsor, 1 - self._winsor]))
        held = np.clip(known, self._low, self._high)
        self._scale = Quantile() if self._scaling == "quantile" else Standard()
        self._exponent = _yeo_johnson_exponent(held) if self._scaling == "power" else None
        self._scale.fit(self._bend(held))
        return self

    def _bend(self, values: np.ndarray) -> np.ndarray:
        if self._exponent is None:
            return values
        from scipy.stats import yeojohnson

        return np.asarray(yeojohnson(values, lmbda=self._exponent), dtype=np.float64)

    def transform(self, values: np.ndarray) -> np.ndarray:
        held = np.clip(np.where(np.isnan(values), self._fill, values), self._low, self._high)
        return self._scale.transform(self._bend(held))


def _yeo_johnson_exponent(values: np.ndarray) -> float | None:
    """The exponent of greatest likelihood, ``None`` where the values are constant or it has none."""
    from scipy.stats import yeojohnson_normmax

    if np.ptp(values) == 0:
        return None
    exponent = float(yeojohnson_normmax(values))
    return exponent if np.isfinite(exponent) and abs(exponent) < 10 else None
