"""Bytes of an image to upright pixels, within a budget; nothing of Pillow comes through.

The plug-ins of the five formats are called directly, not through `Image.open`: that one sizes an
image up against a global of the process, and warns. (Two plug-ins look at that global themselves: a
host that lowers it below the budget gets `media.too_large` for WebP and GIF above it.) A time limit
belongs to a child process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from PIL import AvifImagePlugin, WebPImagePlugin
from PIL.GifImagePlugin import GifImageFile
from PIL.Image import (
    DecompressionBombError,
    Exif,
    Image,
    Resampling,
    Transpose,
    fromarray,
    merge,
    new,
)
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from .errors import DAMAGED, MISSING, TOO_LARGE, UNSUPPORTED, MediaError
from .headers import (
    Format,
    avif_without_exif,
    gif_extent,
    orientation,
    png_pixels,
    sniff,
    webp_extent,
)

Pixels = npt.NDArray[np.uint8]
"""Luma, shape (height, width), or RGB, shape (height, width, 3)."""

Backdrop = Literal["white", "black"]

# Nobody knows the colour of the page: a white logo on transparency is blank on white, a black one
# on black. Both are kept, white first, since that is what most pages are.
BACKDROPS: Final[dict[Backdrop, int]] = {"white": 255, "black": 0}

SHORTEST: Final = 64
"""Pixels that the shorter side keeps when an image is reduced: as many as a PDQ plane has."""

_UPRIGHT: Final = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""EXIF orientation -> what makes it upright."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What decoding one image may cost."""

    bytes: int = 32 << 20
    """Of the file."""
    pixels: int = 50_000_000
    """Of one frame as the file has it, and of all kept frames together."""
    frames: int = 64
    """Kept of an animation: those that differ; of more, every second, every fourth and so on."""
    animation: int = 500_000_000
    """Pixels of all frames of an animation: each is decoded, kept or not."""
    total: int = 10_000
    """Frames of an animation, however small: each takes its time."""


