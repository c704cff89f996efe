"""What may be chosen before a run: costs and a run to start from, checked against the open table; more time after."""

from __future__ import annotations

import pytest

from workbench.budget import Budget
from workbench.errors import InputError
from workbench.events import Events
from workbench.journey import JourneySettings, TableRequest, open_table, run_journey
from workbench.journey.settings import JourneySettings as Settings
from workbench.worker.services.jobs import check, offers, spec
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
    settings = JourneySettings(name="早", trials=2, budget_seconds=None, families=("linear",), full=False)
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
    assert offers(session) == {"earlier": ["早"], "cost": ""}
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
    assert spec(session, resume="早")["settings"]["trials"] == 2
    with pytest.raises(InputError, match="no run"):
        spec(session, resume="晚")
