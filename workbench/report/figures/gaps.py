"""Drawing of a gap by segment."""

from __future__ import annotations

from workbench.contracts import Gap
from workbench.report.blocks import Figure
from workbench.report.figures.canvas import ACCENT, as_block, bars, canvas


def gap_by_segment(gap: Gap, names: dict[int, str]) -> Figure:
    """Gap per customer by segment with interval."""
    rows = gap.per_segment.to_dict("records")
    shown = [names.get(int(row["segment"]), str(row["segment"])) for row in rows]
    with canvas(0.55 + 0.28 * len(rows)) as (drawing, axes):
        bars(
            axes,
            shown,
            [float(row["gap_mean"]) for row in rows],
            [
                (
                    float(row["low"]) / max(1.0, float(row["customers"])),
                    float(row["high"]) / max(1.0, float(row["customers"])),
                )
                for row in rows
            ],
            [ACCENT] * len(rows),
        )
        axes.set_xlabel(f"{gap.unit}, per customer")
        alt = "; ".join(f"{name} {float(row['gap_mean']):.3g}" for name, row in zip(shown, rows, strict=True))
        return as_block(drawing, f"gap-{gap.kind.name.lower()}", f"{gap.kind.value.capitalize()} per customer", alt)
