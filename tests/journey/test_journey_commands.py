"""Every kind of target goes the whole way, and every command reads the recorded runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from programs import FEW_SEGMENTS, Answer, call, customers, done

TARGETS = {"spend": "regression", "bought": "binary", "plan": "multiclass", None: "segments"}


def _strict(text: str) -> Any:
    """JSON as the standard has it: NaN and Infinity are refused."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a table and four runs over it, named as their task."""
    place = tmp_path_factory.mktemp("commands")
    frame = customers()
    frame.to_csv(place / "customers.csv", index=False)
    frame.head(20).to_csv(place / "new.csv", index=False)
    return place


@pytest.fixture(scope="module")
def runs(folder: Path) -> dict[str, dict[str, Any]]:
    """What each run told with ``--json``, by task."""
    told = {}
    for target, task in TARGETS.items():
        others = [name for name in TARGETS if name not in (None, target)] if target else []
        wish = ["--target", target, "--ignore", ",".join(others)] if target else ["--ignore", "bought,plan"]
        few = FEW_SEGMENTS if target else ()  # the whole of the shipped space once
        out = done(
            folder, "run", "customers.csv", *wish, "--trials", "3", "--families", "linear,lightgbm",
            "--name", task, "--json", "-q", *few,
        )  # fmt: skip
        told[task] = _strict(out)
    return told


@pytest.mark.parametrize("task", TARGETS.values())
def test_every_kind_of_target_goes_the_whole_way(task: str, runs: dict[str, dict[str, Any]], folder: Path) -> None:
    facts = runs[task]
    assert facts["task"] == task
    assert facts["run"] == task
    assert facts["segmentations"]
    assert facts["gaps"]
    assert (folder / facts["report"]).is_file()
    if task == "segments":
        assert "search" not in facts
        return
    assert facts["search"]["against_baseline"]["low"] > 0
    assert facts["search"]["champion"] in ("linear", "lightgbm")
    assert {row["family"] for row in facts["search"]["leaderboard"]} >= {"linear", "lightgbm", "baseline"}
    assert facts["explanation"]["adds_up"]
    assert facts["strategies"]


@pytest.mark.parametrize("command", ["explain", "segments", "gap", "strategy", "runs show"])
@pytest.mark.parametrize("task", TARGETS.values())
def test_what_a_run_found_is_read_back(command: str, task: str, runs: dict[str, dict[str, Any]], folder: Path) -> None:
    words = command.split()
    if command == "explain" and task == "segments":
        answer = call(folder, *words, task)
        assert answer.code == 2
        assert "no explanation" in answer.sentence
        return
    assert done(folder, *words, task)
    facts = _strict(done(folder, *words, task, "--json"))
    key = {"segments": "segmentations", "gap": "gaps", "strategy": "strategies", "explain": "explanation"}
    if command == "explain":  # which tells more of each column, and of pairs
        told = runs[task]["explanation"]
        columns = [{name: row[name] for name in told["importance"][0]} for row in facts["importance"]]
        assert columns[: len(told["importance"])] == told["importance"]
        assert all(facts[name] == told[name] for name in told if name != "importance")
    elif command == "runs show":
        assert facts["search"] == runs[task]["search"] if task != "segments" else "search" not in facts
    else:
        assert facts == runs[task][key[command]]


def test_one_customer_is_explained_and_asked_what_if(runs: dict[str, dict[str, Any]], folder: Path) -> None:
    facts = _strict(done(folder, "explain", "regression", "--row", "K00003", "--what-if", "visits=30", "--json"))
    shown = facts["outputs"]["spend"]
    total = shown["base"] + sum(entry["contribution"] for entry in shown["contributions"]) + shown["others"]
    assert total == pytest.approx(shown["sum"])
    assert facts["what_if"]["after"]["prediction"] > facts["what_if"]["before"]["prediction"]
    assert "K00003" in done(folder, "explain", "binary", "--row", "K00003")
    assert call(folder, "explain", "binary", "--row", "nobody").code == 2


@pytest.mark.parametrize(
    ("task", "columns"),
    [("regression", ["prediction"]), ("binary", ["no", "yes"]), ("multiclass", ["basic", "gold", "plus"])],
)
def test_new_customers_are_scored(task: str, columns: list[str], runs: dict[str, dict[str, Any]], folder: Path) -> None:
    done(folder, "predict", task, "new.csv", "-o", "scores.parquet")
    scores = pd.read_parquet(folder / "scores.parquet")
    assert list(scores.columns) == columns
    assert len(scores) == 20
    if task != "regression":
        assert scores.sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_columns_that_were_mixed_up_are_told(runs: dict[str, dict[str, Any]], folder: Path) -> None:
    frame = pd.read_csv(folder / "new.csv").rename(columns={"visits": "city", "city": "visits"})
    frame.to_csv(folder / "mixed.csv", index=False)
    told = done(folder, "predict", "regression", "mixed.csv", "-o", "mixed.parquet")
    assert "! 'visits': 100% of the values hold no number; they are missing." in told
    assert "'city'" in told and "never met" in told and "'discount'" not in told
    assert "!" not in done(folder, "predict", "regression", "new.csv", "-o", "plain.parquet")


def test_a_run_without_a_target_has_no_model_to_predict_with(runs: dict[str, dict[str, Any]], folder: Path) -> None:
    answer = call(folder, "predict", "segments", "new.csv", "-o", "no.parquet")
    assert answer.code == 2
    assert "no model" in answer.sentence
    assert not (folder / "no.parquet").exists()


