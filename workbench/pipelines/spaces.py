"""Search spaces: what may vary in a family and where a search begins, read from TOML and checked.

A file looks like this::

    version = 1
    family = "lightgbm"

    [[parameter]]
    name = "learning_rate"
    type = "float"            # float, int, choice or fixed
    low = 0.01
    high = 0.2
    log = true
    tasks = ["binary"]        # optional: only for these tasks

    [[start]]                 # the portfolio, in this order
    name = "plain"
    min_rows = 2000           # optional, as are max_rows and tasks
    params = { learning_rate = 0.05 }

    [[parameter]]
    name = "objective"
    type = "choice"
    choices = ["regression", "poisson"]
    default = "regression"    # what starts mean that say nothing of it, until a trial with another one is better
    when = ["amounts"]        # only where all of these hold, see ``conditions``; starts may have it too

A start may leave out searched parameters (the sampler fills them in) and may set ``fixed`` ones.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from workbench.contracts.table import Task
from workbench.errors import InputError
from workbench.pipelines.conditions import CONDITIONS
from workbench.resources import search_spaces

ParameterType = Literal["float", "int", "choice", "fixed"]
Value = float | int | str | bool

VERSION = 1
_TYPES = ("float", "int", "choice", "fixed")
_KEYS: dict[str, tuple[str, ...]] = {
    "float": ("name", "type", "low", "high", "log", "tasks", "when", "default"),
    "int": ("name", "type", "low", "high", "log", "tasks", "when", "default"),
    "choice": ("name", "type", "choices", "tasks", "when", "default"),
    "fixed": ("name", "type", "value", "tasks", "when"),
}
_START_KEYS = ("name", "params", "tasks", "min_rows", "max_rows", "when")
_ALL = tuple(task.value for task in Task)


@dataclass(frozen=True)
class Parameter:
    """One thing that may vary (or, for ``fixed``, is told to the family as it stands).

    Attributes:
        when: conditions that must all hold for it to be searched.
        default: what a start means that says nothing of it.
    """

    name: str
    type: ParameterType
    tasks: frozenset[Task]
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    choices: tuple[Value, ...] = ()
    value: Value | None = None
    when: tuple[str, ...] = ()
    default: Value | None = None

    def allows(self, value: object) -> bool:
        """Whether a start may set it to ``value``."""
        if self.type == "choice":
            return value in self.choices
        if self.type == "fixed":
            return isinstance(value, float | int | str | bool)
        if isinstance(value, bool) or not isinstance(value, int if self.type == "int" else float | int):
            return False
        return self.low <= value <= self.high

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        if self.type == "choice":
            return "one of " + ", ".join(repr(choice) for choice in self.choices)
        if self.type == "fixed":
            return "a number, text or true/false"
        return f"{'a whole number' if self.type == 'int' else 'a number'} from {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Start:
    """One entry of the portfolio.

    Attributes:
        open: parameters that have their default here; empty where the start names one of those that have any, as then
            the others are meant to go with it.
    """

    name: str
    params: Mapping[str, Value]
    tasks: frozenset[Task]
    min_rows: int = 0
    max_rows: int | None = None
    when: tuple[str, ...] = ()
    open: frozenset[str] = frozenset()

    def suits(self, task: Task, rows: int) -> bool:
        """Whether it is meant for this task and this many rows."""
        return task in self.tasks and rows >= self.min_rows and (self.max_rows is None or rows <= self.max_rows)


@dataclass(frozen=True)
class SearchSpace:
    """What may vary in one family.

    Attributes:
        source: where it was read from, for messages.
    """

    family: str
    parameters: tuple[Parameter, ...]
    starts: tuple[Start, ...]
    source: str = field(default="", compare=False)

    def searched(self, task: Task) -> tuple[Parameter, ...]:
        """The parameters that vary for a task."""
        return tuple(one for one in self.parameters if task in one.tasks and one.type != "fixed")

    def fixed(self, task: Task) -> dict[str, Value]:
        """What is told to the family as it stands, by name."""
        return {
            one.name: one.value
            for one in self.parameters
            if task in one.tasks and one.type == "fixed" and one.value is not None
        }

    def portfolio(self, task: Task, rows: int) -> tuple[Start, ...]:
        """The starts that are meant for a task and this many rows, in the file's order."""
        return tuple(start for start in self.starts if start.suits(task, rows))


