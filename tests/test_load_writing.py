"""What a material leaves open: view, boundary and language follow from how its value is written."""

from __future__ import annotations

from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from automod.engine.compile import compile
from automod.errors import MissingExtra
from automod.load.writing import (
    CJK,
    LONG,
    OTHER,
    SOUTH_EAST,
    default_boundary,
    language_of,
    writing_of,
    writings_of,
)
from automod.model.canonical import from_canonical, to_canonical
from automod.model.ruleset import Material
from automod.model.vocabulary import Kind
from automod.text import language
from automod.text.fold import fold
from loading import HEAD, POLICIES, package_of, ruleset_of, write
from rulesets import creative

VIEWS: list[tuple[str, str]] = [
    # Latin, Cyrillic, Greek: five letters.
    ("kind: keyword, value: casino", "evasion"),
    ("kind: keyword, value: poker", "evasion"),
    ("kind: keyword, value: slot", "safe"),
    ("kind: keyword, value: bet365", "safe"),
    ("kind: keyword, value: казино", "evasion"),
    ("kind: keyword, value: игра", "safe"),
    ("kind: keyword, value: καζίνο", "evasion"),
    ("kind: keyword, value: ｐｏｋｅｒ", "evasion"),
    ("kind: keyword, value: 'p-o-k-e-r'", "evasion"),
    # Arabic and Hebrew: four, and marks are none.
    ("kind: keyword, value: رهان", "evasion"),
    ("kind: keyword, value: ربح", "safe"),
    ("kind: keyword, value: رِـبْـح", "safe"),
    ("kind: keyword, value: قازینو", "evasion"),
    ("kind: keyword, value: קזינו", "evasion"),
    ("kind: keyword, value: סמם", "safe"),
    # Han, kana, Hangul: two.
    ("kind: keyword, value: 赌博", "evasion"),
    ("kind: keyword, value: 赌", "safe"),
    ("kind: keyword, value: カジノ", "evasion"),
    ("kind: keyword, value: ｶｼﾞﾉ", "evasion"),
    ("kind: keyword, value: 도박", "evasion"),
    ("kind: keyword, value: ㄷㅗ", "safe"),
    # Any other: never.
    ("kind: keyword, value: การพนัน", "safe"),
    ("kind: keyword, value: सट्टेबाजी", "safe"),
    ("kind: keyword, value: '777777'", "safe"),
    ("kind: keyword, value: 🎰🎰🎰🎰🎰", "safe"),
    # Several scripts: the strictest count; one of them without any, never.
    ("kind: keyword, value: vip赌", "safe"),
    ("kind: keyword, value: club赌", "evasion"),
    ("kind: keyword, value: casinoการพนัน", "safe"),
    # Phrases: all letters of all words; of alternatives the shortest; a slot has none.
    ("kind: phrase, value: win it", "evasion"),
    ("kind: phrase, value: be it", "safe"),
    ("kind: phrase, value: (play|bet) (it|now)", "evasion"),
    ("kind: phrase, value: (a|play) (it|now)", "safe"),
    ("kind: phrase, value: (whatsapp|واتس)", "evasion"),
    ("kind: phrase, value: (whatsapp|واتس|wa)", "safe"),
    ("kind: phrase, value: <number> usd", "safe"),
    ("kind: phrase, value: <number> riyals", "evasion"),
    # What is written holds.
    ("kind: keyword, value: casino, view: exact", "exact"),
    ("kind: keyword, value: casino, view: safe", "safe"),
    ("kind: keyword, value: casino, view: loose", "loose"),
    ("kind: keyword, value: bet, view: evasion", "evasion"),
    # What acts only in disguise has to know one.
    ("kind: keyword, value: bet, only_if_obfuscated: true", "evasion"),
    # The others are read by rules of their own.
    ("kind: regex, value: casino", "safe"),
    ("kind: regex, value: casino, view: exact", "exact"),
    ("kind: domain, value: casino.com", "safe"),
    ("kind: url, value: casino.com/casino", "safe"),
    ("kind: handle, value: casino_bot", "safe"),
    ("kind: phone, value: '+447700900123'", "safe"),
]

