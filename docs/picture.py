"""Terminal output as an SVG picture in which a browser lays out the Arabic.

Rich's own export gives every run of one style a place of its own; a right-to-left sentence with a
coloured word in it comes out torn apart. Here a line is one text, so its runs stay together.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

SIZE, LINE, MARGIN = 14, 20, 18
ADVANCE = 0.602
"""Width of a character of the usual monospaced fonts, in sizes."""

THEME = TerminalTheme(
    (255, 255, 255), (31, 35, 40),
    [(31, 35, 40), (207, 34, 46), (17, 99, 41), (125, 78, 0),
     (9, 105, 218), (130, 80, 223), (27, 124, 131), (110, 119, 129)],
    [(101, 109, 118), (164, 14, 38), (26, 127, 55), (154, 103, 0),
     (33, 139, 255), (163, 117, 249), (49, 146, 170), (140, 149, 159)],
)  # fmt: skip
"""Dark on white, on a card of its own: readable on a light page and on a dark one."""

FONTS = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
"""Fonts that a reader has: a page of ours makes no outside request."""


def picture(ansi: str, title: str, columns: int) -> str:
    """The SVG of what a terminal of so many columns shows.

    Args:
        ansi: text with escape sequences for colours.
        title: what the picture shows, for who cannot see it.
        columns: width of the terminal in characters.
    """
    console = Console(width=columns, color_system="truecolor", force_terminal=True)
    lines = Text.from_ansi(ansi).split("\n")
    width = round(columns * SIZE * ADVANCE) + 2 * MARGIN
    height = len(lines) * LINE + 2 * MARGIN
    rows = "\n".join(
        f'<text x="{MARGIN}" y="{MARGIN + LINE * number + SIZE}">{_spans(line, console)}</text>'
        for number, line in enumerate(lines)
        if line.plain.strip()
    )
    style = f"font: {SIZE}px {FONTS}; white-space: pre; fill: {_colour(Style())}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">\n'
        f"<title>{escape(title)}</title>\n"
        f"<style>text {{ {style} }}</style>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="#fff" stroke="#d0d7de"/>\n'
        f"{rows}\n</svg>\n"
    )


def _spans(line: Text, console: Console) -> str:
    spans = []
    for segment in Segment.simplify(line.render(console)):
        attributes = "".join(
            f' {name}="{value}"' for name, value in _attributes(segment.style or Style())
        )
        text = escape(segment.text)
        spans.append(f"<tspan{attributes}>{text}</tspan>" if attributes else text)
    return "".join(spans)


def _attributes(style: Style) -> Iterator[tuple[str, str]]:
    if style.color is not None and not style.color.is_default:
        yield "fill", _colour(style)
    if style.bold:
        yield "font-weight", "bold"
    if style.italic:
        yield "font-style", "italic"
    if style.underline:
        yield "text-decoration", "underline"
    if style.dim:
        yield "opacity", "0.7"


def _colour(style: Style) -> str:
    if style.color is None:
        return "#{:02x}{:02x}{:02x}".format(*THEME.foreground_color)
    return style.color.get_truecolor(THEME).hex
