"""What is alike, directly or through others: sets by what they have in common, pictures by bits.

Sets are joined exactly, no pair of alike ones is left out. Two sets that have enough in common have
one of their rarest items in common (S. Chaudhuri, V. Ganti and R. Kaushik, A primitive operator for
similarity joins in data cleaning, ICDE 2006; R. Bayardo, Y. Ma and R. Srikant, Scaling up all pairs
similarity search, WWW 2007), and a sketch of 256 bits tells nearly all others apart.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from automod.match.hash_index import RADIUS, HashIndex
from automod.media.hexes import Hashes

from .shingles import Numbers, Sets, mixed, ranges

Flags = npt.NDArray[np.bool_]

_PAIRS: Final = 1 << 20
"""Pairs looked at a time, and items compared: about 100 MB of arrays."""

_QUERIES: Final = 256
"""Hashes looked for at a time: a picture that all others are copies of is near to all of them."""

_SKETCH: Final = 4
"""Words of 64 bits of a sketch."""


class Unions:
    """Things by number, each in a union with others or alone.

    >>> unions = Unions(4)
    >>> unions.join(np.array([3, 2]), np.array([1, 3]))
    >>> unions.labels.tolist()
    [0, 1, 1, 1]
    """

    def __init__(self, count: int) -> None:
        self.labels: Numbers = np.arange(count)
        """Of each thing the least number in its union."""

    def join(self, ones: Numbers, others: Numbers) -> None:
        """Put things together with others, pair by pair.

        All pairs at once: of two unions the later goes to the least it is paired with, until no
        pair is apart (Y. Shiloach and U. Vishkin, J. Algorithms 3 (1982), 57-67).
        """
        apart = self.apart(ones, others)
        while apart.any():
            ones, others = ones[apart], others[apart]
            pair = self.labels[ones], self.labels[others]
            np.minimum.at(self.labels, np.maximum(*pair), np.minimum(*pair))
            self._settle()
            apart = self.apart(ones, others)

    def join_same(self, things: Numbers, keys: Numbers) -> None:
        """Put together the things that have the same key."""
        order = np.argsort(keys, kind="stable")
        things, keys = things[order], keys[order]
        same = keys[1:] == keys[:-1]
        self.join(things[1:][same], things[:-1][same])

    def apart(self, ones: Numbers, others: Numbers) -> Flags:
        """Which pairs are not in one union."""
        found: Flags = self.labels[ones] != self.labels[others]
        return found

    def _settle(self) -> None:
        while True:
            above = self.labels[self.labels]
            if bool((above == self.labels).all()):
                return
            self.labels = above


def near_hashes(hashes: Hashes) -> Numbers:
    """Labels of pictures: one for all that are near each other, directly or through others.

    Args:
        hashes: shape (n, turns, 32): of each as it is, and turned.

    Near is a picture that lies, as it is, within 31 bits of another in one of its turns: the radius
    within which pictures are copies. All pairs are found, so time grows with the square of the
    different copies of one picture; memory does not.

    >>> rng = np.random.default_rng(1)
    >>> two = rng.integers(0, 256, (2, 1, 32), np.uint8)
    >>> near_hashes(np.concatenate([two, two & 254])).tolist()
    [0, 1, 0, 1]
    """
    count, turns, size = hashes.shape
    unions = Unions(count)
    if not count:
        return unions.labels
    rows, first, same = np.unique(
        hashes.reshape(count, -1), axis=0, return_index=True, return_inverse=True
    )
    unions.join(np.arange(count), first[same.reshape(count)])
    index = HashIndex().add(rows.reshape(-1, size))
    upright = np.ascontiguousarray(rows[:, :size])
    for at in range(0, len(rows), _QUERIES):
        found = index.search(upright[at : at + _QUERIES], RADIUS)
        unions.join(first[found.query + at], first[found.row // turns])
    return unions.labels


def overlapping(sets: Sets, least: Fraction) -> Numbers:
    """Labels of sets: one for all that are alike, directly or through others.

    Args:
        sets: an empty one is like no other.
        least: of what two sets hold together, the share that both must hold (Jaccard).

    What is near only through others is joined as well. Time grows with the pairs that have an item
    in common that is rare among those of both; copies of each other, however many, cost as much as
    they are.

    >>> items = np.array([1, 2, 3, 2, 3, 4, 3, 4, 5, 6, 7, 8])
    >>> sets = Sets.of(np.repeat([0, 1, 2, 3], 3), items, 5)
    >>> overlapping(sets, Fraction(1, 2)).tolist()
    [0, 0, 0, 3, 4]
    """
    unions = Unions(len(sets))
    held = np.flatnonzero(sets.sizes)
    if len(held):
        sums = np.add.reduceat(mixed(sets.items), sets.starts[held])
        _, first, same = np.unique(sums, return_index=True, return_inverse=True)
        kept = held[first]
        found = _Join(sets.at(kept), least).labels()
        unions.join(held, kept[found[same]])
    return unions.labels


class _Join:
    """The join of sets that are all different, and none of them empty."""

    def __init__(self, sets: Sets, least: Fraction) -> None:
        self._least = least
        self._unions = Unions(len(sets))
        self._sketches = _sketches(sets)
        self._sizes, self._starts = sets.sizes, sets.starts
        _, ranks, counts = np.unique(sets.items, return_inverse=True, return_counts=True)
        rarity = np.empty(len(counts), np.int64)
        rarity[np.argsort(counts, kind="stable")] = np.arange(len(counts))
        self._kinds = len(counts)
        self._items = np.sort(sets.owners * self._kinds + rarity[ranks]) % self._kinds
        """Of each set, the rarest first."""
        self._shared = np.sort(counts)[self._items] > 1

    def labels(self) -> Numbers:
        """The label of each set."""
        items, owners = self._rarest()
        starts = np.flatnonzero(np.diff(items, prepend=-1))
        sizes = np.diff(np.append(starts, len(items)))
        upto = (sizes * (sizes - 1) // 2).cumsum()
        at = done = 0
        while at < len(starts):
            end = max(int(np.searchsorted(upto, done + _PAIRS, side="right")), at + 1)
            stop = starts[end] if end < len(starts) else len(items)
            self._join_lists(items[starts[at] : stop], owners[starts[at] : stop])
            at, done = end, int(upto[end - 1])
        return self._unions.labels

    def _rarest(self) -> tuple[Numbers, Numbers]:
        """Items, and the sets in which each is among the rarest: alike sets have one of them."""
        enough = -(-self._least.numerator * self._sizes // self._least.denominator)
        places = ranges(self._starts[:-1], self._sizes - enough + 1)
        owners = np.arange(len(self._sizes)).repeat(self._sizes - enough + 1)
        shared = self._shared[places]
        items, owners = self._items[places[shared]], owners[shared]
        order = np.argsort(items, kind="stable")
        return items[order], owners[order]

    def _join_lists(self, items: Numbers, owners: Numbers) -> None:
        """Compare the sets that have an item in common, as far as they are not together yet.

        A bounded number of pairs at a time; of a list that has more, some of its sets with all
        others: if those are their copies, nothing is left to compare.
        """
        while len(items):
            labels = self._unions.labels[owners]
            order = np.lexsort((labels, items))
            items, owners, labels = items[order], owners[order], labels[order]
            new = np.diff(items) != 0
            ends = _ends(new | (np.diff(labels) != 0))
            counts = _ends(new) - ends
            taken = max(int(np.searchsorted(counts.cumsum(), _PAIRS, side="right")), 1)
            counts = counts[:taken]
            self._join_pairs(owners[:taken].repeat(counts), owners[ranges(ends[:taken], counts)])
            items, owners = items[taken:], owners[taken:]

    def _join_pairs(self, ones: Numbers, others: Numbers) -> None:
        """Join the pairs that are alike."""
        likely = self._are_likely(ones, others)
        pairs = (
            np.minimum(ones, others)[likely] * len(self._sizes) + np.maximum(ones, others)[likely]
        )
        ones, others = np.divmod(np.unique(pairs), len(self._sizes))
        while len(ones):
            held = (self._sizes[ones] + self._sizes[others]).cumsum()
            end = max(int(np.searchsorted(held, _PAIRS, side="right")), 1)
            alike = self._are_alike(ones[:end], others[:end])
            self._unions.join(ones[:end][alike], others[:end][alike])
            ones, others = ones[end:], others[end:]
            apart = self._unions.apart(ones, others)
            ones, others = ones[apart], others[apart]

    def _are_likely(self, ones: Numbers, others: Numbers) -> Flags:
        """Which pairs are not ruled out: a sketch differs in no more bits than its set in items."""
        more, less = self._least.denominator, self._least.numerator
        sizes = self._sizes[ones] + self._sizes[others]
        likely = np.zeros(len(ones), np.bool_)
        near = np.flatnonzero(
            more * np.minimum(self._sizes[ones], self._sizes[others])
            >= less * np.maximum(self._sizes[ones], self._sizes[others])
        )
        bits = np.zeros(len(near), np.int64)
        for word in self._sketches:
            bits += np.bitwise_count(word[ones[near]] ^ word[others[near]])
        likely[near] = (more + less) * bits <= (more - less) * sizes[near]
        return likely

    def _are_alike(self, ones: Numbers, others: Numbers) -> Flags:
        """Which pairs have enough in common."""
        mine, theirs = self._numbered(ones), self._numbered(others)
        places = np.minimum(np.searchsorted(mine, theirs), len(mine) - 1)
        both = np.bincount(theirs[mine[places] == theirs] // self._kinds, minlength=len(ones))
        sizes = self._sizes[ones] + self._sizes[others]
        less, whole = self._least.numerator, self._least.numerator + self._least.denominator
        found: Flags = whole * both >= less * sizes
        return found

    def _numbered(self, sets: Numbers) -> Numbers:
        """The items of some sets in order, each with the place of its set before it."""
        sizes = self._sizes[sets]
        items = self._items[ranges(self._starts[sets], sizes)]
        found: Numbers = np.arange(len(sets)).repeat(sizes) * self._kinds + items
        return found


def _ends(new: Flags) -> Numbers:
    """Where the run of each ends, given whether the next of each begins another."""
    ends = np.append(np.flatnonzero(new) + 1, len(new) + 1)
    found: Numbers = ends.repeat(np.diff(ends, prepend=0))
    return found


def _sketches(sets: Sets) -> npt.NDArray[np.uint64]:
    """Shape (4, sets): bits, of which each item turns one over.

    E. Sandes, G. Teodoro and A. Melo, Bitmap filter: speeding up exact set similarity joins with
    bitwise operations, Information Systems 88 (2020).
    """
    found = np.zeros((_SKETCH, len(sets)), np.uint64)
    places = mixed(sets.items)
    words = ((places >> np.uint64(6)) % np.uint64(_SKETCH)).astype(np.int64)
    bits = np.uint64(1) << (places & np.uint64(63))
    np.bitwise_xor.at(found, (words, sets.owners), bits)
    return found
