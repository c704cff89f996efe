"""A search that goes on where an earlier process left it."""

from __future__ import annotations

from workbench.contracts import TrialState
from workbench.search.engine import Engine
from workbench.search.trials.records import BLOCKS_KEY


def take_up(engine: Engine) -> None:
    """Take up what an earlier process has left in the journal."""
    lost: set[tuple[str, str]] = set()
    begun_anew = 0
    for study in engine.studies.values():
        finished, unfinished = study.restore()
        begun_anew += len(unfinished)
        lost |= {(study.family, str(data["params"].get(BLOCKS_KEY, ""))) for data in unfinished}
        for record in finished:
            if record.state is TrialState.DONE:
                record.prediction = engine.journal.prediction(record.number)
                if record.prediction is None:
                    record.state, record.reason = TrialState.FAILED, "its out-of-fold predictions are lost"
                    record.losses, record.scores = {}, {}
            engine.records.append(record)
    engine.records.sort(key=lambda one: one.number)
    for record in engine.records:
        engine.schedule.learn(record)
    if engine.features is not None:
        engine.features.restore(engine.records, lost)
    engine.count_on()
    engine.announce.taken_up(engine.records)
    engine.best = next(iter(engine.done), None)
    if engine.best is not None:
        engine.announce.best(engine.best)
    if engine.records or begun_anew:
        engine.announce.decision(
            f"Resumed with {len(engine.records)} trials of before; {begun_anew} that were running begin anew."
        )
