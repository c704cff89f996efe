"""The interface's process loads nothing heavy: a rule on structure, which holds on slow machines too."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("pandas", "numpy", "sklearn", "lightgbm", "optuna", "shap", "mlflow", "matplotlib", "scipy", "duckdb", "numba",
         "pyarrow", "textual_fastdatatable", "workbench.contracts", "pydantic")  # fmt: skip


def loaded_after(code: str) -> list[str]:
    script = f"import sys\n{code}\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return out.stdout.split()


@pytest.mark.parametrize(
    "code",
    [
        "import workbench.worker.client, workbench.worker.launch, workbench.worker.filters, workbench.worker.views",
        "import workbench.worker.server",
        "import workbench.tui",
        "import workbench.tui.app",
        "from workbench.tui.screens.making import make_view\n"
        "for name in ('search', 'explain', 'segments', 'runs'): make_view(name)",
    ],
)
def test_importing_loads_nothing_heavy(code):
    assert loaded_after(code) == []


def test_painting_the_first_screen_loads_nothing_heavy(tmp_path):
    code = f"""
import asyncio, os
os.environ['WORKBENCH_STATE'] = {str(tmp_path)!r}
sys.path.insert(0, 'tests/tui')
from workbench.tui.app import WorkbenchApp
class Silent:
    pid, connected, state = None, False, 'starting'
    async def hang_up(self): pass
    async def start(self, beside=False): return {{}}
    async def find(self): return {{'pid': 1, 'faces': 1, 'warm': True, 'job': None, 'table': None, 'version': None}}
async def go():
    app = WorkbenchApp()
    app.link = Silent()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert 'No table yet' in app.export_screenshot().replace('&#160;', ' ')
asyncio.run(go())
"""
    assert loaded_after(code) == []
