"""AM219: a keyword of several words among phrases, which is found letter by letter only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.forms import is_bare
from automod.workshop.lint.told import told

_SPACE: Final = regex.compile(r"[\p{L}\p{M}\p{N}] +[\p{L}\p{N}]")
_USUAL: Final = 4
"""Phrases for each such keyword: where they are fewer, keywords are how this package is written."""


def _look(world: World) -> Iterator[Found]:
    for wording, pairs in zip(world.wordings, world.swallowed, strict=True):
        phrases = len(wording.of(["phrase"]))
        several = wording.holding(_SPACE, ["keyword"]) if phrases >= _USUAL else []
        if len(several) * _USUAL > phrases:
            continue
        left_out = {*wording.spoilt, *(pair.small for pair in pairs)}
        boundaries = wording.column("boundary")
        for number in several:
            written_out = wording.said(number, "boundary") is not None
            inflected = boundaries[number] == "inflected" and is_bare(wording.keys[number])
            if inflected and not written_out and number not in left_out:
                yield told(wording, number, "kind")


CHECK = Check(
    code="AM219",
    name="several_words",
    severity="info",
    title={
        "en": "a keyword of several words among phrases: it is not inflected",
        "ar": "كلمة مفتاحية من عدة كلمات بين عبارات، وهي لا تُصرَّف",
    },
    why={
        "en": "A keyword of several words is found as it is written: with exactly these spaces, "
        "and "
        "without inflection, also where words of its language are inflected by themselves. A "
        "phrase finds its words with the article and with endings, and with other signs between. "
        "Nearly all values of several words are phrases in this package; this one may be meant to.",
        "ar": "الكلمة المفتاحية المؤلفة من عدة كلمات تُكتشف كما كُتبت: بالمسافات نفسها ودون "
        "تصريف، وإن "
        "كانت كلمات لغتها تُصرَّف تلقائيًا. أما العبارة (phrase) فتُكتشف كلماتها مع أل التعريف "
        "واللواحق "
        "وبينها علامات أخرى. وأغلب القيم المؤلفة من عدة كلمات في هذه الحزمة عبارات، وقد تكون هذه "
        "مقصودة كذلك.",
    },
    message={
        "en": "{value} is a keyword of several words: only these spaces count, and no other form "
        "of a word; 'kind: phrase' finds more",
        "ar": "{value} كلمة مفتاحية من عدة كلمات: لا تُحتسب إلا بهذه المسافات وهذه الصيغ؛ والنوع "
        "phrase "
        "يكتشف أكثر",
    },
    look=_look,
)
