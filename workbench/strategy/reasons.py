"""Why a play fits a segment: sentences from its profile, its gaps and the model's levers."""

from __future__ import annotations

from workbench.contracts import Gap, GapReport, ProfileRow, Segment
from workbench.strategy.axes import EFFECT, Axes

SIGNIFICANT = 0.05
SHOWN = 3


def profile_sentence(segment: Segment) -> str:
    """The largest differences from the other customers that are neither small nor likely chance."""
    rows = [row for row in segment.profile if row.q_value < SIGNIFICANT and abs(row.effect) >= EFFECT][:SHOWN]
    if not rows:
        return "Its profile differs little from the other customers'."
    return "Against the other customers: " + "; ".join(_difference(row) for row in rows) + "."


def _difference(row: ProfileRow) -> str:
    if row.level:
        return f"'{row.feature}' is '{row.level}' for {row.segment_value:.0%} (others {row.rest_value:.0%})"
    return f"'{row.feature}' {_figure(row.segment_value)} (others {_figure(row.rest_value)})"


def _widest(gap: Gap, segment: int) -> str:
    """The category in which a gap by category is widest here; empty for other gaps."""
    if "top_category" not in gap.per_segment:
        return ""
    found = gap.per_segment.loc[gap.per_segment["segment"] == segment, "top_category"].dropna()
    return f", widest in '{found.iloc[0]}'" if len(found) else ""


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def gap_sentences(axes: Axes, gaps: GapReport | None, segment: int) -> list[str]:
    """One sentence a measured gap: its size here, where it is widest, and what the back-test says of it."""
    sentences = []
    for gap in gaps.gaps if gaps else ():
        if gap.kind not in axes.gap_means:
            continue
        mean, low, high = axes.gap_means[gap.kind]
        judged = "held in the back-test" if gap.holds else "did not hold in the back-test"
        if not gap.tested:
            judged = "could not be back-tested"
        sentences.append(
            f"The {gap.kind.value} gap is {axes.gaps[gap.kind]}: {_figure(mean)} {gap.unit} a customer "
            f"({_figure(low)} to {_figure(high)}){_widest(gap, segment)}; it {judged}."
        )
    return sentences
