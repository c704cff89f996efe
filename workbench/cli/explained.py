"""What drives a model over all customers: importance, pairs of columns, checks and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.cli.output import number, print_line, print_table
from workbench.cli.wording import Wording

if TYPE_CHECKING:
    import pandas as pd

    from workbench.contracts import Explanation
    from workbench.explain.language import Language


def print_explanation(
    explanation: Explanation,
    top: int = 10,
    *,
    importance: pd.DataFrame | None = None,
    about: str = "",
    language: Language = "en",
) -> None:
    """Importance in source columns with intervals, pairs of columns that work together, and the checks.

    Args:
        importance: of one class, in the form of the explanation's own; by default the one over all classes.
        about: what it is of, as a part of the heading.
        language: of all that is ours.
    """
    from workbench.explain import check_words

    words = Wording(language)
    table = explanation.importance if importance is None else importance
    words.print_title("explanation", space=words.space(explanation.output_space), towards=about)
    rows = [
        (row["column"], number(row["importance"]), words.interval(row["low"], row["high"]), words.percent(row["share"]),
         words.direction(row["direction"]), words.lever(str(row["lever"])))
        for row in table.head(top).to_dict("records")
    ]  # fmt: skip
    print_table(words.heads("column", "importance", "interval", "share", "goes_with", "lever"), rows, right=(1, 3))
    if len(table) > top:
        words.print_line("further", count=len(table) - top, share=words.percent(float(table["share"].iloc[top:].sum())))
    _print_interactions(explanation, top, words)
    explained = len(explanation.rows)
    words.print_line("explained", rows=explained, total=explanation.total_rows, method=explanation.method)
    for check in explanation.checks:
        print_line(f"{words.cell('passed' if check.passed else 'failed')} {check_words(check, explained, language)}")
    for sentence in sentences(explanation, language):
        print_line(sentence)


def sentences(explanation: Explanation, language: Language) -> tuple[str, ...]:
    """What the explanation says: in English as the run recorded it, else the same in another language."""
    from workbench.explain import explanation_words

    return explanation.words if language == "en" else explanation_words(explanation, language)


def _print_interactions(explanation: Explanation, top: int, words: Wording) -> None:
    """Pairs of columns by what they contribute together; nothing where that is not known."""
    pairs = explanation.interactions
    if pairs is None:
        return
    if pairs.empty:
        words.print_line("no_pairs")
        return
    words.print_title("interactions", space=words.space(explanation.output_space))
    rows = [
        (row["first"], row["second"], number(row["strength"]), words.interval(row["low"], row["high"]),
         words.percent(row["share"]))
        for row in pairs.head(top).to_dict("records")
    ]  # fmt: skip
    print_table(words.heads("column", "with", "strength", "interval", "share"), rows, right=(2, 4))
