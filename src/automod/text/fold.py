"""Folding: many texts at once into one array of folded characters, with the way back.

The safe fold is NFKC_Casefold (Unicode 15.0, section 3.13, D145-D147: map every character, then
compose) with the Arabic, digit and letter folds added to the character map. Mapping is one gather;
composition is worked out only where the Unicode quick check says it might change something.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final, NewType, cast, overload

import numpy as np
import numpy.typing as npt

from automod.model.vocabulary import View

from .tables import (
    CHAR,
    COMBINING,
    COMPOSES,
    EXTENDS,
    GROUP_BITS,
    GROUP_SHIFT,
    MARK,
    SOFT,
    SPECIAL,
    Words,
    tables,
)

FoldedText = NewType("FoldedText", str)
"""Text that went through the fold; a raw `str` cannot reach a matcher."""

Index = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
"""Places in a joined text: half the memory to move, and no text is that long."""

MOST_MARKS = 30
"""Combining marks kept in a row: normalising is quadratic in them, and no script needs so many."""

SEPARATOR = "\n" * 5
"""Between joined texts: one character more than the words of a phrase may be apart."""

LATE = {"\u0653": "", "\u0654": "", "\u0655": "", "\u0345": "\u03b9"}
"""Marks that fold only after they had the chance to compose: madda, hamzas, iota below."""


@dataclass(frozen=True)
class Folding:
    """Folded characters of joined texts, and where each came from.

    `start[i]` and `end[i]` are the original place of folded character i in the joined text; None
    where every character kept its place. `joined_at[k]` is where text k begins in the joined text.
    """

    texts: Sequence[str]
    joined: str
    joined_at: Index
    chars: Words
    groups: npt.NDArray[np.uint8]
    start: Places | None
    end: Places | None
    soft: tuple[int, ...]
    """The texts that hold a character whose place may also be read as a gap (`text.soft`)."""
    malformed: bool
    """Some text holds a lone surrogate."""

    @cached_property
    def folded_at(self) -> Index:
        """Where each text begins among the folded characters, and one past the last."""
        ends = np.append(self.joined_at, len(self.joined))
        return ends if self.start is None else np.searchsorted(self.start, ends.astype(np.int32))

    @cached_property
    def folded(self) -> FoldedText:
        """All folded texts, joined."""
        return decode(self.chars)

    def text(self, k: int) -> FoldedText:
        """The folded form of text k."""
        first = int(self.folded_at[k])
        last = int(self.folded_at[k + 1]) - len(SEPARATOR)
        return FoldedText(self.folded[first:last])

    def original(self, first: int, last: int) -> tuple[int, int]:
        """The original span, in the joined text, of folded characters first to last (half-open)."""
        if self.start is None or self.end is None:
            start, end = first, last
        else:
            start, end = int(self.start[first]), int(self.end[last - 1])
        kinds, joined = tables().kinds, self.joined
        while kinds[ord(joined[end])] & EXTENDS:
            end += 1
        return start, end


def decode(chars: Words) -> FoldedText:
    """Folded characters as a string."""
    return FoldedText(chars.tobytes().decode("utf-32-le"))


class JoinedTexts(Sequence[str]):
    """Texts that lie in one string already: each is made only when it is asked for.

    Args:
        joined: the texts, with SEPARATOR before, between and after them.
        lengths: of each, in code points.

    >>> texts = JoinedTexts(SEPARATOR.join(["", "ab", "c", ""]), np.array([2, 1]))
    >>> len(texts), texts[1]
    (2, 'c')
    """

    __slots__ = ("at", "joined", "lengths")

    def __init__(self, joined: str, lengths: Index) -> None:
        self.joined, self.lengths = joined, lengths
        self.at: Index = (lengths + len(SEPARATOR)).cumsum() - lengths
        """Where each begins."""

    @classmethod
    def of(cls, texts: Sequence[str]) -> JoinedTexts:
        """Texts that lie apart, put together."""
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        return cls(SEPARATOR.join(["", *texts, ""]), lengths)

    def __len__(self) -> int:
        return len(self.lengths)

    def some(self, first: int, last: int) -> list[str]:
        """Texts first to last (half-open)."""
        at, lengths, joined = self.at.item, self.lengths.item, self.joined
        return [joined[at(n) : at(n) + lengths(n)] for n in range(first, last)]

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        first = self.at.item(place)
        return self.joined[first : first + self.lengths.item(place)]


def fold_texts(texts: Sequence[str]) -> Folding:
    """Fold many texts in one go (the safe view).

    >>> fold_texts(["ربـــح", "CASINO"]).text(1)
    'casino'
    """
    together = texts if isinstance(texts, JoinedTexts) else JoinedTexts.of(texts)
    joined, joined_at = together.joined, together.at
    codes, malformed = _codes(joined)
    entries = tables().entries.take(codes)
    seen = int(np.bitwise_or.reduce(entries))
    soft = _soft_texts(entries, joined_at) if seen & SOFT else ()
    start: Places | None = None
    end: Places | None = None
    if seen & SPECIAL:
        entries, start = _expand(entries)
        seen = int(np.bitwise_or.reduce(entries))
        end = start + np.int32(1)
    if seen & (COMPOSES | COMBINING):
        entries, start, end = _compose(entries, start, end)
    chars = entries & np.uint32(CHAR)
    groups = (entries >> np.uint32(GROUP_SHIFT)).astype(np.uint8) & np.uint8(GROUP_BITS)
    return Folding(texts, joined, joined_at, chars, groups, start, end, soft, malformed)


def _soft_texts(entries: Words, joined_at: Index) -> tuple[int, ...]:
    # `nonzero` of flags is five times as fast as that of integers.
    places = ((entries & np.uint32(SOFT)) != 0).nonzero()[0]
    return tuple(np.unique(np.searchsorted(joined_at, places, side="right") - 1).tolist())


def _codes(text: str) -> tuple[npt.NDArray[np.uint8] | Words, bool]:
    """The code points, and whether some are lone surrogates."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8), False
    try:
        return np.frombuffer(text.encode("utf-32-le"), np.uint32), False
    except UnicodeEncodeError:
        return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), True


