"""The language of the part of a text that a hit lies in, and whether a hit falls away for it."""

from __future__ import annotations

import csv
import gzip
import random
import sys
import threading
import time
from typing import Any

import pytest
import wordfreq
from hypothesis import given
from hypothesis import strategies as st

from automod.errors import MissingExtra
from automod.text import language
from automod.text.language import base, identify, is_foreign, scripts_of, spoken
from shared_data import data
from strategies import more, texts

pytest.importorskip("py3langid", reason="the extra 'languages' is not installed")

ARABIC = "العب في الكازينو واربح المال الان"
DIALECT = "عايز تكسب فلوس كتير وانت قاعد في البيت"
PERSIAN = "همین حالا در کازینو بازی کنید و جایزه بزرگ را ببرید"
URDU = "ابھی کھیلیں اور بڑا انعام جیتیں یہ موقع ہاتھ سے نہ جانے دیں"
ENGLISH = "Play at our casino today and win the biggest prize of the year"
TURKISH = "Bugün casinomuzda oynayın ve yılın en büyük ödülünü kazanın"
INDONESIAN = "Mainkan di kasino kami hari ini dan menangkan hadiah terbesar tahun ini"
HINDI = "आज ही हमारे कैसीनो में खेलें और साल का सबसे बड़ा इनाम जीतें"
HEBREW = "שחקו עכשיו בקזינו שלנו וזכו בפרס הגדול של השנה"
CHINESE = "今天就在我们的赌场玩赢取年度最大奖"
JAPANESE = "今日カジノで遊んで今年最大の賞品を手に入れよう"
KOREAN = "오늘 카지노에서 게임을 하고 올해의 가장 큰 상을 받으세요"
THAI = "เล่นคาสิโนวันนี้และรับรางวัลใหญ่ที่สุดแห่งปี"
RUSSIAN = "Играйте в нашем казино сегодня и выиграйте главный приз года"
ARABIZI = "el3ab f casino w erba7 flous ktir daba mn dar"
HINGLISH = "aaj hi hamare casino mein khelein aur sabse bada inaam jeetein"
BARE_VIETNAMESE = "kiem tien online tai nha khong can von dau tu ban dau"


def at(text: str, part: str) -> tuple[str, int, int]:
    """A text, and where a part of it stands."""
    start = text.index(part)
    return text, start, start + len(part)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ARABIC, "ar"), (DIALECT, "ar"), (PERSIAN, "fa"), (URDU, "ur"), (ENGLISH, "en"),
        (ENGLISH.upper(), "en"), (ENGLISH.title(), "en"), (TURKISH, "tr"), (HINDI, "hi"),
        (HEBREW, "he"), (CHINESE, "zh"), (JAPANESE, "ja"), (KOREAN, "ko"), (THAI, "th"),
        (RUSSIAN, "ru"), ("優惠活動今天開始免費領取", "zh"),
        # Under five words, or no letters.
        ("", None), ("   ", None), ("Win now", None), ("12345 67 89 10 11 12", None),
        ("🎰 🎰 🎰 🎰 🎰 🎰", None), ("العب الان واربح كثيرا", None),
        ("W i n  t h e  p r i z e", None), ("https://example.com/win @win www.example.com", None),
        # No script has nearly all letters.
        ("Play now and win العب الآن واربح كثيرا", None),
        # The model is not sure.
        (ARABIZI, None), (HINGLISH, None), (BARE_VIETNAMESE, None),
    ],
)  # fmt: skip
def test_identify(text: str, expected: str | None) -> None:
    """A language is named where script or model are sure of it, and nowhere else."""
    assert identify(text) == expected


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        (ENGLISH, "casino", "en"),
        (f"{ENGLISH}\n{TURKISH}", "casino today", "en"),
        (f"{ENGLISH}\n{TURKISH}", "casinomuzda", "tr"),
        (f"{ENGLISH}. {TURKISH}!", "casinomuzda", "tr"),
        (f"{ARABIC}؟ {PERSIAN}", "کازینو", "fa"),
        # A short line is judged with the text around it.
        (f"Big win!\n{ENGLISH}", "win", "en"),
        ("Big win!\nPlay now", "win", None),
        # Words of another script say nothing about the hit.
        (f"{ENGLISH} كازينو", "كازينو", None),
        (f"{ARABIC} casino", "casino", None),
        (f"{ENGLISH} {ARABIC}", "casino", "en"),
        (f"{ENGLISH} {ARABIC}", "الكازينو", "ar"),
        # A hit without letters is judged by all words around it.
        (f"{ENGLISH} $500", "$500", "en"),
        (f"{ENGLISH} {ARABIC} $500", "$500", None),
        # A point inside a number or a name ends no sentence.
        ("Play at example.com with 3.5 dollars and win the biggest prize", "prize", "en"),
        # A hit over two sentences is judged by both.
        (f"{ENGLISH}. Win more!", "year. Win", "en"),
    ],
)
def test_spoken(text: str, part: str, expected: str | None) -> None:
    """The sentence or line of the hit, in the script of the hit; else the whole text."""
    assert spoken(*at(text, part)) == expected


