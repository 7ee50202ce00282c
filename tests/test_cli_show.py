"""`automod show`, `schema` and `doctor`: what there is, said in full."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from automod.cli import exits
from automod.load.ruleset import load
from automod.model.schema import SCHEMAS, schema
from automod.workshop import installation as installed
from automod.workshop.installation import NEEDED, Installation, Part, installation
from automod.workshop.lookup import ids, look_up, names
from command import run, write_rules

ON = date(2026, 11, 20)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The small ruleset, in files."""
    return write_rules(tmp_path_factory.mktemp("rules") / "rules")


def facts(rules: str, name: str, *markets: str) -> dict[str, Any]:
    """What is known of a name, as JSON."""
    flags = [part for one in markets for part in ("--market", one)]
    result = run("show", name, "-r", rules, "--on", str(ON), "-f", "json", *flags)
    assert result.exit_code == exits.YES, result.output
    (found,) = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


STANCE = (
    "GMB.REAL: by default prohibited, FR age_gate (18+), GB certificate + age_gate (18+), "
    "MT allowed, SA prohibited"
)
SHOWN: list[tuple[str, tuple[str, ...], dict[str, Any]]] = [
    ("gambling", (), {
        "kind": "package", "version": "2026.11.1", "owner": "tests", "policies": ["GMB.REAL"],
        "status": "live", "markets": "everywhere", "materials": ["5 keyword", "1 phrase"],
        "overrides": ["INC-1: gambling/spins to status shadow in KW (in force)"],
    }),
    ("gambling/casino", (), {
        "kind": "keyword", "value": "casino", "weight": "0.9 (strong)", "view": "evasion",
        "boundary": "word", "status": "live", "tags": ["gambling/game"],
        "used by rules": ["gambling/game-phone: tag gambling/game and found phone"],
        "stance": [STANCE],
    }),
    ("casino", ("GB",), {
        "id": "gambling/casino", "stance": ["GMB.REAL in GB: certificate + age_gate (18+)"],
        "stands": ["GB: live, weight 0.9, view evasion"],
    }),
    ("gambling/spins", ("KW", "SA"), {
        "gap": 1,
        "stands": ["KW: shadow, weight 0.6, view evasion", "SA: live, weight 0.6, view evasion"],
    }),
    ("gambling/uae", ("AE", "SA"), {
        "markets": ["AE"], "fields": ["title"],
        "stands": [
            "AE: live, weight 0.9, view evasion",
            "SA: out of scope, weight 0.9, view evasion",
        ],
    }),
    ("gambling/new", (), {"status": "shadow"}),
    ("gambling/later", ("SA",), {
        "from": "2027-01-01", "stands": ["SA: draft, weight 0.9, view evasion"],
    }),
    ("gambling/game-phone", (), {
        "kind": "rule", "when": "tag gambling/game and found phone", "within": "10 words",
        "weight": "0.6 (medium)",
    }),
    ("gambling/help", (), {
        "kind": "phrase", "value": "casino addiction", "protects": ["gambling"],
    }),
    ("INC-1", (), {
        "kind": "override", "target": "gambling/spins", "markets": ["KW"], "sets": "status shadow",
        "until": "2027-01-01", "in force": "yes, on 2026-11-20", "by": "tests", "ticket": "INC-1",
        "covers": ["gambling/spins"],
    }),
    ("GMB.REAL", (), {
        "kind": "policy", "severity": "high", "thresholds": "review from 0.5, act from 0.85",
        "default": [{"market": "default", "stance": "prohibited", "ground": "platform",
                     "row": "GMB.REAL/default"}],
    }),
]  # fmt: skip


@pytest.mark.parametrize(("name", "markets", "expected"), SHOWN)
def test_what_is_known_of_a_name(
    name: str, markets: tuple[str, ...], expected: dict[str, Any], rules: str
) -> None:
    """Scope, status, overrides and stance as they act, not as one file says."""
    found = facts(rules, name, *markets)
    assert {key: found.get(key) for key in expected} == expected


def test_a_code_in_one_market(rules: str) -> None:
    """`show CODE --market SA` says which row is in force there, and where it comes from."""
    found = facts(rules, "GMB.REAL", "SA", "DE")
    assert [(row["for"], row["market"], row["ground"]) for row in found["in force"]] == [
        ("SA", "SA", "law"), ("DE", "default", "platform"),
    ]  # fmt: skip
    assert found["in force"][0]["source"] == "https://example.org/sa"
    assert "rows" not in found


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_everything_can_be_shown_as_text(lang: str, rules: str) -> None:
    """Every name of a ruleset has its page, in lines that fit the window."""
    for name in names(load(rules)):
        result = run("show", name, "-r", rules, "--market", "SA", "--lang", lang, "-v", columns=80)
        assert result.exit_code == exits.YES
        assert name in result.stdout
        assert max(map(len, result.stdout.splitlines())) <= 84


