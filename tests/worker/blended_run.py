"""A small real run whose champion is a blend, and how its explanation is waited for."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pandas as pd

from workbench.budget import Budget
from workbench.contracts import Rule, Segment, Segmentation, SegmentationKind
from workbench.events import Events
from workbench.journey import JourneySettings, TableRequest, open_table, run_journey
from workbench.tracking import Store
from workbench.worker.session import Session

ROWS = 900
NASTY = "[bold]地区"


def made_blend(folder):
    """Two families that are as good as each other, so that both together are the champion."""
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
    families = ("linear", "lightgbm")
    settings = JourneySettings(name="both", trials=2, budget_seconds=None, families=families, full=False)
    made = run_journey(
        open_table(request), settings, budget=Budget.unlimited(), events=Events(), request=request,
        home=folder / "mlruns",
    )  # fmt: skip
    return folder, made.run_id


def reopened(blended):
    """The run as the store gives it, with segments of its own; its models are not loaded yet."""
    folder, run_id = blended
    result = Store(folder / "mlruns").load_result(run_id)
    labels = result.table.frame[NASTY].map({"[/]": 0, "東京": 1, "south": 1}).astype(int)
    rule = Rule("x", 1.0, 1.0, 1.0, 10)
    segments = tuple(
        Segment(at, name, int((labels == at).sum()), 0.5, rule, 1.0, ()) for at, name in enumerate(["[b]a", "b"])
    )
    division = Segmentation(SegmentationKind.DESCRIPTIVE, "k-means", labels, segments, {}, "", True)
    return replace(result, segmentations=(division,))


def looking_at(result, folder):
    """A session that looks at it."""
    session = Session(folder=folder, exchange=folder)
    session.show(result)
    return session


def ended(shown, kind, model):
    """The last state of a piece of work, once it has ended."""
    for _ in range(6000):
        work = shown.background.view(kind, model)
        if work is not None and work["state"] not in ("running", "stopping"):
            return work
        threading.Event().wait(0.01)
    raise AssertionError(f"it never ends: {shown.background.view(kind, model)}")
