"""Near-duplicates: what is one ad in small changes, and what is not."""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

import videos
from automod.engine.pictures import fingerprint
from automod.media.fingerprint import Fingerprint
from automod.model.creative import Creative
from automod.text.fold import fold_texts
from automod.text.loose import loosen
from automod.text.words import skeleton
from automod.workshop import overlap, shingles
from automod.workshop.grouping import LEAST, groups
from automod.workshop.overlap import Unions, near_hashes, overlapping
from automod.workshop.shingles import Sets, without_links
from pictures import file_of, scene
from shared_data import data
from strategies import more, texts

Numbers = npt.NDArray[np.int64]

FAR: Final = {"id": "far", "text": {"body": "qqa qqb qqc qqd qqe qqf qqg"}}
"""A creative that is like no other."""


def ad(*said: str, **more_keys: Any) -> dict[str, Any]:
    """A creative that says this."""
    return {"id": "x", "text": {f"part{n}": text for n, text in enumerate(said)}, **more_keys}


def together(*creatives: Any) -> bool:
    """Whether all of them are in one group; another that is far from them is among them."""
    found = groups([FAR, *creatives]).tolist()
    assert found[0] == 0
    assert 0 not in found[1:]
    return len(set(found[1:])) == 1


def partition(labels: Iterable[Hashable]) -> set[frozenset[int]]:
    """Which places have one label."""
    held: dict[Hashable, set[int]] = defaultdict(set)
    for place, label in enumerate(labels):
        held[label].add(place)
    return {frozenset(places) for places in held.values()}


# --- rows: texts ----------------------------------------------------------------------------------

WIN: Final = "Win 500 SAR tonight at the Grand Casino in Riyadh and bring all your friends along"
SHOES: Final = (
    "Shoes for the whole family at half price, only this week, only in our shops. Shop now!"
)
BREAD: Final = "Fresh bread every morning from the oven to your door, baked by people. Shop now!"
AR: Final = "العب الآن في كازينو الملك واربح 500 ريال كل ليلة مع أصدقائك في الرياض"
ZH: Final = "今晚来皇家赌场赢取500元现金大奖，和朋友一起在北京享受精彩游戏"
TH: Final = "เล่นคาสิโนออนไลน์คืนนี้ รับโบนัส 500 บาท พร้อมเพื่อนของคุณในกรุงเทพ สมัครเลย"
JA: Final = "今夜ロイヤルカジノで500円のボーナスを受け取り、友達と一緒に東京で楽しもう"
KO: Final = "오늘 밤 로얄 카지노에서 보너스 500 원을 받고 서울에서 친구들과 함께 즐기세요"

