"""What is said of explanations, in two languages: the same figures and names, association only, whatever comes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from explain_models import fitted, quiet, shop_table
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, LogisticRegression
from told_examples import PARTS, Told, causal, customers, explanation, figures, pairs, silent

from workbench.budget import Budget
from workbench.contracts import Explanation, Task
from workbench.explain import explain, explain_rows
from workbench.explain.language import LANGUAGES, Language, Name
from workbench.explain.overall.importance import importance_table
from workbench.explain.words import describe, explanation_words

CHINESE = re.compile("[一-鿿]")
ODD = ("visits {0}", "消费额 %s", "{columns}")


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_both_languages_say_the_same(part: Callable[[], Iterator[tuple[str, Told]]]) -> None:
    for name, told in part():
        same(told, name)


def same(told: Told, name: str = "") -> None:
    """The same sentences with the same figures; nothing causal, nothing left open."""
    english, chinese = told("en"), told("zh")
    assert len(english) == len(chinese) > 0, name
    for first, second in zip(english, chinese, strict=True):
        assert figures(first) == figures(second), (first, second)
        assert CHINESE.search(second) and second.endswith(("。", "："))
        assert [odd in first for odd in ODD] == [odd in second for odd in ODD]
        for text, language in ((first, "en"), (second, "zh")):
            assert "nan" not in text
            assert not causal(re.sub("(is|are) shown because", "", text), language), text


def in_both(found: Explanation) -> tuple[str, str]:
    return tuple(" ".join(explanation_words(found, language)) for language in LANGUAGES)


class TestExplanations:
    def test_an_analyst_would_write_it_like_this(self) -> None:
        told = explanation_words(explanation(customers()), "zh")
        assert told[0] == (
            "在200行中，“visits {0}”对预测的贡献最大：以对数几率计，平均1.00（95%区间0.897至1.12），占全部归因的37%。"
        )
        assert told[1].startswith(
            "“visits {0}”和“消费额 %s”的取值越高，对应的“目标”为“yes”的预测对数几率越高（秩相关系数"
        )
        assert told[2].startswith("“地区”的各个取值有差别：“南”对应的“目标”为“yes”的预测对数几率最高（+0.700，")
        assert told[3] == "“joined”的日期越晚，对应的“目标”为“yes”的预测对数几率越低（秩相关系数-1.00）。"
        assert told[4] == "4列合计占全部归因的80%。8列中有1列没有任何贡献。"
        assert told[-1] == "以上均为模型在这些数据中看到的关联，并不说明改变某个值会带来什么结果。"

    def test_correlated_columns_are_named_together(self) -> None:
        english, chinese = in_both(explanation(customers()))
        assert "'visits {0}' and '消费额 %s' go together (|r| up to 0.99)" in english
        assert "“visits {0}”和“消费额 %s”彼此高度相关（|r|最高0.99）" in chinese

    def test_several_classes(self) -> None:
        english, chinese = in_both(explanation(customers(), ("0", "1", "{1}")))
        assert "Over 200 rows and 3 classes" in english and "在200行、3个类别中" in chinese
        assert "'南' points most to '{1}'" in english and "“南”最偏向“{1}”" in chinese

    def test_numbers(self) -> None:
        english, chinese = in_both(explanation(customers(), ("目标",), "units of 目标"))
        assert "in units of 目标" in english and "以“目标”的单位计" in chinese and "“目标”的预测值越高" in chinese

    def test_one_row(self) -> None:
        english, chinese = in_both(explanation(customers().head(1)))
        assert english.startswith("For this row the predicted log-odds of '目标' being 'yes' is ")
        assert "'vip' = yes: +0.200; '地区' = missing: +0.100; 2 other columns: " in english
        assert "“vip”=是：+0.200；“地区”=缺失：+0.100；其余2列：" in chinese

    def test_no_contribution(self) -> None:
        nothing = silent(explanation(customers()))
        assert explanation_words(nothing, "zh") == ("模型对所有行给出的预测都相同：没有任何列对“目标”的预测有贡献。",)
        assert explanation_words(nothing)[0].startswith("The model says the same for every row")

    def test_one_class(self) -> None:
        """A model that knows one class has one output, of which it says the same always."""
        alone = silent(explanation(customers(), ("0",), "probability"))
        assert len(explanation_words(alone)) == len(explanation_words(alone, "zh")) == 1

    @pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY, Task.MULTICLASS], ids=str)
    def test_what_an_explanation_says_can_be_said_again(self, task: Task) -> None:
        table = shop_table(task=task)
        model = fitted(table, LinearRegression() if task is Task.REGRESSION else LogisticRegression())
        found = explain(model, table, budget=Budget.unlimited(), events=quiet()[0], max_rows=150)
        one = explain_rows(model, table.frame.iloc[[3]], found)
        for each in (found, one):
            assert explanation_words(each) == each.words
            same(lambda language, each=each: explanation_words(each, language))


class TestPairs:
    def told(self, share: float, language: Language = "en", **changed: float) -> list[str]:
        found = pairs(share)
        for column, value in changed.items():
            found[column] = value
        whole = explanation_words(replace(explanation(customers()), interactions=found), language)
        return [text for text in whole if "work together" in text or "相互配合" in text]

    def test_the_strongest_is_told(self) -> None:
        assert self.told(0.07) == [
            "'visits {0}' and '地区' work together most in the model among the most important columns: on average "
            "±0.123 (95 % interval 0.110 to 0.140; 7% of everything attributed) comes from the pair beyond what each "
            "contributes alone."
        ]
        assert self.told(0.07, "zh") == [
            "在模型最重要的各列中，“visits {0}”与“地区”的相互配合最明显：在各自单独的贡献之外，平均另有±0.123"
            "（95%区间0.110至0.140；占全部归因的7%）属于这一组合。"
        ]

    def test_on_fewer_rows_than_explained(self) -> None:
        assert "among the most important columns (20 rows looked at): on average" in self.told(0.07, rows=20)[0]
        assert "最重要的各列中（考察了20行），" in self.told(0.07, "zh", rows=20)[0]

    def test_without_an_interval(self) -> None:
        assert "±0.123 (7% of everything attributed)" in self.told(0.07, low=np.nan)[0]

    def test_a_weak_one_is_not(self) -> None:
        assert self.told(0.0499) == [] and len(self.told(0.05)) == 1

    def test_none_are_known_or_there(self) -> None:
        plain = explanation_words(explanation(customers()))
        for each in (None, pairs().head(0), pd.DataFrame(columns=list(pairs().columns))):
            assert explanation_words(replace(explanation(customers()), interactions=each)) == plain


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="'“”"), min_size=1, max_size=12)
KINDS = ("number", "dates", "levels", "many", "texts", "bools", "same", "gaps")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(NAMES, st.sampled_from(KINDS), st.floats(-2, 2), st.floats(0, 3)),
        min_size=1,
        max_size=6,
        unique_by=lambda column: column[0],
    ),
    st.integers(1, 90),
    st.integers(1, 3),
    st.sampled_from(["log-odds", "probability", "units of {y} 4", "something else"]),
    st.integers(0, 1_000),
)
def test_whatever_comes(
    columns: list[tuple[str, str, float, float]], rows: int, outputs: int, space: str, seed: int
) -> None:
    random = np.random.default_rng(seed)
    codes = random.integers(0, 40, rows)
    made = {
        "number": pd.Series(codes * 1.5),
        "dates": pd.Series(pd.Timestamp("2024-01-01") + pd.to_timedelta(codes, unit="D")),
        "levels": pd.Series(codes % 3).map({0: "{a}", 1: "%s 1", 2: "乙"}),
        "many": pd.Series([f"L{code}" for code in codes]),
        "texts": pd.Series([f"t{place}" for place in range(rows)]),
        "bools": pd.Series(codes % 2 == 0),
        "same": pd.Series([1] * rows),
        "gaps": pd.Series(np.where(codes % 3 == 0, np.nan, codes)),
    }
    data = pd.DataFrame({name: made[kind].rename(None) for name, kind, _, _ in columns})
    own = np.column_stack([factor * codes / 40 + noise * random.normal(size=rows) for *_, factor, noise in columns])
    values = own[:, :, None] * np.linspace(1, -1, outputs)
    importance = importance_table(values, data, {columns[0][0]: "partly"})
    classes = ("{0}", "b", "c 3")[:outputs]

    def told(language: Language) -> tuple[str, ...]:
        return describe(
            values, data, importance, outputs=classes, space=space, target="{y} 4", total_rows=rows + seed % 2,
            language=language,
        )  # fmt: skip

    english, chinese = told("en"), told("zh")
    assert len(english) == len(chinese)
    for first, second in zip(english, chinese, strict=True):
        assert figures(first) == figures(second), (first, second)
        for name, *_ in columns:
            assert (Name(name).told("en") in first) == (Name(name).told("zh") in second)
