"""Texts that there is no time to read: their topics are left out, the search is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from search_tables import describe, stopping
from test_search_run import SPACES

from workbench.budget import Budget
from workbench.contracts import Role, Task
from workbench.pipelines import TOPICS, reading_seconds
from workbench.problem.rows import problem_of
from workbench.search import search
from workbench.search.task import reading
from workbench.search.task.reading import topics_in_time


def reviews(rows: int, words: int = 12):
    rng = np.random.default_rng(rows)
    good = rng.random(rows) < 0.5
    texts = [
        " ".join(rng.choice(["warm", "soft", "lovely"] if one else ["itchy", "thin", "returned"], words))
        for one in good
    ]
    frame = pd.DataFrame({"review": texts, "age": rng.integers(18, 80, rows), "target": np.where(good, "yes", "no")})
    return describe(frame, "target", Task.BINARY, {"review": Role.TEXT})


def test_texts_are_read_where_there_is_time():
    problem = problem_of(reviews(300))
    assert topics_in_time(problem, Budget.of(60.0)) == (TOPICS, "")
    assert topics_in_time(problem, Budget.unlimited()) == (TOPICS, "")


def test_texts_that_take_most_of_the_time_are_not():
    problem = problem_of(reviews(3_000, words=400))
    topics, sentence = topics_in_time(problem, Budget.of(5.0))
    assert topics == 0
    assert sentence.startswith("There was no time to read the texts of 'review', which takes about ")
    assert topics_in_time(problem, Budget.of(600.0)) == (TOPICS, "")


def test_the_forecast_grows_with_characters_and_less_once_a_sample_is_learnt_from():
    text = "word " * 40
    short, long = (reading_seconds(pd.Series([text] * rows)) for rows in (1_000, 20_000))
    assert long == pytest.approx(20 * short)
    assert reading_seconds(pd.Series([text] * 40_000)) < 2 * long
    assert reading_seconds(pd.Series([None, None], dtype=object)) == 0.0


def test_a_search_without_that_time_has_a_model_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_SHARE", 0.0)
    seen = []
    table = reviews(300)
    result = search(
        table, budget=Budget.of(60.0), events=stopping(2, seen.append), folder=tmp_path, workers=0, spaces=SPACES,
        families=["linear"],
    )  # fmt: skip
    assert result.champion.family == "linear" or result.single is not None
    assert any("no time to read the texts of 'review'" in str(one) for one in seen)
    prepared = result.champion.pipeline[0]
    assert [one.name for one in prepared.derived_] == ["review · length", "review · words", "age"]
    assert np.isfinite(result.champion.scores(table.frame).to_numpy(dtype=float)).all()


@pytest.mark.parametrize("read_first", [True, False])
def test_a_resumed_search_has_the_columns_that_its_trials_were_judged_with(tmp_path, monkeypatch, read_first):
    shares = (1.0, 0.0) if read_first else (0.0, 1.0)
    table, told = reviews(300), []
    for resume, share in enumerate(shares):
        monkeypatch.setattr(reading, "_SHARE", share)
        result = search(
            table, budget=Budget.of(60.0), events=stopping(2), folder=tmp_path, workers=0, spaces=SPACES,
            families=["linear"], resume=bool(resume),
        )  # fmt: skip
        told.append([one.name for one in result.champion.pipeline[0].derived_])
    assert told[0] == told[1]
    assert any(name.startswith("review · topic") for name in told[0]) == read_first
