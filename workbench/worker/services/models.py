"""Looking at another model of the run: ``explain.model`` explains it now, where that was not done yet."""

from __future__ import annotations

from workbench.worker.chosen import EXPLAINED
from workbench.worker.dispatch import of_run
from workbench.worker.growing import begin
from workbench.worker.services.explanations import overview
from workbench.worker.shown import Shown
from workbench.worker.views import ExplanationView


@of_run("explain.model")
def explain_model(shown: Shown, output: int = 0, model: str = EXPLAINED) -> ExplanationView:
    """The overview of a model; of one that was not explained yet the first rows, with more to come in the background.

    Whenever there is more of it, ``work`` of the kind ``explanation`` is pushed and ``explain.overview`` gives it.
    """
    begin(shown, model)
    return overview(shown, output, model)