def test_right_to_left_values_come_with_code_points(rules: str) -> None:
    """Arabic letters that look alike are told apart by their code points."""
    result = run("show", "casino-ar", "-r", rules, columns=80)
    assert "\u2068كازينو\u2069" in result.stdout
    assert "U+0643 U+0627 U+0632 U+064A U+0646 U+0648" in result.stdout


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("casin", "did you mean 'casino'?"),
        ("GMB.RAEL", "did you mean 'GMB.REAL'?"),
        ("gambling/casinoo", "did you mean 'gambling/casino'?"),
        ("nothing-like-it", "the ruleset has no 'nothing-like-it'"),
    ],
)
def test_an_unknown_name(name: str, told: str, rules: str) -> None:
    """2, with the nearest name that there is."""
    result = run("show", name, "-r", rules)
    assert result.exit_code == exits.NOT_STARTED
    assert told in result.stderr


def test_the_library_twin(rules: str) -> None:
    """`look_up` is what the command prints; ids alone are found where they are clear."""
    ruleset = load(rules)
    (found,) = look_up(ruleset, "casino", ["GB"], on=ON)
    assert {"kind": found.kind, "id": found.id, **found.facts} == facts(rules, "casino", "GB")
    assert ids(ruleset, "casino") == ids(ruleset, "gambling/casino") == ["gambling/casino"]
    assert ids(ruleset, "nothing") == []
    with pytest.raises(KeyError):
        look_up(ruleset, "nothing", on=ON)


def test_quiet_says_nothing_of_what_was_guessed(tmp_path: Path) -> None:
    """How a table was read is said on standard error; -q says nothing, and shows the same."""
    rules = write_rules(tmp_path / "rules")
    Path(rules, "table.yaml").write_text(
        "package: t\nversion: 1\nowner: tests\npolicy: [GMB.REAL]\nmaterials: [{table: t.csv}]\n",
        "utf-8",
    )
    Path(rules, "t.csv").write_text("kind;value;weight\nkeyword;رهان;strong\n", "cp1256")
    for command in (
        ("show", "t"), ("explain", "--text", "x", "--market", "SA", "--on", str(ON)),
    ):  # fmt: skip
        loud, quiet = run(*command, "-r", rules), run(*command, "-r", rules, "-q")
        assert "t.csv" in loud.stderr
        assert (quiet.stderr, quiet.stdout) == ("", loud.stdout)


# --- schema -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema(name: str) -> None:
    """`schema NAME` is the JSON Schema the library publishes."""
    result = run("schema", name)
    assert result.exit_code == exits.YES
    assert json.loads(result.stdout) == schema(name)


def test_all_schemas(tmp_path: Path) -> None:
    """Without a name all of them, by name; with -o one file each."""
    assert list(json.loads(run("schema").stdout)) == list(SCHEMAS)
    folder = tmp_path / "made" / "schemas"
    result = run("schema", "-o", str(folder))
    assert (result.exit_code, result.stdout) == (exits.YES, "")
    found = {path.name: json.loads(path.read_text("utf-8")) for path in folder.iterdir()}
    assert found == {f"{name}.schema.json": schema(name) for name in SCHEMAS}


def test_an_unknown_schema() -> None:
    """2, and the names there are."""
    result = run("schema", "pakage")
    assert result.exit_code == exits.NOT_STARTED
    assert "package" in result.stderr


# --- doctor -------------------------------------------------------------------------------------


def test_doctor_says_what_is_installed() -> None:
    """0: every dependency with its version, both back ends tried out."""
    result = run("doctor")
    assert result.exit_code == exits.YES
    for name in ("automod", "Python", "Unicode", *NEEDED, "back end ahocorasick-rs"):
        assert f"✔ {name} " in result.stdout
    assert "everything works" in result.stdout


def test_doctor_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """1: something that is needed cannot be imported; what is wrong stands beside it."""
    monkeypatch.setitem(NEEDED, "nonesuch", ("automod_nonesuch", "testing"))
    result = run("doctor")
    assert result.exit_code == exits.NO
    assert "✖ nonesuch " in result.stdout
    assert "No module named 'automod_nonesuch'" in result.stdout


def test_a_back_end_that_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A back end is not believed for being installed: it has to find something."""
    monkeypatch.setattr("automod.match.literals.build", lambda *_: lambda _: [])
    found = installation()
    assert not found.ok
    assert [part.problem for part in found.parts if part.problem] == ["finds nothing"] * 2


def test_extras_are_optional(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing extra is told, with what it lacks, and breaks nothing."""
    named = ["click>=8", "nonesuch>=1; extra == 'video'", 'click>=8; extra == "sheets"']
    monkeypatch.setattr(installed, "requires", lambda _: named)
    found = {part.name: part for part in installation().parts if part.name.startswith("extra")}
    assert found["extra sheets"].found == "present"
    assert found["extra video"].problem == "missing: nonesuch"
    assert Installation((Part("extra video", "", None, False, "missing: x"),)).ok
    assert run("doctor").exit_code == exits.YES
