"""The influence of parameters as a sentence; light, so that every face can say it."""

from __future__ import annotations

from workbench.contracts import Influence

_MOST = 3


def influence_sentence(found: Influence) -> str:
    """Such as ``lightgbm (34 trials): num_leaves 52 %, learning_rate 30 %; the others no more than chance.``"""
    trials = f"{found.trials} trial{'' if found.trials == 1 else 's'}"
    if not found.shares:
        return f"{found.family}: which parameters matter can't be said, {found.reason}."
    certain = [f"{name} {share:.0%}" for name, share, beyond in found.shares if beyond]
    if not certain:
        return f"{found.family} ({trials}): no parameter mattered more than chance allows."
    told, rest = certain[:_MOST], len(found.shares) - len(certain)
    more = f" and {len(certain) - _MOST} more" if len(certain) > _MOST else ""
    return f"{found.family} ({trials}): {', '.join(told)}{more}{'; the others no more than chance' if rest else ''}."
