"""The shapes of what is told of a model beyond its explanation; as plain and as hostile as those in ``views``."""

from __future__ import annotations

from typing import Any, TypedDict


class BackgroundView(TypedDict):
    """Long work: ``state`` is running, stopping, done, stopped or failed; ``grown`` counts what is there to look at.

    ``run`` names the look at a run as ``ResultView`` does; of two states the one with the greater ``at`` is newer.
    """

    kind: str
    model: str
    run: str
    state: str
    message: str
    done: float | None
    total: float | None
    grown: int
    error: str
    detail: str
    at: int


class PairsView(TypedDict):
    """Pairs of columns that act together, strongest first; ``note`` says why there are none, or what they rest on."""

    pairs: list[dict[str, Any]]
    unit: str
    note: str


class SplitView(TypedDict):
    """Mean contribution of ``first`` by bands of its value (rows) and of ``second`` (columns): ``cells`` of both."""

    first: str
    second: str
    bands: list[str]
    parts: list[str]
    cells: list[list[dict[str, Any]]]
    unit: str


class EffectView(TypedDict):
    """How the prediction goes with one column: ``points`` in the order of their values, missing ones last."""

    column: str
    output: str
    space: str
    numeric: bool
    method: str
    note: str
    rows: int
    points: list[dict[str, Any]]


class LookalikesView(TypedDict):
    """The nearest real customers with another outcome: ``found`` hold ``differs`` (column, own value, theirs).

    ``rows`` of the ``total_rows`` other customers were looked at.
    """

    row: int
    id: str
    now: str
    found: list[dict[str, Any]]
    note: str
    closing: str
    rows: int
    total_rows: int


class ChangesView(TypedDict):
    """The smallest changes for which the model answers otherwise: ``found`` hold ``changes`` with their ``text``.

    Values were taken from ``rows`` of ``total_rows`` customers; both are 0 where nothing was looked for.
    """

    row: int
    aim: str
    found: list[dict[str, Any]]
    reason: str
    tried: int
    levers: list[str]
    left_out: list[str]
    closing: str
    rows: int
    total_rows: int


class FairnessView(TypedDict):
    """A model by the groups of a column: clear differences first; ``figures`` are a row a group and metric."""

    column: str
    family: str
    explained: str
    groups: list[dict[str, Any]]
    comparisons: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    proxies: list[dict[str, Any]]
    words: list[str]
    rows: int
    total_rows: int


class TrustView(TypedDict):
    """What refits say of an importance; ``found`` is ``None`` before they have ended, ``work`` before they began."""

    family: str
    instead: str
    seconds: float
    work: BackgroundView | None
    found: dict[str, Any] | None


class DriversView(TypedDict):
    """What sets the model's output in a segment apart from the rest: ``rows`` by column, ``words``."""

    segment: str
    output: str
    outputs: list[str]
    unit: str
    rows: list[dict[str, Any]]
    rest: float
    rest_columns: int
    inside: float | None
    outside: float | None
    rows_inside: int
    rows_outside: int
    words: list[str]
