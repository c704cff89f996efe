"""Where the tables came from: a description and a fingerprint for each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.contracts import Source
from workbench.errors import InputError
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


def parquet_size(path: Path) -> tuple[int, int]:
    """Rows and columns of a Parquet file, from its footer.

    Raises:
        InputError: it is no Parquet file.
    """
    try:
        metadata = pq.read_metadata(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"Can't read {path} as Parquet: {str(error).splitlines()[0]}") from error
    return int(metadata.num_rows), int(metadata.num_columns)


def frame_fingerprint(frame: pd.DataFrame) -> str:
    """SHA-256 of a frame's names and cells, in hexadecimal."""
    digest = hashlib.sha256(repr([str(name) for name in frame.columns]).encode())
    digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def sources_of(store: EventStore, spec: TableSpec) -> tuple[Source, ...]:
    """A ``Source`` for each table: as the spec describes it, else made from its file or frame."""
    tables: Sequence[EventSource | AttributeSource] = [*spec.events, *spec.attributes]
    found = list(spec.sources)
    known = {source.name for source in found}
    for table in tables:
        if table.name in known:
            continue
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
