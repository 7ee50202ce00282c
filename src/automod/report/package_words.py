"""What the keys of a package mean, for the notes of its workbook, in each language."""

from __future__ import annotations

from typing import Final

from .labels import LANGS, Lang

_MATERIALS: Final[dict[str, tuple[str, str]]] = {
    "id": (
        "A short name, once in the package. Blank: made of kind and value.",
        "اسم قصير لا يتكرر في الحزمة. إن تُرك فارغًا صيغ من النوع والقيمة.",
    ),
    "kind": (
        "What it is: a word, a phrase, a link, a phone number, an image …",
        "نوع المادة: كلمة أو عبارة أو رابط أو هاتف أو صورة …",
    ),
    "value": (
        "What is looked for: the word, the phrase, the address, the number.",
        "ما يُبحث عنه: الكلمة أو العبارة أو العنوان أو الرقم.",
    ),
    "file": (
        "Image or video: the file, beside this workbook.",
        "للصورة أو الفيديو: اسم الملف الموضوع بجانب هذا المصنف.",
    ),
    "hash": (
        "Image: its fingerprint, where the file is not at hand.",
        "للصورة: بصمتها إن لم يتوفر ملفها.",
    ),
    "algorithm": (
        "Image: how its hash was made; blank is pdq.",
        "للصورة: خوارزمية البصمة؛ الفارغ يعني pdq.",
    ),
    "radius": (
        "Image: how many bits may differ; blank is the usual number.",
        "للصورة: عدد البتات المسموح باختلافها؛ الفارغ يعني العدد المعتاد.",
    ),
    "weight": (
        "How much it counts: certain, strong, medium, weak, signal (in rules only), or 0 to 1.",
        "مقدار تأثيرها: مؤكد أو قوي أو متوسط أو ضعيف أو إشارة (في القواعد فقط)، أو من 0 إلى 1.",
    ),
    "policy": (
        "Policy codes in place of the package's; several apart by ;",
        "رموز السياسة بدل رموز الحزمة؛ افصل بينها بعلامة ؛",
    ),
    "tags": (
        "Names by which rules know it; several apart by ;",
        "وسوم تعرفها بها القواعد؛ افصل بينها بعلامة ؛",
    ),
    "group": (
        "Materials of one group may have a cap on what they add together.",
        "يمكن وضع سقف لمجموع ما تضيفه مواد المجموعة الواحدة.",
    ),
    "view": (
        "How far disguise is seen through: exact, safe, loose, evasion. Blank: by its length.",
        "مدى كشف التمويه: حرفي أو آمن أو موسع أو تمويه. الفارغ: بحسب الطول.",
    ),
    "boundary": (
        "Where a word may end: word, inflected, prefix, substring. Blank: by its language.",
        "حدود الكلمة: كلمة كاملة أو كلمة مصرفة أو بداية كلمة أو جزء من كلمة. الفارغ: بحسب اللغة.",
    ),
    "gap": (
        "Phrase: how many words may stand between its words.",
        "للعبارة: عدد الكلمات التي يجوز أن تقع بين كلماتها.",
    ),
    "fields": (
        "Only in these fields of an ad: title, body …; several apart by ;",
        "في هذه الحقول فقط: title أو body …؛ افصل بينها بعلامة ؛",
    ),
    "markets": (
        "Only in these markets or groups: SA; AE. Blank: everywhere.",
        "في هذه الأسواق أو المجموعات فقط: SA؛ AE. الفارغ: في كل مكان.",
    ),
    "only_languages": (
        "Only where the text is in these languages: ar; en.",
        "فقط إذا كان النص بهذه اللغات: ar؛ en.",
    ),
    "only_if_obfuscated": (
        "true: only where it was disguised.",
        "نعم: فقط إذا كُتبت مموهة.",
    ),
    "status": (
        "live acts, shadow only records, draft is not loaded, retired is over.",
        "نشطة تعمل، ومراقبة تسجّل فقط، ومسودة لا تُحمَّل، ومتقاعدة انتهت.",
    ),
    "ramp": (
        "The share of ads in which it is live, as 10%; in the others it is shadow. Blank: in all.",
        "نسبة الإعلانات التي تكون فيها نشطة، مثل 10%؛ وفي غيرها للمراقبة فقط. الفارغ: في كلها.",
    ),
    "expected_rate": (
        "The share of ads that it should hit at most, as 0.5%; far above it, it is switched off.",
        "أقصى نسبة من الإعلانات يُتوقع أن تصيبها، مثل 0.5%؛ فوقها توقفها المراقبة الآلية.",
    ),
    "from": ("The first day, as 2026-11-01.", "أول يوم، مثل 2026-11-01."),
    "until": ("The last day, as 2026-11-30.", "آخر يوم، مثل 2026-11-30."),
    "needs": (
        "Counts only together with one of these tags.",
        "لا تُحسب إلا مع أحد هذه الوسوم.",
    ),
    "needs_within": (
        "… and only this many words apart.",
        "… وعلى بعد هذا العدد من الكلمات على الأكثر.",
    ),
    "unless": (
        "Does not count together with one of these tags.",
        "لا تُحسب مع أحد هذه الوسوم.",
    ),
    "example": ("A text in which it must be found.", "نص يجب أن توجد فيه."),
    "not_example": ("A text in which it must not be found.", "نص يجب ألا توجد فيه."),
    "source": ("Where it is from.", "مصدرها."),
    "ticket": ("Where it is discussed.", "رقم التذكرة التي نوقشت فيها."),
    "added": ("The day it was added, as 2026-11-01.", "تاريخ إضافتها، مثل 2026-11-01."),
    "added_by": ("Who added it.", "من أضافها."),
    "note": ("Anything a colleague should know.", "أي شيء ينبغي أن يعرفه الزملاء."),
}
_ALLOW: Final[dict[str, tuple[str, str]]] = {
    **_MATERIALS,
    "id": ("A short name, once in the package.", "اسم قصير لا يتكرر في الحزمة."),
    "kind": (
        "What protects: a phrase, a word, an image, or an advertiser.",
        "نوع ما يحمي: عبارة أو كلمة أو صورة أو معلن.",
    ),
    "value": (
        "The harmless text: where it is longer than a risky one inside it, it wins.",
        "النص السليم: إن كان أطول من المادة الخطرة التي بداخله غلبها.",
    ),
    "values": (
        "Advertiser: their ids; several apart by ;",
        "للمعلن: معرفات المعلنين؛ افصل بينها بعلامة ؛",
    ),
    "protects": (
        "Packages or codes that it protects from; blank: this package.",
        "الحزم أو الرموز التي يحمي منها؛ الفارغ: هذه الحزمة.",
    ),
    "policies": ("Advertiser: for these policy codes.", "للمعلن: لرموز السياسة هذه."),
    "by": ("Advertiser: who answers for it.", "للمعلن: من المسؤول عن هذا السماح."),
}
_EXAMPLES: Final[dict[str, tuple[str, str]]] = {
    "text": ("A text as an ad may have it.", "نص كما قد يرد في إعلان."),
    "image": (
        "In place of a text: an image beside this workbook.",
        "بدل النص: صورة موضوعة بجانب هذا المصنف.",
    ),
    "hits": (
        "The ids that must hit, apart by ;  Blank: nothing may hit.",
        "المعرفات التي يجب أن تطابق، مفصولة بعلامة ؛ الفارغ: لا شيء يطابق.",
    ),
    "known": (
        "miss or false_alarm, where today's answer is known to be wrong.",
        "فائتة أو إنذار كاذب، إن عُرف أن الجواب اليوم خاطئ.",
    ),
}
_PACKAGE: Final[dict[str, tuple[str, str]]] = {
    "schema": ("The version of this format.", "إصدار هذا التنسيق."),
    "package": (
        "The package's name: small letters, digits and -. It does not change.",
        "اسم الحزمة: أحرف لاتينية صغيرة وأرقام و -. لا يتغير.",
    ),
    "version": (
        "Raise it with each change, as 2026.11.1.",
        "ارفعه مع كل تعديل، مثل 2026.11.1.",
    ),
    "title": ("What people call it.", "اسمها الذي يعرفه الناس."),
    "owner": ("The team that answers for it.", "الفريق المسؤول عنها."),
    "policy": (
        "The policy codes, apart by ;  Blank: it scores nothing.",
        "رموز السياسة مفصولة بعلامة ؛ الفارغ: لا تُحتسب لها درجة.",
    ),
    "languages": (
        "How the material is written, apart by ;  as ar; en",
        "لغات كتابة المواد مفصولة بعلامة ؛ مثل ar؛ en",
    ),
    "markets": _MATERIALS["markets"],
    **{key: _MATERIALS[key] for key in ("status", "ramp", "from", "until", "expected_rate")},
    "defaults": (
        "What every material has unless it says otherwise.",
        "ما تأخذه كل مادة ما لم تقل غير ذلك.",
    ),
    "caps": (
        "The most that a group may add to a score, 0 to 1.",
        "أقصى ما تضيفه مجموعة إلى الدرجة، من 0 إلى 1.",
    ),
    "approved": (
        "Written by `automod approve`; leave it as it is.",
        "يكتبه الأمر automod approve؛ اتركه كما هو.",
    ),
    **{key: _MATERIALS[key] for key in ("source", "ticket", "added", "added_by", "note")},
}
_OF: Final = {
    "package": _PACKAGE, "materials": _MATERIALS, "allow": _ALLOW, "examples": _EXAMPLES,
}  # fmt: skip

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "choose": ("Choose one of the list.", "اختر من القائمة."),
    "wrong": ("This is not in the list.", "هذه القيمة ليست في القائمة."),
}


def explained(sheet: str, key: str, lang: Lang) -> str | None:
    """What a key of a sheet means; None for a key of which nothing is known.

    >>> explained("examples", "image", "en")
    'In place of a text: an image beside this workbook.'
    """
    words = _OF[sheet].get(key)
    return None if words is None else words[LANGS.index(lang)]


def sheet_sentence(key: str, lang: Lang) -> str:
    """A sentence of the drop-down lists.

    >>> sheet_sentence("choose", "en")
    'Choose one of the list.'
    """
    return _SENTENCES[key][LANGS.index(lang)]