BOUNDARIES: list[tuple[str, str, str, str]] = [
    # (the package's languages, the material, boundary, language)
    ("", "value: casino", "word", ""),
    ("", "value: كازينو", "inflected", "ar"),
    ("[ar]", "value: كازينو", "inflected", "ar"),
    ("[ar-EG]", "value: كازينو", "inflected", "ar"),
    ("[arz]", "value: كازينو", "inflected", "ar"),
    ("[en, ar]", "value: كازينو", "inflected", "ar"),
    ("[en]", "value: كازينو", "inflected", "ar"),
    ("[fa]", "value: کازینو", "word", ""),
    ("[fa, ar]", "value: کازینو", "word", ""),
    ("[ar, fa]", "value: کازینو", "inflected", "ar"),
    ("[ur]", "value: جوا", "word", ""),
    ("[ckb]", "value: قومار", "word", ""),
    ("[ar-Latn]", "value: qomar", "word", ""),
    ("[ar]", "value: casino", "word", ""),
    ("[id]", "value: judi", "inflected", "id"),
    ("[id, en]", "value: judi", "inflected", "id"),
    ("[en, id]", "value: judi", "word", ""),
    ("[zsm]", "value: judi", "inflected", "ms"),
    ("[ar, id]", "value: judi", "inflected", "id"),
    ("[id]", "value: '88'", "word", ""),
    ("[ru]", "value: казино", "word", ""),
    ("[zh]", "value: 赌场", "substring", ""),
    ("[zh]", "value: ⾚", "substring", ""),
    ("[ja]", "value: カジノ", "substring", ""),
    ("[th]", "value: คาสิโน", "substring", ""),
    ("[th]", "value: ๕๐", "word", ""),
    ("[ko]", "value: 카지노", "word", ""),
    ("[zh]", "value: vip赌场", "substring", ""),
    # Latin beside another script says nothing of the language.
    ("[en, ar]", "value: vip كازينو", "inflected", "ar"),
    # What is written holds, and the language goes with it.
    ("[ar]", "value: كازينو, boundary: word", "word", ""),
    ("[ar]", "value: كازينو, boundary: prefix", "prefix", ""),
    ("[zh]", "value: 赌场, boundary: word", "word", ""),
    ("[ru]", "value: казино, boundary: inflected", "inflected", "ru"),
    ("[en]", "value: casino, boundary: inflected", "inflected", "en"),
    ("[sr-Latn]", "value: kazino, boundary: inflected", "inflected", "sr"),
    ("[sr-Cyrl]", "value: kazino, boundary: inflected", "inflected", ""),
    ("", "value: casino, boundary: inflected", "inflected", ""),
    # Turkish spelling is checked whatever the boundary.
    ("[tr]", "value: kasino", "word", "tr"),
    ("[tr]", "value: казино", "word", ""),
    ("[az-Latn]", "value: kazino, boundary: prefix", "prefix", "az"),
]


def made(folder: Path, text: str, more: str = "") -> Material:
    """The one material of a package."""
    text = text if "kind:" in text else f"kind: keyword, {text}"
    files = {"p.yaml": f"{HEAD}materials: [{{{text}, weight: weak}}]\n{more}"}
    return package_of(folder, files).materials[0]


@pytest.mark.parametrize(("text", "view"), VIEWS)
def test_the_view_that_is_left_out(tmp_path: Path, text: str, view: str) -> None:
    """As many letters as a disguise must leave to be told from innocent words."""
    assert made(tmp_path, text).view == view


@pytest.mark.parametrize(("languages", "text", "boundary", "kept"), BOUNDARIES)
def test_the_boundary_that_is_left_out(
    tmp_path: Path, languages: str, text: str, boundary: str, kept: str
) -> None:
    """By script, and by the first language of the package that is written in it."""
    more = f"languages: {languages}\n" if languages else ""
    one = made(tmp_path, text, more)
    assert (one.boundary, one.language) == (boundary, kept)


@pytest.mark.parametrize(
    ("text", "more", "swaps"),
    [
        ("value: casino", "", False),
        ("value: casino, view: evasion", "", True),
        ("value: casino", "defaults: {view: evasion}\n", True),
        ("value: casino, view: safe", "defaults: {view: evasion}\n", False),
        ("value: casino, only_if_obfuscated: true", "", False),
        ("kind: phrase, value: win cash, view: evasion", "", False),
        ("kind: domain, value: casino.com", "defaults: {view: evasion}\n", False),
    ],
)
def test_swaps_are_asked_for(tmp_path: Path, text: str, more: str, swaps: bool) -> None:
    """Exchanged letters count where `evasion` is written out; a default of the library asks not."""
    assert made(tmp_path, text, more).swaps is swaps


