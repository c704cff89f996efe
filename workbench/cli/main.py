"""The entry point: which command, and what its errors look like to a user and to a script."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import traceback
import warnings
from pathlib import Path

from workbench.cli.interface import interface_of
from workbench.errors import DefectError, Stopped, WorkbenchError

COMMANDS = (
    "run", "demo", "init", "check", "explain", "segments", "gap", "strategy", "effect", "predict", "report", "runs",
    "mlflow", "doctor",
)  # fmt: skip


def main() -> None:
    """Run the command line and exit: 0 done, 1 a defect, 2 wrong usage or bad input, 3 stopped by the user."""
    if not sys.warnoptions and not os.environ.get("WORKBENCH_DEBUG"):
        warnings.simplefilter("ignore")  # what libraries say to programmers is no diagnosis for a user
    code = run(sys.argv[1:])
    # A reader that went away (`workbench … | head`) is no error of ours.
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.flush()
    # Taking down a process full of libraries costs a second of the user's budget, and can hang where a thread is in
    # the middle of an import: what registered for the end is called, the rest is the system's.
    atexit._run_exitfuncs()
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line.

    Args:
        arguments: as after the program's name.

    Returns:
        the exit code.
    """
    from workbench.cli import interrupts

    interrupts.install()
    try:
        if (wished := interface_of(arguments, COMMANDS)) is not None:
            from workbench.cli.terminal import open_terminal

            return open_terminal(wished)
        from workbench.cli.app import app

        app(args=arguments, prog_name="workbench", standalone_mode=True)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except (Stopped, KeyboardInterrupt, interrupts.Interrupted) as stop:
        return _say(str(stop) or "Stopped as you asked.", Stopped.exit_code)
    except BrokenPipeError:
        return 0
    except WorkbenchError as error:
        return _say(str(error), error.exit_code)
    except MemoryError:
        return _say("The memory of this machine is not enough for this table; use fewer rows or columns.", 2)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        return _say(f"Can't use{where}: {error.strerror or error}; check the path, its rights and the free space.", 2)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a user never sees a traceback
        return _defect(error)
    finally:
        interrupts.ended()
    return 0


def _say(sentence: str, code: int) -> int:
    from workbench.cli.progress import printable

    # a sentence may name a column or a cell, and those may hold what controls a terminal
    sys.stderr.write(f"workbench: {printable(sentence)}\n")
    return code


def _defect(error: Exception) -> int:
    """Keep the details of a defect in a file and tell the user where it is."""
    if os.environ.get("WORKBENCH_DEBUG"):
        traceback.print_exception(error)
        return DefectError.exit_code
    from workbench.crash import keep_details

    kept: Path | None = keep_details(error)
    where = f" Details are in {kept}." if kept else ""
    sentence = f"A defect in workbench: {type(error).__name__}: {error}.{where} Nothing that was finished is lost."
    return _say(" ".join(sentence.split()), DefectError.exit_code)
