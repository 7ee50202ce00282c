"""Pages about the bundled packages: what each catches, how well it does, and what is missed.

All of it is made of the rulesets and of the labelled ads of `benchmarks/accuracy`. Of an ad that is
missed a page says what was found in it, never its words: nobody who writes material may read those.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import automod
from automod.evaluate.evaluation import evaluate
from automod.load.cases import load_cases
from automod.model.decision import Decision
from automod.model.decision_table import decision_table
from automod.model.evaluation import Evaluation, Measures, Ratio
from automod.model.ruleset import Example, Material, Package, Rule, Ruleset
from automod.model.vocabulary import ACTION_RANK
from automod.workshop.accuracy import decide_cases, materials_of
from automod.workshop.condition_text import condition_text

ROOT: Final = Path(__file__).parents[1]
CASES: Final = ROOT / "benchmarks/accuracy/cases"
ALARMS: Final = ROOT / "benchmarks/records/first_day.json"
TODAY: Final = date(2026, 11, 20)

MOST: Final = 12
"""Examples of a page, of each sort; the package file has all of them."""
LONGEST: Final = 160
REVIEW: Final = ACTION_RANK["review"]

NOT_CHANGED: Final = "This page is made of the package and of labelled ads; `make docs` writes it."


@dataclass(frozen=True)
class Judged:
    """The bundled rulesets, and what they do on the labelled ads."""

    ruleset: Ruleset
    evaluation: Evaluation
    decisions: Mapping[str, Decision]
    reasons: Mapping[str, str]
    """The sort of each case, and its tricks."""


@cache
def judged() -> Judged:
    """Everything the pages are made of."""
    ruleset = automod.load(ROOT / "rulesets")
    paths = [str(path) for path in sorted(CASES.glob("*.jsonl"))]
    cases = load_cases(paths)
    decisions = list(decide_cases(cases, automod.compile(ruleset), today=TODAY))
    evaluation = evaluate(
        cases, decision_table(decisions), ruleset.policies,
        materials=materials_of(ruleset), cuts=[("package",)],
    )  # fmt: skip
    lines = [line for path in paths for line in Path(path).read_text("utf-8").split("\n") if line]
    rows = map(json.loads, lines)
    reasons = {row["creative"]["id"]: row["x-reason"].split(": ")[0] for row in rows}
    named = {one.creative: one for one in decisions if one.creative is not None}
    return Judged(ruleset, evaluation, named, reasons)


# --- one package --------------------------------------------------------------------------------


def page(name: str) -> str:
    """The page of a package.

    Raises:
        KeyError: the bundled rulesets have no such package.
    """
    found = judged()
    package = {one.name: one for one in found.ruleset.packages}[name]
    parts = [
        f"# {package.title.get('en', package.name)}",
        f'<div dir="rtl">{package.title["ar"]}</div>' if "ar" in package.title else "",
        NOT_CHANGED,
        _head(package, found),
        _section("What it catches", _roles(package.materials)),
        _section("Together", _rules(package)),
        _section("What it leaves alone", _allows(package)),
        _section("Examples", _examples(package)),
        _section("How well it does", _figures(package, found)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}" if text else ""


def _head(package: Package, found: Judged) -> str:
    table = found.ruleset.policies.codes
    codes = [f"{code} ({table[code].title['en']})" for code in _codes(package)]
    kinds = Counter(one.kind for one in package.materials)
    rows = [
        ("package", f"`{package.name}` {package.version}"),
        ("owner", package.owner),
        ("policy", ", ".join(codes) or "none: a bank, which scores nothing by itself"),
        ("written in", ", ".join(package.languages)),
        ("materials", ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))),
        ("rules, allows", f"{len(package.rules)}, {len(package.allows)}"),
        ("examples", f"{len(package.examples)}"),
    ]
    return _table(("", ""), rows)


def _codes(package: Package) -> list[str]:
    """The codes that something of it counts for."""
    parts: list[Material | Rule] = [*package.materials, *package.rules]
    return sorted({code for one in parts if one.weight for code in one.policies})


def _roles(materials: Sequence[Material]) -> str:
    """The materials by what they are tagged as, a line a role."""
    roles: dict[str, list[Material]] = defaultdict(list)
    for one in materials:
        roles[", ".join(tag.partition("/")[2] for tag in one.tags) or "no tag"].append(one)
    rows = [
        (role, len(some), _short(" · ".join(map(_shown, some)), 3 * LONGEST))
        for role, some in sorted(roles.items(), key=lambda one: -len(one[1]))
    ]
    return _table(("role", "materials", "such as"), rows)


def _shown(material: Material) -> str:
    named = material.sample is not None or not material.value
    return _short(material.id.partition("/")[2] if named else material.value, LONGEST)


def _rules(package: Package) -> str:
    rows = [
        (
            one.id.partition("/")[2], f"{one.weight:g}", ", ".join(one.policies),
            condition_text(one.condition).replace(f"{package.name}/", "")
            + (f", within {one.within} words" if one.within is not None else ""),
        )
        for one in package.rules
    ]  # fmt: skip
    return _table(("rule", "weight", "policy", "fires on"), rows) if rows else ""


def _allows(package: Package) -> str:
    rows = [
        (
            one.id.partition("/")[2],
            _short(one.material.value, LONGEST) if one.material is not None and one.material.value
            else ", ".join(one.advertisers) or "a picture",
        )
        for one in package.allows
    ]  # fmt: skip
    return _table(("allow", "protects"), rows) if rows else ""


def _examples(package: Package) -> str:
    hits = [one for one in package.examples if one.text and one.hits and one.known is None]
    misses = [one for one in package.examples if one.text and not one.hits and one.known is None]
    known = [one for one in package.examples if one.known is not None]
    tables = [
        _table(("an ad that says", "hits"), map(_example, _spread(hits))) if hits else "",
        _table(("and is left alone", ""), map(_example, _spread(misses))) if misses else "",
        _table(("not yet", "known as"), [(one.text, one.known) for one in known]) if known else "",
    ]
    return "\n\n".join(one for one in tables if one)


def _spread(some: Sequence[Example]) -> list[Example]:
    """At most `MOST` of them, from all over the file."""
    step = max(len(some) / MOST, 1)
    return [some[int(place * step)] for place in range(min(len(some), MOST))]


def _example(one: Example) -> tuple[str, str]:
    return one.text, ", ".join(one.hits)


def _figures(package: Package, found: Judged) -> str:
    codes = _codes(package)
    if not codes:
        return ""
    own = {one.by: one for one in found.evaluation.parts}
    flagged = _flagged(found.evaluation)
    rows = []
    for code in codes:
        part = own.get((("package", package.name), ("policy", code)))
        whole = flagged.get((("policy", code),))
        if part is None or whole is None:
            continue
        rows.append((code, _ratio(part.measures.precision), _ratio(part.measures.recall),
                     part.alone, _ratio(whole.precision), _ratio(whole.recall)))  # fmt: skip
    head = ("policy", "its precision", "its recall", "found by it alone", "all: precision",
            "all: recall")  # fmt: skip
    told = (
        "On the [labelled ads](../../benchmarks/accuracy/README.md), in all languages, at review "
        "or more: what this package finds, and what all packages do together."
    )
    return f"{told}\n\n{_table(head, rows)}\n\n{_honest(package)}".strip() if rows else ""


def _honest(package: Package) -> str:
    """What it stops among real texts that are no ads for what it looks for."""
    if not ALARMS.exists():
        return ""
    record = json.loads(ALARMS.read_text(encoding="utf-8"))["raw"]
    rows = [
        (name, f"{held['texts']:,}", held["packages"].get(package.name, 0))
        for name, held in record.items()
    ]
    told = "Of real texts, most of them harmless, it sends to review or stops:"
    return f"{told}\n\n{_table(('texts', 'all', 'stopped or reviewed'), rows)}"


# --- all packages -------------------------------------------------------------------------------

INDEX: Final = """\
# The bundled packages

