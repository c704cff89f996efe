"""Features at a cut-off: their values, that later rows don't count, and that the bits don't change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from feature_tables import CUT, purchase_frame, purchases_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.contracts import Lever
from workbench.errors import InputError, Stopped
from workbench.events import Events
from workbench.features import EventSource, EventStore, Flag, Purpose, features_as_of


def test_values_by_hand(small, mailings, redemptions):
    frame, catalogue = features_as_of([purchases_of(small), mailings, redemptions], CUT, window_days=30)
    assert list(frame.index) == ["a", "b"]
    assert frame.index.name == "who"
    a = frame.loc["a"]
    assert a["baskets"] == 3
    assert a["spend_total"] == 80.0
    assert a["days_since_last_purchase"] == 29.5
    assert a["tenure_days"] == 60 - 9 / 24
    assert a["days_between_visits"] == 15.0
    assert a["visit_irregularity"] == pytest.approx(5 / 15)
    assert a["lateness"] == pytest.approx(29.5 / 15)
    assert a["spend_last_30_days"] == 20.0
    assert a["spend_previous_30_days"] == 60.0
    assert a["spend_trend"] == -0.5
    assert a["basket_value"] == pytest.approx(80 / 3)
    assert a["item_price"] == pytest.approx(80 / 8)
    assert a["categories_bought"] == 2
    share = np.array([50, 30]) / 80
    assert a["category_variety"] == pytest.approx(-(share * np.log2(share)).sum())
    assert a["top_category_share"] == pytest.approx(50 / 80)
    assert a["discount_share"] == pytest.approx(20 / 100)
    assert a["stores"] == 3
    assert a["main_store_share"] == pytest.approx(40 / 80)
    assert a["weekend_share"] == 0.0
    assert a["morning_share"] == pytest.approx(1 / 3)
    assert a["evening_share"] == pytest.approx(1 / 3)
    assert a["mailings"] == 2
    assert a["mailings_last_30_days"] == 1
    assert a["mailings_letter"] == 1
    assert a["mailings_mail"] == 1
    assert a["days_since_mailings"] == 10.0
    assert a["redemptions"] == 1
    assert a["redemptions_per_mailings"] == 0.5
    b = frame.loc["b"]
    assert b["redemptions"] == 0
    assert np.isnan(b["days_since_redemptions"])
    assert np.isnan(b["days_between_visits"])
    assert b["weekend_share"] == 1.0
    assert set(catalogue) == set(frame.columns)


def test_every_column_is_explained(small, mailings, redemptions):
    _, catalogue = features_as_of([purchases_of(small), mailings, redemptions], CUT)
    for name, entry in catalogue.items():
        assert entry.name == name
        assert entry.meaning.endswith(".")
    assert catalogue["discount_share"].lever is Lever.CONTROLLABLE
    assert catalogue["mailings"].lever is Lever.CONTROLLABLE
    assert catalogue["redemptions"].lever is Lever.PARTLY
    assert catalogue["spend_total"].lever is Lever.FIXED
    level = {name for name, entry in catalogue.items() if entry.level}
    assert {"spend_total", "spend_per_week", "baskets", "baskets_per_week", "days_between_visits"} <= level
    assert not {"basket_value", "discount_share", "categories_bought", "mailings"} & level


def test_returns_and_flags_and_price_times_quantity():
    frame = purchase_frame(
        [
            ("a", "2024-01-01", 1, "milk", 10.0),
            ("a", "2024-01-02", 2, "milk", -4.0),
            ("b", "2024-01-02", 3, "milk", -4.0),
        ]
    )
    frame["price"], frame["quantity"], frame["own"] = 5.0, [2, -1, -1], [True, False, False]
    source = purchases_of(
        frame,
        value=None,
        price="price",
        returns=True,
        flags=(Flag("own", "own_share", "Share of the spend on own brands."),),
    )
    result, _ = features_as_of([source], CUT)
    assert list(result.index) == ["a"], "who only returned is no customer yet"
    assert result.loc["a", "spend_total"] == 5.0
    assert result.loc["a", "baskets"] == 1
    assert result.loc["a", "returned_share"] == 0.5
    assert result.loc["a", "own_share"] == 1.0


_DAYS = st.integers(min_value=-120, max_value=120)
_ROW = st.tuples(
    st.sampled_from(["a", "b", "c", "客", "d\"';--"]),
    st.integers(min_value=-120 * 1440, max_value=60 * 1440),
    st.integers(min_value=1, max_value=6),
    st.sampled_from(["milk", "bread", "[bold]wine", "茶"]),
    st.integers(min_value=-500, max_value=5000).map(lambda cents: cents / 100),
)


def _made(rows: list[tuple[str, int, int, str, float]]) -> pd.DataFrame:
    return purchase_frame(
        [(who, CUT + pd.Timedelta(minutes=minutes), basket, kind, value) for who, minutes, basket, kind, value in rows]
    )


def _identical(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    for name in one.columns:
        assert one[name].to_numpy().tobytes() == other[name].to_numpy().tobytes(), name


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(past=st.lists(_ROW, min_size=1, max_size=25), later=st.lists(_ROW, max_size=10), seed=st.integers(0, 9))
def test_rows_from_the_cut_off_on_never_count(past, later, seed):
    before = [(who, -abs(minutes) - 1, *rest) for who, minutes, *rest in past]
    after = [(who, abs(minutes), *rest) for who, minutes, *rest in later]
    before.append(("a", -5, 1, "milk", 3.0))
    contacts = pd.DataFrame({"who": ["a", "b"], "at": [CUT - pd.Timedelta(days=3), CUT - pd.Timedelta(hours=1)]})
    later_contacts = pd.DataFrame({"who": ["a", "z"], "at": [CUT, CUT + pd.Timedelta(days=3)]})

    def compute(rows, touched):
        touches = EventSource("mailings", touched, "who", "at", purpose=Purpose.CONTACTS)
        return features_as_of([purchases_of(_made(rows), returns=True), touches], CUT)[0]

    reference = compute(before, contacts)
    mixed = before + after
    order = np.random.default_rng(seed).permutation(len(mixed))
    _identical(reference, compute([mixed[i] for i in order], pd.concat([later_contacts, contacts])))


def test_any_order_and_number_of_threads_gives_the_same_bits():
    rng = np.random.default_rng(3)
    rows = 60_000
    frame = pd.DataFrame(
        {
            "who": rng.integers(0, 900, rows),
            "at": CUT - pd.to_timedelta(rng.integers(1, 200 * 86_400, rows), unit="s"),
            "basket": rng.integers(0, 9_000, rows),
            "category": rng.choice(["a", "b", "c", "d", "e"], rows),
            "value": rng.gamma(1.3, 7.7, rows),
            "store": rng.choice(["x", "y"], rows),
            "discount": rng.random(rows),
            "coupon": rng.random(rows) * (rng.random(rows) < 0.1),
            "quantity": rng.integers(1, 9, rows),
        }
    )
    results = []
    for threads, shuffled in ((1, frame), (4, frame), (3, frame.sample(frac=1, random_state=1))):
        with EventStore([purchases_of(shuffled)], threads=threads) as store:
            results.append(features_as_of(store, CUT)[0])
    _identical(results[0], results[1])
    _identical(results[0], results[2])


def test_nobody_before_the_cut_off(small):
    with pytest.raises(InputError, match=r"Nobody bought before 2023-01-01.*begin on 2024-01-01"):
        features_as_of([purchases_of(small)], pd.Timestamp("2023-01-01"))


def test_stops_when_asked(small):
    events = Events()
    events.request_stop()
    with pytest.raises(Stopped):
        features_as_of([purchases_of(small)], CUT, notices=events)