@pytest.mark.parametrize(
    ("text", "part", "languages", "expected"),
    [
        (ARABIC, "الكازينو", ("ar",), False),
        (DIALECT, "فلوس", ("ar",), False),
        (PERSIAN, "کازینو", ("ar",), True),
        (URDU, "انعام", ("ar",), True),
        (URDU, "انعام", ("ar", "ur"), False),
        (ARABIC, "الكازينو", ("fa",), True),
        (ENGLISH, "casino", ("en",), False),
        (ENGLISH, "casino", ("tr",), True),
        (ENGLISH, "casino", ("id", "tr"), True),
        (ENGLISH, "casino", ("en", "tr"), False),
        (TURKISH, "casinomuzda", ("en",), True),
        (INDONESIAN, "kasino", ("id",), False),
        (INDONESIAN, "kasino", ("ms",), False),
        (INDONESIAN, "kasino", ("tr",), True),
        (HEBREW, "בקזינו", ("ar",), True),
        (HEBREW, "בקזינו", ("he",), False),
        (HEBREW, "בקזינו", ("iw",), False),
        (CHINESE, "赌场", ("zh",), False),
        (CHINESE, "赌场", ("zh-Hant",), False),
        (CHINESE, "赌场", ("ja",), True),
        ("優惠活動今天開始の好康", "優惠", ("zh",), False),
        (JAPANESE, "カジノ", ("ja",), False),
        (JAPANESE, "カジノ", ("zh",), True),
        (RUSSIAN, "казино", ("ru",), False),
        # A dialect is Arabic, a region changes nothing.
        *[(DIALECT, "فلوس", (code,), False) for code in
          ("arz", "apc", "ary", "acm", "ajp", "aeb", "afb", "ar-EG", "arb")],
        (ENGLISH, "casino", ("en-NG",), False),
        # A Latin token is never outside Arabic.
        (ARABIZI, "casino", ("ar",), False),
        (ENGLISH, "casino", ("ar",), False),
        (TURKISH, "casinomuzda", ("ar-MA", "fr"), False),
        ("Only 500 at our casino today and win the prize", "500", ("ar",), False),
        # Romanised Hindi, and Vietnamese without marks, are no other language.
        (HINGLISH, "casino", ("hi",), False),
        (BARE_VIETNAMESE, "tien", ("vi",), False),
        (ENGLISH, "casino", ("hi",), True),
        # What is not known stays.
        ("Win now", "Win", ("tr",), False),
        (f"{ENGLISH} كازينو", "كازينو", ("ar",), False),
        (ENGLISH, "casino", ("xx",), False),
        # Letters of several scripts are a disguise.
        (ENGLISH.replace("casino", "cаsino"), "cаsino", ("tr",), False),
    ],
)  # fmt: skip
def test_is_foreign(text: str, part: str, languages: tuple[str, ...], expected: bool) -> None:
    """A hit falls away where its language is known and is none of those asked for."""
    assert is_foreign(*at(text, part), languages) is expected


