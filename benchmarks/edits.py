"""What an advertiser does to a banned picture to bring it back: named edits, each with its truth.

    edit = EDITS["border 5 %"]
    edited = edit(picture)            # a PIL.Image
    image, box = edit.apply(picture)  # with the box in it where the original's content lies

Every edit is a function of the picture alone: the same picture gives the same pixels. A box is
(left, top, right, bottom) in pixels of the edited picture; where the picture was cut, it is what is
left of it; under a banner, the banner's place is part of the box.

`EDITS` is what the recall table is made of. `HELD_OUT` are the same sorts of edit
with other sizes, places and colours: nothing is to be tuned to them.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

Box = tuple[int, int, int, int]
Colour = tuple[int, int, int]

BLACK: Final[Colour] = (0, 0, 0)
WHITE: Final[Colour] = (255, 255, 255)
TEAL: Final[Colour] = (0, 128, 120)
RED: Final[Colour] = (214, 32, 40)
YELLOW: Final[Colour] = (255, 214, 10)
PALE: Final[Colour] = (236, 233, 228)
NAVY: Final[Colour] = (14, 24, 60)
ASKED: Final = 0.9
ASKED_OF_HARD: Final = 0.6
WORDS: Final = "Only today: free delivery, order now"


class Edited(NamedTuple):
    """An edited picture, and where in it the content of the original lies."""

    image: Image.Image
    box: Box


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit by name.

    `target` is the share of the scenes that must be found again after it.
    """

    name: str
    apply: Callable[[Image.Image], Edited]
    target: float = ASKED

    def __call__(self, picture: Image.Image) -> Image.Image:
        """The edited picture."""
        return self.apply(picture).image


# --- pixels stay where they are ------------------------------------------------------------------


def whole(picture: Image.Image) -> Edited:
    """The picture, all of it content."""
    return Edited(picture, (0, 0, *picture.size))


