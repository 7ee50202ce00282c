"""The language that a part of a text is written in, where that can be told.

Asked only for hits of material that is bound to languages, so it may cost what it costs; and it
answers only where it is sure, because an answer can take a true hit away. A script that one
language uses decides alone. Among the languages of a script a model of letter sequences decides,
`py3langid` (extra `languages`), which is loaded once, when first needed.

Texts here are as written, not folded: folding merges the letters that tell Persian from Arabic.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Final

import regex

from automod.errors import MissingExtra

from .fold import fold_many

FEWEST_WORDS: Final = 5
"""Under so many words (in scripts without spaces: letters) the language is unknown."""
LONGEST: Final = 2000
"""Characters around a hit that are looked at; each costs about a microsecond."""
SURE: Final = 0.8
"""Chance from which a language is named: 96 % of 11,934 real ads, all of them
rightly, and 75 % of their first six words."""
EXCLUDED: Final = 0.01
"""Chance below which a text is in none of some languages, whichever other it is in."""
_OVERWHELMING: Final = 0.8
"""Share of the letters that are of one script, in a text that has a language."""
_KANA: Final = 0.1
"""Share of kana from which a text is Japanese; Chinese ads use a few as ornaments."""

_LATIN: Final = "Latin"
_ARABIC: Final = "Arabic"
_CJK: Final = "Han"
_ONE_LANGUAGE: Final[Mapping[str, str]] = {
    "Hebrew": "he", "Thai": "th", "Lao": "lo", "Khmer": "km", "Myanmar": "my", "Hangul": "ko",
    "Greek": "el", "Georgian": "ka", "Armenian": "hy", "Ethiopic": "am", "Gujarati": "gu",
    "Gurmukhi": "pa", "Tamil": "ta", "Telugu": "te", "Kannada": "kn", "Malayalam": "ml",
    "Sinhala": "si", "Oriya": "or",
}  # fmt: skip
"""Scripts that one language uses, as far as ads go."""
_BY_MODEL: Final = (_LATIN, _ARABIC, _CJK, "Cyrillic", "Devanagari", "Bengali")
_KANA_SCRIPTS: Final = ("Hiragana", "Katakana")
_UNSPACED: Final = frozenset({_CJK, "Thai", "Lao", "Khmer", "Myanmar"})
_SHORT_WORDS: Final = _UNSPACED | {"Hangul"}
"""Scripts in which one letter may be a word."""

_ROMANISED: Final = frozenset({
    "am", "ar", "as", "be", "bg", "bn", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "km", "kn",
    "ko", "lo", "mk", "ml", "mr", "my", "ne", "or", "ps", "ru", "sa", "si", "ta", "te", "th", "ug",
    "uk", "ur", "vi", "zh",
})  # fmt: skip
"""Languages that are written in Latin letters in a way the model does not know; without its marks
Vietnamese is one of them (of texts of six words the model gave it no chance in 16 %)."""
_SEVERAL_SCRIPTS: Final = frozenset({
    "az", "kk", "ku", "ky", "mn", "pa", "sr", "tg", "tk", "tt", "uz",
})  # fmt: skip

_BASES: Final[Mapping[str, str]] = {
    **dict.fromkeys((
        "aao", "abh", "abv", "acm", "acq", "acw", "acx", "acy", "adf", "aeb", "aec", "afb", "ajp",
        "apc", "apd", "arb", "arq", "ars", "ary", "arz", "auz", "avl", "ayh", "ayl", "ayn", "ayp",
        "pga", "shu", "ssh", "ara",
    ), "ar"),
    **dict.fromkeys(("cmn", "hak", "nan", "wuu", "yue", "zho"), "zh"),
    **dict.fromkeys(("pes", "prs"), "fa"),
    **dict.fromkeys(("ckb", "kmr", "sdh"), "ku"),
    **dict.fromkeys(("nb", "nn"), "no"),
    **dict.fromkeys(("uzn", "uzs"), "uz"),
    # Serbian, Croatian and Bosnian are told apart by few words, and not in an ad.
    **dict.fromkeys(("bs", "hr", "sh"), "sr"),
    "fil": "tl", "grc": "el", "hbo": "he", "in": "id", "iw": "he", "pcm": "en", "pnb": "pa",
    "zlm": "ms", "zsm": "ms",
}  # fmt: skip

_FREQUENT: Final = (
    # Persian, then Urdu: folded, among the 150 most frequent, and next to never in Arabic.
    "در از كه با را است براي بود يك شده شد شما كرد همه يه جه بايد كرده يكي داره كردن دارد جرا بيش"
    " كنم اكه استفاده دارم باشه اكر نيست هست بازي كنيد داشته انجام خوب نيز ديكر كردم بيشتر بوده"
    " زندكي كند اينكه بخش باشد شدن شود هستند ميشود تنها داشت كنه بجه كنيم توسط ديكه بزرك درباره"
    " ميں اور كو بر هيں بهي ايك يه نهيں وه تهي تها كئي جس رهي هوئي ليي كوئي كرني كرتي اسي ديا بهر"
    " هوني جائي ائي هوں بهلي كجه بهت رها بڑي زياده لئي هماري انهوں هوتا ميري كريں جاتا لوكوں جاتي"
    " ايسي كيلئي دوسري مجهي كرتا كري انهيں سكتي كهر سكتا"
)
_NOT_ARABIC_WORDS: Final = frozenset(_FREQUENT.split())
_NOT_ARABIC_LETTERS: Final = frozenset("ٹڈڑںټډړښڼڕڵێۆۇڭ")
"""Letters of Urdu, Pashto, Kurdish and Uyghur that are not folded into Arabic ones."""

_WORD: Final = regex.compile(r"\p{L}[\p{L}\p{M}\u200c\u200d]*+")
_SENTENCE_END: Final = regex.compile(r"[\n\r\u2028\u2029!?؟۔。！？।॥|•…]|\.(?=\s|$)")
_SCRIPT: Final = regex.compile(
    "|".join(
        rf"(?P<{name}>\p{{Script={name}}})" for name in (*_BY_MODEL, *_KANA_SCRIPTS, *_ONE_LANGUAGE)
    )
)


def identify(text: str) -> str | None:
    """The language code of a text, None where it cannot be told.

    Returns:
        ISO 639-1 (639-3 where a language has no such code); a dialect counts as its language.

    Raises:
        MissingExtra: the script does not decide, and the extra `languages` is not installed.

    >>> identify("เล่นเกมฟรีวันนี้"), identify("Win now")
    ('th', None)
    """
    return _named(_chances(_judged(text[:LONGEST], None)))


def spoken(text: str, start: int, end: int) -> str | None:
    """Language of the part of a text that a hit lies in.

    The part is the sentence or line around the hit, or the whole text (2,000 characters around
    the hit) where that has under five words. Only words in the script of the hit count: words
    of another language around it say nothing about it.

    Args:
        text: as written, not folded.
        start: where the hit begins.
        end: one past its last character.

    >>> spoken("שחקו עכשיו בקזינו שלנו חינם לגמרי", 11, 17)
    'he'
    """
    return _named(_chances(_around(text, start, end)))


def is_foreign(text: str, start: int, end: int, languages: tuple[str, ...]) -> bool:
    """Whether a hit of material with `only_languages` falls away: written in none of them.

    It stays where the language is unknown, where its letters are of several scripts (a disguise),
    and, if Arabic is among the languages, where it has no letters but Latin ones: Arabizi.

    Args:
        text: as written, not folded.
        start: where the hit begins.
        end: one past its last character.
        languages: codes; dialects and regions count as their language.

    >>> is_foreign("שחקו עכשיו בקזינו שלנו חינם לגמרי", 11, 17, ("ar-EG", "fa"))
    True
    """
    wanted = frozenset(map(base, languages))
    scripts = scripts_of(text[start:end])
    if len(scripts) > 1 or ("ar" in wanted and scripts <= {_LATIN}):
        return False
    words = _around(text, start, end)
    chances = _chances(words)
    if not chances or not wanted <= _known():
        return False
    if sum(chances.get(code, 0.0) for code in wanted) >= EXCLUDED:
        return False
    return not _is_unread(wanted, words) or _named(chances) is not None


def load_model() -> None:
    """Load the model now, about a second, rather than at the first hit that needs it.

    Raises:
        MissingExtra: the extra `languages` is not installed.
    """
    _model()


@lru_cache(maxsize=1024)
def base(code: str) -> str:
    """The language that a code counts as: without region and script, a dialect as its language.

    >>> base("arz"), base("pt-BR"), base("zh-Hant"), base("nb")
    ('ar', 'pt', 'zh', 'no')
    """
    bare = code.partition("-")[0].lower()
    return _BASES.get(bare, bare)


def scripts_of(text: str) -> frozenset[str]:
    """The scripts of the letters of a text; Han and kana are one.

    >>> sorted(scripts_of("Ｃasino カジノ 賭博 5!"))
    ['Han', 'Latin']
    """
    letters = filter(str.isalpha, unicodedata.normalize("NFKC", text[:LONGEST]))
    return frozenset(filter(None, map(_script, letters)))


# --- the part of the text, and its words ---------------------------------------------------------


def _around(text: str, start: int, end: int) -> str:
    """The words that tell the language of a hit, "" where they are too few."""
    first, last = max(0, start - LONGEST // 2), min(end, start + LONGEST) + LONGEST // 2
    window, start, end = text[first:last], start - first, min(end, last) - first
    scripts = scripts_of(window[start:end])
    if len(scripts) > 1:
        return ""
    script = next(iter(scripts), None)
    before = [match.end() for match in _SENTENCE_END.finditer(window, 0, start)]
    after = _SENTENCE_END.search(window, end)
    part = window[before[-1] if before else 0 : after.start() if after else len(window)]
    return _judged(part, script) or _judged(window, script)


def _judged(text: str, script: str | None) -> str:
    """The words of a script, lower case, apart by spaces; "" where they are under five.

    Without a script that of nearly all letters; "" where no script has so many.
    """
    words = _words(text)
    if script is None:
        script = _main_script(words)
    kept = [word for word in words if _script(word[0]) == script]
    count = sum(map(len, kept)) if script in _UNSPACED else len(kept)
    return " ".join(kept) if script and count >= FEWEST_WORDS else ""


@lru_cache(maxsize=64)
def _words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case; no links, no handles, and no single letters.

    Single letters are held apart to hide a word, and then look like another language.
    """
    whole = unicodedata.normalize("NFKC", text)
    plain = " ".join(token for token in whole.split() if not _is_address(token))
    words = _WORD.findall(plain.lower())
    return tuple(word for word in words if len(word) > 1 or _script(word) in _SHORT_WORDS)


