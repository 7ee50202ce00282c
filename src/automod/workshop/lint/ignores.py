"""Findings that a file says to leave out, each with a reason: `x-ignore: "AM203: why"`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from typing import Any, Final, Literal

from automod.errors import Location
from automod.load.source import PackageSource
from automod.model.finding import Edit, Finding, Path
from automod.model.package import Allow, Rule

from .check import Check, Found, World, found_by_the_runner

KEY: Final = "x-ignore"
_APART = re.compile("[;؛]")


@dataclass(frozen=True, slots=True)
class Ignore:
    """One code to leave out, as it is written: where it stands, and what it holds for."""

    name: str
    """The code or name, as it is written."""
    reason: str
    place: Location
    covers: Callable[[Finding], bool]
    package: str = ""
    subject: str = ""
    others: str | None = None
    """What the key says without this one; None where nothing is left."""
    path: Path | None = None
    """Of the entry it stands in; None where no edit can take it out."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that is not told, and why."""

    finding: Finding
    reason: str
    by: Literal["ignore", "baseline"]
    """A key in the file, or the baseline."""


class Ignores:
    """All that the files of a source say to leave out."""

    def __init__(self, world: World) -> None:
        self._world = world

    @cached_property
    def all(self) -> tuple[Ignore, ...]:
        """In order of the packages, then those of overrides."""
        return (
            *chain.from_iterable(map(_of_package, self._world.packages)),
            *chain.from_iterable(_of_overrides(self._world)),
        )

    def split(
        self, findings: Iterable[Finding], codes: Mapping[str, str]
    ) -> tuple[list[Finding], list[Suppressed], set[Ignore]]:
        """The findings that stay, those that are left out, and the ignores that were needed.

        Args:
            findings: what checks found.
            codes: the code of each name that may be written, and of each code.
        """
        if not self.all:
            return list(findings), [], set()
        by_code: dict[str, list[Ignore]] = {}
        for one in self.all:
            if one.reason:
                by_code.setdefault(codes.get(one.name, ""), []).append(one)
        stay: list[Finding] = []
        out: list[Suppressed] = []
        used: set[Ignore] = set()
        for finding in findings:
            fits = [one for one in by_code.get(finding.code, ()) if one.covers(finding)]
            used.update(fits)
            if fits:
                out.append(Suppressed(finding, fits[0].reason, "ignore"))
            else:
                stay.append(finding)
        return stay, out, used


def parse_ignores(text: str) -> tuple[tuple[str, str], ...]:
    """The codes that a key says to leave out, each with its reason, which may be missing.

    >>> parse_ignores("AM203: the brand is spelt so; AM301")
    (('AM203', 'the brand is spelt so'), ('AM301', ''))
    """
    parts = [part.partition(":") for part in _APART.split(text) if part.strip()]
    return tuple((name.strip(), reason.strip()) for name, _, reason in parts)


def _made(text: str, place: Location, like: Callable[..., Ignore]) -> Iterator[Ignore]:
    pairs = parse_ignores(text)
    for number, (name, reason) in enumerate(pairs):
        rest = [f"{a}: {b}" if b else a for a, b in pairs[:number] + pairs[number + 1 :]]
        yield like(name=name, reason=reason, place=place, others="; ".join(rest) or None)


def _note(extra: Mapping[str, Any] | None) -> str:
    return str((extra or {}).get(KEY, ""))


def _of_package(one: PackageSource) -> Iterator[Ignore]:
    package, read, name = one.file.package, one.file.read, one.name
    like = partial(Ignore, package=name)
    if note := _note(package.model_extra):
        whole = partial(like, covers=lambda found: found.package == name, path=())
        yield from _made(note, read.at((KEY,), True), whole)
    if note := _note(package.defaults.model_extra):
        ids = frozenset(one.materials.column("id"))
        all_of_them = partial(like, covers=lambda found: found.subject in ids)
        yield from _made(note, read.at(("defaults", KEY), True), all_of_them)
    parts: tuple[tuple[str, tuple[Rule | Allow, ...]], ...] = (
        ("rules", package.rules), ("allow", package.allow),
    )  # fmt: skip
    for part, entries in parts:
        for number, entry in enumerate(entries):
            if note := _note(entry.model_extra):
                about = partial(like, path=(part, number), **_about(f"{name}/{entry.id}"))
                yield from _made(note, read.at((part, number, KEY), True), about)
    yield from _of_materials(one, like)


def _about(subject: str) -> dict[str, Any]:
    """What is about one thing; what `needs` stands for belongs to its material."""
    names = (subject, f"{subject}+needs")
    return {"subject": subject, "covers": lambda found: found.subject in names}


