"""Which columns of a model carry a group: they tell who is in it, and differ in what they contribute."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workbench.contracts import Explanation
from workbench.errors import InputError
from workbench.explain.columns import number_text, read_column
from workbench.explain.fairness._base import MINIMUM
from workbench.explain.fairness.groups import Groups, read_groups
from workbench.explain.fairness.telling import Telling
from workbench.explain.language import LANGUAGES, Field, Language, Name, Part, say
from workbench.explain.language.terms import interval, space_of
from workbench.explain.sampling.resampling import (
    LEVEL,
    drawn_means,
    expanded_interval,
    normal_quantile,
    spread,
    student_quantile,
)

TELLS = 0.6
"""Area under the ROC curve from which a column is said to tell a group apart."""
DRAWS = 500
_STREAM = 15_485_863
_KINDS: tuple[tuple[type, tuple[str, ...]], ...] = (
    (bool, ("tells", "clear", "itself", "proxy")),
    (float, ("auc", "difference", "low", "high", "total")),
)


def words_column(language: Language = "en") -> str:
    """The column of ``proxy_columns`` that holds its sentences in ``language``."""
    return "words" if language == LANGUAGES[0] else f"words_{language}"


PROXIES = [
    *("group", "column", "auc", "tells", "difference", "low", "high", "clear", "total", "itself", "proxy"),
    *(words_column(language) for language in LANGUAGES),
]


def proxy_columns(
    explanation: Explanation,
    group: pd.Series,
    *,
    output: int = 0,
    seed: int = 0,
    minimum: int = MINIMUM,
    tells: float = TELLS,
) -> pd.DataFrame:
    """Columns of the model by how well they tell a group apart and how much of its difference they carry.

    A column that does both clearly is named a proxy. That is association: neither figure says why values differ between
    groups, or what a model without the column would say.

    Args:
        group: the group column of the explained rows, shape (explained rows,), such as
            ``table.frame["…"].iloc[explanation.rows]``; taken by position. See ``read_groups``.
        output: which output, for more than two classes.
        seed: of folds and bootstrap.
        minimum: rows below which a group, or all others together, get no figures.
        tells: least ``auc`` of a proxy.

    Returns:
        a row per group and column, largest group first, then largest |``difference``|; of two groups only the smaller,
        as the other is its mirror. ``auc``: how well the raw value alone tells the group from all other rows, cross-
        fitted (0.5 is chance). ``tells``: it is at least ``tells`` and beyond chance. ``difference``: mean contribution
        in the group minus that in all other rows of groups that are not hidden, in ``output_space``; over all columns
        these add up to ``total``, the difference of the model's mean output. ``low``, ``high``: 95 % bootstrap interval
        of the difference over rows, for this model. ``clear``: the difference is told from chance after adjusting
        (Bonferroni) for all groups and columns. ``itself``: the column is the group column. ``proxy``: tells and is
        clear, and is not the group column. ``words``: a sentence for proxies and for the group column itself, else
        empty; see ``words_column`` for other languages.

    Raises:
        InputError: ``group`` has not one value for each explained row, or there is no such output.
    """
    if len(group) != len(explanation.rows):
        raise InputError(
            f"The group column has {len(group):,} rows but {len(explanation.rows):,} rows were explained; "
            "take it at the explanation's rows."
        )
    if not 0 <= output < len(explanation.outputs):
        raise InputError(f"The model has no output {output}; choose one from 0 to {len(explanation.outputs) - 1}.")
    groups = read_groups(group, minimum)
    # with rows of hidden groups among the others, what is told of the shown ones would tell of the hidden ones, too
    kept = groups.codes >= 0
    groups = replace(groups, codes=groups.codes[kept])
    asked = _asked(groups, minimum)
    values, margin = explanation.values[kept, :, output], explanation.margin[kept, output]
    data = explanation.data.iloc[kept]
    telling = Telling(groups.codes, len(groups.labels), seed)
    areas = np.array([telling.areas(read_column(data.iloc[:, j])) for j in range(values.shape[1])])
    contributing = int(values.any(axis=0).sum())
    adjusted = 1 - (1 - LEVEL) / max(1, contributing * len(asked))
    means = _strata(values, groups.codes, seed) if asked else {}
    rows = []
    for code in asked:
        inside = groups.codes == code
        one = _Group(
            label=groups.labels[code],
            named=Name(groups.said.get(groups.labels[code], groups.labels[code])),
            name=groups.name,
            sizes=(int(inside.sum()), int((~inside).sum())),
            difference=values[inside].mean(axis=0) - values[~inside].mean(axis=0),
            draws=means[code] - _mean_of_others(means, groups.codes, code),
            total=float(margin[inside].mean() - margin[~inside].mean()),
            adjusted=adjusted,
            space=explanation.output_space,
        )
        order = np.argsort(-np.abs(one.difference), kind="stable")
        rows += [one.row(int(j), explanation.columns[j], float(areas[j, code]), tells) for j in order]
    frame = pd.DataFrame(rows, columns=PROXIES)
    return frame.astype({name: kind for kind, names in _KINDS for name in names})


@dataclass(frozen=True, eq=False)
class _Group:
    """One group against all other rows.

    Attributes:
        sizes: rows inside and outside.
        difference: of mean contributions, shape (columns,).
        draws: the same under bootstrap samples, shape (draws, columns).
        total: difference of the mean output.
        adjusted: level of the interval of a single difference, when all are to hold together.
    """

    label: str
    named: Name
    name: str
    sizes: tuple[int, int]
    difference: np.ndarray
    draws: np.ndarray
    total: float
    adjusted: float
    space: str

    def row(self, j: int, column: str, area: float, least: float) -> tuple[object, ...]:
        """What is told of one column, in the order of ``PROXIES``."""
        difference, draws, fewer = float(self.difference[j]), self.draws[:, j], min(self.sizes)
        # a column that contributes nothing to any row is known to differ by nothing
        low, high = expanded_interval(draws, fewer) if draws.any() or difference else (0.0, 0.0)
        half = student_quantile(self.adjusted, fewer) * spread(draws, fewer)
        tell, clear = area >= max(least, self._chance), abs(difference) > half
        itself = column == self.name
        proxy = tell and clear and not itself
        said = self._said(column, area, difference, (low, high), itself) if proxy or itself else None
        return (
            *(self.label, column, area, tell, difference, low, high, clear, self.total, itself, proxy),
            *("" if said is None else said.told(language) for language in LANGUAGES),
        )

    @property
    def _chance(self) -> float:
        """The area that chance alone stays below, by the variance of Mann & Whitney (1947)."""
        own, others = self.sizes
        error = np.sqrt((own + others + 1) / (12 * own * others))
        return float(0.5 + normal_quantile(2 * self.adjusted - 1) * error)  # one-sided

    def _said(self, column: str, area: float, difference: float, ends: tuple[float, float], itself: bool) -> Part:
        told: dict[str, Field] = {
            "column": Name(column),
            "size": number_text(difference, signed=True),
            "interval": interval(*ends, signed=True),
            "total": number_text(self.total, signed=True),
            "space": space_of(self.space),
            "group": self.named,
        }
        if itself:
            return say("proxies.itself", **told)
        return say("proxies.proxy", name=Name(self.name), auc=f"{area:.2f}", **told)


def _asked(groups: Groups, minimum: int) -> list[int]:
    total = len(groups.codes)
    asked = [code for code, size in enumerate(groups.sizes) if total - size >= minimum]
    # of two the second says what the first does, with the sign turned
    mirrored = len(groups.labels) == 2 and int(groups.sizes.sum()) == total and len(asked) == 2
    return [code for code in asked if code != groups.reference] if mirrored else asked


def _strata(values: np.ndarray, codes: np.ndarray, seed: int) -> dict[int, np.ndarray]:
    """Mean contributions of each group under bootstrap samples of its own rows, shape (draws, columns)."""
    return {
        int(code): drawn_means(np.random.default_rng([seed, _STREAM, int(code) + 1]), values[codes == code], DRAWS)
        for code in np.unique(codes)
    }


def _mean_of_others(means: dict[int, np.ndarray], codes: np.ndarray, code: int) -> np.ndarray:
    sums = [float((codes == other).sum()) * mean for other, mean in means.items() if other != code]
    return np.asarray(np.sum(sums, axis=0) / (codes != code).sum())
