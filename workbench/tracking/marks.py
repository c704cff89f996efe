"""Names under which a run's facts stand in the store: tags, metrics and artifacts."""

from __future__ import annotations

EXPERIMENT = "workbench"

KIND = "workbench.kind"
JOURNEY = "journey"
TRIAL = "trial"
STATE = "workbench.state"
PROCESS = "workbench.process"
"""``host:pid:start of the process``: whether somebody still works on a run that says so."""
WHOLE = "workbench.whole"
"""``yes`` while a whole result is on record, however often the run is gone on with since."""
REASON = "workbench.reason"
SUMMARY = "workbench.summary"
"""JSON of what a list of runs shows; small, so that a thousand rows are read at once."""
MODEL = "workbench.model"
"""Id of the logged model."""
EXPLAINABLE = "workbench.explainable"
"""Id of the logged explainable champion, where the champion is a blend."""

OWN_TAGS = "workbench."
NUMBER = "workbench.trial"
"""Number of the trial that a child run stands for."""
PARENT = "mlflow.parentRunId"
NOTE = "mlflow.note.content"

ARCHIVE = "archive"
MODEL_NAME = "model"
EXPLAINABLE_NAME = "explainable"
