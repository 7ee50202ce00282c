"""Scores, a market, a date and what the creative brings, to verdicts and what a market does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from ..model.decision import MarketOutcome, NotEvaluated, Reason, Verdict
from ..model.facts import Facts
from ..model.ruleset import PolicyTable, Row
from ..model.vocabulary import ACTION_RANK, ACTIONS, Action, Severity, Stance
from .certificates import check_certificates
from .markets import Markets
from .score import NO_CAPS, Evidence, score

BELOW, SUSPECTED, SURE = 0, 1, 2
"""A score under the threshold for review, from there on, and from the one for acting on."""

# Dates come and go in a process that runs for months; the plans of old ones are not needed.
_PLANS_KEPT: Final = 4_096
_VERDICTS_KEPT: Final = 1_024


class Ruling(NamedTuple):
    """What one row says: the action, the reason's code, and the values that belong to it."""

    action: Action
    code: str
    values: Mapping[str, Any]


_NO_VALUES: Final[Mapping[str, Any]] = {}
_BELOW: Final = Ruling("approve", "below_review", _NO_VALUES)
_PROHIBITED: Final = {
    SUSPECTED: Ruling("review", "prohibited_suspected", _NO_VALUES),
    SURE: Ruling("reject", "prohibited", _NO_VALUES),
}
_WHERE: Final = 2
"""A reason with no more values than these names the policy and the field: it restricts nothing."""
_UNRESTRICTED: Final[Mapping[Action, MarketOutcome]] = {
    action: MarketOutcome(action, complete=True) for action in ACTIONS
}


class Asked(NamedTuple):
    """What a row is judged against."""

    row: Row
    code: str
    lineage: frozenset[str]
    on: date
    level: int
    facts: Facts


class _Plan:
    """What is known of a code in a market on a date before any creative comes."""

    __slots__ = ("code", "lineage", "made", "on", "rows", "severity")

    def __init__(
        self,
        code: str,
        on: date,
        severity: Severity,
        rows: tuple[Row, ...],
        lineage: frozenset[str],
    ) -> None:
        self.code, self.on, self.severity = code, on, severity
        self.rows, self.lineage = rows, lineage
        self.made: dict[tuple[float, tuple[int, ...], str | None, int | None], Verdict] = {}

    def judge(self, level: int, facts: Facts) -> tuple[Row, Ruling]:
        """The row that decides and what it says."""
        if level == BELOW:
            return self.rows[0], _BELOW
        return _strictest(
            [Asked(row, self.code, self.lineage, self.on, level, facts) for row in self.rows]
        )