TEXTS: Final[list[tuple[str, dict[str, Any], dict[str, Any], bool]]] = [
    ("the same", ad(WIN), ad(WIN), True),
    ("another price", ad(WIN), ad(WIN.replace("500", "1,299.50")), True),
    ("Arabic digits", ad(WIN), ad(WIN.replace("500", "٩٠٠")), True),
    ("emoji", ad(WIN), ad(f"🎰🎰 {WIN} 🔥".replace("casino", "💰 casino")), True),
    ("another case", ad(WIN), ad(WIN.upper()), True),
    ("another tracking link", ad(f"{WIN} https://bit.ly/a1?utm=7"), ad(f"{WIN} t.me/zz"), True),
    ("with and without a link", ad(WIN), ad(f"{WIN}: https://go.example/x?c=91&utm_id=7"), True),
    ("another account", ad(f"{WIN} @winksa"), ad(f"{WIN} @ksa_win_2"), True),
    ("another phone", ad(f"{WIN} 050 123 4567"), ad(f"{WIN} +966 55 765-4321"), True),
    ("another town", ad(WIN), ad(WIN.replace("Riyadh", "Abu Dhabi")), True),
    ("two other words", ad(WIN), ad(WIN.replace("Riyadh", "Oslo").replace("all", "no")), True),
    ("sentences the other way round", ad(f"{SHOES} {WIN}."), ad(f"{WIN}. {SHOES}"), True),
    ("in two fields", ad(WIN), ad(*WIN.split(" tonight ", 1)), True),
    ("with links of its own", ad(WIN), ad(WIN, links=["https://x.example/a/b?c=1"]), True),
    ("another market and advertiser", ad(WIN), ad(WIN, markets=["SA"], advertiser="a"), True),
    ("different ads", ad(WIN), ad(BREAD), False),
    ("a shared slogan", ad(SHOES), ad(BREAD), False),
    ("a shared slogan, long", ad(f"{WIN}. Shop now, up to 50% off!"),
     ad(f"{BREAD} Shop now, up to 50% off!"), False),
    ("a shared link", ad(f"{SHOES} https://a.example"), ad(f"{WIN} https://a.example"), False),
    ("a part of another", ad(WIN), ad(f"{WIN} {SHOES} {BREAD}"), False),
    ("Arabic, another town and price",
     ad(AR), ad(AR.replace("الرياض", "جدة").replace("500", "٩٠٠")), True),
    ("Arabic, other spellings", ad(AR), ad(AR.replace("أ", "ا").replace("ليلة", "ليـــله")), True),
    ("Arabic, different",
     ad(AR), ad("أحذية لكل العائلة بنصف السعر هذا الأسبوع فقط في محلاتنا"), False),
    ("Chinese, another town and price",
     ad(ZH), ad(ZH.replace("北京", "上海").replace("500", "88")), True),
    ("Chinese, traditional", ad(ZH), ad(ZH.replace("赌场赢", "賭場贏")), True),
    ("Chinese, different", ad(ZH), ad("本周全家鞋子半价优惠，仅限我们的商店，快来选购吧"), False),
    ("Thai, another town and price",
     ad(TH), ad(TH.replace("กรุงเทพ", "เชียงใหม่").replace("500", "900")), True),
    ("Thai, different",
     ad(TH), ad("รองเท้าสำหรับทุกคนในครอบครัว ลดครึ่งราคาเฉพาะสัปดาห์นี้ที่ร้านของเรา"), False),
    ("Japanese, another town",
     ad(JA), ad(JA.replace("東京", "大阪").replace("カジノ", "かじの")), True),
    ("Japanese, different",
     ad(JA), ad("家族みんなの靴が今週だけ半額、当店限定でお買い求めください"), False),
    ("Korean, another town", ad(KO), ad(KO.replace("서울", "부산")), True),
    ("Korean, different",
     ad(KO), ad("온 가족 신발이 이번 주에만 반값 우리 매장에서만 만나보세요"), False),
    ("short, the same", ad("Casino bonus"), ad("CASINO bonus! 🎰"), True),
    ("short, another price", ad("50% OFF"), ad("70% off!"), True),
    ("short, one word more", ad("Big casino bonus now"), ad("Big casino bonus"), False),
    ("short, one other word", ad("Win big bonus now"), ad("Win big prizes now"), False),
    ("short in Chinese, one other word", ad("注册送彩金"), ad("注册送红包"), False),
    ("short in Chinese, the same", ad("注册送 88 元"), ad("注册送 99 元！"), True),
    ("short beside long", ad("Win 500 SAR tonight"), ad(WIN), False),
    ("emoji alone, the same", ad("🎰🎰"), ad("🎰🎰 "), True),
    ("emoji alone, others", ad("🎰🎰"), ad("🔥🔥"), False),
    ("numbers alone, the same", ad("٩٩"), ad("99"), True),
    ("numbers alone, others", ad("99"), ad("50"), False),
    ("links alone, the same", ad("https://a.example/x"), ad("HTTPS://a.example/x"), True),
    ("links alone, others", ad("https://a.example/x"), ad("https://b.example/y"), False),
    ("nothing said", ad(), ad(), False),
    ("nothing that is seen", ad(" \n"), ad(" \n"), False),
    ("nothing that is seen, marks", ad("\u200b\u2066"), ad("\u200b\u2066"), False),
    ("surrogates", ad("\ud800!"), ad("\ud800!"), True),
    ("nothing but links of its own",
     ad(links=["https://a.example"]), ad(links=["https://a.example"]), False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "expected"), [row[1:] for row in TEXTS], ids=[row[0] for row in TEXTS]
)
def test_texts(one: dict[str, Any], other: dict[str, Any], expected: bool) -> None:
    """A copy of an ad is in its group, another ad is not."""
    assert together(one, other) is expected
    assert together(other, one) is expected


