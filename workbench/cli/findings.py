"""A journey's findings as plain text on stdout, in the order in which they were made."""

from __future__ import annotations

from workbench.cli.explained import print_explanation
from workbench.cli.output import interval, number, percent, print_heading, print_line, print_table
from workbench.contracts import GapReport, JourneyResult, SearchResult, Segmentation, Strategy, TrialState


def print_findings(result: JourneyResult) -> None:
    """Everything that a run found, shortest form."""
    table = result.table
    print_line(f"Run {result.name}: {len(table.frame):,} rows, task {table.task.value}, target {table.target or '-'}")
    if result.search is not None:
        print_search(result.search)
    if result.explanation is not None:
        print_explanation(result.explanation)
    for segmentation in result.segmentations:
        print_segmentation(segmentation, result.table.outcome)
    if result.gaps is not None:
        print_gaps(result.gaps)
    if result.strategies:
        print_strategies(result.strategies)
    if result.notices:
        print_heading("Notices")
        for notice in result.notices:
            print_line(f"! {notice}")
    print_heading("Where")
    print_line(f"MLflow run  {result.name} ({result.run_id or 'not logged'}); `workbench mlflow` opens the store")
    if result.report:
        print_line(f"Report      {result.report}")
    print_line(f"Took        {result.seconds:.1f} s")


def print_search(search: SearchResult) -> None:
    """Leaderboard with intervals and the baseline."""
    better = "higher" if search.greater_is_better else "lower"
    print_heading("Leaderboard", f": {search.metric}, {better} is better, out of fold")
    rows = [
        (row.name, number(row.score.value), interval(row.score.low, row.score.high), number(row.seconds, 3))
        for row in search.leaderboard
    ]
    print_table(("model", search.metric, "95 % interval", "seconds"), rows, right=(1, 3))
    score, gain = search.champion_score, search.against_baseline
    chosen = "on rows that did not shape it" if search.single is not None else "after correction for having been chosen"
    distance = f"by {number(gain.value)} ({interval(gain.low, gain.high)})"
    than = f"better than the baseline {distance}" if gain.low > 0 else f"not certain to beat the baseline, {distance}"
    said = f"{number(score.value)} ({interval(score.low, score.high)})"
    print_line(f"Champion {search.champion.family}: {said} {chosen}; {than}.")
    if search.single is not None and search.single_score is not None and search.price is not None:
        score, price = search.single_score, search.price
        print_line(
            f"Explainable champion {search.single.family}: {number(score.value)} ({interval(score.low, score.high)}) "
            f"after correction for having been chosen; the price of explainability is {number(price.value)} "
            f"({interval(price.low, price.high)}){'' if price.low > 0 else ', which is not certain to be anything'}."
        )
    states = ", ".join(
        f"{sum(trial.state is state for trial in search.trials)} {state.value}"
        for state in TrialState
        if any(trial.state is state for trial in search.trials)
    )
    print_line(f"Trials: {states or 'none'}. {search.resampling.reason}")
    if search.champion.classes:
        from workbench.search.evaluation.decision_text import answer_sentence, calibration_sentence, decision_sentence

        if search.calibration is not None:
            print_line(calibration_sentence(search.calibration))
        if search.decision is not None:
            print_line(decision_sentence(search.decision))
        if answer := answer_sentence(search.champion, search.metric):
            print_line(answer)
    if search.forecast is not None:
        from workbench.search.insight.forecast import sentence

        print_line(sentence(search.forecast))
    if search.influence:
        from workbench.search.insight.influence_text import influence_sentence

        print_line("Parameters that decided over good and bad trials (PED-ANOVA, against shuffled losses):")
        for found in search.influence:
            print_line(f"  {influence_sentence(found)}")


def print_segmentation(segmentation: Segmentation, outcome: str | None) -> None:
    """Segments with size, rule and outcome."""
    print_heading("Segments", f", {segmentation.kind.value}: {segmentation.method}")
    print_line(segmentation.chosen_because)
    rows = [
        (
            segment.id,
            segment.name,
            f"{segment.size:,}",
            percent(segment.share),
            segment.rule.text,
            f"{percent(segment.rule.precision)} / {percent(segment.rule.coverage)}",
            "-"
            if segment.outcome_mean is None
            else f"{number(segment.outcome_mean)} ({interval(segment.outcome_low, segment.outcome_high)})",
        )
        for segment in segmentation.segments
    ]
    headings = (
        "#",
        "name",
        "size",
        "share",
        "rule",
        "precision / coverage",
        f"mean {outcome}" if outcome else "outcome",
    )
    print_table(headings, rows, right=(2, 3))


def print_gaps(gaps: GapReport) -> None:
    """Each gap with total, verdict or what is missing."""
    print_heading("Information gap")
    for gap in gaps.gaps:
        if not gap.available:
            print_line(f"{gap.kind.value}: not measured. {gap.missing}")
            continue
        total = float(gap.per_customer["gap"].sum())
        print_line(f"{gap.kind.value}: {number(total)} {gap.unit}. {gap.assumption}")
        print_line(f"  back-test: {gap.verdict}")
        if len(gap.per_segment):
            rows = [
                (
                    row["segment"],
                    f"{int(row['customers']):,}",
                    number(row["gap_total"]),
                    interval(row["low"], row["high"]),
                )
                for row in gap.per_segment.to_dict("records")
            ]
            print_table(("segment", "customers", f"gap, {gap.unit}", "95 % interval"), rows, right=(1, 2))


def print_strategies(strategies: tuple[Strategy, ...]) -> None:
    """A card for each segment."""
    print_heading("Strategies")
    for strategy in strategies:
        title = strategy.play.title if strategy.play else "Leave alone"
        print_line(f"Segment {strategy.segment} {strategy.segment_name} ({strategy.customers:,} customers): {title}")
        if strategy.status != "proposed":
            print_line(f"  decided   {strategy.status}{f': {strategy.note}' if strategy.note else ''}")
        for reason in strategy.reasons:
            print_line(f"  because   {reason}")
        if strategy.expected is not None:
            value = strategy.expected
            print_line(
                f"  expected  {number(value.total)} {value.currency} "
                f"(80 % interval {interval(value.low, value.high)}), if the assumptions hold"
            )
        print_line(f"  evidence  {strategy.grade.value}: {strategy.grade_reason}")
        if strategy.test is not None:
            print_line(f"  test      {strategy.test.advice}")
