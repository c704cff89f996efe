"""CSV, TSV and TXT, also gzipped: every cell as text, in the file's order, no row lost."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from workbench.contracts import Check
from workbench.data._base import Raw
from workbench.data.findings import info, rows_of, warning
from workbench.data.sniff import Dialect, sniff_dialect, sniff_encoding
from workbench.errors import InputError

_BLOCK = 8 << 20
_LONG = 1 << 30
"""Bytes of a column from which its cells get long offsets."""
_HEAD = 1 << 20


class DelimitedReader:
    """Text with a separator. See ``Reader``."""

    format = "csv"
    suffixes = (".csv.gz", ".tsv.gz", ".txt.gz", ".csv", ".tsv", ".tab", ".txt")

    def read(self, path: Path, content: bytes) -> Raw:
        """See ``Reader.read``; ``details`` tell encoding and separator."""
        whole = len(content)
        if content.startswith(b"\x1f\x8b"):
            content = _unzipped(path, content)
        content, encoding = _as_utf8(content)
        head = content[:_HEAD].decode("utf-8", "ignore")
        if not head.strip() and not content.strip():
            raise InputError(f"{path} is empty; choose a table with a header and rows.")
        if head.count("\x00") > 0.01 * len(head):
            raise InputError(f"{path} is not a text table (it holds binary data); export it as CSV, Parquet or Excel.")
        dialect = sniff_dialect(head, "\t" if ".tsv" in path.name.lower() else None)
        for _ in range(dialect.skip):
            content = content.partition(b"\n")[2]
        content = content.lstrip(b"\r\n") if content[:1] in (b"\r", b"\n") else content
        names = _header(content, dialect)
        marks = content.count(dialect.quote.encode()) if dialect.quote else 0
        if encoding == "utf-8" and len(content) == whole and path.is_file() and path.stat().st_size == whole:
            text = _Text(path, None, whole, marks)
            del content  # what stands in the file as it is, is read from there: beside its cells it would double them
        else:
            text = _Text(path, content, len(content), marks)
        columns, checks = _cells(text, dialect, len(names))
        if encoding not in ("utf-8", "utf-8-sig"):
            checks.append(
                info(
                    "encoding",
                    None,
                    0,
                    f"The file is not UTF-8; it was read as {encoding}.",
                    "save it as UTF-8 if letters look wrong",
                )
            )
        names, columns = _headless(names, columns, checks)
        details = {"encoding": encoding, "separator": dialect.separator}
        return Raw(columns, names, details, checks, typed=False)


@dataclass(frozen=True)
class _Text:
    """The text of a table in UTF-8, in memory or in its file.

    Attributes:
        content: ``None`` where the file holds the very same.
        size: in bytes.
        marks: how many quotation marks there are.
    """

    path: Path
    content: bytes | None
    size: int
    marks: int

    def source(self) -> Any:
        """As Arrow reads it."""
        return pa.OSFile(str(self.path)) if self.content is None else pa.BufferReader(pa.py_buffer(self.content))

    def text(self) -> str:
        """All of it."""
        return (self.path.read_bytes() if self.content is None else self.content).decode("utf-8", "replace")

    def header(self, dialect: Dialect) -> list[str]:
        """Its names under another dialect."""
        with self.source() as file:
            return _header(file.read(_HEAD), dialect)


def _as_utf8(content: bytes) -> tuple[bytes, str]:
    """The content in UTF-8 without a byte-order mark, and the encoding that it came in."""
    encoding = sniff_encoding(content)
    if encoding == "utf-8":
        return content, encoding
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:  # a byte-order mark whose promise is not kept
        encoding = "latin-1"
        text = content.decode(encoding)
    return text.removeprefix("\ufeff").encode("utf-8", "replace"), encoding


def _unzipped(path: Path, content: bytes) -> bytes:
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} is not a whole gzip file ({error}); copy or download it again.") from error


def _reader(text: str, dialect: Dialect) -> Any:
    quoting: Literal[0, 3] = 0 if dialect.quote else 3  # QUOTE_MINIMAL, QUOTE_NONE
    return csv.reader(
        io.StringIO(text, newline=""), delimiter=dialect.separator, quotechar=dialect.quote or None, quoting=quoting
    )


def _header(content: bytes, dialect: Dialect) -> list[str]:
    head = content[:_HEAD].decode("utf-8", "ignore")
    return list(next(iter(_reader(head, dialect)), [])) or [""]


def _cells(text: _Text, dialect: Dialect, width: int) -> tuple[list[Any], list[Check]]:
    """Cells under the header; ragged or wrongly quoted files are read row by row and repaired, and it is said."""
    columns, ragged = _fast(text, dialect, width)
    if columns is not None and not ragged:
        return columns, []
    unquoted = Dialect(dialect.separator, quote="")
    if dialect.quote and text.marks % 2:
        # One quotation mark without its partner swallows all rows up to the next one.
        columns, still = _fast(text, unquoted, width)
        if columns is not None and not still and len(text.header(unquoted)) == width:
            return columns, [
                warning(
                    "quotes",
                    None,
                    0,
                    "A quotation mark has no partner, so quotation marks were read as ordinary characters.",
                    "quote the cells properly if commas inside them matter",
                )
            ]
    return _patient(text.text(), dialect, width)


def _fast(text: _Text, dialect: Dialect, width: int) -> tuple[list[Any] | None, bool]:
    """Arrow's reader, and whether some row had another number of cells than the header."""
    ragged = False

    def on_invalid(_row: Any) -> str:
        nonlocal ragged
        ragged = True
        return "skip"

    names = [f"c{position}" for position in range(width)]
    quoted = bool(dialect.quote) and text.marks > 0
    options = {
        "parse_options": pa.csv.ParseOptions(
            delimiter=dialect.separator, quote_char=dialect.quote or False, newlines_in_values=quoted,
            ignore_empty_lines=width > 1, invalid_row_handler=on_invalid,
        ),
        "convert_options": pa.csv.ConvertOptions(
            # no block reaches 2 GiB: short offsets suffice, and a table of numbers takes a fifth less
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
        ),
    }  # fmt: skip
    for block in (_BLOCK, min(text.size + 1, (1 << 31) - 1)):
        read = pa.csv.ReadOptions(column_names=names, skip_rows_after_names=1, block_size=block)
        try:
            with text.source() as file:
                table = pa.csv.read_csv(file, read_options=read, **options)
        except pa.ArrowInvalid:  # a cell longer than a block, or quotes that never end
            continue
        # what is put in one piece must not pass 2 GiB with short offsets
        return [one if one.nbytes < _LONG else pc.cast(one, pa.large_string()) for one in table.columns], ragged
    return None, True


