"""An evaluation as it may come: simulated creatives of three codes in five markets, counted."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import comb, prod
from typing import Any, Literal

from automod.evaluate.intervals import wilson
from automod.model.comparison import (
    Change,
    Comparison,
    Difference,
    Flip,
    FlipKind,
    GateLine,
    GateResult,
)  # fmt: skip
from automod.model.evaluation import (
    NOTHING,
    POINTS,
    About,
    Account,
    Agreement,
    By,
    Curve,
    CurvePoint,
    Evaluation,
    Example,
    Measures,
    Outcomes,
    Overlap,
    Part,
    Point,
    Ratio,
    Slice,
    Warned,
)  # fmt: skip
from automod.model.vocabulary import ACTION_RANK, ACTIONS, Action
from worlds import MARKETS, MATERIALS, PLAIN, TEXTS, WANTED, Material

Key = tuple[str, str, str]
"""Creative, market, policy."""


@dataclass(frozen=True)
class Ad:
    """One creative of the simulation."""

    id: str
    language: str
    markets: tuple[str, ...]
    text: str
    present: tuple[str, ...]
    hits: tuple[Material, ...]

    def score(self, code: str) -> float:
        """What was hit, together."""
        weights = (1 - one.weight for one in self.hits if one.policy == code and one.live)
        return round(1 - prod(weights), 4)


@dataclass(frozen=True)
class Row:
    """One creative x market x code."""

    ad: Ad
    market: str
    policy: str
    wanted: Action
    action: Action

    @property
    def present(self) -> bool:
        """Whether the content is there."""
        return self.policy in self.ad.present

    def value(self, axis: str) -> str:
        """Where the row is, along an axis."""
        if axis == "language":
            return self.ad.language
        return self.market if axis == "market" else self.policy


def _ad(number: int, draw: random.Random, blind: frozenset[str]) -> Ad:
    """A creative: risky or not, in one or two markets of its language."""
    language = draw.choices(("ar", "en", "es"), (6, 3, 1))[0]
    markets = draw.sample(MARKETS[language], k=min(draw.choice((1, 1, 2)), len(MARKETS[language])))
    code = draw.choices((*WANTED, None), (20, 14, 9, 57))[0]
    words = [one for one in MATERIALS if one.language == language and one.surface]
    used: list[Material] = []
    if code is not None:
        # Some risky ads say it in words that nobody listed.
        own = [one for one in words if one.policy == code]
        used = draw.sample(own, k=min(draw.choice((0, 1, 1, 2, 2)), len(own)))
    elif draw.random() < 0.13:
        used = [draw.choices(words, [one.innocent for one in words])[0]]
    template = draw.choice(TEXTS[language] if code else PLAIN[language])
    text = template.format(" ".join(one.surface for one in used)).replace("  ", " ")
    found = [one for one in used if draw.random() < one.found and one.id not in blind]
    if code is not None and len(used) > 1:
        found += [one for one in MATERIALS if one.kind == "rule" and one.policy == code]
    return Ad(f"ad-{number:05}", language, tuple(markets), text, (code,) if code else (),
              tuple(found))  # fmt: skip


def _rows(ads: Iterable[Ad]) -> list[Row]:
    return [
        Row(ad, market, code, _wanted(ad, code, market), _done(ad, code, market))
        for ad in ads
        for market in ad.markets
        for code in WANTED
    ]


def _wanted(ad: Ad, code: str, market: str) -> Action:
    return WANTED[code][market] if code in ad.present else "approve"


def _done(ad: Ad, code: str, market: str) -> Action:
    score = ad.score(code)
    if score < 0.5:
        return "approve"
    asked = WANTED[code][market]
    return "review" if asked == "reject" and score < 0.85 else asked


@cache
def rows(blind: frozenset[str] = frozenset(), ads: int = 1400) -> tuple[Row, ...]:
    """All that is counted, when some of the materials do not work."""
    draw = random.Random(20261120)
    return tuple(_rows([_ad(number, draw, blind) for number in range(ads)]))


# --- counted -------------------------------------------------------------------------------------


def ratio(count: int, of: int, support: int = 30) -> Ratio:
    """A ratio of independent trials."""
    if not of:
        return NOTHING
    ends = wilson(count, of)
    return Ratio(count, of, count / of, ends.low, ends.high, "wilson", enough=of >= support)


def measures(tp: int, fp: int, fn: int, tn: int) -> Measures:
    """All ratios of four counts."""
    recall, alarms = ratio(tp, tp + fn), ratio(fp, fp + tn)
    total = (recall.value or 0) + (alarms.value or 0)
    so = NOTHING
    if total and recall.value is not None and alarms.value is not None:
        value = recall.value / total
        so = Ratio(tp, tp + fp, value, max(value - 0.05, 0), min(value + 0.02, 1), "mover",
                   enough=recall.enough)  # fmt: skip
    return Measures(
        tp, fp, fn, tn, ratio(tp, tp + fp), recall, ratio(2 * tp, 2 * tp + fp + fn), alarms, so,
        ratio(tp + fp, tp + fp + fn + tn),
    )  # fmt: skip


def counted(pairs: Iterable[tuple[bool, bool]]) -> Measures:
    """Measures of pairs: whether it is there, and whether it was caught."""
    seen = list(pairs)
    return measures(*(seen.count(one) for one in (
        (True, True), (False, True), (True, False), (False, False),
    )))  # fmt: skip


def at(row: Row, point: Point) -> tuple[bool, bool]:
    """Whether a point asks for a row, and whether its action reaches it."""
    if point == "stopped":
        return row.wanted == "reject", row.action == "reject"
    if point == "flagged":
        return ACTION_RANK[row.wanted] >= 2, ACTION_RANK[row.action] >= 2
    return row.wanted == "restrict", row.action == "restrict"


def slices(axes: Sequence[str], some: Sequence[Row]) -> list[Slice]:
    """What each slice is worth, at every point."""
    parts: dict[By, list[Row]] = {}
    for row in some:
        parts.setdefault(tuple((axis, row.value(axis)) for axis in axes), []).append(row)
    return [
        Slice(by, point, counted(at(row, point) for row in members), len(members) // 90)
        for point in POINTS
        for by, members in sorted(parts.items())
    ]


def _parts(some: Sequence[Row]) -> list[Part]:
    """What each material is worth for its code."""
    found = []
    for one in MATERIALS:
        mine = {row.ad.id: row for row in some if row.policy == one.policy}.values()
        if not any(one in row.ad.hits for row in mine):
            continue
        worth = counted((row.present, one in row.ad.hits) for row in mine)
        alone = sum(
            row.present and [hit for hit in row.ad.hits if hit.policy == one.policy] == [one]
            for row in mine
        )
        by: By = ((("rule" if one.kind == "rule" else "material"), one.id), ("policy", one.policy))
        found.append(Part(by, worth, alone, one.covered_by, "live" if one.live else "shadow"))
    return found


def _curve(by: By, some: Sequence[Row], thresholds: Iterable[float] | None = None) -> Curve:
    scored = [(row.present, row.ad.score(row.policy)) for row in some]
    wanted = thresholds or sorted({score for _, score in scored if score > 0})
    return Curve(by, tuple(_curve_point(one, scored) for one in wanted))


def _curve_point(threshold: float, scored: Sequence[tuple[bool, float]]) -> CurvePoint:
    worth = counted((present, score >= threshold) for present, score in scored)
    return CurvePoint(threshold, worth.precision, worth.recall, worth.rate)


def _example(row: Row) -> Example:
    missed = row.present and row.action == "approve"
    outcome: Literal["right", "false_alarm", "missed"] = (
        "missed" if missed else "right" if row.present else "false_alarm"
    )
    return Example(
        outcome, row.ad.id, row.market, row.policy, row.action, row.wanted,
        row.ad.score(row.policy), {"title": TITLES[row.ad.language], "body": row.ad.text},
        ("banner.png",) if row.ad.id.endswith("7") else (), hits(row),
    )  # fmt: skip


TITLES = {"ar": "عرض اليوم", "en": "Today only", "es": "Solo hoy"}


def hits(row: Row) -> tuple[dict[str, Any], ...]:
    """The hits of a row's code, as a decision has them in JSON."""
    mine = [one for one in row.ad.hits if one.policy == row.policy]
    return tuple(_hit(n, one, row.ad.text) for n, one in enumerate(mine))


