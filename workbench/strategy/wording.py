"""Words that a grade of evidence allows: below a randomised comparison nothing may sound like cause and effect."""

from __future__ import annotations

import re

from workbench.contracts import EvidenceGrade
from workbench.errors import DefectError

CAUSAL = re.compile(
    r"\b(caus(?:e[sd]?|ing|al(?:ly)?)|le(?:ads?|d|ading) to|result(?:s|ed|ing)? in|increas(?:e[sd]?|ing)|"
    r"decreas(?:e[sd]?|ing)|rais(?:e[sd]?|ing)|reduc(?:e[sd]?|ing)|boost(?:s|ed|ing)?|lift(?:s|ed|ing)?|"
    r"driv(?:e[sn]?|ing)|drove|improv(?:e[sd]?|ing)|because of|due to|effect of|impact of|makes? (?:them|customers))\b",
    re.IGNORECASE,
)
"""Causal verbs and turns; a claim about data below grade E3 may hold none of them."""


def allows_causal(grade: EvidenceGrade) -> bool:
    """Whether a text of this grade may say that something was caused."""
    return grade in (EvidenceGrade.RANDOMISED, EvidenceGrade.REPLICATED)


def causal_words(text: str) -> list[str]:
    """The causal words in a text, in order."""
    return [match.group(0) for match in CAUSAL.finditer(text)]


def checked(text: str, grade: EvidenceGrade) -> str:
    """The text itself, once it is certain that it claims no more than its grade allows.

    Data in quotes ('…') are names and are not judged.

    Raises:
        DefectError: a generated sentence holds a causal word below E3: a defect of ours, never shown to a user.
    """
    if not allows_causal(grade):
        found = causal_words(re.sub(r"'[^']*'", "", text))
        if found:
            raise DefectError(f"A generated sentence claims cause ({', '.join(found)}) at grade {grade.value}: {text}")
    return text
