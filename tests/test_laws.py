"""The laws of matching and deciding, on any materials and texts.

1. A hit's original slice, folded again, contains a compiled form of its material.
2. Compiled = the naive reference.
3. All overlapping matches are found: adding a material never removes another's hit.
4. A batch = one by one; a decision made again from its hits = the decision.
5. The order of packages and materials and the number of threads change nothing.
6. Scoped to a market, field or date, a material never acts outside it; language changes nothing.

And: adding a material never lowers a score.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import reference
from automod.engine.compile import compile as compile_ruleset
from automod.model.ruleset import (
    Allow,
    Condition,
    Material,
    Override,
    Package,
    PolicyCode,
    PolicyTable,
    Row,
    Rule,
    Ruleset,
    Scope,
)
from automod.text.fold import fold
from rulesets import (
    BACKENDS,
    CODE,
    ON,
    OTHER,
    TABLE,
    Backend,
    creative,
    material,
    of,
    package,
    places,
    ruleset,
)
from strategies import WORDS, materials, more, near, scenes

if TYPE_CHECKING:
    from automod.engine.engine import Engine

Scene = tuple[tuple[Material, ...], str]
MARKETS = ["SA", "AE", "NG", "US", "US-NV"]


def find_all(rules: tuple[Material, ...], text: str) -> set[tuple[str, int | None, int | None]]:
    """Where the reference finds the materials of `of(rules)`."""
    return {
        (f"p/m{number:04}", start, end)
        for number, one in enumerate(rules)
        for start, end in reference.find(one, text)
    }


# --- 1 and 2: against the reference --------------------------------------------------------------


@more(400)
@given(scenes())
@example(((material("casino"),), "ca\u200bsino\u200bbonus"))
@example(((material("ab"), material("ab", boundary="substring")), "ab\u093f"))
@example(((material("$$$"),), "$$$\u0323"))
@example(((material("赌 博", "phrase", gap=1),), "的赌博"))
@example(((material("ربح"),), "\u0301\u0323ربح"))
@example(((material("ab ba", "phrase", gap=1),), "ab\u200bx ba"))
def test_compiled_is_the_reference(scene: Scene) -> None:
    """Law 2: either back end finds in any text what the naive reference finds."""
    rules, text = scene
    expected = find_all(rules, text)
    for backend in BACKENDS:
        assert expected == places(compile_ruleset(of(rules), backend=backend).scan(creative(text)))


@more(200)
@given(scenes())
def test_a_slice_holds_its_material(scene: Scene) -> None:
    """Law 1: a hit shows the original text, which holds the material; its view is the tightest."""
    rules, text = scene
    engine = compile_ruleset(of(rules))
    by_id = {one.id: one for one in of(rules).packages[0].materials}
    for hit in engine.scan(creative(text)):
        assert hit.text is not None
        assert text[hit.start : hit.end] == hit.text
        one = by_id[hit.material]
        if one.kind == "keyword":
            assert fold(one.value).text in fold(hit.text).text
            assert (hit.view == "exact") == reference.same(one.value, hit.text)
        else:
            assert reference.find(replace(one, boundary="substring"), hit.text)


@more(200)
@given(scenes())
def test_a_looser_boundary_loses_no_hit(scene: Scene) -> None:
    """What hits as a word hits as a prefix, and what hits as a prefix hits as a substring."""
    rules, text = scene
    keywords = tuple(one for one in rules if one.kind == "keyword")
    found = [
        places(
            compile_ruleset(of([replace(one, boundary=boundary) for one in keywords])).scan(
                creative(text)
            )
        )
        for boundary in ("word", "prefix", "substring")
    ]

    assert found[0] <= found[1] <= found[2]


# --- 3: overlapping ------------------------------------------------------------------------------


@more(200)
@given(scenes(), materials(), st.sampled_from(BACKENDS))
def test_more_material_removes_no_hit(
    scene: Scene, added: tuple[Material, ...], backend: Backend
) -> None:
    """Law 3: with more materials the hits of the others are what they were."""
    rules, text = scene
    few = places(compile_ruleset(of(rules), backend=backend).scan(creative(text)))
    many = places(compile_ruleset(of(rules + added), backend=backend).scan(creative(text)))

    assert few == {hit for hit in many if int(hit[0].removeprefix("p/m")) < len(rules)}


@more(150)
@given(scenes(), materials())
def test_more_material_lowers_no_score(scene: Scene, added: tuple[Material, ...]) -> None:
    """Adding a material never lowers a score, in any market and code, nor softens an action."""
    rules, text = scene
    before = compile_ruleset(of(weighted(rules))).decide(creative(text), on=ON)
    after = compile_ruleset(of(weighted(rules + added))).decide(creative(text), on=ON)
    scores = {(verdict.market, verdict.policy): verdict.score for verdict in after.verdicts}

    for verdict in before.verdicts:
        assert verdict.score <= scores[verdict.market, verdict.policy]


def weighted(rules: tuple[Material, ...]) -> list[Material]:
    """The materials with different weights and codes."""
    return [
        replace(
            one,
            weight=(0.3, 0.6, 0.9, 0.95)[n % 4],
            policies=((CODE,), (CODE, OTHER), (OTHER,))[n % 3],
        )
        for n, one in enumerate(rules)
    ]


# --- 4 and 5: batches, order, threads ------------------------------------------------------------


def world() -> Ruleset:
    """A ruleset with something of everything: kinds, scopes, rules, allows, overrides, a bank."""
    sa, later = Scope(markets=("SA",)), Scope(from_=date(2026, 12, 1))
    gambling = Package(
        name="gambling",
        version="3",
        owner="tests",
        policies=(CODE,),
        scope=Scope(markets=("GCC", "NG")),
        materials=(
            mine("gambling/casino", "casino", weight=0.6, tags=("gambling/game",)),
            mine("gambling/kazino", "كازينو", weight=0.9, tags=("gambling/game",)),
            mine("gambling/later", "ab", weight=0.9, scope=later),
            mine("gambling/sa", "ربح", weight=0.3, scope=sa),
            mine("gambling/shadow", "ba", weight=0.9, status="shadow"),
            mine("gambling/sure", "ربح مضمون", kind="phrase", gap=1, weight=0.6),
            mine("gambling/title", "aba", weight=0.9, scope=Scope(fields=("title",))),
        ),
        rules=(
            Rule(
                id="gambling/game-contact",
                condition=Condition(
                    "all",
                    parts=(
                        Condition("tag", name="gambling/game"),
                        Condition(
                            "any",
                            parts=(
                                Condition("tag", name="bank/cta"),
                                Condition("found", name="phone"),
                            ),
                        ),
                    ),
                ),
                weight=0.9,
                policies=(CODE,),
                within=12,
            ),
        ),
        allows=(
            Allow(
                "gambling/royale",
                replace(
                    material("casino 100", "phrase"), id="gambling/royale", weight=0.0, policies=()
                ),
                packages=("gambling",),
            ),
        ),
    )
    bank = Package(
        name="bank",
        version="1",
        owner="tests",
        materials=(
            replace(mine("bank/join", "t20", tags=("bank/cta",)), policies=()),
            replace(
                mine("bank/vpn", "微信", tags=("bank/cta",), boundary="substring"), policies=()
            ),
        ),
    )
    weight = Package(
        name="weight",
        version="1",
        owner="tests",
        policies=(OTHER,),
        materials=(replace(mine("weight/hundred", "100", weight=0.9), policies=(OTHER,)),),
    )
    override = Override(
        id="INC-1", target="gambling/kazino", by="o", ticket="T-1", markets=("NG",),
        status="shadow", until=date(2027, 1, 1),
    )  # fmt: skip
    return Ruleset(packages=(bank, gambling, weight), policies=table(), overrides=(override,))


def mine(id_: str, value: str, **more_: Any) -> Material:
    """A material with its own id and any other fields."""
    kind = more_.pop("kind", "keyword")
    return replace(material(value, kind), id=id_, **more_)


def table() -> PolicyTable:
    """A policy table whose markets differ in stance."""
    licensed = Row(
        id=f"{CODE}/NG/2026-01-01", market="NG", stances=("certificate", "age_gate"), min_age=18,
        ground="law", source="https://example.org/ng", from_=date(2026, 1, 1),
    )  # fmt: skip
    codes: dict[str, PolicyCode] = dict(TABLE.codes)
    codes[CODE] = replace(codes[CODE], rows=(licensed,))
    return PolicyTable(codes=codes, groups={"GCC": ("SA", "AE")}, parents={"US-NV": "US"})


@cache
def world_engine(backend: Backend = "ahocorasick-rs") -> Engine:
    """The compiled world."""
    return compile_ruleset(world(), backend=backend)


def creatives() -> st.SearchStrategy[dict[str, Any]]:
    """Creatives with texts, links and more, and now and then something that is none."""
    odd = st.sampled_from(
        [
            {},
            {"id": 7},
            {"id": "c", "markets": "SA"},
            {"id": "c", "markets": ["SA"], "text": {"body": None, "title": "كازينو"}},
            {"id": "c", "markets": ["ZZ", "SA"], "text": {"body": "casino"}},
            {"id": "c", "markets": [], "text": {"body": "casino"}},
            {"id": "c", "markets": ["SA"], "text": {"body": "casino \ud800"}},
            {
                "id": "c",
                "markets": ["SA"],
                "links": ["https://", "http://[", "https://casino.example/ربح"],
            },
        ]
    )
    return st.one_of(whole(), whole(), whole(), odd)


@st.composite
def whole(draw: st.DrawFn) -> dict[str, Any]:
    """A creative as advertisers send them."""
    fields = st.sampled_from(["title", "body", "ocr:images[0]"])
    given_: dict[str, Any] = {
        "id": draw(st.sampled_from(["c1", "c2", "ا"])),
        "markets": draw(st.lists(st.sampled_from(MARKETS), min_size=1, max_size=3, unique=True)),
        "text": draw(st.dictionaries(fields, near(WORDS), max_size=3)),
    }
    for key, value in {
        "language": st.sampled_from(["ar", "en", "zh", "xx"]),
        "advertiser": st.sampled_from(["adv-1", "adv-9"]),
        "links": st.lists(
            st.sampled_from(["https://casino.example/100", "t.me/ab", "+966 50 123 4567"]),
            max_size=2,
        ),
        "targeting": st.builds(lambda age: {"min_age": age}, st.sampled_from([13, 18, 21])),
        "certificates": st.just(
            [{"policy": CODE, "market": "NG", "number": "7", "until": "2027-01-01"}]
        ),
        "on": st.sampled_from(["2026-11-20", "2026-12-24"]),
    }.items():
        if draw(st.integers(0, 3)) == 0:
            given_[key] = draw(value)
    return given_


@more(150)
@given(st.lists(creatives(), max_size=5), st.sampled_from(BACKENDS))
def test_a_batch_is_one_by_one(batch: list[dict[str, Any]], backend: Backend) -> None:
    """Law 4: a batch decides what one by one decides, to the byte, the index apart."""
    engine = world_engine(backend)
    together = engine.decide_batch(batch, on=ON)
    alone = [replace(engine.decide(one, on=ON), index=index) for index, one in enumerate(batch)]

    assert [one.to_json() for one in alone] == [one.to_json() for one in together]


@more(150)
@given(whole())
@example(creative("\ud800"))
@example(creative("casino \ud800 0501234567"))
@example(creative({"body": "كازينو t20", "title": "casino 100 \u200b"}, markets=["SA", "NG"]))
def test_a_decision_from_its_hits(one: dict[str, Any]) -> None:
    """Law 4: made again from its hits, or from what `scan` gave, a decision is the same."""
    engine = world_engine()
    decision = engine.decide(one, on=ON)

    assert decision.to_json() == engine.decide_hits(one, engine.scan(one), on=ON).to_json()
    assert decision.to_json() == engine.decide_hits(one, decision.hits, on=ON).to_json()
    stored = decision.to_dict()["hits"]
    assert decision.to_json() == engine.decide_hits(one, stored, on=ON).to_json()


@more(100)
@given(whole())
def test_both_back_ends_decide_alike(one: dict[str, Any]) -> None:
    """The back end is no part of the answer."""
    left, right = (world_engine(backend).decide(one, on=ON).to_json() for backend in BACKENDS)

    assert left == right


@settings(max_examples=40)
@given(
    st.permutations(range(3)),
    st.randoms(use_true_random=False),
    st.lists(whole(), min_size=1, max_size=4),
)
def test_order_changes_nothing(order: list[int], random: Any, batch: list[dict[str, Any]]) -> None:
    """Law 5: packages and materials in any order decide alike, digest included."""
    ordered = world()
    packages = [ordered.packages[n] for n in order]
    shuffled = [
        replace(one, materials=tuple(random.sample(one.materials, len(one.materials))))
        for one in packages
    ]
    engine = compile_ruleset(replace(ordered, packages=tuple(shuffled)))

    expected = [one.to_json() for one in world_engine().decide_batch(batch, on=ON)]
    assert expected == [one.to_json() for one in engine.decide_batch(batch, on=ON)]


@settings(max_examples=10)
@given(st.lists(whole(), min_size=8, max_size=16))
def test_threads_change_nothing(batch: list[dict[str, Any]]) -> None:
    """Law 5: one engine shared by threads decides what it decides alone."""
    engine = world_engine()
    expected = [engine.decide(one, on=ON).to_json() for one in batch]
    for threads in (2, 8):
        with ThreadPoolExecutor(threads) as pool:
            decisions = list(pool.map(lambda one: engine.decide(one, on=ON), batch * 3))
        assert expected * 3 == [one.to_json() for one in decisions]


# --- 6: scope ------------------------------------------------------------------------------------

TEXT = "the casino"
PLAIN = [mine("p/here", "casino", weight=0.9)]


def acts(
    scope: Scope, one: dict[str, Any], on: str = ON, policies: PolicyTable | None = None
) -> set[str]:
    """The markets in which a material of this scope acts on the creative."""
    rules = ruleset(package([replace(PLAIN[0], scope=scope)]))
    engine = compile_ruleset(replace(rules, policies=policies or rules.policies))
    return {verdict.market for verdict in engine.decide(one, on=on).verdicts}


@pytest.mark.parametrize(
    ("scoped", "markets", "expected"),
    [
        ((), ["SA", "NG"], {"SA", "NG"}),
        (("SA",), ["SA", "NG"], {"SA"}),
        (("SA",), ["NG"], set()),
        (("GCC",), ["SA", "AE", "NG"], {"SA", "AE"}),
        (("US",), ["US", "US-NV", "SA"], {"US", "US-NV"}),
        (("US-NV",), ["US", "US-NV"], {"US-NV"}),
        (("SA", "NG"), ["AE", "NG"], {"NG"}),
    ],
)
def test_scope_by_market(scoped: tuple[str, ...], markets: list[str], expected: set[str]) -> None:
    """Law 6: a material acts in its markets, members of groups and sub-markets; nowhere else."""
    one = creative(TEXT, markets=markets)

    assert expected == acts(Scope(markets=scoped), one, policies=table())


@pytest.mark.parametrize(
    ("scoped", "fields", "expected"),
    [
        ((), ["title", "body"], True),
        (("title",), ["title"], True),
        (("title",), ["body"], False),
        (("title", "body"), ["body"], True),
        (("ocr",), ["ocr:images[0]"], True),
        (("ocr",), ["body"], False),
        (("ocr",), ["ocrx"], False),
        (("tit",), ["title"], False),
    ],
)
def test_scope_by_field(scoped: tuple[str, ...], fields: list[str], expected: bool) -> None:
    """Law 6: a material acts in its fields, nowhere else; a bare name covers its places."""
    one = creative(dict.fromkeys(fields, TEXT))

    assert expected == bool(acts(Scope(fields=scoped), one))


@settings(max_examples=60)
@given(
    st.one_of(st.none(), st.integers(-3, 3)),
    st.one_of(st.none(), st.integers(-3, 3)),
    st.integers(-4, 4),
)
def test_scope_by_date(start: int | None, end: int | None, day: int) -> None:
    """Law 6: a material acts from its first to its last day, both included, and on no other."""
    base = date(2026, 11, 20)
    dates = [None if days is None else base + timedelta(days) for days in (start, end)]
    expected = (start is None or start <= day) and (end is None or day <= end)
    scope = Scope(from_=dates[0], until=dates[1])

    assert expected == bool(acts(scope, creative(TEXT), on=(base + timedelta(day)).isoformat()))


@more(100)
@given(whole())
def test_other_markets_hear_nothing(one: dict[str, Any]) -> None:
    """Law 6: what a market decides does not depend on which other markets the creative is for."""
    both = world_engine().decide(one, on=ON)
    for market in one["markets"]:
        alone = world_engine().decide(one | {"markets": [market]}, on=ON)
        assert both.markets[market] == alone.markets[market]
        assert scores(both, market) == scores(alone, market)


def scores(decision: Any, market: str) -> dict[str, tuple[float, str]]:
    """Code -> score and action of the verdicts of a market."""
    return {
        one.policy: (one.score, one.action) for one in decision.verdicts if one.market == market
    }


@more(100)
@given(whole(), st.sampled_from(["ar", "en", "zh", "tr", "xx", ""]))
def test_the_declared_language_changes_nothing(one: dict[str, Any], language: str) -> None:
    """Law 6: the language is the advertiser's word; it changes no hit and no verdict."""
    silent = {key: value for key, value in one.items() if key != "language"}
    engine = world_engine()

    assert (
        engine.decide(silent, on=ON).to_json()
        == engine.decide(silent | {"language": language}, on=ON).to_json()
    )
