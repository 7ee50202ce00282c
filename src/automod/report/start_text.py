"""What to do with a package that was just begun, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from automod.workshop.starting import TABLE_FILE, Started

from .labels import LANGS, Lang

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "wrote": ("wrote {path}", "كُتب {path}"),
    "next": ("What to do next:", "الخطوات التالية:"),
    "book": (
        "1. Open {sheet}: a row of 'materials' is one material, a row of 'examples' a test.",
        "1. افتح {sheet}: كل صف في ورقة «المواد» مادة واحدة، وكل صف في ورقة «الأمثلة» اختبار.",
    ),
    "table": (
        "1. Open {sheet}: a row is one material. The examples, which are tests, are in {package}.",
        "1. افتح {sheet}: كل صف مادة واحدة. أما الأمثلة، وهي الاختبارات، ففي {package}.",
    ),
    "lint": ("2. See what is wrong:      {command}", "2. اعرف الأخطاء:      {command}"),
    "test": ("3. Try the examples:       {command}", "3. جرّب الأمثلة:      {command}"),
    "scan": ("4. Try a text of your own: {command}", "4. جرّب نصًا من عندك:  {command}"),
}


def started_text(started: Started, lang: Lang) -> Iterator[str]:
    """The files that were written, and the steps that come after."""
    for path in started.files:
        yield _word("wrote", lang, path=path)
    yield _word("next", lang)
    sort = "table" if started.sheet.name == TABLE_FILE else "book"
    yield _word(sort, lang, sheet=started.sheet, package=started.package)
    rules, own = _quoted(str(started.rules)), "" if lang == "en" else f" --lang {lang}"
    yield _word("lint", lang, command=f"automod lint {rules}{own}")
    yield _word("test", lang, command=f"automod test {rules}{own}")
    tried = f'automod scan --text "..." --market {started.market} -r {rules}{own}'
    yield _word("scan", lang, command=tried)


def _word(key: str, lang: Lang, **values: object) -> str:
    return _WORDS[key][LANGS.index(lang)].format(**values)


def _quoted(path: str) -> str:
    """A path as a shell reads it."""
    return f'"{path}"' if " " in path else path
