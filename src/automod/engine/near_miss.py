"""Why a material does not match a text: what would have to be different, the least of it first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Any, Final

from automod.load.writing import default_view, writing_of
from automod.model.decision import Hit
from automod.model.ruleset import Material
from automod.model.vocabulary import MEDIA
from automod.text.chinese import LONGEST as LONGEST_CHINESE
from automod.text.chinese import chinese_words, is_across_words
from automod.text.fold import Folded, FoldedText, fold
from automod.text.harmless import is_measure
from automod.text.inflection import Stem
from automod.text.lexicon import Lexicon, wanted_of
from automod.text.loose import loose
from automod.text.tables.far import far_tables
from automod.text.vocabulary import is_joinable
from automod.text.words import LONGEST_GAP, Word, words

from .cause import Cause
from .derivation import TEXTUAL, around, form_of, parts
from .nearest import Nearest, nearest

MOST_APART: Final = 60
"""Words that a phrase may be held apart by and still be called nearly there."""

MOST_PIECES: Final = 3
"""Pieces that a word is put together from."""

Alone = Callable[[Material], Sequence[Hit]]
"""Where a material matches, whatever its scope, status and allows say."""


def near_miss(
    material: Material, texts: Mapping[str, str], alone: Alone
) -> tuple[list[Cause], Nearest | None]:
    """Why a material that matches none of some texts does not, and what comes nearest to it."""
    if material.kind in MEDIA:
        return [Cause("absent", {"kind": material.kind})], None
    if material.kind == "regex":
        return [Cause("absent")], None
    if material.kind in TEXTUAL:
        causes = _Miss(material, texts, alone).causes()
        if causes:
            return causes, None
    near = nearest(material, texts)
    values = {"missing": list(near.missing), "present": list(near.present)}
    if near.present and near.missing:
        return [Cause("missing_words", values)], near
    if near.present and len(near.present) > 1:
        return [Cause("order", values)], near
    return [Cause("absent" if near.found is None else "letters")], near


@dataclass(frozen=True, slots=True)
class _Miss:
    """A keyword or phrase that matches none of some texts."""

    material: Material
    texts: Mapping[str, str]
    alone: Alone

    def causes(self) -> list[Cause]:
        """The first that holds: what keeps out what is there, then what would let more in."""
        ways = (
            self._across_words, self._limits, self._view, self._inflection, self._boundary,
            self._both, self._apart, self._measure, self._pieces,
        )  # fmt: skip
        return next(filter(None, (list(way()) for way in ways)), [])

    def _limits(self) -> Iterator[Cause]:
        """It asks for a language, or for a disguise, and the text has neither."""
        one = self.material
        if one.only_languages and self.alone(replace(one, only_languages=())):
            yield Cause("language", {"languages": list(one.only_languages)})
        if one.only_if_obfuscated and self.alone(replace(one, only_if_obfuscated=False)):
            yield Cause("not_obfuscated")

    def _view(self) -> Iterator[Cause]:
        for looser in _looser(self.material):
            for hit in self.alone(looser)[:1]:
                yield from self._in(looser, hit)
                return

    def _in(self, looser: Material, hit: Hit) -> Iterator[Cause]:
        """What stands in the way of a hit that there would be in a looser view."""
        one = self.material
        values = {"found": hit.text, "folds": list(hit.folds), "view": one.view, "needs": hit.view}
        if looser.swaps and not one.swaps:
            yield Cause("swaps", values)
            return
        yield Cause("view", values)
        folded = fold(one.value).text
        if one.view == "safe" and default_view(writing_of(folded, one.kind)) == "safe":
            yield Cause("few_letters", {"letters": sum(char.isalpha() for char in folded)})

    def _boundary(self) -> Iterator[Cause]:
        if self.material.boundary != "substring":
            for hit in self.alone(replace(self.material, boundary="substring"))[:1]:
                yield Cause("boundary", self._place(hit))

    def _both(self) -> Iterator[Cause]:
        """Two things at once: a view too tight, and a place within a longer word."""
        if self.material.boundary == "substring":
            return
        for looser in _looser(self.material):
            for hit in self.alone(replace(looser, boundary="substring"))[:1]:
                yield from self._in(looser, hit)
                yield Cause("boundary", self._place(hit))
                return

    def _apart(self) -> Iterator[Cause]:
        if self.material.kind != "phrase":
            return
        wide = replace(self.material, gap=MOST_APART)
        for one in (wide, replace(wide, boundary="substring"), *_looser(wide)):
            for hit in self.alone(one)[:1]:
                yield Cause("apart", {"gap": self.material.gap, **self._place(hit)})
                if one.view != self.material.view:
                    yield from self._in(one, hit)
                return

    def _place(self, hit: Hit) -> dict[str, Any]:
        text = self.texts[hit.field or ""]
        return {
            "field": hit.field, "found": hit.text,
            "around": around(text, hit.start or 0, hit.end or 0),
            "boundary": self.material.boundary,
        }  # fmt: skip

    def _inflection(self) -> Iterator[Cause]:
        """A word that holds a stem, and is none of its forms."""
        lexicon = Lexicon(wanted_of(self.material))
        if not lexicon.stems or self.material.kind != "keyword":
            return
        for field, folded in _folded(self.texts):
            for word in words(folded.text):
                spelt = loose(FoldedText(word.text))
                stem = max(_inside(spelt, lexicon.stems), key=_size, default=None)
                if stem is None or form_of(spelt, lexicon) is not None:
                    continue
                yield _no_form(field, spelt, stem, _original(folded, word, word))
                return

    def _across_words(self) -> Iterator[Cause]:
        """Chinese characters that belong to two words, one after the other."""
        core = Lexicon(wanted_of(self.material)).loose_core
        if not "\u4e00" <= core[:1] <= "\u9fff":
            return
        for _, folded in _folded(self.texts):
            text = loose(folded.text)
            for before, _ in parts(text, core):
                start, end = len(before), len(before) + len(core)
                if is_across_words(text, start, end):
                    lying = [*_lying(text, start, end)]
                    yield Cause("across_words", {"found": core, "words": lying})
                    return

    def _measure(self) -> Iterator[Cause]:
        core = Lexicon(wanted_of(self.material)).loose_core
        for _, folded in _folded(self.texts):
            for token in map(_bare, folded.text.split()):
                if is_measure(token) and _passes_for(token, core):
                    yield Cause("measure", {"found": token})
                    return

    def _pieces(self) -> Iterator[Cause]:
        """Words that together are the material's, which no reader would put together."""
        core = Lexicon(wanted_of(self.material)).loose_core
        if " " in core:
            return
        for _, folded in _folded(self.texts):
            row = words(folded.text)
            for count, first in product(range(2, MOST_PIECES + 1), range(len(row))):
                run = row[first : first + count]
                if len(run) == count and _are_pieces(run, core):
                    found = _original(folded, run[0], run[-1])
                    values = {"found": found, "letters": len(core)}
                    yield Cause("words_apart" if is_joinable(core) else "pieces", values)
                    return


