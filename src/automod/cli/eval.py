"""`automod eval`: labelled cases in, how well the decisions do out."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from automod.errors import InputError, LoadError, Location

from .exits import INCOMPLETE, NO, YES, say
from .options import (
    approval_option,
    format_of,
    lang_option,
    on_option,
    output_option,
    quiet_option,
    read_share,
    sample_cache,
)

if TYPE_CHECKING:
    from automod.evaluate.ratios import Settings
    from automod.model.case_table import CaseTable
    from automod.model.comparison import Comparison, GateResult
    from automod.model.decision_table import DecisionTable
    from automod.model.evaluation import Evaluation
    from automod.model.gates import Gates
    from automod.model.ruleset import PolicyTable, Ruleset

Command = Callable[..., Any]

COMPARABLE: Final = ("market", "policy", "language", "complete")
"""Axes that a result keeps of each judgement, to be compared along."""


def judging_options(command: Command) -> Command:
    """What says how cases are judged, for every command that judges."""
    for option in (
        click.option(
            "--no-groups", is_flag=True,
            help="Do not look for near-duplicates: each case without a group is one by itself.",
        ),
        click.option(
            "--arbiter", "arbiters", multiple=True, metavar="NAME",
            help="A labeller whose word ends a dispute; else one named 'arbiter'. May be repeated.",
        ),
        click.option(
            "--exact", is_flag=True,
            help="Clopper-Pearson in place of Wilson: never too narrow, often too wide.",
        ),
        click.option(
            "--bootstrap", is_flag=True,
            help="Over groups of near-duplicates, draw them again in place of the usual interval.",
        ),
        click.option(
            "--support", type=click.IntRange(1), default=30, show_default=True, metavar="N",
            help="From how many trials on an interval is told without 'not enough data'.",
        ),
        click.option(
            "--where", metavar="CONDITIONS",
            help="Count only what fits: market=SA|AE,policy=GMB.REAL. A group is its markets.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def told_options(command: Command) -> Command:
    """Where and how it is told, for every command that judges."""
    allow = click.option(
        "--allow-incomplete", metavar="SHARE", callback=read_share,
        help="Exit 3 only if more than this share of what is counted was not wholly evaluated.",
    )  # fmt: skip
    still = click.option(
        "--no-progress", is_flag=True, help="Show no progress, however long it takes."
    )
    return allow(output_option(lang_option(quiet_option(still(command)))))


@click.command("eval")
@click.argument("cases", nargs=-1, required=True, metavar="CASES...")
@click.option(
    "-r", "--rules", "rules", multiple=True, metavar="PATH",
    help="Packages, overrides and policies.yaml to decide with; may be repeated.",
)  # fmt: skip
@approval_option
@click.option(
    "--decisions", multiple=True, metavar="FILE",
    help="Decisions that were made already, by any system: JSONL or Parquet. With -r its policy "
    "table says what is asked.",
)  # fmt: skip
@click.option(
    "--again",
    is_flag=True,
    help="With --decisions and -r: decide again from the stored hits, without a scan.",
)
@judging_options
@click.option(
    "--by", "cuts", multiple=True, metavar="AXES",
    help="One more cut, as market,language: of market, policy, language, month, complete, stance, "
    "and of material, rule, package, field, kind, view. May be repeated.",
)  # fmt: skip
@on_option
@click.option("--gate", metavar="FILE", help="Promises to be kept, in YAML: exit 1 if one is not.")
@click.option(
    "--baseline", metavar="RUN", help="An earlier result (-o run.json) to compare with, in pairs."
)
@click.option(
    "-f", "--format", "chosen", type=click.Choice(["text", "json", "github", "xlsx", "html"]),
    help="How the result is written; else told from the suffix of -o, else text.",
)  # fmt: skip
@told_options
@click.option("-v", "--verbose", is_flag=True, help="Text: all materials, and the glossary.")
def eval_(cases: tuple[str, ...], **options: Any) -> int:
    """Say how well decisions do on labelled cases.

    CASES are JSONL, JSON, CSV, XLSX or Parquet. They are decided on with -r, or joined with
    --decisions by the id of the creative. The result tells, for each policy, market, language,
    material and more, what is caught, what is wrongly stopped and what is missed, with intervals;
    -o run.json keeps it for 'automod report', for 'automod compare' and as a --baseline.

    \b
    automod eval cases.jsonl -r rules/
    automod eval cases.xlsx -r rules/ --by market,language -o report.html
    automod eval cases.jsonl --decisions decisions.parquet --gate gates.yaml
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.report.evaluation_report import (
        SUFFIXES,
        Form,
        Results,
        beside_the_file,
        incomplete_text,
        write_evaluation,
    )

    shown = format_of(options["chosen"], options["output"], SUFFIXES)
    job = Judging(options)
    job.load(cases)
    evaluation = job.evaluation()
    comparison = job.comparison()
    found = Results(evaluation, comparison, job.gate(comparison))
    form = Form(
        shown, options["output"], options["lang"], job.cuts, job.titles, options["verbose"],
        command_line(), options["gate"] or "",
    )  # fmt: skip
    write_evaluation(found, form)
    if not options["quiet"]:
        say(*beside_the_file(found, form))
        say(*incomplete_text(_lost(evaluation, options["allow_incomplete"]), options["lang"]))
    return exit_code(found.evaluation, found.gate, options["allow_incomplete"])


