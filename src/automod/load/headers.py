"""Column headers of tables, in English and in Arabic: of materials, and of labelled creatives."""

from __future__ import annotations

import unicodedata
from typing import Final

from automod.model.case import Case
from automod.model.creative import Creative
from automod.model.package import Material

KEYS: Final[frozenset[str]] = frozenset(
    field.alias or name for name, field in Material.model_fields.items()
)

ARABIC: Final[dict[str, str]] = {
    "المعرف": "id", "الرمز": "id",
    "النوع": "kind",
    "القيمة": "value", "الكلمة": "value", "النص": "value", "العبارة": "value",
    "الملف": "file",
    "البصمة": "hash",
    "الوزن": "weight",
    "السياسة": "policy", "السياسات": "policy",
    "الوسوم": "tags", "الوسم": "tags",
    "المجموعة": "group",
    "المستوى": "view",
    "الحدود": "boundary",
    "الفجوة": "gap",
    "الحقول": "fields",
    "الأسواق": "markets", "السوق": "markets", "الدول": "markets",
    "اللغات فقط": "only_languages",
    "عند التمويه فقط": "only_if_obfuscated",
    "الحالة": "status",
    "من": "from", "من تاريخ": "from",
    "حتى": "until", "حتى تاريخ": "until", "إلى تاريخ": "until",
    "يحتاج": "needs", "يتطلب": "needs",
    "يحتاج ضمن": "needs_within", "يتطلب ضمن": "needs_within",
    "إلا مع": "unless", "ما لم": "unless",
    "مثال": "example",
    "مثال مضاد": "not_example",
    "المصدر": "source",
    "التذكرة": "ticket",
    "أضيف في": "added", "تاريخ الإضافة": "added",
    "أضافه": "added_by", "أضيف من": "added_by",
    "ملاحظة": "note", "ملاحظات": "note",
    "الخوارزمية": "algorithm",
    "نصف القطر": "radius",
}  # fmt: skip
"""What Arabic headers mean."""


OF_CASES: Final[dict[str, str]] = {
    "المعرف": "id",
    "الأسواق": "markets", "السوق": "markets", "الدول": "markets",
    "اللغة": "language",
    "المعلن": "advertiser",
    "التاريخ": "on",
    "العنوان": "text.title", "النص": "text.body",
    "الصور": "images", "الصورة": "images",
    "مقاطع الفيديو": "videos", "الفيديو": "videos",
    "الروابط": "links", "الرابط": "links",
    "الشهادات": "certificates",
    "العمر الأدنى": "targeting.min_age", "الحد الأدنى للعمر": "targeting.min_age",
    "التصنيفات": "labels",
    "السياسات المفحوصة": "judged",
    "الاحتمال": "probability",
    "مرات الظهور": "volume", "الحجم": "volume",
    "المجموعة": "group",
    "التصنيف بواسطة": "label.by", "المصنف": "label.by",
    "تاريخ التصنيف": "label.on",
    "نوع التصنيف": "label.kind",
}  # fmt: skip
"""What Arabic headers of labelled creatives mean."""

LABEL_PREFIXES: Final = ("label.", "تصنيف.", "التصنيف.")
"""How a column of labels begins; its policy code follows."""


def plain(header: str) -> str:
    """A header without what typists leave out or put in: marks, tatweel, hamza on alef, spaces.

    >>> plain("  Added_By "), plain("أضيفَ من")
    ('added by', 'اضيف من')
    """
    text = unicodedata.normalize("NFKD", header.strip().casefold())
    letters = "".join(c for c in text if not unicodedata.combining(c) and c not in "ـ\u200e\u200f")
    return " ".join(letters.replace("_", " ").split())


_BY_HEADER: Final[dict[str, str]] = {
    **{plain(key): key for key in KEYS},
    **{plain(header): key for header, key in ARABIC.items()},
}


def key_of(header: str) -> str | None:
    """The key a header stands for, or None: `Added by` and `أضافه` are `added_by`.

    >>> key_of("الأسواق"), key_of("Added by"), key_of("x-team"), key_of("kidn")
    ('markets', 'added_by', 'x-team', None)
    """
    stripped = header.strip()
    if stripped.startswith("x-"):
        return stripped
    return _BY_HEADER.get(plain(stripped))


CASE_KEYS: Final = frozenset(Case.model_fields) - {"schema_", "creative"}

_CASE_BY_HEADER: Final[dict[str, str]] = {
    **{plain(name): name for name in (*Creative.model_fields, *CASE_KEYS, *OF_CASES.values())},
    **{plain(header): name for header, name in OF_CASES.items()},
}


def case_column(header: str) -> str:
    """The name of a column of labelled creatives that a header stands for; else as it is written.

    >>> case_column("النص"), case_column("تصنيف.GMB.REAL@SA"), case_column(" id ")
    ('text.body', 'label.GMB.REAL@SA', 'id')
    """
    stripped = header.strip()
    for prefix in LABEL_PREFIXES[1:]:
        if stripped.startswith(prefix):
            return LABEL_PREFIXES[0] + stripped.removeprefix(prefix)
    return _CASE_BY_HEADER.get(plain(stripped), stripped)
