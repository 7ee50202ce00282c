"""Column headers of tables: the keys of a material, in English and in Arabic."""

from __future__ import annotations

import unicodedata
from typing import Final

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


def _plain(header: str) -> str:
    """A header without what typists leave out or put in: marks, tatweel, hamza on alef, spaces."""
    text = unicodedata.normalize("NFKD", header.strip().casefold())
    letters = "".join(c for c in text if not unicodedata.combining(c) and c not in "ـ\u200e\u200f")
    return " ".join(letters.replace("_", " ").split())


_BY_HEADER: Final[dict[str, str]] = {
    **{_plain(key): key for key in KEYS},
    **{_plain(header): key for header, key in ARABIC.items()},
}


def key_of(header: str) -> str | None:
    """The key a header stands for, or None: `Added by` and `أضافه` are `added_by`.

    >>> key_of("الأسواق"), key_of("Added by"), key_of("x-team"), key_of("kidn")
    ('markets', 'added_by', 'x-team', None)
    """
    stripped = header.strip()
    if stripped.startswith("x-"):
        return stripped
    return _BY_HEADER.get(_plain(stripped))
