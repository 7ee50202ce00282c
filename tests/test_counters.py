"""Counters: what they count, that they add up, and what Prometheus reads of them."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError

from automod.load.decision_counts import count_batch
from automod.load.hit_counts import HitBatches
from automod.model.arrow import decision_batch, hit_batch
from automod.model.counters import MOST_MARKETS, OTHER, Counters
from automod.model.decision import Decision, Hit, MarketOutcome, NotEvaluated
from automod.model.hitlog import hit_rows
from automod.model.schema import schema
from automod.model.vocabulary import Action, Status
from automod.report.prometheus import escaped, prometheus_text

FAULT = NotEvaluated("videos[0]", "media.missing", transient=True)


def hit(
    material: str = "p/m",
    status: Status = "live",
    allowed_by: str | None = None,
    kind: str = "keyword",
    version: str = "1",
) -> Hit:
    """A hit of which only what is counted matters."""
    return Hit(
        0, material, version, (), status, kind, "body", 0, 4, "text", "safe", allowed_by=allowed_by
    )


def decision(
    *hits: Hit,
    markets: Sequence[str] = ("SA",),
    action: Action = "approve",
    complete: bool = True,
    on: str = "2026-11-20",
    ruleset: str = "sha256:0",
) -> Decision:
    """A decision with the same action in each of its markets."""
    return Decision(
        "c1", 0, on, ruleset, action,
        {market: MarketOutcome(action, complete) for market in markets},
        hits=hits, not_evaluated=() if complete else (FAULT,),
    )  # fmt: skip


decisions = st.builds(
    decision,
    st.builds(
        hit, st.sampled_from(["p/a", "p/b", "q/a"]), st.sampled_from(["live", "shadow"]),
        st.sampled_from([None, "p/ok"]), st.sampled_from(["keyword", "found"]),
        st.sampled_from(["1", "2"]),
    ),
    st.builds(hit, st.sampled_from(["p/a", "q/a"]), st.sampled_from(["live", "shadow"])),
    markets=st.lists(st.sampled_from(["SA", "AE", "EG"]), unique=True),
    action=st.sampled_from(["approve", "restrict", "review", "reject"]),
    complete=st.booleans(),
    on=st.sampled_from(["2026-11-20", "2026-11-21"]),
    ruleset=st.sampled_from(["sha256:0", "sha256:1"]),
)  # fmt: skip


def counted(*some: Decision) -> Counters:
    """The counters of decisions."""
    found = Counters()
    for one in some:
        found.add(one)
    return found


@pytest.mark.parametrize(
    ("hits", "status", "expected"),
    [
        ([hit()], None, 1),
        ([hit(), hit()], None, 1),
        ([hit(status="shadow")], "shadow", 1),
        ([hit(status="shadow"), hit()], "live", 1),
        ([hit(status="shadow"), hit()], "shadow", 0),
        ([hit(allowed_by="p/ok")], None, 0),
        ([hit(allowed_by="p/ok")], "allowed", 1),
        ([hit(allowed_by="p/ok"), hit()], "allowed", 0),
        ([hit(kind="found")], None, 0),
        ([], None, 0),
    ],
)  # fmt: skip
def test_a_material_hits_a_creative_once_at_its_strictest(
    hits: list[Hit], status: str | None, expected: int
) -> None:
    """Live before shadow before allowed, however often; what is found is no material."""
    assert counted(decision(*hits)).hit("p/m", status=status) == expected  # type: ignore[arg-type]


def test_a_creative_counts_once_and_once_in_each_of_its_markets() -> None:
    """The market `*` has each once; what has no market, or is no creative, is there alone."""
    found = counted(
        decision(hit(), markets=["SA", "AE"], action="reject"),
        decision(markets=[], complete=False),
        Decision(None, 3, "2026-11-20", "sha256:0", "review", {}, not_evaluated=(FAULT,)),
    )
    assert (found.creatives(), found.creatives("SA"), found.creatives("AE")) == (3, 1, 1)
    assert (found.incomplete(), found.incomplete("SA")) == (2, 0)
    assert (found.hit("p/m"), found.hit("p/m", "AE"), found.hit("p/m", "EG")) == (1, 1, 0)
    assert found.creatives(on="2026-11-21") == found.creatives(ruleset="sha256:1") == 0


@given(st.lists(decisions, max_size=12))
def test_objects_json_and_columns_count_alike(some: list[Decision]) -> None:
    """`add` of a decision, of its JSON, and a record batch of all: the same counts."""
    of_json = Counters()
    for one in some:
        of_json.add(json.loads(one.to_json()))
    assert counted(*some) == of_json == count_batch(decision_batch(some))


@given(st.lists(decisions, max_size=12), st.integers(1, 5))
def test_a_hit_log_counts_the_same_hits(some: list[Decision], size: int) -> None:
    """A log in batches of any size has the hits of the decisions, and not what was judged."""
    numbered = [
        Decision("c", n, one.on, one.ruleset, one.action, one.markets, hits=one.hits)
        for n, one in enumerate(some)
    ]
    log = hit_batch(row for one in numbered for row in hit_rows(one))
    batches = [log.slice(first, size) for first in range(0, len(log), size)]
    found = Counters().merge(*(one.counters() for one in HitBatches().counts(batches)))
    assert found.hits == counted(*some).hits
    assert found.judged == {}


@given(st.lists(st.lists(decisions, max_size=4), min_size=3, max_size=3))
def test_merging_is_adding(parts: list[list[Decision]]) -> None:
    """In any order and grouping the parts make what one counter would have counted."""
    one, two, three = (counted(*part) for part in parts)
    whole = counted(*(decision for part in parts for decision in part))
    assert Counters().merge(three, one, two) == whole
    assert one.merge(two.merge(three)) == whole


@given(st.lists(decisions, max_size=8))
def test_json_and_a_pickle_keep_all_of_it(some: list[Decision]) -> None:
    """`from_dict(to_dict())` and what another process gets are the same; the schema holds."""
    found = counted(*some)
    value = json.loads(json.dumps(found.to_dict()))
    Draft202012Validator(schema("counters")).validate(value)
    assert Counters.from_dict(value) == found == pickle.loads(pickle.dumps(found))


def test_counters_hold_no_ad() -> None:
    """No text of an ad, and no id of a creative: only digests, days, markets and materials."""
    found = json.dumps(counted(decision(hit())).to_dict())
    assert '"c1"' not in found and '"text"' not in found and "body" not in found


def test_json_that_is_something_else_is_refused() -> None:
    """Unknown keys, and counts below nothing, are no counters."""
    with pytest.raises(ValidationError):
        Counters.from_dict({"schema": 1, "hints": []})
    row = {"ruleset": "x", "on": "2026-11-20", "market": "*", "creatives": -1, "incomplete": 0}
    with pytest.raises(ValidationError):
        Counters.from_dict({"schema": 1, "judged": [row | {"actions": {}}]})
    for more in ({"creatives": 10**30}, {"creatives": 1, "actions": {"approve": -5}}):
        with pytest.raises(ValidationError):
            Counters.from_dict({"schema": 1, "judged": [row | {"actions": {}} | more]})


def test_threads_share_counters() -> None:
    """Increments from many threads are all there, and merges that cross end."""
    found, other = Counters(), Counters()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: found.add(decision(hit())), range(2_000)))
        waiting = [pool.submit(found.merge, other), pool.submit(other.merge, found)]
        assert [one.result(timeout=30) for one in waiting]
    assert (found.creatives(), found.hit("p/m")) in {(2_000, 2_000), (4_000, 4_000)}


def test_markets_are_bounded() -> None:
    """Advertisers may write any market: those that come late are counted together."""
    found = counted(*(decision(markets=[f"M{n}"]) for n in range(MOST_MARKETS + 7)))
    assert found.creatives(OTHER) == 7
    assert found.creatives() == MOST_MARKETS + 7


# --- Prometheus ----------------------------------------------------------------------------------


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """What the client of Prometheus reads: name and labels -> value."""
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_prometheus_reads_what_was_counted() -> None:
    """Names, types, labels and values, days together."""
    found = counted(
        decision(hit(), markets=["SA", "AE"], action="reject"),
        decision(hit("p/m", "shadow"), on="2026-11-21", complete=False, action="review"),
    )
    read = samples(prometheus_text(found))
    assert read["automod_creatives_total", (("ruleset", "sha256:0"),)] == 2
    assert read["automod_incomplete_total", (("ruleset", "sha256:0"),)] == 1
    assert read["automod_actions_total", (("action", "reject"),)] == 1
    assert read["automod_market_creatives_total", (("market", "SA"),)] == 2
    labels = (("material", "p/m"), ("package", "p"), ("status", "live"))
    assert read["automod_hits_total", labels] == 1
    assert read["automod_market_hits_total", (("market", "AE"), *labels)] == 1
    families = list(text_string_to_metric_families(prometheus_text(found)))
    assert {one.type for one in families} == {"counter"}
    assert all(one.documentation for one in families)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_a_label_comes_back_as_it_was(market: str) -> None:
    """Quotes, backslashes and line ends in a label are escaped as the format asks."""
    text = f'automod_x{{market="{escaped(market)}"}} 1\n'
    read = [dict(labels)["market"] for _, labels in samples(text)] if "\r" not in market else []
    assert read in ([market], [])
    assert "\n" not in escaped(market)


@pytest.mark.parametrize(
    ("most", "material", "market"), [(100, True, True), (3, False, True), (1, False, False)]
)
def test_series_of_hits_are_bounded(most: int, material: bool, market: bool) -> None:
    """With too many, materials are told by package, then markets together; no hit is lost."""
    hits = [hit(f"p/m{n}") for n in range(5)]
    read = samples(prometheus_text(counted(decision(*hits, markets=["SA", "AE"])), most))
    apart = {labels: n for (name, labels), n in read.items() if name == "automod_market_hits_total"}
    assert sum(apart.values()) == 10
    assert any(dict(labels)["material"] for labels in apart) is material
    assert any(dict(labels)["market"] for labels in apart) is market
