"""The words of a report in each language it is written in, and the colour of each action."""

from __future__ import annotations

from typing import Final, Literal, get_args

from automod.model.vocabulary import Action

Lang = Literal["en", "ar"]
LANGS: Final[tuple[Lang, ...]] = get_args(Lang)

STYLES: Final[dict[Action, str]] = {
    "approve": "green", "restrict": "cyan", "review": "yellow", "reject": "red",
}  # fmt: skip

SIGNS: Final[dict[Action, str]] = {
    "approve": "✔", "restrict": "▲", "review": "◆", "reject": "✖",
}  # fmt: skip
"""An action is told by its sign as well: not everybody sees the colours."""

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "approve": ("approve", "موافقة"),
    "restrict": ("restrict", "تقييد"),
    "review": ("review", "مراجعة"),
    "reject": ("reject", "رفض"),
    "n.reject": ("rejected", "مرفوض"),
    "n.review": ("to review", "للمراجعة"),
    "n.restrict": ("restricted", "مقيّد"),
    "n.approve": ("approved", "مقبول"),
    "n.incomplete": ("incomplete", "غير مكتمل"),
    "creatives": ("creatives", "إعلانات"),
    "creative": ("creative", "إعلان"),
    "no_creative": ("no creative", "ليس إعلانًا"),
    "fault": ("what is wrong", "الخطأ"),
    "line": ("line", "السطر"),
    "because": ("because", "السبب"),
    "exact": ("exact (NFC)", "exact (NFC)"),
    "safe": ("safe", "safe"),
    "changes": ("changes", "ما تغيّر"),
    "words": ("words", "الكلمات"),
    "why": ("asked", "السؤال"),
    "hit": ("it hit", "تطابق"),
    "no_hit": ("it did not hit", "لم يتطابق"),
    "wanted": ("wanted", "المطلوب"),
    "nearest": ("nearest", "الأقرب"),
    "allowed_by": ("allowed by", "يسمح به"),
    "overridden_by": ("overridden by", "عدّله"),
    "not_evaluated": ("not evaluated", "لم يُفحص"),
    "transient": ("may pass if tried again", "قد ينجح عند الإعادة"),
    "age": ("{min}+", "{min}+"),
    "limit": ("{limit}", "{limit}"),
    "shadow": ("shadow: no action", "تجريبي: بلا إجراء"),
    "view": ("view {view}", "مستوى {view}"),
    "more": ("{count} more", "و{count} غيرها"),
    "found": ("found", "وُجد"),
    "rule": ("rule", "قاعدة"),
    "law": ("law", "قانون"),
    "platform": ("platform policy", "سياسة المنصة"),
    "shown": ("{count} shown", "المعروض {count}"),
    "on": ("as of {day}", "بتاريخ {day}"),
}
"""Key -> English, Arabic."""

_FOLDS: Final[dict[str, tuple[str, str]]] = {
    "alef": ("alef forms", "صور الألف"),
    "bidi": ("direction marks", "علامات الاتجاه"),
    "case": ("letter case", "حالة الأحرف"),
    "compatibility": ("styled letters", "حروف مزخرفة"),
    "composition": ("letters and marks apart", "فصل الحرف عن علامته"),
    "digit": ("other digits", "أرقام أخرى"),
    "invisible": ("invisible characters", "حروف خفية"),
    "letter": ("look-alike letters", "حروف متشابهة"),
    "ligature": ("ligatures", "حروف مركّبة"),
    "mark": ("Arabic marks", "تشكيل"),
    "presentation": ("presentation forms", "أشكال العرض"),
    "tatweel": ("tatweel", "تطويل"),
    "width": ("wide letters", "حروف عريضة"),
}
"""Name of a fold -> what an analyst calls it."""


def word(key: str, lang: Lang, **values: object) -> str:
    """A word of the report in one language.

    >>> word("age", "en", min=18), word("reject", "ar")
    ('18+', 'رفض')
    """
    return _WORDS[key][LANGS.index(lang)].format(**values)


def fold_words(folds: tuple[str, ...], lang: Lang) -> str:
    """What was done to a spelling, in words; a fold without a word goes by its name.

    >>> fold_words(("tatweel", "mark"), "en")
    'tatweel, Arabic marks'
    """
    place = LANGS.index(lang)
    comma = "، " if lang == "ar" else ", "
    return comma.join(_FOLDS[fold][place] if fold in _FOLDS else fold for fold in folds)
