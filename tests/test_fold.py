"""Folding: what each view merges, what it leaves apart, and the way back to the original."""

from __future__ import annotations

import bz2
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import reference
from automod.text.fold import fold, fold_many
from shared_data import data
from strategies import more, texts

SAFE = [
    # NFKC: width, fonts, circles, fractions, ligatures, presentation forms, radicals
    ("full width", "ＣａＳ１", "cas1"),
    ("half-width katakana", "ｶｼﾞﾉ", "カジノ"),
    ("mathematical", "𝐜𝕒𝓈𝗶𝙣𝟘", "casin0"),
    ("mathematical Arabic", "𞸒𞸌𞸀𞸓", "قمار"),
    ("circled", "ⓒⓐ①", "ca1"),
    ("superscript", "ᶜᵃ²", "ca2"),
    ("fraction", "½", "1⁄2"),
    ("roman number", "Ⅷ", "viii"),
    ("Latin ligature", "ﬁﬄ", "fiffl"),
    ("presentation forms", "ﺭﺑﺢ", "ربح"),
    ("lam-alef", "ﻻ", "لا"),
    ("lam-alef with hamza", "ﻷﻹﻵ", "لالالا"),
    ("Allah", "ﷲ", "الله"),
    ("salla", "ﷺ", "صلي الله عليه وسلم".replace("صلي", "صلى")),
    ("rial", "﷼", "ريال"),
    ("radical", "⾚", "赤"),
    ("no-break space", "a\u00a0b", "a b"),
    ("ideographic space", "a\u3000b", "a b"),
    ("trade mark stays", "casino™", "casino™"),
    # case
    ("capitals", "CaSiNo ЖÑ", "casino жñ"),
    ("sharp s", "Straße STRASSE ẞ", "strasse strasse ss"),
    ("final sigma", "ΣΑΣ σας", "σασ σασ"),
    ("long s", "ſ", "s"),
    ("Kelvin", "\u212a", "k"),
    ("dotted capital I keeps its dot", "İ", "i\u0307"),
    ("dotless i stays", "ı", "ı"),
    ("n preceded by apostrophe", "ŉ", "ʼn"),
    ("Cherokee", "Ꭰꭰ", "ᎠᎠ"),
    ("Georgian", "Ა", "ა"),
    ("Armenian ligature", "և", "եւ"),
    ("Deseret", "𐐀", "𐐨"),
    # deleted: invisible characters, controls of direction, tatweel, Arabic marks
    ("zero-width characters", "c\u200ba\u200cs\u200di\u2060n\ufeffo", "casino"),
    ("soft hyphen, grapheme joiner", "ca\u00adsi\u034fno", "casino"),
    ("marks of direction", "\u200eca\u200fsi\u061cno", "casino"),
    ("embeddings, overrides, isolates", "\u202eca\u202c\u2066si\u2069no", "casino"),
    ("variation selectors, tags", "c\ufe0fa\U000e0100s\U000e0061ino", "casino"),
    ("Hangul fillers", "도\u3164박\u115f\uffa0", "도박"),
    ("Mongolian vowel separator", "a\u180eb", "ab"),
    ("Arabic number sign", "\u0600١", "1"),
    ("tatweel", "ربـــح", "ربح"),
    ("harakat", "رِبْحٌ", "ربح"),
    ("shadda, tanwin", "مجّاني حصرياً", "مجاني حصريا"),
    ("dagger alef", "رحمٰن", "رحمن"),
    ("Quranic marks", "ر\u06d6ب\u06e2ح\u0610", "ربح"),
    ("extended Arabic marks", "ر\u08f0ب\u08d4ح\u089c", "ربح"),
    ("presentation forms of marks", "رﹷب\ufe7bح", "ربح"),
    # Arabic letters
    ("alefs", "أإآٱٲٳٵا", "اااااااا"),
    ("decomposed hamza on alef", "ا\u0654 ا\u0655 ا\u0653", "ا ا ا"),
    ("hamza mark after a haraka", "ا\u064e\u0654", "ا"),
    ("hamza mark without a seat", "ب\u0654ح\u0655", "بح"),
    ("yehs", "یےۍېێ", "ييييي"),
    ("kafs", "کڪك", "ككك"),
    ("hehs", "ہھەه", "هههه"),
    ("heh with hamza", "ۀ ۂ", "ه ه"),
    ("Persian letters", "پڤچگژ", "بفجكز"),
    ("Persian letters as presentation forms", "ﭖﭪﭺﮒﮊﯼ", "بفجكزي"),
    ("Persian yeh makes a hamza seat", "ی\u0654", "ئ"),
    # digits of every script
    ("Arabic-Indic digits", "٠١٢٣٤٥٦٧٨٩", "0123456789"),
    ("Persian digits", "۰۱۲۳۴۵۶۷۸۹", "0123456789"),
    ("Devanagari, Bengali, Thai digits", "९ ৯ ๙", "9 9 9"),
    ("mathematical and full-width digits", "𝟗９", "99"),
    ("astral digits", "𑁯𞥙", "99"),
    # composition
    ("decomposed Latin", "e\u0301", "é"),
    ("Vietnamese in either order", "a\u0323\u0302 a\u0302\u0323", "ậ ậ"),
    ("conjoining jamo", "\u1103\u1169\u1107\u1161\u11a8", "도박"),
    ("compatibility jamo", "ㄷㅗ", "도"),
    ("composition over a deleted character", "e\u200d\u0301", "é"),
    ("Thai sara am", "ท\u0e33 ท\u0e4d\u0e32", "ท\u0e4d\u0e32 ท\u0e4d\u0e32"),
    ("Devanagari nukta stays", "ज़ ज\u093c", "ज\u093c ज\u093c"),
    ("marks first in the text", "\u0323\u0301", "\u0323\u0301"),
    ("marks out of order first in the text", "\u0301\u0323x", "\u0323\u0301x"),
    # not text
    ("lone surrogates", "a\ud800b\udfff", "a\ufffdb\ufffd"),
    ("NUL and controls stay", "a\x00b\x1f\x7f", "a\x00b\x1f\x7f"),
    ("emoji", "🎰❤\ufe0f👨\u200d👩", "🎰❤👨👩"),
    ("nothing", "", ""),
    ("nothing left", "\u0640\u200b\u064e", ""),
]

