"""A drawing to fill and its way to SVG: one style, text kept as text, labels never read as formulas."""

from __future__ import annotations

import io
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from workbench.report.blocks import Figure
from workbench.report.text import clean, cut, wrapped

WIDTH = 4.1
"""Inches; a wider drawing has letters under 11 pixels on a telephone."""
INK, SOFT, ACCENT, SECOND, GRID = "#1d2733", "#5d6976", "#0b6e99", "#b84e12", "#dfe4ea"
SERIES = ("#0b6e99", "#b84e12", "#3f7a30", "#8a4f9e", "#8a6d12", "#3f6fb5", "#a83f5b", "#3f7272", "#7a6a58", "#555f6b")
LABEL_WIDTH = 23
"""Narrow letters in a line of a row label."""
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
    "xtick.major.size": 2,
    "ytick.major.size": 2,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}
DOTS = 200
"""Of a PNG in an inch."""
_EASTERN = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", "SimHei",
            "Noto Sans CJK JP", "Hiragino Sans", "Arial Unicode MS")  # fmt: skip
"""Fonts with signs that matplotlib's own lacks: an SVG leaves the choice to the browser, a PNG can't."""
_IMAGES: ContextVar[dict[str, bytes] | None] = ContextVar("images", default=None)
_IMAGE_ONLY = "image only"
_LOCK = threading.Lock()  # matplotlib's settings belong to the whole process


@contextmanager
def canvas(height: float, *, width: float = WIDTH) -> Iterator[tuple[Any, Any]]:
    """A figure and its axes, in inches, in the house's style."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as Drawing

    style = _STYLE if _IMAGES.get() is None else {**_STYLE, "font.family": ["sans-serif", *_eastern_fonts()]}
    with _LOCK, mpl.rc_context(style), warnings.catch_warnings():
        # The drawing holds text, not outlines: the reader's browser has the font that this machine may lack.
        warnings.filterwarnings(
            "ignore", message="Glyph .* missing|Matplotlib currently does not support", append=False
        )
        drawing = Drawing(figsize=(width, height), layout="constrained")
        axes = drawing.add_subplot()
        axes.locator_params(axis="x", nbins=5)
        yield drawing, axes


def as_block(drawing: Any, name: str, title: str, alt: str, note: str = "") -> Figure:
    """The drawing as a block; call it inside the ``canvas`` block, where the style holds."""
    import matplotlib as mpl

    sink = io.StringIO()
    # ids inside the SVG come from this salt: two drawings on one page must not share any
    with mpl.rc_context({"svg.hashsalt": name}):
        drawing.savefig(sink, format="svg", metadata={"Date": None, "Creator": None})
    if (images := _IMAGES.get()) is not None:
        for artist in drawing.findobj(lambda each: each.get_gid() == _IMAGE_ONLY):
            artist.set_visible(True)
        image = io.BytesIO()
        drawing.savefig(image, format="png", dpi=DOTS, facecolor="white", metadata={"Software": None})
        images[name] = image.getvalue()
    return Figure(name, clean(title), clean(alt), _slim(sink.getvalue()), clean(note))


@contextmanager
def also_png() -> Iterator[dict[str, bytes]]:
    """Within it every drawing is rendered as PNG as well; the images come by the drawing's name."""
    images: dict[str, bytes] = {}
    token = _IMAGES.set(images)
    try:
        yield images
    finally:
        _IMAGES.reset(token)


def _eastern_fonts() -> list[str]:
    from matplotlib import font_manager

    there = set(font_manager.get_font_names())
    return [name for name in _EASTERN if name in there][:1]