def _hit(n: int, one: Material, text: str) -> dict[str, Any]:
    start = text.find(one.surface) if one.surface else -1
    place = {"field": "body", "start": start, "end": start + len(one.surface),
             "text": one.surface} if start >= 0 else {
                 "field": None, "start": None, "end": None, "text": None}  # fmt: skip
    return {
        "n": n, "material": one.id, "version": "2026.11.1", "policies": [one.policy],
        "status": "live" if one.live else "shadow", "kind": one.kind, **place, "view": "safe",
        "folds": ["tatweel"] if "ـ" in one.surface else [], "confidence": 1.0,
        "weight": one.weight, "distance": None, "at": None, "box": None, "parts": [],
        "allowed_by": None, "overridden_by": None,
    }  # fmt: skip


def _examples(some: Sequence[Row]) -> list[Example]:
    """A few of each outcome, of every code."""
    found: dict[tuple[str, str], list[Example]] = {}
    for row in some:
        if (row.present and row.wanted != "approve") or row.action != "approve":
            one = _example(row)
            found.setdefault((one.outcome, one.policy), []).append(one)
    return [one for group in found.values() for one in group[:3]]


def _outcomes(some: Sequence[Row]) -> Outcomes:
    creatives = tuple(dict.fromkeys(row.ad.id for row in some))
    markets, languages = ("SA", "AE", "EG", "NG", "ES"), ("ar", "en", "es")
    policies = tuple(WANTED)
    place = {name: number for number, name in enumerate(creatives)}
    of = tuple(place[row.ad.id] for row in some)
    return Outcomes(
        creatives=creatives, markets=markets, policies=policies, languages=languages, creative=of,
        market=tuple(markets.index(row.market) for row in some),
        policy=tuple(policies.index(row.policy) for row in some),
        language=tuple(languages.index(row.ad.language) for row in some),
        present=tuple(row.present for row in some),
        wanted=tuple(ACTIONS.index(row.wanted) for row in some),
        action=tuple(ACTIONS.index(row.action) for row in some),
        score=tuple(row.ad.score(row.policy) for row in some), weight=(1.0,) * len(some), group=of,
        complete=(True,) * len(some),
    )  # fmt: skip


