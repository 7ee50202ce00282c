"""Whether a video holds another, a part of one, or an image: hashed frames against hashed frames.

Two frames that are near each other are a beginning. Where one video is shown in another, all its
frames are: at a time that is a line of the other's time, slower or faster, whatever lies over the
picture. So lines are laid through near pairs, and along a line frames may be further apart (`wide`)
than they may alone. What stands still proves nothing by its length: frames of one scene are one
moment, and moments are what is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from automod.media.clip import Clip

from .hash_index import HashIndex

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rule:
    """When two clips match."""

    radius: int = 31
    """Bits between frames that are near each other by themselves."""
    wide: int = 64
    """Bits between frames on a line. Unrelated pictures are 84 bits apart or more."""
    quality: int = 50
    """Frames of less (black, blurred, one word on white) count for nothing."""
    moments: int = 3
    """So many different scenes are enough, however short they are."""
    share: float = 0.5
    """With fewer moments, so much of the query or of the sample must be found, within `radius`."""


RULE: Final = Rule()


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the query that runs along the sample, in seconds of each."""

    start: float
    end: float
    sample_start: float
    sample_end: float
    speed: float
    """Seconds of the sample in a second of the query."""


@dataclass(frozen=True, slots=True)
class ClipMatch:
    """What two clips have of each other."""

    query_found: int
    """Frames of the query found in the sample."""
    query_frames: int
    """Of those that count."""
    sample_found: int
    """Frames of the sample that the query shows, those between its own frames included."""
    sample_frames: int
    moments: int
    """Different scenes among what was found."""
    distance: int
    """Bits, the median over the frames that were found."""
    segments: tuple[Segment, ...]
    """In order of the query, at least one."""

    @property
    def query_share(self) -> float:
        """Of the query, 0 to 1."""
        return self.query_found / self.query_frames

    @property
    def sample_share(self) -> float:
        """Of the sample, 0 to 1."""
        return self.sample_found / self.sample_frames

    @property
    def start(self) -> float:
        """Where the first of what was found is in the query, in seconds."""
        return self.segments[0].start

    @property
    def end(self) -> float:
        """Where the last of what was found is in the query, in seconds."""
        return max(segment.end for segment in self.segments)


def match_clips(query: Clip, sample: Clip, rule: Rule = RULE) -> ClipMatch | None:
    """What two clips have of each other; None where that is too little.

    A sample of few frames a second is missed where its pictures move: take ten a second of it, and
    drop what repeats (`distinct`). Two of the query are enough.

    Args:
        query: what is judged; an image is a clip of one frame.
        sample: what is looked for.
        rule: when they match.

    >>> bits = np.random.default_rng(1).integers(0, 256, (12, 32)).astype(np.uint8)
    >>> film = Clip(np.arange(12) / 2, bits, np.full(12, 100, np.uint8))
    >>> part = Clip(np.arange(4) / 2, bits[4:8], np.full(4, 100, np.uint8))
    >>> match = match_clips(part, film)
    >>> match.query_share, match.sample_found, match.segments[0].sample_start
    (1.0, 4, 2.0)
    """
    asked, known = _Frames.of(query, rule.quality), _Frames.of(sample, rule.quality)
    if not len(asked.times) or not len(known.times):
        return None
    near = distances(asked, known)
    return _judged(list(_runs(near, asked, known, rule)), asked, known, rule)


class Videos:
    """Samples with an index: only those are compared that have one frame near one of the query."""

    def __init__(self, samples: Sequence[Clip], rule: Rule = RULE) -> None:
        """Index them.

        Args:
            samples: videos, and images as clips of one frame.
            rule: when they match.
        """
        self._samples = tuple(samples)
        self._rule = rule
        counting = [clip.hashes[clip.quality >= rule.quality] for clip in self._samples]
        self._owner = np.repeat(np.arange(len(counting)), [len(rows) for rows in counting])
        self._index = HashIndex()
        if counting:
            self._index = self._index.add(np.concatenate(counting))

    def search(self, query: Clip) -> list[tuple[int, ClipMatch]]:
        """The numbers of the samples that match, in order, and how; as `match_clips` of each."""
        rows = query.hashes[query.quality >= self._rule.quality]
        found = self._index.search(rows, self._rule.radius)
        near = np.unique(self._owner[found.row]).tolist()
        matches = ((one, match_clips(query, self._samples[one], self._rule)) for one in near)
        return [(number, match) for number, match in matches if match is not None]


# --- frames -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Frames:
    """The frames of a clip that count."""

    times: Floats
    """[n], each once."""
    ends: Floats
    """[n] When the next frame that counts begins."""
    rows: npt.NDArray[np.uint8]
    """[m, 32] The hashes of all views, frame by frame."""
    firsts: Numbers
    """[n] The first row of each frame."""
    moments: Numbers
    """[n] The number of the scene."""
    step: float
    """Seconds between two frames, the median; 0 where there is one."""

    @classmethod
    def of(cls, clip: Clip, quality: int) -> _Frames:
        counts = clip.quality >= quality
        rows = np.ascontiguousarray(clip.hashes[counts])
        times, firsts = np.unique(clip.times[counts], return_index=True)
        step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
        ends = np.append(times[1:], times[-1:])
        return cls(times, ends, rows, firsts, _moments(rows[firsts]), step)


