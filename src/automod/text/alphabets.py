"""Alphabets: what passes for a letter of each, and tokens with their letters restored."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice, product
from typing import Final

from .letters import MOST_OPTIONS, Letter, Letters
from .tables import rows
from .tables.far import ARABIC, CLASSES, CYRILLIC, GREEK, LATIN, far_tables
from .vocabulary import ARABIC_DIGITS
from .words import group_of, is_mark

DOTLESS, JAMO, MIXED = "dotless", "jamo", "mixed_script"
_SCRIPTS: Final = frozenset({LATIN, CYRILLIC, GREEK, ARABIC})

PUNCTUATION: Final = frozenset("!(+|")
"""Signs that stand for letters, and at the edge of a token more often for themselves."""

Options = Mapping[str, tuple[tuple[str, str], ...]]
"""A character -> the letters that it may stand for, each with the name of that fold."""


def stands_for_itself(text: str) -> bool:
    """Whether it is plain that a token can be read as it stands only: ASCII, and no sign in it.

    >>> stands_for_itself("avo-cardio"), stands_for_itself("c4rdio")
    (True, False)
    """
    return text.isascii() and _ascii_signs().isdisjoint(text)


@lru_cache(maxsize=1)
def _ascii_signs() -> frozenset[str]:
    """What in ASCII passes for a letter, of Latin or of Arabic in Latin letters."""
    return frozenset([*filter(str.isascii, _alphabets()["latin"]), *ARABIC_DIGITS])


@lru_cache(maxsize=1)
def _alphabets() -> Mapping[str, Options]:
    """By alphabet, what passes for a letter of it."""
    table = far_tables()
    found: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
        "latin": {char: (fold,) for char, fold in table.stand_ins.items()},
        "cyrillic": {},
        "greek": {},
        "arabic": {char: (fold,) for char, fold in table.arabic_stand_ins.items()},
    }
    for alphabet, char, letters, name in rows("alphabets.txt", encoding="utf-8"):
        found[alphabet][char] = tuple((letter, name) for letter in letters)
    return found


_OWN: Final[Mapping[str, Callable[[str], bool]]] = {
    "latin": lambda char: "a" <= char <= "z" or char in far_tables().loose_folds,
    "cyrillic": lambda char: "\u0430" <= char <= "\u045f",
    "greek": lambda char: "\u03ac" <= char <= "\u03ce",
    "arabic": lambda char: "\u0620" <= char <= "\u06d3",
}


def _alphabets_of(letters: Letters) -> list[str]:
    """The alphabets in which every letter has its place, those first that have most of them."""
    chars = [one.char for one in letters if group_of(one.char) and not is_mark(one.char)]
    signs = [one.char for one in letters if not group_of(one.char)]
    fitting = []
    # Of an alphabet other than Latin some letter has to be its own: none is in ASCII.
    ascii_alone = all(map(str.isascii, chars))
    for alphabet, options in _alphabets().items():
        if ascii_alone and alphabet != "latin":
            continue
        is_own = _OWN[alphabet]
        if not all(is_own(char) or char in options for char in chars):
            continue
        if all(char not in options for char in (*chars, *signs)):
            continue
        own = sum(map(is_own, chars))
        odd = any(char in options and not char.isascii() for char in signs)
        if own or (alphabet == "latin" and (odd or _has_odd(chars))):
            fitting.append((-own, alphabet))
    return [alphabet for _, alphabet in sorted(fitting)]


def _has_odd(chars: Iterable[str]) -> bool:
    """Whether a letter is one that no alphabet has, such as a small capital."""
    return any(char.isalpha() and char in far_tables().stand_ins for char in chars)


def without_edges(letters: Letters) -> Letters:
    """A token without the symbols around it, but for signs that stand for a letter there."""
    first, last = 0, len(letters)
    signs = far_tables().stand_ins
    while (
        first < last
        and not group_of(letters[first].char)
        and not (letters[first].char in signs and letters[first].char not in PUNCTUATION)
    ):
        first += 1
    while (
        last > first
        and not group_of(letters[last - 1].char)
        and not (letters[last - 1].char in signs and letters[last - 1].char not in PUNCTUATION)
    ):
        last -= 1
    return letters[first:last]


def _options_for(
    letters: Letters,
    options_of: Callable[[str], Sequence[tuple[str, str]]],
    is_own: Callable[[str], bool] = lambda _: False,
    is_asked_for: Callable[[str], bool] = lambda _: True,
) -> Iterator[Letters]:
    """The ways to replace what stands for letters: the likeliest, then what is asked for.

    `is_own`: what may stay; `is_asked_for`: whether a spelling is of use.
    """
    slots = [
        [
            *[letter] * is_own(letter.char),
            *(letter._replace(char=to, folds=letter.folds | {name}) for to, name in options),
            # A digit may be one.
            *[letter] * (not options or letter.char.isdigit()),
        ]
        for letter in letters
        for options in [options_of(letter.char)]
    ]
    for number, one in enumerate(islice(product(*slots), MOST_OPTIONS)):
        if number == 0 or is_asked_for("".join(letter.char for letter in one)):
            yield one


def _either(options: Options, char: str) -> Sequence[tuple[str, str]]:
    return options.get(char, ())


def _dotless_options(char: str) -> Sequence[tuple[str, str]]:
    return [(one, DOTLESS) for one in far_tables().dotless.get(char, "")]


def in_alphabets(
    letters: Letters, text: str, is_asked_for: Callable[[str], bool] = lambda _: True
) -> Iterator[Letters]:
    """A token with its letters restored, for each alphabet that it may be written in.

    A token in more than one script (`text`: as it stands) is evidence of its own. Of each alphabet
    the likeliest spelling is given, of the others those asked for.
    """
    mixed = not text.isascii() and len(_SCRIPTS.intersection(map(CLASSES.__getitem__, text))) > 1
    for alphabet in _alphabets_of(letters):
        options = _alphabets()[alphabet]
        either = partial(_either, options)
        for one in _options_for(letters, either, _OWN[alphabet], is_asked_for):
            yield tuple(map(_mixed, one)) if mixed else one


def _mixed(letter: Letter) -> Letter:
    swapped = not letter.folds.isdisjoint(("lookalike", "arabic_lookalike"))
    return letter._replace(folds=letter.folds | {MIXED}) if swapped else letter


def with_dots(letters: Letters) -> Iterator[Letters]:
    """A token with each letter that its dotless ones may be."""
    return _options_for(letters, _dotless_options)


def spread(word: str, letters: Letters, name: str) -> Letters:
    """The letters of a word that as a whole is written in other letters."""
    first, last = letters[0].first, letters[-1].last
    return tuple(
        Letter(char, first, first if n < len(word) - 1 else last, frozenset([name]))
        for n, char in enumerate(word)
    )


def syllables(letters: Letters) -> Letters:
    """Hangul letters written apart, put together: an initial that no vowel follows is a final."""
    kept: list[Letter] = []
    for n, letter in enumerate(letters):
        following = letters[n + 1].char if n + 1 < len(letters) else ""
        char = letter.char
        if "\u1100" <= char <= "\u1112" and not "\u1161" <= following <= "\u1175":
            char = _FINALS.get(char, char)
        whole = unicodedata.normalize("NFC", kept[-1].char + char) if kept else ""
        if len(whole) == 1:
            before = kept[-1]
            folds = before.folds | letter.folds | {JAMO}
            kept[-1] = Letter(whole, before.first, letter.last, folds)
        else:
            kept.append(letter._replace(char=char))
    return tuple(kept)


# The initial and the final of a Hangul syllable are two code points of one letter (UAX #15).
_FINALS: Final[Mapping[str, str]] = dict(zip("ᄀᄁᄂᄃᄅᄆᄇᄉᄊᄋᄌᄎᄏᄐᄑᄒ", "ᆨᆩᆫᆮᆯᆷᆸᆺᆻᆼᆽᆾᆿᇀᇁᇂ", strict=True))
