"""What a report is made of, apart from any format: sections of paragraphs, lists, tables, figures and cards."""

from __future__ import annotations

from dataclasses import dataclass, field

LONG_WORD = 24
"""Letters; longer words may be broken anywhere, or one of them would push the table off the page."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``tone`` is ``normal``, ``lead``, ``first`` (what to do first), ``note`` or ``warning``."""

    text: str
    tone: str = "normal"
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True)
class Bullets:
    """A list of sentences.

    Attributes:
        language: they are in, where it is not the report's own.
    """

    items: tuple[str, ...]
    language: str = "en"
    kind: str = field(default="bullets", init=False)


@dataclass(frozen=True)
class Grid:
    """A table.

    Attributes:
        right: indices of right-aligned columns, which hold numbers.
        wide: indices of columns that hold sentences or names and must not be squeezed.
        collapsed: whether a reader on a screen must ask for it; on paper it is open.
        note: a sentence below the caption that says how to read it.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str
    right: tuple[int, ...] = ()
    wide: tuple[int, ...] = ()
    collapsed: bool = False
    note: str = ""
    kind: str = field(default="grid", init=False)

    def classes(self, column: int, cell: str = "") -> str:
        """Names of the styles of a cell: those of its column, and ``long`` where a word would not fit."""
        names = [name for name, chosen in (("right", self.right), ("wide", self.wide)) if column in chosen]
        return " ".join([*names, "long"] if any(len(word) > LONG_WORD for word in cell.split()) else names)


@dataclass(frozen=True)
class Figure:
    """A drawing as SVG with the words that say what it shows.

    Attributes:
        name: of the file, unique in a report.
        alt: what it shows, for those who can't see it.
        note: unit and legend, below the title.
    """

    name: str
    title: str
    alt: str
    svg: str
    note: str = ""
    kind: str = field(default="figure", init=False)


@dataclass(frozen=True)
class Card:
    """A strategy or another thing.

    Attributes:
        badge: a word or two that qualify it.
        facts: figures at a glance: (label, value, detail).
        lines: labelled sentences; one without a label goes on with the label before.
        details: a table that a reader may open.
    """

    title: str
    badge: str
    lines: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str, str], ...] = ()
    details: Grid | None = None
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


@dataclass(frozen=True)
class FigureRow:
    """Neighbouring figures, side by side where there is room; made by ``arranged``, not by sections."""

    figures: tuple[Figure, ...]
    kind: str = field(default="figures", init=False)


Block = Paragraph | Heading | Bullets | Grid | Figure | Card | Facts | Code


@dataclass(frozen=True)
class Section:
    """A part of the report; ``id`` is its anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...]

    def arranged(self) -> tuple[Block | FigureRow, ...]:
        """The blocks with neighbouring figures in one row."""
        arranged: list[Block | FigureRow] = []
        for block in self.blocks:
            if not isinstance(block, Figure):
                arranged.append(block)
            elif arranged and isinstance(arranged[-1], FigureRow):
                arranged[-1] = FigureRow((*arranged[-1].figures, block))
            else:
                arranged.append(FigureRow((block,)))
        return tuple(arranged)


@dataclass(frozen=True)
class Report:
    """The whole report."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
