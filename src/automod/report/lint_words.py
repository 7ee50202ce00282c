"""The sentences of findings, in English and in Arabic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from automod.errors import Location, letters_of
from automod.model.finding import Finding
from automod.workshop.lint.check import Check
from automod.workshop.lint.registry import all_checks
from automod.workshop.lint.run import Linted

from .labels import LANGS, Lang

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "error": ("error", "خطأ"),
    "warning": ("warning", "تحذير"),
    "info": ("info", "معلومة"),
    "errors": ("errors: {n}", "الأخطاء: {n}"),
    "warnings": ("warnings: {n}", "التحذيرات: {n}"),
    "infos": ("info: {n}", "المعلومات: {n}"),
    "nothing": ("nothing found", "لم يُعثر على شيء"),
    "ignored": ("ignored with a reason: {n}", "مُتجاهَل لسبب مذكور: {n}"),
    "known": ("in the baseline: {n}", "في خط الأساس: {n}"),
    "fixable": ("can be mended with --fix: {n}", "يمكن إصلاحه بـ --fix: {n}"),
    "more": ("… {n} more here; -f json and -f xlsx have them all",
             "… {n} غيرها هنا؛ كلها في -f json و -f xlsx"),
    "mended": ("mended: {n}", "أُصلح: {n}"),
    "see": ("see", "انظر"),
    "why": ("why", "لماذا"),
    "bad": ("bad", "خطأ"),
    "good": ("good", "صواب"),
    "fix": ("fix", "الإصلاح"),
    "fix.yes": ("--fix mends it", "الخيار --fix يصلحه"),
    "fix.no": ("a person has to decide", "القرار لإنسان"),
    "finding": ("findings", "الملاحظات"),
    "left_out": ("left out", "المستبعد"),
    "file": ("file", "الملف"),
    "sheet": ("sheet", "الورقة"),
    "line": ("line", "السطر"),
    "column": ("column", "العمود"),
    "severity": ("severity", "الدرجة"),
    "code": ("code", "الرمز"),
    "title": ("title", "العنوان"),
    "message": ("message", "الملاحظة"),
    "hint": ("what would be right", "الصواب"),
    "package": ("package", "الحزمة"),
    "subject": ("about", "عن"),
    "reason": ("reason", "السبب"),
    "by": ("left out by", "استبعده"),
    "by.ignore": ("x-ignore", "x-ignore"),
    "by.baseline": ("baseline", "خط الأساس"),
    "yes": ("yes", "نعم"),
    "no": ("no", "لا"),
}  # fmt: skip
"""Key -> English, Arabic."""


def lint_word(key: str, lang: Lang, **values: object) -> str:
    """A word of the report in one language.

    >>> lint_word("errors", "en", n=2)
    'errors: 2'
    """
    return _WORDS[key][LANGS.index(lang)].format(**values)


def checks_by_code() -> Mapping[str, Check]:
    """Every check by its code."""
    return {check.code: check for check in all_checks()}


def message_of(finding: Finding, check: Check, lang: Lang, told: Callable[[str], str] = str) -> str:
    """What is said of a finding; `told` makes a value fit to be shown."""
    return check.message[lang].format_map(_told(finding.values, told))


def hint_of(finding: Finding, lang: Lang, told: Callable[[str], str] = str) -> str | None:
    """What would be right, where that is known."""
    hint = finding.values.get("hint_ar" if lang == "ar" else "hint") or finding.values.get("hint")
    return told(hint) if isinstance(hint, str) and hint else None


def _told(values: Mapping[str, Any], told: Callable[[str], str]) -> dict[str, Any]:
    return {key: told(one) if isinstance(one, str) else one for key, one in values.items()}


def spot(place: Location) -> str:
    """A place inside of its file, short.

    >>> spot(Location("a.yaml", 4, 7)), spot(Location("t.csv", 4, header="kind"))
    ('4:7', '4 kind')
    >>> spot(Location("b.xlsx", 14, 3, "id", "materials")), spot(Location("a.yaml"))
    ('materials!C14', '')
    """
    if place.sheet is not None:
        cell = f"{letters_of(place.column)}{place.line}" if place.column else f"{place.line or ''}"
        return f"{place.sheet}!{cell}"
    numbers = ":".join(str(one) for one in (place.line, place.column) if one is not None)
    return " ".join(one for one in (numbers, place.header) if one)


def summary(linted: Linted, lang: Lang) -> list[str]:
    """How many findings there are of each sort, and how many are left out; the parts of a line."""
    parts = [
        lint_word(f"{severity}s", lang, n=f"{count:,}")
        for severity, count in linted.counts.items()
        if count
    ] or [lint_word("nothing", lang)]
    for key, by in (("ignored", "ignore"), ("known", "baseline")):
        if count := sum(one.by == by for one in linted.suppressed):
            parts.append(lint_word(key, lang, n=f"{count:,}"))
    if count := sum(bool(one.fix) for one in linted.findings):
        parts.append(lint_word("fixable", lang, n=f"{count:,}"))
    return parts
