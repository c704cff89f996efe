"""The decision log of a search: every trial begun and ended, and every choice, in order.

In reproducible mode nothing of the clock is in it: two such searches with one worker write the same bytes. It is kept
beside the journal as it grows, so that a search which is resumed, after a stop or a kill, has the whole of it. What
later processes add says so: ``sitting`` is 2 for the first that resumed, and ``seconds`` begin anew with each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workbench.atomic import write_text
from workbench.contracts import TrialState
from workbench.errors import StoreError
from workbench.plain import plain
from workbench.search.trials.records import Record

FILE = "decisions.jsonl"


def read_log(folder: Path) -> list[dict[str, Any]]:
    """The entries in a search's folder; a line that a kill has torn is left out, and so is a file of no use."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [entry for entry in map(_entry, lines) if entry is not None]


class DecisionLog:
    """Keeps what was decided.

    Args:
        clock: whether the times at which things happened are kept.
    """

    def __init__(self, *, clock: bool) -> None:
        self._clock = clock
        self._path: Path | None = None
        self._later: dict[str, Any] = {}
        self.entries: list[dict[str, Any]] = []

    def keep(self, folder: Path, *, resume: bool) -> None:
        """Keep the log in a search's folder from now on, with what was decided until now.

        Args:
            resume: after the entries that earlier processes left there; otherwise in their place.

        Raises:
            StoreError: the folder can't be written; so do the other methods from then on.
        """
        self._path = folder / FILE
        if resume:
            earlier = read_log(folder)
            self._later = {"sitting": 1 + max((int(one.get("sitting", 1)) for one in earlier), default=1)}
            self.entries = [*earlier, *(self._later | one for one in self.entries)]
        write_text(self._path, "".join(map(_line, self.entries)))

    def sentence(self, text: str, elapsed: float) -> None:
        """A choice, in words."""
        self._add(elapsed, decision=text)

    def trial(self, record: Record, elapsed: float) -> None:
        """A trial was begun, with what and on whose proposal; or it ended, how and why."""
        running = record.state is TrialState.RUNNING
        self._add(elapsed, **self._facts(record, begun=running or record.origin == "baseline"))

    def _facts(self, record: Record, *, begun: bool) -> dict[str, Any]:
        facts: dict[str, Any] = {"trial": record.number, "family": record.family}
        if begun:
            facts |= {"begun": record.origin, "start": record.start, "params": dict(record.params)}
        if record.state is not TrialState.RUNNING:
            scores = [float(record.scores[fold]) for fold in sorted(record.scores)]
            facts |= {"ended": record.state.value, "reason": record.reason, "fold_scores": scores}
        return facts

    def make_good(self, records: Iterable[Record], elapsed: float) -> None:
        """Enter trials that have ended and of which the log doesn't say so: a kill can come between the two."""
        begun, ended = ({one.get("trial") for one in self.entries if what in one} for what in ("begun", "ended"))
        for record in records:
            if record.number not in ended:
                self._add(elapsed, **self._facts(record, begun=record.number not in begun))

    def _add(self, elapsed: float, **facts: Any) -> None:
        entry = self._later | ({"seconds": round(elapsed, 2), **facts} if self._clock else facts)
        self.entries.append(entry)
        if self._path is None:
            return
        try:
            with self._path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(_line(entry))
        except OSError as error:
            raise StoreError(f"Can't write to {self._path}: {error.strerror or error}; free some space.") from error


def _line(entry: dict[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, default=plain) + "\n"


def _entry(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
