"""What the analyst decided in the terminal interface, on the command line, in the report and in the customer file."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
from programs import FEW_SEGMENTS, call, customers, done

from workbench.tracking import Store
from workbench.tracking.decisions import name_tag, status_tag


def test_the_command_line_and_the_report_keep_to_the_decisions(tmp_path: Path) -> None:
    customers().to_csv(tmp_path / "table.csv", index=False)
    done(tmp_path, "run", "table.csv", "--target", "bought", "--ignore", "spend,plan", "--trials", "1",
         "--families", "linear", "--name", "mine", "-q", *FEW_SEGMENTS)  # fmt: skip
    store = Store(home=tmp_path / "mlruns")
    result = store.load_result("mine")
    chosen = result.strategy_segmentation
    assert chosen is not None
    withheld = next(strategy for strategy in result.strategies if strategy.play is not None)
    store.tag("mine", *status_tag(result, withheld.segment, "rejected", "too dear <b>"))
    store.tag("mine", *name_tag(result, chosen, withheld.segment, "金客户 <i>"))

    told = json.loads(done(tmp_path, "strategy", "mine", "--json"))
    assert {row["segment"]: (row["status"], row["note"]) for row in told}[withheld.segment] == (
        "rejected",
        "too dear <b>",
    )
    assert "rejected: too dear <b>" in done(tmp_path, "strategy", "mine")
    assert "金客户 <i>" in done(tmp_path, "segments", "mine")
    done(tmp_path, "report", "mine", "-o", "again.html")
    page = (tmp_path / "again.html").read_text(encoding="utf-8")
    assert "金客户 &lt;i&gt;" in page
    assert "too dear &lt;b&gt;" in page

    rest = {each.segment for each in result.strategies if each.play is not None and each is not withheld}
    done(tmp_path, "strategy", "mine", "--customers", "who.csv")
    assert set(pd.read_csv(tmp_path / "who.csv")["segment"]) == rest
    for each in result.strategies:
        store.tag("mine", *status_tag(result, each.segment, "rejected", ""))
    answer = call(tmp_path, "strategy", "mine", "--customers", "nobody.csv")
    assert answer.code == 2
    assert "rejected" in answer.sentence
    assert not (tmp_path / "nobody.csv").exists()
