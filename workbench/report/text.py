"""Text from tables made fit to print: one line, no control signs, not too long, broken where a label is narrow."""

from __future__ import annotations

import re
import unicodedata


def clean(text: str) -> str:
    """The text without signs that control a screen, a file or the direction of what follows."""
    return "".join(sign if sign.isprintable() or sign in "\n\u00a0" else " " for sign in text)


def short(text: str, longest: int = 120) -> str:
    """Cell text as one line that a table can hold."""
    line = " ".join(clean(text[: 4 * longest]).split())
    return line if len(line) <= longest and len(text) <= 4 * longest else line[: longest - 1].rstrip(" …") + "…"


def quoted(name: str, longest: int = 60) -> str:
    """The name of a column, as the sentences of an explanation quote it."""
    return f"'{short(name, longest)}'"


def columns_wide(text: str) -> int:
    """Width in narrow letters: a Chinese sign takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def cut(text: str, width: int) -> str:
    """The text in at most ``width`` narrow letters, with … where something is missing."""
    line = short(text, 4 * width)
    if columns_wide(line) <= width:
        return line
    kept = ""
    for sign in line:
        if columns_wide(kept + sign) >= width:
            break
        kept += sign
    return kept.rstrip(" ·_-,…") + "…"


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """The text in at most ``lines`` lines of ``width`` narrow letters, broken between words where possible."""
    made: list[str] = [""]
    for word in re.findall(r"[^\s_·/-]*[\s_·/-]*", short(text, 6 * width)):
        rest = word
        while rest:
            if columns_wide(made[-1] + rest.rstrip()) <= width:
                made[-1] += rest
                break
            if not made[-1]:  # a word longer than a line is broken where it must
                piece = cut(rest, width + 1).removesuffix("…") or rest[0]
                made[-1], rest = piece, rest[len(piece) :]
            made.append("")
    made = [line.strip() for line in made if line.strip()]
    if len(made) > lines:
        made = [*made[: lines - 1], cut(" ".join(made[lines - 1 :]), width)]
    return "\n".join(made)
