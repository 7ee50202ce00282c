"""What stored decisions become is what a full run gives, to the byte, however little is scanned."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automod.batch.arrow import decide_record_batch
from automod.batch.rescore import Effort, Rescorer
from automod.batch.rescore_grounds import (
    BROKEN,
    ELSE,
    INVALID,
    MISSED,
    NEAR,
    NONE,
    OTHER,
    TEXTS,
)
from automod.batch.rescore_plan import rescore_plan
from automod.batch.stream import decide_stream
from automod.engine.compile import compile
from automod.errors import InputError, LoadError
from automod.load.stored_decisions import StoredDecisions
from automod.model.arrow import creative_schema, decision_batch, decision_json, hit_batch
from automod.model.canonical import to_canonical
from automod.model.decision import Decision, json_text
from automod.model.hitlog import hit_rows
from automod.model.ruleset import Allow, Condition, Material, Override, Row, Rule, Ruleset, Scope
from command import run, write_jsonl, write_rules
from rulesets import CODE, ON, creative, material, of
from rulesets import OTHER as OTHER_CODE
from test_backtest import CROWD, SAMPLES, SEEN, ads, neighbours, rulesets

DAY: Final = date.fromisoformat(ON)
DAYS: Final = (DAY, date(2026, 12, 31), date(2027, 1, 1), date(2026, 1, 1))
SLOW: Final = [HealthCheck.too_slow, HealthCheck.data_too_large]
QUIET: Final = tuple(material(f"quiet{n}", name=f"p/z{n}") for n in range(12))
"""So many that what differs is seldom most of a ruleset."""


def full_run(
    rules: Ruleset, creatives: Sequence[Any], on: date | None = None, today: date = DAY
) -> list[Decision]:
    """Every creative decided by a ruleset, as a scan does it."""
    return [one for _, one in decide_stream(compile(rules), creatives, today=today, on=on)]


def numbered(creatives: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same, each with an id of its own."""
    return [{**one, "id": f"c{number}"} for number, one in enumerate(creatives)]


def lines(decisions: Sequence[Decision]) -> list[str]:
    """Their JSON."""
    return [one.to_json() for one in decisions]


def of_batch(batch: pa.RecordBatch) -> list[str]:
    """The JSON of decisions in columns."""
    return [json_text(decision_json(row)) for row in batch.to_pylist()]


def columns(creatives: Sequence[dict[str, Any]]) -> pa.RecordBatch:
    """Creatives as a record batch of the published schema."""
    rows = []
    for one in creatives:
        row = {**one, "text": list(one["text"].items())}
        if "attributes" in one:
            row["attributes"] = json.dumps(one["attributes"])
        if "on" in one:
            row["on"] = date.fromisoformat(one["on"])
        row["certificates"] = [
            {**each, "until": date.fromisoformat(each["until"])}
            for each in one.get("certificates", ())
        ]
        row["images"] = [x if isinstance(x, str) else json.dumps(x) for x in one.get("images", ())]
        rows.append(row)
    return pa.RecordBatch.from_pylist(rows, schema=creative_schema())


def fits(one: dict[str, Any]) -> bool:
    """Whether columns can hold a creative: its keys, and all letters of its texts."""
    return "colour" not in one and "\ud800" not in "".join(one["text"].values())


def padded(rules: Ruleset) -> Ruleset:
    """A ruleset with many materials more."""
    package = rules.packages[0]
    materials = (*package.materials, *QUIET)
    return replace(rules, packages=(replace(package, materials=materials),))


traffic: Final = st.lists(ads(), min_size=1, max_size=6).map(numbered)
pairs: Final = st.one_of(
    neighbours().map(lambda pair: tuple(map(padded, pair))),
    neighbours(),
    st.tuples(rulesets().map(padded), rulesets().map(padded)),
)
days: Final = st.sampled_from([None, None, *DAYS])


# --- laws ----------------------------------------------------------------------------------------