def read_space(family: str, folder: Path | None = None) -> SearchSpace:
    """The search space of a family.

    Args:
        folder: where to look first; a file that isn't there is taken from those that come with the program.

    Raises:
        InputError: the file is not valid; the sentence names file, key, what was found and what is allowed.
    """
    if folder is not None:
        _check_folder(folder)
    path = space_path(family, folder)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputError(f"There is no search space for '{family}': {path} is missing.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} can't be read as TOML: {error}.") from error
    return check_space(family, text, path)


def _check_folder(folder: Path) -> None:
    """A file that is meant as a search space but of no family would be passed over without a word."""
    if not folder.is_dir():
        raise InputError(
            f"{folder} is not a folder of search spaces; give a folder that holds files such as linear.toml."
        )
    known = {path.name for path in search_spaces().glob("*.toml")}
    for path in sorted(one for one in folder.glob("*.toml") if one.name not in known):
        if path.with_suffix(".py").is_file():  # a family of the user's own
            continue
        try:
            meant = "family" in tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # of something else: projects and playbooks may lie beside search spaces
            continue
        if meant:
            raise InputError(
                f"{path} is called after no family: allowed are {', '.join(sorted(known))}, and others with a file "
                f"{path.stem}.py beside them."
            )


def space_path(family: str, folder: Path | None = None) -> Path:
    """Where a family's search space is read from: ``folder`` where it holds one, else what comes with the program."""
    own = folder / f"{family}.toml" if folder is not None else None
    return own if own is not None and own.is_file() else search_spaces() / f"{family}.toml"


