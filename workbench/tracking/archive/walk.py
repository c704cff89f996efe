"""Dataclasses, containers and enums as JSON nodes, with the large parts handed to files."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench import contracts
from workbench.tracking.archive.frames import read_array, read_frame, write_array, write_frame
from workbench.tracking.archive.lazy import LazyPipeline
from workbench.tracking.archive.scalars import KIND, decode_scalar, encode_scalar

LEFT_OUT = {("Model", "pipeline"), ("Table", "history")}
"""The pipeline is in the logged model; the history can be made again from the sources and may be large."""

_CLASSES: dict[str, Any] = {
    name: value for name, value in vars(contracts).items() if isinstance(value, type) and name in contracts.__all__
}


class Writer:
    """Encodes values, writing large ones into ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = 0

    def encode(self, value: Any) -> Any:
        """The JSON node of any value that contracts are made of.

        Raises:
            TypeError: a value of a kind that no contract should hold.
        """
        if isinstance(value, Enum):
            return {KIND: "enum", "c": type(value).__name__, "v": value.value}
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self._object(value)
        if isinstance(value, dict):
            return self._mapping(value)
        if isinstance(value, list):
            return [self.encode(item) for item in value]
        if isinstance(value, tuple | set | frozenset):
            return {KIND: type(value).__name__, "v": [self.encode(item) for item in value]}
        if isinstance(value, pd.DataFrame):
            return {KIND: "frame", **write_frame(value, self._next("parquet"))}
        if isinstance(value, pd.Series):
            name = self.encode(value.name)
            return {KIND: "series", "name": name, **write_frame(value.to_frame("value"), self._next("parquet"))}
        if isinstance(value, pd.Index):
            return {KIND: "index", **write_frame(pd.DataFrame(index=value), self._next("parquet"))}
        if isinstance(value, np.ndarray):
            return {KIND: "array", **write_array(value, self._next("npy"))}
        return encode_scalar(value)

    def _object(self, value: Any) -> dict[str, Any]:
        kind: Any = type(value)
        name: str = kind.__name__
        if _CLASSES.get(name) != kind:
            raise TypeError(f"an archive can't hold {name}")
        fields = {
            field.name: self.encode(getattr(value, field.name))
            for field in dataclasses.fields(kind)
            if field.metadata.get("archive", True) and (name, field.name) not in LEFT_OUT
        }
        return {KIND: "object", "c": name, "f": fields}

    def _mapping(self, value: dict[Any, Any]) -> dict[str, Any]:
        if all(type(key) is str and key != KIND for key in value):
            return {key: self.encode(item) for key, item in value.items()}
        return {KIND: "dict", "v": [[self.encode(key), self.encode(item)] for key, item in value.items()]}

    def _next(self, suffix: str) -> Path:
        self._files += 1
        return self._folder / f"{self._files:04d}.{suffix}"


class Reader:
    """Decodes what ``Writer`` encoded.

    Args:
        folder: where the files are.
        pipeline: gives the fitted pipeline of the model in a field such as ``champion`` when it is first used.
    """

    def __init__(self, folder: Path, pipeline: Callable[[str], Any] | None) -> None:
        self._folder = folder
        self._pipeline = pipeline
        self._field = ""

    def decode(self, node: Any) -> Any:
        """The value of a node.

        Raises:
            KeyError, ValueError, TypeError: the node is damaged, or of a kind that is not known here.
        """
        if isinstance(node, list):
            return [self.decode(item) for item in node]
        if not isinstance(node, dict):
            return node
        if KIND not in node:
            return {key: self.decode(item) for key, item in node.items()}
        return self._tagged(node)

    def _tagged(self, node: dict[str, Any]) -> Any:
        match node[KIND]:
            case "object":
                return self._object(node)
            case "enum":
                return _CLASSES[node["c"]](node["v"])
            case "dict":
                return {self.decode(key): self.decode(item) for key, item in node["v"]}
            case "tuple":
                return tuple(self.decode(item) for item in node["v"])
            case "set":
                return {self.decode(item) for item in node["v"]}
            case "frozenset":
                return frozenset(self.decode(item) for item in node["v"])
            case "frame":
                return read_frame(node, self._folder)
            case "series":
                return read_frame(node, self._folder)["value"].rename(self.decode(node["name"]))
            case "index":
                return read_frame(node, self._folder).index
            case "array":
                return read_array(node, self._folder)
            case _:
                return decode_scalar(node)

    def _object(self, node: dict[str, Any]) -> Any:
        kind = _CLASSES[node["c"]]
        known = {field.name for field in dataclasses.fields(kind)}
        if kind is contracts.Model:
            load, field = self._pipeline, self._field
            pipeline = LazyPipeline(None if load is None else lambda: load(field))
            return kind(**self._fields(node, known), pipeline=pipeline)
        return kind(**self._fields(node, known))

    def _fields(self, node: dict[str, Any], known: set[str]) -> dict[str, Any]:
        values = {}
        for name, item in node["f"].items():
            if name in known:
                self._field = name
                values[name] = self.decode(item)
        return values
