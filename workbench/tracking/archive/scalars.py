"""Small values as JSON nodes: what JSON lacks is an object with the key ``$`` that names its kind."""

from __future__ import annotations

import datetime
import decimal
import math
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pandas as pd

KIND = "$"


def encode_scalar(value: Any) -> Any:
    """The node of a value that is no container; ``None`` inside a one-tuple never occurs.

    Raises:
        TypeError: the kind of value is not known here.
    """
    if value is None or isinstance(value, bool) or type(value) in (int, str):
        return value
    if type(value) is float:
        return value if math.isfinite(value) else {KIND: "float", "v": repr(value)}
    if value is pd.NaT:
        return {KIND: "NaT"}
    if value is pd.NA:
        return {KIND: "NA"}
    if isinstance(value, np.generic):
        return _encode_numpy(value)
    return _encode_other(value)


def _encode_numpy(value: np.generic) -> dict[str, Any]:
    if value.dtype.kind in "mM":
        return {KIND: "numpy", "d": value.dtype.str, "v": int(value.astype("i8"))}
    if value.dtype.kind in "biuf":
        item = value.item()
        return {KIND: "numpy", "d": value.dtype.str, "v": repr(item) if value.dtype.kind == "f" else item}
    if value.dtype.kind == "U":
        return {KIND: "numpy", "d": "U", "v": str(value)}
    raise TypeError(f"an archive can't hold {type(value).__name__}")


def _encode_other(value: Any) -> dict[str, Any]:
    if isinstance(value, pd.Timestamp):
        zone = str(value.tz) if value.tz is not None else None
        return {KIND: "Timestamp", "v": int(value.asm8.astype("i8")), "unit": value.unit, "tz": zone}
    if isinstance(value, pd.Timedelta):
        return {KIND: "Timedelta", "v": int(value.asm8.astype("i8")), "unit": value.unit}
    if isinstance(value, pd.Period):
        return {KIND: "Period", "v": value.ordinal, "freq": value.freqstr}
    if isinstance(value, pd.Interval):
        return {
            KIND: "Interval",
            "v": [encode_scalar(value.left), encode_scalar(value.right)],
            "closed": value.closed,
        }
    for kind, name in ((datetime.datetime, "datetime"), (datetime.date, "date"), (datetime.time, "time")):
        if type(value) is kind:
            return {KIND: name, "v": value.isoformat()}
    if type(value) is datetime.timedelta:
        return {KIND: "timedelta", "v": [value.days, value.seconds, value.microseconds]}
    if isinstance(value, decimal.Decimal):
        return {KIND: "decimal", "v": str(value)}
    if isinstance(value, bytes):
        return {KIND: "bytes", "v": value.hex()}
    if isinstance(value, complex):
        return {KIND: "complex", "v": repr(value)}
    if isinstance(value, PurePath):
        return {KIND: "path", "v": str(value)}
    raise TypeError(f"an archive can't hold {type(value).__name__}")


def decode_scalar(node: dict[str, Any]) -> Any:
    """The value of a node with a ``$``.

    Raises:
        KeyError, ValueError: the node is damaged or of an unknown kind.
    """
    return _DECODERS[node[KIND]](node)


def _numpy(node: dict[str, Any]) -> Any:
    if node["d"] == "U":
        return np.str_(node["v"])
    dtype = np.dtype(node["d"])
    if dtype.kind in "mM":
        return np.int64(node["v"]).astype(dtype)
    return dtype.type(float(node["v"]) if dtype.kind == "f" else node["v"])


def _timestamp(node: dict[str, Any]) -> Any:
    naive = pd.Timestamp(np.datetime64(node["v"], node["unit"]))
    return naive if node["tz"] is None else naive.tz_localize("UTC").tz_convert(node["tz"])


def _interval(node: dict[str, Any]) -> Any:
    left, right = (decode_scalar(end) if isinstance(end, dict) else end for end in node["v"])
    return pd.Interval(left, right, closed=node["closed"])


_DECODERS: dict[str, Any] = {
    "float": lambda node: float(node["v"]),
    "NaT": lambda _: pd.NaT,
    "NA": lambda _: pd.NA,
    "numpy": _numpy,
    "Timestamp": _timestamp,
    "Timedelta": lambda node: pd.Timedelta(np.timedelta64(node["v"], node["unit"])),
    "Period": lambda node: pd.Period(ordinal=node["v"], freq=node["freq"]),
    "Interval": _interval,
    "datetime": lambda node: datetime.datetime.fromisoformat(node["v"]),
    "date": lambda node: datetime.date.fromisoformat(node["v"]),
    "time": lambda node: datetime.time.fromisoformat(node["v"]),
    "timedelta": lambda node: datetime.timedelta(*node["v"]),
    "decimal": lambda node: decimal.Decimal(node["v"]),
    "bytes": lambda node: bytes.fromhex(node["v"]),
    "complex": lambda node: complex(node["v"]),
    "path": lambda node: Path(node["v"]),
}
