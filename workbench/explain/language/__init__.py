"""Sentences in the analyst's language: what is said is decided once, how it is said stands in one file per language.

To add a language, copy ``en.toml``, translate its phrases, and name it in ``Language``.
"""

from workbench.explain.language.phrases import LANGUAGES, Language
from workbench.explain.language.said import Cell, Field, Listed, Name, Part, Said, joined, names, say, some_of

__all__ = [
    "LANGUAGES",
    "Cell",
    "Field",
    "Language",
    "Listed",
    "Name",
    "Part",
    "Said",
    "joined",
    "names",
    "say",
    "some_of",
]
