"""The randomised hold-out: who is in which arm, what it can detect, and whether it is worth running."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterable

import pandas as pd
from scipy.stats import norm

from workbench.contracts import HoldoutTest

ALPHA, POWER = 0.05, 0.8
SHARES = (0.1, 0.2, 0.3, 0.5)
"""Control shares that are tried, smallest first: as few customers as possible go without the offer."""
MOST_CUSTOMERS = 8e9
"""More than there are people: such a test is not worth a number."""
UNPLANNED_SHARE = 0.5
"""Of the control arm where no test was planned."""
TREATED, CONTROL = "treated", "control"


def plan_test(*, metric: str, customers: int, deviation: float, plausible: float, days: int, unit: str) -> HoldoutTest:
    """The smallest control group that finds a plausible effect, or a plain no.

    Detectable difference of two means: (z_{1-α/2} + z_{power}) · σ · √(1/n_t + 1/n_c), the usual normal approximation.

    Args:
        metric: what is compared.
        customers: in the segment.
        deviation: standard deviation of the metric among them, in ``unit``.
        plausible: difference that may be hoped for, in ``unit``.
        days: until it is read.
        unit: of the metric.
    """
    share = SHARES[-1]
    for share in SHARES:
        if _detectable(customers, share, deviation) <= plausible:
            break
    control = round(customers * share)
    detectable = _detectable(customers, share, deviation)
    feasible = plausible > 0 and detectable <= plausible
    if feasible:
        advice = (
            f"Hold out {share:.0%} at random ({control:,} customers) for {days} days and compare {metric}: "
            f"a difference of {_amount(detectable, unit)} is found with {POWER:.0%} power."
        )
    else:
        need = _needed(deviation, plausible)
        wanted = f"about {need:,} customers in each arm" if need else "an offer with a larger plausible effect"
        advice = (
            f"Too few customers for a test of {metric}: even half against half finds only "
            f"{_amount(detectable, unit)}, while {_amount(plausible, unit)} is plausible; "
            f"merge segments, run longer, or gather {wanted}."
        )
    return HoldoutTest(
        metric=metric,
        treated=customers - control,
        control=control,
        control_share=share,
        detectable=detectable,
        plausible=plausible,
        power=POWER,
        alpha=ALPHA,
        days=days,
        feasible=feasible,
        advice=advice,
    )


def assign_arms(ids: Iterable[object], share: float, *, salt: str) -> pd.Series:
    """Arms by keyed hash of the id: the same customer gets the same arm wherever and whenever it is computed.

    Args:
        ids: customer ids.
        share: of the control arm, 0 to 1.
        salt: names the test; another salt gives an independent draw.

    Returns:
        ``treated`` or ``control`` per id, in their order.
    """
    names = [str(identity) for identity in ids]
    arms = [CONTROL if _uniform(name, salt) < share else TREATED for name in names]
    return pd.Series(arms, index=pd.Index(names, name="id"), name="arm")


def _uniform(name: str, salt: str) -> float:
    digest = hmac.new(salt.encode(), name.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _z() -> float:
    return float(norm.ppf(1 - ALPHA / 2) + norm.ppf(POWER))


def _detectable(customers: int, share: float, deviation: float) -> float:
    control = round(customers * share)
    if control < 2 or customers - control < 2:
        return math.inf
    return _z() * deviation * math.sqrt(1 / control + 1 / (customers - control))


def _needed(deviation: float, plausible: float) -> int | None:
    if plausible <= 0:
        return None
    need = 2 * (_z() * (deviation / plausible)) ** 2 if deviation / plausible < 1e9 else math.inf
    return math.ceil(need) if need < MOST_CUSTOMERS else None


def _amount(value: float, unit: str) -> str:
    if not math.isfinite(value):
        return "no difference"
    return f"{100 * value:.1f} percentage points" if unit == "share" else f"{value:,.2f} {unit}".rstrip()