@settings(suppress_health_check=SLOW, deadline=None)
@given(pairs, traffic, days, days)
def test_whatever_changes_the_answer_is_that_of_a_full_run(
    pair: tuple[Ruleset, Ruleset],
    creatives: list[dict[str, Any]],
    before: date | None,
    after: date | None,
) -> None:
    """Rulesets, days, creatives of any sort: all decisions are those of a full run, to a byte."""
    old, new = pair
    stored = full_run(old, creatives, before)

    again = Rescorer(old, new).decide(creatives, stored, after, today=DAY)

    assert lines(again) == lines(full_run(new, creatives, after))


@settings(suppress_health_check=SLOW, deadline=None)
@given(pairs, traffic, days, days)
def test_columns_give_the_same(
    pair: tuple[Ruleset, Ruleset],
    creatives: list[dict[str, Any]],
    before: date | None,
    after: date | None,
) -> None:
    """A record batch of stored decisions becomes that of a full run, to the byte of their JSON."""
    old, new = pair
    some = [one for one in creatives if fits(one)]
    batch = columns(some)
    stored = decide_record_batch(compile(old), batch, on=before, today=DAY, first=5)

    again = Rescorer(old, new).decide_record_batch(batch, stored, on=after, today=DAY, first=5)

    whole = decide_record_batch(compile(new), batch, on=after, today=DAY, first=5)
    assert of_batch(again) == of_batch(whole)
    assert again.schema.equals(whole.schema, check_metadata=True)


# --- what each change asks for -------------------------------------------------------------------

CASINO, BONUS, FREE = (
    material("casino", name="p/casino", weight=0.6),
    material("bonus", name="p/bonus", weight=0.9, view="evasion"),
    replace(material("free", name="p/free", weight=0.3), tags=("p/t",)),
)
BASE: Final = of((CASINO, BONUS, FREE, *QUIET))
ADS: Final = numbered(
    [
        creative("casino"), creative("bonus b0nus"), creative("free casino"), creative("hello"),
        creative("win today"), creative("\ud800"), creative("wonder", markets=["ZZ"]),
        creative("nothing", markets=["AE", "SA"]), creative("call 0501234567"),
        {"id": "", "text": {}},
        creative("free bonus", advertiser="adv-1", targeting={"min_age": 21}),
        creative("casino", certificates=[{"policy": CODE, "market": "SA", "until": ON}]),
        creative("free casino", images=["none.png"]), creative("x", links=["https://win.com/a"]),
    ]
)  # fmt: skip


def changed(**parts: Any) -> Ruleset:
    """The base with another package of some parts."""
    return replace(BASE, packages=(replace(BASE.packages[0], **parts),))


def with_materials(*some: Material) -> Ruleset:
    """The base with some materials more, or others in the place of its own."""
    held = {one.id: one for one in (*BASE.packages[0].materials, *some)}
    return changed(materials=tuple(held[name] for name in sorted(held)))


def without(name: str) -> Ruleset:
    """The base without a material."""
    return changed(materials=[one for one in BASE.packages[0].materials if one.id != name])


def with_rows(*rows: Row) -> Ruleset:
    """The base with other rows of its code."""
    table = BASE.policies
    codes = {**table.codes, CODE: replace(table.codes[CODE], rows=rows)}
    return replace(BASE, policies=replace(table, codes=codes))


def overridden(**parts: Any) -> Ruleset:
    """The base with an override of a material."""
    own = Override("INC-1", "p/casino", "o", "T-1", **parts)
    return replace(BASE, overrides=(own,))


WIN: Final = material("win", name="p/win", weight=0.9)
CONTACT: Final = Condition("all", parts=(Condition("tag", "p/t"), Condition("material", "p/bonus")))
AGED: Final = Row(f"{CODE}/SA/2026-01-01", "SA", ("age_gate", "certificate"), "law", min_age=18)
HARMLESS: Final = replace(material("free casino", "phrase", name="p/ok", weight=0), policies=())