FEW: Final = 64
"""With fewer than one special character in so many, pieces are copied rather than all gathered."""


def _expand(entries: Words) -> tuple[Words, Places]:
    """Put deletions and expansions into effect; also where each result came from."""
    special = ((entries & np.uint32(SPECIAL)) != 0).nonzero()[0]
    if len(special) * FEW < len(entries):
        return _expand_few(entries, special.tolist())
    return _expand_many(entries, special)


def _expand_few(entries: Words, special: list[int]) -> tuple[Words, Places]:
    places = np.arange(len(entries), dtype=np.int32)
    pieces, starts, done = [], [], 0
    for place in special:
        expansion = _expansion(entries.item(place) & CHAR)
        pieces.append(entries[done:place])
        starts.append(places[done:place])
        if expansion is not None:
            pieces.append(expansion)
            own = places[place : place + 1]
            starts.append(own if len(expansion) == 1 else own.repeat(len(expansion)))
        done = place + 1
    pieces.append(entries[done:])
    starts.append(places[done:])
    return np.concatenate(pieces), np.concatenate(starts)


@lru_cache(maxsize=4_096)
def _expansion(number: int) -> Words | None:
    """The entries of what a character becomes, by the number of its expansion; None of nothing."""
    table = tables()
    first, last = table.offsets.item(number), table.offsets.item(number + 1)
    if first == last:
        return None
    entries = table.entries[table.expansions[first:last]] & ~np.uint32(SOFT)
    entries.flags.writeable = False
    return entries


def _expand_many(entries: Words, special: Index) -> tuple[Words, Places]:
    table = tables()
    numbers = entries[special] & np.uint32(CHAR)
    sizes = table.offsets[numbers + 1] - table.offsets[numbers]
    counts = np.ones(len(entries), np.int64)
    counts[special] = sizes
    start = np.repeat(np.arange(len(entries), dtype=np.int32), counts)
    expanded = entries[start]
    long = sizes > 0
    if long.any():
        ends = np.cumsum(counts)[special[long]]
        sizes = sizes[long]
        steps = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        places = np.repeat(ends - sizes, sizes) + steps
        sources = np.repeat(table.offsets[numbers[long]], sizes) + steps
        expanded[places] = table.entries[table.expansions[sources]] & ~np.uint32(SOFT)
    return expanded, start


