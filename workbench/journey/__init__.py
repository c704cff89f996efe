"""The journey: the one place where the stages are chained, from a table to strategies, report and record."""

from workbench.journey.chain import resume_journey, run_journey
from workbench.journey.opening import TableRequest, open_table
from workbench.journey.predictions import predict_table, write_predictions
from workbench.journey.record import read_record
from workbench.journey.settings import JourneySettings
from workbench.journey.summary import summarise

__all__ = [
    "JourneySettings",
    "TableRequest",
    "open_table",
    "predict_table",
    "read_record",
    "resume_journey",
    "run_journey",
    "summarise",
    "write_predictions",
]
