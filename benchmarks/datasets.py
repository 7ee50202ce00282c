"""Texts and word lists of the data folder. Each is read where it lies."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Literal

import regex

from automod.load.writing import (
    default_boundary,
    default_view,
    kept_language,
    language_of,
    writing_of,
)
from automod.model.ruleset import Material, Package, Ruleset
from automod.model.vocabulary import Kind, View
from automod.text.fold import fold

from . import corpus
from .rivals import fold_by_hand

Part = Literal["train", "dev"]
PARTS: Final[tuple[Part, ...]] = ("train", "dev")
HARMLESS: Final = 20_000
SIGNS: Final = regex.compile(r"[\p{P}\p{S}--['’-]]", regex.VERSION1)
"""What a phrase would not look for, or would take for its own grammar."""


def are_here() -> bool:
    """Whether the data folder is."""
    return (corpus.data_folder() / "text_osact4").exists()


# --- texts --------------------------------------------------------------------------------------


def tweets(part: Part) -> list[tuple[str, bool]]:
    """Arabic tweets, and whether they are offensive (OSACT4, subtask A)."""
    path = corpus.data_folder() / "text_osact4" / f"OSACT2020-sharedTask-{part}.txt"
    rows = [line.split("\t") for line in path.read_text("utf-8").split("\n") if line.strip()]
    return [(row[0], row[1].strip() == "OFF") for row in rows]


def ads(label: str | None = None) -> list[str]:
    """Facebook ads in English; label 0 is commercial, 1 is informational."""
    with gzip.open(corpus.data_folder() / corpus.ADS, "rt", encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file) if label in (None, row["label"])]


def messages() -> list[str]:
    """Short messages in English that are no spam."""
    path = corpus.data_folder() / "text_sms_en" / "sms_en_de.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file) if row["labels"] == "ham"]


def headlines() -> list[str]:
    """Headlines of newspapers, in English."""
    path = corpus.data_folder() / "text_clickbait_en" / "non_clickbait_data.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip()]


def harmless(count: int = HARMLESS) -> dict[str, list[str]]:
    """So many harmless texts by source: every ad, and of three other sources as many each.

    Harmless is what their authors say of them or what nobody would stop as a whole; some do hold
    words of the lists, so that a rate is to be read beside that of another view.
    """
    rng = random.Random(corpus.SEED)
    calm = [text for part in PARTS for text, offensive in tweets(part) if not offensive]
    some = ads()
    share = (count - len(some)) // 3
    others = {"tweets, not offensive": calm, "messages, no spam": messages(), "news": headlines()}
    return {"ads": some} | {name: rng.sample(texts, share) for name, texts in others.items()}


def not_profane() -> list[str]:
    """Short English texts that look like profanity and are none (rustrict)."""
    path = corpus.data_folder() / "evasion_rustrict" / "safe.txt"
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


# --- word lists ---------------------------------------------------------------------------------


def ldnoobw(language: str) -> list[str]:
    """The list of LDNOOBW in a language."""
    path = corpus.data_folder() / "lex_ldnoobw" / language
    return entries(path.read_text("utf-8").splitlines())


def ldnoobw_languages() -> list[str]:
    """The languages of LDNOOBW: the files that are named by a code."""
    files = (corpus.data_folder() / "lex_ldnoobw").iterdir()
    return sorted(file.name for file in files if file.name[:1].islower())


def toad(language: str) -> list[str]:
    """The list of `@2toad/profanity` in a language: translated by machine."""
    path = corpus.data_folder() / "lex_npm" / "2toad_profanity.json"
    return entries(json.loads(path.read_text("utf-8"))[language])


def toad_languages() -> list[str]:
    """Its languages."""
    path = corpus.data_folder() / "lex_npm" / "2toad_profanity.json"
    return sorted(json.loads(path.read_text("utf-8")))


def rustrict() -> list[str]:
    """Profanity of rustrict, disguised spellings and signs among it."""
    path = corpus.data_folder() / "evasion_rustrict" / "profanity.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return entries(row["word"] for row in csv.DictReader(file))


def arabic_lists() -> list[str]:
    """Both lists in Arabic."""
    return entries([*ldnoobw("ar"), *toad("ar")])


def entries(lines: Iterable[str]) -> list[str]:
    """Each entry once, without those of one letter or one sign: they stand in every text."""
    found: dict[str, str] = {}
    for line in lines:
        folded = fold_by_hand(line.strip()).strip()
        letters = sum(map(str.isalnum, folded))
        if len(folded) > 1 and letters != 1 and fold(line).text.strip():
            found.setdefault(folded, line.strip())
    return list(found.values())


# --- as materials -------------------------------------------------------------------------------


def materials(
    values: Sequence[str], language: str = "", view: View | None = None, first: int = 0
) -> list[Material]:
    """Materials with the view, the boundary and the language that the loader gives them.

    Args:
        values: words, or several with spaces between them.
        language: the language that the package names; blank: none.
        view: the view of all of them, in place of the default.
        first: the number of the first, for its id.
    """
    return [_material(first + number, value, language, view) for number, value in enumerate(values)]


def _material(number: int, value: str, language: str, view: View | None) -> Material:
    kind: Kind = "phrase" if " " in value and not SIGNS.search(value) else "keyword"
    writing = writing_of(fold(value, "safe").text, kind)
    spoken = language_of(writing, (language,) if language else ())
    boundary = default_boundary(writing, spoken)
    return Material(
        id=corpus.material_id(number),
        kind=kind,
        value=value,
        weight=0.6,
        policies=(corpus.CODE,),
        boundary=boundary,
        view=view or default_view(writing),
        language=kept_language(spoken, boundary),
    )


def ruleset(some: Sequence[Material]) -> Ruleset:
    """One package of them."""
    package = Package(
        corpus.PACKAGE, "1", "benchmarks", policies=(corpus.CODE,), materials=tuple(some)
    )
    return Ruleset((package,), corpus.policy_table())


def rule_statistics() -> Path:
    """What SpamAssassin publishes of its rules, on the set of mails it numbers 0."""
    return corpus.data_folder() / "spam_spamassassin" / "STATISTICS-set0.txt"


def hateful(language: str) -> list[tuple[str, bool]]:
    """Tweets of MLMA in `ar`, `en` or `fr`, and whether their label is anything but `normal`."""
    path = corpus.data_folder() / "text_mlma" / "hate_speech_mlma.zip"
    with zipfile.ZipFile(path) as archive:
        data = archive.read(f"hate_speech_mlma/{language}_dataset.csv").decode("utf-8")
    rows = csv.DictReader(io.StringIO(data))
    return [(row["tweet"], row["sentiment"].strip() != "normal") for row in rows]
