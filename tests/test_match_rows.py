"""What matches, row by row: (materials, text, hits), for both back ends and the reference.

A row is one line; adding one tests every implementation. Places are (number of the material, start,
end) in code points of the original text, half-open. What is not listed does not hit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

import reference
from automod.model.ruleset import Material
from automod.model.vocabulary import Boundary
from rulesets import BACKENDS, Backend, creative, engine, material, of
from shared_data import data


@dataclass(frozen=True)
class Case:
    """A named row."""

    name: str
    materials: tuple[Material, ...]
    text: str
    expected: list[tuple[int, int, int]]


def k(value: str, boundary: Boundary = "word") -> Material:
    """A keyword."""
    return material(value, "keyword", boundary)


def sub(value: str) -> Material:
    """A keyword that may stand inside a word."""
    return material(value, "keyword", "substring")


def pre(value: str) -> Material:
    """A keyword that may begin a word."""
    return material(value, "keyword", "prefix")


def p(value: str, gap: int = 0, boundary: Boundary = "word") -> Material:
    """A phrase."""
    return material(value, "phrase", boundary, gap=gap)


def x(value: str, boundary: Boundary = "word") -> Material:
    """A keyword in the exact view."""
    return material(value, "keyword", boundary, view="exact")


Row = tuple[str, list[Material], str, list[tuple[int, int, int]]]

BASICS: list[Row] = [
    ("empty text", [k("casino")], "", []),
    ("spaces only", [k("casino")], "   ", []),
    ("alone", [k("casino")], "casino", [(0, 0, 6)]),
    ("in a sentence", [k("casino")], "the casino wins", [(0, 4, 10)]),
    ("at the end", [k("casino")], "my casino", [(0, 3, 9)]),
    ("twice", [k("casino")], "casino casino", [(0, 0, 6), (0, 7, 13)]),
    ("absent", [k("casino")], "cassino casin asino", []),
    ("longer than the text", [k("casino")], "cas", []),
    ("two materials", [k("casino"), k("poker")], "poker casino", [(1, 0, 5), (0, 6, 12)]),
    ("the same value twice", [k("casino"), k("casino")], "casino", [(0, 0, 6), (1, 0, 6)]),
    ("values that fold alike", [k("Casino"), k("casino")], "CASINO", [(0, 0, 6), (1, 0, 6)]),
    ("one letter", [k("x")], "x marks x", [(0, 0, 1), (0, 8, 9)]),
    ("digits", [k("18")], "over 18 only", [(0, 5, 7)]),
    ("a space inside", [k("sure win")], "a sure win!", [(0, 2, 10)]),
    ("a keyword's space is one space", [k("sure win")], "sure  win sure\nwin", []),
    ("no-break space is a space", [k("sure win")], "sure\u00a0win", [(0, 0, 8)]),
    ("line breaks separate words", [k("casino")], "a\ncasino\r\nb", [(0, 2, 8)]),
    ("NUL inside", [k("casino")], "ca\x00sino", []),
    ("NUL beside", [k("casino")], "\x00casino\x00", [(0, 1, 7)]),
    ("a lone surrogate beside", [k("casino")], "\ud83dcasino\udfb0", [(0, 1, 7)]),
    ("punctuation inside", [k("don't")], "I don't.", [(0, 2, 7)]),
]

OVERLAP: list[Row] = [
    ("a material overlaps itself", [sub("aa")], "aaa", [(0, 0, 2), (0, 1, 3)]),
    ("one inside another", [sub("abcd"), sub("bc")], "abcd", [(0, 0, 4), (1, 1, 3)]),
    ("suffixes", [sub("abcd"), sub("bcd"), sub("cd"), sub("d")], "abcd",
     [(0, 0, 4), (1, 1, 4), (2, 2, 4), (3, 3, 4)]),
    ("prefixes", [sub("a"), sub("ab"), sub("abc")], "abc", [(0, 0, 1), (1, 0, 2), (2, 0, 3)]),
    ("alternating", [sub("ab"), sub("ba")], "ababa", [(0, 0, 2), (0, 2, 4), (1, 1, 3), (1, 3, 5)]),
    ("a false start hides nothing", [sub("abcx"), sub("bcd")], "abcd", [(1, 1, 4)]),
    ("a longer failure hides nothing", [sub("yabcdef"), sub("abcdez")], "yabcdez", [(1, 1, 7)]),
    ("word in a keyword of words", [k("sure win"), k("win")], "sure win", [(0, 0, 8), (1, 5, 8)]),
    ("three deep", [k("my casino bonus"), k("casino bonus"), k("casino")], "my casino bonus",
     [(0, 0, 15), (1, 3, 15), (2, 3, 9)]),
    ("crossing", [k("big win"), k("win now")], "big win now", [(0, 0, 7), (1, 4, 11)]),
    ("same start, other boundaries", [k("cas"), pre("cas"), sub("cas")], "casino",
     [(1, 0, 3), (2, 0, 3)]),
    ("keyword and phrase at one place", [k("sure win"), p("sure win")], "sure win",
     [(0, 0, 8), (1, 0, 8)]),
    ("phrases that share a word", [p("big win"), p("win now")], "big, win, now",
     [(0, 0, 8), (1, 5, 13)]),
    ("two views at one place", [k("Casino"), x("Casino"), x("casino")], "Casino",
     [(0, 0, 6), (1, 0, 6)]),
    ("Arabic, one inside another", [k("القمار"), sub("قمار"), sub("مار")], "القمار",
     [(0, 0, 6), (1, 2, 6), (2, 3, 6)]),
    ("Chinese, crossing", [sub("赌博"), sub("博彩")], "赌博彩", [(0, 0, 2), (1, 1, 3)]),
    ("emoji overlap", [sub("🎰🎰")], "🎰🎰🎰", [(0, 0, 2), (0, 1, 3)]),
]  # fmt: skip

BOUNDARY: list[Row] = [
    # one word
    ("a longer word", [k("casino")], "casinos", []),
    ("the end of a longer word", [k("ass")], "class assassin bass", []),
    ("inside a word", [k("cunt")], "Scunthorpe", []),
    ("prefix of a longer word", [pre("casino")], "casinos", [(0, 0, 6)]),
    ("prefix is no suffix", [pre("ass")], "class ass assassin", [(0, 6, 9), (0, 10, 13)]),
    ("substring", [sub("ass")], "class", [(0, 2, 5)]),
    ("substring, both words", [sub("rape")], "grape rape", [(0, 1, 5), (0, 6, 10)]),
    # digits go with letters
    ("digits after", [k("casino")], "casino777", []),
    ("digits before", [k("casino")], "777casino", []),
    ("digits after, prefix", [pre("casino")], "casino777 777casino", [(0, 0, 6)]),
    ("digits around, substring", [sub("casino")], "1casino1", [(0, 1, 7)]),
    ("a number inside a number", [k("18")], "180 118 18", [(0, 8, 10)]),
    ("letters after a number", [k("18")], "18x x18 18", [(0, 8, 10)]),
    ("a digit of another script is a digit", [k("casino")], "casino٧", []),
    ("digits part from Arabic", [k("ريال")], "500ريال", [(0, 3, 7)]),
    ("Arabic parts from digits", [k("500")], "500ريال ريال500", [(0, 0, 3), (0, 12, 15)]),
    ("Arabic digits part from Arabic", [k("ريال")], "٥٠٠ريال", [(0, 3, 7)]),
    ("digits part from Hangul", [k("도박")], "도박24", [(0, 0, 2)]),
    ("digits part from Devanagari", [k("कर्ज")], "50कर्ज", [(0, 2, 6)]),
    ("digits do not part from Cyrillic", [k("казино")], "казино24", []),
    # scripts part
    ("Han before Latin", [k("casino")], "玩casino吧", [(0, 1, 7)]),
    ("Latin before Han", [k("玩", "word")], "casino玩", [(0, 6, 7)]),
    ("Arabic before Latin", [k("casino")], "العبcasinoالان", [(0, 4, 10)]),
    ("Latin before Arabic", [k("قمار")], "casinoقمارx", [(0, 6, 10)]),
    ("Hebrew before Latin", [k("casino")], "הcasino", [(0, 1, 7)]),
    ("Hangul after Latin", [k("casino")], "casino에서", [(0, 0, 6)]),
    ("Hangul after Han", [k("賭博", "word")], "賭博을", [(0, 0, 2)]),
    ("Thai after Latin", [k("casino")], "casinoออนไลน์", [(0, 0, 6)]),
    ("Cyrillic after Latin is one word", [k("casino")], "casinoш", []),
    ("Greek before Latin is one word", [k("casino")], "σcasino", []),
    ("kana and Han are one group", [k("賭博", "word")], "賭博の", []),
    # no letters
    ("underscores", [k("casino")], "_casino_ my_casino casino_bonus",
     [(0, 1, 7), (0, 12, 18), (0, 19, 25)]),
    ("hash", [k("casino")], "#casino", [(0, 1, 7)]),
    ("at sign", [k("casino")], "@casino", [(0, 1, 7)]),
    ("hash tag of two words", [k("قمار")], "#قمار_اونلاين", [(0, 1, 5)]),
    ("hyphen, slash, dot", [k("casino")], "casino-x/casino.com", [(0, 0, 6), (0, 9, 15)]),
    ("apostrophe", [k("casino")], "casino's", [(0, 0, 6)]),
    ("quotes, brackets", [k("casino")], "«casino» (casino) “casino”",
     [(0, 1, 7), (0, 10, 16), (0, 19, 25)]),
    ("Arabic comma, question mark", [k("قمار")], "قمار، قمار؟", [(0, 0, 4), (0, 6, 10)]),
    ("emoji beside", [k("casino")], "🎰casino🎰", [(0, 1, 7)]),
    ("currency beside", [k("500")], "$500 500€", [(0, 1, 4), (0, 5, 8)]),
    ("trade mark beside", [k("casino")], "casino™", [(0, 0, 6)]),
    ("a fraction's slash is no letter", [k("1")], "½", [(0, 0, 1)]),
    # marks go with their letter
    ("an accent is another letter", [k("cafe"), sub("cafe")], "café cafe\u0301", []),
    ("before an accent", [sub("caf")], "café", [(0, 0, 3)]),
    ("a mark that does not compose", [k("x"), sub("x")], "x\u0302", []),
    ("a mark that composes later", [k("i"), sub("i")], "İ", []),
    ("prefix stops at no mark", [pre("कर")], "करो करना", [(0, 4, 6)]),
    ("Hebrew points", [sub("ש")], "שָ ש", [(0, 3, 4)]),
    ("a mark of another script", [k("ab"), pre("ab"), sub("ab")], "ab\u093f",
     [(0, 0, 3), (1, 0, 3), (2, 0, 3)]),
    ("keycap", [sub("1")], "1\ufe0f\u20e3", []),
    # edges that are no word characters need nothing
    ("c++", [k("c++")], "c++ c++11 c++x", [(0, 0, 3), (0, 4, 7), (0, 10, 13)]),
    ("c++, left edge", [k("c++")], "xc++ 1c++ _c++", [(0, 11, 14)]),
    ("percent", [k("100%")], "100%off 1100% 100%", [(0, 0, 4), (0, 14, 18)]),
    ("dollars", [k("$$$")], "a$$$b", [(0, 1, 4)]),
    ("dollars overlap", [k("$$$")], "$$$$", [(0, 0, 3), (0, 1, 4)]),
    ("an emoji", [k("🎰")], "a🎰b 🎰🎰", [(0, 1, 2), (0, 4, 5), (0, 5, 6)]),
    ("an emoji with its selector", [k("❤\ufe0f")], "❤ ❤\ufe0f", [(0, 0, 1), (0, 2, 4)]),
    ("hash in the material", [k("#win")], "#win x#win #winner win", [(0, 0, 4), (0, 6, 10)]),
    ("at sign in the material", [k("@bot")], "@bot @bots me@bot", [(0, 0, 4), (0, 13, 17)]),
    ("dot in the material", [k(".com")], "x.com x.community", [(0, 1, 5)]),
    ("a mark after a sign", [k("🎰"), k("c++")], "🎰\u0301 c++\u0338", [(0, 0, 2), (1, 3, 7)]),
    ("both edges are signs", [k("+18+")], "x+18+y", [(0, 1, 5)]),
    ("one sign", [k("!")], "a!b!!", [(0, 1, 2), (0, 3, 4), (0, 4, 5)]),
    ("Arabic percent sign", [k("٪100")], "x٪١٠٠", [(0, 1, 5)]),
    # zero width space: a gap to some, nothing to others
    ("zero width space inside", [k("casino")], "ca\u200bsino", [(0, 0, 7)]),
    ("zero width space beside", [k("free"), k("casino")], "free\u200bcasino",
     [(0, 0, 4), (1, 5, 11)]),
    ("zero width space, both readings", [k("free"), k("freecasino")], "free\u200bcasino",
     [(0, 0, 4), (1, 0, 11)]),
    ("zero width space inside and beside", [k("casino")], "ca\u200bsino\u200bbonus", [(0, 0, 7)]),
    ("zero width space, then a joiner", [k("casino")], "free\u200b\u200dcasino", [(0, 6, 12)]),
    ("zero width space, prefix", [pre("cas")], "free\u200bcasino", [(0, 5, 8)]),
    ("zero width space in Arabic", [k("قمار"), k("العب")], "العب\u200bقمار",
     [(0, 5, 9), (1, 0, 4)]),
    ("a non-joiner is no gap", [k("casino")], "free\u200ccasino", []),
    ("a joiner is no gap", [k("casino")], "free\u200dcasino", []),
    ("a soft hyphen is no gap", [k("casino")], "free\u00adcasino", []),
    ("a word joiner is no gap", [k("casino")], "free\u2060casino", []),
    ("tatweel is no gap", [k("ربح")], "ربحـمضمون", []),
    ("a mark of direction is no gap", [k("casino")], "free\u200fcasino", []),
]  # fmt: skip

SCRIPTS: list[Row] = [
    ("Arabic article", [k("قمار"), sub("قمار")], "القمار", [(1, 2, 6)]),
    ("Arabic hard negatives", [k("بيرة"), k("قمار"), k("ردة")], "كبيرة أقمار وردة والدة", []),
    ("Hebrew", [k("הימור")], "ההימור הימור, הימורים", [(0, 7, 12)]),
    ("Hebrew with points", [k("הימור")], "הִימוּר", []),
    ("Hebrew presentation form", [k("שׁ")], "\ufb2a", [(0, 0, 1)]),
    ("Cyrillic", [k("казино")], "Казино! казиношный", [(0, 0, 6)]),
    ("Greek", [k("καζινο")], "ΚΑΖΙΝΟ", [(0, 0, 6)]),
    ("Chinese has no words", [sub("赌博")], "网上赌博平台", [(0, 2, 4)]),
    ("Chinese, if a word is asked for", [k("赌博")], "网上赌博 赌博", [(0, 5, 7)]),
    ("Chinese full stop", [k("赌博")], "赌博。", [(0, 0, 2)]),
    ("Japanese", [sub("カジノ")], "オンラインカジノで遊ぶ", [(0, 5, 8)]),
    ("half-width katakana", [sub("カジノ")], "ｵﾝﾗｲﾝｶｼﾞﾉ", [(0, 5, 9)]),
    ("katakana voicing is another letter", [sub("カシノ")], "ｶｼﾞﾉ", []),
    ("a voicing mark apart", [sub("ガ")], "カ\u3099", [(0, 0, 2)]),
    ("long vowel mark", [k("カ")], "カー カ", [(0, 3, 4)]),
    ("Hangul with a particle", [k("도박"), pre("도박")], "도박을", [(1, 0, 2)]),
    ("Hangul in jamo", [k("도박")], "\u1103\u1169\u1107\u1161\u11a8", [(0, 0, 5)]),
    ("Hangul, a final consonant is another syllable", [sub("바")], "박", []),
    ("Hangul, in jamo too", [sub("바")], "\u1107\u1161\u11a8", []),
    ("Thai has no spaces", [sub("พนัน")], "การพนันออนไลน์", [(0, 3, 7)]),
    ("Thai, if a word is asked for", [k("พนัน")], "การพนัน พนัน", [(0, 8, 12)]),
    ("Thai, no half cluster", [sub("พน")], "พนัน", []),
    ("Thai sara am, two spellings", [sub("ทำ")], "ทํา", [(0, 0, 3)]),
    ("Lao", [sub("ພະນັນ")], "ການພະນັນ", [(0, 3, 8)]),
    ("Khmer, no half cluster", [sub("ខ")], "ខ្មែរ ខ", [(0, 6, 7)]),
    ("Myanmar", [sub("လောင်း")], "လောင်းကစား", [(0, 0, 6)]),
    ("Devanagari, no half cluster", [k("कर"), sub("कर")], "करो", []),
    ("Devanagari inside a word", [sub("कर")], "करना", [(0, 0, 2)]),
    ("Devanagari conjunct", [sub("क")], "क्ष", []),
    ("Devanagari, a joiner in a conjunct", [k("लॉटरी")], "लॉट\u200dरी", [(0, 0, 6)]),
    ("Devanagari nukta is another letter", [sub("ज")], "ज़", []),
    ("Devanagari digits", [k("99")], "९९", [(0, 0, 2)]),
    ("Bengali, no half cluster", [sub("কর")], "করি করা কর", [(0, 8, 10)]),
    ("Tamil", [sub("கட")], "கடன்", [(0, 0, 2)]),
    ("Vietnamese", [k("đánh bạc")], "ĐÁNH BẠC", [(0, 0, 8)]),
    ("Vietnamese, decomposed", [k("đánh bạc")], "đa\u0301nh ba\u0323c", [(0, 0, 10)]),
    ("Vietnamese, without accents", [k("đánh bạc")], "danh bac", []),
    ("Turkish, dotted capital", [k("kasino")], "KASİNO", []),
    ("Turkish, the same spelling", [k("KASİNO")], "kasi\u0307no", [(0, 0, 7)]),
    ("Indonesian affix", [k("judi")], "berjudi judi", [(0, 8, 12)]),
    ("Persian joiner", [k("می‌خواهم")], "می‌خواهم ميخواهم", [(0, 0, 8), (0, 9, 16)]),
    ("Georgian capitals", [k("კაზინო")], "ᲙᲐᲖᲘᲜᲝ", [(0, 0, 6)]),
    ("Armenian", [k("խաղ")], "ԽԱՂ", [(0, 0, 3)]),
    ("Ethiopic", [k("ቁማር")], "ቁማር።", [(0, 0, 3)]),
]  # fmt: skip

ARABIC_SAFE: list[Row] = [
    ("harakat", [k("مضمون")], "مَضْمُون", [(0, 0, 8)]),
    ("harakat in the material", [k("مَضْمُون")], "مضمون", [(0, 0, 5)]),
    ("shadda", [k("مجاني")], "مجّاني", [(0, 0, 6)]),
    ("tanwin", [k("حصريا")], "حصرياً", [(0, 0, 6)]),
    ("dagger alef", [k("رحمن")], "رحمٰن", [(0, 0, 5)]),
    ("Quranic marks", [k("ربح")], "ربۖح", [(0, 0, 4)]),
    ("tatweel", [k("كازينو")], "كــازينو", [(0, 0, 8)]),
    ("tatweel in the material", [k("كـازينو")], "كازينو", [(0, 0, 6)]),
    ("hamza on alef", [k("ارباح")], "أرباح", [(0, 0, 5)]),
    ("hamza under alef", [k("استثمار")], "إستثمار", [(0, 0, 7)]),
    ("madda", [k("امن")], "آمن", [(0, 0, 3)]),
    ("wasla", [k("الربح")], "ٱلربح", [(0, 0, 5)]),
    ("alefs in the material", [k("أرباح")], "ارباح إرباح", [(0, 0, 5), (0, 6, 11)]),
    ("decomposed hamza", [k("ارباح")], "ا\u0654رباح", [(0, 0, 6)]),
    ("hamza after a haraka", [k("ارباح")], "ا\u064e\u0654رباح", [(0, 0, 7)]),
    ("alef maqsura is no yeh", [k("ربحي")], "ربحى", []),
    ("teh marbuta is no heh", [k("كرة")], "كره", []),
    ("hamza seats stay", [k("موكد"), k("نتايج")], "مؤكد نتائج", []),
    ("a decomposed hamza seat", [k("مؤكد")], "مو\u0654كد", [(0, 0, 5)]),
    ("yeh with a hamza is no yeh", [sub("ي")], "ي\u0654 ئ ى", []),
    ("Arabic-Indic digits", [k("100")], "١٠٠", [(0, 0, 3)]),
    ("Persian digits", [k("١٠٠")], "۱۰۰", [(0, 0, 3)]),
    ("presentation forms", [k("قمار")], "ﻗﻤﺎﺭ", [(0, 0, 4)]),
    ("lam-alef", [k("لاعب")], "ﻻعب", [(0, 0, 3)]),
    ("lam-alef with hamza", [k("الأرباح")], "اﻷرباح", [(0, 0, 6)]),
    ("rial sign", [k("ريال")], "5 ﷼", [(0, 2, 3)]),
    ("mathematical letters", [k("قمار")], "𞸒𞸌𞸀𞸓", [(0, 0, 4)]),
    ("joiners", [k("ربح")], "رب\u200cح ر\u200dبح", [(0, 0, 4), (0, 5, 9)]),
    ("marks of direction inside", [k("ربح")], "رب\u200fح", [(0, 0, 4)]),
    ("an override around", [k("ربح")], "\u202eربح\u202c", [(0, 1, 4)]),
    ("isolates around", [k("ربح")], "\u2067ربح\u2069", [(0, 1, 4)]),
    ("Persian yeh", [k("ربحي")], "ربحی", [(0, 0, 4)]),
    ("Urdu yeh", [k("مجاني")], "مجانے", [(0, 0, 5)]),
    ("keheh, swash kaf", [k("كازينو")], "کازينو ڪازينو", [(0, 0, 6), (0, 7, 13)]),
    ("heh goal, doachashmee, ae", [k("مراهنه")], "مراهنہ مراهنھ مراهنە",
     [(0, 0, 6), (0, 7, 13), (0, 14, 20)]),
    ("peh", [k("بوكر")], "پوکر", [(0, 0, 4)]),
    ("veh", [k("فياجرا")], "ڤياجرا", [(0, 0, 6)]),
    ("gaf, cheh, zheh", [k("كجز")], "گچژ", [(0, 0, 3)]),
    ("Persian letters in the material", [k("کازینو")], "كازينو", [(0, 0, 6)]),
    ("everything at once", [k("أرباح")], "إَر\u200cبـاّحٍ", [(0, 0, 10)]),
    ("dotless letters are other letters", [k("قمار"), k("ربح")], "ٯمار رٮح", []),
    ("one letter apart", [k("خمر")], "حمر جمر مخمر", []),
    ("Ali and on", [k("على")], "علي", []),
    ("fled and mouse", [k("فأر")], "فار", [(0, 0, 3)]),
]  # fmt: skip

SPANS: list[Row] = [
    ("astral before", [k("ربح")], "🎰🎰 ربح", [(0, 3, 6)]),
    ("astral letters", [k("casino")], "x 𝐜𝐚𝐬𝐢𝐧𝐨", [(0, 2, 8)]),
    ("ligature, whole", [k("الله")], "بـ ﷲ x", [(0, 3, 4)]),
    ("ligature, a part", [sub("لل")], "xﷲ", [(0, 1, 2)]),
    ("ligature, its end", [sub("له")], "ﷲ", [(0, 0, 1)]),
    ("ligature and the letter after", [sub("fin")], "ﬁn", [(0, 0, 2)]),
    ("half a ligature", [sub("in")], "ﬁn", [(0, 0, 2)]),
    ("a ligature of words", [k("الله"), k("عليه")], "ﷺ", [(0, 0, 1), (1, 0, 1)]),
    ("twice in one ligature", [sub("ل")], "ﷲ", [(0, 0, 1)]),
    ("sharp s", [k("strasse"), sub("asse")], "Straße", [(0, 0, 6), (1, 3, 6)]),
    ("decomposed", [k("café")], "cafe\u0301 x", [(0, 0, 5)]),
    ("decomposed, and after", [k("x")], "cafe\u0301 x", [(0, 6, 7)]),
    ("harakat at the end", [k("ربح")], "رِبْحٌ.", [(0, 0, 6)]),
    ("shadda and haraka at the end", [k("حق")], "حق\u0651\u064f", [(0, 0, 4)]),
    ("harakat before the next word", [k("ربح"), k("مضمون")], "ربحٌ مضمون", [(0, 0, 4), (1, 5, 10)]),
    ("tatweel inside", [k("ربح")], "رـبـح", [(0, 0, 5)]),
    ("tatweel at the end is left out", [k("ربح")], "ربحـــ", [(0, 0, 3)]),
    ("tatweel at the start is left out", [k("ربح")], "ـربح", [(0, 1, 4)]),
    ("a joiner at the end", [k("ربح")], "ربح\u200d x", [(0, 0, 4)]),
    ("a variation selector at the end", [k("❤")], "❤\ufe0f!", [(0, 0, 2)]),
    ("an emoji sequence, a part", [k("👨")], "👨\u200d👩", [(0, 0, 2)]),
    ("zero width space at the end is left out", [k("casino")], "casino\u200b", [(0, 0, 6)]),
    ("deleted characters before", [k("casino")], "\u2060\ufeffcasino", [(0, 2, 8)]),
    ("jamo", [sub("한")], "x\u1112\u1161\u11abx", [(0, 1, 4)]),
    ("over a line break", [p("sure win")], "so: sure\nwin", [(0, 4, 12)]),
    ("full width", [k("casino")], "ｃａｓｉｎｏ", [(0, 0, 6)]),
    ("a circled digit at the end", [k("casino1")], "casino①", [(0, 0, 7)]),
    ("a surrogate before", [k("ab")], "\ud800 ab", [(0, 2, 4)]),
    ("a phrase ends in a haraka", [p("ربح مضمون")], "رِبح مضمونٌ!", [(0, 0, 11)]),
]  # fmt: skip

CASE: list[Row] = [
    ("capitals", [k("casino")], "CASINO CaSiNo", [(0, 0, 6), (0, 7, 13)]),
    ("capitals in the material", [k("CASINO")], "casino", [(0, 0, 6)]),
    ("sharp s in the material", [k("straße")], "STRASSE straße", [(0, 0, 7), (0, 8, 14)]),
    ("capital sharp s", [k("strasse")], "STRAẞE", [(0, 0, 6)]),
    ("final sigma", [k("οσ"), k("ος")], "ΟΣ ος", [(0, 0, 2), (0, 3, 5), (1, 0, 2), (1, 3, 5)]),
    ("dotless i is no i", [k("kasino")], "kasıno", []),
    ("long s", [k("sms")], "ſmſ", [(0, 0, 3)]),
    ("Kelvin", [k("k")], "\u212a", [(0, 0, 1)]),
    ("Cyrillic", [k("КАЗИНО")], "казино", [(0, 0, 6)]),
    ("accents keep their case pairs", [k("ñandú")], "ÑANDÚ", [(0, 0, 5)]),
    ("mathematical capitals", [k("win")], "𝐖𝐈𝐍", [(0, 0, 3)]),
    ("Cherokee", [k("Ꭰ")], "ꭰ", [(0, 0, 1)]),
]

EXACT: list[Row] = [
    ("as it is", [x("Casino")], "Casino casino CASINO", [(0, 0, 6)]),
    ("composed or not", [x("café"), x("cafe\u0301")], "cafe\u0301 café",
     [(0, 0, 5), (0, 6, 10), (1, 0, 5), (1, 6, 10)]),
    ("hamza stays", [x("أرباح")], "أرباح ارباح ا\u0654رباح", [(0, 0, 5), (0, 12, 18)]),
    ("tatweel stays", [x("ربح")], "ربح ربـح", [(0, 0, 3)]),
    ("harakat stay", [x("رِبح")], "رِبح ربح", [(0, 0, 4)]),
    ("a haraka after the end is another letter", [x("ربح"), x("ربح", "substring")], "ربحٌ", []),
    ("full width stays", [x("5")], "５ 5", [(0, 2, 3)]),
    ("digits stay", [x("١")], "١ 1", [(0, 0, 1)]),
    ("word boundary", [x("ass"), x("ass", "substring")], "class", [(1, 2, 5)]),
]  # fmt: skip

PHRASE: list[Row] = [
    ("one space", [p("sure win")], "sure win", [(0, 0, 8)]),
    ("in a sentence", [p("sure win")], "a sure win now", [(0, 2, 10)]),
    ("two spaces", [p("sure win")], "sure  win", [(0, 0, 9)]),
    ("three characters", [p("sure win")], "sure - win", [(0, 0, 10)]),
    ("four characters", [p("sure win")], "sure -- win", [(0, 0, 11)]),
    ("five are too many", [p("sure win")], "sure --- win", []),
    ("nothing between", [p("sure win")], "surewin", []),
    ("line break, tab", [p("sure win")], "sure\nwin sure\twin", [(0, 0, 8), (0, 9, 17)]),
    ("underscore, dot, hyphen", [p("sure win")], "sure_win sure.win sure-win",
     [(0, 0, 8), (0, 9, 17), (0, 18, 26)]),
    ("comma", [p("sure win")], "sure, win", [(0, 0, 9)]),
    ("an emoji between", [p("sure win")], "sure 🎰 win", [(0, 0, 10)]),
    ("an emoji of two code points", [p("sure win")], "sure ❤\ufe0f win", [(0, 0, 11)]),
    ("zero width space between", [p("sure win")], "sure\u200bwin", [(0, 0, 8)]),
    ("a word between", [p("sure win")], "sure big win", []),
    ("a digit between", [p("sure win")], "sure 1 win", []),
    ("the other way round", [p("sure win")], "win sure", []),
    ("outer edges are words", [p("sure win")], "unsure win sure wins", []),
    ("outer edges, prefix", [p("sure win", boundary="prefix")], "sure wins unsure win",
     [(0, 0, 8)]),
    ("outer edges, substring", [p("sure win", boundary="substring")], "unsure wins", [(0, 2, 10)]),
    ("inner edges are words all the same", [p("sure win", boundary="substring")], "surely win", []),
    ("the latest start", [p("sure win")], "sure sure win", [(0, 5, 13)]),
    ("each end", [p("win win")], "win win win", [(0, 0, 7), (0, 4, 11)]),
    ("three words", [p("get rich quick")], "get rich, quick! get rich", [(0, 0, 15)]),
    ("one word", [p("casino")], "casino casinos", [(0, 0, 6)]),
    ("spaces in the material do not count", [p("  sure   win ")], "sure win", [(0, 0, 8)]),
    ("Arabic", [p("ربح مضمون")], "عرض: ربح مضمون!", [(0, 5, 14)]),
    ("Arabic comma", [p("ربح مضمون")], "ربح، مضمون", [(0, 0, 10)]),
    ("Arabic, disguised", [p("ربح مضمون")], "رِبـح_مضمُون", [(0, 0, 12)]),
    ("Arabic, run together", [p("ربح مضمون")], "ربحمضمون", []),
    ("a break is enough", [p("500 ريال")], "500ريال 500 ريال", [(0, 0, 7), (0, 8, 16)]),
    ("letters and digits are no break", [p("win 500")], "win500 win 500", [(0, 7, 14)]),
    ("Latin and Han", [p("casino 玩")], "casino玩", [(0, 0, 7)]),
    ("Chinese, nothing between", [p("赌博 微信", boundary="substring")], "加赌博微信", [(0, 1, 5)]),
    ("Chinese, a star between", [p("赌 博", boundary="substring")], "赌*博 赌博",
     [(0, 0, 3), (0, 4, 6)]),
    ("Chinese, a letter between", [p("赌 博", boundary="substring")], "赌x博 赌里博", []),
    ("Japanese, two scripts of one group", [p("カジノ 無料", boundary="substring")], "カジノ無料",
     [(0, 0, 5)]),
    ("Thai, nothing between", [p("การ พนัน", boundary="substring")], "การพนัน", [(0, 0, 7)]),
    ("Korean has spaces", [p("도박 사이트")], "도박사이트 도박 사이트", [(0, 6, 12)]),
    ("Hebrew", [p("כסף קל")], "כסף-קל", [(0, 0, 6)]),
    ("Hindi", [p("तुरंत कर्ज")], "तुरंत, कर्ज", [(0, 0, 11)]),
    ("a sign in an element", [p("win $500")], "win $500 now", [(0, 0, 8)]),
    ("an element that ends in a sign", [p("100% free")], "100% free", [(0, 0, 9)]),
    ("signs in a phrase part words and match nothing", [p("win $500")], "win 500 win-500",
     [(0, 0, 7), (0, 8, 15)]),
    ("punctuation inside an element", [p("don't wait")], "don't wait", [(0, 0, 10)]),
    ("folded like the text", [p("SURE Ｗin")], "Sure WIN", [(0, 0, 8)]),
    ("ends in a ligature", [p("بسم الله")], "بسم ﷲ", [(0, 0, 5)]),
]  # fmt: skip

GAP: list[Row] = [
    ("none used", [p("sure win", 2)], "sure win", [(0, 0, 8)]),
    ("one word", [p("sure win", 1)], "sure big win", [(0, 0, 12)]),
    ("two are too many", [p("sure win", 1)], "sure big fat win", []),
    ("two words", [p("sure win", 2)], "sure, big fat win", [(0, 0, 17)]),
    ("a number is a word", [p("sure win", 1)], "sure 100 win", [(0, 0, 12)]),
    ("separations as ever", [p("sure win", 1)], "sure ..... big win", []),
    ("four at each side", [p("sure win", 1)], "sure -- big -- win", [(0, 0, 18)]),
    ("whole words only", [p("sure win", 1)], "sure big winner surely a win", []),
    ("the latest start", [p("a b", 2)], "a a b", [(0, 2, 5)]),
    ("every end", [p("a b", 2)], "a x b b", [(0, 0, 5), (0, 0, 7)]),
    ("not across five", [p("a b", 3)], "a x .... . b", []),
    ("each of three", [p("a b c", 1)], "a x b y c", [(0, 0, 9)]),
    ("not summed up", [p("a b c", 1)], "a x y b c", []),
    ("Arabic", [p("ربح مضمون", 2)], "ربح سريع جدا مضمون", [(0, 0, 18)]),
    ("Arabic, three", [p("ربح مضمون", 2)], "ربح سريع جدا الان مضمون", []),
    (
        "a break makes two words",
        [p("ربح الان", 1), p("ربح الان", 2)],
        "ربح 500ريال الان",
        [(1, 0, 16)],
    ),
    ("a Han character is a word", [p("赌 博", 2, "substring")], "赌一二博", [(0, 0, 4)]),
    ("Chinese, if words are asked for", [p("赌 博", 1)], "的赌博的 赌博", [(0, 5, 7)]),
    ("three Han characters", [p("赌 博", 2, "substring")], "赌一二三博", []),
    ("a Thai character with its marks is a word", [p("ก ข", 1, "substring")], "กนํข", [(0, 0, 4)]),
    ("between breaks", [p("ab cd", 1)], "ab玩cd", [(0, 0, 4 + 1)]),
    ("an emoji is no word", [p("sure win", 0)], "sure 🎰🎰 win", [(0, 0, 11)]),
]

SLOTS: list[Row] = [
    ("number", [p("<number> riyal")], "500 riyal", [(0, 0, 9)]),
    ("number and letters are one word", [p("<number> riyal")], "500riyal", []),
    ("number at a break", [p("<number> ريال")], "500ريال", [(0, 0, 7)]),
    ("Arabic digits", [p("<number> ريال")], "٥٠٠ ريال", [(0, 0, 8)]),
    ("Persian digits and letters", [p("<number> ريال")], "۵۰۰ ریال", [(0, 0, 8)]),
    ("no number", [p("<number> ريال")], "ريال كبير ريال", []),
    ("a number in words", [p("<number> ريال")], "ريال خمسة ريال", [(0, 5, 14)]),
    (
        "number among alternatives",
        [p("(in <number> days|in a week)")],
        "in 10 days, in a week, in days",
        [(0, 0, 10), (0, 12, 21)],
    ),
    (
        "an alternative is a slot alone",
        [p("win (<number>|cash)")],
        "win 100, win cash, win it",
        [(0, 0, 7), (0, 9, 17)],
    ),
    ("the word of a slot is no word", [p("(in <number> days|today)")], "in number days", []),
    (
        "two slots in an alternative",
        [p("(<word> of <number>|all) now", gap=0)],
        "one of 5 now all now",
        [(0, 0, 12), (0, 13, 20)],
    ),
    ("number last", [p("win <number>")], "win 100 now", [(0, 0, 7)]),
    ("number last, in a word", [p("win <number>")], "win 100x x100", []),
    (
        "a number is whole in any boundary",
        [p("win <number>", boundary="substring")],
        "win 100x",
        [],
    ),
    ("a sign before the number", [p("win <number>")], "win $100", [(0, 0, 8)]),
    ("thousands", [p("<number> riyal")], "1,000 riyal", [(0, 0, 11)]),
    ("decimals", [p("<number> riyal")], "5.50 riyal", [(0, 0, 10)]),
    ("two numbers", [p("<number> <number> off")], "1 2 3 off", [(0, 2, 9)]),
    ("number with a gap", [p("win <number>", 1)], "win about 100", [(0, 0, 13)]),
    ("any word", [p("<word> bonus")], "x free bonus", [(0, 2, 12)]),
    ("any word is needed", [p("<word> bonus")], "bonus", []),
    ("any word between", [p("free <word> now")], "free casino now", [(0, 0, 15)]),
    ("a number is any word", [p("free <word> now")], "free 100 now", [(0, 0, 12)]),
    ("two words are not any word", [p("free <word> now")], "free big casino now", []),
    ("any word, Chinese", [p("赌 <word> 博", boundary="substring")], "赌里博", [(0, 0, 3)]),
    ("any word at the end", [p("join <word>")], "join us", [(0, 0, 7)]),
    ("phone", [p("call <phone>")], "call 0501234567 now", [(0, 0, 15)]),
    ("phone, spaced, from abroad", [p("call <phone>")], "call +966 50 123 4567", [(0, 0, 21)]),
    ("phone, Arabic digits", [p("اتصل <phone>")], "اتصل: ٠٥٠١٢٣٤٥٦٧!", [(0, 0, 16)]),
    ("phone with a gap", [p("call <phone>", 1)], "call me 0501234567", [(0, 0, 18)]),
    ("a number is no phone", [p("call <phone>")], "call 12345 call 100,000", []),
    ("url", [p("visit <url>")], "visit example.com/a now", [(0, 0, 19)]),
    ("url, written out", [p("visit <url>")], "visit hxxp://example[.]com now", [(0, 0, 26)]),
    ("url first", [p("<url> casino")], "www.example.com casino", [(0, 0, 22)]),
    ("a word is no url", [p("visit <url>")], "visit us", []),
    ("two slots", [p("buy <number> <word>")], "buy 2 get 1", [(0, 0, 9)]),
]

ALTERNATION: list[Row] = [
    ("first, second", [p("(buy|sell) now")], "buy now sell now", [(0, 0, 7), (0, 8, 16)]),
    ("neither", [p("(buy|sell) now")], "get now", []),
    ("last", [p("win (now|today)")], "win today win now", [(0, 0, 9), (0, 10, 17)]),
    ("two of them", [p("(get|earn) (cash|money)")], "earn cash get money",
     [(0, 0, 9), (0, 10, 19)]),
    ("two words in one", [p("(a|b c) d")], "b c d a d", [(0, 0, 5), (0, 6, 9)]),
    ("one begins another", [p("(buy|buy it) now")], "buy it now buy now",
     [(0, 0, 10), (0, 11, 18)]),
    ("alone", [p("(casino|poker)")], "poker casino", [(0, 0, 5), (0, 6, 12)]),
    ("nested ends", [p("(casino|casino bonus)")], "casino bonus", [(0, 0, 6), (0, 0, 12)]),
    ("the latest start", [p("(a b|b) c")], "a b c", [(0, 2, 5)]),
    ("with a slot", [p("<number> (riyal|ريال|sar)")], "5 riyal 6ريال 7 SAR",
     [(0, 0, 7), (0, 8, 13), (0, 14, 19)]),
    ("Arabic", [p("(اربح|اكسب) (المال|فلوس)")], "اكسب المال وأربح فلوس", [(0, 0, 10)]),
    ("with a gap", [p("(buy|sell) now", 1)], "sell it now", [(0, 0, 11)]),
    ("folded", [p("(BUY|أرباح) now")], "buy now ارباح now", [(0, 0, 7), (0, 8, 17)]),
    ("with boundary", [p("(buy|sell) now")], "rebuy now sell nowhere", []),
]  # fmt: skip

GROUPS = {
    "basics": BASICS,
    "overlap": OVERLAP,
    "boundary": BOUNDARY,
    "scripts": SCRIPTS,
    "arabic": ARABIC_SAFE,
    "spans": SPANS,
    "case": CASE,
    "exact": EXACT,
    "phrase": PHRASE,
    "gap": GAP,
    "slots": SLOTS,
    "alternation": ALTERNATION,
}
ROWS = [
    pytest.param(Case(name, tuple(materials), text, sorted(expected)), id=f"{group}: {name}")
    for group, rows in GROUPS.items()
    for name, materials, text, expected in rows
]


def by_reference(materials: tuple[Material, ...], text: str) -> list[tuple[int, int, int]]:
    """Where the naive reference finds the materials."""
    return sorted(
        (n, *span) for n, one in enumerate(materials) for span in reference.find(one, text)
    )


def by_engine(
    materials: tuple[Material, ...], text: str, backend: Backend
) -> list[tuple[int, int, int]]:
    """Where the compiled engine finds them; each hit must also show the text it stands for."""
    found = []
    for hit in engine(materials, backend).scan(creative(text)):
        assert hit.field == "body"
        assert hit.start is not None
        assert hit.end is not None
        assert text[hit.start : hit.end] == hit.text
        found.append((int(hit.material.removeprefix("p/m")), hit.start, hit.end))
    return sorted(found)


@pytest.mark.parametrize("case", ROWS)
def test_the_reference(case: Case) -> None:
    """The naive reference finds what the row says."""
    assert case.expected == by_reference(case.materials, case.text)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("case", ROWS)
def test_the_engine(case: Case, backend: Backend) -> None:
    """Either back end finds what the row says, once each."""
    assert case.expected == by_engine(case.materials, case.text, backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_all_rows_at_once(backend: Backend) -> None:
    """All texts against all materials: in each text its own materials hit what its row says."""
    cases: list[Case] = [param.values[0] for param in ROWS]  # type: ignore[misc]
    everything = [one for case in cases for one in case.materials]
    first = [sum(len(case.materials) for case in cases[:n]) for n in range(len(cases))]
    from automod.engine.compile import compile

    whole = compile(of(everything), backend=backend)
    decisions = whole.decide_batch(
        [creative(case.text, id=case.name) for case in cases], on="2026-11-20"
    )
    for case, offset, decision in zip(cases, first, decisions, strict=True):
        hits = {(hit.material, hit.start, hit.end) for hit in decision.hits}
        wanted = {(f"p/m{offset + n:04}", start, end) for n, start, end in case.expected}
        own = {f"p/m{offset + n:04}" for n in range(len(case.materials))}
        assert wanted == {hit for hit in hits if hit[0] in own}


# --- what others say ------------------------------------------------------------------------------


def vectors() -> list[dict[str, Any]]:
    """The rows of the aho-corasick crate's suite for overlapping search that concern us.

    Left out: empty patterns, which no package can hold.
    """
    suite = json.loads(data("engine_aho_corasick/tests.json").read_text(encoding="utf-8"))
    groups = suite["collections"]["AC_STANDARD_OVERLAPPING"]
    rows = [row for group in groups for row in suite["groups"][group]]
    return [row for row in rows if row["patterns"] and all(row["patterns"])]


@pytest.mark.parametrize("backend", [*BACKENDS, None])
def test_vectors_of_the_aho_corasick_crate(backend: Backend | None) -> None:
    """Overlapping search finds what the crate's vectors say (offsets in bytes, ASCII here)."""
    rows = vectors()
    ran = 0
    for row in rows:
        text, patterns = row["haystack"], tuple(map(sub, row["patterns"]))
        assert text.isascii()
        found = by_engine(patterns, text, backend) if backend else by_reference(patterns, text)
        assert sorted(map(tuple, row["matches"])) == found, row["name"]
        ran += 1

    assert ran == 50
