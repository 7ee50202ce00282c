"""Chinese: characters that sound alike, and the words of running text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex
from tools.tables.safe import standing
from tools.tables.ucd import JIEBA, PYPINYIN, Folds, runs

HAN = range(0x4E00, 0xA000)
WORD = regex.compile(r"\p{Script=Han}{2,4}")
FREQUENCY = 100
"""In the counts of jieba; chosen so that about 30,000 words remain."""


TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}


def readings(loose: Folds) -> dict[str, str]:
    """Simplified character -> its first reading in pinyin, ü as v, and the tone (0: none)."""
    found = {}
    for code, answers in PYPINYIN.read_json().items():
        char = chr(int(code))
        if ord(char) in HAN and char in standing() and char not in loose:
            found[char] = spelled(str(answers).split(",")[0])
    return {char: found[char] for char in sorted(found)}


def spelled(pinyin: str) -> str:
    r"""In ASCII, with the number of the tone behind a tab.

    >>> spelled("lǜ"), spelled("hǎo")
    ('lv\t4', 'hao\t3')
    """
    parts = unicodedata.normalize("NFD", pinyin).replace("u\u0308", "v")
    tone = next((TONES[char] for char in parts if char in TONES), "0")
    return "".join(c for c in parts if unicodedata.category(c) != "Mn") + f"\t{tone}"


def pinyin_rows(sounds: dict[str, str]) -> list[str]:
    """The rows of pinyin.txt."""
    return [f"{a:X}..{b:X}\t{sound}" for a, b, sound in runs(lambda c: sounds.get(c, ""))]


def words(loose: Folds) -> list[str]:
    """The words of two to four characters that are frequent enough, by code point."""
    return sorted(
        word
        for word, count in _entries()
        if count >= FREQUENCY
        and WORD.fullmatch(word)
        and all(char in standing() and char not in loose for char in word)
    )


def _entries() -> Iterator[tuple[str, int]]:
    for line in JIEBA.read().splitlines():
        word, count, _ = line.split(" ")
        yield word, int(count)
