"""Which materials hit only where another of their package hits as well, and add nothing to it.

Candidates are found by their words, all at once. What is said of them is then proven: the material
that swallows is compiled, and has to hit in what is swallowed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple

from automod.load.source import Source
from automod.match.literals import build
from automod.match.matcher import Matcher
from automod.match.texts import Batch
from automod.model.columns import various
from automod.model.ruleset import EVERYWHERE, Condition, Material
from automod.model.vocabulary import STATUS_RANK, VIEW_RANK
from automod.text.fold import FoldedText, fold
from automod.text.loose import loose

from .forms import Piece, is_bare
from .wording import Standing, Wording

BACKEND: Final = "ahocorasick-rs"
LONGEST: Final = 6
"""Words of one material that are looked for within another."""
_OPEN_LEFT: Final = frozenset({"substring"})
_OPEN_RIGHT: Final = frozenset({"prefix", "substring"})


class Pair(NamedTuple):
    """A material that is swallowed, and the one that swallows it, by their numbers."""

    small: int
    large: int
    same: bool
    """Both say the same words."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What is asked for by its name, so that nothing else can stand in for it."""

    names: frozenset[str]
    """Ids that rules and overrides name, and what else overrides name."""
    allowed: str
    """The words of all allows: what they hold may be protected where a longer hit is not."""


def claims_of(source: Source) -> Claims:
    """What the rules, allows and overrides of a source lay claim to."""
    names = {override.target.replace("/tag:", "/") for override, _ in source.overrides}
    words = []
    for one in source.packages:
        for rule in one.package.rules:
            own = rule.id.removesuffix("+needs")
            names.update(name for name in _named(rule.condition) if name != own)
        words += [_plain(allow.material) for allow in one.package.allows if allow.material]
    return Claims(frozenset(names), f" {' '.join(words)} ")


def _plain(material: Material) -> str:
    return loose(FoldedText(fold(material.value).text))


def _named(condition: Condition) -> Iterator[str]:
    """The ids that a condition names."""
    if condition.op == "material":
        yield condition.name
    for part in condition.parts:
        yield from _named(part)


def dominates(large: Standing, small: Standing, claims: Claims) -> bool:
    """Whether one material counts for all that another would count for, where both hit."""
    return (
        0 < small.weight <= large.weight
        and (small.tags == large.tags or {*small.tags} <= {*large.tags})
        and bool(small.policies)
        and (small.policies == large.policies or {*small.policies} <= {*large.policies})
        and VIEW_RANK[large.view] >= VIEW_RANK[small.view]
        and large.swaps >= small.swaps
        and STATUS_RANK[large.status] >= STATUS_RANK[small.status] > STATUS_RANK["draft"]
        and large.scope in (EVERYWHERE, small.scope)
        and large.group in (None, small.group)
        and large.only_languages in ((), small.only_languages)
        and large.only_if_obfuscated <= small.only_if_obfuscated
        and claims.names.isdisjoint((small.id, large.id, *large.tags))
    )


def swallowed(wording: Wording, claims: Claims, doubtful: Container[int] = ()) -> tuple[Pair, ...]:
    """The materials of a package that another swallows, each with one that does.

    Of two that swallow each other the one that was written later is told. `doubtful`: what may not
    stay as it is, so that nothing can be left out for its sake.
    """
    return tuple(_Search(wording, claims, doubtful).pairs())


