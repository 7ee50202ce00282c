"""Sentences: complete in both languages, right for each reader, on one line each."""

import string
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.model.decision import Decision, Hit, NotEvaluated, Reason, Verdict
from automod.model.facts import Certificate, Facts
from automod.model.ruleset import PolicyCode, PolicyTable, Row
from automod.model.vocabulary import ACTIONS, NOT_EVALUATED, STANCES
from automod.policy.reasons import AUDIENCES, LANGUAGES, Audience, Language, catalogue, reason
from automod.policy.score import Evidence
from automod.policy.verdict import Policy

TEXT = "كازينو"
CASINO = Hit(
    0, "gambling-ar/casino", "2026.11.1", ("GMB.REAL",), "live", "keyword", "body", 10, 16, TEXT,
    "evasion", ("tatweel", "separator"), 0.77, 0.91,
)  # fmt: skip
PICTURE = Hit(
    0, "gambling-ar/wheel", "2026.11.1", ("GMB.REAL",), "live", "image", "images[0]", None, None,
    None, "framed, mirrored", (), 0.77, 0.91, distance=13, box=(0, 17, 96, 64),
)  # fmt: skip
VERDICT = Verdict(
    "SA", "GMB.REAL", "high", ("prohibited",), "GMB.REAL/SA/2026-01-01", "law",
    "https://example.org/rule", 0.93, 0.85, "reject", (0,),
    Reason("prohibited", tuple({"policy": "GMB.REAL", "field": "body"}.items())),
)  # fmt: skip
DECISION = Decision("c1", 0, "2026-11-20", "sha256:0", "reject", {}, (VERDICT,), (CASINO,))
CLEAN = Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {})

READERS = [(for_, lang) for for_ in AUDIENCES for lang in LANGUAGES]
EVERYTHING = {
    "policy": "GMB.REAL", "field": "body", "min_age": 21, "limits": ["no-bonus"], "number": "NR-7",
    "from": "2027-01-01", "until": "2026-01-01",
}  # fmt: skip
CODES = [
    "prohibited", "prohibited_suspected", "certificate_missing", "certificate_expired",
    "certificate_not_yet_valid", "certificate_wrong_market", "certificate_wrong_holder",
    "age_gate", "limited", "allowed", "below_review",
]  # fmt: skip


def reason_codes() -> set[str]:
    """Every code that the policy can give, by giving it every situation."""
    found = set()
    on = date(2026, 11, 20)
    certificates = [
        Certificate("X", market="EG"),
        Certificate("X", holder="adv-2"),
        Certificate("X", from_=date(2027, 1, 1)),
        Certificate("X", until=date(2026, 1, 1)),
        Certificate("X"),
    ]
    for stance in STANCES:
        row = Row("X/default", None, (stance,), "law", min_age=18, limits=("quiet",))
        policy = Policy(PolicyTable({"X": PolicyCode("X", {}, "low", row)}))
        for brought in [(), *((one,) for one in certificates)]:
            for value in (0.1, 0.6, 0.9):
                facts = Facts("c", ("SA",), "adv-1", certificates=brought)
                evidence = {"X": [Evidence(0, "p/a", value, "body", 0, 1)]}
                found |= {v.reason.code for v in policy.verdicts("SA", on, evidence, facts)}
    return found


def test_codes_are_those_the_policy_gives() -> None:
    """The list of this test is the list of what verdicts carry."""
    assert reason_codes() == set(CODES)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("for_", AUDIENCES)
def test_catalogue_is_complete(for_: Audience, lang: Language) -> None:
    """Every reason and every code of what was not evaluated has a sentence, and no other."""
    sentences = catalogue(lang)
    assert set(sentences[for_]["reasons"]) == set(CODES)
    assert set(sentences[for_]["not_evaluated"]) == set(NOT_EVALUATED)
    assert set(sentences["actions"]) == set(ACTIONS)


