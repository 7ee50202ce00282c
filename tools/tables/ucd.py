"""What all tables share: the assigned characters, runs of them, and sources of data."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import regex

UNICODE = "15.0.0"
FOLDER = Path(__file__).resolve().parents[2] / "src" / "automod" / "text" / "tables"

IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}")

Folds = dict[str, tuple[str, str]]
"""Character -> (what it becomes, the name of that fold)."""


@dataclass(frozen=True)
class Source:
    """Where data come from: what the header of a table says, and the file of the package."""

    title: str
    licence: str
    package: str = ""
    release: str = ""
    module: str = ""
    file: str = ""

    def read(self) -> str:
        """The text of the file, of exactly this release; the package is not imported."""
        found = version(self.package)
        if found != self.release:
            sys.exit(f"needs {self.package} {self.release}, this Python has {found}")
        spec = find_spec(self.module)
        assert spec is not None
        assert spec.submodule_search_locations is not None
        return (Path(spec.submodule_search_locations[0]) / self.file).read_text(encoding="utf-8")

    def read_json(self) -> dict[str, object]:
        """The same, parsed."""
        return cast("dict[str, object]", json.loads(self.read()))


UCD = Source(
    f"the Unicode Character Database {UNICODE}",
    "Unicode data: Copyright (c) 1991-2022 Unicode, Inc., https://www.unicode.org/license.txt",
)
CONFUSABLES = Source(
    "the confusables of UTS #39 (confusable_homoglyphs 3.3.1, newest character: Unicode 13.0)",
    "confusable_homoglyphs: MIT, Copyright (c) 2016-2018 Victor Felder, 2024 Elena Grandi",
    "confusable_homoglyphs", "3.3.1", "confusable_homoglyphs", "confusables.json",
)  # fmt: skip
OPENCC = Source(
    "TSCharacters of OpenCC (opencc-python-reimplemented 0.1.7)",
    "OpenCC: Apache License 2.0, https://github.com/BYVoid/OpenCC",
    "opencc-python-reimplemented", "0.1.7", "opencc", "dictionary/TSCharacters.txt",
)  # fmt: skip
PYPINYIN = Source(
    "pypinyin 0.55.0",
    "pypinyin: MIT, Copyright (c) 2016 mozillazg, hotoo",
    "pypinyin", "0.55.0", "pypinyin", "pinyin_dict.json",
)  # fmt: skip
JIEBA = Source(
    "dict.txt of jieba 0.42.1",
    "jieba: MIT, Copyright (c) 2013 Sun Junyi",
    "jieba", "0.42.1", "jieba", "dict.txt",
)  # fmt: skip


def write(name: str, what: str, sources: tuple[Source, ...], rows: Iterable[str]) -> None:
    """A table with its header; in ASCII where the rows are."""
    head = [*what.splitlines(), *_origin(sources)]
    text = "".join(f"# {line}\n" for line in head) + "".join(f"{row}\n" for row in rows)
    (FOLDER / name).write_text(text, encoding="utf-8")


def _origin(sources: tuple[Source, ...]) -> Iterator[str]:
    """The lines of a header that say what a table was made from, by what, and the licences."""
    maker = "by tools/make_tables.py; do not edit."
    if not sources:
        yield f"Written {maker}"
        yield "Part of automod: Apache License 2.0"
    elif len(sources) == 1:
        yield f"Derived from {sources[0].title} {maker}"
    else:
        yield f"Derived from {sources[0].title}"
        yield from (f"and {source.title}" for source in sources[1:])
        yield maker
    yield from (source.licence for source in sources)


@lru_cache(maxsize=1)
def assigned() -> tuple[str, ...]:
    """All characters that have a meaning in this Unicode, or never show."""
    return tuple(
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(char) not in ("Cn", "Co", "Cs") or IGNORABLE.match(char)
    )


def code_points(text: str) -> str:
    """As the tables write them: hex, `-` for nothing."""
    return " ".join(f"{ord(c):X}" for c in text) or "-"


def runs(value: Callable[[str], str]) -> Iterator[tuple[int, int, str]]:
    """Runs of code points with the same value, empty values aside."""
    start = previous = -1
    current = ""
    for char in assigned():
        code, label = ord(char), value(char)
        if label != current or code != previous + 1:
            if current:
                yield start, previous, current
            start, current = code, label
        previous = code
    if current:
        yield start, previous, current


def fold_rows(folds: Folds) -> list[str]:
    """Span, code points, name."""
    labels = {char: f"{code_points(to)}\t{name}" for char, (to, name) in folds.items()}
    return [
        f"{start:X}..{end:X}\t{label}" for start, end, label in runs(lambda c: labels.get(c, ""))
    ]


def bare(char: str) -> str:
    """Taken apart, and without its marks."""
    parts = unicodedata.normalize("NFD", char)
    return "".join(c for c in parts if unicodedata.category(c)[0] != "M")
