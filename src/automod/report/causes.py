"""Why something did not count, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from automod.engine.cause import Cause
from automod.model.ruleset import Condition
from automod.workshop.condition_text import condition_text

from .labels import LANGS, Lang, fold_words
from .visible import isolated

_SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "counts": ("it counts, in {markets}", "يُحتسب في {markets}"),
    "allowed": ("it hit, and {allow} protects it", "تطابق، ويحميه {allow}"),
    "signal": ("it hit; its weight is 0: it counts only inside rules",
               "تطابق، ووزنه 0: لا يُحتسب إلا داخل القواعد"),
    "needs": ("it hit; alone it counts for nothing: its rule {rule} wants {when}",
              "تطابق، ولا يُحتسب وحده: قاعدته {rule} تطلب {when}"),
    "no_policy": ("it hit; {package} is a bank without a policy: it counts only in rules of others",
                  "تطابق، لكن {package} مخزن بلا سياسة: لا يُحتسب إلا في قواعد غيره"),
    "shadow": ("its status is shadow: it hits and decides nothing",
               "حالته مراقبة: يتطابق ولا يقرر شيئًا"),
    "ramp": ("the ramp of {on} ({share}) does not let this ad in: in it, it is in shadow",
             "تدرّج {on} ({share}) لا يشمل هذا الإعلان: فهو فيه للمراقبة فقط"),
    "status": ("its status is {status}", "حالته {status}"),
    "override": ("override {override} narrows it in {markets}",
                 "يضيّقه التعديل {override} في {markets}"),
    "market": ("it acts in {markets} only; the creative runs in {outside}",
               "يعمل في {markets} فقط، والإعلان يُعرض في {outside}"),
    "not_yet": ("it acts from {from} on; the date is {on}", "يعمل ابتداءً من {from}، والتاريخ {on}"),
    "over": ("it acted until {until}; the date is {on}", "عمل حتى {until}، والتاريخ {on}"),
    "field": ("it acts in the fields {fields}; the text is in {found}",
              "يعمل في الحقول {fields}، والنص في {found}"),
    "language": ("it hits in text in {languages} only, and this is in another language",
                 "يتطابق في نص باللغة {languages} فقط، وهذا النص بلغة أخرى"),
    "not_obfuscated": ("it hits only where it is disguised (only_if_obfuscated); here it is not",
                       "لا يتطابق إلا مموّهًا (only_if_obfuscated)، وهو هنا غير مموّه"),
    "view": ("{found} would hit in view {needs} ({folds}); its view is {view}",
             "{found} يتطابق في المستوى {needs} ({folds})، ومستواه {view}"),
    "swaps": ("{found} would hit with `view: evasion` written out ({folds})",
              "{found} يتطابق إذا كُتب له `view: evasion` صراحة ({folds})"),
    "few_letters": ("with {letters} letters its view is safe unless its file names another",
                    "عدد حروفه {letters}، فمستواه safe ما لم يذكر ملفه غيره"),
    "rule_part": ("{sign} {part}", "{sign} {part}"),
    "rule_apart": ("every part is there, but not together as the rule wants it ({how})",
                   "كل الأجزاء موجودة لكن ليست معًا كما تطلب القاعدة ({how})"),
    "advertiser": ("the advertiser {advertiser} is none of: {listed}",
                   "المعلن {advertiser} ليس من: {listed}"),
    "protects": ("it matches, and protects {hits}", "يتطابق ويحمي {hits}"),
    "protects_nothing": ("it matches, and there is nothing around it to protect",
                         "يتطابق، ولا يوجد ما يحميه"),
    "boundary": ("{found} stands inside a longer word, {around}; the boundary is {boundary}",
                 "{found} جزء من كلمة أطول: {around}، وحدّ المطابقة {boundary}"),
    "inflection": ("{stem} stands in {around}, before it {before}, after it {after}: no form of it",
                   "{stem} داخل {around}، قبله {before} وبعده {after}: ليست صيغة منه"),
    "own_word": ("{stem} stands in {around}, which is a word of its own",
                 "{stem} داخل {around}، وهي كلمة أخرى"),
    "across_words": ("{found} is the end of one word and the beginning of the next: {words}",
                     "{found} آخر كلمة وأول التي تليها: {words}"),
    "measure": ("{found} is a number with its unit: its digits stand for themselves",
                "{found} عدد مع وحدته: أرقامه تعني نفسها"),
    "pieces": ("{found} is it in pieces; a word of {letters} letters is not put together",
               "{found} أجزاؤه، وكلمة من {letters} أحرف لا تُجمع من أجزاء"),
    "words_apart": ("{found} is it in pieces, and may be words: one is short, or a sentence ends",
                    "{found} أجزاؤه، وقد تكون كلمات: إحداها كلمة قصيرة أو تنتهي بينها جملة"),
    "apart": ("its words are there, further apart than gap {gap} lets them be: {found}",
              "كلماته موجودة لكن متباعدة أكثر من المسموح ({gap}): {found}"),
    "order": ("its words are there, in another order or in other fields: {present}",
              "كلماته موجودة بترتيب آخر أو في حقول أخرى: {present}"),
    "missing_words": ("there is {present}, but not {missing}", "يوجد {present} ولا يوجد {missing}"),
    "letters": ("the letters differ after folding", "الحروف مختلفة بعد التوحيد"),
    "absent": ("there is nothing like it in the text", "لا يوجد في النص ما يشبهه"),
    "absent.image": ("it is a picture: no picture of the ad that could be opened is near it",
                     "هو صورة، ولا تشبهه أي صورة في الإعلان أمكن فتحها"),
    "absent.video": ("it is a video: no video of the ad that could be opened has a part of it",
                     "هو مقطع فيديو، ولا يوجد جزء منه في أي مقطع في الإعلان أمكن فتحه"),
}  # fmt: skip
"""Code of a cause, with the kind where that matters -> English, Arabic."""


def cause_sentence(cause: Cause, lang: Lang) -> str:
    """The sentence of one cause.

    >>> cause_sentence(Cause("not_yet", {"from": "2026-12-01", "on": "2026-11-20"}), "en")
    'it acts from 2026-12-01 on; the date is 2026-11-20'
    """
    kinded = f"{cause.code}.{cause.values.get('kind')}"
    template = _SENTENCES.get(kinded, _SENTENCES[cause.code])[LANGS.index(lang)]
    values = {name: _told(value, lang) for name, value in cause.values.items()}
    if "folds" in cause.values:
        values["folds"] = isolated(fold_words(tuple(cause.values["folds"]), lang))
    if cause.code == "rule_part":
        values["sign"] = _sign(cause, lang)
    return template.format(**values)


_HERE: Final = {True: ("is there", "موجود"), False: ("is not there", "غير موجود")}


def _sign(cause: Cause, lang: Lang) -> str:
    """Whether a part of a rule is as the rule wants it."""
    holds, wanted = cause.values["holds"], cause.values["wanted"]
    here = _HERE[bool(holds)][LANGS.index(lang)]
    return f"{'✔' if holds == wanted else '✖'} {here}:"


def value_text(value: Any, lang: Lang = "en") -> Any:
    """A value of a cause as a report has it: a condition in words, any other as it is.

    >>> value_text(Condition("found", "phone")), value_text(3)
    ('found phone', 3)
    """
    return condition_text(value, lang) if isinstance(value, Condition) else value


def _told(value: Any, lang: Lang) -> str:
    if isinstance(value, list):
        joint = "، " if lang == "ar" else ", "
        return joint.join(isolated(str(one)) for one in value) or "…"
    return isolated(str(value_text(value, lang))) or "—"
