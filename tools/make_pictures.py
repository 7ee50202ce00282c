"""Draws the pictures of the bundled rules and ads; run it only to draw them anew.

    python -m tools.make_pictures

`rulesets/gambling/samples/wheel.jpg` is a banner of a made-up casino, `src/automod/demo/story.jpg`
what came back of it: mirrored, in a story with its own blur above and below it.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageOps

ROOT: Final = Path(__file__).parents[1]
WIDTH, HEIGHT = 720, 540
FINE: Final = 3
"""Drawn so many times as large, then reduced: lines come out smooth."""

GREEN, GOLD, RED, BLACK, WHITE = "#0b4d33", "#d8a637", "#b3202a", "#17171b", "#f4efe2"
COINS: Final = ((56, 482, 46), (44, 404, 36), (640, 470, 58), (560, 505, 34), (655, 390, 30))
CARDS: Final = ((548, 60, -14, "A", RED), (612, 92, 11, "K", BLACK))


def wheel() -> Image.Image:
    """A roulette wheel on green cloth, with cards, coins and a button."""
    picture = _cloth()
    draw = ImageDraw.Draw(picture)
    _roulette(draw, (270, 250), 205)
    for left, top, angle, letter, colour in CARDS:
        _card(picture, (left, top), angle, letter, colour)
    for left, top, size in COINS:
        _coin(draw, (left, top), size)
    draw.rounded_rectangle(_scaled(470, 300, 690, 360), 24 * FINE, fill=GOLD)
    draw.text(_at(580, 330), "PLAY NOW", fill=BLACK, font_size=34 * FINE, anchor="mm")
    draw.text(_at(300, 500), "GOLDEN OASIS", fill=WHITE, font_size=44 * FINE, anchor="mm")
    return picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def story(picture: Image.Image) -> Image.Image:
    """The same, as it came back."""
    width, height = 720, 1280
    ground = ImageOps.fit(picture, (width, height)).filter(ImageFilter.GaussianBlur(28))
    ground.paste(ImageOps.mirror(picture), (0, (height - HEIGHT) // 2))
    draw = ImageDraw.Draw(ground)
    draw.rounded_rectangle((60, 980, 660, 1080), 30, fill=WHITE)
    draw.text((360, 1030), "Relax after a long day", fill=BLACK, font_size=44, anchor="mm")
    return ground


def _at(x: float, y: float) -> tuple[float, float]:
    return x * FINE, y * FINE


def _scaled(*places: float) -> tuple[float, ...]:
    return tuple(place * FINE for place in places)


def _cloth() -> Image.Image:
    light = Image.radial_gradient("L").resize((WIDTH * FINE, HEIGHT * FINE))
    return ImageOps.colorize(light, "#14805a", "#04241a")


def _round(draw: ImageDraw.ImageDraw, at: tuple[float, float], radius: float, fill: str) -> None:
    x, y = at
    draw.ellipse(_scaled(x - radius, y - radius, x + radius, y + radius), fill=fill)


def _roulette(draw: ImageDraw.ImageDraw, at: tuple[float, float], radius: float) -> None:
    """Rings from the outside in: wood, gold, pockets, gold, hub."""
    x, y = at
    _round(draw, at, radius, "#4a2511")
    _round(draw, at, radius * 0.93, GOLD)
    box = _scaled(
        *(side * radius * 0.89 + place for side, place in ((-1, x), (-1, y), (1, x), (1, y)))
    )
    pockets = 37
    for number in range(pockets):
        colour = "#1c8a4e" if number == 0 else (RED, BLACK)[number % 2]
        first, last = (360 * (number + step) / pockets for step in (0, 1))
        draw.pieslice(box, first, last, fill=colour, outline=GOLD)
    _round(draw, at, radius * 0.55, GOLD)
    _round(draw, at, radius * 0.52, "#6b3517")
    for spoke in range(4):
        turn = math.pi * (spoke / 2 + 0.2)
        end = x + math.cos(turn) * radius * 0.42, y + math.sin(turn) * radius * 0.42
        draw.line(_scaled(x, y, *end), fill=GOLD, width=10 * FINE)
        _round(draw, end, 11, GOLD)
    _round(draw, at, radius * 0.15, GOLD)
    _round(draw, (x + radius * 0.62, y - radius * 0.38), 9, WHITE)


def _card(
    picture: Image.Image, at: tuple[int, int], angle: float, letter: str, colour: str
) -> None:
    card = Image.new("RGBA", (110 * FINE, 160 * FINE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(card)
    draw.rounded_rectangle(
        (0, 0, 110 * FINE - 1, 160 * FINE - 1), 10 * FINE, fill=WHITE, outline=BLACK
    )
    draw.text(_at(14, 8), letter, fill=colour, font_size=30 * FINE)
    draw.regular_polygon((*_scaled(55, 88), 34 * FINE), 4, 45, fill=colour)
    turned = card.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    left, top = at[0] * FINE - turned.width // 2, at[1] * FINE - turned.height // 2
    picture.paste(turned, (left, top), turned)


def _coin(draw: ImageDraw.ImageDraw, at: tuple[float, float], radius: float) -> None:
    _round(draw, at, radius, "#8a6414")
    _round(draw, (at[0] - 2, at[1] - 3), radius * 0.94, GOLD)
    _round(draw, (at[0] - 2, at[1] - 3), radius * 0.74, "#c08c25")
    draw.text(_at(at[0] - 2, at[1] - 3), "$", fill=WHITE, font_size=radius * FINE, anchor="mm")


def main() -> None:
    """Write both files."""
    sample = ROOT / "rulesets/gambling/samples/wheel.jpg"
    sample.parent.mkdir(exist_ok=True)
    picture = wheel()
    picture.save(sample, quality=82)
    story(picture).save(ROOT / "src/automod/demo/story.jpg", quality=78)


if __name__ == "__main__":
    main()
