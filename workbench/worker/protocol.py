"""What goes over the wire between a face and the worker: one JSON object a line, in both directions.

A request has an id and gets exactly one reply with the same id; a push comes without being asked for.
Large tables are never in a message: they are written to Arrow files whose paths are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from workbench import __version__

VERSION = f"4/{__version__}"
"""Of the messages and of the program; a face leaves a worker of another version alone and starts its own."""
LINE_LIMIT = 16 * 1024 * 1024
"""Longest message in bytes; what would be longer belongs into a file."""


class ProtocolError(ValueError):
    """A line is not a message of this protocol."""


@dataclass(frozen=True, slots=True)
class Request:
    """A question to the worker, such as ``data.open`` with its path."""

    id: int
    method: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to the request with the same id."""

    id: int
    result: Any = None


@dataclass(frozen=True, slots=True)
class Failure:
    """The request could not be answered.

    Attributes:
        kind: ``input`` the user can mend it · ``elsewhere`` it was about a run that is not looked at now · ``store`` ·
            ``stopped`` · ``defect`` ours.
        message: one sentence for the user.
        detail: what a developer wants to see; empty for the user's own mistakes.
    """

    id: int
    kind: str
    message: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Cancel:
    """The face no longer wants the answer to this request; one that has not begun is dropped."""

    id: int


@dataclass(frozen=True, slots=True)
class Push:
    """Something happened in the worker: ``warm``, ``job``, or ``work`` beside the questions."""

    topic: str
    data: dict[str, Any] = field(default_factory=dict)


Message = Request | Reply | Failure | Cancel | Push

_KINDS: dict[str, type[Message]] = {
    "request": Request,
    "reply": Reply,
    "failure": Failure,
    "cancel": Cancel,
    "push": Push,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def encode(message: Message) -> bytes:
    """One line, with its end. ASCII only, so that no character of a cell can break a line or an encoding.

    Raises:
        ProtocolError: the message holds what JSON can't, such as NaN, or is too long.
    """
    body = {name: getattr(message, name) for name in message.__dataclass_fields__}
    try:
        line = json.dumps({"kind": _NAMES[type(message)], **_inner(body)}, allow_nan=False).encode("ascii") + b"\n"
    except (TypeError, ValueError) as error:
        raise ProtocolError(f"A {_NAMES[type(message)]} can't be sent: {error}") from error
    if len(line) > LINE_LIMIT:
        raise ProtocolError(f"A {_NAMES[type(message)]} of {len(line)} bytes is too long: hand it over as a file.")
    return line


def decode(line: bytes) -> Message:
    """The message that ``encode`` wrote.

    Raises:
        ProtocolError: the line is something else.
    """
    try:
        body = json.loads(line)
        kind = _KINDS[body.pop("kind")]
        return kind(**{("kind" if name == "failure" else name): value for name, value in body.items()})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ProtocolError(f"Not a message: {line[:80]!r}") from error


def _inner(body: dict[str, Any]) -> dict[str, Any]:
    """``Failure.kind`` gives way to the kind of the message itself."""
    return {("failure" if name == "kind" else name): value for name, value in body.items()}
