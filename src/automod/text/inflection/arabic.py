"""Arabic: clitics before, endings and pronouns after, in legal order only.

A word is [and, so] [with, for, like] [the] stem [ending] [pronoun]. What the rules rest on (K. C.
Ryding, *A Reference Grammar of Modern Standard Arabic*, 2005: noun inflection, construct phrases,
pronouns, prepositions):

- After the article there is no pronoun; after a preposition no nominative ending (-ون,
  -ان) and no tanwin alef; for + the is written لل.
- A word in ة has ت before a pronoun and the dual, and ات for it in the plural. ة and ه are one
  letter in the loose fold, so a word of three letters may end in either.
- Final hamza takes a seat before a pronoun: the loose fold makes it ي or و.
- The article that somebody wrote in a material is a clitic too: the word also stands without it.
- A case ending makes no other word: ون and ين. A loan in و or ا has the plural هات.

The confidence of a form is that of its prefix times that of its ending, to two decimals; forms
below 0.45 are left out. A prefix that includes the article is nearly sure: two letters more, and a
word is seldom made so by accident. One letter often belongs to the root: the less of the word is
left for the stem, the less sure, and least where that is consonant, long vowel, consonant, for
then clitic and stem together have the shape of the commonest nouns (ك + بير is كبير, و + جود is
وجود). What remains are words of their own, which are a list of data, not a rule.

Left out, because they bring mostly accidents: interrogative أ (every broken plural of the shape
أفعال and every comparative has it: أقمار), nisba ي with or without ة (جنسية is no form of جنس), ي
after three letters (nisba and names, more often than "my"), the Egyptian futures ح and ه,
and clitics on two letters but for و and ال.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from .stem import ALONE, Paradigm, Row, Stem

Size = Literal["long", "short", "hollow"]
"""Four letters or more; three; three with a vowel letter or hamza in the middle."""

LEAST: Final = 0.45


class Before(NamedTuple):
    """A run of clitics: what it demands of the ending, and its confidence by size of stem."""

    text: str
    case: str
    long: float
    short: float
    hollow: float

    def sure(self, size: Size) -> float:
        """The confidence before a stem of that size."""
        return {"long": self.long, "short": self.short, "hollow": self.hollow}[size]


class After(NamedTuple):
    """An ending with its pronoun: its sort, and its confidence by size of stem."""

    text: str
    sort: str
    long: float
    short: float

    def sure(self, size: Size) -> float:
        """The confidence after a stem of that size."""
        return self.long if size == "long" else self.short


BEFORE: Final[tuple[Before, ...]] = (
    Before("", "free", 1.0, 1.0, 1.0),
    Before("و", "free", 0.95, 0.85, 0.8),
    Before("ف", "free", 0.85, 0.7, 0.5),
    Before("ال", "the", 1.0, 1.0, 1.0),
    Before("وال", "the", 0.98, 0.98, 0.98),
    Before("فال", "the", 0.95, 0.95, 0.95),
    Before("بال", "of the", 0.97, 0.95, 0.95),
    Before("كال", "of the", 0.95, 0.9, 0.9),
    Before("لل", "of the", 0.97, 0.9, 0.9),
    Before("وبال", "of the", 0.95, 0.93, 0.93),
    Before("وكال", "of the", 0.9, 0.85, 0.85),
    Before("ولل", "of the", 0.95, 0.9, 0.9),
    Before("فبال", "of the", 0.93, 0.9, 0.9),
    Before("فكال", "of the", 0.9, 0.85, 0.85),
    Before("فلل", "of the", 0.93, 0.9, 0.9),
    # Spoken: on the, this, O, O the.
    Before("عال", "of the", 0.9, 0.85, 0.85),
    Before("هال", "of the", 0.9, 0.85, 0.85),
    Before("يا", "called", 0.9, 0.85, 0.8),
    Before("يال", "called the", 0.85, 0.8, 0.8),
    Before("ويا", "called", 0.8, 0.7, 0.6),
    Before("ب", "of", 0.8, 0.7, 0.55),
    Before("ل", "of", 0.8, 0.7, 0.55),
    Before("ك", "of", 0.75, 0.6, 0.5),
    Before("وب", "of", 0.75, 0.6, 0.5),
    Before("ول", "of", 0.75, 0.6, 0.5),
    Before("وك", "of", 0.7, 0.55, 0.45),
    Before("فب", "of", 0.7, 0.55, 0.45),
    Before("فل", "of", 0.7, 0.55, 0.45),
    Before("فك", "of", 0.65, 0.5, 0.0),
)

FUTURE: Final[tuple[Before, ...]] = (
    # Only before ي ت ن ا of an imperfect; the part of speech is not known.
    Before("س", "verb", 0.6, 0.0, 0.0),
    Before("وس", "verb", 0.55, 0.0, 0.0),
    Before("فس", "verb", 0.55, 0.0, 0.0),
)

NOTHING: Final[tuple[After, ...]] = (After("", "none", 1.0, 1.0),)

PRONOUNS: Final[tuple[After, ...]] = (
    After("ه", "pronoun", 0.9, 0.85),
    After("ها", "pronoun", 0.9, 0.8),
    After("هم", "pronoun", 0.9, 0.8),
    After("هن", "pronoun", 0.85, 0.75),
    After("هما", "pronoun", 0.85, 0.75),
    After("ك", "pronoun", 0.85, 0.75),
    After("كم", "pronoun", 0.9, 0.8),
    After("كن", "pronoun", 0.7, 0.6),
    After("كما", "pronoun", 0.8, 0.7),
    After("نا", "pronoun", 0.9, 0.8),
    After("ي", "my", 0.75, 0.0),
)

DUAL: Final[tuple[After, ...]] = (
    After("ان", "nominative", 0.75, 0.6),
    After("ين", "plural", 0.9, 0.8),
)

ENDINGS: Final[tuple[After, ...]] = (
    *DUAL,
    After("ه", "plural", 0.9, 0.85),  # ة
    After("ات", "plural", 0.9, 0.85),
    After("تين", "plural", 0.85, 0.8),
    After("ون", "nominative", 0.9, 0.8),
    After("تان", "nominative", 0.85, 0.8),
    After("ا", "tanwin", 0.85, 0.75),
    After("ني", "verb", 0.7, 0.6),
    After("وا", "verb", 0.7, 0.65),
    *(After("ي" + of, "construct", 0.65, 0.6) for of in ("هم", "كم", "ها", "نا")),
    *(After("و" + of, "nominative construct", 0.6, 0.5) for of in ("هم", "كم", "ها", "نا")),
    *(After("ات" + of.text, "construct", 0.75, 0.7) for of in PRONOUNS),
    *(After("ت" + of.text, "construct", 0.8, 0.75) for of in PRONOUNS),
)

_STATES: Final = frozenset({"none", "plural"})
AGREES: Final[Mapping[str, frozenset[str]]] = {
    "free": frozenset(after.sort for after in (*NOTHING, *PRONOUNS, *ENDINGS)),
    "the": _STATES | {"nominative"},
    "of the": _STATES,
    "of": _STATES | {"pronoun", "my", "construct"},
    "called": _STATES | {"nominative", "my"},
    "called the": _STATES | {"nominative"},
    "verb": frozenset({"none", "pronoun", "verb"}),
}
"""What a run of clitics demands -> the sorts of ending it may stand with."""

SETS: Final[Mapping[str, Sequence[After]]] = {
    "any": (*NOTHING, *PRONOUNS, *ENDINGS),
    "loan": (*NOTHING, *PRONOUNS, *ENDINGS, After("هات", "plural", 0.9, 0.0)),
    "none": NOTHING,
    "pronoun": (*NOTHING, *PRONOUNS),
    "ta": (*DUAL, *PRONOUNS),
    "seat": PRONOUNS[:-1],
    "ين": (After("ين", "plural", 0.95, 0.95),),
    "ون": (After("ون", "nominative", 0.95, 0.95),),
}

_BEFORE_ARTICLE: Final = ("", "و", "ف", "ب", "ك", "وب", "وك", "فب", "فك", "ع", "ه")
_BEFORE_LAM: Final = ("", "و", "ف")

_TWO: Final = {"": {"": 1.0}, "و": {"": 0.8}, "ال": {"": 1.0}, "وال": {"": 0.95}}

_WEAK: Final = frozenset("اويء")
_IMPERFECT: Final = frozenset("يتنا")
_LOOSE: Final = str.maketrans("أإآىةؤئ", "اااي" + "هوي")


def stems(word: str) -> tuple[Stem, ...]:
    """The stems of a loose-folded word; the first is the word itself.

    >>> [stem.text for stem in stems("مراهنه")]
    ['مراهنه', 'مراهنت', 'مراهنات']
    >>> stems("كازينو")[0].confidence("وبال", "")
    0.95
    """
    if len(word) < 2 or not "\u0620" < word[0] < "\u06d4":
        return (Stem(word, ALONE),)
    if len(word) == 2:
        return (Stem(word, _two()),)
    if len(word) > 4 and word.startswith("ال") and word not in _apart():
        return _definite(word)
    return _plain(word, _size(word), 1.0)


def stems_of(words: Sequence[str]) -> list[tuple[Stem, ...]]:
    """`stems` of each of many words, of which most are made as others are.

    >>> words = ["مراهنه", "قمار"] * 50
    >>> stems_of(words) == [stems(word) for word in words]
    True
    """
    if len(words) < FEW:
        return list(map(stems, words))
    sorts, plain = _sorts(words)
    _, firsts, numbers = np.unique(sorts[plain], return_index=True, return_inverse=True)
    places = plain.nonzero()[0].tolist()
    ways = [_way(words[places[first]]) for first in firsts.tolist()]
    found: list[tuple[Stem, ...]] = [()] * len(words)
    for place in (~plain).nonzero()[0].tolist():
        found[place] = stems(words[place])
    for place, number in zip(places, numbers.tolist(), strict=True):
        word, (paradigm, others) = words[place], ways[number]
        made = [Stem(word[:-drop] + end, rows) for drop, end, rows in others] if others else ()
        found[place] = (Stem(word, paradigm), *made)
    return found


FEW: Final = 64
"""Words from which on arrays are faster."""


def _sorts(words: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """All of words that their stems hang on, as one number each; and which words have no article.

    That is what `_plain` looks at: the length up to six, whether the first letter may begin an
    imperfect, whether the second is weak, and which of a few ends it has.
    """
    chars = np.frombuffer("\0".join(["", *words, "\0"]).encode("utf-32-le"), np.uint32)
    sizes = np.fromiter(map(len, words), np.int64, len(words))
    ends = (sizes + 1).cumsum()
    first, second, last = chars[ends - sizes], chars[ends - sizes + 1], chars[ends - 1]
    plain = (sizes > 2) & (first > ord("\u0620")) & (first < ord("\u06d4"))
    plain &= (first != ord("ا")) | (second != ord("ل"))
    sorts = np.minimum(sizes, 6) << 2 | _is_any(first, _IMPERFECT) << 1 | _is_any(second, _WEAK)
    for end in ("ه", "ء", "ا", "و", "ات", "ون", "ين"):
        fits = last == ord(end[-1])
        if len(end) > 1:
            fits &= chars[ends - 2] == ord(end[0])
        sorts = sorts << 1 | fits
    return sorts, plain


def _is_any(chars: npt.NDArray[np.uint32], letters: Iterable[str]) -> npt.NDArray[np.bool_]:
    return np.isin(chars, [*map(ord, letters)])


def _way(word: str) -> tuple[Paradigm, list[tuple[int, str, Paradigm]]]:
    """The paradigm of a word; of its other stems the letters to drop, what to put there, theirs."""
    first, *others = _plain(word, _size(word), 1.0)
    ways = []
    for stem in others:
        kept = next(n for n in range(len(word), 0, -1) if stem.text.startswith(word[:n]))
        ways.append((len(word) - kept, stem.text[kept:], stem.paradigm))
    return first.paradigm, ways


def _definite(word: str) -> tuple[Stem, ...]:
    """The stems of a word with the article: it as it is, after لل, and what it is without."""
    endings = "none" if word[-1] == "ه" else "any"
    rest = word[2:]
    first = Stem(word, _article("ال", endings))
    lam = Stem("لل" + rest, _article("لل", endings))
    size = _size(rest)
    return (first, lam, *_plain(rest, size, 0.9 if size == "long" else 0.8, bare=True))


def _plain(word: str, size: Size, sure: float, bare: bool = False) -> tuple[Stem, ...]:
    """The stems of a word without the article; `bare`: of a word that had it."""
    future = word[0] in _IMPERFECT
    if word[-1] == "ه":
        return _in_ta(word, sure, bare)
    first = Stem(word, _paradigm(size, _endings(word), sure, bare, future))
    base = word[:-2]
    if word[-1] == "ء" and len(word) > 3:
        seats = _paradigm("long", "seat", sure, bare)
        return (first, Stem(word[:-1] + "ي", seats), Stem(word[:-1] + "و", seats))
    if len(base) > 3 and word[-1] == "ن" and word[-2] in "وي":
        case = _paradigm("long", "ين" if word[-2] == "و" else "ون", sure, bare)
        return (first, Stem(base, case))
    return (first,)


def _in_ta(word: str, sure: float, bare: bool) -> tuple[Stem, ...]:
    """The stems of a word in ة, or in ه of the root."""
    base = word[:-1]
    if len(base) == 2:
        # سنة or وجه: a ت that stands for ة demands more than itself.
        first = Stem(word, _paradigm(_size(word), "pronoun", sure, bare))
        return (first, Stem(base + "ت", _paradigm("short", "ta", sure, bare)))
    size, plural = _size(base), round(0.9 * sure, 2)
    return (
        Stem(word, _paradigm(size, "none", sure, bare, word[0] in _IMPERFECT)),
        Stem(base + "ت", _paradigm(size, "ta", sure, bare)),
        Stem(base + "ات", _paradigm(size, "pronoun", plural, bare)),
    )


def _endings(word: str) -> str:
    """The set of endings of a word that does not end in ة."""
    if word[-1] in "او":
        return "loan"  # كازينوهات
    return "pronoun" if word.endswith("ات") and len(word) > 4 else "any"


def _size(word: str) -> Size:
    if len(word) > 3:
        return "long"
    return "hollow" if word[1] in _WEAK else "short"


@lru_cache(maxsize=256)
def _paradigm(
    size: Size, endings: str, sure: float = 1.0, bare: bool = False, future: bool = False
) -> Paradigm:
    """The paradigm of a sort of stems.

    Args:
        size: How long they are.
        endings: A key of `SETS`.
        sure: Scales every confidence.
        bare: An article was taken off: with it the word is another stem.
        future: They begin like an imperfect.
    """
    clitics = BEFORE + FUTURE if future else BEFORE
    rows = {
        before.text: _row(before.case, before.sure(size) * sure, size, endings)
        for before in clitics
        if not (bare and before.case.endswith("the"))
    }
    return _with_exceptions(rows)


def _row(case: str, sure: float, size: Size, endings: str) -> Row:
    """The endings that may stand with a run of clitics."""
    row: dict[str, float] = {}
    for text, sure_after in _agreeing(case, size, endings):
        figure = round(sure * sure_after, 2)
        if figure >= LEAST:
            row[text] = max(figure, row.get(text, 0.0))
    return row


@lru_cache(maxsize=256)
def _agreeing(case: str, size: Size, endings: str) -> list[tuple[str, float]]:
    """The endings of a set that agree with a run of clitics, and their confidence."""
    agrees = AGREES[case]
    return [(one.text, one.sure(size)) for one in SETS[endings] if one.sort in agrees]


@lru_cache(maxsize=1)
def _two() -> Paradigm:
    return _with_exceptions(_TWO)


@lru_cache(maxsize=8)
def _article(article: str, endings: str) -> Paradigm:
    """Of a literal that begins with the article (ال, or لل for the preposition and it)."""
    rows = _paradigm("long", endings).rows
    before = _BEFORE_ARTICLE if article == "ال" else _BEFORE_LAM
    held = {clitic: rows[clitic + article] for clitic in before}
    if article == "ال":
        held["يا"] = rows["يال"]
    return _with_exceptions(held)


def _with_exceptions(rows: Mapping[str, Row]) -> Paradigm:
    held = {before: row for before, row in rows.items() if row}
    cuts = {before: tuple(range(len(before) or 1)) for before in held}
    return Paradigm(held, _apart(), cuts)


@lru_cache(maxsize=1)
def _apart() -> frozenset[str]:
    """The words of their own, loose-folded; those in ة also with ت, ات and ي."""
    text = files("automod.text.tables").joinpath("arabic_exceptions.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    words = [word for line in lines for word in line.translate(_LOOSE).split()]
    bases = [word[:-1] for word in words if word.endswith("ه")]
    return frozenset([*words, *(base + end for base in bases for end in ("ت", "ات", "ي"))])
