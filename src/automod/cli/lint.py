"""`automod lint`: what is wrong, or could be better, in the files of analysts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from .exits import NO, YES, say
from .options import format_of, lang_option, output_option, quiet_option, read_day, sample_cache

if TYPE_CHECKING:
    from automod.load.source import Source
    from automod.workshop.lint.baseline import Baseline
    from automod.workshop.lint.run import Linted

FORMATS: Final = ("text", "json", "github", "sarif", "xlsx")
BASELINE: Final = ".automod-baseline.json"


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "-r", "--rules", "rules", multiple=True, metavar="PATH",
    help="The same as PATH, as other commands have it; may be repeated.",
)  # fmt: skip
@click.option(
    "--select", multiple=True, metavar="CODES",
    help="Only these checks: AM203, the beginning AM2, or a name; several apart by commas.",
)  # fmt: skip
@click.option("--ignore", multiple=True, metavar="CODES", help="Not these checks.")
@click.option("--fix", is_flag=True, help="Write into the files what needs no decision.")
@click.option("--diff", is_flag=True, help="Show what --fix would write first; write nothing.")
@click.option(
    "--baseline", metavar="FILE", help="Findings that were there before: only new ones are told."
)
@click.option(
    "--update-baseline", is_flag=True,
    help=f"Write all that is found to the baseline ({BASELINE} unless named), and exit 0.",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(["error", "warning", "info"]), default="error",
    show_default=True, help="Exit 1 if anything found is at least that grave.",
)  # fmt: skip
@click.option(
    "--explain", metavar="CODE",
    help="Say what a check looks for and why, with a bad and a good file.",
)  # fmt: skip
@click.option(
    "--on", metavar="DATE", callback=read_day,
    help="Tell expiry for this date (YYYY-MM-DD); else for today in UTC.",
)  # fmt: skip
@click.option(
    "-f", "--format", "chosen", type=click.Choice(FORMATS),
    help="How the findings are written; else told from the suffix of -o, else text.",
)  # fmt: skip
@output_option
@lang_option
@quiet_option
def lint(paths: tuple[str, ...], **options: Any) -> int:
    """Find what is wrong, or could be better, in packages, overrides and policies.

    What does not load is told first; all the rest is checked as well. A package without a policy
    table is read with that of the folders above it. A key 'x-ignore: "AM203:
    reason"' in an entry leaves a finding of that entry out.

    \b
    automod lint rulesets/
    automod lint rulesets/ --fix
    automod lint rulesets/ --fail-on warning -f github
    automod lint --explain AM020
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.report.lint_report import SUFFIXES, write_lint

    if options["explain"]:
        return _explain(options["explain"], options["lang"])
    job = _Job((*paths, *options["rules"]), options)
    if options["update_baseline"]:
        return job.update_baseline()
    if options["diff"]:
        return job.diff()
    found = job.fix() if options["fix"] else job.look(job.read())
    shown = format_of(options["chosen"], options["output"], SUFFIXES)
    write_lint(found, shown, options["output"], options["lang"])
    return job.code(found)


def _explain(name: str, lang: Any) -> int:
    from automod.report.lint_report import print_check
    from automod.workshop.lint.registry import check_of

    try:
        check = check_of(name)
    except KeyError as error:
        raise click.BadParameter(str(error.args[0]), param_hint="--explain") from None
    print_check(check, lang)
    return YES


class _Job:
    """One run: what is read, what is looked for, and how it ends."""

    def __init__(self, paths: tuple[str, ...], options: dict[str, Any]) -> None:
        from .clock import now

        if not paths:
            raise click.UsageError("name a folder or files to look at, as 'automod lint rulesets/'")
        self.paths = paths
        self.options = options
        self.table: Path | None = None
        """The policy table above them, where they have none."""
        self.on = options["on"] or now().date()
        self.chosen = {
            key: [name for one in options[key] for name in one.split(",") if name.strip()]
            for key in ("select", "ignore")
        }
        self._refuse_unknown()
        self.baseline = self._baseline()

    def _refuse_unknown(self) -> None:
        from automod.workshop.lint.registry import codes_of
        from automod.workshop.lint.run import ALWAYS

        for key, names in self.chosen.items():
            try:
                found = codes_of(names)
            except KeyError as error:
                raise click.BadParameter(str(error.args[0]), param_hint=f"--{key}") from None
            if key == "ignore" and found & ALWAYS:
                said = f"{min(found & ALWAYS)} cannot be ignored: it is about what does not load"
                raise click.BadParameter(said, param_hint="--ignore")

    def _baseline(self) -> Baseline | None:
        from automod.workshop.lint.baseline import read_baseline

        name = self.options["baseline"]
        if name is None and not self.options["update_baseline"]:
            return None
        return read_baseline(Path(name or BASELINE))

    def read(self) -> Source:
        """What the files hold."""
        from automod.workshop.choices import read_with_table, table_note

        source, table = read_with_table(*self.paths, cache=sample_cache())
        if table != self.table and table is not None and not self.options["quiet"]:
            say(f"{table_note(table)}; what only all of them show is not looked for")
        self.table = table
        return source

    def look(self, source: Source, *, known: bool = True) -> Linted:
        """What is found in it; `known`: what the baseline has is left out."""
        from automod.workshop.lint.run import OF_OTHERS, lint

        baseline = self.baseline if known else None
        if self.table is None:
            return lint(source, self.on, **self.chosen, baseline=baseline)
        chosen = {**self.chosen, "ignore": [*self.chosen["ignore"], *OF_OTHERS]}
        return lint(source, self.on, **chosen, baseline=baseline).outside(str(self.table))

    def fix(self) -> Linted:
        """Mend what can be mended, and look again."""
        from automod.report.lint_words import lint_word
        from automod.workshop.lint.fixing import fix

        done = fix(self.read, self.look)
        if not self.options["quiet"]:
            say(*(f"{name}: written" for name in done.before))
            say(lint_word("mended", self.options["lang"], n=len(done.mended)))
        return done.left

    def diff(self) -> int:
        """Print what would be written; 1 if anything would."""
        from automod.workshop.lint.fixing import differences

        source = self.read()
        told = differences(source, self.look(source).findings)
        click.echo(told, nl=False)
        return NO if told else YES

    def update_baseline(self) -> int:
        """Write what is found to the baseline."""
        from automod.report.target import writing
        from automod.workshop.lint.baseline import Baseline, baseline_text
        from automod.workshop.lint.run import ALWAYS

        before = self.baseline or Baseline(BASELINE)
        found = self.look(self.read(), known=False)
        kept = [one for one in found.findings if one.code not in ALWAYS]
        with writing(before.file) as stream:
            stream.write(baseline_text(kept, before))
        if not self.options["quiet"]:
            say(f"wrote {before.file}: {len(kept)} findings")
        return YES

    def code(self, found: Linted) -> int:
        """How the run ends; a check that broke is a bug, told after what the others found."""
        if found.broken:
            told = ", ".join(f"{one.check.code} ({one.error!r})" for one in found.broken)
            raise RuntimeError(f"could not be checked: {told}") from found.broken[0].error
        return NO if found.fails(self.options["fail_on"]) else YES
