"""Banned pictures that come back edited: how many are found, and whether anything else is.

    python -m benchmarks.images [--made 1000] [--no-record]

The samples are 18 scenes, and each comes back in every way of `edits.EDITS`. Three ways to find it:
one PDQ hash within 31 bits of 256 (what ThreatExchange calls a match), one pHash within 8 bits of
64, and automod with the picture as a `file:`. For automod, found means a hit of the right material
by any view; `act` are those with confidence 1. `HELD_OUT` are the same sorts of edit with other
sizes and places.

Then what must not be found: every edited scene against the samples of all other scenes, and made-up
ads against made-up ads, of which no two have anything in common. How many of those would be found
among ten million is extrapolated: of each pair of ads the nearest two views are taken, by the bits
of hash and check together, and the number of pairs below a limit falls by a constant factor for
each bit that the limit is lower. A straight line through its logarithm is carried on to the limits
of the rule.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from automod.match.hash_index import HashIndex
from automod.match.pictures import (
    CHECKED,
    DETAIL,
    REVIEW_DETAIL,
    TOGETHER,
    PictureMatch,
    Pictures,
    apart_in,
)
from automod.media.fingerprint import Fingerprint, fingerprint_of
from automod.media.pdq import pdq
from automod.media.phash import phash
from automod.media.sample import RADIUS, VIEWS, of_file, views_of
from automod.media.views import together
from automod.model.ruleset import Material

from . import ads, scenes
from .edits import EDITS, HELD_OUT, Edit
from .harness import Figure, Report, begin

WAYS: Final = ("PDQ", "pHash", "automod", "act")
PDQ_RADIUS, PHASH_RADIUS = 31, 8
FILE: Final = {"quality": 88}
FAR: Final = 130
"""Bits up to which views of made-up ads are looked at."""
FEWEST, MOST = 5, 300
"""The tail of a distribution: limits below which so many pairs lie."""
TEN_MILLION: Final = 10_000_000


def file_of(picture: Image.Image) -> bytes:
    """A picture as it is uploaded: a good JPEG."""
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", **FILE)
    return out.getvalue()


def png_of(picture: Image.Image) -> bytes:
    """A picture as an analyst keeps it."""
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG")
    return out.getvalue()


def pictures_of(samples: Sequence[Image.Image]) -> Pictures:
    """The samples, compiled; a material's number is its place."""
    return Pictures(
        {
            number: Material(str(number), "image", "", sample=of_file(png_of(one), None))
            for number, one in enumerate(samples)
        }
    )


@dataclass(slots=True)
class Tally:
    """Of one edit: scenes found, by the way in which they are, and what is wrong."""

    found: dict[str, int]
    false: list[tuple[str, str]]
    """(the scene that was edited, the scene that was found)"""
    missed: list[str]


def tally_of(edit: Edit, own: Mapping[str, Image.Image], pictures: Pictures) -> Tally:
    """Every scene, edited, is looked for."""
    names = list(own)
    tally = Tally(dict.fromkeys(WAYS, 0), [], [])
    for number, (name, picture) in enumerate(own.items()):
        edited = edit(picture)
        for way, near in _one_hash(picture, edited).items():
            tally.found[way] += near
        matches = list(pictures.search([fingerprint_of(file_of(edited))]))
        mine = [match for match in matches if match.material == number]
        tally.found["automod"] += bool(mine)
        tally.found["act"] += any(match.confidence == 1 for match in mine)
        tally.missed += [] if mine else [name]
        tally.false += [(name, names[m.material]) for m in matches if m.material != number]
    return tally


def _one_hash(sample: Image.Image, query: Image.Image) -> dict[str, bool]:
    """Whether one hash of the whole finds a picture again."""
    hashes = {
        "PDQ": [pdq(np.asarray(one.convert("L"))).hashes for one in (sample, query)],
        "pHash": [phash(one) for one in (sample, query)],
    }
    radii = {"PDQ": PDQ_RADIUS, "pHash": PHASH_RADIUS}
    return {
        way: int(np.bitwise_count(one ^ other).sum()) <= radii[way]
        for way, (one, other) in hashes.items()
    }


