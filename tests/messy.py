"""YAML as people may write it: flow and block, quotes of all sorts, comments anywhere."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from hypothesis import strategies as st

TEXTS: Final = [
    "casino", "كازينو", "a b", "NO", "0501234567", "2027.10", "2026-11-01", "0.9", "true", "~x",
    "a: b", "a # b", "it's", 'say "x"', "a\\b", "- a", "x\ny", "x\ny\n", " lead", "trail ", "#a",
    "won\u202e", "co\u00adop", "می‌خواهم", "{a}", "[b", "!x", "&y", "*z", "%p", "@q", "`r", "null ",
    "\t", "a,b", "1:30", "1e3", "0x1F", "+44 7700 900145", "y", "=", "<<", "?", "-", "😀",
]  # fmt: skip
KEYS: Final = ["id", "kind", "value", "weight", "tags", "note", "hits", "x-team", "NO", "ملاحظة"]

texts = st.sampled_from(TEXTS) | st.text(
    st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S", "Zs"]), max_size=8
)
data = st.recursive(
    texts,
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(KEYS), below, max_size=4)
    ),
    max_leaves=12,
)
files = st.dictionaries(
    st.sampled_from(["package", "version", "materials", "defaults", "x-notes", "caps"]),
    data, min_size=1, max_size=4,
)  # fmt: skip


def double(text: str) -> str:
    """A text in double quotes, all that cannot be seen escaped."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if char.isprintable() else f"\\U{ord(char):08X}"


class Writer:
    """Writes data as YAML, with comments that are numbered: each must be found again."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.comments: list[str] = []

    def file(self, value: dict[str, Any]) -> str:
        """The text of a file."""
        lines = [*self.noise(0), *self.mapping(value, 0), *self.noise(self.random.choice((0, 3)))]
        return "\n".join([*lines, ""])

    def comment(self) -> str:
        """The next comment."""
        self.comments.append(f"# {len(self.comments)}")
        return self.comments[-1]

    def noise(self, indent: int) -> list[str]:
        """Nothing, a blank line, or a comment in a line of its own."""
        chance = self.random.random()
        if chance < 0.15:
            return [""]
        return [" " * indent + self.comment()] if chance < 0.3 else []

    def end(self) -> str:
        """Nothing, or a comment at the end of a line."""
        return "   " + self.comment() if self.random.random() < 0.2 else ""

    def mapping(self, value: dict[str, Any], indent: int) -> list[str]:
        """The lines of a mapping in block form."""
        lines: list[str] = []
        for key, one in value.items():
            first, *rest = self.value(one, indent)
            lines += [
                *self.noise(self.random.choice((indent, indent, indent + 1))),
                f"{' ' * indent}{double(key)}:{first}",
                *rest,
            ]
        return lines

    def value(self, value: Any, indent: int, *, in_list: bool = False) -> list[str]:
        """The lines of a value; the first stands behind a colon or a dash."""
        if isinstance(value, str) or not value or self.random.random() < 0.4:
            return [f" {self.flow(value)}{self.end()}"]
        if isinstance(value, dict):
            return [self.end(), *self.mapping(value, indent + 2)]
        lines = [self.end()]
        # A list may stand right below its key, but not right below the dash of another list.
        inner = indent + (2 if in_list else self.random.choice((0, 2, 2)))
        for one in value:
            first, *rest = self.value(one, inner, in_list=True)
            lines += [*self.noise(inner), f"{' ' * inner}-{first}", *rest]
        return lines

    def flow(self, value: Any) -> str:
        """A value within one line, or with a comment between its parts."""
        if isinstance(value, str):
            single = value.isprintable() and self.random.random() < 0.3
            quoted = "'" + value.replace("'", "''") + "'"
            return quoted if single else double(value)
        if isinstance(value, dict):
            parts = [f"{double(key)}: {self.flow(one)}" for key, one in value.items()]
        else:
            parts = list(map(self.flow, value))
        apart = ", "
        if self.random.random() < 0.2 and len(parts) > 1:
            apart = f", {self.comment()}\n{' ' * 40}"
            parts = [apart.join(parts[:2]), *parts[2:]]
            apart = ", "
        joined = apart.join(parts)
        return f"{{{joined}}}" if isinstance(value, dict) else f"[{joined}]"
