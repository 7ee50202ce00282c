"""The words of an evaluation, in each language it is told in: for every form of its report.

Labels are here; the sentences of warnings and the glossary are data, `evaluation_words.en.json` and
`evaluation_words.ar.json` beside this module.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from automod.model.evaluation import By, Point, Warned
from automod.policy.reasons import inline

from .labels import LANGS, Lang

POINT_SIGNS: Final[Mapping[Point, str]] = {
    "stopped": "✖", "flagged": "◆", "restricted": "▲", "hit": "●",
}  # fmt: skip
PASSED_SIGNS: Final[Mapping[str, str]] = {"pass": "✔", "fail": "✖", "not_enough_data": "?"}
WARNING_SIGN: Final = "⚠"

_WORDS: Final[dict[str, tuple[str, str]]] = {
    # titles
    "evaluation": ("Evaluation", "تقييم القرارات"),
    "statement": ("Statement of accuracy", "بيان الدقة"),
    "contents": ("Contents", "المحتويات"),
    "warnings": ("Read this first", "اقرأ هذا أولًا"),
    "no_warnings": ("Nothing to warn of.", "لا تنبيهات."),
    "gate": ("Gate", "شروط القبول"),
    "headline": ("By policy and market", "حسب السياسة والسوق"),
    "curves": ("Thresholds", "عتبات الدرجات"),
    "materials": ("Materials and rules", "المواد والقواعد"),
    "slices": ("Where it works and where not", "أين تصح القرارات وأين لا"),
    "examples": ("Examples", "أمثلة"),
    "comparison": ("What changed", "ما الذي تغيّر"),
    "glossary": ("What the words mean", "معاني المصطلحات"),
    "about": ("About this report", "عن هذا التقرير"),
    "account": ("What was counted", "ما الذي أُحصي"),
    "agreement": ("Do labellers agree?", "هل يتفق المصنِّفون؟"),
    "impressions": ("By impressions", "حسب مرات الظهور"),
    # ratios
    "of": ("{count} of {of}", "{count} من {of}"),
    "to": ("{low} to {high}", "من {low} إلى {high}"),
    "unknown": ("unknown", "غير معروف"),
    "not_enough": ("not enough data", "البيانات لا تكفي"),
    "no_interval": ("no interval", "بلا مجال ثقة"),
    "interval": ("interval", "مجال الثقة"),
    "precision": ("Precision", "الدقة"),
    "recall": ("Recall", "نسبة الكشف"),
    "f1": ("F1", "F1"),
    "false_alarm_rate": ("False-alarm rate", "معدل الإنذارات الخاطئة"),
    "so": ("S/O", "S/O"),
    "rate": ("Rate", "معدل الكشف"),
    "per_1000": ("per 1,000", "لكل 1,000"),
    "load": ("Review load", "عبء المراجعة"),
    "no_regression": ("No regression", "لا تراجع"),
    "tp": ("rightly caught", "كُشف بحق"),
    "fp": ("caught by mistake", "كُشف خطأً"),
    "fn": ("missed", "فات"),
    "tn": ("rightly let through", "مرّ بحق"),
    "incomplete": ("not wholly evaluated", "لم يُفحص كاملًا"),
    # points
    "point": ("Point", "نقطة القياس"),
    "stopped": ("Stopped", "الإيقاف"),
    "stopped.is": ("rejected", "رفض"),
    "flagged": ("Flagged", "التنبيه"),
    "flagged.is": ("rejected or sent to review", "رفض أو إحالة إلى المراجعة"),
    "restricted": ("Restricted", "التقييد"),
    "restricted.is": ("shown to some only", "عرض لبعض الجمهور فقط"),
    "hit": ("Hit", "التطابق"),
    "hit.is": ("any material found it", "وجدته أي مادة"),
    # axes
    "all": ("All", "الكل"),
    "policy": ("Policy", "السياسة"),
    "market": ("Market", "السوق"),
    "language": ("Language", "اللغة"),
    "month": ("Month", "الشهر"),
    "complete": ("Wholly evaluated", "فُحص كاملًا"),
    "stance": ("What the market asks", "ما يطلبه السوق"),
    "material": ("Material", "المادة"),
    "rule": ("Rule", "القاعدة"),
    "package": ("Package", "الحزمة"),
    "field": ("Field", "الحقل"),
    "kind": ("Kind", "النوع"),
    "view": ("View", "مستوى المطابقة"),
    "yes": ("yes", "نعم"),
    "no": ("no", "لا"),
    # stances
    "prohibited": ("prohibited", "محظور"),
    "certificate": ("certificate needed", "يلزم ترخيص"),
    "age_gate": ("age limit", "حد أدنى للعمر"),
    "limited": ("limited", "مقيّد بشروط"),
    "allowed": ("allowed", "مسموح"),
    # materials
    "part": ("Part", "الجزء"),
    "hits": ("Hits", "التطابقات"),
    "alone": ("Alone", "وحدها"),
    "covered_by": ("Covered by", "تغطيها"),
    "status": ("Status", "الحالة"),
    "live": ("live", "فعّالة"),
    "shadow": ("shadow", "مراقبة"),
    "both": ("live and shadow", "فعّالة ومراقبة"),
    "noisy": ("Noisy: more wrong than they should be", "كثيرة الخطأ"),
    "dead": ("Dead: not a single hit", "خاملة: بلا أي تطابق"),
    "overlaps": ("Overlaps: two that hit the same", "متداخلة: مادتان تجدان الإعلانات نفسها"),
    "in_both": ("in both", "في كلتيهما"),
    "in_either": ("in either", "في إحداهما"),
    "none": ("none", "لا شيء"),
    "more": ("{count} more", "و{count} غيرها"),
    "noisy.count": ("noisy: precision surely below {limit}",
                    "كثيرة الخطأ: دقتها أقل من {limit} يقينًا"),
    "bad": ("bad %", "خطرة%"),
    "ok": ("ok %", "سليمة%"),
    "there_or_not": ("{there} there, {clean} not", "فيها {there}، وليست فيها {clean}"),
    "parts.legend": (
        ("Hits: right / all. Bad %: of what is there, the share it hits. Ok %: of what is not "
         "there, the share it hits. S/O: 1 hits only what is there, 0.5 tells nothing. Alone: "
         "right hits that nothing else makes."),
        ("التطابقات: الصحيحة / الكل. خطرة%: ما تجده المادة من الإعلانات التي فيها المحتوى. "
         "سليمة%: ما تجده من الإعلانات التي ليس فيها. S/O: عند 1 لا تجد إلا ما ينبغي، وعند 0.5 "
         "لا تفيد شيئًا. وحدها: تطابقات صحيحة لا يجدها شيء سواها."),
    ),
    # thresholds
    "threshold": ("Threshold", "العتبة"),
    "score": ("Score", "الدرجة"),
    # examples
    "right": ("Right hits", "تطابقات صحيحة"),
    "false_alarm": ("False alarms", "إنذارات خاطئة"),
    "missed": ("Misses", "حالات فاتت"),
    "creative": ("Creative", "الإعلان"),
    "action": ("Action", "الإجراء"),
    "done": ("done", "ما جرى"),
    "wanted": ("wanted", "المطلوب"),
    "found_by": ("found by", "وجدته"),
    "found_nothing": ("nothing was found", "لم يوجد شيء"),
    "not_kept": ("a kept result has no texts and no hits", "النتيجة المحفوظة بلا نصوص ولا تطابقات"),
    # comparison
    "baseline": ("Baseline", "خط الأساس"),
    "before": ("Before", "قبل"),
    "after": ("After", "بعد"),
    "difference": ("Difference", "الفرق"),
    "points_of_percent": ("{value} pp", "{value} نقطة"),
    "gained": ("newly caught", "كُشف جديدًا"),
    "lost": ("no longer caught", "لم يعد يُكشف"),
    "new_alarm": ("new false alarm", "إنذار خاطئ جديد"),
    "new_alarms": ("new false alarms", "إنذارات خاطئة جديدة"),
    "gone_alarm": ("false alarm gone", "إنذار خاطئ زال"),
    "gone_alarms": ("false alarms gone", "إنذارات خاطئة زالت"),
    "p": ("p (McNemar)", "p (اختبار ماكنمار)"),
    "unpaired": ("not the same cases", "ليست الحالات نفسها"),
    "paired": ("same cases", "الحالات نفسها"),
    "only_before": ("only in the baseline", "في خط الأساس فقط"),
    "only_after": ("only in the new one", "في الجديد فقط"),
    "interval.is": (
        ("[83.8-97.9]: the figure is of the cases that were looked at; with others it would have "
         "been another. Between these two the true share may well lie. Far apart: few cases."),
        ("[83.8-97.9]: الرقم للحالات التي نُظر فيها، ولو نُظر في غيرها لاختلف. والنسبة الحقيقية قد "
         "تكون بين هذين. وتباعدهما يعني حالات قليلة."),
    ),
    "policies.differ": ("judged by two different policy tables", "الحكم بجدولي سياسات مختلفين"),
    "unchanged": ("{count} more: nothing changed", "و{count} غيرها: لم يتغيّر شيء"),
    "flips": ("Decided otherwise", "قرارات تغيّرت"),
    # gate
    "promise": ("Promise", "الشرط"),
    "limit": ("Limit", "الحد"),
    "found": ("Found", "القيمة"),
    "result": ("Result", "النتيجة"),
    "pass": ("kept", "تحقق"),
    "fail": ("broken", "لم يتحقق"),
    "not_enough_data": ("not enough data", "البيانات لا تكفي"),
    "let_through": ("let through", "سُمح به"),
    "gate.pass": ("pass", "نجح"),
    "gate.fail": ("FAIL", "فشل"),
    "gate.passed": ("Every promise is kept.", "تحققت الشروط كلها."),
    "gate.failed": ("A promise is broken or unproved.", "شرط لم يتحقق أو لم يثبت."),
    "low": ("at least", "لا يقل عن"),
    "high": ("at most", "لا يزيد على"),
    "bound.low": ("lower end", "الحد الأدنى"),
    "bound.high": ("upper end", "الحد الأعلى"),
    "bound.p": ("probability", "الاحتمال"),
    # account
    "cases": ("cases", "حالات"),
    "decisions": ("decisions", "قرارات"),
    "trials": ("judgements counted", "الأحكام المحصاة"),
    "labels": ("labels", "تصنيفات"),
    "rulesets": ("rulesets", "مجموعات القواعد"),
    "present": ("of these, content is there", "منها ما فيه المحتوى"),
    "undecided": ("cases without a decision", "حالات بلا قرار"),
    "without_markets": ("decisions without a market", "قرارات بلا سوق"),
    "without_codes": ("cases without a judged policy", "حالات بلا سياسة محكوم فيها"),
    "unlabelled": ("decisions without a case", "قرارات بلا حالة"),
    "unexplained": ("actions that no policy explains", "إجراءات لا تفسرها سياسة"),
    "uncertain": ("left out: nobody is sure", "استُبعد: لا أحد متأكد"),
    "disputed": ("disputed labels", "تصنيفات متنازع عليها"),
    "stale": ("labels older than the policy", "تصنيفات أقدم من السياسة"),
    "groups": ("groups of near-duplicates", "مجموعات متشابهة"),
    "sampled": ("cases drawn at random", "حالات سُحبت عشوائيًا"),
    "found_by_hits": ("cases known only by a hit or an appeal", "حالات عُرفت بتطابق أو اعتراض فقط"),
    # agreement
    "labeller": ("Labeller", "المصنِّف"),
    "items": ("both labelled", "صنّفها كلاهما"),
    "agreed": ("agreed", "اتفقا"),
    "kappa": ("kappa", "كابا"),
    # about
    "ruleset": ("Ruleset", "مجموعة القواعد"),
    "policies": ("Policy table", "جدول السياسات"),
    "decided": ("Decided", "تاريخ القرارات"),
    "labelled": ("Labelled", "تاريخ التصنيف"),
    "where": ("Only where", "فقط حيث"),
    "confidence": ("Confidence", "مستوى الثقة"),
    "method": ("Intervals", "مجالات الثقة"),
    "wilson": ("Wilson", "ويلسون"),
    "clopper-pearson": ("Clopper-Pearson (exact)", "كلوبر-بيرسون (دقيق)"),
    "bootstrap": ("over groups of near-duplicates", "على مجموعات المتشابهات"),
    "clustered": ("over groups of near-duplicates", "على مجموعات المتشابهات"),
    "mover": ("of both parts", "من الجزأين"),
    "weighted": ("weighted by what each case stands for", "مرجّح بما تمثله كل حالة"),
    "unweighted": ("every case counts once", "كل حالة تُحصى مرة"),
    "grouped": ("near-duplicates are known", "المتشابهات معروفة"),
    "ungrouped": ("near-duplicates are not known", "المتشابهات غير معروفة"),
    "support": ("Enough data from", "تكفي البيانات من"),
    "support.is": ("{support} judgements, or {clusters} groups",
                   "{support} حكمًا، أو {clusters} مجموعة"),
    "command": ("Command", "الأمر"),
    "version": ("automod", "automod"),
}  # fmt: skip
"""Key -> English, Arabic."""


def has_word(key: str) -> bool:
    """Whether there is a word for a key."""
    return key in _WORDS


def word(key: str, lang: Lang, **values: object) -> str:
    """A word of the report in one language.

    >>> word("of", "en", count=47, of=50), word("precision", "ar")
    ('47 of 50', 'الدقة')
    """
    return _WORDS[key][LANGS.index(lang)].format(**values)


def value_word(axis: str, value: str, lang: Lang) -> str:
    """A value of an axis as it is told: stances in words, codes and names as they are.

    >>> value_word("stance", "certificate+age_gate", "en"), value_word("market", "SA", "ar")
    ('certificate needed + age limit', 'SA')
    """
    if value == "unknown":
        return word("unknown", lang)
    if axis == "stance":
        return " + ".join(word(one, lang) if has_word(one) else one for one in value.split("+"))
    if axis == "complete" and value in {"yes", "no"}:
        return word(value, lang)
    return value


def by_words(by: By, lang: Lang) -> str:
    """The axes of a slice and its value on each; everything where it has none.

    >>> by_words((("market", "SA"), ("language", "ar")), "en"), by_words((), "en")
    ('Market SA, Language ar', 'All')
    """
    comma = "، " if lang == "ar" else ", "
    told = (f"{axis_word(axis, lang)} {value_word(axis, value, lang)}" for axis, value in by)
    return comma.join(told) or word("all", lang)


def axis_word(axis: str, lang: Lang) -> str:
    """What an axis is called; its own name where there is no word for it."""
    return word(axis, lang) if has_word(axis) else axis


def status_word(status: str, lang: Lang) -> str:
    """The status of a part of the material.

    >>> status_word("-", "en")
    'live and shadow'
    """
    key = "both" if status == "-" else status
    return word(key, lang) if has_word(key) else status


# --- sentences -----------------------------------------------------------------------------------


@cache
def sentences(lang: Lang) -> Mapping[str, Any]:
    """All sentences of a language: of `warnings` by code, and the `glossary` in reading order."""
    source = files(__package__).joinpath(f"evaluation_words.{lang}.json")
    told: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return told


def warning_title(warned: Warned, lang: Lang) -> str:
    """What a warning says, in a few words; its code where there are none.

    >>> warning_title(Warned("policies.none", ()), "en")
    'No policy table'
    """
    known = sentences(lang)["warnings"]
    return str(known[warned.code]["title"]) if warned.code in known else warned.code


def warning_text(warned: Warned, lang: Lang) -> str:
    """What a warning means for who reads the figures."""
    known = sentences(lang)["warnings"]
    return str(known[warned.code]["text"] if warned.code in known else sentences(lang)["other"])


def warning_count(warned: Warned, lang: Lang) -> str:
    """How many a warning is about; of a code without words each value with its name.

    >>> warning_count(Warned("weights.partial", (("sampled", 3), ("cases", 40))), "en")
    '3 of 40 cases were drawn'
    >>> warning_count(Warned("moon.full", (("cases", 3), ("phase", "new"))), "en")
    'cases: 3, phase: new'
    """
    values = dict(warned.values)
    known = sentences(lang)["warnings"].get(warned.code, {}).get("count")
    try:
        return str(known.format_map({name: inline(one, lang) for name, one in values.items()}))
    except (AttributeError, KeyError):  # a code, or a value, of another version
        comma = "، " if lang == "ar" else ", "
        told = (f"{_name(name, lang)}: {inline(one, lang)}" for name, one in values.items())
        return comma.join(told)


def _name(key: str, lang: Lang) -> str:
    return word(key, lang) if has_word(key) else inline(key, lang)


def glossary(lang: Lang) -> tuple[tuple[str, str, str], ...]:
    """Key, term and plain meaning of everything a reader may ask about, in order.

    >>> glossary("en")[0][:2]
    ('precision', 'Precision')
    """
    return tuple(
        (key, one["term"], one["text"]) for key, one in sentences(lang)["glossary"].items()
    )
