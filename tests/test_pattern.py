"""Patterns: compiled for folded text, with literal pre-filters and a budget."""

from __future__ import annotations

import re
import time

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from automod.match.needs import Alphabet, needs_of
from automod.match.pattern import Budget, Pattern, TimedOut, compile_pattern
from automod.model.vocabulary import View
from automod.text.fold import fold
from automod.text.words import cores


def spans(value: str, text: str, view: View = "safe") -> list[str]:
    """What a pattern matches of a text, the text folded for it."""
    folded = fold(text, view).text
    found = compile_pattern(value, view).find(folded, Budget(5.0))
    return [folded[start:end] for start, end in found]


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("[0-9]+ ?usd", "win 500 USD", ["500 usd"]),
        ("كَـازينو", "كــازينو", ["كازينو"]),
        ("آب", "اب أب", ["اب", "اب"]),
        ("[آ-ی]+", "كتاب", ["كتاب"]),
        ("کازینو", "كازينو", ["كازينو"]),
        (r"\u0623ب", "أب", ["اب"]),
        ("[٠-٩]+", "٠٥٠ 12", ["050", "12"]),
        ("كـ*ازينو", "كــازينو", ["كازينو"]),
        ("[\u064b-\u0652]*كازينو", "كازينو", ["كازينو"]),
        ("ＷＩＮ", "win", ["win"]),
        ("a．c", "abc a.c", ["a.c"]),
        ("[．]", "a.b", ["."]),
        ("ÉTÉ", "été", ["été"]),
        ("cafe\u0301", "CAFÉ", ["café"]),
        ("﷼", "5 ﷼", ["ريال"]),
        ("straße", "STRASSE", ["strasse"]),
        ("I", "i ı", ["i"]),
        (r"\x49", "i ı", ["i"]),
        ("(?x) كازينو  # word", "كازينو", ["كازينو"]),
        (r"\bwin\b", "win winner", ["win"]),
        ("aba", "ababa", ["aba", "aba"]),
        ("[0-9]+", "12345 6", ["12345", "6"]),
        ("a.*b", "a1b2b", ["a1b2b"]),
        ("ab|b", "ab b", ["ab", "b"]),
    ],
)
def test_safe_view(value: str, text: str, expected: list[str]) -> None:
    """A pattern and a text are folded alike; all matches, one for each end."""
    assert spans(value, text) == expected


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("Win", "win Win WIN", ["Win"]),
        ("(?i)Win", "win Win", ["win", "Win"]),
        ("أب", "أب اب", ["أب"]),
        ("é", "e\u0301", ["é"]),
        ("e\u0301", "é", ["é"]),
    ],
)
def test_exact_view(value: str, text: str, expected: list[str]) -> None:
    """The exact view is NFC and nothing else."""
    assert spans(value, text, "exact") == expected


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("", "the pattern is empty"),
        ("a" * 2001, "2001 characters"),
        ("ab(c", "missing ) at character 5"),
        ("[z-a]", "bad character range at character"),
        ("a{2,1}", "is no pattern"),
        ("*a", "is no pattern"),
        (r"\L<words>", "is no pattern"),
        ("(?r)abc", "searches backwards"),
        ("a*", "matches the empty text"),
        ("a?|b", "matches the empty text"),
        (r"\b", "matches the empty text"),
        ("(?=a)", "matches the empty text"),
        ("^", "matches the empty text"),
    ],
)
def test_refused(value: str, sentence: str) -> None:
    """What is no pattern, or matches everywhere, is refused, with the place."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        compile_pattern(value, "safe")


@given(st.text(st.sampled_from("ab(|)[]{}*+?\\.^$1,:=!<>P#xكـ\u064e٣ßI-&~ "), max_size=14))
def test_any_text_compiles_or_is_refused(value: str) -> None:
    """A pattern compiles or raises ValueError; nothing else comes out."""
    try:
        pattern = compile_pattern(value, "safe")
    except ValueError:
        return
    assert isinstance(pattern, Pattern)


# --- atoms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "atoms"),
    [
        ("casino", ("casino",)),
        ("Casino", ("casino",)),
        (r"casino\d+", ("casino",)),
        ("casino ?royale", ("casino",)),
        ("win|lose", ("lose", "win")),
        ("(?:win|lose) money", ("money",)),
        ("(win|lose)+ it", ("win", "lose")),
        ("(win|lose)* money", ("money",)),
        ("(win)?", None),
        ("abc*", ("ab",)),
        ("abc+d", ("abc",)),
        ("abc{0}d", ("ab",)),
        ("ab{2}cde", ("bcde",)),
        (r"\d{5,}", None),
        ("[abc]def", ("def",)),
        ("[]abc]def", ("def",)),
        ("[[:alpha:]]def", ("def",)),
        (r"[\]x]def", ("def",)),
        ("(?i)casino", ("casino",)),
        ("(?x)casino", None),
        ("(?=casino).{6}", None),
        ("(?<!no )casino", ("casino",)),
        ("(?P<name>casino)(?P=name)", None),
        (r"(casino)\1", ("casino",)),
        ("(?:casino){e<=1}", None),
        ("(?|casino|poker)", None),
        ("casino|.", None),
        ("a|b", None),
        ("玩", ("玩",)),
        ("كازينو|قمار", ("قمار", "كازينو")),
        ("كَازينو", ("كازينو",)),
        (r"t\.me/winksa", ("winksa",)),
        (r"caf\u00e9", ("café",)),
        (r"\p{L}casino\N{DIGIT ONE}", ("casino",)),
        ("(?#casino)poker", None),
    ],
)
def test_atoms(value: str, atoms: tuple[str, ...] | None) -> None:
    """What a pattern must contain, and None where that is not sure."""
    try:
        found = compile_pattern(value, "safe").atoms
    except ValueError:
        found = None
    assert found == (None if atoms is None else tuple(sorted(atoms)))


@pytest.mark.parametrize(
    ("value", "atoms"),
    [("Casino", ("casin",)), ("كازينو", None), ("(?i)win", None), (r"win\d", ("wi",))],
)
def test_atoms_of_the_exact_view(value: str, atoms: tuple[str, ...] | None) -> None:
    """In the exact view an atom is of the folded text: ASCII, without a run's last letter."""
    assert compile_pattern(value, "exact").atoms == atoms