def recompressed(picture: Image.Image, quality: int) -> Edited:
    """Saved as JPEG and read again."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return whole(Image.open(io.BytesIO(file.getvalue())).convert("RGB"))


def brighter(picture: Image.Image, factor: float) -> Edited:
    """Every channel times a factor."""
    return whole(ImageEnhance.Brightness(picture).enhance(factor))


def contrasted(picture: Image.Image, factor: float) -> Edited:
    """Away from its mean grey (or to it: a factor under 1)."""
    return whole(ImageEnhance.Contrast(picture).enhance(factor))


def grey(picture: Image.Image) -> Edited:
    """Without colour."""
    return whole(picture.convert("L").convert("RGB"))


def saturated(picture: Image.Image, factor: float) -> Edited:
    """More colour."""
    return whole(ImageEnhance.Color(picture).enhance(factor))


def blurred(picture: Image.Image, share: float) -> Edited:
    """A Gaussian blur; its radius is a share of the shorter side."""
    return whole(picture.filter(ImageFilter.GaussianBlur(share * min(picture.size))))


# --- the grid changes ----------------------------------------------------------------------------


def resized(picture: Image.Image, factor: float) -> Edited:
    """Smaller or larger, both sides alike."""
    return whole(_scaled(picture, factor))


def squashed(picture: Image.Image, across: int, down: int) -> Edited:
    """Forced into another aspect: the longer side stays."""
    long = max(picture.size)
    size = (long, round(long * down / across))
    return whole(picture.resize(size if across > down else (round(long * across / down), long)))


def mirrored(picture: Image.Image) -> Edited:
    """Left and right change places."""
    return whole(ImageOps.mirror(picture))


def turned(picture: Image.Image, way: Image.Transpose) -> Edited:
    """By quarters of a circle."""
    return whole(picture.transpose(way))


def rotated(picture: Image.Image, degrees: float, ground: Colour) -> Edited:
    """By a few degrees, corners filled with a colour."""
    return whole(picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=ground))


# --- something is put around it ------------------------------------------------------------------


def bordered(picture: Image.Image, share: float, colour: Colour) -> Edited:
    """A frame of one colour; its width is a share of each side."""
    left, top = (round(side * share) for side in picture.size)
    canvas = Image.new("RGB", (picture.width + 2 * left, picture.height + 2 * top), colour)
    return _laid(canvas, picture, left, top)


def gradient_bordered(picture: Image.Image, share: float, first: Colour, last: Colour) -> Edited:
    """A frame whose colour runs from one corner to the other."""
    left, top = (round(side * share) for side in picture.size)
    canvas = gradient((picture.width + 2 * left, picture.height + 2 * top), first, last)
    return _laid(canvas, picture, left, top)


def letterboxed(
    picture: Image.Image, across: int, down: int, colour: Colour, at: float = 0.5
) -> Edited:
    """In the middle (or elsewhere) of a canvas of another aspect, of one colour."""
    size = _canvas(picture, across, down)
    return _placed(Image.new("RGB", size, colour), picture, at)


def blur_filled(picture: Image.Image, across: int, down: int, at: float = 0.5) -> Edited:
    """In the middle of itself, enlarged to fill another aspect and blurred."""
    size = _canvas(picture, across, down)
    ground = ImageOps.fit(picture, size).filter(ImageFilter.GaussianBlur(min(size) / 25))
    return _placed(ground, picture, at)


def inside(picture: Image.Image, share: float, x: float, y: float) -> Edited:
    """Picture in picture: this wide in a drawn scene of the same size, x and y of the room left."""
    small = _scaled(picture, share)
    room = picture.width - small.width, picture.height - small.height
    return _laid(drawn_scene(picture.size), small, round(room[0] * x), round(room[1] * y))


def screenshot(picture: Image.Image, ground: Colour, ink: Colour) -> Edited:
    """On a telephone: status bar, head line, picture at full width, words, navigation bar."""
    width = picture.width
    unit = max(width // 24, 4)
    canvas = Image.new("RGB", (width, picture.height + 11 * unit), ground)
    _status_bar(canvas, unit, ink)
    _navigation_bar(canvas, unit, ink)
    draw = ImageDraw.Draw(canvas)
    draw.text((unit, picture.height + 5 * unit), WORDS, ink, font=_font(unit))
    draw.text((unit, picture.height + 6.5 * unit), "1,204 likes", ink, font=_font(unit))
    return _laid(canvas, picture, 0, 4 * unit)


# --- something is cut off or put over it ---------------------------------------------------------


def cropped(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Edited:
    """Shares of width and height cut off at each side."""
    width, height = picture.size
    box = (
        round(width * left),
        round(height * top),
        width - round(width * right),
        height - round(height * bottom),
    )
    return whole(picture.crop(box))


def bannered(
    picture: Image.Image, share: float, ground: Colour, ink: Colour, *, top: bool
) -> Edited:
    """A bar with words over the top or the bottom."""
    copy = picture.copy()
    high = round(picture.height * share)
    above = 0 if top else picture.height - high
    draw = ImageDraw.Draw(copy)
    draw.rectangle((0, above, picture.width, above + high), fill=ground)
    draw.text((high * 0.4, above + high * 0.2), WORDS, ink, font=_font(high * 0.5))
    return whole(copy)


def with_logo(
    picture: Image.Image, share: float, x: float, y: float, colour: Colour = RED
) -> Edited:
    """A round logo with a letter, as wide as a share of the shorter side, in a corner."""
    copy = picture.copy()
    wide = share * min(picture.size)
    left, top = ((side - wide) * at for side, at in zip(picture.size, (x, y), strict=True))
    draw = ImageDraw.Draw(copy)
    draw.ellipse((left, top, left + wide, top + wide), fill=colour, outline=WHITE, width=2)
    middle = (left + wide / 2, top + wide / 2)
    draw.text(middle, "W", WHITE, font=_font(wide * 0.6), anchor="mm")
    return whole(copy)


def captioned(picture: Image.Image, share: float, y: float, colour: Colour = WHITE) -> Edited:
    """Two lines of words over the picture, letters as high as a share of it, with dark edges."""
    copy = picture.copy()
    size = picture.height * share
    draw = ImageDraw.Draw(copy)
    for number, line in enumerate(("WIN BIG TODAY", "tap to start")):
        at = (picture.width / 2, picture.height * y + number * size * 1.2)
        font = _font(size)
        draw.text(at, line, colour, font=font, anchor="mm", stroke_width=2, stroke_fill=BLACK)
    return whole(copy)


# --- one after another ---------------------------------------------------------------------------


def combined(picture: Image.Image, steps: tuple[Callable[[Image.Image], Edited], ...]) -> Edited:
    """Several edits; at most one of them, or none after a first, may put something around.

    Raises:
        ValueError: a frame was changed twice.
    """
    return reduce(_then, steps, whole(picture))


def _then(before: Edited, step: Callable[[Image.Image], Edited]) -> Edited:
    after = step(before.image)
    if before.box == whole(before.image).box:
        return after
    if after.image.size != before.image.size or after.box != whole(after.image).box:
        raise ValueError("the box after two changes of the frame is not worked out")
    return Edited(after.image, before.box)


# --- parts ---------------------------------------------------------------------------------------


def gradient(size: tuple[int, int], first: Colour, last: Colour) -> Image.Image:
    """A canvas whose colour runs from the upper left to the lower right corner."""
    across = Image.linear_gradient("L").rotate(90).resize(size)
    down = Image.linear_gradient("L").resize(size)
    mask = Image.blend(across, down, 0.5)
    return Image.composite(Image.new("RGB", size, last), Image.new("RGB", size, first), mask)


def drawn_scene(size: tuple[int, int]) -> Image.Image:
    """A room of a game show: sky, floor, a sun, a table. It is the same for every picture."""
    width, height = size
    canvas = gradient(size, (250, 180, 90), (90, 40, 120))
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((0, height * 0.7, width, height), fill=(70, 90, 60))
    draw.ellipse((width * 0.7, height * 0.05, width * 0.9, height * 0.05 + width * 0.2), YELLOW)
    draw.polygon(
        [(0, height * 0.7), (width * 0.3, height * 0.2), (width * 0.6, height * 0.7)], NAVY
    )
    draw.rectangle((width * 0.05, height * 0.8, width * 0.5, height * 0.95), fill=RED)
    return canvas


def _laid(canvas: Image.Image, picture: Image.Image, left: int, top: int) -> Edited:
    canvas.paste(picture, (left, top))
    return Edited(canvas, (left, top, left + picture.width, top + picture.height))


def _placed(canvas: Image.Image, picture: Image.Image, at: float) -> Edited:
    room = canvas.width - picture.width, canvas.height - picture.height
    return _laid(canvas, picture, round(room[0] * at), round(room[1] * at))


def _canvas(picture: Image.Image, across: int, down: int) -> tuple[int, int]:
    """The smallest canvas of an aspect that holds the picture."""
    width, height = picture.size
    if width * down >= height * across:
        return width, round(width * down / across)
    return round(height * across / down), height


def _scaled(picture: Image.Image, factor: float) -> Image.Image:
    width, height = (max(1, round(side * factor)) for side in picture.size)
    return picture.resize((width, height))


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font that comes with Pillow: no picture depends on what the machine has."""
    return ImageFont.load_default(max(size, 6))


