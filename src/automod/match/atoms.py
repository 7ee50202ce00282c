"""What a pattern must contain: read from the pattern itself, and `None` whenever in doubt.

A pattern is a row of tokens: characters, classes, groups, quantifiers. Characters that stand side
by side are a run that any matching text contains. Of the runs of one row the longest is taken; of
alternatives all together; what may be repeated zero times gives nothing.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Generic, TypeVar

from automod.text.fold import fold

_MOST_ATOMS: Final = 64
_SHORTEST: Final = 2
_FIRST_WORD_LIKE: Final = 0x2E80
"""From here on (Chinese, kana, Hangul) one character says as much as a word."""

_ESCAPE = re.compile(
    r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[pPN]\{[^}]*\}|[pP].|[gkL]<[^>]*>"
    r"|[0-9]+|.)",
    re.DOTALL,
)
_QUANTIFIER = re.compile(r"(?:[*+?]|\{[0-9]*,?[0-9]*\})[?+]?")
_OPEN = re.compile(r"\((?:\?(?::|>|=|!|<=|<!|P?<[^>=!]*>|[aimsuw]*(?:-[ims]+)?:|[aimsuw]+\)))?")
_NO_MINIMUM = re.compile(r"[*?]|\{(?:0*,|0*\})")
_CODE = re.compile(r"\\[xuU]([0-9A-Fa-f]+)")
_ZERO_WIDTH: Final = ("(?=", "(?!", "(?<=", "(?<!")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a pattern."""

    kind: str
    """`char`, `class`, `escape`, `open`, `close`, `or`, `quantifier`, `other`."""
    text: str


class Unsure(Exception):
    """The pattern uses something that is not understood here."""


def tokens_of(pattern: str) -> Iterator[Token]:
    """The pieces that a pattern is a row of.

    Raises:
        Unsure: something in it is not understood here.

    >>> [token.text for token in tokens_of("a[bc]+")]
    ['a', '[bc]', '+']
    """
    at = 0
    while at < len(pattern):
        token = _token(pattern, at)
        yield token
        at += len(token.text)


def _token(pattern: str, at: int) -> Token:
    char = pattern[at]
    if char == "\\":
        return Token("escape", _matched(_ESCAPE, pattern, at))
    if char == "[":
        return Token("class", pattern[at : _class_end(pattern, at)])
    if char == "(":
        text = _matched(_OPEN, pattern, at)
        if text == "(" and pattern[at + 1 : at + 2] in ("?", "*"):
            raise Unsure
        return Token("other" if text.endswith(")") else "open", text)
    if char in "*+?{":
        return Token("quantifier", _matched(_QUANTIFIER, pattern, at))
    kinds = {")": "close", "|": "or", ".": "class", "^": "other", "$": "other"}
    return Token(kinds.get(char, "char"), char)


def _matched(expression: re.Pattern[str], pattern: str, at: int) -> str:
    match = expression.match(pattern, at)
    if match is None:
        raise Unsure
    return match.group()


def _class_end(pattern: str, at: int) -> int:
    at += 2 if pattern.startswith("[^", at) else 1
    if pattern.startswith("]", at):
        at += 1
    while at < len(pattern):
        if pattern[at] == "]":
            return at + 1
        if pattern.startswith("[:", at):
            at = pattern.find(":]", at) + 1
            if at == 0:
                break
        at += 2 if pattern[at] == "\\" else 1
    raise Unsure


# --- folding a pattern ---------------------------------------------------------------------------


def folded(pattern: str) -> str:
    """The pattern with its literals folded as the text is.

    A character that folds to several becomes a group of them; inside a class only characters that
    fold to one are folded.

    >>> folded("[آ-ی]+ كَــازينو")
    '[ا-ي]+ كازينو'
    """
    try:
        tokens = list(tokens_of(pattern))
    except Unsure:
        return "".join(_plain(char) for char in pattern)
    following = [*tokens[1:], Token("other", "")]
    pairs = zip(tokens, following, strict=True)
    return "".join(_folded_token(token, next_.kind == "quantifier") for token, next_ in pairs)


def _plain(char: str) -> str:
    """A character of a pattern that is not understood: folded only to a letter or digit."""
    one = char if char.isascii() else fold(char, "safe").text
    return one if len(one) == 1 and one.isalnum() else char


@lru_cache(maxsize=4096)
def _folded_token(token: Token, repeated: bool) -> str:
    if token.kind == "class":
        return _folded_class(token.text)
    if token.kind not in ("char", "escape"):
        return token.text
    char = _char(token)
    if char is None or (char.isascii() and not char.isalnum()):
        return token.text
    one = fold(char, "safe").text
    if not one:
        # `ـ*` asks for nothing that folded text can hold.
        return "(?:)" if repeated else ""
    return _literal(one) if len(one) == 1 else f"(?:{re.escape(one)})"


def _literal(char: str) -> str:
    return re.escape(char) if char.isascii() and not char.isalnum() and char != " " else char


def _folded_class(text: str) -> str:
    if text.isascii() and "\\" not in text:
        return text
    parts = re.split(r"(\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.))", text)
    return "".join(_folded_part(part) for part in parts)


