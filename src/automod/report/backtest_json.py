"""A backtest as JSON: the schema is published, and the same bytes come of the same."""

from __future__ import annotations

from automod.model.backtest import Backtest
from automod.model.decision import json_text


def backtest_json(found: Backtest) -> str:
    """One line of JSON, its keys in the order of the fields, with an end of line."""
    return f"{json_text(found.to_dict())}\n"
