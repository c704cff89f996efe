"""What is said of figures by group: clear differences with their intervals, and nothing that chance could give."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fairness_examples import COUNTS, counted, noise

from workbench.contracts import Task
from workbench.explain import fairness_words, group_metrics, number_text


class TestWords:
    def test_a_difference_is_told_with_its_interval(self) -> None:
        told = " ".join(fairness_words(group_metrics(*counted(), Task.BINARY)))
        assert "is lower for '乙' than for '甲': 40.0 % against 80.0 %, a difference of 40.0 points (interval" in told
        assert "Bonferroni" in told and "7 comparisons" in told
        assert "EEOC" in told and "not a verdict" in told and "lies outside 0.8 to 1.25" in told
        assert "Kleinberg et al. 2017" in told

    def test_the_ratio_furthest_from_one_is_told_with_the_interval_for_all_comparisons(self) -> None:
        cells = {**COUNTS, "丙": (30, 10, 30, 130), "丁": (4, 36, 6, 134)}
        found = group_metrics(*counted(cells), Task.BINARY)
        ratios = found.comparisons[found.comparisons["measure"] == "demographic parity ratio"]
        worst = ratios.set_index("group").loc["丁"]
        assert worst["value"] == ratios["value"].min()
        told = next(sentence for sentence in fairness_words(found) if "EEOC" in sentence)
        assert "'丁'" in told and "for all comparisons together" in told
        low, high = (number_text(worst[end]) for end in ("adjusted_low", "adjusted_high"))
        assert f"(interval {low} to {high}, for all" in told
        assert worst["adjusted_high"] > worst["high"]

    def test_of_more_classes_a_selection_rate_is_told_of_its_class(self) -> None:
        random = np.random.default_rng(0)
        group = pd.Series(np.repeat(["x", "y"], 150))
        answer = np.where(group == "x", random.choice(["a", "b", "c"], 300, p=[0.8, 0.1, 0.1]), "c")
        shares = pd.DataFrame({name: np.where(answer == name, 0.8, 0.1) for name in ("a", "b", "c")})
        found = group_metrics(group, random.choice(["a", "b", "c"], 300), shares, Task.MULTICLASS)
        told = " ".join(fairness_words(found))
        own, other = found.figure("selection rate of 'a'", "y"), found.figure("selection rate of 'a'", "x")
        assert own == 0 and f"{100 * own:.1f} % against {100 * other:.1f} %" in told

    def test_no_difference_can_be_told_from_chance(self) -> None:
        truth, prediction = noise(200)
        found = group_metrics(pd.Series(["x", "y"] * 100), truth, prediction, Task.BINARY)
        told = " ".join(fairness_words(found))
        assert "No difference can be told from chance in these data, after adjusting for 7 comparisons." in told
        assert "no proof that groups are treated alike" in told and "Where base rates differ" in told

    def test_the_column_may_be_a_feature(self) -> None:
        found = group_metrics(*counted(), Task.BINARY)
        assert "'群体' is itself a column that the model uses." in fairness_words(found, features=("群体", "x"))
        assert not any("is itself" in sentence for sentence in fairness_words(found, features=("x",)))

    def test_one_group_has_nothing_to_compare(self) -> None:
        truth, prediction = noise(40)
        found = group_metrics(pd.Series(["a"] * 40), truth, prediction, Task.BINARY)
        assert "nothing to compare" in fairness_words(found)[0] and not any(
            "EEOC" in one for one in fairness_words(found)
        )

    def test_nothing_is_called_a_cause(self) -> None:
        told = " ".join(fairness_words(group_metrics(*counted(), Task.BINARY))).lower()
        assert not any(word in told for word in ("because", "cause", "due to", "effect of", "leads to"))