DEFAULT: Final = Budget()


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One frame of an image, upright."""

    number: int
    """Its place in the animation, from 0."""
    backdrop: Backdrop | None
    """What stands behind its transparent pixels; None where it has none."""
    pixels: Pixels
    """Read-only, reduced."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded image: its original extent, and its frames, reduced."""

    format: Format
    width: int
    """Of the original, upright, in pixels."""
    height: int
    frames: tuple[Frame, ...]
    """By number; a transparent one is there twice, on white and on black."""
    total: int
    """Frames of the file, kept or not."""
    left_out: bool = False
    """Whether frames that differ from those that are kept were left out for want of room."""

    def original(self, box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
        """A box in the pixels of a frame (left, top, right, bottom), in those of the original.

        >>> picture = Picture("PNG", 200, 100, (Frame(0, None, np.zeros((50, 50), np.uint8)),), 1)
        >>> picture.original((10, 0, 50, 25))
        (40, 0, 200, 50)
        """
        height, width = self.frames[0].pixels.shape[:2]
        return scaled(box, (width, height), (self.width, self.height))

    def digest(self) -> str:
        """SHA-256, in hex, of the extent and the first frame as it is here: the same for the same.

        Of luma unless `colour` was asked for, and reduced to `long_side`: pictures that differ only
        in what the reduction or luma loses (a hue, a grain) have the same. For JPEG, WebP and AVIF
        it depends on the decoder as well. Compare only digests that were made alike.
        """
        pixels = self.frames[0].pixels
        head = f"{self.width}x{self.height} {'x'.join(map(str, pixels.shape))}\n"
        return hashlib.sha256(head.encode() + pixels.tobytes()).hexdigest()


def scaled(
    box: tuple[float, float, float, float], size: tuple[int, int], larger: tuple[int, int]
) -> tuple[int, int, int, int]:
    """A box in a picture of one size (width, height), in the same picture of another.

    >>> scaled((10, 0, 50, 25), (50, 50), (200, 100))
    (40, 0, 200, 50)
    """
    across, down = larger[0] / size[0], larger[1] / size[1]
    left, top, right, bottom = box
    return round(left * across), round(top * down), round(right * across), round(bottom * down)


def decode(
    data: bytes, *, budget: Budget = DEFAULT, long_side: int | None = None, colour: bool = False
) -> Picture:
    """The upright pixels of a JPEG, PNG, WebP, GIF or AVIF.

    Args:
        data: the bytes of the file; they alone decide what it is.
        budget: what is refused, from the header before anything is decoded.
        long_side: the frames are reduced until neither side is longer (pixels); the shorter one
            keeps at least `SHORTEST`. None: as they are.
        colour: RGB instead of luma (ITU-R BT.601, as PDQ takes it).

    Raises:
        MediaError: whatever is wrong with the bytes; no other exception is raised for them.
        ValueError: `long_side` is under 1.

    >>> out = BytesIO()
    >>> new("RGB", (640, 480), "red").save(out, "PNG")
    >>> picture = decode(out.getvalue(), long_side=320)
    >>> picture.format, picture.width, picture.height, picture.frames[0].pixels.shape
    ('PNG', 640, 480, (240, 320))
    """
    if long_side is not None and long_side < 1:
        raise ValueError(f"a long side of {long_side} pixels")
    name = _recognised(data, budget)
    try:
        return _decode(data, name, budget, _Shape(long_side, colour))
    except MediaError:
        raise
    except (MemoryError, DecompressionBombError):
        raise MediaError(TOO_LARGE, f"{name}: no memory for it") from None
    except Exception as error:  # noqa: BLE001 - decoders fail in every way there is
        raise MediaError(DAMAGED, f"{name}: {type(error).__name__}: {error}") from None


@dataclass(frozen=True, slots=True)
class _Shape:
    """What frames are brought to."""

    long_side: int | None
    colour: bool

    @property
    def mode(self) -> Literal["RGB", "L"]:
        return "RGB" if self.colour else "L"

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height after the reduction."""
        longer, shorter = max(width, height), min(width, height)
        if self.long_side is None or longer <= self.long_side:
            return width, height
        least = min(shorter, SHORTEST, self.long_side)
        short = max(round(shorter * self.long_side / longer), least)
        return (self.long_side, short) if width >= height else (short, self.long_side)


class _Jpeg(JpegImageFile):
    """Reads no EXIF (a broken one warns), and takes no file that is cut, whatever a global says."""

    def getexif(self) -> Exif:
        return Exif()

    def load_read(self, read_bytes: int) -> bytes:
        return _some(self.fp.read(read_bytes) if self.fp else b"")


class _Png(PngImageFile):
    """Takes no file that is cut, whatever a global of Pillow says."""

    def load_read(self, read_bytes: int) -> bytes:
        return _some(super().load_read(read_bytes))


def _some(data: bytes) -> bytes:
    if not data:
        raise MediaError(DAMAGED, "the file ends inside the picture")
    return data


def _recognised(data: bytes, budget: Budget) -> Format:
    if not data:
        raise MediaError(MISSING, "there are no bytes")
    if len(data) > budget.bytes:
        raise MediaError(TOO_LARGE, f"{len(data)} bytes, at most {budget.bytes}")
    name = sniff(data)
    if name is None:
        raise MediaError(UNSUPPORTED, f"the bytes begin {data[:12].hex(' ')}")
    plugin = {"WEBP": WebPImagePlugin, "AVIF": AvifImagePlugin}.get(name)
    if plugin is not None and not plugin.SUPPORTED:
        raise MediaError(UNSUPPORTED, f"this Pillow was built without {name}")
    return name


def _decode(data: bytes, name: Format, budget: Budget, shape: _Shape) -> Picture:
    image, exif, total = _opened(data, name, budget)
    width, height = image.size
    _within(name, width, height, total, budget)
    turn = _UPRIGHT.get(orientation(exif))
    size = shape.size(width, height)
    if isinstance(image, _Jpeg):
        image.draft(shape.mode, size)
    kept = _Kept(max(min(budget.frames, budget.pixels // (size[0] * size[1])), 1))
    for number in range(total if kept.most > 1 else 1):
        if total > 1:
            image.seek(number)
        shown = list(_opaque(image, shape))
        look = _look(shown) if total > 1 else None
        if look is None or kept.wants(look):
            kept.add(
                [Frame(number, one, _pixels(opaque, size, turn)) for one, opaque in shown], look
            )
    if turn is not None and turn >= Transpose.ROTATE_90 and turn != Transpose.ROTATE_180:
        width, height = height, width
    frames = tuple(frame for frames in kept.frames for frame in frames)
    return Picture(name, width, height, frames, total, kept.thinned or (kept.most == 1 < total))


def _opened(data: bytes, name: Format, budget: Budget) -> tuple[ImageFile, bytes, int]:
    """The image with nothing decoded yet, its EXIF block, and its number of frames."""
    if name == "JPEG":
        jpeg = _Jpeg(BytesIO(data))
        return jpeg, jpeg.info.get("exif", b""), 1
    if name == "PNG":
        data, exif = png_pixels(data)
        png = _Png(BytesIO(data))
        _fit_transparency(png, data[24])
        return png, exif, png.n_frames
    if name == "GIF":
        # The plug-in counts by itself, without a limit, and makes room for the first frame at once.
        width, height, total = gif_extent(data)
        _within(name, width, height, total, budget)
        return GifImageFile(BytesIO(data)), b"", total
    if name == "WEBP":
        # The decoder makes room for two frames before it tells how large they are.
        _within(name, *webp_extent(data), 1, budget)
        webp = WebPImagePlugin.WebPImageFile(BytesIO(data))
        return webp, webp.info.get("exif", b""), webp.n_frames
    avif = AvifImagePlugin.AvifImageFile(BytesIO(avif_without_exif(data)))
    return avif, avif.info.get("exif", b""), avif.n_frames


def _within(name: Format, width: int, height: int, total: int, budget: Budget) -> None:
    if not width * height * total:
        raise MediaError(DAMAGED, f"{name}: {width} by {height} pixels, {total} frames")
    if width * height > budget.pixels:
        raise MediaError(
            TOO_LARGE, f"{name}: {width} by {height} pixels, at most {budget.pixels} in all"
        )
    if total > 1 and width * height * total > budget.animation:
        raise MediaError(
            TOO_LARGE,
            f"{name}: {total} frames of {width} by {height} pixels, "
            f"at most {budget.animation} in all",
        )
    if total > budget.total:
        raise MediaError(TOO_LARGE, f"{name}: {total} frames, at most {budget.total}")


_LOOK: Final = 32
"""Pixels of each side of what frames of an animation are compared by."""
_PLAIN: Final = 8
"""Levels of 255 by which such a pixel is another."""
_FEWEST: Final = 4
"""Such pixels that make another frame: the smallest code that can be read covers as many."""


class _Kept:
    """The frames of an animation that differ from each other.

    A frame is compared with all that are kept: what blinks or runs in circles is there once, and
    what changes little by little is there as often as it has become something else.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.frames: list[list[Frame]] = []
        """One frame, or one on each backdrop."""
        self.thinned = False
        self._looks: list[npt.NDArray[np.int16]] = []
        self._every = 1
        self._met = 0

    def wants(self, look: npt.NDArray[np.int16]) -> bool:
        """Whether a frame that looks so is kept."""
        others = np.array(self._looks).reshape(-1, len(look))
        changed = np.count_nonzero(np.abs(others - look) > _PLAIN, axis=1)
        if (changed < _FEWEST).any():
            return False
        self._met += 1
        return self._met % self._every == 1 % self._every

    def add(self, frames: list[Frame], look: npt.NDArray[np.int16] | None) -> None:
        """Keep a frame; once there are too many, every second goes."""
        self.frames.append(frames)
        if look is None:
            return
        self._looks.append(look)
        if len(self.frames) > self.most:
            del self.frames[1::2], self._looks[1::2]
            self._every *= 2
            self.thinned = True


def _look(shown: list[tuple[Backdrop | None, Image]]) -> npt.NDArray[np.int16]:
    """A frame on both backdrops, as luma, tiny: what has no transparency is twice the same."""
    size = _LOOK, _LOOK
    small = [one.convert("L").resize(size, Resampling.BOX) for _, one in shown]
    both = [np.asarray(one, np.int16).reshape(-1) for one in small] * (2 // len(small))
    return np.concatenate(both)


def _fit_transparency(image: PngImageFile, depth: int) -> None:
    """The transparent colour of a 16-bit RGB picture, in the eight bits its pixels come in."""
    colour = image.info.get("transparency")
    if depth == 16 and isinstance(colour, tuple):
        image.info["transparency"] = tuple(value >> 8 for value in colour)


def _opaque(image: ImageFile, shape: _Shape) -> Iterator[tuple[Backdrop | None, Image]]:
    """The current frame without transparency, once or on each backdrop, in its full extent."""
    image.load()
    frame: Image = _eight_bits(image) if image.mode.startswith("I") else image
    if not frame.has_transparency_data:
        yield None, _coloured(frame, shape)
        return
    frame = frame.convert("RGBA")
    alpha, flat = frame.getchannel("A"), _coloured(frame, shape)
    if alpha.getextrema()[0] == 255:
        yield None, flat
        return
    for backdrop, shade in BACKDROPS.items():
        under = new(flat.mode, flat.size, (shade,) * len(flat.getbands()))
        under.paste(flat, mask=alpha)
        yield backdrop, under


def _coloured(image: Image, shape: _Shape) -> Image:
    if image.mode == "CMYK":
        image = image.convert("RGB")
    return image if image.mode == shape.mode else image.convert(shape.mode)


def _eight_bits(image: Image) -> Image:
    """16-bit grey by its high bytes, as the decoder takes 16-bit colours."""
    values = np.asarray(image)
    grey = fromarray((values >> 8).astype(np.uint8))
    clear = image.info.get("transparency")
    if clear is None:
        return grey
    return merge("LA", (grey, fromarray(np.where(values == clear, 0, 255).astype(np.uint8))))


def _pixels(image: Image, size: tuple[int, int], turn: Transpose | None) -> Pixels:
    if image.size != size:
        image = image.resize(size, Resampling.BOX)
    if turn is not None:
        image = image.transpose(turn)
    pixels: Pixels = np.array(image)
    pixels.setflags(write=False)
    return pixels
