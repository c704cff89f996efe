"""Dates: position in time and in the calendar."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.pipelines import cleaning
from workbench.pipelines.derived import Derived
from workbench.pipelines.parts._base import Part, varies

CALENDAR = ("days", "year", "month", "day", "weekday", "hour")


class DatePart(Part):
    """Days since the first date of the fit, year, month, day of the month, weekday (Monday is 0) and hour.

    Parts that never change are left out. Time zones are taken to UTC.
    """

    lacking = "hold no date"

    def fit(self, series: pd.Series, seed: int) -> DatePart:
        """Find the text format, the first day and the parts that vary."""
        days, self._layout = cleaning.moments(series)
        lost = int(np.isnan(days).sum()) - int(series.isna().sum())
        if lost > 0:
            self.notices.append(f"'{self.source}': {lost:,} cells hold no date and count as missing.")
        if np.isnan(days).all():
            return self
        self._first = float(np.floor(np.nanmin(days)))
        table = self._table(days)
        # a part that only tells missing from present would repeat what the days say already
        self._places = [
            place
            for place, name in enumerate(CALENDAR)
            if (varies(table[:, place]) if name == "days" else np.unique(table[~np.isnan(days), place]).size > 1)
        ]
        self.derived = tuple(
            Derived(f"{self.source} · {CALENDAR[place]}", (self.source,), "date") for place in self._places
        )
        return self

    def _table(self, days: np.ndarray) -> np.ndarray:
        table = np.full((days.size, len(CALENDAR)), np.nan, dtype=np.float32)
        known = ~np.isnan(days)
        # nanoseconds carry years 1678 to 2261; what lies outside keeps its days and the nearest calendar
        within = np.clip(days[known], -106_000, 106_000)
        stamps = pd.DatetimeIndex(pd.to_datetime(np.round(within * 86_400).astype(np.int64), unit="s"))
        table[known, 0] = days[known] - self._first
        for place, name in enumerate(CALENDAR[1:], start=1):
            table[known, place] = np.asarray(getattr(stamps, name), dtype=np.float32)
        return table

    def transform(self, series: pd.Series) -> np.ndarray:
        """Shape (rows, parts)."""
        if not self.derived:
            return np.empty((len(series), 0), dtype=np.float32)
        days, _ = cleaning.moments(series, self._layout)
        return self._table(days)[:, self._places]
