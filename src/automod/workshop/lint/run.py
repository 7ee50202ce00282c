"""Checks -> findings, in order; what is ignored with a reason or known before is set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from automod.load.source import Source
from automod.model.finding import SEVERITY_RANK, Finding, Severity
from automod.model.quick import nothing_collected

from . import baseline as of_baseline
from . import ignores as of_ignores
from .baseline import Baseline
from .check import Check, Found, World
from .entries import Entries
from .ignores import Ignores, Suppressed
from .load_faults import OF_LOADING
from .registry import all_checks, codes_of

ALWAYS = frozenset(check.code for check in OF_LOADING)
"""What is told whatever was chosen: rules that do not load are never clean."""

OF_OTHERS = frozenset({"AM313", "AM314", "AM315", "AM404"})
"""Checks that say something only where every package is there that may name what they look at."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A check that could not be made, and what it raised: a bug, of which the rest is told."""

    check: Check
    error: Exception


@dataclass(frozen=True, slots=True)
class Linted:
    """What the checks found."""

    findings: tuple[Finding, ...]
    """In order of file, sheet, line and column."""
    suppressed: tuple[Suppressed, ...]
    """What is ignored, or in the baseline, in the same order."""
    broken: tuple[Broken, ...]
    on: date

    @property
    def counts(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity, the gravest first."""
        found = Counter(one.severity for one in self.findings)
        return {one: found[one] for one in ("error", "warning", "info")}

    def outside(self, file: str) -> Linted:
        """What was found in other files; what does not load stays, wherever it is."""
        kept = tuple(
            one for one in self.findings if one.location.file != file or one.code in ALWAYS
        )
        return replace(self, findings=kept)

    def fails(self, least: Severity) -> bool:
        """Whether anything is at least as grave as that."""
        return any(SEVERITY_RANK[one.severity] >= SEVERITY_RANK[least] for one in self.findings)


def lint(
    source: Source,
    on: date,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    baseline: Baseline | None = None,
) -> Linted:
    """What is wrong, or could be better, in what files hold.

    What does not load is told whatever is chosen.

    Args:
        source: what was read.
        on: the day for which expiry and the like are told.
        select: codes, beginnings of codes (`AM2`) or names: only these; none: all.
        ignore: the same, of what is left out.
        baseline: findings that were there before.

    Raises:
        KeyError: `select` or `ignore` names what is no check.

    >>> from automod.engine.reading import read_source
    >>> lint(read_source("tests/small_rulesets"), date(2026, 11, 20)).counts["error"]
    0
    """
    with nothing_collected():
        return _lint(source, on, chosen(select, ignore), baseline or Baseline(""))


def chosen(select: Iterable[str], ignore: Iterable[str]) -> tuple[Check, ...]:
    """The checks that are made.

    Raises:
        KeyError: a name means none.
    """
    wanted, unwanted = codes_of(select), codes_of(ignore)
    return tuple(
        check
        for check in all_checks()
        if check.code in ALWAYS
        or ((not wanted or check.code in wanted) and check.code not in unwanted)
    )


def _lint(source: Source, on: date, checks: tuple[Check, ...], baseline: Baseline) -> Linted:
    world = World(source, on)
    broken: list[Broken] = []
    checks = tuple(one for one in checks if not (one.of_absence and source.faults))
    found = [one for check in checks for one in _look(check, world, broken)]
    found = list(Entries(source).without_second_causes(found, ALWAYS))
    ran = frozenset(check.code for check in checks) - {one.check.code for one in broken}
    ignores, codes = Ignores(world), names_of_codes()
    found, ignored, used = ignores.split(found, codes)
    about_ignores = of_ignores.faulty(ignores.all, used, codes, ran)
    found += [finding_of(check, one) for check, one in about_ignores if check.code in ran]
    found.sort(key=order)
    found, known, there = of_baseline.split(found, baseline, on)
    about_baseline = of_baseline.faulty(baseline, there, on, ran)
    found += [finding_of(check, one) for check, one in about_baseline if check.code in ran]
    return Linted(
        tuple(sorted(found, key=order)),
        tuple(sorted([*ignored, *known], key=lambda one: order(one.finding))),
        tuple(broken), on,
    )  # fmt: skip


def _look(check: Check, world: World, broken: list[Broken]) -> Iterator[Finding]:
    """What a check finds; what it raises hides nothing of what others find."""
    try:
        yield from [finding_of(check, one) for one in check.look(world)]
    except Exception as error:  # noqa: BLE001 - whatever it is, the others are told first
        broken.append(Broken(check, error))


def finding_of(check: Check, found: Found) -> Finding:
    """A finding of a check."""
    return Finding(
        check.code, check.severity, found.location, found.package, found.subject,
        found.values, found.related, found.fix,
    )  # fmt: skip


def order(finding: Finding) -> tuple[str, str, int, int, str, str, str]:
    """What findings are sorted by: place, then code and subject."""
    place = finding.location
    return (
        place.file, place.sheet or "", place.line or 0, place.column or 0, place.header or "",
        finding.code, finding.subject,
    )  # fmt: skip


@lru_cache(maxsize=1)
def names_of_codes() -> Mapping[str, str]:
    """The code of each check that a file may ignore, by its code and by its name."""
    free = [
        check for check in all_checks()
        if check.code not in ALWAYS and not check.code.startswith("AM9")
    ]  # fmt: skip
    return {name: check.code for check in free for name in (check.code, check.name)}
