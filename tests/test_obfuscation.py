"""Signs that words are hidden, in the text and as conditions of rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.engine.compile import compile as compile_ruleset
from automod.model.ruleset import Condition, Material, Package, Rule, Ruleset
from automod.text.obfuscation import find_mixed_script, find_obfuscation
from rulesets import CODE, ON, TABLE
from strategies import more, texts

MIXED = [
    ("a Cyrillic letter in a Latin word", "win at c\u0430sino", ["c\u0430sino"]),
    ("a Greek letter in a Latin word", "c\u03b1sino", ["c\u03b1sino"]),
    (
        "a Latin letter in a Cyrillic word",
        "\u043aa\u0437\u0438\u043d\u043e",
        ["\u043aa\u0437\u0438\u043d\u043e"],
    ),
    (
        "a Latin letter in an Arabic word",
        "\u0643\u0627\u0632\u064a\u0646o",
        ["\u0643\u0627\u0632\u064a\u0646o"],
    ),
    ("an Arabic article before a Latin word", "\u0627\u0644marketing", []),
    ("two words, each in its script", "casino \u043a\u0430\u0437\u0438\u043d\u043e", []),
    ("a hyphen parts two words", "e-\u043f\u043e\u0447\u0442\u0430", []),
    ("a micro sign", "5 \u03bcm and 3 \u00b5g", []),
    ("one script", "\u0628\u0627\u0644\u0643\u0627\u0632\u064a\u0646\u0648", []),
]

STACKED = ("c\u0301\u0302\u0303a\u0301\u0302\u0303", ["c\u0301\u0302\u0303a\u0301\u0302\u0303"])

HIDDEN = [
    ("a zero width space", "ca\u200bsino", ["\u200b"]),
    ("a word joiner in an Arabic word", "\u0642\u0645\u2060\u0627\u0631", ["\u2060"]),
    ("a tag character", "ca\U000e0061sino", ["\U000e0061"]),
    ("an override", "\u202eonisac\u202c", ["\u202eonisac\u202c"]),
    ("a mark of direction within a Latin word", "ca\u200fsino", ["\u200f"]),
    ("dotless letters", "\u066f\u0645\u0627\u0631", ["\u066f\u0645\u0627\u0631"]),
    ("letters in boxes", "\U0001f172\U0001f170\U0001f182", ["\U0001f172\U0001f170\U0001f182"]),
    ("small capitals", "\u1d04\u1d00\ua731", ["\u1d04\u1d00\ua731"]),
    ("stacked marks", *STACKED),
    ("a joiner that is spelling", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", []),
    ("a joiner in Devanagari", "\u0915\u094d\u200d\u0937", []),
    ("a zero width space in Thai", "\u0e01\u0e32\u0e23\u200b\u0e1e\u0e19\u0e31\u0e19", []),
    ("a soft hyphen", "co\u00adop", []),
    ("flags", "\U0001f1f8\U0001f1e6\U0001f1ea\U0001f1ec", []),
    ("an emoji of several", "\U0001f468\u200d\U0001f469\u200d\U0001f467", []),
    ("marks of direction around words", "\u200fABC\u200e", []),
    ("plain words", "caf\u00e9 na\u00efve", []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), MIXED, ids=[row[0] for row in MIXED])
def test_mixed_script(name: str, text: str, expected: list[str]) -> None:
    """A word in letters of two scripts is found whole."""
    assert [text[start:end] for start, end in find_mixed_script(text)] == expected


@pytest.mark.parametrize(("name", "text", "expected"), HIDDEN, ids=[row[0] for row in HIDDEN])
def test_obfuscation(name: str, text: str, expected: list[str]) -> None:
    """What hides words is found, what spelling asks for is not."""
    assert [text[start:end] for start, end in find_obfuscation(text)] == expected


@more(300)
@given(st.one_of(texts(), st.text(max_size=40)))
def test_spans_are_in_order_and_apart(text: str) -> None:
    """Whatever the text: spans within it, none empty, none within another; mixed words included."""
    spans = find_obfuscation(text)
    ends = [0]
    for start, end in spans:
        assert 0 <= start < end <= len(text) and end > ends[-1]
        ends.append(end)
    for start, end in find_mixed_script(text):
        assert any(first <= start and end <= last for first, last in spans)


def _actions(condition: Condition, texts_: list[str]) -> list[str]:
    rule = Rule("p/r", condition, 0.9, (CODE,))
    casino = Material("p/m", "keyword", "casino", 0.0, (CODE,), view="evasion")
    package = Package("p", "1", "t", policies=(CODE,), materials=(casino,), rules=(rule,))
    engine = compile_ruleset(Ruleset((package,), TABLE))
    creatives = [{"id": "c", "markets": ["SA"], "text": {"body": text}} for text in texts_]
    return [one.action for one in engine.decide_batch(creatives, on=ON)]


def test_a_rule_of_obfuscation_alone() -> None:
    """It fires on what is hidden and on listed words in disguise, and on nothing plain."""
    found = Condition("found", "obfuscation")

    acted = _actions(
        found,
        [
            "ca\u200bsino",
            "hidden w\u043erd",
            "\u202eonisac\u202c",
            "c4sino",
            "c4sino caf\u00e9",
            "plain caf\u00e9",
            "plain",
        ],
    )

    assert acted == ["reject"] * 5 + ["approve"] * 2


def test_a_rule_of_a_listed_word_in_disguise() -> None:
    """Signs within ASCII count where they disguise a listed word: they are a hit of that word."""
    both = Condition("all", parts=(Condition("material", "p/m"), Condition("found", "obfuscation")))

    assert _actions(both, ["c4s1n0", "c.a.s.i.n.o", "casino", "cas ino"]) == [
        "reject", "reject", "approve", "approve",
    ]  # fmt: skip


def test_a_rule_of_mixed_script() -> None:
    """It fires on the word, listed or not, and names it among its parts."""
    mixed = Condition("found", "mixed_script")

    assert _actions(mixed, ["c\u0430sino", "w\u043erd", "ca\u200bsino", "word"]) == [
        "reject", "reject", "approve", "approve",
    ]  # fmt: skip
