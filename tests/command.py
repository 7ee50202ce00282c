"""What the tests of the command line share: a small ruleset, and a way to run `automod`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner, Result

from automod.cli.main import main

DAY: Final = "2026-11-20"

POLICIES: Final = """\
groups: {GCC: [SA, AE, KW]}
thresholds: {review: 0.5, act: 0.85}
not_evaluated: {default: review}
codes:
  GMB.REAL:
    title: {en: Real-money gambling, ar: القمار}
    severity: high
    default: {stance: prohibited, ground: platform}
    rows:
      - {market: SA, stance: prohibited, ground: law, source: https://example.org/sa}
      - {market: GB, stance: [certificate, age_gate], min_age: 18, ground: law}
      - {market: FR, stance: age_gate, min_age: 18, ground: law}
      - {market: MT, stance: allowed, ground: law}
"""

GAMBLING: Final = """\
package: gambling
version: 2026.11.1
title: {en: Gambling, ar: القمار}
owner: tests
policy: [GMB.REAL]
materials:
  - {id: casino, kind: keyword, value: casino, weight: strong, tags: [game]}
  - {id: casino-ar, kind: keyword, value: كازينو, weight: strong, tags: [game]}
  - {id: spins, kind: phrase, value: free spins, weight: medium, gap: 1, tags: [bonus]}
  - {id: new, kind: keyword, value: jackpot, weight: strong, status: shadow}
  - {id: uae, kind: keyword, value: lottery, weight: strong, markets: [AE], fields: [title]}
  - {id: later, kind: keyword, value: roulette, weight: strong, from: 2027-01-01}
rules:
  - {id: game-phone, all: [{tag: game}, {found: phone}], within: 10, weight: medium}
allow:
  - {id: help, kind: phrase, value: casino addiction}
"""

OVERRIDE: Final = """\
override: INC-1
target: gambling/spins
markets: [KW]
set: {status: shadow}
until: 2027-01-01
by: tests
ticket: INC-1
"""


def write_rules(folder: Path) -> str:
    """A folder with the ruleset; its path as a command is given it."""
    (folder / "overrides").mkdir(parents=True)
    for name, text in (
        ("policies.yaml", POLICIES),
        ("gambling.yaml", GAMBLING),
        ("overrides/INC-1.yaml", OVERRIDE),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def creative(number: object, body: str, *markets: str, **more: Any) -> dict[str, Any]:
    """A creative with one text, dated, so that no test depends on the day it runs."""
    return {
        "id": f"c{number}", "markets": list(markets or ("SA",)), "on": DAY, "text": {"body": body},
    } | more  # fmt: skip


def write_jsonl(path: Path, creatives: Iterable[Any]) -> str:
    """A file with a line for each: a dict as JSON, a string as it is."""
    lines = [one if isinstance(one, str) else json.dumps(one) for one in creatives]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def run(*arguments: str, stdin: str | bytes | None = None, columns: int = 100) -> Result:
    """A command as a shell would run it, in a window so wide, without colours."""
    surroundings = {"COLUMNS": str(columns), "NO_COLOR": "1", "FORCE_COLOR": None, "TERM": "dumb"}
    return CliRunner().invoke(main, list(arguments), input=stdin, env=surroundings)


def decisions(output: str) -> list[dict[str, Any]]:
    """The decisions of a JSONL report; fails if a line is anything else."""
    return [json.loads(line) for line in output.splitlines()]