def _status_bar(canvas: Image.Image, unit: int, ink: Colour) -> None:
    draw, width = ImageDraw.Draw(canvas), canvas.width
    draw.text((unit, unit * 0.3), "9:41", ink, font=_font(unit))
    for number in range(4):
        left = width - unit * (6 - number)
        draw.rectangle((left, unit * (1.2 - 0.2 * number), left + unit * 0.5, unit * 1.3), fill=ink)
    draw.rectangle((width - unit * 1.8, unit * 0.5, width - unit * 0.4, unit * 1.3), outline=ink)
    draw.ellipse((unit * 0.5, unit * 1.9, unit * 2.3, unit * 3.7), fill=TEAL)
    draw.text((unit * 3, unit * 2.2), "best.offers.daily", ink, font=_font(unit))


def _navigation_bar(canvas: Image.Image, unit: int, ink: Colour) -> None:
    draw, width, height = ImageDraw.Draw(canvas), canvas.width, canvas.height
    top = height - unit * 2
    draw.line((0, top - unit * 0.5, width, top - unit * 0.5), fill=(128, 128, 128))
    for number in range(5):
        middle = width * (number + 0.5) / 5
        draw.ellipse(
            (middle - unit * 0.6, top, middle + unit * 0.6, top + unit * 1.2), outline=ink, width=2
        )


