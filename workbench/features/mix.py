"""What was bought: spend by entity and goods up to an instant, as arrays in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.features._sql import MONEY_SCALE
from workbench.features.event_store import EventStore


@dataclass(frozen=True)
class Mix:
    """Spend by entity and category in a window.

    Attributes:
        entities: the index that ``rows`` points into.
        rows: position of the entity, shape (cells,).
        names: category of the cell, shape (cells,), text; cells are sorted by entity, then name.
        values: net money in whole ten-thousandths, shape (cells,), integers.
    """

    entities: pd.Index
    rows: np.ndarray
    names: np.ndarray
    values: np.ndarray

    def largest(self, count: int, *, least_buyers: int = 1) -> tuple[str, ...]:
        """The categories with the most spend, largest first, ties by name."""
        cells = pd.DataFrame({"name": self.names, "value": self.values, "buyer": self.values > 0})
        totals = cells.groupby("name", sort=True)[["value", "buyer"]].sum()
        totals = totals[(totals["buyer"] >= least_buyers) & (totals["value"] > 0)]
        return tuple(totals.sort_values("value", ascending=False, kind="stable").index[:count])

    def table(self, categories: tuple[str, ...]) -> pd.DataFrame:
        """Money by entity and category, shape (entities, categories), zero where nothing was bought."""
        column = pd.Index(categories, dtype=object).get_indexer(pd.Index(self.names, dtype=object))
        known = column >= 0
        amounts = np.zeros((len(self.entities), len(categories)))
        amounts[self.rows[known], column[known]] = self.values[known] / MONEY_SCALE
        return pd.DataFrame(amounts, index=self.entities, columns=pd.Index(categories, dtype=object))


def mix(
    store: EventStore, entities: pd.Index, level: str, *, since: int | None = None, until: int | None = None
) -> Mix:
    """Net spend by entity and ``category`` or ``department`` in [since, until), of the given entities only."""
    conditions = [text for text, bound in (("ts >= $since", since), ("ts < $until", until)) if bound is not None] or [
        "true"
    ]
    parameters = {name: bound for name, bound in (("since", since), ("until", until)) if bound is not None}
    cells = store.ask(
        "SELECT entity, code, CAST(sum(value) AS BIGINT) AS value FROM lines "  # noqa: S608 - fixed texts
        f"WHERE {' AND '.join(conditions)} GROUP BY entity, code",
        **parameters,
    )
    goods = store.goods[level]
    names, labels = pd.factorize(goods, sort=True)
    place = np.full(int(goods.index.max() if len(goods) else 0) + 1, -1)
    place[goods.index.to_numpy()] = names
    rows = entities.get_indexer(pd.Index(cells["entity"]))
    number = place[cells["code"].to_numpy()]
    known = (rows >= 0) & (number >= 0)
    frame = pd.DataFrame({"row": rows[known], "number": number[known], "value": cells["value"].to_numpy()[known]})
    summed = frame.groupby(["row", "number"], sort=True, as_index=False)["value"].sum()
    return Mix(
        entities=entities,
        rows=summed["row"].to_numpy(),
        names=np.asarray(labels, dtype=object)[summed["number"].to_numpy()],
        values=summed["value"].to_numpy(),
    )


def breadth(cells: Mix) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Categories bought, the entropy of the spend over them (bits) and the share of the largest, each (entities,)."""
    positive = cells.values > 0
    rows, values = cells.rows[positive], cells.values[positive].astype(float)
    size = len(cells.entities)
    count = np.bincount(rows, minlength=size)
    total = np.bincount(rows, weights=values, minlength=size)
    share = values / total[rows]
    entropy = np.bincount(rows, weights=-share * np.log2(share), minlength=size)
    largest = np.zeros(size)
    np.maximum.at(largest, rows, share)
    nothing = count == 0
    return count, np.where(nothing, np.nan, entropy + 0.0), np.where(nothing, np.nan, largest)