def recall(report: Report, table: Mapping[str, Edit], title: str, *, asked: bool) -> None:
    """One table, and what is found that is none."""
    own = scenes.scenes()
    pictures = pictures_of(list(own.values()))
    false: list[tuple[str, str, str]] = []
    for name, edit in table.items():
        tally = tally_of(edit, own, pictures)
        false += [(name, *pair) for pair in tally.false]
        one, other = tally.found["PDQ"], tally.found["pHash"]
        text = f"{tally.found['automod']} of {len(own)}, act {tally.found['act']}"
        text += f"; PDQ {one}, pHash {other}"
        target = f"at least {edit.target:.0%}" if asked else ""
        met = tally.found["automod"] >= edit.target * len(own) if asked else None
        report.add(Figure(f"{title}: {name}", text, target, met))
        report.raw[f"{title}: {name}"] = {**tally.found, "missed": tally.missed}
    pairs = len(own) * (len(own) - 1) * len(table)
    met = not false if asked else None
    report.add(Figure(f"{title}: false matches of {pairs:,} pairs", str(len(false)), "0", met))
    report.raw[f"{title}: false"] = false


def strangers(report: Report, made: int) -> None:
    """Made-up ads against made-up ads: queries and samples have no photograph in common."""
    photos = list(scenes.scenes().values())
    samples = [ads.ad(number, photos[::2]) for number in range(made)]
    pictures = Pictures(dict(_usable(samples)))
    queries = [ads.ad(made + number, photos[1::2]) for number in range(made)]
    found = list(_found(queries, pictures))
    name = f"made-up ads: false matches of {made * made:,} pairs"
    report.add(Figure(name, str(len(found)), "0", not found))
    report.raw["made-up ads"] = [list(match) for match in found]
    chances(report, queries, samples)


def chances(report: Report, queries: Sequence[Image.Image], samples: Sequence[Image.Image]) -> None:
    """How many made-up ads would be found by chance among ten million."""
    for name, detail, limit in (
        ("act", DETAIL, RADIUS[VIEWS] + CHECKED), ("review", REVIEW_DETAIL, TOGETHER),
    ):  # fmt: skip
        least = np.array(nearest_of(queries, samples, detail))
        below = {at: int((least <= at).sum()) for at in range(60, 200, 2)}
        tail = {at: count for at, count in below.items() if FEWEST <= count <= MOST}
        slope, start = np.polyfit(list(tail), np.log10(list(tail.values())), 1)
        rate = 10 ** (start + slope * limit) / (len(queries) * len(samples))
        text = f"{rate * TEN_MILLION:.2g} an ad (10x for {1 / slope:.0f} bits)"
        report.add(Figure(f"by chance among ten million samples: {name}, extrapolated", text))
        report.raw[f"pairs of made-up ads within, {name}"] = below


def nearest_of(
    queries: Sequence[Image.Image], samples: Sequence[Image.Image], detail: int
) -> list[int]:
    """Of each pair whose views are alike at all, the bits of hash and check of its nearest two."""
    own = [views_of(one.sample) for _, one in _usable(samples) if one.sample is not None]
    looks, owners = together(own), np.repeat(np.arange(len(own)), list(map(len, own)))
    index, least = HashIndex().add(looks.hashes), list[int]()
    for query in queries:
        seen = fingerprint_of(file_of(query)).views
        found = index.search_alike(seen.hashes, FAR)
        both = found.distance + apart_in(seen.checks[found.query], looks.checks[found.row])
        fit = np.minimum(seen.detail[found.query], looks.detail[found.row]) >= detail
        nearest = np.full(len(own), 999)
        np.minimum.at(nearest, owners[found.row[fit]], both[fit])
        least += nearest[nearest < 999].tolist()
    return least


def _usable(samples: Sequence[Image.Image]) -> Iterator[tuple[int, Material]]:
    """The materials of pictures that are no too flat samples."""
    for number, one in enumerate(samples):
        try:
            sample = of_file(png_of(one), None)
        except ValueError:
            continue
        yield number, Material(str(number), "image", "", sample=sample)


def _found(queries: Sequence[Image.Image], pictures: Pictures) -> Iterator[PictureMatch]:
    prints: list[Fingerprint] = []
    for query in queries:
        prints.append(fingerprint_of(file_of(query)))
        if len(prints) == 64:
            yield from pictures.search(prints)
            prints = []
    yield from pictures.search(prints)


def run(made: int) -> Report:
    """The whole benchmark."""
    report = begin("images", {"scenes": len(scenes.FILES), "made-up ads": made})
    recall(report, EDITS, "edit", asked=True)
    recall(report, HELD_OUT, "held out", asked=False)
    strangers(report, made)
    return report


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--made", type=int, default=1_000)
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    report = run(given.made)
    if not given.no_record:
        report.write()


if __name__ == "__main__":
    main()
