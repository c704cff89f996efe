"""`workbench explain RUN --trust`: the model's recipe fitted anew, and whether it tells the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.facts import plain, records
from workbench.cli.output import interval, number, percent, print_heading, print_json, print_line, print_table
from workbench.cli.outputs import explanation_of

if TYPE_CHECKING:
    import pandas as pd

    from workbench.contracts import JourneyResult
    from workbench.explain import Trust
    from workbench.explain.language import Language

DEFAULT_BUDGET = "60s"
TOP = 25


def explain_trust(
    result: JourneyResult, *, budget: str | None, home: Path, as_json: bool, quiet: bool, language: Language
) -> None:
    """Fit the model anew on parts of the rows and print what stays the same.

    Raises:
        InputError: the run has no model, or too few rows with a known target.
        Stopped: the user stopped it.
    """
    from workbench.budget import Budget, parse_duration, process_start
    from workbench.cli.journeys import stoppable
    from workbench.cli.progress import ProgressPrinter
    from workbench.events import Events
    from workbench.explain import trust
    from workbench.tracking import Store

    limit = Budget(parse_duration(budget or DEFAULT_BUDGET), process_start())
    explanation_of(result)
    model = Store(home=home).load_model(result.run_id, explainable=True)
    printer = ProgressPrinter(quiet=quiet)
    events = Events(printer, began=limit.started)
    with stoppable(events, printer):
        found = trust(model, result.table, budget=limit, events=events, seed=result.seed)
    if as_json:
        print_json({**_facts(found), "words": _words(found, language)})
    else:
        _print_trust(found, _words(found, language))


def _words(found: Trust, language: Language) -> list[str]:
    """The sentences: of each part in the language that is wished, and what else there is to say."""
    from workbench.explain.overall.permutation import permutation_words
    from workbench.explain.overall.stability import stability_words

    def parts(wished: Language) -> list[str]:
        told = [] if found.stability.empty else [stability_words(found.stability, wished)]
        told += [one.told(wished) for one in (found.floor, found.agreement) if one is not None]
        return told if found.permuted is None else [*told, permutation_words(found.permuted, wished)]

    english = parts("en")
    return [*parts(language), *(sentence for sentence in found.words if sentence not in english)]


def _print_trust(found: Trust, words: list[str]) -> None:
    _print_stability(found.stability)
    if found.floor is not None:
        print_heading("Noise floor", ": the importance of planted random columns")
        print_line(f"floor {number(found.floor.floor)} ({percent(found.floor.share)} of everything attributed)")
        below = ", ".join(f"'{name}'" for name in found.floor.below) or "none"
        print_line(f"columns no higher: {below}")
        print_line(f"A column that knows nothing lies above it by luck in {percent(found.floor.luck)} of cases.")
    _print_permuted(found.permuted)
    if found.agreement is not None:
        print_heading("Agreement", " of SHAP and permutation")
        print_line(f"rank correlation {number(found.agreement.correlation, 2)} over {found.agreement.columns} columns")
        rows = [
            (row["column"], f"{row['shap_rank']:g}", f"{row['permutation_rank']:g}", f"{row['apart']:g}")
            for row in found.agreement.furthest.head(TOP).to_dict("records")
        ]
        print_table(("column", "rank by SHAP", "rank by permutation", "apart"), rows, right=(1, 2, 3))
    print_heading("In words")
    for sentence in words:
        print_line(sentence)
    print_line(
        f"{found.refits} refits on {found.rows:,} rows took {found.seconds:.1f} s, with the start of the command."
    )


def _print_stability(stability: pd.DataFrame) -> None:
    if stability.empty:
        return
    models = stability.attrs["models"]
    print_heading("Stability", f": share of the importance over {models} models of other rows")
    rows = [
        (row["column"], percent(row["share"]), f"{percent(row['low'])} to {percent(row['high'])}", f"{row['rank']:.1f}",
         "-" if row["sign_agreement"] != row["sign_agreement"] else percent(row["sign_agreement"]))
        for row in stability.head(TOP).to_dict("records")
    ]  # fmt: skip
    print_table(("column", "share", "least to most", "rank", "same direction"), rows, right=(1, 3, 4))


def _print_permuted(permuted: pd.DataFrame | None) -> None:
    if permuted is None:
        return
    metric = str(permuted.attrs["metric"]).replace("_", " ")
    print_heading("Permutation importance", f": increase of the {metric} on rows that the model has not seen")
    rows = [
        (row["column"], number(row["increase"]), interval(row["low"], row["high"]), number(row["rank"], 12))
        for row in permuted.head(TOP).to_dict("records")
    ]
    print_table(("column", "increase", "95 % interval", "rank"), rows, right=(1, 3))


def _facts(found: Trust) -> dict[str, Any]:
    floor, agreed = found.floor, found.agreement
    return {
        "stability": records(found.stability),
        "floor": None if floor is None else plain(
            {"floor": floor.floor, "share": floor.share, "planted": floor.planted, "below": floor.below,
             "luck": floor.luck}
        ),
        "permutation": None if found.permuted is None else records(found.permuted),
        "agreement": None if agreed is None else plain(
            {"correlation": agreed.correlation, "columns": agreed.columns, "furthest": records(agreed.furthest)}
        ),
        "refits": found.refits,
        "rows": plain(found.rows),
        "seconds": round(found.seconds, 2),
    }  # fmt: skip