def command_line() -> str:
    """What was typed."""
    return shlex.join(["automod", *sys.argv[1:]])


def exit_code(evaluation: Evaluation, gate: GateResult | None, allowed: float) -> int:
    """3 where too much, or all of it, was not evaluated, else 1 for a broken promise, else 0."""
    if _lost(evaluation, allowed):
        return INCOMPLETE
    return NO if gate is not None and not gate.passed else YES


def _lost(evaluation: Evaluation, allowed: float) -> list[tuple[str, int, int]]:
    """What is short by more than is allowed: key of its sentence, how many, of how many."""
    account = evaluation.account
    counts = [
        ("cases.undecided", account.undecided + account.without_markets, account.cases),
        ("decisions.incomplete", account.incomplete, account.trials),
    ]
    lost = [one for one in counts if one[1] > allowed * one[2]]
    return lost if lost or account.trials else [("trials", 0, account.cases)]


class Judging:
    """One run: from options to an evaluation."""

    def __init__(self, options: dict[str, Any]) -> None:
        from automod.load.runs import load_gates, load_run

        if not options["rules"] and not options["decisions"]:
            raise click.UsageError("give -r RULES to decide with, or --decisions FILE")
        if options["again"] and not (options["rules"] and options["decisions"]):
            raise click.UsageError("--again needs both --decisions and -r")
        self._options = options
        self._gates: Gates | None = load_gates(options["gate"]) if options["gate"] else None
        self._baseline = load_run(options["baseline"]) if options["baseline"] else None
        if self._gates is not None and self._gates.regression and self._baseline is None:
            raise click.UsageError("the gate forbids a regression: give --baseline RUN")
        self._ruleset: Ruleset | None = None
        self._evaluation: Evaluation | None = None

    def load(self, paths: Sequence[str]) -> None:
        """Read everything, decide, and judge."""
        from automod.engine.reading import load_with_notes
        from automod.load.cases import load_cases
        from automod.workshop.accuracy import with_groups

        options = self._options
        if options["rules"]:
            self._ruleset, notes = load_with_notes(
                *options["rules"], cache=sample_cache(),
                require_approval=options.get("require_approval", False),
            )  # fmt: skip
            self._say(*notes)
            self._check_names()
        cases = load_cases(paths, self.policies, self._say)
        if not len(cases):
            raise InputError(f"{', '.join(paths)}: there is no case to judge")
        self.cases = cases if options["no_groups"] else with_groups(cases)
        self.decisions = self._decided(self.cases)

    @property
    def policies(self) -> PolicyTable | None:
        """The policy table that says what is asked."""
        return None if self._ruleset is None else self._ruleset.policies

    @property
    def titles(self) -> dict[str, str]:
        """The titles of its codes."""
        from automod.report.page import titles_of

        return {} if self.policies is None else titles_of(self.policies, self._options["lang"])

    @property
    def cuts(self) -> tuple[tuple[str, ...], ...]:
        """The axes of each cut that was asked for by name."""
        return tuple(names_in(cut) for cut in self._options["cuts"])

    def _check_names(self) -> None:
        """Whether the policy table knows the codes and markets that promises name.

        No slice ever has another: such a promise could not be kept, or is let through for ever.
        """
        from automod.load.faults import Faults
        from automod.load.policy_table import names_of

        if self._gates is None or self.policies is None:
            return
        faults, names = Faults(), names_of(self.policies)
        for gate in self._gates.gates:
            place = Location(f"{self._options['gate']}: gate {gate.name!r}")
            policy, market = gate.where.get("policy"), gate.where.get("market")
            names.check_codes([policy] if policy else [], place, faults)
            if market and market not in names.groups:
                names.check_markets([market], place, faults)
        if faults.found:
            raise LoadError(faults.found)

    def _decided(self, cases: CaseTable) -> DecisionTable:
        from automod.load.decisions import load_decisions
        from automod.model.decision_table import decision_table

        options = self._options
        stored = load_decisions(options["decisions"]) if options["decisions"] else None
        if stored is not None and not options["again"]:
            return stored
        try:
            return decision_table(self._decide(cases, stored))
        except ValueError as error:
            if stored is None:
                raise
            # Somebody changed the text since: what was found in it says nothing any more.
            raise InputError(f"--again: {error}; scan it again, with -r alone") from None

    def _decide(self, cases: CaseTable, stored: DecisionTable | None) -> Any:
        from automod.engine.compile import compile
        from automod.workshop.accuracy import decide_again, decide_cases

        from .clock import now
        from .terminal import ticking

        options = self._options
        if self._ruleset is None:
            raise click.UsageError("give -r RULES to decide with")
        engine, today = compile(self._ruleset), now().date()
        progress = not (options["no_progress"] or options["quiet"])
        with ticking("cases", enabled=progress) as ticker:
            made = (
                decide_cases(cases, engine, today=today, on=options["on"])
                if stored is None
                else decide_again(cases, stored, engine, today=today, on=options["on"])
            )
            for done, decision in enumerate(made, 1):
                ticker.tick(done)
                yield decision

    def evaluation(self) -> Evaluation:
        """The evaluation of the decisions."""
        from automod.evaluate.evaluation import evaluate
        from automod.evaluate.truth import ARBITERS
        from automod.workshop.accuracy import materials_of

        options = self._options
        ours = self._ruleset if options["again"] or not options["decisions"] else None
        try:
            self._evaluation = evaluate(
                self.cases, self.decisions, self.policies,
                materials=None if ours is None else materials_of(ours),
                cuts=self._cuts(), where=read_where(options["where"]), settings=self._settings(),
                arbiters=options["arbiters"] or ARBITERS,
            )  # fmt: skip
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        if options["where"] is not None and not self._evaluation.account.trials:
            said = f"nothing that was counted has {options['where']}"
            raise click.BadParameter(said, param_hint="--where")
        return self._evaluation

    def _cuts(self) -> list[tuple[str, ...]]:
        """Those asked for, and those that promises are about."""
        asked = [*self.cuts]
        if self._gates is not None:
            asked += [tuple(one.where) for one in self._gates.gates]
        return asked

    def _settings(self) -> Settings:
        from automod.evaluate.ratios import Settings

        options = self._options
        support = options["support"]
        if self._gates is not None and self._gates.support is not None:
            support = self._gates.support
        return Settings(exact=options["exact"], support=support, bootstrap=options["bootstrap"])

    def comparison(self) -> Comparison | None:
        """What changed since the baseline; None without one."""
        from automod.evaluate.compare import Evidence, compare

        if self._baseline is None or self._evaluation is None:
            return None
        if self._baseline.about.policies != self._evaluation.about.policies:
            raise click.UsageError(
                "--baseline was made with another policy table: what is asked differs, so make a "
                "new baseline"
            )
        regression = None if self._gates is None else self._gates.regression
        cuts = comparable(self._options["cuts"])
        cuts += [tuple(regression.by)] if regression is not None else []
        seen = Evidence(self.cases, None, self.decisions)
        found = compare(self._baseline, self._evaluation, self.policies, cuts=cuts, seen=seen)
        if regression is not None and not found.paired:
            raise click.UsageError(
                f"the gate forbids a regression, and {self._options['baseline']} counted other "
                "cases: make a new baseline"
            )
        return found

    def gate(self, comparison: Comparison | None) -> GateResult | None:
        """Whether every promise is kept; None without promises."""
        from automod.evaluate.gate import hold

        if self._gates is None or self._evaluation is None:
            return None
        return hold(self._gates, self._evaluation, comparison)

    def _say(self, *notes: str) -> None:
        if not self._options["quiet"]:
            say(*notes)


def names_in(cut: str) -> tuple[str, ...]:
    """The axes of a cut, each once.

    >>> names_in("market, language")
    ('market', 'language')
    """
    return tuple(dict.fromkeys(axis.strip() for axis in cut.split(",") if axis.strip()))


def comparable(cuts: Sequence[str]) -> list[tuple[str, ...]]:
    """The cuts along which two results can be compared.

    >>> comparable(["market,language", "month", "material"])
    [('market', 'language')]
    """
    named = [names_in(cut) for cut in cuts]
    return [axes for axes in named if axes and set(axes) <= set(COMPARABLE)]


def read_where(text: str | None) -> dict[str, frozenset[str]] | None:
    """The conditions of `--where`: axis -> values.

    Raises:
        click.BadParameter: it is no condition.
    """
    from automod.batch.where import read_conditions
    from automod.evaluate.slicing import AXES

    if text is None:
        return None
    try:
        return read_conditions(text, AXES)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--where") from None
