"""One customer: why the model says what it says, and what it would say of another value."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.output import number, print_heading, print_json, print_line, print_table
from workbench.errors import InputError

if TYPE_CHECKING:
    from workbench.contracts import JourneyResult


def explain_customer(result: JourneyResult, row: str, *, changes: list[str], home: Path, as_json: bool) -> None:
    """Print one customer's contributions, and the answer after ``changes`` (``column=value``).

    Raises:
        InputError: there is no such customer or column.
    """
    from workbench.explain import explain_rows, read_change, waterfall, what_if
    from workbench.tracking import Store

    table = result.table
    ids = table.ids().astype(str)
    positions = [index for index, name in enumerate(ids) if name == row]
    if not positions:
        raise InputError(f"There is no customer '{row}' in {table.name}; ids look like '{ids.iloc[0]}'.")
    if result.explanation is None:
        raise InputError(f"Run '{result.name}' holds no explanation; run the table again without --no-report.")
    model = Store(home=home).load_model(result.run_id, explainable=True)
    raw = table.frame.iloc[[positions[0]]]
    explanation = explain_rows(model, raw, result.explanation)
    facts: dict[str, Any] = {"customer": row, "output_space": explanation.output_space, "outputs": {}}
    for index, output in enumerate(explanation.outputs):
        facts["outputs"][output] = {
            "base": float(explanation.base[index]),
            "sum": float(explanation.margin[0, index]),
            "contributions": [
                {"column": step.column, "value": step.value, "contribution": step.contribution}
                for step in waterfall(explanation, 0, output=index).steps
            ],
            "others": waterfall(explanation, 0, output=index).rest,
        }
    if changes:
        edits = dict(read_change(text, result.explanation.columns) for text in changes)
        answer = what_if(model, raw.iloc[0], edits, result.explanation)
        facts["what_if"] = {
            "changes": edits,
            "before": answer.predicted_before.iloc[0].to_dict(),
            "after": answer.predicted_after.iloc[0].to_dict(),
            "unseen": list(answer.unseen),
        }
    if as_json:
        print_json(facts)
        return
    for output, shown in facts["outputs"].items():
        print_heading("Customer", f" {row}: {output}, in {explanation.output_space}")
        rows = [(entry["column"], entry["value"], number(entry["contribution"])) for entry in shown["contributions"]]
        print_table(("column", "value", "contribution"), rows, right=(2,))
        print_line(
            f"average {number(shown['base'])}, all others {number(shown['others'])}, "
            f"this customer {number(shown['sum'])}"
        )
    if changes:
        print_heading("What if")
        for name in facts["what_if"]["before"]:
            print_line(
                f"{name}: {number(facts['what_if']['before'][name])} → {number(facts['what_if']['after'][name])}"
            )
        print_line("This is what the model would say, not what would happen.")
