"""`workbench explain`: what can't be asked, or of which run, in one sentence that says why."""

from __future__ import annotations

import json

import pytest
from explain_asking import Ask, facts


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
        (("--trust", "--class", "yes"), "--trust looks at all classes together: leave out --class."),
        (("--segment", "0", "--membership", "--class", "yes"), "--membership is about segments and not about classes"),
        (("--row", "C-0003", "--what-if", "age=3", "--what-if", "age=4"), "--what-if changes 'age' to '3' and to '4'"),
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


@pytest.mark.parametrize("options", [(), ("--column", "age"), ("--row", "C-0003"), ("--class", "yes")])
def test_a_run_without_an_explanation_says_why(options: tuple[str, ...], ask: Ask) -> None:
    code, out, err = ask(*options, run="short")
    assert (code, out) == (2, "")
    assert "Run 'short' holds no explanation: it was made with --no-report; run the table again without it." in err
    code, out, err = ask(*options, run="untargeted")
    assert (code, out) == (2, "")
    assert "Run 'untargeted' holds no explanation: its table has no target, so there is no model; run it again" in err


def test_what_needs_no_explanation_is_answered_without_one(ask: Ask) -> None:
    found = json.loads(ask("--trust", "--budget", "10m", "--quiet", "--json", run="short")[1])
    assert found["stability"] and found["words"]
    assert facts(ask, "--fairness", "gender", run="short")["figures"]
    code, _, err = ask("--segment", "0", run="short")
    assert code == 2 and "Run 'short' holds no segments: it was made with --no-report" in err


@pytest.mark.parametrize(
    ("run", "options", "told"),
    [
        ("number", (), "'spend' is a number and has no classes: leave out --class."),
        ("number", ("--row", "C-0003"), "has no classes"),
        ("number", ("--segment", "0"), "has no classes"),
        ("number", ("--fairness", "gender"), "has no classes"),
        ("number", ("--column", "age"), "has no classes"),
        ("short", ("--fairness", "gender"), "--class chooses among contributions, and run 'short' has none"),
        ("untargeted", ("--segment", "0"), "Run 'untargeted' has no model and so no classes: leave out --class."),
    ],
)
def test_a_class_that_would_say_nothing_is_refused(run: str, options: tuple[str, ...], told: str, ask: Ask) -> None:
    code, out, err = ask(*options, "--class", "yes", run=run)
    assert (code, out) == (2, "") and told in err
