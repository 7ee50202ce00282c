"""Rulesets and creatives with which the columnar contract is tried."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

import automod
from loading import write
from pictures import file_of, scene
from strategies import near, texts

if TYPE_CHECKING:
    from automod.engine.engine import Engine

POLICIES: Final = """\
groups: {GCC: [SA, AE], MENA: [GCC, EG]}
markets: {US-NV: {parent: US}}
codes:
  GMB.REAL:
    severity: high
    default: {stance: prohibited, ground: platform}
    rows:
      - {market: NG, stance: [certificate, age_gate], min_age: 18, ground: law, from: 2026-01-01,
         source: https://example.org/ng, checked: 2026-10-02}
  WGT.PROD: {severity: low, default: {stance: limited, limits: [no-before-after], ground: platform}}
"""
HEAD: Final = 'package: p\nversion: "1"\nowner: tests\npolicy: [GMB.REAL]\n'
WORDS: Final = f"""{HEAD}\
materials:
  - {{id: casino, kind: keyword, value: casino, weight: strong, tags: [game]}}
  - {{id: kazino, kind: keyword, value: كازينو, weight: strong, tags: [game]}}
  - {{id: win, kind: phrase, value: sure win, gap: 2, weight: medium, tags: [promise]}}
  - {{id: code, kind: regex, value: 'win[0-9]{{3,9}}', weight: medium}}
  - {{id: quiet, kind: keyword, value: poker, weight: strong, status: shadow}}
  - {{id: young, kind: keyword, value: jackpot, weight: strong, ramp: 50%}}
  - {{id: title, kind: keyword, value: bonus, weight: strong, fields: [title]}}
  - {{id: soon, kind: keyword, value: later, weight: strong, from: 2026-12-01}}
  - {{id: slim, kind: keyword, value: slim, weight: strong, policy: [WGT.PROD], markets: [GCC]}}
rules:
  - {{id: both, all: [{{tag: promise}}], none: [{{attribute: vertical, in: [film]}}], weight: weak}}
allow:
  - {{id: royale, kind: phrase, value: casino royale}}
  - {{id: known, kind: advertiser, values: [adv-1], policies: [GMB.REAL], until: 2027-01-01,
     ticket: T, by: me}}
"""
MEDIA: Final = f"""{HEAD}\
materials:
  - {{id: casino, kind: keyword, value: casino, weight: strong, tags: [game]}}
  - {{id: line, kind: phone, value: "0501234567", weight: strong}}
  - {{id: shop, kind: domain, value: casino-win.com, weight: strong}}
  - {{id: banner, kind: image, file: samples/banner.png, weight: strong}}
rules:
  - {{id: both, all: [{{tag: game}}, {{found: phone}}], weight: strong}}
"""
HIDDEN: Final = f"""{HEAD}\
materials: [{{id: casino, kind: keyword, value: casino, weight: medium}}]
rules:
  - {{id: mixed, all: [{{found: mixed_script}}], weight: medium}}
"""
ASKS: Final = f"""{HEAD}\
materials: [{{id: casino, kind: keyword, value: casino, weight: medium, tags: [game]}}]
rules:
  - {{id: games, all: [{{attribute: vertical, in: [games]}}, {{found: url}}], weight: strong}}
  - {{id: odd, any: [{{found: obfuscation}}], weight: medium}}
"""
WORLDS: Final = {"words": WORDS, "media": MEDIA, "hidden": HIDDEN, "asks": ASKS}
"""Rulesets by what they ask for: texts only, pictures, what is hidden in clean texts, all texts."""


@cache
def world(name: str) -> Engine:
    """The compiled ruleset of a name."""
    sample = file_of(scene(1))
    files: dict[str, str | bytes] = {
        "policies.yaml": POLICIES,
        "p.yaml": WORLDS[name],
        "samples/banner.png": sample,
    }
    with TemporaryDirectory() as folder:
        return automod.compile(automod.load(write(Path(folder), files)))


SAID: Final = [
    "casino", "كازينو", "sure", "win", "win123", "poker", "jackpot", "bonus", "later", "slim",
    "casino royale", "shoes", "0501234567", "casino-win.com", "cаsino", "\n\n\n\n\n", "\0", "🎰",
    "ca\u200bsino", "{", "t.me/x",
]  # fmt: skip
ODD: Final = ["", " ", "\u00a0", "{", '\x0b{"a": 1}', "\u2028{}", "casino " * 30]
NAMES: Final = ["title", "body", "ocr:images[0]", "links[0].host", "links[3]", "links[x]", ""]
LINKS: Final = [
    "https://casino.example/100", "t.me/ab", "+966 50 123 4567", "http://[", "",
    "http://x.com/%ed%a0%80", "https://casino-win.com/كازينو", "casino-win.com",
]  # fmt: skip
CERTIFICATES: Final = [
    {"policy": "GMB.REAL", "market": "NG", "number": "7", "until": "2027-01-01"}, {"policy": None},
    {"policy": "GMB.REAL", "from": "2027-01-01"}, None,
]  # fmt: skip


def bodies() -> st.SearchStrategy[str]:
    """Texts of UTF-8, often with something that hits."""
    some = st.one_of(near(SAID), near(SAID), texts(), st.sampled_from(ODD))
    return some.map(lambda text: text.encode("utf-8", "ignore").decode())


def markets() -> st.SearchStrategy[list[str]]:
    """Lists of markets, unknown ones and the same ones again among them."""
    some = st.sampled_from(["SA", "AE", "NG", "US", "US-NV", "EG", "ZZ", ""])
    return st.one_of(st.sampled_from([["SA"], ["SA", "NG"], ["NG"]]), st.lists(some, max_size=4))


@st.composite
def creatives(draw: st.DrawFn) -> dict[str, Any]:
    """A creative, or what is none; an empty dict where a row is null."""
    if draw(st.integers(0, 9)) == 0:
        return {}
    fields = st.sampled_from([*NAMES[:2] * 4, *NAMES])
    parts: dict[str, tuple[int, st.SearchStrategy[Any]]] = {
        "id": (1, st.sampled_from(["c1", "c2", "ا", "x\0", "c3", "c4", "", None])),
        "markets": (1, markets()),
        "text": (1, st.dictionaries(fields, st.one_of(*[bodies()] * 9, st.none()), max_size=4)),
        "language": (4, st.sampled_from(["ar", ""])),
        "advertiser": (4, st.sampled_from(["adv-1", "adv-2", ""])),
        "links": (4, st.lists(st.sampled_from([*LINKS, None]), max_size=3)),
        "images": (4, st.lists(st.sampled_from(["gone.png", "x", None]), max_size=2)),
        "videos": (9, st.lists(st.just("gone.mp4"), max_size=1)),
        "targeting": (4, st.sampled_from([{"min_age": age} for age in (-1, 0, 13, 18, 21)])),
        "certificates": (4, st.lists(st.sampled_from(CERTIFICATES), max_size=2)),
        "attributes": (4, st.dictionaries(
            st.sampled_from(["vertical", "a"]),
            st.sampled_from(["games", "film", "", 3, None, [1], {"x": None}]), max_size=2,
        )),
        "on": (4, st.sampled_from(["2026-11-20", "2026-12-24", "2027-02-01"])),
    }  # fmt: skip
    return {key: draw(made) for key, (seldom, made) in parts.items()
            if draw(st.integers(0, 9 if seldom == 1 else seldom)) == 0 or seldom == 1}  # fmt: skip