@pytest.mark.parametrize(
    "letters", [{"ي": "ی", "ك": "ک"}, {"ي": "ی", "ك": "ک", "ه": "ہ"}, {"ب": "پ", "ك": "گ"}]
)
def test_arabic_in_persian_letters_stays_arabic(letters: dict[str, str]) -> None:
    """Look-alike letters do not take a text out of Arabic."""
    for text, part in ((ARABIC, "الكازينو"), (DIALECT, "كتير")):
        table = str.maketrans(letters)
        assert not is_foreign(*at(text.translate(table), part.translate(table)), ("ar",))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ar", "ar"), ("arz", "ar"), ("AR-eg", "ar"), ("pt-BR", "pt"), ("zh-Hant", "zh"),
        ("yue", "zh"), ("nb", "no"), ("fil", "tl"), ("xx", "xx"),
    ],
)  # fmt: skip
def test_base(code: str, expected: str) -> None:
    """A dialect or region counts as its language."""
    assert base(code) == expected


def test_scripts_of() -> None:
    """Only letters have a script; wide letters have that of the plain ones."""
    assert scripts_of("50% 🎰 ٥٠") == frozenset()
    assert scripts_of("ｃasino") == {"Latin"}
    assert scripts_of("ﻛﺎﺯﻳﻨﻮ") == {"Arabic"}
    assert scripts_of("cаsino") == {"Latin", "Cyrillic"}
    assert scripts_of("カー賭") == {"Han"}


# --- laws ----------------------------------------------------------------------------------------

CODES = ["ar", "en", "fa", "tr", "zh", "hi", "he", "ru", "vi", "arz", "pt-BR", "xx"]


@more(200)
@given(texts(), st.integers(0, 12), st.integers(1, 12), st.lists(st.sampled_from(CODES)))
def test_any_text_has_an_answer(text: str, start: int, length: int, codes: list[str]) -> None:
    """Whatever the text, no fault; and what is named is not foreign to itself."""
    end = min(start + length, len(text))
    start = min(start, end)
    named = spoken(text, start, end)
    if named is not None:
        assert not is_foreign(text, start, end, (named,))
        assert not is_foreign(text, start, end, (*codes, named))
    if is_foreign(text, start, end, tuple(codes)):
        assert named not in {base(code) for code in codes}


SAMPLES = [ARABIC, DIALECT, PERSIAN, URDU, ENGLISH, TURKISH, HINDI, HEBREW, CHINESE, RUSSIAN]


@more(100)
@given(st.lists(st.sampled_from(SAMPLES), min_size=1, max_size=4), st.sampled_from("\n.! "))
def test_more_languages_never_lose_a_hit(parts: list[str], joint: str) -> None:
    """What stays for some languages stays for more of them."""
    text = joint.join(parts)
    for part in parts:
        span = at(text, part.split()[-1])
        for one in CODES:
            if not is_foreign(*span, (one,)):
                assert not is_foreign(*span, (one, "de", "el"))


