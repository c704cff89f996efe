"""Why a run lacks an explanation or segments: what the run itself knows of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from workbench.cli.unexplained import explanation_of, no_model, reason
from workbench.contracts import JourneyResult, Task
from workbench.errors import InputError
from workbench.journey.left_out import BROKEN, LATER


def run(*notices: str, **known: Any) -> JourneyResult:
    """A run without an explanation."""
    facts = {"name": "r", "explanation": None, "search": object(), "notices": notices, "stopped": False,
             "settings": {"full": True}, "table": SimpleNamespace(task=Task.BINARY), **known}  # fmt: skip
    return cast(JourneyResult, SimpleNamespace(**facts))


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (run(settings={"full": False}), "it was made with --no-report; run the table again without it."),
        (
            run("Capped.", "Left out explain: only 2 s of the budget were left."),
            "only 2 s of the budget were left; give it more with `workbench runs resume r --budget 2m`.",
        ),
        (
            run("The stage 'explain' failed by a defect of workbench (KeyError: 3)."),
            "The stage 'explain' failed by a defect of workbench (KeyError: 3); `workbench runs resume r` tries again.",
        ),
        (
            run(f"{LATER} MLflow went on without you."),
            "MLflow went on without you; `workbench runs resume r` goes on.",
        ),
        (
            run(f"{BROKEN} A blend of strangers can't be told."),
            "A blend of strangers can't be told; once that is mended, `workbench runs resume r` goes on.",
        ),
        (run(stopped=True), "it was stopped before; `workbench runs resume r` goes on."),
        (run("Left out segments: only 2 s of the budget were left."), "it does not say why; "),
        (run(search=None, table=SimpleNamespace(task=Task.SEGMENTS)), "its table has no target, so there is no model"),
        (run(search=None), "it ended before it had a model; "),
    ],
)
def test_the_true_reason_is_told(found: JourneyResult, told: str) -> None:
    with pytest.raises(InputError) as error:
        explanation_of(found)
    assert str(error.value).startswith(f"Run 'r' holds no explanation: {told}")


def test_segments_have_reasons_of_their_own() -> None:
    found = run("Left out explain: only 1 s.", "Left out segments: only 4 s of the budget were left.")
    assert reason(found, "segments").startswith("only 4 s of the budget were left; ")
    assert no_model(found) is None
