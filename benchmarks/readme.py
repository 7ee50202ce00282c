"""The tables of results in README.md and in the README of the project, made from the records.

python -m benchmarks.readme            # write it
python -m benchmarks.readme --check    # fail if it is not current
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from .harness import RECORDS
from .pages import Part, keep

BEGIN = "<!-- results: python -m benchmarks.readme -->"
END = "<!-- end of results -->"
README = Part(Path(__file__).with_name("README.md"), BEGIN, END)
FRONT = Part(Path(__file__).parents[1] / "README.md", BEGIN, END)
ORDER = (
    "throughput", "columns", "views", "recall", "loading", "worker_start", "lint", "growth",
    "images", "image_cost", "hash_index", "video", "coverage", "rule_statistics", "evaluation",
    "backtest", "wordlists", "processes", "spark", "rescore", "swap", "shadow", "brake", "drift",
)  # fmt: skip


def tables(folder: Path = RECORDS) -> str:
    """One table for each record."""
    paths = [folder / f"{name}.json" for name in ORDER]
    records = [json.loads(path.read_text("utf-8")) for path in paths if path.exists()]
    return "\n\n".join(_table(record) for record in records)


def _table(record: dict[str, Any]) -> str:
    facts = {**record["environment"], **record["counts"]}
    lines = [f"### {record['benchmark']}, {record['made']}", ""]
    lines += ["; ".join(f"{key} {value}" for key, value in facts.items()) + ".", ""]
    lines += ["| figure | reached | target | |", "|---|---|---|---|"]
    for one in record["figures"]:
        verdict = {None: "", True: "met", False: "**not met**"}[one["met"]]
        lines.append(f"| {one['name']} | {one['reached']} | {one['target']} | {verdict} |")
    return "\n".join(lines)


def word_lists(folder: Path = RECORDS) -> str:
    """What public word lists are worth on labelled tweets: a row for each language and set."""
    record = json.loads((folder / "wordlists.json").read_text("utf-8"))
    rows: dict[str, dict[str, str]] = {}
    for one in record["figures"]:
        name, _, measure = one["name"].partition(": ")
        rows.setdefault(name, {})[measure] = one["reached"]
    heads = ("precision", "recall", "false alarms")
    lines = ["| tweets | " + " | ".join(heads) + " |", "|---|" + "---|" * len(heads)]
    for name, row in rows.items():
        count = record["counts"][f"tweets, {name}"]
        lines.append(f"| {name} ({count:,}) | " + " | ".join(row[head] for head in heads) + " |")
    return "\n".join(lines)


def main() -> int:
    """Write or check."""
    return keep(((README, tables()), (FRONT, word_lists())), "benchmarks.readme")


if __name__ == "__main__":
    sys.exit(main())
