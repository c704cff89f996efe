"""Between project files and customer tables: read one, or propose one from the tables themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd

from workbench.contracts import Source, Table, Task
from workbench.data import load, read_source
from workbench.errors import InputError
from workbench.events import Events
from workbench.features._sql import literal
from workbench.features.customer_table import customer_table
from workbench.features.infer import Inference, infer_sources
from workbench.features.provenance import parquet_size
from workbench.features.sources import AttributeSource, EventSource, Purpose, Relation
from workbench.features.spec import WINDOW_TARGETS, TableSpec
from workbench.project import Project, ProjectSource

SAMPLE_ROWS = 1_000_000
"""Larger Parquet files are looked at through a sample when a project is proposed; the run itself reads all rows."""

_WINDOWS = 6
"""A horizon should leave room for at least this many windows in the purchases."""


def project_table(project: Project, *, target: str | None = None, events: Events | None = None) -> Table:
    """The customer table that a project describes.

    Args:
        target: instead of the project's.
        events: told what was left out.

    Raises:
        InputError: a file, column or target can't be used, or the target's window has not elapsed.
    """
    wanted = target or project.target
    task = None if project.task == "auto" else Task(project.task)
    if project.single is not None:
        return load(
            project.locate(project.single),
            target=None if task is Task.SEGMENTS else wanted,
            task=task,
            roles=project.all_roles,
            time=project.time,
            group=project.group,
            name=project.name,
            currency=project.currency,
        )
    return customer_table(project_spec(project, target=target), events=events)


def project_spec(project: Project, *, target: str | None = None) -> TableSpec:
    """A project of events as the spec of its customer table.

    Raises:
        InputError: the project is a single table, or a file can't be read.
    """
    if project.single is not None:
        raise InputError(f"'{project.single.label}' is a customer table already; it needs no events.")
    task = None if project.task == "auto" else Task(project.task)
    sources: list[Source] = []
    events: list[EventSource] = []
    attributes: list[AttributeSource] = []
    for source in project.sources:
        relation = _relation(project.locate(source), source, sources)
        entity = source.entity or str(project.entity)
        if source.purpose == "attributes":
            attributes.append(AttributeSource(source.label, relation, entity, source.columns))
        else:
            events.append(_event_source(source, relation, entity))
    return TableSpec(
        name=project.name,
        events=tuple(events),
        attributes=tuple(attributes),
        cut_off=None if project.cut_off is None else pd.Timestamp(project.cut_off),
        horizon_days=project.horizon_days,
        target=None if task is Task.SEGMENTS else target or project.target,
        task=task,
        currency=project.currency,
        roles=project.all_roles,
        time=project.time,
        group=project.group,
        sources=tuple(sources),
    )


def propose_project(sources: Sequence[str], *, target: str | None = None) -> tuple[Project, list[str]]:
    """A project for these files, with a sentence for every decision.

    Args:
        sources: paths; of one file that is a customer table already, the project is just that table.
        target: ``spend``, ``active``, ``redeems`` or a column; by default ``spend`` for purchases, else none.

    Raises:
        InputError: a file can't be read, two files have one name, or none of several holds purchases.
    """
    if not sources:
        raise InputError("No table was given; name one or more files.")
    frames: dict[str, pd.DataFrame] = {}
    paths: dict[str, Path] = {}
    reasons: list[str] = []
    for location in sources:
        path = Path(location).expanduser()
        name = path.stem
        if name in frames:
            raise InputError(f"Two of the tables are called '{name}'; rename one of the files.")
        frames[name], paths[name] = _look(path, reasons), path.resolve()
    inference = infer_sources(frames)
    reasons += inference.reasons
    if not inference.events:
        return _single_project(frames, paths, target, reasons), reasons
    return _events_project(inference, frames, paths, target, reasons), reasons


def _single_project(
    frames: dict[str, pd.DataFrame], paths: dict[str, Path], target: str | None, reasons: list[str]
) -> Project:
    (name,) = frames
    if target is not None and target not in frames[name].columns:
        raise InputError(
            f"{name} has no column '{target}'; its columns are: {', '.join(map(str, list(frames[name])[:20]))}."
        )
    reasons.append(f"{name} is taken as a customer table: one row per customer.")
    return Project(name=name, sources=(ProjectSource(path=str(paths[name])),), target=target)


def _events_project(
    inference: Inference,
    frames: dict[str, pd.DataFrame],
    paths: dict[str, Path],
    target: str | None,
    reasons: list[str],
) -> Project:
    main = inference.events[0]
    times = frames[main.name][main.time].dropna()
    end = pd.Timestamp(times.max()).floor("D") + pd.Timedelta(days=1)
    days = (end - pd.Timestamp(times.min()).floor("D")).days
    horizon = 63 if days >= 63 * _WINDOWS else max(1, days // _WINDOWS // 7 * 7 or days // _WINDOWS)
    cut_off = end - pd.Timedelta(days=horizon)
    reasons.append(
        f"{main.name} covers {days} days up to {times.max():%Y-%m-%d}: with a horizon of {horizon} days the latest "
        f"possible cut-off is {cut_off:%Y-%m-%d}."
    )
    known = {column for source in inference.attributes for column in frames[source.name].columns}
    if target is not None and target not in known and target not in WINDOW_TARGETS:
        raise InputError(f"There is no target '{target}': choose {', '.join(WINDOW_TARGETS)} or a column of customers.")
    entity = str(inference.entity)
    described = [
        ProjectSource(
            path=str(paths[source.name]),
            purpose=source.purpose.value,
            entity=source.entity if source.entity != entity else None,
            time=source.time,
            value=source.value,
            quantity=source.quantity,
            price=source.price,
            basket=source.basket,
            category=source.category,
            department=source.department,
            store=source.store,
            discount=source.discount,
            coupon=source.coupon,
            returns=source.returns,
        )
        for source in inference.events
    ]
    described += [
        ProjectSource(
            path=str(paths[source.name]),
            purpose="attributes",
            entity=source.entity if source.entity != entity else None,
        )
        for source in inference.attributes
    ]
    return Project(
        name=main.name,
        sources=tuple(described),
        entity=entity,
        cut_off=cut_off.date(),
        horizon_days=horizon,
        target=target or "spend",
    )


def _look(path: Path, reasons: list[str]) -> pd.DataFrame:
    """A table for inference: whole, or a repeatable sample of a large Parquet file."""
    rows = parquet_size(path)[0] if path.suffix.casefold() == ".parquet" and path.is_file() else 0
    if rows > SAMPLE_ROWS:
        reasons.append(f"{path.name} has {rows:,} rows; a sample of {SAMPLE_ROWS:,} was looked at.")
        # One thread: a repeatable sample needs the rows in one order.
        with duckdb.connect(config={"threads": 1}) as connection:
            sampled: pd.DataFrame = connection.execute(
                f"SELECT * FROM read_parquet({literal(str(path))}) "  # noqa: S608 - the path is quoted
                f"USING SAMPLE reservoir({SAMPLE_ROWS} ROWS) REPEATABLE (0)"
            ).df()
            return sampled
    return read_source(path)[0]


def _relation(path: Path, source: ProjectSource, sources: list[Source]) -> Relation:
    """Parquet stays on disk, for DuckDB to scan; other formats are read with their quirks repaired."""
    if path.suffix.casefold() == ".parquet":
        return path
    frame, described, _ = read_source(path, name=source.label)
    sources.append(described)
    return frame


def _event_source(source: ProjectSource, relation: Relation, entity: str) -> EventSource:
    return EventSource(
        source.label,
        relation,
        entity,
        str(source.time),
        purpose=Purpose(source.purpose),
        value=source.value,
        quantity=source.quantity,
        price=source.price,
        basket=source.basket,
        category=source.category,
        department=source.department,
        store=source.store,
        discount=source.discount,
        coupon=source.coupon,
        returns=source.returns,
    )