def shape(value: Any) -> Any:
    """Keys, and the names that each sentence fills in."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return sorted({name for _, name, _, _ in string.Formatter().parse(value) if name})


def test_languages_say_the_same() -> None:
    """Both catalogues have the same entries, with the same values in each sentence."""
    assert shape(catalogue("en")) == shape(catalogue("ar"))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("for_", "lang"), READERS)
def test_every_code_makes_one_line(for_: Audience, lang: Language, code: str) -> None:
    """Each reason is written on one line, with nothing left to fill in."""
    verdict = replace(VERDICT, reason=Reason(code, tuple(EVERYTHING.items())))
    text = reason(replace(DECISION, verdicts=(verdict,)), for_, lang)
    assert len(text.splitlines()) == 1
    assert "{" not in text
    assert "?" not in text
    assert "GMB.REAL" in text
    assert "21" in text
    assert "no-bonus" in text


@pytest.mark.parametrize("code", NOT_EVALUATED)
@pytest.mark.parametrize(("for_", "lang"), READERS)
def test_every_miss_makes_one_line(for_: Audience, lang: Language, code: str) -> None:
    """Each field that was not evaluated is a line, whoever reads it."""
    missed = (NotEvaluated("videos[0]", code, transient=True), NotEvaluated("*", code, False))
    lines = reason(replace(CLEAN, not_evaluated=missed), for_, lang).splitlines()
    assert len(lines) == 2
    assert all(catalogue(lang)[for_]["not_evaluated"][code] in line for line in lines)


def test_advertiser_sees_no_material() -> None:
    """The advertiser's lines name policy, market, field and remedy, never how it matched."""
    decisions = (DECISION, replace(DECISION, hits=(PICTURE,)))
    for lang, decision in product(LANGUAGES, decisions):
        text = reason(decision, "advertiser", lang)
        assert "GMB.REAL" in text
        assert "SA" in text
        for secret in (
            "casino", TEXT, "evasion", "tatweel", "0.9", "0.85", "0.77", "13", "10", "live",
            "2026-01", "wheel", "framed",
        ):  # fmt: skip
            assert secret not in text


def test_advertiser_in_english() -> None:
    """What an advertiser reads."""
    assert reason(DECISION) == (
        "Rejected in market SA, policy GMB.REAL (found in: text): advertising of this kind is not "
        "allowed in this market. Remove what promotes it, or withdraw the ad from this market."
    )


def test_advertiser_in_arabic() -> None:
    """What an advertiser reads in Arabic: codes are isolated, so that the line keeps its order."""
    assert reason(DECISION, lang="ar").startswith(
        "تم الرفض في سوق \u2068SA\u2069 بموجب السياسة \u2068GMB.REAL\u2069 "
        "(موضع المخالفة: النص): لا يُسمح"
    )


def test_titles_stand_beside_codes() -> None:
    """A title from the table makes a code readable."""
    text = reason(DECISION, titles={"GMB.REAL": "Real-money gambling"})
    assert "GMB.REAL (Real-money gambling)" in text


def test_analyst_sees_the_evidence() -> None:
    """The analyst reads material, place, view, folds, score, threshold and row."""
    text = reason(DECISION, "analyst")
    for part in (
        "gambling-ar/casino 2026.11.1", "in body code points 10-16", f"\u2068{TEXT}\u2069",
        "view evasion", "folds tatweel+separator", "score 0.93 reaches 0.85", "weight 0.91",
        "confidence 0.77", "GMB.REAL/SA/2026-01-01", "https://example.org/rule",
    ):  # fmt: skip
        assert part in text


def test_how_a_picture_was_seen_is_no_folding_level() -> None:
    """The analyst reads how it was seen, and in how many bits it differs."""
    decision = replace(DECISION, hits=(PICTURE,))
    text = reason(decision, "analyst")
    assert "(seen framed, mirrored, weight 0.91, confidence 0.77, distance 13)" in text
    assert "view" not in text
    assert "شوهدت \u2068framed, mirrored\u2069" in reason(decision, "analyst", "ar")


def test_analyst_sees_parts_of_rules() -> None:
    """A rule is explained by its parts, also those that count nothing themselves."""
    fired = Hit(1, "p/rule", "1", (), "live", "rule", None, None, None, None, None, parts=(0,))
    verdict = replace(VERDICT, because=(1,))
    text = reason(replace(DECISION, verdicts=(verdict,), hits=(CASINO, fired)), "analyst")
    assert "[1] rule p/rule 1 on [0] gambling-ar/casino" in text


