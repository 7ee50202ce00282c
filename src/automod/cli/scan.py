"""`automod scan`: files of creatives in, decisions out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from automod.errors import InputError

from .exits import INCOMPLETE, NO, YES, say
from .options import (
    approval_option,
    format_of,
    lang_option,
    on_option,
    output_option,
    quiet_option,
    read_share,
    refuse_without_file,
    rules_option,
    sample_cache,
    text_creative,
    text_options,
)

if TYPE_CHECKING:
    from automod.batch.where import Where
    from automod.report.hit_log import Log
    from automod.report.scan_report import ScanReport
    from automod.report.tally import Tally

FORMATS: Final = ("text", "jsonl", "csv", "parquet", "xlsx")
BARS: Final = ("hit", "restrict", "review", "reject")


@click.command()
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@rules_option
@approval_option
@text_options
@on_option
@click.option(
    "-f", "--format", "chosen", type=click.Choice(FORMATS),
    help="How results are written; else told from the suffix of -o, else text.",
)  # fmt: skip
@output_option
@click.option(
    "--fail-on", type=click.Choice(BARS),
    help="Exit 1 if a creative is judged so strictly, or worse; hit: if anything counts at all.",
)  # fmt: skip
@click.option(
    "--allow-incomplete", metavar="SHARE", callback=read_share,
    help="Exit 3 only if more than this share could not be evaluated, as 0.1%.",
)  # fmt: skip
@click.option(
    "--where", "conditions", multiple=True, metavar="CONDITIONS",
    help="Write, and hold to --fail-on, only what fits: market=SA|AE,action=reject. Keys: market, "
    "action, policy, material, package, creative, complete. Repeated: any of them.",
)  # fmt: skip
@click.option(
    "--hits", metavar="FILE",
    help="Write a log of hits, one a row, to this .jsonl or .parquet file.",
)  # fmt: skip
@click.option("--hits-text", is_flag=True, help="Keep the letters that matched in the log of hits.")
@lang_option
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Text: also what counts for nothing.")
@click.option("--no-progress", is_flag=True, help="Show no progress, however long it takes.")
def scan(inputs: tuple[str, ...], rules: tuple[str, ...], **options: Any) -> int:
    """Judge the creatives of files.

    INPUT is JSONL, JSON, CSV or XLSX, told by its suffix or by how it begins; - is standard input.
    A line that cannot be read, or is no creative, is a decision of its own: not evaluated, never
    clean. Why it is none is said on standard error.

    A result that is a workbook has the columns of the table that was judged, also those that say
    nothing of an ad, and beside them the decision, its reason, and the text with what was found
    marked. Columns that are no ad's are allowed in a workbook, and with such a result in a CSV.

    \b
    automod scan ads.jsonl -r rules/
    automod scan ads.csv -r rules/ -o decisions.csv --fail-on reject
    automod scan ads.xlsx -r rules/ -o result.xlsx --lang ar
    automod scan ads.jsonl -r rules/ -o decisions.parquet --hits hits.parquet
    automod scan -r rules/ --text "..." --market SA --market AE
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    job = _job(inputs, options)
    decider = _Scan(job, rules)
    decider.run()
    return decider.exit_code()


@dataclass(frozen=True, slots=True)
class _Job:
    """What was asked for, checked as far as it can be before anything is loaded."""

    sources: list[tuple[str, Any]]
    creative: dict[str, Any] | None
    format: str
    output: str | None
    hits: str | None
    hits_format: str
    hits_text: bool
    on: date | None
    conditions: tuple[str, ...]
    fail_on: str | None
    allow_incomplete: float
    lang: Any
    quiet: bool
    verbose: bool
    progress: bool
    require_approval: bool


def _job(inputs: tuple[str, ...], options: dict[str, Any]) -> _Job:
    from automod.report.hit_log import SUFFIXES as HITS
    from automod.report.scan_report import SUFFIXES

    text, output = options["text"], options["output"]
    if bool(inputs) == (text is not None):
        raise click.UsageError("give either INPUT or --text (INPUT - is standard input)")
    if text is not None and not options["markets"]:
        raise click.UsageError("--text needs --market: what is risky depends on where it runs")
    if text is None and (options["markets"] or options["language"]):
        raise click.UsageError("--market and --language go with --text; files have their own")
    creative = None
    if text is not None:
        creative = text_creative(text, options["markets"], options["language"])
    chosen, hits = format_of(options["chosen"], output, SUFFIXES), options["hits"]
    _check_targets(chosen, output, hits, options["hits_text"])
    return _Job(
        sources=_sources(inputs, {"-o": output, "--hits": hits}), creative=creative,
        format=chosen, output=output, hits=hits,
        hits_format=format_of(None, hits, HITS), hits_text=options["hits_text"], on=options["on"],
        conditions=options["conditions"], fail_on=options["fail_on"],
        allow_incomplete=options["allow_incomplete"], lang=options["lang"],
        quiet=options["quiet"], verbose=options["verbose"],
        progress=not (options["no_progress"] or options["quiet"]),
        require_approval=options["require_approval"],
    )  # fmt: skip


