"""`automod drift`: which materials have become noisy, and which are dead."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .exits import INCOMPLETE, NO, YES, say
from .options import (
    format_of,
    format_option,
    lang_option,
    output_option,
    quiet_option,
    read_day,
    read_share,
    refuse_without_file,
    sample_cache,
)

if TYPE_CHECKING:
    from automod.load.windows import Window
    from automod.model.drift import Drift, DriftWatch
    from automod.model.ruleset import Ruleset
    from automod.monitor.drift import LeftOut
    from automod.monitor.drift_rows import Wanted

LEVELS = ("material", "material-market", "package", "package-market", "market")


@click.command()
@click.argument("logs", nargs=-1, required=True, metavar="WINDOW...")
@click.option("--rolling", is_flag=True, help="Watch one series day after day; WINDOWs are parts.")
@click.option(
    "--by", multiple=True, type=click.Choice(LEVELS),
    help="What is compared; may be repeated. Left out: material, material-market, package.",
)  # fmt: skip
@click.option("--material", "materials", multiple=True, metavar="ID", help="Only this; repeatable.")
@click.option("--package", "packages", multiple=True, metavar="NAME", help="Only of this package.")
@click.option("--market", "markets", multiple=True, metavar="MARKET", help="Only in this market.")
@click.option(
    "-r", "--rules", "rules", multiple=True, metavar="PATH",
    help="The rules: overrides and ends that were meant are left out, packages told by title.",
)  # fmt: skip
@click.option(
    "--false-discoveries", default="5%", show_default=True, metavar="SHARE", callback=read_share,
    help="Two windows: the share of what is told that may be chance.",
)  # fmt: skip
@click.option(
    "--least", default=1.25, show_default=True, type=click.FloatRange(min=1.0),
    help="Two windows: tell changes by this factor and more.",
)  # fmt: skip
@click.option(
    "--per-year", default=1.0, show_default=True, type=click.FloatRange(min=1e-4, max=12.0),
    help="--rolling: false alarms of each material in a year, at most.",
)  # fmt: skip
@click.option(
    "--learn", default=28, show_default=True, type=click.IntRange(min=14, max=364),
    help="--rolling: days from which it is learned what is usual.",
)  # fmt: skip
@click.option(
    "--since", metavar="DATE", callback=read_day,
    help="--rolling: only alarms that could be known from this day on.",
)  # fmt: skip
@format_option(["text", "json", "csv", "xlsx"])
@output_option
@lang_option
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Text: every line, however many.")
def drift(logs: tuple[str, ...], rules: tuple[str, ...], **options: Any) -> int:
    """Find materials that hit more than they did, and those that hit less or nothing.

    A WINDOW is a file, a folder or a pattern of hit logs (automod scan --hits), decisions or
    counters. PATH@FROM..UNTIL takes these days of it. Two windows are compared, the second against
    the first. With --rolling all are one series, in which every day is watched.

    \b
    automod drift logs/@2026-10-01..2026-10-28 logs/@2026-11-01..2026-11-14
    automod drift october.parquet november.parquet --by package -o drift.xlsx
    automod drift 'logs/*.parquet' --rolling --since 2026-11-14

    Exit code 1: something drifted; 3: there was not enough to tell, of what was asked about by name
    or of anything.
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.report.drift_text import SUFFIXES, short_lines

    chosen = format_of(options["chosen"], options["output"], SUFFIXES)
    refuse_without_file(chosen, options["output"])
    _check(logs, options)
    ruleset = _ruleset(rules, options) if rules else None
    found = (_watched if options["rolling"] else _compared)(logs, ruleset, options)
    _write(found, chosen, _titles(ruleset, options["lang"]), options)
    short = list(short_lines(found, options["lang"])) if _asked(options).anything else []
    say(*short)
    return INCOMPLETE if short or _nothing(found) else NO if _drifted(found) else YES


