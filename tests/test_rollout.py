"""Rollout: what is in shadow changes nothing that is served; a ramp lets a stable share in."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import sqrt
from pathlib import Path
from typing import Any, Final, Literal

import pytest
import yaml
from benchmarks import shadow as shadow_benchmark
from hypothesis import given
from hypothesis import strategies as st

from automod.engine.compile import VERSIONS, compile
from automod.errors import LoadError
from automod.load.ruleset import load
from automod.model.canonical import digest, from_canonical, to_canonical
from automod.model.decision import Decision
from automod.model.ramp import is_in
from automod.model.ruleset import Allow, Condition, Material, Override, Package, Rule, Ruleset
from automod.workshop.ruleset_diff import ruleset_diff
from command import run, write_rules
from rulesets import CODE, OTHER, TABLE, creative, material, package, ruleset

ON: Final = "2026-11-20"
MANY: Final = 20_000


# --- which creatives -----------------------------------------------------------------------------


def _uuids() -> list[str]:
    rng = random.Random(7)
    return [str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in range(MANY)]


SHAPES: Final[Mapping[str, Sequence[str]]] = {
    "numbers": [str(n) for n in range(MANY)],
    "padded numbers": [f"{n:020}" for n in range(MANY)],
    "every hundredth": [str(n * 100) for n in range(MANY)],
    "uuids": _uuids(),
    "a long prefix": [f"urn:creative:meta:2026-11:{'x' * 80}:{n}" for n in range(MANY)],
    "a long suffix": [f"{n}:{'y' * 80}" for n in range(MANY)],
    "arabic": [f"إعلان-{n}" for n in range(MANY)],
    "half characters": [f"\ud800{n}" for n in range(MANY)],
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9])
def test_a_ramp_lets_its_share_in_whatever_ids_look_like(shape: str, share: float) -> None:
    """Of 20,000 ids as many as a fair coin would let in, to five standard deviations."""
    inside = sum(is_in("gambling-ar", share, one) for one in SHAPES[shape])
    assert abs(inside - MANY * share) < 5 * sqrt(MANY * share * (1 - share))


@pytest.mark.parametrize("shape", SHAPES)
def test_two_ramps_do_not_hit_the_same_ads(shape: str) -> None:
    """What is in at one and what is in at the other are independent of each other."""
    both = sum(
        is_in("gambling-ar", 0.1, one) and is_in("gambling-ar/casino", 0.1, one)
        for one in SHAPES[shape]
    )
    assert abs(both - MANY * 0.01) < 5 * sqrt(MANY * 0.01 * 0.99)


@given(st.text(min_size=1), st.text(min_size=1), st.floats(0, 1), st.floats(0, 1))
def test_a_ramp_only_grows(salt: str, one: str, share: float, other: float) -> None:
    """Who is in at a share is in at every larger one; at 0 nobody, at 1 everybody is."""
    small, large = sorted((share, other))
    assert is_in(salt, small, one) <= is_in(salt, large, one)
    assert not is_in(salt, 0.0, one)
    assert is_in(salt, 1.0, one)


def test_who_is_in_is_the_same_for_ever() -> None:
    """Stored decisions name these: another hash would move ads in and out."""
    inside = [n for n in range(60) if is_in("gambling-ar", 0.1, f"c{n}")]
    assert inside == PINNED


PINNED: Final = [6, 11, 12, 23, 25, 33, 46]


# --- what is decided -----------------------------------------------------------------------------

WORDS: Final = ("casino", "poker", "bonus", "win", "lotto")
TEXTS: Final = st.lists(
    st.sampled_from([*WORDS, "c-a-s-i-n-o", "casіno", "p0ker", "+966 50 123 4567", "the", "and",
                     "example.com", "كازينو", "casino night"]),
    max_size=6,
).map(" ".join)  # fmt: skip
CREATIVES: Final = st.fixed_dictionaries(
    {
        "id": st.sampled_from([f"c{n}" for n in range(40)]),
        "markets": st.lists(st.sampled_from(["SA", "AE", "NG"]), min_size=1, max_size=2),
        "text": st.fixed_dictionaries({"body": TEXTS}, optional={"title": TEXTS}),
    },
    optional={"advertiser": st.sampled_from(["adv-1", "adv-2"]), "images": st.just(["gone.jpg"])},
)

ASKED: Final = (
    Rule("p/phone", Condition("found", "phone"), 0.9, (CODE,)),
    Rule("p/hidden", Condition("found", "obfuscation"), 0.9, (OTHER,)),
    Rule("p/pair", Condition("all", parts=(
        Condition("tag", "p/promise"), Condition("found", "phone"))), 0.6, (CODE,), within=4),
)  # fmt: skip


def _materials(name: str, words: Sequence[str]) -> tuple[Material, ...]:
    return tuple(
        replace(
            material(word, name=f"{name}/{word}", view="evasion", weight=0.6 + 0.1 * (n % 4)),
            tags=(f"{name}/promise",) if n % 2 else (),
            policies=(CODE,) if n % 3 else (OTHER,),
        )
        for n, word in enumerate(sorted(words))
    )


@st.composite
def packages(draw: st.DrawFn, name: str) -> Package:
    """A package of words, phones and rules."""
    words = draw(st.lists(st.sampled_from(WORDS), unique=True, min_size=1))
    found = _materials(name, words)
    if draw(st.booleans()):
        found = (*found, material("+966501234567", "phone", name=f"{name}/z-phone"))
    rules = tuple(
        replace(one, id=f"{name}/{one.id.partition('/')[2]}")
        for one in draw(st.lists(st.sampled_from(ASKED), unique_by=lambda one: one.id, max_size=2))
        if one.id != "p/pair" or name == "p"
    )
    allows: tuple[Allow, ...] = ()
    if draw(st.booleans()):
        held = material("casino night", "phrase", name=f"{name}/night")
        allows = (Allow(f"{name}/night", replace(held, weight=0.0, policies=()), (), (name,)),)
    return replace(package(found, name), rules=rules, allows=allows)


def in_shadow(one: Package) -> Package:
    """A package as the loader makes it when its status is shadow."""
    return replace(
        one, status="shadow",
        materials=tuple(replace(m, status="shadow") for m in one.materials),
        rules=tuple(replace(r, status="shadow") for r in one.rules),
    )  # fmt: skip


def served(decision: Decision) -> dict[str, Any]:
    """A decision without its hits in shadow, and without the digest."""
    told = decision.to_dict()
    live = [hit for hit in told["hits"] if hit["status"] != "shadow"]
    number = {hit["n"]: n for n, hit in enumerate(live)}
    for hit in live:
        hit["n"], hit["parts"] = number[hit["n"]], [number[n] for n in hit["parts"]]
    for verdict in told["verdicts"]:
        verdict["because"] = [number[n] for n in verdict["because"]]
    return told | {"hits": live, "ruleset": ""}


def alike(decision: Decision) -> dict[str, Any]:
    """A decision without the digest."""
    return decision.to_dict() | {"ruleset": ""}


@given(packages("p"), packages("q"), st.lists(CREATIVES, min_size=1, max_size=4))
def test_a_package_in_shadow_changes_nothing_that_is_served(
    live: Package, shadow: Package, ads: list[dict[str, Any]]
) -> None:
    """Actions, markets, verdicts, live hits and what was not evaluated are as without it."""
    without = compile(ruleset(live)).decide_batch(ads, on=ON)
    beside = compile(ruleset(live, in_shadow(shadow))).decide_batch(ads, on=ON)
    assert [served(one) for one in beside] == [served(one) for one in without]


@pytest.mark.parametrize("text", ["call +966501234567", "c-a-s-i-n-o", "casіno"])
def test_what_is_in_shadow_hides_nothing_from_rules_and_shows_them_nothing(text: str) -> None:
    """A rule of what is found sees what it would see without the package in shadow."""
    live = replace(package([material("nothing at all")]), rules=ASKED[:2])
    listed = (*_materials("q", ("casino",)), material("+966501234567", "phone", name="q/z-phone"))
    shadow = in_shadow(package(listed, "q"))
    ad = creative(text)
    without = compile(ruleset(live)).decide(ad, ON)
    beside = compile(ruleset(live, shadow)).decide(ad, ON)
    assert served(beside) == served(without)
    assert "shadow" in {hit.status for hit in beside.hits}


def test_limits_are_not_used_up_by_what_is_in_shadow() -> None:
    """Neither that of matches nor that of time: a broad or slow one changes nothing served."""
    live = package([material("casino"), material("(win ?)+!", "regex", name="p/r")])
    broad = material("a", boundary="substring", name="q/broad")
    slow = material("(a|aa)+$", "regex", name="q/slow")
    shadow = in_shadow(package([broad, slow], "q"))
    ad = creative("a " * 3_000 + "casino win win! " + "a" * 60 + "b")
    without = compile(ruleset(live)).decide(ad, ON)
    beside = compile(ruleset(live, shadow)).decide(ad, ON)
    assert served(beside) == served(without)
    assert not beside.not_evaluated


def ramped(one: Package, ramp: float) -> Package:
    """A package that is live in a share of creatives."""
    return replace(one, ramp=ramp)


@given(packages("p"), packages("q"), st.floats(0, 1), st.lists(CREATIVES, min_size=1, max_size=4))
def test_a_ramp_is_live_for_some_creatives_and_shadow_for_the_others(
    one: Package, other: Package, share: float, ads: list[dict[str, Any]]
) -> None:
    """Each decision is that of the package live, or that of the package in shadow."""
    decided = compile(ruleset(ramped(one, share), other)).decide_batch(ads, on=ON)
    live = compile(ruleset(one, other)).decide_batch(ads, on=ON)
    shadow = compile(ruleset(in_shadow(one), other)).decide_batch(ads, on=ON)
    expected = [
        a if is_in("p", share, ad["id"]) else b
        for ad, a, b in zip(ads, live, shadow, strict=True)
    ]  # fmt: skip
    assert [alike(decision) for decision in decided] == [alike(decision) for decision in expected]


@given(packages("p"), st.floats(0, 1), st.lists(CREATIVES, min_size=1, max_size=4))
def test_a_ramp_gives_one_answer_however_it_is_asked(
    one: Package, share: float, ads: list[dict[str, Any]]
) -> None:
    """One by one, in another order, from stored hits, and in an engine made anew (law 4 and 5)."""
    rules = ruleset(ramped(one, share))
    engine = compile(rules)
    decided = [engine.decide(ad, ON).to_dict() | {"index": 0} for ad in ads]
    turned = [one.to_dict() | {"index": 0} for one in engine.decide_batch(ads[::-1], on=ON)][::-1]
    other = compile(from_canonical(to_canonical(rules)), backend="pyahocorasick")
    again = [other.decide(ad, ON).to_dict() for ad in ads]
    stored = [
        engine.decide_hits(ad, told, ON).to_dict() for ad, told in zip(ads, decided, strict=True)
    ]
    assert turned == decided
    assert again == decided
    assert stored == decided


MATERIAL_RAMPS: Final = [f"c{n}" for n in range(60)]


def _actions(rules: Ruleset) -> dict[str, tuple[str, str]]:
    ads = [creative("our casino", id=name) for name in MATERIAL_RAMPS]
    decided = compile(rules).decide_batch(ads, on=ON)
    return {one.creative or "": (one.action, one.hits[0].status) for one in decided}


def test_ramps_of_package_material_and_override_must_all_let_a_creative_in() -> None:
    """Each by its own hash; two that are written on one thing choose from the same order."""
    held = replace(package([replace(material("casino", name="p/a"), ramp=0.5)]), ramp=0.6)
    order = Override("INC-1", "p", "me", "INC-1", ramp=0.4)
    found = _actions(replace(ruleset(held), overrides=(order,)))
    for name, (action, status) in found.items():
        inside = is_in("p", 0.4, name) and is_in("p/a", 0.5, name)
        assert (action, status) == (("review", "live") if inside else ("approve", "shadow"))
    assert {status for _, status in found.values()} == {"live", "shadow"}


def test_an_override_ramp_holds_in_its_markets_and_days_and_is_named() -> None:
    """Elsewhere the material is as live as before; where it acts, the hit says by what."""
    order = Override("INC-1", "p/m", "me", "INC-1", markets=("SA",), ramp=0.0)
    engine = compile(replace(ruleset(package([material("casino")])), overrides=(order,)))
    decided = engine.decide(creative("casino", markets=["SA", "AE"]), ON)
    assert {market: one.action for market, one in decided.markets.items()} == {
        "SA": "approve", "AE": "review",
    }  # fmt: skip
    assert decided.hits[0].overridden_by == "INC-1"


@pytest.mark.parametrize(("ramp", "expected"), [(0.0, "shadow"), (1.0, "live")])
def test_a_ramp_of_nothing_is_shadow_and_one_of_all_is_live(ramp: float, expected: str) -> None:
    """To the byte, but for the digest."""
    found = _actions(ruleset(ramped(package([material("casino")]), ramp)))
    assert {status for _, status in found.values()} == {expected}


def test_a_field_that_was_not_seen_matters_only_where_what_could_hit_is_live() -> None:
    """As in shadow: outside of the ramp a missing picture is no reason for a review."""
    domain = replace(material("example.com", "domain"), ramp=0.5)
    engine = compile(ruleset(package([domain])))
    for n in range(20):
        decided = engine.decide({"id": f"c{n}", "markets": ["SA"], "images": ["gone.jpg"]}, ON)
        assert bool(decided.not_evaluated) == is_in("p/m", 0.5, f"c{n}")


def test_what_needs_a_tag_is_ramped_with_its_rule(tmp_path: Path) -> None:
    """The rule that `needs` stands for lets in the creatives that the material does."""
    folder = _folder(
        tmp_path, {"value": "casino", "id": "a", "needs": "cta", "ramp": "50%"},
        {"value": "call", "id": "b", "tags": "cta", "weight": "signal"},
    )  # fmt: skip
    engine = compile(load(folder))
    found = {}
    for n in range(40):
        hits = engine.decide(creative("casino call", id=f"c{n}"), ON).hits
        found[f"c{n}"] = {hit.material: hit.status for hit in hits}
    for name, statuses in found.items():
        expected = "live" if is_in("p/a", 0.5, name) else "shadow"
        assert statuses["p/a"] == statuses["p/a+needs"] == expected


def _ads(folder: Path, share: float) -> dict[bool, str]:
    """The id of an ad that a ramp of the package `p` lets in, and of one that it does not."""
    found = {is_in("p", share, f"c{n}"): f"c{n}" for n in range(100)}
    rows = [creative("our casino", id=name) for name in found.values()]
    (folder / "ads.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return found


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "the ramp of p (10%) does not let this ad in"),
        ("ar", "تدرّج p (10%) لا يشمل هذا الإعلان"),
    ],
)
def test_explain_names_the_ramp_that_did_not_let_an_ad_in(
    tmp_path: Path, lang: str, sentence: str
) -> None:
    """And says nothing of it where it did."""
    folder = _folder(tmp_path, {"value": "casino", "id": "a"}, ramp="10%")
    ids = _ads(tmp_path, 0.1)
    told = {
        inside: run(
            "explain", str(tmp_path / "ads.jsonl"), "--id", name, "-r", str(folder), "-q",
            "--material", "p/a", "--lang", lang,
        ).stdout
        for inside, name in ids.items()
    }  # fmt: skip
    plain = {inside: "".join(c for c in text if c not in HIDDEN) for inside, text in told.items()}
    joined = {inside: " ".join(text.split()) for inside, text in plain.items()}
    assert sentence in joined[False]
    assert sentence not in joined[True]


HIDDEN: Final = "\u200e\u200f\u2066\u2067\u2068\u2069"


def test_show_and_diff_say_it(tmp_path: Path) -> None:
    """What is live in how many; a wider ramp is a tighter ruleset, a rate is none."""
    old = _folder(tmp_path / "old", {"value": "casino", "id": "a", "ramp": "20%"}, ramp="50%")
    more = {"ramp": "30%", "expected_rate": "1%"}
    new = _folder(tmp_path / "new", {"value": "casino", "id": "a", **more}, ramp="40%")
    shown = run("show", "p/a", "-r", str(old), "-q").stdout
    assert "20%, and 50% of the package: live in these creatives, shadow in the others" in shown
    found = {one.id: one for one in ruleset_diff(load(old), load(new), date(2026, 11, 20)).changes}
    effects = {name: {f.name: f.effect for f in one.fields} for name, one in found.items()}
    assert effects["p"]["ramp"] == "looser"
    assert effects["p/a"] == {"ramp": "tighter", "expected_rate": "none"}


# --- what is written -----------------------------------------------------------------------------


def _folder(tmp_path: Path, *materials: Mapping[str, Any], **keys: Any) -> Path:
    folder = Path(write_rules(tmp_path / "rules"))
    for path in folder.rglob("*.yaml"):
        if path.name != "policies.yaml":
            path.unlink()
    rows = [{"kind": "keyword", "weight": "strong", **one} for one in materials]
    content = {"package": "p", "version": "1", "owner": "me", "policy": CODE, **keys}
    text = yaml.safe_dump({**content, "materials": rows}, allow_unicode=True)
    (folder / "p.yaml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("written", ["10%", "0.1", "0,1", "٠٫١", "١٠٪", 0.1])
def test_a_ramp_is_read_as_other_shares_are(tmp_path: Path, written: object) -> None:
    """In any digits; on the package, as a default, and on a material."""
    folder = _folder(
        tmp_path, {"value": "casino", "ramp": written, "expected_rate": "0.5%"},
        ramp=written, expected_rate=written,
    )  # fmt: skip
    made = load(folder).packages[0]
    assert (made.ramp, made.expected_rate) == (0.1, 0.1)
    assert (made.materials[0].ramp, made.materials[0].expected_rate) == (0.1, 0.005)


def test_ramps_stand_in_tables_under_arabic_headers(tmp_path: Path) -> None:
    """`التدرج` and `المعدل المتوقع`."""
    folder = _folder(tmp_path, {"value": "casino"})
    text = yaml.safe_load((folder / "p.yaml").read_text("utf-8"))
    text["materials"] = [{"table": "terms.csv"}]
    (folder / "p.yaml").write_text(yaml.safe_dump(text), "utf-8")
    rows = "النوع,القيمة,الوزن,التدرج,المعدل المتوقع\nكلمة,كازينو,قوي,٢٥٪,٠٫٠٢\n"
    (folder / "terms.csv").write_text(rows, "utf-8")
    made = load(folder).packages[0].materials[0]
    assert (made.ramp, made.expected_rate) == (0.25, 0.02)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"ramp": "120%"}, "is not from 0 to 1"),
        ({"ramp": "some"}, "is not a number"),
        ({"expected_rate": "0"}, "is not above 0"),
    ],
)
def test_what_is_no_share_is_refused(
    tmp_path: Path, keys: Mapping[str, str], expected: str
) -> None:
    """With its place, as every fault."""
    with pytest.raises(LoadError, match=expected):
        load(_folder(tmp_path, {"value": "casino", **keys}))


Where = Literal["p", "p/a", "p/tag:t"]


@pytest.mark.parametrize("target", ["p", "p/a", "p/tag:t"])
@pytest.mark.parametrize(("ramp", "loads"), [("10%", True), ("50%", True), ("60%", False)])
def test_an_override_ramps_down_only(tmp_path: Path, target: Where, ramp: str, loads: bool) -> None:
    """A larger share than what its target has already is refused."""
    own = {"ramp": "50%"}
    folder = _folder(
        tmp_path, {"value": "casino", "id": "a", "tags": "t", **({} if target == "p" else own)},
        **(own if target == "p" else {}),
    )  # fmt: skip
    (folder / "overrides").mkdir(exist_ok=True)
    order = {"override": "O-1", "target": target, "set": {"ramp": ramp}, "until": "2026-12-01",
             "by": "me", "ticket": "O-1"}  # fmt: skip
    (folder / "overrides" / "O-1.yaml").write_text(yaml.safe_dump(order), "utf-8")
    if loads:
        assert load(folder).overrides[-1].ramp == float(ramp[:-1]) / 100
    else:
        with pytest.raises(LoadError, match="an override only narrows"):
            load(folder)


def test_rulesets_without_a_ramp_keep_their_digest() -> None:
    """Stored decisions name it; a ramp of all creatives is none."""
    plain = package([material("casino")])
    before = Ruleset((plain,), TABLE)
    text = json.loads(to_canonical(before))
    assert "ramp" not in json.dumps(text)
    assert digest(Ruleset((ramped(plain, 1.0),), TABLE), VERSIONS) == digest(before, VERSIONS)
    assert digest(Ruleset((ramped(plain, 0.5),), TABLE), VERSIONS) != digest(before, VERSIONS)


def test_the_benchmark_of_shadow_finds_its_answers() -> None:
    """What is served does not change on its corpus, in shadow or outside of a ramp."""
    counts = shadow_benchmark.assert_answers(shadow_benchmark.prepare(160, 300))
    found = {name.rpartition(" ")[2]: count for name, count in counts.items()}
    assert found["without"] == 0 < found["shadow"] == found["ramp"] == found["live"]