What `rulesets/` stops on the first day, package by package. A seed is written by somebody who
does not speak the language from birth: let one who does read it before money depends on it.

{note} How well all of them do together, on {cases:,}
[labelled ads](../../benchmarks/accuracy/README.md) at review or more, with 95 % intervals and
counts, stands below; [every miss and every false alarm](misses.md) has a page."""


def index() -> str:
    """The page of all packages."""
    found = judged()
    head = INDEX.format(note=NOT_CHANGED, cases=found.evaluation.account.cases)
    rows = [
        (f"[{one.name}]({one.name}.md)", one.title.get("en", ""), ", ".join(_codes(one)) or "bank",
         ", ".join(one.languages), len(one.materials), len(one.rules), len(one.allows))
        for one in found.ruleset.packages
    ]  # fmt: skip
    titles = ("package", "", "policy", "languages", "materials", "rules", "allows")
    flagged = _flagged(found.evaluation)
    return "\n\n".join([
        head, _table(titles, rows),
        "## By policy", _measured(flagged, "policy"),
        "## By language", _measured(flagged, "language"),
    ]) + "\n"  # fmt: skip


def _flagged(evaluation: Evaluation) -> dict[Any, Measures]:
    return {one.by: one.measures for one in evaluation.slices if one.point == "flagged"}


def _measured(flagged: Mapping[Any, Measures], axis: str) -> str:
    rows = [("all", flagged[()])]
    rows += [(by[0][1], one) for by, one in flagged.items() if len(by) == 1 and by[0][0] == axis]
    return _table(
        (axis, "precision", "recall", "false alarms"),
        [(name, _ratio(one.precision), _ratio(one.recall), _ratio(one.false_alarm_rate))
         for name, one in rows],
    )  # fmt: skip


# --- what goes wrong ----------------------------------------------------------------------------

FAILURES: Final = """\
# What is missed, and what is stopped by mistake

