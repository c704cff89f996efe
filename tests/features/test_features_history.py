"""Rolling origins and targets: windows with their borders, and no look ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from feature_tables import CUT, purchase_frame, purchases_of

from workbench.errors import InputError
from workbench.events import Events
from workbench.features import EventStore, active_after, history, responds_after, spend_after


def _year(seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = [
        (
            int(rng.integers(0, 40)),
            CUT - pd.Timedelta(minutes=int(rng.integers(-40 * 1440, 300 * 1440))),
            int(rng.integers(0, 900)),
            str(rng.choice(["milk", "bread", "wine"])),
            round(float(rng.gamma(2, 5)), 2),
        )
        for _ in range(1500)
    ]
    return purchase_frame(rows)


def test_windows_against_pandas():
    frame = _year()
    with EventStore([purchases_of(frame)]) as store:
        past = history(store, CUT, window_days=30, currency="EUR")
    assert past is not None
    assert [origin.as_of for origin in past.origins] == [CUT - pd.Timedelta(days=days) for days in (60, 30, 0)]
    assert past.currency == "EUR"
    assert past.window_days == 30
    for origin in past.origins:
        day = pd.Timedelta(days=30)
        spans = {
            "spend_before": (origin.as_of - 2 * day, origin.as_of - day),
            "spend_now": (origin.as_of - day, origin.as_of),
            "spend_future": (origin.as_of, origin.as_of + day),
        }
        for name, (since, until) in spans.items():
            rows = frame[(frame["at"] >= since) & (frame["at"] < until)]
            expected = rows.groupby("who")["value"].sum().reindex(origin.features.index).fillna(0)
            np.testing.assert_allclose(getattr(origin, name), expected, atol=1e-9)
        known = frame[frame["at"] < origin.as_of]
        pivot = known.pivot_table(index="who", columns="category", values="value", aggfunc="sum").fillna(0)
        np.testing.assert_allclose(
            origin.category_past, pivot.reindex(origin.features.index)[list(origin.category_past.columns)], atol=1e-9
        )
        assert list(origin.category_past.columns) == list(origin.category_future.columns)
        np.testing.assert_allclose(origin.category_future.sum(axis=1), origin.spend_future, atol=1e-6)
        assert all(
            part.index.equals(origin.features.index)
            for part in (origin.spend_before, origin.spend_now, origin.category_past, origin.category_future)
        )
        assert list(origin.features.columns) == list(past.origins[0].features.columns)
    assert set(past.level_features) <= set(past.origins[-1].features.columns)


def test_a_window_that_has_not_elapsed_has_no_future():
    frame = _year()
    frame = frame[frame["at"] < CUT]
    with EventStore([purchases_of(frame)]) as store:
        past = history(store, CUT, window_days=30)
    assert past is not None
    assert past.origins[-1].spend_future is None
    assert past.origins[-1].category_future is None
    assert past.origins[0].spend_future is not None


def test_origins_do_not_look_ahead():
    frame = _year()
    earlier = CUT - pd.Timedelta(days=30)
    changed = frame.copy()
    later = changed["at"] >= earlier
    changed.loc[later, "value"] *= 3
    changed.loc[later, "category"] = "tea"
    pasts = []
    for version in (frame, changed, frame[~later]):
        with EventStore([purchases_of(version)]) as store:
            pasts.append(history(store, CUT, window_days=30))
    for i, origin in enumerate(pasts[0].origins):
        if origin.as_of <= earlier:
            for other in pasts[1:]:
                pd.testing.assert_frame_equal(origin.features, other.origins[i].features, check_exact=True)
                pd.testing.assert_series_equal(origin.spend_now, other.origins[i].spend_now, check_exact=True)
                pd.testing.assert_frame_equal(origin.category_past, other.origins[i].category_past, check_exact=True)


def test_short_pasts_are_told(small):
    events = Events()
    with EventStore([purchases_of(small)]) as store:
        assert history(store, CUT, window_days=40, notices=events) is None
        assert "less than two windows of 40 days" in events.notices[-1].message
        past = history(store, CUT, window_days=25, notices=events)
    assert past is not None
    assert len(past.origins) == 1
    assert "1 instead of 3 cut-offs" in events.notices[-1].message


def test_targets_by_hand(small, redemptions):
    with EventStore([purchases_of(small), redemptions]) as store:
        who = pd.Index(["a", "b"], name="who")
        assert spend_after(store, who, CUT, 31).to_dict() == {"a": 1000.0, "b": 9.25}
        assert spend_after(store, who, CUT, 5).to_dict() == {"a": 1000.0, "b": 7.25}
        assert spend_after(store, who, CUT, 4).to_dict() == {"a": 1000.0, "b": 0.0}
        assert active_after(store, who, CUT, 4).to_dict() == {"a": "yes", "b": "no"}
        assert responds_after(store, who, CUT, 31).to_dict() == {"a": "no", "b": "yes"}
        assert responds_after(store, who, CUT, 9).to_dict() == {"a": "no", "b": "no"}


@pytest.mark.parametrize("target", [spend_after, active_after, responds_after])
def test_a_target_needs_its_whole_window(small, redemptions, target):
    with EventStore([purchases_of(small), redemptions]) as store:
        with pytest.raises(InputError, match=r"have not fully elapsed.*up to 2024-02-29"):
            target(store, pd.Index(["a"]), CUT, 32)
        with pytest.raises(InputError, match="at least 1 day"):
            target(store, pd.Index(["a"]), CUT, 0)


def test_redeems_needs_responses(small):
    with EventStore([purchases_of(small)]) as store, pytest.raises(InputError, match="needs a table of responses"):
        responds_after(store, pd.Index(["a"]), CUT, 10)