def _check_targets(chosen: str, output: str | None, hits: str | None, hits_text: bool) -> None:
    """Refuse what cannot be written, before anything is loaded.

    Raises:
        click.UsageError: Parquet on standard output, or two results in one file.
        MissingExtra: Parquet is asked for, and the extra `arrow` is not installed; or XLSX, and
            `analyst` is not.
    """
    from automod.report.hit_log import SUFFIXES as HITS

    refuse_without_file(chosen, output)
    if hits_text and hits is None:
        raise click.UsageError("--hits-text goes with --hits")
    if hits is not None and output is not None and Path(hits).resolve() == Path(output).resolve():
        raise click.UsageError("-o and --hits name the same file")
    if hits is not None and not hits.lower().endswith(tuple(HITS)):
        raise click.UsageError(f"--hits {hits}: the suffix is none of {', '.join(HITS)}")
    if chosen == "xlsx":
        from automod.report.decision_book import check_writer

        check_writer()
    if chosen == "parquet" or (hits or "").lower().endswith(".parquet"):
        from automod.model.arrow import arrow

        arrow("writing Parquet")


def _sources(inputs: tuple[str, ...], targets: dict[str, str | None]) -> list[tuple[str, Any]]:
    """Names and what to read; every file is there, and none is about to be written over.

    Raises:
        InputError: a file is not there.
        click.UsageError: standard input twice, or an output that is an input.
    """
    if inputs.count("-") > 1:
        raise click.UsageError("standard input (-) can be read only once")
    sources: list[tuple[str, Any]] = []
    for name in inputs:
        if name == "-":
            sources.append(("standard input", sys.stdin.buffer))
            continue
        path = Path(name)
        if not path.exists():
            raise InputError(f"{name}: there is no such file")
        if path.is_dir():
            raise InputError(f"{name}: is a folder; name the files in it")
        for option, target in targets.items():
            if target is not None and Path(target).resolve() == path.resolve():
                raise click.UsageError(f"{option} {target} would write over an INPUT")
        sources.append((name, name))
    return sources


class _Scan:
    """One run: everything between the job and its exit code."""

    def __init__(self, job: _Job, rules: tuple[str, ...]) -> None:
        from automod.batch.where import parse_where
        from automod.engine.compile import compile
        from automod.engine.reading import load_with_notes
        from automod.report.tally import Tally

        from .terminal import Complaints

        ruleset, notes = load_with_notes(
            *rules, cache=sample_cache(), require_approval=job.require_approval
        )
        try:
            self._wanted = [parse_where(one, ruleset) for one in job.conditions]
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--where") from None
        self._job = job
        self._note(*notes)
        self._engine = compile(ruleset)
        self._complaints = Complaints(quiet=job.quiet)
        self.tally: Tally = Tally()

    def run(self) -> None:
        """Decide on everything, and write it."""
        from automod.report.hit_log import hit_log
        from automod.report.page import titles_of
        from automod.report.scan_report import scan_target

        job = self._job
        titles = titles_of(self._engine.ruleset.policies, job.lang)
        with (
            scan_target(
                job.format, job.output, job.lang, detail=job.verbose, titles=titles
            ) as report,
            hit_log(job.hits_format, job.hits, text=job.hits_text) as log,
        ):
            self._decide(report, log)
            report.end(self.tally)
        self._complaints.end()
        if job.format != "text" or job.output is not None:
            self._summarise()

    def _decide(self, report: ScanReport, log: Log) -> None:
        from automod.batch.sources import fault_at
        from automod.batch.stream import decide_stream

        from .clock import now
        from .terminal import ticking

        # Results that scroll by on the terminal are progress enough, and would break a bar.
        visible = self._job.output is None and sys.stdout.isatty()
        today = now().date()
        with ticking("creatives", enabled=self._job.progress and not visible) as ticker:
            stream = decide_stream(self._engine, self._creatives(), today=today, on=self._job.on)
            for creative, decision in stream:
                self.tally.add(decision)
                if decision.creative is None:
                    self._complaints.add(partial(fault_at, creative, decision.index))
                if self._write(report, creative, decision):
                    log(decision)
                ticker.tick(self.tally.creatives)

    def _write(self, report: ScanReport, creative: Any, decision: Any) -> bool:
        """Write a decision; whether it is one that is wanted."""
        fitting = [one for one in self._wanted if one.matches(decision)]
        if self._wanted and not fitting:
            return False
        markets = _markets(fitting, decision)
        self.tally.judge(decision, markets)
        self.tally.shown += 1
        report.add(creative, decision, markets)
        return True

    def _creatives(self) -> Iterator[Any]:
        from automod.batch.sources import read_all

        if self._job.creative is not None:
            yield self._job.creative
            return
        keep = self._job.format == "xlsx"
        yield from read_all(self._job.sources, note=self._note, keep=keep)

    def _note(self, *notes: str) -> None:
        if not self._job.quiet:
            say(*notes)

    def _summarise(self) -> None:
        from automod.report.tally import tally_line

        self._note(tally_line(self.tally, self._job.lang).plain)

    def exit_code(self) -> int:
        """3 where too much was not evaluated, else 1 where the bar was reached, else 0."""
        if self.tally.incomplete_share() > self._job.allow_incomplete:
            return INCOMPLETE
        bar = self._job.fail_on
        return NO if bar is not None and self.tally.reached(bar) else YES


def _markets(fitting: Iterable[Where], decision: Any) -> set[str] | None:
    """The markets of a decision that conditions let through; None for all."""
    found = {market for one in fitting for market in one.markets(decision)}
    return found or None
