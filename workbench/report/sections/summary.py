"""The summary: what was found, in plain words, on the first screen."""

from __future__ import annotations

from workbench.contracts import GapReport, JourneyResult, SearchResult
from workbench.report.blocks import Block, Bullets, Facts, Paragraph, Section
from workbench.report.numbers import count, figure, money, percent, span


def summary_section(result: JourneyResult) -> Section:
    """Facts that stand out, then a sentence for each stage."""
    blocks: list[Block] = [Paragraph(_lead(result), "lead"), Facts(_facts(result))]
    sentences = [
        *_model_sentences(result),
        *_segment_sentences(result),
        *_gap_sentences(result.gaps),
        *_strategy_sentences(result),
    ]
    blocks.append(Bullets(tuple(sentences)))
    return Section("summary", "Summary", tuple(blocks))


def _lead(result: JourneyResult) -> str:
    table = result.table
    text = f"{count(len(table.frame))} customers in {table.name}"
    if table.cut_off is not None:
        text += f", as known on {table.cut_off:%Y-%m-%d}"
    if table.horizon_days and table.target:
        text += f"; the question: {table.target} in the {table.horizon_days} days after it"
    elif table.target:
        text += f"; the question: {table.target}"
    return text + "."


def _facts(result: JourneyResult) -> tuple[tuple[str, str, str], ...]:
    facts = [("customers", count(len(result.table.frame)), f"{len(result.table.features.columns)} columns used")]
    if result.search is not None:
        score = result.search.champion_score
        facts.append((score.metric, figure(score.value), f"95 %: {span(score.low, score.high)}"))
        facts.append(
            ("baseline", figure(result.search.baseline.score.value), f"{len(result.search.trials)} trials were run")
        )
    if result.strategy_segmentation is not None:
        segmentation = result.segmentations[result.strategy_segmentation]
        facts.append(("segments", str(len(segmentation.segments)), segmentation.kind.value))
    plays = sum(strategy.play is not None for strategy in result.strategies)
    if result.strategies:
        facts.append(("strategies", str(plays), f"of {len(result.strategies)} segments; the rest: leave alone"))
    return tuple(facts)


def _better(search: SearchResult) -> bool:
    gain = search.against_baseline
    return gain.low > 0


def _model_sentences(result: JourneyResult) -> list[str]:
    search = result.search
    if search is None:
        return []
    score, base = search.champion_score, search.baseline.score
    if not _better(search):
        return [
            f"No model is clearly better than always giving the same answer "
            f"({score.metric} {figure(score.value)} against {figure(base.value)}): do not act on its predictions."
        ]
    sentences = [
        f"The best model, {search.champion.family}, reaches {score.metric} {figure(score.value)} "
        f"({span(score.low, score.high)}) on customers it had not seen; always giving the same answer "
        f"reaches {figure(base.value)}."
    ]
    if result.explanation is not None and len(result.explanation.importance):
        top = [str(name) for name in result.explanation.importance["column"].head(3)]
        sentences.append(f"It looks most at {', '.join(top)}. That is association, not cause.")
    return sentences


def _segment_sentences(result: JourneyResult) -> list[str]:
    sentences = []
    for segmentation in result.segmentations:
        if not segmentation.found:
            sentences.append(f"{segmentation.kind.value.capitalize()} segments: {segmentation.chosen_because}")
            continue
        largest = max(segmentation.segments, key=lambda segment: segment.size)
        sentences.append(
            f"{segmentation.kind.value.capitalize()} segments: {len(segmentation.segments)}; the largest is "
            f"“{largest.name}” with {percent(largest.share, 0)} of the customers."
        )
    return sentences


def _gap_sentences(gaps: GapReport | None) -> list[str]:
    return [
        f"The {gap.kind.value} gap is {figure(float(gap.per_customer['gap'].sum()))} {gap.unit}. {gap.verdict}"
        for gap in (gaps.gaps if gaps else ())
        if gap.available
    ]


def _strategy_sentences(result: JourneyResult) -> list[str]:
    with_value = [strategy for strategy in result.strategies if strategy.expected is not None]
    if not with_value:
        return []
    best = max(with_value, key=lambda strategy: strategy.expected.total if strategy.expected else 0.0)
    assert best.expected is not None and best.play is not None
    return [
        f"Largest expected value: “{best.play.title}” for “{best.segment_name}”, "
        f"{money(best.expected.total, best.expected.currency)} "
        f"(80 % interval {span(best.expected.low, best.expected.high)}) if its assumptions hold; "
        f"evidence {best.grade.value}."
    ]
