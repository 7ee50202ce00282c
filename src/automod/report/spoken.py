"""What a verdict says, in one short sentence of the catalogue."""

from __future__ import annotations

from automod.model.decision import NotEvaluated, Verdict
from automod.policy.reasons import catalogue, sentence

from .labels import Lang


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


def missed_sentence(entry: NotEvaluated, lang: Lang) -> str:
    """Why something was not evaluated.

    >>> missed_sentence(NotEvaluated("body", "text.too_long", transient=False), "en")
    'the field is longer than the limit'
    """
    words = catalogue(lang)["analyst"]
    return str(words["not_evaluated"].get(entry.code, words["not_evaluated_other"]))
