"""Below a randomised comparison no sentence may claim a cause."""

from __future__ import annotations

import pytest

from workbench.contracts import EvidenceGrade
from workbench.errors import DefectError
from workbench.strategy.wording import causal_words, checked


@pytest.mark.parametrize(
    "text",
    ["Coupons increase spend.", "This leads to more visits.", "Spend rose because of the mailer.", "It boosts sales."],
)
def test_causal_sentences_are_refused_below_e3(text: str) -> None:
    assert causal_words(text)
    for grade in (EvidenceGrade.PLAYBOOK, EvidenceGrade.PREDICTIVE, EvidenceGrade.OBSERVATIONAL):
        with pytest.raises(DefectError):
            checked(text, grade)
    assert checked(text, EvidenceGrade.RANDOMISED) == text


@pytest.mark.parametrize("text", ["Customers with coupons tend to spend more.", "'causes' is a column name here."])
def test_association_and_names_pass(text: str) -> None:
    assert checked(text, EvidenceGrade.PREDICTIVE) == text