@pytest.mark.parametrize("ending", ["html", "md"])
def test_a_report_is_written_again_anywhere(ending: str, runs: dict[str, dict[str, Any]], folder: Path) -> None:
    done(folder, "report", "multiclass", "-o", f"out/again.{ending}")
    assert "visits" in (folder / "out" / f"again.{ending}").read_text(encoding="utf-8")


def test_runs_are_listed_compared_and_deleted(runs: dict[str, dict[str, Any]], folder: Path) -> None:
    rows = _strict(done(folder, "runs", "list", "--json"))
    assert {row["name"]: row["state"] for row in rows} == dict.fromkeys(TARGETS.values(), "done")
    assert "multiclass" in done(folder, "runs", "list")
    assert [row["name"] for row in _strict(done(folder, "runs", "list", "--filter", "binary", "--json"))] == ["binary"]
    differing = {
        row["name"]: row["values"] for row in _strict(done(folder, "runs", "compare", "binary", "regression", "--json"))
    }
    assert differing["metric"] == ["roc_auc", "rmse"]
    done(folder, "run", "customers.csv", "--target", "spend", "--trials", "1", "--families", "linear", "--no-report",
         "--name", "short", "-q")  # fmt: skip
    done(folder, "runs", "delete", "short", "--yes")
    assert "short" not in {row["name"] for row in _strict(done(folder, "runs", "list", "--json"))}
    assert not (folder / "mlruns" / "journals" / "short").exists()
    assert call(folder, "runs", "show", "short").code == 2


@pytest.fixture(scope="module")
def outcomes(runs: dict[str, dict[str, Any]], folder: Path) -> Path:
    """What the customers spent after a campaign that is worth 30 to each who got it."""
    import numpy as np

    from workbench.strategy import assign_arms

    frame = customers()
    arms = assign_arms(frame.customer_id, 0.5, salt="spring").to_numpy()
    later = frame.spend + np.random.default_rng(1).normal(0, 20, len(frame)) + 30 * (arms == "treated")
    path = folder / "outcomes.csv"
    pd.DataFrame({"customer_id": frame.customer_id, "arm": arms, "spend": later}).to_csv(path, index=False)
    return path


def test_the_effect_of_a_campaign_is_read(outcomes: Path, folder: Path) -> None:
    facts = _strict(done(folder, "effect", "regression", outcomes.name, "--json"))
    overall = next(row for row in facts["effects"] if row["segment"] is None)
    assert overall["low"] < 30 < overall["high"]
    assert overall["low"] > 0
    assert facts["sample_ratio_p"] > 0.001
    assert "treated" in done(folder, "effect", "regression", outcomes.name)


@pytest.mark.parametrize(
    "arguments", [("--outcome", "nothing"), ("--arm", "nothing")], ids=["no such outcome", "no such arm"]
)
def test_outcomes_that_cannot_be_read_are_one_sentence(
    arguments: tuple[str, str], outcomes: Path, folder: Path
) -> None:
    answer: Answer = call(folder, "effect", "regression", outcomes.name, *arguments)
    assert answer.code == 2
    assert "nothing" in answer.sentence


def test_a_table_is_checked_without_a_search(folder: Path) -> None:
    facts = _strict(done(folder, "check", "customers.csv", "--target", "spend", "--json"))
    roles = {column["name"]: column["role"] for column in facts["columns"]}
    assert roles["customer_id"] == "id"
    assert roles["spend"] == "target"
    assert "customer_id" in done(folder, "check", "customers.csv")


def test_the_doctor_examines_this_machine(folder: Path) -> None:
    rows = {row["what"]: row for row in _strict(done(folder, "doctor", "--json"))}
    assert rows["store"]["ok"]
    assert rows["mlflow"]["ok"]


def test_a_project_is_proposed_and_run(tmp_path: Path) -> None:
    import numpy as np

    rng = np.random.default_rng(0)
    ids = [f"C{number:04d}" for number in range(250)]
    pd.DataFrame(
        {"customer_id": ids, "age": rng.integers(18, 80, 250), "city": rng.choice(["Graz", "Wien"], 250)}
    ).to_csv(tmp_path / "customers.csv", index=False)
    buyers = rng.choice(ids, 6000, p=(weight := rng.gamma(1.5, size=250)) / weight.sum())
    pd.DataFrame(
        {
            "customer_id": buyers,
            "bought_at": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 360, 6000), unit="D"),
            "category": rng.choice(["fruit", "bread", "wine"], 6000),
            "amount": rng.gamma(2, 12, 6000).round(2),
        }
    ).to_csv(tmp_path / "purchases.csv", index=False)
    done(tmp_path, "init", "customers.csv", "purchases.csv", "-o", "project.toml")
    again = call(tmp_path, "init", "customers.csv", "purchases.csv", "-o", "project.toml")
    assert again.code == 2
    assert "--force" in again.sentence
    facts = _strict(
        done(
            tmp_path, "run", "project.toml", "--trials", "3", "--families", "linear,lightgbm", "--json", "-q",
            *FEW_SEGMENTS,
        )
    )  # fmt: skip
    assert facts["rows"] <= 250
    gaps = {gap["kind"]: gap for gap in facts["gaps"]}
    assert gaps["potential"]["available"]
    assert gaps["category whitespace"]["available"]
    assert facts["strategies"]
    assert (tmp_path / facts["report"]).is_file()
