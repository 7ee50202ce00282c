"""Where a disguise may be: stretches of a batch that have to be read again, and their readings.

Most text has nothing to unfold. What could be a disguise is found for a whole batch at once: by the
classes of neighbours (a digit at a letter, a Latin letter at a Cyrillic one), by letters that stand
three times, by words of one letter in a row, and by words that together are one of the vocabulary.

What is found is read by `text.disguise`; the readings go through the same automaton as the texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import regex

from automod.text import disguise
from automod.text.backwards import is_overridden, read_backwards
from automod.text.fold import SEPARATOR, FoldedText, Folding, Index, decode
from automod.text.harmless import is_address, is_measure
from automod.text.joints import joint
from automod.text.letters import Spelling
from automod.text.outline import Outlines
from automod.text.tables import MARK, Words, tables
from automod.text.tables.far import (
    ALPHABETS,
    ARABIC,
    BETWEEN,
    BLANK,
    DIGIT,
    DOTLESS,
    EDGE,
    GAP,
    JAMO,
    LATIN,
    ODD,
    OTHER,
    SIGN,
    UNSPACED_LETTER,
    far_tables,
)
from automod.text.units import FEWEST_SINGLES, SARA_AM, VIRAMAS
from automod.text.vocabulary import ARABIC_DIGITS
from automod.text.words import SPACE, Skeleton

from .bridges import NEAR, bridged, bridges
from .literals import Backend, Find, build
from .neighbours import Row, WordMap
from .readings import Piece, Reading, laid_out
from .sought import Sought

REACH: Final = 2
"""Words before and after a suspect that are read with it: a word may be split into three."""

MOST_STRETCHES: Final = 64
"""Stretches of one text that are read again; one with more is not evaluated as a whole."""
LONGEST_STRETCH: Final = 200
"""Characters of stretches that touch and are read as one."""


Stretch = tuple[int, int, int]
"""Folded characters of a batch, half-open, and one that lies in the text that they are of."""

_OVERRIDDEN: Final = regex.compile("[\u202d\u202e]([^\u202c\u202d\u202e\n]+)")


def _suspicious_pairs() -> npt.NDArray[np.bool_]:
    pairs = np.zeros((16, 16), np.bool_)
    letters = sorted(ALPHABETS)
    for one in letters:
        for other in letters:
            pairs[one, other] = one != other
        pairs[one, DIGIT] = pairs[DIGIT, one] = True
        pairs[SIGN, one] = pairs[one, SIGN] = pairs[EDGE, one] = True
    for one in (LATIN, SIGN, EDGE, DIGIT):
        pairs[one, ARABIC] = one != DIGIT
    pairs[ARABIC, LATIN] = True
    pairs[:, [ODD, DOTLESS, JAMO]] = True
    pairs[BETWEEN, UNSPACED_LETTER] = True
    return pairs.ravel()


_PAIRS: Final = _suspicious_pairs().tobytes()
"""A pair of classes in one byte -> 1 where it is no plain word's: a table for `bytes.translate`."""
_STRETCHABLE: Final = np.isin(np.arange(16), [*ALPHABETS, ARABIC, OTHER, UNSPACED_LETTER])


