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

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice, pairwise, product
from typing import Final, NamedTuple

import regex

from .fold import FoldedText
from .loose import loose, loose_names
from .tables import rows
from .tables.far import (
    ARABIC,
    BETWEEN,
    CYRILLIC,
    GREEK,
    LATIN,
    OTHER,
    UNSPACED_LETTER,
    far_tables,
)
from .vocabulary import Vocabulary
from .words import LONGEST_GAP, group_of, is_mark

MOST_OPTIONS: Final = 64
"""Spellings of one token that are tried."""
MOST_READINGS: Final = 64
"""Readings of a stretch."""
LONGEST_TOKEN: Final = 80
"""Characters of a token that may be in disguise; a longer one is read as it stands."""
MOST_APART: Final = 2
"""Single letters at either end of a run that may be words of their own."""
FEWEST_SINGLES: Final = 3
"""Single letters in a row that are one word."""

SEPARATOR, SPLIT, ELONGATION = "separator", "split", "elongation"
DOTLESS, ARABIZI, JAMO, REVERSAL, MIXED = "dotless", "arabizi", "jamo", "reversal", "mixed_script"


class Letter(NamedTuple):
    """A letter as it is read, and which characters of the text it comes from (last included)."""

    char: str
    first: int
    last: int
    folds: frozenset[str] = frozenset()


Letters = tuple[Letter, ...]
NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word as it may be read, and which characters of the text each of its letters comes from."""

    text: str
    firsts: Sequence[int]
    lasts: Sequence[int]
    """The last character that each letter comes from, included."""
    folds: frozenset[str] = NONE

    @property
    def first(self) -> int:
        """The first character of the text that it comes from."""
        return min(self.firsts[0], self.firsts[-1])

    @property
    def last(self) -> int:
        """The last character of the text that it comes from."""
        return max(self.lasts[0], self.lasts[-1])


def _spelling(letters: Sequence[Letter]) -> Spelling:
    return Spelling(
        "".join(letter.char for letter in letters),
        [letter.first for letter in letters],
        [letter.last for letter in letters],
        NONE.union(*(letter.folds for letter in letters)),
    )


def are_neighbours(before: Spelling, word: Spelling) -> bool:
    """Whether two words are as near as those of a phrase may be."""
    return (
        abs(word.first - before.last) - 1 <= LONGEST_GAP
        or abs(before.first - word.last) - 1 <= LONGEST_GAP
    )


def read(text: FoldedText, vocabulary: Vocabulary) -> list[list[Spelling]]:
    """The readings of a stretch of safe-folded text, likeliest first; each is its words in order.

    >>> [[word.text for word in one] for one in read(FoldedText("c4s1n0 n.o.w"), Vocabulary(()))]
    [['casino', 'now'], ['c4s1n0', 'now']]
    >>> read(FoldedText("cas ino"), Vocabulary(["casino"]))[0][0].folds
    frozenset({'split'})
    """
    units = [_ways(unit, vocabulary) for unit in _units(text)]
    count = min(max(map(len, units), default=1), MOST_READINGS)
    readings = []
    for number in range(count):
        found = [word for unit in units for word in unit[min(number, len(unit) - 1)]]
        readings.append(_joined(found, text, vocabulary))
    return readings


_MEASURE: Final = re.compile(
    r"[$#+]?\d[\d.,:/x-]*(?:st|nd|rd|th|[ap]m|kg|mg|km|cm|mm|ml|[gmtk]b|hz|kw|ft|lb|oz|hrs?|min|yrs?"
    r"|pcs?|[kmbdglspwh])?"
)


def is_measure(token: str) -> bool:
    """Whether a token is a number with its unit, or an ordinal: digits that stand for themselves.

    >>> is_measure("10kg"), is_measure("2nd"), is_measure("$5k"), is_measure("c4s1n0")
    (True, True, True, False)
    """
    return token[:1] in "$#+0123456789" and _MEASURE.fullmatch(token) is not None


def read_backwards(text: FoldedText, vocabulary: Vocabulary) -> list[list[Spelling]]:
    """The readings of a stretch whose characters are shown in the opposite order.

    >>> read_backwards(FoldedText("onisac"), Vocabulary(()))[0][0].text
    'casino'
    """
    size = len(text)
    return [
        [_mirrored(word, size) for word in reading]
        for reading in read(FoldedText("".join(_clusters(text)[::-1])), vocabulary)
    ]


def _clusters(text: str) -> list[str]:
    """Letters with their marks, which stay behind them."""
    found: list[str] = []
    for char in text:
        if found and (is_mark(char) or unicodedata.combining(found[-1][-1]) == VIRAMA):
            found[-1] += char
        else:
            found.append(char)
    return found


def _mirrored(word: Spelling, size: int) -> Spelling:
    firsts = [size - 1 - place for place in word.lasts]
    lasts = [size - 1 - place for place in word.firsts]
    return Spelling(word.text, firsts, lasts, word.folds | {REVERSAL})


VIRAMA: Final = 9
"""The combining class of what joins two consonants into one sign."""
OVERRIDES: Final = "\u202d\u202e"


def is_overridden(text: str) -> bool:
    """Whether a text sets the direction of its characters by force."""
    return any(char in text for char in OVERRIDES)


# --- units: tokens, and runs of single letters --------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is read as a whole: a token, or a run of single letters."""

    text: str
    first: int
    usual: str | None = None
    """What holds the letters of a run apart; None for a token."""

    @property
    def letters(self) -> Letters:
        """Its letters; of a run without what is between them."""
        if self.usual is not None:
            return _closed_up(self.text, self.first, self.usual)
        return tuple(Letter(char, n, n) for n, char in enumerate(self.text, self.first))


