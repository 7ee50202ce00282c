"""A backtest answers what two full runs answer, however little of the traffic it looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automod.engine.compile import compile
from automod.engine.pictures import fingerprint
from automod.match.traces import Look, traces
from automod.media.sample import of_file
from automod.model.backtest import Backtest
from automod.model.decision import json_text
from automod.model.ruleset import (
    EVERYWHERE,
    Allow,
    Condition,
    Material,
    Override,
    Package,
    PolicyTable,
    Row,
    Rule,
    Ruleset,
    Scope,
)
from automod.model.vocabulary import Status
from automod.workshop.backtest import Asked, backtest, backtest_lines
from pictures import file_of, scene, with_code
from rulesets import CODE, ON, OTHER, code, creative, material, of, package, ruleset
from strategies import far_materials, hiding, parts_of, texts

DAY: Final = date.fromisoformat(ON)
ASKED: Final = Asked(DAY, flips=1_000)
SLOW: Final = [HealthCheck.too_slow, HealthCheck.data_too_large]


def compared(old: Ruleset, new: Ruleset, traffic: Sequence[Any]) -> tuple[list[Backtest], Backtest]:
    """The answers with little work, and that of two full runs; how it was come by left out.

    With little work from dicts, from lines, and twice with signatures: made, and used.
    """
    engines = compile(old), compile(new)
    full = backtest(*engines, traffic, replace(ASKED, full=True))
    found = [backtest(*engines, traffic, ASKED)]
    with TemporaryDirectory() as folder:
        file, kept = Path(folder) / "ads.jsonl", Path(folder) / "kept.npz"
        file.write_text("".join(map(line, traffic)), encoding="utf-8")
        for signatures in (None, kept, kept):
            found += [backtest_lines(*engines, [str(file)], ASKED, signatures=signatures)]
    assert full.effort.decided == len(traffic)
    assert all(one.effort.decided <= len(traffic) for one in found)
    told = [replace(one, effort=full.effort) for one in found]
    if any("images" in one for one in traffic):
        # Pictures that nothing differs in are not opened, so nobody knows what is amiss with them.
        unseen = {"incomplete": full.incomplete, "not_evaluated": full.not_evaluated}
        told = [replace(one, **unseen) for one in told]  # type: ignore[arg-type]  # as they are
    return told, full


def line(one: dict[str, Any]) -> str:
    """A creative as a line of JSONL: in its own letters where UTF-8 can hold them."""
    return f"{json_text(one)}\n"


# --- worlds --------------------------------------------------------------------------------------

WORDS: Final = ("casino", "bonus", "قمار", "赌博", "free")
MARKETS: Final = ("SA", "AE", "NG", "ZZ")
SCOPES: Final = (
    *[EVERYWHERE] * 4, Scope(markets=("GCC",)), Scope(markets=("NG",)), Scope(fields=("title",)),
    Scope(from_=date(2027, 1, 1)), Scope(until=DAY),
)  # fmt: skip
GROUPS: Final = {"GCC": ("SA", "AE")}
OTHERS: Final = (
    ("regex", "b[o0]nus"), ("domain", "win-now.com"), ("phone", "+966501234567"),
    ("phrase", "free <number>"), ("keyword", "🎰"), ("handle", "@winksa"), ("phone", "0501234567"),
)  # fmt: skip
FILES: Final = (
    *map(file_of, map(scene, range(2))),
    *(
        file_of(with_code(scene(n), text))
        for n, text in ((1, "https://win-now.com"), (3, "casino"))
    ),
)
"""Pictures; codes in the last two say something. The third looks like the second, and nearer to
itself: an allow of it protects from that."""
SAMPLES: Final = {f"sha256:{one.sha256}": one for one in (of_file(f, None) for f in FILES[:3])}
SEEN: Final = tuple(fingerprint(file).to_dict() for file in FILES)


@st.composite
def own_materials(draw: st.DrawFn) -> Material:
    """A material that is often changed into another of its id."""
    kind, value = draw(
        st.one_of(
            st.sampled_from([("keyword", word) for word in WORDS]),
            st.sampled_from([*OTHERS, *(("image", name) for name in SAMPLES)]),
        )
    )
    return Material(
        f"p/m{draw(st.integers(0, 5))}", kind, value,  # type: ignore[arg-type]  # one of its kinds
        draw(st.sampled_from([0.9, 0.6, 0.3, 0.0])),
        draw(st.sampled_from([(CODE,), (OTHER,), (CODE, OTHER)])),
        draw(st.sampled_from([(), (), ("p/t",)])),
        draw(st.sampled_from([None, None, "p/g"])),
        draw(st.sampled_from(["safe", "evasion"])),
        draw(st.sampled_from(["word", "substring"])),
        status=draw(st.sampled_from(["live", "live", "shadow"])),
        scope=draw(st.sampled_from(SCOPES)), sample=SAMPLES.get(value),
    )  # fmt: skip


LEAVES: Final = (
    Condition("material", "p/m0"), Condition("material", "p/m1"), Condition("tag", "p/t"),
    Condition("tag", "p/r"), Condition("found", "phone"), Condition("found", "obfuscation"),
    Condition("found", "code"),
    Condition("advertiser", values=("adv-1",)), Condition("attribute", "vertical", ("games",)),
)  # fmt: skip


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2) -> Condition:
    """A condition over the materials, of few levels."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(LEAVES))
    op = draw(st.sampled_from(["all", "all", "any", "none", "at_least"]))
    parts = draw(st.lists(conditions(depth - 1), min_size=1, max_size=3))
    return Condition(op, parts=tuple(parts), count=min(2, len(parts)))  # type: ignore[arg-type]


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """A rule, which may use others."""
    return Rule(
        f"p/r{draw(st.integers(0, 2))}", draw(conditions()), draw(st.sampled_from([0.9, 0.5])),
        draw(st.sampled_from([(CODE,), (OTHER,)])), draw(st.sampled_from([(), ("p/r",)])),
        draw(st.sampled_from([None, "p/g"])),
        status=draw(st.sampled_from(["live", "live", "shadow"])),
        scope=draw(st.sampled_from(SCOPES)),
    )  # fmt: skip


