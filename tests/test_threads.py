"""One engine, many threads: every answer is the one that a single thread gets."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

import automod
from automod.engine import decide
from automod.engine.compile import compile as compile_ruleset
from automod.match import matcher
from automod.match.pattern import Budget, Pattern, compile_pattern
from automod.model.ruleset import Package
from loading import Files, write
from pictures import file_of, scene, with_code
from rulesets import ON, material, of
from videos import encoded, film

THREADS = 4
SMALL = 240, 180
MARKETS = (["SA"], ["GB", "NG"], ["SA", "AE", "EG"], ["US"], ["ID", "CN"])


@pytest.fixture(autouse=True)
def _hostile(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Threads take turns as often as can be, and caches are full all the time."""
    monkeypatch.setattr(decide, "MOST_REMEMBERED", 3)
    monkeypatch.setattr(matcher, "MOST_REMEMBERED", 3)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def answers(engine: automod.Engine, creatives: Sequence[Any]) -> list[dict[str, Any]]:
    """One by one, in one thread."""
    return [engine.decide(one, on=ON).to_dict() for one in creatives]


def in_threads(engine: automod.Engine, creatives: Sequence[Any]) -> list[list[dict[str, Any]]]:
    """By thread: the same, all threads at once, each in an order of its own, half in batches."""
    together = Barrier(THREADS)

    def go(number: int) -> list[dict[str, Any]]:
        order = list(range(len(creatives)))
        random.Random(number).shuffle(order)
        together.wait()
        found: dict[int, dict[str, Any]] = {}
        for first in range(0, len(order), 8):
            some = order[first : first + 8]
            if number % 2:
                made = engine.decide_batch([creatives[place] for place in some], on=ON)
                found |= {
                    place: {**one.to_dict(), "index": 0}
                    for place, one in zip(some, made, strict=True)
                }
            else:
                found |= {place: engine.decide(creatives[place], on=ON).to_dict() for place in some}
        return [found[place] for place in range(len(creatives))]

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(go, range(THREADS)))


def texts_of(packages: Sequence[Package]) -> list[str]:
    """Every example of some packages, and some of them disguised."""
    texts = [one.text for package in packages for one in package.examples]
    spread = [" ".join(text.replace(" ", "  ")) for text in texts[::5]]
    return [*texts, *spread, *(text.replace("a", "а").upper() for text in texts[::4])]


TERMS = (
    r"  - {id: pattern, kind: regex, value: 'win\s+\d+'}",
    "  - {id: spins, kind: phrase, value: get <number> (free|bonus) spins}",
    "  - {id: french, kind: keyword, value: baccarat, view: evasion, only_languages: [fr]}",
    "  - {id: arabic, kind: keyword, value: كازينو, view: evasion, boundary: inflected}",
    "  - {id: chinese, kind: keyword, value: 赌场, view: evasion}",
    "  - {id: number, kind: phone, value: '+966501234567'}",
    "  - {id: page, kind: url, value: lucky-oasis.com/a}",
    "  - {id: name, kind: handle, value: luckyoasis}",
)
HEAD = "package: more\nversion: 1\nowner: tests\npolicy: [GMB.REAL]\ndefaults: {weight: strong}\n"
TEXTS = (
    "win 500 at lucky-oasis.com/a", "get 50 free spins @luckyoasis", "الكازينو والكازينوهات",
    "赌 场 wa.me/966501234567", "jouez au baccarat avec vos amis ce soir et gagnez",
    "play baccarat with us tonight everyone please", "call 050 123 4567", "كـازينو", "\ud800", "",
)  # fmt: skip


def test_all_that_texts_may_hold(tmp_path: Path) -> None:
    """Words, phrases, patterns, links, phones, handles, rules and allows in many markets."""
    (tmp_path / "more.yaml").write_text("\n".join((f"{HEAD}materials:", *TERMS)), "utf-8")
    ruleset = automod.load("tests/small_rulesets", tmp_path)
    creatives = [
        {
            "id": f"c{n}", "markets": MARKETS[n % len(MARKETS)], "text": {"body": text},
            "links": ["https://t.me/luckyoasis", "https://lucky-oasis.com/a"][: n % 3],
            "advertiser": f"adv-{n % 2}",
        }
        for n, text in enumerate([*texts_of(ruleset.packages), *TEXTS])
    ]  # fmt: skip
    expected = answers(compile_ruleset(ruleset), creatives)
    hit = {one["material"] for some in expected for one in some["hits"]}
    named = {material.id for package in ruleset.packages for material in package.materials}
    assert {one for one in named if one.startswith("more/")} <= hit
    for found in in_threads(compile_ruleset(ruleset), creatives):
        assert found == expected


