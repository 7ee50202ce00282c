"""`automod backtest`: what other rules would have changed on stored traffic."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from automod.errors import InputError

from .exits import INCOMPLETE, NO, YES, say
from .label import command_line
from .options import (
    approval_option,
    format_of,
    format_option,
    lang_option,
    on_option,
    output_option,
    quiet_option,
    read_share,
    refuse_without_file,
    rules_option,
    sample_cache,
)

if TYPE_CHECKING:
    from automod.engine.engine import Engine
    from automod.model.backtest import Backtest
    from automod.workshop.backtest import Asked
    from automod.workshop.backtest_review import Drawing
    from automod.workshop.backtest_turns import Pair

AXES: Final = ("market", "language", "policy")
MOST_FLIPS: Final = 1_000
"""Creatives that a report holds one by one; a sheet for review holds what was drawn of all."""

_LIMITS: Final = (
    ("--max-gained", "More than this share is now hit, or decided more strictly, as 1%."),
    ("--max-lost", "More than this share is no longer hit, or decided more laxly."),
    ("--max-changed", "More than this share is decided otherwise, whichever way."),
    ("--max-review-load", "In some market more than this share goes to review."),
)


def _limit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, what in reversed(_LIMITS):
        command = click.option(
            name, metavar="SHARE", callback=_read_limit, help=f"Exit 1 if: {what}"
        )(command)
    return command


def _read_limit(ctx: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    return None if value is None else read_share(ctx, parameter, value)


@click.command()
@click.argument("traffic", nargs=-1, required=True, metavar="TRAFFIC...")
@rules_option
@click.option(
    "--against", "against", multiple=True, required=True, metavar="PATH",
    help="The rules in force: folders, files or a bundle; may be repeated.",
)  # fmt: skip
@approval_option
@on_option
@click.option(
    "--by", "by", default=",".join(AXES), show_default=True, metavar="AXES",
    help="Count changes by these: market, language, policy.",
)  # fmt: skip
@click.option(
    "--where", "conditions", multiple=True, metavar="CONDITIONS",
    help="Count changes only where it holds before or after: market=SA|AE,action=reject. Keys: "
    "market, action, policy, material, package, creative, complete. Repeated: any of them.",
)  # fmt: skip
@click.option(
    "--population", type=click.IntRange(min=1), metavar="N",
    help="TRAFFIC is a sample of so many creatives: shares get intervals, the load is scaled.",
)  # fmt: skip
@click.option(
    "--review", metavar="FILE",
    help="A sheet of changes drawn by chance, .xlsx, for `automod label import`. Not there yet.",
)  # fmt: skip
@click.option(
    "--sample", type=click.IntRange(min=1), default=200, show_default=True, metavar="N",
    help="Rows of the sheet.",
)  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed, another draw.")
@click.option(
    "--draw", "drawn", type=click.IntRange(min=0), default=10_000, show_default=True, metavar="N",
    help="Creatives that both decide alike of which so many are decided, to know the load.",
)  # fmt: skip
@click.option(
    "--signatures", metavar="FILE",
    help="Keep what can be kept of TRAFFIC (JSONL) in this .npz file: the next run takes less.",
)  # fmt: skip
@click.option("--full", is_flag=True, help="Decide everything by both; the answer is the same.")
@_limit_options
@format_option(["text", "json", "xlsx"])
@output_option
@click.option(
    "--allow-incomplete", metavar="SHARE", callback=read_share,
    help="Exit 3 only if more than this share could not be evaluated, as 0.1%.",
)  # fmt: skip
@lang_option
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Text: all groups, materials and creatives.")
@click.option("--no-progress", is_flag=True, help="Show no progress, however long it takes.")
@click.pass_context
def backtest(ctx: click.Context, /, traffic: tuple[str, ...], **options: Any) -> int:
    """Say what NEW rules (-r) would have changed on traffic that is stored.

    TRAFFIC is JSONL, JSON or CSV. Only what differs between the two rulesets is looked for; the
    few creatives in which it is are decided by both. Told are those gained (now hit, or stricter),
    lost and otherwise changed, what work they make, and which materials make the difference.

    \b
    automod backtest october.jsonl -r new-rules/ --against rules/ --review review.xlsx --seed 7
    automod backtest october.jsonl -r new-rules/ --against rules/ --max-gained 1%
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.report.backtest_text import SUFFIXES

    chosen = format_of(options["chosen"], options["output"], SUFFIXES)
    _check(traffic, chosen, options)
    by = _axes(options["by"])
    old, new = _compiled(options["against"], options), _compiled(options["rules"], options)
    asked = _asked(by, old, new, options)
    drawing = _drawing(options)
    found = _found(old, new, traffic, asked, drawing, options)
    _write(found, chosen, options)
    if drawing is not None:
        _write_review(ctx, found, drawing, options)
    return _exit_code(found, options)


def _check(traffic: tuple[str, ...], chosen: str, options: dict[str, Any]) -> None:
    """Refuse what could not end well, before anything is done."""
    for name in traffic:
        if not Path(name).is_file():
            raise InputError(f"{name}: there is no such file")
    refuse_without_file(chosen, options["output"])
    review, kept = options["review"], options["signatures"]
    if review is not None and not review.lower().endswith(".xlsx"):
        raise click.BadParameter("the sheet is a workbook: name it .xlsx", param_hint="--review")
    if review is not None and Path(review).exists():
        # It may be half filled in: a day's work would be gone.
        raise click.UsageError(f"{review} is there already, and may have labels in it")
    if kept is None:
        return
    if not kept.lower().endswith(".npz"):
        raise click.BadParameter("name the file .npz", param_hint="--signatures")
    if not all(map(_is_jsonl, traffic)):
        raise click.UsageError("--signatures is for traffic in JSONL")