NO_SCAN: Final = [
    pytest.param(BASE, replace(BASE, policies=replace(BASE.policies, review=0.7)), id="threshold"),
    pytest.param(BASE, with_rows(AGED), id="stance"),
    pytest.param(BASE, with_materials(replace(CASINO, weight=0.95)), id="weight"),
    pytest.param(BASE, with_materials(replace(CASINO, policies=(OTHER_CODE,))), id="code"),
    pytest.param(BASE, with_materials(replace(CASINO, tags=("p/t",))), id="tag"),
    pytest.param(BASE, with_materials(replace(CASINO, status="shadow")), id="shadow"),
    pytest.param(BASE, with_materials(replace(CASINO, ramp=0.5)), id="ramp"),
    pytest.param(
        BASE, with_materials(replace(CASINO, scope=Scope(until=date(2026, 1, 1)))), id="dates"
    ),
    pytest.param(BASE, overridden(status="shadow"), id="override added"),
    pytest.param(overridden(weight=0.1), BASE, id="override lifted"),
    pytest.param(overridden(until=DAY), overridden(until=date(2027, 1, 1)), id="override longer"),
    pytest.param(BASE, changed(rules=(Rule("p/r", CONTACT, 0.9, (CODE,)),)), id="rule"),
    pytest.param(BASE, changed(version="2", caps={"p/g": 0.1}), id="version and caps"),
    pytest.param(BASE, changed(allows=(Allow("p/a", None, ("adv-1",), ("p",)),)), id="advertiser"),
    pytest.param(BASE, without("p/casino"), id="a material in the safe view is gone"),
    pytest.param(
        changed(allows=(Allow("p/ok", HARMLESS, (), ("p",)),)), BASE, id="an allow is gone"
    ),
    pytest.param(
        changed(allows=(Allow("p/ok", HARMLESS, (), ("p",)),)),
        changed(allows=(Allow("p/ok", HARMLESS, (), (), (OTHER_CODE,)),)),
        id="what an allow protects",
    ),
]  # fmt: skip
ALONE: Final = [
    pytest.param(BASE, with_materials(WIN), 2, id="new"),
    pytest.param(BASE, with_materials(replace(CASINO, value="win")), 6, id="another value"),
    pytest.param(BASE, with_materials(replace(BONUS, view="safe")), 2, id="another view"),
    pytest.param(BASE, without("p/bonus"), 2, id="what was read in disguise is gone"),
    pytest.param(BASE, with_materials(replace(CASINO, scope=Scope(fields=("title",)))), 4,
                 id="another field"),
    pytest.param(BASE, changed(allows=(Allow("p/ok", HARMLESS, (), ("p",)),)), 2, id="allow"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), NO_SCAN)
@pytest.mark.parametrize("day", [DAY, date(2027, 6, 1)])
def test_what_hits_answer_is_not_scanned(old: Ruleset, new: Ruleset, day: date) -> None:
    """Nothing is scanned but what may be evaluated now, and is no creative; the answer is right."""
    stored = full_run(old, ADS)
    efforts: list[Effort] = []

    again = Rescorer(old, new, note=efforts.append).decide(ADS, stored, day, today=DAY)

    assert lines(again) == lines(full_run(new, ADS, day))
    assert {*efforts[0].scanned} <= {MISSED, INVALID}
    assert efforts[0].kept >= 5


@pytest.mark.parametrize(("old", "new", "near"), ALONE)
def test_what_hits_otherwise_is_searched_for_alone(old: Ruleset, new: Ruleset, near: int) -> None:
    """Only creatives that may hold it are scanned; the answer is right."""
    stored = full_run(old, ADS)
    efforts: list[Effort] = []

    again = Rescorer(old, new, note=efforts.append).decide(ADS, stored, today=DAY)

    assert lines(again) == lines(full_run(new, ADS))
    assert efforts[0].scanned[NEAR] == near
    assert {*efforts[0].scanned} <= {NEAR, MISSED, INVALID}


