"""What the linter says of words, links and numbers: each check, and what it must leave alone."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automod.engine.reading import read_source
from automod.model.finding import Finding
from automod.workshop.lint import word_lists
from automod.workshop.lint.run import Linted, lint
from automod.workshop.lint.spoilt import meant_by

ON: Final = date(2026, 11, 20)
POLICIES: Final = """\
groups: {GCC: [SA, AE], MENA: [GCC, EG]}
codes:
  GMB.REAL: {severity: high, default: {stance: prohibited, ground: platform}}
  SCM.FRAUD: {severity: critical, default: {stance: prohibited, ground: platform}}
"""
Said = tuple[str, str]
"""A code, and the id of what it is said of."""

ARABIC: Final = "ar"
BOTH: Final = "ar, en"


def package(
    materials: Iterable[str], languages: str = "en", more: str = "", name: str = "p"
) -> str:
    """A package whose materials are medium by default."""
    head = f"package: {name}\nversion: 1\nowner: me\npolicy: [GMB.REAL]\n"
    head += f"languages: [{languages}]\ndefaults: {{weight: medium}}\n"
    rows = "".join(f"  - {{{one}}}\n" for one in materials)
    return f"{head}materials:\n{rows}{more}"


def linted(folder: Path, files: Mapping[str, str], select: Sequence[str] = ("AM2",)) -> Linted:
    """What is found in some files."""
    for name, content in {"policies.yaml": POLICIES, **files}.items():
        (folder / name).write_text(content, encoding="utf-8")
    source = read_source(folder)
    assert list(map(str, source.faults)) == []
    found = lint(source, ON, select=select)
    assert [repr(one.error) for one in found.broken] == []
    return found


def said(found: Linted) -> list[Said]:
    """The codes, each with the local id of what it is said of."""
    return sorted((one.code, one.subject.partition("/")[2]) for one in found.findings)


def keyword(name: str, value: str, more: str = "") -> str:
    """A keyword as it is written."""
    return f'id: {name}, kind: keyword, value: "{value}"{more and ", "}{more}'


def phrase(name: str, value: str, more: str = "") -> str:
    """A phrase as it is written."""
    return f'id: {name}, kind: phrase, value: "{value}"{more and ", "}{more}'


def link(name: str, kind: str, value: str, more: str = "") -> str:
    """A link, a handle or a phone as it is written."""
    return f'id: {name}, kind: {kind}, value: "{value}"{more and ", "}{more}'


STRONG: Final = "weight: strong"
A, B = "a", "b"

ROWS: Final[Mapping[str, tuple[str, Sequence[str], Sequence[Said]]]] = {
    # --- AM201: the same thing twice
    "a keyword and a phrase": ("en", [keyword(A, "casino"), phrase(B, "Casino")], [("AM201", B)]),
    "an Arabic keyword and a phrase": (
        "ar", [keyword(A, "كازينو"), phrase(B, "كازينو")], [("AM201", B)]),
    "a phrase of more weight": (
        "en", [keyword(A, "casino"), phrase(B, "casino", STRONG)], [("AM201", A)]),
    "a phrase with its own tag": (
        "en", [keyword(A, "casino"), phrase(B, "casino", "weight: weak, tags: [t]")], []),
    "a stronger one in a tighter view": (
        "en",
        [keyword(A, "casino", "view: evasion"), phrase(B, "casino", "weight: certain, view: safe")],
        []),
    "a host with and without www": (
        "en", [link(A, "domain", "bet.example.com"), link(B, "domain", "www.bet.example.com")],
        [("AM201", B)]),
    "one handle in two spellings": (
        "en", [link(A, "handle", "@lucky"), link(B, "handle", "t.me/Lucky")], [("AM201", B)]),
    "one phone in two spellings": (
        "en", [link(A, "phone", "+966501234567"), link(B, "phone", "00966 50 123 4567")],
        [("AM201", B)]),
    "two phones": (
        "en", [link(A, "phone", "+966501234567"), link(B, "phone", "+966501234568")], []),
    # --- AM202: swallowed
    "a word within a phrase": (
        "en", [keyword(A, "casino"), phrase(B, "online casino")], [("AM202", B)]),
    "a word within a keyword of two": (
        "en", [keyword(A, "casino"), keyword(B, "casino online")], [("AM202", B)]),
    "a lighter word within": (
        "en", [keyword(A, "casino"), phrase(B, "online casino", STRONG)], []),
    "a word within another word": ("en", [keyword(A, "casino"), keyword(B, "casinos")], []),
    "a prefix within a word": (
        "en", [keyword(A, "casin", "boundary: prefix"), keyword(B, "casinos")], [("AM202", B)]),
    "a prefix inside of a word": (
        "en", [keyword(A, "casin", "boundary: prefix"), keyword(B, "mycasino")], []),
    "a word within what is a prefix itself": (
        "en", [keyword(A, "casino"), keyword(B, "casino clubs", "boundary: prefix")],
        [("AM202", B)]),
    "a word at the open edge of a prefix": (
        "en", [keyword(A, "clubs"), keyword(B, "casino clubs", "boundary: prefix")], []),
    "a safe word within a disguised one": (
        "en", [keyword(A, "casino", "view: safe"), phrase(B, "online casino")], []),
    "two spellings that the loose view merges": (
        "ar", [keyword(A, "مراهنة"), keyword(B, "مراهنه")], [("AM202", B)]),
    "the same two in the safe view": (
        "ar", [keyword(A, "مراهنة", "view: safe"), keyword(B, "مراهنه", "view: safe")], []),
    "an inflected word within an inflected phrase": (
        "ar", [keyword(A, "مراهنة"), phrase(B, "مراهنة كبيرة")], [("AM202", B)]),
    "a whole word within an inflected phrase": (
        "ar", [keyword(A, "مراهنة", "boundary: word"), phrase(B, "مراهنة كبيرة")], []),
    "an Arabic word that another begins with": (
        "ar", [keyword(A, "قمار"), keyword(B, "قمارية")], []),
    "Chinese within Chinese": (
        "zh", [keyword(A, "赌博"), keyword(B, "在线赌博")], [("AM202", B)]),
    "Chinese across two words": ("zh", [keyword(A, "口交"), keyword(B, "路口交通")], []),
    "every alternative is swallowed": (
        "en", [keyword(A, "casino"), phrase(B, "(casino club|royal casino)")], [("AM202", B)]),
    "one alternative is not": (
        "en", [keyword(A, "casino"), phrase(B, "(casino club|royal club)")], []),
    "within a phrase with a slot": (
        "en", [keyword(A, "casino"), phrase(B, "casino <number> stars")], [("AM202", B)]),
    "another code": (
        "en", [keyword(A, "casino"), phrase(B, "online casino", "policy: [SCM.FRAUD]")], []),
    "another market": (
        "en", [keyword(A, "casino", "markets: [SA]"), phrase(B, "online casino")], []),
    "a tag of its own": (
        "en", [keyword(A, "casino"), phrase(B, "online casino", "tags: [web]")], []),
    "a url under a domain": (
        "en", [link(A, "domain", "bet.example.com"), link(B, "url", "www.bet.example.com/x")],
        [("AM202", B)]),
    "a longer path": (
        "en", [link(A, "url", "games.example.com/x"), link(B, "url", "games.example.com/x/y")],
        [("AM202", B)]),
    "a path that goes on in its word": (
        "en", [link(A, "url", "games.example.com/x"), link(B, "url", "games.example.com/xy")], []),
    "a domain and a url of it": (
        "en", [link(A, "url", "bet.example.com/"), link(B, "domain", "bet.example.com")],
        [("AM202", A)]),
    # --- AM206: too short
    "short for a disguise": ("en", [keyword(A, "slot", "view: evasion")], [("AM206", A)]),
    "long enough for a disguise": ("en", [keyword(A, "slots", "view: evasion")], []),
    "short Arabic for a disguise": ("ar", [keyword(A, "نرد", "view: evasion")], [("AM206", A)]),
    "Arabic long enough for a disguise": ("ar", [keyword(A, "قمار", "view: evasion")], []),
    "short, found in disguise alone": (
        "en", [keyword(A, "slot", "only_if_obfuscated: true")], []),
    "two letters anywhere": ("en", [keyword(A, "xq", "boundary: substring")], [("AM206", A)]),
    "two letters of a word": ("en", [keyword(A, "xq")], []),
    "one letter": ("ar", [keyword(A, "ق")], [("AM206", A)]),
    "one letter for rules": ("ar", [keyword(A, "ق", "weight: signal")], []),
    "one Chinese letter": ("zh", [keyword(A, "赌")], [("AM206", A)]),
    "an emoji": ("en", [keyword(A, "🎰")], []),
    "a mark alone": ("ar", [keyword(A, "،")], [("AM206", A)]),
    "marks alone": ("en", [keyword(A, "!!")], [("AM206", A)]),
    "many marks alone": ("ar", [keyword(A, "؟؟؟؟"), keyword(B, "!!!")],
                         [("AM206", A), ("AM206", B)]),
    "many signs": ("en", [keyword(A, "$$$"), keyword(B, "12345")], []),
    "marks alone, for rules": ("en", [keyword(A, "!!", "weight: signal")], []),
    "a phrase of one letter": ("ar", [phrase(A, "ق")], [("AM206", A)]),
    "a number of two digits": ("en", [keyword(A, "12")], [("AM206", A)]),
    "a number of three digits": ("en", [keyword(A, "365")], []),
    # --- AM207, AM208: common words
    "a common word": ("en", [keyword(A, "money")], [("AM207", A)]),
    "a common word that is too light": ("en", [keyword(A, "money", "weight: weak")], []),
    "a common word for rules": ("en", [keyword(A, "money", "weight: signal")], []),
    "a common Arabic word": ("ar", [keyword(A, "شركة")], [("AM207", A)]),
    "a rare Arabic word": ("ar", [keyword(A, "كازينو")], []),
    "a common word among alternatives": ("en", [phrase(A, "(roulette|money)")], [("AM207", A)]),
    "a common word of a phrase": ("en", [phrase(A, "real money")], []),
    "a common word that is too short anyway": (
        "en", [keyword(A, "win", "view: evasion")], [("AM206", A)]),
    "a common word of another language": ("ar", [keyword(A, "برای")], [("AM208", A)]),
    "the same for its own language alone": (
        "ar", [keyword(A, "برای", "only_languages: [ar]")], []),
    "common in other spelling": ("tr", [keyword(A, "göt")], []),
    "common in other spelling, in a loose view": (
        "fr", [keyword(A, "péter")], [("AM208", A)]),
    "a common word of its own in other spelling": ("tr", [keyword(A, "sik")], []),
    "common in both languages": ("en", [keyword(A, "bonus")], []),
    "a Spanish word in English": ("en", [keyword(A, "pie", "only_languages: [en]")], []),
    # --- AM209, AM218: scripts
    "Cyrillic in an Arabic package": ("ar", [keyword(A, "казино")], [("AM209", A)]),
    "Latin in an Arabic package": ("ar", [keyword(A, "roulette")], []),
    "Arabic in an English package": ("en", [keyword(A, "كازينو")], [("AM209", A)]),
    "letters of a language that is not known": ("ckb", [keyword(A, "كازينو")], [("AM226", "")]),
    "a Cyrillic letter in a Latin word": ("en", [keyword(A, "cаsino")], [("AM218", A)]),
    "a Latin letter in an Arabic word": ("ar", [keyword(A, "كaزينو")], [("AM218", A)]),
    "two words of two scripts": (
        "ar, ru", [phrase(A, "казино vip"), keyword(B, "كازينو vip", "boundary: word")], []),
    "Korean in English": ("en", [keyword(A, "카지노")], [("AM209", A)]),
    "Hindi in English": ("en, ar", [keyword(A, "कैसीनो")], [("AM209", A)]),
    "Bopomofo in Chinese": ("zh", [keyword(A, "ㄅㄧㄤ")], []),
    "Hindi in Hindi": ("en, hi", [keyword(A, "कैसीनो")], []),
    "Arabic and Latin grown together": ("ar", [phrase(A, "نظامmarketing")], []),
    # --- AM210: what nobody sees
    "a zero-width space": ("ar", [keyword(A, "كا\\u200bزينو")], [("AM210", A)]),
    "a mark of direction": ("ar", [keyword(A, "\\u200fكازينو\\u200e")], [("AM210", A)]),
    "tatweel": ("ar", [keyword(A, "كازيـــنو")], [("AM210", A)]),
    "a no-break space": ("en", [phrase(A, "lucky\\u00a0oasis")], [("AM210", A)]),
    "a line break": ("en", [phrase(A, "lucky\\noasis"), keyword(B, "roulette")], [("AM210", A)]),
    "a byte order mark": ("en", [link(A, "handle", "\\ufefflucky_oasis")], [("AM210", A)]),
    "a joiner in Arabic": ("ar", [keyword(A, "كا\\u200cزينو")], [("AM210", A)]),
    "a joiner in Arabic and Persian": ("ar, fa", [keyword(A, "كا\\u200cزينو")], []),
    "a letter that fills a gap": ("en", [keyword(A, "lucky\\u3164oasis")], [("AM210", A)]),
    "a joiner that is spelling": ("fa", [keyword(A, "می‌خواهم")], []),
    "an emoji of several": ("en", [keyword(A, "👨\\u200d👩\\u200d👧")], []),
    "vowel marks": ("ar", [keyword(A, "كَازِينُو")], []),
    # --- AM211, AM219, AM221: keys without effect
    "whole words of Chinese": (
        "zh, en", [keyword(A, "赌博", "boundary: word")], [("AM211", A)]),
    "inflected Arabic": ("ar", [keyword(A, "كازينو", "boundary: inflected")], []),
    "inflected English": ("en", [keyword(A, "roulette", "boundary: inflected")], []),
    "inflected Vietnamese": ("vi", [keyword(A, "roulette", "boundary: inflected")], [("AM211", A)]),
    "a prefix that ends in a sign": (
        "en", [keyword(A, "rou++", "boundary: prefix")], [("AM211", A)]),
    "an inflected keyword of two words": (
        "ar", [keyword(A, "ربح مضمون", "boundary: inflected")], [("AM211", A)]),
    "an Arabic keyword of two words": ("ar", [keyword(A, "ربح مضمون")], []),
    "an Arabic keyword of two words among phrases": (
        "ar", [keyword(A, "ربح مضمون"), *(phrase(f"p{n}", f"فوز {n}") for n in "1234")],
        [("AM219", A)]),
    "two such keywords among as many phrases": (
        "ar",
        [keyword(A, "ربح مضمون"), keyword(B, "ربح سريع"),
         *(phrase(f"p{n}", f"فوز {n}") for n in "1234")],
        []),
    "an Arabic phrase of two words": ("ar", [phrase(A, "ربح مضمون")], []),
    "an English keyword of two words": ("en", [keyword(A, "lucky oasis")], []),
    "a gap in one element": ("en", [phrase(A, "(win cash|earn money)", "gap: 2")], [("AM221", A)]),
    "a gap between two": ("en", [phrase(A, "win cash", "gap: 2")], []),
    # --- AM212 to AM216: links and phones
    "a public suffix": ("en", [link(A, "domain", "blogspot.com")], [("AM212", A)]),
    "a site under a suffix": ("en", [link(A, "domain", "x.blogspot.com")], []),
    "a domain that all know": ("en", [link(A, "domain", "www.facebook.com")], [("AM213", A)]),
    "a url without a path": ("en", [link(A, "url", "https://t.me/")], [("AM213", A)]),
    "a channel": ("en", [link(A, "url", "t.me/lucky_oasis")], []),
    "a domain that all know, for rules": (
        "en", [link(A, "domain", "t.me", "weight: signal")], []),
    "no second word for its pages": (
        "en", [link(A, "domain", "t.me"), link(B, "url", "t.me/lucky")], [("AM213", A)]),
    "a national number": ("en", [link(A, "phone", "050 123 4567")], [("AM214", A)]),
    "a national number with its market": (
        "en", [link(A, "phone", "050 123 4567", "markets: [SA]")], []),
    "an international number": ("en", [link(A, "phone", "+966 50 123 4567")], []),
    "a link that counts clicks": (
        "en", [link(A, "url", "games.example.com/x?utm_source=fb")], [("AM215", A)]),
    "a link with a query": ("en", [link(A, "url", "games.example.com/x?id=7")], []),
    "a fragment": ("en", [link(A, "url", "games.example.com/#/x")], [("AM216", A)]),
    "a port": ("en", [link(A, "url", "games.example.com:8080/x")], [("AM216", A)]),
    # --- AM217, AM222: views and languages
    "one Arabic spelling": ("ar", [keyword(A, "مراهنة", "view: exact")], [("AM217", A)]),
    "an exact word with one spelling": ("ar", [keyword(A, "كازينو", "view: exact")], []),
    "Arabic for English texts": (
        "ar", [keyword(A, "كازينو", "only_languages: [en]")], [("AM222", A)]),
    "Latin for Arabic texts": ("ar", [keyword(A, "roulette", "only_languages: [ar]")], []),
    # --- AM220, AM223, AM224: values that went wrong
    "a star at the end": ("en", [keyword(A, "casin*")], [("AM220", A)]),
    "a masked letter": ("en", [keyword(A, "c*sino")], []),
    "a bar": ("en", [keyword(A, "casino|roulette")], [("AM220", A)]),
    "alternatives of a phrase": ("en", [phrase(A, "(casino|roulette)")], []),
    "a slot in a keyword": ("en", [keyword(A, "<number> dollars")], [("AM220", A)]),
    "a slot in a phrase": ("en", [phrase(A, "<number> roulette")], []),
    "a bar outside of brackets": ("en", [phrase(A, "lucky oasis|big oasis")], [("AM220", A)]),
    "a bar at the end": ("en", [keyword(A, "casino|")], [("AM220", A)]),
    "a list in one cell": ("ar", [keyword(A, "كازينو؛ روليت")], [("AM220", A)]),
    "in quotes": ("ar", [keyword(A, "«كازينو»")], [("AM220", A)]),
    "a quote within": ("en", [keyword(A, '12\\" roulette')], []),
    "the beginning of a text": ("en", [keyword(A, "^casino")], [("AM220", A)]),
    "a per cent": ("en", [keyword(A, "100%")], []),
    "an error of a spreadsheet": ("en", [keyword(A, "#NAME?")], [("AM223", A)]),
    "an error of another language": ("en", [keyword(A, "#N/D")], [("AM223", A)]),
    "a column too narrow": ("en", [keyword(A, "#######")], [("AM223", A)]),
    "a day that was a code": ("en", [keyword(A, "05-Mar")], [("AM223", A)]),
    "a month that was a code": ("en", [keyword(A, "Mar-05")], [("AM223", A)]),
    "a formula": ("en", [keyword(A, "=SUM(A1:A3)")], [("AM223", A)]),
    "a sign of equality": ("en", [keyword(A, "=)casino")], []),
    "a code with a dash": ("en", [keyword(A, "5-MeO"), keyword(B, "covid-19")], []),
    "a hash tag": ("en", [keyword(A, "#luckyoasis")], []),
    "a rounded number": ("en", [keyword(A, "9.66501E+11")], [("AM223", A)]),
    "UTF-8 read as Latin": ("ar", [keyword(A, "ÙƒØ§Ø²ÙŠÙ†Ùˆ")], [("AM224", A)]),
    "UTF-8 read as Arabic": ("ar", [keyword(A, "ظƒط§ط²ظٹظ†ظˆ")], [("AM224", A)]),
    "UTF-8 read as Cyrillic": ("ru", [keyword(A, "РєР°Р·РёРЅРѕ")], [("AM224", A)]),
    "Chinese read as Latin": ("zh", [keyword(A, "èµŒåœº")], [("AM224", A)]),
    "Arabic of eight bits read as Latin": ("ar", [keyword(A, "ßÇÒíäæ")], [("AM224", A)]),
    "Cyrillic of eight bits read as Latin": ("ru", [keyword(A, "êàçèíî")], [("AM224", A)]),
    "UTF-8 read as Latin, with a hole": ("ar", [keyword(A, "ÙØ§Ø¦Ø²")], [("AM224", A)]),
    "Cyrillic capitals": ("ru, uk", [keyword(A, "РСФСР")], []),
    "letters with accents": (
        "fr, fi", [keyword(A, "éééé"), keyword(B, "récréée"), keyword("c", "hääyöaie")], []),
    "a lost letter": ("ar", [keyword(A, "كاز\\ufffdنو")], [("AM224", A)]),
    "a French word": ("fr", [keyword(A, "écarté")], []),
    "an Arabic word with two ta": ("ar", [keyword(A, "طظطظطظ")], []),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_each_check_says_what_is_so_and_nothing_else(name: str, tmp_path: Path) -> None:
    """A package with one thing wrong has one finding, and one that only looks so has none."""
    languages, materials, expected = ROWS[name]
    assert said(linted(tmp_path, {"p.yaml": package(materials, languages)})) == sorted(expected)


ALLOWS: Final[Mapping[str, tuple[str, Sequence[str], str, Sequence[Said]]]] = {
    "the same word": (
        "en", [keyword(A, "casino")], "{id: w, kind: keyword, value: CASINO}", [("AM203", A)]),
    "the same Arabic word": (
        "ar", [keyword(A, "قِمار")], "{id: w, kind: phrase, value: قمار}", [("AM203", A)]),
    "a longer phrase": (
        "en", [keyword(A, "casino")], "{id: w, kind: phrase, value: casino royale}", []),
    "a whole word for an inflected one": (
        "ar", [keyword(A, "قمار")], "{id: w, kind: keyword, value: قمار, boundary: word}", []),
    "one market alone": (
        "en", [keyword(A, "casino")], "{id: w, kind: keyword, value: casino, markets: [SA]}", []),
    "another package": (
        "en", [keyword(A, "casino")],
        "{id: w, kind: keyword, value: casino, protects: [SCM.FRAUD]}", [("AM204", "w")]),
    "every alternative": (
        "en", [phrase(A, "(casino|roulette)")], "{id: w, kind: phrase, value: (roulette|casino)}",
        [("AM203", A)]),
    "one alternative": (
        "en", [phrase(A, "(casino|roulette)")], "{id: w, kind: keyword, value: roulette}",
        [("AM205", "w")]),
    "beside any word": (
        "en", [keyword(A, "casino")], '{id: w, kind: phrase, value: "<word> casino"}',
        [("AM205", "w")]),
    "nothing of it": (
        "en", [keyword(A, "casino")], "{id: w, kind: phrase, value: cinema royale}",
        [("AM204", "w")]),
    "an inflected form": (
        "ar", [keyword(A, "قمار")], "{id: w, kind: phrase, value: مكافحة القمار}", []),
    "a plural form": (
        "ar", [keyword(A, "مراهنة")], "{id: w, kind: phrase, value: مكافحة المراهنات}", []),
    "another word with the same letters": (
        "ar", [keyword(A, "قمار")], "{id: w, kind: phrase, value: صور أقمار}", [("AM204", "w")]),
    "a gap may hold anything": (
        "en", [keyword(A, "casino")], "{id: w, kind: phrase, value: no royale, gap: 1}", []),
    "the hit of a pattern": (
        "en", ["id: a, kind: regex, value: 'casi[nm]o'"],
        "{id: w, kind: phrase, value: casino royale}", []),
    "a link": (
        "en", [link(A, "domain", "bet.example.com")],
        "{id: w, kind: phrase, value: no bet.example.com}", []),
    "in disguise": (
        "en", [keyword(A, "casino")],
        "{id: w, kind: phrase, value: casino royale, view: evasion}", [("AM227", "w")]),
    "a hit that it protects alone": (
        "en", [keyword(A, "casino"), phrase(B, "casino bonus")],
        "{id: w, kind: phrase, value: the casino}", []),
}  # fmt: skip


@pytest.mark.parametrize("name", ALLOWS)
def test_allows_protect_something_and_not_everything(name: str, tmp_path: Path) -> None:
    """What an allow switches off, and an allow that does nothing, are told once."""
    languages, materials, allow, expected = ALLOWS[name]
    files = {"p.yaml": package(materials, languages, f"allow:\n  - {allow}\n")}
    assert said(linted(tmp_path, files)) == sorted(expected)


TWO: Final[Mapping[str, tuple[str, str, Sequence[Said]]]] = {
    "the same word": (
        package([keyword(A, "casino")]), package([keyword(B, "Casino")], name="q"), [("AM201", B)]),
    "the heavier stays": (
        package([keyword(A, "casino")]), package([keyword(B, "casino", STRONG)], name="q"),
        [("AM201", A)]),
    "another code": (
        package([keyword(A, "casino")]),
        package([keyword(B, "casino", "policy: [SCM.FRAUD]")], name="q"), []),
    "other markets": (
        package([keyword(A, "casino")], more="markets: [EG]\n"),
        package([keyword(B, "casino")], more="markets: [GCC]\n", name="q"), []),
    "markets within markets": (
        package([keyword(A, "casino")], more="markets: [MENA]\n"),
        package([keyword(B, "casino")], more="markets: [SA]\n", name="q"), [("AM201", B)]),
    "a trial": (
        package([keyword(A, "casino")]),
        package([keyword(B, "casino")], more="status: shadow\n", name="q"), []),
    "one number": (
        package([link(A, "phone", "+966501234567")]),
        package([link(B, "phone", "wa.me/966501234567")], name="q"), [("AM201", B)]),
}  # fmt: skip


@pytest.mark.parametrize("name", TWO)
def test_two_packages_of_one_code_say_a_thing_once(name: str, tmp_path: Path) -> None:
    """What adds nothing to another package is told, unless it acts elsewhere or otherwise."""
    one, other, expected = TWO[name]
    assert said(linted(tmp_path, {"p.yaml": one, "q.yaml": other})) == sorted(expected)


# --- tables ---------------------------------------------------------------------------------------

CLEAN: Final = (
    ("keyword", "كازينو", "strong"), ("keyword", "roulette", "medium"),
    ("keyword", "مقامرة", "medium"),
    ("phrase", "ربح مضمون", "weak"), ("keyword", "لوتري", "medium"),
    ("phrase", "(مراهنة|مراهنات)", "medium"),
    ("keyword", "baccarat", "medium"), ("keyword", "جاكبوت", "weak"),
    ("keyword", "blackjack", "medium"),
    ("domain", "lucky-oasis.example.com", "certain"), ("url", "t.me/lucky_oasis", "certain"),
    ("handle", "@lucky_oasis_demo", "strong"), ("phone", "+44 7700 900145", "strong"),
    ("keyword", "سلوتس", "medium"), ("phrase", "win <number> dollars", "medium"),
    ("keyword", "bingo", "weak"), ("keyword", "money", "weak"), ("keyword", "يانصيب", "medium"),
)  # fmt: skip
PLANTED: Final = (
    ("phrase", "كَازينو", "strong", "AM201"),
    ("phrase", "online roulette", "medium", "AM202"),
    ("keyword", "ق", "medium", "AM206"),
    ("keyword", "شركة", "medium", "AM207"),
    ("keyword", "برای", "medium", "AM208"),
    ("keyword", "казино", "medium", "AM209"),
    ("keyword", "بو\u200bكر", "medium", "AM210"),
    ("domain", "blogspot.com", "strong", "AM212"),
    ("url", "games.example.com/x?fbclid=1", "strong", "AM215"),
    ("keyword", "cаsino", "medium", "AM218"),
    ("keyword", "casin*", "medium", "AM220"),
    ("keyword", "#NAME?", "medium", "AM223"),
)  # fmt: skip
"""Kind, value, weight, and what is wrong; only of the first does it matter what stands before."""


def table(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """A package of one table."""
    text = io.StringIO()
    csv.writer(text).writerows([("kind", "value", "weight"), *rows])
    head = package([], BOTH).replace("materials:\n", "materials: [{table: t.csv}]\n")
    return {"p.yaml": head, "t.csv": text.getvalue()}


@pytest.mark.parametrize("seed", range(5))
def test_twelve_planted_faults_are_twelve_findings(seed: int, tmp_path: Path) -> None:
    """Wherever they stand, each is found in its row, and nothing else is said."""
    planted = [*PLANTED]
    random.Random(seed).shuffle(planted)
    rows: list[Sequence[str]] = [*CLEAN]
    for number, one in enumerate(planted):
        # Behind all that is clean, and among it.
        rows.insert(len(rows) - number % 3, one)
    found = linted(tmp_path, table(row[:3] for row in rows)).findings
    expected = {(row[3], line) for line, row in enumerate(rows, 2) if len(row) > 3}
    assert {(one.code, one.location.line) for one in found} == expected
    assert len(found) == len(expected)


def test_a_clean_table_has_no_finding(tmp_path: Path) -> None:
    """Nothing is said of what is only near to being wrong."""
    assert said(linted(tmp_path, table(CLEAN))) == []


def about(finding: Finding, lines: Sequence[str]) -> tuple[str, frozenset[str]]:
    """A code, and the rows it is about; of two that say the same either may be the one."""
    places = [finding.location, *finding.related]
    return finding.code, frozenset(lines[place.line - 2] for place in places if place.line)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations([*CLEAN, *(row[:3] for row in PLANTED)]))
def test_findings_do_not_depend_on_the_order_of_rows(
    order: Sequence[Sequence[str]], tmp_path: Path
) -> None:
    """Whatever stands first, the same is said of the same rows."""
    straight = [*CLEAN, *(row[:3] for row in PLANTED)]
    both = []
    for rows in (straight, order):
        found = linted(tmp_path, table(rows)).findings
        both.append({about(one, [row[1] for row in rows]) for one in found})
    assert both[0] == both[1]


def test_a_fix_of_unseen_characters_changes_nothing_else(tmp_path: Path) -> None:
    """The edit gives the value without them; where that would match otherwise there is none."""
    materials = [
        keyword(A, "\\u200fكازيـــنو"), phrase(B, "lucky\\u00a0oasis"),
        keyword("c", "رو\\u200bليت", "view: exact"),
    ]  # fmt: skip
    found = {
        one.subject: one for one in linted(tmp_path, {"p.yaml": package(materials, BOTH)}).findings
    }
    assert [edit.value for edit in found["p/a"].fix] == ["كازينو"]
    assert [edit.value for edit in found["p/b"].fix] == ["lucky oasis"]
    assert [(edit.path, edit.key) for edit in found["p/b"].fix] == [(("materials", 1), "value")]
    assert found["p/c"].fix == ()
    assert found["p/a"].values["points"] == "U+200F, U+0640"


def test_without_word_lists_that_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then common words are not told, and a note says so, for all packages together."""
    monkeypatch.setattr(word_lists, "is_there", lambda: False)
    monkeypatch.setattr("automod.workshop.lint.checks.no_word_list.is_there", lambda: False)
    word_lists._lists.cache_clear()
    word_lists.common_words.cache_clear()
    files = {
        "p.yaml": package([keyword(A, "money")]),
        "q.yaml": package([keyword(B, "people")], name="q"),
    }
    try:
        found = linted(tmp_path, files)
    finally:
        word_lists._lists.cache_clear()
        word_lists.common_words.cache_clear()
    assert [(one.code, one.severity) for one in found.findings] == [("AM226", "info")]


@given(st.text(alphabet="كازينوقمرهةتبلدشسaéüñ ", min_size=1, max_size=12))
def test_letters_that_were_lost_are_told_from_those_that_were_not(text: str) -> None:
    """What was read in the wrong encoding is read back; what was not is left alone."""
    assert meant_by(text) is None
    if not text.isascii():
        shown = text.encode().decode("cp1252", "ignore")
        lossless = len(shown) == len(text.encode())
        assert not lossless or meant_by(shown) == text