def _compose(
    entries: Words, start: Places | None, end: Places | None
) -> tuple[Words, Places | None, Places | None]:
    """Canonical order and composition, only around characters that may need it."""
    runs = _clusters(entries)
    changed = []
    for first, last in runs:
        cluster = decode(entries[first:last] & np.uint32(CHAR))
        settled = _settle(cluster[:1] + _cut(cluster[1:]))
        if settled != cluster:
            kept = _alike(settled, cluster)  # keeps its own place
            changed.append((first + kept, last, settled[kept:]))
    if not changed:
        return entries, start, end
    if start is None or end is None:
        start = np.arange(len(entries), dtype=np.int32)
        end = start + np.int32(1)
    return _replace(entries, start, end, changed)


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _clusters(entries: Words) -> list[tuple[int, int]]:
    """Runs of characters that may compose or reorder, each with the character before it."""
    loose = ((entries & np.uint32(COMPOSES | COMBINING)) != 0).nonzero()[0]
    begins = np.concatenate(([0], (loose[1:] - loose[:-1] > 1).nonzero()[0] + 1))
    firsts, lasts = loose[begins], loose[np.append(begins[1:], len(loose)) - 1] + 1
    # A lone mark that never composes is in order already: most Thai, Devanagari and Hebrew text.
    composing = np.maximum.reduceat(entries[loose] & np.uint32(COMPOSES), begins) != 0
    needed = composing | (lasts - firsts > 1)
    pairs = zip(firsts[needed] - 1, lasts[needed], strict=True)
    return [(max(int(first), 0), int(last)) for first, last in pairs]


@lru_cache(maxsize=65536)
def _settle(cluster: str) -> str:
    """Compose and fold a cluster until nothing changes."""
    while True:
        text = unicodedata.normalize("NFC", cluster)
        text = "".join(_fold_char(char) for char in text)
        text = unicodedata.normalize("NFC", text)
        if text == cluster:
            return text
        cluster = text


def _fold_char(char: str) -> str:
    late = LATE.get(char)
    return tables().folds.get(char, (char,))[0] if late is None else late


def _cut(chars: str) -> str:
    if len(chars) <= MOST_MARKS:
        return chars
    kinds, kept, run = tables().kinds, [], 0
    for char in chars:
        run = run + 1 if kinds[ord(char)] & MARK else 0
        if run <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _replace(
    entries: Words, start: Places, end: Places, changed: list[tuple[int, int, str]]
) -> tuple[Words, Places, Places]:
    table = tables().entries
    pieces: list[tuple[Words, Places, Places]] = []
    done = 0
    for first, last, text in changed:
        codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        size = len(codes)
        pieces.append((entries[done:first], start[done:first], end[done:first]))
        pieces.append(
            (table[codes], np.full(size, start[first]), np.full(size, end[last - 1]))
        )  # every result of a cluster stands for the whole cluster
        done = last
    pieces.append((entries[done:], start[done:], end[done:]))
    new, starts, ends = zip(*pieces, strict=True)
    return np.concatenate(new), np.concatenate(starts), np.concatenate(ends)


