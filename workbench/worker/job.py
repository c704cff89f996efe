"""The process that runs one journey: commands on stdin, events on stdout, one JSON object a line.

It is started before it is needed, loads the libraries and waits for its task, so that `start` is not a wait.
It leads its own process group: ending the group ends the trials' processes with it.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from workbench.plain import plain


def main() -> int:
    """Wait for the task on stdin, do it, tell how it went."""
    tell = _teller()
    from workbench import search, tracking

    search.warm_up()
    tracking.warm_up()
    import workbench.explain
    import workbench.gap
    import workbench.journey
    import workbench.report
    import workbench.segments
    import workbench.strategy  # noqa: F401

    tell({"kind": "ready"})
    line = sys.stdin.readline()
    if not line:
        return 0
    _journey(json.loads(line), tell)
    return 0


def _teller() -> Callable[[dict[str, Any]], None]:
    """Keep stdout for ourselves: whatever a library prints goes to stderr, the log."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    lock = threading.Lock()

    def tell(message: dict[str, Any]) -> None:
        text = json.dumps(plain(message))
        with lock:
            out.write(text + "\n")
            out.flush()

    return tell


def _journey(spec: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> None:
    from workbench.budget import Budget
    from workbench.errors import Stopped, WorkbenchError
    from workbench.events import Event, Events
    from workbench.journey import JourneySettings, TableRequest, open_table, resume_journey, run_journey, summarise

    def listen(event: Event) -> None:
        tell(dataclasses.asdict(event))

    events = Events(listen)
    threading.Thread(target=_obey, args=(sys.stdin, events), name="commands", daemon=True).start()
    settings = JourneySettings.from_json(spec["settings"])
    budget = Budget.of(settings.budget_seconds) if settings.budget_seconds else Budget.unlimited()
    home = Path(spec["home"])
    try:
        if spec.get("resume"):
            result = resume_journey(spec["resume"], budget=budget, events=events, home=home)
        else:
            request = TableRequest.from_json(spec["request"])
            events.emit("stage", "data", f"Reading {Path(request.location).name}")
            result = run_journey(
                open_table(request), settings, budget=budget, events=events, request=request, home=home
            )
        from workbench.pipelines.own_families import dump

        path = Path(spec["result"])
        with path.open("wb") as file:
            dump(result, file)
        tell(
            {
                "kind": "end",
                "state": "stopped" if result.stopped else "done",
                "name": result.name,
                "run_id": result.run_id,
                "result": str(path),
                "summary": summarise(result, result.report),
            }
        )
    except Stopped as stop:
        tell({"kind": "end", "state": "stopped", "message": str(stop)})
    except WorkbenchError as error:
        tell({"kind": "end", "state": "failed", "message": str(error), "detail": ""})
    except Exception as error:  # noqa: BLE001 - whatever went wrong is told, with its traceback, to the face
        sentence = f"A defect in workbench: {type(error).__name__}: {error}"
        tell({"kind": "end", "state": "failed", "message": sentence, "detail": traceback.format_exc()})


def _obey(commands: IO[str], events: Any) -> None:
    """Pass the face's wishes on. When stdin ends the worker is gone: the work stops too."""
    for line in commands:
        match json.loads(line).get("command"):
            case "pause":
                events.pause()
            case "resume":
                events.resume()
            case "stop":
                events.request_stop()
    events.request_stop()


if __name__ == "__main__":
    sys.exit(main())
