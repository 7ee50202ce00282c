"""`automod label`: draw creatives for people to label, and read what they filled in."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from automod.errors import InputError

from .exits import INCOMPLETE, YES, say
from .options import lang_option, output_option, quiet_option, read_day, read_share, sample_cache

if TYPE_CHECKING:
    from automod.batch.sources import Misread
    from automod.batch.where import Where
    from automod.evaluate.sample_size import Wish
    from automod.model.ruleset import Ruleset
    from automod.workshop.labelling import Draw

SHEETS: Final = (".xlsx", ".csv")


@click.group()
def label() -> None:
    """Draw creatives for people to label, and read what they filled in."""


def _creatives_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--creatives", "creatives", multiple=True, metavar="FILE",
        help="The ads themselves (JSONL, JSON, CSV or XLSX), for their text; may be repeated.",
    )(command)  # fmt: skip


def _incomplete_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--allow-incomplete", metavar="SHARE", callback=read_share,
        help=f"Exit 3 only if more than this share of the creatives {what}, as 5%.",
    )  # fmt: skip


_PROGRESS: Final = click.option(
    "--no-progress", is_flag=True, help="Show no progress, however long it takes."
)


# --- draw ----------------------------------------------------------------------------------------


@label.command()
@click.argument("decisions", nargs=-1, required=True, metavar="DECISIONS...")
@_creatives_option
@click.option(
    "--where", "conditions", required=True, metavar="CONDITIONS",
    help="What is to be labelled, and where: market=AE,policy=GMB.REAL. A policy is needed. Also: "
    "action, material, package, creative, complete, which narrow what is drawn from.",
)  # fmt: skip
@click.option(
    "-r", "--rules", "rules", multiple=True, metavar="PATH",
    help="The ruleset, whose groups of markets --where may name and whose names it must; a sheet "
    "of XLSX has the titles of its codes in notes.",
)  # fmt: skip
@click.option(
    "--width", default="0.03", show_default=True, metavar="W", callback=read_share,
    help="Half the length of the interval of precision: it will be known ± W.",
)  # fmt: skip
@click.option(
    "--recall-width", metavar="W", callback=read_share,
    help="The same of recall. It may take tens of thousands of the approved; left out: one in 100 "
    "of them, and at least 100.",
)  # fmt: skip
@click.option(
    "--size", type=click.IntRange(min=1), metavar="N",
    help="So many rows in all, in place of the widths: what they will tell is said.",
)  # fmt: skip
@click.option(
    "--guess", default="0.5", show_default=True, metavar="SHARE", callback=read_share,
    help="The precision that is thought likely; 0.5 needs most rows.",
)  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed, another draw.")
@click.option(
    "--show-decision", is_flag=True,
    help="Show labellers the action, score and matches. They agree with what they see, so "
    "figures come out too good; left out: they see the ad alone.",
)  # fmt: skip
@click.option(
    "-o", "--output", required=True, metavar="FILE",
    help="The sheet, .xlsx or .csv; it must not be there yet.",
)  # fmt: skip
@click.option("--on", metavar="DATE", callback=read_day, help="The day of the draw; else today.")
@_incomplete_option("are not in --creatives")
@lang_option
@quiet_option
@_PROGRESS
@click.pass_context
def draw(ctx: click.Context, /, decisions: tuple[str, ...], **options: Any) -> int:
    """Draw creatives to label, and write a sheet for it.

    DECISIONS are those of the ads, JSONL or Parquet, as `automod scan -o` writes them. Rows are
    drawn by chance within strata: by what was done for the code in the markets asked for. How many
    are needed, and what they will tell, is said on standard error.

    \b
    automod label draw decisions.jsonl --creatives ads.jsonl \\
        --where market=AE,policy=GMB.REAL --width 0.03 -o sheet.xlsx
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.load.decisions import load_decisions
    from automod.report.label_text import draw_text, missing_text
    from automod.workshop.label_rows import label_sheet
    from automod.workshop.labelling import seen_from

    _check_output(options["output"])
    wish = _wish(options)
    ruleset = _ruleset(options["rules"])
    where = _where(options["conditions"], ruleset)
    drawn = _drawn(load_decisions(decisions), where, wish, options["seed"])
    found = _read_creatives(options["creatives"], drawn.ids, options)
    folder = Path(options["output"]).parent
    creatives = {name: seen_from(folder, one) for name, one in found.items()}
    sheet = label_sheet(drawn, creatives, show_decision=options["show_decision"])
    _write_sheet(ctx, sheet, drawn, options, ruleset)
    given = bool(options["creatives"])
    if not options["quiet"]:
        say(*draw_text(drawn, options["lang"]))
        say(*missing_text(sheet, options["lang"], given=given))
    missing = len(sheet.missing) / len(sheet.rows) if given else 0.0
    return INCOMPLETE if missing > options["allow_incomplete"] else YES


def _check_output(output: str) -> None:
    if not output.lower().endswith(SHEETS):
        raise click.UsageError(f"cannot tell a format from {output!r}; one of: {', '.join(SHEETS)}")
    if Path(output).exists():
        # It may be half filled in: a day's work would be gone.
        raise click.UsageError(f"{output} is there already, and may have labels in it")


def _wish(options: dict[str, Any]) -> Wish:
    from automod.evaluate.sample_size import Wish

    for name in ("width", "recall_width", "guess"):
        given = options[name]
        if (given or name != "recall_width") and not 0 < given < 1:
            hint = f"--{name.replace('_', '-')}"
            raise click.BadParameter("must be more than 0 and less than 1", param_hint=hint)
    return Wish(
        options["width"], options["recall_width"] or None, options["size"], options["guess"]
    )


