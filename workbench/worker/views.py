"""The shapes of what the worker tells a face: plain dicts, ready for JSON, small enough to draw at once.

Missing figures are ``None``. Every text in them is data and never markup.
"""

from __future__ import annotations

from typing import Any, TypedDict


class ColumnView(TypedDict):
    """One column of the open table; ``missing`` is a share of the rows."""

    name: str
    kind: str
    role: str
    reason: str
    missing: float
    distinct: int
    meaning: str
    unit: str
    lever: str


class CheckView(TypedDict):
    """One finding about the data."""

    code: str
    severity: str
    column: str | None
    rows: int
    message: str
    repair: str


class TableView(TypedDict):
    """The open table."""

    name: str
    location: str
    sources: list[dict[str, Any]]
    rows: int
    columns: list[ColumnView]
    checks: list[CheckView]
    task: str
    target: str | None
    target_guessed: bool
    target_reason: str
    targets: list[str]
    outcome: str | None
    cut_off: str | None
    id_column: str | None


class RowsView(TypedDict):
    """A page-able copy of the rows: an Arrow IPC file with display-ready cells."""

    path: str
    shown: int
    total: int
    columns: list[str]
    widths: list[int]
    sort: str | None
    descending: bool
    filter: str


class ProfileView(TypedDict):
    """One column looked at closely: figures, and bars of (label, rows)."""

    name: str
    figures: list[tuple[str, str]]
    bars: list[tuple[str, int]]


class ResultView(TypedDict):
    """Which run the explain and segments screens show, and what is in it.

    ``shown`` names this look at it, and no other one of the same run; questions about it carry it as ``run``.
    """

    name: str
    run_id: str
    table: str
    rows: int
    target: str | None
    task: str
    champion: str | None
    explained: str | None
    metric: str | None
    score: dict[str, float | None] | None
    explained_score: dict[str, float | None] | None
    baseline: dict[str, float | None] | None
    leaderboard: list[dict[str, Any]]
    has_explanation: bool
    segmentations: int
    notices: list[str]
    report: str
    command: str
    created: str
    shown: str


class ExplanationView(TypedDict):
    """Global importance and what was checked; ``growing`` while more rows of the model are being explained."""

    run: str
    model: str
    family: str
    models: list[dict[str, Any]]
    growing: bool
    outputs: list[str]
    output_space: str
    rows: int
    total_rows: int
    method: str
    importance: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    words: list[str]
    customers: int
    has_id: bool


class CustomerView(TypedDict):
    """One customer's waterfall: ``steps`` are (column, value as text, contribution); ``row`` is its place."""

    index: int
    row: int
    id: str
    output: str
    base: float | None
    margin: float | None
    prediction: str
    steps: list[dict[str, Any]]
    adds_up: bool


class WhatIfView(TypedDict):
    """A customer with other values: ``predictions`` and ``steps`` (contributions) have ``before`` and ``after``."""

    changes: list[dict[str, Any]]
    predictions: list[dict[str, Any]]
    shares: bool
    target: str
    output: str
    unit: str
    before: float | None
    after: float | None
    steps: list[dict[str, Any]]
    rest: dict[str, Any] | None


class DependenceView(TypedDict):
    """A column's values against its contributions: ``points`` for numbers, ``levels`` for categories."""

    column: str
    numeric: bool
    points: list[tuple[float, float]]
    levels: list[dict[str, Any]]
    unit: str


class SwarmView(TypedDict):
    """A beeswarm: for each column ``points`` (contribution, rank of the value from 0 to 1 or ``None``) and figures."""

    unit: str
    rows: int
    columns: list[dict[str, Any]]


class QualityView(TypedDict):
    """Predicted against seen: ``bins`` hold ``rows``, ``predicted``, ``actual``, ``low``, ``high``."""

    output: str
    shares: bool
    rows: int
    total_rows: int
    off_by: float | None
    bins: list[dict[str, Any]]


class SegmentationView(TypedDict):
    """One division of the customers, with its segments and their strategies."""

    index: int
    count: int
    kind: str
    method: str
    found: bool
    chosen_because: str
    quality: list[tuple[str, float | None]]
    outcome: str | None
    segments: list[dict[str, Any]]
    strategies: dict[str, dict[str, Any]]
    gap_unit: str
    usual: bool


class MapView(TypedDict):
    """Customers on a map: ``points`` are (across, up, segment), ``segments`` have a centre, spread and neighbour."""

    kind: str
    rows: int
    points: list[tuple[float, float, int]]
    segments: list[dict[str, Any]]


class TextView(TypedDict):
    """A file that is edited in place: ``source`` is where ``text`` came from, ``path`` where it is saved."""

    name: str
    title: str
    text: str
    path: str
    source: str
    own: bool


class RunsView(TypedDict):
    """A page of the store: summary values only."""

    store: str
    total: int
    metrics: list[str]
    rows: list[dict[str, Any]]
