"""The words of a report in each language it is written in, and the colour of each action."""

from __future__ import annotations

import re
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
    "n.incomplete": ("incomplete", "غير مكتمل"),
    "no_creative": ("no creative", "ليس إعلانًا"),
    "fault": ("what is wrong", "الخطأ"),
    "line": ("line", "السطر"),
    "because": ("because", "السبب"),
    "exact": ("exact (NFC)", "exact (NFC)"),
    "safe": ("safe", "safe"),
    "loose": ("loose", "loose"),
    "evasion": ("evasion", "evasion"),
    "changes": ("changes", "ما تغيّر"),
    "words": ("words", "الكلمات"),
    "how": ("how", "كيف"),
    "read_as": ("read as {text}", "يُقرأ {text}"),
    "form": ("{word} is a form of {stem}:", "{word} صيغة من {stem}:"),
    "before": ("before it {text}", "قبله {text}"),
    "after": ("after it {text}", "بعده {text}"),
    "boundary": ("boundary {boundary}", "حدّ المطابقة {boundary}"),
    "inside": ("boundary {boundary}: it stands in {text}", "حدّ المطابقة {boundary}: داخل {text}"),
    "confidence": ("confidence {product}", "الثقة {product}"),
    "certain": ("confidence 1: nothing of it merges innocent words",
                "الثقة 1: لا شيء منها يخلط كلمات بريئة"),
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
    "shadow": ("shadow: no action", "مراقبة: بلا إجراء"),
    "view": ("view {view}", "مستوى {view}"),
    "bits": ("{count} bits apart", "الفرق {count} بت"),
    "spot": ("at {spot}", "عند {spot}"),
    "more": ("{count} more", "و{count} غيرها"),
    "found": ("found", "وُجد"),
    "rule": ("rule", "قاعدة"),
    "law": ("law", "قانون"),
    "platform": ("platform policy", "سياسة المنصة"),
    "shown": ("{count} shown", "المعروض {count}"),
    "on": ("as of {day}", "بتاريخ {day}"),
}  # fmt: skip
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
    "inflection": ("inflection", "تصريف الكلمة"),
    # loose
    "combining": ("marks on letters", "علامات فوق الحروف"),
    "diacritic": ("accents", "حروف معلّمة"),
    "elongation": ("repeated letters", "تكرار الحروف"),
    "far_letter": ("letters of Arabic script", "حروف لغات أخرى بالخط العربي"),
    "final_letter": ("final letters", "حروف نهائية"),
    "hamza_seat": ("hamza seats", "كرسي الهمزة"),
    "kana": ("kana", "كانا"),
    "maqsura": ("alef maqsura for yeh", "الألف المقصورة والياء"),
    "nukta": ("nukta", "نقطة هندية"),
    "ta_marbuta": ("teh marbuta for heh", "التاء المربوطة والهاء"),
    "traditional": ("traditional Chinese", "صينية تقليدية"),
    "yo": ("ё for е", "ё بدل е"),
    "twice_e": ("เเ for แ", "เเ بدل แ"),
    # evasion
    "arabic_lookalike": ("signs for Arabic letters", "رموز بدل حروف عربية"),
    "arabizi": ("Arabic in Latin letters", "عربيزي"),
    "long_mark": ("a dash for a long vowel", "شرطة بدل مدّ الحركة"),
    "dotless_i": ("i for ı in Turkish", "i بدل ı في التركية"),
    "dotless": ("letters without dots", "حروف بلا نقط"),
    "emoji_letter": ("emoji for letters", "رموز تعبيرية بدل حروف"),
    "jamo": ("Hangul taken apart", "هانغول مفكك"),
    "leet": ("digits and signs for letters", "أرقام ورموز بدل حروف"),
    "lookalike": ("letters of other alphabets", "حروف أبجديات أخرى"),
    "mixed_script": ("alphabets mixed", "خلط الأبجديات"),
    "reversal": ("shown backwards", "معروض بالعكس"),
    "separator": ("letters held apart", "حروف مفرّقة"),
    "split": ("a word in pieces", "كلمة مجزّأة"),
    # spellings that are asked for
    "homophone": ("same sound", "صوت مماثل"),
    "pinyin": ("pinyin", "بينيين"),
    "reversed": ("written backwards", "مكتوب بالعكس"),
    "swap": ("a letter exchanged", "حرف مستبدل"),
}
"""Name of a fold -> what an analyst calls it."""


_LOOKS: Final[dict[str, tuple[str, str]]] = {
    "whole": ("the whole picture", "الصورة كاملة"),
    "framed": ("inside the picture", "داخل الصورة"),
    "cropped": ("a part of the sample", "جزء من العيّنة"),
    "partly": ("compared in part", "قورن جزء منها"),
    "mirrored": ("mirrored", "معكوسة أفقيًا"),
    "flipped": ("upside down, mirrored", "معكوسة رأسيًا"),
    "turned 90": ("turned left", "مُدارة إلى اليسار"),
    "turned 180": ("upside down", "مقلوبة"),
    "turned 270": ("turned right", "مُدارة إلى اليمين"),
    "transposed": ("turned left, flipped", "مُدارة إلى اليسار ومقلوبة"),
    "transversed": ("turned right, flipped", "مُدارة إلى اليمين ومقلوبة"),
    "flat": ("with little to see", "قليلة التفاصيل"),
    "clip": ("clip", "مقطع"),
    "same file": ("the same file", "الملف نفسه"),
    "same pixels": ("the same pixels", "البكسلات نفسها"),
}
"""How a picture was looked at -> what an analyst calls it."""

_MEASURED: Final[tuple[tuple[re.Pattern[str], tuple[str, str]], ...]] = (
    (re.compile(r"frame (\d+)"), (r"frame \1", r"الإطار \1")),
    (re.compile(r"([\d.]+-[\d.]+) s"), (r"\1 s", r"\1 ث")),
    (re.compile(r"(\d+%) of the video"), (r"\1 of the video", r"\1 من الفيديو")),
    (re.compile(r"(\d+%) of the sample"), (r"\1 of the sample", r"\1 من العيّنة")),
)
"""What has a number in it, of the same."""


def look_words(view: str, lang: Lang) -> str:
    """How a picture or a video was looked at, in words; an algorithm keeps its name.

    >>> look_words("frame 6, framed, mirrored", "en")
    'frame 6, inside the picture, mirrored'
    """
    comma = "، " if lang == "ar" else ", "
    return comma.join(_look(one, LANGS.index(lang)) for one in view.split(", "))


def _look(one: str, place: int) -> str:
    if one in _LOOKS:
        return _LOOKS[one][place]
    found = ((pattern.fullmatch(one), words) for pattern, words in _MEASURED)
    return next((match.expand(words[place]) for match, words in found if match), one)


def has_label(fold: str) -> bool:
    """Whether a fold has its label in every language.

    >>> has_label("leet"), has_label("magic")
    (True, False)
    """
    return fold in _FOLDS and all(_FOLDS[fold])


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