def _looser(material: Material) -> Iterator[Material]:
    """The material in each looser view; last with the spellings that have to be asked for."""
    if material.view in ("exact", "safe"):
        yield replace(material, view="safe")
        yield replace(material, view="loose")
    yield replace(material, view="evasion")
    if material.kind == "keyword" and not material.swaps:
        yield replace(material, view="evasion", swaps=True)


def _folded(texts: Mapping[str, str]) -> Iterator[tuple[str, Folded]]:
    return ((field, fold(text)) for field, text in texts.items())


def _inside(word: str, some: Sequence[Stem]) -> Iterator[Stem]:
    return (stem for stem in some if stem.text in word)


def _size(stem: Stem) -> int:
    return len(stem.text)


def _no_form(field: str, word: str, stem: Stem, original: str) -> Cause:
    """Why a word that holds a stem is no form of it."""
    rests = list(parts(word, stem.text))
    before, after = rests[0]
    values = {
        "field": field, "around": original, "stem": stem.text, "before": before, "after": after,
    }  # fmt: skip
    rows = stem.paradigm.rows
    legal = any(after in rows.get(before, ()) for before, after in rests)
    return Cause("own_word" if legal else "inflection", values)


def _original(folded: Folded, first: Word, last: Word) -> str:
    start, end = folded.span(first.start, last.end)
    return folded.original[start:end]


def _lying(text: str, start: int, end: int) -> Iterator[str]:
    """The shortest words of the dictionary across the ends of a span, one after the other."""
    known = chinese_words()
    sizes = range(2, LONGEST_CHINESE + 1)
    firsts = [
        (last, text[last - size : last])
        for size in sizes
        for last in range(start + 1, end + 1)
        if last - size >= 0 and last - size < start and text[last - size : last] in known
    ]
    if not firsts:
        return
    last, first = min(firsts)
    yield first
    for size in sizes:
        for place in range(max(last, end - size + 1), end):
            if text[place : place + size] in known:
                yield text[place : place + size]
                return


def _bare(token: str) -> str:
    return token.strip("\"'(),.:;?[]{}*_-!")


def _passes_for(token: str, word: str) -> bool:
    """Whether a token is a word with digits and signs in the place of letters."""
    signs = far_tables().stand_ins
    slots = (signs[char][0] if char in signs else char for char in token)
    # 1 and | stand for an l as well as for an i.
    pattern = "".join("[il]" if slot in "il" else re.escape(slot) for slot in slots)
    return re.fullmatch(pattern, word) is not None


def _are_pieces(run: Sequence[Word], core: str) -> bool:
    together = "".join(loose(FoldedText(word.text)) for word in run)
    near = all(b.start - a.end <= LONGEST_GAP for a, b in pairwise(run))
    return near and together == core
