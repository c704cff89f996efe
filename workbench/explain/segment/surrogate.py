"""A clustering explained by a model of it: each segment against the rest, with how faithful the model is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from workbench.contracts import Explanation, Model, Score, Table
from workbench.contracts.table import MODEL_ROLES
from workbench.errors import InputError
from workbench.explain.language import Field, Language, Name, Said, say
from workbench.explain.sampling.resampling import fold_of
from workbench.explain.segment.drivers import Drivers, nothing_told, segment_drivers
from workbench.explain.segment.fidelity import FIDELITY, LEAST_AUC, LEAST_F1, LEAST_SKILL, accuracy, by_segment, skill
from workbench.explain.segment.surrogate_model import FAMILY, SurrogateModel
from workbench.pipelines import Preparer, assemble
from workbench.problem.folds import deal_groups
from workbench.problem.rows import row_groups

TARGET = "segment"
LEAST_ROWS = 10
"""Rows of a segment below which it is left out: folds would hold next to none of it."""
MOST_SEGMENTS = 50
FOLDS = 5
TOLD = 6
_STREAM = 49_979_687
SPACE = "log-odds"


@dataclass(frozen=True)
class Surrogate:
    """A small model that tells segments apart by the table's features; explanations of it are exact for it alone.

    Attributes:
        model: for ``explain``: with more than two segments an output per segment, its log-odds against all others
            (shares of ``predict`` are of one segment against the rest each and don't add up to 1); ``None`` where the
            surrogate is not faithful enough to be explained, or could not be fitted.
        segments: as text, in the order of the model's classes.
        fidelity: ``segment``, ``rows``, ``share``, ``f1``, ``f1_low``, ``f1_high``, ``auc``, ``auc_low``, ``auc_high``
            (95 % bootstrap intervals), ``enough``; all out of fold, one segment against the rest.
        accuracy: share of rows whose segment was met out of fold, with Wilson's 95 % interval; ``None`` without a fit.
        baseline: accuracy of naming the largest segment always; NaN without a fit.
        said: plain sentences, before they are in a language.
        left_out: why each segment that there is but that the surrogate does not know is left out, by its name.
    """

    model: Model | None
    segments: tuple[str, ...]
    fidelity: pd.DataFrame
    accuracy: Score | None
    baseline: float
    said: tuple[Said, ...]
    left_out: Mapping[str, Said] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """The sentences in English."""
        return self.told()

    def told(self, language: Language = "en") -> tuple[str, ...]:
        """The sentences in ``language``."""
        return tuple(sentence.told(language) for sentence in self.said)

    def drivers(
        self,
        explanation: Explanation | None,
        labels: pd.Series | np.ndarray,
        segment: object,
        *,
        seed: int = 0,
        top: int = 8,
    ) -> Drivers:
        """What sets ``segment`` apart, in log-odds of being in it, if the surrogate is faithful enough there.

        Of a segment that was left out, or that the surrogate tells too badly, nothing is told but the reason.

        Args:
            explanation: of ``model``; ``None`` where there is none.
            labels: of the table's rows, as given to ``fit_surrogate``.

        Raises:
            InputError: there is no such segment, or a model but no explanation of it.
        """
        name = str(segment)
        if name in self.left_out:
            return nothing_told(name, SPACE, self.left_out[name])
        if name not in self.segments:
            known = ", ".join(f"'{one}'" for one in self.segments[:TOLD]) or "none"
            raise InputError(f"The surrogate knows no segment '{name}'; it knows {known}.")
        row = self.fidelity[self.fidelity["segment"] == name].iloc[0]
        if self.model is None or not row["enough"]:
            return nothing_told(name, SPACE, say("surrogate.segment_too_little", **_figures(row)))
        if explanation is None:
            raise InputError(f"Explain the surrogate's model first: drivers of segment '{name}' are made of that.")
        place = self.segments.index(name)
        if len(self.segments) == 2:
            # one output for both: the log-odds of the second, and turned those of the first
            explanation, place = (explanation if place else _turned(explanation, name)), 0
        return segment_drivers(explanation, _text(labels)[explanation.rows] == name, output=place, seed=seed, top=top)


def fit_surrogate(table: Table, labels: pd.Series | np.ndarray, *, seed: int = 0, max_rows: int = 20_000) -> Surrogate:
    """Fit a small boosted model of the segments and say how faithful it is.

    One set of trees by LightGBM, one segment against the rest (objective ``multiclassova``), over the product's own
    preparation. Fidelity comes from five folds of the same rows; the model itself is fitted on all of them.

    Args:
        table: its features, dates and texts are what segments are told by.
        labels: segment of each row, shape (rows,), taken by position; rows without one are left out.
        seed: of the sample, the folds, the trees and the bootstrap.
        max_rows: a random sample of so many rows is used of larger tables.

    Raises:
        InputError: lengths differ, or there are more than 50 segments.
    """
    if len(labels) != len(table.frame):
        raise InputError(
            f"There are {len(labels):,} labels for {len(table.frame):,} rows of {table.name}; give one each."
        )
    text = _text(labels)
    every = sorted({str(name) for name in text} - {""}, key=_order)
    random = np.random.default_rng([seed, _STREAM])
    known = np.flatnonzero(text != "")
    if len(known) > max_rows:
        known = np.sort(random.choice(known, max_rows, replace=False))
    names, sizes = np.unique(text[known], return_counts=True)
    if len(every) > MOST_SEGMENTS:
        raise InputError(f"There are {len(every):,} segments; a surrogate is for at most {MOST_SEGMENTS}.")
    large = [str(name) for name in names[sizes >= LEAST_ROWS]]
    groups = row_groups(table, known)
    segments = tuple(sorted(_checkable(large, text[known], groups), key=_order))
    left_out = {name: _why(name, small=name not in large) for name in every if name not in segments}
    notes = _notes(len(every) - len(large), len(large) - len(segments), len(known), int((text != "").sum()))
    columns = [column for column in table.columns if column.role in MODEL_ROLES]
    if not columns:
        return _nothing(every, say("surrogate.no_features", table=table.name), notes)
    if len(segments) < 2:
        return _nothing(every, say("surrogate.few_segments", least=LEAST_ROWS), notes)
    chosen = np.isin(text[known], segments)
    rows, groups = known[chosen], None if groups is None else groups[chosen]
    codes = np.array([segments.index(name) for name in text[rows]])
    prepare = Preparer(columns, seed=seed).fit(table.frame.iloc[rows])
    prepared = prepare.transform(table.frame.iloc[rows])
    if not prepared.derived:
        return _nothing(every, Said("surrogate.no_values"), notes)
    learner = SurrogateModel(len(segments), seed)
    shares = learner.held_out(prepared, codes, _folds(groups, codes, random))
    score, baseline = accuracy(codes, shares)
    fidelity = by_segment(codes, shares, segments, seed)
    faithful = skill(score.value, baseline) >= LEAST_SKILL and bool(fidelity["enough"].any())
    model = None
    if faithful:
        encoder = learner.encoder(prepared, codes)
        pipeline = assemble(prepare, encoder, learner.fit(prepared, codes, encoder))
        used = tuple(column.name for column in columns)
        model = Model(pipeline, learner.task, TARGET, used, segments, FAMILY, learner.params)
    said = (*_said(score, baseline, fidelity, faithful), *notes)
    return Surrogate(model, segments, fidelity, score, baseline, said, left_out)


def _checkable(segments: list[str], text: np.ndarray, groups: np.ndarray | None) -> list[str]:
    """Segments that can be told in rows of groups that were not learnt from: those of two groups at least."""
    if groups is None:
        return segments
    return [name for name in segments if len(np.unique(groups[text == name])) > 1]


def _folds(groups: np.ndarray | None, codes: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The fold of each row; rows of one group stay together, unless a fold would leave no row of a segment."""
    if groups is not None and len(np.unique(groups)) >= FOLDS:
        segments = int(codes.max()) + 1
        fold = deal_groups(groups, codes, segments, FOLDS, random)
        if all(len(np.unique(codes[fold != one])) == segments for one in np.unique(fold)):
            return fold
    return fold_of(codes, FOLDS, random)


def _nothing(names: Iterable[str], why: Said, notes: tuple[Said, ...]) -> Surrogate:
    """No surrogate at all: each segment is left out for the same reason."""
    nan, fidelity = float("nan"), pd.DataFrame(columns=FIDELITY)
    return Surrogate(None, (), fidelity, None, nan, (why, *notes), dict.fromkeys(names, why))


def _text(labels: pd.Series | np.ndarray) -> np.ndarray:
    """Labels as text, empty where missing; whole numbers alike, whether a gap has made floats of them or not."""
    cells = pd.Series(np.asarray(labels, dtype=object))
    texts = cells.map(
        lambda cell: str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell), na_action="ignore"
    )
    return texts.fillna("").to_numpy(dtype=object)


