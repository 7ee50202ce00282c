"""What matches in the looser views, row by row: (materials, text, hits with their evidence).

A row is one line; places are (number of the material, start, end) in code points of the original
text, half-open, then the tightest view that explains the hit, its folds, and how sure it is. What
is not listed does not hit. `INNOCENT` are sentences in which nothing does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import pytest

import reference
from automod.model.ruleset import Material
from automod.model.vocabulary import Boundary, View
from automod.text.evidence import EVASION_FOLDS, LOOSE_FOLDS, explain
from automod.text.lexicon import wanted_of
from rulesets import BACKENDS, Backend, creative, engine, material, places

Seen = tuple[int, int, int, str, str, float]
"""Material, start, end, view, folds, confidence."""
Row = tuple[str, list[Material], str, list[Seen]]


@dataclass(frozen=True)
class Case:
    """A named row."""

    name: str
    materials: tuple[Material, ...]
    text: str
    expected: list[Seen]


def keyword(
    value: str, view: View, boundary: Boundary, language: str = "", *, swaps: bool = False
) -> Material:
    """A keyword of a language."""
    one = material(value, "keyword", boundary, view=view)
    return replace(one, language=language, swaps=swaps)


def sa(value: str, boundary: Boundary = "word", language: str = "") -> Material:
    """A keyword that may match in the safe view."""
    return keyword(value, "safe", boundary, language)


def lo(value: str, boundary: Boundary = "word", language: str = "") -> Material:
    """A keyword that may match in the loose view."""
    return keyword(value, "loose", boundary, language)


def ev(value: str, boundary: Boundary = "word", language: str = "") -> Material:
    """A keyword that may match in disguise."""
    return keyword(value, "evasion", boundary, language)


def tr(value: str, view: View = "evasion") -> Material:
    """A Turkish keyword."""
    return keyword(value, view, "word", "tr")


def trp(value: str, view: View = "evasion") -> Material:
    """A Turkish phrase."""
    return replace(ph(value, view=view), language="tr")


def sw(value: str, boundary: Boundary = "word") -> Material:
    """A keyword whose author wrote `view: evasion`: its other spellings count as well."""
    return keyword(value, "evasion", boundary, swaps=True)


def x(value: str) -> Material:
    """A keyword in the exact view."""
    return keyword(value, "exact", "word")


def ph(
    value: str, gap: int = 0, *, boundary: Boundary = "word", view: View = "evasion"
) -> Material:
    """A phrase."""
    return material(value, "phrase", boundary, gap=gap, view=view)


def ar(value: str, view: View = "evasion") -> Material:
    """An Arabic phrase, its words inflected."""
    return replace(material(value, "phrase", "inflected", view=view), language="ar")


LOOSE: list[Row] = [
    ("maqsura", [lo("ربحي")], "ربحى", [(0, 0, 4, "loose", "maqsura", 0.95)]),
    ("maqsura in the material", [lo("مصطفى")], "مصطفي", [(0, 0, 5, "loose", "maqsura", 0.95)]),
    ("ta marbuta", [lo("مراهنة")], "مراهنه الان", [(0, 0, 6, "loose", "ta_marbuta", 0.9)]),
    ("hamza on waw", [lo("مؤكد")], "موكد", [(0, 0, 4, "loose", "hamza_seat", 0.95)]),
    ("hamza on ya", [lo("نتائج")], "نتايج", [(0, 0, 5, "loose", "hamza_seat", 0.95)]),
    ("Latin accents", [lo("casino")], "cásïnô", [(0, 0, 6, "loose", "diacritic", 0.95)]),
    ("accents in the material", [lo("crème")], "creme Crème",
     [(0, 0, 5, "loose", "diacritic", 0.95), (0, 6, 11, "safe", "case", 1.0)]),
    ("an accent apart", [lo("casino")], "casino\u0323", [(0, 0, 7, "loose", "diacritic", 0.95)]),
    ("Vietnamese without tones", [lo("đánh bạc")], "danh bac",
     [(0, 0, 8, "loose", "diacritic", 0.95)]),
    ("d with a stroke", [lo("đánh bạc")], "đanh bac", [(0, 0, 8, "loose", "diacritic", 0.95)]),
    ("sharp s is safe", [lo("straße")], "strasse", [(0, 0, 7, "safe", "case", 1.0)]),
    ("ash", [lo("encyclopædia")], "encyclopaedia", [(0, 0, 13, "loose", "diacritic", 0.95)]),
    ("Greek accent", [lo("καζίνο")], "καζινο", [(0, 0, 6, "loose", "diacritic", 0.95)]),
    ("yo", [lo("счёт")], "счет", [(0, 0, 4, "loose", "yo", 1.0)]),
    ("yo the other way", [lo("счет")], "счёт", [(0, 0, 4, "loose", "yo", 1.0)]),
    ("Hebrew final letter", [lo("הימורים")], "הימורימ", [(0, 0, 7, "loose", "final_letter", 1.0)]),
    ("nukta", [lo("कर्ज़")], "कर्ज", [(0, 0, 4, "loose", "nukta", 1.0)]),
    ("traditional", [lo("赌博", "substring")], "網上賭博",
     [(0, 2, 4, "loose", "traditional", 1.0)]),
    ("traditional in the material", [lo("賭場", "substring")], "赌场",
     [(0, 0, 2, "loose", "traditional", 1.0)]),
    ("kana", [lo("カジノ", "substring")], "かじの", [(0, 0, 3, "loose", "kana", 1.0)]),
    ("half-width kana is safe", [lo("カジノ", "substring")], "ｶｼﾞﾉ",
     [(0, 0, 4, "safe", "width", 1.0)]),
    ("a far Arabic letter", [lo("رهان")], "ڕهان", [(0, 0, 4, "loose", "far_letter", 1.0)]),
    ("elongation", [lo("casino")], "casiiiino", [(0, 0, 9, "loose", "elongation", 1.0)]),
    ("elongation, Arabic", [lo("كازينو")], "كازيييينو", [(0, 0, 9, "loose", "elongation", 1.0)]),
    ("elongation, Cyrillic", [lo("казино")], "казииино", [(0, 0, 8, "loose", "elongation", 1.0)]),
    ("elongation of a double letter", [lo("roulette")], "rouleTTTtte",
     [(0, 0, 11, "loose", "case elongation", 1.0)]),
    ("twice is spelling", [lo("casino")], "cassino casiino", []),
    ("a combining stroke", [lo("casino")], "c\u0336a\u0336s\u0336i\u0336n\u0336o\u0336",
     [(0, 0, 12, "loose", "combining", 1.0)]),
    ("safe folds and loose ones", [lo("مراهنة")], "مُراهـنه",
     [(0, 0, 8, "loose", "mark ta_marbuta tatweel", 0.9)]),
    ("loose catches no look-alike", [lo("casino")], "cаsino c4sino c a s i n o", []),
    ("safe catches no loose spelling", [sa("casino"), sa("مراهنة"), sa("赌博", "substring")],
     "cásino مراهنه 賭博 casiiino",
     []),
    ("a safe twin is left out", [sa("مراهنة"), lo("مراهنة")], "مراهنه",
     [(1, 0, 6, "loose", "ta_marbuta", 0.9)]),
    ("both twins at the plain word", [sa("مراهنة"), lo("مراهنة")], "مراهنة",
     [(0, 0, 6, "exact", "", 1.0), (1, 0, 6, "exact", "", 1.0)]),
    ("confidence is a product", [lo("مؤكدة")], "موكده",
     [(0, 0, 5, "loose", "hamza_seat ta_marbuta", 0.855)]),
]  # fmt: skip

LETTERS: list[Row] = [
    ("leet", [ev("casino")], "c4sin0", [(0, 0, 6, "evasion", "leet", 1.0)]),
    ("leet for i or l", [ev("silver"), ev("casino")], "si1ver cas1no",
     [(0, 0, 6, "evasion", "leet", 1.0), (1, 7, 13, "evasion", "leet", 1.0)]),
    ("a sign for the first letter", [ev("silver")], "$ilver", [(0, 0, 6, "evasion", "leet", 1.0)]),
    ("a sign for the last letter", [ev("bonus")], "bonu$!", [(0, 0, 5, "evasion", "leet", 1.0)]),
    ("an at sign inside", [ev("casino")], "c@sino", [(0, 0, 6, "evasion", "leet", 1.0)]),
    ("a currency sign inside", [ev("casino")], "¢asino", [(0, 0, 6, "evasion", "leet", 1.0)]),
    ("Cyrillic letters in a Latin word", [ev("casino")], "cаsinо",
     [(0, 0, 6, "evasion", "lookalike mixed_script", 1.0)]),
    ("Greek letters in a Latin word", [ev("casino")], "cαsinο",
     [(0, 0, 6, "evasion", "lookalike mixed_script", 1.0)]),
    ("Latin letters in a Cyrillic word", [ev("казино")], "кaзинo",
     [(0, 0, 6, "evasion", "lookalike mixed_script", 1.0)]),
    ("a digit in a Cyrillic word", [ev("казино")], "ка3ино", [(0, 0, 6, "evasion", "leet", 1.0)]),
    ("Latin letters in a Greek word", [ev("καζίνο")], "kαζίνo",
     [(0, 0, 6, "evasion", "lookalike mixed_script", 1.0)]),
    ("dotless and drawn out", [ev("مراهنة")], "مراهٮةةة",
     [(0, 0, 8, "evasion", "dotless elongation", 0.8)]),
    ("drawn out, the same last letter", [ev("مراهنة")], "مراااهنة",
     [(0, 0, 8, "loose", "elongation", 1.0)]),
    ("a Greek capital that is small otherwise", [ev("casino")], "CASIΝO",
     [(0, 0, 6, "evasion", "case lookalike mixed_script", 1.0)]),
    ("small capitals", [ev("casino")], "ᴄᴀꜱɪɴᴏ", [(0, 0, 6, "evasion", "lookalike", 1.0)]),
    ("squared letters", [ev("casino")], "🅲🅰🆂🅸🅽🅾", [(0, 0, 6, "evasion", "emoji_letter", 1.0)]),
    ("regional letters", [ev("casino")], "🇨🇦🇸🇮🇳🇴", [(0, 0, 6, "evasion", "emoji_letter", 1.0)]),
    ("one squared letter", [ev("bonus")], "🅱onus", [(0, 0, 5, "evasion", "emoji_letter", 1.0)]),
    ("circled letters are safe", [ev("casino")], "ⓒⓐⓢⓘⓝⓞ",
     [(0, 0, 6, "safe", "compatibility", 1.0)]),
    ("full width is safe", [ev("casino")], "ｃａｓｉｎｏ", [(0, 0, 6, "safe", "width", 1.0)]),
    ("mathematical letters are safe", [ev("casino")], "🎰 𝐜𝐚𝐬𝐢𝐧𝐨 🎰",
     [(0, 2, 8, "safe", "compatibility", 1.0)]),
    ("astral letters, one of them leet", [ev("casino")], "🎰 𝐜4𝐬𝐢𝐧𝐨 🎰",
     [(0, 2, 8, "evasion", "compatibility leet", 1.0)]),
    ("a Latin letter in an Arabic word", [ev("كازينو")], "كaزينو",
     [(0, 0, 6, "evasion", "lookalike mixed_script", 1.0)]),
    ("an o for waw", [ev("كازينو")], "كازينo",
     [(0, 0, 6, "evasion", "lookalike mixed_script", 1.0)]),
    ("dotless qaf", [ev("قمار")], "ٯمار", [(0, 0, 4, "evasion", "dotless", 0.8)]),
    ("dotless ba", [ev("ربح")], "رٮح", [(0, 0, 3, "evasion", "dotless", 0.8)]),
    ("dotless noon at the end", [ev("رهان")], "رهاں", [(0, 0, 4, "loose", "far_letter", 1.0)]),
    ("Arabizi", [ev("قمار")], "2omar", [(0, 0, 5, "evasion", "arabizi", 0.8)]),
    ("Arabizi with the article", [ev("قمار", "inflected", "ar")], "el2omar",
     [(0, 0, 7, "evasion", "arabizi", 0.8)]),
    ("Arabizi, another letter", [ev("ربح")], "rib7", [(0, 0, 4, "evasion", "arabizi", 0.8)]),
    ("jamo", [ev("도박")], "ㄷㅗㅂㅏㄱ", [(0, 0, 5, "evasion", "compatibility jamo", 1.0)]),
    ("jamo without a final are safe", [ev("카지노")], "무료 ㅋㅏㅈㅣㄴㅗ 보너스",
     [(0, 3, 9, "safe", "compatibility", 1.0)]),
    ("leet and elongation", [ev("casino")], "c4siiiino",
     [(0, 0, 9, "evasion", "elongation leet", 1.0)]),
    ("leet and an accent", [ev("casino")], "c4sínö",
     [(0, 0, 6, "evasion", "diacritic leet", 0.95)]),
    ("capitals and leet", [ev("casino")], "C4SIN0", [(0, 0, 6, "evasion", "case leet", 1.0)]),
    ("an invisible letter and leet", [ev("casino")], "c4s\u200bino",
     [(0, 0, 7, "evasion", "invisible leet", 1.0)]),
    ("marks on the last letter belong to it", [ev("casino")], "c4sino\u0301\u0323!",
     [(0, 0, 8, "evasion", "combining diacritic leet", 0.95)]),
    ("a joiner on the last letter belongs to it", [ev("casino")], "c4sino\u200d!",
     [(0, 0, 7, "evasion", "invisible leet", 1.0)]),
    ("a variation selector inside", [ev("bonus")], "🅱\ufe0fonus",
     [(0, 0, 6, "evasion", "emoji_letter invisible", 1.0)]),
    ("twice, plain and disguised", [ev("casino")], "casino c4sino",
     [(0, 0, 6, "exact", "", 1.0), (0, 7, 13, "evasion", "leet", 1.0)]),
    ("the other way round", [ev("casino")], "c4sino casino",
     [(0, 0, 6, "evasion", "leet", 1.0), (0, 7, 13, "exact", "", 1.0)]),
    ("three disguises", [ev("casino")],
     "cаsino, c-a-s-i-n-o and cas1no",
     [(0, 0, 6, "evasion", "lookalike mixed_script", 1.0), (0, 8, 19, "evasion", "separator", 1.0),
      (0, 24, 30, "evasion", "leet", 1.0)]),
    ("in quotes", [ev("casino")], "«c4sino» “cаsino”",
     [(0, 1, 7, "evasion", "leet", 1.0), (0, 10, 16, "evasion", "lookalike mixed_script", 1.0)]),
    ("before punctuation", [ev("casino")],
     "c4sino, cаsino! cas1no?",
     [(0, 0, 6, "evasion", "leet", 1.0), (0, 8, 14, "evasion", "lookalike mixed_script", 1.0),
      (0, 16, 22, "evasion", "leet", 1.0)]),
    ("before an Arabic comma", [ev("casino")], "c4sino، العب", [(0, 0, 6, "evasion", "leet", 1.0)]),
    ("between emoji", [ev("casino")], "🎰c4sino🎰", [(0, 1, 7, "evasion", "leet", 1.0)]),
    ("a Turkish word", [ev("kumarhane", "word", "tr")], "kumаrhane",
     [(0, 0, 9, "evasion", "lookalike mixed_script", 1.0)]),
    ("Turkish dotless i is a fold", [ev("bahis")], "bahıs",
     [(0, 0, 5, "loose", "diacritic", 0.95)]),
]  # fmt: skip

APART: list[Row] = [
    ("spaces", [ev("casino")], "c a s i n o", [(0, 0, 11, "evasion", "separator", 1.0)]),
    ("spaces in a sentence", [ev("casino")], "the c a s i n o is here",
     [(0, 4, 15, "evasion", "separator", 1.0)]),
    ("dots", [ev("casino")], "play c.a.s.i.n.o now", [(0, 5, 16, "evasion", "separator", 1.0)]),
    ("hyphens", [ev("casino")], "c-a-s-i-n-o", [(0, 0, 11, "evasion", "separator", 1.0)]),
    ("underscores", [ev("casino")], "c_a_s_i_n_o", [(0, 0, 11, "evasion", "separator", 1.0)]),
    ("stars", [ev("casino")], "c*a*s*i*n*o", [(0, 0, 11, "evasion", "separator", 1.0)]),
    ("slashes", [ev("casino")], "c/a/s/i/n/o", [(0, 0, 11, "evasion", "separator", 1.0)]),
    ("emoji", [ev("casino")], "c🎰a🎰s🎰i🎰n🎰o", [(0, 0, 11, "evasion", "separator", 1.0)]),
    ("wide spaces", [ev("casino")], "c  a  s  i  n  o", [(0, 0, 16, "evasion", "separator", 1.0)]),
    ("spaces of other widths", [ev("casino")], "c\u2003a\u2003s\u2003i\u2003n\u2003o",
     [(0, 0, 11, "evasion", "compatibility separator", 1.0)]),
    ("digits among the letters", [ev("casino")], "c 4 s 1 n o",
     [(0, 0, 11, "evasion", "leet separator", 1.0)]),
    ("a letter of its own before", [ev("casino")], "a c a s i n o",
     [(0, 2, 13, "evasion", "separator", 1.0)]),
    ("a letter of its own after", [ev("casino")], "c a s i n o I",
     [(0, 0, 11, "evasion", "separator", 1.0)]),
    ("Arabic", [ev("قمار")], "ق م ا ر", [(0, 0, 7, "evasion", "separator", 1.0)]),
    ("Arabic, hyphens", [ev("كازينو")], "العب ك-ا-ز-ي-ن-و الان",
     [(0, 5, 16, "evasion", "separator", 1.0)]),
    ("Arabic with marks", [ev("قمار")], "قِ مَ ا رٌ",
     [(0, 0, 10, "evasion", "mark separator", 1.0)]),
    ("Arabic, with the article", [ev("قمار", "inflected", "ar")], "ا ل ق م ا ر",
     [(0, 4, 11, "evasion", "separator", 1.0)]),
    ("Hebrew", [ev("הימור")], "ה י מ ו ר", [(0, 0, 9, "evasion", "separator", 1.0)]),
    ("Hebrew, dots", [ev("הימור")], "ה.י.מ.ו.ר", [(0, 0, 9, "evasion", "separator", 1.0)]),
    ("Cyrillic", [ev("казино")], "к а з и н о", [(0, 0, 11, "evasion", "separator", 1.0)]),
    ("Greek", [ev("καζίνο")], "κ.α.ζ.ί.ν.ο", [(0, 0, 11, "evasion", "separator", 1.0)]),
    ("Hangul", [ev("카지노")], "카 지 노", [(0, 0, 5, "evasion", "separator", 1.0)]),
    ("Thai clusters", [ev("พนัน", "substring")], "พ.นั.น",
     [(0, 0, 6, "evasion", "separator", 1.0)]),
    ("Devanagari clusters", [ev("कैसीनो")], "कै सी नो", [(0, 0, 8, "evasion", "separator", 1.0)]),
    ("Chinese, a star", [ev("赌博", "substring")], "网上赌*博平台",
     [(0, 2, 5, "evasion", "separator", 1.0)]),
    ("Chinese, an emoji", [ev("赌博", "substring")], "赌🎲博",
     [(0, 0, 3, "evasion", "separator", 1.0)]),
    ("Chinese, a full stop between two characters alone", [ev("赌博", "substring")], "赌。博",
     [(0, 0, 3, "evasion", "separator", 1.0)]),
    ("Chinese, a hyphen", [ev("老虎机", "substring")], "老-虎-机",
     [(0, 0, 5, "evasion", "separator", 1.0)]),
    ("Japanese", [ev("カジノ", "substring")], "カ・ジ・ノ カ★ジ★ノ",
     [(0, 0, 5, "evasion", "separator", 1.0), (0, 6, 11, "evasion", "separator", 1.0)]),
    ("split in two", [ev("casino")], "cas ino", [(0, 0, 7, "evasion", "split", 0.7)]),
    ("split in three", [ev("jackpot")], "jac kp ot", [(0, 0, 9, "evasion", "split", 0.7)]),
    ("pieces that are words are no split", [ev("casino")], "ca si no", []),
    ("split by a hyphen", [ev("casino")], "cas-ino", [(0, 0, 7, "evasion", "separator", 1.0)]),
    ("split, Arabic", [ev("كازينو")], "كاز ينو", [(0, 0, 7, "evasion", "split", 0.7)]),
    ("split, Cyrillic", [ev("казино")], "каз ино", [(0, 0, 7, "evasion", "split", 0.7)]),
    ("split and leet", [ev("casino")], "c4s ino", [(0, 0, 7, "evasion", "leet split", 0.7)]),
    ("a short word is not put together", [ev("slot")], "sl ot", []),
    ("too far apart", [ev("casino")], "cas ..... ino", []),
    ("backwards under an override", [ev("casino")], "\u202eonisac\u202c",
     [(0, 0, 8, "evasion", "bidi reversal", 1.0)]),
    ("backwards in a sentence", [ev("casino")], "best \u202eonisac\u202c here",
     [(0, 5, 13, "evasion", "bidi reversal", 1.0)]),
    ("an override to the end of the text", [ev("casino")], "best \u202eonisac",
     [(0, 5, 12, "evasion", "bidi reversal", 1.0)]),
    ("Arabic backwards", [ev("قمار")], "\u202dرامق\u202c",
     [(0, 0, 6, "evasion", "bidi reversal", 1.0)]),
    ("backwards without an override is another word", [ev("casino")], "onisac", []),
    ("an override around a word as it is", [ev("casino")], "\u202ecasino\u202c",
     [(0, 1, 7, "exact", "", 1.0)]),
    ("leet backwards", [ev("casino")], "\u202eonis4c\u202c",
     [(0, 0, 8, "evasion", "bidi leet reversal", 1.0)]),
]  # fmt: skip

SWAPS: list[Row] = [
    ("a letter that sounds alike", [sw("casino")], "kasino", [(0, 0, 6, "evasion", "swap", 0.7)]),
    ("reversed", [sw("casino")], "play onisac", [(0, 5, 11, "evasion", "reversed", 0.8)]),
    ("Arabic, a dot away", [sw("حشيش")], "حشيس", [(0, 0, 4, "evasion", "swap", 0.7)]),
    ("Arabic, emphatic", [sw("صابون")], "سابون", [(0, 0, 5, "evasion", "swap", 0.7)]),
    ("a homophone", [sw("微信", "substring")], "加威信", [(0, 1, 3, "evasion", "homophone", 0.7)]),
    ("pinyin", [sw("微信", "substring")], "加 weixin 群", [(0, 2, 8, "evasion", "pinyin", 0.8)]),
    ("pinyin is a whole word", [sw("微信", "substring")], "weixinx", []),
    ("not unless asked for", [ev("casino"), ev("حشيش"), ev("微信", "substring")],
     "kasino onisac حشيس 威信 weixin",
     []),
    ("a swap has its boundary", [sw("casino")], "kasinos xkasino", []),
    ("the value itself is exact", [sw("casino")], "casino kasino",
     [(0, 0, 6, "exact", "", 1.0), (0, 7, 13, "evasion", "swap", 0.7)]),
    ("safe twin beside a swap", [sa("casino"), sw("casino")],
     "kasino casino",
     [(0, 7, 13, "exact", "", 1.0), (1, 0, 6, "evasion", "swap", 0.7),
      (1, 7, 13, "exact", "", 1.0)]),
]  # fmt: skip

BOUNDARIES: list[Row] = [
    ("prefix, leet", [ev("casino", "prefix")], "c4sinos", [(0, 0, 6, "evasion", "leet", 1.0)]),
    ("prefix is no suffix", [ev("casino", "prefix")], "myc4sino", []),
    ("substring, leet", [ev("casino", "substring")], "mycas1nox",
     [(0, 2, 8, "evasion", "leet", 1.0)]),
    ("substring, look-alike", [ev("casino", "substring")], "mycаsinox",
     [(0, 2, 8, "evasion", "lookalike mixed_script", 1.0)]),
    ("substring, elongation", [ev("casino", "substring")], "mycasiiiinox",
     [(0, 2, 11, "loose", "elongation", 1.0)]),
    ("substring, loose", [lo("casino", "substring")], "mycásinox",
     [(0, 2, 8, "loose", "diacritic", 0.95)]),
    ("prefix, loose", [lo("مراهن", "prefix")], "مراهنه مراهنة",
     [(0, 0, 5, "exact", "", 1.0), (0, 7, 12, "exact", "", 1.0)]),
    ("word, leet inside a longer word", [ev("casino")], "c4sinos myc4sino", []),
    ("inflected, article", [ev("قمار", "inflected", "ar")], "القمار",
     [(0, 0, 6, "safe", "inflection", 1.0)]),
    ("inflected, and, article", [ev("قمار", "inflected", "ar")], "والقمار",
     [(0, 0, 7, "safe", "inflection", 0.98)]),
    ("inflected, ta marbuta and suffix", [ev("مراهنة", "inflected", "ar")], "مراهنات",
     [(0, 0, 7, "safe", "inflection", 0.9)]),
    ("inflected in the safe view", [sa("قمار", "inflected", "ar")], "القمار الٯمار",
     [(0, 0, 6, "safe", "inflection", 1.0)]),
    ("inflected is no other word", [ev("قمار", "inflected", "ar")], "اقمار ثمار", []),
    ("Indonesian prefix", [ev("judi", "inflected", "id")], "berjudi",
     [(0, 0, 7, "safe", "inflection", 0.95)]),
    ("Indonesian suffix and leet", [ev("pinjol", "inflected", "id")], "p1njolnya",
     [(0, 0, 9, "evasion", "inflection leet", 0.97)]),
    ("English plural", [ev("casino", "inflected", "en")], "casinos c4sinos",
     [(0, 0, 7, "safe", "inflection", 0.95), (0, 8, 15, "evasion", "inflection leet", 0.95)]),
    ("Russian case", [ev("рулетка", "inflected", "ru")],
     "рулетки рулеtки",
     [(0, 0, 7, "safe", "inflection", 0.95),
      (0, 8, 15, "evasion", "inflection lookalike mixed_script", 0.95)]),
    ("a language without rules", [ev("casino", "inflected", "xx")], "casinos casino",
     [(0, 8, 14, "exact", "", 1.0)]),
    ("c++ with its symbols", [ev("c++")], "c++ c", [(0, 0, 3, "exact", "", 1.0)]),
    ("a keyword of two words", [ev("free spins")], "free sp1ns fr33 spins",
     [(0, 0, 10, "evasion", "leet", 1.0), (0, 11, 21, "evasion", "leet", 1.0)]),
    ("two words, one with accents", [lo("crème brûlée")], "creme brûlee",
     [(0, 0, 12, "loose", "diacritic", 0.95)]),
    ("two words need one space", [ev("free spins")], "free  spins", []),
    ("a digit in the value stands for itself", [ev("bet365")], "bet365 BET365",
     [(0, 0, 6, "exact", "", 1.0), (0, 7, 13, "safe", "case", 1.0)]),
    ("Hebrew with points", [ev("הימור")], "הִימוּר", [(0, 0, 7, "loose", "combining", 1.0)]),
    ("Hebrew prefix is another word", [ev("הימור")], "ההימור", []),
    ("Thai", [ev("พนัน", "substring")], "การพนันออนไลน์", [(0, 3, 7, "exact", "", 1.0)]),
    ("no half cluster", [ev("พน", "substring")], "พนัน", []),
    ("Hangul with a particle", [ev("도박", "prefix")], "도박을", [(0, 0, 2, "exact", "", 1.0)]),
    ("Hindi", [ev("सट्टा")], "सट्टा", [(0, 0, 5, "exact", "", 1.0)]),
    ("across two Chinese words", [ev("口交", "substring")], "路口交通", []),
    ("Chinese inside a longer text", [ev("赌博", "substring")], "网上賭博平台",
     [(0, 2, 4, "loose", "traditional", 1.0)]),
]  # fmt: skip

PHRASES: list[Row] = [
    ("one word leet", [ph("free casino")], "free c4sino", [(0, 0, 11, "evasion", "leet", 1.0)]),
    ("both words disguised", [ph("free casino")], "fr33 cаsino",
     [(0, 0, 11, "evasion", "leet lookalike mixed_script", 1.0)]),
    ("one word spaced", [ph("free casino")], "free c a s i n o now",
     [(0, 0, 16, "evasion", "separator", 1.0)]),
    ("one word split", [ph("free casino")], "free cas ino", [(0, 0, 12, "evasion", "split", 0.7)]),
    ("one word loose", [ph("crème casino", view="loose")], "creme, casino",
     [(0, 0, 13, "loose", "diacritic", 0.95)]),
    ("plain", [ph("free casino")], "Free casino", [(0, 0, 11, "safe", "case", 1.0)]),
    ("with a gap", [ph("free casino", 1)], "free big c4sino", [(0, 0, 15, "evasion", "leet", 1.0)]),
    ("with a gap, nothing between", [ph("free casino", 1)], "free c4sino",
     [(0, 0, 11, "evasion", "leet", 1.0)]),
    ("gap too wide", [ph("free casino", 1)], "free big fat c4sino", []),
    ("with a number", [ph("<number> casino")], "100 c4sino", [(0, 0, 10, "evasion", "leet", 1.0)]),
    ("with any word", [ph("free <word> casino")], "free big c4sino",
     [(0, 0, 15, "evasion", "leet", 1.0)]),
    ("alternatives", [ph("(free|best) casino")], "b3st casino",
     [(0, 0, 11, "evasion", "leet", 1.0)]),
    ("Arabic, inflected", [ar("ربح مضمون")], "الربح المضمون",
     [(0, 0, 13, "safe", "inflection", 1.0)]),
    ("Arabic, dotless", [ar("ربح مضمون")], "رٮح مضمون", [(0, 0, 9, "evasion", "dotless", 0.8)]),
    ("Arabic, ta marbuta", [ar("مراهنة مضمونة")], "مراهنه مضمونه",
     [(0, 0, 13, "loose", "ta_marbuta", 0.9)]),
    ("Arabic, spaced word", [ar("ربح مضمون")], "ربح م ض م و ن",
     [(0, 0, 13, "evasion", "separator", 1.0)]),
    ("Arabic, in the safe view no dotless", [ar("ربح مضمون", "safe")], "رٮح مضمون", []),
    ("order matters", [ph("free casino")], "c4sino free", []),
    ("Chinese, traditional", [ph("赌博 微信", boundary="substring")], "賭博微信",
     [(0, 0, 4, "loose", "traditional", 1.0)]),
    ("Cyrillic", [ph("казино бонус")], "кaзино б0нус",
     [(0, 0, 12, "evasion", "leet lookalike mixed_script", 1.0)]),
    ("prefix", [ph("free casino", boundary="prefix")], "free c4sinos",
     [(0, 0, 11, "evasion", "leet", 1.0)]),
    ("a word and its twin", [ph("free casino"), ev("casino")], "free c4sino",
     [(0, 0, 11, "evasion", "leet", 1.0), (1, 5, 11, "evasion", "leet", 1.0)]),
]  # fmt: skip

TOGETHER: list[Row] = [
    ("one inside the other", [ev("casino bonus"), ev("casino"), ev("bonus")],
     "c4sino b0nus",
     [(0, 0, 12, "evasion", "leet", 1.0), (1, 0, 6, "evasion", "leet", 1.0),
      (2, 7, 12, "evasion", "leet", 1.0)]),
    ("a longer word and its part", [ev("online casino"), ev("casino")],
     "online cаsino",
     [(0, 0, 13, "evasion", "lookalike mixed_script", 1.0),
      (1, 7, 13, "evasion", "lookalike mixed_script", 1.0)]),
    ("three views of one word", [sa("casino"), lo("casino"), ev("casino")], "casino",
     [(0, 0, 6, "exact", "", 1.0), (1, 0, 6, "exact", "", 1.0), (2, 0, 6, "exact", "", 1.0)]),
    ("three views of an accent", [sa("casino"), lo("casino"), ev("casino")], "cásino",
     [(1, 0, 6, "loose", "diacritic", 0.95), (2, 0, 6, "loose", "diacritic", 0.95)]),
    ("three views of a disguise", [sa("casino"), lo("casino"), ev("casino")], "cas1no",
     [(2, 0, 6, "evasion", "leet", 1.0)]),
    ("exact beside evasion", [x("Casino"), ev("casino")], "Casino casino",
     [(0, 0, 6, "exact", "", 1.0), (1, 0, 6, "safe", "case", 1.0), (1, 7, 13, "exact", "", 1.0)]),
    ("two words that one disguise may be", [ev("silver"), ev("sliver")], "s1iver si1ver",
     [(0, 7, 13, "evasion", "leet", 1.0), (1, 0, 6, "evasion", "leet", 1.0)]),
    ("two dotless readings", [ev("ربح"), ev("رنح")], "رٮح",
     [(0, 0, 3, "evasion", "dotless", 0.8), (1, 0, 3, "evasion", "dotless", 0.8)]),
    ("Arabic and Latin", [ev("casino"), ev("كازينو")], "c4sino كaزينو",
     [(0, 0, 6, "evasion", "leet", 1.0), (1, 7, 13, "evasion", "lookalike mixed_script", 1.0)]),
]  # fmt: skip

INNOCENT: list[tuple[str, list[Material]]] = [
    ("a class act", [ev("lasso"), ev("glass act")]),
    ("10kg of rice, 5km away", [ev("okg"), ev("iokg"), ev("skm")]),
    ("Made in the U.S.A. today", [ev("usage"), ev("susan")]),
    ("Plan A B C or D", [ev("abcde"), ev("bcord")]),
    ("Send an e-mail", [ev("anemail"), ev("semail")]),
    ("see www.example.com/c4sino-free", [ev("casino")]),
    ("№1 в городе", [ev("no1в"), ev("casino")]),
    ("1 + 1 = 2, 5 x 3 = 15", [ev("slots"), ev("is")]),
    ("only $5.99, was $15", [ev("sis"), ev("siss")]),
    (":-) :D ;) xD", [ev("xdxd"), ev("casino")]),
    ("#summer #sale2024", [ev("sales"), ev("casino")]),
    ("I am a b c fan", [ev("abcfans"), ev("iamab")]),
    ("a s i n g l e word", [ev("casino"), ev("sinew")]),
    ("his cousin owes me", [ev("casino"), ev("sinow")]),
    ("use in one", [ev("usein")]),
    ("The cas is in order", [ev("casis")]),
    ("on us all", [ev("onusal")]),
    ("bon us", [ev("bonu")]),
    ("4 you 2 enjoy", [ev("ayou"), ev("youzenjoy")]),
    ("B2B and P2P loans", [ev("bzb"), ev("pzp")]),
    ("the 1st, 2nd and 3rd", [ev("ist"), ev("znd"), ev("erd")]),
    ("at 5pm or 10am", [ev("spm"), ev("ioam")]),
    ("call 0501234567", [ev("osoiz"), ev("casino")]),
    ("version 2.0.1-b3", [ev("zoib"), ev("bonus")]),
    ("mp3 mp4 h264", [ev("mpemp"), ev("pampa")]),
    ("COVID-19 and G20", [ev("covidig"), ev("gzo")]),
    ("hello@example.com", [ev("helloa"), ev("hello example")]),
    ("rock 'n' roll", [ev("rocknroll")]),
    ("it's 50% off!", [ev("itsso"), ev("soff")]),
    ("a/b testing, and/or", [ev("abtesting")]),
    ("مصر في القلب ونمر بها", [ev("قمار", "inflected", "ar"), ev("خمر", "inflected", "ar")]),
    ("أقمار صناعية", [ev("قمار", "inflected", "ar")]),
    ("ق. م. تعني قبل الميلاد", [ev("قمار"), ev("قمتعني")]),
    ("قم إلى العمل", [ev("قمار"), ev("قمال")]),
    ("من ربى هؤلاء", [ev("ربح"), ev("منرب")]),
    ("سعر 100 ريال فقط", [ev("اريال"), ev("سعرا")]),
    ("я и ты в доме", [ev("яиты"), ev("казино")]),
    ("и т. д. и т. п.", [ev("дитя"), ev("идиот")]),
    ("кафе и кино", [ev("казино")]),
    ("το καζάνι", [ev("καζίνο")]),
    ("路口交通很方便", [ev("口交", "substring")]),
    ("北京🎉上海🎉广州", [ev("京上", "substring"), ev("海广", "substring")]),
    ("打赌。博物馆", [ev("赌博", "substring")]),
    ("オン・ライン", [ev("オライ", "substring")]),
    ("도시 박물관", [ev("도박")]),
    ("การบ้าน พระ", [ev("พนัน", "substring")]),
    ("यह कर रहा है", [ev("कर्ज़"), ev("कररहा")]),
    ("הים ורוד", [ev("הימור"), ev("הימורים")]),
    ("cha cha cha", [ev("chachi"), ev("achat")]),
    ("no no no", [ev("non"), ev("nono")]),
    ("đi chơi đêm", [ev("đánh bạc")]),
    ("mijn oma", [ev("minjo"), ev("pinjol")]),
    ("iyi günler", [ev("yigun")]),
    ("menjadi judul", [ev("judi", "inflected", "id")]),
    ("kolam jujur di sini", [ev("judi", "inflected", "id")]),
    ("the sino-japanese case in court", [ev("casino")]),
    ("Casey, no!", [ev("casino")]),
    ("p.s. I love you", [ev("psilo")]),
    ("Washington D.C. and N.Y.C.", [ev("dcandnyc"), ev("dcan")]),
    ("3D TV 4K", [ev("edtv"), ev("aktv")]),
]  # fmt: skip

MENDED: list[Row] = [
    ("a minus for the mark of a long vowel", [ev("ルーレット", "substring", "ja")],
     "ル\u2212レット",
     [(0, 0, 5, "evasion", "long_mark", 1.0)]),
    ("Thai e typed three times", [ev("แฮกเกอร์", "substring", "th")], "เเเฮกเกอร์",
     [(0, 0, 10, "loose", "twice_e", 1.0)]),
    ("a Turkish name with an ending", [ev("martini")], "Martin'i gördüm", []),
    ("a Ukrainian word", [ev("здоровя", language="uk")], "здоров'я", []),
    ("kana voicing marks by themselves", [ev("バイアグラ", "substring", "ja")], "ハ゛イアク゛ラ",
     [(0, 0, 7, "safe", "letter", 1.0)]),
    ("kana without the voicing mark behind it", [sa("か", "substring")], "か゛", []),
    ("kana with the voicing mark behind it", [sa("が", "substring")], "か゛",
     [(0, 0, 2, "safe", "letter", 1.0)]),
    ("a letter of a neighbour language", [ev("казино", "inflected", "ru")], "казӣно",
     [(0, 0, 6, "loose", "diacritic", 0.95)]),
    ("a Cyrillic word with a 4 for its a", [ev("трамадол", "inflected", "ru")], "тр4мадол",
     [(0, 0, 8, "evasion", "leet", 1.0)]),
    ("the hamza of an alef as a digit", [ev("أرباح", "inflected", "ar")], "2rba7",
     [(0, 0, 5, "evasion", "alef arabizi", 0.8)]),
    ("Thai letters with marks drawn out", [ev("โบนัส", "substring", "th")], "โโโบนันันันันันัส",
     [(0, 0, 17, "loose", "elongation", 1.0)]),
    ("Thai letters apart, one of them two", [ev("น้ำเต้า", "substring", "th")], "น้ำ เ ต้ า",
     [(0, 0, 10, "evasion", "separator", 1.0)]),
    ("a Thai vowel typed as another twice", [ev("แฮกเกอร์", "substring", "th")], "เเฮกเกอร์",
     [(0, 0, 9, "loose", "twice_e", 1.0)]),
    ("a Thai vowel typed twice, held apart", [ev("แจ็กพอต", "substring", "th")], "เ เ จ็ ก พ อ ต",
     [(0, 0, 14, "evasion", "separator twice_e", 1.0)]),
    ("Devanagari letters apart, two tied", [ev("वियाग्रा", "word", "hi")], "वि या ग्रा",
     [(0, 0, 10, "evasion", "separator", 1.0)]),
    ("Devanagari letters behind a short word", [ev("जैकपॉट", "word", "hi")], "हैं जै क पॉ ट के",
     [(0, 4, 13, "evasion", "separator", 1.0)]),
    ("an apostrophe in Arabic", [ev("ترامادول", "inflected", "ar")], "تر'امادول",
     [(0, 0, 9, "evasion", "separator", 1.0)]),
    ("an apostrophe in Latin that is no spelling", [ev("nudes", "word", "en")], "nu'des",
     [(0, 0, 6, "evasion", "separator", 1.0)]),
    ("an apostrophe that is spelling", [ev("shell", "word", "en")], "she'll",
     []),
    ("an elided article", [ev("lamour", "word", "fr")], "l'amour",
     []),
    ("safe, inflected, ta marbuta", [sa("مراهنة", "inflected", "ar")], "مراهنة",
     [(0, 0, 6, "exact", "", 1.0)]),
    ("two runs, a letter of its own between", [ev("casino")], "c-a-s-i-n-o a c-a-s-i-n-o",
     [(0, 0, 11, "evasion", "separator", 1.0), (0, 14, 25, "evasion", "separator", 1.0)]),
    ("a loose phrase, inflected and drawn out",
     [ar("ربح مضمون", "loose")], "ربح مضمووون",
     [(0, 0, 11, "loose", "elongation", 1.0)]),
    ("a safe Chinese phrase, a star inside",
     [ph("赌博 微信", boundary="substring", view="safe"), ev("casino")], "赌博微✱信", []),
    ("a Chinese phrase, a star inside", [ph("赌博 微信", boundary="substring")], "赌*博微信",
     [(0, 0, 5, "evasion", "separator", 1.0)]),
    ("a Chinese phrase, a dot inside each word",
     [ph("赌场 开户", boundary="substring")], "赌·场开·户",
     [(0, 0, 6, "evasion", "separator", 1.0)]),
    ("a word of another alternative", [ph("(nám|ho lâu năm)", view="safe"), ev("casino")],
     "nám năm, ho lâu năm", [(0, 0, 3, "exact", "", 1.0), (0, 9, 19, "exact", "", 1.0)]),
    ("words of other alternatives, loosely",
     [ph("(nám|ho lâu năm) (rồi|rói lắm)", view="loose"), ev("casino")], "năm rồi. nám rói",
     [(0, 0, 7, "loose", "diacritic", 0.95), (0, 9, 16, "loose", "diacritic", 0.95)]),
    ("a letter drawn out at the end", [ev("casino")], "casinooo",
     [(0, 0, 8, "loose", "elongation", 1.0)]),
    ("a letter drawn out at the start", [ev("casino")], "cccasino",
     [(0, 0, 8, "loose", "elongation", 1.0)]),
    ("a nukta in the text alone", [lo("कर्ज")], "कर्ज़",
     [(0, 0, 5, "loose", "nukta", 1.0)]),
    ("an overlay on the last letter", [lo("casino")], "casino\u0336!",
     [(0, 0, 7, "loose", "combining", 1.0)]),
    ("a nukta at the end", [ev("ताज़", "substring")], "ताज़",
     [(0, 0, 4, "exact", "", 1.0)]),
    ("a loose phrase is not hit in disguise", [ph("free casino", view="loose")], "free c4sino",
     []),
    ("a loose phrase, drawn out", [ph("free casino", view="loose")], "free casiiino",
     [(0, 0, 13, "loose", "elongation", 1.0)]),
    ("inflected and spaced", [ar("ربح مضمون")], "الربح م-ض-م-و-ن",
     [(0, 0, 15, "evasion", "inflection separator", 1.0)]),
    ("the article before a dotless letter", [ev("قمار", "inflected", "ar")], "الٯمار",
     [(0, 0, 6, "evasion", "dotless inflection", 0.8)]),
    ("Chinese on both sides", [ev("casino")], "玩c4sino吧",
     [(0, 1, 7, "evasion", "leet", 1.0)]),
    ("Arabic on both sides", [ev("casino")], "العبc4sinoالان",
     [(0, 4, 10, "evasion", "leet", 1.0)]),
    ("Chinese after Cyrillic", [ev("казино")], "казuно的",
     [(0, 0, 6, "evasion", "lookalike mixed_script", 1.0)]),
    ("a hash tag", [ev("casino")], "#c4sino",
     [(0, 1, 7, "evasion", "leet", 1.0)]),
    ("a slash", [ev("casino")], "c4sino/p0ker",
     [(0, 0, 6, "evasion", "leet", 1.0)]),
    ("an apostrophe", [ev("casino")], "c4sino's",
     [(0, 0, 6, "evasion", "leet", 1.0)]),
    ("leet and a hyphen", [ev("casino")], "c4s-ino",
     [(0, 0, 7, "evasion", "leet separator", 1.0)]),
    ("two spaced words", [ev("casino")], "c-a-s-i-n-o/p-o-k-e-r",
     [(0, 0, 11, "evasion", "separator", 1.0)]),
    ("a Cyrillic letter beside digits", [ev("bet365")], "bеt365",
     [(0, 0, 6, "evasion", "lookalike mixed_script", 1.0)]),
    ("a Cyrillic letter behind a digit", [ev("1xbet")], "1хbet",
     [(0, 0, 5, "evasion", "lookalike mixed_script", 1.0)]),
    ("squared letters apart", [ev("casino")], "🅲 🅰 🆂 🅸 🅽 🅾",
     [(0, 0, 11, "evasion", "emoji_letter separator", 1.0)]),
    ("a longer word of the same letters", [ev("casino"), ev("bonus"), ev("casinobonus")],
     "c4sino b0nus",
     [(0, 0, 6, "evasion", "leet", 1.0), (1, 7, 12, "evasion", "leet", 1.0),
      (2, 0, 12, "evasion", "leet split", 0.7)]),
    ("an overlay in one of two words", [lo("free spins")], "free spi\u0336ns",
     [(0, 0, 11, "loose", "combining", 1.0)]),
    ("ash in one of two words", [lo("encyclopædia one")], "encyclopaedia one",
     [(0, 0, 17, "loose", "diacritic", 0.95)]),
    ("a safe twin is not drawn out", [sa("casino"), ev("casino")], "casinooo",
     [(1, 0, 8, "loose", "elongation", 1.0)]),
    ("a safe word beside a far one is not drawn out", [sa("casino"), ev("bonus")],
     "casinooo b0nus", [(1, 9, 14, "evasion", "leet", 1.0)]),
    ("a safe phrase beside a far word is not drawn out",
     [ph("free casino", view="safe"), ev("bonus")],
     "free casinooo, bonusss", [(1, 15, 22, "loose", "elongation", 1.0)]),
]  # fmt: skip
"""Rows that a fault left behind."""

TURKISH: list[Row] = [
    ("an i without its dot", [tr("kasino")], "kasıno",
     [(0, 0, 6, "evasion", "diacritic dotless_i", 0.76)]),
    ("an i with a dot that is none of its own", [tr("altın")], "altin",
     [(0, 0, 5, "evasion", "diacritic dotless_i", 0.76)]),
    ("a capital with a dot", [tr("kasino")], "KASİNO kasino",
     [(0, 0, 6, "safe", "case", 1.0), (0, 7, 13, "exact", "", 1.0)]),
    ("a capital without a dot", [tr("altın")], "ALTIN altın",
     [(0, 0, 5, "safe", "case", 1.0), (0, 6, 11, "exact", "", 1.0)]),
    ("a capital without a dot is also written for i", [tr("kasino")], "KASINO",
     [(0, 0, 6, "safe", "case", 1.0)]),
    ("no loose spelling", [lo("kasino", language="tr")], "kasıno", []),
    ("a loose spelling in other languages", [lo("kasino")], "kasıno",
     [(0, 0, 6, "loose", "diacritic", 0.95)]),
    ("leet is leet", [tr("kasino")], "kas1no", [(0, 0, 6, "evasion", "leet", 1.0)]),
    ("a safe word in capitals", [tr("ısı faizi", "safe")], "ISI FAİZİ, Isı Faizi, isi faizi",
     [(0, 0, 9, "safe", "case", 1.0), (0, 11, 20, "safe", "case", 1.0)]),
    ("safe words in capitals beside a loose one", [tr("altın", "safe"), lo("kumar")],
     "ALTIN, altin, ALTİN", [(0, 0, 5, "safe", "case", 1.0)]),
    ("a safe choice in capitals", [trp("(faiz|altın|iban) (hesap|geliri)", "safe")],
     "ALTIN HESAP, IBAN HESAP, FAİZ GELİRİ, altin hesap",
     [(0, 0, 11, "safe", "case", 1.0), (0, 13, 23, "safe", "case", 1.0),
      (0, 25, 36, "safe", "case", 1.0)]),
    ("a loose choice of which some have a dot", [trp("(altın|kısa) (yakın|sıfır)", "loose")],
     "altın sıfır, kisa yakin", [(0, 0, 11, "exact", "", 1.0)]),
    ("a choice in disguise without its dots", [trp("(altın|kısa) (yakın|sıfır)")], "kisa sifir",
     [(0, 0, 10, "evasion", "diacritic dotless_i", 0.76)]),
]  # fmt: skip
"""Two letters i, each with a capital of its own."""

KNOWN: list[tuple[str, Row]] = [
    ("pieces that are put together are not named",
     ("an accent of its own inside", [ev("casino")], "cas´ino",
      [(0, 0, 7, "evasion", "compatibility separator", 1.0)])),
    ("a sign between a letter and a digit goes unseen",
     ("plus before a digit", [ev("slots")], "slo+5",
      [(0, 0, 5, "evasion", "leet", 1.0)])),
    ("a sign that may be a letter goes on into the next script",
     ("another script behind an exclamation mark", [ev("casino")], "cas1no!новый",
      [(0, 0, 6, "evasion", "leet", 1.0)])),
]  # fmt: skip
"""Rows that do not hold yet, each with what is wrong."""

GROUPS: Final = {
    "loose": LOOSE,
    "letters": LETTERS,
    "apart": APART,
    "swaps": SWAPS,
    "boundaries": BOUNDARIES,
    "phrases": PHRASES,
    "together": TOGETHER,
    "mended": MENDED,
    "turkish": TURKISH,
}
CASES: Final = {
    f"{group}: {row[0]}": Case(row[0], tuple(row[1]), row[2], sorted(row[3]))
    for group, rows in GROUPS.items()
    for row in rows
}
LENIENT: Final = {
    "apart: pieces that are words are no split",
    "apart: a short word is not put together",
    "apart: too far apart",
}
"""Rows whose pieces `explain` puts together all the same, though no scan asks it to."""
ROWS: Final = [pytest.param(case, id=name) for name, case in CASES.items()]
WAITING: Final = [
    pytest.param(
        Case(name, tuple(materials), text, sorted(expected)),
        id=name,
        marks=pytest.mark.xfail(strict=True, reason=reason),
    )
    for reason, (name, materials, text, expected) in KNOWN
]


def seen_by(materials: tuple[Material, ...], text: str, backend: Backend) -> list[Seen]:
    """What the engine finds; each hit must show its text, and be explained by it."""
    found: list[Seen] = []
    for hit in engine(materials, backend).scan(creative(text)):
        assert hit.start is not None
        assert hit.end is not None
        assert hit.view is not None
        assert text[hit.start : hit.end] == hit.text
        number = int(hit.material.removeprefix("p/m"))
        evidence = (hit.view, hit.folds, hit.confidence)
        assert evidence == explain(wanted_of(materials[number]), hit.text)
        folds = " ".join(hit.folds)
        found.append((number, hit.start, hit.end, hit.view, folds, hit.confidence))
    return sorted(found)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("case", [*ROWS, *WAITING])
def test_the_engine(case: Case, backend: Backend) -> None:
    """Either back end finds what the row says, with the evidence that it says, once each."""
    assert case.expected == seen_by(case.materials, case.text, backend)


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=name) for name, case in CASES.items() if name not in LENIENT]
)
def test_the_naive_matcher(case: Case) -> None:
    """Every hit of a row lies over a stretch that explains itself, and every such under a hit."""
    for number, one in enumerate(case.materials):
        naive = reference.find_far(one, case.text)
        hits = [row[1:3] for row in case.expected if row[0] == number]
        assert reference.uncovered(naive, hits) == set()
        assert reference.uncovered(hits, naive) == set()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("text", "materials"), INNOCENT)
def test_innocent_text(text: str, materials: list[Material], backend: Backend) -> None:
    """Nothing hits, with swaps neither."""
    rules = [*materials, *(replace(one, swaps=True) for one in materials)]
    assert [] == seen_by(tuple(rules), text, backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_innocent_texts_and_all_materials(backend: Backend) -> None:
    """Nor do the materials of the rows hit where they are not meant."""
    words = [
        one for case in CASES.values() for one in case.materials if one.boundary != "substring"
    ]
    whole = engine(tuple(words), backend)
    found = {text: whole.scan(creative(text)) for text, _ in INNOCENT}
    assert {text: hits for text, hits in found.items() if hits} == {}


BATCHES: Final[list[list[str]]] = [
    ["c-a-s-i-n-o", "c_a_s_i_n_o"],
    ["x", "cаsino", "c a s i n o"],
    ["free", "casino"],
    ["cas", "ino"],
    ["c a s", "i n o"],
    ["\u202eon", "is\u202cac"],
    ["casi", "iiino"],
]
"""Texts that stand side by side in a batch, and have nothing to do with each other."""


@pytest.mark.parametrize("backend", BACKENDS)
def test_texts_of_a_batch_are_apart(backend: Backend) -> None:
    """What a text holds does not depend on the texts around it."""
    whole = engine((ev("casino"), ph("free casino")), backend)
    for texts in BATCHES:
        batch = [creative(text, id=f"c{n}") for n, text in enumerate(texts)]
        fields = creative({f"f{n}": text for n, text in enumerate(texts)})
        alone = [places(whole.scan(creative(text))) for text in texts]
        together = [places(one.hits) for one in whole.decide_batch(batch, on="2026-11-20")]
        inside = whole.scan(fields)
        assert alone == together, texts
        for n, expected in enumerate(alone):
            assert expected == places(hit for hit in inside if hit.field == f"f{n}"), texts


@pytest.mark.parametrize("backend", BACKENDS)
def test_all_rows_at_once(backend: Backend) -> None:
    """All materials compiled together: in each text its own hit what its row says."""
    cases = list(CASES.values())
    first = [sum(len(case.materials) for case in cases[:n]) for n in range(len(cases))]
    whole = engine(tuple(one for case in cases for one in case.materials), backend)
    texts = [creative(case.text, id=case.name) for case in cases]
    for case, offset, decision in zip(
        cases, first, whole.decide_batch(texts, on="2026-11-20"), strict=True
    ):
        own = range(offset, offset + len(case.materials))
        hits = sorted(
            (
                int(hit.material.removeprefix("p/m")) - offset, hit.start, hit.end, hit.view,
                " ".join(hit.folds), hit.confidence,
            )
            for hit in decision.hits
            if int(hit.material.removeprefix("p/m")) in own
        )  # fmt: skip
        assert case.expected == hits, case.name


def test_every_fold_has_a_row() -> None:
    """No fold of the looser views is without a row that names it."""
    named = {name for case in CASES.values() for row in case.expected for name in row[4].split()}
    # Tables name what passes for an Arabic letter `lookalike`.
    assert (LOOSE_FOLDS | EVASION_FOLDS) - {"arabic_lookalike"} <= named


def test_there_are_rows_enough() -> None:
    """Rows are what a reader believes; they are not to become fewer."""
    assert len(ROWS) >= 150
    assert len(INNOCENT) >= 40
