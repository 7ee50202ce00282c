"""Examples are tests: what packages say of texts and images, tried on what they hold.

How an example is tried, in five sentences. It has to hit exactly the materials and rules of its own
package that it names: what an allow protects does not count as a hit; what is in shadow, or weighs
nothing, does. A material with `needs` or `unless` hits where these are met, and its rule goes by
its name. The text stands in the body of an ad, and in each field that something of the package is
limited to; the ad runs in a market of each sort that the package tells apart (in `US` where it
tells none apart), and at home of each phone; what hits in one of them hits. Dates and overrides are
left aside, and examples of drafts are tried as if every draft were live: what a test says hangs on
the files alone, never on the day. An ad has no advertiser and no attributes, unless a rule that the
example names asks for one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any, Final, Literal

from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import Engine
from automod.engine.pictures import fingerprint
from automod.errors import LoadError, Location
from automod.load.drafts import has_drafts, lifted
from automod.load.source import PackageSource, Source
from automod.media.errors import MediaError
from automod.model.columns import column, picked
from automod.model.decision import Decision, Hit
from automod.model.ruleset import Package, Ruleset, Scope

from .example_causes import Extra, Missing, Tried, why_extra, why_missing
from .example_scenes import Scenes, ads, scenes_of, timeless

Result = Literal["passed", "failed", "unread", "known", "mended"]
Sort = Literal["example", "hits", "hits_not"]

NEEDS: Final = "+needs"
"""Ends the id of the rule that `needs` or `unless` of a material stands for."""

MOST_EXPLAINED: Final = 200
"""Failures that are told with their causes: each is worked out anew, in some milliseconds."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A text or an image of which a package says what must hit."""

    package: str
    place: Location
    sort: Sort
    """An entry of `examples`, or the `example` (`hits`) or `not_example` of one material."""
    hits: tuple[str, ...]
    """Local ids, as they are written."""
    text: str = ""
    image: str = ""
    """A file, named as from the package's folder; then there is no text."""
    known: Literal["miss", "false_alarm"] | None = None
    material: str | None = None
    """The local id of the material whose it is."""
    is_draft: bool = False
    """It is of a draft, or names one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one example."""

    shown: Shown
    result: Result
    hits: tuple[str, ...] = ()
    """What hit, by local id."""
    missing: tuple[Missing, ...] = ()
    extra: tuple[Extra, ...] = ()
    unread: tuple[str, ...] = ()
    """Why it could not be looked at."""


@dataclass(frozen=True, slots=True)
class ExamplesRun:
    """What became of all of them, in the order of their packages, and as they are written."""

    outcomes: tuple[Outcome, ...]
    retired: tuple[str, ...] = ()
    """Packages whose examples were not tried."""

    def count(self, *results: Result) -> int:
        """How many have one of these results."""
        return sum(one.result in results for one in self.outcomes)

    def passed(self, *, strict: bool = False) -> bool:
        """Whether none failed; `strict`: and none that is marked as known is mended."""
        return not self.count("failed", "unread", *(("mended",) if strict else ()))


def run_examples(
    source: Source,
    on: date,
    packages: Collection[str] = (),
    cache: str | PathLike[str] | None = None,
) -> ExamplesRun:
    """Try the examples of packages.

    Args:
        source: the files; all packages are loaded, since rules lean on those of others.
        on: the date that decisions are of. No result hangs on it.
        packages: names of those to be tried; all when empty.
        cache: a folder that keeps the hashes of sample images by their content.

    Raises:
        LoadError: the files have faults.

    >>> from automod.engine.reading import read_source
    >>> run = run_examples(read_source("tests/small_rulesets"), date(2026, 11, 20), ["evasion"])
    >>> len(run.outcomes), run.passed()
    (7, True)
    """
    if source.faults:
        raise LoadError(source.faults)
    wanted = [one for one in source.packages if not packages or one.name in packages]
    tried = [one for one in wanted if one.package.status != "retired"]
    shown = [example for one in tried for example in _shown(one)]
    folders = {one.name: one.file.folder for one in source.packages}
    outcomes: dict[int, Outcome] = {}
    for drafts in (False, True):
        numbers = [n for n, one in enumerate(shown) if one.is_draft is drafts]
        if numbers:
            ruleset = lifted(source, cache) if drafts else source.ruleset
            bench = _Bench(timeless(ruleset), folders, on)
            outcomes |= zip(numbers, bench.run([shown[n] for n in numbers]), strict=True)
    retired = [one.name for one in wanted if one.package.status == "retired"]
    return ExamplesRun(tuple(outcomes[n] for n in range(len(shown))), tuple(retired))


