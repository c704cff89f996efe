"""What drives a segment against all other customers, as the model sees it: ``segments.drivers``."""

from __future__ import annotations

from workbench.errors import InputError
from workbench.explain import members_of, segment_drivers
from workbench.plain import plain
from workbench.worker.chosen import chosen_model
from workbench.worker.dispatch import of_run
from workbench.worker.explain_views import DriversView
from workbench.worker.records import records
from workbench.worker.shown import Shown


@of_run("segments.drivers")
def drivers(shown: Shown, index: int, segment: int, output: int = 0) -> DriversView:
    """Mean contributions of the run's explained model in a segment and in the rest.

    Raises:
        InputError: there is no such segment, or the run holds no explanation.
    """
    chosen = chosen_model(shown)
    result, explanation = chosen.result, chosen.explanation
    segmentation = result.segmentations[index % len(result.segmentations)]
    name = next((one.name for one in segmentation.segments if one.id == segment), None)
    if name is None:
        raise InputError(f"There is no segment {segment} among the {segmentation.kind.value} ones.")
    output %= len(explanation.outputs)
    inside = members_of(segmentation, segment, explanation, result.table)
    found = segment_drivers(explanation, inside, output=output, seed=result.seed)
    keys = ("column", "inside", "outside", "difference", "low", "high", "value_inside", "value_outside")
    return {
        "segment": name,
        "output": found.output,
        "outputs": list(explanation.outputs),
        "unit": found.output_space,
        "rows": records(found.table, *keys),
        "rest": found.rest,
        "rest_columns": found.rest_columns,
        "inside": plain(found.mean_inside),
        "outside": plain(found.mean_outside),
        "rows_inside": found.rows_inside,
        "rows_outside": found.rows_outside,
        "words": list(found.words),
    }
