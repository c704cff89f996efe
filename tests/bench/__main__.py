"""`python -m tests.bench` runs every measurement, `python -m tests.bench NAME [OPTIONS]` runs one."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main() -> int:
    names = sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))
    chosen, options = (sys.argv[1:2], sys.argv[2:]) if len(sys.argv) > 1 else (names, [])
    if chosen[0] not in names:
        print(f"There is no measurement '{chosen[0]}': choose of {', '.join(names)}.", file=sys.stderr)
        return 2
    for name in chosen:
        print(f"== {name}", flush=True)
        sys.argv = [name, *options]
        runpy.run_module(f"tests.bench.{name}", run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main())
