"""Everything a ruleset knows of one name: a package, material, rule, override, code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from automod.engine.standing import Subjects, in_market, stand
from automod.load.overrides import covered
from automod.model.columns import column
from automod.model.ruleset import (
    Allow,
    Condition,
    Material,
    Override,
    Package,
    PolicyCode,
    Row,
    Rule,
    Ruleset,
    Scope,
)
from automod.model.vocabulary import WEIGHTS
from automod.policy.markets import Markets
from automod.policy.verdict import Policy
from automod.text.fold import fold

from .condition_text import condition_text

Facts = dict[str, Any]
"""Name -> a text, a number, a list of texts, or a list of such mappings; nothing that is empty."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one thing of a ruleset."""

    kind: str
    id: str
    facts: Mapping[str, Any]


def look_up(
    ruleset: Ruleset, name: str, markets: Sequence[str] = (), *, on: date
) -> tuple[Entry, ...]:
    """What the ruleset has under a name; several entries where several things are called so.

    Args:
        ruleset: what was loaded.
        name: a package, `package/id`, an id alone where one package has it, an override, a code.
        markets: the markets for which standing and stance are worked out.
        on: the date for which they are.

    Raises:
        KeyError: there is nothing of that name.

    >>> from automod.model.ruleset import PolicyTable
    >>> package = Package("p", "1", "me", materials=(Material("p/casino", "keyword", "Casino"),))
    >>> ruleset = Ruleset((package,), PolicyTable({}))
    >>> look_up(ruleset, "casino", on=date(2026, 11, 20))[0].facts["folded"]
    'casino'
    """
    found = list(_Lookup(ruleset, tuple(markets), on).entries(name))
    if not found:
        raise KeyError(name)
    return tuple(found)


def names(ruleset: Ruleset) -> Iterator[str]:
    """Every name that `look_up` knows."""
    yield from ruleset.policies.codes
    yield from (override.id for override in ruleset.overrides)
    for package in ruleset.packages:
        yield package.name
        yield from _ids([package])


def ids(ruleset: Ruleset, name: str) -> list[str]:
    """The ids `package/id` that a name may stand for: itself, or all that end so.

    >>> from automod.model.ruleset import PolicyTable
    >>> package = Package("p", "1", "me", materials=(Material("p/casino", "keyword", "Casino"),))
    >>> ids(Ruleset((package,), PolicyTable({})), "casino")
    ['p/casino']
    """
    known = list(_ids(ruleset.packages))
    return [name] if name in known else [one for one in known if one.partition("/")[2] == name]


def _parts(package: Package) -> Sequence[Sequence[Material | Rule | Allow]]:
    return package.materials, package.rules, package.allows


def _ids(packages: Iterable[Package]) -> Iterator[str]:
    for package in packages:
        for part in _parts(package):
            yield from column(part, "id")


