"""Gates and evaluations for GitHub: annotations of a run, and the Markdown of its summary.

Workflow commands and their escapes: docs.github.com, "Workflow commands for GitHub Actions", and
`packages/core/src/command.ts` of github.com/actions/toolkit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal

from automod.model.comparison import GateLine, GateResult
from automod.model.evaluation import By, Evaluation, Point, Ratio, Slice

from .evaluation_text import HEADLINE
from .evaluation_view import axes_of
from .evaluation_words import (
    PASSED_SIGNS,
    WARNING_SIGN,
    value_word,
    warning_count,
    warning_text,
    warning_title,
    word,
)
from .figures import ratio_line
from .gate_text import bound_parts, bound_text, limit_text, promised, tally_words
from .labels import Lang
from .visible import isolated

Level = Literal["error", "warning", "notice"]

# The percent sign first: the others put new ones in.
_DATA: Final = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY: Final = (*_DATA, (":", "%3A"), (",", "%2C"))
_MARKDOWN: Final = str.maketrans(
    {"\\": "\\\\", "|": "\\|", "`": "\\`", "*": "\\*", "_": "\\_", "[": "\\[", "]": "\\]",
     "<": "&lt;", ">": "&gt;", "&": "&amp;", "~": "\\~", "#": "\\#"}
)  # fmt: skip
_POINTS: Final[tuple[Point, ...]] = ("stopped", "flagged", "restricted")


def annotation(level: Level, message: str, **properties: str) -> str:
    r"""One workflow command, its values escaped so that none can begin another.

    Args:
        level: how bad it is.
        message: what is shown; may have several lines.
        properties: `file`, `title`.

    >>> annotation("error", "50% of it\nis missed", file="gates.yaml", title="a:b, c")
    '::error file=gates.yaml,title=a%3Ab%2C c::50%25 of it%0Ais missed'
    """
    told = ",".join(f"{key}={_escaped(value, _PROPERTY)}" for key, value in properties.items())
    return f"::{level}{' ' if told else ''}{told}::{_escaped(message, _DATA)}"


def _escaped(text: str, escapes: Iterable[tuple[str, str]]) -> str:
    for char, escape in escapes:
        text = text.replace(char, escape)
    return text


def gate_annotations(result: GateResult, file: str = "gates.yaml", lang: Lang = "en") -> str:
    """An error for each promise that fails the gate, a warning for each let through, a notice.

    GitHub shows the first ten errors and warnings of a step: the summary has them all.

    Args:
        result: what became of each promise.
        file: where the promises are written.
        lang: of the messages.

    >>> print(gate_annotations(GateResult(())), end="")
    ::notice title=Gate::Every promise is kept.
    """
    lines = [
        annotation(_level(one), _message(one, lang), file=file, title=one.name)
        for one in result.lines
        if one.passed != "pass"
    ]
    end = word("gate.passed" if result.passed else "gate.failed", lang)
    told = f"{end} {tally_words(result.lines, lang)}" if result.lines else end
    lines.append(annotation("notice", told, title=word("gate", lang)))
    return "".join(f"{line}\n" for line in lines)


def _level(line: GateLine) -> Level:
    return "warning" if line.passed == "not_enough_data" and line.allowed else "error"


def _message(line: GateLine, lang: Lang) -> str:
    """`broken: GMB.REAL stopped recall: lower end 75.0 % < 80.0 %; 84.0 % [75.0-90.2] 84/100`."""
    bound = "" if line.bound == "p" else f"{word(f'bound.{line.bound}', lang)} "
    told = f"{word(line.passed, lang)}: {promised(line, lang)}: {bound}{bound_text(line)}"
    return told if line.ratio is None else f"{told}; {ratio_line(line.ratio)}"


def evaluation_annotations(evaluation: Evaluation, lang: Lang = "en") -> str:
    """A warning for each thing that must be said with the figures."""
    lines = [
        annotation("warning", f"{count}: {text}" if count else text, title=title)
        for title, count, text in _warnings(evaluation, lang)
    ]
    return "".join(f"{line}\n" for line in lines)


def _warnings(evaluation: Evaluation, lang: Lang) -> Iterator[tuple[str, str, str]]:
    for one in evaluation.warnings:
        yield warning_title(one, lang), warning_count(one, lang), warning_text(one, lang)


# --- Markdown ------------------------------------------------------------------------------------


def markdown(text: str) -> str:
    r"""What somebody wrote, as Markdown shows it letter by letter, in a cell of a table too.

    >>> markdown("a|b <i> x_y")
    'a\\|b &lt;i&gt; x\\_y'
    """
    return literal(isolated(text))


def literal(text: str) -> str:
    """The same of a sentence of ours, in which names are isolated already."""
    return text.translate(_MARKDOWN)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def gate_markdown(result: GateResult, lang: Lang = "en") -> str:
    """A gate as a section of a job summary: how it ends, and a table of its promises.

    >>> print(gate_markdown(GateResult(())), end="")
    ## ✔ Gate
    <BLANKLINE>
    Every promise is kept.
    """
    end = word("gate.passed" if result.passed else "gate.failed", lang)
    sign = PASSED_SIGNS["pass" if result.passed else "fail"]
    lines = [f"## {sign} {word('gate', lang)}", "", end]
    if result.lines:
        heads = [word(key, lang) for key in ("result", "promise", "found", "limit", "interval")]
        lines += ["", *_table(heads, [_row(one, lang) for one in result.lines])]
    return "\n".join(lines) + "\n"


def _row(line: GateLine, lang: Lang) -> list[str]:
    told = f"{PASSED_SIGNS[line.passed]} {word(line.passed, lang)}"
    if line.passed == "not_enough_data" and line.allowed:
        told += f" ({word('let_through', lang)})"
    promise = f"**{markdown(line.name)}**<br>{literal(promised(line, lang))}"
    ratio = "" if line.ratio is None else _cell(line.ratio, lang)
    return [told, promise, literal(bound_parts(line)[0]), limit_text(line), ratio]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    rule = ["---"] * len(heads)
    told = ([_capital(head) for head in heads], rule, *rows)
    return ["| " + " | ".join(cells) + " |" for cells in told]


def evaluation_markdown(
    evaluation: Evaluation,
    lang: Lang = "en",
    *,
    cuts: Sequence[Sequence[str]] = (),
    titles: Mapping[str, str] | None = None,
) -> str:
    """An evaluation as a section of a job summary: warnings first, then precision and recall.

    Args:
        evaluation: what was found.
        lang: of the words.
        cuts: more cuts to tell, each by its axes.
        titles: policy code -> its title.
    """
    lines = [f"## {word('evaluation', lang)}", "", *_warned(evaluation, lang)]
    wanted = [set(axes) for axes in cuts if axes]
    tables = [HEADLINE] + [
        (axes,)
        for axes in dict.fromkeys(axes_of(one.by) for one in evaluation.slices)
        if set(axes) in wanted and axes not in HEADLINE
    ]
    for table in tables:
        told = [one for one in evaluation.slices if axes_of(one.by) in table]
        if told:
            lines += ["", *_slices(told, lang, titles or {})]
    return "\n".join(lines) + "\n"


def _warned(evaluation: Evaluation, lang: Lang) -> list[str]:
    told = [
        f"- {WARNING_SIGN} **{literal(title)}**{f' ({literal(count)})' if count else ''}: "
        f"{literal(text)}"
        for title, count, text in _warnings(evaluation, lang)
    ]
    return told or [word("no_warnings", lang)]


def _slices(slices: Sequence[Slice], lang: Lang, titles: Mapping[str, str]) -> list[str]:
    """A row for each slice and point with anything in it."""
    heads = [word(key, lang) for key in ("part", "point", "precision", "recall", "incomplete")]
    order = list(dict.fromkeys(one.by for one in slices))
    found = {(one.by, one.point): one for one in slices}
    rows = [
        [_name(by, lang, titles), word(point, lang), _cell(one.measures.precision, lang),
         _cell(one.measures.recall, lang), f"{one.incomplete:,}"]
        for by in order
        for point in _POINTS
        if (one := found.get((by, point))) is not None
        and (point != "restricted" or one.measures.tp + one.measures.fp + one.measures.fn)
    ]  # fmt: skip
    return _table(heads, rows)


def _name(by: By, lang: Lang, titles: Mapping[str, str]) -> str:
    values = " ".join(markdown(value_word(axis, value, lang)) for axis, value in by)
    title = titles.get(dict(by).get("policy", ""))
    return f"{values}<br>{markdown(title)}" if title else values or word("all", lang)


def _cell(ratio: Ratio, lang: Lang) -> str:
    if ratio.value is None:
        return f"{word('unknown', lang)} {ratio.count:,}/{ratio.of:,}"
    told = ratio_line(ratio)
    return told if ratio.enough else f"{told} {word('not_enough', lang)}"
