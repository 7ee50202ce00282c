"""The short way to a skeleton: the same as the long way, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.text.fold import fold_texts
from automod.text.quick import LONGEST, quick_skeleton, quick_word
from automod.text.words import cores, skeleton
from strategies import SEPARATORS, more, texts

PLAIN = st.lists(
    st.one_of(
        st.sampled_from([*"abzAZ0159éßŁяЖωΩ½ﬁ®™", *SEPARATORS, "🎰", "\u00ad", "\u200d", "\ufe0f"]),
        st.characters(max_codepoint=0x24FF),
    ),
    max_size=20,
).map("".join)

PLAIN_ROWS = ["", "   ", "Casino - 50% off!", "É ﬁ ½", "Казино 24", "a\u00adb", "❤\ufe0f", "\0a\0"]
HARD_ROWS = ["500ريال", "赌博", "e\u0301", "a     b", "ca\u200bsino", "\ud800", "도박", "กา"]


@pytest.mark.parametrize("text", PLAIN_ROWS)
def test_plain_texts_are_answered(text: str) -> None:
    """Latin, Cyrillic, Greek, digits, emoji and most symbols need no arrays."""
    assert quick_skeleton([text]) is not None or "\0" in text


@pytest.mark.parametrize("text", HARD_ROWS)
def test_what_is_not_plain_is_left_to_arrays(text: str) -> None:
    """Scripts that break words, marks, long gaps, soft characters and surrogates."""
    assert quick_skeleton(["casino", text]) is None


def test_long_texts_are_left_to_arrays() -> None:
    """Beyond LONGEST characters arrays are faster."""
    assert quick_skeleton(["ab " * LONGEST]) is None


@more(500)
@given(st.lists(st.one_of(PLAIN, PLAIN, texts()), min_size=1, max_size=4))
def test_both_ways_agree(some: list[str]) -> None:
    """Where the short way answers, words and the gaps between them are those of the long way."""
    quick = quick_skeleton(some)
    if quick is not None:
        long = skeleton(fold_texts(some)).text
        assert [part.split() for part in quick.split("  ") if part.strip()] == [
            part.split() for part in long.split("  ") if part.strip()
        ]


@more(500)
@given(texts(6))
def test_a_word_is_what_its_skeleton_is(text: str) -> None:
    """Where one word is folded the short way, its skeleton is that word."""
    word = quick_word(text)
    if word is not None:
        assert cores([text])[1] == [word]