APART = [
    ("alef maqsura and yeh", "على", "علي"),
    ("teh marbuta and heh", "كرة", "كره"),
    ("hamza on waw", "مؤكد", "موكد"),
    ("hamza on yeh", "نتائج", "نتايج"),
    ("bare hamza", "سماء", "سما"),
    ("dotted letters", "خمر", "حمر"),
    ("a dotless letter", "ٯمار", "قمار"),
    ("Latin accents", "résumé", "resume"),
    ("Vietnamese accents", "đánh bạc", "danh bac"),
    ("Turkish dotless i", "kasıno", "kasino"),
    ("yo", "лёгкий", "легкий"),
    ("Cyrillic look-alikes", "cаsino", "casino"),
    ("traditional Chinese", "賭博", "赌博"),
    ("hiragana and katakana", "かじの", "カジノ"),
    ("leet", "c4s1n0", "casino"),
    ("elongation", "ربحح", "ربح"),
    ("separators", "c.a.s", "cas"),
    ("nukta", "ज़", "ज"),
    ("Hebrew points", "שָׁ", "ש"),
]

PLACES = [
    # name, original, first and last folded character, span in the original
    ("nothing folded", "casino", 1, 4, (1, 4)),
    ("astral characters count as one", "𝐜𝐚𝐬", 0, 2, (0, 2)),
    ("after an astral character", "🎰ربح", 1, 4, (1, 4)),
    ("one to many, whole", "xﷲy", 1, 5, (1, 2)),
    ("one to many, a part", "xﷲy", 2, 3, (1, 2)),
    ("over an expansion", "ﬁn", 1, 3, (0, 2)),
    ("many to one", "xe\u0301y", 1, 2, (1, 3)),
    ("jamo", "x\u1112\u1161\u11aby", 1, 2, (1, 4)),
    ("deleted inside", "xربـــحy", 1, 4, (1, 7)),
    ("deleted before", "\u202eربح", 0, 3, (1, 4)),
    ("marks after the last letter", "رِبْحٌ x", 0, 3, (0, 6)),
    ("several marks after the last letter", "رب\u0651\u064e x", 0, 2, (0, 4)),
    ("a joiner after the last letter", "ab\u200dc", 0, 2, (0, 3)),
    ("a variation selector after the last letter", "❤\ufe0f x", 0, 1, (0, 2)),
    ("half-width voicing mark", "ｶｼﾞﾉ", 1, 2, (1, 3)),
    ("tatweel after the last letter is left out", "ربحـ x", 0, 3, (0, 3)),
]


@pytest.mark.parametrize(
    ("original", "folded"), [row[1:] for row in SAFE], ids=[row[0] for row in SAFE]
)
def test_the_safe_fold(original: str, folded: str) -> None:
    """Each class of the safe fold: the compiled fold and the reference agree with the row."""
    assert folded == fold(original).text
    assert folded == reference.letters(reference.fold(original))


