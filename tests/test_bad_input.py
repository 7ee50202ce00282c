"""Bad input: a clear decision for each, nothing silently clean, and the batch goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.engine.compile import compile as compile_ruleset
from automod.model.decision import Decision
from automod.model.ruleset import Scope
from automod.model.vocabulary import NOT_EVALUATED
from rulesets import ON, creative, engine, material, of
from strategies import more

RISKY = (
    material("casino", weight=0.9),
    material("ربح", weight=0.9),
    material("赌博", boundary="substring"),
)
GOOD = creative("the casino", id="good")
MEGABYTES = "win now " * 1_310_720
"""Ten megabytes of harmless text."""

NO_CREATIVE: list[tuple[str, Any]] = [
    ("None", None),
    ("a text", "casino"),
    ("a number", 7),
    ("a list", ["casino"]),
    ("bytes", b"casino"),
    ("an empty dict", {}),
    ("no id", {"markets": ["SA"], "text": {"body": "casino"}}),
    ("id is a number", creative("casino", id=7)),
    ("id is nothing", creative("casino", id=None)),
    ("id is empty", creative("casino", id="")),
    ("id is true", creative("casino", id=True)),
    ("an unknown key", creative("casino", body="casino")),
    ("a key that is no text", creative("casino") | {7: "casino"}),
    ("a misspelt key", creative("casino", market=["SA"])),
    ("text is a text", {"id": "c", "markets": ["SA"], "text": "casino"}),
    ("text is a list", {"id": "c", "markets": ["SA"], "text": ["casino"]}),
    ("markets is a text", creative("casino", markets="SA")),
    ("markets is a dict", creative("casino", markets={"SA": 1})),
    ("a market is a number", creative("casino", markets=["SA", 7])),
    ("a market is nothing", creative("casino", markets=[None])),
    ("a market is a list", creative("casino", markets=[["SA"]])),
    ("links is a text", creative("casino", links="https://example.com")),
    ("certificates is a dict", creative("casino", certificates={"policy": "X.Y"})),
    ("a certificate without a policy", creative("casino", certificates=[{"market": "SA"}])),
    (
        "a certificate's date is no date",
        creative("casino", certificates=[{"policy": "X.Y", "until": "soon"}]),
    ),
    ("targeting is a list", creative("casino", targeting=[18])),
    ("min_age is a text", creative("casino", targeting={"min_age": "18"})),
    ("min_age is negative", creative("casino", targeting={"min_age": -1})),
    ("attributes is a text", creative("casino", attributes="games")),
    ("on is no date", creative("casino", on="2026-13-01")),
    ("on is a number", creative("casino", on=20261120)),
    ("the advertiser is a number", creative("casino", advertiser=9)),
]

INCOMPLETE: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    ("no markets", creative("casino", markets=[]), [("*", "creative.no_markets")]),
    ("markets missing", {"id": "c1", "text": {"body": "casino"}}, [("*", "creative.no_markets")]),
    ("markets is null", creative("casino", markets=None), [("*", "creative.no_markets")]),
    (
        "an unknown market",
        creative("casino", markets=["ZZ"]),
        [("markets", "creative.unknown_market")],
    ),
    ("an empty market", creative("casino", markets=[""]), [("markets", "creative.unknown_market")]),
    (
        "a market in small letters",
        creative("casino", markets=["sa"]),
        [("markets", "creative.unknown_market")],
    ),
    (
        "one of two markets unknown",
        creative("x", markets=["SA", "ZZ"]),
        [("markets", "creative.unknown_market")],
    ),
    ("a field is a number", creative({"body": 7}), [("body", "text.not_text")]),
    ("a field is null", creative({"body": None}), [("body", "text.not_text")]),
    ("a field is bytes", creative({"body": b"casino"}), [("body", "text.not_text")]),
    ("a field is a list", creative({"body": ["casino"]}), [("body", "text.not_text")]),
    ("a field is a dict", creative({"body": {"en": "casino"}}), [("body", "text.not_text")]),
    (
        "a field's name is a number",
        {"id": "c", "markets": ["SA"], "text": {7: "casino"}},
        [("7", "text.not_text")],
    ),
    (
        "two fields are no text",
        creative({"a": 1, "b": 2}),
        [("a", "text.not_text"), ("b", "text.not_text")],
    ),
    ("a high surrogate", creative("win \ud800"), [("body", "text.malformed")]),
    ("a low surrogate", creative("\udfff win"), [("body", "text.malformed")]),
    ("surrogates the wrong way round", creative("\udfb0\ud83c"), [("body", "text.malformed")]),
    ("a pair of surrogates", creative("\ud83c\udfb0"), [("body", "text.malformed")]),
    ("ten megabytes", creative(MEGABYTES), [("body", "text.too_long")]),
    ("ten megabytes of one word", creative("a" * 10_485_760), [("body", "text.too_long")]),
    ("a million marks", creative("a" + "\u0301\u0323" * 500_000), [("body", "text.too_long")]),
    ("a link without a host", creative("x", links=["https://"]), [("links[0]", "link.malformed")]),
    (
        "a link that is a number",
        creative("x", links=["https://example.com", 7]),
        [("links[1]", "link.malformed")],
    ),
    ("a link that is empty", creative("x", links=[""]), [("links[0]", "link.malformed")]),
]

FINE: list[tuple[str, dict[str, Any], list[tuple[int, int]]]] = [
    ("NUL inside a text", creative("the\x00casino\x00"), [(4, 10)]),
    ("control characters", creative("\x01\x7f\x1bcasino\x85"), [(3, 9)]),
    ("byte order mark", creative("\ufeffcasino"), [(1, 7)]),
    ("replacement character", creative("\ufffdcasino\ufffd"), [(1, 7)]),
    ("noncharacters", creative("\uffffcasino\U0010ffff"), [(1, 7)]),
    ("private use", creative("\ue000casino"), [(1, 7)]),
    ("no text", {"id": "c1", "markets": ["SA"]}, []),
    ("text is null", {"id": "c1", "markets": ["SA"], "text": None}, []),
    ("an empty field", creative(""), []),
    ("an empty name of a field", creative({"": "casino"}), [(0, 6)]),
    ("keys of the caller's own", creative("casino", **{"x-ref": object()}), [(0, 6)]),
    ("a hundred marks on a letter", creative("casino" + "\u064e" * 100 + " x"), [(0, 106)]),
    ("the longest legal text", creative("x " * 49_997 + "casino"), [(99_994, 100_000)]),
    ("a thousand fields", creative({f"f{n}": "casino" for n in range(1_000)}), [(0, 6)] * 1_000),
]


def ids(rows: list[Any]) -> list[str]:
    """The names of rows."""
    return [row[0] for row in rows]


def missing(decision: Decision) -> list[tuple[str, str]]:
    """What was not evaluated: (field, code)."""
    return [(one.field, one.code) for one in decision.not_evaluated]


@pytest.mark.parametrize("bad", [row[1] for row in NO_CREATIVE], ids=ids(NO_CREATIVE))
def test_what_is_no_creative(bad: Any) -> None:
    """What is no creative gets a decision in its place that says so, and is never approved."""
    decision = engine(RISKY, "ahocorasick-rs").decide_batch([GOOD, bad], on=ON)[1]

    assert decision.creative is None
    assert decision.index == 1
    assert [("*", "creative.invalid")] == missing(decision)
    assert decision.action == "review"
    assert {} == decision.markets
    assert () == decision.hits


@pytest.mark.parametrize("bad", [row[1] for row in NO_CREATIVE], ids=ids(NO_CREATIVE))
def test_what_is_no_creative_has_no_hits(bad: Any) -> None:
    """`scan` cannot say "not evaluated" and refuses; `decide_hits` says that it is no creative."""
    with pytest.raises(ValueError, match=r"\w"):
        engine(RISKY, "ahocorasick-rs").scan(bad)
    decision = engine(RISKY, "ahocorasick-rs").decide_hits(bad, (), on=ON)

    assert [("*", "creative.invalid")] == missing(decision)


@pytest.mark.parametrize(("bad", "expected"), [row[1:] for row in INCOMPLETE], ids=ids(INCOMPLETE))
def test_what_cannot_be_looked_at(bad: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """What cannot be looked at is named, and no market where it matters is complete."""
    decision = engine(RISKY, "ahocorasick-rs").decide(bad, on=ON)

    assert expected == missing(decision)
    assert bad["id"] == decision.creative
    assert decision.action in ("review", "reject")
    assert all(NOT_EVALUATED[one.code] == one.transient for one in decision.not_evaluated)
    everywhere = expected[0][1] != "creative.unknown_market"
    unclear = [market for market in decision.markets if everywhere or market != "SA"]
    assert all(not decision.markets[market].complete for market in unclear)
    assert all(decision.markets[market].action in ("review", "reject") for market in unclear)


@pytest.mark.parametrize(("good", "spans"), [row[1:] for row in FINE], ids=ids(FINE))
def test_what_is_odd_but_fine(good: dict[str, Any], spans: list[tuple[int, int]]) -> None:
    """Odd characters are text like any other: they are looked at, and nothing is left unsaid."""
    decision = engine(RISKY, "ahocorasick-rs").decide(good, on=ON)

    assert spans == [(hit.start, hit.end) for hit in decision.hits]
    assert [] == missing(decision)
    assert all(outcome.complete for outcome in decision.markets.values())
    assert ("reject" if spans else "approve") == decision.action


@pytest.mark.parametrize(
    ("bad", "spans"),
    [
        (creative({"title": 7, "body": "casino"}), [(0, 6)]),
        (creative("casino \ud800 casino"), [(0, 6), (9, 15)]),
        (creative("ca\ud800sino"), []),
        (creative("casino " + MEGABYTES), [(0, 6)]),
        (creative("casino\u0301" + "\u0323\u0301" * 500_000), []),
        (creative("casino " + "\u0323\u0301" * 500_000), [(0, 6)]),
        (creative("casino", links=["https://"]), [(0, 6)]),
        (creative("casino", markets=["SA", "ZZ"]), [(0, 6)]),
        (creative("casino", markets=["ZZ"]), [(0, 6)]),
    ],
)
def test_the_rest_of_a_creative_is_looked_at(
    bad: dict[str, Any], spans: list[tuple[int, int]]
) -> None:
    """A fault in one place hides no hit in another."""
    decision = engine(RISKY, "ahocorasick-rs").decide(bad, on=ON)

    assert spans == [(hit.start, hit.end) for hit in decision.hits if hit.field == "body"]
    assert missing(decision)
    assert not all(outcome.complete for outcome in decision.markets.values())


def test_a_long_text_is_cut_between_words() -> None:
    """A text that is too long is looked at from its beginning, and no word is cut into another."""
    text = "x" * 99_990 + " casinos and more " + "y" * 100
    decision = engine(RISKY, "ahocorasick-rs").decide(creative(text), on=ON)

    assert () == decision.hits
    assert [("body", "text.too_long")] == missing(decision)


def test_only_what_could_have_hit_is_missing() -> None:
    """A field that no live material in the creative's markets could match is not missed."""
    title = replace(material("casino"), scope=Scope(fields=("title",)))
    elsewhere = replace(material("casino"), scope=Scope(markets=("NG",)))
    over = replace(material("casino"), scope=Scope(until=date(2026, 1, 1)))
    shadow = replace(material("casino"), status="shadow")
    for one in (title, elsewhere, over, shadow):
        decision = compile_ruleset(of([one])).decide(creative({"body": 7}), on=ON)
        assert [] == missing(decision)
        assert decision.action == "approve"

    decision = compile_ruleset(of([title])).decide(creative({"title": 7, "body": 7}), on=ON)
    assert [("title", "text.not_text")] == missing(decision)