def _units(text: FoldedText) -> Iterator[_Unit]:
    done = 0
    for match in _SINGLES.finditer(text):
        if len(match.captures(1)) + 1 < FEWEST_SINGLES:
            continue
        for first, last in _even_runs(match):
            yield from _tokens(text, done, first)
            gaps = Counter(_gaps(text[first:last]))
            yield _Unit(text[first:last], first, gaps.most_common(1)[0][0])
            done = last
    yield from _tokens(text, done, len(text))


_SINGLES: Final = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}])[\p{L}\p{N}]\p{M}*+"
    r"(?:[^\p{L}\p{M}\p{N}]{1,4}+([\p{L}\p{N}]\p{M}*+)(?![\p{L}\p{N}]))++"
)
"""Letters apart from each other."""


def _even_runs(match: regex.Match[str]) -> list[tuple[int, int]]:
    """A run of single letters, cut where they are further apart than usual: there words end."""
    starts = [match.start(), *match.starts(1)]
    ends = [match.starts(1)[0], *match.ends(1)]
    text = match.string
    while not group_of(text[ends[0] - 1]):
        ends[0] -= 1
    gaps = [after - before for before, after in zip(ends, starts[1:], strict=False)]
    usual = Counter(gaps).most_common(1)[0][0]
    cuts = [0, *(place for place, gap in enumerate(gaps, 1) if gap > usual), len(starts)]
    return [
        (starts[a], ends[b - 1])
        for a, b in pairwise(cuts)
        if b - a >= FEWEST_SINGLES and not text[starts[a] : ends[b - 1]].replace(" ", "").isdigit()
    ]


_NOT_BLANK: Final = re.compile(r"\S+")


def _tokens(text: str, start: int, end: int) -> Iterator[_Unit]:
    for match in _NOT_BLANK.finditer(text, start, end):
        yield _Unit(match[0], match.start())


def _plain_word(unit: _Unit) -> Spelling | None:
    """A token that can be read in one way: letters of one kind, none of them thrice in a row."""
    token = unit.text
    if unit.usual is not None or not _is_plain(token):
        return None
    spelt = loose(FoldedText(token))
    if len(spelt) != len(token):
        return None
    places = range(unit.first, unit.first + len(token))
    return Spelling(spelt, places, places, NONE if token.isascii() else loose_names(token))


def _is_plain(token: str) -> bool:
    if token.isascii():
        return token.isalpha() and not _is_drawn_out(token)
    kinds = {_CLASSES[char] for char in token}
    return len(kinds) == 1 and kinds <= _PLAIN_CLASSES and not _is_drawn_out(token)