# --- the tables ----------------------------------------------------------------------------------


def _table(*rows: Edit) -> dict[str, Edit]:
    return {row.name: row for row in rows}


def _both(name: str, *steps: Callable[[Image.Image], Edited]) -> Edit:
    return Edit(name, partial(combined, steps=steps))


EDITS: Final[dict[str, Edit]] = _table(
    Edit("none", whole),
    Edit("recompress q30", partial(recompressed, quality=30)),
    Edit("recompress q10", partial(recompressed, quality=10)),
    Edit("resize 50 %", partial(resized, factor=0.5)),
    Edit("squash to 1:1", partial(squashed, across=1, down=1)),
    Edit("squash to 9:16", partial(squashed, across=9, down=16)),
    Edit("brightness 70 %", partial(brighter, factor=0.7)),
    Edit("brightness 140 %", partial(brighter, factor=1.4)),
    Edit("contrast 60 %", partial(contrasted, factor=0.6)),
    Edit("contrast 150 %", partial(contrasted, factor=1.5)),
    Edit("grey", grey),
    Edit("blur", partial(blurred, share=0.008)),
    Edit("border 2 %", partial(bordered, share=0.02, colour=BLACK)),
    Edit("border 5 %", partial(bordered, share=0.05, colour=TEAL)),
    Edit("border 10 %", partial(bordered, share=0.10, colour=WHITE)),
    Edit("border 6 %, gradient", partial(gradient_bordered, share=0.06, first=RED, last=NAVY)),
    Edit("letterbox 9:16 black", partial(letterboxed, across=9, down=16, colour=BLACK)),
    Edit("letterbox 9:16 white", partial(letterboxed, across=9, down=16, colour=WHITE)),
    Edit("letterbox 9:16 blurred", partial(blur_filled, across=9, down=16)),
    Edit("crop 2 % a side", partial(cropped, left=0.02, top=0.02, right=0.02, bottom=0.02)),
    Edit("crop 5 % a side", partial(cropped, left=0.05, top=0.05, right=0.05, bottom=0.05)),
    Edit("crop 10 % a side", partial(cropped, left=0.1, top=0.1, right=0.1, bottom=0.1)),
    Edit("banner 10 % top", partial(bannered, share=0.1, ground=RED, ink=WHITE, top=True)),
    Edit("banner 10 % bottom", partial(bannered, share=0.1, ground=WHITE, ink=BLACK, top=False)),
    Edit("banner 20 % top", partial(bannered, share=0.2, ground=YELLOW, ink=BLACK, top=True)),
    Edit("banner 20 % bottom", partial(bannered, share=0.2, ground=NAVY, ink=WHITE, top=False)),
    Edit("logo", partial(with_logo, share=0.2, x=0.96, y=0.04)),
    Edit("mirror", mirrored),
    Edit("rotate 90", partial(turned, way=Image.Transpose.ROTATE_90)),
    Edit("rotate 3", partial(rotated, degrees=3, ground=BLACK), ASKED_OF_HARD),
    Edit("picture in picture 60 %", partial(inside, share=0.6, x=0.7, y=0.4), ASKED_OF_HARD),
    Edit("screenshot", partial(screenshot, ground=WHITE, ink=BLACK)),
    Edit("caption", partial(captioned, share=0.09, y=0.45)),
    _both("mirror + border 5 %", mirrored, partial(bordered, share=0.05, colour=PALE)),
    _both(
        "crop 5 % + recompress q30",
        partial(cropped, left=0.05, top=0.05, right=0.05, bottom=0.05),
        partial(recompressed, quality=30),
    ),
    _both(
        "logo + letterbox 9:16 black",
        partial(with_logo, share=0.2, x=0.04, y=0.96),
        partial(letterboxed, across=9, down=16, colour=BLACK),
    ),
)
"""What is asked for, and a few more."""

