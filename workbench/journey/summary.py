"""A journey's result as small JSON-ready facts: what `--json` prints and what screens show first."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from workbench.contracts import (
    Calibration,
    Candidate,
    Decision,
    Forecast,
    Gap,
    Influence,
    JourneyResult,
    Model,
    Score,
    Segmentation,
    Strategy,
    Trial,
)

_COLUMNS_TOLD = 25
"""Of an explanation, the most important first."""


def _number(value: float | None) -> float | None:
    """JSON has no NaN and no infinity."""
    return None if value is None or not math.isfinite(value) else float(value)


def _explainable(single: Model | None, score: Score | None, price: Score | None) -> dict[str, Any] | None:
    """The explainable champion and what it costs, where the champion is a blend."""
    if single is None or score is None or price is None:
        return None
    return {"champion": single.family, "score": _score(score), "price": _score(price)}


def _candidate(row: Candidate) -> dict[str, Any]:
    """A row of the leaderboard."""
    return {"name": row.name, "family": row.family, "trial": row.trial, **_score(row.score)}


def _score(score: Score) -> dict[str, Any]:
    return {
        "metric": score.metric,
        "value": _number(score.value),
        "low": _number(score.low),
        "high": _number(score.high),
    }


def _forecast(found: Forecast | None) -> dict[str, Any] | None:
    """What more time would be worth."""
    if found is None:
        return None
    from workbench.search.insight.forecast import sentence

    figures = {name: _number(getattr(found, name)) for name in ("gain", "low", "high", "chance", "trials", "seconds")}
    return {**figures, "sentence": sentence(found)}


def _calibration(found: Calibration | None) -> dict[str, Any] | None:
    """How far class shares can be taken at their word."""
    if found is None:
        return None
    from workbench.search.evaluation.decision_text import calibration_sentence

    figures = {name: value for name, value in vars(found).items() if isinstance(value, float)}
    return {
        "method": found.method or None,
        "rows": found.rows,
        **{name: _number(value) for name, value in figures.items()},
        "sentence": calibration_sentence(found),
    }


def _decision(found: Decision | None) -> dict[str, Any] | None:
    """The threshold and what it costs."""
    if found is None:
        return None
    from workbench.search.evaluation.decision_text import decision_sentence

    return {
        "positive": found.positive,
        "costs": found.costs,
        "threshold": _number(found.threshold),
        "said": _number(found.said),
        "cost": _score(found.cost),
        "alternatives": {name: _score(score) for name, score in found.alternatives},
        "saved": _score(found.saved),
        "sentence": decision_sentence(found),
    }


def _answers(model: Model) -> dict[str, float | None] | None:
    """What the share of each class is multiplied by before the highest is the answer, for metrics of answers."""
    if model.emphasis is None:
        return None
    return {str(label): _number(times) for label, times in zip(model.classes, model.emphasis, strict=True)}


def _trial(trial: Trial) -> dict[str, Any]:
    """One trial with the reason why it was stopped, cut or failed."""
    return {
        "number": trial.number,
        "family": trial.family,
        "state": trial.state.value,
        "score": _number(trial.score),
        "seconds": round(trial.seconds, 3),
        "origin": trial.origin,
        "reason": trial.reason,
    }


def _influence(found: Influence) -> dict[str, Any]:
    """Which parameters of a family mattered."""
    from workbench.search.insight.influence_text import influence_sentence

    shares = [{"parameter": name, "share": _number(share), "certain": sure} for name, share, sure in found.shares]
    return {
        "family": found.family,
        "trials": found.trials,
        "parameters": shares,
        "reason": found.reason,
        "sentence": influence_sentence(found),
    }


def _segmentation(segmentation: Segmentation) -> dict[str, Any]:
    return {
        "kind": segmentation.kind.value,
        "method": segmentation.method,
        "found": segmentation.found,
        "chosen_because": segmentation.chosen_because,
        "quality": {name: _number(value) for name, value in segmentation.quality.items()},
        "segments": [
            {
                "id": segment.id,
                "name": segment.name,
                "size": segment.size,
                "share": _number(segment.share),
                "rule": segment.rule.text,
                "precision": _number(segment.rule.precision),
                "coverage": _number(segment.rule.coverage),
                "stability": _number(segment.stability),
                "outcome_mean": _number(segment.outcome_mean),
                "outcome_low": _number(segment.outcome_low),
                "outcome_high": _number(segment.outcome_high),
            }
            for segment in segmentation.segments
        ],
    }


def _gap(gap: Gap) -> dict[str, Any]:
    total = float(gap.per_customer["gap"].sum()) if gap.available and "gap" in gap.per_customer else None
    return {
        "kind": gap.kind.value,
        "available": gap.available,
        "unit": gap.unit,
        "total": _number(total),
        "holds": gap.holds,
        "verdict": gap.verdict,
        "missing": gap.missing,
        "figures": {name: _number(value) for name, value in gap.figures.items()},
    }


def _strategy(strategy: Strategy) -> dict[str, Any]:
    expected = strategy.expected
    return {
        "segment": strategy.segment,
        "segment_name": strategy.segment_name,
        "customers": strategy.customers,
        "play": strategy.play.title if strategy.play else None,
        "reasons": list(strategy.reasons),
        "expected": None
        if expected is None
        else {
            "total": _number(expected.total),
            "low": _number(expected.low),
            "high": _number(expected.high),
            "currency": expected.currency,
        },
        "evidence": strategy.grade.value,
        "raise_grade": strategy.raise_grade,
        "test": strategy.test.advice if strategy.test else None,
        "status": strategy.status,
        "note": strategy.note,
    }


def search_facts(found: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a search, as far as they are known.

    Args:
        found: fields of a ``SearchResult`` by name; a fact whose field is not among them is left out.
    """
    made: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "metric": ("metric", str),
        "champion": ("champion", lambda model: model.family),
        "score": ("champion_score", _score),
        "baseline": ("baseline", lambda row: _score(row.score)),
        "against_baseline": ("against_baseline", _score),
        "leaderboard": ("leaderboard", lambda rows: [_candidate(row) for row in rows]),
        "trials": ("trials", len),
        "trial_list": ("trials", lambda trials: [_trial(trial) for trial in trials]),
        "resampling": ("resampling", lambda how: how.reason),
        "stopped": ("stopped", bool),
        "forecast": ("forecast", _forecast),
        "calibration": ("calibration", _calibration),
        "decision": ("decision", _decision),
        "answers": ("champion", _answers),
        "influence": ("influence", lambda rows: [_influence(row) for row in rows]),
    }
    facts = {name: make(found[field]) for name, (field, make) in made.items() if field in found}
    if {"single", "single_score", "price"} <= found.keys():
        facts["explainable"] = _explainable(found["single"], found["single_score"], found["price"])
    return facts


