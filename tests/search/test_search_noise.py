"""A target that nothing tells: no face says that the champion is better than the baseline."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from search_tables import describe

from workbench.budget import Budget
from workbench.cli.findings import print_search
from workbench.contracts import SearchResult, Task
from workbench.events import Events
from workbench.journey.summary import search_facts
from workbench.plain import plain
from workbench.search import search
from workbench.tui.job_model import JobModel
from workbench.tui.screens.search_text import findings_text


@pytest.fixture(scope="module", params=[0, 1])
def noise(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SearchResult:
    rng = np.random.default_rng(request.param)
    frame = pd.DataFrame(rng.normal(size=(400, 6)), columns=[f"x{place}" for place in range(6)])
    frame["target"] = rng.choice(["a", "b"], 400)
    return search(
        describe(frame, "target", Task.BINARY), budget=Budget.unlimited(), events=Events(), trials=6, workers=0,
        folder=tmp_path_factory.mktemp("noise"),
    )  # fmt: skip


def test_the_interval_reaches_zero(noise: SearchResult) -> None:
    assert noise.against_baseline.low <= 0


def test_the_command_line_does_not_call_it_better(noise: SearchResult, capsys: pytest.CaptureFixture[str]) -> None:
    print_search(noise)
    said = capsys.readouterr().out
    assert "better than the baseline" not in said and "not certain to beat the baseline, by" in said


def test_the_terminal_interface_does_not_call_it_better(noise: SearchResult) -> None:
    job = JobModel()
    job.head = {"state": "done", "metric": "roc_auc", "summary": {"search": plain(search_facts(dict(vars(noise))))}}
    said = findings_text(job)
    assert "better than the baseline" not in said and "not certain to beat the baseline: by" in said
