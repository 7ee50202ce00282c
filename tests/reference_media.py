"""PDQ as the reference writes it, step by step: slow, obvious, the oracle of `media.pdq`.

After the C++ of ThreatExchange (pdq/cpp/downscaling, pdq/cpp/hashing), in double precision.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.float64]


def pdq(luma: npt.NDArray[np.generic]) -> tuple[str, int]:
    """The hash as ThreatExchange writes it, and the quality, of an image of luma."""
    rows, columns = luma.shape
    if rows < 5 or columns < 5:
        return "0" * 64, 0
    plane = decimated(filtered(luma.astype(np.float64)))
    return bits_of(transformed(plane)), quality_of(plane)


def filtered(image: Plane) -> Plane:
    """Two box filters along each axis, with windows of half of what becomes one pixel."""
    rows, columns = image.shape
    for _ in range(2):
        image = np.array([box(row, window(columns)) for row in image])
        image = np.array([box(column, window(rows)) for column in image.T]).T
    return image


def window(length: int) -> int:
    """Half of a 64th of the length, rounded up."""
    return (length + 127) // 128


def box(line: Plane, full: int) -> Plane:
    """The mean around each value: one value further to the right where the window is even."""
    half = (full + 2) // 2
    out = np.empty_like(line)
    for i in range(len(line)):
        first, last = max(i - (full - half), 0), min(i + half - 1, len(line) - 1)
        out[i] = sum(line[first : last + 1]) / (last + 1 - first)
    return out


def decimated(image: Plane) -> Plane:
    """The pixel in the middle of each of 64 by 64 parts."""
    rows, columns = image.shape
    down = [int((i + 0.5) * rows / 64) for i in range(64)]
    across = [int((j + 0.5) * columns / 64) for j in range(64)]
    return image[down][:, across]


def quality_of(plane: Plane) -> int:
    """Steps between neighbours in whole percent of the range, over 90, at most 100."""
    total = 0
    for i in range(64):
        for j in range(64):
            if i < 63:
                total += abs(int((plane[i, j] - plane[i + 1, j]) * 100 / 255))
            if j < 63:
                total += abs(int((plane[i, j] - plane[i, j + 1]) * 100 / 255))
    return min(total // 90, 100)


def transformed(plane: Plane) -> Plane:
    """The cosine transform, frequencies 1 to 16 along both axes."""
    waves = np.array(
        [
            [math.sqrt(2 / 64) * math.cos(math.pi / 2 / 64 * i * (2 * j + 1)) for j in range(64)]
            for i in range(1, 17)
        ]
    )
    out: Plane = waves @ plane @ waves.T
    return out


def bits_of(values: Plane) -> str:
    """Bit 16 i + j tells whether a coefficient is above the lower median; bit 255 comes first."""
    median = sorted(values.ravel())[127]
    number = sum(1 << k for k, value in enumerate(values.ravel()) if value > median)
    return f"{number:064x}"