def _moments(hashes: npt.NDArray[np.uint8]) -> Numbers:
    """The scene of each frame: that of the first frame that is near it, which may be long ago."""
    numbers = np.zeros(len(hashes), np.int64)
    firsts = np.empty_like(hashes)
    count = 0
    for place, one in enumerate(hashes):
        apart = np.bitwise_count(firsts[:count] ^ one).sum(axis=1, dtype=np.int64)
        known = np.flatnonzero(apart <= RULE.radius)
        if len(known):
            numbers[place] = known[0]
        else:
            numbers[place], firsts[count] = count, one
            count += 1
    return numbers


_BLOCK: Final = 1 << 18
"""Distances worked out at a time: they stay in the cache."""


def distances(query: _Frames, sample: _Frames) -> Numbers:
    """Bits between any two frames, in their nearest views.

    Returns:
        Shape (frames of the query, frames of the sample).
    """
    words = np.ascontiguousarray(sample.rows.view(np.uint64).T)
    rows = query.rows.view(np.uint64)
    step = max(_BLOCK // len(sample.rows), 1)
    parts = [
        np.minimum.reduceat(_bits(rows[at : at + step], words), sample.firsts, axis=1)
        for at in range(0, len(rows), step)
    ]
    return np.minimum.reduceat(np.concatenate(parts), query.firsts, axis=0).astype(np.int64)


def _bits(rows: npt.NDArray[np.uint64], words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint16]:
    """Bits between each of some hashes [k, 4] and each of many, turned [4, m]: shape (k, m)."""
    one, two, three, four = (
        np.bitwise_count(rows[:, word, None] ^ words[word]) for word in range(4)
    )
    one += two  # at most 128: still a byte
    three += four
    both: npt.NDArray[np.uint16] = np.add(one, three, dtype=np.uint16)
    return both


# --- lines --------------------------------------------------------------------------------------

SLOWEST: Final = 0.5
FASTEST: Final = 2.0
HELD: Final = 0.0
"""The speed of a sample that stands still while the query goes on: an image in a video."""

_EVEN: Final = np.geomspace(SLOWEST, FASTEST, 71)
SPEEDS: Final = (*sorted(_EVEN.tolist(), key=lambda one: abs(float(np.log(one)))), HELD)
"""Nearest to 1 first: of equal lines the first is taken. Two are 2 % apart."""

SLACK: Final = 0.25
"""Seconds of the sample that a frame may be beside its line: half of the usual step."""

_SEEDS: Final = 8
"""Near pairs of one frame of the query that lines are laid through: a scene that stands still has
any number of them."""

_TRIED: Final = 24
"""Lines of one round that are looked at."""

_FAR: Final = 84
"""Bits between pictures that have nothing to do with each other, at least."""

_SEGMENTS: Final = 8
"""A video that was cut into more pieces is told by the longest."""


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """Frames of the query along one line."""

    frames: Numbers
    """Of the query, those that were found."""
    partners: Numbers
    """Of the sample, one for each."""
    bits: Numbers
    at: Floats
    """Seconds of the sample, one for each."""
    speed: float

    def weight(self) -> int:
        """The more frames, and the nearer, the better.

        A line beside the right one may reach a few frames more, all of them far away.
        """
        return int((_FAR - self.bits).sum())


def _runs(near: Numbers, query: _Frames, sample: _Frames, rule: Rule) -> Iterator[_Run]:
    """The longest run, the longest of what is left, and so on."""
    left = np.ones(len(near), np.bool_)
    for _ in range(_SEGMENTS):
        seeds = _seeds(near, left, rule.radius)
        if not len(seeds):
            return
        lines = _lines(seeds, query, sample)
        runs = [_along(line, near, left, query, sample, rule) for line in lines]
        best = max(runs, key=_Run.weight)
        left[best.frames] = False
        yield best


def _seeds(near: Numbers, left: Flags, radius: int) -> Numbers:
    """Pairs of frames within the radius, shape (k, 2): the nearest, and some of the others."""
    pairs: list[tuple[int, int]] = []
    for frame in np.flatnonzero(left & (near.min(axis=1) <= radius)).tolist():
        close = np.flatnonzero(near[frame] <= radius)
        some = close[np.linspace(0, len(close) - 1, min(_SEEDS, len(close))).astype(np.int64)]
        pairs += [(frame, int(one)) for one in {int(near[frame].argmin()), *some.tolist()}]
    return np.array(pairs, np.int64).reshape(-1, 2)


def _lines(seeds: Numbers, query: _Frames, sample: _Frames) -> list[tuple[float, float]]:
    """Speeds and offsets of the lines with the most frames of the query on them."""
    asked, known = query.times[seeds[:, 0]], sample.times[seeds[:, 1]]
    offsets = known - np.array(SPEEDS)[:, None] * asked
    # Bins twice, half of one apart: what an edge divides in the one is together in the other.
    shifted = np.stack([offsets, offsets + SLACK], axis=1).reshape(-1, len(seeds))
    bins = np.floor(shifted / (2 * SLACK)).astype(np.int64)
    bins -= bins.min()
    width, height = int(bins.max()) + 1, len(query.times)
    lines = bins + np.arange(len(bins))[:, None] * width
    met = np.unique(lines * height + seeds[:, 0]) // height
    values, counts = np.unique(met, return_counts=True)
    found = []
    for line in values[np.lexsort((values, -counts))][:_TRIED].tolist():
        way, place = divmod(line, width)
        order = way // 2
        found.append((SPEEDS[order], float(np.median(offsets[order, bins[way] == place]))))
    return found


def _along(
    line: tuple[float, float],
    near: Numbers,
    left: Flags,
    query: _Frames,
    sample: _Frames,
    rule: Rule,
) -> _Run:
    """What is found along a line, laid once more through what was found."""
    run = _found(line, near, left, query, sample, rule)
    tight = run.bits <= rule.radius
    asked, known = query.times[run.frames[tight]], sample.times[run.partners[tight]]
    if run.speed == HELD or len(asked) < 3:
        return run
    speed, offset = np.polyfit(asked, known, 1).tolist()
    if not SLOWEST <= speed <= FASTEST:
        return run
    again = _found((speed, offset), near, left, query, sample, rule)
    return max(run, again, key=_Run.weight)


def _found(
    line: tuple[float, float],
    near: Numbers,
    left: Flags,
    query: _Frames,
    sample: _Frames,
    rule: Rule,
) -> _Run:
    speed, offset = line
    at = speed * query.times + offset
    beside = (sample.times - SLACK <= at[:, None]) & (at[:, None] <= sample.ends + SLACK)
    bits = np.where(beside, near, 256)
    partners = bits.argmin(axis=1)
    least = bits[np.arange(len(bits)), partners]
    met = left & (least <= rule.wide)
    asked = left & beside.any(axis=1)
    frames = _densest(met, asked)
    if _different(frames, partners[frames], query, sample) < rule.moments:
        frames = _densest(met & (least <= rule.radius), asked)
    return _Run(frames, partners[frames], least[frames], at[frames], speed)


def _densest(met: Flags, asked: Flags) -> Numbers:
    """The frames that were met, in the stretch where most more were met than not."""
    best, best_range, total, start = 0, (0, 0), 0, 0
    for place in np.flatnonzero(asked).tolist():
        if total <= 0:
            total, start = 0, place
        total += 1 if met[place] else -1
        if total > best:
            best, best_range = total, (start, place + 1)
    first, last = best_range
    return np.flatnonzero(met[first:last] & asked[first:last]) + first


def _different(frames: Numbers, partners: Numbers, query: _Frames, sample: _Frames) -> int:
    """How many moments there are, of the query and of the sample alike."""
    asked, known = np.unique(query.moments[frames]), np.unique(sample.moments[partners])
    return min(len(asked), len(known))


# --- judging ------------------------------------------------------------------------------------


def _judged(runs: list[_Run], query: _Frames, sample: _Frames, rule: Rule) -> ClipMatch | None:
    if not runs:
        return None
    frames = np.concatenate([run.frames for run in runs])
    partners = np.concatenate([run.partners for run in runs])
    covered = np.zeros(len(sample.times), np.bool_)
    for run in runs:
        covered |= _covered(run, query, sample)
    covered[partners] = True
    match = ClipMatch(
        query_found=len(frames),
        query_frames=len(query.times),
        sample_found=int(covered.sum()),
        sample_frames=len(covered),
        moments=_different(frames, partners, query, sample),
        distance=int(np.median(np.concatenate([run.bits for run in runs]))),
        segments=tuple(
            sorted((_segment(run, query, sample) for run in runs), key=lambda one: one.start)
        ),
    )
    enough = match.moments >= rule.moments
    large = max(match.query_share, match.sample_share) >= rule.share
    return match if enough or large else None


def _covered(run: _Run, query: _Frames, sample: _Frames) -> Flags:
    """Frames of the sample that the query shows: at its frames, or between two of them in a row."""
    reach = max(run.speed * query.step / 2, sample.step / 2)
    covered = np.zeros(len(sample.times), np.bool_)
    for at in run.at.tolist():
        covered |= np.abs(sample.times - at) <= reach + 1e-6
    return covered


def _segment(run: _Run, query: _Frames, sample: _Frames) -> Segment:
    asked, known = query.times[run.frames], sample.times[run.partners]
    return Segment(
        float(asked[0]), float(asked[-1]), float(known.min()), float(known.max()), run.speed
    )
