"""The engine from end to end: rules, allows, scope, overrides, shadow, stored hits, pickles."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import Engine
from automod.engine.reading import load
from automod.errors import CompileError
from automod.model.creative import Creative
from automod.model.decision import Decision
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
from automod.model.schema import schema

ROOT = Path(__file__).parents[1]

ON = "2026-11-20"
DAY = date(2026, 11, 20)


def table(*, severity: str = "high") -> PolicyTable:
    """One code, prohibited everywhere."""
    default = Row("X.Y/default", None, ("prohibited",), "platform")
    code = PolicyCode("X.Y", {}, severity, default)  # type: ignore[arg-type]
    return PolicyTable({"X.Y": code}, {"GCC": ("SA", "KW")})


def material(name: str, value: str, **more: Any) -> Material:
    """A live keyword of the package p, heavy enough to act on."""
    given: dict[str, Any] = {"kind": "keyword", "weight": 0.9, "policies": ("X.Y",)}
    return Material(f"p/{name}", value=value, **{**given, **more})


def engine(
    *materials: Material,
    rules: tuple[Rule, ...] = (),
    allows: tuple[Allow, ...] = (),
    overrides: tuple[Override, ...] = (),
    severity: str = "high",
    **package: Any,
) -> Engine:
    """An engine of one package."""
    parts: dict[str, Any] = {"materials": materials, "rules": rules, "allows": allows}
    whole = Package("p", "1", "me", policies=("X.Y",), **parts, **package)
    return compile_ruleset(Ruleset((whole,), table(severity=severity), overrides))


def ad(body: str, *markets: str, **more: Any) -> dict[str, Any]:
    """A creative with one text."""
    return {"id": "c1", "markets": list(markets or ("SA",)), "text": {"body": body}, **more}


def counted(decision: Decision, market: str = "SA") -> set[str]:
    """What the verdicts of a market rest on."""
    numbers = {n for v in decision.verdicts if v.market == market for n in v.because}
    return {decision.hits[n].material for n in numbers}


CASINO = material("casino", "casino")
AWARE = Allow("p/aware", Material("p/aware", "phrase", "casino addiction"), packages=("p",))


def test_a_longer_allowed_phrase_beats_the_word() -> None:
    """A hit inside an allow is kept, says so, and counts nothing; another one counts."""
    decision = engine(CASINO, allows=(AWARE,)).decide(ad("casino addiction"), ON)
    both = engine(CASINO, allows=(AWARE,)).decide(ad("casino addiction, casino"), ON)

    assert ("approve", ()) == (decision.action, decision.verdicts)
    assert ["p/aware", None] == [hit.allowed_by for hit in decision.hits]
    assert ("reject", {"p/casino"}) == (both.action, counted(both))


def test_an_allow_with_nothing_to_protect_is_no_hit() -> None:
    """A harmless text stays without hits."""
    found = engine(material("x", "x"), allows=(AWARE,))

    assert () == found.decide(ad("casino addiction"), ON).hits


def test_an_allow_acts_in_its_markets_and_dates() -> None:
    """Outside its scope an allow protects nothing."""
    local = replace(AWARE, scope=Scope(("GCC",), (), date(2026, 1, 1), date(2026, 12, 31)))
    found = engine(CASINO, allows=(local,))

    decision = found.decide(ad("casino addiction", "SA", "EG"), ON)
    later = found.decide(ad("casino addiction"), "2027-01-01")

    assert ("approve", "reject") == tuple(decision.markets[m].action for m in ("SA", "EG"))
    assert "reject" == later.action


@pytest.mark.parametrize(("severity", "action"), [("high", "approve"), ("critical", "reject")])
def test_an_allowed_advertiser(severity: str, action: str) -> None:
    """An advertiser may be allowed, but never past a code that is critical."""
    known = Allow("p/known", None, advertisers=("adv-1",), packages=("p",))
    found = engine(CASINO, allows=(known,), severity=severity)

    assert action == found.decide(ad("casino", advertiser="adv-1"), ON).action
    assert "reject" == found.decide(ad("casino", advertiser="adv-2"), ON).action


def test_a_rule_asks_for_an_advertiser_where_its_allow_acts() -> None:
    """A list of advertisers that is an allow holds for a rule only where the allow holds."""
    known = Allow("p/known", None, ("adv-1",), policies=("Z.Z",), scope=Scope(("KW",)))
    listed = Condition("advertiser", "p/known", ("adv-1",))
    parts = (Condition("material", "p/casino"), Condition("none", parts=(listed,)))
    rule = Rule("p/r", Condition("all", parts=parts), 0.9, ("X.Y",))
    found = engine(replace(CASINO, weight=0.0), allows=(known,), rules=(rule,))

    decision = found.decide(ad("casino", "SA", "KW", advertiser="adv-1"), ON)

    assert ("reject", "approve") == tuple(decision.markets[m].action for m in ("SA", "KW"))


def test_a_rule_rests_on_materials_and_things_found() -> None:
    """A fired rule is a hit with its parts; an unlisted phone that it rests on is a hit too."""
    parts = (Condition("tag", "p/promise"), Condition("found", "phone"))
    rule = Rule("p/r", Condition("all", parts=parts), 0.9, ("X.Y",), within=4)
    promise = material("sure", "sure win", kind="phrase", weight=0.0, tags=("p/promise",))
    found = engine(promise, rules=(rule,))

    near = found.decide(ad("sure win call 0501234567"), ON)
    far = found.decide(ad("sure win " + "and " * 9 + "0501234567"), ON)

    assert ["phrase", "found", "rule"] == [hit.kind for hit in near.hits]
    assert ("reject", (0, 1)) == (near.action, near.hits[2].parts)
    assert ("approve", 1) == (far.action, len(far.hits))


def test_rules_use_rules() -> None:
    """A rule may ask for the tag of another, whatever the order of their ids."""
    base = Rule("p/z", Condition("material", "p/casino"), 0.0, (), ("p/game",))
    top = Rule("p/a", Condition("tag", "p/game"), 0.9, ("X.Y",))
    decision = engine(replace(CASINO, weight=0.0), rules=(top, base)).decide(ad("casino"), ON)

    assert "reject" == decision.action
    assert ["p/casino", "p/z", "p/a"] == [hit.material for hit in decision.hits]


def test_shadow_hits_act_nowhere() -> None:
    """What is in shadow hits, is recorded, and changes no action; a live rule does not see it."""
    rule = Rule("p/r", Condition("material", "p/casino"), 0.9, ("X.Y",))
    decision = engine(CASINO, rules=(rule,), status="shadow").decide(ad("casino"), ON)
    mixed = engine(replace(CASINO, status="shadow"), rules=(rule,)).decide(ad("casino"), ON)

    assert ("approve", ()) == (decision.action, decision.verdicts)
    assert [("p/casino", "shadow"), ("p/r", "shadow")] == [
        (hit.material, hit.status) for hit in decision.hits
    ]
    assert ["p/casino"] == [hit.material for hit in mixed.hits]


@pytest.mark.parametrize("target", ["p", "p/casino", "p/tag:bare"])
def test_an_override_narrows_by_market_and_date(target: str) -> None:
    """An override acts on its target, in its markets, until its day, and stands in the evidence."""
    off = Override("INC-1", target, "me", "T-1", ("KW",), status="shadow", until=DAY)
    found = engine(replace(CASINO, tags=("p/bare",)), overrides=(off,))

    decision = found.decide(ad("casino", "SA", "KW"), ON)
    after = found.decide(ad("casino", "SA", "KW"), "2026-11-21")

    assert ("reject", "approve") == tuple(decision.markets[m].action for m in ("SA", "KW"))
    assert ("INC-1", None) == (decision.hits[0].overridden_by, after.hits[0].overridden_by)
    assert "reject" == after.markets["KW"].action


def test_an_override_of_weight_and_view() -> None:
    """A lighter weight lowers the score; a tighter view drops the hits that needed folding."""
    light = Override("O-1", "p/casino", "me", "T", weight=0.6, reason="noisy")
    tight = Override("O-2", "p/casino", "me", "T", view="exact", reason="noisy")

    lighter = engine(CASINO, overrides=(light,)).decide(ad("casino"), ON)
    exact = engine(CASINO, overrides=(tight,))

    assert (0.6, "review") == (lighter.verdicts[0].score, lighter.action)
    assert ["approve", "reject"] == [exact.decide(ad(t), ON).action for t in ("CASINO", "casino")]


def test_needs_are_a_rule_that_an_override_reaches() -> None:
    """An override of a material reaches the rule that its `needs` became."""
    rule = Rule("p/casino+needs", Condition("material", "p/casino"), 0.9, ("X.Y",))
    off = Override("O-1", "p/casino", "me", "T", status="retired", reason="wrong")
    found = engine(replace(CASINO, weight=0.0), rules=(rule,), overrides=(off,))

    assert "approve" == found.decide(ad("casino"), ON).action


def test_dates_are_inclusive() -> None:
    """From its first to its last day, both included; the hit says how it stands on other days."""
    dated = replace(CASINO, scope=Scope((), (), DAY, DAY))
    found = engine(dated)
    days = ("2026-11-19", "2026-11-20", "2026-11-21")
    decisions = [found.decide(ad("casino"), day) for day in days]

    assert ["approve", "reject", "approve"] == [decision.action for decision in decisions]
    assert ["draft", "live", "retired"] == [decision.hits[0].status for decision in decisions]


def test_the_day_of_a_creative() -> None:
    """The caller's day wins over the creative's, and the creative's over today."""
    dated = engine(replace(CASINO, scope=Scope((), (), DAY, DAY)))

    assert ON == dated.decide(ad("casino", on=ON)).on
    assert "2026-11-21" == dated.decide(ad("casino", on=ON), date(2026, 11, 21)).on


