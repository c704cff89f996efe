"""`python -m tests.bench` lists the measurements, `python -m tests.bench NAME` runs one, `all` runs every one."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main() -> int:
    names = sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))
    wanted = sys.argv[1:] or ["all"]
    chosen = names if wanted == ["all"] else wanted
    if unknown := [name for name in chosen if name not in names]:
        print(f"There is no measurement '{unknown[0]}': choose of {', '.join(names)}.", file=sys.stderr)
        return 2
    for name in chosen:
        print(f"== {name}", flush=True)
        sys.argv = [name]
        runpy.run_module(f"tests.bench.{name}", run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main())