def _ways(unit: _Unit, vocabulary: Vocabulary) -> list[list[Spelling]]:
    plain = _plain_word(unit)
    if plain is not None:
        return [[plain]]
    unspaced = any(_CLASSES[char] == UNSPACED_LETTER for char in unit.text)
    if unit.usual is None and unspaced and not _is_drawn_out(unit.text):
        text = unit.text.translate(_LONG_MARKS)
        ways = [_closed(unit)]
        return ways if text == unit.text else [*ways, _closed(replace(unit, text=text))]
    if unit.usual is None and is_measure(unit.text):
        return [_words(unit.letters)]
    if unit.usual is None:
        return _choices(unit.letters, vocabulary)
    return _run_choices(unit, vocabulary)


def _run_choices(unit: _Unit, vocabulary: Vocabulary) -> list[list[Spelling]]:
    """The ways to read a run of single letters; the first and last may be words of their own."""
    places = [n for n, char in enumerate(unit.text) if group_of(char)]
    text = "".join(unit.text[n] for n in places)
    spelt = loose(FoldedText(text))
    if len(places) == len(spelt) and _is_plain(text) and _has_no_signs(unit.text, unit.usual or ""):
        return [_plain_run(spelt, [unit.first + n for n in places], vocabulary)]
    letters = unit.letters
    starts = [n for n, one in enumerate(letters) if n == 0 or not is_mark(one.char)]
    starts.append(len(letters))
    for left, right in _CUTS:
        if left + right + 2 >= len(starts):
            continue
        first, last = starts[left], starts[-1 - right]
        found = _choices(letters[first:last], vocabulary)
        if any(word.text in vocabulary for way in found for word in way):
            before, after = _words(letters[:first]), _words(letters[last:])
            return [[*before, *way, *after] for way in found]
    return _choices(letters, vocabulary)


def _plain_run(text: str, places: list[int], vocabulary: Vocabulary) -> list[Spelling]:
    """A run of single letters that stand for themselves."""
    for left, right in _CUTS:
        last = len(text) - right
        if text[left:last] in vocabulary:
            cuts = [0, *range(1, left + 1), *range(last, len(text) + 1)]
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
    if any(char in _DASHES for char in text) or _is_drawn_out(text):
        return [word for way in _ways(_Unit(text, 0), _NO_WORDS) for word in way]
    places = [n for n, char in enumerate(text) if _CLASSES[char] == UNSPACED_LETTER]
    return [_run_of([text[n] for n in places], places, len(places) < len(text))]


_DASHES: Final = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015")
_NO_WORDS: Final = Vocabulary(())


def _closed(unit: _Unit) -> list[Spelling]:
    """A token of a script without spaces, without the symbols that are put between its letters."""
    kinds = [_CLASSES[char] for char in unit.text]
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
        return _spelling(_loose([Letter(c, n, n) for c, n in zip(chars, places, strict=True)]))
    names = loose_names(text) | ({SEPARATOR} if skipped else NONE)
    return Spelling(spelt, places, places, names)


_LONG_MARKS: Final = str.maketrans(dict.fromkeys(_DASHES, "ー"))
"""Dashes that may be the mark of a long vowel."""


class _Classes(dict[str, int]):
    """Character -> its class, filled as they come."""

    def __missing__(self, char: str) -> int:
        self[char] = found = int(far_tables().classes[ord(char)])
        return found


_CLASSES: Final = _Classes()
_PLAIN_CLASSES: Final = frozenset({LATIN, CYRILLIC, GREEK, ARABIC, OTHER, UNSPACED_LETTER})


def _closed_up(text: str, start: int, usual: str) -> Letters:
    """A run without what holds its letters apart; a sign that is apart like a letter stays."""
    signs = far_tables().stand_ins
    return tuple(
        Letter(char, place, place, frozenset([SEPARATOR]))
        for place, char in enumerate(text, start)
        if group_of(char) or (char in signs and char not in usual)
    )


def _gaps(text: str) -> Iterator[str]:
    gap = ""
    for char in text:
        if group_of(char):
            if gap:
                yield gap
            gap = ""
        else:
            gap += char


# --- choices: the ways to read a unit ------------------------------------------------------------


def _choices(letters: Letters, vocabulary: Vocabulary) -> list[list[Spelling]]:
    """The ways to read a unit, likeliest first: all that make words of the vocabulary, or one."""
    found: dict[str, list[Spelling]] = {}
    first: list[Spelling] | None = None
    for spelling in _spellings(letters, vocabulary):
        spelt = _words(spelling)
        if first is None:
            first = spelt
        text = " ".join(word.text for word in spelt)
        whole = text.replace(" ", "")
        known = whole in vocabulary or any(word.text in vocabulary for word in spelt)
        if text not in found and known:
            found[text] = spelt
    return list(found.values()) or _unguided(letters, first or [])


