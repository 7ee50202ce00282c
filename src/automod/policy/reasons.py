"""A decision in sentences, for the advertiser and for the analyst, in English and in Arabic.

The sentences are data: `reasons.en.json` and `reasons.ar.json` beside this module.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from ..model.decision import Decision, Hit, NotEvaluated, Verdict

Audience = Literal["advertiser", "analyst"]
Language = Literal["en", "ar"]

AUDIENCES: Final[tuple[Audience, ...]] = ("advertiser", "analyst")
LANGUAGES: Final[tuple[Language, ...]] = ("en", "ar")

_NO_TITLES: Final[Mapping[str, str]] = {}
_STEM: Final = re.compile(r"[:\[.]")
_MOST_HITS: Final = 20
_DEEPEST: Final = 2
_LONGEST_TEXT: Final = 120
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def reason(
    decision: Decision,
    for_: Audience = "advertiser",
    lang: Language = "en",
    titles: Mapping[str, str] | None = None,
) -> str:
    """Why a decision is what it is: a line for each verdict but approvals, and each field missed.

    The advertiser reads policy, market, field and what to do; never a material, fold, distance,
    weight or score. The analyst reads those as well, and what protects or narrows a hit.

    Args:
        decision: what the engine decided.
        for_: who reads it.
        lang: the language of the sentences.
        titles: policy code -> its title in that language; codes stand alone without.

    Raises:
        ValueError: no such audience or language.

    >>> from automod.model.decision import NotEvaluated
    >>> missed = (NotEvaluated("videos[0]", "media.missing", transient=True),)
    >>> decision = Decision("c1", 0, "2026-11-20", "sha256:", "review", {}, not_evaluated=missed)
    >>> print(reason(decision))
    Could not be checked, video 1: the file was not found. Upload it again.
    """
    if for_ not in AUDIENCES:
        raise ValueError(f"for_={for_!r}: it is written for {' or '.join(AUDIENCES)}")
    if lang not in LANGUAGES:
        raise ValueError(f"lang={lang!r}: there are sentences in {' and '.join(LANGUAGES)}")
    writer = Writer(decision, for_, lang, titles or _NO_TITLES)
    return "\n".join(writer.lines())


@cache
def catalogue(lang: Language) -> Mapping[str, Any]:
    """All sentences of a language.

    >>> catalogue("en")["actions"]["reject"]
    'Rejected'
    """
    source = files(__package__).joinpath(f"reasons.{lang}.json")
    sentences: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return sentences


def sentence(
    code: str, values: Mapping[str, Any], for_: Audience = "advertiser", lang: Language = "en"
) -> str:
    """What the reason of a verdict says, without market, policy and place.

    Args:
        code: the reason's.
        values: the reason's; one that is missing is told as `?`.
        for_: who reads it.
        lang: the language of the sentence.

    >>> sentence("age_gate", {"min_age": 18}, "analyst")
    'targeting is not limited to ages from 18'
    """
    words: Mapping[str, Any] = catalogue(lang)[for_]
    template = words["reasons"].get(code, words["other"])
    # A decision of another version may lack a value: say so, rather than fail.
    known: dict[str, str] = defaultdict(lambda: "?")
    known.update({name: inline(value, lang) for name, value in values.items()})
    limits = values.get("limits") or ()
    known["limits"] = str(catalogue(lang)["separator"].join(inline(one, lang) for one in limits))
    known["code"] = inline(code, lang)
    number = values.get("number")
    known["number"] = "" if number is None else words["number"].format(number=inline(number, lang))
    told = str(template.format_map(known))
    if "min_age" in values and "{min_age}" not in template:
        told += words["also_age"].format_map(known)
    if limits and "{limits}" not in template:
        told += words["also_limits"].format_map(known)
    return told


class Writer:
    """Writes the lines of one decision for one reader."""

    def __init__(
        self, decision: Decision, for_: Audience, lang: Language, titles: Mapping[str, str]
    ) -> None:
        self._decision = decision
        self._for: Audience = for_
        self._lang: Language = lang
        self._analyst = for_ == "analyst"
        self._titles = titles
        self._all = catalogue(lang)
        self._words: Mapping[str, Any] = self._all[for_]
        self._hits = {hit.n: hit for hit in decision.hits}

    def lines(self) -> Iterable[str]:
        """Verdicts, what was missed, and for the analyst the hits that something holds back."""
        told = [self._verdict(one) for one in self._decision.verdicts if one.action != "approve"]
        told += [self._missed(one) for one in self._decision.not_evaluated]
        yield from told or [self._words["clean"]]
        if self._analyst:
            yield from self._held_back()

    def _verdict(self, verdict: Verdict) -> str:
        values = verdict.reason.values
        field = values.get("field")
        where = {} if field is None else {"field": self._field(field)}
        told: dict[str, str] = {
            "action": self._all["actions"][verdict.action],
            "market": self._inline(verdict.market),
            "policy": self._policy(verdict.policy),
            "where": self._words["where"].format(**where) if where else "",
            "sentence": sentence(verdict.reason.code, values, self._for, self._lang),
        }
        if self._analyst:
            told |= self._measured(verdict)
        return str(self._words["verdict"].format_map(told))

    def _measured(self, verdict: Verdict) -> dict[str, str]:
        reached = "reached" if verdict.score >= verdict.threshold else "below"
        source = self._words["source"].format(source=self._inline(verdict.source))
        return {
            "score": self._inline(verdict.score),
            "threshold": self._inline(verdict.threshold),
            "relation": self._words[reached],
            "row": self._inline(verdict.row),
            "ground": self._all["grounds"][verdict.ground],
            "source": source if verdict.source else "",
            "hits": self._all["separator"].join(self._hits_of(verdict.because)),
        }

    def _missed(self, missed: NotEvaluated) -> str:
        known = self._words["not_evaluated"]
        told = {
            "field": self._words["whole"] if missed.field == "*" else self._field(missed.field),
            "code": self._inline(missed.code),
            "transient": self._words.get("transient", "") if missed.transient else "",
            "sentence": known.get(missed.code, self._words["not_evaluated_other"]),
        }
        return str(self._words["not_evaluated_line"].format_map(told))

    def _held_back(self) -> Iterable[str]:
        counted = {n for verdict in self._decision.verdicts for n in verdict.because}
        for hit in self._decision.hits:
            if hit.allowed_by is not None:
                allow = self._inline(hit.allowed_by)
                yield self._words["allowed"].format(hit=self._hit(hit.n), allow=allow)
            elif hit.overridden_by is not None and hit.n not in counted:
                yield self._words["overridden"].format(hit=self._hit(hit.n))

    def _hits_of(self, because: Sequence[int]) -> Iterable[str]:
        yield from (self._hit(n) for n in because[:_MOST_HITS])
        if len(because) > _MOST_HITS:
            yield self._words["more"].format(count=len(because) - _MOST_HITS)

    def _hit(self, n: int, above: frozenset[int] = frozenset()) -> str:
        hit = self._hits.get(n)
        if hit is None or n in above or len(above) > _DEEPEST:
            return f"[{n}]"
        told = {
            "n": str(n),
            "material": self._inline(hit.material),
            "version": f" {self._inline(hit.version)}" if hit.version else "",
            "evidence": self._evidence(hit),
        }
        if hit.kind == "rule":
            parts = [self._hit(part, above | {n}) for part in hit.parts]
            told["parts"] = self._all["separator"].join(parts) or self._words["no_parts"]
            return str(self._words["rule"].format_map(told)) + told["evidence"]
        if hit.field is None:
            return str(self._words["bare"].format_map(told))
        told["field"] = self._inline(hit.field)
        told["span"] = ""
        if hit.start is not None:
            told["span"] = self._words["span"].format(start=hit.start, end=hit.end)
        told["text"] = "" if hit.text is None else isolated(visible(hit.text))
        return str(self._words["hit"].format_map(told))

    def _evidence(self, hit: Hit) -> str:
        facts: list[tuple[str, object]] = []
        if hit.view is not None and hit.kind != "rule":
            facts.append(("view" if hit.distance is None else "seen", hit.view))
        if hit.folds:
            facts.append(("folds", "+".join(hit.folds)))
        if hit.weight:
            facts.append(("weight", hit.weight))
        if hit.confidence != 1.0:
            facts.append(("confidence", hit.confidence))
        if hit.distance is not None:
            facts.append(("distance", hit.distance))
        if hit.overridden_by is not None:
            facts.append(("override", hit.overridden_by))
        told = [self._words[name].format(**{name: self._inline(value)}) for name, value in facts]
        if hit.status == "shadow":
            told.append(self._words["shadow"])
        return f" ({self._all['separator'].join(told)})" if told else ""

    def _policy(self, code: str) -> str:
        title = self._titles.get(code)
        told = self._inline(code)
        return told if title is None else f"{told} ({self._inline(title)})"

    def _field(self, field: str) -> str:
        """A field as its reader calls it: `links[0].host` is link 1 to the advertiser."""
        if self._analyst:
            return self._inline(field)
        name = self._all["fields"].get(_STEM.split(field, maxsplit=1)[0])
        if name is None:
            return self._inline(field)
        _, opened, rest = field.partition("[")
        number = rest.partition("]")[0]
        counted = f" {self._inline(int(number) + 1)}" if opened and number.isdecimal() else ""
        return f"{name}{counted}"

    def _inline(self, value: object) -> str:
        return inline(value, self._lang)


def inline(value: object, lang: Language) -> str:
    r"""A value in a sentence: kept apart where its letters could turn those around it.

    >>> inline(0.9, "en"), ascii(inline(0.9, "ar"))
    ('0.9', "'\\u20680.9\\u2069'")
    """
    text = visible(str(value))
    return isolated(text) if lang == "ar" or not text.isascii() else text


def isolated(text: str) -> str:
    r"""The text between U+2068 and U+2069, so that its direction and the sentence's do not mix.

    >>> ascii(isolated("abc"))
    "'\\u2068abc\\u2069'"
    """
    return f"\u2068{text}\u2069"


def visible(text: str) -> str:
    """The text on one line, with what cannot be seen as code points, and cut at 120.

    >>> visible("win" + chr(0x200B) + "now")
    'win<U+200B>now'
    """
    cut = text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
    return "".join(
        f"<U+{ord(char):04X}>" if unicodedata.category(char) in _INVISIBLE else char for char in cut
    )
