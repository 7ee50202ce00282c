"""Column headers of tables and names of sheets, in English and in Arabic.

Of materials, allows, examples and the keys of a package; and of labelled creatives.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from automod.model.case import Case
from automod.model.creative import Creative
from automod.model.package import Allow, Example, Material, Package

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
    "التدرج": "ramp", "نسبة التدرج": "ramp", "التدريج": "ramp",
    "من": "from", "من تاريخ": "from",
    "حتى": "until", "حتى تاريخ": "until", "إلى تاريخ": "until",
    "المعدل المتوقع": "expected_rate", "النسبة المتوقعة": "expected_rate",
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
"""What Arabic headers mean; the first of each key is the one that is written."""

OF_ALLOWS: Final[dict[str, str]] = {
    "المعرف": "id", "الرمز": "id",
    "النوع": "kind",
    "القيمة": "value", "الكلمة": "value", "النص": "value", "العبارة": "value",
    "القيم": "values", "المعلنون": "values",
    "الملف": "file",
    "البصمة": "hash",
    "المستوى": "view",
    "الحدود": "boundary",
    "الفجوة": "gap",
    "الخوارزمية": "algorithm",
    "نصف القطر": "radius",
    "الحقول": "fields",
    "الأسواق": "markets", "السوق": "markets", "الدول": "markets",
    "الحالة": "status",
    "من": "from", "من تاريخ": "from",
    "حتى": "until", "حتى تاريخ": "until", "إلى تاريخ": "until",
    "يحمي": "protects", "الحماية": "protects",
    "السياسات": "policies", "السياسة": "policies",
    "بواسطة": "by", "وافق عليه": "by",
    "المصدر": "source",
    "التذكرة": "ticket",
    "أضيف في": "added", "تاريخ الإضافة": "added",
    "أضافه": "added_by", "أضيف من": "added_by",
    "ملاحظة": "note", "ملاحظات": "note",
}  # fmt: skip
"""What Arabic headers of allows mean; the first of each key is the one that is written."""

OF_EXAMPLES: Final[dict[str, str]] = {
    "النص": "text", "المثال": "text",
    "الصورة": "image",
    "المطابقات": "hits", "المطابقة": "hits", "يطابق": "hits",
    "خطأ معروف": "known", "معروف": "known",
}  # fmt: skip
"""What Arabic headers of examples mean; the first of each key is the one that is written."""

OF_PACKAGES: Final[dict[str, str]] = {
    "المخطط": "schema",
    "الحزمة": "package", "اسم الحزمة": "package",
    "الإصدار": "version", "النسخة": "version",
    "العنوان": "title",
    "المالك": "owner", "الجهة المالكة": "owner",
    "السياسة": "policy", "السياسات": "policy",
    "اللغات": "languages", "اللغة": "languages",
    "الأسواق": "markets", "السوق": "markets", "الدول": "markets",
    "الحالة": "status",
    "التدرج": "ramp", "نسبة التدرج": "ramp", "التدريج": "ramp",
    "من": "from", "من تاريخ": "from",
    "حتى": "until", "حتى تاريخ": "until", "إلى تاريخ": "until",
    "المعدل المتوقع": "expected_rate", "النسبة المتوقعة": "expected_rate",
    "القيم الافتراضية": "defaults", "افتراضي": "defaults", "الافتراضي": "defaults",
    "السقف": "caps", "الحد الأقصى": "caps",
    "الموافقة": "approved", "الاعتماد": "approved",
    "المصدر": "source",
    "التذكرة": "ticket",
    "أضيف في": "added", "تاريخ الإضافة": "added",
    "أضافه": "added_by", "أضيف من": "added_by",
    "ملاحظة": "note", "ملاحظات": "note",
}  # fmt: skip
"""What Arabic keys of a package mean, as far as the first full stop."""

OF_APPROVALS: Final[dict[str, str]] = {
    "بواسطة": "by", "وافق عليه": "by",
    "في": "on", "التاريخ": "on", "بتاريخ": "on",
    "التذكرة": "ticket",
    "البصمة": "digest",
}  # fmt: skip
"""What Arabic keys mean after `approved.`."""

OF_PAIRS: Final[dict[str, str]] = {
    "المفتاح": "key", "البند": "key",
    "القيمة": "value",
    "ملاحظة": "note", "ملاحظات": "note", "شرح": "note",
}  # fmt: skip
"""What Arabic headers of the sheet `package` mean."""

SHEETS: Final[dict[str, str]] = {
    "الحزمة": "package", "حزمة": "package",
    "المواد": "materials", "مواد": "materials",
    "السماح": "allow", "المسموح": "allow", "الاستثناءات": "allow",
    "الأمثلة": "examples", "أمثلة": "examples",
    "القواعد": "rules", "قواعد": "rules",
}  # fmt: skip
"""What Arabic names of sheets mean; the first of each is the one that is written."""

LANGUAGES: Final[dict[str, str]] = {"العربية": "ar", "الإنجليزية": "en"}
"""What may stand after `title.` for a language."""


OF_CASES: Final[dict[str, str]] = {
    "المعرف": "id", "معرف الإعلان": "id", "رقم الإعلان": "id", "رمز الإعلان": "id",
    "الأسواق": "markets", "السوق": "markets", "الدول": "markets", "الدولة": "markets",
    "البلد": "markets", "البلدان": "markets", "بلد العرض": "markets",
    "اللغة": "language", "لغة الإعلان": "language",
    "المعلن": "advertiser", "معرف المعلن": "advertiser",
    "التاريخ": "on", "تاريخ الإعلان": "on",
    "العنوان": "text.title", "عنوان الإعلان": "text.title",
    "النص": "text.body", "نص الإعلان": "text.body", "النص الإعلاني": "text.body",
    "محتوى الإعلان": "text.body", "المحتوى": "text.body",
    "الوصف": "text.description", "وصف الإعلان": "text.description",
    "الصور": "images", "الصورة": "images", "صورة الإعلان": "images", "صور الإعلان": "images",
    "مقاطع الفيديو": "videos", "الفيديو": "videos", "مقطع الفيديو": "videos",
    "فيديو الإعلان": "videos",
    "الروابط": "links", "الرابط": "links", "رابط الإعلان": "links", "روابط الإعلان": "links",
    "رابط الصفحة": "links",
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
"""What Arabic headers of labelled creatives mean; the first of each is the one that is written."""

OF_ADS: Final[dict[str, str]] = {
    "ad id": "id", "creative id": "id",
    "market": "markets", "country": "markets", "countries": "markets",
    "lang": "language", "ad language": "language", "advertiser id": "advertiser",
    "title": "text.title", "ad title": "text.title", "headline": "text.title",
    "ad headline": "text.title",
    "body": "text.body", "ad text": "text.body", "ad body": "text.body", "ad copy": "text.body",
    "body text": "text.body", "primary text": "text.body", "message": "text.body",
    "description": "text.description", "ad description": "text.description",
    "image": "images", "ad image": "images", "picture": "images", "pictures": "images",
    "video": "videos", "ad video": "videos",
    "link": "links", "ad link": "links", "url": "links", "urls": "links", "final url": "links",
    "landing page": "links", "landing page url": "links", "destination url": "links",
    "min age": "targeting.min_age",
}  # fmt: skip
"""What people's own English headers of creatives mean."""

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


