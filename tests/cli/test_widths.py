"""How a table fits a narrow terminal, and where sentences break."""

from __future__ import annotations

from rich.cells import cell_len

from workbench.cli.widths import GAP, fitting, wrapped

NAMES = ["column", "InternetService", "PaperlessBilling"]
INTERVALS = ["95 % interval", "0.3451 to 0.3501", "0.08177 to 0.08334"]
WORDS = ["goes with", "differs by level", "no one direction"]


def test_nothing_is_narrowed_where_there_is_room() -> None:
    assert fitting([NAMES, INTERVALS, WORDS], 140) is None


def test_sentences_break_before_intervals_and_intervals_before_names() -> None:
    names, intervals, words = 16, 18, 16
    whole = names + intervals + words + 2 * GAP
    assert fitting([NAMES, INTERVALS, WORDS], whole) is None
    assert fitting([NAMES, INTERVALS, WORDS], whole - 1) == [names, intervals, words - 1]
    narrow = fitting([NAMES, INTERVALS, WORDS], names + 10 + 9 + 2 * GAP)
    assert narrow == [names, 10, 9]  # "0.08177 to" and "direction" are the widest that stay whole


def test_a_table_that_is_far_too_wide_still_fits() -> None:
    found = fitting([["x" * 200, "y" * 200], ["年龄" * 40, "b"], WORDS], 60)
    assert found is not None and sum(found) + 2 * GAP <= 60 and min(found) >= 8


def test_both_ends_of_a_chinese_interval_stay_together_while_there_is_room() -> None:
    found = fitting(
        [["列", "InternetService"], ["95%区间", "0.4555至0.4728"], ["取值", "多为Month-to-month（100%）"]], 45
    )
    assert found is not None and found[1] == cell_len("0.4555至0.4728")


def test_lines_break_between_words_and_keep_what_is_indented() -> None:
    assert wrapped("  because   it is so", 14) == "  because   it\nis so"
    assert wrapped("short", 80) == "short"
    assert all(cell_len(line) <= 20 for line in wrapped("客户 消费 金额 很高 而且 经常 到访 商店", 20).split("\n"))


def test_a_path_is_not_torn() -> None:
    path = "/very/long/path/that/is/longer/than/the/line"
    assert path in wrapped(f"Report  {path}", 20)