def _of_materials(one: PackageSource, like: Callable[..., Ignore]) -> Iterator[Ignore]:
    noted = [
        (first, batch, used)
        for first, batch, used in one.rows.batches
        if any(_note(form.model_extra) for form in batch.forms)
    ]
    if not noted:
        return
    number_of = {row: number for number, row in enumerate(one.order)}
    ids = one.materials.column("id")
    for first, batch, used in noted:
        for row, i in enumerate(used, first):
            note = _note(batch.forms[batch.form_of[i]].model_extra)
            if note and row in number_of:
                number = number_of[row]
                about = partial(like, path=("materials", number), **_about(ids[number]))
                yield from _made(note, batch.at(i, KEY), about)


def _of_overrides(world: World) -> Iterator[Iterator[Ignore]]:
    for override, read in world.source.overrides:
        if override.x_ignore:
            place = read.at((KEY,), True)
            there = partial(_is_in, place.file)
            about = partial(Ignore, covers=there, subject=override.override)
            yield _made(override.x_ignore, place, about)


def _is_in(file: str, finding: Finding) -> bool:
    return finding.location.file == file


def faulty(
    ignores: Iterable[Ignore], used: set[Ignore], codes: Mapping[str, str], ran: frozenset[str]
) -> Iterator[tuple[Check, Found]]:
    """What is wrong with ignores.

    Args:
        ignores: all there are.
        used: those that left something out.
        codes: the code of each name that may be written, and of each code.
        ran: the codes of the checks that were made: of others nothing can be said.
    """
    for one in ignores:
        code = codes.get(one.name)
        values = {"name": one.name}
        if code is None:
            yield UNKNOWN, _found(one, values)
        elif not one.reason:
            yield REASONLESS, _found(one, values)
        elif one not in used and code in ran:
            edits = () if one.path is None else (Edit(one.package, one.path, KEY, one.others),)
            yield UNUSED, _found(one, values, edits)


def _found(one: Ignore, values: Mapping[str, Any], fix: tuple[Edit, ...] = ()) -> Found:
    return Found(one.place, values, one.package, one.subject, fix=fix)


UNUSED: Final = Check(
    code="AM901", name="unused_ignore", severity="warning",
    title={"en": "ignore that leaves nothing out", "ar": "تجاهل لا يستبعد شيئًا"},
    why={
        "en": "What it was written for is mended. Left there, it hides the same trouble when it "
        "comes back, under a reason that no longer holds.",
        "ar": "ما كُتب من أجله قد أُصلح. وإن بقي فسيخفي المشكلة نفسها عندما تعود، بسبب لم يعد قائمًا.",
    },
    message={
        "en": "nothing here has {name} to leave out: take it out of 'x-ignore'",
        "ar": "لا يوجد هنا {name} ليُستبعد: احذفه من 'x-ignore'",
    },
    look=found_by_the_runner,
)  # fmt: skip

UNKNOWN: Final = Check(
    code="AM902", name="unknown_ignore", severity="warning",
    title={"en": "ignore of what cannot be left out", "ar": "تجاهل لما لا يمكن استبعاده"},
    why={
        "en": "There is no such check, or it is one that files cannot silence: what does not load "
        "stays unread whoever ignores it. The finding that was meant is still told.",
        "ar": "لا يوجد فحص بهذا الاسم، أو هو مما لا تستطيع الملفات إسكاته: ما لا يمكن تحميله "
        "يبقى غير مقروء مهما تجاهلناه. والملاحظة المقصودة ما زالت تظهر.",
    },
    message={
        "en": "{name} is no check that can be left out; write it as 'AM203: reason'",
        "ar": "{name} ليس فحصًا يمكن استبعاده؛ اكتبه هكذا: 'AM203: السبب'",
    },
    look=found_by_the_runner,
)  # fmt: skip

REASONLESS: Final = Check(
    code="AM903", name="reasonless_ignore", severity="warning",
    title={"en": "ignore without a reason", "ar": "تجاهل بلا سبب"},
    why={
        "en": "In a year nobody will know whether it still holds. Without a reason it leaves "
        "nothing out.",
        "ar": "بعد عام لن يعرف أحد هل ما زال التجاهل صحيحًا. ومن دون سبب فإنه لا يستبعد شيئًا.",
    },
    message={
        "en": "{name} is ignored without a reason; write 'x-ignore: \"{name}: why\"'",
        "ar": "تجاهل {name} بلا سبب؛ اكتب 'x-ignore: \"{name}: السبب\"'",
    },
    look=found_by_the_runner,
)  # fmt: skip