def test_stored_hits_make_another_day_and_ruleset() -> None:
    """From the hits of one decision: another day, and another weight, without a scan."""
    dated = replace(CASINO, scope=Scope((), (), DAY, DAY))
    before = engine(dated).decide(ad("casino CASINO"), "2026-11-21")
    stored = [hit.to_dict() for hit in before.hits]
    lighter = engine(replace(CASINO, weight=0.6))

    again = engine(dated).decide_hits(ad("casino CASINO"), stored, ON)

    assert engine(dated).decide(ad("casino CASINO"), ON).to_json() == again.to_json()
    assert "review" == lighter.decide_hits(ad("casino CASINO"), stored, ON).action
    with pytest.raises(ValueError, match="is not of this creative"):
        lighter.decide_hits(ad("short"), stored, ON)


def test_only_some_materials() -> None:
    """`only` scans for the materials named, as if there were no others."""
    whole = Ruleset((Package("p", "1", "me", materials=(CASINO, material("b", "bonus"))),), table())
    some = compile_ruleset(whole, only=["p/b"])

    assert ["p/b"] == [hit.material for hit in some.scan(ad("casino bonus"))]


def test_an_engine_is_pickled_as_its_ruleset() -> None:
    """A pickle gives back the engine of this process, and in another one an equal engine."""
    found = engine(CASINO)
    packed = pickle.dumps(found)
    code = (
        "import pickle, sys\n"
        "engine = pickle.loads(sys.stdin.buffer.read())\n"
        f"print(engine.digest, engine.decide({ad('CASINO')!r}, {ON!r}).action)"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, input=packed, capture_output=True, check=True)

    assert found is pickle.loads(packed)
    assert [found.digest, "reject"] == ran.stdout.decode().split()


