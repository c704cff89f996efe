"""Search spaces are data: what comes with the program is valid, and what is wrong in a file is said."""

from __future__ import annotations

import pytest

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.pipelines import FAMILIES, read_space
from workbench.pipelines.conditions import under

SEARCHED = [name for name, kind in FAMILIES.items() if kind.searchable]


@pytest.mark.parametrize("name", SEARCHED)
def test_shipped_space_is_valid_and_has_a_start_for_every_task(name):
    space = read_space(name)
    for task in FAMILIES[name].tasks:
        assert space.searched(task)
        for rows in (30, 5_000, 1_000_000):
            assert space.portfolio(task, rows)


GOOD = """
version = 1
family = "linear"
[[parameter]]
name = "strength"
type = "float"
low = 0.1
high = 10.0
log = true
[[parameter]]
name = "penalty"
type = "choice"
choices = ["ridge", "lasso"]
tasks = ["binary"]
[[parameter]]
name = "cap"
type = "fixed"
value = 5
[[start]]
name = "one"
tasks = ["binary"]
max_rows = 100
params = { strength = 1.0, penalty = "lasso", cap = 9 }
"""


def test_own_file_is_preferred_and_read(tmp_path):
    (tmp_path / "linear.toml").write_text(GOOD)
    space = read_space("linear", tmp_path)
    assert [one.name for one in space.searched(Task.BINARY)] == ["strength", "penalty"]
    assert [one.name for one in space.searched(Task.REGRESSION)] == ["strength"]
    assert space.fixed(Task.REGRESSION) == {"cap": 5}
    assert [start.name for start in space.portfolio(Task.BINARY, 100)] == ["one"]
    assert space.portfolio(Task.BINARY, 101) == space.portfolio(Task.REGRESSION, 50) == ()
    assert read_space("random_forest", tmp_path) == read_space("random_forest")


def test_a_file_of_no_family_is_not_passed_over(tmp_path):
    (tmp_path / "project.toml").write_text("[sources]\n")
    (tmp_path / "broken.toml").write_text("[[")
    assert read_space("linear", tmp_path) == read_space("linear")
    (tmp_path / "lineer.toml").write_text(GOOD)
    with pytest.raises(InputError, match=r"lineer\.toml is called after no family: allowed are .*linear\.toml"):
        read_space("linear", tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("low = 0.1", "low = 0.0", "parameter[1].low"),
        ("low = 0.1", 'low = "a"', "parameter[1].low"),
        ("low = 0.1", "low = true", "parameter[1].low"),
        ("high = 10.0", "high = 0.01", "parameter[1].high"),
        ("high = 10.0", "hihg = 10.0", "parameter[1].hihg"),
        ("log = true", "log = 1", "parameter[1].log"),
        ('type = "float"', 'type = "double"', "parameter[1].type"),
        ('choices = ["ridge", "lasso"]', "choices = []", "parameter[2].choices"),
        ('tasks = ["binary"]\n[[parameter]]', 'tasks = ["churn"]\n[[parameter]]', "parameter[2].tasks"),
        ('name = "penalty"', 'name = "strength"', "given twice"),
        ("value = 5", "value = [5]", "parameter[3].value"),
        ("strength = 1.0", "strength = 11.0", "start[1].params.strength"),
        ("strength = 1.0", "strenght = 1.0", "start[1].params.strenght"),
        ('penalty = "lasso"', 'penalty = "none"', "start[1].params.penalty"),
        ("max_rows = 100", "max_rows = 1.5", "start[1].max_rows"),
        ("max_rows = 100", 'when = ["rainy"]', "start[1].when"),
        ("value = 5", 'value = 5\nwhen = "skewed"', "parameter[3].when"),
        ("log = true", "log = true\ndefault = 11.0", "parameter[1].default"),
        ("version = 1", "version = 2", "version"),
        ('family = "linear"', 'family = "lightgbm"', "family"),
        ("version = 1", "version = ", "TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, old, new, named):
    assert old in GOOD
    path = tmp_path / "linear.toml"
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        read_space("linear", tmp_path)
    assert str(path) in str(caught.value)
    assert named in str(caught.value)


CONDITIONAL = (
    GOOD
    + """
[[parameter]]
name = "objective"
type = "choice"
choices = ["mean", "log"]
default = "mean"
when = ["amounts", "squared"]
[[parameter]]
name = "objective"
type = "choice"
choices = ["mean", "median"]
default = "mean"
when = ["absolute"]
[[start]]
name = "two"
when = ["amounts", "squared"]
params = { strength = 2.0, objective = "log" }
"""
)


def test_what_depends_on_the_target_is_there_where_its_conditions_hold(tmp_path):
    (tmp_path / "linear.toml").write_text(CONDITIONAL)
    space = read_space("linear", tmp_path)
    without = under(space, {"squared"})
    assert [one.name for one in without.searched(Task.BINARY)] == ["strength", "penalty"]
    assert [(one.name, dict(one.params)) for one in without.starts] == [("one", dict(space.starts[0].params))]
    amounts = under(space, {"amounts", "squared", "skewed"})
    assert amounts.searched(Task.REGRESSION)[-1].choices == ("mean", "log")
    # a start that says nothing of it goes on meaning what it meant
    assert [one.params["objective"] for one in amounts.starts] == ["mean", "log"]
    assert under(space, {"absolute"}).searched(Task.REGRESSION)[-1].choices == ("mean", "median")
    assert len(under(space, {"absolute"}).starts) == 1


@pytest.mark.parametrize("name", SEARCHED)
def test_shipped_starts_are_allowed_under_all_conditions(name):
    for conditions in ({"skewed", "amounts", "squared"}, {"skewed", "amounts", "absolute"}, set()):
        space = under(read_space(name), conditions)
        for start in space.starts:
            for one in space.parameters:
                assert one.name not in start.params or one.allows(start.params[one.name]), (start.name, one.name)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="not a folder"):
        read_space("linear", tmp_path / "none")
