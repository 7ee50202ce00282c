"""Arabic words for what may be chosen in a cell: kinds, statuses, views and the like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .headers import spoken

WORDS_AR: Final[dict[str, dict[str, str]]] = {
    "kind": {
        "keyword": "كلمة", "phrase": "عبارة", "regex": "نمط", "domain": "نطاق", "url": "رابط",
        "handle": "حساب", "phone": "هاتف", "image": "صورة", "video": "فيديو",
        "advertiser": "معلن",
    },
    "status": {"draft": "مسودة", "shadow": "مراقبة", "live": "نشطة", "retired": "متقاعدة"},
    "view": {"exact": "حرفي", "safe": "آمن", "loose": "موسع", "evasion": "تمويه"},
    "boundary": {
        "word": "كلمة كاملة", "inflected": "كلمة مصرفة", "prefix": "بداية كلمة",
        "substring": "جزء من كلمة",
    },
    "weight": {
        "certain": "مؤكد", "strong": "قوي", "medium": "متوسط", "weak": "ضعيف", "signal": "إشارة",
    },
    "only_if_obfuscated": {"true": "نعم", "false": "لا"},
    "known": {"miss": "فائتة", "false_alarm": "إنذار كاذب"},
}  # fmt: skip
"""Key -> the word that files have -> the Arabic word for it, as drop-down lists show it."""

ALSO: Final[dict[str, dict[str, str]]] = {
    "kind": {
        "كلمة مفتاحية": "keyword", "جملة": "phrase", "تعبير نمطي": "regex", "تعبير نظامي": "regex",
        "اسم نطاق": "domain", "موقع": "domain", "اسم مستخدم": "handle", "رقم هاتف": "phone",
        "جوال": "phone", "مقطع فيديو": "video", "مقطع": "video",
    },
    "status": {
        "ظل": "shadow", "مراقب": "shadow", "نشط": "live", "مفعلة": "live", "مفعل": "live",
        "متقاعد": "retired", "موقوفة": "retired", "موقوف": "retired",
    },
    "view": {"حرفية": "exact", "آمنة": "safe", "موسعة": "loose", "مرن": "loose"},
    "boundary": {"كلمة": "word", "مصرفة": "inflected", "بداية": "prefix", "جزء": "substring"},
    "weight": {"مؤكدة": "certain", "قوية": "strong", "متوسطة": "medium", "ضعيفة": "weak"},
    "known": {"فائت": "miss", "مطابقة فائتة": "miss", "كاذب": "false_alarm"},
}  # fmt: skip
"""Key -> further Arabic words that are read -> the word that files have."""

_BY_WORD: Final[dict[str, dict[str, str]]] = {
    key: {
        **{spoken(arabic): word for word, arabic in words.items()},
        **{spoken(arabic): word for arabic, word in ALSO.get(key, {}).items()},
    }
    for key, words in WORDS_AR.items()
}


def word_of(key: str, cell: str) -> str:
    """The word that a cell under a key stands for, as files have it; else the cell as it is.

    >>> word_of("kind", "كلمة"), word_of("boundary", "كلمة كاملة"), word_of("weight", "0.9")
    ('keyword', 'word', '0.9')
    """
    if cell.isascii() or key not in _BY_WORD:
        return cell
    return _BY_WORD[key].get(spoken(cell), cell)


def with_words(record: Mapping[str, str]) -> dict[str, str]:
    """A row by its keys, with each Arabic word as files have it.

    >>> with_words({"kind": "عبارة", "value": "كلمة"})
    {'kind': 'phrase', 'value': 'كلمة'}
    """
    return {key: word_of(key, cell) for key, cell in record.items()}