def _axes(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
    for axis in found:
        if axis not in AXES:
            said = f"cannot count by {axis!r}; one of: {', '.join(AXES)}"
            raise click.BadParameter(said, param_hint="--by")
    return found


def _compiled(paths: tuple[str, ...], options: dict[str, Any]) -> Engine:
    from automod.engine.compile import compile
    from automod.engine.reading import load_with_notes

    # What a bundle holds was settled when it was made.
    bundled = any(path.endswith(".automod") for path in paths)
    ruleset, notes = load_with_notes(
        *paths, cache=sample_cache(),
        require_approval=options["require_approval"] and not bundled,
    )  # fmt: skip
    if not options["quiet"]:
        say(*notes)
    return compile(ruleset)


def _asked(by: tuple[str, ...], old: Engine, new: Engine, options: dict[str, Any]) -> Asked:
    from automod.batch.where import parse_where
    from automod.workshop.backtest import Asked

    from .clock import now

    wanted = []
    for text in options["conditions"]:
        try:
            wanted.append(parse_where(text, _knowing(text, old, new)))
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--where") from None
    asked = Asked(
        now().date(), options["on"], by, population=options["population"],
        drawn=options["drawn"], seed=options["seed"], flips=MOST_FLIPS, full=options["full"],
    )  # fmt: skip
    if not wanted:
        return asked
    from dataclasses import replace

    return replace(asked, wanted=lambda one: any(where.matches(one) for where in wanted))


def _knowing(text: str, old: Engine, new: Engine) -> Any:
    """The ruleset that knows the names in conditions: what one of them lacks the other may have."""
    from automod.batch.where import parse_where

    try:
        parse_where(text, new.ruleset)
    except ValueError:
        return old.ruleset
    return new.ruleset


def _drawing(options: dict[str, Any]) -> Drawing | None:
    from automod.workshop.backtest_review import Drawing

    return None if options["review"] is None else Drawing(options["sample"], options["seed"])


def _found(
    old: Engine,
    new: Engine,
    traffic: tuple[str, ...],
    asked: Asked,
    drawing: Drawing | None,
    options: dict[str, Any],
) -> Backtest:
    from automod.batch.sources import fault_at, read_all
    from automod.workshop.backtest import Watch, backtest_lines
    from automod.workshop.backtest import backtest as run

    from .terminal import Complaints, ticking

    quiet = options["quiet"]
    complaints = Complaints(quiet=quiet)
    with ticking("creatives", enabled=not (options["no_progress"] or quiet)) as ticker:
        watch = Watch(
            _nothing if drawing is None else drawing.add,
            lambda one: complaints.add(lambda: fault_at(one.creative, one.index)),
            ticker.tick,
        )
        if all(map(_is_jsonl, traffic)):
            found = backtest_lines(old, new, traffic, asked, watch, options["signatures"])
        else:
            creatives = read_all([(name, name) for name in traffic], note=None if quiet else say)
            found = run(old, new, creatives, asked, watch)
    complaints.end()
    if found.population is not None and found.population < found.creatives:
        said = f"the traffic alone has {found.creatives} creatives: it is no sample of fewer"
        raise click.BadParameter(said, param_hint="--population")
    return found


def _nothing(_: Pair) -> None:
    """No sheet is drawn."""


def _is_jsonl(name: str) -> bool:
    return name.lower().endswith((".jsonl", ".ndjson"))


def _write(found: Backtest, chosen: str, options: dict[str, Any]) -> None:
    from automod.report.backtest_json import backtest_json
    from automod.report.backtest_text import backtest_text
    from automod.report.backtest_xlsx import backtest_xlsx
    from automod.report.target import placing, writing

    lang, output = options["lang"], options["output"]
    if chosen == "xlsx":
        data = backtest_xlsx(found, lang)
        with placing(output) as partial:
            partial.write_bytes(data)
        return
    with writing(output) as stream:
        if chosen == "json":
            stream.write(backtest_json(found))
            return
        lines = backtest_text(found, lang, detail=options["verbose"])
        stream.writelines(f"{line}\n" for line in lines)


def _write_review(
    ctx: click.Context, found: Backtest, drawing: Drawing, options: dict[str, Any]
) -> None:
    from automod.report.backtest_sheet import write_review
    from automod.report.backtest_text import review_text
    from automod.report.backtest_words import word
    from automod.report.label_sheet import Asked

    from .clock import now

    path, lang = options["review"], options["lang"]
    try:
        review = drawing.review(Path(path).parent)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--sample") from None
    if not review.policies:
        if not options["quiet"]:
            say(word("review.none", lang))
        return
    asked = Asked(options["on"] or now().date(), command_line(ctx), lang)
    write_review(path, review, asked, (found.ruleset_before, found.ruleset_after))
    if not options["quiet"]:
        say(*review_text(review, path, lang))


def _exit_code(found: Backtest, options: dict[str, Any]) -> int:
    """3 where too much was not evaluated, else 1 where a limit is not kept, else 0."""
    from automod.report.backtest_text import limit_text
    from automod.workshop.backtest_limits import Limits, held_to

    names = ("max_gained", "max_lost", "max_changed", "max_review_load")
    lines = list(held_to(found, Limits(**{name: options[name] for name in names})))
    failed = [one for one in lines if not one.passed]
    if not options["quiet"] or failed:
        say(*limit_text(failed if options["quiet"] else lines, options["lang"]))
    if (found.incomplete.value or 0.0) > options["allow_incomplete"]:
        return INCOMPLETE
    return NO if failed else YES
