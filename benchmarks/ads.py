"""Ads made up by a generator: pictures that have nothing to do with each other, as many as wanted.

A ground (one colour, a gradient, a soft pattern), perhaps a photograph cut out of one of those
given, shapes, a head line, words, a button. The same seed gives the same pixels.
"""

from __future__ import annotations

import colorsys
import random
from collections.abc import Sequence
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]

SIZES: Final = ((270, 480), (300, 300), (360, 360), (300, 375), (480, 270), (400, 210))
WORDS: Final = (
    "win", "free", "now", "best", "offer", "slim", "loan", "crypto", "buy", "today", "only",
    "new", "sale", "shop", "50%", "off", "bonus", "play", "live", "trick", "amazing", "result",
    "before", "after", "click", "here", "limited", "stock", "order", "rich", "money", "back",
    "call", "join", "app", "download", "the", "of", "for", "your", "and", "with", "in", "2026",
    "#1", "$99",
)  # fmt: skip
KINDS: Final = ("photo on top", "photo within", "photo behind", "product", "words", "shapes")


def ad(seed: int, photos: Sequence[Image.Image]) -> Image.Image:
    """One ad.

    Args:
        seed: another one is another ad.
        photos: what its photograph is cut out of, if it has one.
    """
    rng = random.Random(seed)
    size = rng.choice(SIZES)
    picture, kind = _ground(rng, size), rng.choice(KINDS)
    if kind.startswith("photo"):
        _photo(rng, picture, rng.choice(photos), kind)
    if kind in ("product", "shapes", "words"):
        _shapes(rng, picture)
    _words(rng, picture)
    return picture


def _colour(rng: random.Random) -> Colour:
    chance = rng.random()
    if chance < 0.35:
        return (255, 255, 255) if chance < 0.25 else (0, 0, 0)
    red, green, blue = colorsys.hsv_to_rgb(rng.random(), rng.random(), rng.random())
    return int(255 * red), int(255 * green), int(255 * blue)


def _ground(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    chance = rng.random()
    if chance < 0.45:
        return Image.new("RGB", size, _colour(rng))
    count = 2 if chance < 0.75 else rng.choice((3, 5, 9, 17))
    levels = np.array([_colour(rng) for _ in range(count * count)], np.uint8)
    patches = Image.fromarray(levels.reshape(count, count, 3))
    return patches.resize(size, Image.Resampling.BICUBIC)


def _photo(rng: random.Random, picture: Image.Image, photo: Image.Image, kind: str) -> None:
    width, height = picture.size
    wide = photo.width * rng.uniform(0.25, 1)
    high = min(photo.height, wide * rng.uniform(0.6, 1.7))
    left, top = rng.uniform(0, photo.width - wide), rng.uniform(0, photo.height - high)
    part = photo.crop((int(left), int(top), int(left + wide), int(top + high)))
    if kind == "photo behind":
        picture.paste(part.resize(picture.size), (0, 0))
        return
    tall = int(height * rng.uniform(0.3, 0.7))
    margin = 0 if rng.random() < 0.6 else int(width * 0.06)
    down = 0 if kind == "photo on top" else int((height - tall) * rng.random())
    picture.paste(part.resize((width - 2 * margin, tall)), (margin, down))


def _shapes(rng: random.Random, picture: Image.Image) -> None:
    draw, (width, height) = ImageDraw.Draw(picture), picture.size
    for _ in range(rng.randint(1, 7)):
        left, top = rng.uniform(-0.2, 0.9) * width, rng.uniform(-0.2, 0.9) * height
        box = (
            left,
            top,
            left + rng.uniform(0.05, 0.6) * width,
            top + rng.uniform(0.05, 0.6) * height,
        )
        shape = rng.choice((draw.ellipse, draw.rectangle))
        shape(box, fill=_colour(rng))


def _words(rng: random.Random, picture: Image.Image) -> None:
    draw, (width, height) = ImageDraw.Draw(picture), picture.size
    if rng.random() < 0.8:
        _lines(rng, picture, rng.choice((0.04, 0.1, 0.7)), height * rng.uniform(0.05, 0.12))
    if rng.random() < 0.5:
        _lines(rng, picture, rng.uniform(0.3, 0.6), height * rng.uniform(0.025, 0.06))
    if rng.random() < 0.6:
        wide, high = width * rng.uniform(0.3, 0.7), height * rng.uniform(0.06, 0.1)
        left, top = (width - wide) / 2, height * rng.uniform(0.75, 0.9)
        box = left, top, left + wide, top + high
        draw.rounded_rectangle(box, high / 3, fill=_colour(rng))
        at = width / 2, top + high / 2
        draw.text(at, rng.choice(WORDS), _colour(rng), font_size=high * 0.6, anchor="mm")


def _lines(rng: random.Random, picture: Image.Image, top: float, size: float) -> None:
    draw, (width, height) = ImageDraw.Draw(picture), picture.size
    down, ink = top * height, _colour(rng)
    for _ in range(rng.randint(1, 4)):
        line = " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 5)))
        draw.text((width * 0.06, down), line, ink, font_size=size)
        down += size * 1.25