class Suspects:
    """Finds and reads what may be a disguised word of a vocabulary. Immutable."""

    def __init__(self, sought: Sought, find: Find, backend: Backend) -> None:
        """`find`: where the literals are that the matcher searches for."""
        self._vocabulary = sought.vocabulary
        self._outlines = Outlines(sought.vocabulary.words, sought.stems, sought.anywhere)
        self._several = sought.several
        self._find = _either(find, build(sorted(sought.unspaced), backend))
        self._map = WordMap(sought.joinable) if sought.joinable else None

    def none_in(self, texts: Sequence[str]) -> bool:
        """Whether it is plain that nothing is disguised in texts: ASCII, with nothing unusual."""
        joins = self._vocabulary.joins
        for text in texts:
            if not text.isascii() or _UNUSUAL.search(text):
                return False
            words = _WORD.findall(text.lower())
            for one, two, three in zip(words, words[1:], [*words[2:], ""], strict=False):
                if joins(one + two) or joins(one + two + three):
                    return False
        return True

    def read(self, folding: Folding, bones: Skeleton) -> Reading | None:
        """The readings of all suspicious stretches of a batch; None where there are none."""
        row = Row(bones.chars)
        classes = far_tables().classes.take(folding.chars)
        places = _flagged(folding.chars, classes).nonzero()[0]
        symbols = (classes[places] == BETWEEN) & (classes[places + 1] == UNSPACED_LETTER)
        pieces: list[Piece] = [*self._joins(folding, bones, row)]
        pieces += bridged(folding, classes, places[symbols], self._find)
        tokens = self._tokens(folding, classes, places[~symbols])
        stretches, cut = _merged([*tokens, *self._singles(bones, row, folding)], folding)
        for first, last in stretches:
            text = FoldedText(folding.folded[first:last])
            readings = disguise.read(text, self._vocabulary)
            pieces += [(first, number, one) for number, one in enumerate(readings)]
        if is_overridden(folding.joined):
            pieces += self._overridden(folding)
        if not self._several:
            pieces = [
                (first, number, [word for word in one if word.folds])
                for first, number, one in pieces
            ]
        return laid_out(pieces, cut) if pieces or cut else None

    def _tokens(
        self, folding: Folding, classes: npt.NDArray[np.uint8], places: Index
    ) -> Iterator[Stretch]:
        """Tokens with neighbours that do not belong together, or with drawn out letters."""
        if not len(places):
            return
        text = folding.folded
        unspaced = classes[places + 1] == UNSPACED_LETTER
        for place in places[unspaced].tolist():
            yield place - NEAR, place + NEAR, place
        # In running text without spaces a token is what stands between its letters.
        cuts = ((classes == BLANK) | (classes == UNSPACED_LETTER)).nonzero()[0]
        after = np.unique(np.searchsorted(cuts, places[~unspaced], side="right"))
        tokens = zip((cuts[after - 1] + 1).tolist(), cuts[after].tolist(), strict=True)
        found = [token for token in tokens if self._may_be_word(text, *token)]
        befores, behinds = _around_tokens(cuts, classes) if found else (cuts, cuts)
        for start, end in found:
            place = int(np.searchsorted(befores, start - 1))
            first = int(befores[max(place - REACH, 0)]) + 1
            place = int(np.searchsorted(behinds, end))
            last = int(behinds[min(place + REACH, len(behinds) - 1)])
            yield max(first, start - FAR), min(last, end + FAR), start

    def _may_be_word(self, text: str, start: int, end: int) -> bool:
        """Whether reading a token may make a word: most with a digit are numbers and sizes."""
        token = text[start:end]
        if not token.isascii():
            return True
        sides = _sides(text, start, end)
        if sides is None:
            return False
        return self._outlines.may_be_word(*sides) or bool(self._vocabulary.romanised(sides[0]))

    def _joins(self, folding: Folding, bones: Skeleton, row: Row) -> Iterator[Piece]:
        """Two or three words in a row that together are a word of the vocabulary."""
        if self._map is None:
            return
        text, joins = bones.text, self._vocabulary.joins
        for count in (2, 3):
            places = self._map.joined(row, count)
            starts, ends = row.starts[places].tolist(), row.ends[places + (count - 1)].tolist()
            for place, start, end in zip(places.tolist(), starts, ends, strict=True):
                pieces = text[start:end]
                if not joins(pieces.replace(" ", "")):
                    continue
                name = joint(pieces.split(" "), _gaps(row, place, count, bones, folding))
                if name is not None:
                    yield 0, 0, self._with_neighbours(row, place, count, bones, name)

    def _with_neighbours(
        self, row: Row, place: int, count: int, bones: Skeleton, name: str
    ) -> list[Spelling]:
        """Words put together, and what stands around them, for the phrases they may be part of."""
        first, last = int(row.starts[place]), int(row.ends[place + count - 1])
        kept = bones.chars[first:last] != SPACE
        at = bones.at[first:last][kept].tolist()
        word = decode(bones.chars[first:last][kept])
        joined = Spelling(word, at, at, frozenset([name]))
        if not self._several:
            return [joined]
        before = range(max(place - REACH, 0), place)
        after = range(place + count, min(place + count + REACH, len(row.starts)))
        words = [self._plain(row, n, bones) for n in (*before, *after)]
        return [*words[: len(before)], joined, *words[len(before) :]]

    def _plain(self, row: Row, number: int, bones: Skeleton) -> Spelling:
        first, last = int(row.starts[number]), int(row.ends[number])
        at = bones.at[first:last].tolist()
        return Spelling(decode(bones.chars[first:last]), at, at)

    def _singles(self, bones: Skeleton, row: Row, folding: Folding) -> Iterator[Stretch]:
        """Runs of three or more words of one letter, with the words around them."""
        at, starts, ends = bones.at.item, row.starts.item, row.ends.item
        for number, end in _runs(bones.chars, row):
            inside = at(starts(number))
            place = _text_at(folding, inside)
            least, most = folding.folded_at[place : place + 2].tolist()
            first, last = number, end - 1
            while first > max(number - REACH, 0) and at(starts(first - 1)) >= least:
                first -= 1
            while last + 1 < min(end + REACH, len(row.starts)) and at(starts(last + 1)) < most:
                last += 1
            words = bones.text[starts(first) : ends(last)].split()
            run = inside, at(ends(end - 1) - 1) + 1
            if self._may_be_run(
                words, words[number - first : end - first], folding.chars[slice(*run)]
            ):
                yield at(starts(first)), at(ends(last) - 1) + 1, inside

    def _may_be_run(self, words: list[str], run: list[str], chars: Words) -> bool:
        """Whether a run of single letters (`chars`), with the words around it, may hold a word.

        Signs that the skeleton lacks may belong to it, and what is near may split a word further:
        only plain letters of scripts with spaces are ruled out.
        """
        if len(words) > LONGEST_RUN or not _is_plain(chars):
            return True
        if self._outlines.may_be_apart(words):
            return True
        # The first and last letters may be words of their own.
        return any(
            self._vocabulary.romanised("".join(run[left : len(run) - right]))
            for left, right in product(range(disguise.MOST_APART + 1), repeat=2)
        )

    def _overridden(self, folding: Folding) -> Iterator[Piece]:
        """What an override shows backwards."""
        for match in _OVERRIDDEN.finditer(folding.joined):
            first, last = match.span(1)
            if folding.start is not None:
                first, last = np.searchsorted(folding.start, (first, last)).tolist()
            text = FoldedText(folding.folded[first:last])
            readings = read_backwards(text, self._vocabulary)
            for number, reading in enumerate(readings):
                yield first, number, reading


