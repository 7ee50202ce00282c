"""What a formatter would change, for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff

from automod.workshop.formatting import Formatted

from .visible import shown


def format_diff(files: Iterable[Formatted]) -> Iterator[str]:
    """The lines that differ, as `diff -u` shows them; nothing in them acts on a terminal."""
    for one in files:
        if not one.changes:
            continue
        before, after = _lines(one.before), _lines(one.after)
        named = {"fromfile": one.file, "tofile": one.file}
        for line in unified_diff(before, after, **named, n=3, lineterm=""):
            yield shown(line.rstrip("\r"))


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "backslashreplace").split("\n")


def format_summary(files: Iterable[Formatted], *, check: bool) -> str:
    """How many files changed, or would.

    >>> format_summary([Formatted("a.yaml", b"", b"x"), Formatted("b.yaml", b"", b"")], check=True)
    '1 of 2 files would change'
    """
    several = list(files)
    changed, total = sum(one.changes for one in several), len(several)
    noun = "file" if total == 1 else "files"
    if not changed:
        return f"{total} {noun} in canonical form"
    return f"{changed} of {total} {noun} {'would change' if check else 'changed'}"