def test_rules_in_a_circle_end() -> None:
    """Hits that name each other as parts, as no engine makes them, are still written."""
    one = Hit(0, "p/a", "1", (), "live", "rule", None, None, None, None, None, parts=(0, 1))
    two = replace(one, n=1, material="p/b")
    assert "p/a" in reason(replace(DECISION, hits=(one, two)), "analyst")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_protected_hits_are_explained_to_the_analyst(lang: Language) -> None:
    """A hit under an allow, or held back by an override, has a line; the ad stays clean."""
    allowed = replace(CASINO, allowed_by="gambling-ar/awareness")
    held = replace(CASINO, n=1, status="shadow", overridden_by="INC-88")
    decision = replace(CLEAN, hits=(allowed, held))
    lines = reason(decision, "analyst", lang).splitlines()
    assert len(lines) == 3
    assert lines[0] == catalogue(lang)["analyst"]["clean"]
    assert "gambling-ar/awareness" in lines[1]
    assert "INC-88" in lines[2]
    assert len(reason(decision, "advertiser", lang).splitlines()) == 1
    assert "INC-88" not in reason(decision, "advertiser", lang)


def test_overridden_hit_that_counts_is_told_once() -> None:
    """An override that left a hit counting is told with the verdict."""
    hits = (replace(CASINO, overridden_by="INC-88"),)
    text = reason(replace(DECISION, hits=hits), "analyst")
    assert len(text.splitlines()) == 1
    assert "under override INC-88" in text


@pytest.mark.parametrize(("for_", "lang"), READERS)
def test_nothing_found_says_so(for_: Audience, lang: Language) -> None:
    """A clean decision is one line; so is one with approving verdicts only."""
    approved = replace(
        VERDICT, action="approve", reason=Reason("allowed", tuple({"policy": "GMB.REAL"}.items()))
    )
    for decision in (CLEAN, replace(CLEAN, verdicts=(approved,))):
        assert reason(decision, for_, lang) == catalogue(lang)[for_]["clean"]


def test_invisible_letters_are_code_points() -> None:
    """Evidence with line breaks and overrides of direction stays on its line, and can be read."""
    text = reason(replace(DECISION, hits=(replace(CASINO, text="a\n\u202eb"),)), "analyst")
    assert len(text.splitlines()) == 1
    assert "a<U+000A><U+202E>b" in text


def test_many_hits_are_counted() -> None:
    """A verdict on hundreds of hits names the first twenty."""
    verdict = replace(VERDICT, because=tuple(range(300)))
    assert "and 280 more" in reason(replace(DECISION, verdicts=(verdict,)), "analyst")


@pytest.mark.parametrize(
    ("field", "en", "ar"),
    [
        ("links[0].host", "link 1", "الرابط \u20681\u2069"),
        ("ocr:images[2]", "text in the picture 3", "النص داخل الصورة \u20683\u2069"),
        ("cta", "cta", "\u2068cta\u2069"),
    ],
)
def test_fields_have_names(field: str, en: str, ar: str) -> None:
    """Advertisers read what a field is, not what it is called in the format."""
    verdict = replace(
        VERDICT, reason=Reason("prohibited", tuple({"policy": "X", "field": field}.items()))
    )
    decision = replace(DECISION, verdicts=(verdict,))
    assert f"(found in: {en})" in reason(decision)
    assert f"{ar})" in reason(decision, lang="ar")


def test_unknown_codes_are_still_written() -> None:
    """A decision of a later version is read as far as it goes, and a missing value shows."""
    strange = replace(VERDICT, reason=Reason("quota", tuple({}.items())))
    bare = replace(VERDICT, reason=Reason("certificate_expired", tuple({}.items())))
    missed = (NotEvaluated("body", "text.odd", transient=False),)
    lines = reason(replace(DECISION, verdicts=(strange, bare), not_evaluated=missed)).splitlines()
    assert len(lines) == 3
    assert "expired on ?" in lines[1]


@pytest.mark.parametrize("wrong", [{"for_": "public"}, {"lang": "fr"}])
def test_other_readers_are_refused(wrong: dict[str, Any]) -> None:
    """An audience or language that does not exist is an error that says which do."""
    with pytest.raises(ValueError, match=r"advertiser or analyst|en and ar"):
        reason(CLEAN, **wrong)


@given(st.text(), st.text(), st.sampled_from(READERS))
def test_foreign_text_never_breaks_a_line(
    text: str, field: str, reader: tuple[Audience, Language]
) -> None:
    """Whatever an ad holds (braces, line breaks, bidi controls), a verdict is one line."""
    verdict = replace(
        VERDICT, market=text, reason=Reason("prohibited", tuple({"field": field}.items()))
    )
    decision = replace(DECISION, verdicts=(verdict,), hits=(replace(CASINO, text=text),))
    assert len(reason(decision, *reader).splitlines()) == 1