@dataclass(frozen=True, slots=True)
class _Lookup:
    ruleset: Ruleset
    markets: tuple[str, ...]
    on: date

    def entries(self, name: str) -> Iterator[Entry]:
        code = self.ruleset.policies.codes.get(name)
        if code is not None:
            yield Entry("policy", name, _filled(self.code(code)))
        for override in self.ruleset.overrides:
            if override.id == name:
                yield Entry("override", name, _filled(self.override(override)))
        for package in self.ruleset.packages:
            if package.name == name:
                yield Entry("package", name, _filled(self.package(package)))
            for part in _parts(package):
                for n, known in enumerate(column(part, "id")):
                    if name in (known, known.partition("/")[2]):
                        yield self.member(package, part[n])

    def member(self, package: Package, one: Material | Rule | Allow) -> Entry:
        if isinstance(one, Material):
            return Entry("material", one.id, _filled(self.material(package, one)))
        if isinstance(one, Rule):
            return Entry("rule", one.id, _filled(self.rule(package, one)))
        return Entry("allow", one.id, _filled(self.allow(package, one)))

    def package(self, package: Package) -> Facts:
        kinds: dict[str, int] = {}
        for kind in column(package.materials, "kind"):
            kinds[kind] = kinds.get(kind, 0) + 1
        return {
            "title": [f"{lang}: {title}" for lang, title in sorted(package.title.items())],
            "version": package.version,
            "owner": package.owner,
            "status": package.status,
            **_rollout(package, package),
            "policies": list(package.policies)
            or "none: a bank, which counts only in rules of others",
            "languages": list(package.languages),
            **_scope(package.scope),
            "overrides": self._overrides(self._aimed_at(package.name)),
            "materials": [f"{count} {kind}" for kind, count in sorted(kinds.items())],
            "caps": [f"{group}: {cap}" for group, cap in sorted(package.caps.items())],
            "examples": len(package.examples),
            "contains": [_brief(one) for part in _parts(package) for one in part],
            **package.about,
        }

    def material(self, package: Package, material: Material) -> Facts:
        folded = fold(material.value).text
        return {
            "kind": material.kind,
            "value": material.value,
            "folded": folded if folded != material.value else None,
            "view": material.view,
            "boundary": material.boundary if material.kind in ("keyword", "phrase") else None,
            "language": material.language or None,
            "swaps": "yes" if material.swaps else None,
            "only if obfuscated": "yes" if material.only_if_obfuscated else None,
            "only languages": list(material.only_languages) or None,
            "gap": material.gap,
            **self._counting(package, material.weight, material.group),
            "policies": list(material.policies) or "none: counts only in rules",
            "tags": list(material.tags),
            **self._standing(package, material),
            "used by rules": [
                f"{rule.id}: {condition_text(rule.condition)}"
                for rule in self._rules_with(material)
            ],
            "stance": self._stances(material.policies),
            **material.about,
        }

    def rule(self, package: Package, rule: Rule) -> Facts:
        return {
            "when": condition_text(rule.condition),
            "within": f"{rule.within} words" if rule.within is not None else None,
            "same field": "yes" if rule.same_field else None,
            **self._counting(package, rule.weight, rule.group),
            "policies": list(rule.policies) or "none: counts only in rules",
            "tags": list(rule.tags),
            **self._standing(package, rule),
            "stance": self._stances(rule.policies),
            **rule.about,
        }

    def allow(self, package: Package, allow: Allow) -> Facts:
        held = allow.material
        return {
            "kind": "advertiser" if held is None else held.kind,
            "value": None if held is None else held.value,
            "folded": None if held is None else fold(held.value).text,
            "view": None if held is None else held.view,
            "boundary": None if held is None else held.boundary,
            "gap": 0 if held is None else held.gap,
            "advertisers": list(allow.advertisers),
            "protects": list(allow.packages),
            "and codes": list(allow.policies),
            "status": _least(allow.status, package.status),
            **_scopes(package.scope, allow.scope),
            **allow.about,
        }

    def override(self, override: Override) -> Facts:
        package, _, _ = override.target.partition("/")
        home = next((one for one in self.ruleset.packages if one.name == package), None)
        members = [] if home is None else [one.id for one in covered(override.target, home)]
        return {
            "target": override.target,
            "markets": list(override.markets) or "everywhere",
            "sets": _sets(override),
            "from": _day(override.from_),
            "until": _day(override.until) or f"permanent: {override.reason}",
            "in force": f"{'yes' if _in_force(override, self.on) else 'no'}, on {self.on}",
            "by": override.by,
            "ticket": override.ticket,
            "covers": members or "nothing that is loaded",
        }

    def code(self, code: PolicyCode) -> Facts:
        table = self.ruleset.policies
        materials = [
            name
            for package in self.ruleset.packages
            for part in (package.materials, package.rules)
            for name, own in zip(column(part, "id"), column(part, "policies"), strict=True)
            if code.code in own
        ]
        return {
            "title": [f"{lang}: {title}" for lang, title in sorted(code.title.items())],
            "severity": code.severity,
            "while review": code.while_review,
            "thresholds": f"review from {table.review}, act from {table.act}",
            "in force": self._in_force(code),
            "default": None if self.markets else [_row(code.default)],
            "rows": [] if self.markets else [_row(row) for row in code.rows],
            "hit by": materials,
        }

    def _in_force(self, code: PolicyCode) -> list[Facts]:
        policy = Policy(self.ruleset.policies)
        return [
            {"for": market, **_row(row)}
            for market in self.markets
            for row in policy.rows(code.code, market, self.on)
        ]

    def _counting(self, package: Package, weight: float, group: str | None) -> Facts:
        named = next((name for name, value in WEIGHTS.items() if value == weight), None)
        cap = None if group is None else package.caps.get(group)
        return {
            "weight": f"{weight} ({named})" if named else weight,
            "group": group if cap is None else f"{group}, which adds at most {cap}",
        }

    def _standing(self, package: Package, one: Material | Rule) -> Facts:
        """Status and scope as they act: the package's and its own, with overrides."""
        subjects = Subjects(
            Ruleset((package,), self.ruleset.policies, self.ruleset.overrides), None
        )
        number = subjects.number(one.id)
        subject = subjects.rule(package, one) if isinstance(one, Rule) else subjects[number or 0]
        lineage = Markets(self.ruleset.policies).lineage
        stands = []
        for market in self.markets:
            now = stand(subject, lineage(market), self.on)
            acts = now.status if in_market(subject, lineage(market)) else "out of scope"
            stands.append(f"{market}: {acts}, weight {now.weight}, view {now.view}")
        return {
            "status": subject.status,
            **_rollout(package, one),
            **_scopes(package.scope, one.scope),
            "overrides": self._overrides(subject.overrides),
            "stands": stands,
        }

    def _aimed_at(self, package: str) -> list[Override]:
        return [one for one in self.ruleset.overrides if one.target.split("/")[0] == package]

    def _overrides(self, overrides: Sequence[Override]) -> list[str]:
        return [
            f"{one.id}: {one.target} to {_sets(one)} in {', '.join(one.markets) or 'all markets'}"
            f" ({'in force' if _in_force(one, self.on) else 'not in force'})"
            for one in overrides
        ]

    def _rules_with(self, material: Material) -> Iterator[Rule]:
        wanted = {("material", material.id), *(("tag", tag) for tag in material.tags)}
        for package in self.ruleset.packages:
            for rule in package.rules:
                if not wanted.isdisjoint((leaf.op, leaf.name) for leaf in _leaves(rule.condition)):
                    yield rule

    def _stances(self, codes: Sequence[str]) -> list[str]:
        """What each code asks in the markets asked about; by default, and where it differs."""
        table, policy = self.ruleset.policies, Policy(self.ruleset.policies)
        told = []
        for code in codes:
            for market in self.markets:
                asked = "; ".join(map(_asks, policy.rows(code, market, self.on)))
                told.append(f"{code} in {market}: {asked}")
            if not self.markets and code in table.codes:
                rows = table.codes[code].rows
                parts = [f"by default {_asks(table.codes[code].default)}"]
                parts += [f"{row.market} {_asks(row)}" for row in rows]
                told.append(f"{code}: {', '.join(parts)}")
        return told