RULESET = "sha256:7d1c0c0b52ab6d3f0f4b4c1e3d1a9a7e5b0f3c2d1e4f5a6b7c8d9e0f1a2b3c4d"
ABOUT = About(
    automod="0.1.0", rulesets=(RULESET,),
    policies="sha256:1f0e9d8c7b6a59483726150493827160594837261504938271605948372615aa",
    decided_from="2026-11-01", decided_until="2026-11-30", labelled_from="2026-10-02",
    labelled_until="2026-12-04", where=(("month", "2026-11"),), confidence=0.95, exact=False,
    support=30, clusters=100, weighted=False, grouped=True, materials=42,
)  # fmt: skip

WARNINGS = (
    Warned("recall.hits_only", (("cases", 212),)),
    Warned("decisions.incomplete", (("trials", 46),)),
    Warned("labels.disputed", (("labels", 9),)),
    Warned("labels.stale", (("trials", 37),)),
)

AGREEMENT = (
    Agreement("*", "h.salem", "m.okafor", 240, 222, 0.84, 0.77, 0.91, enough=True),
    Agreement("SA", "h.salem", "m.okafor", 96, 91, 0.88, 0.78, 0.97, enough=True),
    Agreement("ES", "h.salem", "l.ruiz", 12, 11, None, None, None, enough=False),
)