def _around_tokens(cuts: Index, classes: npt.NDArray[np.uint8]) -> tuple[Index, Index]:
    """The cuts that stand before a token and those behind one: of blanks in a row the outer two.

    A letter of a script without spaces is a token of its own.
    """
    apart = np.diff(cuts) > 1
    letters = classes[cuts] == UNSPACED_LETTER
    befores, behinds = np.zeros(len(cuts), np.bool_), np.zeros(len(cuts), np.bool_)
    befores[:-1] = apart | letters[1:]
    behinds[1:] = apart | letters[:-1]
    return cuts[befores], cuts[behinds]


_WORD: Final = re.compile("[a-z0-9]+")
_UNUSUAL: Final = re.compile(
    r"[a-z][0-9$@|+]|[0-9$@|+!][a-z]|([a-z])\1\1"
    r"|(?<![a-z0-9])[a-z0-9](?:[^a-z0-9]{1,4}[a-z0-9](?![a-z0-9])){2}",
    re.IGNORECASE,
)
"""In ASCII what `_flagged` and `_singles` look for."""

LONGEST_NEIGHBOUR: Final = 40
LONGEST_RUN: Final = 40
"""Words of a run of single letters, and around it, that are tried in every way."""
_AROUND: Final = "\"'(),.:;?[]{}*_-!"


FAR: Final = 60
"""Characters before and after a suspicious token that are read with it."""


def _gaps(row: Row, place: int, count: int, bones: Skeleton, folding: Folding) -> list[str]:
    """What is between words in a row, in the folded text."""
    folded, at = folding.folded, bones.at.item
    return [
        folded[at(row.ends.item(n)) : at(row.starts.item(n + 1))]
        for n in range(place, place + count - 1)
    ]


def _either(find: Find, other: Find) -> Find:
    return lambda text: find(text) + other(text)


