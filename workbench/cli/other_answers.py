"""One customer for whom the model might answer otherwise: real neighbours, and the smallest change of levers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.cli.facts import known_name
from workbench.cli.output import number, print_line, print_table
from workbench.cli.wording import Wording
from workbench.errors import InputError
from workbench.plain import plain

if TYPE_CHECKING:
    from workbench.contracts import JourneyResult, Model
    from workbench.explain.language import Language

NEIGHBOURS, ANSWERS, MOST_ANSWERS = 5, 3, 10
"""How many are looked for unless said otherwise, and the most."""
DIFFERENCES = 4
"""Columns that a row of the table of neighbours names."""


@dataclass(frozen=True)
class Change:
    """What a counterfactual should reach, and by which columns.

    Attributes:
        levers: columns that may be changed; empty for those that the table declares.
        count: answers that are wanted; ``None`` for the usual number.
    """

    aim: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    levers: tuple[str, ...] = ()
    count: int | None = None


def neighbour_facts(
    result: JourneyResult, model: Model, position: int, count: int, language: Language
) -> dict[str, Any]:
    """The nearest real customers with another answer."""
    from workbench.explain import neighbours

    found = neighbours(model, result.table, position, count=count, explanation=result.explanation, seed=result.seed)
    ids = result.table.ids().astype(str)
    return {
        "answer": found.outcome,
        "prediction": found.prediction,
        "known": plain(found.known),
        "weighted": found.weighted,
        "compared": found.candidates,
        "apart": found.apart,
        "found": [
            {
                "customer": str(ids.iloc[one.row]),
                "row": one.row,
                "distance": one.distance,
                "answer": one.outcome,
                "prediction": one.prediction,
                "known": plain(one.known),
                "differs": {name: {"own": plain(own), "other": plain(it)} for name, (own, it) in one.differs.items()},
            }
            for one in found.found
        ],
        "words": list(found.told(language)),
    }


def print_neighbours(facts: dict[str, Any], words: Wording) -> None:
    """The neighbours as a table, between the sentences that say how they were found."""
    from workbench.explain.language import Cell

    def cell(value: object) -> str:
        return Cell(value).told(words.language)

    words.print_title("neighbours")
    # the sentences in between are the rows of the table, by position instead of by id
    told = facts["words"] if not facts["found"] else facts["words"][:2]
    for sentence in told:
        print_line(sentence)
    if not facts["found"]:
        return
    rows = []
    for one in facts["found"]:
        named = [
            words.cell("other", column=name, other=cell(cells["other"]), own=cell(cells["own"]))
            for name, cells in list(one["differs"].items())[:DIFFERENCES]
        ]
        more = len(one["differs"]) - DIFFERENCES
        known = "-" if one["known"] is None else cell(one["known"])
        differs = words.listed([*named, *([words.cell("more", count=more)] if more > 0 else [])])
        rows.append(
            (
                one["customer"],
                f"{one['distance']:.3f}",
                _answer(one["answer"], one["prediction"], words),
                known,
                differs,
            )
        )
    print_table(words.heads("customer", "distance", "predicted", "known", "differs"), rows, right=(1,))
    print_line(facts["words"][-1])


def counterfactual_facts(
    result: JourneyResult, model: Model, position: int, change: Change, language: Language
) -> dict[str, Any]:
    """The smallest changes that bring the model's answer to what is wanted.

    Raises:
        InputError: no such class or column, or the aim does not suit the model.
    """
    from workbench.explain import Aim, counterfactual

    count = ANSWERS if change.count is None else change.count
    if count > MOST_ANSWERS:
        raise InputError(f"{count} counterfactuals can't be looked for; --count is {MOST_ANSWERS} at most.")
    if change.aim is not None and model.classes:
        known_name(change.aim, [str(label) for label in model.classes], f"'{model.target}' has no class")
    for name in change.levers:
        known_name(name, model.columns, "The model uses no column")
    wanted = Aim(change.aim, change.at_least, change.at_most)
    found = counterfactual(
        model, result.table, position, wanted, columns=change.levers or None, count=count, seed=result.seed
    )
    return {
        "aim": found.wanted.told(language),
        "reason": "" if found.why is None else found.why.told(language),
        "levers": list(found.levers),
        "left_out": {name: why.told(language) for name, why in found.not_varied.items()},
        "usual_distance": plain(float(found.usual)),
        "tried": found.tried,
        "found": [
            {
                "changes": {
                    name: {"now": plain(now), "then": plain(then)} for name, (now, then) in one.changes.items()
                },
                "answer_now": one.outcome_before,
                "answer_then": one.outcome_after,
                "prediction_now": one.predicted_before,
                "prediction_then": one.predicted_after,
                "distance": one.distance,
                "nearest_real_row": plain(one.nearest),
                "plausible": one.plausible,
            }
            for one in found.found
        ],
        "words": list(found.told(language)),
    }


def print_counterfactuals(facts: dict[str, Any], words: Wording) -> None:
    """The answers as a table, a row for each changed column, and in words."""
    from workbench.explain.language import Cell

    words.print_title("counterfactual", aim=facts["aim"])
    rows = []
    for place, one in enumerate(facts["found"], start=1):
        then = _answer(one["answer_then"], one["prediction_then"], words)
        near = words.yes(one["plausible"])
        for line, (name, cells) in enumerate(one["changes"].items()):
            first, *others = (place, then, f"{one['distance']:.3f}", near) if line == 0 else ("", "", "", "")
            now, instead = (Cell(cells[side]).told(words.language) for side in ("now", "then"))
            rows.append((first, name, now, instead, *others))
    if rows:
        heads = words.heads("column", "now", "instead", "predicted_then", "change", "near")
        print_table(("#", *heads), rows, right=(0, 5))
    for sentence in facts["words"]:
        print_line(sentence)
    for name, why in facts["left_out"].items():
        words.print_line("not_varied", column=name, why=why)


def _answer(answer: str | float, prediction: dict[str, float], words: Wording) -> str:
    """A predicted class with its chance, or a predicted number."""
    from workbench.explain.language import say

    if not isinstance(answer, str):
        return number(answer)
    return say("change.class", outcome=answer, share=words.percent(prediction[answer])).told(words.language)
