"""Questions beyond importance over a real run of the store whose champion is a blend: answers are plain, fit JSON."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from blended_run import NASTY, ROWS, ended, looking_at, reopened

from workbench.contracts import Kind
from workbench.errors import InputError
from workbench.explain import segment_drivers
from workbench.worker import growing
from workbench.worker.protocol import Reply, encode
from workbench.worker.services.drivers import drivers
from workbench.worker.services.effects import effect
from workbench.worker.services.explanations import column_dependence, customer, overview
from workbench.worker.services.fairness import fairness, group_columns
from workbench.worker.services.models import explain_model
from workbench.worker.services.otherwise import changes, lookalikes
from workbench.worker.services.pairs import pairs, split
from workbench.worker.services.pictures import quality, swarms
from workbench.worker.services.reports import figures
from workbench.worker.services.trust import start, stop, view
from workbench.worker.services.what_if import answer

COLUMNS = {"visits", "price", NASTY, "age"}


@pytest.fixture(scope="module")
def result(blended):
    return reopened(blended)


@pytest.fixture
def fresh(result, tmp_path, monkeypatch):
    """Nothing of it is explained yet."""
    monkeypatch.setattr(growing, "REST", 0.0)
    session = looking_at(result, tmp_path)
    yield session.shown()
    session.close()


@pytest.fixture(scope="module")
def shown(result, tmp_path_factory):
    """Both models are explained whole."""
    session = looking_at(result, tmp_path_factory.mktemp("shown"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(growing, "REST", 0.0)
        for which in ("explained", "champion"):
            explain_model(session.shown(), model=which)
            assert ended(session.shown(), "explanation", which)["state"] == "done"
    yield session.shown()
    session.close()


def sendable(value):
    """As it goes over the wire."""
    assert encode(Reply(1, value))
    return value


def test_a_model_is_explained_when_it_is_asked_for_and_more_follows(fresh):
    with pytest.raises(InputError, match="holds no explanation of lightgbm yet"):
        overview(fresh)
    first = sendable(explain_model(fresh, model="champion"))
    assert 0 < first["rows"] <= 200 and first["total_rows"] == ROWS
    assert (first["model"], first["family"]) == ("champion", "ensemble")
    assert [each["family"] for each in first["models"]] == ["lightgbm", "ensemble"]
    work = ended(fresh, "explanation", "champion")
    assert work["state"] == "done" and work["grown"] == ROWS and work["run"] == fresh.key
    whole = sendable(overview(fresh, model="champion"))
    assert whole["rows"] == ROWS and not whole["growing"] and all(check["passed"] for check in whole["checks"])
    assert explain_model(fresh, model="champion")["rows"] == ROWS
    assert fresh.background.view("explanation", "champion") == work  # it is made once
    with pytest.raises(InputError, match="not a model"):
        overview(fresh, model="winner")


def test_a_model_of_the_store_is_loaded_before_its_first_rows_are_hurried(blended, tmp_path, monkeypatch):
    session = looking_at(reopened(blended), tmp_path)
    shown, loaded = session.shown(), []
    champion = shown.result.search.champion

    def explain(model, *_, **__):
        loaded.append(repr(model.pipeline))
        raise InputError("That is enough.")

    monkeypatch.setattr(growing, "explain", explain)
    monkeypatch.setattr(growing, "is_compiled", lambda: True)
    monkeypatch.setattr(growing, "warm_up", lambda: loaded.append("the walk"))
    assert repr(champion.pipeline) == "LazyPipeline()"
    with pytest.raises(InputError, match="enough"):
        explain_model(shown, model="champion")
    assert loaded == ["the walk", "LazyPipeline(loaded)"]


def test_everything_follows_the_model(shown):
    for ask in (
        lambda model: customer(shown, row=17, model=model)["steps"],
        lambda model: column_dependence(shown, "price", model=model)["points"],
        lambda model: swarms(shown, model=model)["columns"],
        lambda model: answer(shown, 17, ["visits=3"], model=model)["steps"],
        lambda model: effect(shown, "visits", model=model)["points"],
        lambda model: lookalikes(shown, 17, model=model)["found"],
    ):
        assert sendable(ask("explained")) != sendable(ask("champion"))
    told = customer(shown, row=17, model="champion")
    assert told["row"] == 17 and told["adds_up"] and told["prediction"].startswith("yes: ")
    assert quality(shown) == quality(shown, model="champion")  # of the champion, whichever is looked at
    with pytest.raises(InputError, match="no row 900"):
        customer(shown, row=ROWS)


def test_pairs_that_act_together_are_found_and_split(shown, fresh):
    found = sendable(pairs(shown))
    assert {found["pairs"][0]["first"], found["pairs"][0]["second"]} == {"price", NASTY}
    assert found["note"] == ""
    parted = sendable(split(shown, "price", NASTY, model="champion"))
    assert set(parted["parts"]) == {"[/]", "東京", "south"} and len(parted["bands"]) == 6
    here = parted["parts"].index("[/]")
    means = [row[here]["mean"] for row in parted["cells"]]
    assert means[0] > means[-1] + 1  # a low price says more there than a high one
    counted = [cell["rows"] for row in parted["cells"] for cell in row]
    assert sum(rows for rows in counted if rows) + 4 * counted.count(None) >= ROWS
    with pytest.raises(InputError, match="no column"):
        split(shown, "price", "[/]")
    fresh.background.start = lambda *_: None  # no more than the first rows, which come without pairs
    explain_model(fresh)
    assert not pairs(fresh)["pairs"] and "is not known" in pairs(fresh)["note"]


def test_effects_tell_their_method(shown):
    curve, bars = sendable(effect(shown, "age")), sendable(effect(shown, NASTY))
    assert curve["numeric"] and "Partial dependence is shown because" in curve["note"]
    assert curve["points"][-1]["label"] == "missing" and curve["points"][-1]["x"] is None
    assert not bars["numeric"] and {point["label"] for point in bars["points"]} == {"[/]", "東京", "south"}
    with pytest.raises(InputError, match="nothing"):
        effect(shown, "nothing")


def test_the_smallest_change_is_one_that_what_if_takes(shown):
    asked = sendable(changes(shown, 17, columns=f"visits, {NASTY}"))
    assert asked["found"] and asked["levers"] == ["visits", NASTY] and asked["aim"].startswith("a predicted class")
    one = asked["found"][0]
    said = answer(shown, 17, [each["text"] for each in one["changes"]])
    outcome = max(said["predictions"], key=lambda each: each["after"])
    assert one["after"].startswith(outcome["name"])
    share = sendable(changes(shown, 17, aim="yes >= 99.9%", columns="age"))
    assert not share["found"] and "changed rows were tried" in share["reason"] and share["tried"] > 0
    with pytest.raises(InputError, match="no class"):
        changes(shown, 17, aim="perhaps")
    nearest = sendable(lookalikes(shown, 17))
    assert nearest["found"]
    assert all(each["outcome"][:2] != nearest["now"][:2] and each["differs"] for each in nearest["found"])


def test_how_many_rows_were_looked_at_is_told(shown, monkeypatch):
    assert [changes(shown, 17)[key] for key in ("rows", "total_rows")] == [ROWS, ROWS]
    assert [lookalikes(shown, 17)[key] for key in ("rows", "total_rows")] == [ROWS - 1, ROWS - 1]
    monkeypatch.setattr("workbench.explain.single.neighbours.MOST_ROWS", 300)
    some = lookalikes(shown, 17)
    assert some["found"] and some["rows"] <= 300 and some["total_rows"] == ROWS - 1


def test_groups_are_compared_by_what_was_predicted_out_of_fold(shown, result, fresh):
    named = sendable(group_columns(shown))
    assert {each["name"] for each in named} == COLUMNS and all(each["used"] for each in named)
    kinds = [each["kind"] in ("category", "boolean") for each in named]
    assert kinds == sorted(kinds, reverse=True) and kinds[0]  # what has groups comes first
    found = sendable(fairness(shown, NASTY))
    assert found["rows"] == ROWS and found["family"] == "ensemble" and found["explained"] == "lightgbm"
    clear = [row["clear"] for row in found["comparisons"]]
    assert clear == sorted(clear, reverse=True) and found["words"] and found["figures"]
    assert fairness(shown, NASTY) is found  # it is computed once
    for column in ("nothing", "bought"):
        with pytest.raises(InputError, match=column):
            fairness(shown, column)
    blank = replace(result.search, out_of_fold=np.full_like(result.search.out_of_fold, np.nan))
    fresh.result = replace(result, search=blank, explanation=shown.explanation("explained"))
    with pytest.raises(InputError, match="keeps no predictions"):
        fairness(fresh, "age")


def test_numbers_that_are_codes_are_groups_of_their_own(shown, result, fresh):
    banded = {row["group"] for row in fairness(shown, "visits")["groups"]}
    assert len(banded) <= 4
    columns = tuple(replace(one, kind=Kind.CATEGORY) if one.name == "visits" else one for one in result.table.columns)
    coded = replace(result.table, columns=columns)
    fresh.result = replace(result, table=coded, explanation=shown.explanation("explained"))
    apart = {row["group"] for row in fairness(fresh, "visits")["groups"]}
    assert len(apart) > 4 and apart - {"smaller groups"} <= {str(visits) for visits in range(30)}


def test_refits_run_beside_and_stay(fresh):
    assert view(fresh)["found"] is None and view(fresh)["work"] is None
    begun = sendable(start(fresh, model="champion"))
    assert begun["work"]["state"] == "running" and begun["instead"] == "ensemble" and begun["family"] == "lightgbm"
    assert ended(fresh, "trust", "explained")["state"] == "done"
    found = sendable(view(fresh))["found"]
    assert {row["column"] for row in found["stability"]} == COLUMNS
    assert found["words"] and found["permuted"] and found["floor"]["planted"]
    start(fresh)
    stop(fresh)
    assert ended(fresh, "trust", "explained")["state"] == "stopped"
    assert view(fresh)["found"] == found  # what an earlier round said stays


def test_a_segment_is_told_by_what_the_model_sees_in_it(shown, fresh, result):
    with pytest.raises(InputError, match="no explanation"):
        drivers(fresh, 0, 0)
    found = sendable(drivers(shown, 0, 0, output=5))
    explanation = shown.explanation("explained")
    inside = result.segmentations[0].labels.to_numpy()[explanation.rows] == 0
    expected = segment_drivers(explanation, inside, seed=result.seed)
    assert found["segment"] == "[b]a" and found["rows_inside"] == inside.sum()
    assert found["rows_inside"] + found["rows_outside"] == ROWS
    assert [row["difference"] for row in found["rows"]] == pytest.approx(expected.table["difference"].tolist())
    with pytest.raises(InputError, match="no segment 7"):
        drivers(shown, 0, 7)


def test_the_drawings_and_figures_of_a_blend_are_written(shown, tmp_path):
    written = figures(shown, str(tmp_path / "out"), column="visits", model="champion")
    sheet = pd.read_csv(tmp_path / "out" / "importance.csv")
    told = {row["column"]: row["importance"] for row in overview(shown, model="champion")["importance"]}
    assert dict(zip(sheet["column"], sheet["importance"], strict=True)) == pytest.approx(told)
    assert {"beeswarm.csv", "effect.csv", "pairs.csv", "model-quality.csv"} <= set(written["files"])