def test_links_are_fields() -> None:
    """A link's host and path are fields; a domain, a url and an account in them hit."""
    found = engine(
        material("site", "bet365.example.com", kind="domain"),
        material("room", "t.me/winksa", kind="url"),
        material("name", "@winksa", kind="handle"),
        material("word", "bonus"),
    )
    links = ["https://go.bet365.example.com/x", "https://t.me/winksa/7", "https://a.com/free-bonus"]
    decision = found.decide({"id": "c1", "markets": ["SA"], "links": links}, ON)

    assert {
        ("p/site", "links[0].host"),
        ("p/room", "links[1].host"),
        ("p/name", "links[1].path"),
        ("p/word", "links[2].path"),
    } == {(hit.material, hit.field) for hit in decision.hits}


def test_a_fault_matters_where_material_could_have_hit() -> None:
    """A text that is none leaves a market incomplete only if live material could match there."""
    local = engine(replace(CASINO, scope=Scope(("SA",), ("body",))))
    decision = local.decide({"id": "c1", "markets": ["SA", "EG"], "text": {"body": 5}}, ON)
    other = local.decide({"id": "c1", "markets": ["SA"], "text": {"title": 5}}, ON)

    assert (False, True) == tuple(decision.markets[m].complete for m in ("SA", "EG"))
    assert ("approve", ()) == (other.action, other.not_evaluated)


def test_many_targets_share_one_anchor() -> None:
    """A thousand accounts of one site: only the one that is linked hits."""
    rooms = [material(f"room{n}", f"t.me/room{n}", kind="url") for n in range(1000)]
    decision = engine(*rooms).decide(ad("join t.me/room777 now"), ON)

    assert ["p/room777"] == [hit.material for hit in decision.hits]


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("(乐透|彩票)", "买大·乐·透吧", "乐·透"),
        ("(乐透|大乐透)", "买大·乐·透吧", "乐·透"),
        ("(赌场|新赌场) 开户", "赌·场 开户", "赌·场 开户"),
        ("赌场 <number>", "赌*场 500", "赌*场 500"),
        ("(" + "|".join(chr(0x4E00 + n) + "赌场" for n in range(70)) + "|赌场)", "赌·场", "赌·场"),
    ],
)
def test_chinese_phrases_are_found_in_disguise_however_many_forms_they_have(
    value: str, text: str, expected: str
) -> None:
    """Whether its forms are searched for themselves, or a task looks for it word by word."""
    phrase = material("phrase", value, kind="phrase", view="evasion", boundary="substring")
    decision = engine(phrase).decide(ad(text), ON)

    assert [(expected, "evasion")] == [(hit.text, hit.view) for hit in decision.hits]


