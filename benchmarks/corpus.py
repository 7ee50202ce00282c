"""The one corpus of all text benchmarks: texts, keywords, and where which keyword stands.

Everything follows from one seed, the data folder and the version of wordfreq.

Texts: the 11,936 real ads of `text_fb_ads` (English; read from AUTOMOD_DATA, by default
`../shared/data` beside the repository, never copied) and as many generated ones in 16 languages. A
generated text takes its length from a real ad, and its words from the wordfreq list of its
language: the even-ranked of the first 20,000 that are letters only, drawn by Zipf's law, with
capitals, punctuation, numbers and a few emoji between. Without the data folder there are generated
texts only, as many, with log-normal lengths of the same median and mean; `Texts.real` is then 0,
and every benchmark says so. Real and generated come in shuffled order.

Keywords: spread evenly over the 16 languages, boundary `word`, in Chinese and Japanese `substring`.
They are the odd-ranked words of the same lists (four letters or more, Chinese and Japanese two), in
shuffled order, and where those do not suffice pairs of even-ranked ones. A keyword that some text
already holds by chance is left out, so that the planted ones are the only ones. `_occurring` finds
those: by pyahocorasick, in two folds of the text, counting an occurrence even where only a change
of script or a combining mark bounds it.

Hits: `plant` puts keywords in the place of words of the text, each in the language of its creative,
three in ten spelt in capitals (Latin, Cyrillic), with tatweel or a vowel mark (Arabic script). It
then searches the text by the same search, and takes another keyword if anything but the planted
stands in it. Expected hits are hence known by construction, in the original text, and by a search
that shares nothing with the library.
"""

from __future__ import annotations

import csv
import gzip
import os
import random
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from math import log
from pathlib import Path
from typing import Final

import regex
from wordfreq import top_n_list

from automod.model.ruleset import (
    Allow,
    Condition,
    Material,
    Package,
    PolicyCode,
    PolicyTable,
    Row,
    Rule,
    Ruleset,
)
from automod.model.vocabulary import Boundary

from .rivals import HandRolled, fold_by_hand

SEED: Final = 20261120
LANGUAGES: Final = (
    "ar", "fa", "ur", "he", "en", "es", "fr", "de", "pt", "ru", "tr", "vi", "id", "zh", "ja", "hi",
)  # fmt: skip
UNSPACED: Final = ("zh", "ja")
CREATIVES: Final = 11_936
"""How many generated texts there are: as many as real ads."""
VOCABULARY: Final = 20_000
MARKET: Final = "SA"
VARIED_MARKETS: Final = (("SA",), ("SA", "AE"), ("NG",), ("EG", "SA", "TR"))
CODES: Final = tuple(f"BEN.C{number:02}" for number in range(16))
CODE: Final = CODES[0]
PACKAGE: Final = "bench"
TAG: Final = f"{PACKAGE}/prompt"
ABSENT: Final = "qqqzzzx"
"""A word of no text."""
ON: Final = "2026-11-20"

ROOT: Final = Path(__file__).resolve().parents[1]
ADS: Final = Path("text_fb_ads") / "facebook_ads_from_row_3000.csv.gz"

# Without what a fold may delete: a keyword that ends in it has two ends that may be called right.
_LETTERS: Final = regex.compile(r"(?!.*[\p{Default_Ignorable_Code_Point}\u0674])\p{L}[\p{L}\p{M}]*")
_PLAIN_SCRIPT: Final = regex.compile(r"[\p{Latin}\p{Cyrillic}]+")
_ARABIC: Final = regex.compile(r"\p{Arabic}+")
_SCRIPT: Final = regex.compile(
    r"(\p{Arabic})|(\p{Hebrew})|([\p{Han}\p{Hiragana}\p{Katakana}])|(\p{Devanagari})"
)
_WIDER: Final = str.maketrans("یېےۓۍێکڪہھەۀۂۃپڤچگژٱ™℠", "ييييييككههههههبفجكزا  ")
"""Letters that another fold merges, and signs that it keeps apart: a keyword that occurs only so is
left out as well."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts and their languages, in parallel, in mixed order; `real` of them are ads."""

    texts: tuple[str, ...]
    languages: tuple[str, ...]
    real: int

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, slots=True)
class Keyword:
    """One keyword to look for."""

    value: str
    language: str

    @property
    def boundary(self) -> Boundary:
        """`word`, or `substring` where words are written without spaces."""
        return "substring" if self.language in UNSPACED else "word"


Expected = tuple[int, int, int, int]
"""Creative number, keyword number, start, end (code points of the original text, half-open)."""


