"""Planted random columns: what importance does a column get that knows nothing?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from pandas.api import types

from workbench.contracts import Column, Kind, Role, Table
from workbench.errors import InputError
from workbench.explain.columns import number_text
from workbench.explain.language import Language, Said, say, some_of
from workbench.pipelines.derived import unique_names

LEVELS = 5


@dataclass(frozen=True)
class NoiseFloor:
    """The importance that chance alone reaches in one model.

    Attributes:
        floor: the highest importance of a planted column, in the unit of the importance table.
        share: the same as a share of everything attributed.
        planted: names of the planted columns, most important first.
        below: real columns at or below the floor, most important first: they can't be told from chance.
        luck: how often a column that knows nothing comes to lie above the floor all the same: 1 of planted + 1.
        own: how many real columns there are.
    """

    floor: float
    share: float
    planted: tuple[str, ...]
    below: tuple[str, ...]
    luck: float
    own: int

    @property
    def sentence(self) -> str:
        """What it means, for people."""
        return self.told()

    @property
    def said(self) -> Said:
        """The same, before it is in a language."""
        several = len(self.planted) > 1
        floor, share = number_text(self.floor), f"{self.share:.1%}"
        lead = (
            say("planted.several", planted=len(self.planted), floor=floor, share=share)
            if several
            else say("planted.single", floor=floor, share=share)
        )
        if not self.below:
            return say("planted.above", lead=lead, own=self.own)
        return say("planted.below", lead=lead, columns=some_of(self.below), count=len(self.below))

    def told(self, language: Language = "en") -> str:
        """The sentence in ``language``."""
        return self.said.told(language)


def planted_columns(
    frame: pd.DataFrame, seed: int = 0, count: int = 3, *, columns: Sequence[str] | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The frame with random columns behind its own.

    In turn: a shuffled copy of an existing numeric column (as Boruta does, Kursa & Rudnicki 2010), a standard normal
    one and a category of five levels (random probes, Stoppiglia et al. 2003). The copied column is the one with the
    most different values: importances by trees favour such columns (Strobl et al. 2007). Where there is no numeric
    column, whole numbers up to the number of rows take its place.

    Args:
        columns: those that may be copied, such as the features; ``None`` allows all.
        count: how many; more of them make a surer floor.

    Returns:
        a new frame with the same index, and the names of the planted columns, none of which ``frame`` has.

    Raises:
        InputError: ``count`` is not positive.
    """
    if count < 1:
        raise InputError(f"{count} planted columns measure nothing; choose at least one.")
    random = np.random.default_rng(seed)
    numeric = _numeric(frame, list(frame.columns) if columns is None else list(columns))
    made: dict[str, pd.Series] = {}
    for place in range(count):
        kind = ("shuffled", "normal", "category")[place % 3]
        if kind == "shuffled":
            copied = numeric[(place // 3) % len(numeric)] if numeric else None
            values = random.permutation(len(frame))
            cells = pd.Series(values) if copied is None else frame[copied].iloc[values]
        elif kind == "normal":
            cells = pd.Series(random.normal(size=len(frame)))
        else:
            cells = pd.Series([f"level {code + 1}" for code in random.integers(LEVELS, size=len(frame))], dtype="str")
        made[f"planted {kind} {place + 1}"] = cells.set_axis(frame.index)
    names = unique_names([*map(str, frame.columns), *made])[len(frame.columns) :]
    planted = pd.DataFrame(dict(zip(names, made.values(), strict=True)), index=frame.index)
    return pd.concat([frame, planted], axis=1), tuple(names)


def planted_table(table: Table, seed: int = 0, count: int = 3) -> tuple[Table, tuple[str, ...]]:
    """The same with descriptions of the planted columns, for fits that need them; only features are copied."""
    frame, names = planted_columns(table.frame, seed, count, columns=list(table.features.columns))
    described = tuple(
        Column(
            name=name,
            kind=Kind.NUMBER if types.is_numeric_dtype(frame[name].dtype) else Kind.CATEGORY,
            role=Role.FEATURE,
            reason="planted to measure chance",
            missing=int(frame[name].isna().sum()),
            distinct=int(frame[name].nunique()),
        )
        for name in names
    )
    return replace(table, frame=frame, columns=(*table.columns, *described)), names


def noise_floor(importance: pd.DataFrame, planted: Sequence[str]) -> NoiseFloor:
    """Which real columns lie no higher than the best planted one.

    Args:
        importance: as ``importance_table`` gives it, of a model that was fitted with the planted columns.
        planted: their names.

    Raises:
        InputError: a planted column is not in the table, or none was planted.
    """
    own = importance[~importance["column"].isin(list(planted))].sort_values(
        "importance", ascending=False, kind="stable"
    )
    chance = importance[importance["column"].isin(list(planted))].sort_values(
        "importance", ascending=False, kind="stable"
    )
    absent = [name for name in planted if name not in set(chance["column"])]
    if absent or chance.empty:
        which = f"the planted column '{absent[0]}'" if absent else "any planted column"
        raise InputError(f"The importance table lacks {which}; fit the model with what `planted_columns` gives.")
    floor = float(chance["importance"].iloc[0])
    total = float(importance["importance"].sum())
    share = floor / total if total > 0 else 0.0
    below = tuple(str(name) for name in own.loc[own["importance"] <= floor, "column"])
    return NoiseFloor(
        floor=floor,
        share=share,
        planted=tuple(str(name) for name in chance["column"]),
        below=below,
        luck=1 / (len(chance) + 1),
        own=len(own),
    )


def _numeric(frame: pd.DataFrame, names: list[str]) -> list[str]:
    """Numeric columns with a value, those with most different values first."""
    sizes = {
        name: int(frame[name].nunique())
        for name in names
        if types.is_numeric_dtype(frame[name].dtype)
        and not types.is_bool_dtype(frame[name].dtype)
        and frame[name].notna().any()
    }
    return sorted(sizes, key=lambda name: -sizes[name])
