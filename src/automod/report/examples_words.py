"""What is said of examples, in each language."""

from __future__ import annotations

from typing import Final

from .labels import LANGS, Lang

_WORDS: Final[dict[str, tuple[str, str]]] = {
    # what became of one
    "passed": ("passed", "نجح"),
    "failed": ("failed", "فشل"),
    "unread": ("cannot be looked at", "تعذّر فحصه"),
    "known": ("known", "خطأ معروف"),
    "mended": ("mended", "تحسّن"),
    # how many
    "n.passed": ("{count} passed", "نجح {count}"),
    "n.failed": ("{count} failed", "فشل {count}"),
    "n.unread": ("{count} could not be looked at", "تعذّر فحص {count}"),
    "n.known": ("{count} known", "خطأ معروف {count}"),
    "n.mended": ("{count} mended", "تحسّن {count}"),
    # why
    "missing": ("{name} did not hit", "لم يتطابق {name}"),
    "extra": ("{name} hit, and should not have", "تطابق {name} ولم يكن ينبغي أن يتطابق"),
    "alike": ("nothing hit", "لم يتطابق شيء"),
    "where": ("{text} in {field}, market {market}", "{text} في {field}، السوق {market}"),
    "market": ("market {market}", "السوق {market}"),
    "folds": ("view {view}: {folds}", "المستوى {view}: {folds}"),
    "view": ("view {view}", "المستوى {view}"),
    "rests": ("it rests on {parts}", "يستند إلى {parts}"),
    "stops": ("with {name}: {value} it would not hit", "لن يتطابق إذا كُتب {name}: {value}"),
    "allow": ("the nearest allow is {allow}, {value}: {cause}",
              "أقرب سماح هو {allow}، {value}: {cause}"),
    "add": ("or add {name} to its hits", "أو أضف {name} إلى «المطابقات»"),
    "suggested": ("an allow such as {phrase} would protect it", "يحميه سماح مثل {phrase}"),
    "known.miss": ("a known miss", "فائتة معروفة"),
    "known.false_alarm": ("a known false alarm", "إنذار كاذب معروف"),
    "remove": ("this works now: remove known: {known}",
               "أصبح يعمل: احذف «خطأ معروف» (known: {known})"),
    "unread.why": ("it cannot be looked at: {why}", "تعذّر فحصه: {why}"),
    # which
    "of.hits": ("example of {name}", "مثال {name}"),
    "of.hits_not": ("counter-example of {name}", "مثال مضاد لـ{name}"),
    "retired": ("{package} is retired: its examples were not tried",
                "{package} متقاعدة: لم تُجرَّب أمثلتها"),
    "none": ("no example was found: nothing was tried", "لا توجد أمثلة: لم يُجرَّب شيء"),
    # columns
    "col.result": ("result", "النتيجة"),
    "col.package": ("package", "الحزمة"),
    "col.place": ("place", "المكان"),
    "col.text": ("text", "النص"),
    "col.image": ("image", "الصورة"),
    "col.wanted": ("should hit", "المطلوب"),
    "col.hits": ("hit", "ما تطابق"),
    "col.why": ("why", "السبب"),
    "col.known": ("known", "خطأ معروف"),
    "sheet": ("examples", "الأمثلة"),
}  # fmt: skip
"""Key -> English, Arabic."""


def word(key: str, lang: Lang, **values: object) -> str:
    """What is said of examples, in one language.

    >>> word("missing", "en", name="casino")
    'casino did not hit'
    """
    return _WORDS[key][LANGS.index(lang)].format(**values)
