"""Tables as JSON holds them, and names as a user may have meant them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.plain import plain

if TYPE_CHECKING:
    import pandas as pd

MOST_NAMED = 5


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as a list of rows, ready for JSON."""
    return [plain(row) for row in frame.to_dict("records")]


def known_name(name: str, names: Iterable[object], lead: str) -> str:
    """The name, if it is one of ``names``.

    Args:
        lead: how the sentence begins that tells of an unknown one, such as ``The table has no column``.

    Raises:
        InputError: it is none of them; the nearest one is named, or some of them.
    """
    all_names = [str(one) for one in names]
    if name in all_names:
        return name
    begins = [one for one in all_names if name and one.casefold().startswith(name.casefold())]
    near = difflib.get_close_matches(name, all_names, n=1) or begins
    if len(near) == 1:
        raise InputError(f"{lead} '{name}'; did you mean '{near[0]}'?")
    some = ", ".join(f"'{one}'" for one in all_names[:MOST_NAMED])
    more = " …" if len(all_names) > MOST_NAMED else ""
    raise InputError(f"{lead} '{name}'; there {'is' if len(all_names) == 1 else 'are'} {some or 'none'}{more}.")
