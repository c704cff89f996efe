"""One file per kind of raw column: how its cells become derived columns."""

from workbench.pipelines.parts._base import Part
from workbench.pipelines.parts.category import CategoryPart
from workbench.pipelines.parts.date import DatePart
from workbench.pipelines.parts.number import BooleanPart, NumberPart
from workbench.pipelines.parts.text import TextPart

__all__ = ["BooleanPart", "CategoryPart", "DatePart", "NumberPart", "Part", "TextPart"]