UNREADABLE: Final[list[Any]] = [
    None, 7, "text", {}, {"id": ""}, {"id": 3, "text": {"body": WIN}}, {"id": "x", "text": WIN},
    {"id": "x", "text": {"body": WIN}, "colour": "red"}, {"id": "x", "text": {"body": None}},
    {"id": "x"}, {"id": "x", "images": []}, {"id": "x", "images": ["no such file.png"]},
    {"id": "x", "videos": [b"no video"]},
]  # fmt: skip


@pytest.mark.parametrize("one", UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_cannot_be_read_is_alone(one: Any) -> None:
    """Even two of the same are two groups: nothing is known of either."""
    assert groups([one, ad(WIN), one, ad(WIN)]).tolist() == [0, 1, 2, 1]


def test_creatives_and_dicts_are_alike() -> None:
    """A `Creative` is the dict that it was made of."""
    assert together(ad(WIN), Creative.model_validate(ad(WIN)))


def test_numbers_are_given_in_order_of_first_appearance() -> None:
    """And they are integers of 64 bits, of nothing too."""
    found = groups([ad(WIN), ad(BREAD), ad(WIN), ad(SHOES), ad(BREAD)])
    assert found.tolist() == [0, 1, 0, 2, 1]
    assert found.dtype == np.int64
    assert groups([]).tolist() == []


def test_like_only_through_others() -> None:
    """What is like the second is with the first if the second is."""
    words = [f"word{chr(97 + n)}" for n in range(14)]
    chain = [ad(" ".join(words[at : at + 10])) for at in (0, 2, 4)]
    assert not together(chain[0], chain[2])
    assert together(*chain)


# --- rows: pictures -------------------------------------------------------------------------------


@cache
def picture(number: int) -> bytes:
    """A banner, as the bytes of a PNG."""
    return file_of(scene(number))


@cache
def copied(number: int) -> bytes:
    """The same banner, smaller and strongly compressed."""
    return file_of(scene(number).resize((300, 225)), "JPEG", quality=40)


@cache
def blank(colour: str) -> bytes:
    """A picture of nothing."""
    return file_of(Image.new("RGB", (400, 300), colour))


@cache
def logo() -> bytes:
    """A little thing on white."""
    canvas = Image.new("RGB", (400, 300), "white")
    canvas.paste(Image.new("RGB", (30, 30), "navy"), (180, 130))
    return file_of(canvas)


def shows(*images: Any, said: str = "") -> dict[str, Any]:
    """A creative that shows this."""
    return {"id": "x", "text": {"body": said}, "images": [*images]}


@cache
def film(scenes: tuple[int, ...], each: int = 10, codec: str = "libx264", turn: int = 1) -> bytes:
    """A video of scenes, each for so many frames; with turn -1 mirrored."""
    pictures = [np.asarray(scene(number, (320, 240)))[:, ::turn] for number in scenes]
    return videos.encoded([one for one in pictures for _ in range(each)], codec=codec)


def turned(number: int, turn: Callable[[Image.Image], Image.Image]) -> bytes:
    """A banner that something was done to."""
    return file_of(turn(scene(number)))


PICTURES: Final[list[tuple[str, Callable[[], tuple[Any, Any]], bool]]] = [
    ("the same file", lambda: (shows(picture(1)), shows(picture(1))), True),
    ("smaller, compressed", lambda: (shows(picture(1)), shows(copied(1))), True),
    ("mirrored", lambda: (shows(picture(1)), shows(turned(1, ImageOps.mirror))), True),
    ("on its head", lambda: (shows(picture(1)), shows(turned(1, ImageOps.flip))), True),
    ("different", lambda: (shows(picture(1)), shows(picture(2))), False),
    ("one of two", lambda: (shows(picture(1), picture(2)), shows(copied(2))), True),
    ("under other texts",
     lambda: (shows(picture(1), said=WIN), shows(copied(1), said=BREAD)), True),
    ("others, the same text",
     lambda: (shows(picture(1), said=WIN), shows(picture(2), said=WIN)), True),
    ("others, no text of one", lambda: (shows(picture(1), said=WIN), shows(picture(2))), False),
    ("blank under other texts",
     lambda: (shows(blank("white"), said=WIN), shows(blank("white"), said=BREAD)), False),
    ("blank, the same file", lambda: (shows(blank("white")), shows(blank("white"))), True),
    ("blank, other files", lambda: (shows(blank("white")), shows(blank("red"))), False),
    ("a logo under other texts",
     lambda: (shows(logo(), said=WIN), shows(logo(), said=BREAD)), False),
    ("a logo beside banners",
     lambda: (shows(logo(), picture(1)), shows(logo(), picture(2))), False),
    ("as a fingerprint", lambda: (shows(copied(1)), shows(fingerprint(picture(1)))), True),
    ("as JSON", lambda: (shows(copied(1)), shows(fingerprint(picture(1)).to_dict())), True),
    ("as a line of JSON",
     lambda: (shows(copied(1)), shows(fingerprint(picture(1)).to_json())), True),
    ("as bytes", lambda: (shows(copied(1)), shows(fingerprint(picture(1)).to_bytes())), True),
    ("among videos", lambda: (shows(picture(1)), {"id": "x", "videos": [picture(1)]}), False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "expected"), [row[1:] for row in PICTURES], ids=[row[0] for row in PICTURES]
)
def test_pictures(make: Callable[[], tuple[Any, Any]], expected: bool) -> None:
    """A copy of a picture puts its ads together, a picture of nothing does not."""
    one, other = make()
    assert together(one, other) is expected
    assert together(other, one) is expected


def test_a_path_is_a_picture(tmp_path: Any) -> None:
    """As text and as a path."""
    file = tmp_path / "banner.png"
    file.write_bytes(picture(1))
    assert together(shows(str(file)), shows(file), shows(copied(1)))


BAD: Final[list[tuple[str, Callable[[], Any]]]] = [
    ("no file", lambda: "no such file.png"),
    ("a folder", lambda: "."),
    ("no picture", lambda: b"GIF89a and then nothing"),
    ("cut off", lambda: picture(1)[:500]),
    ("a number", lambda: 5),
    ("a dict", lambda: {"automod": "fingerprint"}),
    ("another version", lambda: replace(fingerprint(picture(1)), version="0")),
    ("a video", lambda: film((1,), 5)),
]


@pytest.mark.parametrize("make", [row[1] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_picture_is_as_if_it_were_not_there(make: Callable[[], Any]) -> None:
    """What the creative says and shows beside it counts."""
    bad = make()
    found = groups(
        [shows(bad, said=WIN), ad(WIN), shows(bad, copied(1)), shows(picture(1)), shows(bad)]
    )
    assert found.tolist() == [0, 0, 1, 1, 2]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_fingerprint_groups_as_its_file(number: int) -> None:
    """To the bit: what is compared of a file is what its fingerprint holds."""
    from automod.workshop.grouping import _image

    for file in (picture(number), copied(number), logo()):
        mine, stored = _image(file), _image(fingerprint(file))
        assert mine is not None and stored is not None
        assert mine.sha256 == stored.sha256
        assert mine.hashes.tolist() == stored.hashes.tolist()


# --- rows: videos ---------------------------------------------------------------------------------


@cache
def seen_film(*options: Any) -> Fingerprint:
    """The fingerprint of a video."""
    return fingerprint(film(*options))


FILMS: Final[list[tuple[str, tuple[Any, ...], bool]]] = [
    ("slower, by another codec", ((1, 2, 3, 4, 5), 20, "mpeg4"), True),
    ("mirrored", ((1, 2, 3, 4, 5), 10, "libx264", -1), True),
    ("without the end", ((1, 2, 3, 4),), True),
    ("the end alone", ((8, 9, 4, 5),), False),
    ("different", ((6, 7, 8, 9),), False),
]


@pytest.mark.parametrize(
    ("options", "expected"), [row[1:] for row in FILMS], ids=[row[0] for row in FILMS]
)
def test_videos(options: tuple[Any, ...], expected: bool) -> None:
    """A copy of a video shows its scenes."""
    one = {"id": "x", "videos": [seen_film((1, 2, 3, 4, 5))]}
    assert together(one, {"id": "x", "videos": [seen_film(*options)]}) is expected


def test_a_video_is_opened() -> None:
    """From its bytes as from its fingerprint; among images it is none."""
    one, other = film((1, 2, 3, 4)), seen_film((1, 2, 3, 4, 5))
    assert together({"id": "x", "videos": [one]}, {"id": "x", "videos": [other]})
    assert not together(shows(one), shows(one))
    assert not together(shows(other), shows(other))


# --- laws -----------------------------------------------------------------------------------------


@cache
def looks() -> tuple[Fingerprint, ...]:
    """Two banners, a copy of the first, and a picture of nothing."""
    return tuple(map(fingerprint, (picture(1), copied(1), picture(2), blank("white"))))


WORDS: Final = [
    "win",
    "500",
    "ريال",
    "casino",
    "赌博微信",
    "カジノ",
    "การพนัน",
    "t.me/x",
    "🎰",
    "now",
    "big",
]


@st.composite
def creatives(draw: st.DrawFn) -> Any:
    """A creative of few words and pictures, so that many are near each other; or none."""
    if draw(st.integers(0, 9)) == 9:
        return draw(st.sampled_from(UNREADABLE))
    said = [
        " ".join(draw(st.lists(st.sampled_from(WORDS), max_size=9)))
        for _ in range(draw(st.integers(0, 2)))
    ]
    shown = draw(st.lists(st.integers(0, 3), max_size=1)) if draw(st.booleans()) else []
    return {**ad(*said), "images": [looks()[number] for number in shown]}


many = st.lists(creatives(), max_size=9)


@given(some=many, data=st.data())
def test_order_changes_nothing_but_the_numbers(some: list[Any], data: st.DataObject) -> None:
    """Creatives in another order are in the same groups."""
    order = data.draw(st.permutations(range(len(some))))
    found = groups([some[place] for place in order]).tolist()
    back = [found[order.index(place)] for place in range(len(some))]
    assert partition(back) == partition(groups(some).tolist())


@given(some=many, data=st.data())
def test_the_same_creative_twice_is_one_group(some: list[Any], data: st.DataObject) -> None:
    """Whatever else there is, if there is anything to see of it; nothing else changes."""
    one = data.draw(creatives().filter(lambda one: one not in UNREADABLE))
    seen = bool(one["images"]) or any(text.strip() for text in one["text"].values())
    found = groups([one, *some, one]).tolist()
    assert (found[0] == found[-1]) is seen
    assert found[:-1] == groups([one, *some]).tolist()


@given(some=many, place=st.integers(0, 9))
def test_a_far_creative_changes_no_group(some: list[Any], place: int) -> None:
    """It is alone, and the others are as they were."""
    found = groups([*some[:place], FAR, *some[place:]]).tolist()
    place = min(place, len(some))
    assert found.count(found[place]) == 1
    assert partition(found[:place] + found[place + 1 :]) == partition(groups(some).tolist())


@given(said=st.lists(texts(), max_size=4), data=st.data())
def test_neither_fields_nor_their_order_matter(said: list[str], data: st.DataObject) -> None:
    """A creative is what all its texts say."""
    one, other = ad(*said), ad(*data.draw(st.permutations(said)))
    assert together(one, other) is together(one, one)


@given(some=st.lists(st.lists(texts(), max_size=2), max_size=6))
def test_nothing_said_is_refused(some: list[list[str]]) -> None:
    """Any text has its shingles, the same alone and among others, whatever fits into a batch."""
    every = shingles.shingles(some)
    alone = [shingles.shingles([one]).items.tolist() for one in some]
    assert [every.at(np.array([n])).items.tolist() for n in range(len(some))] == alone
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shingles, "_BATCH", 8)
        assert shingles.shingles(some).items.tolist() == every.items.tolist()


def shingles_by_hand(text: str) -> frozenset[str]:
    """The shingles of a text, word by word."""
    bare = loosen(skeleton(fold_texts([without_links(text)]))).bones.text
    found: set[str] = set()
    for word in re.sub("[0-9]+", "0", bare).split():
        size = (
            3
            if re.match("[\u0e00-\u0eff]", word)
            else 2
            if re.match("[\u3040-\u30ff]", word)
            else 1
        )
        if re.match("[\u0e00-\u0eff\u3040-\u30ff\u4e00-\u9fff]", word):
            found |= {word[at : at + size] for at in range(max(len(word) - size + 1, 1))}
        else:
            found.add(f"{word} ")
    return frozenset(found)


@more(200)
@given(
    pair=st.tuples(
        *[
            st.lists(
                st.sampled_from([*WORDS, "ریال", "ＷＩＮ", "7", "かじの", "寺", "c"]), max_size=8
            )
        ]
        * 2
    )
)
def test_shingles_are_those_found_by_hand(pair: tuple[list[str], list[str]]) -> None:
    """Two long texts have as many in common as words and parts of words taken one by one."""
    said = [" ".join(["alpha beta gamma delta epsilon", *one]) for one in pair]
    mine = [frozenset(shingles.shingles([[text]]).items.tolist()) for text in said]
    hand = [shingles_by_hand(text) for text in said]
    assert [len(one) for one in mine] == [len(one) for one in hand]
    assert len(mine[0] & mine[1]) == len(hand[0] & hand[1])


def connected(count: int, alike: Callable[[int, int], bool]) -> set[frozenset[int]]:
    """What is alike, directly or through others, by comparing every two."""
    label = list(range(count))
    for one, other in combinations(range(count), 2):
        if alike(one, other):
            gone, kept = label[other], label[one]
            label = [kept if each == gone else each for each in label]
    return partition(label)


sets_of_few = st.lists(st.frozensets(st.integers(0, 14), max_size=9), max_size=16)


@more(300)
@given(
    sets=sets_of_few,
    least=st.sampled_from([Fraction(3, 5), Fraction(1, 2), Fraction(9, 10)]),
    pairs=st.sampled_from([1, 5, 1 << 20]),
)
def test_sets_are_joined_as_if_every_two_were_compared(
    sets: list[frozenset[int]], least: Fraction, pairs: int
) -> None:
    """However few pairs are looked at in one go."""
    owners = [place for place, one in enumerate(sets) for _ in one]
    items = [item for one in sets for item in one]
    made = Sets.of(np.array(owners, np.int64), np.array(items, np.int64), len(sets))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlap, "_PAIRS", pairs)
        found = overlapping(made, least).tolist()
    assert partition(found) == connected(
        len(sets),
        lambda one, other: (
            bool(sets[one] | sets[other])
            and Fraction(len(sets[one] & sets[other]), len(sets[one] | sets[other])) >= least
        ),
    )


def test_the_threshold_itself_is_enough() -> None:
    """Three of five are joined at three fifths."""
    five = Sets.of(np.repeat([0, 1], 4), np.array([1, 2, 3, 4, 2, 3, 4, 5]), 2)
    assert overlapping(five, LEAST).tolist() == [0, 0]
    less = Sets.of(np.repeat([0, 1], 4), np.array([1, 2, 3, 4, 3, 4, 5, 6]), 2)
    assert overlapping(less, LEAST).tolist() == [0, 1]


@given(seed=st.integers(0, 999), count=st.integers(0, 12), queries=st.sampled_from([1, 256]))
def test_hashes_are_joined_as_if_every_two_were_compared(
    seed: int, count: int, queries: int
) -> None:
    """Near is one as it is to another in one of its turns."""
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, 256, (3, 2, 32), np.uint8)
    flips = np.packbits(rng.random((count, 2, 256)) < 0.06, axis=2)
    hashes = kinds[rng.integers(0, 3, count)] ^ flips
    apart = np.bitwise_count(hashes[:, None, :1] ^ hashes[None]).sum(axis=3).min(axis=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlap, "_QUERIES", queries)
        found = near_hashes(hashes).tolist()
    assert partition(found) == connected(count, lambda a, b: min(apart[a, b], apart[b, a]) <= 31)