def _flagged(chars: Words, classes: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Characters whose neighbourhood is no plain word's."""
    pairs = (classes[:-1] << np.uint8(4)) | classes[1:]
    # Twice as fast as `take`, which makes wide integers of the bytes first.
    flagged = np.frombuffer(bytearray(pairs.tobytes().translate(_PAIRS)), np.bool_)
    same = chars[1:] == chars[:-1]
    tripled = (same[1:] & same[:-1]).nonzero()[0]
    flagged[tripled[_STRETCHABLE[classes[tripled + 2]]] + 1] = True
    flagged |= same & (chars[1:] == _SARA_E)
    for size in _MARKED_SIZES:
        flagged[_marked_thrice(chars, size)] = True
    return flagged


_MARKED_SIZES: Final = (2, 3, 4)
"""Characters of a letter with its marks: vowel, tone, nukta. Each size costs a look at all text."""


def _marked_thrice(chars: Words, size: int) -> Index:
    """The places before a letter that stands for the second time of three, with its marks."""
    if len(chars) < 3 * size:
        return np.zeros(0, np.int64)
    same = chars[size:] == chars[:-size]
    # Of six or nine alike in a row those at both ends and in the middle are asked first.
    thrice = same[: len(same) - 2 * size + 1] & same[2 * size - 1 :]
    for offset in range(1, 2 * size - 1):
        thrice &= same[offset : offset + len(thrice)]
    places: Index = thrice.nonzero()[0]
    kinds = tables().kinds
    first, second = kinds[chars[places]] & MARK, kinds[chars[places + 1]] & MARK
    places = places[(first == 0) & (second != 0)]
    return places + (size - 1)


FIRST_MARKED, LAST_MARKED = 0x900, 0x1100
"""Devanagari to Myanmar."""
MOST_MARKS_OF_ONE: Final = 6
"""Characters of a letter with its marks, and with those that a mark ties to it."""
_VIRAMAS: Final = np.array(list(map(ord, VIRAMAS)))
_NIKHAHIT, _SARA_AA = map(ord, SARA_AM)
_SARA_E: Final = ord(disguise.TWICE_SARA_E[0])


def _is_plain(chars: Words) -> bool:
    """Whether letters are of one script with spaces, and nothing beside them may be a letter."""
    kinds = frozenset(far_tables().classes.take(chars).tolist())
    if int(chars.max()) < _BEYOND_ASCII:
        return kinds <= _PLAIN_BESIDE | {LATIN, DIGIT}
    return kinds <= _PLAIN or any(kinds <= _PLAIN_BESIDE | {one} for one in _ALPHABETIC)


_BEYOND_ASCII: Final = 0x80
_ALPHABETIC: Final = (*ALPHABETS, ARABIC)
"""Classes of letters for which others, digits and signs may stand."""
_PLAIN_BESIDE: Final = frozenset({GAP, BLANK, BETWEEN, OTHER})
_PLAIN: Final = _PLAIN_BESIDE | {SIGN, EDGE, DIGIT}


def _runs(chars: Words, row: Row) -> Iterator[tuple[int, int]]:
    """Where three or more words are single letters and neighbours, half-open."""
    single: npt.NDArray[np.bool_] = row.sizes == 1
    near = row.near(FEWEST_SINGLES)
    # Where vowels are marks a letter has a few of them.
    marked = ((row.sizes > 1) & (row.sizes <= MOST_MARKS_OF_ONE)).nonzero()[0]
    heads = chars[row.starts[marked]]
    marked = marked[(heads >= FIRST_MARKED) & (heads < LAST_MARKED)]
    if len(marked):
        short = single.copy()
        short[marked] = True
        # To look at marks costs most: it is done only where three short words stand in a row.
        in_three, first = np.zeros_like(short), _three(short, near)
        for offset in range(FEWEST_SINGLES):
            in_three[first + offset] = True
        marked = marked[in_three[marked]]
        single[marked[_all_marks(chars, row, marked)]] = True
    begin = end = -1
    for place in _three(single, near).tolist():
        if place < end:
            end = place + FEWEST_SINGLES
            continue
        if end > 0:
            yield begin, end
        begin, end = place, place + FEWEST_SINGLES
    if end > 0:
        yield begin, end


def _three(held: npt.NDArray[np.bool_], near: npt.NDArray[np.bool_]) -> Index:
    """The first of every three words in a row that are held and neighbours."""
    first: Index = (held[:-2] & held[1:-1] & held[2:] & near).nonzero()[0]
    return first


def _all_marks(chars: Words, row: Row, words: Index) -> npt.NDArray[np.bool_]:
    """Whether all of each word but its first character are marks, or tied to it by one."""
    kinds = tables().kinds
    starts, sizes = row.starts[words], row.sizes[words]
    all_marks = np.ones(len(words), np.bool_)
    before = chars[starts]
    for offset in range(1, MOST_MARKS_OF_ONE):
        char = chars[np.minimum(starts + offset, len(chars) - 1)]
        tied = np.isin(before, _VIRAMAS) | ((before == _NIKHAHIT) & (char == _SARA_AA))
        all_marks &= ((kinds[char] & MARK) != 0) | tied | (offset >= sizes)
        before = char
    return all_marks


def _sides(text: str, start: int, end: int) -> tuple[str, str, str] | None:
    """An ASCII token and what stands before and after it, bare; None of a link or a measure."""
    token = text[start:end]
    bare = token.strip(_AROUND)
    if is_address(token) or is_measure(bare):
        return None
    before = text[max(0, start - LONGEST_NEIGHBOUR) : start].split()[-1:]
    after = text[end : end + LONGEST_NEIGHBOUR].split(None, 1)[:1]
    return bare, "".join(before).strip(_AROUND), "".join(after).strip(_AROUND)


class Hints(NamedTuple):
    """Where a batch may be read anew, whatever words are looked for, in folded characters."""

    places: list[int]
    """Of what may be a disguise of anything."""
    tokens: list[tuple[int, str]]
    """ASCII tokens, each with what stands before and after it, apart by tabs, that are read where
    `Outlines.may_be_word` says so, or `Vocabulary.romanised` of the token."""
    runs: list[tuple[int, str]]
    """Runs of single letters, with the words around them, read where `Outlines.may_be_apart`."""
    bridges: list[tuple[int, str]]
    """What stands around symbols in scripts without spaces, closed up. It hides nothing but a
    literal that it holds."""


def hints(folding: Folding, bones: Skeleton) -> Hints:
    """Where texts may be read anew; `bones`: their skeleton, in the fold that is searched.

    What an override shows is not among it.
    """
    classes = far_tables().classes.take(folding.chars)
    flagged = _flagged(folding.chars, classes).nonzero()[0]
    cuts = ((classes == BLANK) | (classes == UNSPACED_LETTER)).nonzero()[0]
    spaced = classes[flagged + 1] != UNSPACED_LETTER
    between = ~spaced & (classes[flagged] == BETWEEN)
    closed = [*bridges(folding, classes, flagged[between])]
    found = Hints((flagged[~spaced & ~between] + 1).tolist(), [], [], closed)
    text = folding.folded
    after = np.unique(np.searchsorted(cuts, flagged[spaced], side="right"))
    for number in after.tolist():
        start, end = int(cuts[number - 1]) + 1, int(cuts[number])
        token = text[start:end]
        if not token.isascii():
            found.places.append(start)
        elif (sides := _sides(text, start, end)) is not None:
            found.tokens.append((start, "\t".join((sides[1], sides[0], sides[2]))))
    _add_runs(found, bones, folding)
    return found


def _add_runs(found: Hints, bones: Skeleton, folding: Folding) -> None:
    """Runs of words of one letter: in a window where nothing but those letters may be hidden."""
    row, text = Row(bones.chars), bones.text
    for first, end in _runs(bones.chars, row):
        start = int(bones.at[row.starts[first]])
        chars = folding.chars[start : int(bones.at[row.ends[end - 1] - 1]) + 1]
        run = text[row.starts[first] : row.ends[end - 1]]
        plain = end - first + 2 * REACH <= LONGEST_RUN and _is_plain(chars)
        if not plain or not (ARABIC_DIGITS.isdisjoint(run) or run.replace(" ", "").isdigit()):
            found.places.append(start)
            continue
        one, last = max(first - REACH, 0), min(end + REACH, len(row.starts)) - 1
        found.runs.append((start, text[row.starts[one] : row.ends[last]]))


def _text_at(folding: Folding, inside: int) -> int:
    """The place of the text that holds a folded character."""
    return int(np.searchsorted(folding.folded_at, inside, side="right")) - 1


def _merged(
    stretches: list[Stretch], folding: Folding
) -> tuple[list[tuple[int, int]], frozenset[int]]:
    """Stretches that touch as one, each within its text; and the texts that have too many."""
    texts_at = folding.folded_at
    within = []
    for first, last, inside in stretches:
        number = _text_at(folding, inside)
        start = max(first, int(texts_at[number]))
        within.append((start, min(last, int(texts_at[number + 1]) - len(SEPARATOR)), number))
    merged: list[tuple[int, int]] = []
    counts: Counter[int] = Counter()
    for start, end, number in sorted(within):
        if merged and start <= merged[-1][1] and end - merged[-1][0] <= LONGEST_STRETCH:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
            continue
        counts[number] += 1
        if counts[number] <= MOST_STRETCHES:
            merged.append((start, end))
    return merged, frozenset(place for place, count in counts.items() if count > MOST_STRETCHES)