def _folded_part(part: str) -> str:
    code = _CODE.fullmatch(part)
    chars = part if code is None else _chr(code[1])
    if chars.isascii():
        return part
    ones = [fold(char, "safe").text for char in chars]
    return "".join(
        _literal(one) if len(one) == 1 and not char.isascii() else char
        for char, one in zip(chars, ones, strict=True)
    )


def _chr(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number <= 0x10FFFF else ""


def _char(token: Token) -> str | None:
    r"""The one character a token stands for; None for a class such as `\d`."""
    if token.kind == "char":
        return token.text
    code = _CODE.fullmatch(token.text)
    if code is not None:
        return _chr(code[1]) or None
    rest = token.text[1:]
    return rest if len(rest) == 1 and not rest.isalnum() else None


# --- atoms ---------------------------------------------------------------------------------------


def atoms_of(pattern: str, *, exact: bool = False) -> tuple[str, ...] | None:
    r"""Texts of letters and digits of which one at least is in every text the pattern matches.

    Args:
        pattern: a pattern the `regex` module compiles, its literals folded.
        exact: the pattern is for text that is not folded; the atoms are for the folded text.

    >>> atoms_of(r"(win|ربح) +\d+ ?(usd)?")
    ('win', 'ربح')
    >>> atoms_of(r"casino ?(royale|online)"), atoms_of(r"\d{5,}")
    (('casino',), None)
    """
    try:
        tokens = list(tokens_of(pattern))
        if exact and any(token.text.startswith("(?") and "i" in token.text for token in tokens):
            # Ignoring case, `i` and U+0130 are one letter, and fold to different ones.
            return None
        reader = _Reader(tokens, exact=exact)
        atoms = reader.alternatives()
        return None if atoms is None or not reader.is_done() else tuple(sorted(atoms))
    except (Unsure, RecursionError):
        return None


T = TypeVar("T")


class Reader(ABC, Generic[T]):
    """Recursive descent over tokens: alternatives -> rows -> items."""

    def __init__(self, tokens: list[Token], *, exact: bool) -> None:
        self._tokens = tokens
        self._exact = exact
        self._at = 0

    @abstractmethod
    def alternatives(self) -> T:
        """What is known up to the closing bracket or the end."""

    @abstractmethod
    def row(self) -> T:
        """What is known of one of the alternatives."""

    def is_done(self) -> bool:
        """Whether all of the pattern was read."""
        return self._at == len(self._tokens)

    def rows(self) -> list[T]:
        """All alternatives up to the closing bracket or the end."""
        rows = [self.row()]
        while self._peek() == "or":
            self._at += 1
            rows.append(self.row())
        return rows

    def items(self) -> Iterator[tuple[Token, T | None, str]]:
        """The items of a row: a token, what its bracket holds if it opens one, its quantifier.

        Raises:
            Unsure: something in it is not understood here.
        """
        while self._peek() not in ("", "or", "close"):
            token = self._tokens[self._at]
            self._at += 1
            group = self._group() if token.kind == "open" else None
            yield token, group, self._quantifier()

    def _peek(self) -> str:
        return "" if self.is_done() else self._tokens[self._at].kind

    def _group(self) -> T:
        found = self.alternatives()
        if self._peek() != "close":
            raise Unsure
        self._at += 1
        return found

    def _quantifier(self) -> str:
        if self._peek() != "quantifier":
            return ""
        text = self._tokens[self._at].text
        self._at += 1
        if self._peek() == "quantifier":
            raise Unsure
        return text


def may_be_nothing(quantifier: str) -> bool:
    """Whether what it stands behind may be there zero times."""
    return _NO_MINIMUM.match(quantifier) is not None


class _Reader(Reader[frozenset[str] | None]):
    """Of a row the atoms of most worth; None where it has none."""

    def alternatives(self) -> frozenset[str] | None:
        """Atoms up to the closing bracket or the end."""
        rows = self.rows()
        known = [row for row in rows if row is not None]
        atoms = frozenset[str]().union(*known)
        return atoms if len(known) == len(rows) and len(atoms) <= _MOST_ATOMS else None

    def row(self) -> frozenset[str] | None:
        """The longest run of a row, or what its best bracket has."""
        run = ""
        found: list[frozenset[str]] = []
        for token, group, quantifier in self.items():
            char, sure = self._known(token), not may_be_nothing(quantifier)
            if char is not None and sure:
                run += char
                if not quantifier:
                    continue
            found += self._atoms(run)
            # `ab+c` holds both `ab` and `bc`.
            run = char or "" if quantifier and sure else ""
            if group and sure and token.text not in _ZERO_WIDTH:
                found.append(group)
        found += self._atoms(run)
        return max(found, key=_worth, default=None)

    def _known(self, token: Token) -> str | None:
        """The letter or digit a token stands for in folded text; None for anything else."""
        char = _char(token) if token.kind in ("char", "escape") else None
        if char is None or unicodedata.category(char)[0] not in "LMN":
            return None
        if self._exact and not char.isascii():
            return None
        return char.lower()

    def _atoms(self, run: str) -> list[frozenset[str]]:
        # In text that is not folded, the last letter may carry a mark that folding joins to it.
        text = run[:-1] if self._exact else run
        enough = len(text) >= _SHORTEST or (text != "" and ord(text) >= _FIRST_WORD_LIKE)
        return [frozenset({text})] if enough else []


def _worth(atoms: frozenset[str]) -> tuple[int, int]:
    return min(map(len, atoms)), -len(atoms)
