"""Indonesian and Malay: prefixes with their nasal, endings, clitics and particles.

A word is [prefix] stem [ending] [clitic] [particle], and a prefix allows certain endings only: me-
takes -kan and -i but not -an, ter- takes -kan, ke- takes -an (J. N. Sneddon, *Indonesian: A
Comprehensive Grammar*, 2nd ed. 2010, on word formation). me- and pe- end in the nasal of the place
where the stem begins; p t k s give way to it (pinjam, meminjam), so such a word has a second
literal, in which the nasal stands already.

Spoken and written in ads as well: the nasal alone for me- (minjam), nge- before anything, -in for
-kan after di- and nge-, and the digit 2 for doubling (pinjol2). Left out: se-, which makes words of
another meaning (cara, secara), and -i and -in without a prefix (polis, polisi; desa, desain).

Words of three letters take clitics and particles only. The confidence of a form is the product of
its parts, to two decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import product
from typing import Final

from .stem import ALONE, Paradigm, Row, Stem

CLITICS: Final[Row] = {"": 1.0, "nya": 0.97, "ku": 0.9, "mu": 0.9}
PARTICLES: Final[Row] = {"": 1.0, "lah": 0.95, "kah": 0.95, "pun": 0.9}
ENDINGS: Final[Row] = {
    "": 1.0, "an": 0.95, "kan": 0.95, "i": 0.85, "in": 0.75, "2": 0.95, "2an": 0.9,
}  # fmt: skip

NOUN: Final = ("", "an", "kan", "2", "2an")
VERB: Final = ("", "kan", "i", "2")

PREFIXES: Final[Mapping[str, tuple[float, tuple[str, ...]]]] = {
    "": (1.0, NOUN),
    "di": (0.9, ("", "kan", "i", "in", "2")),
    "ter": (0.85, ("", "kan", "2")),
    "ber": (0.95, ("", "an", "kan", "2", "2an")),
    "per": (0.85, ("", "an", "kan", "i")),
    "ke": (0.85, ("an",)),
    "memper": (0.9, VERB),
    "diper": (0.9, VERB),
    "keber": (0.85, ("an",)),
    "pember": (0.85, ("an",)),
    "nge": (0.7, ("", "in", "2")),
}
"""Prefix -> its confidence and the endings that it allows. ke- alone makes ordinals only."""

NASAL: Final[Mapping[str, str]] = {
    **dict.fromkeys("bfvp", "m"), **dict.fromkeys("cdjtz", "n"), "s": "n",
    **dict.fromkeys("aeioughkq", "ng"), **dict.fromkeys("lmnrwy", ""),
}  # fmt: skip
"""First letter of a stem -> the nasal between me- or pe- and it."""

LOST: Final[Mapping[str, str]] = {"p": "m", "t": "n", "k": "ng", "s": "ny"}
"""First letter that gives way -> the nasal in its place."""

_NASAL_PREFIXES: Final = ("pem", "pen")
"""With these a word has its own pe- already: pembuat, penipu."""

_APART: Final = frozenset(
    """
    adalah atasan bahkan bangku bensin berangkat berapa berikan berita berkah bertemu dengan
    dimana dinding direktur disiplin istilah jangan jumlah kasihan kemarin kemudian langkah
    lapangan lautan macam macet majalah makalah makan malam malang malas maling malu mana
    manas manis mantan mantu marah masa masak masalah masuk mata mati medan melalui memang
    menang menangis menantu menara mengapa menit mentari mentega menteri menu merah merdeka
    merek mereka mesin mesti meter milik minggu minta minum minyak modal mohon motor mudah
    mulai mungkin murah musim musuh naik nama nanti nasi negara ngeri nikah nilai pahlawan
    pakaian pejabat pelaku peluru pemilu pemuda penjara penting perang perawan percaya perdana
    perempuan perilaku perkara perlahan permisi pernah persen pertama pesawat peserta
    saputangan sedekah sekolah selain selatan setelah sultan tangan tempat tentang tentara
    terang terapi teratai terbang terima terjun terlalu terminal ternak tertib
    """.split()  # noqa: SIM905
)
"""Common words that look like a word with affixes, and are none of that word."""


def _rows(prefixes: Mapping[str, tuple[float, tuple[str, ...]]]) -> Mapping[str, Row]:
    return {before: _row(sure, allowed) for before, (sure, allowed) in prefixes.items()}


def _row(sure: float, allowed: Iterable[str]) -> Row:
    return {
        ending + clitic + particle: round(
            sure * ENDINGS[ending] * CLITICS[clitic] * PARTICLES[particle], 2
        )
        for ending, clitic, particle in product(allowed, CLITICS, PARTICLES)
    }


@lru_cache(maxsize=64)
def _full(nasal: str, sure: float, short_ber: bool, nasal_alone: bool) -> Paradigm:
    """Of words that keep their first letter, after a nasal that is this sure."""
    prefixes = dict(PREFIXES)
    prefixes["me" + nasal] = (round(0.95 * sure, 2), VERB)
    prefixes["pe" + nasal] = (round(0.9 * sure, 2), ("", "an"))
    if nasal_alone:
        prefixes[nasal] = (0.65, ("", "in", "2"))
    if short_ber:
        prefixes |= {"be": prefixes["ber"], "te": prefixes["ter"], "pe": (0.8, ("", "an"))}
    return Paradigm(_rows(prefixes), _APART)


_SHORT: Final = Paradigm({"": {**_row(1.0, ("", "2")), "ku": 0.7, "mu": 0.7}}, _APART)
_OTHER: Final = Paradigm(_rows(PREFIXES), _APART)
_NASAL_ROWS: Final = {"me": (0.95, VERB), "pe": (0.9, ("", "an")), "di": (0.5, ("", "in"))}
_NASAL: Final = Paradigm(_rows(_NASAL_ROWS), _APART)
_NASAL_ALONE: Final = Paradigm(_rows({**_NASAL_ROWS, "": (0.6, ("", "in"))}), _APART)


def stems(word: str) -> tuple[Stem, ...]:
    """The stems of a word; the first is the word itself.

    >>> [stem.text for stem in stems("pinjam")]
    ['pinjam', 'minjam']
    >>> stems("judi")[0].confidence("per", "an"), stems("judi")[0].confidence("ter", "kasi")
    (0.81, None)
    """
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return (Stem(word, ALONE),)
    if len(word) == 3:
        return (Stem(word, _SHORT),)
    if word[0] not in NASAL:
        return (Stem(word, _OTHER),)
    first = Stem(word, _kept(word))
    nasal = LOST.get(word[0], "") + word[1:]
    if word[0] not in LOST or nasal in _APART or word.startswith(_NASAL_PREFIXES):
        return (first,)
    # Of four letters the nasal form alone is too often another word: tari, nari; pati, mati.
    return (first, Stem(nasal, _NASAL if len(word) == 4 else _NASAL_ALONE))


def _kept(word: str) -> Paradigm:
    """The paradigm of the literal that keeps the first letter of a word."""
    letter = word[0]
    nasal, lost = NASAL[letter], letter in LOST
    if sum(map(word.count, "aeiou")) == 1:
        return _full("nge", 0.95, False, False)
    short_ber = letter == "r" or word[1:3] == "er"
    return _full(nasal, 0.75 if lost else 1.0, short_ber, nasal == "ng" and not lost)
