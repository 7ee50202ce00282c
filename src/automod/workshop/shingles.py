"""What texts say, as sets of numbers: copies of one ad have most of theirs in common.

A shingle is a word, or in scripts written without spaces a character or a few in a row. Links and
accounts are left out, every number is the same one, and what is neither letter nor digit (emoji
among it) is no part of any: prices, phones and tracking differ between copies of one ad.

One word is a shingle, not two or three in a row: of ten words of which two are others eight of
twelve stay, and of the pairs in a row five of thirteen. In 11,936 real ads and 32,000 headlines,
0.6 of the words in common makes fewer pairs than 0.5 of the words and pairs of words (364 and
5,874; 407 and 7,428), and finds more copies: 97 % of those with two other words in eight to twelve,
not 82 %.

A. Broder, On the resemblance and containment of documents, Compression and Complexity of Sequences
(1997), 21-29.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from automod.match.links import find_handles, find_links
from automod.model.coded import begins
from automod.text.fold import fold_many, fold_texts
from automod.text.loose import loosen
from automod.text.tables import GROUP_BITS, GROUP_SHIFT, GROUPS, UNSPACED, Words, tables
from automod.text.words import SPACE, skeleton

Numbers = npt.NDArray[np.int64]
Shingles = npt.NDArray[np.uint64]

FEWEST: Final = 10
"""Half-words: under five words, or ten Chinese characters, texts are alike only if they are equal.
Of 60,000 pairs of unrelated Chinese texts of eight characters the nearest have 0.67 of them in
common; of twelve characters, 0.47."""

_WORD: Final = np.uint64(1)
"""The lowest bit of a shingle: a word has it, characters and a few of them in a row have not."""

_BATCH: Final = 1 << 20
"""Characters folded at a time: about 100 MB of arrays."""

_IDEOGRAPHS: Final = 0x3400
"""The first of them; characters of their group before it are sounds (kana, bopomofo)."""
_SOUNDS: Final = 2
"""Sounds in a row that are a shingle."""
_SOUTH_EAST: Final = 3
"""Characters of Thai, Lao, Khmer and Myanmar that are one."""

_ZERO: Final = ord("0")
_NINE: Final = ord("9")


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """Sets of numbers, one behind the other."""

    items: Shingles
    """Shape (k,): of each set in order, each once."""
    starts: Numbers
    """Shape (sets + 1,): where each begins in `items`."""

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def sizes(self) -> Numbers:
        """Shape (sets,)."""
        return np.diff(self.starts)

    @property
    def owners(self) -> Numbers:
        """Shape (k,): the set of each item."""
        return np.arange(len(self)).repeat(self.sizes)

    def at(self, places: Numbers) -> Sets:
        """The sets at some places."""
        sizes = self.sizes[places]
        return Sets(self.items[ranges(self.starts[places], sizes)], _starts(sizes))

    @classmethod
    def of(cls, owners: Numbers, items: npt.NDArray[np.generic], count: int) -> Sets:
        """So many sets of items in any order, of which the owner is the set.

        >>> Sets.of(np.array([1, 0, 1, 1]), np.array([7, 7, 5, 7]), 3).starts.tolist()
        [0, 1, 3, 3]
        """
        order = np.lexsort((items, owners))
        owners, items = owners[order], items[order]
        new = begins(owners, items)
        sizes = np.bincount(owners[new], minlength=count)
        return cls(items[new].astype(np.uint64), _starts(sizes))


def _starts(sizes: Numbers) -> Numbers:
    return np.concatenate([[0], sizes.cumsum()]).astype(np.int64)


def ranges(starts: Numbers, sizes: Numbers) -> Numbers:
    """All numbers of some ranges, one range behind the other.

    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    before = sizes.cumsum() - sizes
    found: Numbers = np.arange(int(sizes.sum())) + (starts - before).repeat(sizes)
    return found


def mixed(numbers: Shingles) -> Shingles:
    """Numbers scattered over all of 64 bits, other ones for other ones.

    G. Steele, D. Lea and C. Flood, Fast splittable pseudorandom number generators, OOPSLA (2014).
    """
    found = numbers + np.uint64(0x9E3779B97F4A7C15)
    found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return found ^ (found >> np.uint64(31))


def shingles(creatives: Sequence[Sequence[str]]) -> Sets:
    """The shingles of creatives, all of a creative's texts together; none where it says nothing.

    Few words are one shingle, which stands for all of them; so is a text without words, which
    stands for itself. Case, marks and the spellings that the loose view merges make no difference,
    nor do the order of words and of texts.

    Args:
        creatives: the texts of each.

    Time and memory grow with the characters; arrays of single characters are held for a part of
    the creatives at a time.

    >>> sets = shingles([["Win $500 at our casino, today! 🎰"], ["WIN 9,000 at OUR Casino today"]])
    >>> sets.sizes.tolist(), bool((sets.items[:6] == sets.items[6:]).all())
    ([6, 6], True)
    """
    parts = [_of_batch(some) for some in _batches(creatives)]
    sizes = [np.empty(0, np.int64), *(part.sizes for part in parts)]
    items = [np.empty(0, np.uint64), *(part.items for part in parts)]
    return Sets(np.concatenate(items), _starts(np.concatenate(sizes)))


def _batches(creatives: Sequence[Sequence[str]]) -> Iterator[Sequence[Sequence[str]]]:
    """Creatives, a bounded number of characters at a time."""
    first = characters = 0
    for place, texts in enumerate(creatives):
        characters += sum(map(len, texts))
        if characters >= _BATCH:
            yield creatives[first : place + 1]
            first, characters = place + 1, 0
    if first < len(creatives):
        yield creatives[first:]


