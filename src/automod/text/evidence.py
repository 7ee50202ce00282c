"""Why a surface is a hit: the view and the folds that it took, and how sure the match is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache, reduce
from typing import Final, NamedTuple

from automod.model.vocabulary import BEYOND_SAFE, VIEW_RANK, View

from . import disguise
from .alphabets import DOTLESS, JAMO, MIXED
from .backwards import REVERSAL, is_overridden, read_backwards
from .disguise import ARABIZI, LONG_MARK, TWICE_E
from .fold import FoldedText, exact, fold, fold_many
from .inflection import Stem
from .joints import SEPARATOR, SPLIT
from .letters import ELONGATION, Spelling
from .lexicon import Lexicon, Wanted, core_of, lexicon_of, words_in
from .loose import loose, loose_names
from .quick import quick_word
from .soft import soften
from .swaps import HOMOPHONE, PINYIN, REVERSED, SWAP
from .tables import tables
from .tables.far import far_tables
from .turkish import TURKISH, differ_in_dots, lower
from .words import words

COMPOSED: Final = "composition"
"""A letter and its marks written apart."""
DOTLESS_I: Final = "dotless_i"
SEATED: Final = ("آ", "أ", "إ")
"""Alefs with a mark: none of them begins an article."""
INFLECTION: Final = "inflection"
"""A word with its prefixes and endings."""

LOOSE_FOLDS: Final = frozenset({
    "maqsura", "ta_marbuta", "hamza_seat", "far_letter", "final_letter", "diacritic", "combining",
    "yo", "traditional", "kana", "nukta", ELONGATION, TWICE_E,
})  # fmt: skip
EVASION_FOLDS: Final = frozenset({
    "leet", "lookalike", "emoji_letter", "arabic_lookalike", SEPARATOR, SPLIT,
    DOTLESS, ARABIZI, JAMO, REVERSAL, MIXED,
    SWAP, REVERSED, HOMOPHONE, PINYIN, DOTLESS_I, LONG_MARK,
})  # fmt: skip

DELIBERATE: Final = EVASION_FOLDS - {SPLIT, ARABIZI, PINYIN, HOMOPHONE, SWAP, DOTLESS_I, LONG_MARK}
"""Folds that nobody needs who does not hide: what is left are also ways to write, or slips."""

CONFIDENCE: Final = {
    "maqsura": 0.95, "ta_marbuta": 0.9, "hamza_seat": 0.95, "diacritic": 0.95,
    DOTLESS_I: 0.8, SWAP: 0.7, REVERSED: 0.8, HOMOPHONE: 0.7, PINYIN: 0.8,
    SPLIT: 0.7, DOTLESS: 0.8, ARABIZI: 0.8,
}  # fmt: skip
"""Folds that merge innocent words cost confidence; deliberate ones do not."""


class Evidence(NamedTuple):
    """What a surface needed to be a hit."""

    view: View
    folds: tuple[str, ...]
    confidence: float


EXACT: Final = Evidence("exact", (), 1.0)
IN_OTHER_CASE: Final = Evidence("safe", ("case",), 1.0)


@lru_cache(maxsize=16_384)
def explain(wanted: Wanted, surface: str) -> Evidence | None:
    """What a surface needed to be a hit of a keyword or phrase; None where it is no hit.

    >>> casino = Wanted("keyword", "casino", "evasion", "word", "")
    >>> explain(casino, "C4sino")
    Evidence(view='evasion', folds=('case', 'leet'), confidence=1.0)
    >>> explain(casino, "cosine") is None
    True
    """
    value = wanted.value
    alike = _alike(value, surface)
    if alike is not None:
        return alike
    turkish = wanted.language in TURKISH
    if turkish and lower(surface) == lower(value):
        return IN_OTHER_CASE
    found = _spelt_plainly(wanted, surface)
    if found is None:
        lexicon = lexicon_of(wanted)
        found = _phrase(lexicon, surface) if wanted.kind == "phrase" else _keyword(lexicon, surface)
    if found and turkish and wanted.kind == "keyword" and differ_in_dots(value, surface):
        # Of a phrase this is asked word by word: another alternative has other dots.
        sure = round(found.confidence * CONFIDENCE[DOTLESS_I], 4)
        return Evidence("evasion", tuple(sorted({*found.folds, DOTLESS_I})), sure)
    return found


def _alike(value: str, surface: str) -> Evidence | None:
    """What two spellings need that differ in nothing, or in case alone; None for any others."""
    if surface == value:
        return EXACT
    # NFC leaves ASCII as it is: two that differ still do.
    if not (surface.isascii() and value.isascii()) and exact(surface) == exact(value):
        return EXACT
    return IN_OTHER_CASE if surface.casefold() == value.casefold() else None


def accepts(wanted: Wanted, surface: str) -> bool:
    """Whether a surface is a hit in the view that the material may match in."""
    evidence = explain(wanted, surface)
    return evidence is not None and VIEW_RANK[evidence.view] <= max(VIEW_RANK[wanted.view], 1)


# --- keywords ------------------------------------------------------------------------------------


def _keyword(lexicon: Lexicon, surface: str) -> Evidence | None:
    value = lexicon.wanted.value
    core = core_of(surface)
    if lexicon.is_in(core, lexicon.core, surface) and _same_symbols(lexicon, surface):
        view, folds = needed(value, surface)
        return Evidence(view, folds, 1.0)
    spelt = loose(core)
    if lexicon.is_in(spelt, lexicon.loose_core, surface) and _same_symbols(lexicon, surface):
        return _weighed(_differences(value, surface))
    sure = None if surface[:1] in SEATED else inflected(spelt, lexicon.stems)
    if sure is not None:
        names = {*_safe_differences(value, surface), INFLECTION}
        if lexicon.loose_core in spelt and lexicon.core not in core:
            names |= _loose_differences(value, surface)
        return _weighed(names, sure)
    if lexicon.symbolic:
        return None
    swapped = lexicon.swaps.get(spelt)
    if swapped is not None:
        return _weighed({*_safe_differences(value, surface), swapped})
    return _disguised_keyword(lexicon, surface)


def _spelt_plainly(wanted: Wanted, surface: str) -> Evidence | None:
    """What most keywords need: letters that fold, one by one, into those of the value."""
    if wanted.kind != "keyword":
        return None
    word = quick_word(surface)
    if word is None or word != quick_word(wanted.value):
        return None
    return Evidence("safe", _folds_needed(wanted.value, surface), 1.0)


def _same_symbols(lexicon: Lexicon, surface: str) -> bool:
    """Whether a value with symbols, such as c++, stands there with its symbols."""
    if not lexicon.symbolic:
        return True
    one, other = fold(surface).text, fold(lexicon.wanted.value).text
    return other in one or loose(other) in loose(one)


def _disguised_keyword(lexicon: Lexicon, surface: str) -> Evidence | None:
    for reading in _readings(lexicon, surface):
        text = " ".join(word.text for word in reading)
        sure = 1.0 if text == lexicon.loose_core else inflected(text, lexicon.stems)
        if sure is not None:
            names = {name for word in reading for name in word.folds}
            # A letter that the value has too is not changed by being read in loose fold.
            names -= _shared(lexicon.wanted.value, surface)
            affixes = set() if text == lexicon.loose_core else {INFLECTION}
            return _weighed(
                {*names, *affixes, *_safe_differences(lexicon.wanted.value, surface)}, sure
            )
    return None


def _readings(lexicon: Lexicon, surface: str) -> list[list[Spelling]]:
    text = fold(surface).text
    readings = disguise.read(text, lexicon.vocabulary)
    if is_overridden(surface):
        readings = [*read_backwards(text, lexicon.vocabulary), *readings]
    return readings


def inflected(word: str, some: Sequence[Stem], *, alone: bool = True) -> float | None:
    """How sure it is that a word is an inflected form of one of the stems; None: of none.

    `alone`: no other word vouches for it, as in a phrase; then short stems have to be nearly sure.
    """
    best: float | None = None
    for stem in some:
        at = word.find(stem.text)
        while at >= 0:
            sides = word[:at], word[at + len(stem.text) :]
            sure = stem.accepts(*sides) if alone else stem.confidence(*sides)
            if sure is not None:
                best = max(best or 0.0, sure)
            at = word.find(stem.text, at + 1)
    return best


# --- phrases -------------------------------------------------------------------------------------


def _phrase(lexicon: Lexicon, surface: str) -> Evidence | None:
    """Word by word: words between those of the phrase count nothing."""
    plain = _phrase_as_it_stands(lexicon, surface) or _phrase_as_it_stands(lexicon, soften(surface))
    if plain is not None:
        return plain
    for reading in _readings(lexicon, surface) if lexicon.wanted.view in BEYOND_SAFE else ():
        some = _phrase_read(lexicon, reading)
        if some is not None:
            folds, sure = some
            return _weighed(folds | _safe_differences(lexicon.wanted.value, surface), sure)
    return None


def _phrase_as_it_stands(lexicon: Lexicon, surface: str) -> Evidence | None:
    """What the words of a phrase needed if nothing is disguised."""
    found, names, sure = 0, set[str](), 1.0
    several = [(loose(word), original) for word, original in words_in(surface)]
    for spelt, original in several:
        if spelt in lexicon.written:
            found += 1
            names |= min(
                (_names(lexicon, one, original) for one in lexicon.written[spelt]), key=len
            )
        elif (affixed := inflected(spelt, lexicon.stems, alone=False)) is not None:
            found, sure = found + 1, sure * affixed
            names |= {INFLECTION}
    if found < lexicon.fewest or lexicon.is_interleaved(surface):
        return None
    if any(len(lexicon.written.get(spelt, ())) > 1 for spelt, _ in several):
        # A word may be another alternative's: that one has its neighbours, or its place.
        way = _way(lexicon, several)
        names = names if way is None else way
    return _weighed(names, sure)


def _way(lexicon: Lexicon, several: Sequence[tuple[FoldedText, str]]) -> set[str] | None:
    """The fewest folds by which words are alternatives of a phrase, element by element.

    None where that cannot be told: words are inflected, or parted inside an alternative.
    """

    @cache
    def fewest(element: int, place: int) -> frozenset[str] | None:
        if element == len(lexicon.ways):
            return frozenset()
        first = lexicon.ways[element]
        found = [fewest(element + 1, place)] if "" in first else []
        for at in range(place, len(several)):
            for option in first.get(several[at][0], ()):
                stand = several[at : at + len(option)]
                if [spelt for spelt, _ in stand] == [spelt for spelt, _ in option]:
                    pairs = zip(option, stand, strict=True)
                    own = [_names(lexicon, one, other) for (_, one), (_, other) in pairs]
                    rest = fewest(element + 1, at + len(option))
                    found.append(None if rest is None else rest.union(*own))
        return min((one for one in found if one is not None), key=len, default=None)

    found = fewest(0, 0)
    return None if found is None else set(found)


def _phrase_read(lexicon: Lexicon, reading: Sequence[Spelling]) -> tuple[set[str], float] | None:
    """The folds of a reading that has the words of a phrase, and how sure its inflections are."""
    found, names, sure = 0, set[str](), 1.0
    for word in reading:
        affixed = 1.0
        if word.text in lexicon.vocabulary:
            found += len(words(FoldedText(word.text)))
        elif (form := inflected(word.text, lexicon.stems, alone=False)) is not None:
            found, affixed = found + 1, form
            names |= {INFLECTION}
        elif glued := lexicon.glued(word.text):
            found += glued
        else:
            continue
        names |= word.folds
        sure *= affixed
    return (names, sure) if found >= lexicon.fewest else None


def _names(lexicon: Lexicon, value: str, surface: str) -> set[str]:
    """The folds by which a word of a phrase is written as it stands there."""
    if value == surface:
        return set()
    if core_of(value) == core_of(surface):
        return set(needed(value, surface)[1])
    if lexicon.wanted.language in TURKISH:
        if lower(value) == lower(surface):
            return {"case"}
        if differ_in_dots(value, surface):
            return {*_differences(value, surface), DOTLESS_I}
    return _differences(value, surface)


# --- names and weights ---------------------------------------------------------------------------


def _weighed(names: Iterable[str], sure: float = 1.0) -> Evidence:
    """Evidence of named folds."""
    folds = tuple(sorted(names))
    view: View = "safe" if folds or sure < 1.0 else "exact"
    if not LOOSE_FOLDS.isdisjoint(folds):
        view = "loose"
    if not EVASION_FOLDS.isdisjoint(folds):
        view = "evasion"
    confidence = reduce(lambda sofar, name: sofar * CONFIDENCE.get(name, 1.0), folds, sure)
    return Evidence(view, folds, round(confidence, 4))


def _differences(value: str, surface: str) -> set[str]:
    """The folds that make two different spellings one; at least one of the loose view."""
    found = _loose_differences(value, surface)
    if not found:  # the same letters in another order
        found = {name for text in (value, surface) for name in loose_names(fold(text).text)}
    return found | _safe_differences(value, surface)


def _safe_differences(value: str, surface: str) -> set[str]:
    """The safe folds that one of the two went through and the other did not."""
    return _unshared(tables().folds, value, surface)


def _loose_differences(value: str, surface: str) -> set[str]:
    """The loose folds that one of the two went through and the other did not."""
    return _unshared(far_tables().loose_folds, fold(value).text, fold(surface).text)


def _shared(one: str, other: str) -> set[str]:
    """The names of the loose folds of which both texts have the same letters."""
    folds = far_tables().loose_folds
    both = [set(fold(text).text) & folds.keys() for text in (one, other)]
    return {folds[char][1] for char in both[0] & both[1]} - {
        folds[char][1] for char in both[0] ^ both[1]
    }


def _unshared(folds: Mapping[str, tuple[str, str]], one: str, other: str) -> set[str]:
    """The names of the folds of characters that one text has more often than the other."""
    counts = [
        Counter((folds[char][1], char) for char in text if char in folds) for text in (one, other)
    ]
    return {name for name, char in (counts[0] - counts[1]) + (counts[1] - counts[0])}


# --- the safe view --------------------------------------------------------------------------------


@lru_cache(maxsize=16_384)
def needed(value: str, surface: str) -> tuple[View, tuple[str, ...]]:
    """The tightest view in which a surface equals a material's value, and the folds that it took.

    >>> needed("كازينو", "كــازينو")
    ('safe', ('tatweel',))
    >>> needed("Casino", "Casino")
    ('exact', ())
    """
    alike = _alike(value, surface)
    if alike is not None:
        return alike.view, alike.folds
    return "safe", _folds_needed(value, surface)


def _folds_needed(value: str, surface: str) -> tuple[str, ...]:
    """The safe folds that two different spellings need to be equal."""
    names = sorted({*changes(value), *changes(surface)})
    if len(names) > 1:
        names = [name for name in names if not _equal_without(value, surface, name)]
    return tuple(names) or (COMPOSED,)


def surface_folds(surface: str) -> Evidence:
    """The folds that a surface goes through, where there is no value to compare it with.

    Case is left out: patterns, links and numbers are matched in any case.

    >>> surface_folds("٠٥٠ 123").folds
    ('digit',)
    """
    names = set(changes(surface)) - {"case"}
    return _weighed(names) if names else EXACT


def changes(text: str) -> Iterable[str]:
    """The names of the folds that change a character of the text, with repeats."""
    folds = tables().folds
    return (folds[char][1] for char in text if char in folds)


def _equal_without(value: str, surface: str, name: str) -> bool:
    """Whether the two are still equal when one fold is left out on both sides."""
    held = _without(value, name), _without(surface, name)
    return held[0] == held[1]


def _without(text: str, name: str) -> str:
    """The text folded but for one named fold, whose characters stand for themselves."""
    folds = tables().folds
    pieces = (char if folds.get(char, ("", ""))[1] == name else _alone(char) for char in text)
    return exact("".join(pieces))


@lru_cache(maxsize=4_096)
def _alone(char: str) -> FoldedText:
    """One character folded: the alphabet of spellings is small."""
    return fold_many([char])[0]
