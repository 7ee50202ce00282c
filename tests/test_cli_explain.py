"""`automod explain`: the text step by step, and the nearest cause why something did not count."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from automod.cli import exits
from automod.engine.cause import Cause, Code
from automod.engine.compile import compile
from automod.engine.engine import Engine
from automod.engine.explain import explain, fault_of
from automod.engine.steps import steps
from automod.engine.why_not import WhyNot
from automod.load.ruleset import load
from automod.report.causes import cause_sentence
from automod.report.labels import has_label
from automod.text.fold import fold
from automod.text.lexicon import Lexicon, Wanted
from automod.text.loose import loose
from automod.workshop.condition_text import condition_text
from command import creative, run, write_jsonl, write_rules
from pictures import file_of, scene

RULES = """\
package: p
version: 1
owner: tests
policy: [GMB.REAL]
materials:
  - {id: casino, kind: keyword, value: casino, weight: strong, tags: [game]}
  - {id: none, kind: keyword, value: zzz, weight: signal, tags: [nothing]}
  - {id: casino-ar, kind: keyword, value: كازينو, weight: strong}
  - {id: money, kind: phrase, value: "(easy|quick) money", weight: strong, gap: 1, tags: [promise]}
  - {id: gulf, kind: keyword, value: lottery, weight: strong, markets: [AE, KW]}
  - {id: title, kind: keyword, value: jackpot, weight: strong, fields: [title]}
  - {id: later, kind: keyword, value: roulette, weight: strong, from: 2027-01-01}
  - {id: past, kind: keyword, value: bingo, weight: strong, until: 2026-01-31}
  - {id: trial, kind: keyword, value: poker, weight: strong, status: shadow}
  - {id: word, kind: keyword, value: bonus, weight: signal}
  - {id: off, kind: keyword, value: slots, weight: strong}
  - {id: site, kind: domain, value: casino.example.com, weight: strong}
  - {id: number, kind: regex, value: "code [0-9][0-9][0-9]", weight: strong}
  - {id: pay, kind: keyword, value: pay, weight: strong, needs: [game], unless: [promise]}
  - {id: bet, kind: keyword, value: bet, weight: strong}
  - {id: beer, kind: keyword, value: بيرة, weight: strong}
  - {id: qimar, kind: keyword, value: قمار, weight: strong}
  - {id: jiao, kind: keyword, value: 口交, weight: strong}
  - {id: log, kind: keyword, value: log, weight: strong, view: evasion}
  - {id: french, kind: keyword, value: baccarat, weight: strong, only_languages: [fr]}
  - {id: hidden, kind: keyword, value: blackjack, weight: strong, only_if_obfuscated: true}
  - {id: strict, kind: keyword, value: Keno, weight: strong, view: exact}
  - {id: late, kind: keyword, value: late, weight: strong, needs: [game], from: 2027-01-01}
rules:
  - id: pair
    all: [{tag: game}, {tag: promise}]
    none: [{tag: nothing}]
    within: 3
    weight: strong
  - {id: call, all: [{tag: game}, {any: [{found: phone}, {found: url}]}], weight: medium}
  - {id: kids, all: [{tag: game}, {attribute: kids, in: ["true"]}], weight: medium}
  - {id: themes, all: [{tag: game}, {attribute: theme, in: [sport, war]}], weight: medium}
  - {id: listed, all: [{tag: game}, {advertiser: partners}], weight: medium}
  - {id: near, all: [{tag: game}, {tag: promise}], same_field: true, weight: medium}
  - {id: not-both, all: [{tag: game}, {none: [{all: [{tag: promise}, {tag: nothing}]}]}],
     weight: medium, markets: [AE]}
  - {id: two, at_least: 2, of: [{tag: game}, {tag: promise}, {material: word}], weight: medium}
allow:
  - {id: help, kind: phrase, value: casino addiction}
  - {id: friends, kind: advertiser, values: [adv-1], ticket: T, by: me}
  - {id: partners, kind: advertiser, values: [adv-2], until: 2026-01-31, ticket: T, by: me}
