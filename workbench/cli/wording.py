"""What stands around the sentences of an answer, in the language that was asked for: titles, headings, cells, lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.cli.output import interval, number, print_heading, print_line

if TYPE_CHECKING:
    from workbench.explain.language import Language
    from workbench.explain.language.said import Field


@dataclass(frozen=True)
class Wording:
    """The words of one language, from the same files as the sentences."""

    language: Language = "en"

    def print_title(self, name: str, /, **fields: Field) -> None:
        """A heading with what it is about."""
        from workbench.explain.language import say
        from workbench.explain.language.phrases import phrases

        about = say(f"abouts.{name}", **fields).told(self.language) if f"abouts.{name}" in phrases("en") else ""
        print_heading(say(f"titles.{name}").told(self.language), about)

    def print_line(self, name: str, /, **fields: Field) -> None:
        """One line of ours."""
        print_line(self.line(name, **fields))

    def line(self, name: str, /, **fields: Field) -> str:
        """A line, or a part of one."""
        from workbench.explain.language import say

        return say(f"lines.{name}", **fields).told(self.language)

    def heads(self, *names: str) -> tuple[str, ...]:
        """Headings of a table."""
        from workbench.explain.language import say

        return tuple(say(f"heads.{name}").told(self.language) for name in names)

    def cell(self, name: str, /, **fields: Field) -> str:
        """A word of ours in a table."""
        from workbench.explain.language import say

        return say(f"cells.{name}", **fields).told(self.language)

    def listed(self, parts: Sequence[str]) -> str:
        """Several things in one cell."""
        from workbench.explain.language import Listed

        return Listed(tuple(parts), between="semicolon").told(self.language)

    def yes(self, value: object) -> str:
        """Yes or no."""
        from workbench.explain.language import Said

        return Said("grammar.yes" if value else "grammar.no").told(self.language)

    def space(self, space: str) -> Field:
        """An output space in words."""
        from workbench.explain.language.terms import space_of

        return space_of(space)

    def interval(self, low: float | None, high: float | None) -> str:
        """Both ends of an interval, a dash where there is none."""
        if self.language == "en" or all(end is None or math.isnan(end) for end in (low, high)):
            return interval(low, high)
        return self.cell("interval", low=number(low), high=number(high))

    def percent(self, share: float | None) -> str:
        """A share as a percentage."""
        from workbench.explain.language.terms import percent

        return "-" if share is None or math.isnan(share) else percent(share).told(self.language)

    def direction(self, direction: float) -> str:
        """What higher values of a column go with, and the figure behind it."""
        from workbench.explain.direction import goes_with
        from workbench.explain.language import say

        way = goes_with(direction)
        if way.key not in ("direction.higher", "direction.lower"):
            return way.told(self.language)
        return say("direction.figure", way=way, correlation=f"{direction:+.2f}").told(self.language)

    def lever(self, lever: str) -> str:
        """Whether the business can change a column."""
        return self.cell(lever) if lever in ("controllable", "partly", "fixed", "unknown") else lever

    def kind(self, kind: str) -> str:
        """A kind of segmentation."""
        return self.cell(kind.replace("-", "_"))
