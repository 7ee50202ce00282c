"""All benchmarks, each in a process of its own, then the table of README.md."""

from __future__ import annotations

import subprocess
import sys

NAMES = (
    "throughput", "columns", "views", "recall", "loading", "worker_start", "lint", "growth",
    "images", "image_cost", "hash_index", "video", "coverage", "rule_statistics", "evaluation",
    "backtest", "wordlists", "processes", "rescore", "swap", "shadow", "brake", "drift",
)  # fmt: skip


def main() -> int:
    """Run them all; 1 if one of them has a wrong answer or broke."""
    runs = [_run(name) for name in NAMES]
    return int(any([*runs, _run("readme")]))


def _run(name: str) -> int:
    return subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