LETTERS = ["a", "b", "K", "s", "I", "i", "ı", "é", "ك", "ـ", "أ", "٣", "玩", "\u0301", "ß", "."]
LEAVES = st.sampled_from(
    [*(re.escape(letter) for letter in LETTERS), "ab", "kis", "كا", r"\d", r"\w", ".", "[ab]",
     "[^a]", "[أ-ي]", r"\u0623", r"\x49", r"\b", "(?=a)", "(?!b)", "^", "$"]
)  # fmt: skip
QUANTIFIERS = st.sampled_from(["?", "*", "+", "{2}", "{0}", "{1,2}", "{,2}", "+?", "*+", "{0,1}"])


def _larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(parts, min_size=1, max_size=4).map("".join),
        st.lists(parts, min_size=2, max_size=3).map(lambda p: "(" + "|".join(p) + ")"),
        st.tuples(parts, QUANTIFIERS).map(lambda p: f"(?:{p[0]}){p[1]}"),
        st.tuples(LEAVES, QUANTIFIERS).map("".join),
        parts.map(lambda p: f"(?>{p})"),
        parts.map(lambda p: f"(?i:{p})"),
    )


PATTERNS = st.recursive(LEAVES, _larger, max_leaves=8)
TEXTS = st.lists(st.sampled_from([*LETTERS, "ab", "kis", "KIS", "كا", "1", " "]), max_size=14)


@given(PATTERNS, TEXTS.map("".join), st.sampled_from(["safe", "exact"]))
def test_an_atom_is_in_every_text_matched(value: str, text: str, view: View) -> None:
    """If a pattern with atoms matches a text, an atom is in the skeleton of the folded text."""
    try:
        pattern = compile_pattern(value, view)
    except ValueError:
        return
    if pattern.atoms is not None and pattern.find(fold(text, view).text, Budget(5.0)):
        bones = cores([text])[1][0]
        assert any(core in bones for core in cores(list(pattern.atoms))[1])


# --- needs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "needs"),
    [
        ("[0-9]+ ?%", [{"[0-9]", "%"}]),
        ("🎰|[*_]{2}", [{"🎰"}, {"[*_]"}]),
        (r"\p{Lu}(?<=[$€].)x*", [{r"\p{Lu}", "[$€]"}]),
        (r"\b(?![0-9])(?:\d\$|#)", [{r"\d", r"\$"}, {r"\#"}]),
        (r"([a-z])\1", [{"[a-z]"}]),
        ("(?:[0-9]+)?", []),
        (".+|[0-9]", []),
        (r"\X[0-9]", [{"[0-9]"}]),
        ("(?-i:[^a])[0-9]", []),
        ("(?:a|b)" * 6, [{"a", "a|b"}, {"b", "a|b"}]),
    ],
)
def test_needs(value: str, needs: list[set[str]]) -> None:
    """Ways to match: of each the characters without which there is no match."""
    found = [{"|".join(sorted(unit)) for unit in way} for way in needs_of(value)]
    assert found == needs


