"""The journey: the one place where the stages are chained, from a table to strategies, report and record."""

from workbench.journey.chain import resume_journey, run_journey
from workbench.journey.claim import delete_run
from workbench.journey.opening import TableRequest, open_table
from workbench.journey.past_search import PastSearch, past_search
from workbench.journey.predictions import predict_table, write_predictions
from workbench.journey.record import read_record
from workbench.journey.settings import JourneySettings
from workbench.journey.summary import search_facts, summarise

__all__ = [
    "JourneySettings",
    "PastSearch",
    "TableRequest",
    "delete_run",
    "open_table",
    "past_search",
    "predict_table",
    "read_record",
    "resume_journey",
    "run_journey",
    "search_facts",
    "summarise",
    "write_predictions",
]