def test_decisions_keep_to_their_schema() -> None:
    """What the demo's creatives get, and what is no creative, are what the schema publishes."""
    found = compile_ruleset(load(ROOT / "rulesets"))
    lines = (ROOT / "src/automod/demo/creatives.jsonl").read_text(encoding="utf-8").splitlines()
    validator = Draft202012Validator(schema("decision"))
    creatives = Draft202012Validator(schema("creative"))

    assert [] == [error for line in lines for error in creatives.iter_errors(json.loads(line))]
    for decision in found.decide_batch([*map(json.loads, lines), 7, {"id": "c", "text": {"a": 1}}]):
        assert [] == list(validator.iter_errors(json.loads(decision.to_json())))


@pytest.mark.parametrize(
    ("fields", "more", "complete"),
    [
        (("links[*].host",), {"links": ["http://"]}, False),
        (("links",), {"links": ["http://"]}, False),
        (("ocr:images[1]",), {"text": {"ocr:images[0]": 5}}, True),
        (("ocr:images[1]",), {"text": {"ocr:images[0]": 5, "ocr:images[1]": 5}}, False),
        (("ocr",), {"text": {"ocr:images[0]": 5}}, False),
    ],
)
def test_a_fault_touches_what_lies_under_it(
    fields: tuple[str, ...], more: dict[str, Any], complete: bool
) -> None:
    """A malformed link matters to a material for its host, a field to one for that field only."""
    scoped = engine(replace(CASINO, scope=Scope((), fields)))
    scoped.decide({"id": "c0", "markets": ["SA"], "text": {"ocr:images[0]": 5}}, ON)

    assert (
        complete
        is scoped.decide({"id": "c1", "markets": ["SA"], **more}, ON).markets["SA"].complete
    )


def test_time_outs_outlive_the_scan() -> None:
    """A decision made again from a decision keeps what only the scan could know."""
    slow = engine(material("slow", "(?:x+x+)+y", kind="regex"))
    decision = slow.decide(ad("y" + "x" * 5000), ON)

    assert ["regex.timeout"] == [missed.code for missed in decision.not_evaluated]
    assert decision == slow.decide_hits(ad("y" + "x" * 5000), decision, ON)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": []}, {"text": ""}, {"text": 0}, {"text": False}, {"links": 0}, {"links": {}},
        {"certificates": 0}, {"targeting": []}, {"schema": 2}, {"language": 5}, {"images": 5},
        {"targeting": {"min_age": True}}, {"targeting": {"age": 18}}, {"on": "20260105"},
        {"on": "2026-W01-5"}, {"advertiser": 5}, {"markets": "SA"}, {"markets": {}},
    ],
)  # fmt: skip
def test_what_has_the_wrong_kind_is_no_creative(wrong: dict[str, Any]) -> None:
    """A value of a wrong kind is never read as absent."""
    decision = engine(CASINO).decide({"id": "c1", "markets": ["SA"], **wrong}, ON)

    assert ("review", None) == (decision.action, decision.creative)


def test_dates_of_a_creative_may_be_dates() -> None:
    """A creative made in Python may hold a date; another kind of time is no creative."""
    found = engine(CASINO)

    assert ON == found.decide(ad("casino", on=DAY)).on
    assert found.decide(ad("casino", on=datetime(2026, 11, 20, 5, tzinfo=UTC))).creative is None
    with pytest.raises(TypeError, match="needed"):
        found.decide(ad("casino"), datetime(2026, 11, 20, tzinfo=UTC))


def test_any_object_gets_an_answer() -> None:
    """Whatever an object does when it is read, the batch goes on."""

    class Bad:
        def as_dict(self) -> dict[str, Any]:
            raise RuntimeError("no")

    decisions = engine(CASINO).decide_batch(
        [Bad(), ad("casino"), Creative.model_validate({"id": "c2", "markets": ["SA"]})], ON
    )

    assert [None, "c1", "c2"] == [decision.creative for decision in decisions]
    with pytest.raises(TypeError, match="list of creatives"):
        engine(CASINO).decide_batch(ad("casino"), ON)  # type: ignore[arg-type]


