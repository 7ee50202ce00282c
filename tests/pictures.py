"""Pictures made up for tests: each number is another scene, none of them like any other."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 480, 360


@cache
def scene(number: int, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Image.Image:
    """A picture with soft areas, shapes with edges, and grain, as photographs have them."""
    rng = np.random.default_rng(number)
    coarse = rng.uniform(0, 255, (7, 9, 3)).astype(np.uint8)
    picture = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        left, top = rng.uniform(0, 0.9, 2) * size
        wide, high = rng.uniform(0.05, 0.3, 2) * size
        colour = tuple(int(one) for one in rng.integers(0, 256, 3))
        shape = draw.ellipse if rng.random() < 0.5 else draw.rectangle
        shape((left, top, left + wide, top + high), fill=colour)
    grain = rng.normal(0, 6, (size[1], size[0], 3))
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))


def file_of(picture: Image.Image, form: str = "PNG", **options: int) -> bytes:
    """A picture as the bytes of a file."""
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def framed(picture: Image.Image, margin: int, colour: str = "white") -> Image.Image:
    """A picture with a border of so many pixels."""
    width, height = picture.size
    larger = Image.new("RGB", (width + 2 * margin, height + 2 * margin), colour)
    larger.paste(picture, (margin, margin))
    return larger


def with_code(picture: Image.Image, text: str, scale: int = 3) -> Image.Image:
    """A picture with a QR code in its corner."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    drawn = Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(code, scale=scale)))
    larger = picture.copy()
    larger.paste(drawn.convert("RGB"), (10, 10))
    return larger