def test_each_market_for_itself() -> None:
    """What could only have hit in one market leaves the other complete."""
    here = replace(material("casino"), scope=Scope(markets=("SA",)))
    decision = compile_ruleset(of([here])).decide(
        creative({"body": 7}, markets=["SA", "NG"]), on=ON
    )

    assert not decision.markets["SA"].complete
    assert decision.markets["NG"].complete
    assert decision.markets["NG"].action == "approve"


def test_the_batch_goes_on() -> None:
    """All bad input in one batch, good creatives between: each is answered as it is alone."""
    bad = [row[1] for rows in (NO_CREATIVE, INCOMPLETE, FINE) for row in rows]
    batch = [one for each in bad for one in (each, GOOD)]
    judge = engine(RISKY, "ahocorasick-rs")
    together = judge.decide_batch(batch, on=ON)
    good = judge.decide(GOOD, on=ON)

    assert len(batch) == len(together)
    for index, (one, decision) in enumerate(zip(batch, together, strict=True)):
        alone = good if one is GOOD else judge.decide(one, on=ON)
        assert replace(alone, index=index).to_json() == decision.to_json()


@pytest.mark.parametrize("bad", [row[1] for row in [*INCOMPLETE, *FINE] if "mega" not in row[0]])
def test_decisions_can_be_written(bad: dict[str, Any]) -> None:
    """Any decision is JSON that UTF-8 can carry, lone surrogates in what it quotes or not."""
    decision = engine(RISKY, "ahocorasick-rs").decide(bad, on=ON)

    assert json.loads(decision.to_json().encode("utf-8")) == json.loads(
        json.dumps(decision.to_dict())
    )


