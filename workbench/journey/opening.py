"""From what the user named (a file, a project, the bundled data) to a customer table; repeatable from a record."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from workbench.contracts import Role, Severity, Table, Task
from workbench.errors import InputError

if TYPE_CHECKING:
    from workbench.features import BundledTarget

BUNDLED = "demo"
"""The location that means the bundled real data."""
LOSSES = (
    "target-missing", "single-member-class", "all-missing", "infinities", "words-among-numbers", "invalid-dates",
    "mixed-types", "short-rows", "long-rows", "no-header", "quotes", "sheets", "column-left-out", "title-rows",
)  # fmt: skip
"""Warnings that say what of the file is left out or read otherwise than it is written."""
BUNDLED_TARGETS = ("spend", "redeems", "active", "segments")


@dataclass(frozen=True)
class TableRequest:
    """Which table, and what its columns are for.

    Attributes:
        location: a file, a project file (``.toml``), or ``demo`` for the bundled data.
        target: column to predict; ``None`` for segments only. For the bundled data one of
            ``BUNDLED_TARGETS``.
        task: ``None`` infers it from the target.
        time: column that orders the rows, so that validation is out of time.
        group: column whose rows stay together in validation.
        roles: roles set by the user, by column.
    """

    location: str
    target: str | None = None
    task: Task | None = None
    time: str | None = None
    group: str | None = None
    roles: dict[str, Role] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """JSON-ready, with an absolute location so that a run can be resumed from elsewhere."""
        data = dataclasses.asdict(self)
        if self.location != BUNDLED:
            data["location"] = str(Path(self.location).resolve())
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TableRequest:
        """The request that ``as_json`` wrote."""
        return cls(
            location=data["location"],
            target=data.get("target"),
            task=Task(data["task"]) if data.get("task") else None,
            time=data.get("time"),
            group=data.get("group"),
            roles={name: Role(role) for name, role in (data.get("roles") or {}).items()},
        )


def open_table(request: TableRequest) -> Table:
    """Read, describe and check the table that is asked for.

    Raises:
        InputError: the location or the columns can't be used; the sentence says why.
    """
    if request.location == BUNDLED:
        return _open_bundled(request)
    if Path(request.location).suffix.lower() == ".toml":
        return _open_project(request)
    from workbench.data import load

    return load(
        request.location,
        target=request.target,
        task=request.task,
        roles=request.roles,
        time=request.time,
        group=request.group,
    )


def told_at_start(table: Table) -> tuple[str, ...]:
    """What a run says of its data without being asked: alarms, and what of the table is not used as it is there."""
    messages = []
    for check in table.checks:
        if check.severity is Severity.ALARM:
            messages.append(check.message)
        elif check.severity is Severity.WARNING and check.code in LOSSES:
            messages.append(f"{check.message.rstrip('.')}: {check.repair}." if check.repair else check.message)
    return tuple(dict.fromkeys(messages))


def window_target(target: str | None) -> str | None:
    """What a target made from a window is called when it is asked for: ``spend`` for ``spend_next_63_days``.

    An opened table shows the column; asking for that column again must open the same table.
    """
    found = re.fullmatch(r"(spend|active|redeems)_next_\d+_days", target or "")
    return found.group(1) if found else target


def _open_bundled(request: TableRequest) -> Table:
    from workbench.features import load_bundled

    if request.time is not None or request.group is not None:
        raise InputError("The bundled data have a row per household as of a date: no column orders or groups them.")
    target = window_target(request.target) or "spend"
    if target not in BUNDLED_TARGETS:
        raise InputError(f"The bundled data have no target '{target}': choose of {', '.join(BUNDLED_TARGETS)}.")
    table = load_bundled(cast("BundledTarget", target))
    return table.with_roles(request.roles) if request.roles else table


def _open_project(request: TableRequest) -> Table:
    from workbench.features import project_table
    from workbench.project import Project

    project = Project.read(Path(request.location))
    said = {"time": request.time, "group": request.group, "task": request.task.value if request.task else None}
    project = project.model_copy(update={key: value for key, value in said.items() if value is not None})
    table = project_table(project, target=window_target(request.target))
    return table.with_roles(request.roles) if request.roles else table
