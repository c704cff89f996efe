"""A sentence before it is in a language: which phrase it is, and the figures and names that go into it.

Names and cells are data: they are put into phrases and never read as phrases, whatever braces they hold.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from workbench.explain.columns import MISSING, cell_text
from workbench.explain.language.phrases import COUNT, Language, phrases


class Part(ABC):
    """Something that is told in a language."""

    @abstractmethod
    def told(self, language: Language = "en") -> str:
        """The words."""


Field: TypeAlias = "str | int | Part"
"""What goes into a phrase: text that is alike in all languages (figures are put into text first), a whole number, or
something to be told."""


@dataclass(frozen=True)
class Said(Part):
    """One phrase with its fields.

    Attributes:
        key: of the phrase, such as ``overall.leading``.
        fields: by name; ``count`` chooses between the forms of a phrase that has them.
    """

    key: str
    fields: Mapping[str, Field] = field(default_factory=dict)

    def told(self, language: Language = "en") -> str:
        """The phrase in ``language`` with its fields."""
        phrase = phrases(language)[self.key]
        if not isinstance(phrase, str):
            phrase = phrase["one" if self.fields[COUNT] == 1 else "many"]
        return phrase.format_map({name: _text(each, language) for name, each in self.fields.items()})


@dataclass(frozen=True)
class Name(Part):
    """A column, level, class or group in the quotes of the language; a ``Part`` where we made the name."""

    name: str | Part

    def told(self, language: Language = "en") -> str:
        """The name as it stands, quoted."""
        return Said("grammar.name", {"name": self.name}).told(language)


@dataclass(frozen=True)
class Cell(Part):
    """A raw value; gaps and booleans have words of their own in each language."""

    value: object

    def told(self, language: Language = "en") -> str:
        """The value in short."""
        if isinstance(self.value, bool | np.bool_):
            return Said("grammar.yes" if self.value else "grammar.no").told(language)
        text = cell_text(self.value)
        if text == MISSING and not isinstance(self.value, str):
            return Said("grammar.missing").told(language)
        return text


@dataclass(frozen=True)
class Listed(Part):
    """Several things in a row.

    Attributes:
        last: what stands before the last: ``and``, or the same as between the others.
    """

    parts: tuple[Field, ...]
    between: str = "comma"
    last: str = ""

    def told(self, language: Language = "en") -> str:
        """All of them."""
        texts = [_text(part, language) for part in self.parts]
        grammar = phrases(language)
        between, last = (str(grammar[f"grammar.{way}"]) for way in (self.between, self.last or self.between))
        return last.join([between.join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def say(key: str, /, **fields: Field) -> Said:
    """``Said`` in short."""
    return Said(key, fields)


def names(all_of: Iterable[str]) -> Listed:
    """Names in quotes, "and" before the last."""
    return Listed(tuple(Name(name) for name in all_of), last="and")


def some_of(all_of: Sequence[str], most: int = 5) -> Part:
    """The first names in quotes, and how many more there are."""
    first = Listed(tuple(Name(name) for name in all_of[:most]))
    return first if len(all_of) <= most else say("grammar.more", named=first, count=len(all_of) - most)


def joined(sentences: Iterable[Part]) -> Listed:
    """Sentences one after the other."""
    return Listed(tuple(sentences), between="sentence")


def _text(each: Field, language: Language) -> str:
    if isinstance(each, Part):
        return each.told(language)
    return each if isinstance(each, str) else f"{each:,}"