def _unguided(letters: Letters, first: list[Spelling]) -> list[list[Spelling]]:
    """Without a word to go by: the likeliest reading, or each letter that a dotless one may be."""
    dotless = far_tables().dotless
    if any(letter.char in dotless for letter in letters):
        return [_words(one) for one in _options(letters, _dotless_options)]
    plain = _words(_loose(letters))
    same = [word.text for word in plain] == [word.text for word in first]
    return [first] if same else [first, plain]


def _spellings(letters: Letters, vocabulary: Vocabulary) -> Iterator[Letters]:
    plain = _loose(letters)
    text = "".join(letter.char for letter in letters)
    for one in _restored(letters, text, vocabulary) if len(letters) <= LONGEST_TOKEN else ():
        yield from _drawn_in(one)
    yield from _drawn_in(plain)


def _restored(letters: Letters, text: str, vocabulary: Vocabulary) -> Iterator[Letters]:
    """The token with its letters restored, for each alphabet that it may be written in."""
    for named in (_romanised, _undotted):
        yield from named(letters, text, vocabulary)
    if any("\u1100" <= char <= "\u11ff" for char in text):
        yield _syllables(letters)
    core = _without_edges(_loose(letters))
    for alphabet in _alphabets_of(core):
        options = _alphabets()[alphabet]
        for one in _options(core, partial(_either, options), _OWN[alphabet]):
            yield _loose(_named(one, alphabet))


def _romanised(letters: Letters, text: str, vocabulary: Vocabulary) -> Iterator[Letters]:
    if text.isascii() and not text.isalpha() and not text.isdigit():
        core = _without_edges(letters)
        token = "".join(letter.char for letter in core)
        for word in vocabulary.romanised(token):
            yield _spread(word, core, ARABIZI)


def _undotted(letters: Letters, text: str, vocabulary: Vocabulary) -> Iterator[Letters]:
    dotless = far_tables().dotless
    if any(char in dotless for char in text):
        plain = tuple(one for one in _loose(letters) if group_of(one.char))
        for word in vocabulary.undotted("".join(letter.char for letter in plain)):
            yield tuple(
                letter._replace(char=char, folds=letter.folds | {DOTLESS})
                if letter.char != char
                else letter
                for letter, char in zip(plain, word, strict=True)
            )


def _spread(word: str, letters: Letters, name: str) -> Letters:
    """The letters of a word that as a whole is written in other letters."""
    first, last = letters[0].first, letters[-1].last
    return tuple(
        Letter(char, first, first if n < len(word) - 1 else last, frozenset([name]))
        for n, char in enumerate(word)
    )


def _syllables(letters: Letters) -> Letters:
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


# --- alphabets -----------------------------------------------------------------------------------

Options = Mapping[str, tuple[tuple[str, str], ...]]
"""A character -> the letters that it may stand for, each with the name of that fold."""


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
    for alphabet, options in _alphabets().items():
        own = sum(map(_OWN[alphabet], chars))
        standing = sum(char in options for char in (*chars, *signs))
        fits = all(_OWN[alphabet](char) or char in options for char in chars)
        odd = any(char in options and not char.isascii() for char in signs)
        if fits and standing and (own or (alphabet == "latin" and (odd or _has_odd(chars)))):
            fitting.append((-own, alphabet))
    return [alphabet for _, alphabet in sorted(fitting)]


def _has_odd(chars: Iterable[str]) -> bool:
    """Whether a letter is one that no alphabet has, such as a small capital."""
    return any(char.isalpha() and char in far_tables().stand_ins for char in chars)


def _without_edges(letters: Letters) -> Letters:
    """A token without the symbols around it, but for signs that stand for a letter there."""
    first, last = 0, len(letters)
    signs = far_tables().stand_ins
    while (
        first < last
        and not group_of(letters[first].char)
        and not (letters[first].char in signs and letters[first].char not in "!(+|")
    ):
        first += 1
    while (
        last > first
        and not group_of(letters[last - 1].char)
        and not (letters[last - 1].char in signs and letters[last - 1].char not in "!(+|")
    ):
        last -= 1
    return letters[first:last]