class Policy:
    """A policy table, ready to judge. Immutable; what it learns of a date it only remembers.

    >>> from automod.model.ruleset import PolicyCode
    >>> default = Row("GMB.REAL/default", None, ("prohibited",), "platform")
    >>> table = PolicyTable({"GMB.REAL": PolicyCode("GMB.REAL", {}, "high", default)})
    >>> policy = Policy(table)
    >>> evidence = {"GMB.REAL": [Evidence(0, "g/casino", 0.9, "body", 0, 6)]}
    >>> verdicts = policy.verdicts("SA", date(2026, 11, 20), evidence, Facts("c1", ("SA",)))
    >>> [(v.policy, v.score, v.threshold, v.action, v.reason.code) for v in verdicts]
    [('GMB.REAL', 0.9, 0.85, 'reject', 'prohibited')]
    >>> policy.outcome(verdicts).action
    'reject'
    """

    def __init__(self, table: PolicyTable) -> None:
        self.table = table
        self.markets = Markets(table)
        self._review, self._act = table.review, table.act
        self._plans: dict[tuple[str, date], dict[str, _Plan]] = {}
        self._not_evaluated = {
            code: _at_least_restrict(action) for code, action in table.not_evaluated.items()
        }
        self._not_evaluated.setdefault("default", "review")

    def rows(self, code: str, market: str, on: date) -> tuple[Row, ...]:
        """The rows of a code that apply: those of the most specific market that has any.

        The market beats its parent, a parent beats groups, a group inside another beats it, and
        everything beats the default. Rows that remain side by side (unrelated groups) all apply:
        the strictest answer of any of them counts.

        Raises:
            KeyError: the table has no such code.
        """
        of_code = self.table.codes[code]
        current = [row for row in of_code.rows if _in_force(row, on)]
        for name in self.markets.ancestors(market):
            own = [row for row in current if row.market == name]
            if own:
                return tuple(sorted(own, key=_id))
        lineage = self.markets.lineage(market)
        grouped = [row for row in current if row.market in lineage]
        around: set[str] = set()
        for row in grouped:
            around |= self.markets.groups_around(row.market or "")
        inner = [row for row in grouped if row.market not in around]
        # Groups that contain each other never load; if they did, none would be inside.
        return tuple(sorted(inner or grouped, key=_id)) or (of_code.default,)

    def verdicts(
        self,
        market: str,
        on: date,
        evidence: Mapping[str, Sequence[Evidence]],
        facts: Facts,
        caps: Mapping[str, float] = NO_CAPS,
    ) -> tuple[Verdict, ...]:
        """One verdict for each code, in the order of codes.

        Args:
            market: where the creative is to run.
            on: the date of the decision.
            evidence: policy code -> its counted hits, at least one each.
            facts: the creative's advertiser, certificates and targeting.
            caps: qualified group -> the most that it may add to a score.

        Raises:
            KeyError: the table has no such code.
        """
        plans = self._plans.get((market, on))
        if plans is None:
            plans = self._remember(market, on)
        found = []
        for code in evidence if len(evidence) == 1 else sorted(evidence):
            plan = plans.get(code)
            if plan is None:
                plan = plans[code] = self._plan(code, market, on)
            found.append(self._verdict(plan, market, evidence[code], facts, caps))
        return tuple(found)

    def sure(self, code: str, market: str, on: date, facts: Facts) -> tuple[Row, Action]:
        """What is asked of content that is surely there: the row that decides, and the action.

        Raises:
            KeyError: the table has no such code.
        """
        row, ruling = self._plan(code, market, on).judge(SURE, facts)
        return row, ruling.action

    def outcome(
        self, verdicts: Sequence[Verdict], not_evaluated: Sequence[NotEvaluated] = ()
    ) -> MarketOutcome:
        """What a market does, from its verdicts and what was not evaluated there.

        The strictest action counts; restrictions are the highest age and all limits, by name.
        """
        restrictions = _restrictions(verdicts) if verdicts else ()
        if not not_evaluated and not restrictions and len(verdicts) < 2:
            return _UNRESTRICTED[verdicts[0].action if verdicts else "approve"]
        actions = [verdict.action for verdict in verdicts]
        actions += [self.action_of(missed.code) for missed in not_evaluated]
        return MarketOutcome(
            max(actions, key=ACTION_RANK.__getitem__),
            complete=not not_evaluated,
            restrictions=restrictions,
        )

    def action_of(self, code: str) -> Action:
        """The action for a code of what was not evaluated: never `approve`."""
        return self._not_evaluated.get(code) or self._not_evaluated["default"]

    def _remember(self, market: str, on: date) -> dict[str, _Plan]:
        if len(self._plans) >= _PLANS_KEPT:
            self._plans.clear()
        return self._plans.setdefault((market, on), {})

    def _plan(self, code: str, market: str, on: date) -> _Plan:
        severity = self.table.codes[code].severity
        rows = self.rows(code, market, on)
        return _Plan(code, on, severity, rows, self.markets.lineage(market))

    def _verdict(
        self,
        plan: _Plan,
        market: str,
        evidence: Sequence[Evidence],
        facts: Facts,
        caps: Mapping[str, float],
    ) -> Verdict:
        points = score(evidence, caps)
        because, field = _rests_on(evidence)
        if facts.certificates:
            return self._make_verdict(plan, market, points, because, field, facts)
        # Nothing else of the creative is in it: the next with the same score may have the same one.
        key = points, because, field, facts.min_age
        verdict = plan.made.get(key)
        if verdict is None:
            if len(plan.made) >= _VERDICTS_KEPT:
                plan.made.clear()
            verdict = self._make_verdict(plan, market, points, because, field, facts)
            plan.made[key] = verdict
        return verdict

    def _make_verdict(
        self,
        plan: _Plan,
        market: str,
        points: float,
        because: tuple[int, ...],
        field: str | None,
        facts: Facts,
    ) -> Verdict:
        level = SURE if points >= self._act else SUSPECTED if points >= self._review else BELOW
        row, ruling = plan.judge(level, facts)
        where = () if field is None else (("field", field),)
        return Verdict(
            market, plan.code, plan.severity, row.stances, row.id, row.ground, row.source,
            points, self._act if level == SURE else self._review, ruling.action, because,
            Reason(ruling.code, (("policy", plan.code), *where, *ruling.values.items())),
        )  # fmt: skip


