"""Creatives of every sort, as dicts and as the same rows in Parquet, and rules that hit some."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

import automod
from automod.model.arrow import creative_schema
from loading import Files, write
from pictures import file_of, scene

MANY: Final = 600
FILES: Final = 6
CAMPAIGN: Final = "campaign"
"""A column that is none of a creative."""

PACKAGE: Final = """\
package: p
version: "1"
owner: tests
policy: [GMB.REAL]
materials:
  - {id: casino, kind: keyword, value: casino, weight: strong, tags: [game]}
  - {id: kazino, kind: keyword, value: كازينو, weight: strong}
  - {id: win, kind: phrase, value: sure win, gap: 2, weight: signal, tags: [promise]}
  - {id: shop, kind: domain, value: casino-win.com, weight: medium}
  - {id: banner, kind: image, file: samples/banner.png, weight: strong}
rules:
  - {id: both, all: [{tag: promise}, {found: url}], none: [{advertiser: known}], weight: strong}
allow:
  - {id: royale, kind: phrase, value: casino royale film}
  - {id: known, kind: advertiser, values: [adv-1], policies: [GMB.REAL], until: 2027-01-01, ticket: T, by: me}
"""  # noqa: E501 - a line of YAML

WORDS: Final = (
    "casino", "CASINO", "c.a.s.i.n.o", "كازينو", "الكازينو", "sure", "win", "now", "sale", "shoes",
    "casino royale film", "صورة", "كبيرة", "赌场", "🎰", "free", "spins", "hotel", "t.me/winner",
)  # fmt: skip


def rules(folder: Path) -> automod.Ruleset:
    """The ruleset of the package, with its sample."""
    files: Files = {"p.yaml": PACKAGE, "samples/banner.png": file_of(scene(1))}
    return automod.load(write(folder, files))


def creatives(pictures: Path, count: int = MANY) -> list[dict[str, Any] | None]:
    """Creatives from one seed; None where the row is none.

    Args:
        pictures: a folder, in which `1.png` looks like a sample and `2.png` does not.
        count: how many.
    """
    draw = random.Random(7)
    return [_creative(draw, number, pictures) for number in range(count)]


def _creative(draw: random.Random, number: int, pictures: Path) -> dict[str, Any] | None:
    if number % 97 == 13:
        return None
    made: dict[str, Any] = {
        "id": f"ad-{number}",
        "markets": draw.choice([["SA"], ["SA", "AE"], ["EG"], ["XX"], []]),
        "text": {name: _text(draw) for name in draw.sample(["title", "body", "ocr:images[0]"], 2)},
    }
    if number % 5 == 0:
        made["links"] = [draw.choice(["https://casino-win.com/a", "https://x.example", "no link"])]
    if number % 7 == 0:
        made["language"], made["advertiser"] = "ar", draw.choice(["adv-1", "adv-2"])
        made["targeting"] = {"min_age": draw.choice([13, 18])}
        made["attributes"] = {"vertical": draw.choice(["games", "shoes"]), "n": [1, None]}
    if number % 11 == 0:
        made["on"] = date(2026, 1 + number % 12, 3)
        made["certificates"] = [{"policy": "GMB.REAL", "until": date(2027, 1, 1)}]
    if number % 50 == 0:
        made["images"] = [str(pictures / draw.choice(["1.png", "2.png", "gone.png"]))]
    return made


def _text(draw: random.Random) -> str:
    harmless = WORDS[5:10]
    words = WORDS if draw.random() < 0.2 else harmless
    return " ".join(draw.choices(words, k=draw.randrange(1, 12)))


def table(some: Sequence[dict[str, Any] | None]) -> pa.Table:
    """The same in columns, with `index` and a column that is none of a creative."""
    schema = creative_schema()
    schema = schema.append(pa.field("index", pa.int64())).append(pa.field(CAMPAIGN, pa.string()))
    rows = [_row(one or {}, number) for number, one in enumerate(some)]
    return pa.Table.from_pylist(rows, schema=schema)


def _row(one: dict[str, Any], number: int) -> dict[str, Any]:
    row = {**one, "index": number, CAMPAIGN: f"k{number % 9}"}
    if "text" in one:
        row["text"] = list(one["text"].items())
    if "attributes" in one:
        row["attributes"] = json.dumps(one["attributes"])
    return row


def put_pictures(folder: Path) -> Path:
    """The pictures that creatives name."""
    folder.mkdir()
    (folder / "1.png").write_bytes(file_of(scene(1)))
    (folder / "2.png").write_bytes(file_of(scene(2)))
    return folder


def put_files(folder: Path, creatives: pa.Table) -> Path:
    """A table as several files of a folder, as engines write them."""
    folder.mkdir()
    size = -(-len(creatives) // FILES)
    for number in range(FILES):
        part = creatives.slice(number * size, size)
        pq.write_table(part, folder / f"part-{number}.parquet", row_group_size=50)
    return folder
