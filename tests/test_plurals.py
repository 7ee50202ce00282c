"""Arabic nouns after numbers: the form that the number asks for."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.report.plurals import category, counted
from automod.report.tally import Tally, tally_line
from automod.report.visible import FSI, PDI

ADS: Final[list[tuple[int, str]]] = [
    (0, "0 إعلان"), (1, "إعلان واحد"), (2, "إعلانان"), (3, "3 إعلانات"), (10, "10 إعلانات"),
    (11, "11 إعلانًا"), (99, "99 إعلانًا"), (100, "100 إعلان"), (102, "102 إعلان"),
    (103, "103 إعلانات"), (111, "111 إعلانًا"), (1_000, "1,000 إعلان"), (1_011, "1,011 إعلانًا"),
]  # fmt: skip


@pytest.mark.parametrize(("n", "told"), ADS)
def test_ads_are_counted_in_arabic(n: int, told: str) -> None:
    """As a reader of Arabic says it."""
    assert counted("creatives", n, "ar") == told


@given(st.integers(3, 10**9))
def test_only_the_last_two_digits_count(n: int) -> None:
    """From three on, a number asks for what its last two digits ask for."""
    assert category(n) == category(n % 100 + 100)


def test_the_line_of_a_scan() -> None:
    """Nouns and what is said of them agree with their numbers; the comma is the Arabic one."""
    tally = Tally(creatives=33, counts={"reject": 12, "review": 3, "restrict": 2, "approve": 16})
    line = tally_line(tally, "ar").plain.replace(FSI, "").replace(PDI, "")
    assert line == ("33 إعلانًا: ✖ 12 مرفوضًا، ◆ 3 للمراجعة، ▲ 2 مقيّدان، ✔ 16 موافقًا عليه")
