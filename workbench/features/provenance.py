"""Where the tables came from: a description and a fingerprint for each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from workbench.contracts import Source
from workbench.features import _sql
from workbench.features.event_store import EventStore
from workbench.features.sources import AttributeSource, EventSource
from workbench.features.spec import TableSpec

_BLOCK = 1 << 20


def file_fingerprint(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def frame_fingerprint(frame: pd.DataFrame) -> str:
    """SHA-256 of a frame's names and cells, in hexadecimal."""
    digest = hashlib.sha256(repr([str(name) for name in frame.columns]).encode())
    digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def sources_of(store: EventStore, spec: TableSpec) -> tuple[Source, ...]:
    """A ``Source`` for each table of the spec that is a file or a frame."""
    tables: Sequence[EventSource | AttributeSource] = [*spec.events, *spec.attributes]
    found = []
    for table in tables:
        relation = table.relation
        if isinstance(relation, pd.DataFrame):
            rows, columns = relation.shape
            found.append(Source(table.name, table.name, "frame", rows, columns, frame_fingerprint(relation)))
        elif isinstance(relation, (str, Path)):
            path = Path(relation)
            kinds = _sql.open_relation(store.connection, relation, "described", table.name)
            rows = int(store.ask("SELECT count(*) AS n FROM described")["n"].iloc[0])
            kind = path.suffix.casefold().lstrip(".") or "parquet"
            found.append(Source(table.name, str(path), kind, rows, len(kinds), file_fingerprint(path)))
    return tuple(found)
