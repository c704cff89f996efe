"""Texts as one column each that says what their words together say of the target, learnt from other rows."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

from workbench.contracts import Column, Kind, Role, Task
from workbench.pipelines import Expansion, Preparer, assemble, blocks_for, family, prepared_matrix, source_columns
from workbench.pipelines.encoders import ExpandedEncoder
from workbench.pipelines.parts import text
from workbench.pipelines.terms import Terms

GOOD, BAD = ("lovely", "soft", "perfect", "happy", "again"), ("returned", "tight", "itchy", "faded", "sorry")
PLAIN = tuple(f"word{number}" for number in range(60))
COLUMN = Column("评论 [b]", Kind.TEXT, Role.TEXT, "made", 0, 0)


def texts(rows: int = 600, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Reviews of thirty words, three of which tell how much it was liked; some are missing."""
    rng = np.random.default_rng(seed)
    liked = rng.normal(size=rows)
    cells = []
    for value in liked:
        telling = rng.choice(GOOD if value > 0 else BAD, 3)
        cells.append(" ".join(rng.permutation([*telling, *rng.choice(PLAIN, 27)])))
    frame = pd.DataFrame({COLUMN.name: pd.Series(cells, dtype=object)})
    frame.loc[:9, COLUMN.name] = None
    return frame, liked


def target(liked: np.ndarray, task: Task) -> np.ndarray:
    if task is Task.REGRESSION:
        return 100 + 10 * liked
    return np.digitize(liked, [0.0] if task is Task.BINARY else [-0.5, 0.5])


@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY, Task.MULTICLASS])
def test_a_text_becomes_what_its_words_say(task):
    frame, liked = texts()
    prepared = Preparer((COLUMN,)).fit(frame).transform(frame)
    expansion = Expansion("text leaning", task)
    made = expansion.fit_transform(prepared, target(liked, task)).matrix[:, prepared.shape[1] :]
    assert made.shape[1] == (3 if task is Task.MULTICLASS else 1)
    assert np.isnan(made[:10]).all() and np.isfinite(made[10:]).all()
    # on other rows than it was learnt from, it tells the sides apart
    other, fresh = texts(seed=1)
    told = expansion.transform(Preparer((COLUMN,)).fit(frame).transform(other)).matrix[10:, -1]
    assert np.corrcoef(told, fresh[10:] > 0)[0, 1] > 0.8
    if task is Task.REGRESSION:
        assert 80 < np.nanmean(made) < 120


def test_its_columns_are_named_by_the_terms_that_move_them():
    frame, liked = texts()
    prepared = Preparer((COLUMN,)).fit(frame).transform(frame)
    (column,) = Expansion("text leaning", Task.BINARY).fit(prepared, target(liked, Task.BINARY)).derived_
    words = column.name.removeprefix("评论 [b] · leaning (").removesuffix(")").split(", ")
    assert column.sources == ("评论 [b]",)
    assert {word[1:] for word in words if word[0] == "+"} < set(GOOD)
    assert {word[1:] for word in words if word[0] == "−"} < set(BAD)


def test_rows_do_not_know_their_own_target():
    frame, _ = texts()
    noise = np.random.default_rng(3).integers(0, 2, len(frame))
    prepared = Preparer((COLUMN,)).fit(frame).transform(frame)
    expansion = Expansion("text leaning", Task.BINARY)
    honest = expansion.fit_transform(prepared, noise).matrix[10:, -1]
    naive = expansion.transform(prepared).matrix[10:, -1]
    assert np.corrcoef(naive, noise[10:])[0, 1] > 0.5 > 0.2 > abs(np.corrcoef(honest, noise[10:])[0, 1])


@pytest.mark.parametrize("counts", [(4, 4), (7, 1), (5, 2, 1)])
def test_few_rows_and_rare_classes_are_no_reason_to_fail(counts):
    frame, _ = texts(sum(counts) + 10)
    prepared = Preparer((COLUMN,)).fit(frame).transform(frame.iloc[10:])
    codes = np.repeat(np.arange(len(counts)), counts)
    task = Task.BINARY if len(counts) == 2 else Task.MULTICLASS
    if prepared.terms:
        made = Expansion("text leaning", task).fit_transform(prepared, codes)
        assert not np.isinf(made.matrix).any()