@dataclass(frozen=True, slots=True)
class Planting:
    """Texts with keywords in them, and every place where one stands, sorted."""

    texts: tuple[str, ...]
    expected: tuple[Expected, ...]

    @property
    def mean_length(self) -> float:
        """Mean characters of a text."""
        return sum(map(len, self.texts)) / len(self.texts)


# --- texts --------------------------------------------------------------------------------------


def data_folder() -> Path:
    """Where the data of others lies: AUTOMOD_DATA, or beside the repository."""
    return Path(os.environ.get("AUTOMOD_DATA", ROOT.parent / "shared" / "data"))


def texts(limit: int | None = None) -> Texts:
    """Real ads and generated texts, shuffled; with a limit, the first so many of each."""
    ads = _real_ads()[:limit]
    count = CREATIVES if limit is None else limit
    rng = random.Random(SEED)
    lengths = [len(ad) for ad in ads] or _lengths(rng, count)
    languages = [LANGUAGES[n % len(LANGUAGES)] for n in range(count)]
    made = [generate(language, rng.choice(lengths), rng) for language in languages]
    mixed = [*zip(ads, ["en"] * len(ads), strict=True), *zip(made, languages, strict=True)]
    # A stream of ads is mixed; a batch of ASCII alone would be cheaper to fold than any that comes.
    rng.shuffle(mixed)
    return Texts(tuple(text for text, _ in mixed), tuple(one for _, one in mixed), len(ads))


def _real_ads() -> list[str]:
    path = data_folder() / ADS
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


def _lengths(rng: random.Random, count: int) -> list[int]:
    """Log-normal with the real ads' median (148) and mean (194); the longest of them has 1,852."""
    sigma = (2 * log(194 / 148)) ** 0.5
    return [max(1, min(1_852, round(rng.lognormvariate(log(148), sigma)))) for _ in range(count)]


@lru_cache(maxsize=len(LANGUAGES))
def _vocabulary(language: str) -> tuple[list[str], list[float]]:
    """Words of texts, and the running sum of their weights."""
    words = [word for word in top_n_list(language, VOCABULARY)[::2] if _LETTERS.fullmatch(word)]
    return words, list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))


def _word(language: str, rng: random.Random) -> str:
    words, weights = _vocabulary(language)
    return words[bisect_right(weights, rng.random() * weights[-1])]


def generate(language: str, length: int, rng: random.Random) -> str:
    """A text of `length` characters, or a few less: no word is cut but one that is too long."""
    joint = "" if language in UNSPACED else " "
    stops = "，。！" if language in UNSPACED else ".!,"
    pieces: list[str] = []
    size = 0
    capital = True
    while size < length:
        word = _word(language, rng)
        word = word.capitalize() if capital else word
        chance = rng.random()
        capital = chance < 0.1
        if capital:
            word += rng.choice(stops)
        elif chance < 0.14:
            word += joint + rng.choice(("50%", "2026", "👉", "$19.99", "٢٥", "✅"))
        pieces.append(word)
        size += len(word) + len(joint)
    if len(pieces) > 1 and size - len(joint) > length:
        pieces.pop()
    return joint.join(pieces)[:length]


# --- keywords -----------------------------------------------------------------------------------


