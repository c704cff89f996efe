"""How MLflow uses a logged champion: the loader module that a model names, carried along with its code."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.contracts.model import Model
from workbench.contracts.table import Table

Codes = dict[str, dict[float, str]]
"""For columns of codes such as ``01``: the text that a number stands for, by column."""


@dataclass(frozen=True)
class Scorer:
    """A champion behind MLflow's interface, and the content of a logged model's file.

    Attributes:
        model: takes raw tables.
        codes: MLflow reads CSV as pandas does, which makes the code ``01`` the number 1; this leads back.
        aliases: columns whose names were repaired, by the name that pandas gives them.
    """

    model: Model
    codes: Codes = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """What ``Model.scores`` gives for the rows of a raw table (or of what pandas makes a table of)."""
        frame = data if isinstance(data, pd.DataFrame) else pd.DataFrame(data)
        aliases = {found: name for found, name in self.aliases.items() if found in frame and name not in frame}
        if aliases:
            frame = frame.rename(columns=aliases)
        absent = [name for name in self.model.columns if name not in frame]
        if absent:
            raise ValueError(f"The table lacks columns that the model needs: {', '.join(map(repr, absent[:5]))}.")
        return self.model.scores(self._with_codes(frame))

    def _with_codes(self, frame: pd.DataFrame) -> pd.DataFrame:
        lost = {name: texts for name, texts in self.codes.items() if name in frame and _is_number(frame[name])}
        return frame.assign(**{name: _texts(frame[name], texts) for name, texts in lost.items()}) if lost else frame


def aliases_of(model: Model, table: Table) -> dict[str, str]:
    """Names that pandas gives to columns of the model which are called otherwise here."""
    return {check.alias: str(check.column) for check in table.checks if check.alias and check.column in model.columns}


def codes_of(frame: pd.DataFrame) -> Codes:
    """The codes of a table's text columns that would not survive being read as numbers."""
    found: Codes = {}
    for name in frame.columns:
        if _is_number(frame[name]):
            continue
        levels = frame[name].dropna().unique()
        texts = pd.Series([level for level in levels if isinstance(level, str)], dtype=object).str.strip()
        numbers = pd.to_numeric(texts, errors="coerce")
        known = pd.DataFrame({"text": texts, "number": numbers}).dropna().drop_duplicates("text")
        clear = known[~known["number"].duplicated(keep=False)]  # "1" beside "01": nobody can tell any more
        lost = clear[clear["text"] != clear["number"].map(_canonical)]
        if len(lost):
            found[str(name)] = dict(zip(lost["number"].astype(float), lost["text"], strict=True))
    return found


def _is_number(series: pd.Series) -> bool:
    kinds = pd.api.types
    return bool(kinds.is_numeric_dtype(series.dtype) and not kinds.is_bool_dtype(series.dtype))


def _canonical(number: float) -> str:
    return str(int(number)) if abs(number) < 1e15 and number == int(number) else repr(float(number))


def _texts(series: pd.Series, texts: dict[float, str]) -> pd.Series:
    cells = [cell if pd.isna(cell) else texts.get(float(cell), cell) for cell in series.tolist()]
    return pd.Series(cells, index=series.index, dtype=object)


def read(path: Path) -> Scorer:
    """The content of a model's file; pickled, so only our own store is read."""
    with path.open("rb") as file:
        scorer: Scorer = pickle.load(file)
    return scorer


def _load_pyfunc(path: str) -> Scorer:
    return read(Path(path))