@given(
    st.one_of(PATTERNS, PATTERNS.map(lambda p: f"(?<={p})."), PATTERNS.map(lambda p: f"(?={p}).")),
    TEXTS.map("".join),
    st.sampled_from(["safe", "exact"]),
)
def test_a_text_that_is_matched_has_what_the_pattern_needs(
    value: str, text: str, view: View
) -> None:
    """Of a pattern that matches a text some way is met by the characters of the text."""
    try:
        pattern = compile_pattern(value, view)
    except ValueError:
        return
    alphabet = Alphabet(0 if view == "exact" else regex.IGNORECASE)
    ways, folded = alphabet.ways(pattern.needs()), fold(text, view).text
    if ways and pattern.find(folded, Budget(5.0)):
        met = alphabet.met(folded)
        assert any(met & way == way for way in ways)


def test_what_characters_meet_is_the_same_in_whatever_order_they_come() -> None:
    """Also when so many were seen that it begins anew, and for a text of very many."""
    alphabet = Alphabet()
    ways = alphabet.ways(needs_of("[0-9]+%|[\u4e00-\u9fff]"))
    some = alphabet.met("50 %")
    for first in range(0x4E00, 0x4E00 + 90_000, 1_500):
        block = "".join(map(chr, range(first, first + 1_500)))
        assert alphabet.met(block) & ways[1] == (ways[1] if first <= 0x9FFF else 0)
    assert alphabet.met("% 50") == some
    assert some & ways[0] == ways[0]
    assert not some & ways[1]
    assert alphabet.met("".join(map(chr, range(0x3400, 0x3400 + 2_001)))) & ways[0] == ways[0]


@given(PATTERNS, TEXTS.map("".join))
def test_matches_are_those_of_the_module(value: str, text: str) -> None:
    """The spans are the overlapping matches of `regex`, one for each end."""
    try:
        pattern = compile_pattern(value, "safe")
    except ValueError:
        return
    folded = fold(text, "safe").text
    earliest: dict[int, int] = {}
    for match in pattern.compiled.finditer(folded, overlapped=True):
        if match.end() > match.start():
            earliest.setdefault(match.end(), match.start())
    expected = sorted((start, end) for end, start in earliest.items())
    assert pattern.find(folded, Budget(5.0)) == expected


# --- budget --------------------------------------------------------------------------------------

REDOS = [
    (r"(a|aa)+$", "a" * 60 + "b"),
    (r"(a|a?)+b\Z", "a" * 60 + "c"),
    (r"^(\w+\s?)*!$", "word " * 30 + "?"),
    (r"(x+x+)+y", "x" * 60),
    (r"(?:a?){30}a{30}c", "a" * 30),
    (r"(.*)*,(.*)*,(.*)*;", "a," * 60),
    (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 60),
    (r"(.*a){12}x", "a" * 60),
]


@pytest.mark.parametrize(("value", "text"), REDOS)
def test_catastrophic_patterns_end_in_time(value: str, text: str) -> None:
    """A pattern that backtracks without end is over, or gives up, soon after its budget."""
    pattern = compile_pattern(value, "safe")
    budget = Budget(0.1)
    started = time.perf_counter()
    try:
        pattern.find(text * 3, budget)
    except TimedOut:
        assert budget.left == 0.0
    assert time.perf_counter() - started < 1.0


def test_one_of_them_does_time_out() -> None:
    """A time-out is told, and then nothing is left for the next pattern."""
    budget = Budget(0.05)
    with pytest.raises(TimedOut):
        compile_pattern(r"(.*)*,(.*)*,(.*)*;", "safe").find("a," * 200, budget)
    with pytest.raises(TimedOut):
        compile_pattern("a", "safe").find("a", budget)


def test_budget_is_shared() -> None:
    """What one pattern takes, the next has no more."""
    budget = Budget(1.0)
    compile_pattern("a+b", "safe").find("a" * 2000, budget)
    assert 0.0 < budget.left < 1.0


def test_dense_matches_stay_linear() -> None:
    """`.*` in a long text is no quadratic search: after 100 matches it goes on behind each."""
    for value in (r"(?s)a.*", "a[^b]*", "a[^b]*?a$"):
        found = compile_pattern(value, "safe").find("a" * 100_000, Budget(5.0))
        assert found == [(0, 100_000)]
    assert len(compile_pattern("aa", "safe").find("a" * 1000, Budget(5.0))) == 100 + 449


def test_version_0_of_the_module() -> None:
    """Patterns are version 0: no nested sets, `re`'s meaning of flags."""
    assert compile_pattern("[[a]b", "safe").compiled.flags & regex.VERSION0