class _Search:
    """The words of a package, ready to be asked which materials stand in which."""

    def __init__(self, wording: Wording, claims: Claims, doubtful: Container[int]) -> None:
        self._wording, self._claims, self._doubtful = wording, claims, doubtful
        self._materials: Sequence[Material] = wording.source.materials
        self._boundaries = wording.column("boundary")
        self._said = wording.sayings
        self._small = {*self._said.many, *self._said.again()}
        self._inside = self._opened()

    def _opened(self) -> Mapping[str, list[tuple[int, int, int]]]:
        """Text -> the materials that may hit within a word of it, and where."""
        said = self._said
        if _OPEN_RIGHT.isdisjoint(various(self._materials, "boundary")):
            return {}
        opened = [
            (text, number)
            for text, number in said.first.items()
            if self._boundaries[number] in _OPEN_RIGHT
        ]
        opened += [
            (text, number)
            for text, some in said.more.items()
            for number in some
            if self._boundaries[number] in _OPEN_RIGHT
        ]
        if not opened:
            return {}
        find = build([FoldedText(text) for text, _ in opened], BACKEND)
        several = {piece.text for n in said.many for form in said.forms(n) for piece in form}
        texts = [*said.first, *several.difference(said.first)]
        return self._within(texts, opened, find(FoldedText("\n".join(texts))))

    def _within(
        self,
        texts: Sequence[str],
        opened: Sequence[tuple[str, int]],
        raw: Iterable[tuple[int, int, int]],
    ) -> Mapping[str, list[tuple[int, int, int]]]:
        """Raw matches in joined texts, by text; a text as a whole is left out."""
        found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        number, start = 0, 0
        for pattern, first, last in sorted(raw, key=lambda one: one[1:]):
            while first > start + len(texts[number]):
                start += len(texts[number]) + 1
                number += 1
            if last - first < len(texts[number]):
                found[texts[number]].append((opened[pattern][1], first - start, last - start))
        said = self._said.first
        self._small.update(said[text] for text in found if text in said)
        return found

    def pairs(self) -> Iterator[Pair]:
        """Every material that is swallowed, proven."""
        found: list[tuple[int, list[tuple[str, int]]]] = []
        for small in sorted(self._small):
            by = self._swallowers(small)
            if by:
                found.append((small, by))
        proven = _proven(self._materials, [one for _, by in found for one in by])
        for small, by in found:
            if all(one in proven for one in by):
                large = by[0][1]
                yield Pair(small, large, self._same(small, large))

    def _swallowers(self, small: int) -> list[tuple[str, int]]:
        """For each form of a material a piece of it, and the best of those that hit in it."""
        found = []
        if self._stands_alone(small):
            return []
        for form in self._said.forms(small):
            fitting = [
                (piece.text, large) for piece in form for large in self._fitting(small, piece)
            ]
            good = [one for one in dict.fromkeys(fitting) if self._is_swallowed(small, one[1])]
            if not good:
                return []
            found.append(min(good, key=lambda one: self._order(one[1])))
        return found

    def _stands_alone(self, small: int) -> bool:
        """Whether a keyword of several words holds nothing that another says: most do."""
        text, said = self._wording.plain[small], self._said
        if self._wording.kinds[small] != "keyword" or text in self._inside or text.count(" ") != 1:
            return False
        return not any(word in said for word in text.split(" ")) and said.of(text) == [small]

    def _order(self, number: int) -> tuple[float, int, int]:
        wording = self._wording
        return -wording.column("weight")[number], len(wording.values[number]), wording.row(number)

    def _is_swallowed(self, small: int, large: int) -> bool:
        one, other = self._wording.standing(small), self._wording.standing(large)
        if large in self._doubtful or not dominates(other, one, self._claims):
            return False
        same = self._same(small, large, far=True)
        if same and one.boundary == other.boundary and dominates(one, other, self._claims):
            return self._wording.row(large) < self._wording.row(small)
        # The longer hit counts where an allow protects the shorter one alone.
        return same or not any(
            f" {text} " in self._claims.allowed for text in self._said.texts(large)
        )

    def _same(self, small: int, large: int, *, far: bool = False) -> bool:
        said = self._said.texts if far else self._said.safe
        one, other = said(small), said(large)
        return bool(one) and {*one} == {*other}

    def _fitting(self, small: int, piece: Piece) -> Iterator[int]:
        """The materials that hit wherever a piece of another stands."""
        words = piece.text.split(" ")
        for first, last in combinations(range(len(words) + 1), 2):
            if last - first <= LONGEST:
                left, right = piece.first and first == 0, piece.last and last == len(words)
                for large in self._said.of(" ".join(words[first:last])):
                    if large != small and self._fits(small, large, left, right):
                        yield large
        for large, start, end in self._inside.get(piece.text, ()):
            if large != small and self._fits_within(small, large, piece, start, end):
                yield large

    def _fits(self, small: int, large: int, left: bool, right: bool) -> bool:
        """Whether the edges of whole words are as open as they have to be.

        `left`, `right`: whether they are edges of the smaller material, which may be open itself.
        """
        if self._is_inflected(small):
            languages = self._wording.column("language")
            return self._is_inflected(large) and languages[large] == languages[small]
        one, other = self._boundaries[small], self._boundaries[large]
        if left and one in _OPEN_LEFT and other not in _OPEN_LEFT:
            return False
        return not right or one not in _OPEN_RIGHT or other in _OPEN_RIGHT

    def _fits_within(self, small: int, large: int, piece: Piece, start: int, end: int) -> bool:
        """Whether a material hits in a part of words."""
        if self._is_inflected(small):
            return False
        text = piece.text
        if start and text[start - 1] != " " and self._boundaries[large] not in _OPEN_LEFT:
            return False
        return self._fits(small, large, piece.first and not start, piece.last and end == len(text))

    def _is_inflected(self, number: int) -> bool:
        """Whether forms of its words count; of a keyword of several words they do not."""
        wording = self._wording
        return self._boundaries[number] == "inflected" and (
            wording.kinds[number] == "phrase" or is_bare_word(wording.keys[number])
        )


def is_bare_word(key: str) -> bool:
    """Whether a folded value is one word without symbols.

    >>> is_bare_word("casino"), is_bare_word("win big"), is_bare_word("c++")
    (True, False, False)
    """
    return " " not in key and is_bare(key)


def _proven(
    materials: Sequence[Material], pairs: Iterable[tuple[str, int]]
) -> frozenset[tuple[str, int]]:
    """Those of pairs of a text and a material in which the material does hit in the text."""
    asked = list(dict.fromkeys(pairs))
    if not asked:
        return frozenset()
    numbers = sorted({number for _, number in asked})
    texts = list(dict.fromkeys(text for text, _ in asked))
    matcher = Matcher([materials[number] for number in numbers], BACKEND)
    batch = Batch(texts, list(range(len(texts))), [()] * len(texts))
    hit = {(texts[text], numbers[number]) for text, _, _, number in matcher.scan(batch).matches}
    return frozenset(asked).intersection(hit)