def judge(asked: Asked) -> Ruling:
    """What one row says to a score of at least `review`: the strictest condition that is not met.

    >>> row = Row("X/SA", "SA", ("age_gate",), "law", min_age=18)
    >>> judge(Asked(row, "X", frozenset({"SA"}), date(2026, 1, 1), SURE, Facts("c1", ("SA",))))
    Ruling(action='restrict', code='age_gate', values={'min_age': 18})
    """
    unmet = [ruling for stance in asked.row.stances if (ruling := _CONDITIONS[stance](asked))]
    if not unmet:
        return Ruling("approve", "allowed", {})
    strictest = max(unmet, key=_strictness)
    return strictest._replace(values=_merged(unmet, strictest))


def _prohibited(asked: Asked) -> Ruling | None:
    return _PROHIBITED[asked.level]


def _certificate(asked: Asked) -> Ruling | None:
    fault = check_certificates(asked.facts, asked.code, asked.lineage, asked.on)
    if fault is None:
        return None
    return Ruling("reject" if asked.level == SURE else "review", fault.code, fault.values)


def _age_gate(asked: Asked) -> Ruling | None:
    # A row without an age does not load; adults only is the careful reading of one made in code.
    least = 18 if asked.row.min_age is None else asked.row.min_age
    if asked.facts.min_age is not None and asked.facts.min_age >= least:
        return None
    return Ruling("restrict", "age_gate", {"min_age": least})


def _limited(asked: Asked) -> Ruling | None:
    return Ruling("review", "limited", {"limits": asked.row.limits})


def _allowed(_: Asked) -> Ruling | None:
    return None


_CONDITIONS: Final[Mapping[Stance, Callable[[Asked], Ruling | None]]] = {
    "prohibited": _prohibited,
    "certificate": _certificate,
    "age_gate": _age_gate,
    "limited": _limited,
    "allowed": _allowed,
}

# Of two that ask for the same action the one further left is the reason: it is the harder to meet.
_REASON_ORDER: Final = ("prohibited", "prohibited_suspected", "certificate", "limited", "age_gate")


def _strictness(ruling: Ruling) -> tuple[int, int]:
    place = next((k for k, code in enumerate(_REASON_ORDER) if ruling.code.startswith(code)), 9)
    return ACTION_RANK[ruling.action], -place


def _strictest(asked: Sequence[Asked]) -> tuple[Row, Ruling]:
    """The strictest of several rows, with the ages and limits that the others ask for as well."""
    rulings = [(one.row, judge(one)) for one in asked]
    row, strictest = max(rulings, key=lambda pair: _strictness(pair[1]))
    if len(rulings) == 1:
        return row, strictest
    merged = _merged([ruling for _, ruling in rulings], strictest)
    return row, strictest._replace(values=merged)


def _merged(rulings: Sequence[Ruling], strictest: Ruling) -> dict[str, Any]:
    """The values of the strictest, with the highest age and every limit of all."""
    values = dict(strictest.values)
    ages = [ruling.values["min_age"] for ruling in rulings if "min_age" in ruling.values]
    if ages:
        values["min_age"] = max(ages)
    limits = {limit for ruling in rulings for limit in ruling.values.get("limits", ())}
    if limits:
        values["limits"] = tuple(sorted(limits))
    return values


def _rests_on(evidence: Sequence[Evidence]) -> tuple[tuple[int, ...], str | None]:
    """The numbers of the hits, ascending, and the field of the first that has one."""
    numbers = [hit.n for hit in evidence]
    field = evidence[0].field
    if field is None or numbers != sorted(numbers):
        ordered = sorted(evidence, key=lambda hit: hit.n)
        numbers = [hit.n for hit in ordered]
        field = next((hit.field for hit in ordered if hit.field is not None), None)
    return tuple(numbers), field


def _restrictions(verdicts: Sequence[Verdict]) -> tuple[dict[str, Any], ...]:
    age = -1
    limits: list[str] = []
    for verdict in verdicts:
        if len(verdict.reason.items) <= _WHERE:
            continue
        values = verdict.reason.values
        if "min_age" in values:
            age = max(age, values["min_age"])
        if "limits" in values:
            limits += values["limits"]
    if age < 0 and not limits:
        return ()
    ages = () if age < 0 else ({"kind": "age", "min": age},)
    return (*ages, *[{"kind": "limit", "limit": limit} for limit in sorted(set(limits))])


def _at_least_restrict(action: str) -> Action:
    """An action as written, unless it is one that would read what nobody looked at as clean."""
    known: dict[str, Action] = {"restrict": "restrict", "review": "review", "reject": "reject"}
    return known.get(action, "review")


def _in_force(row: Row, on: date) -> bool:
    return (row.from_ is None or row.from_ <= on) and (row.until is None or on <= row.until)


def _id(row: Row) -> str:
    return row.id
