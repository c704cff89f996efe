"""What to do first: one advice by rule, from the gravest finding to the most promising strategy."""

from __future__ import annotations

from workbench.contracts import JourneyResult, Severity, Strategy
from workbench.report.numbers import FEWEST, count, money, percent, span
from workbench.report.text import short


def first_step(result: JourneyResult) -> str:
    """One or two sentences for a colleague who will act on this report."""
    alarms = [check for check in result.table.checks if check.severity is Severity.ALARM]
    if alarms:
        alarm = alarms[0]
        more = f" ({count(len(alarms) - 1)} further below)" if len(alarms) > 1 else ""
        return (
            f"First look at the data: {short(alarm.message, 240)}{more} Until that is settled, "
            "do not act on anything below."
        )
    plays = [strategy for strategy in result.strategies if strategy.play is not None and strategy.customers >= FEWEST]
    if plays:
        return _test(max(plays, key=_worth))
    if result.strategies:
        return "Change nothing yet: no play of the playbook pays for any segment under its assumptions."
    if any(segmentation.found for segmentation in result.segmentations):
        return "Read the segments with someone who knows the customers, and decide which to treat differently."
    if result.segmentations:
        return "Treat the customers alike for now: no segments were found that hold up; other columns may show some."
    if result.search is not None and result.search.against_baseline.low > 0:
        return "Check with someone who knows the customers whether what the model looks at makes sense."
    return "Look at the data and the limits: these data do not carry a recommendation."


def _worth(strategy: Strategy) -> tuple[bool, bool, float]:
    """A test that can be run before one that can't, a value likely above zero before one that is not, then the size."""
    value = strategy.expected
    runs = strategy.test is not None and strategy.test.feasible
    return runs, value is not None and value.low > 0, value.total if value is not None else 0.0


def _test(strategy: Strategy) -> str:
    assert strategy.play is not None
    what = f"“{short(strategy.play.title)}” for segment {strategy.segment}, “{short(strategy.segment_name)}”"
    text = f"Begin with a test of {what} ({count(strategy.customers)} customers). "
    value, test = strategy.expected, strategy.test
    if test is not None and test.feasible:
        text += (
            f"Draw {percent(test.control_share, 0)} of them by lot ({count(test.control)} customers) who get "
            f"nothing, and compare after {count(test.days)} days. "
        )
    elif test is not None:
        text = f"The most promising idea is {what}, but the segment is too small to test it. {short(test.advice, 300)} "
    if value is not None:
        text += (
            f"Expected: {money(value.total, value.currency)} (80 % interval {span(value.low, value.high)}), "
            "if its assumptions hold."
        )
    return text.strip()
