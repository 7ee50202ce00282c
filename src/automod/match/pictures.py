"""Image materials -> one index of hashes; fingerprints -> what they look like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from automod.errors import CompileError
from automod.media.fingerprint import VERSION, Fingerprint
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
from .nearness import (
    CLIP,
    CROPPED,
    FLAT,
    PARTLY,
    SAME_FILE,
    SAME_PIXELS,
    Box,
    is_nearer,
    is_same_place,
    rank,
)
from .videos import Videos

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Hash = npt.NDArray[np.uint8]
"""Shape (bytes,)."""

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

COMPARED: Final = 0.85
"""Share of a sample under which not all of it was compared: a banner may lie over the rest."""

FLAT_RADIUS: Final = 2
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

    def __init__(
        self, materials: Mapping[int, Material], allows: Collection[int] = frozenset()
    ) -> None:
        """Compile them.

        Args:
            materials: by their numbers; each has a sample.
            allows: the numbers of those that are harmless.

        Raises:
            CompileError: a sample was made by another version, whose hashes are others.
        """
        every = {n: one.sample for n, one in materials.items() if one.sample is not None}
        for number, sample in every.items():
            if sample.version != VERSION:
                name = materials[number].id
                raise CompileError(
                    f"the sample of {name} is of version {sample.version}, this is {VERSION}: "
                    "load its package again"
                )
        self._allows = frozenset(allows)
        films = {n: sample for n, sample in every.items() if sample.times}
        self._films = [
            _Films(name, {n: sample for n, sample in films.items() if sample.algorithm == name})
            for name in (VIEWS, "pdq")
        ]
        samples = {n: sample for n, sample in every.items() if not sample.times}
        self._exact: dict[str, list[int]] = defaultdict(list)
        for number, sample in every.items():
            for digest in filter(None, (sample.sha256, sample.pixels)):
                self._exact[digest].append(number)
        seen = {n: one for n, one in samples.items() if one.algorithm == VIEWS}
        self._views = _Views(seen) if seen else None
        algorithms = sorted({one.algorithm for one in samples.values()} - {VIEWS})
        self._single = {name: self._single_of(name, samples) for name in algorithms}
        self._flat = _Flat(samples)
        self.others = frozenset(name for name in OTHER_ALGORITHMS if name in self._single)
        """The algorithms that a fingerprint has to be asked for."""

    def _single_of(self, name: str, samples: Mapping[int, Sample]) -> _Single:
        """The samples by one algorithm; of a harmless file the PDQ is compared as well."""
        own = {n: hash_bytes(one) for n, one in samples.items() if one.algorithm == name}
        if name == "pdq":
            of_files = {n: one.pdq for n, one in samples.items() if n in self._allows and one.pdq}
            own |= {n: from_hex([digits], 32)[0] for n, digits in of_files.items()}
        return _Single(own, {n: _radius_of(samples[n], name) for n in own})

    def search(self, prints: Sequence[Fingerprint]) -> Iterator[PictureMatch]:
        """The materials that each picture looks like, each as near as it comes.

        A material is there more than once only where allows hold some of its places: once for each
        set of allows by which a place is held, and with them what holds it. So what is under an
        allow in one place hides nothing in another, whichever allows are in force.
        """
        found: dict[int, list[PictureMatch]] = defaultdict(list)
        for match in self._all(prints):
            found[match.query].append(match)
        for query in sorted(found):
            yield from self._kept(sorted(found[query], key=_order))

    def _kept(self, matches: Sequence[PictureMatch]) -> list[PictureMatch]:
        """Those of one picture that are reported; `matches`: the surest and nearest first."""
        harmless = [match for match in matches if match.material in self._allows]
        kept: dict[tuple[int, frozenset[int]], PictureMatch] = {}
        holding: dict[PictureMatch, None] = {}
        for match in matches:
            if match.material in self._allows:
                continue
            before = [own for (number, _), own in kept.items() if number == match.material]
            if any(is_same_place(own, match) for own in before):
                continue  # nearer there already, and held or not by what it is held by
            holders: dict[int, PictureMatch] = {}
            for allow in harmless:
                if allow.material not in holders and is_nearer(allow, match):
                    holders[allow.material] = allow
            if kept.setdefault((match.material, frozenset(holders)), match) is match:
                holding |= dict.fromkeys(holders.values())
        return sorted([*kept.values(), *holding], key=lambda one: (one.material, _order(one)))

    def _all(self, prints: Sequence[Fingerprint]) -> Iterator[PictureMatch]:
        yield from self._the_same(prints)
        if self._views is not None:
            yield from self._views.search(prints)
        for name, single in self._single.items():
            yield from single.search(name, prints)
        yield from self._flat.search(prints)
        for films in self._films:
            yield from films.search(prints)

    def _the_same(self, prints: Sequence[Fingerprint]) -> Iterator[PictureMatch]:
        for query, one in enumerate(prints):
            for name, digest in ((SAME_FILE, one.sha256), (SAME_PIXELS, one.pixels)):
                for number in self._exact.get(digest, ()):
                    box, at = (None, 0.0) if one.is_video else ((0, 0, *one.size), None)
                    yield PictureMatch(query, number, name, 0, box, 1.0, at)


def _order(match: PictureMatch) -> tuple[float, bool, int, float, str, Box]:
    """The surest first, the very file before all others, then the nearest."""
    same = match.view in (SAME_FILE, SAME_PIXELS)
    at, box = match.at or 0.0, match.box or (0, 0, 0, 0)
    return -match.confidence, not same, rank(match), at, match.view, box


class _Films:
    """The samples that are videos, by one algorithm."""

    def __init__(self, algorithm: str, samples: Mapping[int, Sample]) -> None:
        self._by_views = algorithm == VIEWS
        self._numbers = list(samples)
        self._videos = Videos([clip_of_sample(sample) for sample in samples.values()])

    def search(self, prints: Sequence[Fingerprint]) -> Iterator[PictureMatch]:
        for query, one in enumerate(prints):
            if not one.is_video or not self._numbers:
                continue
            for place, match in self._videos.search(
                one.clip() if self._by_views else one.pdq_clip()
            ):
                view = (
                    f"{CLIP}, {match.start:.1f}-{match.end:.1f} s, {match.query_share:.0%} of the "
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
        radii = [_radius_of(sample, VIEWS) for sample in samples.values()]
        self._radii = np.repeat(np.array(radii, np.int64), counts)
        self._index = HashIndex().add(self._looks.hashes)

    def search(self, prints: Sequence[Fingerprint]) -> Iterator[PictureMatch]:
        if not prints:
            return
        looks = together([one.views for one in prints])
        owners = np.repeat(np.arange(len(prints)), [len(one.views) for one in prints])
        moments = [moment for one in prints for moment in _moments(one)]
        found = self._index.search_alike(looks.hashes, REVIEW)
        act, likely = self._judged(looks, found)
        for at in np.flatnonzero(likely).tolist():
            query, row = int(found.query[at]), int(found.row[at])
            one = prints[owners[query]]
            view, box = _described(looks, query, self._looks, row, one.size)
            frame, when = moments[query]
            yield PictureMatch(
                int(owners[query]), int(self._numbers[row]), frame + view, int(found.distance[at]),
                box, 1.0 if act[at] else DOUBT, when,
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


Moment = tuple[str, float | None]
"""What tells a frame: words before the view of an animation, the seconds of a video."""


def _moments(one: Fingerprint) -> list[Moment]:
    """The moment of each view."""
    moments = [_moment(one, frame) for frame in range(len(one.counts))]
    return [moments[frame] for frame, count in enumerate(one.counts) for _ in range(count)]


def _moment(one: Fingerprint, frame: int) -> Moment:
    if one.is_video:
        return "", one.times[frame]
    return (f"frame {frame}, " if frame else ""), None


def _radius_of(sample: Sample, algorithm: str) -> int:
    if sample.algorithm == algorithm and sample.radius is not None:
        return sample.radius
    return RADIUS[algorithm]


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
    wide, high = spot[2] - spot[0], spot[3] - spot[1]
    compared = (inside[2] - inside[0]) * (inside[3] - inside[1])
    part = CROPPED if max(wide, high) > 1 + WHOLE_AREA else PARTLY if compared < COMPARED else ""
    framed = "framed" if min(wide, high) < 1 - WHOLE_AREA else ""
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

    def __init__(self, hashes: Mapping[int, Hash], radii: Mapping[int, int]) -> None:
        """`hashes` and `radii`: by the numbers of the materials."""
        self._numbers = list(hashes)
        self._hashes = np.stack(list(hashes.values()))
        self._radii = np.array([radii[number] for number in self._numbers])
        self._index = HashIndex().add(self._hashes) if self._hashes.shape[1] == 32 else None

    def search(self, name: str, prints: Sequence[Fingerprint]) -> Iterator[PictureMatch]:
        for query, one in enumerate(prints):
            hashes = hashes_of(one, name)
            flat = one.quality < LEAST_QUALITY
            if hashes is None or (flat and name != "dhash"):
                continue
            sure = DOUBT if flat or name in OTHER_ALGORITHMS else 1.0
            for at, row, distance in self._near(hashes):
                if distance <= self._radii[row]:
                    turn = ORIENTATIONS[PDQ_ORDER[at % 8]] if name == "pdq" else ""
                    frame, when = _moment(one, at // (8 if name == "pdq" else 1))
                    view = f"{frame}{name}, {turn or 'whole'}"
                    number, whole = self._numbers[row], (0, 0, *one.size)
                    yield PictureMatch(query, number, view, distance, whole, sure, when)

    def _near(self, hashes: Hashes) -> Iterator[tuple[int, int, int]]:
        """(place of the hash, row, distance) of what may be near."""
        if self._index is not None:
            found = self._index.search(hashes)
            yield from zip(
                found.query.tolist(), found.row.tolist(), found.distance.tolist(), strict=True
            )
            return
        yield from _compared(self._hashes, hashes, int(self._radii.max()))


def _compared(known: Hashes, asked: Hashes, most: int) -> Iterator[tuple[int, int, int]]:
    """(place of the hash that is asked for, row, distance) of all within so many bits."""
    for at, one in enumerate(asked):
        distances = np.bitwise_count(known ^ one).sum(axis=1)
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
            for _, row, distance in _compared(self._hashes, one.dhash, FLAT_RADIUS):
                number, whole = self._numbers[row], (0, 0, *one.size)
                yield PictureMatch(query, number, FLAT, distance, whole, DOUBT)
