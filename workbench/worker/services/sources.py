"""Opening a table, saying what its columns are for, looking closely at one: methods ``data.*``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.contracts import Check, Role, Source, Table, Task
from workbench.data import describe, guess_target, read_source, summary
from workbench.errors import InputError
from workbench.journey.opening import BUNDLED, TableRequest, open_table
from workbench.plain import plain
from workbench.worker.dispatch import service
from workbench.worker.services.rows import write_rows
from workbench.worker.session import OpenTable, RawTable, Session
from workbench.worker.views import ProfileView, TableView

BUNDLED_TARGETS = ("spend", "redeems")
TIME = "time"
"""Not a role but what a table has at most one column for."""


@service("data.open")
def open_source(session: Session, path: str, target: str | None = None) -> dict[str, Any]:
    """Read a table and guess its target; the guess is shown, and used only when it is confirmed.

    Returns:
        ``table`` (``TableView``) and ``rows`` (``RowsView``).
    """
    location = path if path == BUNDLED else str((session.folder / Path(path).expanduser()).resolve())
    session.opened = _open_bundled(target) if path == BUNDLED else _open_file(location, target)
    return {"table": view(session.opened), "rows": write_rows(session)}


@service("data.describe")
def describe_again(
    session: Session, target: str | None = None, roles: dict[str, str] | None = None, no_target: bool = False
) -> TableView:
    """Change target or roles of the open table; what was set by hand is no guess any more.

    Args:
        roles: by column; ``time`` for the one that orders the rows.
    """
    opened = session.table()
    request = opened.request
    if target is not None and request.location == BUNDLED:
        # The bundled targets have short names; their columns are called after the window as well.
        target = next((short for short in BUNDLED_TARGETS if target.startswith(short)), target)
    if no_target:
        request = _segments_only(request)
    elif target is not None:
        request = replace(
            request,
            target=target,
            task=None,
            roles={k: v for k, v in request.roles.items() if k != target},
            time=None if request.time == target else request.time,
        )
    if roles:
        changed = {name: Role(role) for name, role in roles.items() if role != TIME}
        kept = {name: role for name, role in request.roles.items() if name not in roles}
        time = next((name for name, role in roles.items() if role == TIME), request.time)
        request = replace(request, roles={**kept, **changed}, time=None if time in changed else time)
        if request.target in changed:
            request = _segments_only(request)
    table = _table(request, opened.raw)
    rows_changed = len(table.frame) != len(opened.table.frame)
    guessed = opened.guessed and target is None and not no_target
    session.opened = replace(opened, request=request, table=table, guessed=guessed, reason="set by you")
    if rows_changed:
        # Rows without a target are left out: what was sorted and filtered no longer fits.
        session.opened.order = None
    return view(session.opened)


def _segments_only(request: TableRequest) -> TableRequest:
    """Without a target; projects and the bundled data would fall back to their own."""
    if request.location == BUNDLED:
        return replace(request, target=Task.SEGMENTS.value)
    own = request.location.lower().endswith(".toml")
    return replace(request, target=None, task=Task.SEGMENTS if own else request.task)


@service("data.view")
def current(session: Session) -> dict[str, Any]:
    """The open table again, for a face that has just attached."""
    return {"table": view(session.table()), "rows": write_rows(session)}


@service("data.profile")
def profile(session: Session, name: str) -> ProfileView:
    """Figures and bars of one column."""
    facts = summary(session.table().table, name)
    figures = [
        (label, _text(facts[key]))
        for key, label in (
            ("min", "min"), ("median", "median"), ("mean", "mean"), ("p95", "p95"), ("max", "max"), ("first", "first"),
            ("last", "last"), ("distinct", "distinct"), ("missing", "missing"), ("characters", "characters (mean)"),
        )
        if key in facts
    ]  # fmt: skip
    bars = [(f"{_text(bar['low'])} to {_text(bar['high'])}", int(bar["count"])) for bar in facts.get("bars", [])]
    bars += [(str(level["value"])[:200], int(level["count"])) for level in facts.get("levels", [])]
    if facts.get("others"):
        bars.append(("all others", int(facts["others"])))
    figures += [("example", str(example)) for example in facts.get("examples", [])]
    return {"name": name, "figures": figures, "bars": bars}


def _open_bundled(target: str | None) -> OpenTable:
    request = TableRequest(location=BUNDLED, target=target or BUNDLED_TARGETS[0])
    reason = "what households spend in the period after the cut-off; redeems is the other one"
    return OpenTable(request, open_table(request), guessed=target is None, reason=reason)


def _open_file(location: str, target: str | None) -> OpenTable:
    request = TableRequest(location=location, target=target)
    if Path(location).suffix.lower() == ".toml":
        table = open_table(request)
        return OpenTable(replace(request, target=table.target), table, guessed=False, reason="set in the project file")
    frame, source, checks = read_source(location)
    raw = RawTable(frame, source, tuple(checks))
    if target is not None:
        return OpenTable(request, _table(request, raw), guessed=False, reason="set by you", raw=raw)
    guess = guess_target(frame)
    if guess is not None:
        guessed = replace(request, target=guess)
        try:
            table = _table(guessed, raw)
        except InputError as error:
            told = f"'{guess}' was guessed but can't be used: {error}"
            return OpenTable(request, _table(request, raw), guessed=True, reason=told, raw=raw)
        return OpenTable(guessed, table, guessed=True, reason="its name or place suggests it", raw=raw)
    return OpenTable(request, _table(request, raw), guessed=True, reason="no column looks like a target", raw=raw)


def _table(request: TableRequest, raw: RawTable | None) -> Table:
    """As ``open_table`` does it, without reading the file again."""
    if raw is None:
        return open_table(request)
    frame: pd.DataFrame = raw.frame
    source: Source = raw.source
    checks: tuple[Check, ...] = raw.checks
    return describe(
        frame,
        [source],
        target=request.target,
        task=request.task,
        roles=request.roles,
        time=request.time,
        group=request.group,
        checks=checks,
        name=source.name,
    )


def view(opened: OpenTable) -> TableView:
    """The table as the screen shows it."""
    table = opened.table
    rows = max(1, len(table.frame))
    return {
        "name": table.name,
        "location": opened.request.location,
        "sources": [plain(vars(source)) for source in table.sources],
        "rows": len(table.frame),
        "columns": [
            {
                "name": column.name,
                "kind": column.kind.value,
                "role": column.role.value,
                "reason": column.reason,
                "missing": column.missing / rows,
                "distinct": column.distinct,
                "meaning": column.meaning,
                "unit": column.unit,
                "lever": column.lever.value,
            }
            for column in table.columns
        ],
        "checks": [
            {
                "code": check.code,
                "severity": check.severity.value,
                "column": check.column,
                "rows": check.rows,
                "message": check.message,
                "repair": check.repair,
            }
            for check in table.checks
        ],
        "task": table.task.value,
        "target": table.target,
        "target_guessed": opened.guessed,
        "target_reason": opened.reason,
        "targets": list(BUNDLED_TARGETS) if opened.request.location == BUNDLED else [],
        "outcome": table.outcome,
        "cut_off": str(table.cut_off) if table.cut_off is not None else None,
        "id_column": table.id_column,
    }


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 or value.is_integer() else f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
