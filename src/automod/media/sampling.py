"""Which frames of a video are taken: some by time, and those where the picture changes at once."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from statistics import median
from typing import Any, Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from .decode import Pixels
from .display import Display

Seen = TypeVar("Seen")

_PATIENCE: Final = 64
"""Frames after which one is taken whatever the times say: they may all be 0."""

_CLOSE: Final = 1e-4
"""Seconds that a frame may be early: three tenths are 0.3 in a file, and more than that in steps of
a tenth."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which frames are taken, and as what."""

    per_second: float = 2.0
    """Frames by time, as long as they are fewer than `most`; then half as many, and so on."""
    most: int = 1_200
    """Frames by time, and as many again where the picture changes at once: 600 seconds at two a
    second. A video of which some were left out for want of room was not wholly seen."""
    long_side: int | None = 512
    """Frames are reduced until neither side is longer (pixels), as images are. None: never."""
    enlarged: bool = False
    """Smaller frames are brought to `long_side` too. PDQ depends on the size: the hashes of a
    video at half its size are 8 to 14 bits away, those of frames of one size 2 to 4."""
    colour: bool = False
    """RGB instead of luma (ITU-R BT.601, as PDQ takes it)."""


EVEN: Final = Sampling()
DENSE: Final = Sampling(per_second=10.0, most=3_000)
"""For the hashes of what is looked for, which lasts 300 seconds at most. Where a camera moves,
frames a quarter of a second apart have nothing in common; those of two videos are never so far
apart if one has ten a second."""


@dataclass(frozen=True, slots=True)
class VideoFrame(Generic[Seen]):
    """One frame that was taken."""

    time: float
    """Seconds since the first frame."""
    cut: bool
    """Taken because the picture changed at once, not because of the time."""
    seen: Seen
    """What the caller made of it."""


class Taker(Generic[Seen]):
    """Takes frames by time and at cuts, and keeps what is seen of them."""

    def __init__(self, look: Callable[[Pixels], Seen], sampling: Sampling) -> None:
        self._look = look
        self._sampling = sampling
        self._interval = 1 / sampling.per_second
        self._patience = _PATIENCE
        self._due = 0.0
        self._last = self._before = 0.0
        self._passed = 0
        self._changes = Changes()
        self._even: list[tuple[int, VideoFrame[Seen]]] = []
        self._cuts: list[tuple[int, VideoFrame[Seen]]] = []
        self._number = 0
        self.thinned = False
        """Whether frames were left out for want of room."""

    @property
    def frames(self) -> int:
        """How many were taken."""
        return len(self._even) + len(self._cuts)

    def result(self) -> tuple[VideoFrame[Seen], ...]:
        """What was taken, in order."""
        both = sorted([*self._even, *self._cuts], key=lambda one: one[0])
        return tuple(frame for _, frame in both)

    def offer(self, frame: Any, time: float, display: Display) -> None:
        """Take a frame or leave it."""
        self._number += 1
        self._passed += 1
        cut = self._changes.at_once(_samples(frame), time - self._before)
        self._before = time
        back = time < self._last - self._interval
        due = not self._even or time >= self._due or back or self._passed > self._patience
        if not due and not cut:
            return
        own = self._sampling
        seen = self._look(display.pixels(frame, own.long_side, own.enlarged, own.colour))
        taken = (self._number, VideoFrame(time, cut and not due, seen))
        if due:
            self._passed, self._last = 0, time
            self._even.append(taken)
            self._thin()
            steps = math.floor((time + _CLOSE) / self._interval) + 1
            self._due = steps * self._interval - _CLOSE
        else:
            self._cuts.append(taken)
            if len(self._cuts) > self._sampling.most:
                del self._cuts[1::2]
                self.thinned = True

    def _thin(self) -> None:
        """Once there are too many, every second goes, and half as many are taken from now on."""
        if len(self._even) > self._sampling.most:
            del self._even[1::2]
            self.thinned = True
            self._interval *= 2
            self._patience *= 2


class Changes:
    """Tells frames whose picture is another one from the frame before.

    The mean difference of a few hundred pixels must be plain, and several times what it usually
    was lately, so that a moving camera is no change, and the return from one is another.

    >>> dark, bright = np.zeros((2, 2), np.int16), np.full((2, 2), 200, np.int16)
    >>> changes = Changes()
    >>> [changes.at_once(one, 0.04) for one in (dark, dark, bright, bright)]
    [False, False, True, False]
    """

    PLAIN: Final = 8.0
    """Of 255."""
    TIMES: Final = 4.0
    LATELY: Final = 9
    """Frames, of whose differences the median is taken."""
    SLOW: Final = 0.1
    """Seconds between frames. Of a slide show every frame is another picture."""

    def __init__(self) -> None:
        self._before: npt.NDArray[np.int16] | None = None
        self._lately: deque[float] = deque(maxlen=self.LATELY)

    def at_once(self, samples: npt.NDArray[np.int16], after: float) -> bool:
        """Whether the picture changed with this frame.

        Args:
            samples: some pixels, 0 to 255, the same places in each frame of one size.
            after: seconds since the frame before.
        """
        before, self._before = self._before, samples
        if before is None:
            return False
        if before.shape != samples.shape:
            return True
        difference = float(np.abs(samples - before).mean())
        if after > self.SLOW:
            return difference >= self.PLAIN
        usual = median(self._lately) if self._lately else 0.0
        self._lately.append(difference)
        return difference >= max(self.PLAIN, self.TIMES * usual)


_GRID: Final = 16


def _samples(frame: Any) -> npt.NDArray[np.int16]:
    """Pixels of the first plane (luma, or a colour), at most 16 by 16 of them, in one row."""
    plane = frame.planes[0]
    deep = frame.format.components[0].bits
    line = plane.line_size
    if deep <= 8:
        places = _places(plane.height, min(plane.width, line), line)
        return np.frombuffer(plane, np.uint8).take(places).astype(np.int16)
    places = _places(plane.height, min(plane.width, line // 2), line // 2)
    words = np.frombuffer(plane, np.uint16).take(places).astype(np.int32)
    samples: npt.NDArray[np.int16] = (words >> (deep - 8)).astype(np.int16)
    return samples


@lru_cache(maxsize=16)
def _places(height: int, width: int, line: int) -> npt.NDArray[np.int64]:
    """Where the pixels of an even grid lie in a plane."""
    return (_steps(height)[:, None] * line + _steps(width)).reshape(-1)


def _steps(length: int) -> npt.NDArray[np.int64]:
    count = min(_GRID, length)
    steps: npt.NDArray[np.int64] = ((np.arange(count) + 0.5) * length / count).astype(np.int64)
    return steps
