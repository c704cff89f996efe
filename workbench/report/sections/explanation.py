"""Explanation: what the model looks at, for all customers, for pairs of columns, for single ones and for segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.contracts import Explanation, JourneyResult, SearchResult
from workbench.explain import Dependence, importance_table
from workbench.explain.direction import goes_with
from workbench.explain.language import Language
from workbench.explain.words import explanation_words
from workbench.report.bins import known_bins
from workbench.report.blocks import Block, Bullets, Figure, Grid, Paragraph, Section
from workbench.report.figures import (
    beeswarm_figure,
    dependence_figures,
    importance_figure,
    top_dependences,
)
from workbench.report.numbers import FEWEST, count, figure, percent, span
from workbench.report.sections.customers import customer_blocks
from workbench.report.sections.drivers import driver_blocks
from workbench.report.sections.interactions import interaction_blocks
from workbench.report.text import short

TOP = 12
MOST_OUTPUTS = 4
TOP_OF_OUTPUT = 5
_LEVERS = {"controllable": "yes", "partly": "in part", "fixed": "no", "unknown": "not said"}


def explanation_section(result: JourneyResult, language: Language = "en") -> Section | None:
    """Importance, beeswarm, dependence, pairs, single customers, segments, and the checks; ``None`` without any.

    Args:
        language: of the explanation's sentences.
    """
    explanation, search = result.explanation, result.search
    if explanation is None:
        return None
    words = _words(explanation, language)
    blocks: list[Block] = [Bullets(tuple(short(text, 400) for text in words), language)] if words else []
    blocks.append(
        Paragraph(
            f"Explained {count(len(explanation.rows))} of {count(explanation.total_rows)} customers, in "
            f"{short(explanation.output_space)}. {_sentence(explanation.method)}.{_of_which(search)}",
            "note",
        )
    )
    moves = bool(len(explanation.rows)) and float(np.abs(explanation.values).sum()) > 0
    if moves:
        shown = top_dependences(explanation)
        blocks += _figures(explanation, shown)
        blocks.append(_importance(explanation))
        if len(explanation.outputs) > 1:
            blocks.append(_by_output(explanation, result.seed))
        blocks += _by_value(explanation, shown)
        blocks += interaction_blocks(explanation)
        blocks += customer_blocks(explanation)
        blocks += driver_blocks(result, explanation)
    else:
        blocks.append(Paragraph("No column moves any prediction: this model gives everybody the same answer."))
    blocks += _checks(explanation)
    return Section("explanation", "Explanation", tuple(blocks))


def _words(explanation: Explanation, language: Language) -> Sequence[str]:
    """The sentences: as the run recorded them, or the same in another language."""
    if language == "en":
        return explanation.words
    return explanation_words(explanation, language)


def _figures(explanation: Explanation, shown: Sequence[Dependence]) -> list[Figure]:
    outputs = len(explanation.outputs)
    swarms = [beeswarm_figure(explanation, output) for output in range(min(outputs, MOST_OUTPUTS))]
    about = ", over all classes" if outputs > 1 else ""
    return [importance_figure(explanation, about=about), *swarms, *dependence_figures(explanation, shown)]


def _checks(explanation: Explanation) -> list[Block]:
    """What was verified, folded where all is well."""
    rows = tuple(
        ("passed" if check.passed else "FAILED", check.name, f"{check.value:.2g}", f"{check.limit:.2g}", check.message)
        for check in explanation.checks
    )
    if not rows:
        return []
    failed = any(not check.passed for check in explanation.checks)
    caption = "Checks on every explained row" + (": at least one failed" if failed else ", all passed")
    headings = ("", "check", "value", "limit", "meaning")
    return [Grid(headings, rows, caption, right=(2, 3), wide=(4,), collapsed=not failed)]


def _importance(explanation: Explanation) -> Grid:
    rows = tuple(
        (short(str(row["column"]), 80), figure(row["importance"]), span(row["low"], row["high"]),
         percent(row["share"]), goes_with(row["direction"]).told(), _LEVERS.get(str(row["lever"]), str(row["lever"])))
        for row in explanation.importance.head(TOP).to_dict("records")
    )  # fmt: skip
    headings = ("column", "mean |SHAP|", "95 % interval", "share", "goes with", "can be changed")
    return Grid(
        headings, rows, f"Importance, in {short(explanation.output_space)}", right=(1, 3),
        note="Goes with: what higher values of the column go with in the prediction; association, not cause. "
        "Can be changed: by the business, as far as the roles of the columns say.",
    )  # fmt: skip


def _by_output(explanation: Explanation, seed: int) -> Grid:
    """For each class the columns that move its prediction most."""
    levers = dict(zip(explanation.importance["column"], explanation.importance["lever"], strict=True))
    rows: list[tuple[str, ...]] = []
    for output, name in enumerate(explanation.outputs):
        table = importance_table(explanation.values, explanation.data, levers, output=output, seed=seed)
        for number, row in enumerate(table.head(TOP_OF_OUTPUT).to_dict("records")):
            rows.append(
                (short(name, 60) if number == 0 else "", short(str(row["column"]), 80), figure(row["importance"]),
                 span(row["low"], row["high"]), percent(row["share"]), goes_with(row["direction"]).told())
            )  # fmt: skip
    headings = ("class", "column", "mean |SHAP|", "95 % interval", "share", "goes with")
    caption = f"Importance for each of the {len(explanation.outputs)} classes"
    return Grid(headings, tuple(rows), caption, right=(2, 4), collapsed=len(rows) > 4 * TOP_OF_OUTPUT)


def _by_value(explanation: Explanation, shown: Sequence[Dependence]) -> list[Grid]:
    """The drawings of contributions by value as a table."""
    several = len(explanation.outputs) > 1
    rows = []
    for one in shown:
        name = short(one.column, 60) + (f" → {short(one.output, 40)}" if several else "")
        for number, row in enumerate(known_bins(one).to_dict("records")):
            rows.append(
                (name if number == 0 else "", short(str(row["label"]), 60), figure(row["contribution"]),
                 span(row["low"], row["high"]), count(row["rows"]))
            )  # fmt: skip
    if not rows:
        return []
    headings = ("column", "value", "mean contribution", "95 % interval", "customers")
    return [Grid(headings, tuple(rows), "Contribution by value", right=(2, 4), wide=(0,), collapsed=True,
                note=f"Values that fewer than {FEWEST} explained customers share are not shown. Ranges end at round "
                "figures, so that nobody's own value can be read from them.")]  # fmt: skip


def _sentence(text: str) -> str:
    line = short(text, 400).rstrip(".")
    return line[:1].upper() + line[1:]


def _of_which(search: SearchResult | None) -> str:
    """That it is not the champion which is explained, where that is an ensemble."""
    if search is None or search.single is None:
        return ""
    return f" This is the explainable champion ({search.single.family}); the predictions are the ensemble's."
