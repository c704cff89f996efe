"""Models: the leaderboard with intervals beside the baseline, whether predictions come true, how the search went."""

from __future__ import annotations

from workbench.contracts import SearchResult, Table, TrialState
from workbench.report.blocks import Block, Bullets, Grid, Heading, Paragraph, Section
from workbench.report.figures import leaderboard_figure, quality_figure, search_curve
from workbench.report.numbers import count, counted, figure, span
from workbench.report.sections.decision import decision_blocks
from workbench.report.sections.trials import influence_table, trials_table
from workbench.report.text import short
from workbench.report.wording import METRICS, metric_label, named
from workbench.search.evaluation.decision_text import answer_sentence, calibration_sentence
from workbench.search.evaluation.quality import Quality, model_quality
from workbench.search.insight.forecast import sentence

MOST_CLASSES = 4
"""Classes whose predictions are held against what came."""
_STATES = {
    TrialState.DONE: "finished",
    TrialState.PRUNED: "given up early because they could not win",
    TrialState.CUT: "cut off by the end of the budget",
    TrialState.FAILED: "failed",
    TrialState.RUNNING: "still running",
}


def models_section(search: SearchResult | None, table: Table) -> Section | None:
    """The leaderboard and how far predictions can be taken at their word; ``None`` where nothing was predicted."""
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
    if _weighs_below_zero(search):
        blocks.append(Paragraph(
            "The settings of the ensemble are the weights of its models, found by a regression of what came on what "
            "they said. One below zero is no mistake: it takes away what two models that are much alike have wrong "
            "together.", "note",
        ))  # fmt: skip
    if search.leaderboard:
        blocks.append(leaderboard_figure(search))
    quality = _quality(search, table)
    if quality:
        blocks.append(quality_figure(quality))
    if (curve := search_curve(search)) is not None:
        blocks.append(curve)
    if quality:
        blocks += [Paragraph(_taken_at_its_word(quality), "note"), _quality_table(quality)]
    if search.calibration is not None and not is_constant(search):
        blocks.append(Paragraph(short(calibration_sentence(search.calibration), 800), "note"))
    if search.decision is not None:
        blocks += [Heading("Where the decision costs least"), *decision_blocks(search.decision)]
    if answer := answer_sentence(search.champion, metric_label(search.metric)):
        blocks.append(Paragraph(short(answer, 600), "note"))
    blocks.append(Paragraph(f"{_trials(search)} {short(search.resampling.reason, 600)}", "note"))
    if search.forecast is not None:
        blocks.append(Paragraph(sentence(search.forecast)))
    if search.influence:
        blocks += [Heading("Which settings mattered"), influence_table(search)]
    failed = [trial for trial in search.trials if trial.state is TrialState.FAILED]
    if failed:
        reasons = tuple(short(f"trial {trial.number} ({trial.family}): {trial.reason}", 240) for trial in failed[:5])
        blocks += [Paragraph(f"{counted(len(failed), 'trial')} failed, for example:"), Bullets(reasons)]
    if search.trials:
        blocks.append(trials_table(search))
    if search.decisions:
        decided = tuple((short(text, 300),) for text in search.decisions)
        blocks.append(Grid(("decided on the way",), decided, "Decisions of the search", wide=(0,), collapsed=True))
    return Section("models", "Models", tuple(blocks))


def is_constant(search: SearchResult) -> bool:
    """Whether the champion gives everybody the same answer."""
    return search.champion.family == "baseline"


def _quality(search: SearchResult, table: Table) -> list[Quality]:
    """Of the one output, or of the largest classes; none for a model that says the same of everybody."""
    if is_constant(search):
        return []
    classes = len(search.champion.classes)
    outputs = range(classes) if classes > 2 else [0]
    found = [one for one in (model_quality(search, table, output) for output in outputs) if one is not None]
    found.sort(key=lambda one: -sum(each.rows * each.actual for each in one.bins))
    return found[:MOST_CLASSES]


def _taken_at_its_word(found: list[Quality]) -> str:
    one = max(found, key=lambda each: each.off_by)
    of = f" of “{short(one.output, 40)}”" if len(found) > 1 else ""
    off = f"{figure(100 * one.off_by, 2)} percentage points" if one.shares else figure(one.off_by)
    return (
        f"On customers held out, the mean prediction{of} of a group is {off} off what came, on average over the groups."
    )


def _quality_table(found: list[Quality]) -> Grid:
    rows = tuple(
        (short(one.output, 40) if number == 0 else "", count(each.rows), figure(each.predicted), figure(each.actual),
         span(each.low, each.high))
        for one in found
        for number, each in enumerate(one.bins)
    )  # fmt: skip
    heading = "class" if found[0].shares else "target"
    headings = (heading, "customers", "predicted", "came", "95 % interval")
    return Grid(headings, rows, "Predicted and what came, by groups of customers", right=(1, 2, 3), collapsed=True)


def _verdict(search: SearchResult) -> str:
    score, gain = search.champion_score, search.against_baseline
    metric = metric_label(score.metric)
    if is_constant(search):
        return (
            f"No model was better than the same answer for everybody (the baseline, {metric} {figure(score.value)}), "
            "so the baseline is the champion: it tells customers apart in nothing."
        )
    how = "judged on rows that did not shape it" if search.single else "corrected for having been chosen among many"
    text = f"The champion is {_called(search)}: {metric} {figure(score.value)} ({span(score.low, score.high)}), {how}. "
    if gain.low > 0:
        text += f"It is better than the baseline by {figure(gain.value)} ({span(gain.low, gain.high)})."
    else:
        text += (
            f"Against the baseline it gains {figure(gain.value)} ({span(gain.low, gain.high)}): the interval reaches "
            "zero, so it is not certain that it is better at all."
        )
    return text + _price(search)


def _called(search: SearchResult) -> str:
    if search.single is None:
        return search.champion.family
    return f"an ensemble of {counted(len(search.champion.params), 'model')}"


def _weighs_below_zero(search: SearchResult) -> bool:
    if search.single is None:
        return False
    return any(isinstance(weight, float) and weight < 0 for weight in search.champion.params.values())


def _price(search: SearchResult) -> str:
    """The explainable champion beside a blend, and what it costs."""
    if search.single is None or search.single_score is None or search.price is None:
        return ""
    score, price = search.single_score, search.price
    certain = "" if price.low > 0 else ", which is not certain to be anything"
    if price.value <= 0:
        certain += " (on these rows the ensemble is no better; on new ones averages of models mostly are)"
    return (
        f" The explainable champion is {search.single.family}: {figure(score.value)} ({span(score.low, score.high)}); "
        f"the price of explainability is {figure(price.value)} ({span(price.low, price.high)}){certain}."
    )


def _trials(search: SearchResult) -> str:
    counts = {state: sum(trial.state is state for trial in search.trials) for state in _STATES}
    told = [f"{number:,} {_STATES[state]}" for state, number in counts.items() if number]
    begun = counted(len(search.trials), "trial was", "trials were")
    text = f"{begun} begun{': ' + ', '.join(told) if told else ''}."
    return f"{text} The search was stopped by the user." if search.stopped else text


def _setting(value: object) -> str:
    return figure(value) if isinstance(value, float) else str(value)