"""
OFF = """\
{override: INC-2, target: p/off, set: {status: retired}, until: 2027-01-01, by: t, ticket: INC-2}
"""
BANK = """\
package: bank
version: 1
owner: tests
materials: [{id: ring, kind: keyword, value: ring, weight: weak}]
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A ruleset with a material for each way not to count."""
    folder = Path(write_rules(tmp_path_factory.mktemp("rules") / "rules"))
    (folder / "p.yaml").write_text(RULES, "utf-8")
    (folder / "bank.yaml").write_text(BANK, "utf-8")
    (folder / "overrides/INC-2.yaml").write_text(OFF, "utf-8")
    return str(folder)


@pytest.fixture(scope="module")
def engine(rules: str) -> Engine:
    """The ruleset, compiled."""
    return compile(load(rules))


def asked(engine: Engine, material: str, body: str, **more: Any) -> WhyNot:
    """What is told of one material and one text."""
    found = explain(engine, creative(1, body, **more), material).asked
    assert found is not None
    return found


CAUSES = [
    ("p/casino", "our casino", "counts"),
    ("p/casino", "casino addiction", "allowed"),
    ("p/casino", "casinos", "boundary"),
    ("p/casino", "my supercasinoworld", "boundary"),
    ("p/casino", "the casina tonight", "letters"),
    ("p/casino", "a garden party", "absent"),
    ("p/casino", "", "absent"),
    ("p/casino-ar", "الكازينو", "counts"),
    ("p/casino-ar", "كاازينو", "letters"),
    ("p/casino", "our kasino", "swaps"),
    ("p/casino", "the cas. Ino said", "words_apart"),
    ("p/bet", "your b3t", "view"),
    ("p/bet", "your b3ts", "view"),
    ("p/strict", "KENO", "view"),
    ("p/log", "l og", "pieces"),
    ("p/log", "only 10g", "measure"),
    ("p/beer", "صورة كبيرة", "own_word"),
    ("p/qimar", "أقمار صناعية", "inflection"),
    ("p/jiao", "路口交通", "across_words"),
    ("p/french", "come and play baccarat with all of your friends tonight", "language"),
    ("p/hidden", "play blackjack", "not_obfuscated"),
    ("p/money", "ea$y or rather quick and good m0ney", "apart"),
    ("p/money", "easy or rather quick and very good money", "apart"),
    ("p/money", "money is quick", "order"),
    ("p/money", "quick cash", "missing_words"),
    ("p/money", "a garden party", "absent"),
    ("p/gulf", "a lottery", "market"),
    ("p/title", "a jackpot", "field"),
    ("p/later", "play roulette", "not_yet"),
    ("p/past", "play bingo", "over"),
    ("p/trial", "play poker", "shadow"),
    ("p/word", "a bonus", "signal"),
    ("p/off", "play slots", "override"),
    ("p/site", "a garden", "absent"),
    ("p/number", "code 12", "absent"),
    ("bank/ring", "a ring", "no_policy"),
    ("p/help", "casino addiction", "protects"),
    ("p/help", "a garden", "absent"),
    ("p/friends", "casino", "advertiser"),
    ("p/call", "casino, see www.garden.example", "counts"),
    ("p/call", "casino", "rule_part"),
    ("p/pair", "easy money one two three four five six casino", "rule_apart"),
    ("p/two", "casino", "rule_part"),
    ("p/pay", "pay", "needs"),
    ("p/pay", "pay at the casino", "counts"),
    ("p/late", "late", "needs"),
    ("p/not-both", "casino", "market"),
    ("p/partners", "casino", "advertiser"),
]


@pytest.mark.parametrize(("material", "body", "cause"), CAUSES)
def test_the_nearest_cause(material: str, body: str, cause: str, engine: Engine) -> None:
    """Whatever keeps something from counting is the first thing that is told."""
    found = asked(engine, material, body)
    assert found.causes[0].code == cause


def test_every_cause_can_come_about(engine: Engine) -> None:
    """The rows above lead to each of them; `status` is for what an override retires for good."""
    told = {one.code for name, body, _ in CAUSES for one in asked(engine, name, body).causes}
    # These two: test_an_advertiser_that_is_allowed, and in test_rollout.
    rest = {"status", "protects_nothing", "ramp"}
    assert set(get_args(Code)) - told == rest


@pytest.mark.parametrize(("material", "body", "cause"), CAUSES)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_cause_can_be_told(
    material: str, body: str, cause: str, lang: str, rules: str
) -> None:
    """Each cause has its sentence in both languages."""
    result = run(
        "explain", "-r", rules, "--text", body, "--market", "SA", "--on", "2026-11-20",
        "--material", material, "--lang", lang,
    )  # fmt: skip
    assert result.exit_code == exits.YES, result.output
    assert material in result.stdout
    assert "{" not in result.stdout


def test_two_causes_at_once(engine: Engine) -> None:
    """A view too tight and a longer word: both are told, and why the view is what it is."""
    found = asked(engine, "p/bet", "your b3ts")
    assert [one.code for one in found.causes] == ["view", "few_letters", "boundary"]
    assert found.causes[0].values == {
        "found": "b3t", "folds": ["leet"], "view": "safe", "needs": "evasion",
    }  # fmt: skip


def test_an_advertiser_that_is_allowed(engine: Engine) -> None:
    """What the allow for an advertiser protects says so, and so does the allow."""
    casino = asked(engine, "p/casino", "casino", advertiser="adv-1")
    friends = asked(engine, "p/friends", "casino", advertiser="adv-1")
    assert [one.code for one in casino.causes] == ["allowed"]
    assert (friends.hit, friends.causes) == (True, ())
    idle = asked(engine, "p/friends", "a garden", advertiser="adv-1")
    assert [one.code for one in idle.causes] == ["protects_nothing"]


def test_a_text_that_does_not_match_is_also_out_of_scope(engine: Engine) -> None:
    """What else would keep it from counting is told after the nearest cause."""
    found = asked(engine, "p/gulf", "a lottary")
    assert [one.code for one in found.causes] == ["letters", "market"]


def test_the_nearest_spelling(engine: Engine) -> None:
    """Both folded forms, where the nearest stands, and the letters in which they differ."""
    near = asked(engine, "p/casino", "Our CASINA!").nearest
    assert near is not None
    assert near.found is not None
    assert (near.wanted, near.found.folded, near.found.original) == ("casino", "casina", "CASINA")
    assert (near.found.start, near.found.end) == (4, 10)
    assert near.differences == (("o", "a"),)


def parts(found: WhyNot) -> list[tuple[str, bool, bool]]:
    """The parts of a rule that are told of: in words, whether each holds, and should."""
    return [
        (condition_text(one.values["part"]), one.values["holds"], one.values["wanted"])
        for one in found.causes
        if one.code == "rule_part"
    ]


def test_a_material_that_needs_others_is_explained_by_its_rule(engine: Engine) -> None:
    """The tag it lacks is named, or the one that it must not have; never that its weight is 0."""
    lacking = asked(engine, "p/pay", "pay")
    assert parts(lacking) == [
        ("material p/pay", True, True), ("tag p/game", False, True),
        ("tag p/promise", False, False),
    ]  # fmt: skip
    barred = asked(engine, "p/pay", "pay for easy money at the casino")
    assert ("tag p/promise", True, False) in parts(barred)
    assert [one.code for one in (*lacking.causes, *barred.causes) if one.code == "signal"] == []
    codes = [one.code for one in asked(engine, "p/late", "late").causes]
    assert codes.count("not_yet") == 1


@pytest.mark.parametrize(
    ("rule", "part", "more", "holds"),
    [
        ("p/kids", "attribute kids in true", {"attributes": {"kids": True}}, True),
        ("p/kids", "attribute kids in true", {"attributes": {"kids": "true"}}, True),
        ("p/kids", "attribute kids in true", {"attributes": {"kids": False}}, False),
        ("p/kids", "attribute kids in true", {}, False),
        ("p/themes", "attribute theme in sport, war", {"attributes": {"theme": ["war"]}}, True),
        ("p/themes", "attribute theme in sport, war", {"attributes": {"theme": ["cats"]}}, False),
        ("p/listed", "advertiser p/partners", {"advertiser": "adv-2", "on": "2026-01-01"}, True),
        ("p/listed", "advertiser p/partners", {"advertiser": "adv-2"}, False),
        ("p/listed", "advertiser p/partners", {"advertiser": "adv-3"}, False),
        ("p/call", "found phone or found url", {"links": ["https://garden.example/"]}, True),
        ("p/call", "found phone or found url", {"links": ["not a link"]}, False),
    ],
)
def test_a_part_holds_as_the_engine_has_it(
    rule: str, part: str, more: dict[str, Any], holds: bool, engine: Engine
) -> None:
    """Truth values, lists, lists of advertisers that are over, links: one evaluator for all."""
    told = parts(asked(engine, rule, "a garden", **more))
    assert told == [("tag p/game", False, True), (part, holds, True)]
    assert asked(engine, rule, "casino", **more).hit is (holds and "on" not in more)


def test_same_field_is_what_keeps_parts_apart(engine: Engine) -> None:
    """Parts in two fields are there, and not together."""
    texts = {"text": {"title": "casino", "body": "easy money"}}
    found = asked(engine, "p/near", "", **texts)
    assert found.causes[0].code == "rule_apart"
    assert found.causes[0].values == {"how": "same_field"}


def test_none_of_several_together_is_one_part(engine: Engine) -> None:
    """`none` of an `all` forbids the two together, and neither alone."""
    found = asked(engine, "p/not-both", "casino")
    assert parts(found) == [
        ("tag p/game", True, True), ("tag p/promise and tag p/nothing", False, False),
    ]  # fmt: skip


def test_an_allow_for_an_advertiser_that_is_over(engine: Engine) -> None:
    """It names the advertiser, and its date is what stands in the way."""
    found = asked(engine, "p/partners", "casino", advertiser="adv-2")
    assert [one.code for one in found.causes] == ["over"]


def test_what_is_no_creative_is_told_and_not_evaluated(rules: str, tmp_path: Path) -> None:
    """3, and the reason, in text and in JSON: nothing was looked at."""
    bad = creative(1, "our casino", colour="red")
    ads = write_jsonl(tmp_path / "ads.jsonl", [bad])
    asked_ = ("explain", ads, "--id", "c1", "-r", rules)
    result = run(*asked_)
    assert result.exit_code == exits.INCOMPLETE
    assert "unknown keys: 'colour'" in result.stdout
    told = json.loads(run(*asked_, "-f", "json").stdout)
    assert told["fault"] == "unknown keys: 'colour'"
    assert told["decision"]["creative"] is None
    assert fault_of(bad) == "unknown keys: 'colour'"
    assert fault_of(creative(1, "our casino")) is None


def test_conditions_in_json_are_words(rules: str) -> None:
    """`-f json` has every cause with values that are text, numbers or lists of them."""
    result = run(
        "explain", "-r", rules, "--text", "casino", "--market", "SA", "--on", "2026-11-20",
        "--material", "p/call", "-f", "json",
    )  # fmt: skip
    found = json.loads(result.stdout)["asked"]
    assert found["value"] == "tag p/game and (found phone or found url)"
    assert found["causes"][1] == {
        "code": "rule_part",
        "values": {"part": "found phone or found url", "holds": False, "wanted": True},
    }


def test_which_part_of_a_rule_is_missing(engine: Engine) -> None:
    """Each part with whether it is there, and whether it should be."""
    assert parts(asked(engine, "p/pair", "casino")) == [
        ("tag p/game", True, True), ("tag p/promise", False, True), ("tag p/nothing", False, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "safe", "changed"),
    [
        ("casino", "casino", []),
        ("CaSINo", "casino", [(0, 1, "c", "case"), (2, 5, "sin", "case")]),
        ("كـــازينو", "كازينو", [(1, 4, "", "tatweel")]),
        ("۵۰ ٥", "50 5", [(0, 2, "50", "digit"), (3, 4, "5", "digit")]),
        ("cafe\u0301", "café", [(3, 5, "é", "composition")]),
        ("ca\u200bsino", "casino", [(2, 3, "", "invisible")]),
        ("ﷺ", None, None),
    ],
)
def test_the_steps_of_a_text(
    text: str, safe: str | None, changed: list[tuple[int, int, str, str]] | None
) -> None:
    """What changed, where, into what and by which fold; neighbours of one fold together."""
    found = steps("body", text)
    told = [(one.start, one.end, one.becomes, one.fold) for one in found.changes]
    assert found.safe == (fold(text).text if safe is None else safe)
    assert changed is None or told == changed


@given(st.text(st.one_of(st.characters(), st.sampled_from("كـازَيً٥e\u0301ﷺｗ\u200b")), max_size=40))
def test_the_steps_account_for_the_folded_text(text: str) -> None:
    """Putting the changes into the original gives the folded text, and they do not overlap."""
    found = steps("body", text)
    pieces, place = [], 0
    for change in found.changes:
        assert place <= change.start < change.end <= len(text)
        assert text[change.start : change.end] == change.original
        pieces += [text[place : change.start], change.becomes]
        place = change.end
    assert "".join([*pieces, text[place:]]) == found.safe


@pytest.mark.parametrize(
    ("text", "spelt", "changed", "readings"),
    [
        ("casino", "casino", [], []),
        ("مراهنة", "مراهنه", [(5, 6, "ه", "ta_marbuta")], []),
        ("CAFÉ", "cafe", [(3, 4, "e", "diacritic")], []),
        ("cafe\u0301s", "cafes", [(3, 5, "e", "diacritic")], []),
        ("x c4sino.", "x c4sino.", [], [(2, 8, "casino", ("leet",), True)]),
        ("x c4ke", "x c4ke", [], [(2, 6, "cake", ("leet",), False)]),
        ("c a s i n o", "c a s i n o", [], [(0, 11, "casino", ("separator",), True)]),
        ("a \u202eonisac\u202c", "a onisac", [], [(3, 9, "casino", ("reversal",), True)]),
        ("2omar", "2omar", [], [(0, 5, "قمار", ("arabizi",), True)]),
        ("الٯمار", "الٯمار", [], [(0, 6, "القمار", ("dotless",), True)]),
        ("10kg", "10kg", [], []),
    ],
)
def test_the_steps_beyond_safe(
    text: str,
    spelt: str,
    changed: list[tuple[int, int, str, str]],
    readings: list[tuple[int, int, str, tuple[str, ...], bool]],
) -> None:
    """What the loose view changed, and how each disguised stretch is read."""
    wanted = [Wanted("keyword", "casino", "evasion", "word", ""),
              Wanted("keyword", "قمار", "evasion", "inflected", "ar")]  # fmt: skip
    found = steps("body", text, list(map(Lexicon, wanted)))
    assert found.loose == spelt
    told = [(one.start, one.end, one.becomes, one.fold) for one in found.loose_changes]
    assert told == changed
    assert [
        (one.start, one.end, one.becomes, one.folds, one.known) for one in found.readings
    ] == readings


@given(st.text(st.sampled_from("casino4$1. ةقمارٯ2\u0301\u202e\u202cـ赌ば3Éa"), max_size=30))
def test_every_step_points_into_the_text(text: str) -> None:
    """Loose changes give the loose text; readings lie in the original, by what they name."""
    found = steps("body", text, [Lexicon(Wanted("keyword", "casino", "evasion", "word", ""))])
    assert found.loose == loose(fold(text).text)
    for one in found.readings:
        assert text[one.start : one.end] == one.original != ""
        assert has_label(one.folds[0])
    assert all(0 <= one.start < one.end <= len(text) for one in found.loose_changes)


def test_how_a_hit_came_about(rules: str) -> None:
    """As what it is read, the stem and what stands around it, boundary, confidence as a product."""
    result = run(
        "explain", "-r", rules, "--text", "c4sino وبالكازينوهات", "--market", "SA",
        "--on", "2026-11-20", columns=80,
    )  # fmt: skip
    told = result.stdout.replace("\u2068", "<").replace("\u2069", ">")
    assert "\n  evasion       0-6     c4sino  → casino  digits and signs for letters\n" in told
    assert told[told.index("  how  ") :].count("p/casino") == 2
    for block in (
        """\
