"""A segment, its gap and its strategy as plain lines, for the screen and the clipboard alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.tui.widgets.reader import labelled
from workbench.tui.widgets.text import clean, fit, number, percent
from workbench.worker.views import SegmentationView


def segment_text(segment: Mapping[str, Any], view: SegmentationView, width: int) -> str:
    """Rule with its precision and coverage, outcome with its interval, profile against the rest, gap."""
    precision, coverage = percent(segment["precision"]), percent(segment["coverage"])
    lines = labelled("Rule", segment["rule"], width)
    lines += labelled(
        "", f"precision {precision}, coverage {coverage}, lift {number(segment['lift'], 3)}, held out", width
    )
    if segment.get("outcome_mean") is not None:
        interval = f"{number(segment['outcome_low'])} to {number(segment['outcome_high'])}"
        lines += labelled("Outcome", f"{view['outcome']} {number(segment['outcome_mean'])} (95% {interval})", width)
    if segment.get("gap") is not None:
        interval = f"{number(segment.get('gap_low'))} to {number(segment.get('gap_high'))}"
        lines += labelled("Gap", f"{number(segment['gap'])} (95% {interval}) {view['gap_unit']}", width)
    name = max(8, width - 27)
    lines += ["", f"{fit('Profile', name)} {'here':>8} {'others':>8} {'effect':>6}"]
    for row in segment["profile"]:
        what = f"{row['feature']} = {row['level']}" if row["level"] else row["feature"]
        lines.append(
            f"{fit(what, name)} {number(row['here']):>8} {number(row['others']):>8} {number(row['effect'], 2):>6}"
        )
    return "\n".join(lines)


def strategy_text(strategy: Mapping[str, Any] | None, width: int) -> str:
    """The strategy card: what, why, expected value with interval, test, grade, decision."""
    if strategy is None:
        return "No strategy was made for this segmentation.\nm shows the other one, which has them."
    lines = labelled("Recommend", strategy["recommend"], width)
    for at, reason in enumerate(strategy["reasons"]):
        lines += labelled("" if at else "Because", reason, width)
    if strategy["expected"]:
        lines += labelled("Expected", strategy["expected"], width)
    for at, assumption in enumerate(strategy["assumptions"]):
        lines += labelled("" if at else "Assuming", assumption, width)
    if strategy["test"]:
        lines += labelled("Check it", strategy["test"], width)
    lines += labelled("Evidence", f"{strategy['evidence']}: {strategy['grade_reason']}", width)
    if strategy["raise_grade"]:
        lines += labelled("To raise it", strategy["raise_grade"], width)
    if strategy["alternatives"]:
        lines += labelled("Instead", "; ".join(strategy["alternatives"]), width)
    lines += ["", _boxes(strategy["status"])]
    if strategy.get("note"):
        lines += labelled("Note", strategy["note"], width)
    return "\n".join(lines)


def _boxes(status: str) -> str:
    words = (("accepted", "accept (a)"), ("edited", "edit (E)"), ("rejected", "reject (X)"))
    return "   ".join(f"[{'x' if status == name else ' '}] {word}" for name, word in words)


def gap_text(gaps: Sequence[Mapping[str, Any]]) -> str:
    """Each gap: total, verdict, main assumption, back-test rows."""
    lines: list[str] = []
    for gap in gaps:
        lines.append(gap["kind"].upper())
        if not gap["available"]:
            lines += [f"  not computed: {clean(gap['missing'], 400)}", ""]
            continue
        lines.append(f"  total {number(gap['total'])} {clean(gap['unit'], 60)}")
        lines.append(f"  {clean(gap['verdict'], 400)}")
        lines.append(f"  assumes: {clean(gap['assumption'], 400)}")
        lines += [f"  {clean(name, 40)} {number(value)}" for name, value in gap["figures"].items() if value is not None]
        for row in gap["backtest"]:
            lines.append("  back-test  " + "  ".join(f"{name} {_show(value)}" for name, value in row.items()))
        lines.append("")
    return "\n".join(lines) or "No gap was measured in this run."


def _show(value: Any) -> str:
    return number(value) if isinstance(value, int | float) else clean(value, 40)
