"""What a draw for labelling can promise, and what became of the sheets, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from automod.evaluate.sample_size import Part, PrecisionPlan, RecallPlan, Wish
from automod.evaluate.sampling import STRATA
from automod.workshop.label_import import Imported
from automod.workshop.label_rows import LabelSheet
from automod.workshop.labelling import Draw

from .labels import LANGS, Lang, word
from .visible import FSI, PDI, shown

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "drawn": (
        "{drawn} of {population} creatives drawn by chance for {codes} in {markets}; seed {seed}",
        "سُحب عشوائيًا {drawn} من {population} إعلان لأجل {codes} في {markets}؛ البذرة {seed}",
    ),
    "everywhere": ("all markets", "كل الأسواق"),
    "stratum": (
        "{number}. {name}: {drawn} of {population}; one stands for {weight}",
        "{number}. {name}: {drawn} من {population}؛ الواحد يمثّل {weight}",
    ),
    "not_whole": ("{action}, not wholly evaluated", "{action}، لم يُفحص كاملًا"),
    "precision": (
        "precision: {drawn} of {flagged} flagged drawn; it will be known {width} at {confidence}",
        "الدقة (precision): سُحب {drawn} من {flagged} مرصود؛ ستُعرف بهامش {width} وثقة {confidence}",
    ),
    "precision.few": (
        "{wish} needs {needed} of these {flagged}: {unlimited} of any number of them, {guess}",
        "لهامش {wish} يلزم {needed} من هذه ({flagged}): {unlimited} من أي عدد منها، {guess}",
    ),
    "precision.many": (
        "{wish} needs {needed}, {guess}",
        "لهامش {wish} يلزم {needed}، {guess}",
    ),
    "precision.ahead": (
        "that is of these ads; of ads still to come, as eval tells it, {width}",
        "هذا عن هذه الإعلانات؛ وعن الإعلانات القادمة، كما يحسبه eval، {width}",
    ),
    "precision.none": (
        "precision: nothing that was flagged is drawn from, so this draw cannot tell it",
        "الدقة (precision): لا شيء مرصود ضمن ما يُسحب منه، فلا تُعرف من هذا السحب",
    ),
    "worst": ("at worst: if half of them are right", "في أسوأ الأحوال: إن صحّ نصفها"),
    "guessed": ("if {guess} of them are right", "إن صحّ {guess} منها"),
    "recall": (
        "recall: {drawn} of {approved} approved drawn; {width} or better, if {guess} are right",
        ("الشمول (recall): سُحب {drawn} من {approved} موافق عليها؛ "
         "بهامش {width} أو أقل إن صحّ {guess}"),
    ),
    "recall.more": (
        "{wish} would need {needed} of them: --recall-width {plain}",
        "لهامش {wish} يلزم {needed} منها: --recall-width {plain}",
    ),
    "recall.enough": ("{wish} needs {needed} of them", "لهامش {wish} يلزم {needed} منها"),
    "recall.never": (
        "not even all of them would give {wish}: that takes more of the flagged",
        "حتى كلّها لا تعطي {wish}: يلزم سحب المزيد من المرصود",
    ),
    "recall.no_flagged": (
        "recall: {drawn} of {approved} approved are drawn; nothing is flagged, so there is none",
        "الشمول (recall): سُحب {drawn} من {approved} موافق عليها؛ لا شيء مرصود فلا شمول يُقاس",
    ),
    "recall.none": (
        "recall: nothing that was approved is drawn from, so this draw cannot tell it",
        "الشمول (recall): لا شيء موافق عليه ضمن ما يُسحب منه، فلا يُعرف من هذا السحب",
    ),
    "missed": (
        "if none of the {drawn} is in breach, at most {missed} of the approved ({count}) are",
        "إن لم يخالف أيٌّ من {drawn} فالمخالف من الموافق عليه لا يتجاوز {missed} ({count})",
    ),
    "share": ("{guess} of the flagged", "{guess} من المرصود"),
    "least": (
        "and recall is at least {least}",
        "والشمول لا يقل عن {least}",
    ),
    "not_whole.apart": (
        "both are of what was wholly evaluated; the rest is in strata of its own",
        "كلاهما عمّا فُحص كاملًا؛ والباقي في طبقات وحده",
    ),
    "left.no_creative": (
        "not drawn from: {count} decisions that are of no creative",
        "لم يُسحب من قرارات ليست لإعلان، وعددها {count}",
    ),
    "left.elsewhere": (
        "not drawn from: {count} that run elsewhere, or nowhere",
        "لم يُسحب من إعلانات في أسواق أخرى أو بلا سوق، وعددها {count}",
    ),
    "left.others": (
        "not drawn from: {count} that --where leaves out",
        "لم يُسحب من إعلانات يستبعدها --where، وعددها {count}",
    ),
    "unseen": (
        "no decision has a verdict for {code}: is it written right?",
        "لا قرار فيه حكم عن {code}: هل كُتب صحيحًا؟",
    ),
    "missing": (
        "{count} of {drawn} drawn creatives are not among --creatives: their rows have no text",
        "{count} من {drawn} مسحوبة ليست ضمن --creatives: صفوفها بلا نص",
    ),
    "no_text": (
        "without --creatives the sheet has ids, and no text to judge",
        "بلا --creatives ليس في الورقة إلا المعرّفات، ولا نص يُحكم عليه",
    ),
    "imported": (
        "cases: {cases}; labels: {labels}, by {people}",
        "الحالات: {cases}؛ التصنيفات: {labels}، من {people}",
    ),
    "unfilled": (
        "without a label, and in no case: {count} of {rows} creatives",
        "إعلانات بلا تصنيف، وليست في أي حالة: {count} من {rows}",
    ),
    "unfilled.stratum": (
        "stratum {number}: {count} of {rows}; what they hold is unknown",
        "الطبقة {number}: {count} من {rows}؛ وما فيها مجهول",
    ),
    "partly": (
        "labelled for some of the codes only: {count}",
        "مصنّف لبعض الرموز فقط: {count}",
    ),
    "unsure": (
        "unsure, which is unknown and not absent: {count}",
        "غير متأكد، وهو مجهول لا غائب: {count}",
    ),
}  # fmt: skip
"""Key -> English, Arabic."""


def draw_text(drawn: Draw, lang: Lang = "en") -> Iterator[str]:
    """What was drawn, from what, and what it will tell: the reasons for the numbers with them.

    Args:
        drawn: what was drawn.
        lang: the language of the sentences.
    """
    plan, part_of = drawn.plan, drawn.plan.parts
    markets = ", ".join(drawn.markets) or sentence("everywhere", lang)
    yield sentence(
        "drawn", lang, drawn=_count(plan.drawn), population=_count(plan.population),
        codes=", ".join(drawn.policies), markets=markets, seed=str(drawn.seed),
    )  # fmt: skip
    yield from ("  " + _stratum(part, lang) for part in part_of)
    yield from _precision(plan.precision, plan.wish, lang)
    yield from _recall(plan.recall, plan.wish, lang)
    if not all(STRATA[part.place].complete for part in part_of):
        yield sentence("not_whole.apart", lang)
    yield from _left_out(drawn, lang)


def stratum_name(place: int, lang: Lang) -> str:
    """A stratum in words.

    >>> stratum_name(0, "en"), stratum_name(5, "en")
    ('reject', 'review, not wholly evaluated')
    """
    one = STRATA[place]
    action = word(one.action, lang)
    return action if one.complete else bare(sentence("not_whole", lang, action=action))


def _stratum(part: Part, lang: Lang) -> str:
    return sentence(
        "stratum", lang, number=str(part.place + 1), name=stratum_name(part.place, lang),
        drawn=_count(part.drawn), population=_count(part.population),
        weight=f"{part.population / part.drawn:,.4g}",
    )  # fmt: skip


def _precision(plan: PrecisionPlan | None, wish: Wish, lang: Lang) -> Iterator[str]:
    if plan is None:
        yield sentence("precision.none", lang)
        return
    yield sentence(
        "precision", lang, drawn=_count(plan.drawn), flagged=_count(plan.flagged),
        width=_width(plan.width), confidence=_share(wish.confidence),
    )  # fmt: skip
    few = plan.needed < plan.unlimited
    yield "  " + sentence(
        "precision.few" if few else "precision.many", lang, wish=_width(wish.width),
        needed=_count(plan.needed), flagged=_count(plan.flagged),
        unlimited=_count(plan.unlimited), guess=_guess(wish, lang),
    )  # fmt: skip
    if _width(plan.ahead) != _width(plan.width):
        yield "  " + sentence("precision.ahead", lang, width=_width(plan.ahead))


def _guess(wish: Wish, lang: Lang) -> str:
    worst = wish.guess == 0.5
    return bare(sentence("worst" if worst else "guessed", lang, guess=_share(wish.guess)))


def _guessed(wish: Wish, lang: Lang) -> str:
    return bare(sentence("share", lang, guess=_share(wish.guess)))


def _recall(plan: RecallPlan | None, wish: Wish, lang: Lang) -> Iterator[str]:
    if plan is None:
        yield sentence("recall.none", lang)
        return
    drawn, approved = _count(plan.drawn), _count(plan.approved)
    if plan.width is None:
        yield sentence("recall.no_flagged", lang, drawn=drawn, approved=approved)
    else:
        yield sentence(
            "recall", lang, drawn=drawn, approved=approved, width=_width(plan.width),
            guess=_guessed(wish, lang),
        )  # fmt: skip
        yield "  " + _recall_needs(plan, wish, lang)
    missed = sentence(
        "missed", lang, drawn=drawn, missed=_share(plan.missed),
        count=_count(int(plan.missed * plan.approved)),
    )  # fmt: skip
    if plan.least is not None:
        comma = "، " if lang == "ar" else ", "
        missed += comma + sentence("least", lang, least=_share(plan.least))
    yield "  " + missed


def _recall_needs(plan: RecallPlan, wish: Wish, lang: Lang) -> str:
    wished = wish.recall_width or wish.width
    if plan.needed is None:
        return sentence("recall.never", lang, wish=_width(wished))
    key = "recall.enough" if plan.needed <= plan.drawn else "recall.more"
    return sentence(
        key, lang, wish=_width(wished), needed=_count(plan.needed), plain=f"{wished:g}"
    )  # fmt: skip


def _left_out(drawn: Draw, lang: Lang) -> Iterator[str]:
    left = drawn.left_out
    for key, count in (
        ("left.no_creative", left.no_creative),
        ("left.elsewhere", left.elsewhere),
        ("left.others", left.others),
    ):
        if count:
            yield sentence(key, lang, count=_count(count))
    for code in drawn.unseen:
        yield sentence("unseen", lang, code=code)


def missing_text(sheet: LabelSheet, lang: Lang = "en", *, given: bool = True) -> Iterator[str]:
    """Whose text is not in the sheet.

    Args:
        sheet: as it is written.
        lang: the language of the sentences.
        given: whether any creatives were given at all.
    """
    if not given:
        yield sentence("no_text", lang)
    elif sheet.missing:
        count, drawn = _count(len(sheet.missing)), _count(len(sheet.rows))
        yield sentence("missing", lang, count=count, drawn=drawn)


def import_text(done: Imported, lang: Lang = "en") -> Iterator[str]:
    """What became of sheets that were filled in.

    Args:
        done: the cases, and what is in none.
        lang: the language of the sentences.
    """
    people = dict.fromkeys(label.by for label in done.labels)
    yield sentence(
        "imported", lang, cases=_count(len(done.cases)), labels=_count(len(done.labels)),
        people=", ".join(people) or "-",
    )  # fmt: skip
    if done.blank:
        count, every = _count(done.blank), _count(done.creatives)
        yield sentence("unfilled", lang, count=count, rows=every)
        for number, (blank, rows) in done.unfilled.items():
            told = {"number": number or "-", "count": _count(blank), "rows": _count(rows)}
            yield "  " + sentence("unfilled.stratum", lang, **told)
    if done.partly:
        yield sentence("partly", lang, count=_count(done.partly))
    unsure = sum(label.present == "unsure" for label in done.labels)
    if unsure:
        yield sentence("unsure", lang, count=_count(unsure))


def sentence(key: str, lang: Lang, **values: str) -> str:
    """A sentence of the catalogue. What stands in an Arabic one keeps its own direction.

    >>> sentence("unseen", "en", code="GMB.REL")
    'no decision has a verdict for GMB.REL: is it written right?'
    """
    safe = {name: shown(value) for name, value in values.items()}
    if lang == "ar":
        safe = {name: f"{FSI}{value}{PDI}" for name, value in safe.items()}
    return _TEXTS[key][LANGS.index(lang)].format(**safe)


def bare(text: str) -> str:
    """A sentence without isolates: for where it stands in another, or alone in a cell."""
    return text.replace(FSI, "").replace(PDI, "")


def _count(number: int) -> str:
    return f"{number:,}"


def _width(width: float) -> str:
    return f"± {width:.2g}"


def _share(share: float) -> str:
    """A share in per cent, to two digits; three where two would round to all or nothing."""
    return f"{100 * share:.2g} %" if share < 0.995 else f"{100 * share:.4g} %"
