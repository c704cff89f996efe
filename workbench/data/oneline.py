"""Text from a file on one line: without what breaks a line, hides, or turns the writing direction around."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200
"""Characters of a name that are kept."""

_INVISIBLE = dict.fromkeys([0xFEFF, 0x200B, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Byte-order mark, zero-width space and the characters that turn the writing direction around: they let a name
look like another one. Joiners inside emoji and Arabic words are left alone."""


def clean_name(name: str) -> str:
    """The name on one line, without control and direction characters and without blanks at its ends."""
    shown = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in name)
    shown = shown.translate(_INVISIBLE).encode("utf-8", "replace").decode("utf-8")
    shown = re.sub(r"\s+", " ", shown).strip() if shown != name or name != name.strip() else name
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
