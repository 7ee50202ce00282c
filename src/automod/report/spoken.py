"""What a verdict says, in one short sentence of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from automod.model.decision import NotEvaluated, Reason, Verdict
from automod.policy.reasons import catalogue, isolated, visible

from .labels import Lang


def verdict_sentence(verdict: Verdict, lang: Lang) -> str:
    """Why a verdict asks for its action, and whether law or the platform does.

    >>> reason = Reason("age_gate", tuple({"policy": "ALC.SELL", "min_age": 18}.items()))
    >>> verdict = Verdict("GB", "ALC.SELL", "low", ("age_gate",), "ALC.SELL/GB", "law", "", 0.9,
    ...                   0.85, "restrict", (0,), reason)
    >>> verdict_sentence(verdict, "en")
    'targeting is not limited to ages from 18 (law)'
    """
    ground = catalogue(lang)["grounds"][verdict.ground]
    return f"{_reason(verdict.reason, lang)} ({ground})"


def missed_sentence(entry: NotEvaluated, lang: Lang) -> str:
    """Why something was not evaluated.

    >>> missed_sentence(NotEvaluated("body", "text.too_long", transient=False), "en")
    'the field is longer than the limit'
    """
    words = catalogue(lang)["analyst"]
    return str(words["not_evaluated"].get(entry.code, words["not_evaluated_other"]))


def _reason(reason: Reason, lang: Lang) -> str:
    words: Mapping[str, Any] = catalogue(lang)["analyst"]
    values = {name: _inline(value, lang) for name, value in reason.values.items()}
    limits = reason.values.get("limits", ())
    values["limits"] = catalogue(lang)["separator"].join(_inline(one, lang) for one in limits)
    values["number"] = words["number"].format(**values) if "number" in values else ""
    values["code"] = _inline(reason.code, lang)
    template = words["reasons"].get(reason.code, words["other"])
    sentence = str(template.format_map(values))
    if "min_age" in values and "{min_age}" not in template:
        sentence += words["also_age"].format_map(values)
    if limits and "{limits}" not in template:
        sentence += words["also_limits"].format_map(values)
    return sentence


def _inline(value: object, lang: Lang) -> str:
    text = visible(str(value))
    return isolated(text) if lang == "ar" or not text.isascii() else text
