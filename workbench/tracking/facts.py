"""What a result says in parameters, metrics and tags: everything small that one wants to compare or search."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workbench.tracking import marks
from workbench.tracking.plain import params_of, redact, redact_all

if TYPE_CHECKING:
    from workbench.contracts import JourneyResult, Score


def without_secrets(result: JourneyResult) -> JourneyResult:
    """The result with credentials taken out of the texts that a user may have typed."""
    sources = tuple(
        dataclasses.replace(source, location=redact(source.location), details=redact_all(source.details))
        for source in result.table.sources
    )
    return dataclasses.replace(
        result,
        table=dataclasses.replace(result.table, sources=sources),
        command=redact(result.command),
        settings=redact_all(result.settings),
        notices=tuple(redact(notice) for notice in result.notices),
    )


def params(result: JourneyResult) -> dict[str, str]:
    """Champion, folds, seed and sources."""
    values: dict[str, Any] = {"seed": result.seed, "budget_seconds": result.budget_seconds, "command": result.command}
    for index, source in enumerate(result.table.sources):
        values[f"source.{index}.location"] = source.location
        values[f"source.{index}.fingerprint"] = source.fingerprint
    search = result.search
    if search is not None:
        values |= {
            "metric": search.metric,
            "champion": search.champion.family,
            "resampling": search.resampling.kind,
            "folds": search.resampling.folds,
            "repeats": search.resampling.repeats,
            "resampling.seed": search.resampling.seed,
        }
        values |= {f"champion.{name}": value for name, value in search.champion.params.items()}
        if search.single is not None:
            values["explainable"] = search.single.family
            values |= {f"explainable.{name}": value for name, value in search.single.params.items()}
    return params_of(values)


def metrics(result: JourneyResult) -> dict[str, float | None]:
    """All figures with their intervals; those that are no finite number are left out when they are logged."""
    values: dict[str, float | None] = {"seconds": result.seconds}
    values |= {f"seconds.{stage}": seconds for stage, seconds in result.timings.items()}
    search = result.search
    if search is not None:
        values |= _score(search.metric, search.champion_score)
        values |= _score("baseline", search.baseline.score)
        values |= _score("against_baseline", search.against_baseline)
        if search.single_score is not None and search.price is not None:
            values |= _score("explainable", search.single_score) | _score("price_of_explainability", search.price)
        for candidate in search.leaderboard:
            values |= _score(f"leaderboard.{candidate.name}", candidate.score)
        if search.calibration is not None:
            figures = vars(search.calibration)
            values |= {f"calibration.{name}": each for name, each in figures.items() if isinstance(each, float)}
        if search.decision is not None:
            values |= {"threshold": search.decision.threshold, **_score("cost", search.decision.cost)}
            values |= _score("cost.saved", search.decision.saved)
        states = [trial.state.value for trial in search.trials]
        values["trials.finished"] = len(states)
        values |= {f"trials.{state}": states.count(state) for state in sorted(set(states))}
    for segmentation in result.segmentations:
        kind = segmentation.kind.value
        values[f"segments.{kind}"] = len(segmentation.segments) if segmentation.found else 0
        values |= {f"segments.{kind}.{name}": value for name, value in segmentation.quality.items()}
    for gap in result.gaps.gaps if result.gaps else ():
        if gap.available and "gap" in gap.per_customer:
            values[f"gap.{gap.kind.value}"] = float(gap.per_customer["gap"].sum())
        values |= {f"gap.{gap.kind.value}.{name}": value for name, value in gap.figures.items()}
    values["strategies"] = len(result.strategies)
    values["notices"] = len(result.notices)
    return values


def first_summary(params: Mapping[str, Any]) -> str:
    """What a list shows of a run that has just begun, as far as its parameters tell."""
    known = {name: params[name] for name in ("task", "target", "table", "fingerprint", "metric") if params.get(name)}
    return json.dumps({name: redact(str(value))[:300] for name, value in known.items()}, ensure_ascii=True)


def tags(result: JourneyResult) -> dict[str, str]:
    """What a list of runs shows, and a description for MLflow's page."""
    search, table = result.search, result.table
    facts: dict[str, Any] = {
        "task": table.task.value,
        "target": table.target or "",
        "table": table.name,
        "fingerprint": table.fingerprint,
        "seconds": _finite(result.seconds),
    }
    if search is not None:
        score = search.champion_score
        facts |= {
            "metric": search.metric,
            "score": _finite(score.value),
            "low": _finite(score.low),
            "high": _finite(score.high),
            "baseline": _finite(search.baseline.score.value),
            "families": sorted({trial.family for trial in search.trials}),
            "trials": len(search.trials),
            "champion": search.champion.family,
        }
    return {marks.SUMMARY: json.dumps(facts, ensure_ascii=True), marks.NOTE: _description(result)}


def _description(result: JourneyResult) -> str:
    lines = [f"Table `{_plain(result.table.name)}`, {len(result.table.frame)} rows."]
    search = result.search
    if search is not None:
        score, base = search.champion_score, search.baseline.score
        lines.append(
            f"Champion `{search.champion.family}` for `{_plain(str(result.table.target))}`: "
            f"{search.metric} {score.value:.4g} "
            f"(95 % interval {score.low:.4g} to {score.high:.4g}); baseline {base.value:.4g}."
        )
    if result.command:
        lines.append(f"Again: `{_plain(result.command)}`")
    return "\n\n".join(lines)


def _plain(text: str) -> str:
    """Text that stays text between backticks in Markdown."""
    return " ".join(text.replace("`", "'").split())[:300]


def _score(name: str, score: Score) -> dict[str, float | None]:
    return {name: score.value, f"{name}.low": score.low, f"{name}.high": score.high}


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
