"""Small videos made for the tests, and small changes to their bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from fractions import Fraction
from io import BytesIO
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
from PIL.Image import Resampling, fromarray

Picture = npt.NDArray[np.uint8]
"""Shape (height, width, 3)."""

WIDTH: Final = 96
HEIGHT: Final = 64
RATE: Final = 30
TURNS: Final = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0), -1: (-1, 0, 0, 1)}
"""Degrees clockwise -> a, b, c, d of the display matrix; -1 is a mirror."""


def scene(seed: int, width: int = WIDTH, height: int = HEIGHT) -> Picture:
    """A picture with plain areas and edges; another one for another seed."""
    small = np.random.default_rng(seed).integers(0, 256, (8, 10, 3), np.uint8)
    return np.asarray(fromarray(small).resize((width, height), Resampling.BICUBIC))


def film(scenes: Sequence[int], each: int = RATE) -> list[Picture]:
    """Scenes one after the other, each for so many frames."""
    return [picture for seed in scenes for picture in [scene(seed)] * each]


def panned(seed: int, frames: int, step: int = 1) -> list[Picture]:
    """A camera that moves over one wide picture, so many pixels a frame."""
    small = np.random.default_rng(seed).integers(0, 256, (8, 60, 3), np.uint8)
    wide = fromarray(small).resize((WIDTH + frames * step, HEIGHT), Resampling.BICUBIC)
    pixels = np.asarray(wide)
    return [pixels[:, at * step : at * step + WIDTH] for at in range(frames)]


def encoded(
    pictures: Sequence[Picture],
    container: str = "mp4",
    codec: str = "libx264",
    times: Sequence[int] | None = None,
    change: Callable[[Any], None] | None = None,
    flags: str = "",
) -> bytes:
    """A video of these pictures.

    Args:
        pictures: of one size.
        container: as FFmpeg calls it.
        codec: the encoder.
        times: milliseconds of each picture; left out: 30 a second.
        change: gets the stream before anything is encoded.
        flags: for the container, `movflags` of FFmpeg.
    """
    out = BytesIO()
    options = {"movflags": flags} if flags else {}
    with av.open(out, "w", format=container, options=options) as file:
        stream: Any = file.add_stream(codec, rate=RATE)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        if times is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        if change is not None:
            change(stream)
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            if times is not None:
                frame.pts, frame.time_base = times[number], Fraction(1, 1000)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def sound(container: str = "mp4") -> bytes:
    """A file with nothing to see."""
    out = BytesIO()
    with av.open(out, "w", format=container) as file:
        stream: Any = file.add_stream("aac", rate=44100)
        frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts = 44100, 0
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def turned(data: bytes, degrees: int) -> bytes:
    """An MP4 that says it is to be shown turned."""
    a, b, c, d = (value << 16 for value in TURNS[degrees])
    at = data.index(b"tkhd") + 44
    matrix = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    return data[:at] + matrix + data[at + len(matrix) :]


def timeless(data: bytes) -> bytes:
    """An MP4 whose frames all last no time."""
    at = data.index(b"stts") + 8
    (count,) = struct.unpack_from(">I", data, at)
    changed = bytearray(data)
    for entry in range(count):
        struct.pack_into(">I", changed, at + 4 + 8 * entry + 4, 0)
    return bytes(changed)
