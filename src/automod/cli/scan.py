"""`automod scan`: files of creatives in, decisions out."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from .exits import INCOMPLETE, NO, YES, say
from .options import (
    approval_option,
    lang_option,
    on_option,
    quiet_option,
    read_share,
    rules_option,
    sample_cache,
    text_options,
)

if TYPE_CHECKING:
    from automod.batch.plan import Chunk
    from automod.batch.rescore_files import Since
    from automod.engine.engine import Engine
    from automod.report.scan_blocks import Asked, Block
    from automod.report.scan_run import Outcome, Scan
    from automod.report.tally import Tally

    from .scan_targets import Targets
    from .terminal import Gauge

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
@click.option(
    "-o", "--output", metavar="FILE",
    help="Write to this file, which appears when it is complete; else standard output. A folder "
    "(out/) is filled with parts, each of which appears when it is complete.",
)  # fmt: skip
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
    "--only-changed", metavar="PREVIOUS",
    help="Write, and hold to --fail-on, only what differs from the decisions of an earlier run (a "
    "file, or a folder of parts): an action, a policy code, what was evaluated; and what is new.",
)  # fmt: skip
@click.option(
    "--since", multiple=True, metavar="PATH",
    help="The ruleset that the decisions of --stored were made by, as for -r: what has not changed "
    "since is not scanned again. The answer is the same.",
)  # fmt: skip
@click.option(
    "--stored", multiple=True, metavar="PATH",
    help="The decisions of an earlier scan of the same INPUT by --since, or its log of hits: "
    ".jsonl or .parquet files, or a folder of parts.",
)  # fmt: skip
@click.option(
    "--hits", metavar="FILE",
    help="Write a log of hits, one a row, to this .jsonl or .parquet file; beside parts, to parts "
    "in this folder.",
)  # fmt: skip
@click.option("--hits-text", is_flag=True, help="Keep the letters that matched in the log of hits.")
@click.option(
    "--counts", metavar="FILE",
    help="Write what was judged and what hit, as counts by day and market, to this .json file.",
)  # fmt: skip
@click.option(
    "--quarantine", metavar="FILE",
    help="Write what is no creative, with its place and the reason, to this .jsonl file; beside "
    "parts it always is, to _quarantine-*.jsonl.",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(1, 256), metavar="N",
    help="Decide in N processes. The answer is the same; a creative that ends a process is found, "
    "and not evaluated.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on with the parts that a killed run left in -o.")
@click.option(
    "--part-size", type=click.IntRange(1), metavar="N",
    help="Creatives of a part, about.  [default: 131072]",
)  # fmt: skip
@lang_option
@quiet_option
@click.option(
    "-v", "--verbose", is_flag=True, help="Text: also what counts for nothing. Tell the rate."
)
@click.option("--no-progress", is_flag=True, help="Show no progress, however long it takes.")
def scan(inputs: tuple[str, ...], rules: tuple[str, ...], **options: Any) -> int:
    """Judge the creatives of files.

    INPUT is JSONL, JSON, CSV, XLSX or Parquet, told by its suffix or by how it begins; a folder
    stands for all such files in it; - is standard input. A line that cannot be read, or is no
    creative, is a decision of its own: not evaluated, never clean. Why it is none is said on
    standard error.

    A result that is a workbook has the columns of the table that was judged, also those that say
    nothing of an ad, and beside them the decision, its reason, and the text with what was found
    marked. Columns that are no ad's are allowed in a workbook, and with such a result in a CSV.

    \b
    automod scan ads.jsonl -r rules/
    automod scan ads.csv -r rules/ -o decisions.csv --fail-on reject
    automod scan ads.xlsx -r rules/ -o result.xlsx --lang ar
    automod scan ads.jsonl -r rules/ -o decisions.parquet --hits hits.parquet
    automod scan ads/ -r rules/ -o decisions/ --workers 8 --resume
    automod scan ads/ -r new/ --since old/ --stored decisions/ -o again/
    automod scan -r rules/ --text "..." --market SA --market AE
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from .scan_targets import targets_of

    return _Run(targets_of(inputs, options), options).run(rules)