p/casino  c4sino  body 0-6
                  read as casino  digits and signs for letters
                  boundary word
                  confidence 1: nothing of it merges innocent words
""",
        """\
p/casino-ar  <وبالكازينوهات>  body 7-20
                  read as <وبالكازينوهات>  inflection
                  <وبالكازينوهات> is a form of <كازينو>:  before it <وبال>
                  after it <هات>  0.85
                  boundary inflected
                  confidence 0.85 (inflection)
""",
    ):
        assert f"                {block}" in told


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("columns", [60, 80])
def test_every_line_of_an_explanation_fits_and_closes_its_isolates(
    lang: str, columns: int, rules: str
) -> None:
    """Whatever it explains: no line wider than the window, none that leaves an isolate open."""
    for material, body, _ in CAUSES:
        result = run(
            "explain", "-r", rules, "--text", f"{body} c4sino وبالکازینو 2omar", "--market", "SA",
            "--on", "2026-11-20", "--material", material, "--lang", lang, columns=columns,
        )  # fmt: skip
        for line in result.stdout.splitlines():
            assert cell_len(line) <= columns
            assert line.count("\u2068") == line.count("\u2069")


def test_explain_as_a_person_reads_it(rules: str) -> None:
    """The original with what folding changed, each change with its code points, words, decision."""
    result = run(
        "explain", "-r", rules, "--text", "كـــازينو ٥٠", "--market", "SA", "--on", "2026-11-20",
        "--material", "p/casino", columns=80,
    )  # fmt: skip
    assert result.exit_code == exits.YES
    assert result.stdout.splitlines()[:5] == [
        "  body          \u2068ك⟦ـــ⟧ازينو ⟦٥٠⟧\u2069",
        "  safe          \u2068كازينو 50\u2069",
        "  changes       1-4     \u2068ـــ\u2069  U+0640 U+0640 U+0640  → —  tatweel",
        "                10-12   \u2068٥٠\u2069  U+0665 U+0660  → 50  U+0035 U+0030  other digits",
        "  words         \u2068كازينو\u2069 · 50",
    ]
    assert " ✖ REJECT       text  SA" in result.stdout
    assert "asked" in result.stdout


def test_one_creative_of_a_file(rules: str, tmp_path: Path) -> None:
    """--id picks the creative; JSON has the fields, the decision as published, and the answer."""
    ads = write_jsonl(tmp_path / "ads.jsonl", [creative(1, "hello"), creative(2, "Our casino")])
    result = run("explain", ads, "--id", "c2", "-r", rules, "--material", "p/casino", "-f", "json")
    found = json.loads(result.stdout)
    assert result.exit_code == exits.YES
    assert found["decision"]["creative"] == "c2"
    assert found["decision"] == compile(load(rules)).decide(creative(2, "Our casino")).to_dict()
    assert found["fields"][0]["safe"] == "our casino"
    assert found["asked"]["causes"] == [{"code": "counts", "values": {"markets": ["SA"]}}]


@pytest.fixture
def pictured(tmp_path: Path) -> tuple[str, str]:
    """Rules with two pictures, and a file of ads beside a folder with one of them."""
    head = "package: pics\nversion: 1\nowner: t\npolicy: [GMB.REAL]\nmaterials:\n"
    rules = Path(write_rules(tmp_path / "rules"))
    for number in (1, 2):
        (rules / f"{number}.png").write_bytes(file_of(scene(number)))
        head += f"  - {{id: s{number}, kind: image, file: {number}.png, weight: strong}}\n"
    (rules / "pics.yaml").write_text(head, "utf-8")
    (tmp_path / "ads/media").mkdir(parents=True)
    (tmp_path / "ads/media/a.jpg").write_bytes(file_of(scene(1), "JPEG", quality=60))
    ad = creative(1, "hello", images=["media/a.jpg"])
    return str(rules), write_jsonl(tmp_path / "ads/ads.jsonl", [ad])


def test_explain_sees_what_scan_sees(pictured: tuple[str, str]) -> None:
    """A path of a picture counts from the file that the ad stands in, for both."""
    rules, ads = pictured
    (scanned,) = map(json.loads, run("scan", ads, "-r", rules, "-f", "jsonl").stdout.splitlines())
    result = run("explain", ads, "--id", "c1", "-r", rules, "-f", "json")
    assert json.loads(result.stdout)["decision"] == scanned
    assert (scanned["action"], scanned["not_evaluated"]) == ("reject", [])


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "it is a picture: no picture of the ad that could be opened is near it"),
        ("ar", "هو صورة، ولا تشبهه أي صورة في الإعلان أمكن فتحها"),
    ],
)
def test_a_picture_is_not_looked_for_in_the_text(
    lang: str, told: str, pictured: tuple[str, str]
) -> None:
    """Its cause says what was compared."""
    rules, ads = pictured
    asked_ = ("--id", "c1", "-r", rules, "--material", "pics/s2")
    assert told in run("explain", ads, *asked_, "--lang", lang).stdout
    found = json.loads(run("explain", ads, *asked_, "-f", "json").stdout)["asked"]
    assert found["causes"] == [{"code": "absent", "values": {"kind": "image"}}]


def test_every_kind_of_what_is_seen_has_its_sentence() -> None:
    """A video as well."""
    assert "video" in cause_sentence(Cause("absent", {"kind": "video"}), "en")
    assert "فيديو" in cause_sentence(Cause("absent", {"kind": "video"}), "ar")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "give either INPUT with --id, or --text"),
        (["ADS"], "INPUT needs --id"),
        (["ADS", "--id", "c9"], "has no creative with the id 'c9'"),
        (["ADS", "--id", "c1", "--market", "SA"], "go with --text"),
        (["--text", "x"], "--text needs --market"),
        (["nowhere.jsonl", "--id", "c1"], "cannot be read"),
        (["--text", "x", "--market", "SA", "--material", "p/casin"], "did you mean 'p/casino'?"),
        (
            ["--text", "x", "--market", "SA", "--material", "help"],
            "may be any of: gambling/help, p/help",
        ),
    ],
)
def test_what_cannot_be_explained(
    arguments: list[str], told: str, rules: str, tmp_path: Path
) -> None:
    """2, and a sentence that says what is missing."""
    ads = write_jsonl(tmp_path / "ads.jsonl", [creative(1, "hello")])
    result = run("explain", "-r", rules, *(ads if one == "ADS" else one for one in arguments))
    assert result.exit_code == exits.NOT_STARTED
    assert told in result.stderr


def test_the_date_of_an_explanation(engine: Engine) -> None:
    """`on` is the date the decision is for, as everywhere."""
    later = explain(engine, creative(1, "play roulette"), "p/later", date(2027, 2, 1))
    assert later.asked is not None
    assert later.asked.causes[0].code == "counts"
