"""The program in a real terminal of 80x24: open a CSV, start a short search, see trials, see the end."""

from __future__ import annotations

import csv
import os
import random
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.terminal, pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")]


class Terminal:
    """A tmux session of its own server."""

    def __init__(self, folder, command, width=80, height=24):
        self.server = ["tmux", "-L", f"workbench-test-{os.getpid()}", "-f", "/dev/null"]
        self.run("new-session", "-d", "-s", "t", "-x", str(width), "-y", str(height), "-c", str(folder), command)

    def run(self, *words):
        return subprocess.run([*self.server, *words], capture_output=True, text=True, check=False).stdout

    def screen(self):
        return self.run("capture-pane", "-p", "-t", "t")

    def press(self, *keys):
        self.run("send-keys", "-t", "t", *keys)

    def wait_for(self, *words, seconds=90):
        shown = ""
        for _ in range(seconds * 10):
            shown = self.screen()
            if any(word in shown for word in words):
                return shown
            time.sleep(0.1)
        raise AssertionError(f"{words} never came:\n{shown}")

    def close(self):
        self.run("kill-server")


@pytest.fixture
def terminal(tmp_path):
    draw = random.Random(2)
    with (tmp_path / "customers.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", "visits", "[bold]region", "churned"])
        for row in range(300):
            visits = draw.randint(0, 30)
            writer.writerow([row, visits, draw.choice(["[/]", "東京"]), int(visits + draw.gauss(0, 6) < 14)])
    shutil.copytree(Path(__file__).parents[1] / "quick_spaces", tmp_path / "search_spaces")
    places = {"WORKBENCH_STATE": "state", "WORKBENCH_CONFIG": "config", "WORKBENCH_RUNTIME": "rt"}
    words = [f"{name}={shlex.quote(str(tmp_path / folder))}" for name, folder in places.items()]
    code = "import sys; from workbench.tui import run_app; sys.exit(run_app('customers.csv'))"
    command = f"env -u MLFLOW_TRACKING_URI {' '.join(words)} {shlex.quote(sys.executable)} -c {shlex.quote(code)}"
    made = Terminal(tmp_path, command)
    yield made
    made.close()


def test_four_keys_from_a_file_to_a_result(terminal):
    shown = terminal.wait_for("(guessed)")
    assert "churned" in shown and "[bold]region" in shown
    terminal.press("g")
    terminal.wait_for("enter start")
    terminal.press("Tab")
    terminal.press("3")  # trials
    terminal.press("Tab")
    terminal.press(*"linear")
    terminal.press("Enter")
    terminal.wait_for("TRIALS")
    terminal.wait_for("done", seconds=90)
    terminal.wait_for("customers-0001 DONE", "customers-0001 FAILED", seconds=120)
    assert "customers-0001 DONE" in terminal.screen()
    terminal.press("3")
    terminal.wait_for("GLOBAL IMPORTANCE")
    terminal.press("Tab")
    terminal.wait_for("adds up: yes")
    terminal.press("R")
    terminal.wait_for("Report of customers-0001")
    terminal.press("Enter")
    terminal.wait_for("Wrote")
    terminal.press("q")
    for _ in range(100):
        if not terminal.screen().strip():
            break
        time.sleep(0.1)
    assert not terminal.screen().strip()
