"""`automod compare`: two rulesets, decision files or results in, what changed out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .eval import Judging, exit_code, judging_options
from .exits import INCOMPLETE, YES
from .options import (
    format_of,
    lang_option,
    on_option,
    output_option,
    quiet_option,
    read_share,
)

if TYPE_CHECKING:
    from automod.model.case_table import CaseTable
    from automod.model.decision_table import DecisionTable
    from automod.model.evaluation import Evaluation
    from automod.model.ruleset import PolicyTable


@click.command()
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@click.option(
    "--cases", multiple=True, metavar="CASES",
    help="Labelled cases to judge both on; not needed for two results. May be repeated.",
)  # fmt: skip
@click.option(
    "-r", "--rules", "rules", multiple=True, metavar="PATH",
    help="For files of decisions: the rules whose policy table says what is asked.",
)  # fmt: skip
@click.option(
    "--unpaired",
    is_flag=True,
    help="Compare ratio with ratio, as of two months, also where both counted the same cases.",
)
@judging_options
@on_option
@click.option(
    "--allow-incomplete", metavar="SHARE", callback=read_share,
    help="Exit 3 only if more than this share of what is counted was not wholly evaluated.",
)  # fmt: skip
@click.option(
    "-f", "--format", "chosen", type=click.Choice(["text", "json", "xlsx"]),
    help="How the result is written; else told from the suffix of -o, else text.",
)  # fmt: skip
@output_option
@lang_option
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Text: every creative decided otherwise.")
@click.option("--no-progress", is_flag=True, help="Show no progress, however long it takes.")
def compare(before: str, after: str, **options: Any) -> int:
    """Say what AFTER catches and wrongly stops that BEFORE did not.

    Each of the two is rules (a folder), decisions (JSONL or Parquet), or a result that
    'automod eval -o run.json' kept. On the same cases they are compared in pairs: what was gained
    and lost by market, language and code, with McNemar's exact test, and each creative that is
    decided otherwise with its evidence. Results of different cases are compared ratio by ratio.

    \b
    automod compare rules/ new-rules/ --cases cases.jsonl
    automod compare october.json november.json
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.evaluate.compare import Evidence
    from automod.evaluate.compare import compare as compared
    from automod.report.evaluation_report import COMPARISON_SUFFIXES, Form, write_comparison

    shown = format_of(options["chosen"], options["output"], COMPARISON_SUFFIXES)
    old, new = _Side(before, options), _Side(after, options)
    try:
        found = compared(
            old.evaluation, new.evaluation, new.policies, cuts=[new.axes] if new.axes else (),
            seen=Evidence(new.cases, old.decisions, new.decisions),
            paired=False if options["unpaired"] else None,
        )  # fmt: skip
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    form = Form(
        shown, options["output"], options["lang"], new.axes, new.titles, options["verbose"],
    )  # fmt: skip
    write_comparison(found, form)
    allowed = options["allow_incomplete"]
    return INCOMPLETE if old.is_incomplete(allowed) or new.is_incomplete(allowed) else YES


class _Side:
    """One of the two: judged here, or read."""

    def __init__(self, place: str, options: dict[str, Any]) -> None:
        self.cases: CaseTable | None = None
        self.decisions: DecisionTable | None = None
        self.policies: PolicyTable | None = None
        self.titles: dict[str, str] = {}
        self.axes: tuple[str, ...] = ()
        self.evaluation = self._judged(place, options)

    def _judged(self, place: str, options: dict[str, Any]) -> Evaluation:
        from automod.load.runs import load_run

        if Path(place).suffix.lower() == ".json":
            return load_run(place)
        if not options["cases"]:
            raise click.UsageError(f"{place} is to be judged: give --cases CASES")
        is_rules = Path(place).is_dir()
        job = Judging({
            **options, "gate": None, "baseline": None, "again": False,
            "rules": (place,) if is_rules else options["rules"],
            "decisions": () if is_rules else (place,),
        })  # fmt: skip
        job.load(options["cases"])
        found = job.evaluation()
        self.cases, self.decisions = job.cases, job.decisions
        self.policies, self.titles = job.policies, job.titles
        self.axes = job.axes
        return found

    def is_incomplete(self, allowed: float) -> bool:
        """Whether more than a share of what was counted was not wholly evaluated."""
        return exit_code(self.evaluation, None, allowed) == INCOMPLETE