@cache
def evaluation() -> Evaluation:
    """Three codes, five markets, three languages, some forty materials."""
    some = rows()
    axes = ((), ("policy",), ("market",), ("language",), ("policy", "market"),
            ("market", "language"))  # fmt: skip
    made = [one for cut in axes for one in slices(cut, some)]
    whole = slices((), some)
    return Evaluation(
        schema=1, about=ABOUT, account=_account(some), warnings=WARNINGS, slices=tuple(made),
        impressions=tuple(_heavier(one) for one in (*whole, *slices(("policy",), some))),
        parts=tuple(_parts(some)),
        overlaps=(
            Overlap("GMB.REAL", "gambling-ar/casino", "gambling-ar/casino-online", 14, 61),
            Overlap("WGT.PROD", "weight-ar/slimming", "weight-ar/fat", 9, 48),
        ),
        dead=("gambling-ar/roulette-old", "weight-es/faja-magica", "crypto-ar/hawala"),
        curves=tuple(_curve((("policy", code),), _of(some, "policy", code)) for code in WANTED),
        thresholds=tuple(
            _curve((("stance", stance),), [row for row in some if _asks(row) == action],
                   [tenth / 20 for tenth in range(6, 20)])
            for stance, action in (("prohibited", "reject"), ("certificate", "review"),
                                   ("age_gate", "restrict"))
        ),
        agreement=AGREEMENT, examples=tuple(_examples(some)), outcomes=_outcomes(some),
    )  # fmt: skip


def _of(some: Sequence[Row], axis: str, value: str) -> list[Row]:
    return [row for row in some if row.value(axis) == value]


def _asks(row: Row) -> Action:
    return WANTED[row.policy][row.market]


def _heavier(one: Slice) -> Slice:
    """A slice by impressions: the counts stay, what they stand for does not."""
    worth = one.measures
    precision = worth.precision
    if precision.value is None:
        return one
    value = precision.value * 0.97
    heavier = replace(precision, value=value, low=value * 0.9, high=min(value * 1.03, 1),
                      method="bootstrap")  # fmt: skip
    return replace(one, measures=replace(worth, precision=heavier))


def _account(some: Sequence[Row]) -> Account:
    ads = len({row.ad.id for row in some})
    return Account(
        cases=ads + 12, decisions=ads + 31, undecided=8, without_markets=4, unlabelled=31,
        unknown=22, disputed=9, trials=len(some), present=sum(row.present for row in some),
        incomplete=46, stale=37, groups=ads - 96, sampled=ads - 200, found_by_hits=212,
    )  # fmt: skip


@cache
def small() -> Evaluation:
    """Hardly anything: one code in one market, nothing caught, nothing to be caught."""
    nothing = measures(0, 0, 0, 4)
    by: By = (("policy", "GMB.REAL"), ("market", "KW"))
    made = tuple(
        Slice(one, point, nothing, 0) for one in ((), by[:1], by[1:], by) for point in POINTS
    )
    full = evaluation()
    return replace(
        full, warnings=(), slices=made, impressions=(), parts=(), overlaps=(), dead=(), curves=(),
        thresholds=(), agreement=(), examples=(),
        outcomes=replace(
            full.outcomes, creatives=("ad-1",), markets=("KW",), policies=("GMB.REAL",),
            languages=(), creative=(0,), market=(0,), policy=(0,), language=(-1,),
            present=(False,), wanted=(0,), action=(0,), score=(0.0,), weight=(1.0,), group=(0,),
            complete=(True,),
        ),
    )  # fmt: skip


# --- compared ------------------------------------------------------------------------------------

LEARNED = frozenset({"gambling-ar/free-spins", "weight-ar/needle", "crypto-ar/sure-trade"})
"""Materials that the baseline did not have."""
FORGOTTEN = frozenset({"gambling-en/bet-now"})


