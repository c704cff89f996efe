"""`workbench explain RUN --segment ID`: what the model sees in one segment that it does not see in the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.cli.facts import known_name, records
from workbench.cli.output import number, print_json, print_line, print_table, signed
from workbench.cli.outputs import asked_output, towards
from workbench.cli.unexplained import explanation_of, reason
from workbench.cli.wording import Wording
from workbench.errors import InputError
from workbench.plain import plain

if TYPE_CHECKING:
    from workbench.contracts import JourneyResult, Segment, Segmentation
    from workbench.explain import Drivers
    from workbench.explain.language import Language


def explain_segment(
    result: JourneyResult,
    wished: str,
    *,
    kind: str | None,
    output: str | None,
    membership: bool,
    language: Language,
    as_json: bool,
) -> None:
    """Print what sets the model's output in a segment apart, for each class or for one.

    Args:
        wished: id or name of the segment.
        membership: what tells its members from the rest, instead of what the model sees in them; so it is for a run
            without a model.
        kind: of the segmentation; by default the one that strategies were made for, else the first.

    Raises:
        InputError: there is no such segment, segmentation or class, or the run holds no segments or no explanation.
    """
    from workbench.explain import members_of, segment_drivers

    segmentation = _segmentation(result, kind)
    segment = _segment(segmentation, wished)
    if membership or result.search is None:
        from workbench.cli.membership import explain_membership

        if output is not None:
            raise InputError(f"Run '{result.name}' has no model and so no classes: leave out --class.")
        explain_membership(result, segmentation, segment, language=language, as_json=as_json)
        return
    explanation = explanation_of(result)
    places = range(len(explanation.outputs)) if output is None else [asked_output(explanation, output)]
    member = members_of(segmentation, segment.id, explanation, result.table)
    found = {place: segment_drivers(explanation, member, output=place, seed=result.seed) for place in places}
    if as_json:
        facts = {explanation.outputs[place]: drivers_facts(one, language) for place, one in found.items()}
        about = {"segmentation": segmentation.kind.value, "segment": segment.id, "name": segment.name}
        print_json({**about, "size": segment.size, "output_space": explanation.output_space, "outputs": facts})
        return
    words = Wording(language)
    for place, one in found.items():
        named = {"number": str(segment.id), "name": segment.name, "kind": words.kind(segmentation.kind.value)}
        words.print_title("segment", **named, towards=towards(explanation, place, language))
        print_drivers(one, words)


def _segmentation(result: JourneyResult, kind: str | None) -> Segmentation:
    if not result.segmentations:
        raise InputError(f"Run '{result.name}' holds no segments: {reason(result, 'segments')}")
    kinds = [one.kind.value for one in result.segmentations]
    if kind is not None:
        return result.segmentations[kinds.index(known_name(kind, kinds, f"Run '{result.name}' has no segmentation"))]
    return result.segmentations[result.strategy_segmentation or 0]


def _segment(segmentation: Segmentation, wished: str) -> Segment:
    kind = segmentation.kind.value
    if not segmentation.segments:
        raise InputError(f"The {kind} segmentation has no segments: none were found.")
    by_id = {str(segment.id): segment for segment in segmentation.segments}
    by_name = {segment.name: segment for segment in segmentation.segments}
    if wished in by_id:
        return by_id[wished]
    if wished.isdigit():  # the nearest number is not what was meant
        raise InputError(f"There is no {kind} segment {wished}; there are {', '.join(by_id)}.")
    return by_name[known_name(wished, by_name, f"There is no {kind} segment")]


def print_drivers(drivers: Drivers, words: Wording) -> None:
    """The table of drivers, if they are told, and their sentences."""
    if drivers.told:
        rows = [
            (row["column"], number(row["inside"]), number(row["outside"]), signed(row["difference"]),
             words.interval(row["low"], row["high"]), row["value_inside"], row["value_outside"])
            for row in drivers.table_in(words.language).to_dict("records")
        ]  # fmt: skip
        heads = words.heads("column", "inside", "outside", "difference", "interval", "here", "elsewhere")
        print_table(heads, rows, right=(1, 2, 3))
    for sentence in drivers.words_in(words.language):
        print_line(sentence)


def drivers_facts(drivers: Drivers, language: Language) -> dict[str, Any]:
    """Drivers as JSON has them."""
    figures = ("rest", "rest_columns", "mean_inside", "mean_outside", "difference", "low", "high", "rows_inside")
    return {
        "drivers": records(drivers.table_in(language)),
        **{name: plain(getattr(drivers, name)) for name in (*figures, "rows_outside")},
        "words": list(drivers.words_in(language)),
    }
