"""Approvals: what is live is what somebody else looked at, as it is now."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import automod
from automod.cli import exits
from automod.engine.reading import load_with_notes, read_source
from automod.errors import InputError, LoadError
from automod.load.approval import (
    Approval,
    approval_of,
    digests,
    list_of,
)
from automod.load.held_back import approved_only
from automod.load.people import same_person
from automod.model.canonical import canonical_text, canonical_texts
from automod.model.columns import Columns
from automod.model.ruleset import Allow, Material, Package, Rule, Ruleset
from automod.workshop.approving import Approved, Signature, approve
from command import GAMBLING, creative, run, write_rules
from test_model_canonical import allows, materials, rules

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BY = Signature("O. Haddad", date(2026, 11, 22), "ADS-7")


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automod.cli.clock.now", lambda: NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small ruleset, approved."""
    write_rules(tmp_path / "rules")
    sign(tmp_path / "rules")
    return tmp_path / "rules"


def sign(folder: Path, by: str = BY.by) -> Approved:
    """Approve the package there is."""
    return approve("gambling", Signature(by, BY.on, BY.ticket), [str(folder)])


def state(folder: Path) -> Approval:
    """How the package compares with its approval."""
    return approval_of(read_source(folder).packages[0])


def edit(folder: Path, old: str, new: str) -> None:
    """Change what the package says."""
    path = folder / "gambling.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def statuses(folder: Path) -> dict[str, str]:
    """The status of every material, rule and allow when approval is asked for."""
    package = automod.load(folder, require_approval=True).packages[0]
    parts: list[Material | Rule | Allow] = [
        *package.materials, *package.rules, *package.allows,
    ]  # fmt: skip
    return {one.id.partition("/")[2]: one.status for one in parts}


# --- what is written -----------------------------------------------------------------------------


def test_an_approval_is_a_list_beside_the_package_and_its_digest_in_it(tmp_path: Path) -> None:
    """One line a part, in order; comments of the package file stay."""
    folder = tmp_path / "rules"
    write_rules(folder)
    edit(folder, "owner: tests", "owner: tests  # us")
    done = sign(folder)
    listed = (folder / "gambling.approved.jsonl").read_text("utf-8").splitlines()
    lines = list(map(json.loads, listed))
    assert [line["part"] for line in lines] == sorted(
        ["package", "rules/game-phone", "allow/help"]
        + [f"materials/{name}" for name in ("casino", "casino-ar", "spins", "new", "uae", "later")]
    )
    assert {(line["by"], line["on"], line["ticket"]) for line in lines} == {
        ("O. Haddad", "2026-11-22", "ADS-7")
    }
    text = (folder / "gambling.yaml").read_text("utf-8")
    assert "owner: tests  # us" in text
    assert len(done.signed) == len(lines)
    written = read_source(folder).packages[0].file.package.approved
    assert written is not None
    assert (written.by, written.on, written.ticket) == ("O. Haddad", BY.on, "ADS-7")