@pytest.mark.parametrize(
    ("left", "right"), [row[1:] for row in APART], ids=[row[0] for row in APART]
)
def test_what_the_safe_fold_keeps_apart(left: str, right: str) -> None:
    """The safe fold never merges a pair that only looser views may merge."""
    assert fold(left).text != fold(right).text


@pytest.mark.parametrize(
    ("original", "first", "last", "span"),
    [row[1:] for row in PLACES],
    ids=[row[0] for row in PLACES],
)
def test_the_way_back(original: str, first: int, last: int, span: tuple[int, int]) -> None:
    """Folded characters know their place in the original, and a span takes its marks along."""
    assert span == fold(original).span(first, last)
    assert span == reference.Text(original).span(first, last)


@pytest.mark.parametrize(
    ("original", "folded"),
    [
        ("e\u0301", "é"),
        ("CaSiNo", "CaSiNo"),
        ("ｃ①", "ｃ①"),
        ("ربـح", "ربـح"),
        ("أ ا\u0654", "أ أ"),
        ("a\u200bb", "a\u200bb"),
        ("\u212b", "Å"),
        ("\u1112\u1161\u11ab", "한"),
        ("١٢", "١٢"),
        ("", ""),
    ],
)
def test_the_exact_view(original: str, folded: str) -> None:
    """Exact is NFC and nothing else."""
    assert folded == fold(original, "exact").text


@pytest.mark.parametrize("view", ["loose", "evasion"])
def test_views_of_another_module(view: str) -> None:
    """A view that is folded elsewhere says so; it never falls back to another."""
    with pytest.raises(ValueError, match=view):
        fold("a", view)  # type: ignore[arg-type]


@pytest.mark.parametrize(("first", "last"), [(0, 0), (2, 1), (-1, 1), (0, 4)])
def test_a_span_outside_the_text(first: int, last: int) -> None:
    """An empty or impossible span is an error, never a wrong place."""
    with pytest.raises(IndexError):
        fold("abc").span(first, last)


# --- laws -----------------------------------------------------------------------------------------


@more(300)
@given(texts())
def test_folding_is_idempotent(text: str) -> None:
    """Folding what is folded changes nothing, in either view."""
    for view in ("safe", "exact"):
        once = fold(text, view).text
        assert once == fold(once, view).text


@more(300)
@given(texts())
@example("\u0301\u0323")
@example("ی\u0654")
@example("\u0654ا")
@example("İ\u0323")
@example("ᾳ\u0345\u0301")
@example("\u1112\u3164\u1161\u200d\u11ab\u11ab")
def test_the_compiled_fold_is_the_reference(text: str) -> None:
    """The table-driven fold gives what folding character by character gives."""
    for view in ("safe", "exact"):
        assert reference.letters(reference.fold(text, view)) == fold(text, view).text


@more(200)
@given(st.lists(texts(8), max_size=6))
@example(["a", "\u0301\u0323", "b"])
@example(["a\u1112", "\u1161b", ""])
@example(["e", "\u0301", "\u0301e\u0301"])
@example(["\ud83c", "\udfb0"])
def test_many_texts_at_once(batch: list[str]) -> None:
    """A batch folds to what its texts fold to one by one: no text touches its neighbour."""
    for view in ("safe", "exact"):
        assert [fold(text, view).text for text in batch] == fold_many(batch, view)


@more(200)
@given(texts(), st.data())
def test_a_span_holds_what_was_folded(text: str, data: st.DataObject) -> None:
    """The original slice of folded characters, folded again, holds those characters.

    Where the slice begins at a mark or a medial jamo, it begins inside a cluster, and its first
    character may change on its own; matches never begin there.
    """
    folded = fold(text)
    starts = [
        i
        for i, char in enumerate(folded.text)
        if unicodedata.normalize("NFC", "a" + char)[0] == "a"
    ]
    starts = [i for i in starts if not reference.extends(folded.text[i])]
    if not starts:
        return
    first = data.draw(st.sampled_from(starts))
    last = data.draw(st.integers(first + 1, len(folded.text)))
    start, end = folded.span(first, last)

    assert 0 <= start < end <= len(text)
    assert folded.text[first:last] in fold(text[start:end]).text


@more(200)
@given(texts())
def test_spans_are_those_of_the_reference(text: str) -> None:
    """Every run of whole clusters has the original place that the reference gives it."""
    folded, looked = fold(text), reference.Text(text)
    edges = [i for i, char in enumerate(looked.chars) if not reference.extends(char)]
    for first in edges:
        for last in [*(edge for edge in edges if edge > first), len(looked.chars)]:
            assert looked.span(first, last) == folded.span(first, last)


