"""How to reproduce: the command, the seed, the fingerprints, the versions."""

from __future__ import annotations

from workbench.contracts import JourneyResult
from workbench.report.blocks import Code, Grid, Paragraph, Section
from workbench.report.numbers import figure
from workbench.report.text import short


def reproduce_section(result: JourneyResult) -> Section:
    """Everything that the same result needs."""
    lines = [result.command, f"workbench runs show {result.name}"]
    facts = [
        ("run", f"{result.name} {result.run_id}".strip()),
        ("seed", str(result.seed)),
        ("budget", f"{figure(result.budget_seconds)} s" if result.budget_seconds else "by trials, not by the clock"),
        ("took", f"{figure(result.seconds)} s"),
        ("data fingerprint", result.table.fingerprint),
        *((f"seconds for {stage}", figure(seconds)) for stage, seconds in result.timings.items()),
        *((f"version of {name}", value) for name, value in result.environment.items()),
        *((f"setting {name}", str(value)) for name, value in result.settings.items()),
    ]
    rows = tuple((short(name, 80), short(str(value), 200)) for name, value in facts)
    text = "The first line makes the run again, the second shows what is on record." if result.command else (
        "The line shows what is on record; how the run was begun was not kept.")  # fmt: skip
    if result.search is not None and result.budget_seconds:
        text += (
            " A search by the clock may try other models on a faster or slower machine; --trials in place of --budget "
            "repeats every decision."
        )
    if result.run_id:
        text += " The model and all figures are in the MLflow run."
    return Section(
        "reproduce",
        "How to reproduce",
        (
            Code("\n".join(line for line in dict.fromkeys(lines) if line)),
            Paragraph(text),
            Grid(("what", "value"), rows, "Record", collapsed=len(rows) > 16),
        ),
    )
