"""Data and checks: where the rows come from, what each column is for, what was found wrong."""

from __future__ import annotations

from workbench.contracts import Severity, Table
from workbench.report.blocks import Block, Grid, Paragraph, Section
from workbench.report.numbers import count, percent, short

MOST_CHECKS = 40


def data_section(table: Table) -> Section:
    """Sources, columns with roles, and checks, the gravest first."""
    blocks: list[Block] = []
    if table.sources:
        rows = tuple(
            (short(s.name), s.format, count(s.rows), count(s.columns),
             short(", ".join(f"{name} {value}" for name, value in s.details.items())), s.fingerprint[:12])
            for s in table.sources
        )  # fmt: skip
        blocks.append(
            Grid(("source", "format", "rows", "columns", "read as", "fingerprint"), rows, "Where the data come from",
                 right=(2, 3))
        )  # fmt: skip
    order = {Severity.ALARM: 0, Severity.WARNING: 1, Severity.INFO: 2}
    checks = sorted(table.checks, key=lambda check: order[check.severity])
    if checks:
        found = tuple(
            (
                check.severity.value,
                short(check.column or "the table"),
                short(check.message, 300),
                short(check.repair, 200),
            )
            for check in checks[:MOST_CHECKS]
        )
        blocks.append(Grid(("how grave", "where", "what", "what was or can be done"), found, "Checks"))
        if len(checks) > MOST_CHECKS:
            blocks.append(Paragraph(f"{len(checks) - MOST_CHECKS} further findings are in the run.", "note"))
    else:
        blocks.append(Paragraph("The checks found nothing to report."))
    total = max(1, len(table.frame))
    described = tuple(
        (column.role.value, short(column.name), column.kind.value, percent(column.missing / total),
         count(column.distinct), short(column.meaning or column.reason, 200))
        for column in table.columns
    )  # fmt: skip
    headings = ("role", "column", "kind", "missing", "distinct", "meaning")
    blocks.append(Grid(headings, described, f"All {len(described)} columns", right=(3, 4)))
    return Section("data", "Data and checks", tuple(blocks))