# --- what others say ------------------------------------------------------------------------------


def normalisation_rows() -> Iterator[tuple[str, list[str]]]:
    """Rows of Unicode's test that this Python knows: the line; source, NFC, NFD, NFKC, NFKD."""
    with bz2.open(data("unicode/NormalizationTest.txt.bz2"), "rt", encoding="utf-8") as lines:
        for line in lines:
            if line[0] not in "#@":
                forms = [decoded(form) for form in line.split(";")[:5]]
                if all(unicodedata.category(char) != "Cn" for form in forms for char in form):
                    yield line, forms


def decoded(codes: str) -> str:
    """Characters from the way Unicode's files write them: `0041 0301`."""
    return "".join(chr(int(code, 16)) for code in codes.split())


def test_canonical_equivalents() -> None:
    """What Unicode holds canonically equal is one text in both views, and exact is NFC."""
    rows = list(normalisation_rows())
    columns = [[forms[column] for _, forms in rows] for column in range(5)]

    assert len(rows) > 18_000
    for source, nfc, nfd in (columns[:3], [columns[3], columns[3], columns[4]]):
        assert [] == different(fold_many(source, "exact"), nfc)
        assert [] == different(fold_many(nfd, "exact"), nfc)
        assert [] == different(fold_many(source), fold_many(nfd))
        assert [] == different(fold_many(source), fold_many(nfc))


def test_compatibility_equivalents() -> None:
    """What Unicode holds compatible is one text in the safe view, but for a few of our own.

    Trade marks stay apart from the word before; the voicing marks of kana join the letter before.
    """
    own = {*reference.KEPT, "\u309b", "\u309c"}
    rows = [forms for _, forms in normalisation_rows() if forms[0] not in own]

    assert [] == different(
        fold_many([forms[0] for forms in rows]), fold_many([forms[3] for forms in rows])
    )


def different(left: Sequence[str], right: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs that are not equal, as code points."""
    return [(ascii(a), ascii(b)) for a, b in zip(left, right, strict=True) if a != b]


def test_unicode_case_folding() -> None:
    """Both sides of every full case folding of Unicode fold alike (the Turkic ones left out)."""
    rows = []
    for line in data("unicode/CaseFolding.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            source, status, target = line.split("; ")[:3]
            if status in "CF" and unicodedata.category(decoded(source)) != "Cn":
                rows.append((decoded(source), decoded(target)))

    assert len(rows) > 1_400
    assert [] == [row for row in rows if fold(row[0]).text != fold(row[1]).text]


# --- traps ----------------------------------------------------------------------------------------

TRAPS = [
    ("two classes in turn", "\u0301\u0323", 2),
    ("one class", "\u0301", 1),
    ("half-width voicing marks", "\uff9e", 1),
    ("marks held apart by joiners", "\u0301\u200d\u0323", 3),
    ("marks that decompose", "\u0344\u0323", 2),
    ("Arabic marks", "\u064e\u0651", 2),
    ("hamza marks", "\u0654\u0655", 2),
    ("enclosing marks", "\u20dd", 1),
    ("nuktas and vowel signs", "\u093c\u093f", 2),
]


@pytest.mark.parametrize(
    ("trap", "size"), [row[1:] for row in TRAPS], ids=[row[0] for row in TRAPS]
)
def test_a_million_marks(trap: str, size: int) -> None:
    """A million combining marks fold at once, and what stands around them stays right.

    Normalising them whole would take minutes. That the work is linear shows in the counts below.
    """
    text = "a" + trap * (1_000_000 // size) + " casino"
    folded = fold(text)

    assert unicodedata.normalize("NFD", folded.text).startswith("a")
    assert folded.text.endswith(" casino")
    assert (len(text) - 6, len(text)) == folded.span(len(folded.text) - 6, len(folded.text))


@pytest.mark.parametrize(
    ("trap", "size"), [row[1:] for row in TRAPS], ids=[row[0] for row in TRAPS]
)
def test_marks_are_normalised_in_short_runs(
    trap: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No long run of marks reaches `unicodedata.normalize`, which is quadratic in them."""
    longest = 0
    normalize = unicodedata.normalize

    def watched(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
        nonlocal longest
        run = 0
        for char in normalize("NFD", text) if len(text) < 5_000 else text:
            run = run + 1 if unicodedata.combining(char) else 0
            longest = max(longest, run)
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", watched)
    fold("e" + trap * (20_000 // size) + " x")
    fold("e" + trap * (20_000 // size) + " x", "exact")

    assert longest <= 4 * reference.LONGEST_RUN_OF_MARKS
