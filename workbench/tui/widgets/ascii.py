"""``--ascii``: every drawn sign of the interface becomes a plain one; what data hold is left alone."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_PAIRS = {
    "─━═╌╍┄┅▔▁": "-",
    "│┃║▏▕╎╏┆┇▎▍▌▐▊▋▉": "|",
    "┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝╠╣╦╩╬┏┓┗┛┣┫┳┻╋": "+",
    "█▇▆▅▄▃▂▀■▪◼": "#",
    "▰": "#",
    "▱░▒▓": ".",
    "•·●○◆◇⭘": "*",
    "▲▴↑⌃": "^",
    "▼▾↓⌄": "v",
    "▶▸→›❯": ">",
    "◀◂←‹": "<",
    "…": "~",
    "✓✔": "x",
    "✗✘×": "x",
    "–—−": "-",
    "≤": "<",
    "≥": ">",
    "±": "+",
    "★": "*",
}
TABLE = {ord(sign): plain for signs, plain in _PAIRS.items() for sign in signs}
TABLE |= dict.fromkeys(range(10241, 10496), "*") | {0x2800: " "}


class AsciiFilter(LineFilter):
    """Replaces drawing signs by ASCII ones of the same width, at the very last step before the terminal."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Transform one line."""
        return [
            segment
            if segment.text.isascii()
            else Segment(segment.text.translate(TABLE), segment.style, segment.control)
            for segment in segments
        ]
