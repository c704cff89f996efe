"""What is known of the running journey, made from its events: a snapshot for a new face, changes for the others."""

from __future__ import annotations

from typing import Any

LOG_LINES = 500


class JobState:
    """The state of one journey, as plain values.

    ``state`` is one of ``starting``, ``running``, ``paused``, ``stopping``, ``done``, ``stopped``, ``failed``.
    """

    def __init__(self, spec: dict[str, Any]) -> None:
        self.head: dict[str, Any] = {
            "state": "starting",
            "spec": spec,
            "name": (spec.get("settings") or {}).get("name") or "",
            "stage": "",
            "message": "Loading libraries",
            "done": None,
            "total": None,
            "elapsed": 0.0,
            "remaining": None,
            "best": None,
            "baseline": None,
            "metric": None,
            "greater_is_better": None,
            "forecast": None,
            "error": None,
            "summary": None,
            "dropped": 0,
        }
        self.trials: dict[int, dict[str, Any]] = {}
        self.curve: list[list[float]] = []
        self.log: list[dict[str, Any]] = []
        self._changed: set[int] = set()
        self._curve_sent = 0
        self._log_sent = 0
        self._log_base = 0

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.head["state"] in ("done", "stopped", "failed")

    def apply(self, event: dict[str, Any]) -> None:
        """Take one event of the journey (``Event`` as a dict)."""
        kind, data = event["kind"], event.get("data") or {}
        if kind == "progress":
            self.head.update(
                stage=event["stage"], message=event["message"], done=data.get("done"), total=data.get("total")
            )
        elif kind == "trial":
            self._trial(data)
        elif kind == "stage":
            self.head.update(stage=event["stage"], message=event["message"], done=None, total=None)
            self._say(event)
        else:
            self._say(event)
        for key in ("metric", "greater_is_better", "baseline", "forecast"):
            if data.get(key) is not None:
                self.head[key] = data[key]
        if kind == "best" and data.get("score") is not None:
            self._best(float(data["score"]), float(event.get("elapsed") or 0.0))

    def snapshot(self) -> dict[str, Any]:
        """Everything, for a face that has just come."""
        return {
            **self.head,
            "trials": list(self.trials.values()),
            "curve": self.curve,
            "log": self.log[-LOG_LINES:],
            "whole": True,
        }

    def changes(self) -> dict[str, Any]:
        """What is new since the last call."""
        delta = {
            **self.head,
            "trials": [self.trials[number] for number in sorted(self._changed)],
            "curve": self.curve[self._curve_sent :],
            "log": self.log[max(0, self._log_sent - self._log_base) :],
            "whole": False,
        }
        self._changed.clear()
        self._curve_sent = len(self.curve)
        self._log_sent = self._log_base + len(self.log)
        return delta

    def _trial(self, data: dict[str, Any]) -> None:
        number = data.get("number")
        if not isinstance(number, int):
            return
        self.trials[number] = {**self.trials.get(number, {}), **data}
        self._changed.add(number)

    def _best(self, score: float, elapsed: float) -> None:
        self.head["best"] = score
        self.curve.append([elapsed, score])

    def _say(self, event: dict[str, Any]) -> None:
        self.log.append({key: event.get(key) for key in ("elapsed", "kind", "stage", "message")})
        if len(self.log) > 2 * LOG_LINES:
            cut = len(self.log) - LOG_LINES
            self._log_base += cut
            del self.log[:cut]
