"""The table of results in README.md, made from the records.

python -m benchmarks.readme            # write it
python -m benchmarks.readme --check    # fail if it is not current
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from .harness import RECORDS

README = Path(__file__).with_name("README.md")
BEGIN = "<!-- results: python -m benchmarks.readme -->"
END = "<!-- end of results -->"
ORDER = (
    "throughput", "views", "recall", "loading", "growth", "images", "image_cost", "hash_index",
    "video", "coverage", "rule_statistics", "evaluation", "wordlists",
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


def current(text: str, results: str) -> str:
    """README with these results in it.

    Raises:
        ValueError: the markers are not there.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md has no {BEGIN} ... {END}")
    return "\n\n".join(part for part in (before + BEGIN, results, END + after) if part)


def main() -> int:
    """Write or check."""
    text = README.read_text("utf-8")
    made = current(text, tables())
    if "--check" in sys.argv[1:]:
        if made != text:
            print("benchmarks/README.md is not current: run python -m benchmarks.readme")
        return int(made != text)
    README.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
