"""Families of the user's own: ``NAME.py`` beside ``NAME.toml`` in the folder that ``--search-spaces`` names.

Their code runs only where a folder is named for it; a folder that happens to be the working one is never enough.
"""

from __future__ import annotations

import inspect
import pickle
import re
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, get_args

from workbench.contracts.table import Task
from workbench.errors import InputError
from workbench.pipelines._base import ExplainerKind, Family
from workbench.pipelines.registry import FAMILIES, ordered

PREFIX = "workbench_own_"
_SHIPPED = frozenset(FAMILIES)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_sources: dict[str, str] = {}


def own_in(folder: Path) -> dict[str, Path]:
    """The code of each family that a folder holds, by name: what has a search space beside it."""
    return {
        path.stem: path
        for path in sorted(folder.glob("*.py"))
        if path.is_file() and path.with_suffix(".toml").is_file()
    }


def adopt(folder: Path | None) -> tuple[str, ...]:
    """Take up the families of a folder in place of those of any other.

    Args:
        folder: ``None`` for no families but those that come with the program.

    Returns:
        the names of those that were taken up.

    Raises:
        InputError: a file can't be loaded or holds no family that fits its name.
    """
    sources = {}
    for name, path in own_in(folder).items() if folder is not None else ():
        if name in _SHIPPED:
            raise InputError(f"{path} would replace a family that comes with the program: give it another name.")
        try:
            sources[name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path} can't be read as a family: {error}.") from error
    take_up(sources, folder)
    return tuple(sources)


def adopted() -> Mapping[str, str]:
    """The code of each family that was taken up, by name."""
    return dict(_sources)


def take_up(sources: Mapping[str, str], folder: Path | None = None) -> None:
    """Make these the only families beside those that come with the program, also in a process far from their files.

    Args:
        sources: code by name.
        folder: how sentences about them call their place.

    Raises:
        InputError: as ``adopt``.
    """
    if dict(sources) == _sources:
        return
    for name in list(_sources):
        _let_go(name)
    try:
        for name, source in sources.items():
            FAMILIES[name] = _loaded(name, source, f"{folder / name}.py" if folder is not None else f"{name}.py")
            _sources[name] = source
    except InputError:
        for name in list(_sources):
            _let_go(name)
        raise
    kept = ordered(FAMILIES.values())
    FAMILIES.clear()
    FAMILIES.update(kept)


def dump(value: Any, file: BinaryIO) -> None:
    """Pickle a value so that a process that has no families of the user's own can read it with ``pickle``."""
    if not _sources:
        pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL)
        return
    import cloudpickle  # type: ignore[import-untyped]

    cloudpickle.dump(value, file)


def _loaded(name: str, source: str, where: str) -> Family:
    if not _NAME.fullmatch(name):
        raise InputError(f"{where} can't be a family: its name must be small letters, digits and underscores.")
    module = types.ModuleType(f"{PREFIX}{name}")
    module.__file__ = where
    # classes are found by their module when pickled models are read
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, where, "exec"), module.__dict__)  # noqa: S102 - asked for on the command line
        kind = _family_of(module, name, where)
    except InputError:
        sys.modules.pop(module.__name__, None)
        raise
    except (Exception, SystemExit) as error:
        sys.modules.pop(module.__name__, None)
        raise InputError(f"{where} can't be loaded as a family: {_said(error, where)}.") from error
    import cloudpickle

    # runs are read where the file is not: what a model needs of it goes into the model
    cloudpickle.register_pickle_by_value(module)
    return kind


def _family_of(module: types.ModuleType, name: str, where: str) -> Family:
    found = [
        one
        for one in vars(module).values()
        if inspect.isclass(one) and issubclass(one, Family) and one.__module__ == module.__name__
    ]
    kinds = [one for one in found if not inspect.isabstract(one)]
    if len(kinds) != 1:
        lacking = f"; {found[0].__name__} lacks {', '.join(sorted(found[0].__abstractmethods__))}" if found else ""
        raise InputError(f"{where} holds {len(kinds)} classes made from workbench.pipelines.Family, not one{lacking}.")
    kind = kinds[0]
    others = frozenset(Task) - {Task.SEGMENTS}
    explainers = get_args(ExplainerKind)
    for attribute, fits, allowed in (
        ("name", lambda value: value == name, repr(name)),
        ("title", lambda value: isinstance(value, str), "a text, for people"),
        ("tasks", lambda value: isinstance(value, frozenset) and value and value <= others, "a frozenset of tasks"),
        ("explainer", explainers.__contains__, f"one of {', '.join(map(repr, explainers))}; 'sampled' always works"),
    ):
        value = getattr(kind, attribute, None)
        if not fits(value):
            raise InputError(f"{where}: '{attribute}' of {kind.__name__} is {value!r}; allowed is {allowed}.")
    return kind()


def _let_go(name: str) -> None:
    FAMILIES.pop(name, None)
    _sources.pop(name, None)
    module = sys.modules.pop(f"{PREFIX}{name}", None)
    if module is not None:
        import cloudpickle

        cloudpickle.unregister_pickle_by_value(module)


def _said(error: BaseException, where: str) -> str:
    """The error in a few words, with the line of the file that it is about."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == where:
            line = trace.tb_lineno
        trace = trace.tb_next
    words = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {words.rstrip('.')}" + (f" (line {line})" if line is not None else "")
