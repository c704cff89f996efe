"""`workbench explain`: every question to a real run, as text and as JSON, and what can't be asked in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from workbench.cli import main

Ask = Callable[..., tuple[int, str, str]]
ROWS = 320
SPACES = str(Path(__file__).parents[1] / "quick_spaces")
HOSTILE = "=cmd|'/C calc'!A0 [bold]"


def customers() -> pd.DataFrame:
    """Who buys: by visits and discounts, not in the south; Chinese names, hostile cells, a group that nothing tells."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "customer_id": [f"C-{place:04d}" for place in range(ROWS)],
            "age": rng.integers(18, 80, ROWS),
            "visits": rng.poisson(5, ROWS),
            "地区": rng.choice(["north", "south", HOSTILE], ROWS),
            "gender": rng.choice(["f", "m"], ROWS),
            "discount": rng.integers(0, 5, ROWS),
        }
    )
    liking = frame.visits * (frame["地区"] != "south") + 0.05 * (60 - frame.age) + frame.discount
    frame["bought"] = np.where(liking + rng.normal(size=ROWS) > 6, "yes", "no")
    frame["spend"] = (10 * liking.clip(0) + rng.normal(size=ROWS)).round(2)
    return frame


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a run of two classes, one of a number, and one that was not explained."""
    folder = tmp_path_factory.mktemp("explained")
    customers().drop(columns="spend").to_csv(folder / "classes.csv", index=False)
    customers().drop(columns="bought").to_csv(folder / "number.csv", index=False)
    runs = (
        ("classes", "bought", "lightgbm", ()),
        ("number", "spend", "linear", ()),
        ("short", "bought", "linear", ("--no-report",)),
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("MLFLOW_TRACKING_URI", raising=False)
        patched.chdir(folder)
        for name, target, family, more in runs:
            table = "number.csv" if name == "number" else "classes.csv"
            command = ["run", table, "--target", target, "--trials", "1", "--families", family, "--name", name,
                       "--search-spaces", SPACES, "--home", str(folder / "mlruns"), "--quiet", *more]  # fmt: skip
            assert main.run(command) == 0
    return folder / "mlruns"


@pytest.fixture
def ask(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask the run of two classes, or another one that is named; gives exit code, stdout, stderr."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    capsys.readouterr()

    def call(*arguments: str, run: str = "classes") -> tuple[int, str, str]:
        code = main.run(["explain", run, "--home", str(home), *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def facts(ask: Ask, *arguments: str, run: str = "classes") -> dict[str, Any]:
    """The JSON of a question."""
    code, out, err = ask(*arguments, "--json", run=run)
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def test_what_drives_the_model(ask: Ask) -> None:
    code, out, err = ask()
    assert code == 0, err
    for told in ("EXPLANATION: mean |SHAP|", "INTERACTIONS", "goes with", "地区", "Explained 320 of 320 rows", "ok "):
        assert told in out
    found = facts(ask)
    assert {row["column"] for row in found["importance"]} == {"age", "visits", "地区", "gender", "discount"}
    assert {"low", "high", "share", "direction", "lever"} <= set(found["importance"][0])
    assert {"first", "second"} == {"first", "second"} & set(found["interactions"][0])
    assert {found["interactions"][0]["first"], found["interactions"][0]["second"]} <= {
        "地区",
        "visits",
        "age",
        "discount",
    }
    assert found["words"] and found["adds_up"]


def test_a_model_without_interactions_says_so(ask: Ask) -> None:
    code, out, err = ask(run="number")
    assert code == 0, err
    assert "No two columns work together in this model" in out
    assert facts(ask, run="number")["interactions"] == []


def test_the_sentences_come_in_chinese(ask: Ask) -> None:
    for question in ((), ("--row", "C-0003"), ("--segment", "0"), ("--fairness", "gender"), ("--column", "visits")):
        found = facts(ask, *question, "--language", "zh")
        if question[:1] == ("--segment",):
            (found,) = found["outputs"].values()
        words = found["effect"]["note"] if "effect" in found else found["words"][-1]
        assert any("\u4e00" <= sign <= "\u9fff" for sign in words.replace("地区", "")), question


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
    for one in found["bins"]:
        low, high = one["partner_low"], one["partner_high"]
        ends = [end for end in (low, high) if end is not None]
        assert min(ends) - 1e-9 <= one["contribution"] <= max(ends) + 1e-9


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
        assert set(one["changes"]) <= {"地区", "visits"}
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
    arguments = ("--row", "C-0003", "--counterfactual", "--at-most", "20", "--lever", "visits", "--lever", "discount")
    found = facts(ask, *arguments, run="number")["counterfactual"]
    assert found["aim"].startswith("a prediction of 'spend'")
    assert all(one["answer_then"] <= 20 for one in found["found"])


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
    assert {row["column"] for row in found["proxies"]} == {"age", "visits", "地区", "gender", "discount"}
    assert "no proof that groups are treated alike" in " ".join(found["words"]) or "higher for" in " ".join(
        found["words"]
    )


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


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--row", "C-0003", "--segment", "0"), "--row and --segment are two questions: ask one at a time."),
        (("--column", "age", "--trust"), "--column and --trust are two questions"),
        (("--neighbours",), "--neighbours needs a customer: add --row ID."),
        (("--what-if", "age=3"), "--what-if needs a customer: add --row ID."),
        (("--row", "C-0003", "--aim", "no"), "--aim needs --counterfactual beside it."),
        (("--row", "C-0003", "--count", "2"), "--count needs --neighbours or --counterfactual beside it."),
        (("--segmentation", "descriptive"), "--segmentation needs a segment: add --segment ID."),
        (("--budget", "5s"), "--budget needs --trust beside it."),
        (("--trust", "--class", "yes"), "leave out --class"),
        (("--trust", "--budget", "soon"), "'soon' is not a budget"),
        (("--language", "de"), "There are no sentences in 'de': choose en or zh."),
        (("--column", "agee"), "The model uses no column 'agee'; did you mean 'age'?"),
        (("--column", "customer_id"), "The model uses no column 'customer_id'; there are 'age', "),
        (("--row", "C-9999"), "There is no customer 'C-9999' in classes; ids look like 'C-0000'."),
        (("--segment", "77"), "There is no goal-guided segment 77; there are 0, 1"),
        (("--segment", "0", "--segmentation", "goal"), "did you mean 'goal-guided'?"),
        (("--fairness", "Gender"), "classes has no column 'Gender'; did you mean 'gender'?"),
        (("--fairness", "bought"), "'bought' is what the model predicts"),
        (("--class", "no"), "Of the two classes of 'bought' 'yes' is explained"),
        (("--row", "C-0003", "--counterfactual", "--aim", "nope"), "'bought' has no class 'nope'; did you mean 'no'?"),
        (("--row", "C-0003", "--counterfactual", "--lever", "visit"), "did you mean 'visits'?"),
        (("--row", "C-0003", "--counterfactual", "--count", "11"), "--count is 10 at most"),
        (("--row", "C-0003", "--counterfactual", "--at-least", "4"), "A probability lies between 0 and 1"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(options: tuple[str, ...], told: str, ask: Ask) -> None:
    code, out, err = ask(*options)
    assert (code, out) == (2, "")
    assert err.startswith("workbench: ") and err.count("\n") == 1
    assert told in err


@pytest.mark.parametrize("options", [(), ("--column", "age"), ("--row", "C-0003"), ("--trust",)])
def test_a_run_without_an_explanation_says_so(options: tuple[str, ...], ask: Ask) -> None:
    code, out, err = ask(*options, run="short")
    assert (code, out) == (2, "")
    assert "Run 'short' holds no explanation; run the table again without --no-report." in err


def test_a_report_in_chinese(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "report.md"
    assert main.run(["report", "classes", "-o", str(out), "--language", "zh", "--home", str(home)]) == 0
    text = out.read_text(encoding="utf-8")
    assert "关联" in text and "Columns that work together" in text
    assert main.run(["report", "classes", "-o", str(out), "--language", "fr", "--home", str(home)]) == 2
    assert "There are no sentences in 'fr'" in capsys.readouterr().err