def summarise(result: JourneyResult, report: str | None = None) -> dict[str, Any]:
    """The facts of a run.

    Args:
        result: what the journey found.
        report: where the report is, if one was written.
    """
    search = result.search
    summary: dict[str, Any] = {
        "run": result.name,
        "run_id": result.run_id,
        "table": result.table.name,
        "rows": len(result.table.frame),
        "task": result.table.task.value,
        "target": result.table.target,
        "seed": result.seed,
        "seconds": round(result.seconds, 2),
        "budget": result.budget_seconds,
        "timings": {name: round(value, 2) for name, value in result.timings.items()},
        "notices": list(result.notices),
        "stopped": result.stopped,
        "unrecorded": list(result.unrecorded),
        "report": report,
    }
    if search is not None:
        # field by field, as ``search_facts`` takes them: a search is not always known as a whole
        summary["search"] = search_facts({each.name: getattr(search, each.name) for each in fields(search)})
    if result.explanation is not None:
        explanation = result.explanation
        summary["explanation"] = {
            "output_space": explanation.output_space,
            "rows": len(explanation.rows),
            "of": explanation.total_rows,
            "adds_up": all(check.passed for check in explanation.checks),
            "importance": [
                {
                    "column": str(row["column"]),
                    **{key: _number(row.get(key)) for key in ("importance", "low", "high", "share")},
                }
                for row in explanation.importance.head(_COLUMNS_TOLD).to_dict("records")
            ],
            "words": list(explanation.words),
        }
    summary["segmentations"] = [_segmentation(segmentation) for segmentation in result.segmentations]
    summary["gaps"] = [_gap(gap) for gap in result.gaps.gaps] if result.gaps else []
    summary["strategies"] = [_strategy(strategy) for strategy in result.strategies]
    return summary