def test_surrogates_in_names_can_be_written() -> None:
    """An id and a field's name with lone surrogates stand in a decision that can be written."""
    decision = engine(RISKY, "ahocorasick-rs").decide(
        creative({"b\ud800": "casino"}, id="c\udfff"), on=ON
    )

    assert decision.creative == "c\udfff"
    assert [(0, 6)] == [(hit.start, hit.end) for hit in decision.hits]
    assert decision.to_json().encode("utf-8")


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = [
    "id", "markets", "language", "advertiser", "on", "text", "images", "videos", "links",
    "certificates", "targeting", "attributes", "x-any", "other",
]  # fmt: skip


@more(300)
@given(st.dictionaries(st.sampled_from(KEYS), JSON), st.booleans())
def test_any_json_has_an_answer(given_: dict[str, Any], legal: bool) -> None:
    """Any JSON gets a decision, the same one twice, and only what was looked at is clean."""
    one = {"id": "c1", "markets": ["SA"]} | given_ if legal else given_
    judge = engine(RISKY, "ahocorasick-rs")
    decision = judge.decide(one, on=ON)

    assert decision.to_json() == judge.decide_batch([GOOD, one], on=ON)[1].to_json().replace(
        '"index": 1', '"index": 0'
    )
    if decision.action == "approve":
        assert decision.markets
        assert all(outcome.complete for outcome in decision.markets.values())
        assert () == decision.not_evaluated


def test_a_date_that_is_none() -> None:
    """A bad `on` of the caller is the caller's error, not the creative's."""
    with pytest.raises(ValueError, match="2026-13-01"):
        engine(RISKY, "ahocorasick-rs").decide(GOOD, on="2026-13-01")


def test_an_empty_batch() -> None:
    """No creatives, no decisions."""
    assert [] == engine(RISKY, "ahocorasick-rs").decide_batch([], on=ON)