def _patient(text: str, dialect: Dialect, width: int) -> tuple[list[Any], list[Check]]:
    """Row by row: short rows are filled up with missing cells, long ones cut."""
    cells: list[list[str]] = [[] for _ in range(width)]
    short = long = 0
    rows = iter(_reader(text, dialect))
    next(rows, None)
    for row in rows:
        if not row and width > 1:
            continue
        short += 0 < len(row) < width
        long += any(cell.strip() for cell in row[width:])
        for column, cell in zip(cells, chain(row, repeat("")), strict=False):
            column.append(cell)
    checks = []
    if short:
        checks.append(
            warning(
                "short-rows",
                None,
                short,
                f"Fewer cells than the header: {rows_of(short)}.",
                "the cells at their end count as missing",
            )
        )
    if long:
        checks.append(
            warning(
                "long-rows",
                None,
                long,
                f"More cells than the header: {rows_of(long)}.",
                "the cells beyond the header were dropped",
            )
        )
    return [pa.chunked_array([pa.array(column, pa.large_string())]) for column in cells], checks


def _headless(names: list[str], columns: list[Any], checks: list[Check]) -> tuple[list[str], list[Any]]:
    """A first row of nothing but numbers, some with decimals or repeated, is data and not a header."""
    try:
        numbers = [float(name) for name in names]
    except ValueError:
        return names, columns
    if all(name.strip().isdecimal() for name in names) and len(set(numbers)) == len(numbers):
        return names, columns  # years or positions as names
    checks.append(
        warning(
            "no-header",
            None,
            1,
            "The first row holds only numbers, so it was read as data.",
            "columns are called by their position; add a header to name them",
        )
    )
    first = [pa.chunked_array([pa.array([name], column.type), *column.chunks])
             for name, column in zip(names, columns, strict=True)]  # fmt: skip
    return [f"column {position}" for position in range(1, len(names) + 1)], first
