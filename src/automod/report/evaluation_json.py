"""An evaluation, a comparison or a gate as JSON: everything, and the same bytes for the same."""

from __future__ import annotations

import json

from automod.model.comparison import Comparison, GateResult
from automod.model.evaluation import Evaluation

Result = Evaluation | Comparison | GateResult


def result_json(result: Result) -> str:
    r"""One line of JSON, its keys in the order of the fields, with an end of line.

    Args:
        result: what was found.

    Raises:
        ValueError: a number in it is not finite.

    >>> result_json(GateResult(()))
    '{"passed": true, "lines": []}\n'
    """
    told = result.to_dict()
    text = json.dumps(told, ensure_ascii=False, allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character in an ad's text, which no UTF-8 can hold
        text = json.dumps(told, allow_nan=False)
    return f"{text}\n"
