"""Seeds that every library takes."""

from __future__ import annotations

from workbench.errors import InputError

MOST_SEED = 2**31
"""Every library takes seeds below this, and those that are derived from them."""


def check_seed(seed: int) -> int:
    """The seed, as it is. Raises ``InputError`` where it can't be used."""
    if not 0 <= seed < MOST_SEED:
        raise InputError(f"The seed {seed} can't be used: choose a whole number from 0 to {MOST_SEED - 1}.")
    return seed
