"""How wide the columns of a table may be on a narrow terminal: sentences break first, names and figures last."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len

GAP = 2
"""Blanks between two columns."""
LONGEST_WORD, NARROW, WIDE_SIGNS = 24, 8, 10
"""Signs of a word that are kept together while there is room, those that a column holds at least, and of Chinese."""
_FIGURES = re.compile(r"[-+\d.,%\s/]*(?:(?:to|至|…)[-+\d.,%\s/]*)?")


def fitting(columns: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """The width of each column of a table in so much room; ``None`` where nothing has to be narrowed.

    Args:
        columns: the texts of each column, its heading first.
        room: of the whole line.
    """
    widths = [max(map(cell_len, column)) for column in columns]
    room -= GAP * (len(columns) - 1)
    if sum(widths) <= room:
        return None
    words = [max(map(_longest_word, column)) for column in columns]
    figures = [all(_FIGURES.fullmatch(cell) for cell in column[1:]) for column in columns]
    whole = [max(_longest_word(column[0]), *map(cell_len, column[1:]), 0) for column in columns]

    def least(of_figures: Sequence[int], of_words: Sequence[int]) -> list[int]:
        return [one if figure else other for figure, one, other in zip(figures, of_figures, of_words, strict=True)]

    broken = [min(width, NARROW) for width in words]
    # headings and sentences are broken between words, then intervals; then words where they must, figures last
    for step in (least(whole, words), words, least(words, broken), broken):
        _narrow(widths, step, room)
    return widths


def _narrow(widths: list[int], least: Sequence[int], room: int) -> None:
    """Take from the widest column that may still give, one by one, until the others fit."""
    while sum(widths) > room:
        giving = [place for place, width in enumerate(widths) if width > least[place]]
        if not giving:
            return
        widths[max(giving, key=lambda place: widths[place])] -= 1


def _longest_word(text: str) -> int:
    # the two ends of an interval make two lines, not three
    return max((_word(word) for word in re.split(r"\s+(?!to\s)", text)), default=0)


def _word(word: str) -> int:
    length = cell_len(word)
    if length == len(word) or _FIGURES.fullmatch(word):
        return min(length, LONGEST_WORD)
    return min(length, WIDE_SIGNS)  # Chinese has no blanks


def wrapped(text: str, room: int) -> str:
    """The text with line ends between its words where a line is full; a longer word, such as a path, stays whole."""
    lines = [""]
    for piece in re.split(r"(?<=\S)(?= +\S)", text):
        if lines[-1].strip() and cell_len(lines[-1] + piece) > room and cell_len(piece) <= room:
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    return "\n".join(lines)
