"""A drawing to fill and its way to SVG: one style, text kept as text, labels never read as formulas."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from workbench.report.blocks import Figure

WIDTH = 4.7
"""Inches; wider drawings become unreadable on a telephone."""
INK, SOFT, ACCENT, SECOND, GRID = "#1d2733", "#6b7785", "#0b6e99", "#c2571a", "#dfe4ea"
SERIES = ("#0b6e99", "#c2571a", "#4b8b3b", "#8a4f9e", "#b3932a", "#3f6fb5", "#a83f5b", "#4d7f7f", "#7a6a58", "#555f6b")
LONGEST_LABEL = 34
_STYLE = {
    "svg.fonttype": "none",  # text stays text: it can be searched, and the browser finds a font for every script
    "text.parse_math": False,  # column names may hold dollar signs
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}
_LOCK = threading.Lock()  # matplotlib's settings belong to the whole process


@contextmanager
def canvas(height: float, *, width: float = WIDTH) -> Iterator[tuple[Any, Any]]:
    """A figure and its axes, in inches, in the house's style."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as Drawing

    with _LOCK, mpl.rc_context(_STYLE):
        drawing = Drawing(figsize=(width, height), layout="constrained")
        yield drawing, drawing.add_subplot()


def as_block(drawing: Any, name: str, title: str, alt: str) -> Figure:
    """The drawing as a block; call it inside the ``canvas`` block, where the style holds."""
    import matplotlib as mpl

    sink = io.StringIO()
    # ids inside the SVG come from this salt: two drawings on one page must not share any
    with mpl.rc_context({"svg.hashsalt": name}):
        drawing.savefig(sink, format="svg", metadata={"Date": None, "Creator": None})
    text = sink.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = text.replace("<svg ", '<svg role="img" ', 1)
    return Figure(name, title, alt, text.strip())


def label(text: object) -> str:
    """A name as a tick label: one line, not too long."""
    clean = "".join(sign if sign.isprintable() else " " for sign in str(text))
    return clean if len(clean) <= LONGEST_LABEL else clean[: LONGEST_LABEL - 1] + "…"


def bars(axes: Any, names: list[str], values: list[float], spans: list[tuple[float, float]] | None = None,
         colours: list[str] | None = None) -> None:  # fmt: skip
    """Horizontal bars from the top down, with intervals where they are given as (low, high)."""
    positions = list(range(len(names)))
    axes.barh(positions, values, height=0.62, color=colours or ACCENT)
    if spans is not None:
        below = [max(0.0, value - low) for value, (low, _) in zip(values, spans, strict=True)]
        above = [max(0.0, high - value) for value, (_, high) in zip(values, spans, strict=True)]
        axes.errorbar(values, positions, xerr=[below, above], fmt="none", ecolor=INK, elinewidth=1, capsize=2)
    axes.set_yticks(positions, [label(name) for name in names])
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=GRID, linewidth=0.7)
