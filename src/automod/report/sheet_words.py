"""The names of sheets and columns that an evaluation has as a workbook, in each language."""

from __future__ import annotations

from typing import Final

from .labels import LANGS, Lang

_WORDS: Final[dict[str, tuple[str, str]]] = {
    # sheets
    "about": ("about", "عن التقرير"),
    "slices": ("slices", "الشرائح"),
    "impressions": ("impressions", "حسب الظهور"),
    "materials": ("materials", "المواد"),
    "overlap": ("overlap", "التداخل"),
    "thresholds": ("thresholds", "العتبات"),
    "examples": ("examples", "أمثلة"),
    "agreement": ("agreement", "اتفاق المصنفين"),
    "changes": ("changes", "التغيّرات"),
    "flips": ("flips", "قرارات تغيّرت"),
    # parts of a ratio
    "count": ("{name} count", "{name}: العدد"),
    "of": ("{name} of", "{name}: من أصل"),
    "value": ("{name} value", "{name}: القيمة"),
    "low": ("{name} low", "{name}: أدنى"),
    "high": ("{name} high", "{name}: أعلى"),
    "enough": ("{name} enough", "{name}: تكفي"),
    "before": ("{name} before", "{name} قبل"),
    "after": ("{name} after", "{name} بعد"),
    "difference": ("{name} difference", "فرق {name}"),
    "p": ("{name} p", "{name}: p"),
    # other columns
    "section": ("Section", "القسم"),
    "what": ("What", "البند"),
    "number": ("Value", "القيمة"),
    "note": ("Note", "الشرح"),
    "cut": ("Cut by", "التقسيم"),
    "noisy": ("Noisy", "كثيرة الخطأ"),
    "share": ("Share", "النسبة"),
    "text": ("Text", "النص"),
    "images": ("Images", "الصور"),
    "materials.hit": ("Found by", "وجدته"),
    "materials.before": ("Found by, before", "وجدته قبل"),
    "materials.after": ("Found by, after", "وجدته بعد"),
    "surface": ("Found text", "النص الذي وُجد"),
    "folds": ("How it was disguised", "كيف مُوّه"),
    "kind": ("What happened", "ما حدث"),
    "labeller.2": ("Other labeller", "المصنِّف الآخر"),
    "part.2": ("Other part", "الجزء الآخر"),
}  # fmt: skip
"""Key -> English, Arabic."""


def sheet_word(key: str, lang: Lang, **values: object) -> str:
    """The name of a sheet or a column in one language.

    >>> sheet_word("low", "en", name="Recall")
    'Recall low'
    """
    return _WORDS[key][LANGS.index(lang)].format(**values)