def _ruleset(rules: tuple[str, ...]) -> Ruleset | None:
    from automod.engine.reading import load_with_notes

    return load_with_notes(*rules, cache=sample_cache())[0] if rules else None


def _where(conditions: str, ruleset: Ruleset | None) -> Where:
    from automod.batch.where import parse_where

    try:
        where = parse_where(conditions, ruleset)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--where") from None
    if "policy" not in where.conditions:
        raise click.BadParameter("name the code to be labelled: policy=CODE", param_hint="--where")
    return where


def _drawn(decisions: Any, where: Where, wish: Wish, seed: int) -> Draw:
    from automod.workshop.labelling import draw

    try:
        return draw(decisions, where, wish, seed)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--size") from None


def _read_creatives(
    files: tuple[str, ...], ids: list[str], options: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """The creatives with these ids, of all files."""
    from automod.batch.sources import read_all
    from automod.workshop.labelling import drawn_creatives

    for name in files:
        if not Path(name).is_file():
            raise InputError(f"{name}: there is no such file")

    def note(line: str) -> None:
        if not options["quiet"]:
            say(line)

    with _complaining(options) as complain:
        found = read_all([(name, name) for name in files], note=note)
        return drawn_creatives(ids, _counted(found, options), complain)


@contextmanager
def _complaining(options: dict[str, Any]) -> Iterator[Callable[[Misread], None]]:
    """Where what is no creative is told of."""
    from .terminal import Complaints

    complaints = Complaints(quiet=options["quiet"])
    yield lambda one: complaints.add(lambda: str(one))
    complaints.end()


def _counted(found: Iterator[Any], options: dict[str, Any]) -> Iterator[Any]:
    """The same, with progress shown."""
    from .terminal import ticking

    with ticking("creatives", enabled=not (options["no_progress"] or options["quiet"])) as ticker:
        for number, one in enumerate(found, 1):
            yield one
            ticker.tick(number)


def _write_sheet(
    ctx: click.Context, sheet: Any, drawn: Draw, options: dict[str, Any], ruleset: Ruleset | None
) -> None:
    from automod.report.label_sheet import Asked, write_csv, write_workbook
    from automod.report.page import titles_of
    from automod.report.target import writing

    from .clock import now

    if options["output"].lower().endswith(".csv"):
        with writing(options["output"], bom=True) as stream:
            write_csv(stream, sheet, options["lang"])
        return
    lang = options["lang"]
    titles = titles_of(ruleset.policies, lang) if ruleset is not None else {}
    asked = Asked(options["on"] or now().date(), command_line(ctx), lang, titles)
    write_workbook(options["output"], sheet, drawn, asked)


def command_line(ctx: click.Context) -> str:
    """The command as it was given, for whoever has to do it again."""
    words = ["automod", *ctx.command_path.split()[1:]]
    for parameter in ctx.command.params:
        name = parameter.name or ""
        if ctx.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        value = ctx.params[name]
        flag = [] if isinstance(parameter, click.Argument) else [parameter.opts[-1]]
        if isinstance(value, bool):
            words += flag
            continue
        for one in value if isinstance(value, tuple) else (value,):
            words += [*flag, f"{one:g}" if isinstance(one, float) else str(one)]
    return shlex.join(words)


# --- import --------------------------------------------------------------------------------------


@label.command("import")
@click.argument("sheets", nargs=-1, required=True, metavar="SHEET...")
@_creatives_option
@click.option("--by", metavar="NAME", help="Who labelled, where a row does not say.")
@click.option(
    "--on", metavar="DATE", callback=read_day, help="When, where a row does not say (YYYY-MM-DD)."
)
@output_option
@_incomplete_option("have no label")
@lang_option
@quiet_option
@_PROGRESS
def import_(sheets: tuple[str, ...], **options: Any) -> int:
    """Make labelled cases of sheets that were filled in.

    SHEET is XLSX or CSV; of several labellers each may have filled in one: what they say of one
    creative goes into one case. Writes JSONL. A creative that nobody labelled is in no case, and is
    counted.

    \b
    automod label import sheet-nadia.xlsx sheet-omar.xlsx --creatives ads.jsonl -o cases.jsonl
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.report.label_text import import_text
    from automod.workshop.label_import import case_line, import_sheets, read_filled

    _refuse_inputs(sheets, options["output"])
    held = read_filled(sheets, None if options["quiet"] else say)
    creatives = _given(held, options)
    done = import_sheets(held, creatives, _signed(options), _folder(options["output"]))
    _write_cases((case_line(case) for case in done.cases), options["output"])
    if not options["quiet"]:
        say(*import_text(done, options["lang"]))
    blank = done.blank / done.creatives if done.creatives else 0.0
    return INCOMPLETE if blank > options["allow_incomplete"] else YES


def _refuse_inputs(sheets: tuple[str, ...], output: str | None) -> None:
    if output is not None and Path(output).resolve() in {Path(one).resolve() for one in sheets}:
        raise click.UsageError(f"-o {output} would write over a SHEET")


def _given(sheets: Any, options: dict[str, Any]) -> Mapping[str, Mapping[str, Any]] | None:
    if not options["creatives"]:
        return None
    ids = [row.cells["id"] for sheet in sheets for row in sheet.rows if "id" in row.cells]
    return _read_creatives(options["creatives"], ids, options)


def _signed(options: dict[str, Any]) -> Any:
    from automod.workshop.label_import import Signed

    on: date | None = options["on"]
    return Signed(options["by"], on)


def _folder(output: str | None) -> Path:
    return Path(output).parent if output else Path()


def _write_cases(lines: Iterator[str], output: str | None) -> None:
    from automod.report.target import writing

    with writing(output) as stream:
        stream.writelines(f"{line}\n" for line in lines)
