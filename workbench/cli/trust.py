"""`workbench explain RUN --trust`: the model's recipe fitted anew, and whether it tells the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.facts import records
from workbench.cli.output import number, print_json, print_line, print_table
from workbench.cli.unexplained import no_model
from workbench.cli.wording import Wording
from workbench.errors import InputError
from workbench.plain import plain

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
    """Fit the model anew on parts of the rows and print what stays the same; it needs no explanation that is kept.

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
    if (without := no_model(result)) is not None:
        raise InputError(f"Run '{result.name}' has no model to fit anew: {without}")
    model = Store(home=home).load_model(result.run_id, explainable=True)
    printer = ProgressPrinter(quiet=quiet)
    events = Events(printer, began=limit.started)
    with stoppable(events, printer):
        found = trust(model, result.table, budget=limit, events=events, seed=result.seed)
    if as_json:
        print_json({**_facts(found), "words": list(found.told(language))})
    else:
        _print_trust(found, Wording(language))


def _print_trust(found: Trust, words: Wording) -> None:
    _print_stability(found.stability, words)
    _print_floor(found, words)
    _print_permuted(found.permuted, words)
    _print_agreement(found, words)
    words.print_title("in_words")
    for sentence in found.told(words.language):
        print_line(sentence)
    words.print_line("refits", refits=found.refits, rows=found.rows, seconds=f"{found.seconds:.1f}")


def _print_stability(stability: pd.DataFrame, words: Wording) -> None:
    if stability.empty:
        return
    words.print_title("stability", models=stability.attrs["models"])
    rows = [
        (row["column"], words.percent(row["share"]), words.cell("interval", low=words.percent(row["low"]),
         high=words.percent(row["high"])), f"{row['rank']:.1f}",
         "-" if row["sign_agreement"] != row["sign_agreement"] else words.percent(row["sign_agreement"]))
        for row in stability.head(TOP).to_dict("records")
    ]  # fmt: skip
    print_table(words.heads("column", "share", "least_most", "rank", "same_direction"), rows, right=(1, 3, 4))


def _print_floor(found: Trust, words: Wording) -> None:
    from workbench.explain.language import Listed, Name

    if (floor := found.floor) is None:
        return
    words.print_title("floor")
    words.print_line("floor", floor=number(floor.floor), share=words.percent(floor.share))
    below = Listed(tuple(Name(name) for name in floor.below))
    words.print_line("no_higher", columns=below if floor.below else words.cell("none"))
    words.print_line("luck", share=words.percent(floor.luck))


def _print_permuted(permuted: pd.DataFrame | None, words: Wording) -> None:
    from workbench.explain.language import Said

    if permuted is None:
        return
    loss = Said(f"losses.{permuted.attrs['metric']}").told(words.language)
    words.print_title("permutation", loss=loss.replace("_", " "))
    rows = [
        (row["column"], number(row["increase"]), words.interval(row["low"], row["high"]), number(row["rank"], 12))
        for row in permuted.head(TOP).to_dict("records")
    ]
    print_table(words.heads("column", "increase", "interval", "rank"), rows, right=(1, 3))


def _print_agreement(found: Trust, words: Wording) -> None:
    if (agreed := found.agreement) is None:
        return
    words.print_title("agreement")
    words.print_line("correlation", correlation=number(agreed.correlation, 2), columns=agreed.columns)
    rows = [
        (row["column"], f"{row['shap_rank']:g}", f"{row['permutation_rank']:g}", f"{row['apart']:g}")
        for row in agreed.furthest.head(TOP).to_dict("records")
    ]
    print_table(words.heads("column", "shap_rank", "permuted_rank", "apart"), rows, right=(1, 2, 3))


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
