"""kill -9 on the whole search: no process stays, and what was finished is found again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
from search_tables import small

from workbench.budget import Budget
from workbench.contracts import Task, TrialState
from workbench.events import Events
from workbench.search import search

HERE = Path(__file__).parent
# no "if __name__ == '__main__'": workers must not run the caller's script again
SCRIPT = f"""
import sys
sys.path.insert(0, {str(HERE)!r})
from pathlib import Path
from search_tables import small
from workbench.budget import Budget
from workbench.contracts import Task
from workbench.events import Events
from workbench.search import search

def tell(event):
    if event.kind == "trial" and event.data["state"] == "done":
        print(event.data["number"], flush=True)

search(small(Task.BINARY), budget=Budget.of(120), events=Events(tell), folder=Path(sys.argv[1]),
       spaces=Path({str(HERE / "spaces")!r}))
"""


def test_a_killed_search_is_resumed(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    process = subprocess.Popen([sys.executable, str(script), str(tmp_path / "run")], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    finished = [int(process.stdout.readline()) for _ in range(6)]
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive
    result = search(
        small(Task.BINARY),
        budget=Budget.unlimited(),
        events=Events(),
        folder=tmp_path / "run",
        trials=2,
        resume=True,
        workers=0,
        spaces=HERE / "spaces",
    )
    done = {trial.number for trial in result.trials if trial.state is TrialState.DONE}
    assert set(finished) <= done
    assert result.champion.family != "baseline"
