"""Where a disguise may be: stretches of a batch that have to be read again, and their readings.

Most text has nothing to unfold. What could be a disguise is found for a whole batch at once: by the
classes of neighbours (a digit at a letter, a Latin letter at a Cyrillic one), by letters that stand
three times, by words of one letter in a row, and by words that together are one of the vocabulary.

What is found is read by `text.disguise`; the readings go through the same automaton as the texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import regex

from automod.model.ruleset import Material
from automod.model.vocabulary import VIEW_RANK
from automod.text import disguise
from automod.text.backwards import is_overridden, read_backwards
from automod.text.fold import SEPARATOR, FoldedText, Folding, Index, decode
from automod.text.harmless import is_address, is_measure
from automod.text.joints import joint
from automod.text.letters import Spelling, are_neighbours
from automod.text.loose import loose, loose_many
from automod.text.tables import MARK, Words, tables
from automod.text.tables.far import (
    ALPHABETS,
    ARABIC,
    BETWEEN,
    BLANK,
    DIGIT,
    DOTLESS,
    EDGE,
    JAMO,
    LATIN,
    ODD,
    OTHER,
    SIGN,
    UNSPACED_LETTER,
    far_tables,
)
from automod.text.vocabulary import Vocabulary
from automod.text.words import SPACE, Skeleton, Word, cores

from .literals import build
from .neighbours import Row, WordMap
from .patterns import stems_of
from .phrase import parse
from .places import Places

REACH: Final = 2
"""Words before and after a suspect that are read with it: a word may be split into three."""

MOST_STRETCHES: Final = 200
"""Stretches of one text that are read again: what is all disguise is found by its first part."""


Stretch = tuple[int, int, int]
"""Folded characters of a batch, half-open, and one that lies in the text that they are of."""

Piece = tuple[int, int, list[Spelling]]
"""Where a stretch begins, the number of a reading of it, and that reading."""

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


_PAIRS: Final = _suspicious_pairs()
_STRETCHABLE: Final = np.isin(np.arange(16), [*ALPHABETS, ARABIC, OTHER, UNSPACED_LETTER])


@dataclass(frozen=True, slots=True)
class Reading:
    """A skeleton of readings, with the folded places that its characters come from."""

    bones: Skeleton
    ends: Index
    pieces: Sequence[Piece]

    def words_by_place(self, places: Places, folding: Folding) -> dict[int, list[list[Word]]]:
        """What is read otherwise than it stands, by text: words in places of its folded form.

        The likeliest readings of all stretches come first, together.
        """
        found: dict[int, list[list[Word]]] = {}
        for offset, number, reading in self.pieces:
            changed = [word for word in reading if word.folds]
            if not changed:
                continue
            # Of the words around it some may stand in another text.
            place = places.text_at(offset + changed[0].first)
            shift = offset - int(folding.folded_at[place])
            words = [
                Word(word.first + shift, word.last + shift + 1, FoldedText(word.text))
                for word in changed
            ]
            held = found.setdefault(place, [[]])
            if number == 0:
                held[0] += words
            elif words:
                held.append(words)
        return found


class Suspects:
    """Finds and reads what may be a disguised word of a vocabulary. Immutable."""

    def __init__(
        self, vocabulary: Vocabulary, inside: Sequence[str] = (), *, phrases: bool = False
    ) -> None:
        """`inside`: what of it may stand inside a longer word.

        `phrases`: some material has more than one word, so neighbours matter.
        """
        self._vocabulary = vocabulary
        self._phrases = phrases
        self._inside = build(sorted(_coarsened(inside))) if inside else None
        self._map = WordMap(sorted(vocabulary.joinable)) if vocabulary.joinable else None

    @cached_property
    def _coarse(self) -> frozenset[str]:
        """The vocabulary with letters as coarse as signs are (1 is i or l), doubled ones once."""
        return _coarsened(self._vocabulary.words)

    def none_in(self, texts: Sequence[str]) -> bool:
        """Whether it is plain that nothing is disguised in texts: ASCII, with nothing unusual."""
        joinable = self._vocabulary.joinable
        for text in texts:
            if not text.isascii() or _UNUSUAL.search(text):
                return False
            words = _WORD.findall(text.lower())
            for one, two, three in zip(words, words[1:], [*words[2:], ""], strict=False):
                if one + two in joinable or one + two + three in joinable:
                    return False
        return True

    def read(self, folding: Folding, bones: Skeleton) -> Reading | None:
        """The readings of all suspicious stretches of a batch; None where there are none."""
        row = Row(bones.chars)
        classes = far_tables().classes.take(folding.chars)
        places = _flagged(folding.chars, classes).nonzero()[0]
        bridges = (classes[places] == BETWEEN) & (classes[places + 1] == UNSPACED_LETTER)
        pieces: list[Piece] = [*self._joins(folding, bones, row)]
        pieces += _bridged(folding, classes, places[bridges].tolist())
        tokens = self._tokens(folding, classes, places[~bridges])
        for first, last in _merged([*tokens, *self._singles(bones, row)], folding):
            text = decode(folding.chars[first:last])
            readings = disguise.read(text, self._vocabulary)
            pieces += [(first, number, one) for number, one in enumerate(readings)]
        if is_overridden(folding.joined):
            pieces += self._overridden(folding)
        if not self._phrases:
            pieces = [
                (first, number, [word for word in one if word.folds])
                for first, number, one in pieces
            ]
        return _laid_out(pieces) if pieces else None

    def _tokens(
        self, folding: Folding, classes: npt.NDArray[np.uint8], places: Index
    ) -> Iterator[Stretch]:
        """Tokens with neighbours that do not belong together, or with drawn out letters."""
        if not len(places):
            return
        text = decode(folding.chars)
        unspaced = classes[places + 1] == UNSPACED_LETTER
        for place in places[unspaced].tolist():
            yield place - NEAR, place + NEAR, place
        # In running text without spaces a token is what stands between its letters.
        cuts = ((classes == BLANK) | (classes == UNSPACED_LETTER)).nonzero()[0]
        after = np.unique(np.searchsorted(cuts, places[~unspaced], side="right"))
        for number in after.tolist():
            start, end = int(cuts[number - 1]) + 1, int(cuts[number])
            if self._may_be_word(text, start, end):
                first = int(cuts[max(number - 1 - REACH, 0)]) + 1
                last = int(cuts[min(number + REACH, len(cuts) - 1)])
                yield max(first, start - FAR), min(last, end + FAR), start

    def _may_be_word(self, text: str, start: int, end: int) -> bool:
        """Whether reading a token may make a word: most with a digit are numbers and sizes."""
        token = text[start:end]
        if not token.isascii():
            return True
        bare = token.strip(_AROUND)
        if is_address(token) or is_measure(bare):
            return False
        known = self._is_coarsely_known(bare, text, start, end)
        return known or bool(self._vocabulary.romanised(bare))

    def _is_coarsely_known(self, bare: str, text: str, start: int, end: int) -> bool:
        """Whether a token, or it and a neighbour, is a word when letters are as coarse as signs."""
        parts = _NO_LETTERS.split(bare.translate(_COARSE))
        coarse = "".join(parts)
        if self._may_hold(coarse) or any(map(self._may_hold, parts)):
            return True
        before = text[max(0, start - LONGEST_NEIGHBOUR) : start].split()[-1:]
        after = text[end : end + LONGEST_NEIGHBOUR].split()[:1]
        sides = [one.strip(_AROUND).translate(_COARSE) for one in (*before, *after)]
        return any(self._may_hold(side + coarse) or self._may_hold(coarse + side) for side in sides)

    def _may_hold(self, coarse: str) -> bool:
        """Whether coarse letters are a word of the vocabulary, or hold one that may be inside."""
        drawn_in = _REPEATED.sub(r"\1", coarse)
        if drawn_in in self._coarse:
            return True
        if self._inside is None:
            return False
        longest = len(drawn_in) - MOST_AROUND
        return any(end - start >= longest for _, start, end in self._inside(FoldedText(drawn_in)))

    def _joins(self, folding: Folding, bones: Skeleton, row: Row) -> Iterator[Piece]:
        """Two or three words in a row that together are a word of the vocabulary."""
        if self._map is None:
            return
        for count in (2, 3):
            for place in self._map.joined(row, count):
                first, last = int(row.starts[place]), int(row.ends[place + count - 1])
                pieces = decode(bones.chars[first:last]).split(" ")
                if "".join(pieces) not in self._vocabulary.joinable:
                    continue
                name = joint(pieces, self._gaps(row, place, count, bones, folding))
                if name is not None:
                    yield 0, 0, self._with_neighbours(row, place, count, bones, name)

    def _gaps(
        self, row: Row, place: int, count: int, bones: Skeleton, folding: Folding
    ) -> list[str]:
        """What is between words in a row."""
        ends, starts = row.ends[place : place + count - 1], row.starts[place + 1 : place + count]
        return [
            decode(folding.chars[int(bones.at[end]) : int(bones.at[start])])
            for end, start in zip(ends, starts, strict=True)
        ]

    def _with_neighbours(
        self, row: Row, place: int, count: int, bones: Skeleton, name: str
    ) -> list[Spelling]:
        """Words put together, and what stands around them, for the phrases they may be part of."""
        first, last = int(row.starts[place]), int(row.ends[place + count - 1])
        kept = bones.chars[first:last] != SPACE
        at = bones.at[first:last][kept].tolist()
        word = decode(bones.chars[first:last][kept])
        joined = Spelling(word, at, at, frozenset([name]))
        if not self._phrases:
            return [joined]
        before = range(max(place - REACH, 0), place)
        after = range(place + count, min(place + count + REACH, len(row.starts)))
        words = [self._plain(row, n, bones) for n in (*before, *after)]
        return [*words[: len(before)], joined, *words[len(before) :]]

    def _plain(self, row: Row, number: int, bones: Skeleton) -> Spelling:
        first, last = int(row.starts[number]), int(row.ends[number])
        at = bones.at[first:last].tolist()
        return Spelling(decode(bones.chars[first:last]), at, at)

    def _singles(self, bones: Skeleton, row: Row) -> Iterator[Stretch]:
        """Runs of three or more words of one letter, with the words around them."""
        for number, end in _runs(_are_single(bones.chars, row), row.near(disguise.FEWEST_SINGLES)):
            first = max(number - REACH, 0)
            last = min(end + REACH, len(row.starts)) - 1
            start = int(row.starts[first]), int(row.ends[last])
            if self._may_be_run(decode(bones.chars[start[0] : start[1]])):
                inside = int(bones.at[row.starts[number]])
                yield int(bones.at[start[0]]), int(bones.at[start[1] - 1]) + 1, inside

    def _may_be_run(self, text: str) -> bool:
        """Whether a run of single letters, with the words around it, may hold a word.

        What is near may split a word further, and signs that the skeleton lacks may belong to it:
        only plain letters in plain company are ruled out.
        """
        words = text.split()
        if not text.isascii() or len(words) > LONGEST_RUN:
            return True
        for first in range(len(words) - 2):
            joined = ""
            for word in words[first:]:
                joined += word
                if len(joined) >= SHORTEST_JOINED and self._may_hold(joined.translate(_COARSE)):
                    return True
        return False

    def _overridden(self, folding: Folding) -> Iterator[Piece]:
        """What an override shows backwards."""
        for match in _OVERRIDDEN.finditer(folding.joined):
            first, last = match.span(1)
            if folding.start is not None:
                first, last = np.searchsorted(folding.start, (first, last)).tolist()
            text = decode(folding.chars[first:last])
            readings = read_backwards(text, self._vocabulary)
            for number, reading in enumerate(readings):
                yield first, number, reading


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
SHORTEST_JOINED: Final = 3
MOST_AROUND: Final = 7
"""Letters that prefixes and endings may put around a stem."""
_AROUND: Final = "\"'(),.:;?[]{}*_-!"
_COARSE: Final = str.maketrans("013457896!|lg@$(+", "oieastbgbiiibasct")


NEAR: Final = 12
"""Characters before and after a suspicious place that are read in scripts without spaces."""
FAR: Final = 60
"""Characters before and after a suspicious token that are read with it."""


_NO_LETTERS: Final = re.compile("[^a-z0-9]+")
_REPEATED: Final = re.compile(r"(.)\1+")


def _coarsened(words: Iterable[str]) -> frozenset[str]:
    """Words with letters as coarse as signs are and doubled ones once, all in one pass."""
    coarse = "\n".join(words).translate(_COARSE)
    return frozenset(_REPEATED.sub(r"\1", coarse).split("\n"))


def _flagged(chars: Words, classes: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Characters whose neighbourhood is no plain word's."""
    flagged: npt.NDArray[np.bool_] = _PAIRS.take((classes[:-1] << np.uint8(4)) | classes[1:])
    same = chars[1:] == chars[:-1]
    tripled = same[1:] & same[:-1]
    if tripled.any():
        flagged[1:] |= tripled & _STRETCHABLE.take(classes[2:])
    return flagged


