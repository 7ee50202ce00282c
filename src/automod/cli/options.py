"""Options that mean the same in every command, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

LANGS: Final = ("en", "ar")


def sample_cache() -> Path | None:
    """Where the hashes of sample images and videos are kept, by their content; None: no home."""
    try:
        return Path("~/.cache/automod/samples").expanduser()
    except RuntimeError:
        return None


def rules_option(command: Command) -> Command:
    """`-r/--rules`, which may be given several times."""
    return click.option(
        "-r", "--rules", "rules", multiple=True, required=True, metavar="PATH",
        help="Folder or file of packages, overrides and policies.yaml, or a bundle. Repeatable.",
    )(command)  # fmt: skip


def approval_option(command: Command) -> Command:
    """`--require-approval`."""
    return click.option(
        "--require-approval", is_flag=True,
        help="Take as live only what an approval covers; the rest is shadow, and is listed.",
    )(command)  # fmt: skip


def audit_option(command: Command) -> Command:
    """`--audit FILE`."""
    return click.option(
        "--audit", metavar="FILE",
        help="Tell every change in this file; else in overrides.audit.jsonl, beside the rules.",
    )(command)  # fmt: skip


def lang_option(command: Command) -> Command:
    """`--lang en|ar`."""
    return click.option(
        "--lang", type=click.Choice(LANGS), default="en", show_default=True,
        help="Language of sentences and labels.",
    )(command)  # fmt: skip


def on_option(command: Command) -> Command:
    """`--on DATE`."""
    return click.option(
        "--on", metavar="DATE", callback=read_day,
        help="Decide for this date (YYYY-MM-DD), whatever the creatives say; else today in UTC.",
    )(command)  # fmt: skip


def quiet_option(command: Command) -> Command:
    """`-q/--quiet`."""
    return click.option(
        "-q", "--quiet", is_flag=True, help="Say nothing on standard error but errors."
    )(command)


def page_options(detail: str) -> Callable[[Command], Command]:
    """How one answer is printed: `--format`, `--lang`, `-q`, `-v`; what the last shows is given."""

    def add(command: Command) -> Command:
        chosen = click.option(
            "-f", "--format", "chosen", type=click.Choice(["text", "json"]), default="text",
            show_default=True, help="How it is written.",
        )  # fmt: skip
        verbose = click.option("-v", "--verbose", is_flag=True, help=f"Text: {detail}.")
        return chosen(lang_option(quiet_option(verbose(command))))

    return add


def text_options(command: Command) -> Command:
    """`--text`, `--market`, `--language`: one text instead of a file."""
    for option in (
        click.option("--language", metavar="LANG", help="The language --text is said to be in."),
        click.option(
            "--market", "markets", multiple=True, metavar="MARKET",
            help="A market that --text runs in, as SA; may be repeated.",
        ),
        click.option("--text", metavar="TEXT", help="One text, as the body of a creative."),
    ):  # fmt: skip
        command = option(command)
    return command


def output_option(command: Command) -> Command:
    """`-o/--output`."""
    return click.option(
        "-o", "--output", metavar="FILE",
        help="Write to this file, which appears when it is complete; else standard output.",
    )(command)  # fmt: skip


def format_option(formats: Sequence[str]) -> Callable[[Command], Command]:
    """`-f/--format`, one of these; left out, it is told from the suffix of `-o`."""
    return click.option(
        "-f", "--format", "chosen", type=click.Choice(formats),
        help="How it is written; else told from the suffix of -o, else text.",
    )  # fmt: skip


def read_day(ctx: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    """A date option, or None where it was not given."""
    if value is None:
        return None
    from pydantic_core import PydanticCustomError

    from automod.model.scalars import parse_day

    try:
        return parse_day(value)
    except PydanticCustomError as error:
        raise click.BadParameter(_worded(error), ctx, parameter) from None


def read_share(ctx: click.Context, parameter: click.Parameter, value: str | None) -> float:
    """A share option as `0.1%` or `0.001`; 0 where it was not given."""
    if value is None:
        return 0.0
    from pydantic_core import PydanticCustomError

    from automod.model.scalars import parse_share

    try:
        return parse_share(value)
    except PydanticCustomError as error:
        raise click.BadParameter(_worded(error), ctx, parameter) from None


def read_chance(ctx: click.Context, parameter: click.Parameter, value: str) -> float:
    """A share option above 0 and below 1, as `5%` or `0.05`."""
    share = read_share(ctx, parameter, value)
    if not 0 < share < 1:
        raise click.BadParameter(f"{value!r} is not above 0 and below 1", ctx, parameter)
    return share


def _worded(error: Any) -> str:
    hint = (error.context or {}).get("hint")
    return f"{error.message()}; {hint}" if hint else str(error.message())


def text_creative(text: str, markets: tuple[str, ...], language: str | None) -> dict[str, Any]:
    """The creative that `--text` stands for.

    >>> text_creative("hello", ("SA",), None)
    {'id': 'text', 'markets': ['SA'], 'text': {'body': 'hello'}}
    """
    creative: dict[str, Any] = {"id": "text", "markets": list(markets), "text": {"body": text}}
    return creative | ({"language": language} if language else {})


def format_of(chosen: str | None, output: str | None, by_suffix: dict[str, str]) -> str:
    """The format that was asked for, else that of the file's suffix, else `text`.

    Raises:
        click.UsageError: the suffix says nothing.

    >>> format_of(None, "out.csv", {".csv": "csv"}), format_of(None, None, {})
    ('csv', 'text')
    """
    if chosen is not None or output is None:
        return chosen or "text"
    for suffix, name in by_suffix.items():
        if output.lower().endswith(suffix):
            return name
    known = ", ".join(by_suffix)
    raise click.UsageError(f"cannot tell a format from {output!r}; give -f, or one of: {known}")


FILES_ONLY: Final = ("parquet", "xlsx")
"""Formats that are nothing to look at on a terminal."""


def refuse_without_file(chosen: str, output: str | None) -> None:
    """Refuse to print what is read by programs alone.

    Raises:
        click.UsageError: such a format is asked for, and no file.

    >>> refuse_without_file("xlsx", "out.xlsx")
    """
    if chosen in FILES_ONLY and output is None:
        raise click.UsageError(f"-f {chosen} needs -o FILE: it is nothing to look at")