def check_space(family: str, text: str, path: Path) -> SearchSpace:
    """The search space that a text describes.

    Args:
        path: how sentences about it call it.

    Raises:
        InputError: as ``read_space``.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} can't be read as TOML: {error}.") from error
    return _Reader(path).space(family, content)


@dataclass(frozen=True)
class _Reader:
    """Checks one file; every complaint names the file, the key, what was found and what is allowed."""

    path: Path

    def wrong(self, key: str, found: object, allowed: str) -> InputError:
        return InputError(f"{self.path}: '{key}' is {found!r}; allowed is {allowed}.")

    def space(self, family: str, content: dict[str, Any]) -> SearchSpace:
        self._known("", content, ("version", "family", "parameter", "start"))
        if content.get("version") != VERSION:
            raise self.wrong("version", content.get("version"), str(VERSION))
        if content.get("family") != family:
            raise self.wrong("family", content.get("family"), repr(family))
        parameters = tuple(self._parameter(f"parameter[{n}]", one) for n, one in self._tables(content, "parameter"))
        for task in Task:
            names = [(one.name, one.when) for one in parameters if task in one.tasks]
            for name in names:
                if names.count(name) > 1:
                    raise self.wrong(f"parameter '{name[0]}'", f"given twice for {task.value}", "once per task")
        starts = tuple(self._start(f"start[{n}]", one, parameters) for n, one in self._tables(content, "start"))
        return SearchSpace(family, parameters, starts, str(self.path))

    def _tables(self, content: dict[str, Any], key: str) -> list[tuple[int, dict[str, Any]]]:
        tables = content.get(key, [])
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            raise self.wrong(key, tables, f"a list of tables, each under [[{key}]]")
        return list(enumerate(tables, start=1))

    def _known(self, where: str, table: dict[str, Any], keys: tuple[str, ...]) -> None:
        for key in table:
            if key not in keys:
                raise self.wrong(f"{where}.{key}".strip("."), table[key], "no such key but only " + ", ".join(keys))

    def _tasks(self, where: str, table: dict[str, Any]) -> frozenset[Task]:
        wanted = table.get("tasks", list(_ALL))
        if not isinstance(wanted, list) or not wanted or any(task not in _ALL for task in wanted):
            raise self.wrong(f"{where}.tasks", wanted, "a list of " + ", ".join(_ALL))
        return frozenset(Task(task) for task in wanted)

    def _when(self, where: str, table: dict[str, Any]) -> tuple[str, ...]:
        wanted = table.get("when", [])
        if not isinstance(wanted, list) or any(word not in CONDITIONS for word in wanted):
            raise self.wrong(f"{where}.when", wanted, "a list of " + ", ".join(CONDITIONS))
        return tuple(wanted)

    def _name(self, where: str, table: dict[str, Any]) -> str:
        name = table.get("name")
        if not isinstance(name, str) or not name:
            raise self.wrong(f"{where}.name", name, "a name")
        return name

    def _number(self, where: str, table: dict[str, Any], key: str, whole: bool) -> float:
        value = table.get(key)
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            raise self.wrong(f"{where}.{key}", value, "a whole number" if whole else "a number")
        return value

    def _parameter(self, where: str, table: dict[str, Any]) -> Parameter:
        parameter = replace(self._varying(where, table), when=self._when(where, table), default=table.get("default"))
        if "default" in table and not parameter.allows(parameter.default):
            raise self.wrong(f"{where}.default", parameter.default, parameter.allowed)
        return parameter

    def _varying(self, where: str, table: dict[str, Any]) -> Parameter:
        name, kind, tasks = self._name(where, table), table.get("type"), self._tasks(where, table)
        if kind not in _TYPES:
            raise self.wrong(f"{where}.type", kind, "one of " + ", ".join(_TYPES))
        self._known(where, table, _KEYS[kind])
        if kind == "choice":
            choices = table.get("choices")
            if not isinstance(choices, list) or not choices or any(isinstance(one, list | dict) for one in choices):
                raise self.wrong(f"{where}.choices", choices, "a list of at least one number, text or true/false")
            return Parameter(name, "choice", tasks, choices=tuple(choices))
        if kind == "fixed":
            if not isinstance(table.get("value"), float | int | str | bool):
                raise self.wrong(f"{where}.value", table.get("value"), "a number, text or true/false")
            return Parameter(name, "fixed", tasks, value=table["value"])
        low = self._number(where, table, "low", kind == "int")
        high = self._number(where, table, "high", kind == "int")
        log = table.get("log", False)
        if not isinstance(log, bool):
            raise self.wrong(f"{where}.log", log, "true or false")
        if high < low:
            raise self.wrong(f"{where}.high", high, f"at least low, which is {low:g}")
        if log and low <= 0:
            raise self.wrong(f"{where}.low", low, "above 0 where log is true")
        return Parameter(name, kind, tasks, low=low, high=high, log=log)

    def _start(self, where: str, table: dict[str, Any], parameters: tuple[Parameter, ...]) -> Start:
        self._known(where, table, _START_KEYS)
        name, tasks, params = self._name(where, table), self._tasks(where, table), table.get("params")
        if not isinstance(params, dict):
            raise self.wrong(f"{where}.params", params, "a table of parameters, such as { trees = 300 }")
        known = {one.name for one in parameters}
        for key, value in params.items():
            if key not in known:
                raise self.wrong(
                    f"{where}.params.{key}", value, "no such parameter but only " + ", ".join(sorted(known))
                )
            meant = [one for one in parameters if one.name == key and one.tasks & tasks]
            if meant and not any(one.allows(value) for one in meant):
                raise self.wrong(f"{where}.params.{key}", value, " or ".join(one.allowed for one in meant))
        least = int(self._number(where, table, "min_rows", True)) if "min_rows" in table else 0
        most = int(self._number(where, table, "max_rows", True)) if "max_rows" in table else None
        return Start(name, dict(params), tasks, least, most, self._when(where, table))