MANY: Final = "casino free " * 1_500
BORDERED: Final = "casino free " * 1_000
HIDDEN: Final = "f r e e x"
FREEX: Final = material("freex", name="p/freex", view="evasion")
FREE_TOO: Final = material("free", name="p/free", view="evasion")
BLIND: Final = [
    replace(one, scope=Scope(fields=("title",)), status="shadow") for one in (CASINO, FREE)
]


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        pytest.param(BASE, with_materials(WIN), MANY, id="too many hits"),
        pytest.param(BASE, with_materials(WIN), f"{BORDERED} win", id="one too many now"),
        pytest.param(with_materials(WIN), BASE, f"{BORDERED} win", id="one too many before"),
        pytest.param(BASE, with_materials(WIN), "a " * 60_000, id="too long"),
        pytest.param(
            of((BONUS, *QUIET)), of((BONUS, material("poker", name="p/c", view="evasion"), *QUIET)),
            CROWD, id="too much disguise",
        ),
        pytest.param(
            of((FREEX, FREE_TOO, *QUIET)), of((FREE_TOO, *QUIET)), HIDDEN,
            id="what one word was read as, another is",
        ),
        pytest.param(of((*BLIND, *QUIET)), of((BLIND[1], *QUIET)), MANY, id="cut, and not told"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_from_hits_is_scanned(old: Ruleset, new: Ruleset, text: str) -> None:
    """Where other materials make a difference to how a text is read, it is read anew."""
    few = numbered([creative(text), creative({"title": text, "body": text}), creative("plain")])

    again = Rescorer(old, new).decide(few, full_run(old, few), today=DAY)

    assert lines(again) == lines(full_run(new, few))


def test_an_allow_of_a_picture_makes_a_difference() -> None:
    """What it protects from is looked for with it."""
    risky, harmless = ((name, SAMPLES[name]) for name in list(SAMPLES)[1:])
    banner = Material("p/a", "image", risky[0], 0.9, (CODE,), sample=risky[1])
    own = Material("p/ok", "image", harmless[0], sample=harmless[1])
    old = of((banner, *QUIET))
    new = replace(
        old, packages=(replace(old.packages[0], allows=(Allow("p/ok", own, (), ("p",)),)),)
    )
    few = numbered([creative("x") | {"images": [one]} for one in (*SEEN, "none.png")])

    for before, after in ((old, new), (new, old)):
        again = Rescorer(before, after).decide(few, full_run(before, few), today=DAY)
        assert lines(again) == lines(full_run(after, few))


@pytest.mark.parametrize("back", [False, True])
def test_what_codes_say_is_a_matter_where_pictures_are_opened(back: bool) -> None:
    """A rule about codes has pictures opened: what they say is a text for all materials."""
    about_codes = Condition("any", parts=(Condition("found", "phone"), Condition("found", "code")))
    sides = [BASE, changed(rules=(Rule("p/r", about_codes, 0.9, (CODE,)),))]
    old, new = reversed(sides) if back else sides
    few = numbered([creative("casino", images=[SEEN[3]]), creative("x", images=[SEEN[3]])])

    again = Rescorer(old, new).decide(few, full_run(old, few), today=DAY)

    assert lines(again) == lines(full_run(new, few))


# --- what is not taken over ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        pytest.param(lambda _: None, NONE, id="none"),
        pytest.param(lambda one: one | {"ruleset": "sha256:0"}, OTHER, id="another ruleset"),
        pytest.param(lambda one: one | {"creative": "c9"}, ELSE, id="another creative"),
        pytest.param(lambda one: one | {"markets": {}}, ELSE, id="other markets"),
        pytest.param(
            lambda one: one | {"hits": [one["hits"][0] | {"text": "poker"}]}, TEXTS, id="other text"
        ),
        pytest.param(
            lambda one: one | {"hits": [one["hits"][0] | {"end": 99, "text": None}]}, TEXTS,
            id="another place",
        ),
        pytest.param(lambda one: {"hits": one["hits"]}, BROKEN, id="no decision"),
        pytest.param(lambda one: one | {"hits": [7]}, BROKEN, id="no hits"),
        pytest.param(lambda one: one | {"on": "soon"}, BROKEN, id="no day"),
    ],
)  # fmt: skip
def test_what_is_not_the_decision_on_a_creative_is_scanned(spoil: Any, why: str) -> None:
    """A decision of something else tells nothing: the creative is scanned, and it is said why."""
    new = replace(BASE, policies=replace(BASE.policies, review=0.7))
    stored = [spoil(full_run(BASE, ADS[:1])[0].to_dict())]
    efforts: list[Effort] = []

    again = Rescorer(BASE, new, note=efforts.append).decide(ADS[:1], stored, today=DAY)

    assert lines(again) == lines(full_run(new, ADS[:1]))
    assert dict(efforts[0].scanned) == {why: 1}