HELD_OUT: Final[dict[str, Edit]] = _table(
    Edit("recompress q20", partial(recompressed, quality=20)),
    Edit("resize 33 %", partial(resized, factor=0.33)),
    Edit("squash to 4:5", partial(squashed, across=4, down=5)),
    Edit("squash to 16:9", partial(squashed, across=16, down=9)),
    Edit("brightness 85 %", partial(brighter, factor=0.85)),
    Edit("brightness 125 %", partial(brighter, factor=1.25)),
    Edit("saturation 180 %", partial(saturated, factor=1.8)),
    Edit("blur, more", partial(blurred, share=0.015)),
    Edit("border 3 %", partial(bordered, share=0.03, colour=YELLOW)),
    Edit("border 7 %", partial(bordered, share=0.07, colour=NAVY)),
    Edit("border 13 %", partial(bordered, share=0.13, colour=PALE)),
    Edit("border 9 %, gradient", partial(gradient_bordered, share=0.09, first=WHITE, last=TEAL)),
    Edit("letterbox 4:5 red", partial(letterboxed, across=4, down=5, colour=RED)),
    Edit("letterbox 16:9 grey", partial(letterboxed, across=16, down=9, colour=(127, 127, 127))),
    Edit("letterbox 1:1 blurred", partial(blur_filled, across=1, down=1)),
    Edit("letterbox 2:1 blurred", partial(blur_filled, across=2, down=1)),
    Edit("letterbox 9:16 high", partial(letterboxed, across=9, down=16, colour=PALE, at=0.2)),
    Edit("crop 3 % a side", partial(cropped, left=0.03, top=0.03, right=0.03, bottom=0.03)),
    Edit("crop 7 % a side", partial(cropped, left=0.07, top=0.07, right=0.07, bottom=0.07)),
    Edit("crop 13 % a side", partial(cropped, left=0.13, top=0.13, right=0.13, bottom=0.13)),
    Edit("crop 8 % left", partial(cropped, left=0.08, top=0.0, right=0.0, bottom=0.0)),
    Edit("crop 12 % bottom", partial(cropped, left=0.0, top=0.0, right=0.0, bottom=0.12)),
    Edit("crop off centre", partial(cropped, left=0.02, top=0.09, right=0.06, bottom=0.03)),
    Edit("banner 15 % top", partial(bannered, share=0.15, ground=NAVY, ink=YELLOW, top=True)),
    Edit("banner 25 % bottom", partial(bannered, share=0.25, ground=PALE, ink=RED, top=False)),
    Edit("logo, lower left", partial(with_logo, share=0.25, x=0.05, y=0.93, colour=YELLOW)),
    Edit("logo, middle", partial(with_logo, share=0.25, x=0.5, y=0.5, colour=WHITE)),
    Edit("rotate 180", partial(turned, way=Image.Transpose.ROTATE_180)),
    Edit("transpose", partial(turned, way=Image.Transpose.TRANSPOSE)),
    Edit("rotate 2", partial(rotated, degrees=-2, ground=WHITE), ASKED_OF_HARD),
    Edit("picture in picture 50 %", partial(inside, share=0.5, x=0.2, y=0.8), ASKED_OF_HARD),
    Edit("picture in picture 70 %", partial(inside, share=0.7, x=0.5, y=0.1), ASKED_OF_HARD),
    Edit("screenshot, dark", partial(screenshot, ground=(18, 18, 18), ink=(230, 230, 230))),
    Edit("caption, low", partial(captioned, share=0.12, y=0.75, colour=YELLOW)),
    _both("mirror + letterbox 4:5 blurred", mirrored, partial(blur_filled, across=4, down=5)),
    _both(
        "crop 4 % + border 4 %",
        partial(cropped, left=0.04, top=0.04, right=0.04, bottom=0.04),
        partial(bordered, share=0.04, colour=BLACK),
    ),
    _both(
        "banner 12 % + border 5 %",
        partial(bannered, share=0.12, ground=RED, ink=WHITE, top=False),
        partial(bordered, share=0.05, colour=WHITE),
    ),
)
"""The same sorts of edit at other sizes, places and colours.

They were looked at while the views were designed (12 % off one side became a view after it was
missed here), so they say what works, not what an unseen edit would do.
"""