{note} An ad is named by its id: whoever writes material may not read it. *Nothing listed*: none
of its words is in a package. *Words without a rule*: some are, and no rule joins them. *Too low*:
what was found adds up to less than the threshold."""


def misses() -> str:
    """The page of every miss and every false alarm."""
    found = judged()
    wrong = sorted(set(_wrong(found)))
    missed = [one for one in wrong if one[0] == "missed"]
    alarms = [one for one in wrong if one[0] == "alarm"]
    causes = Counter((code, cause.partition(":")[0]) for _, code, *_, cause in missed)
    head = ("policy", "ad", "language", "sort", "why")
    return "\n\n".join([
        FAILURES.format(note=NOT_CHANGED),
        f"## Missed: {len(missed)}",
        _table(("policy", "why", "ads"), [(*key, n) for key, n in sorted(causes.items())]),
        _table(head, [one[1:] for one in missed]),
        f"## Stopped by mistake: {len(alarms)}",
        _table(head, [one[1:] for one in alarms]),
    ]) + "\n"  # fmt: skip


Wrong = tuple[str, str, str, str, str, str]


def _wrong(found: Judged) -> Iterator[Wrong]:
    """Each judgement that is wrong at review: which way, code, ad, language, sort, why."""
    kept = found.evaluation.outcomes
    for row, creative in enumerate(kept.creative):
        wanted, action = kept.wanted[row] >= REVIEW, kept.action[row] >= REVIEW
        if wanted == action:
            continue
        name, code = kept.creatives[creative], kept.policies[kept.policy[row]]
        place = code, name, kept.languages[kept.language[row]], found.reasons[name]
        decision, market = found.decisions[name], kept.markets[kept.market[row]]
        why = _why_missed(decision, code, market) if wanted else _because(decision, code, market)
        yield ("missed" if wanted else "alarm", *place, why)


def _because(decision: Decision, code: str, market: str) -> str:
    numbers = {
        n for one in decision.verdicts if (one.market, one.policy) == (market, code)
        for n in one.because
    }  # fmt: skip
    return ", ".join(sorted({hit.material for hit in decision.hits if hit.n in numbers}))


def _why_missed(decision: Decision, code: str, market: str) -> str:
    own = [hit for hit in decision.hits if code in hit.policies]
    allowed = {hit.allowed_by for hit in own if hit.allowed_by}
    scored = [one for one in decision.verdicts if (one.market, one.policy) == (market, code)]
    if scored and max(one.score for one in scored) > 0:
        return f"too low: {_because(decision, code, market)}"
    if allowed:
        return f"protected: {', '.join(sorted(filter(None, allowed)))}"
    names = sorted(
        {hit.material for hit in decision.hits if not hit.material.startswith("contact")}
    )
    if names:
        return _short(f"words without a rule: {', '.join(names)}", LONGEST)
    return "nothing listed"


# --- Markdown -----------------------------------------------------------------------------------


def _ratio(one: Ratio) -> str:
    if one.value is None or one.low is None or one.high is None:
        return f"unknown ({one.count} of {one.of})"
    return f"{one.value:.1%} ({one.low:.1%}-{one.high:.1%}; {one.count} of {one.of})"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *([_cell(str(one)) for one in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    """A cell that no sign of its text ends."""
    return re.sub(r"\s+", " ", text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
