"""Findings that were there before: a file of them, so that only new ones are told."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from automod.errors import InputError, Location
from automod.model.finding import Finding
from automod.text.fold import fold_many
from automod.version import __version__

from .check import Check, Found, found_by_the_runner
from .ignores import Suppressed
from .load_faults import OF_LOADING

VERSION: Final = 1
NEVER: Final = frozenset(check.code for check in OF_LOADING)
"""What no baseline leaves out: rules that do not load are never clean."""
_LINES = re.compile(r":\d+(:\d+)?|![A-Z]+\d+")
"""Where another finding's place is told in a value: it moves when a line is added above it."""


@dataclass(frozen=True, slots=True)
class Known:
    """One finding that a baseline leaves out."""

    code: str
    package: str
    fingerprint: str
    reason: str = ""
    until: date | None = None
    """The last day on which it is left out; None: for good."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A file of findings, and what is in it."""

    file: str
    known: tuple[Known, ...] = ()


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """What each finding is known by, whatever line it moves to.

    It is made of the code, the package, the subject and the words of the message. Where several
    findings agree in all of it, they are numbered.
    """
    several = list(findings)
    spoken = [_words(one) for one in several]
    folded = iter(fold_many([word for words in spoken for _, word in words], "safe"))
    seen: Counter[str] = Counter()
    made = []
    for one, words in zip(several, spoken, strict=True):
        said = [(key, next(folded)) for key, _ in words]
        name = "" if one.subject else Path(one.location.file).name
        parts = [one.code, one.package, one.subject, name, one.location.header or "", said]
        text = json.dumps(parts, ensure_ascii=False)
        seen[text] += 1
        again = f"\n{seen[text]}" if seen[text] > 1 else ""
        data = f"{text}{again}".encode("utf-8", "surrogatepass")
        made.append(hashlib.sha256(data).hexdigest()[:20])
    return made


def _words(finding: Finding) -> list[tuple[str, str]]:
    """What a finding says in words: numbers change with what is around it."""
    return [
        (key, _LINES.sub("", value))
        for key, value in sorted(finding.values.items())
        if isinstance(value, str)
    ]


def read_baseline(path: Path) -> Baseline:
    """The baseline of a file; an empty one where there is no file.

    Raises:
        InputError: it is none.

    >>> read_baseline(Path("no-such-file")).known
    ()
    """
    if not path.exists():
        return Baseline(str(path))
    try:
        data = json.loads(path.read_text("utf-8"))
        known = tuple(map(_entry, data["findings"])) if data["version"] == VERSION else None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: this is no baseline of 'automod lint': {error}") from None
    if known is None:
        raise InputError(f"{path}: a baseline of version {data['version']!r} is not known")
    return Baseline(str(path), known)


def _entry(entry: Mapping[str, Any]) -> Known:
    until = entry.get("until")
    return Known(
        str(entry["code"]), str(entry["package"]), str(entry["fingerprint"]),
        str(entry.get("reason") or ""), date.fromisoformat(until) if until else None,
    )  # fmt: skip


def baseline_text(findings: Iterable[Finding], before: Baseline) -> str:
    """A baseline of findings, as a file; reasons and last days of the one before are kept."""
    several = list(findings)
    kept = {one.fingerprint: one for one in before.known}
    entries = {
        mark: kept.get(mark) or Known(one.code, one.package, mark)
        for one, mark in zip(several, fingerprints(several), strict=True)
    }
    in_order = sorted(entries.values(), key=lambda one: (one.package, one.code, one.fingerprint))
    content = {"version": VERSION, "tool": f"automod {__version__}", "findings": [
        {
            "code": one.code, "package": one.package, "fingerprint": one.fingerprint,
            "reason": one.reason, "until": one.until and one.until.isoformat(),
        }
        for one in in_order
    ]}  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def split(
    findings: list[Finding], baseline: Baseline, on: date
) -> tuple[list[Finding], list[Suppressed], set[str]]:
    """The findings that are new, those that are left out, and the fingerprints that were found."""
    known = {one.fingerprint: one for one in baseline.known if one.code not in NEVER}
    new: list[Finding] = []
    out: list[Suppressed] = []
    found: set[str] = set()
    for finding, mark in zip(findings, fingerprints(findings) if known else (), strict=False):
        one = known.get(mark)
        found |= {mark} if one else set()
        if one is None or _is_over(one, on):
            new.append(finding)
        else:
            out.append(Suppressed(finding, one.reason, "baseline"))
    return (new, out, found) if known else (findings, [], found)


def _is_over(one: Known, on: date) -> bool:
    return one.until is not None and one.until < on


def faulty(
    baseline: Baseline, found: set[str], on: date, ran: frozenset[str]
) -> Iterator[tuple[Check, Found]]:
    """What is wrong with a baseline: what nothing has any more, and what was to be mended by now.

    Args:
        baseline: the file.
        found: the fingerprints that were found.
        on: today.
        ran: the codes of the checks that were made: of others nothing can be said.
    """
    place = Location(baseline.file)
    for one in baseline.known:
        values = {"code": one.code, "fingerprint": one.fingerprint, "of": one.package}
        if one.fingerprint not in found:
            if one.code in ran:
                yield STALE, Found(place, values, one.package)
        elif _is_over(one, on):
            yield OVER, Found(place, values | {"until": str(one.until)}, one.package)


def without(baseline: Baseline, marks: set[str]) -> Baseline:
    """A baseline without some of its findings."""
    kept = tuple(one for one in baseline.known if one.fingerprint not in marks)
    return replace(baseline, known=kept)


STALE: Final = Check(
    code="AM911", name="stale_baseline", severity="warning",
    title={"en": "baseline of what is mended", "ar": "خط أساس لما أُصلح"},
    why={
        "en": "Nothing has this finding any more. Left in the baseline, it hides the same trouble "
        "when it comes back; --update-baseline takes it out.",
        "ar": "لم تعد هذه الملاحظة موجودة. وإن بقيت في خط الأساس فستخفي المشكلة نفسها عندما تعود؛ "
        "الخيار --update-baseline يحذفها.",
    },
    message={
        "en": "{code} of '{of}' ({fingerprint}) is found no more: --update-baseline",
        "ar": "{code} في '{of}' ({fingerprint}) لم يعد موجودًا: --update-baseline",
    },
    look=found_by_the_runner,
)  # fmt: skip

OVER: Final = Check(
    code="AM912", name="baseline_over", severity="warning",
    title={"en": "baseline past its last day", "ar": "خط أساس انتهت مدته"},
    why={
        "en": "It was to be mended by then and is not, so it is told again. Mend it, or give it a "
        "later day and say why.",
        "ar": "كان يجب إصلاحه قبل ذلك اليوم ولم يُصلح، فعاد إلى الظهور. أصلحه، أو اكتب يومًا "
        "لاحقًا مع السبب.",
    },
    message={
        "en": "{code} of '{of}' ({fingerprint}) was to be mended by {until}",
        "ar": "{code} في '{of}' ({fingerprint}) كان يجب إصلاحه حتى {until}",
    },
    look=found_by_the_runner,
)  # fmt: skip