def test_approving_what_is_approved_writes_nothing(folder: Path) -> None:
    """And says so."""
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert sign(folder, "somebody else").files == ()
    assert before == {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_what_did_not_change_keeps_the_name_of_who_approved_it(folder: Path) -> None:
    """Only what is new or another is signed for again; what is gone leaves the list."""
    edit(folder, "value: free spins, weight: medium", "value: free spins, weight: weak")
    later = "  - {id: later, kind: keyword, value: roulette, weight: strong, from: 2027-01-01}\n"
    edit(folder, later, "")
    done = sign(folder, "nadia")
    assert done.signed == ("materials/spins",)
    assert done.dropped == ("materials/later",)
    lines = state(folder).lines
    assert lines["materials/spins"].by == "nadia"
    assert lines["materials/casino"].by == "O. Haddad"
    assert "materials/later" not in lines


def test_nobody_approves_what_they_added(tmp_path: Path) -> None:
    """Whatever the case and spaces of the name; every such row is told, and nothing is written."""
    folder = tmp_path / "rules"
    write_rules(folder)
    edit(
        folder, "value: casino, weight: strong", "value: casino, weight: strong, added_by: o.haddad"
    )
    edit(folder, "value: casino addiction}", "value: casino addiction, added_by: O.HADDAD}")
    result = run("approve", "gambling", "--by", "O. Haddad", "--ticket", "T", "-r", str(folder))
    assert result.exit_code == exits.NO
    assert "gambling/casino" in result.stderr
    assert "gambling/help" in result.stderr
    assert "gambling.yaml:7:" in result.stderr
    assert not (folder / "gambling.approved.jsonl").exists()
    assert sign(folder, "nadia").files


def test_who_added_something_may_approve_what_others_changed(folder: Path) -> None:
    """Only rows that are new or changed count: the old ones somebody else has signed for."""
    edit(folder, "value: casino, weight: strong", "value: casino, weight: strong, added_by: nadia")
    sign(folder, "omar")
    edit(folder, "value: free spins, weight: medium", "value: free spins, weight: weak")
    assert sign(folder, "nadia").signed == ("materials/spins",)
    edit(folder, "value: casino, weight: strong", "value: casino, weight: weak")
    assert [one.id for one in sign(folder, "nadia").own] == ["gambling/casino"]


def test_rules_that_do_not_load_are_not_approved(folder: Path) -> None:
    """Every fault is told, and nothing is written."""
    edit(folder, "kind: phrase", "kind: phrrase")
    before = (folder / "gambling.approved.jsonl").read_bytes()
    with pytest.raises(LoadError):
        sign(folder)
    assert (
        run("approve", "gambling", "--by", "n", "--ticket", "T", "-r", str(folder)).exit_code == 2
    )
    assert (folder / "gambling.approved.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "message"),
    [("gamblin", "did you mean 'gambling'"), ("nothing", "one of: gambling")],
)
def test_an_unknown_package(folder: Path, name: str, message: str) -> None:
    """The nearest is named."""
    with pytest.raises(InputError, match=message):
        approve(name, BY, [str(folder)])


@pytest.mark.parametrize("by_file", ["gambling.yaml", ""])
def test_a_package_by_its_file_or_folder(tmp_path: Path, by_file: str) -> None:
    """The rules are then those of the folder above it that has the policy table."""
    write_rules(tmp_path / "rules")
    inner = tmp_path / "rules" / "gambling"
    inner.mkdir()
    (tmp_path / "rules" / "gambling.yaml").rename(inner / "gambling.yaml")
    assert approve(str(inner / by_file), BY).files
    assert (inner / "gambling.approved.jsonl").exists()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_command_says_what_it_did(tmp_path: Path, lang: str) -> None:
    """How many rows were signed for, in which files, and that it proves nothing."""
    folder = tmp_path / "rules"
    write_rules(folder)
    asked = ("approve", "gambling", "--by", "nadia", "--ticket", "T", "-r", str(folder))
    first, second = (run(*asked, "--lang", lang) for _ in range(2))
    assert first.exit_code == second.exit_code == exits.YES
    assert "gambling.approved.jsonl" in first.stderr
    assert len(first.stderr.splitlines()) == 3
    assert len(second.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("O. Haddad", "o.haddad", True),
        ("nadia", "omar, NADIA", True),
        ("نادية", " نادية ", True),
        ("nadia", "nadia2", False),
        ("nadia", "", False),
        ("O. Haddad", "o haddad", True),
        ("O. Haddad", "o_haddad@example.com", True),
        ("o.haddad", "O. Haddad (risk)", True),
        ("o.haddad", "\u043e.haddad", True),  # a Cyrillic letter
        ("o.haddad", "o.had\u200bdad\u200f", True),
        ("omar", "0mar", True),
        ("@omar", "Omar <omar@example.com>", True),
        ("أحمد علي", "احمَد على", True),
        ("José", "jose", True),
        ("nadia and omar", "omar", True),
        ("nadia/omar", "Omar", True),
        ("عمر و نادية", "نادية", True),
        ("محمد", "أحمد", False),
        ("王伟", "王芳", False),
        ("ops-1", "ops-2", False),
        ("...", "---", False),
    ],
)
def test_names(one: str, other: str, *, same: bool) -> None:
    """No way to spell a name makes of one person two; a cell may name several."""
    assert same_person(one, other) is same


def test_a_workbook_is_approved_like_a_file(tmp_path: Path) -> None:
    """Its sheet holds who approved it; what else is in it stays."""
    text = GAMBLING[: GAMBLING.index("rules:")] + GAMBLING[GAMBLING.index("allow:") :]
    folder = tmp_path / "rules"
    write_rules(folder)
    (folder / "gambling.yaml").write_text(text, encoding="utf-8")
    (folder / "g").mkdir()
    book = folder / "g/package.xlsx"
    assert run("convert", str(folder / "gambling.yaml"), "-o", str(book)).exit_code == exits.YES
    (folder / "gambling.yaml").unlink()
    before = automod.load(folder)
    assert str(book) in sign(folder).files
    assert automod.load(folder) == before == automod.load(folder, require_approval=True)


