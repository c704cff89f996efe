"""The Search screen's words: a trial, the facts line, how far it is, what was found."""

from __future__ import annotations

import statistics
from typing import Any

from workbench.tui.job_model import JobModel, mattered, search_of
from workbench.tui.widgets.text import bar, clean, duration, fit, number

ENDED = ("done", "stopped", "failed", "interrupted")
SIMPLEST = "linear"
"""The family that others must be worth their trouble against."""


def trial_row(trial: dict[str, Any]) -> dict[str, Any]:
    """A trial as a row: the spread of its folds beside its score."""
    folds = [fold for fold in trial.get("fold_scores") or [] if fold is not None]
    spread = statistics.stdev(folds) if len(folds) > 1 else None
    keys = ("number", "state", "family", "score", "seconds", "origin")
    return {**{key: trial.get(key) for key in keys}, "spread": spread}


def trial_text(trial: dict[str, Any], job: JobModel, *, whole: bool = False) -> str:
    """One trial in words: state, parameters, folds, distance from the baseline and from the best linear model."""
    lines = [f"{trial.get('family')}  {trial.get('state')}  from {trial.get('origin') or 'sampler'}"]
    if trial.get("reason"):
        lines.append(f"why it ended: {clean(trial['reason']) if not whole else trial['reason']}")
    params = trial.get("params") or {}
    told = mattered(job.head).get(str(trial.get("family")))
    lines.append("  ".join(f"{name} {_value(value)}" for name, value in params.items()) or "default parameters")
    folds = [number(fold) for fold in trial.get("fold_scores") or []]
    if folds:
        lines.append(f"fold scores {' '.join(folds)}")
    if trial.get("score") is not None:
        lines.append(_beside(trial, job))
    if told:
        lines.append(f"what mattered in {trial.get('family')}: {told}")
    return "\n".join(lines)


def _beside(trial: dict[str, Any], job: JobModel) -> str:
    """A trial's score, and by how much of theirs it differs from the baseline's and the best linear model's."""
    score = float(trial["score"])
    beside = {"baseline": job.head.get("baseline")}
    if trial.get("family") != SIMPLEST:
        beside[f"best {SIMPLEST}"] = {row["family"]: row["best"] for row in job.families()}.get(SIMPLEST)
    told = [f"{job.head.get('metric') or 'score'} {number(score)}"]
    for name, other in beside.items():
        if isinstance(other, int | float):
            share = f" ({(score - other) / abs(other):+.1%})" if other else ""
            told.append(f"{name} {number(other)}{share}")
    return ", ".join(told)


def _value(value: Any) -> str:
    return number(value) if isinstance(value, float) else str(value)


def facts(head: dict[str, Any]) -> str:
    """Target, budget, metric, seed and, of an earlier run, when it began."""
    spec = head.get("spec") or {}
    settings, request = spec.get("settings") or {}, spec.get("request") or {}
    seconds, trials = settings.get("budget_seconds"), settings.get("trials")
    known = "no limit" if settings else "not on record"
    budget = f"{trials} trials" if trials else duration(seconds) if seconds else known
    metric = head.get("metric") or settings.get("metric") or "the task's usual"
    direction = (
        {True: " (max)", False: " (min)"}.get(bool(head["greater_is_better"]), "")
        if head.get("greater_is_better") is not None
        else ""
    )
    target = request.get("target") or "segments"
    return f"Target {clean(target, 40)}   budget {budget}   metric {metric}{direction}   seed {settings.get('seed', 0)}"


def progress(head: dict[str, Any], width: int) -> str:
    """How far it is, the best score and what it is at; the bar takes ``width`` cells."""
    done, total, remaining = head.get("done"), head.get("total"), head.get("remaining")
    elapsed = head.get("elapsed") or 0.0
    if remaining is not None:
        share = elapsed / max(elapsed + remaining, 1e-9)
    else:
        share = done / total if done is not None and total else 0.0
    if head["state"] in ENDED:
        share = 1.0 if head["state"] == "done" else share
        left = head["state"]
    else:
        left = f"at most ~{duration(remaining)} left" if remaining is not None else head["state"]
    drawn = bar(share, width)
    best = f"   best {number(head['best'])}" if head.get("best") is not None else ""
    where = f"{head.get('stage') or ''}: {clean(head.get('message') or '', 80)}"
    if head.get("created"):
        where = f"begun {head['created']}{'   ' + clean(head['message'], 80) if head.get('message') else ''}"
    return f"[{drawn}{'-' * (width - len(drawn))}] {duration(elapsed)}, {left}{best}   {where}"


def log_line(line: dict[str, Any]) -> str:
    """A line of the log: when, what kind, what."""
    sign = {"notice": "!", "best": "*", "stage": ">", "result": "="}.get(str(line.get("kind")), " ")
    return f"{duration(line.get('elapsed'))} {sign} {clean(line.get('message') or '')}"


def findings_text(job: JobModel) -> str:
    """Leaderboard, champion, forecast, what mattered, why trials ended early; what is not known is left out."""
    found, metric = search_of(job.head), job.head.get("metric") or "score"
    parts: list[tuple[str, list[str]]] = [
        (f"LEADERBOARD  {metric}, out of fold, with 95 % intervals", [_place(row) for row in job.leaderboard()]),
        ("CHAMPION", _champion(found)),
        (
            "HOW FAR IT CAN BE TAKEN AT ITS WORD",
            [str((found.get(name) or {}).get("sentence") or "") for name in ("calibration", "decision")],
        ),
        ("GOING ON", [str(job.head.get("forecast") or "")]),
        (
            "WHAT MATTERED  by family, against shuffled scores",
            [str(one["sentence"]) for one in found.get("influence") or ()],
        ),
        ("TRIALS", [_counts(job)]),
        ("ENDED EARLY", [_ended(trial) for trial in job.trials.values() if trial.get("reason")]),
        ("NOT ON RECORD", [str(job.head.get("missing") or "")]),
    ]
    told = ["\n".join([title, *(f"  {line}" for line in lines if line)]) for title, lines in parts if any(lines)]
    return "\n\n".join(told) or "Nothing was found yet."


def _place(row: dict[str, Any]) -> str:
    return f"{fit(row['family'], 22)} {number(row['best']):>9}   {row['interval']}"


def _champion(found: dict[str, Any]) -> list[str]:
    score, gain, other = (found.get(name) for name in ("score", "against_baseline", "explainable"))
    lines = [str(found.get("champion") or "")]
    if score:
        honest = "on rows that did not shape it" if other else "corrected for having been chosen"
        lines[0] += f"  {_interval(score)}, {honest}"
    if gain:
        than = "better than the baseline" if (gain["low"] or 0.0) > 0 else "not certain to beat the baseline:"
        lines.append(f"{than} by {_interval(gain)}")
    if other:
        doubt = "" if (other["price"]["low"] or 0.0) > 0 else ", which is not certain to be anything"
        lines.append(
            f"explainable: {other['champion']}  {_interval(other['score'])}; price {_interval(other['price'])}{doubt}"
        )
    return [*lines, str(found.get("resampling") or "")]


def _interval(score: dict[str, Any]) -> str:
    return f"{number(score['value'])} ({number(score['low'])} to {number(score['high'])})"


def _counts(job: JobModel) -> str:
    states = [str(trial.get("state")) for trial in job.trials.values()]
    return ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))


def _ended(trial: dict[str, Any]) -> str:
    return f"{trial['number']:>4}  {trial.get('family')} {trial.get('state')}: {clean(trial['reason'], 300)}"