def _is_address(token: str) -> bool:
    return "@" in token or "://" in token or "www." in token or ("." in token and "/" in token)


def _main_script(words: Iterable[str]) -> str | None:
    letters: dict[str | None, int] = {}
    for word in words:
        letters[_script(word[0])] = letters.get(_script(word[0]), 0) + len(word)
    most = max(letters, key=lambda script: letters[script], default=None)
    return most if most and letters[most] >= _OVERWHELMING * sum(letters.values()) else None


@lru_cache(maxsize=8192)
def _script(letter: str) -> str | None:
    """The script of the first letter of a text; that of kana is Han."""
    script = _exact_script(letter)
    return _CJK if script in _KANA_SCRIPTS else script


def _exact_script(letter: str) -> str | None:
    found = _SCRIPT.match(letter)
    return None if found is None else found.lastgroup


# --- languages -----------------------------------------------------------------------------------

_UNKNOWN: Final[Mapping[str, float]] = MappingProxyType({})


@lru_cache(maxsize=1024)
def _chances(words: str) -> Mapping[str, float]:
    """Language -> how likely words of one script are in it; nothing where that is unknown."""
    if not words:
        return _UNKNOWN
    script = _script(words[0])
    if script is not None and script in _ONE_LANGUAGE:
        return {_ONE_LANGUAGE[script]: 1.0}
    if script == _CJK and _kana_share(words) >= _KANA:
        return {"ja": 1.0}
    chances = _by_model(words)
    if script != _ARABIC or max(chances, key=lambda code: chances[code]) == "ar":
        return chances
    # Arabic written with Persian or Urdu letters is Arabic: both readings count, unless words
    # that are not Arabic say the letters are no disguise.
    folded = fold_many([words])[0]
    if sum(map(_is_not_arabic, set(folded.split()))) > 1:
        return chances
    other = _by_model(folded)
    return {code: (chances[code] + other[code]) / 2 for code in chances}


