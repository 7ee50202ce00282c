"""Numbers in Arabic words where digits are looked for: amounts in phrases, and phones."""

from __future__ import annotations

import pytest

from automod.text.views import fold
from rulesets import BACKENDS, Backend, creative, engine, material

AMOUNTS = [
    ("اربح خمسة آلاف ريال الآن", "خمسة آلاف ريال"),
    ("اربح 5000 ريال", "5000 ريال"),
    ("اربح ٥٠٠٠ ريال", "٥٠٠٠ ريال"),
    ("ألفين ريال", "ألفين ريال"),
    ("آلاف ريال", None),
    ("كم ريال", None),
]
PHONES = [
    ("اتصل صفر خمسة خمسة واحد اثنين ثلاثة اربعة خمسة ستة سبعة الآن",
     "صفر خمسة خمسة واحد اثنين ثلاثة اربعة خمسة ستة سبعة"),
    ("اتصل 0551234567", "0551234567"),
    ("صفر خمسة خمسة واحد اثنين ثلاثة اربعة خمسة ستة", None),
    ("واحد اثنين ثلاثة", None),
]  # fmt: skip


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("text", "surface"), AMOUNTS)
def test_an_amount_in_words(text: str, surface: str | None, backend: Backend) -> None:
    """The slot `<number>` takes number words as well as digits."""
    hits = engine((material("<number> ريال", "phrase"),), backend).scan(creative(text))

    assert [hit.text for hit in hits] == ([] if surface is None else [surface])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("text", "surface"), PHONES)
def test_a_phone_read_out(text: str, surface: str | None, backend: Backend) -> None:
    """A listed number is found where its digits are read out as words, whole numbers only."""
    one = {**creative(text), "markets": ["SA"]}
    hits = engine((material("+966551234567", "phone"),), backend).scan(one)

    assert [hit.text for hit in hits] == ([] if surface is None else [surface])


@pytest.mark.parametrize(
    ("text", "view", "folded", "span"),
    [
        ("مراهنة", "loose", "مراهنه", (0, 6)),
        ("c\u0336a\u0336", "loose", "ca", (0, 4)),
        ("æon", "loose", "aeon", (0, 3)),
        ("\U0001f172\U0001f170\U0001f182", "evasion", "cas", (0, 3)),
        ("k a z i n o", "evasion", "kazino", (0, 11)),
        ("", "evasion", "", None),
    ],
)
def test_one_text_in_the_looser_views(
    text: str, view: str, folded: str, span: tuple[int, int] | None
) -> None:
    """`automod.fold` shows every view, each character with its way back."""
    found = fold(text, view)  # type: ignore[arg-type]

    assert found.text == folded
    assert span is None or found.span(0, len(folded)) == span
