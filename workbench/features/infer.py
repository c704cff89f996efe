"""What a set of tables seems to be: whose rows, which are events, which column is money, with the reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api import types

from workbench.errors import InputError
from workbench.features.sources import AttributeSource, EventSource, Purpose

_ENTITY = re.compile(
    r"custom|household|client|user|member|patient|account|person|visitor|subscriber|kund|cust|acct|hshd"
    r"|客户|顾客|用户|会员|患者|账户",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"(^|[_\W]|[a-z])(id|ids|no|nr|num|number|key|code)$|编号|号$", re.IGNORECASE)
_VALUE = re.compile(
    r"sales|amount|revenue|spend|spent|value|total|turnover|paid|payment|betrag|umsatz|montant|金额|消费|销售额",
    re.IGNORECASE,
)
_NOT_VALUE = re.compile(r"disc|coupon|tax|balance|quantity|price|数量|折扣|单价", re.IGNORECASE)
_QUANTITY = re.compile(r"quantity|qty|units?$|pieces|menge|数量", re.IGNORECASE)
_PRICE = re.compile(r"price|preis|prix|单价|价格", re.IGNORECASE)
_BASKET = re.compile(r"basket|invoice|order|receipt|ticket|transaction|bon|rechnung|订单|发票", re.IGNORECASE)
_CATEGORY = (
    re.compile(r"categor|品类|类别|类目|kategorie", re.IGNORECASE),
    re.compile(r"department|product.?type|group|class|部门", re.IGNORECASE),
    re.compile(r"description|product.?name|item.?name|商品|产品|artikel", re.IGNORECASE),
    re.compile(r"product|stock|sku|item|upc|article", re.IGNORECASE),
)
_KIND = re.compile(r"type|kind|channel|campaign|渠道|类型", re.IGNORECASE)
_STORE = re.compile(r"store|shop|branch|outlet|channel|filiale|门店|店铺|渠道", re.IGNORECASE)
_DISCOUNT = re.compile(r"disc|rebate|rabatt|折扣", re.IGNORECASE)
_COUPON = re.compile(r"coupon|voucher|gutschein|优惠券", re.IGNORECASE)
_RESPONSE = re.compile(r"redem|respon|click|conver|兑换|响应", re.IGNORECASE)
_MAX_CATEGORIES = 20_000
_BARE = re.compile(r"^(id|no|nr|num|number|key|code|编号)$", re.IGNORECASE)
_ONE_EACH = 0.98
"""A table of customers may repeat a few of them by mistake."""


@dataclass(frozen=True)
class Inference:
    """What tables seem to be.

    Attributes:
        events: empty where the one table is a customer table already.
        entity: column with the customer in the first events (or in the one table, where it has one).
        reasons: a sentence for each decision, overlaps of keys included.
        left_out: tables that could not be used.
    """

    events: tuple[EventSource, ...]
    attributes: tuple[AttributeSource, ...]
    entity: str | None
    reasons: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def infer_sources(frames: Mapping[str, pd.DataFrame]) -> Inference:
    """Propose what each table is for.

    Args:
        frames: tables (or large samples of them) by name, with times as datetime columns.

    Raises:
        InputError: no table is given, or several are and none can be read as purchases.
    """
    if not frames:
        raise InputError("No table was given; name one or more files.")
    frames = {name: frame.set_axis([str(column) for column in frame.columns], axis=1) for name, frame in frames.items()}
    keys = _entities(frames)
    reasons: list[str] = []
    purchases: list[EventSource] = []
    touches: list[EventSource] = []
    attributes: list[AttributeSource] = []
    left_out: list[str] = []
    for name, frame in frames.items():
        key = keys.get(name)
        if key is None:
            left_out.append(name)
            reasons.append(f"{name} is left out: no column of it says which customer a row belongs to.")
            continue
        source = _read_as(name, frame, key, reasons)
        if source is None:
            left_out.append(name)
        elif isinstance(source, AttributeSource):
            attributes.append(source)
        else:
            (purchases if source.purpose is Purpose.PURCHASES else touches).append(source)
    if not purchases:
        if len(frames) > 1:
            raise InputError(
                f"None of {', '.join(frames)} can be read as purchases: one table needs a customer, a time and a value."
            )
        # One table that is no events is a customer table as it stands, whatever was missing for more.
        return Inference((), (), next(iter(keys.values()), None), ())
    reasons += _overlaps(frames, keys, purchases[0].name)
    return Inference(
        (*purchases, *touches), tuple(attributes), keys[purchases[0].name], tuple(reasons), tuple(left_out)
    )


def _entities(frames: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """The customer column of each table: by name, by being an identifier, and by values shared with other tables."""
    values = {
        (name, column): set(_keys(frame[column]).unique())
        for name, frame in frames.items()
        for column in frame.columns
        if _may_be_entity(column, frame[column])
    }
    chosen: dict[str, str] = {}
    for name, frame in frames.items():
        scores: dict[str, float] = {}
        for column in frame.columns:
            own = values.get((name, column))
            if not own:
                continue
            shared = max(
                (
                    len(own & other) / min(len(own), len(other))
                    for (table, other_column), other in values.items()
                    if table != name and other and bool(_ENTITY.search(other_column))
                ),
                default=0.0,
            )
            named = bool(_ENTITY.search(column))
            # Small whole numbers overlap by accident: values alone make a customer column only of a plain "id".
            if named or (shared > 0.5 and _BARE.search(column)):
                scores[column] = 2.0 * named + bool(_IDENTIFIER.search(column)) + 2.0 * shared
        if scores:
            chosen[name] = max(scores, key=lambda column: scores[column])
    return chosen


def _may_be_entity(name: str, column: pd.Series) -> bool:
    if types.is_bool_dtype(column) or types.is_datetime64_any_dtype(column):
        return False
    if not (_ENTITY.search(name) or _IDENTIFIER.search(name)):
        return False
    known = column.dropna()
    if types.is_float_dtype(column) and not bool((known == np.round(known)).all()):
        return False
    return known.nunique() > 1


def _keys(column: pd.Series) -> pd.Series:
    """Values in one form, so that 17850, 17850.0 and "17850" are the same customer."""
    known = column.dropna()
    if types.is_float_dtype(known):
        known = known.astype("int64")
    return known.astype("str")


def _read_as(name: str, frame: pd.DataFrame, key: str, reasons: list[str]) -> EventSource | AttributeSource | None:
    rows, distinct = len(frame[key].dropna()), frame[key].nunique()
    times = [column for column in frame.columns if types.is_datetime64_any_dtype(frame[column])]
    if distinct >= _ONE_EACH * rows:
        reasons.append(f"{name} has one row for each '{key}': attributes of customers.")
        return AttributeSource(name, frame, key)
    if not times:
        reasons.append(f"{name} is left out: '{key}' repeats, but there is no time column to tell events apart.")
        return None
    time = max(times, key=lambda column: frame[column].count())
    what = f"{name} has {rows:,} rows for {distinct:,} values of '{key}' and the time '{time}'"
    value, quantity, price = _money(frame, key)
    if value is None and (quantity is None or price is None):
        purpose = Purpose.RESPONSES if _RESPONSE.search(name) else Purpose.CONTACTS
        kind = _first(frame, _KIND, {key, time}, most=50)
        reasons.append(f"{what} but no money: {purpose.value}{f', of kinds in {kind!r}' if kind else ''}.")
        return EventSource(name, frame, key, time, purpose=purpose, category=kind)
    taken = {key, time, value, quantity, price}
    basket = _first(frame, _BASKET, taken, repeats=True)
    category = next((found for rule in _CATEGORY if (found := _first(frame, rule, {*taken, basket}))), None)
    store = _first(frame, _STORE, {*taken, basket, category}, most=_MAX_CATEGORIES)
    coupon = _saving(frame, _COUPON, taken)
    discount = _saving(frame, _DISCOUNT, {*taken, coupon})
    money = frame[value] if value else frame[str(quantity)] * frame[str(price)]
    returns = bool((money < 0).any())
    reasons.append(
        f"{what}: purchases; money is {f'{value!r}' if value else f'{quantity!r} times {price!r}'}"
        + (f", baskets are {basket!r}" if basket else ", the purchases of a day are one basket")
        + (f", categories are {category!r}" if category else ", without categories")
        + (", negative values are returns." if returns else ".")
    )
    return EventSource(
        name,
        frame,
        key,
        time,
        value=value,
        quantity=quantity,
        price=price,
        basket=basket,
        category=category,
        store=store,
        discount=discount,
        coupon=coupon,
        returns=returns,
    )


def _money(frame: pd.DataFrame, key: str) -> tuple[str | None, str | None, str | None]:
    """Value, quantity and price columns."""
    numbers = [
        column
        for column in frame.columns
        if column != key and types.is_numeric_dtype(frame[column]) and not types.is_bool_dtype(frame[column])
    ]
    quantity = next((column for column in numbers if _QUANTITY.search(column)), None)
    price = next((column for column in numbers if _PRICE.search(column) and column != quantity), None)
    values = [
        column
        for column in numbers
        if _VALUE.search(column) and not _NOT_VALUE.search(column) and not _IDENTIFIER.search(column)
    ]
    if values:
        return values[0], quantity, None
    if quantity and price:
        return None, quantity, price
    return (price, quantity, None) if price else (None, quantity, None)


def _first(
    frame: pd.DataFrame,
    rule: re.Pattern[str],
    taken: set[str | None],
    *,
    most: int = _MAX_CATEGORIES,
    repeats: bool = False,
) -> str | None:
    """The first column that the rule names, that isn't taken and whose values suit."""
    for column in frame.columns:
        if column in taken or not rule.search(column) or types.is_datetime64_any_dtype(frame[column]):
            continue
        if types.is_float_dtype(frame[column]):
            continue
        distinct = frame[column].nunique()
        if repeats and distinct > 1:
            return str(column)
        if not repeats and 1 < distinct <= most and distinct < 0.5 * len(frame):
            return str(column)
    return None


def _saving(frame: pd.DataFrame, rule: re.Pattern[str], taken: set[str | None]) -> str | None:
    """A numeric column of money saved: never negative."""
    for column in frame.columns:
        if column in taken or not rule.search(column) or _IDENTIFIER.search(column):
            continue
        if types.is_float_dtype(frame[column]) and bool((frame[column].dropna() >= 0).all()):
            return str(column)
    return None


def _overlaps(frames: Mapping[str, pd.DataFrame], keys: Mapping[str, str], main: str) -> list[str]:
    """How many customers of the purchases each other table knows."""
    own = set(_keys(frames[main][keys[main]]).unique())
    found = []
    for name, key in keys.items():
        if name != main:
            share = len(own & set(_keys(frames[name][key]).unique())) / len(own)
            found.append(f"'{key}' of {name} covers {share:.0%} of the customers in {main} ('{keys[main]}').")
    return found
