"""Texts and materials for the property tests: small alphabets, so that things collide."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from itertools import product
from random import Random
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st

import adversary
import adversary_words
from automod.model.ruleset import Material
from automod.model.vocabulary import Boundary, View
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


def rows_of(words: list[str], *counts: int) -> str:
    """All rows of so many of these words as alternatives: many, and some end in others."""
    rows = (" ".join(row) for count in counts for row in product(words, repeat=count))
    return f"({'|'.join(rows)})"


PHRASES: Final = [
    rows_of(["ab", "ba", "ربح", "كازينو"], 2, 3), "(ab ba|ba|ab)", "(赌博|الله ربح|ربح)",
    "ab ba", "ربح مضمون", "(ab|ba) casino", "<number> (ab|ريال)", "<word> ربح", "赌 博",
    "赌博 微信", "ab <number>", "(ab <number>|ba) casino", "(<word> ab|<number>) ba",
    "(ab <number> ba|casino)", "(ab|ab ba) ab", "ربح <word> مضمون", "50% casino", "الله ab",
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


# --- the looser views -----------------------------------------------------------------------------

Written = tuple[str, str, tuple[Boundary, ...]]
"""A value, the language of its package, and the boundaries that it may have."""

_SPACED: Final[tuple[Boundary, ...]] = ("word", "word", "prefix", "substring")
_FORMED: Final[tuple[Boundary, ...]] = ("inflected", "inflected", *_SPACED)
_UNSPACED: Final[tuple[Boundary, ...]] = ("substring", "substring", "word")

FAR_KEYWORDS: Final[list[Written]] = [
    ("casino", "", _SPACED), ("casino", "en", _FORMED), ("bonus", "", _SPACED),
    ("slots", "", _SPACED), ("silver", "", _SPACED), ("judi", "id", _FORMED),
    ("pinjol", "id", _FORMED), ("kumarhane", "tr", _SPACED), ("đánh bạc", "vi", _SPACED),
    ("bet365", "", _SPACED), ("free spins", "", _SPACED), ("c++", "", ("word",)),
    ("crème", "", _SPACED), ("قمار", "ar", _FORMED), ("مراهنة", "ar", _FORMED),
    ("كازينو", "ar", _FORMED), ("ربحي", "ar", _FORMED), ("مؤكد", "ar", _SPACED),
    ("казино", "ru", _FORMED), ("займы", "", _SPACED), ("καζίνο", "", _SPACED),
    ("הימורים", "", _SPACED), ("赌博", "", _UNSPACED), ("老虎机", "", _UNSPACED),
    ("カジノ", "", _UNSPACED), ("도박", "", _SPACED), ("카지노", "", _SPACED),
    ("พนัน", "", _UNSPACED), ("कैसीनो", "", _SPACED), ("कर्ज़", "", _SPACED),
]  # fmt: skip
FAR_PHRASES: Final[list[Written]] = [
    ("free casino", "", _SPACED), ("casino bonus now", "", _SPACED), ("ربح مضمون", "ar", _FORMED),
    ("كازينو مراهنة", "ar", _FORMED), ("казино бонус", "", _SPACED), ("赌博 微信", "", _UNSPACED),
    ("(free|silver) casino", "", _SPACED), ("<number> casino", "", _SPACED),
    ("(free <number>|silver) casino", "", _SPACED), ("(<number> casino|silver)", "", _SPACED),
    ("(free casino|casino|كازينو مراهنة|مراهنة)", "", _SPACED),
    (rows_of(["free", "casino", "бонус", "كازينو"], 2, 3), "", _SPACED),
]  # fmt: skip
VIEWS: Final[list[View]] = ["evasion", "evasion", "evasion", "loose", "safe"]

STAND_INS: Final = {
    "a": "а@4αáAᴀ", "b": "8ьB🅱", "c": "сç¢Cⓒ", "e": "3еéE", "i": "1!|іïI", "j": "јJ", "k": "кK",
    "l": "1|ł", "n": "пñN𝐧", "o": "0оοøOↄ", "p": "рP", "r": "гяR", "s": "5$ѕšS", "t": "7+тT",
    "u": "υüU", "v": "νѵ", "m": "м", "h": "нh", "6": "б٦", "5": "s٥",
    "а": "a4@", "з": "3", "и": "uі", "н": "h", "о": "0o", "й": "и", "м": "m", "ы": "ьі",
    "α": "aа4", "ζ": "z", "ί": "ι1", "ν": "v", "ο": "0o",
    "ق": "ٯفڨ", "م": "مم", "ا": "أإ1a", "ر": "ڕر", "ه": "ةھ", "ة": "هۃ", "ي": "ىئیٮ", "ب": "ٮپ",
    "ح": "حځ", "ن": "ٮں", "و": "ؤoۇ", "ز": "ژ", "ك": "ک", "ؤ": "و", "د": "ڈ",
    "ם": "מ", "י": "י\u05b0", "ו": "וו", "ה": "ה",
    "赌": "賭", "机": "機", "カ": "かｶ", "ジ": "じ", "ノ": "の", "นั": ["น\u200bั"],
    "도": ["ㄷㅗ", "\u1103\u1169"], "박": ["ㅂㅏㄱ"], "지": ["ㅈㅣ"], "ज़": ["ज", "ज\u093c"],
    "đ": "dđ", "á": "aạ", "ạ": "a", "è": "eé",
}  # fmt: skip
"""What may stand for a letter, and here and there what may not."""
APART: Final = [
    *[""] * 8, " ", " ", ".", "-", "*", "_", "🎰", "\u200b", "\u0640", "  ", "/", "´", "x",
]  # fmt: skip
BETWEEN: Final = [
    " ", " ", " ", " ", "", ".", ", ", "، ", " - ", "\n", "!", "_", " x ", " 7 ", " 10kg ",
    "s", "و", "的",
    "#", " a ", "     ", "\u202e", "\u202c", "$", "4",
]  # fmt: skip
LONGEST_SCENE: Final = 25
"""Characters of the texts that the naive matcher is asked about: it looks at every span."""


@st.composite
def far_keywords(draw: st.DrawFn) -> Material:
    """A keyword that may match in a looser view, most of them."""
    return _far(draw, draw(st.sampled_from(FAR_KEYWORDS)))


@st.composite
def far_phrases(draw: st.DrawFn) -> Material:
    """A phrase that may match in a looser view, most of them."""
    one = _far(draw, draw(st.sampled_from(FAR_PHRASES)))
    return replace(one, kind="phrase", gap=draw(st.sampled_from([0, 0, 1, 2])), swaps=False)


def _far(draw: st.DrawFn, written: Written) -> Material:
    value, language, boundaries = written
    one = material(
        value, "keyword", draw(st.sampled_from(boundaries)), view=draw(st.sampled_from(VIEWS))
    )
    kept = language if one.boundary == "inflected" or language == "tr" else ""
    swaps = one.view == "evasion" and draw(st.integers(0, 4)) == 4
    return replace(one, language=kept, swaps=swaps)


def far_materials(
    most: int = 3, *, phrases: bool = True
) -> st.SearchStrategy[tuple[Material, ...]]:
    """Some keywords, and phrases if asked for, of mixed views, boundaries and languages."""
    one = st.one_of(far_keywords(), far_keywords(), far_phrases()) if phrases else far_keywords()
    return st.lists(one, min_size=1, max_size=most).map(tuple)


@st.composite
def far_scenes(
    draw: st.DrawFn, most: int = 3, *, phrases: bool = True, longest: int = 60
) -> tuple[tuple[Material, ...], str]:
    """Some materials of mixed views, and a text that is likely to hold them in disguise."""
    rules = draw(far_materials(most, phrases=phrases))
    return rules, draw(hiding([part for one in rules for part in parts_of(one)], longest))


@st.composite
def far_batches(draw: st.DrawFn) -> tuple[tuple[Material, ...], list[str]]:
    """Some materials of mixed views, and texts that stand side by side."""
    rules = draw(far_materials())
    one = hiding([part for one in rules for part in parts_of(one)], 40)
    return rules, draw(st.lists(one, min_size=2, max_size=4))


def far_texts() -> st.SearchStrategy[str]:
    """Texts of disguised words, and of anything."""
    words = [value for value, _, _ in FAR_KEYWORDS]
    return st.one_of(hiding(words), hiding(words), texts())


def parts_of(one: Material) -> list[str]:
    """The words of a material, one by one where it is a phrase."""
    return [one.value] if one.kind == "keyword" else words_of((one,))


@st.composite
def hiding(draw: st.DrawFn, words: list[str], longest: int = 60) -> str:
    """A text of these words, in their order more often than not, most of them in disguise."""
    text = []
    at = draw(st.integers(0, len(words)))
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.integers(0, 5)) == 5:
            text.append(draw(st.one_of(pieces(), st.sampled_from(["a", "in", "عن", "и", "10kg"]))))
        else:
            text.append(draw(evaded(words[at % len(words)])))
            at += 1
        text.append(draw(st.sampled_from(BETWEEN)))
    return "".join(text)[:longest]


@st.composite
def evaded(draw: st.DrawFn, word: str) -> str:
    """A word in disguise: by the tricks of the adversary, or letter by letter."""
    choice = draw(st.integers(0, 6))
    if choice == 0:
        return word
    script = next(
        (name for name, words in adversary_words.WORDS.items() if word in words.split()), None
    )
    if choice < 3 and script is not None:
        rng = Random(draw(st.integers(0, 999)))
        one = adversary.disguise(word, script, draw(st.integers(1, 2)), rng)
        return word if one is None else one.text
    usual = draw(st.sampled_from(APART)) if choice == 3 else None
    changed = st.sampled_from([False, False, True])
    pieces_ = []
    for char in word:
        stands = draw(st.sampled_from([*STAND_INS.get(char, [char])])) if draw(changed) else char
        times = 3 if draw(st.integers(0, 20)) == 20 else 1
        pieces_.append(stands * times)
        pieces_.append(
            draw(st.sampled_from(APART)) if usual is None and draw(changed) else usual or ""
        )
    return "".join(pieces_[:-1])
