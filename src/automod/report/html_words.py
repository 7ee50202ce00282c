"""The words of a page: those that every report of an evaluation has, and sentences of its own.

Sentences are data: `templates/words.en.json` and `templates/words.ar.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from .evaluation_words import word
from .labels import Lang


@cache
def own_words(lang: Lang) -> Mapping[str, str]:
    """What only a page says, by key."""
    source = files(__package__).joinpath("templates", f"words.{lang}.json")
    told: Mapping[str, str] = json.loads(source.read_text(encoding="utf-8"))
    return told


def page_word(key: str, lang: Lang, **values: object) -> str:
    """A word or sentence of a page in one language.

    >>> page_word("short", "en"), page_word("precision", "en")
    ('In short', 'Precision')
    """
    own = own_words(lang).get(key)
    return word(key, lang, **values) if own is None else own.format(**values)
