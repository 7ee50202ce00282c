"""Draws the pictures of the labelled ads of `benchmarks/accuracy`; run it only to draw them anew.

    python -m tools.make_accuracy_pictures

The two with Arabic words need DejaVu Sans Bold on the machine and a Pillow with Raqm.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

FOLDER: Final = Path(__file__).parents[1] / "benchmarks/accuracy/pictures"
WIDTH, HEIGHT = 640, 480
FINE: Final = 2
"""Drawn so many times as large, then reduced: lines come out smooth."""

INK, PAPER, RED, GREEN = "#1b1d22", "#f6f1e4", "#c0262d", "#1f8a4c"
GOLD, BLUE, GREY, BROWN = "#e0a92e", "#2456a6", "#8c9199", "#6a4327"
ARABIC_FONT: Final = "DejaVuSans-Bold.ttf"
RAIN: Final = (62, 48, 55, 40, 71, 33, 12, 20, 58, 90, 77, 66)
"""Millimetres a month."""

Draw = ImageDraw.ImageDraw


def main() -> None:
    """Write all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        picture = draw().resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        if name.endswith(".png"):
            picture.quantize(64).save(FOLDER / name, optimize=True)
        else:
            picture.save(FOLDER / name, quality=76)


def slots() -> Image.Image:
    """A machine with three sevens."""
    picture, draw = _ground("#3b0f5c")
    draw.rounded_rectangle(_at(90, 110, 550, 370), 30 * FINE, fill=GOLD, outline=RED, width=8)
    for left in (125, 265, 405):
        draw.rounded_rectangle(_at(left, 150, left + 115, 300), 10 * FINE, fill=PAPER)
        _words(draw, (left + 57, 225), "7", 120, RED)
    draw.line(_at(550, 240, 590, 180), fill=GREY, width=12 * FINE)
    _disc(draw, (592, 172), 18, RED)
    _words(draw, (320, 60), "SPIN & WIN REAL CASH", 48, PAPER)
    _words(draw, (320, 335), "$500 BONUS", 40, RED)
    return picture


def table() -> Image.Image:
    """Cards and chips on green cloth, without a word."""
    picture, draw = _ground("#0d5a38")
    draw.ellipse(_at(-80, 40, 720, 560), fill="#12714a", outline=BROWN, width=26 * FINE)
    for place, (letter, colour) in enumerate((("A", INK), ("K", RED), ("Q", RED), ("J", INK))):
        _card(draw, (120 + 105 * place, 150), letter, colour)
    for place, colour in enumerate((RED, BLUE, INK, GREEN, GOLD)):
        for level in range(2 + place % 3):
            _chip(draw, (150 + 85 * place, 385 - 14 * level), colour)
    return picture


def candles() -> Image.Image:
    """A rising chart of prices."""
    picture, draw = _ground("#0f1420")
    price = 380.0
    for step in range(24):
        rise = 22 * math.sin(step * 1.7) + 13
        colour = GREEN if rise > 0 else RED
        left = 40 + 24 * step
        top, bottom = sorted((price, price - rise))
        draw.line(_at(left + 8, top - 14, left + 8, bottom + 12), fill=colour, width=3 * FINE)
        draw.rectangle(_at(left, top, left + 16, bottom + 2), fill=colour)
        price -= rise
    _words(draw, (320, 60), "x10 IN 7 DAYS", 64, GOLD)
    _words(draw, (320, 440), "GUARANTEED PROFIT", 36, PAPER)
    return picture


def scan() -> Image.Image:
    """A code that leads to the offer."""
    return _with_code("https://dailyfive.example/join?ref=7", "SCAN AND EARN", "5% DAILY", INK)


def menu() -> Image.Image:
    """A code that leads to a menu."""
    return _with_code("https://rm-jimbaran.example/menu", "SCAN", "FOR MENU", "#14573f")


