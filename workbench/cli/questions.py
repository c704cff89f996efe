"""Which options of `workbench explain` go together: one question at a time, and what belongs to it."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.errors import InputError

QUESTIONS = ("--column", "--row", "--segment", "--fairness", "--trust")
"""Each is another question to a run; without any of them it is what drives the model."""
_NEEDS: dict[str, tuple[str, ...]] = {
    "--what-if": ("--row",),
    "--neighbours": ("--row",),
    "--counterfactual": ("--row",),
    "--aim": ("--counterfactual",),
    "--at-least": ("--counterfactual",),
    "--at-most": ("--counterfactual",),
    "--lever": ("--counterfactual",),
    "--count": ("--neighbours", "--counterfactual"),
    "--segmentation": ("--segment",),
    "--membership": ("--segment",),
    "--budget": ("--trust",),
}
"""Options that say something only beside one of others."""
_LIKE = {
    "--row": "a customer: add --row ID",
    "--segment": "a segment: add --segment ID",
    "--counterfactual": "--counterfactual beside it",
    "--neighbours": "--neighbours or --counterfactual beside it",
    "--trust": "--trust beside it",
}

_ALL_CLASSES = {
    "--trust": "looks at all classes together",
    "--membership": "is about segments and not about classes",
}
"""Options beside which a class says nothing."""


def check_options(given: Mapping[str, bool]) -> None:
    """See that the given options are one question and what belongs to it.

    Args:
        given: whether each option was given, by its name.

    Raises:
        InputError: two questions at once, or an option without the one that it belongs to.
    """
    asked = [name for name in QUESTIONS if given.get(name)]
    if len(asked) > 1:
        raise InputError(f"{asked[0]} and {asked[1]} are two questions: ask one at a time.")
    for name, beside in _NEEDS.items():
        if given.get(name) and not any(given.get(one) for one in beside):
            raise InputError(f"{name} needs {_LIKE[beside[0]]}.")
    for name, why in _ALL_CLASSES.items():
        if given.get("--class") and given.get(name):
            raise InputError(f"{name} {why}: leave out --class.")
