"""`workbench explain`: every question to a real run, as text and as JSON."""

from __future__ import annotations

import json

import pytest
from explain_asking import CHINESE, FEATURES, HOSTILE, ROWS, Ask, customers, facts


def test_what_drives_the_model(ask: Ask) -> None:
    code, out, err = ask()
    assert code == 0, err
    for told in ("EXPLANATION: mean |SHAP|", "INTERACTIONS", "goes with", "地区", "Explained 320 of 320 rows", "ok "):
        assert told in out
    found = facts(ask)
    importance = found["importance"]
    assert {row["column"] for row in importance} == set(FEATURES)
    assert {row["column"] for row in importance[:3]} == {"visits", "地区", "discount"}  # what the labels were made of
    assert all(row["low"] <= row["importance"] <= row["high"] for row in importance)
    assert sum(row["share"] for row in importance) == pytest.approx(1)
    strongest = found["interactions"][0]
    assert {strongest["first"], strongest["second"]} == {"visits", "地区"}  # visits count outside the south only
    assert "carries the largest part of the predictions" in found["words"][0] and found["adds_up"] is True


def test_a_model_without_interactions_says_so(ask: Ask) -> None:
    code, out, err = ask(run="number")
    assert code == 0, err
    assert "No two columns work together in this model" in out
    assert facts(ask, run="number")["interactions"] == []


def test_one_column_by_its_values(ask: Ask) -> None:
    code, out, err = ask("--column", "visits")
    assert code == 0, err
    assert "DEPENDENCE: mean contribution by value of 'visits', in log-odds towards 'yes'" in out
    assert "EFFECT: partial dependence (Friedman 2001), in probability" in out
    assert "Partial dependence is shown because 'visits' does not go strongly together" in out
    found = facts(ask, "--column", "visits")
    bins = found["dependence"]["bins"]
    assert sum(one["rows"] for one in bins) == ROWS
    assert bins[-1]["contribution"] > bins[0]["contribution"]
    assert found["effect"]["points"][-1]["effect"] > found["effect"]["points"][0]["effect"]


def test_a_partner_divides_the_bins_and_adds_up_to_them(ask: Ask) -> None:
    found = next(
        found for name in ("visits", "地区", "age", "discount")
        if (found := facts(ask, "--column", name)["dependence"])["partner"] is not None
    )  # fmt: skip
    apart = 0
    for one in found["bins"]:
        ends = [end for end in (one["partner_low"], one["partner_high"]) if end is not None]
        assert ends and min(ends) - 1e-9 <= one["contribution"] <= max(ends) + 1e-9
        apart += len(ends) == 2 and ends[0] != ends[1]
    assert apart > 1


def test_hostile_levels_are_shown_as_they_are(ask: Ask) -> None:
    code, out, err = ask("--column", "地区")
    assert code == 0, err
    assert HOSTILE in out
    assert {one["label"] for one in facts(ask, "--column", "地区")["dependence"]["bins"]} == {"north", "south", HOSTILE}


def test_one_customer_in_figures_and_words(ask: Ask) -> None:
    code, out, err = ask("--row", "C-0003", "--what-if", "地区=somewhere")
    assert code == 0, err
    assert "CUSTOMER C-0003: yes, in log-odds" in out
    assert "For this row the predicted log-odds of 'bought' being 'yes' is" in out
    assert "'somewhere' of '地区' is in none of the explained rows." in out
    one = facts(ask, "--row", "C-0003")["outputs"]["yes"]
    total = one["base"] + sum(step["contribution"] for step in one["contributions"]) + one["others"]
    assert total == pytest.approx(one["sum"])


def test_neighbours_are_other_customers_with_another_answer(ask: Ask) -> None:
    code, out, err = ask("--row", "C-0003", "--neighbours")
    assert code == 0, err
    assert "NEIGHBOURS with another answer" in out and "(here" in out
    found = facts(ask, "--row", "C-0003", "--neighbours", "--count", "2")["neighbours"]
    assert len(found["found"]) == 2
    table = customers()
    for one in found["found"]:
        assert one["customer"] == table["customer_id"][one["row"]] != "C-0003"
        assert one["answer"] != found["answer"]
        assert one["known"] == table["bought"][one["row"]]
        for name, cells in one["differs"].items():
            assert cells["other"] == table[name][one["row"]] and cells["own"] == table[name][3]


def test_neighbours_of_a_number_lie_apart(ask: Ask) -> None:
    found = facts(ask, "--row", "C-0003", "--neighbours", run="number")["neighbours"]
    assert len(found["found"]) == 5
    assert all(abs(one["answer"] - found["answer"]) >= found["apart"] for one in found["found"])


def test_the_smallest_change_with_another_answer(ask: Ask) -> None:
    code, out, err = ask(
        "--row", "C-0003", "--counterfactual", "--lever", "地区", "--lever", "visits", "--lever", "discount"
    )
    assert code == 0, err
    assert "COUNTERFACTUAL: a predicted class other than" in out
    assert "only a test shows what a change does" in out
    found = facts(ask, "--row", "C-0003", "--counterfactual", "--lever", "地区", "--lever", "visits", "--count", "2")
    answers = found["counterfactual"]["found"]
    assert 1 <= len(answers) <= 2
    for one in answers:
        assert one["changes"] and set(one["changes"]) <= {"地区", "visits"}
        assert all(cells["now"] != cells["then"] for cells in one["changes"].values())
        assert one["answer_then"] != one["answer_now"]


