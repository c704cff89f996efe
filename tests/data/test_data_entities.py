"""Customers in several rows, and targets that are steps of a scale."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.contracts import Role, Severity, Task
from workbench.data import describe


def visits(name="customer_id", rows=400, entities=80, traits=True):
    rng = np.random.default_rng(0)
    who = rng.integers(0, entities, rows)
    age, home = rng.integers(20, 80, entities), rng.integers(0, 90, entities)
    return pd.DataFrame(
        {
            name: who * 7 + 1000,
            "age": age[who] if traits else rng.integers(20, 80, rows),
            "home": home[who] if traits else rng.integers(0, 90, rows),
            "spent": rng.gamma(2, 30, rows),
            "left": rng.choice(["yes", "no"], rows),
        }
    )


def codes(frame, **options):
    table = describe(frame, (), name="visits", target="left", **options)
    return {check.code: check for check in table.checks}, table


def test_repeated_customers_become_groups_by_themselves():
    found, table = codes(visits())
    assert table.column("customer_id").role is Role.GROUP
    assert found["repeated-entities"].severity is Severity.WARNING


@pytest.mark.parametrize("role", [Role.IGNORE, Role.FEATURE, Role.ID])
def test_a_random_split_over_repeated_customers_is_an_alarm(role):
    found, _ = codes(visits(), roles={"customer_id": role})
    check = found["repeated-entities"]
    assert check.severity is Severity.ALARM and check.column == "customer_id"
    assert "--group customer_id" in check.repair
    assert "repeated-entities" not in codes(visits().drop_duplicates("customer_id"), roles={"customer_id": role})[0]


def test_entities_are_suspected_by_what_stays_the_same():
    found, _ = codes(visits("wer"))
    assert found["entities-suspected"].column == "wer"
    assert "entities-suspected" not in codes(visits("wer", traits=False))[0]
    assert "entities-suspected" not in codes(visits("wer"), group="wer")[0]


@pytest.mark.parametrize(("task", "said"), [(None, "as classes"), (Task.REGRESSION, "as a number")])
def test_steps_of_a_scale_are_told(task, said):
    frame = visits().assign(stars=np.random.default_rng(1).integers(1, 6, 400))
    table = describe(frame, (), name="visits", target="stars", task=task)
    assert table.task is (task or Task.MULTICLASS)
    check = next(check for check in table.checks if check.code == "ordinal-target")
    assert said in check.message and "5 steps from 1 to 5" in check.message and "--task" in check.repair


def test_amounts_and_words_are_no_scale():
    for target in ("spent", "left"):
        table = describe(visits(), (), name="visits", target=target)
        assert not any(check.code == "ordinal-target" for check in table.checks)