def without_links(text: str) -> str:
    """A text without the links and the accounts in it.

    >>> without_links("Join @winksa: https://t.me/winksa?utm=7 now")
    'Join  :   now'
    """
    links = find_links(text)
    spans = [(link.start, link.end) for link in links]
    if "@" in text or "＠" in text:
        spans += [(handle.start, handle.end) for handle in find_handles(text, links)]
    pieces, done = [], 0
    for start, end in sorted(spans):
        pieces.append(text[done:start])
        done = max(done, end)
    return " ".join([*pieces, text[done:]]) if spans else text


class _Tokens(NamedTuple):
    """Words and parts of words, in order of where they stand."""

    field: Numbers
    """The text each is of."""
    shingle: Shingles
    number: npt.NDArray[np.bool_]
    """Whether it is digits and nothing else."""


def _of_batch(creatives: Sequence[Sequence[str]]) -> Sets:
    """The shingles of some creatives."""
    count = len(creatives)
    of_field = np.arange(count).repeat(np.array([len(texts) for texts in creatives], np.int64))
    tokens = _tokens([without_links(text) for text in chain.from_iterable(creatives)])
    owner = of_field[tokens.field]
    sets = Sets.of(owner, tokens.shingle, count)
    worth = np.bincount(sets.owners, (sets.items & _WORD) + np.uint64(1), count)
    speaks = np.bincount(owner[~tokens.number], minlength=count) > 0
    silent = np.flatnonzero(~speaks).tolist()
    whole = [_whole(creatives[place]) for place in silent]
    long = np.flatnonzero(speaks & (worth >= FEWEST))
    short = np.flatnonzero(speaks & (worth < FEWEST))
    owners = [
        long.repeat(sets.sizes[long]),
        short,
        np.array([place for place, one in zip(silent, whole, strict=True) if one], np.int64),
    ]
    items = [
        sets.at(long).items,
        mixed(_sums(sets.at(short))),
        np.array([one for one in whole if one], np.uint64),
    ]
    return Sets.of(np.concatenate(owners), np.concatenate(items), count)


def _sums(sets: Sets) -> Shingles:
    """One number for each set that is not empty: equal for equal sets."""
    if not len(sets):
        return np.empty(0, np.uint64)
    found: Shingles = np.add.reduceat(mixed(sets.items), sets.starts[:-1])
    return found


def _whole(texts: Sequence[str]) -> int:
    """A number for texts without words, as they are: 0 where nothing can be seen of them."""
    folded = sorted(" ".join(text.split()) for text in fold_many([*texts])) if any(texts) else []
    seen = "\n".join(text for text in folded if text)
    data = seen.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little") if seen else 0


def _tokens(texts: list[str]) -> _Tokens:
    """The words of texts, and in scripts without spaces the characters or a few in a row."""
    folding = fold_texts(texts)
    bones = loosen(skeleton(folding)).bones
    kept = _first_digits(bones.chars)
    chars = bones.chars[kept]
    digits = (chars >= _ZERO) & (chars <= _NINE)
    chars[digits] = _ZERO
    fields = np.searchsorted(kept, np.searchsorted(bones.at, folding.folded_at))
    starts, ends = _words(chars)
    groups = tables().entries[chars[starts]] >> GROUP_SHIFT & GROUP_BITS
    parted = ((groups & UNSPACED) != 0) & (groups != GROUP_BITS)
    parts, sizes = _parts(chars, starts[parted], ends[parted])
    at = np.concatenate([starts[~parted], parts])
    sizes = np.concatenate([(ends - starts)[~parted], sizes])
    hashes = _hashes(chars, at, sizes) | _WORD
    hashes[len(at) - len(parts) :] ^= _WORD
    field = np.searchsorted(fields, at, side="right") - 1
    return _Tokens(field, hashes, (sizes == 1) & digits[at])


def _first_digits(chars: Words) -> Numbers:
    """The places of all characters but the digits that follow another."""
    digits = (chars >= _ZERO) & (chars <= _NINE)
    kept = np.ones(len(chars), np.bool_)
    kept[1:] = ~(digits[1:] & digits[:-1])
    return np.flatnonzero(kept)


def _words(chars: Words) -> tuple[Numbers, Numbers]:
    """Where words begin, and one past where they end."""
    edges = np.diff((chars != SPACE).astype(np.int8), prepend=0, append=0)
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _parts(chars: Words, starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
    """Where the shingles of words in scripts without spaces begin, and their sizes."""
    places = ranges(starts, ends - starts)
    first, end = starts.repeat(ends - starts), ends.repeat(ends - starts)
    groups = tables().entries[chars[places]] >> GROUP_SHIFT & GROUP_BITS
    sounds = np.where(chars[places] < _IDEOGRAPHS, _SOUNDS, 1)
    sizes = np.where(groups & GROUPS["c"], sounds, _SOUTH_EAST)
    # What the end cuts short is there already, as the end of the one before.
    kept = (places + sizes <= end) | (places == first)
    return places[kept], np.minimum(sizes, end - places)[kept]


def _hashes(chars: Words, starts: Numbers, sizes: Numbers) -> Shingles:
    """One number for each stretch of characters: a sum, to which each adds what it is and where."""
    if not len(starts):
        return np.empty(0, np.uint64)
    before = sizes.cumsum() - sizes
    inside = np.arange(int(sizes.sum())) - before.repeat(sizes)
    letters = chars[inside + starts.repeat(sizes)].astype(np.uint64)
    added = mixed(letters | inside.astype(np.uint64) << np.uint64(32))
    found: Shingles = mixed(np.add.reduceat(added, before))
    return found