def _slim(text: str) -> str:
    """The drawing alone: no header, no ids that nothing refers to, no rule that would style the page around it."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"<(g|use) id=\"[^\"]*\"", r"<\1", text)
    text = re.sub(r" transform=\"rotate\(-0 [^\"]*\"", "", text)
    text = re.sub(r"font-size: ([\d.]+)px; font-family: [^;\"]*(; )?", r"font-size: \1px; ", text)
    text = re.sub(r" d=\"[^\"]*\"", lambda path: _rounded(path[0]), text)
    text = re.sub(r"\b(x|y)=\"(-?\d+\.\d\d)\d+\"", r'\1="\2"', text)
    text = re.sub(r">\s+<", "><", text)
    return text.replace("<svg ", '<svg font-family="sans-serif" stroke-linejoin="round" ', 1).strip()


def _rounded(path: str) -> str:
    path = re.sub(r"-?\d+\.\d+", lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), path)
    path = re.sub(r"M (\S+ \S+) \nL \1 ?\n", r"M\1h0", path)  # a dot
    return re.sub(r"\s*\n\s*", "", path)


def dots(axes: Any, x: np.ndarray, y: np.ndarray, colour: str, size: float = 3.0, alpha: float = 1.0) -> None:
    """Points as one path of round strokes: a tenth of the size of a marker each."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    shown = np.isfinite(x) & np.isfinite(y)
    if not shown.any():
        return
    places = np.column_stack([x[shown], y[shown]]).repeat(2, axis=0)
    path = Path(places, [Path.MOVETO, Path.LINETO] * int(shown.sum()))
    path.should_simplify = False  # strokes without length are the points
    patch = PathPatch(path, edgecolor=colour, facecolor="none", linewidth=size, alpha=alpha,
                      capstyle="round")  # fmt: skip
    axes.add_patch(patch)
    axes.update_datalim(places)
    axes.autoscale_view()
    if _IMAGES.get() is not None:
        # a PNG has no strokes without length: markers stand in for them there
        axes.plot(x[shown], y[shown], "o", color=colour, alpha=alpha, markersize=size, markeredgewidth=0,
                  gid=_IMAGE_ONLY, visible=False)  # fmt: skip


def label(text: object, width: int = LABEL_WIDTH, lines: int = 2) -> str:
    """A name as a label of a row: two short lines at most."""
    return wrapped(str(text), width, lines)


def line(text: object, width: int = 44) -> str:
    """A name as an axis title: one line."""
    return cut(str(text), width)


def tall(labels: list[str], row: float = 0.24, other: float = 0.55) -> float:
    """Inches that rows with these labels take."""
    return other + sum(row if "\n" not in text else max(row, 0.33) for text in labels)


def rows_at(labels: list[str], row: float = 0.24) -> list[float]:
    """Middle of each row, so that rows with two lines get more room."""
    places, below = [], 0.0
    for text in labels:
        height = 1.0 if "\n" not in text else max(row, 0.33) / row
        places.append(below + height / 2 - 0.5)
        below += height
    return places


def name_rows(axes: Any, labels: list[str], places: list[float]) -> None:
    """Label the rows from the top down."""
    axes.set_yticks(places, labels, linespacing=0.95)
    axes.set_ylim(places[-1] + 0.75, places[0] - 0.75)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=GRID, linewidth=0.7)


def bars(axes: Any, labels: list[str], values: list[float], spans: list[tuple[float, float]] | None = None,
         colours: list[str] | None = None) -> None:  # fmt: skip
    """Horizontal bars from the top down, with intervals where they are given as (low, high)."""
    places = rows_at(labels)
    axes.barh(places, values, height=0.62, color=colours or ACCENT)
    if spans is not None:
        below = [
            max(0.0, value - low) if np.isfinite(low) else 0.0 for value, (low, _) in zip(values, spans, strict=True)
        ]
        above = [
            max(0.0, high - value) if np.isfinite(high) else 0.0 for value, (_, high) in zip(values, spans, strict=True)
        ]
        axes.errorbar(values, places, xerr=[below, above], fmt="none", ecolor=INK, elinewidth=1, capsize=2)
    name_rows(axes, labels, places)
