"""The hashed frames of a video or an image: what matching needs, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from .decode import Pixels
from .frames import DEFAULT, Video, VideoBudget, read_video
from .hexes import Hashes
from .pdq import Hashed, pdq
from .sampling import EVEN, Sampling, Seen
from .views import Views, of_sample


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """Hashes with their times; rows of one time are views of one frame.

    An image is a clip of one frame.
    """

    times: npt.NDArray[np.float64]
    """[n] seconds, in order."""
    hashes: Hashes
    """[n, 32]."""
    quality: npt.NDArray[np.uint8]
    """[n] 0 to 100."""

    def __post_init__(self) -> None:
        lengths = {len(self.times), len(self.hashes), len(self.quality)}
        if len(lengths) != 1 or self.hashes.shape[1:] != (32,):
            raise ValueError("a clip has as many times as hashes of 32 bytes and qualities")
        if bool((np.diff(self.times) < 0).any()):
            raise ValueError("the times of a clip do not go back")

    def __len__(self) -> int:
        return len(self.times)


def hash_video(
    file: bytes | BinaryIO, *, budget: VideoBudget = DEFAULT, sampling: Sampling = EVEN
) -> Video[Hashed]:
    """A video with the PDQ hash of each frame that is taken.

    Args:
        file: as in `read_video`.
        budget: as in `read_video`.
        sampling: as in `read_video`, but that all frames are luma and brought to `long_side`.
            With `long_side=None` the hashes are those of the reference (vPDQ).

    Raises:
        MediaError: nothing of it can be seen.
        MissingExtra: the extra `video` is not installed.
    """
    alike = replace(sampling, enlarged=True, colour=False)
    return read_video(file, _hashed, budget=budget, sampling=alike)


def _hashed(pixels: Pixels) -> Hashed:
    return pdq(pixels)


def views_of_sample_frame(luma: Pixels) -> Views:
    """The views of a frame of a video that is looked for: some of those of an image.

    As they are and mirrored: the whole, its middle, and without a banner above or below. A video
    has hundreds of frames, and its lines speak for it; an image has one, and needs them all.

    Args:
        luma: shape (height, width).
    """
    views = of_sample(luma)
    left, top, right, bottom = views.boxes.T
    middle = np.isclose(left, 1 - right, atol=0.01) & np.isclose(top, 1 - bottom, atol=0.01)
    banner = np.isclose(right - left, 1) & (np.isclose(top, 0) | np.isclose(bottom, 1))
    kept = (views.orientations < 2) & (middle | (banner & (bottom - top < 0.8)))
    return views.at(kept)


def clip_of_views(video: Video[Views]) -> Clip:
    """The clip of a video whose frames were seen in views; those that are too quiet are none."""
    return _clip(video, lambda views: (views.hashes, np.full(len(views), 100, np.uint8)))


def clip_of(video: Video[Hashed]) -> Clip:
    """The clip of a video whose frames were hashed, one or several views each.

    Frames that go back in time are put in order.

    >>> from .sampling import VideoFrame
    >>> black = pdq(np.zeros((64, 64), np.uint8))
    >>> frames = (VideoFrame(0.0, False, black), VideoFrame(0.5, False, black))
    >>> clip_of(Video("mov", "h264", 64, 64, 0.5, 2, frames, ())).times.tolist()
    [0.0, 0.5]
    """
    return _clip(video, lambda hashed: (hashed.hashes, hashed.quality))


def _clip(
    video: Video[Seen], parts: Callable[[Seen], tuple[Hashes, npt.NDArray[np.uint8]]]
) -> Clip:
    """The clip of what was seen of each frame: hashes and qualities, any number of them."""
    frames = sorted(video.frames, key=lambda frame: frame.time)
    hashes, quality = zip(*[parts(frame.seen) for frame in frames], strict=True)
    times = np.repeat(np.array([frame.time for frame in frames]), [len(one) for one in hashes])
    return Clip(times, np.concatenate(hashes), np.concatenate(quality))


def distinct(clip: Clip, bits: int = 4) -> Clip:
    """A clip without frames that repeat the one kept before: what stands still is kept once.

    Args:
        clip: one view of each frame, or several.
        bits: a frame repeats another if its first view is at most so far from it.

    >>> still = Clip(np.arange(3.0), np.zeros((3, 32), np.uint8), np.full(3, 100, np.uint8))
    >>> len(distinct(still))
    1
    """
    times, first = np.unique(clip.times, return_index=True)
    kept: list[int] = []
    for number, row in enumerate(first.tolist()):
        if not kept or _apart(clip.hashes[row], clip.hashes[first[kept[-1]]]) > bits:
            kept.append(number)
    rows = np.isin(clip.times, times[kept])
    return Clip(clip.times[rows], clip.hashes[rows], clip.quality[rows])


def _apart(one: Hashes, other: Hashes) -> int:
    return int(np.bitwise_count(one ^ other).sum())