TWO = PolicyTable(
    {
        code: PolicyCode(code, {}, "high", Row(f"{code}/default", None, ("prohibited",), "law"))
        for code in ("A.ONE", "B.TWO")
    }
)


def test_allows_add_up() -> None:
    """Two allows that protect a code each protect both; a rule of a protected code sees no hit."""
    risky = material("casino", "casino", policies=("A.ONE", "B.TWO"))
    phrase = Material("p/x", "phrase", "casino addiction")
    one = Allow("p/a1", replace(phrase, id="p/a1"), policies=("A.ONE",))
    two = Allow("p/a2", None, ("adv-1",), policies=("B.TWO",))
    rule = Rule("p/r", Condition("material", "p/casino"), 0.9, ("A.ONE",))

    def decide(*allows: Allow) -> dict[str, float]:
        whole = Package("p", "1", "me", materials=(risky,), allows=allows, rules=(rule,))
        found = compile_ruleset(Ruleset((whole,), TWO))
        verdicts = found.decide(ad("casino addiction", advertiser="adv-1"), ON).verdicts
        return {verdict.policy: verdict.score for verdict in verdicts}

    assert {"A.ONE": 0.9, "B.TWO": 0.9} == decide()
    assert {"B.TWO": 0.9} == decide(one)
    assert {"A.ONE": 0.9} == decide(two)
    assert {} == decide(one, two)


@pytest.mark.parametrize(
    ("kind", "link"),
    [("handle", "https://t.me/winksa"), ("phone", "https://wa.me/966501234567"),
     ("url", "https://example.com")],
)  # fmt: skip
def test_things_are_found_in_links(kind: str, link: str) -> None:
    """A rule that asks for a contact finds it in the creative's links as in its text."""
    rule = Rule("p/r", Condition("found", kind), 0.9, ("X.Y",))
    found = engine(rules=(rule,))

    assert "reject" == found.decide({"id": "c1", "markets": ["SA"], "links": [link]}, ON).action
    assert "reject" == found.decide(ad(f"see {link}"), ON).action


def test_a_national_number_is_one_in_its_market() -> None:
    """A Saudi number is no phone in the United States, whatever else the creative targets."""
    found = engine(rules=(Rule("p/r", Condition("found", "phone"), 0.9, ("X.Y",)),))
    decision = found.decide(ad("call 0501234567", "US", "SA"), ON)

    assert ("approve", "reject") == tuple(decision.markets[m].action for m in ("US", "SA"))


def test_a_text_may_not_take_the_name_of_a_link() -> None:
    """A field named like a part of a link is not looked at, and that is said."""
    text = {"links[0].path": "casino", "body": "hello"}
    decision = engine(CASINO).decide({"id": "c1", "markets": ["SA"], "text": text}, ON)

    assert [("links[0].path", "text.reserved_name")] == [
        (missed.field, missed.code) for missed in decision.not_evaluated
    ]


def test_an_overridden_weight_is_the_one_published() -> None:
    """The weight of a hit is the one that counted."""
    light = Override("O-1", "p/casino", "me", "T", weight=0.1, reason="noisy")

    assert 0.1 == engine(CASINO, overrides=(light,)).decide(ad("casino"), ON).hits[0].weight


def test_too_many_of_everything() -> None:
    """Thousands of hits, fields or links are cut, and the decision is incomplete."""
    found = engine(CASINO)
    hits = found.decide(ad("casino " * 3000), ON)
    fields = {f"f{n}": "casino" for n in range(1500)}
    many = found.decide({"id": "c1", "markets": ["SA"], "text": fields}, ON)
    links = found.decide({"id": "c1", "markets": ["SA"], "links": ["http://"] * 5000}, ON)

    assert (20, "text.too_many_hits") == (len(hits.hits), hits.not_evaluated[0].code)
    assert (1000, "creative.too_many_fields") == (len(many.hits), many.not_evaluated[0].code)
    assert 501 == len(links.not_evaluated)


def test_only_known_materials() -> None:
    """`only` names ids that there are, and such an engine has its own digest."""
    whole = Ruleset((Package("p", "1", "me", materials=(CASINO,)),), table())

    assert compile_ruleset(whole).digest != compile_ruleset(whole, only=["p/casino"]).digest
    for wrong in (["p/nope"], "p/casino"):
        with pytest.raises(CompileError):
            compile_ruleset(whole, only=wrong)
