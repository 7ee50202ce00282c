"""An evaluation, a comparison, a page: written in the form that was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from automod.errors import InputError
from automod.model.comparison import Comparison, GateResult
from automod.model.evaluation import Evaluation
from automod.policy.reasons import inline

from .comparison_text import comparison_text
from .evaluation_github import (
    evaluation_annotations,
    evaluation_markdown,
    gate_annotations,
    gate_markdown,
)
from .evaluation_json import result_json
from .evaluation_text import evaluation_text
from .evaluation_words import word
from .gate_text import gate_text
from .labels import LANGS, Lang
from .page import Page
from .scan_report import FILE_WIDTH, console_for, page_for, show
from .target import placing, writing
from .visible import isolated

if TYPE_CHECKING:
    from rich.text import Text

SUFFIXES: Final = {
    ".txt": "text", ".json": "json", ".xlsx": "xlsx", ".html": "html", ".htm": "html",
    ".md": "github",
}  # fmt: skip
"""Suffix of a file -> how an evaluation is written to it."""

COMPARISON_SUFFIXES: Final = {
    suffix: name for suffix, name in SUFFIXES.items() if name in {"text", "json", "xlsx"}
}


@dataclass(frozen=True, slots=True)
class Results:
    """What there is to tell."""

    evaluation: Evaluation
    comparison: Comparison | None = None
    gate: GateResult | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """How it is told."""

    name: str
    """`text`, `json`, `github`, `xlsx` or `html`."""
    output: str | None = None
    lang: Lang = "en"
    cuts: tuple[tuple[str, ...], ...] = ()
    """Axes of cuts that are told in text, besides those that always are."""
    titles: Mapping[str, str] = field(default_factory=dict)
    detail: bool = False
    command: str = ""
    gate_file: str = "gates.yaml"


def write_evaluation(results: Results, form: Form) -> None:
    """Write an evaluation, with what changed and which promises were kept, where there is any.

    As `github` the annotations go to standard output, and Markdown for the summary to the file.

    Raises:
        InputError: a workbook, or a page, is to go to standard output.
        MissingExtra: it needs an extra that is not installed.
        OSError: the file cannot be written.
    """
    if form.name == "github":
        _write_github(results, form)
    elif form.name == "json":
        _write_text(result_json(results.evaluation), form.output)
    elif form.name == "xlsx":
        from .evaluation_xlsx import evaluation_xlsx

        _write_bytes(evaluation_xlsx(results.evaluation, form.lang), form)
    elif form.name == "html":
        _write_text(_page(results, form), _file(form))
    else:
        _write_lines(results, form)


def beside_the_file(results: Results, form: Form) -> list[str]:
    """What a person is told on standard error, because standard output does not say it.

    How much was counted, where the result went into a file; what became of the gate; and, where
    the file has no room for it, how to see what changed.
    """
    lines = []
    if form.output is not None:
        account = results.evaluation.account
        counts = (("cases", account.cases), ("trials", account.trials))
        told = ", ".join(f"{n:,} {isolated(word(key, form.lang))}" for key, n in counts)
        lines.append(f"{form.output}: {told}")
        if results.comparison is not None and form.name in {"json", "xlsx"}:
            told = inline("automod compare BASELINE RUN", form.lang)
            lines.append(_UNTOLD[LANGS.index(form.lang)].format(command=told))
    on_screen = form.name == "github" or (form.name == "text" and form.output is None)
    if results.gate is not None and not on_screen:
        page = Page(FILE_WIDTH, form.lang)
        lines += [line.plain.rstrip() for line in gate_text(results.gate, page)]
    return lines


_UNTOLD: Final = (
    "what changed since the baseline is not in it; see it with: {command}",
    "ما تغيّر منذ خط الأساس ليس فيه؛ يعرضه الأمر: {command}",
)
_SHORT: Final[Mapping[str, tuple[str, str]]] = {
    "cases.undecided": (
        "exit 3: {count} of {of} cases have no decision, or one without a market",
        "رمز الخروج 3: {count} من {of} حالة بلا قرار، أو بقرار بلا سوق",
    ),
    "decisions.incomplete": (
        "exit 3: {count} of {of} judgements were not wholly evaluated; let some pass with {option}",
        "رمز الخروج 3: {count} من {of} حكمًا لم يُفحص كاملًا؛ للسماح بقدر منها: {option}",
    ),
    "trials": (
        "exit 3: nothing was counted; a case counts for the codes of its labels and of 'judged'",
        "رمز الخروج 3: لم يُحصَ شيء؛ تُحسب الحالة لسياسات تصنيفاتها وسياسات {judged}",
    ),
}


def incomplete_text(lost: Sequence[tuple[str, int, int]], lang: Lang) -> list[str]:
    """Why an evaluation is incomplete, a line for each cause.

    >>> incomplete_text([("cases.undecided", 3, 6)], "en")
    ['exit 3: 3 of 6 cases have no decision, or one without a market']
    """
    place = LANGS.index(lang)
    return [
        _SHORT[key][place].format(
            count=inline(f"{count:,}", lang), of=inline(f"{of:,}", lang),
            judged=inline("judged", lang), option=inline("--allow-incomplete 1%", lang),
        )
        for key, count, of in lost
    ]  # fmt: skip


def write_comparison(comparison: Comparison, form: Form) -> None:
    """Write a comparison.

    Raises:
        InputError: a workbook is to go to standard output.
        MissingExtra: it needs an extra that is not installed.
        OSError: the file cannot be written.
    """
    if form.name == "json":
        _write_text(result_json(comparison), form.output)
    elif form.name == "xlsx":
        from .comparison_xlsx import comparison_xlsx

        _write_bytes(comparison_xlsx(comparison, form.lang), form)
    else:
        with writing(form.output) as stream:
            console = console_for(stream, terminal=form.output is None)
            page = page_for(console, form.lang, detail=form.detail, titles=form.titles)
            show(console, comparison_text(comparison, page, form.cuts))


def write_page(
    results: Results,
    form: Form,
    *,
    statement: bool = False,
    mask: bool = False,
    images: str | Path | None = None,
) -> None:
    """Write a page of an evaluation: the report, or a statement.

    Args:
        results: what there is to tell.
        form: where, and in which language.
        statement: the statement for a regulator in place of the report.
        mask: hide phone numbers and accounts.
        images: a folder in which the pictures of ads lie; None: no picture is shown.

    Raises:
        MissingExtra: the extra `report` is not installed.
        OSError: the file cannot be written.
    """
    if statement:
        from .statement_html import statement as stated

        page = stated(
            results.evaluation, form.lang, titles=form.titles, command=form.command, mask=mask
        )
    else:
        page = _page(results, form, mask=mask, images=images)
    _write_text(page, form.output)


def _page(
    results: Results, form: Form, *, mask: bool = False, images: str | Path | None = None
) -> str:
    from .evaluation_html import report
    from .thumbnails import beside

    return report(
        results.evaluation, form.lang, titles=form.titles, comparison=results.comparison,
        gate=results.gate, picture=None if images is None else beside(images),
        command=form.command, mask=mask,
    )  # fmt: skip


def _write_lines(results: Results, form: Form) -> None:
    with writing(form.output) as stream:
        console = console_for(stream, terminal=form.output is None)
        page = page_for(console, form.lang, detail=form.detail, titles=form.titles)
        sections: list[Sequence[Text]] = [evaluation_text(results.evaluation, page, form.cuts)]
        if results.comparison is not None:
            said = {one.code for one in results.evaluation.warnings}
            more = tuple(one for one in results.comparison.warnings if one.code not in said)
            changed = replace(results.comparison, warnings=more)
            sections.append(comparison_text(changed, page, form.cuts))
        if results.gate is not None:
            sections.append(gate_text(results.gate, page))
        for number, lines in enumerate(sections):
            if number:
                console.print()
            show(console, lines)


def _write_github(results: Results, form: Form) -> None:
    told = evaluation_annotations(results.evaluation, form.lang)
    if results.gate is not None:
        told += gate_annotations(results.gate, form.gate_file, form.lang)
    _write_text(told, None)
    if form.output is None:
        return
    page = evaluation_markdown(results.evaluation, form.lang, cuts=form.cuts, titles=form.titles)
    if results.gate is not None:
        page += "\n" + gate_markdown(results.gate, form.lang)
    _write_text(page, form.output)


def _write_text(text: str, output: str | None) -> None:
    with writing(output) as stream:
        stream.write(text)


def _write_bytes(data: bytes, form: Form) -> None:
    with placing(_file(form)) as place:
        place.write_bytes(data)


def _file(form: Form) -> str:
    if form.output is None:
        raise InputError(f"-f {form.name} needs -o FILE: it is nothing to look at")
    return form.output