def _check(logs: tuple[str, ...], options: dict[str, Any]) -> None:
    if not options["rolling"] and len(logs) != 2:
        raise click.UsageError("give two windows to compare, or --rolling with one series")
    if not options["rolling"] and options["since"]:
        raise click.UsageError("--since goes with --rolling; a window is PATH@FROM..UNTIL")
    if not 0 < options["false_discoveries"] < 1:
        raise click.UsageError("--false-discoveries lies between 0 and 100%")


def _asked(options: dict[str, Any]) -> Wanted:
    from automod.monitor.drift_rows import Wanted

    return Wanted(
        frozenset(options["materials"]), frozenset(options["packages"]),
        frozenset(options["markets"]),
    )  # fmt: skip


def _compared(logs: tuple[str, ...], ruleset: Ruleset | None, options: dict[str, Any]) -> Drift:
    from automod.load.windows import load_window
    from automod.monitor.drift import DEFAULT, Comparing, drift

    before, after = (load_window(one) for one in logs)
    how = Comparing(
        options["by"] or DEFAULT, _asked(options), options["false_discoveries"],
        least=options["least"],
    )  # fmt: skip
    return drift(before, after, how, _left_out(ruleset, before, after))


def _watched(logs: tuple[str, ...], ruleset: Ruleset | None, options: dict[str, Any]) -> DriftWatch:
    from automod.load.windows import load_window
    from automod.monitor.drift import DEFAULT
    from automod.monitor.drift_series import drift_series, known_since
    from automod.monitor.drift_watch import Watch

    window = load_window(logs)
    how = Watch(per_year=options["per_year"], learning=options["learn"])
    left_out = _left_out(ruleset, window, window)
    found = drift_series(window, options["by"] or DEFAULT, _asked(options), how, left_out)
    return known_since(found, options["since"])


def _left_out(ruleset: Ruleset | None, first: Window, last: Window) -> LeftOut:
    from datetime import timedelta

    from automod.monitor.drift import nothing
    from automod.monitor.drift_known import left_out_by

    if ruleset is None:
        return nothing
    days = [one.first + timedelta(days=more) for one in (first, last) for more in (0, one.days - 1)]
    return left_out_by(ruleset, min(days), max(days))


def _ruleset(rules: tuple[str, ...], options: dict[str, Any]) -> Ruleset:
    from automod.engine.reading import load_with_notes

    ruleset, notes = load_with_notes(*rules, cache=sample_cache())
    if not options["quiet"]:
        say(*notes)
    return ruleset


def _titles(ruleset: Ruleset | None, lang: str) -> Mapping[str, str]:
    packages = () if ruleset is None else ruleset.packages
    return {one.name: one.title[lang] for one in packages if lang in one.title}


def _drifted(found: Drift | DriftWatch) -> bool:
    from automod.model.drift import Drift

    if isinstance(found, Drift):
        return any(one.verdict in ("noisy", "dead") for one in found.cells)
    return bool(found.alarms)


def _nothing(found: Drift | DriftWatch) -> bool:
    """Whether there was not enough to tell of anything."""
    from automod.model.drift import Drift

    if isinstance(found, Drift):
        return not any(one.verdict in ("noisy", "dead", "steady") for one in found.cells)
    return not found.watched_days


def _write(
    found: Drift | DriftWatch, chosen: str, titles: Mapping[str, str], options: dict[str, Any]
) -> None:
    from automod.model.drift import Drift
    from automod.report.drift_text import (
        drift_csv,
        drift_json,
        drift_lines,
        drift_xlsx,
        watch_lines,
    )
    from automod.report.target import placing, writing

    lang, output, detail = options["lang"], options["output"], options["verbose"]
    if chosen == "xlsx":
        data = drift_xlsx(found, lang)
        with placing(output) as partial:
            Path(partial).write_bytes(data)
        return
    with writing(output, bom=chosen == "csv") as stream:
        if chosen == "json":
            drift_json(found, stream)
        elif chosen == "csv":
            drift_csv(found, stream)
        elif isinstance(found, Drift):
            lines = drift_lines(found, lang, titles, detail=detail)
            stream.writelines(f"{line}\n" for line in lines)
        else:
            lines = watch_lines(found, lang, titles, detail=detail)
            stream.writelines(f"{line}\n" for line in lines)