def _order(name: str) -> tuple[int, int, str]:
    """Numbers by size, then names."""
    return (0, int(name), name) if name.isascii() and name.isdigit() else (1, 0, name)


def _turned(explanation: Explanation, name: str) -> Explanation:
    """The explanation of the other of two segments: log-odds with the sign turned."""
    return replace(
        explanation,
        values=-explanation.values,
        base=-explanation.base,
        margin=-explanation.margin,
        outputs=(name,),
    )


def _why(name: str, *, small: bool) -> Said:
    """Why a segment is not modelled."""
    if small:
        return say("surrogate.left_out", segment=Name(name), least=LEAST_ROWS)
    return say("surrogate.one_group", segment=Name(name))


def _notes(small: int, within: int, used: int, known: int) -> tuple[Said, ...]:
    notes = []
    if small:
        notes.append(say("surrogate.small", count=small, least=LEAST_ROWS))
    if within:
        notes.append(say("surrogate.one_groups", count=within))
    if used < known:
        notes.append(say("surrogate.sample", rows=used, total=known))
    return tuple(notes)


def _figures(row: pd.Series) -> dict[str, Name | Said]:
    """What sentences on one segment say of it."""

    def ends(key: str) -> Field:
        low, high = row[f"{key}_low"], row[f"{key}_high"]
        return say("grammar.interval", low=f"{low:.2f}", high=f"{high:.2f}") if np.isfinite(low) else ""

    figures = say(
        "surrogate.figures",
        f1=f"{row['f1']:.2f}",
        f1_interval=ends("f1"),
        auc=f"{row['auc']:.2f}",
        auc_interval=ends("auc"),
    )
    return {"segment": Name(str(row["segment"])), "figures": figures}


def _said(score: Score, baseline: float, fidelity: pd.DataFrame, faithful: bool) -> tuple[Said, ...]:
    lead = say(
        "surrogate.lead",
        value=f"{score.value:.1%}",
        low=f"{score.low:.1%}",
        high=f"{score.high:.1%}",
        baseline=f"{baseline:.1%}",
    )
    if not faithful:
        too_little = say(
            "surrogate.too_little",
            taken=f"{max(0.0, skill(score.value, baseline)):.0%}",
            skill=f"{LEAST_SKILL:.0%}",
            f1=str(LEAST_F1),
            auc=str(LEAST_AUC),
        )
        return lead, too_little
    told, untold = fidelity[fidelity["enough"]], fidelity[~fidelity["enough"]]
    sentences = [say("surrogate.segment", **_figures(row)) for _, row in told.head(TOLD).iterrows()]
    sentences += [say("surrogate.segment_without", **_figures(row)) for _, row in untold.head(TOLD).iterrows()]
    return (lead, *sentences, Said("surrogate.exact"))
