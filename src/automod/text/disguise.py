"""Disguises: the ways in which a stretch of folded text may be read.

What a reader does without thinking, in order: single letters held apart become one word; in each
token the signs that stand for letters become letters of the alphabet that the token is written in;
drawn out letters are drawn in; pieces that make a word of the vocabulary are put together. Every
letter keeps its place, every fold its name: the same reading finds a disguised word and says
afterwards what the disguise was.

A stretch has few tokens that could be read in more than one way. Of those ways the ones that make a
word of the vocabulary are taken, else the likeliest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import pairwise, product
from typing import Final

import regex

from .alphabets import (
    DOTLESS,
    in_alphabets,
    spread,
    stands_for_itself,
    syllables,
    with_dots,
    without_edges,
)
from .fold import FoldedText
from .harmless import is_address, is_measure
from .joints import SEPARATOR, joint
from .letters import (
    NONE,
    Letter,
    Letters,
    Spelling,
    drawn_in,
    is_drawn_out,
    loosened,
    spelling_of,
    words_of,
)
from .loose import loose, loose_names
from .tables.far import (
    ARABIC,
    BETWEEN,
    CLASSES,
    CYRILLIC,
    DIGIT,
    EDGE,
    GREEK,
    LATIN,
    ODD,
    OTHER,
    SIGN,
    UNSPACED_LETTER,
    far_tables,
)
from .units import Unit, units_of
from .vocabulary import ARABIC_DIGITS, Vocabulary
from .words import group_of, is_mark

MOST_READINGS: Final = 64
"""Readings of a stretch."""
LONGEST_TOKEN: Final = 80
"""Characters of a token that may be in disguise; a longer one is read as it stands."""
MOST_APART: Final = 2
"""Single letters at either end of a run that may be words of their own."""
FEWEST_JOINED: Final = 4
"""Single letters of which the words of most scripts are put together; see `is_joinable`."""
FIRST_OF_SHORT_WORDS: Final = "\u0900"
"""From here on scripts have words of two or three signs."""

ARABIZI: Final = "arabizi"
DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
"""Where kana stand they may be the mark of a long vowel."""


def read(text: FoldedText, vocabulary: Vocabulary) -> list[list[Spelling]]:
    """The readings of a stretch of safe-folded text, likeliest first; each is its words in order.

    >>> [[word.text for word in one] for one in read(FoldedText("c4s1n0 n.o.w"), Vocabulary(()))]
    [['casino', 'now'], ['c4s1n0', 'now']]
    >>> read(FoldedText("cas ino"), Vocabulary(["casino"]))[0][0].folds
    frozenset({'split'})
    """
    plain = FoldedText(text.translate(_boxed()))
    readings = _read(text, vocabulary)
    if plain == text:
        return readings
    # Two letters in boxes are also a flag.
    return [*_with_boxes(text, plain, _read(plain, vocabulary)), *readings]


def _read(text: FoldedText, vocabulary: Vocabulary) -> list[list[Spelling]]:
    """The readings of a stretch in which boxed letters are what they are."""
    units = [_ways(unit, vocabulary) for unit in units_of(text)]
    count = min(max(map(len, units), default=1), MOST_READINGS)
    readings = []
    for number in range(count):
        found = [word for unit in units for word in unit[min(number, len(unit) - 1)]]
        joined = _joined(found, text, vocabulary)
        readings.append(joined)
        if len(joined) < len(found) and any(word.text in vocabulary for word in found):
            readings.append(found)  # what is put together hides no piece
    if text.count(TWICE_SARA_E[0]) < 2:  # they may stand apart
        return readings
    return [*filter(None, map(_with_sara_ae, readings)), *readings]


TWICE_SARA_E: Final = "\u0e40\u0e40"
SARA_AE: Final = "\u0e41"
"""A Thai vowel that looks like another one twice, and is often typed so."""
TWICE_E: Final = "twice_e"


def _with_sara_ae(words: Sequence[Spelling]) -> list[Spelling] | None:
    """Words with the vowel for that which it looks like; None where it does not stand in them."""
    if not any(TWICE_SARA_E in word.text for word in words):
        return None
    return [_sara_ae_in(word) if TWICE_SARA_E in word.text else word for word in words]


def _sara_ae_in(word: Spelling) -> Spelling:
    chars: list[str] = []
    firsts: list[int] = []
    lasts: list[int] = []
    before = ""
    for char, first, last in zip(word.text, word.firsts, word.lasts, strict=True):
        if char == before == TWICE_SARA_E[0]:
            # Drawn out it is still one.
            chars[-1], lasts[-1] = SARA_AE, last
            continue
        before = char
        chars.append(char)
        firsts.append(first)
        lasts.append(last)
    return Spelling("".join(chars), firsts, lasts, word.folds | {TWICE_E})


@lru_cache(maxsize=1)
def _boxed() -> dict[int, str]:
    """Symbols that are letters in a box, on a flag, in a circle."""
    stand_ins = far_tables().stand_ins.items()
    return {ord(char): letter for char, (letter, name) in stand_ins if name == BOXED}


BOXED: Final = "emoji_letter"


def _with_boxes(text: str, plain: str, readings: list[list[Spelling]]) -> list[list[Spelling]]:
    """Readings of a text whose boxed letters were read as letters: their words say so."""
    boxed = {n for n, (one, other) in enumerate(zip(text, plain, strict=True)) if one != other}
    return [
        [
            replace(word, folds=word.folds | {BOXED})
            if not boxed.isdisjoint(range(word.first, word.last + 1))
            else word
            for word in reading
        ]
        for reading in readings
    ]


def _plain_word(unit: Unit) -> Spelling | None:
    """A token that can be read in one way: letters of one kind, none of them thrice in a row."""
    if unit.usual is not None:
        return None
    token, first = unit.text, unit.first
    if not token.isalpha():
        bare = token.lstrip(PUNCTUATION)
        first += len(token) - len(bare)
        token = bare.rstrip(PUNCTUATION)
    if not _is_plain(token):
        return None
    spelt = loose(FoldedText(token))
    if len(spelt) != len(token):
        return None
    places = range(first, first + len(token))
    return Spelling(spelt, places, places, NONE if token.isascii() else loose_names(token))


PUNCTUATION: Final = "\"'().,:;?!-[]{}\u2019\u201c\u201d\u2026\u060c\u061b\u061f\u0964"
"""Around a word it stands for nothing but itself."""


def _is_plain(token: str) -> bool:
    if token.isascii():
        return token.isalpha() and not is_drawn_out(token)
    kinds = {CLASSES[char] for char in token}
    return len(kinds) == 1 and kinds <= _PLAIN_CLASSES and not is_drawn_out(token)


def _ways(unit: Unit, vocabulary: Vocabulary) -> list[list[Spelling]]:
    plain = _plain_word(unit)
    if plain is not None:
        return [[plain]]
    kinds = {CLASSES[char] for char in unit.text}
    unspaced = UNSPACED_LETTER in kinds and kinds.isdisjoint(_SPELT)
    if unit.usual is None and unspaced and not is_drawn_out(unit.text):
        ways = [_closed(unit)]
        drawn = _with_long_marks(unit)
        return ways if drawn is None else [*ways, drawn]
    if unit.usual is not None:
        return _run_choices(unit, vocabulary)
    if _has_one_way(unit.text):
        return [words_of(unit.letters)]
    parts = _by_script(unit)
    if len(parts) > 1 and not any(in_alphabets(without_edges(loosened(unit.letters)), unit.text)):
        return _one_after_another([_ways(part, vocabulary) for part in parts])
    return _choices(unit.letters, vocabulary)


def _has_one_way(token: str) -> bool:
    """Whether it is plain that a token is read as it stands.

    ASCII has no letter that is loose, dotless or of another alphabet than Latin.
    """
    if is_measure(token) or is_address(token):
        return True
    return stands_for_itself(token) and not is_drawn_out(token)


def _by_script(unit: Unit) -> list[Unit]:
    """A token cut where its script changes to one that is never mixed with it."""
    token, cuts = unit.text, [0]
    for place in range(1, len(token)):
        before, after = group_of(token[place - 1]), group_of(token[place])
        if before and after and not before & after:
            cuts.append(place)
    cuts.append(len(token))
    return [Unit(token[a:b], unit.first + a) for a, b in pairwise(cuts)]


def _one_after_another(parts: list[list[list[Spelling]]]) -> list[list[Spelling]]:
    """The ways to read a whole by those to read its parts, as many as the part with most has."""
    return [
        [word for ways in parts for word in ways[min(number, len(ways) - 1)]]
        for number in range(max(map(len, parts)))
    ]


def _run_choices(unit: Unit, vocabulary: Vocabulary) -> list[list[Spelling]]:
    """The ways to read a run of single letters; the first and last may be words of their own."""
    places = [n for n, char in enumerate(unit.text) if group_of(char)]
    text = "".join(unit.text[n] for n in places)
    spelt = loose(FoldedText(text))
    if len(places) == len(spelt) and _is_plain(text) and _has_no_signs(unit.text, unit.usual or ""):
        return [_plain_run(spelt, [unit.first + n for n in places], vocabulary)]
    letters = unit.letters
    if len(letters) > LONGEST_TOKEN:
        return [words_of(loosened(letters))]
    if len(letters) < FEWEST_JOINED and unit.text[0] < FIRST_OF_SHORT_WORDS:
        return [[word for one in letters for word in words_of(loosened([one]))]]
    starts = [*_starts([one.char for one in letters]), len(letters)]
    for left, right in _CUTS:
        if left + right + 2 >= len(starts):
            continue
        first, last = starts[left], starts[-1 - right]
        found = _choices(letters[first:last], vocabulary)
        if any(word.text in vocabulary for way in found for word in way):
            before, after = words_of(letters[:first]), words_of(letters[last:])
            return [[*before, *way, *after] for way in found]
    return _choices(letters, vocabulary)


def _starts(chars: Sequence[str]) -> list[int]:
    """Where letters begin, each with its marks."""
    return [n for n, char in enumerate(chars) if n == 0 or not is_mark(char)]


def _plain_run(text: str, places: list[int], vocabulary: Vocabulary) -> list[Spelling]:
    """A run of single letters that stand for themselves."""
    starts = [*_starts(text), len(text)]
    for left, right in _CUTS:
        if left + right + 2 >= len(starts):
            continue
        last = starts[-1 - right]
        if text[starts[left] : last] in vocabulary:
            cuts = [*starts[: left + 1], *starts[len(starts) - 1 - right :]]
            return [
                Spelling(text[a:b], places[a:b], places[a:b], _APART if b - a > 1 else NONE)
                for a, b in pairwise(dict.fromkeys(cuts))
            ]
    return [Spelling(text, places, places, _APART)]


def _has_no_signs(text: str, usual: str) -> bool:
    signs = far_tables().stand_ins
    return not any(char in signs and char not in usual for char in text if not char.isalnum())


_APART: Final = frozenset([SEPARATOR])
_CUTS: Final = sorted(product(range(MOST_APART + 1), repeat=2), key=sum)


def closed(text: FoldedText) -> list[Spelling]:
    """Letters of a script without spaces, without the symbols between them; the ways to read it.

    >>> [one.text for one in closed(FoldedText("赌*博"))]
    ['赌博']
    """
    if any(char in DASHES for char in text) or is_drawn_out(text):
        return [word for way in _ways(Unit(text, 0), _NO_WORDS) for word in way]
    places = [n for n, char in enumerate(text) if CLASSES[char] == UNSPACED_LETTER]
    found = [_run_of([text[n] for n in places], places, len(places) < len(text))]
    return [*(_with_sara_ae(found) or ()), *found]


_NO_WORDS: Final = Vocabulary(())


def _closed(unit: Unit) -> list[Spelling]:
    """A token of a script without spaces, without the symbols that are put between its letters."""
    kinds = [CLASSES[char] for char in unit.text]
    found: list[Spelling] = []
    chars: list[str] = []
    places: list[int] = []
    skipped = False
    for place, (char, kind) in enumerate(zip(unit.text, kinds, strict=True)):
        if kind == UNSPACED_LETTER:
            chars.append(char)
            places.append(unit.first + place)
        elif kind == BETWEEN and chars:
            skipped = True
        elif chars:
            found.append(_run_of(chars, places, skipped))
            chars, places, skipped = [], [], False
    return [*found, _run_of(chars, places, skipped)] if chars else found


def _run_of(chars: list[str], places: list[int], skipped: bool) -> Spelling:
    text = "".join(chars)
    spelt = loose(FoldedText(text))
    if len(spelt) != len(text):
        return spelling_of(loosened([Letter(c, n, n) for c, n in zip(chars, places, strict=True)]))
    names = loose_names(text) | ({SEPARATOR} if skipped else NONE)
    return Spelling(spelt, places, places, names)


def _with_long_marks(unit: Unit) -> list[Spelling] | None:
    """A token with its dashes as the marks of long vowels that they may be."""
    text = unit.text.translate(_LONG_MARKS)
    if text == unit.text:
        return None
    dashes = {unit.first + n for n, char in enumerate(unit.text) if char in DASHES}
    return [
        replace(word, folds=word.folds | {LONG_MARK})
        if not dashes.isdisjoint(range(word.first, word.last + 1))
        else word
        for word in _closed(replace(unit, text=text))
    ]


_LONG_MARKS: Final = str.maketrans(dict.fromkeys(DASHES, "ー"))
LONG_MARK: Final = "long_mark"

_SPELT: Final = frozenset({LATIN, CYRILLIC, GREEK, DIGIT, ODD, SIGN, EDGE})
"""Classes of which a word may be in disguise that touches a script without spaces."""
_PLAIN_CLASSES: Final = frozenset({LATIN, CYRILLIC, GREEK, ARABIC, OTHER, UNSPACED_LETTER})


# --- choices: the ways to read a unit ------------------------------------------------------------


def _choices(letters: Letters, vocabulary: Vocabulary) -> list[list[Spelling]]:
    """The ways to read a unit, likeliest first: all that make new words we know, or one."""
    found: dict[str, list[Spelling]] = {}
    first: list[Spelling] | None = None
    for spelling, is_plain in _spellings(letters, vocabulary):
        spelt = words_of(spelling)
        if first is None:
            first = spelt
        text = " ".join(word.text for word in spelt)
        whole = text.replace(" ", "")
        known = whole in vocabulary or any(
            (is_plain or word.folds) and word.text in vocabulary for word in spelt
        )
        if text not in found and known:
            found[text] = spelt
    return list(found.values()) or _unguided(letters, first or [])


def _unguided(letters: Letters, first: list[Spelling]) -> list[list[Spelling]]:
    """Without a word to go by: the likeliest reading, or each letter that a dotless one may be."""
    dotless = far_tables().dotless
    if any(letter.char in dotless for letter in letters):
        return [words_of(one) for one in with_dots(letters)]
    plain = words_of(loosened(letters))
    same = [word.text for word in plain] == [word.text for word in first]
    return [first] if same else [first, plain]


def _spellings(letters: Letters, vocabulary: Vocabulary) -> Iterator[tuple[Letters, bool]]:
    """The ways to spell a unit, and whether each is the unit as it stands."""
    plain = loosened(letters)
    text = "".join(letter.char for letter in letters)
    for one in _restored(letters, text, vocabulary) if len(letters) <= LONGEST_TOKEN else ():
        yield from ((way, False) for way in drawn_in(one))
    yield from ((way, True) for way in drawn_in(plain))


def _restored(letters: Letters, text: str, vocabulary: Vocabulary) -> Iterator[Letters]:
    """The token with its letters restored, for each alphabet that it may be written in."""
    for named in (_romanised, _undotted):
        yield from named(letters, text, vocabulary)
    if any("\u1100" <= char <= "\u11ff" for char in text):
        yield syllables(letters)
    may_be_new = partial(_may_be_new, vocabulary, _pieces(text))
    for one in in_alphabets(without_edges(loosened(letters)), text, may_be_new):
        yield loosened(one)


def _may_be_new(vocabulary: Vocabulary, plain: Sequence[str], text: str) -> bool:
    """Whether a spelling may have a word of the vocabulary that the plain token has not."""
    if is_drawn_out(text):
        return True
    found = _pieces(text)
    return "".join(found) in vocabulary or any(
        word in vocabulary and word not in plain for word in found
    )


def _pieces(text: str) -> list[str]:
    """What a token has of letters and digits without a break, in loose fold."""
    if text.isascii() and text.isalnum():
        return [text]
    found: list[str] = _PIECE.findall(loose(FoldedText(text)))
    return found


_PIECE: Final = regex.compile(r"[\p{L}\p{M}\p{N}]+")


def _romanised(letters: Letters, text: str, vocabulary: Vocabulary) -> Iterator[Letters]:
    if not ARABIC_DIGITS.isdisjoint(text):
        core = without_edges(letters)
        token = "".join(letter.char for letter in core)
        for word in vocabulary.romanised(token):
            yield spread(word, core, ARABIZI)


def _undotted(letters: Letters, text: str, vocabulary: Vocabulary) -> Iterator[Letters]:
    dotless = far_tables().dotless
    if any(char in dotless for char in text):
        plain = tuple(one for one in loosened(letters) if group_of(one.char))
        for some in drawn_in(plain):
            for word in vocabulary.undotted("".join(letter.char for letter in some)):
                yield tuple(
                    letter._replace(char=char, folds=letter.folds | {DOTLESS})
                    if letter.char != char
                    else letter
                    for letter, char in zip(some, word, strict=True)
                )


def _joined(found: list[Spelling], text: str, vocabulary: Vocabulary) -> list[Spelling]:
    """Neighbours put together where they make a word of the vocabulary."""
    kept: list[Spelling] = []
    place = 0
    while place < len(found):
        for count in (3, 2):
            some = found[place : place + count]
            if len(some) == count and vocabulary.joins("".join([one.text for one in some])):
                name = joint([one.text for one in some], _between(some, text))
                if name is not None:
                    kept.append(_put_together(some, name))
                    place += count
                    break
        else:
            kept.append(found[place])
            place += 1
    return kept


def _between(some: Sequence[Spelling], text: str) -> list[str]:
    return [text[a.last + 1 : b.first] for a, b in pairwise(some)]


def _put_together(some: Sequence[Spelling], name: str) -> Spelling:
    return Spelling(
        "".join(one.text for one in some),
        [place for one in some for place in one.firsts],
        [place for one in some for place in one.lasts],
        NONE.union({name}, *(one.folds for one in some)),
    )