def keywords(count: int, within: Texts) -> list[Keyword]:
    """`count` distinct keywords, the languages in turn, none of which stands in the texts.

    Raises:
        ValueError: a language has too few words and pairs.
    """
    quota = -(-count // len(LANGUAGES))
    short: tuple[int, str] = (0, "")
    for spare in (1.25, 4.0):  # half of the Vietnamese list is English, and stands in the ads
        kept = _kept(int(quota * spare) + 50, within)
        short = min(zip(map(len, kept), LANGUAGES, strict=True))
        if short[0] >= quota:
            turns = zip(*(some[:quota] for some in kept), strict=True)
            return [keyword for turn in turns for keyword in turn][:count]
    raise ValueError(f"only {short[0]} keywords in {short[1]!r}, {quota} are needed")


def _kept(each: int, within: Texts) -> list[list[Keyword]]:
    """By language, of so many candidates those that do not occur."""
    taken: set[str] = set()
    candidates = [_candidates(language, each, taken) for language in LANGUAGES]
    found = _occurring([keyword for some in candidates for keyword in some], within.texts)
    return [[keyword for keyword in some if keyword.value not in found] for some in candidates]


def _candidates(language: str, count: int, taken: set[str]) -> list[Keyword]:
    """Keywords that differ from all taken ones in either fold."""
    chosen: list[Keyword] = []
    for word in _drawn(language):
        folded, wider = _folds(word)
        if wider not in taken and folded not in taken:
            taken |= {folded, wider}
            chosen.append(Keyword(word, language))
            if len(chosen) == count:
                break
    return chosen


def _drawn(language: str) -> Iterator[str]:
    rng = random.Random(f"{SEED}/{language}")
    shortest = 2 if language in UNSPACED else 4
    words = [word for word in top_n_list(language, 400_000)[1::2] if _LETTERS.fullmatch(word)]
    singles = [word for word in words if len(word) >= shortest]
    rng.shuffle(singles)
    yield from singles
    parts = [word for word in _vocabulary(language)[0] if len(word) >= shortest - 1]
    joint = "" if language in UNSPACED else " "
    # A word of texts is never a keyword, so no keyword is a part of a pair.
    for _ in range(100 * len(parts)):
        yield rng.choice(parts) + joint + rng.choice(parts)


def _folds(text: str) -> tuple[str, str]:
    """The text folded as teams do, and folded so that more is equal."""
    bare = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return fold_by_hand(text), fold_by_hand(unicodedata.normalize("NFC", bare).translate(_WIDER))


class _Search:
    """Keywords in a text, in two folds, counted even where the boundary is disputable."""

    def __init__(self, chosen: Sequence[Keyword]) -> None:
        self._narrow = HandRolled([k.value for k in chosen], fold=lambda text: _folds(text)[0])
        self._wide = HandRolled([k.value for k in chosen], fold=lambda text: _folds(text)[1])
        self._substring = [keyword.boundary == "substring" for keyword in chosen]

    def find(self, text: str) -> set[int]:
        """The numbers of all keywords that may be said to stand in the text."""
        found = set()
        for search, folded in zip((self._narrow, self._wide), _folds(text), strict=True):
            for number, start, end in search.raw(folded):
                if self._substring[number] or _bounded(folded, start, end):
                    found.add(number)
        return found


def _bounded(text: str, start: int, end: int) -> bool:
    left = start == 0 or _parts(text[start - 1], text[start])
    return left and (end == len(text) or _parts(text[end - 1], text[end]))


def _parts(before: str, after: str) -> bool:
    """Whether a word may be said to end between two characters."""
    if not before.isalnum() or not after.isalnum():
        return True
    return _script(before) != _script(after)


def _script(char: str) -> int:
    match = _SCRIPT.match(char)
    return match.lastindex or 0 if match else 0


def _occurring(chosen: Sequence[Keyword], within: Sequence[str]) -> set[str]:
    search = _Search(chosen)
    found: set[int] = set()
    for text in within:
        found |= search.find(text)
    return {chosen[number].value for number in found}


# --- hits ---------------------------------------------------------------------------------------


def plant(within: Texts, chosen: Sequence[Keyword], hits: int) -> Planting:
    """Put `hits` keywords into the texts, at random, several into one as chance has it."""
    rng = random.Random(f"{SEED}/{hits}")
    search = _Search(chosen)
    by_language: dict[str, list[int]] = {language: [] for language in LANGUAGES}
    for number, keyword in enumerate(chosen):
        by_language[keyword.language].append(number)
    counts = [0] * len(within)
    for _ in range(hits):
        counts[rng.randrange(len(counts))] += 1
    planted, expected = list(within.texts), []
    for creative, count in enumerate(counts):
        if count:
            numbers = by_language[within.languages[creative]]
            text, places = _plant(within.texts[creative], count, numbers, chosen, search, rng)
            planted[creative] = text
            expected += [(creative, *place) for place in places]
    return Planting(tuple(planted), tuple(sorted(expected)))


def _plant(
    text: str,
    count: int,
    numbers: Sequence[int],
    chosen: Sequence[Keyword],
    search: _Search,
    rng: random.Random,
) -> tuple[str, list[tuple[int, int, int]]]:
    """The text with `count` different keywords, none of which makes another appear."""
    for _ in range(1_000):
        drawn = rng.sample(numbers, count)
        spelt = [_spell(chosen[number].value, rng) for number in drawn]
        made, places = _placed(text, spelt, rng)
        if search.find(made) == set(drawn):
            return made, [(drawn[n], start, end) for n, start, end in places]
    raise ValueError(f"no {count} keywords could be planted into {text!r}")


def _placed(
    text: str, spelt: Sequence[str], rng: random.Random
) -> tuple[str, list[tuple[int, int, int]]]:
    """Words of the text replaced, or pieces as long where it has too few."""
    pieces = text.split(" ")
    while len(pieces) < 2 * len(spelt):
        longest = max(range(len(pieces)), key=lambda n: len(pieces[n]))
        piece = pieces[longest]
        pieces[longest : longest + 1] = [piece[: len(piece) // 2], piece[len(piece) // 2 :]]
    slots = sorted(rng.sample(range(len(pieces)), len(spelt)))
    places = []
    for number, slot in enumerate(slots):
        pieces[slot] = _trimmed(pieces[slot], spelt[number])
    for number, slot in enumerate(slots):
        start = sum(len(piece) + 1 for piece in pieces[:slot])
        places.append((number, start, start + len(spelt[number])))
    return " ".join(pieces), places


def _trimmed(piece: str, word: str) -> str:
    """The word, followed by what of a long piece is too long to be a word that it replaces."""
    rest = piece[len(word) :]
    return f"{word} {rest}" if len(rest) > 20 else word


def _spell(value: str, rng: random.Random) -> str:
    """The keyword as an advertiser might spell it; three in ten are not spelt plainly."""
    if rng.random() >= 0.3:
        return value
    spelt = value
    if _PLAIN_SCRIPT.match(value):
        spelt = value.upper() if rng.random() < 0.5 else value.title()
    elif _ARABIC.match(value):
        at = rng.randrange(1, len(value))
        spelt = value[:at] + rng.choice(("ـ", "ـــ", "َ", "ُ")) + value[at:]
    return spelt if _folds(spelt) == _folds(value) else value


# --- for the library ----------------------------------------------------------------------------


def material_id(number: int) -> str:
    """The qualified id of a keyword."""
    return f"{PACKAGE}/k{number:07}"


def policy_table() -> PolicyTable:
    """Codes that are prohibited everywhere; the first is the one of `ruleset`."""
    return PolicyTable({code: _code(code) for code in CODES})


def _code(code: str) -> PolicyCode:
    row = Row(id=f"{code}/default", market=None, stances=("prohibited",), ground="platform")
    return PolicyCode(code, {"en": "Benchmark"}, "high", row)


def ruleset(chosen: Sequence[Keyword]) -> Ruleset:
    """One package of the keywords, weight `strong`, under one code; no rule, no allow."""
    materials = tuple(_material(number, one, CODE, 0.9) for number, one in enumerate(chosen))
    package = Package(PACKAGE, "1", "benchmarks", policies=(CODE,), materials=materials)
    return Ruleset((package,), policy_table())


def varied_ruleset(chosen: Sequence[Keyword]) -> Ruleset:
    """The keywords under 16 codes with four weights; a rule and an allow, which do not come up."""
    weights = (0.9, 0.6, 0.95, 0.3)
    materials = [
        _material(number, one, CODES[number % len(CODES)], weights[number // 7 % len(weights)])
        for number, one in enumerate(chosen)
    ]
    tagged = replace(_material(len(chosen), Keyword(ABSENT, "en"), CODE, 0.0), tags=(TAG,))
    allowed = replace(
        tagged, id=f"{PACKAGE}/allow", value=f"{ABSENT} allowed", tags=(), policies=()
    )
    parts = (Condition("tag", TAG), Condition("found", "phone"))
    rule = Rule(f"{PACKAGE}/rule", Condition("all", parts=parts), 0.9, (CODE,))
    package = Package(
        PACKAGE,
        "1",
        "benchmarks",
        policies=CODES,
        materials=(*materials, tagged),
        rules=(rule,),
        allows=(Allow(allowed.id, allowed, packages=(PACKAGE,)),),
    )
    return Ruleset((package,), policy_table())


def _material(number: int, keyword: Keyword, code: str, weight: float) -> Material:
    return Material(
        id=material_id(number),
        kind="keyword",
        value=keyword.value,
        weight=weight,
        policies=(code,),
        boundary=keyword.boundary,
    )


def creatives(
    texts_utf8: Sequence[bytes], markets: Sequence[tuple[str, ...]] = ((MARKET,),)
) -> list[dict[str, object]]:
    """Fresh creatives with fresh strings: CPython keeps the UTF-8 of a string that was searched.

    Their markets are those given, in turn.
    """
    return [
        {
            "id": f"c{number}",
            "markets": list(markets[number % len(markets)]),
            "text": {"body": text.decode()},
        }
        for number, text in enumerate(texts_utf8)
    ]


def encoded(some: Sequence[str]) -> list[bytes]:
    """Texts as UTF-8, of which every round makes its own strings."""
    return [text.encode() for text in some]
