"""Windows: daily counts of hit logs, decisions and counters, in whatever they are stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from automod.errors import InputError, LoadError
from automod.load.windows import Window, load_window, span_of
from automod.model.arrow import decision_batch, hit_batch
from automod.model.counters import Counters
from automod.model.decision import Decision, Hit, MarketOutcome, json_text
from automod.model.hitlog import hit_rows
from automod.model.vocabulary import Status

FIRST = date(2026, 11, 2)


HITS: list[tuple[str, Status, str | None]] = [
    ("p/a", "live", None), ("p/a", "live", None), ("q/b", "shadow", None), ("q/c", "live", "q/ok"),
]  # fmt: skip


def made() -> Iterator[Decision]:
    """Three weeks of decisions; on the tenth day nothing hits, and a new version comes."""
    for day in range(21):
        version = "1" if day < 9 else "2"
        for n in range(4):
            kept = HITS[: (n + day) % 5] if day != 9 else []
            markets = ("SA", "AE")[: n % 3]
            yield Decision(
                f"c{n}", n, (FIRST + timedelta(days=day)).isoformat(), f"sha256:{version}",
                "approve", {one: MarketOutcome("approve", complete=True) for one in markets},
                hits=tuple(
                    Hit(k, material, version, (), status, "keyword", "body", 0, 3, "ad", "safe",
                        allowed_by=allowed)
                    for k, (material, status, allowed) in enumerate(kept)
                ),
            )  # fmt: skip


DECISIONS = list(made())
ROWS = [row for one in DECISIONS for row in hit_rows(one)]


def _hit(**more: Any) -> str:
    return json_text(ROWS[0] | more) + "\n"


def counts(window: Window) -> dict[tuple[int, str, str], int]:
    """What a window holds, by name."""
    return {
        (day, window.markets[market], window.materials[material]): n
        for day, market, material, n in zip(
            window.day.tolist(), window.market.tolist(), window.material.tolist(),
            window.creatives.tolist(), strict=True,
        )
    }  # fmt: skip


def counters(path: Path) -> None:
    """Counters, as JSON."""
    found = Counters()
    for one in DECISIONS:
        found.add(one)
    path.write_text(json.dumps(found.to_dict()), encoding="utf-8")


def hits_as_lists(path: Path) -> None:
    """A hit log whose markets are a list of structs, as Polars writes a map."""
    batch = hit_batch(ROWS)
    lists = [
        [{"key": k, "value": v} for k, v in one] for one in batch.column("markets").to_pylist()
    ]
    table = pa.Table.from_batches([batch])
    place = table.schema.get_field_index("markets")
    pq.write_table(table.set_column(place, "markets", pa.array(lists)), path)


WRITERS: dict[str, Callable[[Path], object]] = {
    "decisions.jsonl": lambda path: path.write_text(
        "".join(one.to_json() + "\n" for one in DECISIONS), encoding="utf-8"
    ),
    "decisions.parquet": lambda path: pq.write_table(
        pa.Table.from_batches([decision_batch(DECISIONS)]), path, row_group_size=5
    ),
    "hits.jsonl": lambda path: path.write_text(
        "".join(json_text(row) + "\n" for row in ROWS), encoding="utf-8"
    ),
    "hits.parquet": lambda path: pq.write_table(
        pa.Table.from_batches([hit_batch(ROWS)]), path, row_group_size=3
    ),
    "lists.parquet": hits_as_lists,
    "counters.json": counters,
}


def expected() -> dict[tuple[int, str, str], int]:
    """The counts of `DECISIONS`, counted by hand: each creative once, allowed ones not."""
    found: dict[tuple[int, str, str], int] = {}
    for one in DECISIONS:
        day = (date.fromisoformat(one.on) - FIRST).days
        for material in {hit.material for hit in one.hits if hit.allowed_by is None}:
            for market in ("*", *one.markets):
                found[day, market, material] = found.get((day, market, material), 0) + 1
    return found


@pytest.mark.parametrize("name", WRITERS)
def test_every_form_has_the_same_hits(name: str, tmp_path: Path) -> None:
    """JSONL, Parquet and counters of the same decisions are the same daily counts."""
    WRITERS[name](tmp_path / name)
    window = load_window(str(tmp_path / name))
    assert counts(window) == expected()
    assert (window.first, window.days) == (FIRST, 21)
    versions = {(one.on.isoformat(), one.package, one.value) for one in window.changes}
    assert ("2026-11-12", "p", "2") in versions


@pytest.mark.parametrize(
    ("name", "known"),
    [(name, not name.startswith(("hits", "lists"))) for name in WRITERS],
)  # fmt: skip
def test_only_who_judged_knows_how_many(name: str, known: bool, tmp_path: Path) -> None:
    """Decisions and counters know the creatives of a day, a hit log does not."""
    WRITERS[name](tmp_path / name)
    judged = load_window(str(tmp_path / name)).judged
    assert bool(judged) is known
    if known:
        assert judged["*"].tolist() == [4] * 21
        assert judged["AE"].tolist() == [1] * 21


@pytest.mark.parametrize(
    ("span", "first", "days"),
    [
        ("@2026-11-01..2026-11-30", "2026-11-01", 30),
        ("@2026-11-05..", "2026-11-05", 18),
        ("@..2026-11-05", "2026-11-02", 4),
        ("", "2026-11-02", 21),
    ],
)
def test_days_are_those_given_else_those_seen(
    span: str, first: str, days: int, tmp_path: Path
) -> None:
    """A day without a hit is one of the window where the window says so."""
    WRITERS["hits.jsonl"](tmp_path / "hits.jsonl")
    window = load_window(f"{tmp_path / 'hits.jsonl'}{span}")
    assert (window.first.isoformat(), window.days) == (first, days)
    assert bool(((window.day >= 0) & (window.day < days)).all())


def test_of_a_folder_of_parts_only_the_parts_are_read(tmp_path: Path) -> None:
    """What a job keeps beside them is no log."""
    (tmp_path / "_parts").mkdir()
    (tmp_path / "_parts" / "00000.json").write_text('{"tally": {}}', "utf-8")
    WRITERS["decisions.jsonl"](tmp_path / "part-00000.jsonl")
    assert load_window(str(tmp_path)).files == 1


def test_folders_and_patterns_are_their_files(tmp_path: Path) -> None:
    """A folder is all in it, a pattern what it names; parts add up."""
    half = len(ROWS) // 2
    (tmp_path / "a").mkdir()
    for place, rows in (("a/1.jsonl", ROWS[:half]), ("2.jsonl", ROWS[half:])):
        (tmp_path / place).write_text("".join(json_text(row) + "\n" for row in rows), "utf-8")
    whole = load_window(str(tmp_path))
    assert whole.files == 2
    both = [str(tmp_path / "*.jsonl"), str(tmp_path / "a")]
    assert counts(load_window(both)) == counts(whole)


@pytest.mark.parametrize(
    ("files", "path", "message"),
    [
        ({}, "none.jsonl", "there is no such file"),
        ({}, "*.parquet", "no file has such a name"),
        ({}, ".", "the folder holds no log"),
        ({"a.txt": "x"}, "a.txt", "'.txt' is not a suffix"),
        ({"a.jsonl": "{}\n"}, "a.jsonl", "is no line of decisions"),
        ({"a.jsonl": "[]\n"}, "a.jsonl", "is not a JSON object"),
        ({"a.jsonl": '{"material": "p/a"}\n'}, "a.jsonl", "is no hit: 'action'"),
        ({"a.jsonl": _hit(material=5)}, "a.jsonl", "a.jsonl:1: is no line of a hit log"),
        ({"a.jsonl": _hit(version=5)}, "a.jsonl", "a.jsonl:1: is no line of a hit log"),
        ({"a.jsonl": _hit(ruleset=["x"])}, "a.jsonl", "a.jsonl:1: is no line of a hit log"),
        ({"a.json": "[" * 100_000}, "a.json", "JSON"),
        ({"a.json": '{"schema": 2}'}, "a.json", "schema"),
        ({"a.json": '{"schema": 1, "hints": []}'}, "a.json", "hints"),
        ({"a.json": "{"}, "a.json", "JSON"),
        ({"a.parquet": "x"}, "a.parquet", "is no Parquet file"),
    ],
)
def test_what_is_no_log_is_a_fault_that_names_it(
    files: dict[str, str], path: str, message: str, tmp_path: Path
) -> None:
    """Nothing that cannot be read is a quiet day."""
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(LoadError) as caught:
        load_window(str(tmp_path / path))
    assert message in str(caught.value)


def test_no_day_of_a_file_is_counted_twice(tmp_path: Path) -> None:
    """A file that is given and lies in a folder that is given; its days may be given in parts."""
    path = tmp_path / "hits.jsonl"
    WRITERS["hits.jsonl"](path)
    with pytest.raises(LoadError, match=r"hits\.jsonl: is given twice"):
        load_window([str(tmp_path), f"{path}@2026-11-04.."])
    parts = [f"{path}@..2026-11-04", f"{path}@2026-11-05.."]
    assert counts(load_window(parts)) == counts(load_window(str(path)))


@pytest.mark.parametrize(
    ("name", "known"), [("decisions.jsonl", True), ("counters.json", True), ("hits.jsonl", False)]
)
def test_where_nothing_was_judged_that_is_known(name: str, known: bool, tmp_path: Path) -> None:
    """Else all that hits the week after would seem to have begun; a hit log does not know."""
    WRITERS[name](tmp_path / name)
    window = load_window(f"{tmp_path / name}@2026-01-05..2026-01-11")
    assert window.judged.get("*", np.ones(1)).tolist() == ([0] * 7 if known else [1])


def test_the_same_hits_are_not_counted_twice(tmp_path: Path) -> None:
    """A folder with the hit log and the decisions of one scan is refused."""
    for name in ("hits.jsonl", "decisions.jsonl"):
        WRITERS[name](tmp_path / name)
    with pytest.raises(LoadError, match="hits would count twice"):
        load_window(str(tmp_path))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("logs@2026-13-01..2026-11-05", "2026-13-01"),
        ("logs@2026-11-05..2026-11-01", "is after"),
    ],
)
def test_a_span_that_is_none_is_told(given: str, message: str) -> None:
    """A wrong day is no reason to read everything."""
    with pytest.raises(InputError, match=message):
        span_of(given)


def test_a_window_with_nothing_in_it_and_no_days_is_refused(tmp_path: Path) -> None:
    """Nobody can say which days an empty log is about; where they are given, all are quiet."""
    (tmp_path / "hits.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="no days are given"):
        load_window(str(tmp_path / "hits.jsonl"))
    quiet = load_window(f"{tmp_path / 'hits.jsonl'}@2026-11-01..2026-11-07")
    assert (quiet.days, len(quiet.day)) == (7, 0)
