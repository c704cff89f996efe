"""The summary: what was found, in plain words, on the first screen."""

from __future__ import annotations

from workbench.contracts import Gap, GapReport, JourneyResult, Severity, Task
from workbench.report.blocks import Block, Bullets, Facts, Heading, Paragraph, Section
from workbench.report.numbers import FEWEST, count, counted, figure, money, percent, span
from workbench.report.sections.first import first_step
from workbench.report.sections.gaps import gap_total
from workbench.report.sections.models import is_constant
from workbench.report.text import quoted, short
from workbench.report.wording import metric_label


def summary_section(result: JourneyResult) -> Section:
    """What this is, what to do first, what was found, and how far to trust it."""
    blocks: list[Block] = [
        Paragraph(_lead(result), "lead"),
        Facts(_facts(result)),
        Paragraph(f"What to do first. {first_step(result)}", "first"),
    ]
    found = [*_segment_sentences(result), *_model_sentences(result), *_gap_sentences(result.gaps),
             *_strategy_sentences(result)]  # fmt: skip
    if found:
        blocks += [Heading("What was found"), Bullets(tuple(found))]
    blocks += [Heading("How far to trust it"), Bullets(tuple(_trust(result)))]
    return Section("summary", "Summary", tuple(blocks))


def _lead(result: JourneyResult) -> str:
    table = result.table
    text = f"This report is about {counted(len(table.frame), 'customer')} in the table “{short(table.name)}”"
    if table.cut_off is not None:
        text += f", as known on {table.cut_off:%Y-%m-%d}"
    target = quoted(table.target, 120) if table.target else ""
    asked = []
    if target and table.horizon_days:
        asked.append(f"what will {target} be in the {table.horizon_days} days after that")
    elif target and table.task is not Task.SEGMENTS:
        asked.append(f"what tells {target} of each customer")
    if result.segmentations:
        asked.append("which groups do they form")
    if result.gaps is not None:
        asked.append("where do they want more than they get")
    if result.strategies:
        asked.append("what could be tried with each group")
    return f"{text}. It asks: {'; '.join(asked)}?" if asked else f"{text}."


def _facts(result: JourneyResult) -> tuple[tuple[str, str, str], ...]:
    used = counted(len(result.table.features.columns), "column")
    facts = [("customers", count(len(result.table.frame)), f"{used} used")]
    search = result.search
    if search is not None:
        score = search.champion_score
        facts.append((metric_label(score.metric), figure(score.value), f"95 % interval {span(score.low, score.high)}"))
        better = "higher" if search.greater_is_better else "lower"
        facts.append(("without a model", figure(search.baseline.score.value), f"{better} is better"))
    if result.strategy_segmentation is not None:
        segmentation = result.segmentations[result.strategy_segmentation]
        facts.append(("segments", str(len(segmentation.segments)), segmentation.kind.value))
    if result.strategies:
        plays = sum(strategy.play is not None for strategy in result.strategies)
        facts.append(("strategies", str(plays), f"for {counted(len(result.strategies), 'segment')}; else leave alone"))
    return tuple(facts)


def _model_sentences(result: JourneyResult) -> list[str]:
    search = result.search
    if search is None:
        return []
    score, base = search.champion_score, search.baseline.score
    metric = metric_label(score.metric)
    if is_constant(search) or search.against_baseline.low <= 0:
        return [
            f"Prediction: no model is clearly better than giving everybody the same answer ({metric} "
            f"{figure(score.value)} against {figure(base.value)})."
        ]
    sentences = [
        f"Prediction: the champion ({search.champion.family}) reaches a {metric} of {figure(score.value)} on "
        f"customers that it had not seen, against {figure(base.value)} when everybody gets the same answer."
    ]
    if search.decision is not None:
        found = search.decision
        sentences.append(
            f"Decision: saying “{short(found.positive, 40)}” from a chance of {figure(found.threshold)} on costs "
            f"{figure(found.cost.value)} a customer ({span(found.cost.low, found.cost.high)})."
        )
    if result.explanation is not None and len(result.explanation.importance):
        important = result.explanation.importance[result.explanation.importance["importance"] > 0]
        top = [quoted(str(name)) for name in important["column"].head(3)]
        if top:
            which = f"The explainable model ({search.single.family})" if search.single is not None else "The model"
            sentences.append(f"{which} looks most at {', '.join(top)}. That is association, not cause.")
    return sentences


