"""What column names say, in English and Chinese: ids, row numbers, targets, levers, columns known only afterwards."""

from __future__ import annotations

import re

from workbench.contracts import Lever

_ID_END = re.compile(
    r"(^|[ _.\-#])(id|ids|key|uuid|guid|nr|no|num|number|code|hash|email|e-mail|mail|phone|mobile|iban|ssn)$",
    re.IGNORECASE,
)
_ID_CAMEL = re.compile(r"[a-z](ID|Id|No|Nr|Key|Code|Number|UUID)$")
_ID_CHINESE = re.compile(
    "(编号|编码|账号|帐号|卡号|会员号|客户号|订单号|用户名|手机号|手机|电话|邮箱|身份证号?|证件号|学号|工号|流水号|ID"
    "|^客户|^用户|^会员|^患者)$"
)
_ENTITY = re.compile(
    "customer|client|user|member|patient|household|account|subscriber|shopper|visitor|cust(?=[_ .-]?id)"
    "|客户|顾客|用户|会员|患者|账户",
    re.IGNORECASE,
)
_ROW_NUMBER = re.compile(
    r"^(instant|index|idx|row|rows|row ?(num|number|id|names?)|record|rec ?no|unnamed: ?\d+|column 1|level \d+|x1?"
    r"|no|nr|#|序号|行号|索引)$"
)
_WEIGHT = ("sample weight", "case weight", "row weight", "survey weight", "样本权重")
_TREATMENT = re.compile(
    r"(^| )(treatment|treated|arm|variant|campaign group|test group|control group|实验组|分组)($| )"
)
_CONTROL = re.compile(r"^(no[ -]?(e-?mail|mail|treatment|contact|offer)|control.*|placebo|对照组?)$", re.IGNORECASE)
_AFTERWARDS = re.compile(
    r"^(call )?duration( of call| seconds)?$"
    r"|^(churn|cancel|cancellation|exit|close|closing|end|default|death) (reason|date|score|category|value)$"
    r"|^(next|future|post|after|subsequent)( |$)|( |^)(after|afterwards|outcome|result)$"
    r"|^(customer status|satisfaction score|cltv)$|通话时长|结果$|原因$|流失日期|取消日期|退款|之后"
)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", ",").split(",") if word.strip())


TARGETS = _listed("""
    target, label, y, class, 购买行为, 是否购买, 是否流失, 流失, 标签, 目标, 购买, 是否违约, 违约, 是否响应, 响应, 结果
    churn, churned, exited, attrition, attrited, purchased, purchase, bought, visit, converted, conversion
    responded, response, subscribed, revenue, recommended ind, recommended, defaulted, fraud, is fraud, survived
    cancelled, returned, redeemed, clicked, segmentation, outcome, result, readmitted
    charges, cnt, count, sales, spend, spending, amount, price, cost, next spend, 消费, 销售额, 金额
""")
"""Likely names of a target, the likeliest first."""

_FIXED = _listed("""
    age, gender, sex, genre, region, country, city, state, zip, zip code, postcode, birth, birthday, marital, married
    education, race, ethnicity, children, household, dependents, senior, citizen, job, profession, occupation
    weather, season, holiday, tenure, 年龄, 性别, 地区, 城市, 省份, 学历, 婚姻, 职业, 生日, 家庭
""")
_CONTROLLABLE = _listed("""
    price, discount, coupon, coupons, offer, campaign, contact, contacts, channel, email, promotion, promo, mailer
    display, fee, rate plan, contract, shipping, delivery, treatment, 价格, 折扣, 优惠, 渠道, 活动, 促销, 运费
""")
_PARTLY = _listed("""
    visits, frequency, recency, spend, spending, purchases, purchase, basket, orders, sessions, pages, product
    products, category, payment, service, support, security, streaming, usage, balance, duration
    浏览, 频率, 金额, 时间, 品类
""")


def plain(name: str) -> str:
    """The name in lower case with single blanks between its words: ``CustomerID`` → ``customer id``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return re.sub(r"[\s_.\-/]+", " ", spaced).strip().lower()


def is_id_name(name: str) -> bool:
    """Whether the name is one for identifiers."""
    return bool(_ID_END.search(name) or _ID_CAMEL.search(name) or _ID_CHINESE.search(name))


def is_entity_name(name: str) -> bool:
    """Whether the name is one for the identifier of a customer, patient or account."""
    return is_id_name(name) and bool(_ENTITY.search(name))


def is_row_number_name(name: str) -> bool:
    """Whether the name is one for a row's position."""
    return bool(_ROW_NUMBER.match(plain(name)))


def is_weight_name(name: str) -> bool:
    """Whether the name is one for the weight of a row."""
    return plain(name) in _WEIGHT


def is_treatment_name(name: str) -> bool:
    """Whether the name is one for the arm of a test."""
    return bool(_TREATMENT.search(plain(name)))


def is_control_word(value: str) -> bool:
    """Whether a cell names the arm that got nothing."""
    return bool(_CONTROL.match(value.strip()))


def is_known_afterwards(name: str, target: str) -> bool:
    """Whether the name is of something that is known only when the target is, such as the length of the call."""
    words, goal = plain(name), plain(target)
    return bool(_AFTERWARDS.search(words)) or (len(goal) >= 4 and words != goal and words.startswith(f"{goal} "))


def lever(name: str) -> Lever:
    """What the name says about whether the business can change the column; a proposal, never more."""
    words = plain(name)
    if "price idx" in words or "price index" in words:
        return Lever.FIXED  # of the economy, not of the shop
    for found, known in ((Lever.FIXED, _FIXED), (Lever.CONTROLLABLE, _CONTROLLABLE), (Lever.PARTLY, _PARTLY)):
        if any(_has_word(words, word) for word in known):
            return found
    return Lever.UNKNOWN


def _has_word(words: str, word: str) -> bool:
    if not word.isascii():
        return word in words
    return re.search(rf"(^|[^a-z]){re.escape(word)}($|[^a-z])", words) is not None
