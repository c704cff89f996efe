"""What mistakes cost, as the analyst writes it: ``false positive=1, false negative=5``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

from workbench.errors import InputError
from workbench.problem.rows import Problem

CELLS = ("true positive", "false positive", "true negative", "false negative")
_EXAMPLE = "write it as 'false positive=1, false negative=5'"


@dataclass(frozen=True)
class CostTable:
    """Costs of a row in any one unit; below zero is a benefit.

    Attributes:
        costs: by what was said and what it was, see ``CELLS``.
        positive: position of the positive class.
    """

    costs: dict[str, float]
    positive: int

    @classmethod
    def of(cls, text: str, problem: Problem) -> Self:
        """Read the table for a problem's two classes.

        Args:
            text: ``false positive`` and ``false negative`` must be given, the others cost nothing if they are not;
                ``positive=LABEL`` names the positive class, which is the second in their order otherwise.

        Raises:
            InputError: the target has not two classes, a word or number is wrong, or a mistake costs no more than
                the right answer.
        """
        labels = [str(label) for label in problem.classes]
        if len(labels) != 2:
            raise InputError(f"A table of costs needs a target with two classes; '{problem.table.target}' has not.")
        costs, positive = dict.fromkeys(CELLS, math.nan), labels[1]
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            name, _, value = part.partition("=")
            word = " ".join(name.lower().replace("_", " ").split())
            if word == "positive":
                positive = value.strip()
            elif word in costs:
                costs[word] = _number(word, value)
            else:
                raise InputError(f"'{part}' is no cost: name one of {', '.join(CELLS)}, or positive; {_EXAMPLE}.")
        if positive not in labels:
            raise InputError(f"The positive class '{positive}' of the costs is not one of {' and '.join(labels)}.")
        if math.isnan(costs["false positive"]) or math.isnan(costs["false negative"]):
            raise InputError(f"A table of costs needs both 'false positive' and 'false negative'; {_EXAMPLE}.")
        whole = {name: 0.0 if math.isnan(value) else value for name, value in costs.items()}
        for wrong, right in (("false positive", "true negative"), ("false negative", "true positive")):
            if whole[wrong] <= whole[right]:
                raise InputError(f"A {wrong} must cost more than a {right}: no threshold is best otherwise.")
        return cls(whole, labels.index(positive))

    @property
    def threshold(self) -> float:
        """The share from which the positive answer costs less, if shares are true (Elkan 2001, "The foundations of
        cost-sensitive learning", equation 2).
        """
        alarm = self.costs["false positive"] - self.costs["true negative"]
        miss = self.costs["false negative"] - self.costs["true positive"]
        return alarm / (alarm + miss)


def _number(word: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"The cost of a {word} is '{text.strip()}', which is no number; {_EXAMPLE}.")
    return value
