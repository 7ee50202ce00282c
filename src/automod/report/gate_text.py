"""What a gate prints: one line for each promise, and whether all of them are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from automod.model.comparison import GateLine, GateResult, Passed

from .evaluation_words import PASSED_SIGNS, axis_word, value_word, word
from .figures import compared, marked_ratio, probability
from .labels import Lang
from .page import Page, clipped, flowing, ink, pad
from .slice_text import heading, roomy
from .visible import isolated

LONGEST_NAME: Final = 30
STYLES: Final[Mapping[Passed, str]] = {
    "pass": "green", "fail": "bold red", "not_enough_data": "yellow",
}  # fmt: skip


def gate_text(result: GateResult, page: Page) -> list[Text]:
    r"""The lines of a gate: its promises in the order of the file, then how it ends.

    Args:
        result: what became of each promise.
        page: width and language.

    >>> print(*gate_text(GateResult(()), Page()), sep="\n")
     Gate
     ✔ Every promise is kept.
    """
    page = roomy(page)
    names = max([cell_len(isolated(one.name)) for one in result.lines], default=0)
    told = [line for one in result.lines for line in _promise(one, min(names, LONGEST_NAME), page)]
    return [heading(word("gate", page.lang)), *told, *_end(result, page)]


def _promise(line: GateLine, names: int, page: Page) -> list[Text]:
    """On one line where it fits; what does not stands below the name."""
    head = _result(line, page.lang)
    name = pad(clipped(ink(isolated(line.name), "bold"), LONGEST_NAME), names)
    parts = [name, Text(promised(line, page.lang)), ink(bound_text(line), STYLES[line.passed])]
    if line.ratio is not None:
        parts.append(marked_ratio(line.ratio, page.lang))
    if line.passed == "not_enough_data":
        parts += _unproved(line, page.lang)
    indent = head.cell_len
    first, *rest = flowing(parts, page.width - 1 - indent)
    return [head + first, *(Text(" " * indent) + one for one in rest)]


def _result(line: GateLine, lang: Lang) -> Text:
    """The sign and the word; too little data is said at the end of the line."""
    words = {key: isolated(word(f"gate.{key}", lang)) for key in ("pass", "fail")}
    told = ink(f" {PASSED_SIGNS[line.passed]} {words.get(line.passed, '')}", STYLES[line.passed])
    return pad(told, 3 + max(map(cell_len, words.values())) + 2)


def _unproved(line: GateLine, lang: Lang) -> list[Text]:
    told = [ink(isolated(word("not_enough_data", lang)), STYLES["not_enough_data"])]
    return [*told, *([ink(f"({isolated(word('let_through', lang))})", "dim")] * line.allowed)]


def promised(line: GateLine, lang: Lang) -> str:
    """What a promise is of: the slice, the point, the measure.

    >>> line = GateLine("a", (("policy", "GMB.REAL"), ("market", "SA")), "stopped", "recall",
    ...                 "low", 0.8, 0.7, None, "fail", allowed=False)
    >>> promised(line, "en")
    'GMB.REAL SA stopped recall'
    """
    values = [_value(axis, value, lang) for axis, value in line.by]
    words = [isolated(word(key, lang).lower()) for key in (line.point, line.measure)]
    return " ".join([*values, *words])


def _value(axis: str, value: str, lang: Lang) -> str:
    """A code or a market speaks for itself, `no` does not."""
    told = isolated(value_word(axis, value, lang))
    return told if axis in {"policy", "market"} else f"{isolated(axis_word(axis, lang))} {told}"


def bound_text(line: GateLine) -> str:
    """What was found, beside its limit, with decimals enough to see that they differ.

    >>> bound_text(GateLine("a", (), "stopped", "recall", "low", 0.8, 0.7996, None, "fail", False))
    '79.96 % < 80.00 %'
    """
    return " ".join(bound_parts(line))


def bound_parts(line: GateLine) -> tuple[str, str]:
    """What was found; and the limit, with the sign that stands between the two.

    >>> bound_parts(GateLine("a", (), "stopped", "no_regression", "p", 0.05, None, None,
    ...                      "not_enough_data", allowed=False))
    ('p ?', '≥ 0.05')
    """
    equal = "≤" if line.bound == "high" else "≥"
    sign = equal if line.found is None else _sign(line.found, line.limit, equal)
    if line.bound == "p":
        return f"p {probability(line.found)}", f"{sign} {line.limit:g}"
    if line.found is None:
        return "?", f"{sign} {100 * line.limit:g} %"
    found, limit = compared(line.found, line.limit)
    return found, f"{sign} {limit}"


def limit_text(line: GateLine) -> str:
    """The limit as it is promised: `≥ 80.0 %`."""
    equal = "≤" if line.bound == "high" else "≥"
    return f"{equal} {bound_parts(line)[1].split(' ', 1)[1]}"


def _sign(found: float, limit: float, equal: str) -> str:
    if found == limit:
        return equal
    more, less = (">", "≤") if equal == "≤" else ("≥", "<")
    return more if found > limit else less


def _end(result: GateResult, page: Page) -> list[Text]:
    told = isolated(word("gate.passed" if result.passed else "gate.failed", page.lang))
    sign, style = ("✔", "green") if result.passed else ("✖", "bold red")
    parts = [ink(f"{sign} {told}", style)]
    parts += [ink(tally_words(result.lines, page.lang), "dim")] * bool(result.lines)
    return [Text(" ") + line for line in flowing(parts, page.width - 2)]


def tally_words(lines: Sequence[GateLine], lang: Lang) -> str:
    """How many promises ended how.

    >>> tally_words((), "en")
    'kept 0, broken 0, not enough data 0'
    """
    counts = (
        f"{isolated(word(key, lang))} {sum(one.passed == key for one in lines):,}"
        for key in PASSED_SIGNS
    )
    return ("، " if lang == "ar" else ", ").join(counts)