def test_terms_are_there_only_for_texts_that_share_words():
    frame, _ = texts()
    lonely = pd.DataFrame({COLUMN.name: [f"only{number}" for number in range(50)]})
    assert blocks_for(Preparer((COLUMN,)).fit(frame).transform(frame), Task.BINARY, 2) == ("text leaning",)
    assert blocks_for(Preparer((COLUMN,)).fit(lonely).transform(lonely), Task.BINARY, 2) == ()


def test_terms_that_would_fill_the_memory_are_not_kept(monkeypatch):
    monkeypatch.setattr(text, "_MOST_WEIGHTS", 1_000)
    frame, _ = texts()
    preparer = Preparer((COLUMN,)).fit(frame)
    assert preparer.transform(frame).terms == ()
    assert any("only their topics are used" in notice for notice in preparer.notices_)


def test_terms_come_back_from_disk_as_they_were(tmp_path):
    frame, _ = texts(50)
    (terms,) = Preparer((COLUMN,)).fit(frame).transform(frame).terms
    terms.save(tmp_path, 3)
    again = Terms.open(tmp_path, 3)
    assert again.source == COLUMN.name
    np.testing.assert_array_equal(again.vocabulary, terms.vocabulary)
    rows = np.array([40, 2, 2])
    np.testing.assert_array_equal(again.take(rows).weights.toarray(), terms.weights[rows].toarray())


@pytest.mark.parametrize("name", ["linear", "lightgbm"])
def test_a_pipeline_with_it_takes_raw_rows_and_leads_back(name):
    frame, liked = texts(300)
    codes = target(liked, Task.BINARY)
    preparer = Preparer((COLUMN,)).fit(frame)
    prepared = preparer.transform(frame)
    expansion = Expansion("text leaning", Task.BINARY)
    rows = expansion.fit_transform(prepared, codes)
    kind = family(name)
    params = {"strength": 1.0, "penalty": "ridge", "shape": "standard"} if name == "linear" else {"rounds": 20}
    inner = kind.encoder(params).fit(rows, codes)
    model = kind.estimator(Task.BINARY, params, prepared.derived, seed=0)
    kind.fit(model, inner.transform(rows), codes)
    encode = ExpandedEncoder.of_fitted(expansion, inner, tuple(column.name for column in prepared.derived))
    pipeline = pickle.loads(pickle.dumps(assemble(preparer, encode, model)))
    other, fresh = texts(200, seed=5)
    assert np.mean(pipeline.predict(other)[10:] == target(fresh, Task.BINARY)[10:]) > 0.85
    assert prepared_matrix(pipeline, other).shape[1] == len(source_columns(pipeline))
    assert {source for sources in source_columns(pipeline) for source in sources} == {COLUMN.name}
    # a cell that is no text, or none, doesn't end it
    strange = pd.DataFrame({COLUMN.name: [None, 7, "", "lovely", "\x00"]})
    assert len(pipeline.predict(strange)) == 5


def test_scripts_without_spaces_have_signs_as_terms():
    rng = np.random.default_rng(0)
    liked = rng.normal(size=500)
    filler = "衣服颜色尺码快递包装客服价格面料"
    cells = [
        "".join(rng.permutation([*rng.choice(list(filler), 12), *(["很", "好"] if one > 0 else ["退", "货"])]))
        for one in liked
    ]
    frame = pd.DataFrame({COLUMN.name: pd.Series(cells, dtype=object)})
    prepared = Preparer((COLUMN,)).fit(frame).transform(frame)
    expansion = Expansion("text leaning", Task.BINARY)
    made = expansion.fit_transform(prepared, (liked > 0).astype(int)).matrix[:, -1]
    assert np.corrcoef(made, liked > 0)[0, 1] > 0.9
    assert any(sign in expansion.derived_[0].name for sign in "好退货很")