# --- what is live --------------------------------------------------------------------------------


def test_all_that_is_approved_is_as_it_would_be(folder: Path) -> None:
    """Then asking for approval changes nothing, to the digest."""
    ruleset, notes = load_with_notes(folder, require_approval=True)
    assert ruleset == automod.load(folder)
    assert automod.compile(ruleset).digest == automod.compile(automod.load(folder)).digest
    assert notes == ()


def test_a_package_that_was_never_approved_is_shadow(tmp_path: Path) -> None:
    """It hits, decides nothing, and is told once, with its place."""
    folder = write_rules(tmp_path / "rules")
    ruleset, notes = load_with_notes(folder, require_approval=True)
    decision = automod.compile(ruleset).decide(creative(1, "casino"))
    assert decision.action == "approve"
    assert [hit.status for hit in decision.hits] == ["shadow"]
    (note,) = notes
    assert "gambling.yaml:1:" in note
    assert "all of 'gambling' loads as shadow: the package was never approved" in note


Edit = tuple[str, str]
SPINS: Edit = ("value: free spins, weight: medium", "value: free spins, weight: strong")


@pytest.mark.parametrize(
    ("old", "new", "held"),
    [
        (*SPINS, {"spins"}),
        ("value: casino, weight: strong", "value: casino, weight: strong, note: x", {"casino"}),
        ("rules:\n", "rules:\n  - {id: r2, all: [{tag: game}], weight: weak}\n", {"r2"}),
        ("within: 10", "within: 11", {"game-phone"}),
        ("materials:\n", "materials:\n  - {id: m2, kind: keyword, value: x1, weight: weak}\n",
         {"m2"}),
        ("allow:\n", "allow:\n  - {id: a2, kind: phrase, value: casino royale}\n", {"a2"}),
        ("version: 2026.11.1", "version: 2026.11.2", set()),
        ("owner: tests", "owner: others", set()),
        ("value: lottery, weight: strong", "value: lottery, weight: strong, status: shadow",
         set()),
    ],
)  # fmt: skip
def test_what_is_new_or_changed_is_shadow_and_the_rest_is_live(
    folder: Path, old: str, new: str, held: set[str]
) -> None:
    """Also a note counts: it is part of what was looked at. Version and owner decide nothing."""
    before = statuses(folder)
    edit(folder, old, new)
    after = statuses(folder)
    notes = load_with_notes(folder, require_approval=True)[1]
    assert {name for name in held if after[name] == "shadow"} == held
    assert {name: after[name] for name in before.keys() - held - {"uae"}} == {
        name: before[name] for name in before.keys() - held - {"uae"}
    }
    assert len(notes) == len(held)
    assert all(any(f"gambling/{name}'" in note for note in notes) for name in held)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("owner: tests", "owner: tests\nmarkets: [SA]", "its codes, markets, dates, ramp or caps"),
        ("owner: tests", "owner: tests\nuntil: 2027-01-01", "its codes, markets, dates, ramp or"),
        ("owner: tests", "owner: tests\nramp: 10%", "its codes, markets, dates, ramp or caps"),
        ("  - {id: help, kind: phrase, value: casino addiction}", "  []", "what its allows"),
        ("value: casino addiction", "value: casino addiction help", "what its allows"),
    ],
)
def test_what_cannot_be_told_part_by_part_holds_the_package_back(
    folder: Path, old: str, new: str, why: str
) -> None:
    """Where it acts, or what it lets through, is for all of its material."""
    edit(folder, old, new)
    after = statuses(folder)
    (note,) = load_with_notes(folder, require_approval=True)[1]
    assert why in note
    assert {after[name] for name in ("casino", "spins", "game-phone")} == {"shadow"}


def test_an_allow_that_nobody_approved_protects_nothing(folder: Path) -> None:
    """And what was stopped still is."""
    ad = creative(1, "casino royale")
    edit(folder, "allow:\n", "allow:\n  - {id: a2, kind: phrase, value: casino royale}\n")
    assert automod.compile(automod.load(folder)).decide(ad).action == "approve"
    engine = automod.compile(automod.load(folder, require_approval=True))
    assert engine.decide(ad).action == "reject"