def _change(by: By, point: Point, pairs: Sequence[tuple[Row, Row]]) -> Change:
    """What changed in pairs of a row before and after."""
    asked = [at(after, point)[0] for _, after in pairs]
    caught = [(at(before, point)[1], at(after, point)[1]) for before, after in pairs]
    old, new = (counted(zip(asked, (one[k] for one in caught), strict=True)) for k in (0, 1))
    flips = [(wanted, *one) for wanted, one in zip(asked, caught, strict=True)]
    gained, lost = flips.count((True, False, True)), flips.count((True, True, False))
    new_alarms, gone = flips.count((False, False, True)), flips.count((False, True, False))
    return Change(
        by, point, gained, lost, new_alarms, gone,
        old.recall, new.recall, _difference(old.recall, new.recall), mcnemar(gained, lost),
        old.precision, new.precision, _difference(old.precision, new.precision),
        old.false_alarm_rate, new.false_alarm_rate,
        _difference(old.false_alarm_rate, new.false_alarm_rate), mcnemar(new_alarms, gone),
    )  # fmt: skip


def mcnemar(one: int, other: int) -> float:
    """Exact, of two discordant counts."""
    total = one + other
    tail = sum(comb(total, k) for k in range(min(one, other) + 1))
    return min(2.0 * tail / float(2**total), 1.0)


def _difference(before: Ratio, after: Ratio) -> Difference:
    if before.value is None or after.value is None:
        return Difference(None, None, None, enough=False)
    value = after.value - before.value
    half = ((after.high or 0) - (after.low or 0)) / 3
    return Difference(value, value - half, value + half, before.enough and after.enough)


@cache
def comparison() -> Comparison:
    """The same cases before a few materials came, and one went."""
    pairs = list(zip(rows(LEARNED), rows(FORGOTTEN), strict=True))
    cuts: list[By] = [(), *(((axis, value),) for axis, values in (
        ("market", ("SA", "AE", "EG", "NG", "ES")), ("language", ("ar", "en", "es")),
        ("policy", tuple(WANTED)),
    ) for value in values)]  # fmt: skip
    changes = tuple(
        _change(by, point, [pair for pair in pairs if all(pair[0].value(a) == v for a, v in by)])
        for point in POINTS
        for by in cuts
    )
    return Comparison(
        schema=1, before=replace(ABOUT, rulesets=("sha256:" + "5a" * 32,)), after=ABOUT,
        paired=True, trials=len(pairs), only_before=0, only_after=3, changes=changes,
        flips=tuple(_flips(pairs)),
    )  # fmt: skip


def _flips(pairs: Iterable[tuple[Row, Row]]) -> Iterator[Flip]:
    for before, after in pairs:
        asked, was = at(before, "flagged")
        now = at(after, "flagged")[1]
        if was != now:
            yield Flip(
                _kind(asked, now), after.ad.id, after.market, after.policy, after.wanted,
                before.action, after.action, {"body": after.ad.text}, hits(before), hits(after),
            )  # fmt: skip


def _kind(asked: bool, now: bool) -> FlipKind:
    if asked:
        return "gained" if now else "lost"
    return "new_alarm" if now else "gone_alarm"


def gate() -> GateResult:
    """A promise that is kept, one that is broken, two that nobody can tell."""
    made = evaluation()
    stopped, flagged = made.at("stopped"), made.at("flagged", policy="CRY.INVEST", market="ES")
    assert stopped is not None and flagged is not None
    precision, recall = stopped.measures.precision, flagged.measures.recall
    return GateResult((
        GateLine("rightly stopped", (), "stopped", "precision", "low", 0.85, precision.low,
                 precision, "pass", allowed=False),
        GateLine("few alarms", (("policy", "GMB.REAL"), ("market", "SA")), "flagged",
                 "false_alarm_rate", "high", 0.01, 0.031, ratio(16, 720), "fail", allowed=False),
        GateLine("Spain", flagged.by, "flagged", "recall", "low", 0.5, recall.low, recall,
                 "not_enough_data", allowed=True),
        GateLine("", (), "flagged", "no_regression", "p", 0.05, 0.0312, None, "fail",
                 allowed=False),
    ))  # fmt: skip
