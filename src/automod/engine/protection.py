"""What allows protect: from which codes a hit counts nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from automod.model.ruleset import Ruleset

from .standing import Subject, Subjects


@dataclass(frozen=True, slots=True)
class Protection:
    """What an allow protects a hit from: the codes, or all of them."""

    allow: str
    codes: frozenset[str] | None

    def covers(self, code: str) -> bool:
        """Whether hits count nothing for a code."""
        return self.codes is None or code in self.codes

    def whole(self, policies: Sequence[str]) -> bool:
        """Whether nothing of the hit is left to count."""
        return self.codes is None or (bool(policies) and self.codes.issuperset(policies))


def both(one: Protection | None, other: Protection | None) -> Protection | None:
    """What two protections cover together."""
    if one is None or other is None:
        return one or other
    if one.codes is None or other.codes is None:
        return Protection(one.allow, None)
    return Protection(one.allow, one.codes | other.codes)


def protection_of(
    subject: Subject, allows: Sequence[Subject], never: set[str] | frozenset[str]
) -> Protection | None:
    """What all the allows together protect a subject from, but for some codes; the first by id."""
    first, codes, whole = "", set[str](), False
    for allow in sorted(allows, key=lambda one: one.id) if len(allows) > 1 else allows:
        if allow.allow is None:
            continue
        own = subject.package.name in allow.allow.packages
        named = set(subject.policies if own else allow.allow.policies).intersection(
            subject.policies
        )
        whole = whole or (own and never.isdisjoint(subject.policies))
        if named - never or (own and not subject.policies):
            first = first or allow.id
            codes |= named - never
    return Protection(first, None if whole else frozenset(codes)) if first else None


def advertiser_allows(ruleset: Ruleset, subjects: Subjects) -> dict[str, list[Subject]]:
    """The allows for advertisers, by the advertiser's id."""
    allows: dict[str, list[Subject]] = {}
    for package in ruleset.packages:
        for allow in package.allows:
            if allow.material is None:
                subject = subjects.advertisers(package, allow)
                for advertiser in allow.advertisers:
                    allows.setdefault(advertiser, []).append(subject)
    return allows