@pytest.mark.parametrize(
    ("change", "live"),
    [
        (lambda path: path.unlink(), False),
        (lambda path: path.write_bytes(path.read_bytes().replace(b"Haddad", b"Nobody")), False),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), False),
        (lambda path: path.write_bytes(path.read_bytes() + b"{}\n"), False),
        (lambda path: path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n")), True),
    ],
)
def test_a_list_that_was_changed_counts_for_nothing(
    folder: Path, change: Callable[[Path], object], *, live: bool
) -> None:
    """Its digest is in the package; only line ends may change on the way."""
    change(folder / "gambling.approved.jsonl")
    assert (statuses(folder)["casino"] == "live") is live


def test_an_approval_by_who_added_it_covers_nothing(folder: Path) -> None:
    """A list can be written by hand: whoever signs their own rows has not been looked after."""
    edit(folder, "value: casino, weight: strong", "value: casino, weight: strong, added_by: nadia")
    sign(folder, "omar")
    assert statuses(folder)["casino"] == "live"
    path = folder / "gambling.approved.jsonl"
    forged = path.read_bytes().replace(b'"omar"', b'"Nadia"')
    path.write_bytes(forged)
    digest = read_source(folder).packages[0].file.package.approved
    assert digest is not None
    from automod.load.approval import list_digest

    edit(folder, digest.digest, list_digest(forged))
    assert state(folder).uncovered == {"materials/casino": "own"}
    assert statuses(folder)["casino"] == "shadow"
    assert statuses(folder)["spins"] == "live"


EXCEPTION = """\
package: other
version: 1
owner: tests
policy: [GMB.REAL]
materials: [{id: game, kind: keyword, value: slotmania, weight: signal, tags: [play]}]
rules: [{id: unless, all: [{tag: play}], none: [{tag: gambling/bonus}], weight: strong}]
"""


def test_a_rule_does_not_fire_more_because_its_exception_is_in_doubt(folder: Path) -> None:
    """What is shadow is no exception any more: then the rule is shadow, too."""
    (folder / "other.yaml").write_text(EXCEPTION, encoding="utf-8")
    approve("other", BY, [str(folder)])
    ad = creative(1, "slotmania free spins")
    assert automod.compile(automod.load(folder)).decide(ad).action == "review"
    edit(folder, *SPINS)
    ruleset, held = approved_only(read_source(folder))
    assert [(one.id, one.why) for one in held] == [
        ("gambling/spins", "changed"), ("other/unless", "exception"),
    ]  # fmt: skip
    assert automod.compile(ruleset).decide(ad).action == "approve"


GUARD = """\
package: other
version: 1
owner: tests
policy: [GMB.REAL]
materials: [{id: game, kind: keyword, value: slotmania, weight: weak}]
allow:
  - {id: royale, kind: phrase, value: casino royale, protects: [NAME]}
  - {id: night, kind: phrase, value: casino night}
"""


@pytest.mark.parametrize("name", ["gambling", "GMB.REAL"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value: casino royale", "value: casino royal flush"),
        ("  - {id: royale, kind: phrase, value: casino royale, protects: [NAME]}\n", ""),
        (", protects: [NAME]}", "}"),
        ("owner: tests", "owner: tests\nmarkets: [SA]"),
        ("digest: sha256:", "digest: sha256:00"),
    ],
)
def test_an_allow_that_goes_makes_no_other_package_stop_more(
    folder: Path, name: str, old: str, new: str
) -> None:
    """What it protected is shadow, whosever it is; what other allows protect stays protected."""
    path = folder / "other.yaml"
    path.write_text(GUARD.replace("NAME", name), encoding="utf-8")
    approve("other", BY, [str(folder)])
    ads = [creative(1, "casino royale"), creative(2, "casino addiction")]
    engine = automod.compile(automod.load(folder, require_approval=True))
    assert [engine.decide(ad).action for ad in ads] == ["approve", "approve"]
    text = path.read_text("utf-8").replace(old.replace("NAME", name), new)
    if new.endswith("00"):
        text = text.replace("sha256:00", "sha256:", 1)
        text = text[: text.index("sha256:") + 7] + "0" * 64 + text[text.index("sha256:") + 71 :]
    path.write_text(text, encoding="utf-8")
    ruleset, held = approved_only(read_source(folder))
    assert ("gambling", "other_allow") in [(one.id, one.why) for one in held]
    engine = automod.compile(ruleset)
    assert [engine.decide(ad).action for ad in ads] == ["approve", "approve"]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("gambling/spins", "shadow"), ("gambling/spins", "retired"), ("gambling", "shadow"),
        ("gambling/tag:bonus", "retired"),
    ],
)  # fmt: skip
def test_a_rule_does_not_fire_more_because_of_an_override(
    folder: Path, target: str, status: str
) -> None:
    """Overrides need no approval, as they only narrow: what takes an exception away would not."""
    (folder / "other.yaml").write_text(EXCEPTION, encoding="utf-8")
    approve("other", BY, [str(folder)])
    (folder / "overrides").mkdir(exist_ok=True)
    text = f"override: o\ntarget: {target}\nset: {{status: {status}}}\nuntil: 2040-01-01\n"
    (folder / "overrides/o.yaml").write_text(f"{text}by: z\nticket: T\n", encoding="utf-8")
    ad = creative(1, "slotmania free spins")
    ruleset, held = approved_only(read_source(folder))
    assert [(one.id, one.why) for one in held] == [("other/unless", "override")]
    assert automod.compile(ruleset).decide(ad).action == "approve"
    assert "takes away what it makes an exception for" in str(held[0])


