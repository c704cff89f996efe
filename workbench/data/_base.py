"""The contract between a file format and the rest: a reader gives cells as they stand, nothing interpreted.

One small file per format implements ``Reader``; ``tests/data/test_data_readers.py`` is the suite that each passes.
What is made of the cells (names repaired, numbers and dates recognised) happens once, for all formats, in
``source.py``, so that a table means the same in CSV, Excel and Parquet.

The frame that leaves this package has only these column types, missing values included:
``int64``, ``float64`` (NaN), ``bool`` (never missing), ``str`` (NaN) and ``datetime64[us]`` without time zone (NaT).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from workbench.contracts import Check


@dataclass(frozen=True)
class Raw:
    """A file's cells as they stand.

    Attributes:
        columns: one Arrow array per column, all of one length; text or typed.
        names: the header as found, one per column; may hold empty, repeated and hostile names.
        details: what was sniffed, for ``Source.details``.
        checks: what had to be repaired while reading.
        typed: whether the format itself knows types. Where it does not, words such as ``NA`` mean "missing" and
            ``TRUE`` is a truth value; where it does, text was meant as text and only clear numbers are converted.
    """

    columns: list[Any]
    names: list[str]
    details: dict[str, str] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    typed: bool = True


class Reader(Protocol):
    """One file format.

    Attributes:
        format: word for ``Source.format``.
        suffixes: lower-case file endings, longest first.
    """

    @property
    def format(self) -> str: ...

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    def read(self, path: Path, content: bytes) -> Raw:
        """Read the cells.

        Args:
            path: where the file is, for messages.
            content: the file's bytes, never empty.

        Raises:
            InputError: the content is not of this format, or holds no header.
        """
        ...