_ENDINGS: Final = str.maketrans("ةى", "هي")


def spoken(word: str) -> str:
    """A word in its plain form, without the difference of endings that many leave out.

    >>> spoken("القيمة") == spoken("القيمه")
    True
    """
    return plain(word).translate(_ENDINGS)


def arabic_of(table: Mapping[str, str]) -> dict[str, str]:
    """The Arabic name of each key: the first that a table has for it.

    >>> arabic_of(OF_EXAMPLES)["hits"], arabic_of(SHEETS)["allow"]
    ('المطابقات', 'السماح')
    """
    found: dict[str, str] = {}
    for arabic, key in table.items():
        found.setdefault(key, arabic)
    return found


def _names(keys: Iterable[str], arabic: Mapping[str, str]) -> dict[str, str]:
    """What each header means, by its spoken form."""
    return {
        **{spoken(key): key for key in keys},
        **{spoken(header): key for header, key in arabic.items()},
    }


def _keys_of(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


ALLOW_KEYS: Final = _keys_of(Allow)
EXAMPLE_KEYS: Final = _keys_of(Example)
PACKAGE_KEYS: Final = _keys_of(Package)

_BY_HEADER: Final = _names(KEYS, ARABIC)
_ALLOWS: Final = _names(ALLOW_KEYS, OF_ALLOWS)
_EXAMPLES: Final = _names(EXAMPLE_KEYS, OF_EXAMPLES)
_PAIRS: Final = _names(("key", "value", "note"), OF_PAIRS)
_PACKAGES: Final = _names(PACKAGE_KEYS, OF_PACKAGES)
_APPROVALS: Final = _names(("by", "on", "ticket", "digest"), OF_APPROVALS)
_LANGUAGES: Final = {spoken(name): code for name, code in LANGUAGES.items()}
_SHEETS: Final = _names(frozenset(SHEETS.values()), SHEETS)

_REMARK: Final = re.compile(r"\s*[(\n*].*\Z", re.DOTALL)
"""What a header may carry after its name: a remark in brackets or in a line below, a star."""


def _meant(header: str, names: Mapping[str, str]) -> str | None:
    """The key of a header, which may have a remark behind it."""
    stripped = header.strip()
    if stripped.startswith("x-"):
        return stripped
    found = names.get(spoken(stripped))
    return found or names.get(spoken(_REMARK.sub("", stripped)))


def key_of(header: str) -> str | None:
    """The key a header stands for, or None: `Added by` and `أضافه` are `added_by`.

    >>> key_of("الأسواق"), key_of("Added by"), key_of("x-team"), key_of("kidn")
    ('markets', 'added_by', 'x-team', None)
    >>> key_of("weight (0 to 1)"), key_of("النوع *")
    ('weight', 'kind')
    """
    return _meant(header, _BY_HEADER)


def allow_key_of(header: str) -> str | None:
    """The key of an allow that a header stands for, or None.

    >>> allow_key_of("السياسات"), allow_key_of("Protects")
    ('policies', 'protects')
    """
    return _meant(header, _ALLOWS)


def example_key_of(header: str) -> str | None:
    """The key of an example that a header stands for, or None.

    >>> example_key_of("النص"), example_key_of("x-team")
    ('text', None)
    """
    found = _meant(header, _EXAMPLES)
    return found if found in EXAMPLE_KEYS else None


def pair_column_of(header: str) -> str | None:
    """Which column of the sheet `package` a header stands for: `key`, `value`, `note`, or None.

    >>> pair_column_of("المفتاح"), pair_column_of("Value")
    ('key', 'value')
    """
    return _meant(header, _PAIRS)


def package_path(key: str) -> tuple[str, ...]:
    """Where a key of the sheet `package` lies in a package; what is not known stays as it is.

    >>> package_path("defaults.weight"), package_path("القيم الافتراضية.الوزن")
    (('defaults', 'weight'), ('defaults', 'weight'))
    >>> package_path("العنوان.ar"), package_path("Caps.bare.words"), package_path("x-a.b")
    (('title', 'ar'), ('caps', 'bare.words'), ('x-a.b',))
    """
    stripped = key.strip()
    if stripped.startswith("x-"):
        return (stripped,)
    first, dot, rest = (part.strip() for part in stripped.partition("."))
    known = _PACKAGES.get(spoken(first))
    if known is None:
        return (stripped,)
    if not dot:
        return (known,)
    if known == "defaults":
        return known, key_of(rest) or rest
    if known == "approved":
        return known, _APPROVALS.get(spoken(rest), rest)
    return known, _LANGUAGES.get(spoken(rest), rest) if known == "title" else rest


def package_key(path: Sequence[str]) -> str:
    """The Arabic key of the sheet `package` for what lies at a path of a package.

    >>> package_key(("approved", "by")), package_key(("title", "ar")), package_key(("x-a",))
    ('الموافقة.بواسطة', 'العنوان.العربية', 'x-a')
    """
    first, *rest = path
    below = _BELOW.get(first, {})
    return ".".join([_OF_PACKAGES.get(first, first), *(below.get(one, one) for one in rest)])


_OF_PACKAGES: Final = arabic_of(OF_PACKAGES)
_BELOW: Final = {
    "title": {code: name for name, code in LANGUAGES.items()}, "defaults": arabic_of(ARABIC),
    "approved": arabic_of(OF_APPROVALS),
}  # fmt: skip


def sheet_of(title: str) -> str | None:
    """Which part of a package a sheet holds by its name, or None.

    >>> sheet_of("المواد"), sheet_of("Allow "), sheet_of("Sheet1")
    ('materials', 'allow', None)
    """
    return _SHEETS.get(spoken(title))


CREATIVE_KEYS: Final = _keys_of(Creative) - {"schema"}
CASE_KEYS: Final = frozenset(Case.model_fields) - {"schema_", "creative"}


def bare(header: str) -> str:
    """A header of creatives without the articles of its words, and with spaces for hyphens.

    >>> bare("معرف الإعلان") == bare("معرف-اعلان")
    True
    """
    words = spoken(header.replace("-", " ")).split()
    return " ".join(one.removeprefix("ال") if len(one) > _SHORTEST else one for one in words)


_SHORTEST: Final = 4
"""Letters of a word that is too short to begin with an article."""

_CASE_BY_HEADER: Final[dict[str, str]] = {
    **{bare(name): name for name in (*Creative.model_fields, *CASE_KEYS, *OF_CASES.values())},
    **{bare(header): name for header, name in {**OF_ADS, **OF_CASES}.items()},
}


def case_column(header: str) -> str:
    """The name of a column of labelled creatives that a header stands for; else as it is written.

    >>> case_column("النص"), case_column("تصنيف.GMB.REAL@SA"), case_column(" id ")
    ('text.body', 'label.GMB.REAL@SA', 'id')
    >>> case_column("نص الاعلان *"), case_column("Ad Text (Arabic)"), case_column("Campaign")
    ('text.body', 'text.body', 'Campaign')
    """
    stripped = header.strip()
    for prefix in LABEL_PREFIXES[1:]:
        if stripped.startswith(prefix):
            return LABEL_PREFIXES[0] + stripped.removeprefix(prefix)
    if stripped.startswith("x-"):
        return stripped
    found = _CASE_BY_HEADER.get(bare(stripped))
    return found or _CASE_BY_HEADER.get(bare(_REMARK.sub("", stripped)), stripped)
