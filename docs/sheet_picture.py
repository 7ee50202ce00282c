"""Pictures of the guide's workbooks, as a spreadsheet program shows them: docs/images/*-ar.png.

`python docs/sheet_picture.py` makes them anew; it needs LibreOffice, Xvfb, xdotool and xwd (on
Debian: libreoffice-calc, libreoffice-gtk3, fonts-noto-core, xvfb, xdotool, x11-apps). Nobody
compares them with what would be made now: programs and fonts differ from one machine to the next.
"""

import os
import re
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from PIL import Image

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs/analyst.md"
WIDTH, HEIGHT = 1500, 520
DISPLAY = ":87"
FROM_TOP = 110
"""Pixels of menus and toolbars, which are of no interest."""


def main() -> None:
    """Walks the guide up to each picture, and takes it."""
    with TemporaryDirectory() as name, screen():
        folder = Path(name)
        shutil.copytree(ROOT / "rulesets", folder / "rulesets")
        block = dict(_blocks("csv"))
        (folder / "seen.csv").write_text(block["file=seen.csv"], encoding="utf-8")
        run(
            folder, "init", "rulesets/fake-vouchers", "--policy", "SCM.FRAUD",
            "--owner", "mena-ads", "--language", "ar", "--lang", "ar",
        )  # fmt: skip
        fill = next(text for _, text in _blocks("python"))
        here = Path.cwd()
        os.chdir(folder)
        exec(compile(fill, str(GUIDE), "exec"), {})
        os.chdir(here)
        book = folder / "rulesets/fake-vouchers/package.xlsx"
        open_at(book, "المواد")
        shoot(book, ROOT / "docs/images/sheet-ar.png", keys=["Down", "Left", "alt+Down"])
        run(folder, "scan", "seen.csv", "-r", "rulesets", "-o", "result.xlsx", "--lang", "ar")
        shoot(
            folder / "result.xlsx",
            ROOT / "docs/images/result-ar.png",
            keys=["ctrl+End", *["Right"] * 9],
        )


def _blocks(languages: str) -> Iterator[tuple[str, str]]:
    text = GUIDE.read_text(encoding="utf-8")
    for found in re.finditer(
        rf"^```(?:{languages}) *(.*?)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL
    ):
        yield found[1], found[2]


def run(folder: Path, *words: str) -> None:
    """Runs automod in a folder."""
    subprocess.run(["automod", *words, "-q"], cwd=folder, check=True)


def open_at(path: Path, name: str) -> None:
    """Makes a sheet the one that is seen first."""
    book = openpyxl.load_workbook(path)
    for sheet in book:
        sheet.sheet_view.tabSelected = sheet.title == name
    book.active = book[name]
    book.save(path)


@contextmanager
def screen() -> Iterator[None]:
    """A screen that nobody looks at."""
    server = subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", f"{WIDTH}x{HEIGHT}x24"])
    time.sleep(1)
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def shoot(book: Path, picture: Path, keys: list[str]) -> None:
    """Opens a workbook, presses keys, and keeps what is seen."""
    shown = {**os.environ, "DISPLAY": DISPLAY}
    program = subprocess.Popen(
        ["soffice", "--norestore", "--nologo", "--calc", str(book)],
        env=shown, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        window = _window(book.stem, shown)
        subprocess.run(["xdotool", "windowmove", window, "0", "0"], env=shown, check=True)
        size = ["windowsize", "--sync", window, str(WIDTH), str(HEIGHT)]
        subprocess.run(["xdotool", *size], env=shown, check=True)
        subprocess.run(["xdotool", "windowfocus", window], env=shown, check=True)
        time.sleep(2)
        for key in keys:
            subprocess.run(["xdotool", "key", key], env=shown, check=True)
            time.sleep(0.5)
        time.sleep(2)
        dump = subprocess.run(["xwd", "-root"], env=shown, capture_output=True, check=True).stdout
    finally:
        os.killpg(program.pid, 15)
        program.wait()
    _picture(dump).save(picture, "PNG", optimize=True)


def _window(title: str, shown: dict[str, str]) -> str:
    for _ in range(60):
        time.sleep(1)
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title],
            env=shown, capture_output=True, text=True, check=False,
        ).stdout.split()  # fmt: skip
        if found:
            time.sleep(4)  # its cells are drawn after its frame
            return found[0]
    raise TimeoutError(f"no window named {title!r}")


def _picture(dump: bytes) -> Image.Image:
    """The picture of an X window dump of 24 bits a pixel (XWDFile.h)."""
    head = struct.unpack(">25I", dump[:100])
    size, width, height, line, colours = head[0], head[4], head[5], head[12], head[19]
    pixels = dump[size + 12 * colours :]
    whole = Image.frombytes("RGB", (width, height), pixels[: line * height], "raw", "BGRX", line)
    return whole.crop((0, FROM_TOP, width, height))


if __name__ == "__main__":
    main()