@dataclass(frozen=True)
class Folded:
    """One folded text and the way back to the original."""

    original: str
    text: FoldedText
    view: View
    places: tuple[tuple[int, int], ...]
    """Where each folded character comes from: half-open spans of the original."""

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The original span of folded characters first to last (both half-open, code points).

        The end grows over combining marks and joiners, so that no letter is cut from its marks.

        Raises:
            IndexError: the span is empty or lies outside the folded text.
        """
        if not 0 <= first < last <= len(self.places):
            raise IndexError(f"no folded characters {first} to {last} of {len(self.places)}")
        start, end = self.places[first][0], self.places[last - 1][1]
        return start, grow(self.original, end)


def grow(text: str, end: int) -> int:
    """`end` moved over the marks and joiners that belong to the character before it."""
    kinds = tables().kinds
    while end < len(text) and kinds[ord(text[end])] & EXTENDS:
        end += 1
    return end


def fold(text: str, view: View = "safe") -> Folded:
    """Fold one text, with the way back to the original.

    Args:
        text: any string, lone surrogates included.
        view: `exact` (NFC) or `safe`; for the looser ones see `text.views`.

    Raises:
        ValueError: another view.

    >>> folded = fold("ربـــح 50٪")
    >>> folded.text
    'ربح 50٪'
    >>> folded.span(0, 3)
    (0, 6)
    """
    if view == "exact":
        return _exact(text)
    if view != "safe":
        raise ValueError(f"the view {view!r} is not folded here")
    folding = fold_texts([text])
    first, last = int(folding.folded_at[0]), int(folding.folded_at[1]) - len(SEPARATOR)
    lead = len(SEPARATOR)
    if folding.start is None or folding.end is None:
        places = tuple((i, i + 1) for i in range(len(text)))
    else:
        spans = zip(folding.start[first:last], folding.end[first:last], strict=True)
        places = tuple((int(start) - lead, int(end) - lead) for start, end in spans)
    return Folded(text, folding.text(0), view, places)


def fold_many(texts: Sequence[str], view: View = "safe") -> list[FoldedText]:
    """The folded forms alone, in order; one pass over all of them.

    >>> fold_many(["Ｃａｓｉｎｏ", "٥٠"])
    ['casino', '50']
    """
    if view != "safe":
        return [fold(text, view).text for text in texts]
    return split_folded(fold_texts(texts))


def split_folded(folding: Folding) -> list[FoldedText]:
    """The folded form of each of the joined texts."""
    whole = decode(folding.chars)
    split = cast("list[FoldedText]", whole.split(SEPARATOR)[1:-1])
    if whole.count(SEPARATOR[0]) == len(SEPARATOR) * (len(folding.texts) + 1):
        return split  # no text holds a line break
    at = folding.folded_at
    if have_lengths(split, np.diff(at) - len(SEPARATOR)):
        return split
    # Some text begins, ends or is cut by line breaks: by place, which takes ten times as long.
    return [FoldedText(whole[a : b - len(SEPARATOR)]) for a, b in pairwise(at.tolist())]


def have_lengths(texts: Sequence[str], lengths: Index) -> bool:
    """Whether texts have these lengths, one by one.

    >>> have_lengths(["ab", ""], np.array([2, 0])), have_lengths(["ab"], np.array([2, 0]))
    (True, False)
    """
    if len(texts) != len(lengths):
        return False
    return bool((np.fromiter(map(len, texts), np.int64, len(texts)) == lengths).all())


def exact(text: str) -> FoldedText:
    """NFC, with runs of marks cut first: the tightest view."""
    if text.isascii():
        return FoldedText(text)
    return FoldedText(unicodedata.normalize("NFC", _cut(text)))


def _exact(text: str) -> Folded:
    """NFC cluster by cluster, so that every composed character knows where it came from."""
    if exact(text) == text:  # as nearly all texts are
        return Folded(text, FoldedText(text), "exact", tuple(pairwise(range(len(text) + 1))))
    kinds = tables().kinds
    chars: list[str] = []
    places: list[tuple[int, int]] = []
    first = 0
    while first < len(text):
        last = first + 1
        while last < len(text) and kinds[ord(text[last])] & EXTENDS:
            last += 1
        composed = exact(text[first:last])
        same = len(composed) == last - first
        places += [
            (first + i, first + i + 1) if same else (first, last) for i in range(len(composed))
        ]
        chars.append(composed)
        first = last
    return Folded(text, FoldedText("".join(chars)), "exact", tuple(places))


def is_malformed(text: str) -> bool:
    r"""Whether the text holds a lone surrogate.

    >>> is_malformed("casino"), is_malformed("casino\ud83d")
    (False, True)
    """
    return _codes(text)[1]
