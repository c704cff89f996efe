"""Data and checks: where the rows come from, what each column is for, what was found wrong."""

from __future__ import annotations

import re

from workbench.contracts import Check, Column, Role, Severity, Table
from workbench.report.blocks import Block, Grid, Paragraph, Section
from workbench.report.numbers import count, counted, percent
from workbench.report.text import short

MOST_CHECKS = 60
MOST_COLUMNS = 300
LONGEST_OPEN = 12
"""Tables with more rows are collapsed on a screen."""
_ORDER = {Severity.ALARM: 0, Severity.WARNING: 1, Severity.INFO: 2}
_SAMPLES = re.compile(r"\s*\((?:such as|for example|e\.g\.)[^)]*\)?")


def data_section(table: Table) -> Section:
    """Sources, columns with roles, and checks, the gravest first."""
    checks = sorted(table.checks, key=lambda check: _ORDER[check.severity])
    blocks: list[Block] = [Paragraph(_overview(table, checks))]
    if table.sources:
        rows = tuple(
            (short(s.name), s.format, count(s.rows), count(s.columns),
             short(", ".join(f"{name} {value}" for name, value in s.details.items())) or "–", s.fingerprint[:12])
            for s in table.sources
        )  # fmt: skip
        headings = ("source", "format", "rows", "columns", "read as", "fingerprint")
        blocks.append(
            Grid(headings, rows, "Where the data come from", right=(2, 3), collapsed=len(rows) > LONGEST_OPEN)
        )
    if checks:
        blocks += _checks(table, checks)
    blocks += _columns(table)
    return Section("data", "Data and checks", tuple(blocks))


def _overview(table: Table, checks: list[Check]) -> str:
    rows, used = len(table.frame), len(table.features.columns)
    text = f"{counted(rows, 'row')}, one a customer, and {counted(len(table.columns), 'column')}; "
    text += f"a model may look at {count(used)} of them."
    if not checks:
        return f"{text} The checks found nothing to report."
    found = [
        counted(number, severity.value)
        for severity in _ORDER
        if severity is not Severity.INFO and (number := sum(check.severity is severity for check in checks))
    ]
    return f"{text} The checks found {' and '.join(found)}." if found else f"{text} The checks found nothing grave."


def _checks(table: Table, checks: list[Check]) -> list[Block]:
    private = {column.name for column in table.columns if column.role in (Role.ID, Role.TEXT)}
    found = tuple(
        (
            check.severity.value,
            short(check.column or "the table", 80),
            short(_SAMPLES.sub("", check.message) if check.column in private else check.message, 300),
            short(check.repair, 200) or "–",
        )
        for check in checks[:MOST_CHECKS]
    )
    alarms = sum(check.severity is Severity.ALARM for check in checks)
    headings = ("how grave", "where", "what", "what was or can be done")
    blocks: list[Block] = [
        Grid(headings, found, f"Checks ({counted(len(checks), 'finding')})", wide=(2,),
             collapsed=len(found) > LONGEST_OPEN and not alarms)
    ]  # fmt: skip
    if len(checks) > MOST_CHECKS:
        blocks.append(Paragraph(f"{counted(len(checks) - MOST_CHECKS, 'further finding')} of the run, the least grave, "
                                "are not shown.", "note"))  # fmt: skip
    return blocks


def _columns(table: Table) -> list[Block]:
    total = max(1, len(table.frame))
    # what is searched for comes first, what is ignored last
    order = {Role.TARGET: 0, Role.OUTCOME: 1, Role.TREATMENT: 2, Role.IGNORE: 9}
    columns: list[Column] = sorted(table.columns, key=lambda column: order.get(column.role, 5))
    described = tuple(
        (short(column.name, 80), column.role.value, column.kind.value, percent(column.missing / total),
         count(column.distinct), short(column.meaning or column.reason, 200))
        for column in columns[:MOST_COLUMNS]
    )  # fmt: skip
    headings = ("column", "role", "kind", "missing", "distinct", "meaning")
    blocks: list[Block] = [
        Grid(headings, described, f"Columns ({count(len(columns))})", right=(3, 4), wide=(5,),
             collapsed=len(described) > LONGEST_OPEN)
    ]  # fmt: skip
    if len(columns) > MOST_COLUMNS:
        blocks.append(Paragraph(f"{counted(len(columns) - MOST_COLUMNS, 'further column')} are not listed.", "note"))
    return blocks
