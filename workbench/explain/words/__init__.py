"""An explanation in plain sentences, in a language: figures from the model, association only, with their caveats.

What is worth saying is decided here; how it is said stands in ``workbench.explain.language``.
"""

from workbench.explain.words.explained import explanation_words
from workbench.explain.words.one_row import describe_row
from workbench.explain.words.paragraph import CLOSING, describe

__all__ = ["CLOSING", "describe", "describe_row", "explanation_words"]