@given(pairs=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20))
def test_unions_are_what_pairs_connect(pairs: list[tuple[int, int]]) -> None:
    """In any order of pairs; the label is the least of its union."""
    unions = Unions(12)
    unions.join(
        np.array([one for one, _ in pairs], int), np.array([other for _, other in pairs], int)
    )
    held = {*pairs, *((other, one) for one, other in pairs)}
    assert partition(unions.labels.tolist()) == connected(12, lambda a, b: (a, b) in held)
    assert all(
        label == min(place for place in range(12) if unions.labels[place] == label)
        for label in unions.labels
    )


# --- real ads -------------------------------------------------------------------------------------

TOWNS: Final = ["London", "Paris", "Riyadh", "Jeddah", "Lagos", "Kuwait", "Muscat", "Oslo", "Tunis"]


@cache
def real_ads() -> tuple[str, ...]:
    """11,936 ads, or a skip."""
    path = data("text_fb_ads") / "facebook_ads_from_row_3000.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return tuple(row["text"] for row in csv.DictReader(file))


def in_small_changes(text: str, rng: random.Random) -> str:
    """A copy of an ad: other numbers, a town, emoji and a link, sentences moved."""
    sentences = re.split(
        r"(?<=[.!?])\s+", re.sub(r"\d+", lambda _: str(rng.randrange(10, 9_999)), text)
    )
    turn = rng.randrange(len(sentences))
    moved = " ".join([*sentences[turn:], *sentences[:turn]])
    emoji = rng.choice(["", "🔥 ", "💰💰", "✨ "])
    return f"{emoji}{moved} {rng.choice(TOWNS)} {emoji}https://bit.ly/{rng.randrange(1 << 30):x}"