def _is_not_arabic(word: str) -> bool:
    return word in _NOT_ARABIC_WORDS or not _NOT_ARABIC_LETTERS.isdisjoint(word)


def _kana_share(words: str) -> float:
    letters = words.replace(" ", "")
    kana = sum(_exact_script(letter) in _KANA_SCRIPTS for letter in letters)
    return kana / len(letters)


def _named(chances: Mapping[str, float]) -> str | None:
    best = max(chances, key=lambda code: chances[code], default=None)
    return best if best is not None and chances[best] >= SURE else None


def _is_unread(wanted: frozenset[str], words: str) -> bool:
    """Whether the model may not know one of the languages as it is written here."""
    latin = _script(words[0]) == _LATIN
    return not wanted.isdisjoint(_SEVERAL_SCRIPTS) or (latin and not wanted.isdisjoint(_ROMANISED))


# --- the model -----------------------------------------------------------------------------------

_LOADING: Final = threading.Lock()


def _by_model(words: str) -> dict[str, float]:
    chances: dict[str, float] = {}
    for label, chance in _model().rank(words):
        chances[base(label)] = chances.get(base(label), 0.0) + chance
    return chances


@cache
def _known() -> frozenset[str]:
    """The languages that can be told: of all others nothing is ever said."""
    return frozenset({*map(base, _model().labels), *_ONE_LANGUAGE.values()})


def _model() -> Any:
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Any:
    try:
        from py3langid.langid import (  # type: ignore[import-untyped]
            MODEL_FILE,
            LanguageIdentifier,
        )
    except ImportError:
        raise MissingExtra("languages", "telling the language of a text") from None
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
