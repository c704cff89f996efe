"""Models: the leaderboard with intervals beside the baseline, and how the search went."""

from __future__ import annotations

from workbench.contracts import SearchResult, TrialState
from workbench.report.blocks import Block, Bullets, Grid, Paragraph, Section
from workbench.report.figures import leaderboard_figure, search_curve
from workbench.report.numbers import counted, figure, span
from workbench.report.text import short
from workbench.report.wording import METRICS, metric_label, named

_STATES = {
    TrialState.DONE: "finished",
    TrialState.PRUNED: "given up early because they could not win",
    TrialState.CUT: "cut off by the end of the budget",
    TrialState.FAILED: "failed",
    TrialState.RUNNING: "still running",
}


def models_section(search: SearchResult | None) -> Section | None:
    """The leaderboard; ``None`` where nothing was predicted."""
    if search is None:
        return None
    metric, meaning = named(METRICS, search.metric)
    better = "higher" if search.greater_is_better else "lower"
    rows = tuple(
        (row.name, figure(row.score.value), span(row.score.low, row.score.high),
         " · ".join(figure(value) for value in row.fold_scores) or "–", figure(row.seconds),
         short(", ".join(f"{name} {_setting(value)}" for name, value in row.params.items()), 160) or "–")
        for row in search.leaderboard
    )  # fmt: skip
    blocks: list[Block] = [
        Paragraph(_verdict(search)),
        Paragraph(f"{metric[:1].upper()}{metric[1:]}: {meaning} {better.capitalize()} is better.", "note"),
        Grid(
            ("model", search.metric, "95 % interval", "each fold", "seconds", "settings"), rows,
            "Best of each family, on customers held out", right=(1, 4), wide=(5,),
        ),
    ]  # fmt: skip
    if search.leaderboard:
        blocks.append(leaderboard_figure(search))
    if (curve := search_curve(search)) is not None:
        blocks.append(curve)
    blocks.append(Paragraph(f"{_trials(search)} {short(search.resampling.reason, 600)}", "note"))
    failed = [trial for trial in search.trials if trial.state is TrialState.FAILED]
    if failed:
        reasons = tuple(short(f"trial {trial.number} ({trial.family}): {trial.reason}", 240) for trial in failed[:5])
        blocks += [Paragraph(f"{counted(len(failed), 'trial')} failed, for example:"), Bullets(reasons)]
    if search.decisions:
        decided = tuple((short(text, 300),) for text in search.decisions)
        blocks.append(Grid(("decided on the way",), decided, "Decisions of the search", wide=(0,), collapsed=True))
    return Section("models", "Models", tuple(blocks))


def is_constant(search: SearchResult) -> bool:
    """Whether the champion gives everybody the same answer."""
    return search.champion.family == "baseline"


def _verdict(search: SearchResult) -> str:
    score, gain = search.champion_score, search.against_baseline
    metric = metric_label(score.metric)
    if is_constant(search):
        return (
            f"No model was better than the same answer for everybody (the baseline, {metric} {figure(score.value)}), "
            "so the baseline is the champion: it tells customers apart in nothing."
        )
    text = (
        f"The champion is {search.champion.family}: {metric} {figure(score.value)} ({span(score.low, score.high)}), "
        "corrected for having been chosen among many. "
    )
    if gain.low > 0:
        return f"{text}It is better than the baseline by {figure(gain.value)} ({span(gain.low, gain.high)})."
    return (
        f"{text}Against the baseline it gains {figure(gain.value)} ({span(gain.low, gain.high)}): the interval reaches "
        "zero, so it is not certain that it is better at all."
    )


def _trials(search: SearchResult) -> str:
    counts = {state: sum(trial.state is state for trial in search.trials) for state in _STATES}
    told = [f"{number:,} {_STATES[state]}" for state, number in counts.items() if number]
    begun = counted(len(search.trials), "trial was", "trials were")
    text = f"{begun} begun{': ' + ', '.join(told) if told else ''}."
    return f"{text} The search was stopped by the user." if search.stopped else text


def _setting(value: object) -> str:
    return figure(value) if isinstance(value, float) else str(value)