FIRST_MARKED, LAST_MARKED = 0x900, 0x1100
"""Devanagari to Myanmar."""


def _are_single(chars: Words, row: Row) -> npt.NDArray[np.bool_]:
    """Which words have one letter."""
    single: npt.NDArray[np.bool_] = row.sizes == 1
    # Where vowels are marks a letter has a few of them.
    marked = ((row.sizes > 1) & (row.sizes <= MOST_MARKS_OF_ONE)).nonzero()[0]
    heads = chars[row.starts[marked]]
    marked = marked[(heads >= FIRST_MARKED) & (heads < LAST_MARKED)]
    single[marked[_all_marks(chars, row, marked)]] = True
    return single


def _runs(single: npt.NDArray[np.bool_], near: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Where three or more words are single letters and neighbours, half-open."""
    three = (single[:-2] & single[1:-1] & single[2:] & near).nonzero()[0]
    first = end = -1
    for place in three.tolist():
        if place < end:
            end = place + disguise.FEWEST_SINGLES
            continue
        if end > 0:
            yield first, end
        first, end = place, place + disguise.FEWEST_SINGLES
    if end > 0:
        yield first, end


def _all_marks(chars: Words, row: Row, words: Index) -> npt.NDArray[np.bool_]:
    """Whether all of each word but its first character are marks."""
    kinds = tables().kinds
    starts, sizes = row.starts[words], row.sizes[words]
    all_marks = np.ones(len(words), np.bool_)
    for offset in range(1, MOST_MARKS_OF_ONE):
        is_mark = (kinds[chars[np.minimum(starts + offset, len(chars) - 1)]] & MARK) != 0
        all_marks &= is_mark | (offset >= sizes)
    return all_marks


def _bridged(
    folding: Folding, classes: npt.NDArray[np.uint8], places: list[int]
) -> Iterator[Piece]:
    """What stands on both sides of symbols between letters of a script without spaces."""
    done = 0
    for place in places:
        if place < done or classes.item(place - 1) not in _BRIDGEABLE:
            continue
        first, last = max(place - NEAR, 0), place + NEAR
        kinds = classes[first:last].tolist()
        left = next((n for n in range(place - first, -1, -1) if kinds[n] not in _BRIDGEABLE), -1)
        right = next(
            (n for n in range(place - first, len(kinds)) if kinds[n] not in _BRIDGEABLE), None
        )
        start = first + left + 1
        text = decode(folding.chars[start : last if right is None else first + right])
        done = start + len(text)
        if kinds[left + 1] == UNSPACED_LETTER:
            yield from ((start, number, [one]) for number, one in enumerate(disguise.closed(text)))


_BRIDGEABLE: Final = frozenset({UNSPACED_LETTER, BETWEEN})
MOST_MARKS_OF_ONE: Final = 4


def _merged(stretches: list[Stretch], folding: Folding) -> list[tuple[int, int]]:
    """Stretches that touch as one; each within its text."""
    if not stretches:
        return []
    texts_at = folding.folded_at
    within = []
    for first, last, inside in stretches:
        number = int(np.searchsorted(texts_at, inside, side="right")) - 1
        start = max(first, int(texts_at[number]))
        within.append((start, min(last, int(texts_at[number + 1]) - len(SEPARATOR))))
    merged: list[list[int]] = []
    for start, end in sorted(within):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return [(first, last) for first, last in merged]


def _laid_out(pieces: Sequence[Piece]) -> Reading:
    """Readings as one skeleton: words apart by a space, or two where they are no neighbours."""
    chars = ["  "]
    firsts, lasts = [0, 0], [0, 0]
    for offset, _, reading in pieces:
        before = None
        for word in reading:
            near = before is not None and are_neighbours(before, word)
            gap = " " if near else "  "
            place = offset + word.first
            chars += [gap, word.text]
            firsts += [place] * len(gap) + [offset + one for one in word.firsts]
            lasts += [place] * len(gap) + [offset + one for one in word.lasts]
            before = word
    chars.append("  ")
    firsts += firsts[-1:] * 2
    lasts += lasts[-1:] * 2
    codes = np.frombuffer("".join(chars).encode("utf-32-le"), np.uint32)
    return Reading(Skeleton(codes, np.array(firsts)), np.array(lasts), pieces)


def suspects_of(materials: Sequence[Material]) -> Suspects | None:
    """What is looked for in disguise; None where no material may be."""
    words: dict[str, None] = {}
    inside: list[str] = []
    far = [one for one in materials if VIEW_RANK[one.view] >= VIEW_RANK["loose"]]
    phrases = [one for one in far if one.kind == "phrase"]
    for material in phrases:
        elements = parse(material.value, material.gap, material.boundary).elements
        words |= dict.fromkeys(
            loose(FoldedText(word)) for one in elements for form in one.forms for word in form
        )
    keywords = [one for one in far if one.kind == "keyword"]
    sought = keywords + [one for one in phrases if one.boundary != "word"]
    # In bulk: one at a time costs ten times as much.
    values = loose_many(cores([one.value for one in sought])[1])
    for material, value in zip(sought, values, strict=True):
        if material.kind == "keyword":
            words |= dict.fromkeys(value.split())
        if material.boundary != "word":
            inside += _words_inside(value, material)
    several = bool(phrases) or any(" " in one.value for one in keywords)
    return Suspects(Vocabulary(words), inside, phrases=several) if words else None


def _words_inside(core: FoldedText, material: Material) -> list[str]:
    """What of a material may stand inside a longer word."""
    if material.boundary != "inflected":
        return core.split()
    return [stem.text for word in core.split() for stem in stems_of(word, material)]