def test_there_are_as_many_of_both() -> None:
    """One decision too few would be that of another creative."""
    with pytest.raises(ValueError, match="shorter"):
        Rescorer(BASE, BASE).decide(ADS, full_run(BASE, ADS)[1:], today=DAY)
    batch = columns([one for one in ADS if fits(one)])
    stored = decide_record_batch(compile(BASE), batch, today=DAY)
    with pytest.raises(InputError, match="12 decisions for 13 creatives"):
        Rescorer(BASE, BASE).decide_record_batch(batch, stored.slice(1), today=DAY)
    fewer = stored.drop_columns(["markets", "hits"])
    with pytest.raises(InputError, match="no column markets, hits"):
        Rescorer(BASE, BASE).decide_record_batch(batch, fewer, today=DAY)


def test_canonical_texts_do_as_well() -> None:
    """What travels to workers is two texts."""
    new = with_materials(WIN)
    texts = to_canonical(BASE), to_canonical(new)

    again = Rescorer.of_canonical(*texts).decide(ADS, full_run(BASE, ADS), today=DAY)

    assert lines(again) == lines(full_run(new, ADS))


# --- columns -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new"), NO_SCAN)
def test_no_object_is_made_where_a_clean_decision_stays(
    old: Ruleset, new: Ruleset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clean rows are told from columns alone, whatever else the creatives have."""
    clean = [
        creative(f"plain {n}", images=["none.png"], links=["https://a.com/b"]) for n in range(9)
    ]
    batch = columns(numbered(clean))
    stored = decide_record_batch(compile(old), batch, today=DAY)
    monkeypatch.setattr("automod.batch.rescore._Row", None)

    again = Rescorer(old, new).decide_record_batch(batch, stored, today=DAY, first=7)

    assert of_batch(again) == of_batch(decide_record_batch(compile(new), batch, today=DAY, first=7))


@pytest.mark.parametrize(("old", "new", "near"), ALONE)
def test_rows_that_hold_nothing_of_it_are_left_alone(old: Ruleset, new: Ruleset, near: int) -> None:
    """As one by one: only rows that may hold what hits otherwise are scanned."""
    batch = columns([one for one in ADS if fits(one)])
    stored = decide_record_batch(compile(old), batch, today=DAY)
    efforts: list[Effort] = []

    again = Rescorer(old, new, note=efforts.append).decide_record_batch(batch, stored, today=DAY)

    assert of_batch(again) == of_batch(decide_record_batch(compile(new), batch, today=DAY))
    assert sum(one.scanned.get(NEAR, 0) for one in efforts) == near


# --- plans ---------------------------------------------------------------------------------------


def test_a_plan_says_what_a_change_asks_for() -> None:
    """Each difference in a line, with what it costs."""
    new = with_materials(WIN, replace(CASINO, weight=0.9), replace(BONUS, view="safe"))
    new = replace(
        new, overrides=overridden(status="shadow").overrides,
        policies=replace(with_rows(AGED).policies, review=0.4, groups={"GCC": ("SA",)}),
    )  # fmt: skip

    plan = rescore_plan(BASE, new)

    assert plan.sought == {"p/win", "p/bonus"}
    assert plan.why == (
        f"policy row {AGED.id} is new: no scan",
        "groups changed (1 cover something else): what names them is searched for alone",
        "policy table changed in review: no scan",
        "override INC-1 is new: no scan",
        "material p/win is new: searched for alone",
        "material p/bonus changed in its view: searched for alone",
        "material p/casino changed in its weight: no scan",
    )


def test_most_of_a_ruleset_is_not_searched_for() -> None:
    """Where most materials hit otherwise, everything is scanned, and the plan says so."""
    others = [replace(one, value=f"{one.value}s") for one in BASE.packages[0].materials]
    plan = rescore_plan(BASE, changed(materials=others))

    assert plan.everything == ("15 of 15 materials match otherwise",)


# --- files ---------------------------------------------------------------------------------------


def written(folder: Path, decisions: Sequence[Decision], name: str) -> Path:
    """Decisions, or their hit log, in a file."""
    path = folder / name
    log = name.startswith("hits")
    rows = [row for one in decisions for row in hit_rows(one)]
    if path.suffix == ".jsonl":
        held = rows if log else [one.to_dict() for one in decisions]
        path.write_text("".join(f"{json_text(one)}\n" for one in held), encoding="utf-8")
    else:
        batch = hit_batch(rows) if log else decision_batch(decisions)
        pa.parquet.write_table(pa.Table.from_batches([batch]), path, row_group_size=3)
    return path


FILES: Final = ("decisions.jsonl", "decisions.parquet", "hits.jsonl", "hits.parquet")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("new", [with_materials(WIN), with_rows(AGED)], ids=["material", "stance"])
def test_files_of_decisions_and_hit_logs_are_read_by_index(
    name: str, new: Ruleset, tmp_path: Path
) -> None:
    """Whatever is stored, and in whichever pieces it is read, the answer is that of a full run."""
    stored = StoredDecisions(written(tmp_path, full_run(BASE, ADS), name))
    rescorer = Rescorer(BASE, new)
    again: list[str] = []
    for first in range(0, len(ADS), 4):
        some = ADS[first : first + 4]
        held = stored.dicts(first, len(some))
        again += lines(rescorer.decide(some, held, today=DAY, first=first))

    assert again == lines(full_run(new, ADS))


@pytest.mark.parametrize("name", FILES)
def test_files_become_columns(name: str, tmp_path: Path) -> None:
    """A record batch of what is stored, row by row."""
    some = numbered([one for one in ADS if fits(one)])
    new, batch = with_rows(AGED), columns(some)
    stored = StoredDecisions(written(tmp_path, full_run(BASE, some), name))
    efforts: list[Effort] = []
    rescorer = Rescorer(BASE, new, note=efforts.append)
    again: list[str] = []
    for first in range(0, len(batch), 5):
        rows = batch.slice(first, 5)
        held = stored.batch(first, len(rows))
        again += of_batch(rescorer.decide_record_batch(rows, held, today=DAY, first=first))

    assert again == of_batch(decide_record_batch(compile(new), batch, today=DAY))
    kept = sum(one.kept for one in efforts)
    assert kept == (0 if name.startswith("hits") else 5)


@pytest.mark.parametrize("name", ["hits.jsonl", "hits.parquet"])
def test_a_hit_log_counts_where_it_is_whole(name: str, tmp_path: Path) -> None:
    """Of decisions with all their hits that were complete; never of what is not in it."""
    decisions = full_run(BASE, ADS)
    held = StoredDecisions(written(tmp_path, decisions, name)).dicts(0, len(ADS))
    whole = [n for n, one in enumerate(decisions) if one.hits and not one.not_evaluated]
    if name == "hits.jsonl":
        whole.pop()  # where a log of lines ends, nobody knows whether more was to come

    assert [n for n, one in enumerate(held) if one is not None] == whole


def test_a_hit_log_without_some_hits_does_not_count(tmp_path: Path) -> None:
    """A decision of which a hit is missing is not taken for one with fewer."""
    rows = [row for one in full_run(BASE, ADS) for row in hit_rows(one)]
    path = tmp_path / "hits.jsonl"
    path.write_text("".join(f"{json_text(one)}\n" for one in rows if one["n"] != 0), "utf-8")

    assert StoredDecisions(path).dicts(0, 3) == [None] * 3


def test_two_decisions_of_one_index_do_not_count(tmp_path: Path) -> None:
    """Nobody knows which of them is right."""
    decisions = full_run(BASE, ADS[:3])
    for name in ("decisions.jsonl", "decisions.parquet"):
        stored = StoredDecisions(written(tmp_path, [*decisions, decisions[2]], name))
        assert [one and one["creative"] for one in stored.dicts(0, 3)] == ["c0", "c1", None]
        assert stored.batch(0, 3).num_rows == 3


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("x.csv", "", "is not a suffix that is read here"),
        ("x.jsonl", '{"id": "c1"}\n', "is neither a decision nor a hit"),
        ("x.parquet", "PAR1", "is no Parquet file"),
        ("y.jsonl", "".join(f'{{"ruleset": "r", "index": {n}}}\n' for n in (9_000, *range(4_096))),
         "is not in the order of its indexes"),
    ],
)  # fmt: skip
def test_what_holds_no_decisions_is_refused(
    name: str, text: str, fault: str, tmp_path: Path
) -> None:
    """Before anything is decided."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LoadError, match=fault):
        StoredDecisions(path)


# --- the command ---------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
@pytest.mark.parametrize("stored", ["decisions", "hits", "parts"])
@pytest.mark.parametrize("workers", [(), ("--workers", "1")])
def test_the_command_writes_what_a_full_scan_writes(
    suffix: str, stored: str, workers: tuple[str, ...], tmp_path: Path
) -> None:
    """To the byte, whatever is stored, and whoever decides."""
    old, new = (write_rules(tmp_path / name) for name in ("old", "new"))
    package = Path(new) / "gambling.yaml"
    text = package.read_text(encoding="utf-8").replace("value: casino,", "value: raffle,")
    package.write_text(text.replace("weight: medium", "weight: weak"), encoding="utf-8")
    words = ["casino", "raffle", "free spins", "hello"] * 5
    some = [creative(f"{word} {n}", id=f"c{n}", on=ON) for n, word in enumerate(words)]
    ads = write_jsonl(tmp_path / "ads.jsonl", [*some, "{broken"])
    place = {
        "decisions": tmp_path / f"before.{suffix}", "hits": tmp_path / f"hits.{suffix}",
        "parts": tmp_path / "parts",
    }[stored]  # fmt: skip
    how = {
        "decisions": ("-o", str(place)),
        "hits": ("-o", str(tmp_path / "x.jsonl"), "--hits", str(place)),
        "parts": ("-o", f"{place}/", "-f", suffix, "--part-size", "7"),
    }[stored]  # fmt: skip
    files = [tmp_path / f"{name}.{suffix}" for name in ("full", "again")]
    since = ("--since", old, "--stored", str(place))

    run("scan", ads, "-r", old, *how)
    run("scan", ads, "-r", new, "-o", str(files[0]))
    told = run("scan", ads, "-r", new, "-o", str(files[1]), "-v", *since, *workers)

    assert files[0].read_bytes() == files[1].read_bytes()
    assert "material gambling/casino changed in its value: searched for alone" in told.stderr


def test_since_and_stored_go_together(tmp_path: Path) -> None:
    """One without the other says nothing."""
    old = write_rules(tmp_path / "old")
    told = run("scan", "-r", old, "--since", old, "--text", "x", "--market", "SA")

    assert told.exit_code == 2
    assert "--since and --stored go together" in told.stderr
