"""The words of a report on drift, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .labels import Lang

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "before": ("before", "قبل"),
    "after": ("after", "بعد"),
    "series": ("series", "السلسلة"),
    "span": ("{name}: {first} to {last}, {told}", "{name}: من {first} إلى {last}، {told}"),
    "span.judged": (
        "days: {days}, creatives judged: {creatives}, hits: {hits}",
        "الأيام: {days}، الإعلانات المفحوصة: {creatives}، الإصابات: {hits}",
    ),
    "span.days": ("days: {days}, hits: {hits}", "الأيام: {days}، الإصابات: {hits}"),
    "per_creative": (
        "rates are hits of the creatives judged",
        "المعدّلات: الإصابات من الإعلانات المفحوصة",
    ),
    "per_day": (
        "rates are hits a day: a hit log does not tell how many creatives were judged",
        "المعدّلات: الإصابات في اليوم، لأن سجل الإصابات لا يذكر عدد الإعلانات المفحوصة",
    ),
    "noisy": ("noisy: hits more than before", "صاخبة: تصيب أكثر من قبل"),
    "dead": ("dead: hits less than before, or nothing", "خاملة: تصيب أقل من قبل أو لا تصيب شيئًا"),
    "quiet": ("all others", "ما عداها"),
    "steady": ("steady", "مستقرة"),
    "too_little": ("not enough data to tell", "البيانات لا تكفي للحكم"),
    "unknown": ("unknown: no hits, or none judged", "مجهولة: بلا إصابات أو لم يُفحص شيء"),
    "left_out": ("left out", "مستبعدة"),
    "none": ("no drift found", "لم يُرصد أي انحراف"),
    "place": ("{subject} in {market}", "{subject} في {market}"),
    "all": ("all materials", "كل المواد"),
    "hits": ("hits {after}, expected {expected}", "الإصابات {after}، المتوقع {expected}"),
    "ratio": ("ratio {ratio} ({low} to {high})", "النسبة {ratio} (من {low} إلى {high})"),
    "new": ("nothing was hit before", "لم تكن تصيب شيئًا من قبل"),
    "no_bound": ("no bound", "بلا حد"),
    "changed": ("{package} {value} since {on}", "{package} {value} منذ {on}"),
    "ruleset": ("ruleset", "القواعد"),
    "changes": ("changed meanwhile: {told}", "تغيّر في أثناء ذلك: {told}"),
    "more": ("… and {n} more (-v shows all)", "… و{n} غيرها (لعرض الكل: -v)"),
    "chance": (
        "compared together: {n}; of those told at most {share} may be chance (Benjamini-Hochberg)",
        "ما قورن معًا: {n}؛ ونسبة المصادفة فيما ذُكر لا تتجاوز {share} (Benjamini-Hochberg)",
    ),
    "by_chance": (
        "watched: {rows}, together {years} years; false alarms by chance: up to {n}",
        "ما رُوقب: {rows}، ومجموع مدده بالسنوات: {years}؛ الإنذارات الكاذبة المحتملة: حتى {n}",
    ),
    "assumed": (
        "too few days to learn how much counts vary: a dispersion of {alpha} is assumed",
        "الأيام أقل من أن يُعرف منها مدى تذبذب الأعداد: افتُرض تشتت قدره {alpha}",
    ),
    "needed": (
        "{place}: not enough data; about {days} days in each window would show a fall by half",
        "{place}: البيانات لا تكفي؛ ويلزم في كل فترة نحو {days} من الأيام ليظهر الهبوط إلى النصف",
    ),
    "nothing": (
        "{place}: no hits, or no creatives judged in one window: nobody knows",
        "{place}: بلا إصابات، أو لم يُفحص شيء في إحدى الفترتين: لا أحد يعلم",
    ),
    "since": ("since {since}, known on {known}", "منذ {since}، وعُرف في {known}"),
    "unwatched": (
        "{place}: watched for {days} days; silence would be told after {slow} days",
        "{place}: عدد أيام المراقبة {days}؛ ولا يُعرف خمولها إلا بعد صمت مدته بالأيام {slow}",
    ),
    "unlearned": (
        "{place}: too few days to learn what is usual",
        "{place}: الأيام أقل من أن يُعرف منها المعتاد",
    ),
    "level": ("level", "المستوى"),
    "subject": ("subject", "المادة أو الحزمة"),
    "market": ("market", "السوق"),
    "expected": ("expected", "المتوقع"),
    "hits_before": ("hits before", "الإصابات قبل"),
    "hits_after": ("hits after", "الإصابات بعد"),
    "ratio_head": ("ratio", "النسبة"),
    "low": ("from", "من"),
    "high": ("to", "إلى"),
    "p": ("p", "p"),
    "adjusted": ("adjusted p", "p المعدّلة"),
    "verdict": ("verdict", "الحكم"),
    "needed_days": ("days needed", "الأيام اللازمة"),
    "reason": ("why left out", "سبب الاستبعاد"),
    "changes_head": ("changes", "التغييرات"),
    "drift": ("drift", "الانحراف"),
    "since_head": ("since", "منذ"),
    "known_on": ("known on", "عُرف في"),
    "hits_head": ("hits", "الإصابات"),
    "short.noisy": ("noisy", "صاخبة"),
    "short.dead": ("dead", "خاملة"),
}
"""Key -> English, Arabic."""


def word(key: str, lang: Lang, **values: object) -> str:
    """A word or sentence in a language.

    >>> word("place", "en", subject="gambling/casino", market="SA")
    'gambling/casino in SA'
    """
    return _WORDS[key][lang == "ar"].format(**values)