def _shown(source: PackageSource) -> Iterator[Shown]:
    """All examples of a package: its own, then those of its materials."""
    name, drafts = source.name, _drafts(source)
    for n, one in enumerate(source.package.examples):
        yield Shown(
            name, source.file.read.at(("examples", n)), "example", one.hits, one.text, one.image,
            one.known, is_draft=drafts is None or not drafts.isdisjoint(one.hits),
        )  # fmt: skip
    ids, statuses = source.materials.column("id"), source.materials.column("status")
    for n, about in enumerate(source.materials.column("about")):
        if not about or statuses[n] == "retired":
            continue
        local = ids[n].partition("/")[2]
        for key, sort, hits in (("example", "hits", (local,)), ("not_example", "hits_not", ())):
            if key in about:
                yield Shown(
                    name, source.at(n, key), _sort(sort), hits, about[key], material=local,
                    is_draft=statuses[n] == "draft",
                )  # fmt: skip


def _sort(name: str) -> Sort:
    return "hits" if name == "hits" else "hits_not"


def _drafts(source: PackageSource) -> frozenset[str] | None:
    """The local ids of what is a draft in a package; None where all of it is."""
    if source.package.status == "draft":
        return None
    if not has_drafts(source):
        return frozenset()
    drafts = picked(source.materials, "status", ["draft"])
    rules = (one.id for one in source.file.package.rules if one.status == "draft")
    return frozenset((*(one.id.partition("/")[2] for one in drafts), *rules))


