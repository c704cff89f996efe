"""What a delimited text file does not say of itself: its encoding, its separator and its quotes."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

SAMPLE = 256 * 1024
"""Characters that are looked at to find the separator."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_SEPARATORS = (",", ";", "\t", "|")
csv.field_size_limit(1 << 30)  # a cell may be long; the default refuses 131 kB
_HIGH = re.compile(rb"[\x80-\xff]+")


def sniff_encoding(content: bytes) -> str:
    """The encoding as Python calls it; never fails, since ``latin-1`` reads anything.

    A byte-order mark decides; else UTF-8 where the whole content is valid; else GB18030 where the characters that it
    gives are mostly the everyday Chinese ones (first plane of GB 2312); else a Western code page, or, for other
    alphabets, what charset-normalizer finds.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    if (wide := _wide(content)) is not None:
        return wide
    if content.isascii() or _decodes(content, "utf-8"):
        return "utf-8"
    return _single_or_chinese(content)


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of mostly Latin text is zero."""
    head = content[:4096]
    if len(head) < 4 or len(content) % 2:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) / 2
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _single_or_chinese(content: bytes) -> str:
    runs = b" ".join(_HIGH.findall(content[: 4 * SAMPLE]) or _HIGH.findall(content))
    pairs = re.findall(rb"[\xa1-\xfe][\xa1-\xfe]", runs)
    # In GB 2312 the lead bytes B0 to D7 are the everyday characters, A1 to A3 punctuation and full-width letters.
    everyday = sum(1 for pair in pairs if 0xB0 <= pair[0] <= 0xD7 or pair[0] <= 0xA3)
    high = len(runs.replace(b" ", b""))
    if pairs and everyday >= 0.6 * len(pairs) and 2 * len(pairs) >= 0.6 * high and _decodes(content, "gb18030"):
        return "gb18030"
    letters = len(re.findall(rb"[A-Za-z]", content[: 4 * SAMPLE]))
    if high > 0.5 * (letters + 1) and (other := _normalizer(content)) is not None:
        return other
    return "cp1252" if _decodes(content, "cp1252") else "latin-1"


def _normalizer(content: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:SAMPLE]).best()
    if best is None or not _decodes(content, best.encoding):
        return None
    return "gb18030" if best.encoding in ("gb2312", "gbk", "gb18030") else str(best.encoding)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


@dataclass(frozen=True)
class Dialect:
    """How cells are divided.

    Attributes:
        separator: one character.
        quote: the quotation mark, or empty where quotes are ordinary characters.
        skip: lines before the header (a ``sep=;`` line as spreadsheets write it).
    """

    separator: str
    quote: str = '"'
    skip: int = 0


def sniff_dialect(text: str, preferred: str | None = None) -> Dialect:
    """The separator under which most records have as many cells as the header.

    Args:
        text: the beginning of the file.
        preferred: separator that the file's ending promises; it wins ties.
    """
    told = re.match(r"\s*sep=([,;\t|:])\r?\n", text)
    if told:
        return Dialect(told.group(1), skip=1)
    sample = text[:SAMPLE]
    if len(text) > SAMPLE:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    candidates = [Dialect(separator, quote) for quote in ('"', "'") for separator in _SEPARATORS]
    scored = [(_score(sample, dialect, preferred), dialect) for dialect in candidates]
    (agreement, _, _), dialect = max(scored, key=lambda pair: pair[0][:2])
    if agreement > 0:
        return dialect
    return Dialect(preferred or ",")


def _score(sample: str, dialect: Dialect, preferred: str | None) -> tuple[float, float, int]:
    """Agreement with the header (0 to 1, coarse), then a tie-break, and the header's number of cells."""
    try:
        records = [row for _, row in zip(range(500), _records(sample, dialect), strict=False) if row]
    except csv.Error:
        return 0.0, 0.0, 0
    if not records or len(records[0]) < 2:
        return 0.0, 0.0, 0
    width = len(records[0])
    body = Counter(len(row) for row in records[1:])
    agreement = body[width] / max(1, len(records) - 1) if len(records) > 1 else 0.5
    if dialect.quote == "'":  # an apostrophe is rarely a quotation mark: most header cells must stand in them
        framed = sum(name.startswith("'") and name.endswith("'") for name in _plain(sample, dialect.separator))
        if framed < width:
            return 0.0, 0.0, 0
    tie = width + (1000.0 if dialect.separator == preferred else 0.0) + (0.5 if dialect.quote == "'" else 0.0)
    return round(agreement, 1), tie, width


def _records(sample: str, dialect: Dialect) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(sample, newline=""), delimiter=dialect.separator, quotechar=dialect.quote)


def _plain(sample: str, separator: str) -> list[str]:
    return next(iter(sample.splitlines()), "").split(separator)
