"""Which command lines mean the terminal interface, and what they say to it; imports nothing heavy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from workbench.errors import InputError

_SPACES = "--search-spaces"


@dataclass(frozen=True)
class Interface:
    """What the interface is opened with.

    Attributes:
        path: a table or project; ``None`` for none.
        ascii: whether it draws with ASCII signs only.
        spaces: folder of the user's own search spaces and families; ``None`` where none is named.
    """

    path: str | None = None
    ascii: bool = False
    spaces: str | None = None


def interface_of(arguments: list[str], commands: Collection[str]) -> Interface | None:
    """Read the arguments of a command line.

    Returns:
        ``None`` where they mean a command: more than a table and what the interface knows.

    Raises:
        InputError: the folder of search spaces is missing.
    """
    words, spaces, waiting = [], None, False
    for word in arguments:
        if waiting:
            spaces, waiting = word, False
        elif word == _SPACES:
            waiting = True
        elif word.startswith(f"{_SPACES}="):
            spaces = word.partition("=")[2]
        elif word != "--ascii":
            words.append(word)
    if len(words) > 1 or any(word.startswith("-") or word in commands for word in words):
        return None
    if waiting or spaces == "":
        raise InputError(f"{_SPACES} needs a folder: workbench {words[0] if words else '[TABLE]'} {_SPACES} DIR.")
    return Interface(words[0] if words else None, "--ascii" in arguments, spaces)
