"""Screens over a fake worker, in a terminal of a chosen size; the developer's own session stays out."""

from __future__ import annotations

import asyncio

import pytest

REST = 0.002
"""Seconds in which timers of the screens may fire: what they draw anew comes within one."""
CALM = 3
"""So many rests without anything to do, one after another, are the end of all that a key set going."""


async def nothing_to_do(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Wait until the event loop has nothing ready.

    Textual's own waits until the process uses little of the processor, which a busy machine makes long or too short.
    """
    loop = asyncio.get_running_loop()
    end, calm = loop.time() + max_sleep, 0
    while calm < CALM and loop.time() < end:
        await asyncio.sleep(REST)
        calm = 0 if loop._ready else calm + 1  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _soon_settled(monkeypatch):
    for module in ("app", "pilot"):
        monkeypatch.setattr(f"textual.{module}.wait_for_idle", nothing_to_do)


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("WORKBENCH_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("WORKBENCH_RUNTIME", str(tmp_path / "rt"))
