"""Errors that a user may see: one sentence that says what, where and what to do."""

from __future__ import annotations


class WorkbenchError(Exception):
    """Base of every error with a message meant for the user.

    The message is one sentence: what went wrong, where, and what to do about it.
    ``exit_code`` is what the command line returns for it.
    """

    exit_code = 2


class InputError(WorkbenchError):
    """A table, column, option or file that was given can't be used as it is."""


class StoreError(WorkbenchError):
    """The MLflow store, the journal or an output can't be written or read."""


class BudgetError(WorkbenchError):
    """The budget ended before anything, even the baseline, could be made."""


class Stopped(WorkbenchError):  # noqa: N818 - a wish of the user, not a fault
    """The user stopped the work; what was finished has been kept."""

    exit_code = 3


class DefectError(WorkbenchError):
    """Something that should not happen: a defect of workbench itself."""

    exit_code = 1
