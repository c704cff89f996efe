"""Looking at another model of the run: ``explain.model`` explains it now, where that was not done yet."""

from __future__ import annotations

from workbench.worker.chosen import EXPLAINED
from workbench.worker.dispatch import service
from workbench.worker.growing import begin
from workbench.worker.services.explanations import overview
from workbench.worker.session import Session
from workbench.worker.views import ExplanationView


@service("explain.model")
def explain_model(session: Session, output: int = 0, model: str = EXPLAINED) -> ExplanationView:
    """The overview of a model; of one that was not explained yet the first rows, with more to come in the background.

    Whenever there is more of it, ``work`` of the kind ``explanation`` is pushed and ``explain.overview`` gives it.
    """
    begin(session, model)
    return overview(session, output, model)