@pytest.mark.parametrize("isolated", [False, True])
def test_pictures_and_videos(isolated: bool, tmp_path: Path) -> None:
    """Pictures in this process and in a child, videos, codes, and what cannot be decoded."""
    pytest.importorskip("av", reason="the extra 'video' is not installed")
    reel = encoded(film([1, 2]))
    files: Files = {
        "p.yaml": PACKAGE + MEDIA, "film.mp4": reel, "banner.png": file_of(scene(1, SMALL)),
    }  # fmt: skip
    ruleset = automod.load(write(tmp_path, files))
    pictures = [
        file_of(one) for one in (scene(1, SMALL), with_code(scene(2, SMALL), "shop-win.com"))
    ]
    media: list[dict[str, Any]] = [
        *({"images": [one]} for one in (*pictures, b"no picture", pictures[0][:2_000])),
        {"videos": [reel]}, {"videos": [b"no video"]}, {"images": pictures, "videos": [reel]},
    ]  # fmt: skip
    creatives = [{"id": f"c{n}", "markets": ["SA"]} | one for n, one in enumerate(media)]
    expected = answers(compile_ruleset(ruleset, isolated=isolated), creatives)
    hit = {one["material"] for some in expected for one in some["hits"]}
    assert hit == {"p/film", "p/banner", "p/shop"}
    for found in in_threads(compile_ruleset(ruleset, isolated=isolated), creatives):
        assert found == expected


PACKAGE = "package: p\nversion: 1\nowner: tests\npolicy: [GMB.REAL]\n"
MEDIA = """\
materials:
  - {id: film, kind: video, file: film.mp4, weight: strong}
  - {id: banner, kind: image, file: banner.png, weight: strong}
  - {id: shop, kind: domain, value: shop-win.com, weight: strong}
"""


def test_many_small_worlds() -> None:
    """Rulesets that share every table of the process, decided at the same time."""
    words = ["casino", "lottery", "jackpot", "slots", "bonus"]
    engines = [compile_ruleset(of([material(word, view="evasion")])) for word in words]
    creatives = [
        {"id": "c", "markets": ["SA"], "text": {"body": f"{word} c.a.s.i.n.o l0ttery"}}
        for word in words
    ]
    expected = [answers(engine, creatives) for engine in engines]
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(20):
            assert list(pool.map(lambda engine: answers(engine, creatives), engines)) == expected


def test_what_a_pattern_waits_for_is_not_its_time() -> None:
    """A thread that waits while another compiles does not run out of time."""
    sound = compile_pattern("a", "safe")

    class Late:
        """A pattern whose thread has to wait before each search."""

        def search(self, text: str, at: int, timeout: float) -> object:
            assert timeout > 0
            time.sleep(0.02)
            return sound.compiled.search(text, at)

    waiting = Pattern("a", "safe", None, Late())  # type: ignore[arg-type]
    budget = Budget(0.02)
    assert waiting.find("aaa", budget) == [(0, 1), (1, 2), (2, 3)]
    assert budget.left > 0


def test_what_other_threads_work_is_not_a_pattern_s_time() -> None:
    """`regex` counts the work of all threads: one that did nothing itself is not out of time."""
    sound = compile_pattern("a", "safe")

    class Crowded:
        """A pattern that is told its time is over, because of others, unless it has a lot."""

        def search(self, text: str, at: int, timeout: float) -> object:
            if timeout < 1:
                raise TimeoutError
            return sound.compiled.search(text, at)

    crowded = Pattern("a", "safe", None, Crowded())  # type: ignore[arg-type]
    assert crowded.find("aa", Budget(0.1)) == [(0, 1), (1, 2)]
