"""Write the tables of `src/automod/text/tables` from the data of Unicode and of others.

Run at the root of the repository, with a Python whose `unicodedata` is Unicode 15.0 (CPython 3.12)
in an environment of its own:

    python3.12 -m venv /tmp/tables
    /tmp/tables/bin/pip install regex==2026.11.19 opencc-python-reimplemented==0.1.7
    /tmp/tables/bin/pip install confusable_homoglyphs==3.3.1 jieba==0.42.1 pypinyin==0.55.0
    /tmp/tables/bin/python -m tools.make_tables

`regex` gives the Script and Default_Ignorable_Code_Point properties; of the others only the data
files are read. The tables are committed, so that folding is the same on every Python.
"""

from __future__ import annotations

import sys
import unicodedata

from tools.tables import arabic, chinese, safe, scripts, words
from tools.tables.evasion import evasion
from tools.tables.loose import loose
from tools.tables.ucd import (
    CONFUSABLES,
    FOLDER,
    JIEBA,
    OPENCC,
    PYPINYIN,
    UCD,
    UNICODE,
    Folds,
    fold_rows,
    write,
)


def write_safe() -> None:
    what = "The safe fold of each character: code points, what they become (- nothing), name."
    write("safe.txt", what, (UCD,), safe.rows())
    what = (
        "Word characters and what joins them. Script group (a r h c k s i, * any), M mark,\n"
        "C combining class not 0, Q may compose with what stands before, X a span grows over\n"
        "it, S soft edge."
    )
    write("words.txt", what, (UCD,), words.rows())
    what = (
        "Scripts of the letters of safe-folded text: L Latin, C Cyrillic, G Greek, H Han, K kana,\n"
        "J conjoining Hangul jamo."
    )
    write("scripts.txt", what, (UCD,), scripts.rows())


def write_loose(folds: Folds) -> None:
    what = (
        "What the loose view changes in safe-folded text: code points, what they become\n"
        "(- nothing), name."
    )
    write("loose.txt", what, (UCD, OPENCC), fold_rows(folds))


def write_evasion(folds: Folds) -> None:
    what = "What passes for a letter a-z in loose text: code points, the letter, name."
    write("evasion.txt", what, (UCD, CONFUSABLES), fold_rows(evasion(folds)))
    what = "What stands for an Arabic letter beside Arabic letters: code points, the letter, name."
    write("arabic_stand_ins.txt", what, (), fold_rows(arabic.stand_ins()))
    what = "Dotless Arabic letters: code points, the letters that each may stand for, name."
    write("dotless.txt", what, (), fold_rows(arabic.dotless()))


def write_chinese(folds: Folds) -> None:
    sounds = chinese.readings(folds)
    what = "How characters sound: code points, pinyin (v for u:), tone (0: none)."
    write("pinyin.txt", what, (PYPINYIN,), chinese.pinyin_rows(sounds))
    found = chinese.words(folds)
    what = (
        f"{len(found)} simplified Chinese words of two to four characters that the source counts\n"
        f"{chinese.FREQUENCY} times or more, by code point (UTF-8)."
    )
    write("chinese_words.txt", what, (JIEBA,), found)


if __name__ == "__main__":
    if unicodedata.unidata_version != UNICODE:
        sys.exit(f"needs unicodedata {UNICODE}, this Python has {unicodedata.unidata_version}")
    FOLDER.mkdir(exist_ok=True)
    folds = loose()
    write_safe()
    write_loose(folds)
    write_evasion(folds)
    write_chinese(folds)
