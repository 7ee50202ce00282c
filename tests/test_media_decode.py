"""Bytes of images to upright pixels: formats, modes, orientations, damage and budgets."""

from __future__ import annotations

import copy
import pickle
import struct
import warnings
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile, PngImagePlugin

from automod.media.decode import SHORTEST, Budget, Picture, decode
from automod.media.errors import MediaCode, MediaError
from automod.media.headers import gif_extent, orientation, sniff, webp_extent

Bytes = npt.NDArray[np.uint8]

FORMATS: Final = ["JPEG", "PNG", "WEBP", "GIF", "AVIF"]
LOSSLESS: Final[dict[str, dict[str, Any]]] = {"PNG": {}, "WEBP": {"lossless": True}, "GIF": {}}


def saved(image: Image.Image, name: str, **options: Any) -> bytes:
    """The bytes of an image in a format."""
    out = BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


def scene(width: int = 96, height: int = 80) -> Image.Image:
    """Four coloured corners: every orientation of it is another picture."""
    image = Image.new("RGB", (width, height), "navy")
    image.paste("red", (0, 0, width // 2, height // 2))
    image.paste("lime", (width // 2, 0, width, height // 2))
    image.paste("white", (0, height // 2, width // 4, height))
    return image


def only(picture: Picture) -> Bytes:
    """The pixels of a picture with one opaque frame."""
    (frame,) = picture.frames
    assert (frame.number, frame.backdrop, picture.total) == (0, None, 1)
    return frame.pixels


def luma(image: Image.Image) -> Bytes:
    """What the pixels of an image should be."""
    return np.asarray(image.convert("L"))


def apart(one: npt.NDArray[np.generic], other: npt.NDArray[np.generic]) -> float:
    """Mean distance of pixels, in levels of 255."""
    assert one.shape == other.shape
    return float(np.abs(one.astype(float) - other.astype(float)).mean())


def code_of(data: bytes, **options: Any) -> MediaCode:
    """The code of the refusal."""
    with pytest.raises(MediaError) as caught:
        decode(data, **options)
    assert " at 0x" not in str(caught.value), "a message that differs from run to run"
    return caught.value.code


def exif(value: int, order: str = "<") -> bytes:
    """An EXIF block that holds an orientation and nothing else."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, value, 0)
    return b"Exif\0\0" + mark + struct.pack(f"{order}IH", 8, 1) + entry + bytes(4)


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunk(png: bytes, kind: bytes, body: bytes) -> bytes:
    """A PNG with a chunk behind its header."""
    return png[:33] + chunk(kind, body) + png[33:]


# Formats and modes.


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_its_pixels(name: str) -> None:
    """Extent, format and pixels, whatever the codec loses."""
    picture = decode(saved(scene(), name))
    assert (picture.format, picture.width, picture.height) == (name, 96, 80)
    assert apart(only(picture), luma(scene())) < 4
    colours = decode(saved(scene(), name), colour=True)
    assert apart(only(colours), np.asarray(scene())) < 6


MODES: Final[dict[str, tuple[str, Callable[[], Image.Image]]]] = {
    "grey jpeg": ("JPEG", lambda: scene().convert("L")),
    "grey": ("PNG", lambda: scene().convert("L")),
    "one bit": ("PNG", lambda: scene().convert("1", dither=Image.Dither.NONE)),
    "palette": ("PNG", lambda: scene().convert("P")),
    "palette of two": ("PNG", lambda: scene().quantize(2)),
    "palette gif": ("GIF", lambda: scene().quantize(4)),
    "grey with alpha": ("PNG", lambda: scene().convert("LA")),
    "alpha": ("PNG", lambda: scene().convert("RGBA")),
    "alpha webp": ("WEBP", lambda: scene().convert("RGBA")),
    "alpha avif": ("AVIF", lambda: scene().convert("RGBA")),
}


@pytest.mark.parametrize("mode", MODES)
def test_each_opaque_mode_gives_one_frame(mode: str) -> None:
    """Alpha that hides nothing is no transparency."""
    name, make = MODES[mode]
    picture = decode(saved(make(), name))
    assert apart(only(picture), luma(make().convert("RGB"))) < 4


@pytest.mark.parametrize("inverted", [True, False], ids=["with Adobe's marker", "without"])
def test_cmyk_has_its_colours(inverted: bool) -> None:
    """CMYK is stored inverted, as Adobe does, whether or not the marker says so."""
    data = saved(scene().convert("CMYK"), "JPEG", quality=95)
    at = data.index(b"\xff\xee")
    if not inverted:
        data = data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]
    assert apart(only(decode(data, colour=True)), np.asarray(scene())) < 4
    assert apart(only(decode(data)), luma(scene())) < 4


def test_sixteen_bit_grey_is_scaled() -> None:
    """The high byte of each value: clipped, all but the darkest two hundredths would be white."""
    values = np.linspace(0, 65535, 96 * 80).astype(np.uint16).reshape(80, 96)
    pixels = only(decode(saved(Image.fromarray(values), "PNG")))
    assert (pixels == values >> 8).all()


def sixteen(colours: npt.NDArray[np.uint16], *chunks: bytes) -> bytes:
    """A PNG of 16-bit RGB or grey, which Pillow does not write."""
    height, width = colours.shape[:2]
    kind = 2 if colours.ndim == 3 else 0
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in colours)
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *chunks, chunk(b"IDAT", zlib.compress(rows))]
    return b"".join([b"\x89PNG\r\n\x1a\n", *parts, chunk(b"IEND", b"")])


def test_sixteen_bit_colours_are_scaled() -> None:
    """Deep colours look like their high bytes."""
    deep = np.asarray(scene()).astype(np.uint16) * 257
    assert (only(decode(sixteen(deep), colour=True)) == np.asarray(scene())).all()


@pytest.mark.parametrize("kind", ["grey", "colours"])
def test_sixteen_bit_with_a_transparent_colour(kind: str) -> None:
    """The transparent colour is compared at its full depth, or as deep as the pixels come."""
    shape = (2, 3) if kind == "grey" else (2, 3, 3)
    values = np.full(shape, 0x8000, np.uint16)
    values[0, 0] = 0x1234
    clear = struct.pack(">H", 0x1234) * (1 if kind == "grey" else 3)
    white, black = decode(sixteen(values, chunk(b"tRNS", clear))).frames
    assert white.pixels.tolist() == [[255, 128, 128], [128, 128, 128]]
    assert black.pixels.tolist() == [[0, 128, 128], [128, 128, 128]]


def half_clear() -> Image.Image:
    """A red square; its right half cannot be seen."""
    image = Image.new("RGBA", (20, 10), (255, 0, 0, 255))
    image.paste((255, 0, 0, 0), (10, 0, 20, 10))
    return image


def clear_palette(whole: bool) -> bytes:
    """A palette picture whose colour 0 is clear: one clear entry, or an alpha for each."""
    image = Image.new("P", (20, 10), 1)
    image.putpalette([0, 0, 255, 255, 0, 0])
    image.paste(0, (10, 0, 20, 10))
    return saved(image, "PNG", transparency=0 if whole else bytes([0, 255]))


CLEAR: Final[dict[str, Callable[[], bytes]]] = {
    "png": lambda: saved(half_clear(), "PNG"),
    "webp": lambda: saved(half_clear(), "WEBP", lossless=True),
    "avif": lambda: saved(half_clear(), "AVIF", quality=100),
    "gif": lambda: saved(half_clear(), "GIF"),
    "palette, one clear": lambda: clear_palette(whole=True),
    "palette, alphas": lambda: clear_palette(whole=False),
    "one clear colour": lambda: saved(
        Image.composite(
            Image.new("RGB", (20, 10), "red"),
            Image.new("RGB", (20, 10), "blue"),
            half_clear().getchannel("A"),
        ),
        "PNG",
        transparency=(0, 0, 255),
    ),
}


@pytest.mark.parametrize("kind", CLEAR)
def test_transparency_is_seen_on_white_and_on_black(kind: str) -> None:
    """Nobody knows the page: both are kept, white first."""
    picture = decode(CLEAR[kind](), colour=True)
    assert [(frame.number, frame.backdrop) for frame in picture.frames] == [
        (0, "white"),
        (0, "black"),
    ]
    for frame, shade in zip(picture.frames, (255, 0), strict=True):
        assert apart(frame.pixels[:, 2], np.full((10, 3), [255, 0, 0])) <= 2
        assert apart(frame.pixels[:, 17], np.full((10, 3), shade)) <= 2


def test_half_transparency_is_mixed() -> None:
    """Black at alpha 128 is half of what lies behind it."""
    data = saved(Image.new("LA", (8, 8), (0, 128)), "PNG")
    assert [int(frame.pixels[4, 4]) for frame in decode(data).frames] == [127, 0]


# Orientation.


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("value", range(1, 9))
def test_pictures_come_upright(name: str, value: int, order: str) -> None:
    """All eight orientations of EXIF, in both byte orders, as Pillow turns them."""
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    image = scene()
    lying = image.transpose(Image.Transpose(undo[value])) if value > 1 else image
    picture = decode(saved(lying, name, exif=exif(value, order), **LOSSLESS.get(name, {})))
    assert (picture.width, picture.height) == image.size
    assert apart(only(picture), luma(image)) < 4


def test_a_broken_exif_in_an_avif_is_not_read() -> None:
    """Pillow would read it while it opens the file, and warn."""
    block = Image.Exif()
    block[0x010E] = "a title"
    data = saved(scene(), "AVIF", exif=block)
    at = data.index(b"MM\0*") + 8
    broken = data[:at] + b"\xff\xff" + data[at + 2 :]
    with pytest.warns(UserWarning, match="EXIF"):
        Image.open(BytesIO(broken))
    assert apart(only(decode(broken)), luma(scene())) < 4


def test_an_avif_turns_by_its_own_property() -> None:
    """EXIF in an AVIF says nothing; what turns it is the property that Pillow writes beside it."""
    picture = decode(saved(scene(), "AVIF", exif=exif(6)))
    assert (picture.width, picture.height) == (80, 96)
    assert apart(only(picture), luma(scene().transpose(Image.Transpose.ROTATE_270))) < 4


@pytest.mark.parametrize(
    "block",
    [
        b"", b"Exif\0\0", b"II*\0", b"XX*\0" + bytes(20), exif(6)[:-9], exif(0), exif(9),
        b"II*\0\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff" + bytes(40),
    ],
)  # fmt: skip
def test_a_broken_exif_is_as_none(block: bytes) -> None:
    """A picture lies as it lies where EXIF cannot be read, without a word from Pillow."""
    assert orientation(block) == 1
    for name in ("JPEG", "PNG", "WEBP"):
        assert apart(only(decode(saved(scene(), name, exif=block or b"?"))), luma(scene())) < 4


# Animations.


def moving(name: str, shades: list[int], **options: Any) -> bytes:
    """An animation of flat frames."""
    frames = [Image.new("RGB", (30, 20), (shade, shade, shade)) for shade in shades]
    options |= {"quality": 100} if name == "AVIF" else LOSSLESS[name]
    return saved(frames[0], name, save_all=True, append_images=frames[1:], **options)


@pytest.mark.parametrize("name", ["PNG", "WEBP", "GIF", "AVIF"])
def test_every_frame_of_a_short_animation(name: str) -> None:
    """The third frame is seen as well as the first."""
    picture = decode(moving(name, [0, 60, 120, 250]))
    assert picture.total == 4
    assert [frame.number for frame in picture.frames] == [0, 1, 2, 3]
    for frame, shade in zip(picture.frames, [0, 60, 120, 250], strict=True):
        assert apart(frame.pixels, np.full((20, 30), shade)) <= 2


@pytest.mark.parametrize("name", ["PNG", "WEBP", "GIF", "AVIF"])
def test_frames_of_a_long_animation(name: str) -> None:
    """Where there is no room for all that differ, even steps are kept, and that is said."""
    picture = decode(moving(name, list(range(0, 250, 10))), budget=Budget(frames=4))
    assert (picture.total, picture.left_out) == (25, True)
    assert [frame.number for frame in picture.frames] == [0, 8, 16, 24]
    shades = [float(frame.pixels.mean()) for frame in picture.frames]
    assert shades == pytest.approx([0, 80, 160, 240], abs=2)


@pytest.mark.parametrize("name", ["PNG", "WEBP", "GIF", "AVIF"])
@pytest.mark.parametrize("at", [1, 6, 23, 39])
def test_one_frame_among_many_that_are_alike_is_kept(name: str, at: int) -> None:
    """Wherever it stands, and by its true number; what repeats is there once."""
    shades = [200, 202] * 20  # encoders leave out what is the very same
    shades[at] = 30
    picture = decode(moving(name, shades), budget=Budget(frames=2))
    assert [frame.number for frame in picture.frames] == [0, at]
    assert not picture.left_out
    assert float(picture.frames[1].pixels.mean()) == pytest.approx(30, abs=2)


def test_what_blinks_is_there_once() -> None:
    """A frame is compared with all that are kept, not only with the one before."""
    picture = decode(moving("GIF", [0, 90, 180] * 20), budget=Budget(frames=3))
    assert [frame.number for frame in picture.frames] == [0, 1, 2]
    assert not picture.left_out


def test_what_changes_little_by_little_is_seen() -> None:
    """A step too small to count is none; many of them are one."""
    numbers = [one.number for one in decode(moving("PNG", list(range(0, 60, 3)))).frames]
    assert numbers == [0, 3, 6, 9, 12, 15, 18]


def test_a_small_code_is_another_frame() -> None:
    """Fifty pixels of 960, the least that a code takes."""
    plain = Image.new("RGB", (960, 540), "white")
    coded = plain.copy()
    for row in range(25):
        coded.paste("black", (402, 101 + 2 * row, 452, 102 + 2 * row))
    nearly = Image.new("RGB", plain.size, (253, 253, 253))
    frames = [plain, nearly] * 10
    frames[7] = coded
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert [one.number for one in decode(data).frames] == [0, 7]


def test_frames_on_both_backdrops_are_kept_together() -> None:
    """What differs on one of them only differs."""
    white = [(255, 255, 255, alpha) for alpha in (0, 1, 255, 0)]
    frames = [Image.new("RGBA", (30, 20), one) for one in white]
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    kept = [(one.number, one.backdrop) for one in decode(data).frames]
    assert kept == [(0, "white"), (0, "black"), (2, None)]


def test_only_the_first_frame_where_only_one_is_asked_for() -> None:
    """The others are not decoded, and that is said."""
    picture = decode(moving("GIF", [0, 90]), budget=Budget(frames=1))
    assert ([one.number for one in picture.frames], picture.left_out) == ([0], True)
    assert not decode(saved(scene(), "PNG"), budget=Budget(frames=1)).left_out


def test_an_animation_of_too_many_frames_is_refused() -> None:
    """However small they are: each takes its time."""
    data = moving("GIF", [0, 90, 180])
    assert decode(data, budget=Budget(total=3)).total == 3
    assert code_of(data, budget=Budget(total=2)) == "media.too_large"


def test_frames_that_change_only_a_part() -> None:
    """A frame is what is seen, not the patch that the file holds."""
    first = Image.new("RGB", (30, 20), "black")
    second = first.copy()
    second.paste("white", (0, 0, 5, 5))
    data = saved(first, "GIF", save_all=True, append_images=[second])
    assert apart(decode(data).frames[1].pixels, luma(second)) <= 1


@given(
    st.lists(st.sampled_from([0, 60, 120, 180, 240]), min_size=1, max_size=24), st.integers(2, 9)
)
def test_every_picture_of_an_animation_is_kept_or_its_lack_is_told(
    shades: list[int], most: int
) -> None:
    """The first frame always, none twice; all that differ, or else the flag."""
    picture = decode(moving("PNG", shades), budget=Budget(frames=most))
    kept = [int(one.pixels.mean()) for one in picture.frames]
    assert kept[0] == shades[0] and len(kept) <= most
    assert picture.left_out == (len(set(shades)) > most)
    assert [shades[one.number] for one in picture.frames] == kept
    assert picture.left_out or (set(kept) == set(shades) and len(kept) == len(set(kept)))


# Reduction.


@given(st.integers(1, 700), st.integers(1, 700), st.integers(1, 300))
def test_a_reduction_never_enlarges(width: int, height: int, long_side: int) -> None:
    """Neither side grows; the longer one fits; the shorter one keeps what a hash needs."""
    data = saved(Image.new("L", (width, height)), "PNG")
    pixels = only(decode(data, long_side=long_side))
    high, wide = pixels.shape
    assert wide <= width and high <= height and max(wide, high) <= long_side
    assert min(wide, high) >= min(width, height, SHORTEST, long_side)


@pytest.mark.parametrize("name", FORMATS)
def test_a_reduction_is_the_same_picture(name: str) -> None:
    """With and without the reduced decoding that JPEG has; the extent stays the original's."""
    picture = decode(saved(scene(960, 800), name), long_side=120)
    assert (picture.width, picture.height) == (960, 800)
    assert apart(only(picture), luma(scene(120, 100))) < 4
    assert picture.original((0, 0, 60, 50)) == (0, 0, 480, 400)


def test_a_reduction_of_a_lying_picture() -> None:
    """Extent and box are those of the upright picture."""
    picture = decode(saved(scene(960, 480), "JPEG", exif=exif(6)), long_side=120)
    assert (picture.width, picture.height) == (480, 960)
    assert only(picture).shape == (120, 64)
    assert picture.original((32, 0, 64, 60)) == (240, 0, 480, 480)


@pytest.mark.parametrize("long_side", [0, -5])
def test_a_long_side_is_positive(long_side: int) -> None:
    """A mistake of the caller is none of the image."""
    with pytest.raises(ValueError, match="a long side of"):
        decode(saved(scene(), "PNG"), long_side=long_side)


def test_pixels_cannot_be_written() -> None:
    """A picture is a value."""
    with pytest.raises(ValueError, match="read-only"):
        only(decode(saved(scene(), "PNG")))[0, 0] = 1


def test_a_digest_is_of_the_pixels() -> None:
    """The same in another container, metadata or palette; another for another picture."""
    png = decode(saved(scene(), "PNG"), colour=True).digest()
    assert png == decode(saved(scene(), "WEBP", lossless=True), colour=True).digest()
    assert png == decode(saved(scene(), "GIF"), colour=True).digest()
    assert png == decode(saved(scene(), "PNG", exif=exif(1)), colour=True).digest()
    other = scene()
    other.putpixel((0, 0), (254, 0, 0))
    assert png != decode(saved(other, "PNG"), colour=True).digest()
    flat = [Image.new("L", size) for size in ((10, 20), (20, 10), (4, 50))]
    assert len({decode(saved(image, "PNG")).digest() for image in flat}) == 3


# What is refused.


UNKNOWN: Final = {
    "text": b"hello, this is no picture",
    "one byte": b"\xff",
    "pdf": b"%PDF-1.7 ....",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "bmp": saved(scene(), "BMP"),
    "tiff": saved(scene(), "TIFF"),
    "mp4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(50),
    "heic": b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(50),
    "wave": b"RIFF\x24\0\0\0WAVEfmt " + bytes(40),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n",
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_other_formats_are_unsupported(kind: str) -> None:
    """The bytes decide, and only five formats are read."""
    assert sniff(UNKNOWN[kind]) is None
    assert code_of(UNKNOWN[kind]) == "media.unsupported"


def test_no_bytes_are_missing_media() -> None:
    """An empty file is one that did not arrive."""
    assert code_of(b"") == "media.missing"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("lenient", [False, True], ids=["strict", "lenient"])
def test_cut_files_are_damaged(
    name: str, share: float, lenient: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a part could be shown, and whatever the host lets Pillow get away with."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    noise = np.random.default_rng(1).integers(0, 256, (60, 70, 3), np.uint8)
    data = saved(Image.fromarray(noise), name)
    cut = data[: max(int(len(data) * share), 16)]
    assert code_of(cut) == "media.damaged"


def test_a_png_whose_pixels_end_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """All chunks are there, and one of them holds half of the rows."""
    data = sixteen(np.zeros((50, 50), np.uint16))
    at, end = data.index(b"IDAT") - 4, data.index(b"IEND") - 4
    half = zlib.compress(bytes(50 * 50))
    short = data[:at] + chunk(b"IDAT", half) + data[end:]
    for lenient in (False, True):
        monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
        assert code_of(short) == "media.damaged"


@pytest.mark.parametrize("name", FORMATS)
def test_junk_behind_a_signature_is_damaged(name: str) -> None:
    """A header alone is no picture."""
    data = saved(scene(), name)
    assert code_of(data[:16] + b"\1" * 800) == "media.damaged"


@pytest.mark.parametrize("name", FORMATS)
def test_what_follows_a_picture_is_not_read(name: str) -> None:
    """A picture with a ZIP behind it is that picture."""
    archive = b"PK\x03\x04" + bytes(range(256)) * 4 + b"PK\x05\x06" + bytes(18)
    picture = decode(saved(scene(), name) + archive)
    assert apart(only(picture), luma(scene())) < 4


@pytest.mark.parametrize("size", [(0, 10), (10, 0), (0, 0)])
def test_pictures_without_pixels_are_damaged(size: tuple[int, int]) -> None:
    """A side of zero, in the formats that can say so."""
    png = sixteen(np.zeros((4, 4), np.uint16))
    header = struct.pack(">II", *size) + png[24:29]
    assert code_of(png[:8] + chunk(b"IHDR", header) + png[33:]) == "media.damaged"
    assert code_of(b"GIF89a" + struct.pack("<HH", *size) + b"\0\0\0;") == "media.damaged"


@pytest.mark.parametrize(("stray", "code"), [(256, "picture"), (257, "media.damaged")])
def test_bytes_between_the_blocks_of_a_gif(stray: int, code: str) -> None:
    """Some encoders leave a few; skipping millions would take seconds."""
    data = saved(scene().quantize(4), "GIF")
    at = 13 + 3 * 4
    assert outcome(data[:at] + bytes(stray) + data[at:]) == code


@pytest.mark.parametrize("count", [0, 1 << 31])
def test_a_wrong_count_of_frames_is_damaged(count: int) -> None:
    """Pillow would warn, once for the whole process."""
    png = with_chunk(saved(scene(), "PNG"), b"acTL", struct.pack(">II", count, 0))
    assert code_of(png) == "media.damaged"


def test_two_counts_of_frames_are_damaged() -> None:
    """The same, said twice."""
    png = saved(scene(), "PNG")
    for _ in range(2):
        png = with_chunk(png, b"acTL", struct.pack(">II", 3, 0))
    assert code_of(png) == "media.damaged"


def test_text_and_profiles_of_a_png_are_not_read() -> None:
    """A bomb in a comment harms no picture."""
    text = PngImagePlugin.PngInfo()
    text.add_text("comment", "a" * 5_000_000, zip=True)
    png = saved(scene(), "PNG", pnginfo=text)
    png = with_chunk(png, b"iCCP", b"name\0\0" + zlib.compress(bytes(9_000_000)))
    assert (only(decode(png)) == luma(scene())).all()


# Budgets.


def declared(name: str, width: int, height: int) -> bytes:
    """A small file that says it is large."""
    data = bytearray(saved(scene(), name, **LOSSLESS.get(name, {})))
    if name == "PNG":
        header = struct.pack(">II", width, height) + bytes(data[24:29])
        return bytes(data[:8]) + chunk(b"IHDR", header) + bytes(data[33:])
    if name == "GIF":
        data[6:10] = struct.pack("<HH", width, height)
    if name == "JPEG":
        at = data.index(b"\xff\xc0")
        data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    if name == "WEBP":
        data[21:25] = ((width - 1) | (height - 1) << 14).to_bytes(4, "little")
    if name == "AVIF":
        at = data.index(b"ispe")
        data[at + 8 : at + 16] = struct.pack(">II", width, height)
    return bytes(data)


@pytest.mark.parametrize("name", FORMATS)
def test_bombs_are_refused_by_their_header(name: str) -> None:
    """A few hundred bytes that want gigabytes."""
    data = declared(name, 16000, 16000)
    assert len(data) < 3000
    assert code_of(data) == "media.too_large"


def test_a_frame_that_sticks_out_counts() -> None:
    """The screen of a GIF grows by its frames, so they are measured too."""
    data = bytearray(saved(scene().quantize(4), "GIF"))
    at = data.index(b",", 13 + 3 * 4)
    data[at + 5 : at + 9] = struct.pack("<HH", 60000, 60000)
    assert gif_extent(bytes(data))[:2] == (60000, 60000)
    assert code_of(bytes(data)) == "media.too_large"


def test_a_budget_is_kept_to_the_pixel() -> None:
    """As many as allowed are decoded, one more is refused."""
    data = saved(scene(), "PNG")
    assert only(decode(data, budget=Budget(pixels=96 * 80))).shape == (80, 96)
    assert code_of(data, budget=Budget(pixels=96 * 80 - 1)) == "media.too_large"
    assert only(decode(data, budget=Budget(bytes=len(data)))).shape == (80, 96)
    assert code_of(data, budget=Budget(bytes=len(data) - 1)) == "media.too_large"


@pytest.mark.parametrize("name", ["PNG", "WEBP", "GIF", "AVIF"])
def test_many_frames_are_refused(name: str) -> None:
    """All frames together are counted, from the header."""
    data = moving(name, list(range(0, 250, 25)))
    area = 30 * 20
    assert decode(data, budget=Budget(animation=10 * area)).total == 10
    assert code_of(data, budget=Budget(animation=10 * area - 1)) == "media.too_large"


def test_kept_frames_share_the_budget_of_pixels() -> None:
    """Memory is bounded by pixels, not by pixels times frames."""
    data = moving("GIF", list(range(0, 250, 25)))
    kept = decode(data, budget=Budget(pixels=3 * 30 * 20 + 5)).frames
    assert [frame.number for frame in kept] == [0, 4, 8]
    assert decode(data, budget=Budget(pixels=3 * 30 * 20 + 5)).left_out


@pytest.mark.parametrize("most", [1, 10, None])
@pytest.mark.parametrize("name", ["JPEG", "PNG", "AVIF"])
def test_pillows_own_limit_is_not_asked(
    name: str, most: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host's global neither refuses nor allows, and is as it was."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", most)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert apart(only(decode(saved(scene(), name))), luma(scene())) < 4
    assert said == [] and most == Image.MAX_IMAGE_PIXELS


def test_pillows_own_limit_may_refuse_a_webp(monkeypatch: pytest.MonkeyPatch) -> None:
    """Newer plug-ins look at a limit that the host has lowered: then the code says so."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    assert outcome(saved(scene(), "WEBP")) in {"media.too_large", "picture"}


# Laws.


CODES: Final = frozenset({"media.damaged", "media.too_large", "media.unsupported"})


def outcome(data: bytes) -> str:
    """The code of the refusal, or "picture"; any other exception fails the test."""
    try:
        picture = decode(data, budget=Budget(pixels=1_000_000))
    except MediaError as error:
        return error.code
    fits = picture.frames and picture.width * picture.height <= 1_000_000
    return "picture" if fits else "more than the budget"


@given(
    st.sampled_from(FORMATS),
    st.integers(0, 2**32 - 1),
    st.integers(1, 12),
    st.booleans(),
)
def test_broken_bytes_give_a_picture_or_a_code(
    name: str, seed: int, changes: int, animated: bool
) -> None:
    """Whatever is wrong, nothing but a MediaError comes out, and no warning."""
    generator = np.random.default_rng(seed)
    whole = moving(name, [0, 99]) if animated and name != "JPEG" else saved(scene(), name)
    data = np.frombuffer(whole, np.uint8).copy()
    places = generator.integers(0, len(data), changes)
    data[places] = generator.integers(0, 256, changes)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert outcome(data.tobytes()) in {"picture", *CODES}
    assert said == []


@given(
    st.sampled_from(
        [
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"RIFF\0\0\0\0WEBPVP8X",
            b"\0\0\0\x20ftypavif\0\0\0\0avifmif1",
        ]
    ),
    st.binary(max_size=200),
)
def test_any_bytes_give_a_code(head: bytes, rest: bytes) -> None:
    """A signature and anything behind it."""
    assert outcome(head + rest) in {"picture", *CODES}


@given(
    st.sampled_from(sorted(LOSSLESS)), st.integers(1, 40), st.integers(1, 40), st.integers(0, 99)
)
def test_lossless_pixels_are_exact(name: str, width: int, height: int, seed: int) -> None:
    """What was saved is what is decoded."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    data = saved(Image.fromarray(pixels), name, **LOSSLESS[name])
    assert (only(decode(data)) == pixels).all()


def test_an_error_travels() -> None:
    """It is pickled between processes and copied like any other."""
    error = MediaError("media.damaged", "PNG: the file ends inside a chunk")
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (twin.code, twin.message, str(twin)) == (error.code, error.message, str(error))


def test_a_webp_states_its_extent() -> None:
    """In each of the three chunks that it may begin with."""
    image = Image.new("RGB", (300, 20))
    clear = Image.new("RGBA", (300, 20), (1, 2, 3, 4))
    for data in (
        saved(image, "WEBP"),
        saved(image, "WEBP", lossless=True),
        saved(clear, "WEBP"),
        saved(image, "WEBP", exif=exif(1)),
    ):
        assert webp_extent(data) == (300, 20)
