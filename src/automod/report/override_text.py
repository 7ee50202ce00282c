"""What an override does, in a sentence or two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from automod.workshop.switch_off import SwitchedOff, Undone

from .labels import LANGS, Lang
from .visible import isolated

MOST: Final = 5

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "wrote": ("wrote {path}; the ruleset loads with it", "كُتب {path}، والقواعد تُحمَّل معه"),
    "shadow": ("shadow", "مراقبة"),
    "retired": ("retired", "متقاعدة"),
    "shadow.does": ("still hits, decides nothing", "تُطابق ولا تقرر شيئًا"),
    "retired.does": ("no longer hits", "لا تُطابق بعد الآن"),
    "where": ("{status} in {where}, {until}; {effect}: {named}",
              "{status} في {where}، {until}؛ {effect}: {named}"),
    "everywhere": ("all markets", "كل الأسواق"),
    "for_good": ("for good", "على الدوام"),
    "until": ("until the end of {day} (UTC)", "حتى نهاية {day} (UTC)"),
    "more": (" and {n} more", " و{n} غيرها"),
    "nothing": ("this changes nothing: all of it was as inactive before",
                "لا يغيّر هذا شيئًا: كانت كلها غير فعّالة من قبل"),
    "undone": ("took {path} away; the ruleset loads without it",
               "أُزيل {path}، والقواعد تُحمَّل بدونه"),
    "on": ("{target} acts again as its package says", "عاد {target} يعمل كما تقول حزمته"),
    "left": ("other overrides of {target} are left: {others}",
             "ما زالت على {target} تضييقات أخرى: {others}"),
    "as_before": ("the ruleset is {digest} again, as before {override}",
                  "عادت القواعد {digest} كما كانت قبل {override}"),
    "not_as_before": ("the ruleset is {digest}; before {override} it was {meant}: more changed",
                      "القواعد الآن {digest}، وكانت قبل {override}: {meant}؛ انظر ما تغيّر غيره"),
    "some": ("{n} of {all} were as inactive before", "{n} من {all} كانت غير فعّالة من قبل"),
}  # fmt: skip
"""Key -> English, Arabic."""


def switched_off_text(done: SwitchedOff, lang: Lang = "en") -> Iterator[str]:
    """What was switched off, where and until when, for the person who did it."""
    override, count = done.override, len(done.covered)
    status = override.status or "shadow"
    comma = "، " if lang == "ar" else ", "
    until = _word("for_good", lang)
    if override.until is not None:
        until = _word("until", lang, day=isolated(str(override.until)))
    named = comma.join(isolated(one) for one in done.covered[:MOST])
    if count > MOST:
        named += _word("more", lang, n=count - MOST)
    yield _word("wrote", lang, path=isolated(str(done.path)))
    yield _word(
        "where", lang, status=_word(status, lang), until=until, named=named,
        where=comma.join(map(isolated, override.markets)) or _word("everywhere", lang),
        effect=_word(f"{status}.does", lang),
    )  # fmt: skip
    if not done.affected:
        yield _word("nothing", lang)
    elif len(done.affected) < count:
        yield _word("some", lang, n=count - len(done.affected), all=count)


def undone_text(done: Undone, lang: Lang = "en") -> Iterator[str]:
    """What was taken away, and whether the ruleset is the one before it."""
    yield _word("undone", lang, path=isolated(str(done.path)))
    comma = "، " if lang == "ar" else ", "
    others = comma.join(map(isolated, done.others))
    yield _word("left" if others else "on", lang, target=isolated(done.target), others=others)
    yield _word(
        "as_before" if done.after == done.meant else "not_as_before", lang,
        digest=isolated(done.after), override=isolated(done.override), meant=isolated(done.meant),
    )  # fmt: skip


def _word(key: str, lang: Lang, **values: object) -> str:
    return _WORDS[key][LANGS.index(lang)].format(**values)
