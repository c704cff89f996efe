"""How to reproduce: the command, the seed, the fingerprints, the versions."""

from __future__ import annotations

from workbench.contracts import JourneyResult
from workbench.report.blocks import Code, Grid, Paragraph, Section
from workbench.report.numbers import figure


def reproduce_section(result: JourneyResult) -> Section:
    """Everything that the same result needs."""
    lines = [result.command or f"workbench runs show {result.name}", f"workbench runs show {result.name}"]
    facts = [
        ("run", f"{result.name} {result.run_id}".strip()),
        ("seed", str(result.seed)),
        ("budget", f"{figure(result.budget_seconds)} s" if result.budget_seconds else "by trials"),
        ("took", f"{figure(result.seconds)} s"),
        ("data fingerprint", result.table.fingerprint),
        *((f"seconds for {stage}", figure(seconds)) for stage, seconds in result.timings.items()),
        *result.environment.items(),
    ]
    return Section(
        "reproduce",
        "How to reproduce",
        (
            Code("\n".join(dict.fromkeys(lines))),
            Paragraph(
                "A search by the clock may try other models on a faster or slower machine; `--trials N` in place of "
                "`--budget` repeats every decision. The model and all figures are in the MLflow run."
            ),
            Grid(("what", "value"), tuple((name, str(value)) for name, value in facts), "Record"),
        ),
    )