@st.composite
def allows(draw: st.DrawFn) -> Allow:
    """An allow of a phrase, or of an advertiser."""
    name = f"p/a{draw(st.integers(0, 1))}"
    scope = draw(st.sampled_from(SCOPES))
    if draw(st.booleans()):
        ids = draw(st.sampled_from([("adv-1",), ("adv-2",), ("adv-1", "adv-2")]))
        return Allow(name, None, ids, ("p",), scope=scope)
    value = draw(st.sampled_from(["free casino", "casino bonus", "قمار free", *SAMPLES]))
    own = Material(
        name, "image" if value in SAMPLES else "phrase", value, sample=SAMPLES.get(value)
    )
    return Allow(name, own, (), ("p",), draw(st.sampled_from([(), (CODE,)])), scope=scope)


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    """An override of a package, a material, a rule or a tag."""
    return Override(
        f"INC-{draw(st.integers(0, 1))}",
        draw(st.sampled_from(["p", "p/m0", "p/m1", "p/r0", "p/tag:t", "p/a0"])),
        draw(st.sampled_from(["o", "n"])), "T-1", draw(st.sampled_from([(), ("SA",), ("GCC",)])),
        draw(st.sampled_from(["shadow", "retired", None])), 0.3,
    )  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> PolicyTable:
    """A policy table; now and then another threshold, group or action."""
    rows = draw(st.sampled_from([(), (), _rows("allowed"), _rows("age_gate")]))
    own = replace(code(CODE), rows=rows, severity=draw(st.sampled_from(["high", "critical"])))
    return PolicyTable(
        {CODE: own, OTHER: code(OTHER)},
        draw(st.sampled_from([*[GROUPS] * 6, {"GCC": ("SA",)}])),
        {},
        draw(st.sampled_from([*[0.5] * 6, 0.2])),
        not_evaluated=draw(st.sampled_from([*[{"default": "review"}] * 6, {"default": "reject"}])),
    )


