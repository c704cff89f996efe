"""`workbench explain RUN --fairness COL`: answers and errors by group of a column, and columns that carry the group."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from workbench.cli.facts import known_name, records
from workbench.cli.output import number, print_json, print_line, print_table, signed
from workbench.cli.outputs import asked_output, other_classes, towards
from workbench.cli.unexplained import no_model, reason
from workbench.cli.wording import Wording
from workbench.errors import InputError
from workbench.plain import plain

if TYPE_CHECKING:
    import pandas as pd

    from workbench.contracts import JourneyResult, SearchResult
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
    from workbench.explain import compared_groups, fairness_words, group_of, proxy_columns

    search, table, words = result.search, result.table, Wording(language)
    known_name(column, table.frame.columns, f"{table.name} has no column")
    if search is None:
        raise InputError(f"Run '{result.name}' has no answers to compare by group: {no_model(result)}")
    group = group_of(table, column)
    proxies, explanation, about, more = None, result.explanation, "", ""
    if explanation is None and output is not None:
        raise InputError(
            f"--class chooses among contributions, and run '{result.name}' has none: {reason(result, 'explain')}"
        )
    place = None if explanation is None else asked_output(explanation, output)
    metrics = compared_groups(table, search, group, seed=result.seed)
    if explanation is not None and place is not None:
        proxies = proxy_columns(explanation, group.iloc[explanation.rows], output=place, seed=result.seed)
        about, more = towards(explanation, place, language), other_classes(explanation, place, output, language)
    features = () if explanation is None else explanation.columns
    sentences = [
        *fairness_words(metrics, proxies=proxies, features=features, language=language),
        *_of_which(search, proxies, words),
    ]
    if as_json:
        print_json(_facts(metrics, proxies, sentences))
        return
    _print_metrics(metrics, words)
    if proxies is not None and not proxies.empty:
        _print_proxies(proxies, metrics, about, words)
        if more:
            print_line(more)
    words.print_title("in_words")
    for sentence in sentences:
        print_line(sentence)


def _of_which(search: SearchResult, proxies: pd.DataFrame | None, words: Wording) -> list[str]:
    """That answers and contributions are of two models, where the champion is a blend."""
    return [] if search.single is None or proxies is None else [words.line("blend", family=search.single.family)]


def _group(metrics: GroupMetrics, group: object, words: Wording) -> str:
    """The name of a group; a name of ours in words."""
    label = metrics.labels.get(str(group))
    return str(group) if label is None else label.told(words.language)


def _metric(metric: str, words: Wording) -> str:
    from workbench.explain.fairness.named import metric_name

    return metric if words.language == "en" else metric_name(metric).told(words.language)


def _measure(measure: str, words: Wording) -> str:
    """What is compared: the difference or the ratio of a figure, some of which have names of their own."""
    from workbench.explain.fairness.named import measured_by

    if words.language == "en":
        return measure
    way = "ratio_of" if measure.endswith("ratio") else "difference_of"
    for begins, name in (("demographic", "parity"), ("equal opportunity", "opportunity"), ("equalised", "odds")):
        if measure.startswith(begins):
            return words.cell(way, metric=words.cell(name))
    figure = measure.removesuffix(" ratio").removesuffix(" difference").removesuffix(",")
    metric = measured_by(f"{figure} difference")
    return words.cell(way, metric=_metric(metric, words))


def _print_metrics(metrics: GroupMetrics, words: Wording) -> None:
    from workbench.explain.language import Name

    words.print_title("groups", column=Name(metrics.column))
    sizes = [
        (_group(metrics, row["group"], words), f"{row['rows']:,}", words.percent(row["share"]))
        for row in metrics.groups.to_dict("records")
    ]
    print_table(words.heads("group", "rows", "share"), sizes, right=(1, 2))
    if metrics.figures.empty:
        return
    words.print_title("by_group")
    figures = [
        (_metric(row["metric"], words) if first else "", _group(metrics, row["group"], words), number(row["value"]),
         words.interval(row["low"], row["high"]), "-" if row["rows"] != row["rows"] else f"{row['rows']:,.0f}")
        for _, block in metrics.figures.groupby("metric", sort=False)
        for first, row in zip([True] + [False] * len(block), block.to_dict("records"), strict=False)
    ]  # fmt: skip
    print_table(words.heads("figure", "group", "value", "interval", "rows"), figures, right=(2, 4))
    if metrics.comparisons.empty:
        return
    words.print_title("compared", group=metrics.name(metrics.reference), count=metrics.compared)
    rows = [
        (_measure(row["measure"], words), _group(metrics, row["group"], words), number(row["value"]),
         words.interval(row["adjusted_low"], row["adjusted_high"]), words.yes(row["clear"]))
        for row in metrics.comparisons.to_dict("records")
    ]  # fmt: skip
    print_table(words.heads("measure", "group", "value", "adjusted", "clear"), rows, right=(2,))


def _print_proxies(proxies: pd.DataFrame, metrics: GroupMetrics, about: str, words: Wording) -> None:
    words.print_title("carrying", towards=about)
    order = proxies.sort_values(["itself", "proxy", "auc"], ascending=False, kind="stable").head(PROXIES)

    def which(row: Mapping[Hashable, Any]) -> str:
        return words.cell("itself" if row["itself"] else "proxy") if row["itself"] or row["proxy"] else words.yes(False)

    rows = [
        (_group(metrics, row["group"], words), row["column"], number(row["auc"], 3), signed(row["difference"]),
         words.interval(row["low"], row["high"]), which(row))
        for row in order.to_dict("records")
    ]  # fmt: skip
    print_table(words.heads("group", "column", "tells", "carries", "interval", "proxy"), rows, right=(2, 3))
    if len(proxies) > len(rows):
        words.print_line("in_json", count=len(proxies) - len(rows))


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
