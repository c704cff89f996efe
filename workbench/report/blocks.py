"""What a report is made of, apart from any format: sections of paragraphs, lists, tables, figures and cards."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of plain text; ``tone`` is ``normal``, ``lead``, ``note`` or ``warning``."""

    text: str
    tone: str = "normal"
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]
    kind: str = field(default="bullets", init=False)


@dataclass(frozen=True)
class Grid:
    """A table; ``right`` are the indices of right-aligned columns."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str
    right: tuple[int, ...] = ()
    kind: str = field(default="grid", init=False)


@dataclass(frozen=True)
class Figure:
    """A drawing as SVG with the words that say what it shows."""

    name: str
    title: str
    alt: str
    svg: str
    kind: str = field(default="figure", init=False)


@dataclass(frozen=True)
class Card:
    """A strategy or another thing with a title, a badge and labelled lines."""

    title: str
    badge: str
    lines: tuple[tuple[str, str], ...]
    kind: str = field(default="card", init=False)


@dataclass(frozen=True)
class Facts:
    """A few figures that stand out: (label, value, detail)."""

    items: tuple[tuple[str, str, str], ...]
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True)
class Code:
    """Lines to be typed."""

    text: str
    kind: str = field(default="code", init=False)


Block = Paragraph | Bullets | Grid | Figure | Card | Facts | Code


@dataclass(frozen=True)
class Section:
    """A part of the report; ``id`` is its anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """The whole report."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
