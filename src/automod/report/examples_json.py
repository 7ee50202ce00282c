"""What became of examples, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from automod.engine.cause import Cause
from automod.workshop.example_causes import Extra, Missing
from automod.workshop.examples import ExamplesRun, Outcome

from .causes import value_text
from .examples_text import RESULTS, sentences
from .labels import Lang


def examples_json(run: ExamplesRun, lang: Lang = "en", *, strict: bool = False) -> str:
    r"""One JSON object, with an end of line.

    Args:
        run: what became of the examples.
        lang: of the sentences.
        strict: what is mended counts as failed.

    >>> print(examples_json(ExamplesRun(())), end="")
    {"schema": 1, "passed": true, "counts": {}, "examples": [], "retired": []}
    """
    counts = {result: run.count(result) for result in RESULTS if run.count(result)}
    told = {
        "schema": 1,
        "passed": run.passed(strict=strict),
        "counts": counts,
        "examples": [_outcome(one, lang) for one in run.outcomes],
        "retired": list(run.retired),
    }
    text = json.dumps(told, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character in an example, which no UTF-8 can hold
        text = json.dumps(told)
    return f"{text}\n"


def _outcome(one: Outcome, lang: Lang) -> dict[str, Any]:
    shown = one.shown
    return {
        "package": shown.package,
        "place": {"text": str(shown.place), **asdict(shown.place)},
        "sort": shown.sort,
        "material": shown.material,
        "text": shown.text or None,
        "image": shown.image or None,
        "known": shown.known,
        "draft": shown.is_draft,
        "result": one.result,
        "expected": list(shown.hits),
        "hits": list(one.hits),
        "missing": [_missing(each) for each in one.missing],
        "extra": [_extra(each) for each in one.extra],
        "unread": list(one.unread),
        "sentences": list(sentences(one, lang)),
    }


def _missing(one: Missing) -> dict[str, Any]:
    near = None if one.nearest is None else asdict(one.nearest)
    return {"name": one.name, "causes": [_cause(each) for each in one.causes], "nearest": near}


def _extra(one: Extra) -> dict[str, Any]:
    allow = None if one.allow is None else {
        "id": one.allow.id, "value": one.allow.value,
        "causes": [_cause(each) for each in one.allow.causes],
    }  # fmt: skip
    return {
        "name": one.name,
        "market": one.market,
        "hit": one.hit.to_dict(),
        "parts": [part.to_dict() for part in one.parts],
        "how": None if one.how is None else asdict(one.how),
        "stops": [{"key": key, "value": value} for key, value in one.stops],
        "allow": allow,
        "suggested": one.suggested,
    }


def _cause(one: Cause) -> dict[str, Any]:
    values = {name: value_text(value) for name, value in one.values.items()}
    return {"code": one.code, "values": values}