def test_defaults_are_taken_by_what_they_are_for(tmp_path: Path) -> None:
    """`view: evasion` for a package leaves its patterns and links as they are."""
    text = (
        "defaults: {view: evasion, weight: weak, only_languages: [en, ar]}\n"
        "materials:\n- {kind: regex, value: a+}\n- {kind: domain, value: a.com}\n"
        "- {kind: keyword, value: a}\n"
    )
    found = package_of(tmp_path, {"p.yaml": HEAD + text}).materials
    assert {one.kind: one.view for one in found} == {
        "regex": "safe", "domain": "safe", "keyword": "evasion",
    }  # fmt: skip
    assert {one.only_languages for one in found} == {("ar", "en")}


def test_a_table_is_read_as_entries_are(tmp_path: Path) -> None:
    """Each row of a table has the defaults of its own value."""
    rows = "kind,value,weight\nkeyword,casino,weak\nkeyword,كازينو,weak\nphrase,(a|win) it,weak\n"
    files = {"p.yaml": f"{HEAD}languages: [ar]\nmaterials: [{{table: t.csv}}]\n", "t.csv": rows}
    found = {one.value: one for one in package_of(tmp_path, files).materials}
    assert {value: (one.view, one.boundary, one.language) for value, one in found.items()} == {
        "casino": ("evasion", "word", ""),
        "كازينو": ("evasion", "inflected", "ar"),
        "(a|win) it": ("safe", "word", ""),
    }


def test_an_allow_has_the_same_boundary_and_stays_safe(tmp_path: Path) -> None:
    """It protects with a prefix before it too; only what is written out makes it looser."""
    text = (
        "materials: [{kind: keyword, value: القمار, weight: strong, boundary: substring}]\n"
        "allow:\n- {id: a, kind: phrase, value: مكافحة القمار}\n"
        "- {id: b, kind: keyword, value: casino}\n"
        "- {id: c, kind: keyword, value: casinos, view: evasion, boundary: prefix}\n"
        "- {id: d, kind: regex, value: ' a '}\n"
    )
    ruleset = ruleset_of(tmp_path, {"p.yaml": HEAD + text})
    found = [allow.material for allow in ruleset.packages[0].allows]
    assert [
        one and (one.view, one.boundary, one.language, one.swaps, one.value) for one in found
    ] == [
        ("safe", "inflected", "ar", False, "مكافحة القمار"),
        ("safe", "word", "", False, "casino"),
        ("evasion", "prefix", "", True, "casinos"),
        ("safe", "word", "", False, " a "),
    ]
    decision = compile(ruleset).decide(creative("لمكافحة القمار"), on="2026-11-20")
    assert [one.allowed_by for one in decision.hits if one.material == "p/keyword-القمار"] == [
        "p/a"
    ]


def test_what_is_new_survives_the_canonical_form(tmp_path: Path) -> None:
    """Languages, and what has to be disguised, are part of the digest's text."""
    text = "materials: [{kind: keyword, value: كازينو, weight: weak, only_languages: [fa, ar],"
    ruleset = ruleset_of(tmp_path, {"p.yaml": f"{HEAD}{text} only_if_obfuscated: true}}]\n"})
    one = ruleset.packages[0].materials[0]
    assert (one.language, one.only_languages, one.only_if_obfuscated) == ("ar", ("ar", "fa"), True)
    assert from_canonical(to_canonical(ruleset)) == ruleset


# --- laws ----------------------------------------------------------------------------------------

ALPHABET = "abé κазиكازربح赌カ카ก३ 5-ً()|<>ßー"
KINDS: list[Kind] = ["keyword", "phrase"]


@given(st.lists(st.tuples(st.text(ALPHABET, min_size=1), st.sampled_from(KINDS)), min_size=1))
def test_many_values_are_read_as_each_alone(some: list[tuple[str, Kind]]) -> None:
    """The pass over all characters says what a look at one value says."""
    phrases = [place for place, (_, kind) in enumerate(some) if kind == "phrase"]
    many = writings_of([value for value, _ in some], phrases)
    assert many.tolist() == [writing_of(value, kind) for value, kind in some]


@given(st.text(min_size=1, max_size=6))
def test_every_script_without_spaces_is_known(text: str) -> None:
    """The boundary is `substring` where a letter of such a script is in the value."""
    unspaced = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}&&\p{L}]"
    found = regex.search(unspaced, text, regex.VERSION1)
    writing = writing_of(text, "keyword")
    assert bool(writing & (CJK | SOUTH_EAST)) == bool(found)
    assert (default_boundary(writing, "en") == "substring") == bool(found)


@given(st.text(min_size=1, max_size=8))
def test_a_longer_value_is_not_less_long(text: str) -> None:
    """One more letter of a script that is there takes no disguise away."""
    folded = fold(text, "safe").text
    if folded and writing_of(folded, "keyword") & LONG:
        last = next(char for char in reversed(folded) if writing_of(char, "keyword"))
        assert writing_of(folded + last, "keyword") & LONG