def _rows(stance: Any) -> tuple[Row, ...]:
    return (Row(f"{CODE}/SA/2026-01-01", "SA", (stance,), "law", min_age=18),)


@st.composite
def rulesets(draw: st.DrawFn) -> Ruleset:
    """A ruleset of one package, of which every part is often like that of another."""
    held = {one.id: one for one in draw(st.lists(own_materials(), max_size=5))}
    some_rules = {one.id: one for one in draw(st.lists(rules(), max_size=2))}
    some_allows = {one.id: one for one in draw(st.lists(allows(), max_size=2))}
    package = Package(
        "p", draw(st.sampled_from(["1", "2"])), "tests", policies=(CODE,),
        scope=draw(st.sampled_from([*[EVERYWHERE] * 5, Scope(markets=("SA",))])),
        materials=tuple(held[name] for name in sorted(held)),
        rules=tuple(some_rules[name] for name in sorted(some_rules)),
        allows=tuple(some_allows[name] for name in sorted(some_allows)),
        caps=draw(st.sampled_from([{}, {}, {"p/g": 0.4}])),
    )  # fmt: skip
    some = {one.id: one for one in draw(st.lists(overrides(), max_size=1))}
    return Ruleset((package,), draw(tables()), tuple(some.values()))


@st.composite
def neighbours(draw: st.DrawFn) -> tuple[Ruleset, Ruleset]:
    """Two rulesets that differ in a part or two."""
    old, other = draw(rulesets()), draw(rulesets())
    before, after = old.packages[0], other.packages[0]
    names = draw(st.lists(st.sampled_from(PARTS), min_size=1, max_size=2))
    package = replace(before, **{n: getattr(after, n) for n in names if n in Package.__slots__})
    new = replace(old, packages=(package,))
    return old, replace(new, **{n: getattr(other, n) for n in names if n not in Package.__slots__})


PARTS: Final = (
    "materials", "materials", "rules", "allows", "caps", "scope", "version", "overrides",
    "policies", "status",
)  # fmt: skip
PIECES: Final = (
    *WORDS, "c4sino", "b0nus", "c a s i n o", "cas ino", "free 20", "🎰", "050 123 4567",
    "+966501234567", "win-now.com", "@winksa", "casino bonus", "free casino", "\ud800", "hello",
)  # fmt: skip


@st.composite
def ads(draw: st.DrawFn) -> dict[str, Any]:
    """A creative that may hold the materials of these rulesets."""
    pieces = st.lists(st.sampled_from(PIECES), max_size=4).map(" ".join)
    found = creative({"body": draw(pieces), "title": draw(pieces)})
    found["markets"] = draw(st.lists(st.sampled_from(MARKETS), unique=True, max_size=3))
    more = {
        "language": st.sampled_from(["ar", "en"]), "advertiser": st.sampled_from(["adv-1", "x"]),
        "attributes": st.just({"vertical": "games"}),
        "images": st.lists(st.sampled_from(["none.png", *SEEN]), min_size=1, max_size=2),
        "targeting": st.just({"min_age": 21}), "on": st.just("2026-12-31"),
        "colour": st.just("red"),
        "links": st.just(["https://win-now.com/a"]),
    }  # fmt: skip
    for key in draw(st.lists(st.sampled_from([*more]), unique=True, max_size=2)):
        found[key] = draw(more[key])
    return found


def _numbered(traffic: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "id": f"c{number}"} for number, one in enumerate(traffic)]


# --- laws ----------------------------------------------------------------------------------------


@settings(suppress_health_check=SLOW, deadline=None)
@given(neighbours(), st.lists(ads(), min_size=1, max_size=6).map(_numbered))
def test_little_work_gives_the_answer_of_two_full_runs(
    pair: tuple[Ruleset, Ruleset], traffic: list[dict[str, Any]]
) -> None:
    """Whatever differs between two rulesets, a backtest says what two full runs say."""
    little, full = compared(*pair, traffic)

    assert all(one == full for one in little)


