"""`workbench explain RUN --fairness COL`: answers and errors by group of a column, and columns that carry the group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.cli.facts import known_name, plain, records
from workbench.cli.output import interval, number, percent, print_heading, print_json, print_line, print_table, signed
from workbench.cli.outputs import asked_output, other_classes, towards
from workbench.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from workbench.contracts import JourneyResult, Model, SearchResult, Table
    from workbench.explain import GroupMetrics
    from workbench.explain.language import Language

PROXIES = 12
"""Columns that are shown: proxies first, then those that tell the group best."""


def explain_fairness(
    result: JourneyResult, column: str, *, output: str | None, language: Language, as_json: bool
) -> None:
    """Print how the model does in each group of a column, on rows that it was not fitted on.

    Raises:
        InputError: there is no such column or class, it is the target, or the run has no model.
    """
    from workbench.explain import fairness_words, group_metrics, proxy_columns

    search, table = result.search, result.table
    known_name(column, table.frame.columns, f"{table.name} has no column")
    if search is None:
        raise InputError(f"Run '{result.name}' has no model, so there are no answers to compare by group.")
    if column == table.target:
        raise InputError(f"'{column}' is what the model predicts: name a column whose groups are to be compared.")
    group, model = group_column(table, column), search.champion
    metrics = group_metrics(
        group,
        table.frame[model.target].to_numpy(),
        held_out(search),
        search.task,
        positive=str(model.classes[model.positive]) if len(model.classes) == 2 else None,
        threshold=threshold_of(model),
        emphasis=model.emphasis,
        seed=result.seed,
    )
    proxies, explanation, about, more = None, result.explanation, "", ""
    if explanation is not None:
        place = asked_output(explanation, output)
        proxies = proxy_columns(explanation, group.iloc[explanation.rows], output=place, seed=result.seed)
        about, more = towards(explanation, place), other_classes(explanation, place, output)
    features = () if explanation is None else explanation.columns
    words = [
        *fairness_words(metrics, proxies=proxies, features=features, language=language),
        *_of_which(search, proxies),
    ]
    if as_json:
        print_json(_facts(metrics, proxies, words))
        return
    _print_metrics(metrics)
    if proxies is not None and not proxies.empty:
        _print_proxies(proxies, about)
        if more:
            print_line(more)
    print_heading("In words")
    for sentence in words:
        print_line(sentence)


def group_column(table: Table, column: str) -> pd.Series:
    """The column; numbers that the table knows as codes stay apart instead of being cut into bands."""
    from workbench.contracts import Kind

    group = table.frame[column]
    coded = table.column(column).kind in (Kind.CATEGORY, Kind.BOOLEAN)
    return group.astype("category") if coded else group


def held_out(search: SearchResult) -> pd.DataFrame:
    """The champion's out-of-fold predictions, a column per class or ``prediction``; a row per row of the table."""
    import pandas as pd

    classes = [str(label) for label in search.champion.classes]
    return pd.DataFrame(search.out_of_fold, columns=classes or ["prediction"])


def threshold_of(model: Model) -> float:
    """The share of the positive of two classes from which it is the model's answer."""
    if model.threshold is not None:
        return float(model.threshold)
    if model.emphasis is not None and len(model.emphasis) == 2:
        other, own = model.emphasis[1 - model.positive], model.emphasis[model.positive]
        return float(other / (own + other))
    return 0.5


def _of_which(search: SearchResult, proxies: pd.DataFrame | None) -> list[str]:
    """That answers and contributions are of two models, where the champion is a blend."""
    if search.single is None or proxies is None:
        return []
    return [f"The answers are the champion's, a blend; the contributions are of {search.single.family}, beside it."]


def _print_metrics(metrics: GroupMetrics) -> None:
    print_heading("Groups", f" of '{metrics.column}', on rows that the model was not fitted on")
    sizes = [(row["group"], f"{row['rows']:,}", percent(row["share"])) for row in metrics.groups.to_dict("records")]
    print_table(("group", "rows", "share"), sizes, right=(1, 2))
    if metrics.figures.empty:
        return
    print_heading("By group")
    figures = [
        (row["metric"] if first else "", row["group"], number(row["value"]), interval(row["low"], row["high"]),
         "-" if row["rows"] != row["rows"] else f"{row['rows']:,.0f}")
        for _, block in metrics.figures.groupby("metric", sort=False)
        for first, row in zip([True] + [False] * len(block), block.to_dict("records"), strict=False)
    ]  # fmt: skip
    print_table(("figure", "group", "value", "95 % interval", "rows"), figures, right=(2, 4))
    if metrics.comparisons.empty:
        return
    print_heading("Compared", f" with '{metrics.reference}', intervals for all {metrics.compared} comparisons together")
    rows = [
        (row["measure"], row["group"], number(row["value"]), interval(row["adjusted_low"], row["adjusted_high"]),
         "yes" if row["clear"] else "no")
        for row in metrics.comparisons.to_dict("records")
    ]  # fmt: skip
    print_table(("measure", "group", "value", "interval", "clear"), rows, right=(2,))


def _print_proxies(proxies: pd.DataFrame, about: str) -> None:
    print_heading("Columns that carry the group", about)
    order = proxies.sort_values(["itself", "proxy", "auc"], ascending=False, kind="stable").head(PROXIES)
    rows = [
        (row["group"], row["column"], number(row["auc"], 3), signed(row["difference"]),
         interval(row["low"], row["high"]), "itself" if row["itself"] else "proxy" if row["proxy"] else "no")
        for row in order.to_dict("records")
    ]  # fmt: skip
    headings = ("group", "column", "tells it (AUC)", "carries", "95 % interval", "proxy")
    print_table(headings, rows, right=(2, 3))
    if len(proxies) > len(rows):
        print_line(f"{len(proxies) - len(rows)} further pairs of group and column are in --json.")


def _facts(metrics: GroupMetrics, proxies: pd.DataFrame | None, words: list[str]) -> dict[str, Any]:
    return {
        "column": metrics.column,
        "task": metrics.task.value,
        "positive": metrics.positive,
        "threshold": plain(metrics.threshold),
        "reference": metrics.reference,
        "groups": records(metrics.groups),
        "figures": records(metrics.figures),
        "comparisons": records(metrics.comparisons),
        "compared": plain(metrics.compared),
        "left_out": plain(metrics.left_out),
        "proxies": None if proxies is None else records(proxies),
        "words": words,
    }