def test_needs_go_with_their_material(tmp_path: Path) -> None:
    """The rule that they stand for is of whoever added the material."""
    folder = tmp_path / "rules"
    write_rules(folder)
    edit(folder, "tags: [bonus]}", "tags: [bonus], needs: [game], added_by: nadia}")
    own = [one.id for one in sign(folder, "nadia").own]
    assert own == ["gambling/spins", "gambling/spins+needs"]


def test_every_command_that_decides_can_ask_for_approval(tmp_path: Path) -> None:
    """The same answer of the library and of scan, explain and show."""
    rules = write_rules(tmp_path / "rules")
    text = ("--text", "casino", "--market", "SA", "-r", rules, "--require-approval")
    scanned = run("scan", *text, "-f", "jsonl")
    assert json.loads(scanned.stdout)["action"] == "approve"
    assert "loads as shadow" in scanned.stderr
    explained = run("explain", *text, "-f", "json")
    assert json.loads(explained.stdout)["decision"]["action"] == "approve"
    shown = run("show", "gambling/casino", "-r", rules, "--require-approval")
    assert "shadow" in shown.stdout


# --- laws ----------------------------------------------------------------------------------------


@given(st.lists(materials | rules | allows, max_size=4))
def test_a_text_of_many_is_the_text_of_each(several: list[object]) -> None:
    """Column by column or one by one: the digest of a part does not depend on its company."""
    for kind in {type(one) for one in several}:
        some = [one for one in several if type(one) is kind]
        assert canonical_texts(some) == [canonical_text(one) for one in some]


@given(st.lists(materials, min_size=1, max_size=4, unique_by=lambda one: one.id), st.data())
def test_a_part_has_another_digest_if_anything_in_it_differs(
    several: list[Material], data: st.DataObject
) -> None:
    """And the others keep theirs."""
    from dataclasses import replace

    place = data.draw(st.integers(0, len(several) - 1))
    name = several[place].id
    named = [replace(one, id=f"p/{one.id}") for one in several]
    changed = [*named]
    changed[place] = replace(named[place], about={**named[place].about, "note": "another"})
    before, after = (digests(Package("p", "1", "o", materials=some)) for some in (named, changed))
    differing = {part for part in before if before[part] != after[part]}
    assert differing <= {f"materials/{name}"}
    assert bool(differing) == (named[place] != changed[place])


def test_a_hundred_thousand_rows_are_compared_in_columns(tmp_path: Path) -> None:
    """Not one object is made for a material that is covered."""
    folder = tmp_path / "rules"
    write_rules(folder)
    edit(folder, "materials:\n", "materials:\n  - {table: terms.csv}\n")
    rows = "".join(f"keyword,w{n}x{n},0.9,nadia\n" for n in range(2_000))
    (folder / "terms.csv").write_text(f"kind,value,weight,added_by\n{rows}", encoding="utf-8")
    sign(folder)
    text = (folder / "terms.csv").read_text("utf-8").replace("w7x7,0.9", "w7x7,0.3")
    (folder / "terms.csv").write_text(text, encoding="utf-8")
    ruleset, (held,) = approved_only(read_source(folder))
    assert (held.id, held.location.line) == ("gambling/keyword-w7x7", 9)
    assert isinstance(ruleset.packages[0].materials, Columns)
    assert ruleset.packages[0].materials.column("status").count("shadow") == 2
    assert isinstance(ruleset, Ruleset)
    assert list_of(read_source(folder).packages[0]).name == "gambling.approved.jsonl"
    assert "keyword-w7x7" not in GAMBLING
