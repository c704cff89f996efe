"""From events and attributes to a customer table at a cut-off, with its target, roles and history."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from workbench.contracts import Check, Lever, Role, Severity, Table, Task
from workbench.data import describe
from workbench.errors import InputError
from workbench.events import Event, Events
from workbench.features.as_of import features_as_of, microseconds, without_zone
from workbench.features.attributes import attributes_of
from workbench.features.catalogue import Entry, Sheet, unique_name
from workbench.features.event_store import EventStore
from workbench.features.history import history
from workbench.features.provenance import sources_of
from workbench.features.spec import WINDOW_TARGETS, TableSpec, WindowTarget
from workbench.features.targets import active_after, check_elapsed, default_cut_off, responds_after, spend_after

_AFTER: dict[str, Callable[[EventStore, pd.Index, pd.Timestamp, int], pd.Series]] = {
    "spend": spend_after,
    "active": active_after,
    "redeems": responds_after,
}
_MEANINGS = {
    "spend": "Spend in the {days} days from the cut-off on.",
    "active": "Whether anything is bought in the {days} days from the cut-off on.",
    "redeems": "Whether a coupon or offer is redeemed in the {days} days from the cut-off on.",
}


def customer_table(spec: TableSpec, *, events: Events | None = None) -> Table:
    """Build the customer table that ``spec`` describes.

    Args:
        events: told what was left out, which the table's checks say too; asked whether to stop.

    Returns:
        One row per entity that bought before the cut-off, ascending by id: id, attributes, features, outcomes, target.

    Raises:
        InputError: a source can't be used, the target is unknown, or its window has not fully elapsed.
    """
    notices = _Recorder(events)
    with EventStore(spec.events, events=notices) as store:
        cut_off = default_cut_off(store, spec.horizon_days) if spec.cut_off is None else without_zone(spec.cut_off)
        if spec.target in WINDOW_TARGETS:
            check_elapsed(store, cut_off, spec.horizon_days)
        features, catalogue = features_as_of(store, cut_off, window_days=spec.horizon_days)
        _say_dropped(store, features.index, cut_off, notices)
        parts, entries = _attributes(spec, store, features, notices)
        outcomes, targets = _outcomes(spec, store, features.index, cut_off, notices)
        past = history(
            store,
            cut_off,
            window_days=spec.horizon_days,
            origins=spec.origins,
            currency=spec.currency,
            not_on_offer=spec.not_on_offer,
            notices=notices,
        )
        sources = sources_of(store, spec)
        entity = store.entity
    everything = pd.concat([*parts, features, outcomes], axis=1)
    frame = everything.reset_index(names=unique_name(entity, everything.columns))
    identity, target = str(frame.columns[0]), targets.get(spec.target or "", spec.target)
    if target is not None and target not in frame.columns:
        raise InputError(
            f"There is no target '{spec.target}' in {spec.name}: choose spend, active, redeems "
            "or a column of the customers' table."
        )
    roles: dict[str, Role] = {identity: Role.ID, **spec.roles}
    for name in outcomes:
        if name != target:
            roles.setdefault(str(name), Role.OUTCOME)
    entries.update({**catalogue, **_outcome_entries(targets, spec.horizon_days)})
    return describe(
        frame,
        sources,
        target=target,
        task=_task(spec),
        roles=roles,
        time=spec.time,
        group=spec.group,
        checks=notices.checks(),
        name=spec.name,
        outcome=targets.get("spend"),
        currency=spec.currency,
        cut_off=cut_off,
        horizon_days=spec.horizon_days,
        history=past,
        meanings={name: (entry.meaning, entry.unit, entry.lever) for name, entry in entries.items()},
    )


class _Recorder(Events):
    """Keeps notices for the table's checks and passes everything on, the wish to stop included."""

    def __init__(self, outer: Events | None) -> None:
        super().__init__(*([self._pass_on] if outer is not None else []))
        self._outer = outer

    def _pass_on(self, event: Event) -> None:
        if self._outer is not None:
            self._outer.emit(event.kind, event.stage, event.message, **event.data)

    def check_stop(self) -> None:
        if self._outer is not None:
            self._outer.check_stop()

    def checks(self) -> tuple[Check, ...]:
        return tuple(
            Check("source-rows", Severity.INFO, None, int(event.data.get("rows", 0)), event.message)
            for event in self.notices
        )


def _say_dropped(store: EventStore, entities: pd.Index, cut_off: pd.Timestamp, notices: Events) -> None:
    known = int(store.ask("SELECT count(DISTINCT entity) AS n FROM slips")["n"].iloc[0])
    if known > len(entities):
        notices.notice(
            "features",
            f"{known - len(entities):,} of {known:,} customers bought nothing before {cut_off:%Y-%m-%d} "
            "and are left out.",
            rows=known - len(entities),
        )


def _attributes(
    spec: TableSpec, store: EventStore, features: pd.DataFrame, notices: Events
) -> tuple[list[pd.DataFrame], dict[str, Entry]]:
    parts: list[pd.DataFrame] = []
    taken = {store.entity, *features.columns}
    for source in spec.attributes:
        part = attributes_of(store, source, features.index, taken, notices=notices)
        taken.update(part.columns)
        parts.append(part)
    return parts, dict(spec.meanings)


def _outcomes(
    spec: TableSpec, store: EventStore, entities: pd.Index, cut_off: pd.Timestamp, notices: Events
) -> tuple[pd.DataFrame, dict[str, str]]:
    """What happened after the cut-off, and the column of each window target."""
    wanted: list[WindowTarget] = [
        name for name in WINDOW_TARGETS if name == "spend" or name == spec.target or name in spec.outcomes
    ]
    if microseconds(cut_off) > microseconds(default_cut_off(store, spec.horizon_days)):
        notices.notice(
            "features",
            f"The {spec.horizon_days} days from {cut_off:%Y-%m-%d} have not fully elapsed, so there is no outcome: "
            "segments and gaps are judged by the past only.",
        )
        return pd.DataFrame(index=entities), {}
    sheet = Sheet(entities)
    columns: dict[str, str] = {}
    for name in wanted:
        column = f"{name}_next_{spec.horizon_days}_days"
        sheet.add(column, _AFTER[name](store, entities, cut_off, spec.horizon_days).array, "")
        columns[name] = column
    return sheet.frame(), columns


def _outcome_entries(targets: dict[str, str], days: int) -> dict[str, Entry]:
    return {
        column: Entry(column, _MEANINGS[name].format(days=days), "currency" if name == "spend" else "", Lever.FIXED)
        for name, column in targets.items()
    }


def _task(spec: TableSpec) -> Task | None:
    if spec.task is not None:
        return spec.task
    if spec.target is None:
        return Task.SEGMENTS
    return {"spend": Task.REGRESSION, "active": Task.BINARY, "redeems": Task.BINARY}.get(spec.target)
