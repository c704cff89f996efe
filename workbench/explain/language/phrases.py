"""The phrases of each language, as its file has them: every language says the same things with the same figures."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Literal, TypeAlias, get_args

from workbench.errors import InputError

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Phrase: TypeAlias = "str | Mapping[str, str]"
"""A sentence with ``{fields}``, or one for a ``count`` of one and another for all others."""

FOLDER = Path(__file__).parent
FORMS = ("one", "many")
COUNT = "count"
"""Chooses between the forms, and need not be said."""


@cache
def phrases(language: str) -> Mapping[str, Phrase]:
    """All phrases of a language, as ``part.name``.

    Raises:
        InputError: there is no such language, or its file lacks a phrase or says other things than the English one.
    """
    if language not in LANGUAGES:
        raise InputError(f"There are no words in '{language}'; choose {' or '.join(LANGUAGES)}.")
    path = FOLDER / f"{language}.toml"
    own = read_phrases(path)
    if language != LANGUAGES[0]:
        check(path, own, phrases(LANGUAGES[0]))
    return own


def read_phrases(path: Path) -> dict[str, Phrase]:
    """The phrases of one file.

    Raises:
        InputError: it is no TOML, or something in it is no phrase.
    """
    try:
        parts = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name} can't be read: {error}.") from None
    found: dict[str, Phrase] = {}
    for part, entries in parts.items():
        for name, phrase in entries.items():
            key = f"{part}.{name}"
            if not isinstance(phrase, str) and not (isinstance(phrase, dict) and tuple(phrase) == FORMS):
                raise InputError(f"{path.name}: '{key}' is {phrase}; write a text, or {' and '.join(FORMS)}.")
            fields_of(path.name, key, phrase)
            found[key] = phrase
    return found


def check(path: Path, own: Mapping[str, Phrase], model: Mapping[str, Phrase]) -> None:
    """Whether a language has all phrases of another, and each with the same fields.

    Raises:
        InputError: it does not; names file, key, what was found and what is allowed.
    """
    for key in (*model, *own):
        if key not in own:
            raise InputError(f"{path.name} lacks '{key}', which {LANGUAGES[0]}.toml has: {model[key]}")
        if key not in model:
            raise InputError(f"{path.name} has '{key}', which nothing says; leave it out.")
        found, allowed = (fields_of(path.name, key, phrase) for phrase in (own[key], model[key]))
        if found - {COUNT} != allowed - {COUNT}:
            raise InputError(
                f"{path.name}: '{key}' has {', '.join(sorted(found)) or 'no fields'}; "
                f"use {', '.join(sorted(allowed)) or 'none'}."
            )


def fields_of(file: str, key: str, phrase: Phrase) -> set[str]:
    """The fields of a phrase, in any of its forms.

    Raises:
        InputError: a field is more than a plain name, such as ``{size:.2f}`` or ``{row.size}``.
    """
    found: set[str] = set()
    for text in [phrase] if isinstance(phrase, str) else phrase.values():
        try:
            parts = list(Formatter().parse(text))
        except ValueError as error:
            raise InputError(f"{file}: '{key}' can't be read: {error}.") from None
        for _, field, spec, conversion in parts:
            if field is None:
                continue
            if not field.isidentifier() or spec or conversion:
                raise InputError(f"{file}: '{key}' has the field '{{{field}}}'; write its name alone.")
            found.add(field)
    return found