def _filled(facts: Facts) -> Facts:
    return {name: value for name, value in facts.items() if value not in (None, [], "", 0)}


def _leaves(condition: Condition) -> Iterator[Condition]:
    if not condition.parts:
        yield condition
    for part in condition.parts:
        yield from _leaves(part)


def _brief(one: Material | Rule | Allow) -> str:
    if isinstance(one, Rule):
        return f"{one.id}  rule: {condition_text(one.condition)}"
    if isinstance(one, Allow):
        value = one.material.value if one.material else ", ".join(one.advertisers)
        return f"{one.id}  allow: {value}"
    return f"{one.id}  {one.kind}: {one.value}"


def _scope(scope: Scope) -> Facts:
    return {
        "markets": list(scope.markets) or "everywhere",
        "fields": list(scope.fields),
        "from": _day(scope.from_),
        "until": _day(scope.until),
    }


def _scopes(package: Scope, own: Scope) -> Facts:
    """The scope in effect: both must hold."""
    both = [scope for scope in (package, own) if scope.markets]
    markets: Any = list(both[0].markets) if both else "everywhere"
    if len(both) > 1 and both[0].markets != both[1].markets:
        markets = f"{', '.join(own.markets)}; and of the package: {', '.join(package.markets)}"
    begins = [day for day in (package.from_, own.from_) if day is not None]
    ends = [day for day in (package.until, own.until) if day is not None]
    return {
        "markets": markets,
        "fields": list(own.fields or package.fields),
        "from": _day(max(begins, default=None)),
        "until": _day(min(ends, default=None)),
    }


def _least(one: str, other: str) -> str:
    return one if other == "live" else other


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _in_force(override: Override, on: date) -> bool:
    return (override.from_ or on) <= on <= (override.until or on)


def _sets(override: Override) -> str:
    ramp = None if override.ramp is None else share_text(override.ramp)
    weight = None if override.weight is None else f"{override.weight:g}"
    sets = {"status": override.status, "weight": weight, "view": override.view, "ramp": ramp}
    return ", ".join(f"{name} {value}" for name, value in sets.items() if value is not None)


def share_text(share: float) -> str:
    """A share as files have it.

    >>> share_text(0.1), share_text(0.0025)
    ('10%', '0.25%')
    """
    return f"{100 * share:.10g}%"


def _rollout(package: Package, one: Package | Material | Rule) -> Facts:
    """In how many creatives it is live, and in how many it is expected to hit."""
    ramps = [(one.ramp, "")]
    if one is not package:
        ramps.append((package.ramp, " of the package"))
    told = [f"{share_text(ramp)}{whose}" for ramp, whose in ramps if ramp < 1]
    rate = package.expected_rate if one.expected_rate is None else one.expected_rate
    return {
        "ramp": f"{', and '.join(told)}: live in these creatives, shadow in the others"
        if told else None,
        "expected rate": None if rate is None else f"at most {share_text(rate)}",
    }  # fmt: skip


def _asks(row: Row) -> str:
    asks = " + ".join(row.stances)
    return asks if row.min_age is None else f"{asks} ({row.min_age}+)"


def _row(row: Row) -> Facts:
    return _filled(
        {
            "market": row.market or "default",
            "stance": _asks(row),
            "limits": ", ".join(row.limits),
            "ground": row.ground,
            "from": _day(row.from_),
            "until": _day(row.until),
            "row": row.id,
            "source": row.source,
            "checked": _day(row.checked),
            "note": row.note,
        }
    )