def _segment_sentences(result: JourneyResult) -> list[str]:
    sentences = []
    for segmentation in result.segmentations:
        kind = segmentation.kind.value.capitalize()
        shown = [segment for segment in segmentation.segments if segment.size >= FEWEST]
        if not segmentation.found or not shown:
            sentences.append(f"{kind} segments: none were found. {short(segmentation.chosen_because, 400)}")
            continue
        largest = max(shown, key=lambda segment: segment.size)
        text = (
            f"{kind} segments: {len(segmentation.segments)}; the largest is “{short(largest.name)}” with "
            f"{percent(largest.share, 0)} of the customers"
        )
        with_outcome = [segment for segment in shown if segment.outcome_mean is not None]
        if len(with_outcome) > 1:
            best = max(with_outcome, key=lambda segment: segment.outcome_mean or 0.0)
            text += (
                f"; the highest mean {short(result.table.outcome or result.table.target or 'outcome', 60)} "
                f"({figure(best.outcome_mean)}) is in “{short(best.name)}”"
            )
        sentences.append(f"{text}.")
    return sentences


def _gap_sentences(gaps: GapReport | None) -> list[str]:
    return [
        f"Information gap: the {gap.kind.value} gap of all customers is {figure(gap_total(gap))} {short(gap.unit)}; "
        f"{_comparison(gap)}."
        for gap in (gaps.gaps if gaps else ())
        if gap.available
    ]


def _comparison(gap: Gap) -> str:
    if not gap.tested:
        return "nothing that came after is there to compare it with"
    return f"it {'stood' if gap.holds else 'did not stand'} the comparison with what came after"


def _strategy_sentences(result: JourneyResult) -> list[str]:
    shown = [strategy for strategy in result.strategies if strategy.customers >= FEWEST]
    valued = [
        each for each in shown if each.expected is not None and each.play is not None and each.status != "rejected"
    ]
    if not valued:
        return []
    best = max(valued, key=lambda strategy: strategy.expected.total if strategy.expected else 0.0)
    assert best.expected is not None and best.play is not None
    return [
        f"Strategies: the largest expected value is “{short(best.play.title)}” for segment {best.segment}, "
        f"{money(best.expected.total, best.expected.currency)} (80 % interval "
        f"{span(best.expected.low, best.expected.high)}) if its assumptions hold; evidence {best.grade.value}."
    ]


def _trust(result: JourneyResult) -> list[str]:
    sentences = []
    alarms = sum(check.severity is Severity.ALARM for check in result.table.checks)
    warnings = sum(check.severity is Severity.WARNING for check in result.table.checks)
    told = f"{counted(alarms, 'alarm')} and {counted(warnings, 'warning')}" if alarms + warnings else "nothing grave"
    sentences.append(f"The checks of the data found {told}.")
    search = result.search
    if search is not None:
        gain = search.against_baseline
        if is_constant(search) or gain.low <= 0:
            sentences.append("Do not act on single predictions: they may be no better than chance.")
        else:
            sentences.append(
                f"The model is better than none by {figure(gain.value)} ({span(gain.low, gain.high)}, 95 %) on "
                "held-out customers."
            )
        if search.stopped:
            sentences.append("The search was stopped early by the user.")
    measured = [gap for gap in result.gaps.gaps if gap.available] if result.gaps is not None else []
    if any(gap.tested and not gap.holds for gap in measured):
        sentences.append("Read the gap that did not stand the comparison as potential only, not as a forecast.")
    if any(not gap.tested for gap in measured):
        sentences.append("Read the gap that could not be compared with what came after as potential only.")
    if result.strategies:
        sentences.append("The strategies are proposals: only a test by lot can show what they do.")
    return sentences
