"""The paragraph of an explanation that there is already, in any language, from the object alone."""

from __future__ import annotations

from workbench.contracts import Explanation
from workbench.explain.language import Language
from workbench.explain.words.one_row import describe_row
from workbench.explain.words.paragraph import describe


def explanation_words(
    explanation: Explanation,
    language: Language = "en",
) -> tuple[str, ...]:
    """What ``explanation.words`` says, in ``language``.

    Args:
        explanation: of many rows, or of one.
    """
    if len(explanation.rows) == 1:
        top = int(explanation.margin[0].argmax())
        return describe_row(
            explanation.values[0, :, top],
            explanation.data.iloc[0],
            float(explanation.base[top]),
            float(explanation.margin[0, top]),
            output=explanation.outputs[top],
            space=explanation.output_space,
            target=explanation.target,
            language=language,
        )
    return describe(
        explanation.values,
        explanation.data,
        explanation.importance,
        outputs=explanation.outputs,
        space=explanation.output_space,
        target=explanation.target,
        total_rows=explanation.total_rows,
        interactions=getattr(explanation, "interactions", None),
        language=language,
    )
