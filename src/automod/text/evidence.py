"""Why a surface is a hit: the view and the folds that it took, and how sure the match is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache, reduce
from typing import Final, NamedTuple

from automod.model.ruleset import Material
from automod.model.vocabulary import BEYOND_SAFE, VIEW_RANK, Boundary, View

from . import disguise
from .alphabets import DOTLESS, JAMO, MIXED
from .backwards import REVERSAL, is_overridden, read_backwards
from .disguise import ARABIZI
from .fold import FoldedText, exact, fold, fold_many
from .inflection import Stem, stems
from .joints import SEPARATOR, SPLIT
from .letters import ELONGATION, Spelling
from .loose import loose, loose_names
from .quick import quick_word
from .soft import soften
from .swaps import HOMOPHONE, PINYIN, REVERSED, SWAP, spellings
from .tables import tables
from .tables.far import far_tables
from .vocabulary import Vocabulary
from .words import cores, is_mark, is_unspaced, words

COMPOSED: Final = "composition"
"""A letter and its marks written apart."""
DOTLESS_I: Final = "dotless_i"
TURKISH: Final = ("tr", "az")
"""Languages in which i and \u0131 are two letters, each with a capital of its own."""
SEATED: Final = ("آ", "أ", "إ")
"""Alefs with a mark: none of them begins an article."""
INFLECTION: Final = "inflection"
"""A word with its prefixes and endings."""

LOOSE_FOLDS: Final = frozenset({
    "maqsura", "ta_marbuta", "hamza_seat", "far_letter", "final_letter", "diacritic", "combining",
    "yo", "traditional", "kana", "nukta", ELONGATION,
})  # fmt: skip
EVASION_FOLDS: Final = frozenset({
    "leet", "lookalike", "emoji_letter", "arabic_lookalike", SEPARATOR, SPLIT,
    DOTLESS, ARABIZI, JAMO, REVERSAL, MIXED,
    SWAP, REVERSED, HOMOPHONE, PINYIN, DOTLESS_I,
})  # fmt: skip

DELIBERATE: Final = EVASION_FOLDS - {SPLIT, ARABIZI, PINYIN, HOMOPHONE, SWAP, DOTLESS_I}
"""Folds that nobody needs who does not hide: what is left are also ways to write, or slips."""

CONFIDENCE: Final = {
    "maqsura": 0.95, "ta_marbuta": 0.9, "hamza_seat": 0.95, "diacritic": 0.95,
    DOTLESS_I: 0.8, SWAP: 0.7, REVERSED: 0.8, HOMOPHONE: 0.7, PINYIN: 0.8,
    SPLIT: 0.7, DOTLESS: 0.8, ARABIZI: 0.8,
}  # fmt: skip
"""Folds that merge innocent words cost confidence; deliberate ones do not."""


class Wanted(NamedTuple):
    """What of a material its evidence depends on."""

    kind: str
    value: str
    view: View
    boundary: Boundary
    language: str
    swaps: bool = False


def wanted_of(material: Material) -> Wanted:
    """What the evidence for a material depends on."""
    return Wanted(
        material.kind, material.value, material.view, material.boundary, material.language,
        material.swaps,
    )  # fmt: skip


class Evidence(NamedTuple):
    """What a surface needed to be a hit."""

    view: View
    folds: tuple[str, ...]
    confidence: float


EXACT: Final = Evidence("exact", (), 1.0)
IN_OTHER_CASE: Final = Evidence("safe", ("case",), 1.0)


class Lexicon:
    """The words of a material, ready to be recognised in a surface."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.core = _core(wanted.value)
        self.loose_core = loose(self.core)
        self.symbolic = fold(wanted.value).text != self.core

    def is_in(self, core: str, own: str, surface: str) -> bool:
        """Whether a surface is the value.

        It may hold more: marks behind it, and what else one character folds into.
        """
        if core == own or self.stems or own not in core:
            return core == own
        rest = core.replace(own, "", 1)
        rest = rest.replace(" ", "")
        held = _marks_that_stay(rest) or (self.symbolic and all(map(is_mark, rest)))
        return held or _expands(surface)

    @cached_property
    def written(self) -> dict[str, list[str]]:
        """Each word in loose fold -> the ways in which the value writes it."""
        found: dict[str, list[str]] = {}
        for word, original in _words(self.wanted.value):
            found.setdefault(loose(word), []).append(original)
        return found

    @cached_property
    def fewest(self) -> int:
        """How many words a phrase has at least: those of its shortest alternatives."""
        options = _options(self.wanted.value)
        return sum(min(len(_words(option)) for option in some) for some in options)

    def is_interleaved(self, surface: str) -> bool:
        """Whether a word of a script without spaces has something between its letters."""
        text = loose(fold(surface).text)
        return sum(word in text for word in self._together) < self._fewest_together

    @cached_property
    def _together(self) -> list[str]:
        """The words whose letters touch."""
        return [word for word in self.vocabulary.words if _touches(word)]

    @cached_property
    def _fewest_together(self) -> int:
        """How many of them a phrase has at least."""
        return sum(
            min(sum(map(_touches, loose(_core(option)).split())) for option in some)
            for some in _options(self.wanted.value)
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that a disguised word may turn out to be."""
        return Vocabulary({*self.written, *self.loose_core.split()})

    @cached_property
    def stems(self) -> tuple[Stem, ...]:
        """What inflected words are recognised by; none where the boundary asks for whole words."""
        if self.wanted.boundary != "inflected" or (self.symbolic and self.wanted.kind == "keyword"):
            return ()
        language = self.wanted.language
        return tuple(stem for word in self.written for stem in stems(word, language))

    @cached_property
    def swaps(self) -> dict[str, str]:
        """Its other spellings, where its author asked for them."""
        return spellings(self.loose_core) if self.wanted.swaps else {}


def _marks_that_stay(rest: str) -> bool:
    """Whether characters are marks, and none that loose takes out."""
    folds = far_tables().loose_folds
    return all(is_mark(char) and char not in folds for char in rest)


def _expands(surface: str) -> bool:
    """Whether a character folds into several, or the whole is no word at all."""
    folds = tables().folds
    return any(len(folds[char][0]) > 1 for char in surface if char in folds) or not _core(surface)


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
    if turkish and _turkish(surface) == _turkish(value):
        return IN_OTHER_CASE
    found = _spelt_plainly(wanted, surface)
    if found is None:
        lexicon = _lexicon(wanted)
        found = _phrase(lexicon, surface) if wanted.kind == "phrase" else _keyword(lexicon, surface)
    if found and turkish and _turkish(surface).count("ı") != _turkish(value).count("ı"):
        # Two letters there: what is only a lost dot elsewhere is another word.
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


def _options(value: str) -> list[list[str]]:
    """The alternatives of each element of a phrase that has words."""
    elements = [one for one in _ELEMENT.findall(value) if one[0] != "<"]
    return [one[1:-1].split("|") if one[0] == "(" else [one] for one in elements]


def _touches(word: str) -> bool:
    """Whether a word has letters that are written without spaces between."""
    return len(word) > 1 and is_unspaced(word)


_ELEMENT: Final = re.compile(r"<[^<>]*>|\([^()]*\)|[^\s<>()]+")
"""What a phrase is made of: slots, alternatives, words."""


@lru_cache(maxsize=4_096)
def _lexicon(wanted: Wanted) -> Lexicon:
    return Lexicon(wanted)


def _turkish(text: str) -> str:
    """Lower case as in Turkish: I is \u0131, \u0130 is i."""
    return text.replace("I", "ı").replace("\u0130", "i").lower()


# --- keywords ------------------------------------------------------------------------------------


def _keyword(lexicon: Lexicon, surface: str) -> Evidence | None:
    value = lexicon.wanted.value
    core = _core(surface)
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
    for word, original in _words(surface):
        spelt = loose(word)
        if spelt in lexicon.written:
            found += 1
            names |= min((_word_names(one, original) for one in lexicon.written[spelt]), key=len)
        elif (affixed := inflected(spelt, lexicon.stems, alone=False)) is not None:
            found, sure = found + 1, sure * affixed
            names |= {INFLECTION}
    if found < lexicon.fewest:
        return None
    return None if lexicon.is_interleaved(surface) else _weighed(names, sure)


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
        else:
            continue
        names |= word.folds
        sure *= affixed
    return (names, sure) if found >= lexicon.fewest else None


def _word_names(value: str, surface: str) -> set[str]:
    if value == surface:
        return set()
    if _core(value) == _core(surface):
        return set(needed(value, surface)[1])
    return _differences(value, surface)


def _words(text: str) -> list[tuple[FoldedText, str]]:
    """The words of a text: folded, and as written."""
    folded = fold(text)
    spans = [(word.text, folded.span(word.start, word.end)) for word in words(folded.text)]
    return [(FoldedText(word), text[start:end]) for word, (start, end) in spans]


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


def _unshared(folds: Mapping[str, tuple[str, str]], one: str, other: str) -> set[str]:
    """The names of the folds of characters that one text has more often than the other."""
    counts = [
        Counter((folds[char][1], char) for char in text if char in folds) for text in (one, other)
    ]
    return {name for name, char in (counts[0] - counts[1]) + (counts[1] - counts[0])}


@lru_cache(maxsize=16_384)
def _core(text: str) -> FoldedText:
    word = quick_word(text)
    return cores([text])[1][0] if word is None else word


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
