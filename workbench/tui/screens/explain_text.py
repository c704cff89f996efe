"""What the explain screen says in lines: one customer's waterfall, and the columns of the feature table."""

from __future__ import annotations

from workbench.tui.widgets.grid import GridColumn
from workbench.tui.widgets.text import bar, clean, fit, number
from workbench.worker.views import CustomerView, ExplanationView, ResultView


def facts_text(view: ExplanationView, result: ResultView | None, output: int, busy: str = "") -> str:
    """Model, score, on how many rows it was explained, and whether the checks passed.

    Args:
        busy: what is under way, such as more rows that are being explained.
    """
    some = view["rows"] < view["total_rows"]
    rows = f"{view['rows']:,} of {view['total_rows']:,} rows" if some else f"all {view['rows']:,} rows"
    adds_up = all(check["passed"] for check in view["checks"])
    of_class = f"   class {clean(view['outputs'][output], 20)}" if len(view["outputs"]) > 1 else ""
    score = ""
    if result is not None:
        champion = view["model"] == "champion"
        figures = result["score"] if champion else result["explained_score"] or result["score"]
        if figures is not None:
            interval = f" ({number(figures['low'])} to {number(figures['high'])})"
            score = f"   {result['metric']} {number(figures['value'])}{interval}"
    others = [each["family"] for each in view["models"] if each["which"] != view["model"]]
    other = f" (m: {clean(others[0], 30)})" if others else ""
    return (
        f"Model  {clean(view['family'], 30)}{other}{score}   SHAP on {rows}{f' {busy}' if busy else ''}, "
        f"in {clean(view['output_space'], 40)}{of_class}   "
        f"checks: {'all passed' if adds_up else '! not all passed, see c'}"
    )


def customer_text(view: CustomerView, width: int) -> str:
    """The waterfall in words and arrows: ``base`` and steps add up to the output."""
    name = min(30, max(14, width - 22))
    arrows = max(4, width - name - 14)
    most = max((abs(step["contribution"] or 0.0) for step in view["steps"]), default=1.0) or 1.0
    lines = [
        f"predicted {view['prediction']}",
        f"in {clean(view['output'], 60)}",
        f"{fit('average of the model', name)} {number(view['base']):>10}",
    ]
    for step in view["steps"]:
        contribution = step["contribution"] or 0.0
        label = step["column"] if step["value"] is None else f"{step['column']} = {step['value']}"
        drawn = (">" if contribution >= 0 else "<") * max(1, round(arrows * abs(contribution) / most))
        sign = "+" if contribution >= 0 else "-"
        lines.append(f"{fit(label, name)} {sign + number(abs(contribution)):>10}  {drawn}")
    lines.append(f"{fit('sum', name)} {number(view['margin']):>10}")
    lines.append(f"adds up: {'yes' if view['adds_up'] else 'NO'}")
    return "\n".join(lines)


def feature_columns() -> list[GridColumn]:
    """Columns of the feature table."""
    return [
        GridColumn("column", "feature", 14, flex=True),
        GridColumn("importance", "mean|SHAP|", 10, number, right=True),
        GridColumn("bar", "", 12, lambda value: bar(value or 0.0, 12)),
        GridColumn("direction", "direction", 9, _direction),
        GridColumn("lever", "lever", 12),
    ]


def _direction(value: float | None) -> str:
    if value is None:
        return "-"
    return "rises" if value > 0.3 else "falls" if value < -0.3 else "mixed"
