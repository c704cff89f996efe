"""`workbench explain --language zh`: sentences, titles and headings in Chinese, the same figures and JSON keys."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from explain_asking import CHINESE, Ask, facts

from workbench.cli import main


def sentences(found: Any) -> Iterator[str]:
    """All sentences of an answer."""
    if isinstance(found, dict):
        for name, value in found.items():
            if name in ("words", "surrogate"):
                yield from value
            elif name == "note":
                yield value
            else:
                yield from sentences(value)


def keys(found: Any) -> Any:
    """The names in an answer, without what they hold; a list by its first entry."""
    if isinstance(found, dict):
        return {name: keys(value) for name, value in found.items()}
    return keys(found[0]) if isinstance(found, list) and found and isinstance(found[0], dict) else None


QUESTIONS: tuple[tuple[str, ...], ...] = (
    (),
    ("--column", "visits"),
    ("--row", "C-0003", "--neighbours", "--what-if", "visits=9", "--counterfactual", "--lever", "discount"),
    ("--segment", "0"),
    ("--segment", "0", "--membership"),
    ("--fairness", "gender"),
)


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_the_sentences_come_in_chinese(question: tuple[str, ...], ask: Ask) -> None:
    english, chinese = (list(sentences(facts(ask, *question, "--language", language))) for language in ("en", "zh"))
    assert len(english) == len(chinese) > 0
    for sentence in chinese:
        assert CHINESE.search(sentence.replace("地区", "")) and sentence[-1] in "。：", sentence


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_headings_and_titles_come_in_chinese_and_json_keys_do_not(question: tuple[str, ...], ask: Ask) -> None:
    code, out, err = ask(*question, "--language", "zh")
    assert code == 0, err
    lines = out.split("\n")
    titles = [after for before, after in pairwise(lines) if before == "" and after]
    heads = [before for before, after in pairwise(lines) if after.startswith("──")]
    assert titles and heads
    for line in (*titles, *heads):
        assert CHINESE.search(line.replace("地区", "")), line
    english = ("95 % interval", " to ", "rows", "customer", "yes or no", "differs by level", "In words")
    assert not [told for told in english if told in "\n".join((*titles, *heads))]
    assert keys(facts(ask, *question)) == keys(facts(ask, *question, "--language", "zh"))


def test_checks_are_told_in_the_language_that_was_asked_for(ask: Ask) -> None:
    _, out, _ = ask("--language", "zh")
    assert "通过 基准值与各列贡献之和等于模型的输出" in out and "contributions add" not in out


def test_what_is_not_varied_is_told_in_chinese(ask: Ask) -> None:
    question = ("--row", "C-0003", "--counterfactual", "--aim", "no", "--language", "zh")
    found = facts(ask, *question)["counterfactual"]
    assert found["aim"] == "类别“no”"
    assert all(CHINESE.search(why) for why in (found["reason"], *found["left_out"].values()) if why)
    _, out, _ = ask(*question)
    assert "反事实：类别“no”" in out


def test_a_report_in_chinese(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "report.md"
    assert main.run(["report", "classes", "-o", str(out), "--language", "zh", "--home", str(home)]) == 0
    text = out.read_text(encoding="utf-8")
    assert "关联" in text and "Columns that work together" in text
    assert main.run(["report", "classes", "-o", str(out), "--language", "fr", "--home", str(home)]) == 2
    assert "There are no sentences in 'fr'" in capsys.readouterr().err
