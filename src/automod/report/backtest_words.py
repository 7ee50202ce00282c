"""The words of a backtest, in each language it is told in."""

from __future__ import annotations

from typing import Final

from automod.policy.reasons import inline

from .labels import LANGS, Lang

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "backtest": ("Backtest", "تجربة على الإعلانات المحفوظة"),
    "traffic": ("{creatives} creatives", "عدد الإعلانات: {creatives}"),
    "otherwise": ("{count} decided otherwise", "تغيّر القرار في: {count}"),
    "no_creatives": ("{count} are no creative", "ليست إعلانات: {count}"),
    "population": ("a sample of {count}", "عيّنة من {count}"),
    "gained": ("gained", "أشد"),
    "lost": ("lost", "أخف"),
    "changed": ("changed", "تغيّر آخر"),
    "gained.long": ("gained: now hit, or stricter", "أشد: صار يتطابق، أو صار القرار أشد"),
    "lost.long": ("lost: no longer hit, or laxer", "أخف: لم يعد يتطابق، أو صار القرار أخف"),
    "changed.long": ("changed: other codes, hits or markets",
                     "تغيّر آخر: رموز أو تطابقات أو أسواق أخرى"),
    "by.market": ("By market", "حسب السوق"),
    "by.language": ("By declared language", "حسب اللغة المعلنة"),
    "by.policy": ("By policy code", "حسب رمز السياسة"),
    "market": ("Market", "السوق"),
    "language": ("Declared language", "اللغة المعلنة"),
    "policy": ("Policy code", "رمز السياسة"),
    "by": ("By", "حسب"),
    "value": ("Group", "المجموعة"),
    "no_value": ("not said", "غير مذكور"),
    "everywhere": ("all", "الكل"),
    "creatives": ("Creatives", "الإعلانات"),
    "share": ("Share", "النسبة"),
    "transitions": ("From action to action", "من إجراء إلى إجراء"),
    "before": ("Before", "قبل"),
    "after": ("After", "بعد"),
    "load": ("Work for people", "عبء العمل على الناس"),
    "action": ("Action", "الإجراء"),
    "more": ("Difference", "الفرق"),
    "more_in_population": ("Difference in the population", "الفرق في المجتمع كله"),
    "estimated": ("estimated", "تقدير"),
    "noisiest": ("Who makes the difference", "ما الذي أحدث الفرق"),
    "material": ("Material", "المادة"),
    "hits": ("Hits", "التطابقات"),
    "alone": ("Alone", "وحدها"),
    "alone.long": ("{count} alone", "وحدها: {count}"),
    "flips": ("Decided otherwise", "إعلانات تغيّر قرارها"),
    "creative": ("Creative", "الإعلان"),
    "turn": ("What happened", "ما حدث"),
    "materials": ("Materials that differ", "المواد المختلفة"),
    "markets": ("Markets", "الأسواق"),
    "missed": ("Not evaluated, of those decided by both", "لم يُقيَّم مما قرّره الاثنان"),
    "code": ("Code", "الرمز"),
    "effort": ("How it was come by", "كيف حُسبت النتيجة"),
    "effort.few": (
        "{materials} materials may differ: {looked} texts scanned, {decided} decided by both.",
        ("قد تُحدث فرقًا {materials} من المواد: فُحص {looked} من النصوص، وقُرّر {decided} بالقواعد "
         "القديمة والجديدة."),
    ),
    "effort.drawn": (
        "Of the others {drawn} were drawn by chance to know the load.",
        "ومن سائر الإعلانات سُحب {drawn} عشوائيًا لمعرفة العبء.",
    ),
    "effort.all": (
        "Everything was decided by both rulesets: {why}.",
        "قُرّر كل شيء بالقواعد القديمة والجديدة: {why}.",
    ),
    "why.asked": ("it was asked for", "بناءً على الطلب"),
    "why.most": ("most of the material may make a difference", "معظم المواد قد تُحدث فرقًا"),
    "why.rule": ("the rule {name} needs no material to hold", "القاعدة {name} لا تحتاج إلى مادة"),
    "why.table": ("{name} of the policy table differs", "اختلف {name} في جدول السياسات"),
    "rulesets": ("Rulesets", "القواعد"),
    "on": ("Decided for", "القرار ليوم"),
    "limit.passed": ("{name} is {value}, at most {limit}", "{name}: {value}، والحد {limit}"),
    "limit.failed": ("{name} is {value}, more than {limit}",
                     "{name}: {value}، وهو أكثر من {limit}"),
    "limit.unknown": ("{name} is unknown; the limit is {limit}",
                      "{name}: غير معروف، والحد {limit}"),
    "max_gained": ("the share gained", "نسبة ما صار أشد"),
    "max_lost": ("the share lost", "نسبة ما صار أخف"),
    "max_changed": ("the share decided otherwise", "نسبة ما تغيّر قراره"),
    "max_review_load": ("the review load of {market}", "عبء المراجعة في {market}"),
    "more_flips": ("and {count} more", "و{count} غيرها"),
    "nothing": ("Nothing is decided otherwise.", "لم يتغيّر أي قرار."),
    "about": ("about", "عن التقرير"),
    "groups": ("groups", "المجموعات"),
    "sheet.load": ("load", "العبء"),
    "sheet.transitions": ("transitions", "الانتقالات"),
    "sheet.noisiest": ("materials", "المواد"),
    "sheet.flips": ("creatives", "الإعلانات"),
    "what": ("What", "البند"),
    "number": ("Value", "القيمة"),
    "count.before": ("Before: count", "قبل: العدد"),
    "count.after": ("After: count", "بعد: العدد"),
    "share.before": ("Before: share", "قبل: النسبة"),
    "share.after": ("After: share", "بعد: النسبة"),
    "low": ("{name}, low", "{name}، أدنى"),
    "high": ("{name}, high", "{name}، أعلى"),
    "yes": ("yes", "نعم"),
    "no": ("no", "لا"),
    "index": ("Place", "الترتيب"),
    "review.drawn": ("{rows} of {population} creatives drawn for review: {file}",
                     "سُحب للمراجعة {rows} من {population} من الإعلانات: {file}"),
    "review.repeated": ("{count} creatives have the id of another, and could not be drawn",
                        "{count} من الإعلانات معرّفها مكرّر، ولم يكن سحبها ممكنًا"),
    "review.none": ("nothing is decided otherwise: there is nothing to review",
                    "لم يتغيّر أي قرار: لا شيء للمراجعة"),
    "population.rows": ("Creatives decided otherwise (N)", "إعلانات تغيّر قرارها (N)"),
    "rows": ("Creatives drawn (n)", "الإعلانات المسحوبة (n)"),
    "seed": ("Seed", "البذرة"),
    "day": ("Drawn on", "تاريخ السحب"),
    "command": ("Command", "الأمر"),
    "ruleset.before": ("Ruleset before", "القواعد قبل"),
    "ruleset.after": ("Ruleset after", "القواعد بعد"),
    "codes": ("Codes", "الرموز"),
    "stratum": ("Stratum", "الطبقة"),
    "probability": ("Probability", "الاحتمال"),
}  # fmt: skip
"""Key -> English, Arabic."""


def word(key: str, lang: Lang, **values: object) -> str:
    """A word or a sentence in one language.

    >>> word("otherwise", "en", count=3)
    '3 decided otherwise'
    """
    told = {name: inline(value, lang) for name, value in values.items()}
    return _WORDS[key][LANGS.index(lang)].format(**told)


def why(code: str, lang: Lang) -> str:
    """Why everything was decided by both.

    >>> why("table.review", "en"), why("most", "en")
    ('review of the policy table differs', 'most of the material may make a difference')
    """
    key, _, name = code.partition(".")
    return word(f"why.{key}", lang, name=name)
