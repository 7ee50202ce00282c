"""Bytes on disk -> text, with budgets; every failure is a fault with its place."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from automod.errors import Location

from .faults import Faults

MAX_YAML_BYTES: Final = 32 * 1024 * 1024
MAX_TABLE_BYTES: Final = 256 * 1024 * 1024

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ARABIC = re.compile("[\u0600-\u06ff]")
_LATIN_NOISE = re.compile("[\u0080-\u05ff\u2010-\u2122]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a file and the encoding it was read in (`utf-8`, `utf-16` or `cp1256`)."""

    text: str
    encoding: str


def read_bytes(path: Path, name: str, most: int, faults: Faults) -> bytes | None:
    """A file's bytes, or None with a fault."""
    try:
        if not path.is_file():
            faults.add(Location(name), "there is no such file", code="file")
            return None
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except (OSError, ValueError) as error:
        faults.add(Location(name), f"cannot be read: {why(error)}", code="file")
        return None
    if len(data) > most:
        faults.add(Location(name), f"is larger than {most // 2**20} MiB", code="file")
        return None
    return data


Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
"""One file, or several."""


def named_files(paths: Paths, faults: Faults) -> list[tuple[Path, str]]:
    """The files that paths name, with their names as given; a fault for each that is no file."""
    several = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    found = [(Path(one), os.fspath(one)) for one in several]
    return [(path, name) for path, name in found if _is_file(path, name, faults)]


def _is_file(path: Path, name: str, faults: Faults) -> bool:
    try:
        if path.is_file():
            return True
        is_folder = path.is_dir()
    except (OSError, ValueError) as error:
        faults.add(Location(name), f"cannot be read: {why(error)}", code="file")
        return False
    hint = "name the files in it" if is_folder else None
    faults.add(
        Location(name), "is a folder" if is_folder else "there is no such file", hint, code="file"
    )
    return False


def refuse_suffix(name: str, suffixes: Iterable[str], faults: Faults) -> None:
    """Keep a fault about a file whose name does not say what it holds."""
    message = f"{Path(name).suffix or 'no suffix'!r} is not a suffix that is read here"
    faults.add(Location(name), message, f"one of: {', '.join(suffixes)}")


def beside(folder: Path, name: str) -> tuple[Path, bool, bool]:
    """A file that a package names: its path, whether it lies below the folder, and is there."""
    try:
        target = (folder / name).resolve()
        return target, target.is_relative_to(folder.resolve()), target.is_file()
    except (OSError, ValueError, RuntimeError):
        return folder, True, False


def why(error: Exception) -> str:
    """Why a file cannot be read, in a few words.

    >>> why(FileNotFoundError(2, "No such file or directory"))
    'No such file or directory'
    """
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)


def first_line(error: Exception) -> str:
    r"""What an error says, in one line: those of other libraries may go over many.

    >>> first_line(ValueError("no magic bytes\n  at 4")), first_line(KeyError())
    ('no magic bytes', 'KeyError')
    """
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def decode(data: bytes, name: str, faults: Faults, *, windows: bool) -> Decoded | None:
    """Text of a file in UTF-8 or UTF-16 and, when `windows`, in Windows-1256 (Arabic).

    A file that is mostly good UTF-8 is broken UTF-8, not Windows-1256: reading it as that would
    turn every Arabic word in it into other letters.
    """
    if data.startswith(UTF16):
        return _strict(data, "utf-16", name, faults)
    bare = bare_utf16(data)
    if bare is not None:
        return _strict(data, bare, name, faults)
    try:
        return _without_nul(Decoded(data.decode("utf-8-sig"), "utf-8"), name, faults)
    except UnicodeDecodeError as error:
        if windows and _looks_arabic(data):
            return _without_nul(Decoded(data.decode("cp1256", "replace"), "cp1256"), name, faults)
        _bad_byte(data, error, "UTF-8", name, faults)
    return None


def bare_utf16(data: bytes) -> str | None:
    """The codec of UTF-16 without a mark at its beginning, or None for anything else.

    Every other byte of Latin letters and delimiters is zero then, and none of those between.

    >>> bare_utf16("kind,value".encode("utf-16-be")), bare_utf16("kind,value".encode())
    ('utf-16-be', None)
    """
    even, odd = data[0:400:2], data[1:400:2]
    if not even.count(0) and odd.count(0) * 5 > len(odd):
        return "utf-16-le"
    if not odd.count(0) and even.count(0) * 5 > len(even):
        return "utf-16-be"
    return None


def _strict(data: bytes, encoding: str, name: str, faults: Faults) -> Decoded | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        faults.add(
            Location(name),
            f"is not UTF-16 at byte {error.start}",
            "save it as UTF-8",
            code="encoding",
        )
        return None
    return _without_nul(Decoded(text.removeprefix("\ufeff"), "utf-16"), name, faults)


def _without_nul(decoded: Decoded, name: str, faults: Faults) -> Decoded | None:
    at = decoded.text.find("\0")
    if at < 0:
        return decoded
    faults.add(
        _place(decoded.text, at, name),
        "holds a NUL (U+0000)",
        "is it a text file?",
        code="encoding",
    )
    return None


def _looks_arabic(data: bytes) -> bool:
    """Whether bytes that are not UTF-8 read as Arabic in Windows-1256."""
    good = sum(1 for char in data.decode("utf-8", "ignore") if char > "\x7f")
    high = sum(1 for byte in data if byte > 0x7F)
    if good * 4 > high:
        return False
    text = data.decode("cp1256", "replace")
    return len(_ARABIC.findall(text)) > len(_LATIN_NOISE.findall(text))


def _bad_byte(
    data: bytes, error: UnicodeDecodeError, wanted: str, name: str, faults: Faults
) -> None:
    before = data[: error.start].decode("utf-8", "replace").removeprefix("\ufeff")
    place = _place(before, len(before), name)
    message = f"byte 0x{data[error.start]:02X} is not {wanted}"
    faults.add(place, message, "save the file as UTF-8", code="encoding")


def _place(text: str, at: int, name: str) -> Location:
    line = text.count("\n", 0, at) + 1
    return Location(name, line, at - (text.rfind("\n", 0, at) + 1) + 1)