def _options(
    letters: Letters,
    options_of: Callable[[str], Sequence[tuple[str, str]]],
    is_own: Callable[[str], bool] = lambda _: False,
) -> Iterator[Letters]:
    """Every way to replace what stands for letters, likeliest first; `is_own`: what may stay."""
    slots = [
        [letter] * is_own(letter.char)
        + [letter._replace(char=to, folds=letter.folds | {name}) for to, name in options]
        or [letter]
        for letter in letters
        for options in [options_of(letter.char)]
    ]
    return (tuple(one) for one in islice(product(*slots), MOST_OPTIONS))


def _either(options: Options, char: str) -> Sequence[tuple[str, str]]:
    return options.get(char, ())


def _dotless_options(char: str) -> Sequence[tuple[str, str]]:
    return [(one, DOTLESS) for one in far_tables().dotless.get(char, "")]


def _named(letters: Letters, alphabet: str) -> Letters:
    """A token in more than one script is evidence of its own."""
    names = {name for letter in letters for name in letter.folds}
    if "lookalike" not in names and "arabic_lookalike" not in names:
        return letters
    return tuple(
        one._replace(folds=one.folds | {MIXED})
        if "lookalike" in one.folds or (alphabet == "arabic" and one.folds)
        else one
        for one in letters
    )


# --- letters to words ----------------------------------------------------------------------------


def _loose(letters: Sequence[Letter]) -> Letters:
    """What the loose view makes of letters."""
    folds = far_tables().loose_folds
    kept: list[Letter] = []
    for letter in letters:
        fold = folds.get(letter.char)
        if fold is None:
            kept.append(letter)
            continue
        target, name = fold
        named = letter.folds | {name}
        if not target and kept:
            kept[-1] = kept[-1]._replace(last=letter.last, folds=kept[-1].folds | named)
        kept += [Letter(char, letter.first, letter.last, named) for char in target]
    return tuple(kept)


def _is_drawn_out(text: str) -> bool:
    return any(a == b == c for a, b, c in zip(text, text[1:], text[2:], strict=False))


def _drawn_in(letters: Letters) -> Iterator[Letters]:
    """Letters that stand three times or more: once, twice, as they are."""
    text = "".join(letter.char for letter in letters)
    if not _is_drawn_out(text):
        yield letters
        return
    runs: list[list[Letter]] = []
    for letter in letters:
        if runs and runs[-1][0].char == letter.char and group_of(letter.char):
            runs[-1].append(letter)
        else:
            runs.append([letter])
    slots = [
        [_drawn_to(run, 1), _drawn_to(run, 2)]
        if len(run) > 2 and not run[0].char.isdigit()
        else [run]
        for run in runs
    ]
    for choice in islice(product(*slots), MOST_OPTIONS):
        yield tuple(letter for run in choice for letter in run)


def _drawn_to(run: list[Letter], count: int) -> list[Letter]:
    kept = run[:count]
    folds = kept[-1].folds | {ELONGATION}
    return [*kept[:-1], kept[-1]._replace(last=run[-1].last, folds=folds)]


def _words(letters: Letters) -> list[Spelling]:
    found: list[list[Letter]] = []
    before = 0
    for letter in letters:
        group = group_of(letter.char)
        if group and before & group:
            found[-1].append(letter)
        elif group:
            found.append([letter])
        before = group
    return [_spelling(one) for one in found]


def _joined(found: list[Spelling], text: str, vocabulary: Vocabulary) -> list[Spelling]:
    """Neighbours put together where they make a word of the vocabulary."""
    joinable = vocabulary.joinable
    kept: list[Spelling] = []
    place = 0
    while place < len(found):
        for count in (3, 2):
            some = found[place : place + count]
            if len(some) == count and "".join(one.text for one in some) in joinable:
                gaps = {text[a.last + 1 : b.first] for a, b in zip(some, some[1:], strict=False)}
                if all(len(gap) <= LONGEST_GAP for gap in gaps):
                    name = SPLIT if all(gap.isspace() for gap in gaps) else SEPARATOR
                    kept.append(
                        Spelling(
                            "".join(one.text for one in some),
                            [place for one in some for place in one.firsts],
                            [place for one in some for place in one.lasts],
                            NONE.union({name}, *(one.folds for one in some)),
                        )
                    )
                    place += count
                    break
        else:
            kept.append(found[place])
            place += 1
    return kept
