"""What a verdict says, in one short sentence of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from automod.model.country_names import country_of
from automod.model.decision import NotEvaluated, Verdict
from automod.policy.reasons import catalogue, sentence

from .labels import Lang
from .visible import isolated


def verdict_sentence(verdict: Verdict, lang: Lang) -> str:
    """Why a verdict asks for its action, and whether law or the platform does.

    >>> from automod.model.decision import Reason
    >>> reason = Reason("age_gate", tuple({"policy": "ALC.SELL", "min_age": 18}.items()))
    >>> verdict = Verdict("GB", "ALC.SELL", "low", ("age_gate",), "ALC.SELL/GB", "law", "", 0.9,
    ...                   0.85, "restrict", (0,), reason)
    >>> verdict_sentence(verdict, "en")
    'targeting is not limited to ages from 18 (law)'
    """
    ground = catalogue(lang)["grounds"][verdict.ground]
    reason = sentence(verdict.reason.code, verdict.reason.values, "analyst", lang)
    return f"{reason} ({ground})"


def missed_sentence(entry: NotEvaluated, lang: Lang, markets: Iterable[str] = ()) -> str:
    """Why something was not evaluated.

    Args:
        entry: what it was.
        lang: the language of the sentence.
        markets: those of the ad: for one that is not known it is said which may be meant.

    >>> missed_sentence(NotEvaluated("body", "text.too_long", transient=False), "en")
    'the field is longer than the limit'
    """
    words = catalogue(lang)["analyst"]
    told = str(words["not_evaluated"].get(entry.code, words["not_evaluated_other"]))
    if entry.code != "creative.unknown_market":
        return told
    meant = {name: country_of(name) for name in markets}
    hints = [
        _MEANT[lang].format(name=isolated(name), code=code)
        for name, code in meant.items()
        if code is not None and code != name
    ]
    return ("؛ " if lang == "ar" else "; ").join([told, *hints])


_MEANT: Final = {"en": "for {name}, did you mean {code}?", "ar": "هل المقصود بـ {name} هو {code}؟"}