class _Bench:
    """One ruleset that examples are tried on."""

    def __init__(self, ruleset: Ruleset, folders: Mapping[str, Path], on: date) -> None:
        self._ruleset, self._folders, self._on = ruleset, folders, on
        self._packages = {one.name: one for one in ruleset.packages}
        self._scenes: dict[tuple[str, Scope | None, str], Scenes] = {}
        self._places: dict[str, dict[str, int]] = {}
        self._needy = {one.name: _needy(one) for one in ruleset.packages}
        self._left = MOST_EXPLAINED

    def run(self, some: Sequence[Shown]) -> Iterator[Outcome]:
        """Each with its outcome: all are decided on in one batch."""
        engine = compile_ruleset(self._ruleset)
        faults: dict[int, str] = {}
        ads_of = [self._ads(n, one, faults) for n, one in enumerate(some)]
        everything = [ad for one in ads_of for ad in one]
        decisions = iter(engine.decide_batch(everything, self._on))
        for n, one in enumerate(some):
            tried = [Tried(ad, next(decisions)) for ad in ads_of[n]]
            unread = (faults[n],) if n in faults else tuple(_not_evaluated(tried))
            if unread:
                yield Outcome(one, "unread", unread=unread)
            else:
                yield self._outcome(engine, one, tried)

    def _ads(self, number: int, one: Shown, faults: dict[int, str]) -> list[dict[str, Any]]:
        package = self._packages[one.package]
        content: dict[str, Any] = {"text": one.text}
        if one.image:
            try:
                content = {"image": fingerprint(self._folders[one.package] / one.image)}
            except (MediaError, OSError, ValueError) as error:
                faults[number] = str(error)
                return []
        names = {f"{one.package}/{name}" for name in one.hits}
        rules = [rule.condition for rule in package.rules if rule.id in names]
        return ads(content, self._scenes_for(package, one), rules)

    def _scenes_for(self, package: Package, one: Shown) -> Scenes:
        """Those of the package; for the example of a material, those of that alone."""
        materials = package.materials
        key: tuple[str, Scope | None, str] = (package.name, None, "")
        if one.material is not None:
            own = materials[self._place(package, f"{one.package}/{one.material}")]
            materials, key = (own,), (package.name, own.scope, own.kind)
        if key not in self._scenes:
            rules = package.rules if one.material is None else ()
            made = Package(
                package.name, "", "", scope=package.scope, materials=materials, rules=rules,
                allows=package.allows,
            )  # fmt: skip
            self._scenes[key] = scenes_of(made, self._ruleset.policies)
        return self._scenes[key]

    def _place(self, package: Package, material: str) -> int:
        """The number of a material in its package."""
        if package.name not in self._places:
            ids = enumerate(column(package.materials, "id"))
            self._places[package.name] = {name: n for n, name in ids}
        return self._places[package.name][material]

    def _outcome(self, engine: Engine, one: Shown, tried: Sequence[Tried]) -> Outcome:
        found: dict[str, tuple[Tried, Hit]] = {}
        for each in tried:
            for name, hit in self._named(each.decision, one.package):
                found.setdefault(name, (each, hit))
        if one.material is not None:
            found = {name: hit for name, hit in found.items() if name == one.material}
        lacking = [name for name in one.hits if name not in found]
        more = [name for name in sorted(found) if name not in one.hits]
        result = result_of(one.known, lacking=bool(lacking), more=bool(more))
        missing, extra = [Missing(name) for name in lacking], [
            Extra(name, found[name][1], _market(found[name][0].decision)) for name in more
        ]  # fmt: skip
        if result == "failed" and self._left > 0:
            self._left -= 1
            package = self._packages[one.package]
            missing = [
                why_missing(engine, tried, name, f"{one.package}/{name}") for name in lacking
            ]
            extra = [why_extra(engine, found[m][0], m, found[m][1], package) for m in more]
        return Outcome(one, result, tuple(sorted(found)), tuple(missing), tuple(extra))

    def _named(self, decision: Decision, package: str) -> Iterator[tuple[str, Hit]]:
        """What counts as a hit of a package, by its local id."""
        needy = self._needy[package]
        for hit in decision.hits:
            owner, _, name = hit.material.partition("/")
            counts = hit.allowed_by is None and hit.kind not in ("allow", "found")
            counts = counts and hit.status in ("live", "shadow")
            if owner == package and counts and name not in needy:
                yield name.removesuffix(NEEDS), hit


def _needy(package: Package) -> frozenset[str]:
    names = (rule.id.partition("/")[2] for rule in package.rules)
    return frozenset(name.removesuffix(NEEDS) for name in names if name.endswith(NEEDS))


def _market(decision: Decision) -> str:
    return next(iter(decision.markets), "")


def _not_evaluated(tried: Sequence[Tried]) -> Iterator[str]:
    told = (f"{m.field}: {m.code}" for one in tried for m in one.decision.not_evaluated)
    yield from dict.fromkeys(told)


def result_of(known: Literal["miss", "false_alarm"] | None, *, lacking: bool, more: bool) -> Result:
    """What an example comes to, by whether something is missing and whether something is too much.

    A mark excuses what it names and nothing else: a known miss that hits something besides fails.

    >>> result_of("miss", lacking=True, more=False), result_of("miss", lacking=True, more=True)
    ('known', 'failed')
    >>> result_of("false_alarm", lacking=False, more=False)
    'mended'
    """
    if not lacking and not more:
        return "passed" if known is None else "mended"
    excused = (known == "miss" and not more) or (known == "false_alarm" and not lacking)
    return "known" if excused else "failed"
