"""The words of a difference between rulesets, and how its values are told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from automod.model.canonical import canonical_text
from automod.model.ruleset import Condition, Sample
from automod.workshop.condition_text import condition_text
from automod.workshop.ruleset_diff import Change, FieldChange, asks
from automod.workshop.stance_diff import StanceChange

from .labels import Lang

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "loosened": ("loosened: lets more through", "خُفّف: يمرّ أكثر من قبل"),
    "tightened": ("tightened: stops more", "شُدّد: يوقف أكثر من قبل"),
    "changed": ("changed: which way depends on the ads", "تغيّر: يتوقف الاتجاه على الإعلانات"),
    "added": ("added", "أُضيف"),
    "removed": ("removed", "أُزيل"),
    "moved": ("moved: the same value under another id", "نُقل: القيمة نفسها بمعرّف آخر"),
    "noted": ("changes no decision", "لا يغيّر أي قرار"),
    "stances": ("what is asked, on {on}", "المطلوب في {on}"),
    "same": ("nothing differs", "لا فرق"),
    "more": ("… and {n} more", "… و{n} غيرها"),
    "was": ("was {id}", "كان {id}"),
    "everywhere": ("everywhere", "في كل مكان"),
    "default": ("by default", "ما لم يُذكر غيره"),
    "none": ("nothing", "لا شيء"),
    "examples": ("{n} examples", "{n} من الأمثلة"),
    "another": ("another picture", "صورة أخرى"),
    # effects
    "tighter": ("stops more", "يوقف أكثر"),
    "looser": ("lets more through", "يمرّر أكثر"),
    "either": ("either way", "في أي اتجاه"),
    # parts
    "package": ("package", "حزمة"),
    "material": ("material", "مادة"),
    "rule": ("rule", "قاعدة"),
    "allow": ("allow", "سماح"),
    "override": ("override", "تضييق"),
    "code": ("code", "رمز"),
    "row": ("row", "صف"),
    "table": ("table", "الجدول"),
    # headings of columns
    "sort": ("change", "التغيّر"),
    "part": ("what", "النوع"),
    "id": ("id", "المعرّف"),
    "effect": ("effect", "الأثر"),
    "value": ("value", "القيمة"),
    "field": ("field", "الحقل"),
    "old": ("before", "قبل"),
    "new": ("after", "بعد"),
    "market": ("market", "السوق"),
    "changes": ("changes", "التغيّرات"),
    "stances.sheet": ("stances", "المطلوب"),
}

_WHERE: Final = frozenset({"markets", "fields", "only_languages"})


def word(key: str, lang: Lang, **values: object) -> str:
    """A word or sentence in a language.

    >>> word("more", "en", n=3)
    '… and 3 more'
    """
    return WORDS[key][lang == "ar"].format(**values)


def value_text(field: FieldChange, value: Any, lang: Lang) -> str:
    """One value of a field.

    >>> value_text(FieldChange("markets", (), ("SA",), "looser"), (), "en")
    'everywhere'
    """
    if value is None or value in ("", ()):
        return word("everywhere" if field.name in _WHERE else "none", lang)
    if isinstance(value, Condition):
        return condition_text(value, lang)
    if isinstance(value, Sample):
        return word("another", lang)
    if field.name == "examples":
        return word("examples", lang, n=len(value))
    if isinstance(value, tuple):
        return ("، " if lang == "ar" else ", ").join(map(str, value))
    return value if isinstance(value, str) else canonical_text(value).strip('"')


def stance_text(change: StanceChange, lang: Lang) -> tuple[str, str, str]:
    """Where, and what is asked before and after."""
    old, new = (
        "; ".join(map(asks, rows)) or word("none", lang) for rows in (change.old, change.new)
    )
    return change.market or word("default", lang), old, new


def change_dict(change: Change) -> dict[str, Any]:
    """A change as JSON has it."""
    told = {
        "sort": change.sort, "part": change.part, "id": change.id, "effect": change.effect,
        "what": change.what,
        "fields": [
            {"name": one.name, "old": _plain(one.old), "new": _plain(one.new), "effect": one.effect}
            for one in change.fields
        ],
    }  # fmt: skip
    return told | ({"was": change.was} if change.was else {})


def stance_dict(change: StanceChange) -> dict[str, Any]:
    """What is asked before and after, as JSON has it."""
    return {
        "code": change.code, "market": change.market, "effect": change.effect,
        "old": _plain(change.old), "new": _plain(change.new),
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return json.loads(canonical_text(value))
