"""Drawing of what the model sees in each segment."""

from __future__ import annotations

import math
from collections.abc import Sequence

from workbench.contracts import Segment, Segmentation
from workbench.explain import Drivers
from workbench.report.blocks import Figure
from workbench.report.figures.canvas import as_block, canvas
from workbench.report.figures.heat import fits, heat_map
from workbench.report.figures.segments import numbered
from workbench.report.numbers import signed
from workbench.report.text import cut, short

TOP = 10
MOST_SEGMENTS = 12
_POWERS = {0: "", 3: "thousands of ", 6: "millions of ", 9: "billions of "}
LIGHT, STRONG = 0.1, 0.4
"""Parts of the largest difference from which a cell is shaded lightly, and strongly."""


def drivers_figure(segmentation: Segmentation, found: Sequence[tuple[Segment, Drivers]]) -> Figure | None:
    """Difference of mean contributions, columns by segments; ``None`` where there is nothing to draw.

    Args:
        found: of segments that may be shown, all for the same output.
    """
    differences = {
        (str(row["column"]), place): float(row["difference"])
        for place, (_, drivers) in enumerate(found)
        for row in drivers.table.to_dict("records")
    }
    strongest: dict[str, float] = {}
    for (name, _), value in differences.items():
        strongest[name] = max(strongest.get(name, 0.0), abs(value))
    columns = sorted(strongest, key=lambda name: -strongest[name])[:TOP]
    largest = max(strongest.values(), default=0.0)
    if not columns or largest == 0 or len(found) > MOST_SEGMENTS:
        return None
    labels = [cut(name, 26) for name in columns]
    with canvas(0.35 + 0.24 * len(labels)) as (drawing, axes):
        cells = {
            (row, place): differences[name, place]
            for row, name in enumerate(columns)
            for place in range(len(found))
            if (name, place) in differences
        }
        power = next((power for power in (9, 6, 3) if largest >= 10 ** (power + 1)), 0)
        texts = {at: _signed(value, largest, power) for at, value in cells.items()}
        heads = [str(segment.id) for segment, _ in found]
        heat_map(axes, labels, heads, cells, (LIGHT * largest, STRONG * largest), texts)
        space = found[0][1].output_space
        counted = f"{_POWERS[power]}{short(space)}"
        figures = "" if fits(texts, len(heads)) else " The figures stand in the table below."
        note = (
            "Mean contribution of the column in each segment (its number above) minus that among all other customers, "
            f"in {counted}: blue is lower, orange higher.{figures}"
        )
        alt = "; ".join(
            f"{short(numbered(segment), 60)}: "
            + ", ".join(
                f"{short(name, 60)} {signed(differences[name, place])}"
                for name in columns
                if (name, place) in differences
            )
            for place, (segment, _) in enumerate(found)
        )
        name = f"drivers-{segmentation.kind.value}"
        return as_block(drawing, name, f"What the model sees in the {segmentation.kind.value} segments", alt, note)


def _signed(value: float, largest: float, power: int) -> str:
    """A difference with as many decimals as all others; next to nothing is a plain zero."""
    widest = largest / 10**power
    decimals = max(int(widest < 100), 1 - math.floor(math.log10(widest)))
    text = f"{value / 10**power:+.{decimals}f}"
    return text if float(text) else "0"
