"""`automod compare`: two rulesets, decision files or results in, what changed out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from automod.errors import InputError

from .eval import (
    COMPARABLE,
    Judging,
    comparable,
    exit_code,
    judging_options,
    names_in,
    read_where,
    told_options,
)
from .exits import INCOMPLETE, YES
from .options import (
    format_of,
    on_option,
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
    help="For decisions: the rules whose policy table says what is asked. For two folders: what "
    "both are decided with besides, as a policy table.",
)  # fmt: skip
@click.option(
    "--unpaired",
    is_flag=True,
    help="Compare ratio with ratio, as of two months, also where both counted the same cases.",
)
@judging_options
@click.option(
    "--by", "cuts", multiple=True, metavar="AXES",
    help="Compare along this cut too, as market,language: of market, policy, language, complete. "
    "May be repeated.",
)  # fmt: skip
@on_option
@click.option(
    "-f", "--format", "chosen", type=click.Choice(["text", "json", "xlsx"]),
    help="How the result is written; else told from the suffix of -o, else text.",
)  # fmt: skip
@told_options
@click.option("-v", "--verbose", is_flag=True, help="Text: every creative decided otherwise.")
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
    cuts = _cuts(options["cuts"])
    _refuse_for_results([before, after])
    shared = options["rules"] if Path(before).is_dir() and Path(after).is_dir() else ()
    old, new = (_Side(place, {**options, "shared": shared}) for place in (before, after))
    try:
        found = compared(
            old.evaluation, new.evaluation, new.policies, cuts=comparable(options["cuts"]),
            seen=Evidence(new.cases, old.decisions, new.decisions),
            paired=False if options["unpaired"] else None,
        )  # fmt: skip
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    form = Form(
        shown, options["output"], options["lang"], cuts, new.titles, options["verbose"],
    )  # fmt: skip
    write_comparison(found, form)
    allowed = options["allow_incomplete"]
    return INCOMPLETE if old.is_incomplete(allowed) or new.is_incomplete(allowed) else YES


def _cuts(cuts: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The axes of each cut that was asked for; each must be one that results keep."""
    found = tuple(names_in(cut) for cut in cuts)
    for axis in (axis for axes in found for axis in axes):
        if axis not in COMPARABLE:
            said = f"cannot compare along {axis!r}; one of: {', '.join(COMPARABLE)}"
            raise click.BadParameter(said, param_hint="--by")
    return found


def _refuse_for_results(places: list[str]) -> None:
    """How a result was judged is settled: an option that would do nothing is refused."""
    if not all(map(_is_result, places)):
        return
    ctx = click.get_current_context()
    for parameter in ctx.command.params:
        given = ctx.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
        if given and parameter.name in _JUDGES:
            said = f"{parameter.opts[-1]} is for judging, and both are results that were judged"
            raise click.UsageError(said)


_JUDGES: Final = frozenset({
    "cases", "rules", "no_groups", "arbiters", "exact", "bootstrap", "support", "on",
})  # fmt: skip


def _is_result(place: str) -> bool:
    return Path(place).suffix.lower() == ".json"


class _Side:
    """One of the two: judged here, or read."""

    def __init__(self, place: str, options: dict[str, Any]) -> None:
        self.cases: CaseTable | None = None
        self.decisions: DecisionTable | None = None
        self.policies: PolicyTable | None = None
        self.titles: dict[str, str] = {}
        self.evaluation = self._judged(place, options)

    def _judged(self, place: str, options: dict[str, Any]) -> Evaluation:
        from automod.load.runs import load_run

        if _is_result(place):
            return narrowed(load_run(place), options["where"])
        if not Path(place).exists():
            raise InputError(f"{place}: there is no such file or folder")
        if not options["cases"]:
            raise click.UsageError(f"{place} is to be judged: give --cases CASES")
        is_rules = Path(place).is_dir()
        job = Judging({
            **options, "cuts": (), "gate": None, "baseline": None, "again": False,
            "rules": (place, *options["shared"]) if is_rules else options["rules"],
            "decisions": () if is_rules else (place,),
        })  # fmt: skip
        job.load(options["cases"])
        found = job.evaluation()
        self.cases, self.decisions = job.cases, job.decisions
        self.policies, self.titles = job.policies, job.titles
        return found

    def is_incomplete(self, allowed: float) -> bool:
        """Whether more than a share of what was counted was not wholly evaluated."""
        return exit_code(self.evaluation, None, allowed) == INCOMPLETE


def narrowed(evaluation: Evaluation, where: str | None) -> Evaluation:
    """A result, of what fits alone.

    Raises:
        click.BadParameter: it is no condition, nothing fits, or nothing was kept to be told apart.
    """
    from automod.evaluate.narrow import narrow

    if where is None:
        return evaluation
    try:
        return narrow(evaluation, read_where(where) or {})
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--where") from None
