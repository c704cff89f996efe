"""A search as the app knows it: of the journey under way, with the changes that were pushed, or of an earlier run."""

from __future__ import annotations

from typing import Any, Self

from workbench.tui.widgets.text import number

LOG_KEPT = 500


class JobModel:
    """Merged state of the running or last journey, or of a run of the store."""

    def __init__(self) -> None:
        self.head: dict[str, Any] = {"state": "none"}
        self.trials: dict[int, dict[str, Any]] = {}
        self.curve: list[tuple[float, float]] = []
        self.log: list[dict[str, Any]] = []

    @classmethod
    def without(cls, message: str) -> Self:
        """A search of which there is nothing to show, and the sentence that says so."""
        model = cls()
        model.head["message"] = message
        return model

    @property
    def known(self) -> bool:
        """Whether there is anything to show."""
        return self.state != "none"

    @property
    def state(self) -> str:
        """``none`` before anything was started, else as in ``JobState``."""
        return str(self.head["state"])

    @property
    def active(self) -> bool:
        """Whether a journey is under way."""
        return self.state in ("starting", "running", "paused", "stopping")

    def take(self, data: dict[str, Any]) -> bool:
        """Merge a push. Returns whether the journey's state has changed by it."""
        before = self.state
        if data.get("whole") or data["state"] == "starting":
            self.trials, self.curve, self.log = {}, [], []
        self.head = {key: value for key, value in data.items() if key not in ("trials", "curve", "log", "whole")}
        for trial in data["trials"]:
            self.trials[trial["number"]] = trial
        self.curve += [(seconds, score) for seconds, score in data["curve"]]
        self.log = (self.log + data["log"])[-LOG_KEPT:]
        return before != self.state

    def families(self) -> list[dict[str, Any]]:
        """Best score, number and share of the trials of each family, best first."""
        better = max if self.head.get("greater_is_better") else min
        found: dict[str, dict[str, Any]] = {}
        for trial in self.trials.values():
            family = found.setdefault(
                str(trial.get("family")), {"family": str(trial.get("family")), "best": None, "trials": 0}
            )
            family["trials"] += 1
            score = trial.get("score")
            if score is not None:
                family["best"] = score if family["best"] is None else better(family["best"], score)
        for family in found.values():
            family["share"] = family["trials"] / max(1, len(self.trials))
        known = [family for family in found.values() if family["best"] is not None]
        known.sort(key=lambda family: family["best"], reverse=bool(self.head.get("greater_is_better")))
        return known + [family for family in found.values() if family["best"] is None]

    def leaderboard(self) -> list[dict[str, Any]]:
        """The best of each family with its interval, best first; empty before the search has ended."""
        trials = {family["family"]: family["trials"] for family in self.families()}
        return [
            {
                "family": row["name"],
                "best": row["value"],
                "interval": f"{number(row['low'])} to {number(row['high'])}",
                "trials": trials.get(row["family"], 0),
            }
            for row in search_of(self.head).get("leaderboard") or ()
        ]


def search_of(head: dict[str, Any]) -> dict[str, Any]:
    """What the search found, as ``search_facts`` tells it; empty before it has ended."""
    found: dict[str, Any] = (head.get("summary") or {}).get("search") or {}
    return found


def mattered(head: dict[str, Any]) -> dict[str, str]:
    """The parameters that mattered by family, known when the search has ended."""
    told = {}
    for one in search_of(head).get("influence") or []:
        certain = [f"{each['parameter']} {each['share']:.0%}" for each in one["parameters"] if each["certain"]]
        told[str(one["family"])] = ", ".join(certain) or one["reason"] or "nothing beyond chance"
    return told
