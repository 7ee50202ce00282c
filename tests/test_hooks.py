"""The hooks for pre-commit: each is a command that runs, on rules as a repository has them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from automod.cli import exits
from command import run

ROOT = Path(__file__).parents[1]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def test_there_is_a_hook_for_each_thing_to_be_done_before_a_commit() -> None:
    """By these ids other repositories name them."""
    assert [hook["id"] for hook in HOOKS] == ["automod-lint", "automod-fmt", "automod-test"]


@pytest.mark.timeout(400)  # thousands of examples, all of them
@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs(hook: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its own arguments, where a repository has its rules; the bundled ones pass."""
    shutil.copytree(ROOT / "rulesets", tmp_path / "rulesets")
    monkeypatch.chdir(tmp_path)
    program, *words = hook["entry"].split()
    assert program == "automod"
    assert run(*words, *hook["args"]).exit_code == exits.YES


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
@pytest.mark.parametrize("file", ["rulesets/gambling/package.yaml", "rulesets/gambling/terms.csv"])
def test_a_hook_runs_when_rules_change(hook: dict[str, Any], file: str) -> None:
    """It looks at all rules, whatever file it was: the file is not handed over."""
    assert re.search(hook["files"], file)
    assert hook["pass_filenames"] is False
