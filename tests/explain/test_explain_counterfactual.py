"""The smallest change that reaches an aim: where it is known by hand, and what every answer has to keep."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from change_models import NEVER_SAID, by_formula, calls_of, free_rows, lever_table, yes

from workbench.contracts import Lever, Model, Table, Task
from workbench.errors import InputError
from workbench.explain import Aim, Counterfactuals, counterfactual

LABELS = ["no", "yes"]


def with_row(frame: pd.DataFrame, **values: Any) -> pd.DataFrame:
    """The first row replaced."""
    changed = frame.copy()
    for name, value in values.items():
        changed.loc[0, name] = value
    return changed


def sets(found: Counterfactuals) -> list[set[str]]:
    return [set(one.changes) for one in found.found]


class TestKnownByHand:
    def test_one_number(self) -> None:
        frame = with_row(free_rows(500, a=60, b=60), a=20, b=30)
        table = lever_table(frame, ["a", "b"])
        found = counterfactual(by_formula(table, lambda X: yes(X["a"] >= 50), LABELS), table, 0)
        assert [one.changes for one in found.found] == [{"a": (20, 50)}]
        [one] = found.found
        low, high = np.quantile(frame["a"], [0.05, 0.95])
        assert one.distance == pytest.approx(30 / (high - low) / 2)
        assert (one.outcome_before, one.outcome_after) == ("no", "yes")
        assert one.predicted_after == pytest.approx({"no": 0.1, "yes": 0.9}) and one.plausible
        assert type(one.changes["a"][1]) is int and found.reason == "" and found.row == 0

    def test_among_thousands_of_values_the_closest_observed_one(self) -> None:
        spend = np.random.default_rng(3).permutation(6_000) * 1.5
        frame = with_row(pd.DataFrame({"spend": spend}), spend=300.0)
        table = lever_table(frame, ["spend"])
        model = by_formula(table, lambda X: yes(X["spend"] > 7_000), LABELS)
        [one] = counterfactual(model, table, 0).found
        assert one.changes["spend"] == (300.0, frame["spend"][frame["spend"] > 7_000].min())
        downwards = by_formula(table, lambda X: yes(X["spend"] < 250), LABELS)
        [one] = counterfactual(downwards, table, 0).found
        assert one.changes["spend"] == (300.0, frame["spend"][frame["spend"] < 250].max())

    def test_two_columns_where_none_is_enough(self) -> None:
        frame = with_row(free_rows(2_000, a=10, b=10, c=10), a=0, b=0, c=0)
        table = lever_table(frame, ["a", "b"])
        found = counterfactual(by_formula(table, lambda X: yes(X["a"] + X["b"] >= 14), LABELS), table, 0)
        assert sets(found) == [{"a", "b"}]
        assert sum(int(after) for _, after in found.found[0].changes.values()) == 14

    def test_two_columns_that_say_nothing_alone(self) -> None:
        frame = with_row(free_rows(2_000, a=10, b=10, c=10), a=0, b=10, c=0)
        table = lever_table(frame, ["a", "b", "c"])
        model = by_formula(table, lambda X: yes((X["a"] >= 6) & (X["b"] <= 4)), LABELS)
        found = counterfactual(model, table, 0)
        assert [one.changes for one in found.found] == [{"a": (0, 6), "b": (10, 4)}]

    def test_three_columns(self) -> None:
        frame = with_row(free_rows(4_000, a=5, b=5, c=5, d=5), a=0, b=0, c=0, d=0)
        table = lever_table(frame, ["a", "b", "c", "d"])
        model = by_formula(table, lambda X: yes(X["a"] + X["b"] + 2 * X["c"] >= 17), LABELS)
        found = counterfactual(model, table, 0)
        assert sets(found) == [{"a", "b", "c"}]
        after = {name: int(value) for name, (_, value) in found.found[0].changes.items()}
        assert after["a"] + after["b"] + 2 * after["c"] in (17, 18)
        assert counterfactual(model, table, 0, most_changes=2).found == ()

    def test_several_answers_with_other_columns(self) -> None:
        frame = with_row(free_rows(3_000, a=20, b=20, c=20, d=20), a=0, b=0, c=0, d=0)
        table = lever_table(frame, ["a", "b", "c", "d"])
        model = by_formula(
            table, lambda X: yes((X["a"] >= 9) | (X["b"] >= 4) | ((X["c"] >= 5) & (X["d"] >= 5))), LABELS
        )
        found = counterfactual(model, table, 0)
        assert [one.changes for one in found.found] == [
            {"b": (0, 4)},
            {"a": (0, 9)},
            {"c": (0, 5), "d": (0, 5)},
        ]
        assert len(counterfactual(model, table, 0, count=1).found) == 1

    def test_a_level(self) -> None:
        random = np.random.default_rng(0)
        region = random.choice(["north", "south", "西"], 2_000).astype(object)
        region[0], region[[5, 6]] = "north", "moon"
        table = lever_table(pd.DataFrame({"region": region, "a": 1.0}), ["region"])
        south = by_formula(table, lambda X: yes(X["region"].isin(["西", "moon"])), LABELS)
        assert [one.changes for one in counterfactual(south, table, 0).found] == [{"region": ("north", "西")}]

    def test_decisions_by_cost(self) -> None:
        table = lever_table(with_row(free_rows(2_000, a=100), a=5), ["a"])

        def shares(X: pd.DataFrame) -> np.ndarray:
            return np.column_stack([1 - X["a"] / 100, X["a"] / 100])

        for options, least in (({"threshold": 0.2}, 20), ({"emphasis": (1.0, 3.9)}, 21), ({}, 51)):
            [one] = counterfactual(by_formula(table, shares, LABELS, **options), table, 0).found
            assert one.changes == {"a": (5, least)}
            assert one.outcome_after == "yes"


class TestSupport:
    def test_rare_levels_and_extreme_numbers_are_not_proposed(self) -> None:
        """Two rows of 2,000 have the level, and 1 % of them the numbers at either end."""
        random = np.random.default_rng(0)
        region = random.choice(["north", "south"], 2_000).astype(object)
        region[[5, 6]] = "moon"
        frame = with_row(free_rows(2_000, a=1_000).assign(region=region), a=500, region="north")
        table = lever_table(frame, ["a", "region"])
        low, high = np.quantile(frame["a"], [0.01, 0.99])
        model = by_formula(
            table, lambda X: yes((X["region"] == "moon") | (X["a"] > high + 1) | (X["a"] < low - 1)), LABELS
        )
        found = counterfactual(model, table, 0)
        assert found.found == () and found.tried > 0
        assert (
            "With up to 2 of 2 columns" in found.reason
            and "never gives a predicted class other than 'no'" in found.reason
        )

    def test_a_row_that_no_real_row_is_near_is_told(self) -> None:
        base = free_rows(1_000, a=100)["a"]
        frame = with_row(pd.DataFrame({"a": base, "twin": base * 2, "other": base * 3}), a=10, twin=20, other=30)
        table = lever_table(frame, ["a"])
        model = by_formula(table, lambda X: yes(X["a"] >= 80), LABELS)
        found = counterfactual(model, table, 0)
        assert [one.changes for one in found.found] == [{"a": (10, 80)}]
        assert not found.found[0].plausible and found.found[0].nearest > found.usual
        assert "no real row is near" in found.reason
        assert "it is not shown that there are such rows" in found.found[0].words

    def test_but_one_that_has_real_rows_near_comes_first_with_more_columns(self) -> None:
        base = free_rows(1_000, a=100)["a"]
        frame = with_row(pd.DataFrame({"a": base, "twin": base * 2}), a=10, twin=20)
        table = lever_table(frame, ["a", "twin"])
        model = by_formula(table, lambda X: yes(X["a"] >= 80), LABELS)
        found = counterfactual(model, table, 0)
        assert sets(found) == [{"a", "twin"}] and found.found[0].plausible and found.reason == ""
        a, twin = (int(found.found[0].changes[name][1]) for name in ("a", "twin"))
        assert a == 80 and abs(twin - 2 * a) <= 10

    def test_a_missing_value_may_become_one_but_never_the_reverse(self) -> None:
        frame = free_rows(500, a=10, b=10).astype(float)
        frame.loc[::3, "b"] = np.nan
        frame = with_row(frame, a=np.nan, b=5.0)
        table = lever_table(frame, ["a", "b"])
        model = by_formula(table, lambda X: yes((X["a"] >= 0) & (X["a"] <= 10)), LABELS)
        [one] = counterfactual(model, table, 0).found
        assert one.changes["a"][0] is None and isinstance(one.changes["a"][1], float)
        assert one.words.startswith("For a row like this one in which 'a' is ")
        to_gap = by_formula(table, lambda X: yes(X["b"].isna()), LABELS)
        assert counterfactual(to_gap, table, 0).found == ()


class TestAims:
    def number(self) -> tuple[Table, Model]:
        frame = with_row(free_rows(2_000, a=20, b=20), a=10, b=10).assign(y=0.0)
        table = lever_table(frame, ["a", "b"], Task.REGRESSION)
        return table, by_formula(table, lambda X: 10.0 * X["a"] - X["b"])

    @pytest.mark.parametrize(
        ("aim", "first"),
        [
            (Aim(at_least=120), {"a": (10, 13)}),
            (Aim(at_most=60), {"a": (10, 7)}),
            (Aim(at_least=91, at_most=95), {"b": (10, 9)}),
            (Aim(at_least=88, at_most=88), {"b": (10, 12)}),
        ],
    )
    def test_a_number(self, aim: Aim, first: dict[str, tuple[int, int]]) -> None:
        table, model = self.number()
        found = counterfactual(model, table, 0, aim)
        assert found.found[0].changes == first
        assert found.found[0].predicted_before == {"prediction": 90.0} and found.found[0].outcome_before == 90.0

    def test_how_near_it_gets_is_said(self) -> None:
        table, model = self.number()
        found = counterfactual(model, table, 0, Aim(at_least=10_000))
        assert found.found == () and "a prediction of 'y' of at least 10,000" in found.reason
        assert found.reason.endswith("the nearest is 200.") and found.words == (found.reason,)

    def test_classes(self) -> None:
        frame = with_row(free_rows(2_000, a=99), a=10)
        table = lever_table(frame, ["a"], Task.MULTICLASS)
        corners = np.eye(3)
        model = by_formula(table, lambda X: 0.7 * corners[np.asarray(X["a"]) // 34] + 0.1, [1, 2, 3])
        assert counterfactual(model, table, 0).found[0].changes == {"a": (10, 34)}
        third = counterfactual(model, table, 0, Aim(outcome=3))
        assert third.found[0].changes == {"a": (10, 68)} and third.found[0].outcome_after == "3"
        assert third.aim == "a predicted class '3'"
        likely = counterfactual(model, table, 0, Aim(outcome="2", at_least=0.5))
        assert likely.found[0].changes == {"a": (10, 34)}

    def test_a_probability_of_the_positive_class(self) -> None:
        table = lever_table(with_row(free_rows(2_000, a=100), a=5), ["a"])
        model = by_formula(table, lambda X: np.column_stack([1 - X["a"] / 100, X["a"] / 100]), LABELS)
        found = counterfactual(model, table, 0, Aim(at_least=0.4))
        assert found.found[0].changes == {"a": (5, 40)} and found.found[0].outcome_after == "no"
        assert found.aim == "a predicted probability of 'yes' of at least 40.0 %"
        assert counterfactual(model, table, 0, Aim(outcome="no", at_most=0.4)).found[0].changes == {"a": (5, 60)}

    def test_what_is_so_already_needs_no_change(self) -> None:
        table, model = self.number()
        found = counterfactual(model, table, 0, Aim(at_least=50))
        assert found.found == () and "already is" in found.reason and found.tried == 0

    @pytest.mark.parametrize(
        ("task", "aim", "says"),
        [
            (Task.REGRESSION, None, "say what its prediction should be"),
            (Task.REGRESSION, Aim(outcome="yes", at_least=3), "is a number"),
            (Task.REGRESSION, Aim(at_least=3, at_most=2), "lower end first"),
            (Task.REGRESSION, Aim(at_least=float("nan")), "lower end first"),
            (Task.BINARY, Aim(outcome="maybe"), "no class 'maybe'; it knows 'no', 'yes'"),
            (Task.BINARY, Aim(at_least=60), "between 0 and 1"),
            (Task.MULTICLASS, Aim(at_least=0.6), "which class"),
        ],
    )
    def test_an_aim_has_to_suit_the_model(self, task: Task, aim: Aim | None, says: str) -> None:
        table = lever_table(free_rows(50, a=9).assign(y=0), ["a"], task)
        classes = {Task.REGRESSION: [], Task.BINARY: LABELS, Task.MULTICLASS: [1, 2, 3]}[task]
        model = by_formula(table, lambda X: np.full((len(X), len(classes)), 0.4) if classes else X["a"], classes)
        with pytest.raises(InputError, match=says):
            counterfactual(model, table, 0, aim)


class TestLevers:
    def table(self) -> tuple[Table, Model]:
        frame = with_row(free_rows(300, a=9, b=9, one=0), a=2, b=2)
        frame["note"] = [f"text {place}" for place in range(300)]
        table = lever_table(frame, ["a", "note", "one"], texts=["note"])
        return table, by_formula(table, lambda X: yes(X["b"] > 5), LABELS)

    def test_only_levers_are_changed_unless_columns_are_named(self) -> None:
        table, model = self.table()
        found = counterfactual(model, table, 0)
        assert found.found == () and found.levers == ("a",)
        assert found.left_out == {
            "note": "it holds free text",
            "one": "no other value occurs often enough in these data",
        }
        assert sets(counterfactual(model, table, 0, columns=["b"])) == [{"b"}]

    def test_partly_changeable_columns_are_levers_too(self) -> None:
        table, model = self.table()
        partly = tuple(replace(c, lever=Lever.PARTLY if c.name == "b" else Lever.FIXED) for c in table.columns)
        assert sets(counterfactual(model, replace(table, columns=partly), 0)) == [{"b"}]

    def test_how_to_declare_levers_is_said(self) -> None:
        table, model = self.table()
        none = tuple(replace(c, lever=Lever.UNKNOWN) for c in table.columns)
        found = counterfactual(model, replace(table, columns=none), 0)
        assert found.found == () and "declare them in the table as controllable or partly" in found.reason
        assert "name at least one" in counterfactual(model, table, 0, columns=[]).reason
        assert "'note': it holds free text" in counterfactual(model, table, 0, columns=["note"]).reason

    def test_what_cannot_be_asked_is_said(self) -> None:
        table, model = self.table()
        for options, says in (
            ({"columns": ["x"]}, "uses no column 'x'"),
            ({"count": 0}, "0 answers"),
            ({"most_changes": 4}, "from 1 to 3"),
        ):
            with pytest.raises(InputError, match=says):
                counterfactual(model, table, 0, **options)
        with pytest.raises(InputError, match="no row 300"):
            counterfactual(model, table, 300)

    def test_hundreds_of_levers_stay_within_five_thousand_rows_a_step(self) -> None:
        names = [f"c{place}" for place in range(300)]
        frame = pd.DataFrame(np.random.default_rng(0).integers(0, 50, (300, 300)), columns=names)
        frame.loc[0] = 0
        table = lever_table(frame, names, Task.REGRESSION)
        model = by_formula(table, lambda X: X["c7"] + X["c100"] + X["c250"])
        found = counterfactual(model, table, 0, Aim(at_least=130))
        assert sets(found) == [{"c7", "c100", "c250"}]
        assert max(calls_of(model)) <= 5_000
        assert found.tried == sum(calls_of(model)) - 1  # and the row itself


def test_the_words_say_what_they_are() -> None:
    table = lever_table(with_row(free_rows(500, a=60, b=60), a=20, b=30), ["a", "b"])
    found = counterfactual(by_formula(table, lambda X: yes(X["a"] >= 50), LABELS), table, 0)
    assert found.words[0] == (
        "For a row like this one in which 'a' is 50 instead of 20, the model predicts 'yes' (90.0 %) instead of "
        "'no' (90.0 %)."
    )
    assert found.told("zh")[0] == (
        "对于与这一行相同、只是“a”为50而非20的行，模型的预测是“yes”（90.0%），而不是“no”（90.0%）。"
    )
    assert "how the model answers" in found.words[-1] and "not what would happen to the customer" in found.words[-1]
    told = " ".join(found.words).lower()
    assert not any(word in told for word in NEVER_SAID)