def scratch() -> Image.Image:
    """A scratchcard, half scratched."""
    picture, draw = _ground("#e7487a")
    draw.rounded_rectangle(_at(50, 40, 590, 440), 24 * FINE, fill="#fff3b8")
    _words(draw, (320, 90), "GRATTEZ 50 000 EUR", 46, RED)
    for place in range(6):
        left, top = 100 + 155 * (place % 3), 140 + 120 * (place // 3)
        draw.rectangle(_at(left, top, left + 130, top + 100), fill=GREY if place % 2 else PAPER)
        if place % 2 == 0:
            _star(draw, (left + 65, top + 50), 36, GOLD)
    _words(draw, (320, 405), "3 SYMBOLES = GAIN", 32, INK)
    return picture


def locked() -> Image.Image:
    """A telephone with a warning that a bank never sends."""
    picture, draw = _ground("#cfd6df")
    draw.rounded_rectangle(_at(195, 15, 445, 470), 30 * FINE, fill=INK)
    draw.rectangle(_at(207, 50, 433, 440), fill="white")
    draw.rectangle(_at(207, 50, 433, 100), fill=BLUE)
    draw.polygon(_at(320, 115, 370, 200, 270, 200), fill=GOLD)
    _words(draw, (320, 172), "!", 54, INK)
    _words(draw, (320, 228), "ACCOUNT LOCKED", 25, RED)
    for place, words in enumerate(("Enter card PIN", "and code", "to unlock")):
        _words(draw, (320, 262 + 24 * place), words, 20, INK)
    for place in range(4):
        draw.rectangle(_at(232 + 46 * place, 340, 270 + 46 * place, 385), outline=GREY, width=4)
    return picture


def oasis() -> Image.Image:
    """A palm in the night, and a casino's name in Arabic."""
    picture, draw = _ground("#1a1147")
    _disc(draw, (520, 90), 46, "#f2e7b0")
    draw.polygon(_at(0, 400, 220, 330, 420, 390, 640, 340, 640, 480, 0, 480), fill="#b98a3c")
    draw.line(_at(150, 380, 165, 230), fill=BROWN, width=18 * FINE)
    for turn in range(7):
        x, y = 165 + 90 * math.cos(turn * 0.9), 230 + 55 * math.sin(turn * 0.9)
        draw.line(_at(165, 230, x, y), fill=GREEN, width=14 * FINE)
    _arabic(draw, (380, 190), "كازينو النخلة", 54, GOLD)
    draw.rounded_rectangle(_at(250, 250, 510, 315), 20 * FINE, fill=RED)
    _arabic(draw, (380, 282), "العب واربح الآن", 30, PAPER)
    return picture


def leet() -> Image.Image:
    """Words with digits for letters over a burst."""
    picture, draw = _ground("#12062b")
    for ray in range(24):
        first, last = ray * 15, ray * 15 + 7
        draw.pieslice(_at(-80, -160, 720, 640), first, last, fill="#3d1b78")
    _words(draw, (320, 180), "SL0T G4C0R", 92, GOLD)
    draw.rounded_rectangle(_at(130, 275, 510, 355), 30 * FINE, fill=RED)
    _words(draw, (320, 315), "B0NUS 100%", 50, PAPER)
    return picture


def plan() -> Image.Image:
    """A price list of fixed gains."""
    picture, draw = _ground(PAPER)
    draw.rectangle(_at(0, 0, 640, 110), fill=GREEN)
    _words(draw, (320, 55), "PLAN VIP", 60, PAPER)
    _words(draw, (320, 200), "1000 = 3000 USDT", 64, INK)
    draw.line(_at(80, 255, 560, 255), fill=GREY, width=4 * FINE)
    _words(draw, (320, 310), "5 DIAS", 56, INK)
    _words(draw, (320, 400), "SIN RIESGO", 56, RED)
    return picture


def coffee() -> Image.Image:
    """A cup and a card with ten stamps."""
    picture, draw = _ground("#efe3d0")
    draw.polygon(_at(70, 150, 270, 150, 245, 400, 95, 400), fill=PAPER, outline=BROWN)
    draw.rectangle(_at(78, 210, 262, 320), fill=BROWN)
    draw.rounded_rectangle(_at(55, 120, 285, 160), 12 * FINE, fill=INK)
    draw.rounded_rectangle(_at(320, 150, 610, 400), 14 * FINE, fill="white", outline=GREY)
    _words(draw, (465, 190), "BUY 9 GET 1 FREE", 30, BROWN)
    for place in range(10):
        at = (358 + 54 * (place % 5), 270 + 70 * (place // 5))
        _disc(draw, at, 20, BROWN if place < 6 else "#e4dccf")
    return picture


def bicycle() -> Image.Image:
    """A wheel with spokes: round, but nobody bets on it."""
    picture, draw = _ground("#bfe0ea")
    _disc(draw, (250, 250), 200, INK)
    _disc(draw, (250, 250), 180, "#bfe0ea")
    for spoke in range(20):
        turn = spoke * math.pi / 10
        end = 250 + 182 * math.cos(turn), 250 + 182 * math.sin(turn)
        draw.line(_at(250, 250, *end), fill=GREY, width=2 * FINE)
    _disc(draw, (250, 250), 18, RED)
    _words(draw, (545, 200), "WHEEL", 50, INK)
    _words(draw, (545, 265), "REPAIR", 50, INK)
    return picture


def chess() -> Image.Image:
    """A board with a few pieces."""
    picture, draw = _ground("#d9c7a3")
    for square in range(64):
        column, row = square % 8, square // 8
        colour = "#7b5230" if (column + row) % 2 else PAPER
        left, top = 30 + 52 * column, 32 + 52 * row
        draw.rectangle(_at(left, top, left + 52, top + 52), fill=colour)
    for column, row, colour in ((1, 1, INK), (4, 2, INK), (3, 5, "white"), (6, 6, "white")):
        x, y = 56 + 52 * column, 58 + 52 * row
        draw.polygon(_at(x - 16, y + 20, x + 16, y + 20, x, y - 12), fill=colour, outline=GREY)
        _disc(draw, (x, y - 12), 10, colour)
    _words(draw, (545, 200), "CHESS", 50, INK)
    _words(draw, (545, 265), "NIGHT", 50, INK)
    return picture


def rain() -> Image.Image:
    """Bars of twelve months of rain."""
    picture, draw = _ground("white")
    for month, height in enumerate(RAIN):
        left = 50 + 46 * month
        draw.rectangle(_at(left, 420 - 3 * height, left + 32, 420), fill=BLUE)
    draw.line(_at(40, 420, 610, 420), fill=INK, width=3 * FINE)
    _words(draw, (320, 60), "PLUIE 2026", 56, INK)
    _words(draw, (590, 445), "mm", 24, GREY)
    return picture


def magic() -> Image.Image:
    """A hat, a wand and cards that fly."""
    picture, draw = _ground("#54206b")
    draw.ellipse(_at(120, 370, 440, 430), fill=INK)
    draw.polygon(_at(190, 250, 370, 250, 350, 400, 210, 400), fill=INK)
    draw.ellipse(_at(190, 235, 370, 265), fill="#333842")
    for at, letter, colour in (((215, 90), "3", RED), ((330, 60), "8", INK), ((90, 130), "5", RED)):
        _card(draw, at, letter, colour)
    draw.line(_at(430, 330, 560, 200), fill=PAPER, width=10 * FINE)
    _star(draw, (568, 190), 30, GOLD)
    _words(draw, (520, 400), "MAGIC SHOW", 36, PAPER)
    return picture


def quizwheel() -> Image.Image:
    """A wheel of questions at a school."""
    picture, draw = _ground("#fff7df")
    for part, colour in enumerate((RED, BLUE, GOLD, GREEN) * 2):
        draw.pieslice(
            _at(60, 90, 420, 450), part * 45, part * 45 + 45, fill=colour, outline="white"
        )
        turn = math.radians(part * 45 + 22.5)
        at = 240 + 120 * math.cos(turn), 270 + 120 * math.sin(turn)
        _words(draw, at, "?", 50, "white")
    draw.polygon(_at(225, 60, 255, 60, 240, 100), fill=INK)
    _words(draw, (530, 220), "GIRA Y", 48, INK)
    _words(draw, (530, 285), "APRENDE", 44, INK)
    return picture


def rates() -> Image.Image:
    """A board of an exchange office."""
    picture, draw = _ground("#101418")
    _words(draw, (320, 60), "TRAVEL MONEY", 56, GOLD)
    for row, (money, rate) in enumerate((("EUR", "1.14"), ("AED", "4.62"), ("THB", "43.1"))):
        y = 165 + 85 * row
        draw.rectangle(_at(90, y - 34, 550, y + 34), fill="#1f2730")
        _words(draw, (190, y), money, 46, PAPER)
        _words(draw, (440, y), rate, 46, "#7ee08a")
    _words(draw, (320, 440), "NO FEES", 34, PAPER)
    return picture


def quit_poster() -> Image.Image:
    """A chip, crossed out."""
    picture, draw = _ground("#e9f0ea")
    _chip(draw, (320, 195), BLUE, 130)
    draw.line(_at(215, 90, 425, 300), fill=RED, width=26 * FINE)
    draw.ellipse(_at(170, 45, 470, 345), outline=RED, width=22 * FINE)
    _words(draw, (320, 390), "QUIT GAMBLING", 50, INK)
    _words(draw, (320, 440), "WE LISTEN", 34, GREEN)
    return picture


def karak() -> Image.Image:
    """Two glasses of tea."""
    picture, draw = _ground("#7a2e1d")
    for left in (110, 290):
        draw.polygon(
            _at(left, 210, left + 130, 210, left + 110, 420, left + 20, 420),
            fill="#c98a4b",
            outline=PAPER,
            width=6,
        )
        draw.ellipse(_at(left, 195, left + 130, 225), fill="#e6b27a")
        for wave in (35, 65, 95):
            draw.arc(_at(left + wave - 12, 110, left + wave + 12, 190), 90, 270, PAPER, 6)
    _arabic(draw, (430, 80), "شاي كرك طازج", 46, GOLD)
    return picture


def sale() -> Image.Image:
    """Pots on a shelf under spaced letters."""
    picture, draw = _ground("#f4ece2")
    _words(draw, (320, 100), "S  A  L  E", 110, RED)
    for place, colour in enumerate((BLUE, BROWN, GREEN, GREY)):
        left = 60 + 140 * place
        draw.ellipse(_at(left, 240, left + 100, 390), fill=colour)
        draw.rectangle(_at(left + 32, 215, left + 68, 262), fill=colour)
    draw.rectangle(_at(20, 388, 620, 408), fill=BROWN)
    return picture


def _ground(colour: str) -> tuple[Image.Image, Draw]:
    picture = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), colour)
    return picture, ImageDraw.Draw(picture)


def _at(*places: float) -> tuple[float, ...]:
    return tuple(place * FINE for place in places)


def _words(draw: Draw, at: tuple[float, float], words: str, size: float, colour: str) -> None:
    draw.text((at[0] * FINE, at[1] * FINE), words, fill=colour, font_size=size * FINE, anchor="mm")


def _arabic(draw: Draw, at: tuple[float, float], words: str, size: int, colour: str) -> None:
    font = ImageFont.truetype(ARABIC_FONT, size * FINE, layout_engine=ImageFont.Layout.RAQM)
    place = at[0] * FINE, at[1] * FINE
    draw.text(place, words, fill=colour, font=font, anchor="mm", direction="rtl", language="ar")


def _disc(draw: Draw, at: tuple[float, float], radius: float, colour: str) -> None:
    x, y = at
    draw.ellipse(_at(x - radius, y - radius, x + radius, y + radius), fill=colour)


def _star(draw: Draw, at: tuple[float, float], radius: float, colour: str) -> None:
    points = []
    for corner in range(10):
        length = radius if corner % 2 == 0 else radius * 0.45
        turn = math.radians(36 * corner - 90)
        points += [at[0] + length * math.cos(turn), at[1] + length * math.sin(turn)]
    draw.polygon(_at(*points), fill=colour)


def _card(draw: Draw, at: tuple[int, int], letter: str, colour: str) -> None:
    left, top = at
    box = _at(left, top, left + 92, top + 130)
    draw.rounded_rectangle(box, 10 * FINE, fill="white", outline=GREY, width=3)
    _words(draw, (left + 22, top + 24), letter, 32, colour)
    middle = (left + 46) * FINE, (top + 78) * FINE
    draw.regular_polygon((*middle, 30 * FINE), 4, 45, fill=colour)


def _chip(draw: Draw, at: tuple[float, float], colour: str, radius: float = 34) -> None:
    _disc(draw, at, radius, colour)
    x, y = at
    box = _at(x - radius, y - radius, x + radius, y + radius)
    for part in range(6):
        draw.arc(box, part * 60, part * 60 + 25, fill="white", width=round(radius * 0.2) * FINE)
    _disc(draw, at, radius * 0.6, "white")
    _disc(draw, at, radius * 0.53, colour)


def _with_code(text: str, first: str, second: str, colour: str) -> Image.Image:
    picture, draw = _ground("white")
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    drawn = Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(code, scale=18)))
    drawn = drawn.convert("RGB").resize((320 * FINE, 320 * FINE), Image.Resampling.NEAREST)
    picture.paste(drawn, (20 * FINE, 80 * FINE))
    draw.rectangle(_at(350, 0, 640, 480), fill=colour)
    _words(draw, (495, 200), first, 34, "white")
    _words(draw, (495, 270), second, 48, GOLD)
    return picture


PICTURES: Final[Mapping[str, Callable[[], Image.Image]]] = MappingProxyType(
    {
        "slots.jpg": slots,
        "table.jpg": table,
        "candles.jpg": candles,
        "scan.png": scan,
        "scratch.jpg": scratch,
        "locked.jpg": locked,
        "oasis.jpg": oasis,
        "leet.jpg": leet,
        "plan.png": plan,
        "coffee.jpg": coffee,
        "bicycle.jpg": bicycle,
        "chess.jpg": chess,
        "rain.jpg": rain,
        "magic.jpg": magic,
        "quizwheel.jpg": quizwheel,
        "rates.png": rates,
        "menu.png": menu,
        "quit.jpg": quit_poster,
        "karak.jpg": karak,
        "sale.jpg": sale,
    }
)


if __name__ == "__main__":
    main()