class _Run:
    """One run: everything between what was asked and its exit code. It listens to the scan."""

    def __init__(self, targets: Targets, options: dict[str, Any]) -> None:
        from .terminal import Complaints

        self._targets, self._options = targets, options
        self._complaints = Complaints(quiet=options["quiet"])
        self._gauge: Gauge | None = None

    def run(self, rules: tuple[str, ...]) -> int:
        """Decide on everything, write it, and say how it went."""
        from automod.report.scan_run import scan as scan_all

        from .terminal import gauging

        options, targets = self._options, self._targets
        engine = self._engine(rules)
        job = self._job(engine)
        # Results that scroll by on the terminal are progress enough, and would break a bar.
        visible = targets.output is None and sys.stdout.isatty()
        enabled = not (options["no_progress"] or options["quiet"] or visible)
        with gauging("creatives", targets.size(), enabled=enabled) as self._gauge:
            outcome = scan_all(engine, job, self)
        self._complaints.end()
        self._summarise(outcome, self._gauge.seconds)
        return self._exit_code(outcome.counts.tally)

    def _engine(self, rules: tuple[str, ...]) -> Engine:
        from automod.batch.where import parse_where
        from automod.engine.compile import compile
        from automod.engine.reading import load_with_notes

        approved = self._options["require_approval"]
        ruleset, notes = load_with_notes(*rules, cache=sample_cache(), require_approval=approved)
        try:
            for one in self._options["conditions"]:
                parse_where(one, ruleset)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--where") from None
        self.note(*notes)
        return compile(ruleset)

    def _job(self, engine: Engine) -> Scan:
        from automod.report.page import titles_of
        from automod.report.scan_output import Files
        from automod.report.scan_run import Scan

        options, targets = self._options, self._targets
        return Scan(
            self._asked(engine), targets.sources, targets.creative,
            Files(targets.output, options["hits"], options["quarantine"]),
            folder=targets.folder, workers=options["workers"] or 0, cut=targets.cut,
            resume=options["resume"], only_changed=options["only_changed"],
            counters=options["counts"], detail=options["verbose"],
            titles=titles_of(engine.ruleset.policies, options["lang"]),
        )  # fmt: skip

    def _asked(self, engine: Engine) -> Asked:
        from automod.report.scan_blocks import Asked
        from automod.report.scan_run import begun_on

        from .clock import now

        options, targets = self._options, self._targets
        today = now().date()
        if options["resume"] and targets.folder is not None and options["on"] is None:
            today = begun_on(targets.folder) or today
        return Asked(
            targets.format, today, options["on"], options["lang"], objects=targets.objects,
            hits=targets.hits_format, hits_text=options["hits_text"],
            conditions=options["conditions"],
            quarantine=options["quarantine"] is not None or targets.folder is not None,
            counters=options["counts"] is not None, quiet=options["quiet"],
            since=self._since(engine),
        )  # fmt: skip

    def _since(self, engine: Engine) -> Since | None:
        """What was decided before, where it is given."""
        from automod.batch.rescore_files import since_of
        from automod.engine.reading import load_with_notes

        since, stored = self._options["since"], self._options["stored"]
        if bool(since) != bool(stored):
            raise click.UsageError("--since and --stored go together")
        if not since:
            return None
        approved = self._options["require_approval"]
        old, notes = load_with_notes(*since, cache=sample_cache(), require_approval=approved)
        found, why = since_of(old, engine.ruleset, stored)
        self.note(*notes, *(why if self._options["verbose"] else ()))
        return found

    # --- what the scan says ----------------------------------------------------------------------

    def note(self, *lines: str) -> None:
        """Say something on standard error."""
        if not self._options["quiet"]:
            say(*lines)

    def block(self, block: Block) -> None:
        """Tell what in a block is no creative, and how far it is."""
        for told in block.complaints:
            self._complaints.add(partial(str, told))
        self._complaints.more(block.invalid - len(block.complaints))
        if self._gauge is not None:
            self._gauge.add(block.count, block.weight)

    def skipped(self, chunk: Chunk) -> None:
        """A chunk was done before."""
        if self._gauge is not None:
            self._gauge.add(chunk.count, chunk.weight, made=False)

    def _summarise(self, outcome: Outcome, seconds: float) -> None:
        from automod.report.scan_words import outcome_lines
        from automod.report.tally import tally_line

        options, targets = self._options, self._targets
        if targets.format != "text" or targets.output is not None:
            self.note(tally_line(outcome.counts.tally, options["lang"]).plain)
        told = outcome_lines(
            outcome, options["lang"], quarantine=options["quarantine"] or targets.folder,
            seconds=seconds if options["verbose"] else None,
        )  # fmt: skip
        self.note(*told)

    def _exit_code(self, tally: Tally) -> int:
        """3 where too much was not evaluated, else 1 where the bar was reached, else 0."""
        if tally.incomplete_share() > self._options["allow_incomplete"]:
            return INCOMPLETE
        bar = self._options["fail_on"]
        return NO if bar is not None and tally.reached(bar) else YES
