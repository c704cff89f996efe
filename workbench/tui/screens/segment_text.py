"""A segment, its gap and its strategy as plain lines, for the screen and the clipboard alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.tui.widgets.text import clean, fit, number, percent
from workbench.worker.views import SegmentationView


def segment_text(segment: dict[str, Any], view: SegmentationView) -> str:
    """Rule with its precision and coverage, outcome with its interval, profile against the rest, gap."""
    lines = [f"Rule      {clean(segment['rule'])}"]
    lines.append(
        f"          precision {percent(segment['precision'])}, coverage {percent(segment['coverage'])}, "
        f"lift {number(segment['lift'], 3)} (held out)"
    )
    if segment.get("outcome_mean") is not None:
        interval = f"{number(segment['outcome_low'])} to {number(segment['outcome_high'])}"
        lines.append(f"Outcome   {clean(view['outcome'] or '')} {number(segment['outcome_mean'])} (95% {interval})")
    if segment.get("gap") is not None:
        lines.append(
            f"Gap       {number(segment['gap'])} (95% {number(segment.get('gap_low'))} to "
            f"{number(segment.get('gap_high'))}) {clean(view['gap_unit'], 40)}"
        )
    lines += ["", f"{fit('Profile', 26)} {'here':>10} {'others':>10} {'effect':>7}"]
    for row in segment["profile"]:
        name = f"{row['feature']} = {row['level']}" if row["level"] else row["feature"]
        lines.append(
            f"{fit(name, 26)} {number(row['here']):>10} {number(row['others']):>10} {number(row['effect'], 3):>7}"
        )
    return "\n".join(lines)


def strategy_text(strategy: dict[str, Any] | None) -> str:
    """The strategy card: what, why, expected value with interval, test, grade, decision."""
    if strategy is None:
        return (
            "No strategy was made for this segmentation.\nm shows the other one; strategies are made for one of them."
        )
    lines = [f"Recommend   {clean(strategy['recommend'], 400)}"]
    for at, reason in enumerate(strategy["reasons"]):
        lines.append(f"{'Because' if at == 0 else '':<11} {clean(reason, 400)}")
    if strategy["expected"]:
        lines.append(f"Expected    {clean(strategy['expected'], 400)}")
    lines += [
        f"{'Assuming' if at == 0 else '':<11} {clean(text, 300)}" for at, text in enumerate(strategy["assumptions"])
    ]
    if strategy["test"]:
        lines.append(f"Check it    {clean(strategy['test'], 400)}")
    lines.append(f"Evidence    {clean(strategy['evidence'])}: {clean(strategy['grade_reason'], 400)}")
    if strategy["raise_grade"]:
        lines.append(f"To raise it {clean(strategy['raise_grade'], 400)}")
    if strategy["alternatives"]:
        lines.append(f"Instead     {clean('; '.join(strategy['alternatives']), 400)}")
    marks = {"accepted": "accept", "edited": "edit", "rejected": "reject"}
    boxes = "   ".join(
        f"[{'x' if strategy['status'] == status else ' '}] {word} ({key})"
        for (status, word), key in zip(marks.items(), "aEX", strict=True)
    )
    lines += ["", boxes]
    if strategy.get("note"):
        lines.append(f"Note        {clean(strategy['note'], 400)}")
    return "\n".join(lines)


def gap_text(gaps: Sequence[dict[str, Any]]) -> str:
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