@pytest.mark.parametrize(
    ("options", "aim"),
    [
        (("--aim", "no"), "a predicted class 'no'"),
        (("--at-least", "0.9"), "a predicted probability of 'yes' of at least 90.0 %"),
        (("--aim", "no", "--at-most", "0.2"), "a predicted probability of 'no' of at most 20.0 %"),
    ],
)
def test_what_a_change_should_reach(options: tuple[str, ...], aim: str, ask: Ask) -> None:
    assert facts(ask, "--row", "C-0003", "--counterfactual", *options)["counterfactual"]["aim"] == aim


def test_a_number_is_brought_to_a_bound(ask: Ask) -> None:
    code, _, err = ask("--row", "C-0003", "--counterfactual", run="number")
    assert code == 2 and "say what its prediction should be at least or at most" in err
    arguments = ("--row", "C-0003", "--counterfactual", "--at-least", "60", "--lever", "visits", "--lever", "discount")
    found = facts(ask, *arguments, run="number")["counterfactual"]
    assert found["aim"] == "a prediction of 'spend' of at least 60.0"
    assert found["found"] and all(one["answer_now"] < 60 <= one["answer_then"] for one in found["found"])


def test_what_drives_a_segment(ask: Ask) -> None:
    code, out, err = ask("--segment", "0")
    assert code == 0, err
    assert "SEGMENT 0 " in out and "goal-guided towards 'yes'" in out and "elsewhere" in out
    found = facts(ask, "--segment", "0")
    one = found["outputs"]["yes"]
    assert one["rows_inside"] + one["rows_outside"] == ROWS
    assert one["rows_inside"] == found["size"]
    assert sum(row["difference"] for row in one["drivers"]) + one["rest"] == pytest.approx(one["difference"])
    by_name = facts(ask, "--segment", found["name"], "--segmentation", "goal-guided", "--class", "yes")
    assert by_name == found


def test_what_tells_the_members_of_a_segment_from_the_rest(ask: Ask) -> None:
    code, out, err = ask("--segment", "0", "--membership")
    assert code == 0, err
    assert "MEMBERSHIP of segment 0" in out and "F1" in out
    found = facts(ask, "--segment", "0", "--membership")
    assert {row["segment"] for row in found["fidelity"]} >= {"0", "1"}
    assert 0 < found["baseline"] < 1 and found["surrogate"]
    for row in found["fidelity"]:
        assert row["f1_low"] <= row["f1"] <= row["f1_high"]
    code, _, err = ask("--membership")
    assert code == 2 and "--membership needs a segment" in err


def test_answers_and_errors_by_group(ask: Ask) -> None:
    code, out, err = ask("--fairness", "gender")
    assert code == 0, err
    for told in ("GROUPS of 'gender'", "selection rate", "COMPARED with", "COLUMNS THAT CARRY THE GROUP", "IN WORDS"):
        assert told in out
    found = facts(ask, "--fairness", "gender")
    sizes = customers()["gender"].value_counts()
    assert {row["group"]: row["rows"] for row in found["groups"]} == sizes.to_dict()
    assert found["threshold"] == 0.5 and found["positive"] == "yes"
    assert {row["column"] for row in found["proxies"]} == set(FEATURES)
    assert "'gender' is itself a column that the model uses." in found["words"]
    clear = sum(row["clear"] and row["counted"] for row in found["comparisons"])
    assert ("no proof that groups are treated alike" in " ".join(found["words"])) == (clear == 0)


def test_any_column_of_the_table_can_divide_into_groups(ask: Ask) -> None:
    found = facts(ask, "--fairness", "age", run="number")
    assert len(found["groups"]) == 4  # bands
    assert {row["metric"] for row in found["figures"]} == {"mean prediction", "mean error", "RMSE"}
    hidden = facts(ask, "--fairness", "customer_id")
    assert [row["group"] for row in hidden["groups"]] == ["smaller groups"]
    assert "C-00" not in json.dumps(hidden)
    unexplained = facts(ask, "--fairness", "gender", run="short")
    assert unexplained["proxies"] is None and unexplained["figures"]


def test_refits_are_held_against_the_model(ask: Ask) -> None:
    code, out, err = ask("--trust", "--budget", "10m", "--quiet", run="number")
    assert code == 0, err
    for told in ("STABILITY", "NOISE FLOOR", "PERMUTATION IMPORTANCE", "AGREEMENT", "IN WORDS", "refits on"):
        assert told in out
    assert err == ""


def test_a_short_budget_leaves_refits_out_and_says_so(ask: Ask) -> None:
    code, out, err = ask("--trust", "--budget", "0.01s", "--quiet", "--json", run="number")
    assert code == 0, err
    found = json.loads(out)
    assert found["stability"] == [] and found["floor"] is None and found["permutation"] is None
    assert any("There was no time for" in sentence for sentence in found["words"])
    code, out, err = ask("--trust", "--budget", "0.01s", "--quiet", "--json", "--language", "zh", run="number")
    assert code == 0, err
    assert all(CHINESE.search(sentence) for sentence in json.loads(out)["words"])
