"""The creatives that a material touched: for a screen, and as CSV, JSONL or a workbook."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from automod.model.decision import json_text
from automod.workshop.victims import Victim, held

from .decision_csv import Stream, cell
from .labels import Lang
from .plurals import comma
from .visible import isolated
from .workbook import Column, Sheet, workbook

SUFFIXES: Final = {
    ".txt": "text", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx",
}  # fmt: skip
"""Suffix of a file -> how it is written."""
MOST: Final = 50
"""Lines on a screen, unless all are asked for."""

_COLUMNS: Final = (
    "creative", "index", "on", "action", "now", "share", "markets", "materials", "others",
    "fields", "texts", "ruleset",
)  # fmt: skip
_WIDTHS: Final = (20, 8, 12, 10, 10, 24, 24, 28, 28, 16, 28, 20)

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "creative": ("creative", "الإعلان"),
    "index": ("index", "الترتيب"),
    "on": ("on", "التاريخ"),
    "action": ("action", "الإجراء"),
    "now": ("without it", "بدونها"),
    "share": ("what it decided", "أثرها في القرار"),
    "markets": ("markets", "الأسواق"),
    "materials": ("materials", "المواد"),
    "others": ("what else counted", "ما احتُسب غيرها"),
    "fields": ("fields", "الحقول"),
    "texts": ("texts", "النصوص"),
    "ruleset": ("ruleset", "القواعد"),
    "victims": ("victims", "الإعلانات المتأثرة"),
    "alone": ("it alone", "هي وحدها"),
    "perhaps": ("it, and rules on it", "هي وقواعد تقوم عليها"),
    "together": ("with others", "مع غيرها"),
    "nothing": ("nothing", "لا شيء"),
    "approve": ("approve", "موافقة"),
    "restrict": ("restrict", "تقييد"),
    "review": ("review", "مراجعة"),
    "reject": ("reject", "رفض"),
    "more": ("… and {n} more", "… و{n} غيرها"),
    "count": (
        "{target}: hit in decisions: {n} ({told})",
        "{target}: القرارات التي أصابت فيها: {n} ({told})",
    ),
    "shares": ("decided by: {told}", "من قرّر: {told}"),
    "released": (
        "creatives that would be approved now: {n}",
        "عدد الإعلانات التي تتم الموافقة عليها الآن: {n}",
    ),
    "held.restrict": ("would be restricted: {n}", "تُقيَّد: {n}"),
    "held.review": ("would go to review: {n}", "تذهب إلى المراجعة: {n}"),
    "held.reject": ("still stopped by other material: {n}", "توقفها مواد أخرى: {n}"),
    "sure": (
        "creatives stopped by it alone: {n}; -r RULES --creatives FILE decides on all again",
        "عدد الإعلانات التي أوقفتها وحدها: {n}؛ ولإعادة القرار في كلها: -r RULES --creatives FILE",
    ),
    "none": ("{target}: no hit of it in these logs", "{target}: لا إصابة لها في هذه السجلات"),
    "missing": (
        "not decided again, as their creatives were not given: {names}",
        "لم يُعَد القرار فيها لأن إعلاناتها لم تُعطَ: {names}",
    ),
}


def word(key: str, lang: Lang, **values: object) -> str:
    """A word or sentence in a language.

    >>> word("more", "en", n=3)
    '… and 3 more'
    """
    return _WORDS[key][lang == "ar"].format(**values)


def victims_lines(found: Sequence[Victim], lang: Lang = "en", *, detail: bool) -> Iterator[str]:
    """A line for each decision, for a screen.

    Args:
        found: the victims.
        lang: of the words.
        detail: all of them, however many.
    """
    shown = found if detail else found[:MOST]
    width = min(max((len(_name(one)) for one in shown), default=0), 40)
    for one in shown:
        action = word(one.action, lang)
        if one.now is not None:
            action += f" -> {word(one.now, lang)}"
        told = [one.on, f"{action:<18}", word(one.share, lang)]
        if one.others:
            told.append(f"({', '.join(one.others)})")
        told += [isolated(text) for text in one.texts[:3]]
        yield f"{isolated(_name(one)).ljust(width)}  {'  '.join(told)}"
    if len(found) > len(shown):
        yield word("more", lang, n=f"{len(found) - len(shown):,}")


def _name(one: Victim) -> str:
    return one.creative if one.creative is not None else f"#{one.index}"


def summary(
    found: Sequence[Victim], target: str, releasable: int, missing: Sequence[str], lang: Lang
) -> Iterator[str]:
    """How many there are, what was done with them, and how many would be let go.

    Args:
        found: the victims.
        target: what was asked about.
        releasable: how many creatives would be approved.
        missing: creatives that were not decided again.
        lang: of the words.
    """
    if not found:
        yield word("none", lang, target=target)
        return
    told = _counts((one.action for one in found), lang)
    yield word("count", lang, target=target, n=f"{len(found):,}", told=told)
    yield word("shares", lang, told=_counts((one.share for one in found), lang))
    again = any(one.now is not None for one in found)
    yield word("released" if again else "sure", lang, n=f"{releasable:,}")
    for action, n in sorted(Counter(one.now for one in held(found)).items()):
        yield word(f"held.{action}", lang, n=f"{n:,}")
    if again and missing:
        names = ", ".join(missing[:10])
        if len(missing) > 10:
            names += f" {word('more', lang, n=len(missing) - 10)}"
        yield word("missing", lang, names=names)


def _counts(keys: Iterable[str], lang: Lang) -> str:
    return f"{comma(lang)} ".join(
        f"{word(key, lang)} {n:,}" for key, n in Counter(keys).most_common()
    )


def victims_csv(found: Iterable[Victim], stream: Stream) -> None:
    """The victims as CSV, header first; words are those of the format, whatever the language."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for one in found:
        writer.writerow([cell(value) for value in _row(one, str)])


def victims_jsonl(found: Iterable[Victim], stream: Stream) -> None:
    """The victims as JSON, one a line."""
    for one in found:
        stream.write(json_text(victim_dict(one)) + "\n")


def victim_dict(one: Victim) -> dict[str, Any]:
    """A victim as JSON has it."""
    told = {name: getattr(one, name) for name in _COLUMNS}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in told.items()
    }


def victims_xlsx(found: Sequence[Victim], lang: Lang = "en") -> bytes:
    """The victims as a workbook.

    Raises:
        MissingExtra: XlsxWriter is not installed.
    """
    columns = tuple(
        Column(word(name, lang), width=width) for name, width in zip(_COLUMNS, _WIDTHS, strict=True)
    )
    rows = [_row(one, lambda key: word(key, lang)) for one in found]
    sheet = Sheet(word("victims", lang), columns, rows)
    created = max((one.on for one in found), default=None)
    return workbook([sheet], rtl=lang == "ar", created=created)


def _row(one: Victim, told: Callable[[str], str]) -> list[str]:
    markets = "; ".join(f"{market}: {told(action)}" for market, action in one.markets.items())
    return [
        one.creative or "", str(one.index), one.on, told(one.action),
        "" if one.now is None else told(one.now), told(one.share), markets,
        "; ".join(one.materials), "; ".join(one.others), "; ".join(one.fields),
        "; ".join(one.texts), one.ruleset,
    ]  # fmt: skip
