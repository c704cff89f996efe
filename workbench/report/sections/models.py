"""Models: the leaderboard with intervals beside the baseline, and how the search went."""

from __future__ import annotations

from workbench.contracts import SearchResult, TrialState
from workbench.report.blocks import Block, Bullets, Grid, Paragraph, Section
from workbench.report.figures import leaderboard_figure, search_curve
from workbench.report.numbers import count, figure, short, span


def models_section(search: SearchResult | None) -> Section | None:
    """The leaderboard; ``None`` where nothing was predicted."""
    if search is None:
        return None
    better = "higher" if search.greater_is_better else "lower"
    rows = tuple(
        (row.name, figure(row.score.value), span(row.score.low, row.score.high),
         " · ".join(figure(value) for value in row.fold_scores), figure(row.seconds),
         short(", ".join(f"{name} {_setting(value)}" for name, value in row.params.items()), 160))
        for row in search.leaderboard
    )  # fmt: skip
    score, gain = search.champion_score, search.against_baseline
    states = ", ".join(
        f"{count(n)} {state.value}"
        for state in TrialState
        if (n := sum(trial.state is state for trial in search.trials))
    )
    blocks: list[Block] = [
        Paragraph(
            f"The champion is {search.champion.family}: {score.metric} {figure(score.value)} "
            f"({span(score.low, score.high)}), corrected for having been chosen among many; "
            f"better than the baseline by {figure(gain.value)} "
            f"({span(gain.low, gain.high)}). {better.capitalize()} is better."
        ),
        Grid(
            ("model", search.metric, "95 % interval", "folds", "seconds", "settings"), rows,
            "Best of each family, out of fold", right=(1, 4),
        ),
        leaderboard_figure(search),
    ]  # fmt: skip
    if len(search.curve) > 1:
        blocks.append(search_curve(search))
    blocks.append(Paragraph(f"Trials: {states or 'none'}. {search.resampling.reason}", "note"))
    failed = [trial for trial in search.trials if trial.state is TrialState.FAILED]
    if failed:
        reasons = tuple(short(f"trial {trial.number} ({trial.family}): {trial.reason}", 240) for trial in failed[:5])
        blocks.append(Bullets(reasons))
    return Section("models", "Models", tuple(blocks))


def _setting(value: object) -> str:
    return figure(value) if isinstance(value, float) else str(value)
