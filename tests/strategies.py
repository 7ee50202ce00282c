"""Texts and materials for the property tests: small alphabets, so that things collide."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st

from automod.model.ruleset import Material
from automod.model.vocabulary import Boundary
from rulesets import material

MARKS: Final = [
    *"\u0301\u0323\u0307\u064b\u064e\u0650\u0651\u0652\u0670\u0653\u0654\u0655\u3099\u05b0\u20dd"
]
IGNORABLES: Final = [
    *"\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u061c\u200e\u200f\u202e\u202c\u2066\u2069\ufe0f\u3164\u115f",
    "\U000e0061",
]
SEPARATORS: Final = [*" .,-*_#@/+$%\n\u00a0،؛؟・。！", "  ", " - ", "...", " ....  "]
LETTERS: Final = [
    *"abzAZßıİſŉ", "ﬁ", "é", "e\u0301", "ạ\u0301", "đ", "ς", "σ", "Σ", "я", "ё", "Ж",
    *"ابتحرسمنوي", *"أإآٱىةهؤئء", *"پڤچگژکیےہھ", "ﻻ", "ﷲ", "ﺭ", "𞸒",
    *"אבשת", "שׁ", *"赌博玩微信", *"カガか々ー", "ｶﾞ", *"도박한글", "\u1112\u1161\u11ab", "ㄱ",
    *"กรนพำ", "ทํา", "กั", *"करजोि", "क्", "ज़", "কি", "நி", "ខ្ម", "မြ",
]  # fmt: skip
DIGITS: Final = [*"0159", *"٠١٥٩", *"۰۱۵", *"०९", "５", "𝟗", "½", "Ⅷ", "〇"]
EMOJI: Final = ["🎰", "💰", "❤\ufe0f", "👨\u200d👩\u200d👧", "🇸🇦", "1\ufe0f\u20e3"]
SYMBOLS: Final = [*"ⓐ①㎏℀™﷼", "𝐜", "Ｃ"]
SURROGATES: Final = ["\ud800", "\udfff"]
ASSIGNED: Final = st.characters(exclude_categories=["Cn", "Co"])
"""Any character of the Unicode version of this Python, surrogates included."""


def more(examples: int) -> settings:
    """At least so many examples; as many as the profile says where that is more."""
    return settings(max_examples=max(examples, settings().max_examples))


def pieces() -> st.SearchStrategy[str]:
    """One character, or a few that belong together."""
    return st.one_of(
        st.sampled_from(LETTERS),
        st.sampled_from(LETTERS),
        st.sampled_from([*DIGITS, *SEPARATORS]),
        st.sampled_from([*MARKS, *IGNORABLES, "\u0640"]),
        st.sampled_from([*EMOJI, *SYMBOLS, *SURROGATES]),
    )


def texts(longest: int = 12) -> st.SearchStrategy[str]:
    """Texts of many scripts, the odd character from anywhere in Unicode among them."""
    return st.lists(st.one_of(pieces(), pieces(), pieces(), ASSIGNED), max_size=longest).map(
        "".join
    )


# --- materials, and texts that nearly hold them ---------------------------------------------------

WORDS: Final = [
    "ab", "aba", "ba", "casino", "ربح", "مضمون", "كازينو", "الله", "ريال", "赌博", "微信",
    "カジノ", "도박", "การพนัน", "कर्ज", "הימור", "đánh", "straße",
    "5", "100", "c++", "$$$", "🎰", "50%", "t20", "σας", "ab ba",
]  # fmt: skip
PHRASES: Final = [
    "ab ba", "ربح مضمون", "(ab|ba) casino", "<number> (ab|ريال)", "<word> ربح", "赌 博",
    "赌博 微信", "ab <number>", "(ab|ab ba) ab", "ربح <word> مضمون", "50% casino", "الله ab",
    "ab <phone>", "<url> (ab|ربح)",
]  # fmt: skip
BOUNDARIES: Final[list[Boundary]] = ["word", "prefix", "substring"]
VARIANTS: Final = {
    "ا": "أإآٱﺍ", "ي": "یےﻱ", "ك": "کڪ", "ه": "ہھە", "ب": "پ", "ف": "ڤ", "ج": "چ", "ز": "ژ",
    "a": "AＡ𝐚ⓐ", "b": "Bｂ", "s": "Sſ", "c": "C𝐜", "o": "OＯ", "5": "٥۵５", "0": "٠۰", "1": "١①",
    "é": ["e\u0301"],
}  # fmt: skip
JOINTS: Final = [
    *["", "", " ", " ", " "], "-", ", ", "  ", "....", ".....", "_", "\u200b", " x ", " 7 ", "م",
    "的",
]  # fmt: skip
FILLERS: Final = {
    "<number>": ["5", "1,000", "٧٠", "x5"],
    "<word>": ["x", "赌", "t20", "!"],
    "<phone>": ["0501234567", "٠٥٠ ١٢٣ ٤٥٦٧", "+966 50 123 4567"],
    "<url>": ["t.me/ab", "https://example.com", "example[.]com"],
}
"""What may stand where a phrase has a slot."""


@st.composite
def scenes(draw: st.DrawFn, most: int = 4) -> tuple[tuple[Material, ...], str]:
    """Some materials, and a text that is likely to hold them in some disguise."""
    rules = draw(materials(most))
    return rules, draw(st.one_of(*[near(words_of(rules))] * 7, texts()))


def materials(most: int = 4) -> st.SearchStrategy[tuple[Material, ...]]:
    """Some keywords and phrases, with every boundary and gap."""
    one = st.one_of(keywords(), phrases())
    return st.lists(one, min_size=1, max_size=most).map(tuple)


def keywords() -> st.SearchStrategy[Material]:
    """A keyword; `exact` now and then."""
    return st.builds(
        lambda value, boundary, view: material(value, "keyword", boundary, view=view),
        st.one_of(st.sampled_from(WORDS), st.text("abا", min_size=1, max_size=3)),
        st.sampled_from(BOUNDARIES),
        st.sampled_from(["safe", "safe", "safe", "exact"]),
    )


def phrases() -> st.SearchStrategy[Material]:
    """A phrase, with and without a gap."""
    return st.builds(
        lambda value, boundary, gap: material(value, "phrase", boundary, gap=gap),
        st.sampled_from(PHRASES),
        st.sampled_from(BOUNDARIES),
        st.sampled_from([0, 0, 1, 2]),
    )


def words_of(rules: tuple[Material, ...]) -> list[str]:
    """What texts that hold these materials are made of, in the order in which it stands there."""
    found = []
    for one in rules:
        if one.kind == "keyword":
            found.append(one.value)
            continue
        for part in re.split(r"[\s()|]+", one.value):
            found += FILLERS.get(part, [part] if part else [])
    return found


@st.composite
def near(draw: st.DrawFn, words: list[str], longest: int = 6) -> str:
    """A text of these words, often in their order, each perhaps disguised, and other pieces."""
    at = draw(st.integers(0, len(words)))
    text = []
    for _ in range(draw(st.integers(1, longest))):
        choice = draw(st.integers(0, 6))
        if choice == 0:
            text.append(draw(pieces()))
        else:
            at = at + 1 if choice > 2 else draw(st.integers(0, len(words)))
            text.append(draw(disguised(words[at % len(words)])))
        text.append(draw(st.sampled_from(JOINTS)))
    return "".join(text)


@st.composite
def disguised(draw: st.DrawFn, word: str) -> str:
    """A word as evaders write it: letters exchanged, marks and invisible characters put in."""
    if draw(st.integers(0, 2)) > 0:
        return word
    word = unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), word)
    added = st.sampled_from([*[""] * 20, "\u0640", *MARKS[:9], *IGNORABLES])
    return "".join(
        draw(st.sampled_from([c, c, *VARIANTS.get(c, [c.upper()])])) + draw(added) for c in word
    )