def test_a_real_ad_copied_200_times_is_one_group() -> None:
    """Among all others, which stay as they are."""
    ads, rng = real_ads(), random.Random(4)
    long = [place for place, text in enumerate(ads) if len(set(without_links(text).split())) >= 8]
    chosen = rng.sample(long, 30)
    copies = [in_small_changes(ads[place], rng) for place in chosen for _ in range(200)]
    found = groups([ad(text) for text in (*ads, *copies)])
    alone = groups([ad(text) for text in ads])
    for number, place in enumerate(chosen):
        begin = len(ads) + 200 * number
        assert set(found[begin : begin + 200].tolist()) == {found[place]}
    assert partition(found[: len(ads)].tolist()) == partition(alone.tolist())


def test_real_ads_are_not_glued_together() -> None:
    """The figures that the module states."""
    sizes = np.bincount(groups([ad(text) for text in real_ads()]))
    assert (int((sizes > 1).sum()), int(sizes[sizes > 1].sum()), int(sizes.max())) == (265, 691, 74)


def test_headlines_are_not_glued_together() -> None:
    """Short texts that are all more or less alike: the worst there is for chains."""
    folder = data("text_clickbait_en")
    lines = []
    for name in ("clickbait", "non_clickbait"):
        with gzip.open(folder / f"{name}_data.gz", "rt", encoding="utf-8") as file:
            lines += [line.strip() for line in file if line.strip()]
    assert len(lines) == 32_000
    assert int(np.bincount(groups([ad(line) for line in lines])).max()) == 238
