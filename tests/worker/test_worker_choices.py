"""What may be chosen before a run: costs and a run to start from, checked against the open table; more time after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.budget import Budget
from workbench.contracts import Role, Task
from workbench.errors import InputError
from workbench.events import Events
from workbench.journey import JourneySettings, TableRequest, open_table, run_journey
from workbench.journey.settings import JourneySettings as Settings
from workbench.worker.services.jobs import check, offers, spec
from workbench.worker.services.runs import page
from workbench.worker.services.sources import describe_again, open_source
from workbench.worker.session import OpenTable, Session

COSTS = "false positive=1, false negative=5"


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("choices")
    rows = [
        f"{row % 29},{'东' if row % 3 else '西'},{'是' if row % 29 + row % 3 > 14 else '否'},{row % 7}"
        for row in range(200)
    ]
    (folder / "顾客.csv").write_text("年龄,地区,购买,金额\n" + "\n".join(rows), encoding="utf-8")
    made = Session(folder=folder, exchange=folder)
    look_at(made, "购买")
    settings = JourneySettings(name="早", trials=1, budget_seconds=None, families=("linear",), full=False)
    request = made.opened.request
    run_journey(
        made.opened.table, settings, budget=Budget.unlimited(), events=Events(), request=request, home=made.home
    )
    return made


def look_at(session, target):
    request = TableRequest(location=str(session.folder / "顾客.csv"), target=target)
    session.opened = OpenTable(request, open_table(request), guessed=False, reason="")


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        ("false positive=1", "both 'false positive' and 'false negative'"),
        ("wrong=1", "'wrong=1' is no cost"),
        ("false positive=much, false negative=5", "no number"),
        (COSTS + ", positive=也许", "'也许' of the costs is not one of 否 and 是"),
        ("false positive=0, false negative=5", "must cost more"),
    ],
)
def test_costs_that_do_not_fit_are_one_sentence(session, cost, words):
    look_at(session, "购买")
    with pytest.raises(InputError, match=words) as raised:
        check(session, cost=cost)
    assert str(raised.value).count(". ") == 0


def test_costs_need_two_classes(session):
    look_at(session, "金额")
    with pytest.raises(InputError, match="two classes"):
        check(session, cost=COSTS)
    look_at(session, None)
    with pytest.raises(InputError, match="two classes"):
        check(session, cost=COSTS)


def test_a_run_to_start_from_must_be_of_the_same_table_and_target(session):
    look_at(session, "购买")
    assert offers(session) == {"earlier": ["早"], "chosen": {}}
    for fitting in ("早", "latest"):
        check(session, cost=COSTS + ", positive=是", warm_start=fitting)
    for unknown in ("晚", "../早"):
        with pytest.raises(InputError, match="no run"):
            check(session, warm_start=unknown)
    look_at(session, "地区")
    assert offers(session)["earlier"] == []
    with pytest.raises(InputError, match="target, task or columns differ"):
        check(session, warm_start="早")
    with pytest.raises(InputError, match="no finished run"):
        check(session, warm_start="latest")


def test_what_was_chosen_is_what_the_journey_is_told_and_its_command_says(session):
    look_at(session, "购买")
    told = spec(session, trials=2, cost=COSTS, warm_start="早")["settings"]
    settings = Settings.from_json(told)
    assert settings.cost == COSTS and settings.warm_start == "早"
    assert f"--cost '{COSTS}'" in settings.command and "--warm-start '早'" in settings.command


def test_a_finished_run_goes_on_with_the_time_it_is_given(session):
    assert spec(session, resume="早", budget_seconds=600.0)["settings"]["budget_seconds"] == 600.0
    assert spec(session, resume="早")["settings"]["trials"] == 1
    with pytest.raises(InputError, match="no run"):
        spec(session, resume="晚")


def test_a_run_with_other_columns_is_none_to_start_from(session):
    """``latest`` must not choose what the search would refuse."""
    look_at(session, "购买")
    request = replace(session.opened.request, roles={"金额": Role.IGNORE})
    session.opened = replace(session.opened, request=request, table=open_table(request))
    assert offers(session)["earlier"] == []
    with pytest.raises(InputError, match="no finished run"):
        check(session, warm_start="latest")
    with pytest.raises(InputError, match="columns differ"):
        check(session, warm_start="早")


@pytest.fixture
def project(session):
    """The same table, by a project file that says how it is searched."""
    path = session.folder / "project.toml"
    path.write_text(
        'name = "p"\ntarget = "购买"\nmetric = "f1"\nfamilies = ["linear"]\nseed = 7\nbudget = "90s"\n'
        '[[sources]]\npath = "顾客.csv"\n',
        encoding="utf-8",
    )
    open_source(session, "project.toml")
    return session


def test_what_a_project_file_says_stands_in_the_dialogue(project):
    assert offers(project)["chosen"] == {
        "budget": "90s", "families": "linear", "metric": "f1", "seed": "7", "cost": "",
    }  # fmt: skip


def test_a_project_may_be_looked_at_without_its_target(project):
    assert project.opened.table.target == "购买"
    describe_again(project, no_target=True)
    assert project.opened.table.target is None and project.opened.table.task is Task.SEGMENTS
    assert "--task segments" in spec(project, trials=1)["settings"]["command"]
    describe_again(project, target="金额")
    assert project.opened.table.target == "金额" and project.opened.table.task is not Task.SEGMENTS


def test_options_of_the_command_line_hold_for_a_project(project):
    location = str(project.folder / "project.toml")
    grouped = open_table(TableRequest(location, group="地区"))
    assert grouped.column("地区").role is Role.GROUP
    ordered = open_table(TableRequest(location, time="金额"))
    assert ordered.column("金额").reason.startswith("orders the rows in time")
    assert open_table(TableRequest(location, task=Task.SEGMENTS)).target is None


def test_the_address_of_a_store_is_shown_without_its_password(session, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "postgresql://me:secret@127.0.0.1:1/db")
    monkeypatch.setattr("workbench.tracking.store.Store.runs", lambda *_: [])
    assert page(session)["store"] == "postgresql://127.0.0.1:1/db"


def test_a_seed_that_some_library_refuses_is_told_before(session):
    look_at(session, "购买")
    with pytest.raises(InputError, match="The seed 4294967296 can't be used"):
        spec(session, trials=1, seed=2**32)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"metric": "rocauc"}, "'rocauc' is not a metric"),
        ({"families": ["forest"]}, "forest"),
        ({"trials": 0}, "0 trials are not enough"),
    ],
)
def test_whatever_was_mistyped_is_told_in_the_dialogue(session, chosen, words):
    look_at(session, "购买")
    with pytest.raises(InputError, match=words):
        check(session, **chosen)
    check(session, metric="f1", families=["linear"], trials=3, target="购买", budget_seconds=None, seed=1)


def test_a_column_that_orders_the_rows_is_chosen_like_a_role(session):
    look_at(session, "购买")
    described = describe_again(session, roles={"年龄": "time"})
    assert next(one for one in described["columns"] if one["name"] == "年龄")["reason"] == (
        "orders the rows in time, as you said"
    )
    assert "--time 年龄" in spec(session, trials=1)["settings"]["command"].replace("'", "")
    describe_again(session, roles={"年龄": "feature"})
    assert session.opened.request.time is None