def test_the_answer_does_not_depend_on_a_distant_text() -> None:
    """At most 2,000 characters around a hit are looked at, so a long text costs no more."""
    text = "x " * 5_000 + ENGLISH + " y" * 500_000
    started = time.perf_counter()
    for _ in range(20):
        assert spoken(*at(text, "casino")) == "en"
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "piece", ["a", "a ", ". ", "\u0301", "@", "مي ", "!", "a.", "www.", "漢", "ﷺ"]
)
def test_no_text_is_slow(piece: str) -> None:
    """The worst text of 100,000 characters takes no more than some milliseconds."""
    text = piece * (100_000 // len(piece))
    spoken(text, 50_000, 50_005)
    started = time.perf_counter()
    is_foreign(text, 60_000, 60_050, ("tr", "de"))
    assert time.perf_counter() - started < 0.2


def test_the_model_is_loaded_once_by_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that ask at the same time wait for one loading, and answer alike."""
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]

    loaded = []
    load = LanguageIdentifier.from_model_file

    def counted(*args: Any, **kwargs: Any) -> Any:
        loaded.append(args)
        return load(*args, **kwargs)

    monkeypatch.setattr(LanguageIdentifier, "from_model_file", counted)
    language._loaded.cache_clear()
    language._chances.cache_clear()
    found: list[str | None] = []
    threads = [
        threading.Thread(target=lambda: found.append(spoken(*at(ENGLISH, "casino"))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["en"] * 8
    assert len(loaded) == 1


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the extra; what a script decides needs no model."""
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    language._loaded.cache_clear()
    language._chances.cache_clear()
    try:
        assert identify(HEBREW) == "he"
        assert identify("Win now") is None
        with pytest.raises(MissingExtra, match=r"automod-ads\[languages\]"):
            identify(ENGLISH)
        with pytest.raises(MissingExtra, match=r"automod-ads\[languages\]"):
            language.load_model()
    finally:
        language._loaded.cache_clear()


# --- how often a true hit is lost ----------------------------------------------------------------


def drawn(code: str, count: int) -> list[str]:
    """Texts of eight words, drawn by frequency: harder than any sentence."""
    known = wordfreq.get_frequency_dict(code, wordlist="small")
    native = {
        "ar": "ا",
        "fa": "ا",
        "ur": "ا",
        "ru": "а",
        "hi": "क",
        "ko": "이",
        "bn": "ক",
        "zh": "的",
    }
    script = scripts_of(native.get(code, "a"))
    words = {word: often for word, often in known.items() if scripts_of(word) == script}
    rng = random.Random(code)
    return [" ".join(rng.choices(list(words), list(words.values()), k=8)) for _ in range(count)]


@pytest.mark.parametrize(
    "code",
    [
        "ar",
        "bn",
        "de",
        "en",
        "es",
        "fa",
        "fr",
        "hi",
        "id",
        "ko",
        "ms",
        "pt",
        "ru",
        "tr",
        "ur",
        "vi",
    ],
)
def test_words_of_a_language_are_not_foreign_to_it(code: str) -> None:
    """Of 200 texts of eight words at most one is taken for another language."""
    lost = [text for text in drawn(code, 200) if is_foreign(text, 0, len(text), (code,))]
    assert len(lost) <= 1


def test_real_ads_are_not_foreign_to_english() -> None:
    """Of 11,936 ads that are called English seven are lost: all are Spanish, French or Latvian.

    Every fourth is tried here.
    """
    path = data("text_fb_ads") / "facebook_ads_from_row_3000.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        ads = [row["text"] for row in csv.DictReader(file)][::4]
    lost = [ad for ad in ads if is_foreign(ad, 0, len(ad), ("en",))]
    assert len(ads) == 2_984
    assert len(lost) <= 2


def test_real_dialect_is_not_foreign_to_arabic() -> None:
    """Of 142,104 words of tweets in dialects none is lost; in look-alike letters 1 in 9,000.

    One word of every fourth tweet is tried here.
    """
    folder = data("text_osact4")
    files = [folder / f"OSACT2020-sharedTask-{part}.txt" for part in ("train", "dev")]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    hits = []
    for tweet in (line.partition("\t")[0] for line in lines[::4]):
        words = [word for word in tweet.split() if scripts_of(word) == {"Arabic"}]
        hits += [at(tweet, word) for word in words[len(words) // 2 :][:1]]
    assert len(hits) > 1_950
    for swapped in ({}, str.maketrans("يك", "یک"), str.maketrans("يكه", "یکہ")):
        lost = [
            text
            for text, start, end in hits
            if is_foreign(text.translate(swapped), start, end, ("ar",))
        ]
        assert lost == []
