"""Image materials -> one index of hashes; fingerprints -> what they look like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from automod.media.fingerprint import Fingerprint
from automod.media.hexes import Hashes, from_hex
from automod.media.phash import OTHER_ALGORITHMS
from automod.media.sample import (
    LEAST_QUALITY,
    RADIUS,
    VIEWS,
    clip_of_sample,
    hash_bytes,
    views_of,
)
from automod.media.spectrum import ORIENTATIONS
from automod.media.views import WHOLE_AREA, Views, together
from automod.model.ruleset import Material, Sample

from .hash_index import Found, HashIndex
from .videos import Videos

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Box = tuple[int, int, int, int]

REVIEW: Final = 60
"""Bits of 256 in which a view may differ where its check agrees; then a person has to look."""

CHECKED: Final = 30
"""Bits of 192 in which the three best quarters of a check may differ."""

TOGETHER: Final = 80
"""Bits in which hash and check together may differ for a review."""

DETAIL, REVIEW_DETAIL = 15, 31
"""How much there must be to tell both views by, in 255ths; more where they are less near."""

WEAK, WEAK_CHECKED = 20, 16
"""Bits of hash and check within which two views are the same, however little is in them."""

DOUBT: Final = 0.6
"""The confidence of what only a person can tell: with a strong material it goes to review."""

FLAT: Final = 2
"""Bits of 64 in which the dHash of a picture may differ in which there is little to see."""


class PictureMatch(NamedTuple):
    """A picture that looks like a sample."""

    query: int
    """The number of the fingerprint."""
    material: int
    """The number of the material."""
    view: str
    distance: int
    """Bits in which the hashes differ."""
    box: Box | None
    """Where the sample lies in the picture, in its pixels; None where it is a clip."""
    confidence: float
    at: float | None = None
    """Of a video, the seconds at which it was seen."""


class Pictures:
    """Compiled materials of images and videos. Immutable, safe to share between threads."""

    def __init__(self, materials: Mapping[int, Material]) -> None:
        """`materials`: by their numbers; each has a sample."""
        every = {n: one.sample for n, one in materials.items() if one.sample is not None}
        self._films = _Films({n: sample for n, sample in every.items() if sample.times})
        samples = {n: sample for n, sample in every.items() if not sample.times}
        self._exact: dict[str, list[int]] = defaultdict(list)
        for number, sample in every.items():
            for digest in filter(None, (sample.sha256, sample.pixels)):
                self._exact[digest].append(number)
        seen = {n: one for n, one in samples.items() if one.algorithm == VIEWS}
        self._views = _Views(seen) if seen else None
        algorithms = sorted({one.algorithm for one in samples.values()} - {VIEWS})
        self._single = {
            name: _Single({n: s for n, s in samples.items() if s.algorithm == name})
            for name in algorithms
        }
        self._flat = _Flat(samples)
        self.others = frozenset(name for name in OTHER_ALGORITHMS if name in self._single)
        """The algorithms that a fingerprint has to be asked for."""

    def search(self, prints: Sequence[Fingerprint]) -> Iterator[PictureMatch]:
        """The materials that each picture looks like, each once: as near as it comes."""
        best: dict[tuple[int, int], PictureMatch] = {}
        for match in self._all(prints):
            key = match.query, match.material
            held = best.get(key)
            if held is None or _order(match) < _order(held):
                best[key] = match
        yield from (best[key] for key in sorted(best))

    def _all(self, prints: Sequence[Fingerprint]) -> Iterator[PictureMatch]:
        yield from self._the_same(prints)
        if self._views is not None:
            yield from self._views.search(prints)
        for name, single in self._single.items():
            yield from single.search(name, prints)
        yield from self._flat.search(prints)
        yield from self._films.search(prints)

    def _the_same(self, prints: Sequence[Fingerprint]) -> Iterator[PictureMatch]:
        for query, one in enumerate(prints):
            for name, digest in (("same file", one.sha256), ("same pixels", one.pixels)):
                for number in self._exact.get(digest, ()):
                    box, at = (None, 0.0) if one.is_video else ((0, 0, *one.size), None)
                    yield PictureMatch(query, number, name, 0, box, 1.0, at)


def _order(match: PictureMatch) -> tuple[float, int, bool, float, str, Box]:
    """The surest first, then the nearest; of those equally near what is the very file."""
    same, at, box = match.view.startswith("same "), match.at or 0.0, match.box or (0, 0, 0, 0)
    return -match.confidence, match.distance, not same, at, match.view, box


class _Films:
    """The samples that are videos."""

    def __init__(self, samples: Mapping[int, Sample]) -> None:
        self._numbers = list(samples)
        self._videos = Videos([clip_of_sample(sample) for sample in samples.values()])

    def search(self, prints: Sequence[Fingerprint]) -> Iterator[PictureMatch]:
        for query, one in enumerate(prints):
            if not one.is_video or not self._numbers:
                continue
            for place, match in self._videos.search(one.clip()):
                view = (
                    f"clip, {match.start:.1f}-{match.end:.1f} s, {match.query_share:.0%} of the "
                    f"video, {match.sample_share:.0%} of the sample"
                )
                number = self._numbers[place]
                yield PictureMatch(query, number, view, match.distance, None, 1.0, match.start)


class _Views:
    """The views of samples in one index."""

    def __init__(self, samples: Mapping[int, Sample]) -> None:
        views = {number: views_of(sample) for number, sample in samples.items()}
        self._looks = together(list(views.values()))
        counts = [len(one) for one in views.values()]
        self._numbers = np.repeat(np.array(list(views), np.int64), counts)
        radii = [_radius(sample) for sample in samples.values()]
        self._radii = np.repeat(np.array(radii, np.int64), counts)
        self._index = HashIndex().add(self._looks.hashes)

    def search(self, prints: Sequence[Fingerprint]) -> Iterator[PictureMatch]:
        if not prints:
            return
        looks = together([one.views for one in prints])
        owners = np.repeat(np.arange(len(prints)), [len(one.views) for one in prints])
        times = [at for one in prints for at in _times(one)]
        found = self._index.search_alike(looks.hashes, REVIEW)
        act, likely = self._judged(looks, found)
        for at in np.flatnonzero(likely).tolist():
            query, row = int(found.query[at]), int(found.row[at])
            one = prints[owners[query]]
            view, box = _described(looks, query, self._looks, row, one.size)
            yield PictureMatch(
                int(owners[query]), int(self._numbers[row]), view, int(found.distance[at]), box,
                1.0 if act[at] else DOUBT, times[query],
            )  # fmt: skip

    def _judged(self, looks: Views, found: Found) -> tuple[Flags, Flags]:
        """Which pairs of views are the same picture, and which of those or likely so."""
        query, row, distance = found.query, found.row, found.distance
        apart = apart_in(looks.checks[query], self._looks.checks[row])
        detail = np.minimum(looks.detail[query], self._looks.detail[row])
        checked = apart <= CHECKED
        near = distance <= self._radii[row]
        weak = (distance <= WEAK) & (apart <= WEAK_CHECKED)
        act = near & (checked & (detail >= DETAIL) | weak)
        likely = checked & (detail >= REVIEW_DETAIL) & (distance + apart <= TOGETHER)
        return act, act | likely


def _times(one: Fingerprint) -> list[float | None]:
    """Of each view the seconds of its frame; None for an image."""
    if not one.is_video:
        return [None] * len(one.views)
    return np.repeat(np.array(one.times), one.counts).tolist()


def _radius(sample: Sample) -> int:
    return RADIUS[sample.algorithm] if sample.radius is None else sample.radius


def apart_in(ones: Hashes, others: Hashes) -> Numbers:
    """Bits in which checks differ, without the quarter that differs most: shape (n,).

    Args:
        ones: shape (n, 32).
        others: shape (n, 32).

    >>> one = np.zeros((1, 32), np.uint8)
    >>> other = np.concatenate([np.full((1, 8), 255, np.uint8), one[:, 8:] + 1], axis=1)
    >>> apart_in(one, other).tolist()
    [24]
    """
    different = np.bitwise_count(ones ^ others).reshape(-1, 4, 8).sum(axis=2, dtype=np.int64)
    apart: Numbers = different.sum(axis=1) - different.max(axis=1)
    return apart


def _described(
    looks: Views, query: int, samples: Views, row: int, size: tuple[int, int]
) -> tuple[str, Box]:
    """What a picture and a sample have in common, and where the sample lies in the picture."""
    turn = int(samples.orientations[row])
    inside = _turned(samples.boxes[row].tolist(), turn)
    seen = looks.boxes[query].tolist()
    spot = _spot(seen, inside)
    part = "cropped" if max(spot[2] - spot[0], spot[3] - spot[1]) > 1 + WHOLE_AREA else ""
    framed = "framed" if min(spot[2] - spot[0], spot[3] - spot[1]) < 1 - WHOLE_AREA else ""
    words = [word for word in (framed, part, ORIENTATIONS[turn]) if word]
    left, top, right, bottom = (min(max(side, 0.0), 1.0) for side in spot)
    width, height = size
    box = round(left * width), round(top * height), round(right * width), round(bottom * height)
    return ", ".join(words) or "whole", box


def _turned(box: Sequence[float], turn: int) -> tuple[float, float, float, float]:
    """A part of a sample, as a part of what the sample becomes when it is turned."""
    left, top, right, bottom = box
    if turn % 4 in (1, 3):
        left, right = 1 - right, 1 - left
    if turn % 4 in (2, 3):
        top, bottom = 1 - bottom, 1 - top
    return (top, left, bottom, right) if turn >= 4 else (left, top, right, bottom)


def _spot(seen: Sequence[float], inside: Sequence[float]) -> tuple[float, float, float, float]:
    """Where the whole sample lies, of which the part `inside` lies at `seen`."""
    wide = (seen[2] - seen[0]) / (inside[2] - inside[0])
    high = (seen[3] - seen[1]) / (inside[3] - inside[1])
    left, top = seen[0] - inside[0] * wide, seen[1] - inside[1] * high
    return left, top, left + wide, top + high


class _Single:
    """Samples that are one hash each, all of one algorithm."""

    def __init__(self, samples: Mapping[int, Sample]) -> None:
        self._numbers = list(samples)
        self._hashes = np.stack([hash_bytes(sample) for sample in samples.values()])
        self._radii = np.array([_radius(sample) for sample in samples.values()])
        self._index = HashIndex().add(self._hashes) if self._hashes.shape[1] == 32 else None

    def search(self, name: str, prints: Sequence[Fingerprint]) -> Iterator[PictureMatch]:
        for query, one in enumerate(prints):
            hashes = hashes_of(one, name)
            if hashes is None:
                continue
            for at, row, distance in self._near(hashes):
                if distance <= self._radii[row]:
                    turn = ORIENTATIONS[PDQ_ORDER[at % 8]] if name == "pdq" else ""
                    whole = (0, 0, *one.size)
                    view = turn or "whole"
                    when = one.times[at // 8] if one.is_video else None
                    yield PictureMatch(query, self._numbers[row], view, distance, whole, 1.0, when)

    def _near(self, hashes: Hashes) -> Iterator[tuple[int, int, int]]:
        """(place of the hash, row, distance) of what may be near."""
        if self._index is not None:
            found = self._index.search(hashes)
            yield from zip(
                found.query.tolist(), found.row.tolist(), found.distance.tolist(), strict=True
            )
            return
        most = int(self._radii.max())
        for at, one in enumerate(hashes):
            distances = np.bitwise_count(self._hashes ^ one).sum(axis=1)
            for row in np.flatnonzero(distances <= most).tolist():
                yield at, row, int(distances[row])


PDQ_ORDER: Final = (0, 6, 3, 5, 2, 1, 4, 7)
"""What each turn of `pdq.dihedral` undoes, as a place in `spectrum.ORIENTATIONS`."""


def hashes_of(one: Fingerprint, algorithm: str) -> Hashes | None:
    """The hashes of a fingerprint by an algorithm; None where it has none."""
    if algorithm == "pdq":
        return one.pdq
    if algorithm in ("phash", "dhash"):
        return one.phash if algorithm == "phash" else one.dhash
    return one.others.get(algorithm)


class _Flat:
    """Samples by their dHash: for pictures in which there is so little that no other hash holds."""

    def __init__(self, samples: Mapping[int, Sample]) -> None:
        known = {number: sample.dhash for number, sample in samples.items() if sample.dhash}
        self._numbers = list(known)
        self._hashes = from_hex(known.values(), 8)

    def search(self, prints: Sequence[Fingerprint]) -> Iterator[PictureMatch]:
        for query, one in enumerate(prints):
            if one.quality >= LEAST_QUALITY or not self._numbers:
                continue
            for own in one.dhash:
                distances = np.bitwise_count(self._hashes ^ own).sum(axis=1)
                for row in np.flatnonzero(distances <= FLAT).tolist():
                    number, whole = self._numbers[row], (0, 0, *one.size)
                    yield PictureMatch(query, number, "flat", int(distances[row]), whole, DOUBT)