@given(st.characters(categories=["L"]))
def test_every_letter_has_at_most_one_script(char: str) -> None:
    """No letter is counted as two; a language is named only by letters it is written in."""
    scripts = writing_of(char, "keyword") & (LONG - 1)
    assert scripts.bit_count() <= 1
    if scripts == OTHER:
        assert language_of(scripts, ("en", "ar", "he", "zh")) == ""


# --- what only these languages, or only a disguise, may hit ---------------------------------------

PERSIAN = "امروز در این بازی با کازینو زندگی خود را عوض کنید و جایزه بگیرید"
ARABIC_TEXT = "اليوم في هذه اللعبة مع كازينو غير حياتك كلها واربح الجوائز الكبيرة"


def hits(folder: Path, text: str, body: str) -> list[str | None]:
    """What a package of one keyword hits in a text."""
    package = f"{HEAD}materials: [{{kind: keyword, weight: strong, {text}}}]\n"
    engine = compile(ruleset_of(folder, {"p.yaml": package}))
    decision = engine.decide(creative(body), on="2026-11-20")
    assert [hit.text for hit in engine.scan(creative(body))] == [hit.text for hit in decision.hits]
    for hit in decision.hits:
        assert body[hit.start : hit.end] == hit.text
    return [hit.text for hit in decision.hits]


@pytest.mark.parametrize(
    ("only", "body", "expected"),
    [
        ("[ar]", ARABIC_TEXT, ["كازينو"]),
        ("[arz, en]", ARABIC_TEXT, ["كازينو"]),
        ("[he]", ARABIC_TEXT, []),
        ("[ar]", PERSIAN, []),
        ("[fa]", PERSIAN, ["کازینو"]),
        ("[ar, fa]", PERSIAN, ["کازینو"]),
        # Under five words nobody can tell.
        ("[he]", "كازينو اليوم", ["كازينو"]),
        # The language is that of the place: offsets are those of the original.
        ("[he]", "\u200f🎰 " + ARABIC_TEXT, []),
        ("[ar]", "\u200f🎰 " + ARABIC_TEXT, ["كازينو"]),
    ],
)
def test_only_languages(tmp_path: Path, only: str, body: str, expected: list[str]) -> None:
    """A hit in a text of another language falls away; where that is unknown, it stays."""
    pytest.importorskip("py3langid")
    assert (
        hits(tmp_path, f"value: كازينو, boundary: word, only_languages: {only}", body) == expected
    )


def test_only_languages_do_not_ask_the_creative(tmp_path: Path) -> None:
    """What an advertiser declares is his word: it neither stops a hit nor makes one."""
    pytest.importorskip("py3langid")
    text = "materials: [{kind: keyword, value: كازينو, weight: strong, only_languages: [he]}]\n"
    engine = compile(ruleset_of(tmp_path, {"p.yaml": HEAD + text}))
    assert engine.scan(creative(ARABIC_TEXT, language="he")) == ()


@pytest.mark.parametrize(
    ("text", "body", "expected"),
    [
        ("value: casino", "casino CASINO ｃａｓｉｎｏ c4sino", ["c4sino"]),
        ("value: casino", "c a s i n o", ["c a s i n o"]),
        ("value: casino", "the cáśino", []),
        ("value: كازينو", "كازينو كــازينو بالكازينو", []),
        ("value: كازينو", "ك@زينو", ["ك@زينو"]),
    ],
)
def test_only_if_obfuscated(tmp_path: Path, text: str, body: str, expected: list[str]) -> None:
    """It hits where a disguise was taken off, not for case, marks, width or a prefix."""
    assert hits(tmp_path, f"{text}, only_if_obfuscated: true", body) == expected


def test_a_missing_extra_is_told_when_compiling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at the first hit; and only a ruleset that asks for it needs the extra."""

    def missing() -> None:
        raise MissingExtra("languages", "telling the language of a text")

    monkeypatch.setattr(language, "load_model", missing)
    plain = "materials: [{kind: keyword, value: casino, weight: strong%s}]\n"
    write(tmp_path, {"policies.yaml": POLICIES})
    compile(ruleset_of(tmp_path, {"p.yaml": HEAD + plain % ""}))
    ruleset = ruleset_of(tmp_path, {"p.yaml": HEAD + plain % ", only_languages: [en]"})
    with pytest.raises(MissingExtra, match=r"automod-ads\[languages\]"):
        compile(ruleset)