BANNER: Final = Material("p/a", "image", next(iter(SAMPLES)), 0.9, (CODE,),
                         sample=next(iter(SAMPLES.values())))  # fmt: skip
QUIET: Final = tuple(material(f"quiet{n}", name=f"p/z{n}") for n in range(9))
APART: Final = "\n" + "aaa bbb ccc ddd eee fff ggg " * 3
CROWD: Final = "c4sino " + APART.join(["c4ssino"] * 40 + ["p0kker"] * 40)
"""As many that may be `casino` as may be `poker`, and neither too many; both together are."""


@pytest.mark.parametrize(
    ("old", "new", "text", "turn"),
    [
        pytest.param(
            of((BANNER,)),
            ruleset(
                replace(
                    package((BANNER,)),
                    rules=(
                        Rule(
                            "p/r",
                            Condition("all", parts=(Condition("material", "p/a"),
                                                    Condition("found", "mixed_script"))),
                            0.9, (CODE,),
                        ),
                    ),
                )
            ),
            "a\ud800b", "gained",
            id="a text that cannot be read, and a rule that is the first to look at texts",
        ),
        pytest.param(
            of((material("casino", name="p/b", view="evasion"), *QUIET)),
            of((material("casino", name="p/b", view="evasion"), *QUIET,
                material("poker", name="p/c", view="evasion"))),
            CROWD, "changed",
            id="another word makes it too much to be read",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("images", [[], [SEEN[3]]], ids=["text alone", "with a picture"])
def test_what_only_one_of_both_could_not_evaluate_is_told(
    old: Ruleset, new: Ruleset, text: str, turn: str, images: list[Any]
) -> None:
    """A creative that nothing hits is decided otherwise where one ruleset could not look at it."""
    little, full = compared(old, new, [creative(text) | {"images": images}])

    assert [one.turn for one in full.flips] == [turn]
    assert all(one == full for one in little)


@pytest.mark.parametrize(("status", "turn"), [("live", "lost"), ("shadow", "changed")])
def test_an_allow_of_a_picture_makes_a_difference_where_it_is_nearer(
    status: Status, turn: str
) -> None:
    """Alone it hits nothing: what it protects from is looked for with it."""
    risky, harmless = ((name, SAMPLES[name]) for name in list(SAMPLES)[1:])
    banner = Material("p/a", "image", risky[0], 0.9, (CODE,), sample=risky[1])
    own = Material("p/ok", "image", harmless[0], sample=harmless[1])
    old = of((banner, *QUIET))
    allowed = replace(old.packages[0], allows=(Allow("p/ok", own, (), ("p",), status=status),))
    traffic = _numbered([creative("x") | {"images": [one]} for one in (*SEEN, "none.png")])

    little, full = compared(old, replace(old, packages=(allowed,)), traffic)

    assert [one.turn for one in full.flips] == [turn]
    assert all(one == full for one in little)


@settings(suppress_health_check=SLOW, deadline=None)
@given(st.data())
def test_no_trace_hides_a_disguise(data: st.DataObject) -> None:
    """What a material hits in any view, a first look at the traces of the text lets through."""
    from automod.match.matcher import Matcher
    from automod.match.texts import Batch

    some = data.draw(far_materials())
    parts = [part for one in some for part in parts_of(one)]
    held = data.draw(st.lists(st.one_of(hiding(parts), texts()), min_size=1, max_size=4))
    matcher = Matcher(some, "ahocorasick-rs")
    found = matcher.scan(Batch(held, list(range(len(held))), [()] * len(held)))

    flags = Look(some, {})(traces(held))

    hit = {match[0] for match in found.matches} | {text for text, _ in found.not_evaluated}
    assert hit <= set(flags.nonzero()[0].tolist())
