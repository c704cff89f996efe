"""What a play could be worth in a segment: n(τ·m − c), with the assumptions drawn at random for the interval."""

from __future__ import annotations

import numpy as np

from workbench.contracts import Assumption, ExpectedValue, Play

DRAWS = 4000
VALUE_SHARE_SPREAD = 0.5
"""The share of a gap that an uptake closes is uncertain by half of itself, either way."""
MARGIN_SPREAD = 0.2
Z95 = 1.959964


def expected_value(
    play: Play,
    customers: int,
    gap_mean: tuple[float, float, float],
    *,
    currency: str,
    gap_source: str,
    window_days: int | None,
    horizon_days: int | None,
    seed: int,
) -> ExpectedValue:
    """Expected value of contacting a whole segment once.

    Each uptake closes ``value_share`` of the customer's gap; every redeemer costs, also those who would have bought
    anyway. Uptake is drawn from a PERT distribution over its three values, the gap from a normal over its interval.

    Args:
        play: with its assumptions.
        customers: in the segment.
        gap_mean: per customer, with its 95 % interval, in currency per ``window_days``.
        currency: that everything is in.
        gap_source: where the gap comes from, for the list of assumptions.
        window_days: of the gap; ``None`` when it has no window of its own.
        horizon_days: over which the value is stated; ``None`` takes the window.
        seed: of the draws.

    Returns:
        total with its 80 % interval, in currency over the horizon.
    """
    rng = np.random.default_rng(seed)
    scale = horizon_days / window_days if window_days and horizon_days else 1.0
    mean, low, high = (value * scale for value in gap_mean)
    uptake = _pert(rng, play.uptake_low, play.uptake, play.uptake_high)
    share = np.clip(play.value_share * rng.uniform(1 - VALUE_SHARE_SPREAD, 1 + VALUE_SHARE_SPREAD, DRAWS), 0, 1)
    margin = np.clip(play.margin * rng.uniform(1 - MARGIN_SPREAD, 1 + MARGIN_SPREAD, DRAWS), 0, 1)
    gap = np.maximum(0.0, rng.normal(mean, max(0.0, high - low) / (2 * Z95), DRAWS))
    cost = play.unit_cost + play.redeemer_cost * (uptake + play.organic_uptake)
    totals = customers * (uptake * share * gap * margin - cost)
    assumptions = (
        Assumption("extra buyers by the offer", play.uptake, play.uptake_low, play.uptake_high, "share", play.playbook),
        Assumption("takes the offer anyway", play.organic_uptake, play.organic_uptake, play.organic_uptake, "share",
                   play.playbook),
        Assumption("share of the gap closed", play.value_share, play.value_share * (1 - VALUE_SHARE_SPREAD),
                   min(1.0, play.value_share * (1 + VALUE_SHARE_SPREAD)), "share", play.playbook),
        Assumption("gap per customer", mean, low, high, f"{currency} over the horizon", gap_source),
        Assumption("contribution margin", play.margin, play.margin * (1 - MARGIN_SPREAD),
                   min(1.0, play.margin * (1 + MARGIN_SPREAD)), "share", play.playbook),
        Assumption("cost of a contact", play.unit_cost, play.unit_cost, play.unit_cost, currency, play.playbook),
        Assumption("cost of a redemption", play.redeemer_cost, play.redeemer_cost, play.redeemer_cost, currency,
                   play.playbook),
    )  # fmt: skip
    return ExpectedValue(
        total=float(totals.mean()),
        low=float(np.quantile(totals, 0.1)),
        high=float(np.quantile(totals, 0.9)),
        per_customer=float(totals.mean() / max(1, customers)),
        currency=currency,
        horizon_days=horizon_days or window_days,
        assumptions=assumptions,
        probability_positive=float((totals > 0).mean()),
    )


def _pert(rng: np.random.Generator, low: float, likely: float, high: float) -> np.ndarray:
    """Draws from the PERT distribution (Malcolm et al. 1959), shape (DRAWS,)."""
    if high <= low:
        return np.full(DRAWS, likely)
    a = 1 + 4 * (likely - low) / (high - low)
    b = 1 + 4 * (high - likely) / (high - low)
    return low + rng.beta(a, b, DRAWS) * (high - low)
