"""Questions beyond importance over a real run with two models, without a process: answers are plain and fit JSON."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.budget import Budget
from workbench.contracts import Rule, Segment, Segmentation, SegmentationKind
from workbench.errors import InputError
from workbench.events import Events
from workbench.journey import JourneySettings, TableRequest, open_table, run_journey
from workbench.worker.protocol import Reply, encode
from workbench.worker.services.drivers import drivers
from workbench.worker.services.effects import effect
from workbench.worker.services.explanations import column_dependence, customer, overview
from workbench.worker.services.fairness import fairness, group_columns
from workbench.worker.services.models import explain_model
from workbench.worker.services.otherwise import changes, lookalikes
from workbench.worker.services.pairs import pairs, split
from workbench.worker.services.pictures import swarms
from workbench.worker.services.trust import start, stop, view
from workbench.worker.services.what_if import answer
from workbench.worker.session import Session

ROWS = 900
NASTY = "[bold]地区"


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """A run whose champion is another model than the one that it explains; nothing is explained yet."""
    folder = tmp_path_factory.mktemp("questions")
    draw = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "visits": draw.integers(0, 30, ROWS),
            "price": draw.normal(50, 10, ROWS).round(2),
            NASTY: draw.choice(["[/]", "東京", "south"], ROWS),
            "age": np.where(draw.random(ROWS) < 0.1, np.nan, draw.integers(18, 80, ROWS)),
        }
    )
    score = (frame["visits"] - 15) / 5 - (frame["price"] - 50) / 8 * (frame[NASTY] == "[/]")
    frame["bought"] = np.where(score + draw.normal(0, 1, ROWS) > 0, "yes", "no")
    frame.to_parquet(folder / "customers.parquet")
    request = TableRequest(location=str(folder / "customers.parquet"), target="bought")
    found = {}
    for family in ("linear", "lightgbm"):
        settings = JourneySettings(name=family, trials=1, budget_seconds=None, families=(family,), full=False)
        found[family] = run_journey(
            open_table(request), settings, budget=Budget.unlimited(), events=Events(), request=request,
            home=folder / "mlruns",
        )  # fmt: skip
    made, other = found["linear"], found["lightgbm"]
    search = replace(other.search, champion=other.search.explained, single=made.search.explained)
    labels = made.table.frame[NASTY].map({"[/]": 0, "東京": 1, "south": 1}).astype(int)
    rule = Rule("x", 1.0, 1.0, 1.0, 10)
    segments = tuple(
        Segment(at, name, int((labels == at).sum()), 0.5, rule, 1.0, ()) for at, name in enumerate(["[b]a", "b"])
    )
    division = Segmentation(SegmentationKind.DESCRIPTIVE, "k-means", labels, segments, {}, "", True)
    return replace(made, search=search, explanation=None, segmentations=(division,), run_id="")


@pytest.fixture
def session(result, tmp_path):
    made = Session(folder=tmp_path, exchange=tmp_path)
    made.show(result)
    yield made
    made.background.forget()


def sendable(value):
    """As it goes over the wire."""
    assert encode(Reply(1, value))
    return value


def finish(session, kind, model):
    for _ in range(3000):
        work = session.background.view(kind, model)
        if work is not None and work["state"] not in ("running", "stopping"):
            return work
        time.sleep(0.02)
    raise AssertionError(f"it never ends: {session.background.view(kind, model)}")


def test_a_model_is_explained_when_it_is_asked_for_and_more_follows(session):
    with pytest.raises(InputError, match="holds no explanation of linear yet"):
        overview(session)
    first = sendable(explain_model(session, model="champion"))
    assert 0 < first["rows"] <= 200 and first["total_rows"] == ROWS
    assert (first["model"], first["family"]) == ("champion", "lightgbm")
    assert [each["family"] for each in first["models"]] == ["linear", "lightgbm"]
    ended = finish(session, "explanation", "champion")
    assert ended["state"] == "done" and ended["grown"] == ROWS
    whole = sendable(overview(session, model="champion"))
    assert whole["rows"] == ROWS and not whole["growing"] and all(check["passed"] for check in whole["checks"])
    assert explain_model(session, model="champion")["rows"] == ROWS  # it is made once
    with pytest.raises(InputError, match="not a model"):
        overview(session, model="winner")


def test_everything_follows_the_model(session):
    for which in ("explained", "champion"):
        explain_model(session, model=which)
        finish(session, "explanation", which)
    for ask in (
        lambda model: customer(session, row=17, model=model)["steps"],
        lambda model: column_dependence(session, "price", model=model)["points"],
        lambda model: swarms(session, model=model)["columns"],
        lambda model: answer(session, 17, ["visits=3"], model=model)["steps"],
        lambda model: effect(session, "visits", model=model)["points"],
        lambda model: lookalikes(session, 17, model=model)["now"],
    ):
        assert sendable(ask("explained")) != sendable(ask("champion"))
    told = customer(session, row=17, model="champion")
    assert told["row"] == 17 and told["adds_up"] and told["prediction"].startswith("yes: ")
    with pytest.raises(InputError, match="no row 900"):
        customer(session, row=ROWS)


def test_pairs_that_act_together_are_found_and_split(session):
    explain_model(session, model="champion")
    finish(session, "explanation", "champion")
    found = sendable(pairs(session, model="champion"))
    assert {found["pairs"][0]["first"], found["pairs"][0]["second"]} == {"price", NASTY}
    parted = sendable(split(session, "price", NASTY, model="champion"))
    assert set(parted["parts"]) == {"[/]", "東京", "south"} and len(parted["bands"]) == 6
    here = parted["parts"].index("[/]")
    means = [row[here]["mean"] for row in parted["cells"]]
    assert means[0] > means[-1] + 1  # a low price says more there than a high one
    assert sum(cell["rows"] for row in parted["cells"] for cell in row if cell["rows"]) <= ROWS
    explain_model(session)
    assert not pairs(session)["pairs"] and pairs(session)["note"]
    with pytest.raises(InputError, match="no column"):
        split(session, "price", "[/]")


def test_effects_tell_their_method(session):
    explain_model(session)
    curve, bars = sendable(effect(session, "age")), sendable(effect(session, NASTY))
    assert curve["numeric"] and "Partial dependence is shown because" in curve["note"]
    assert curve["points"][-1]["label"] == "missing" and curve["points"][-1]["x"] is None
    assert not bars["numeric"] and {point["label"] for point in bars["points"]} == {"[/]", "東京", "south"}
    with pytest.raises(InputError):
        effect(session, "nothing")


def test_the_smallest_change_is_one_that_what_if_takes(session):
    explain_model(session)
    asked = sendable(changes(session, 17, columns=f"visits, {NASTY}"))
    assert asked["found"] and asked["levers"] == ["visits", NASTY] and asked["aim"].startswith("a predicted class")
    one = asked["found"][0]
    said = answer(session, 17, [each["text"] for each in one["changes"]])
    outcome = max(said["predictions"], key=lambda each: each["after"])
    assert one["after"].startswith(outcome["name"])
    share = sendable(changes(session, 17, aim="yes >= 99.9%", columns="age"))
    assert not share["found"] and "changed rows were tried" in share["reason"] and share["tried"] > 0
    with pytest.raises(InputError, match="no class"):
        changes(session, 17, aim="perhaps")
    nearest = sendable(lookalikes(session, 17))
    assert all(each["outcome"][:2] != nearest["now"][:2] and each["differs"] for each in nearest["found"])


def test_groups_are_compared_by_what_was_predicted_out_of_fold(session, result):
    explain_model(session)
    named = sendable(group_columns(session))
    assert [each["name"] for each in named] == ["visits", "price", NASTY, "age"]
    found = sendable(fairness(session, NASTY))
    assert found["rows"] == ROWS and found["family"] == "lightgbm" and found["explained"] == "linear"
    clear = [row["clear"] for row in found["comparisons"]]
    assert clear == sorted(clear, reverse=True) and found["words"] and found["figures"]
    assert fairness(session, NASTY) is found  # it is computed once
    with pytest.raises(InputError, match="no column"):
        fairness(session, "nothing")
    blank = replace(result.search, out_of_fold=np.full_like(result.search.out_of_fold, np.nan))
    session.result = replace(result, search=blank)
    with pytest.raises(InputError, match="keeps no predictions"):
        fairness(session, "age")


def test_refits_run_beside_and_stay(session):
    assert view(session)["found"] is None and view(session)["work"] is None
    begun = sendable(start(session, model="champion"))
    assert begun["work"]["state"] == "running" and begun["instead"] == "lightgbm" and begun["family"] == "linear"
    assert finish(session, "trust", "explained")["state"] == "done"
    found = sendable(view(session))["found"]
    assert {row["column"] for row in found["stability"]} == {"visits", "price", NASTY, "age"}
    assert found["words"] and found["permuted"] and found["floor"]["planted"]
    start(session)
    stop(session)
    assert finish(session, "trust", "explained")["state"] in ("stopped", "done")
    assert view(session)["found"] is not None  # what an earlier round said stays


def test_another_result_ends_the_work_on_this_one(session, result):
    start(session)
    session.show(result)
    assert view(session)["work"] is None and view(session)["found"] is None


def test_a_segment_is_told_by_what_the_model_sees_in_it(session):
    with pytest.raises(InputError, match="no explanation"):
        drivers(session, 0, 0)
    explain_model(session)
    finish(session, "explanation", "explained")
    found = sendable(drivers(session, 0, 0, output=5))
    assert found["segment"] == "[b]a" and found["rows"] and found["rows_inside"] + found["rows_outside"] == ROWS
    assert found["rows"][0]["column"] in (NASTY, "price", "visits")
    with pytest.raises(InputError, match="no segment 7"):
        drivers(session, 0, 7)
