"""How the prediction goes with the value of one column, asked of the whole pipeline with raw values."""

from workbench.explain.effects._base import Effect
from workbench.explain.effects.accumulated_local import accumulated_local_effects
from workbench.explain.effects.choice import effect_for, effect_of
from workbench.explain.effects.partial_dependence import partial_dependence

__all__ = ["Effect", "accumulated_local_effects", "effect_for", "effect_of", "partial_dependence"]
