"""Bundles: one file that makes a decision again, years later, or is refused."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import automod
from automod.cli import exits
from automod.engine.compile import VERSIONS
from automod.engine.reading import load_with_notes, read_source
from automod.errors import InputError
from automod.load.bundle import bundle_bytes, read_bundle
from automod.model.canonical import digest_canonical, encoded, to_canonical
from automod.model.ruleset import Ruleset
from automod.workshop.bundling import bundle
from automod.workshop.remaking import differences
from command import DAY, POLICIES, creative, run, write_jsonl, write_rules
from pictures import file_of, scene
from test_model_canonical import rulesets

NOW = datetime(2031, 1, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automod.cli.clock.now", lambda: NOW)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the small ruleset."""
    folder = tmp_path_factory.mktemp("bundles")
    write_rules(folder / "rules")
    return bundle(automod.load(folder / "rules"), folder / "store").path


def test_a_bundle_is_named_by_the_digest_that_decisions_name(made: Path) -> None:
    """So the bundle of a decision is found by its `ruleset`."""
    decision = automod.compile(automod.load(made.parents[1] / "rules")).decide(
        creative(1, "casino")
    )
    assert made.name == f"sha256-{decision.ruleset.removeprefix('sha256:')}.automod"
    assert automod.compile(automod.load(made)).decide(creative(1, "casino")) == decision


def test_the_same_ruleset_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """And a file that is there already stays as it is."""
    ruleset = automod.load(made.parents[1] / "rules")
    other = bundle(ruleset, tmp_path)
    assert other.new
    assert other.path.read_bytes() == made.read_bytes()
    again = bundle(ruleset, made.parent)
    assert (again.path, again.new) == (made, False)
    assert list(made.parent.iterdir()) == [made]


@given(rulesets)
def test_what_was_put_away_comes_back(ruleset: Ruleset) -> None:
    """Every ruleset, whatever it holds."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = bundle(ruleset, folder).path
        read = read_bundle(path)
    assert read.ruleset == ruleset
    assert read.versions == VERSIONS


@cache
def bundled() -> bytes:
    """The bytes of a bundle; to load its rules for each byte would take a minute."""
    return bundle_bytes(automod.load("tests/small_rulesets"), VERSIONS)[1]


@given(st.integers(0, 10**9), st.integers(1, 255))
def test_a_file_of_which_one_byte_is_another_is_refused(place: int, change: int) -> None:
    """Any byte, also of its first line."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.automod")
        data = bytearray(bundled())
        data[place % len(data)] ^= change
        path.write_bytes(data)
        with pytest.raises(InputError):
            read_bundle(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: b"", "is no bundle"),
        (lambda data: b"{}\n{}\n", "is no bundle"),
        (lambda data: b"[1]\n", "is no bundle"),
        (lambda data: b'{"bundle": 2}\n', "is a bundle of schema 2; this automod reads 1"),
        (lambda data: b"[" * 100_000 + b"\n", "is no bundle"),
        (lambda data: data[:-1], "was changed since it was written"),
        (lambda data: data + b"\n", "was changed since it was written"),
        (lambda data: data.replace(b"casino", b"kasino"), "was changed since it was written"),
        (lambda data: data.replace(b'"automod": "', b'"automod":  "', 1), "was changed"),
        (lambda data: data.replace(b'"unicode"', b'"unikode"', 1), "was changed"),
        (lambda data: b"\x80\x04N.", "is no bundle"),
    ],
)  # fmt: skip
def test_what_is_no_bundle_is_told(
    made: Path, tmp_path: Path, change: object, message: str
) -> None:
    """In one sentence with the name of the file."""
    assert callable(change)
    path = tmp_path / made.name
    path.write_bytes(change(made.read_bytes()))
    with pytest.raises(InputError, match=message) as caught:
        automod.load(path)
    assert str(caught.value).startswith(str(path))


def forged(data: bytes, body: bytes, claimed: str) -> bytes:
    """A bundle with another second line that says this digest, with the right digest of the file.

    Whoever can write a file can do that: it is no secret how a bundle is made.
    """
    header = json.loads(data.partition(b"\n")[0]) | {"ruleset": claimed}
    del header["file"]
    line = json.dumps(header, sort_keys=True).encode() + b"\n"
    header["file"] = f"sha256:{hashlib.sha256(line + body).hexdigest()}"
    return json.dumps(header, sort_keys=True).encode() + b"\n" + body


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace(b",", b", ", 1),
        lambda body: body.replace(b"casino", b"\\u0063asino"),
        lambda body: body[:-2] + b',"overrides":[]}\n',
        lambda body: body + b"\n",
        lambda body: body[:-1],
        lambda body: b"{}\n",
        lambda body: b"17\n",
    ],
)  # fmt: skip
def test_a_bundle_that_says_another_digest_than_its_ruleset_has_is_refused(
    made: Path, tmp_path: Path, change: Callable[[bytes], bytes], own: bool
) -> None:
    """Also where it says the digest of its own second line (`own`), and that is not canonical."""
    data = made.read_bytes()
    first, _, before = data.partition(b"\n")
    body = change(before)
    assert body != before
    claimed = digest_canonical(body[:-1], VERSIONS) if own else json.loads(first)["ruleset"]
    path = tmp_path / "forged.automod"
    path.write_bytes(forged(data, body, claimed))
    with pytest.raises(InputError, match=r"does not hold the ruleset that|no ruleset"):
        read_bundle(path)


def test_another_ruleset_is_taken_under_its_own_digest_alone(made: Path, tmp_path: Path) -> None:
    """A digest says what is in a bundle, not who made it."""
    data = made.read_bytes()
    ruleset = automod.load(made)
    other = replace(ruleset, packages=ruleset.packages[:0])
    body = encoded(to_canonical(other))
    path = tmp_path / "forged.automod"
    path.write_bytes(forged(data, body + b"\n", read_bundle(made).digest))
    with pytest.raises(InputError, match="does not hold the ruleset that it says"):
        read_bundle(path)
    own = digest_canonical(body, VERSIONS)
    path.write_bytes(forged(data, body + b"\n", own))
    read = read_bundle(path)
    assert (read.ruleset, read.digest) == (other, own)
    assert automod.compile(read.ruleset).digest == own


def test_a_bundle_under_the_name_of_another_is_refused(made: Path, tmp_path: Path) -> None:
    """Its name says which ruleset it is; under a name that says none it is taken."""
    other = tmp_path / f"sha256-{'0' * 64}.automod"
    shutil.copy(made, other)
    with pytest.raises(InputError, match="holds another ruleset than it is named for"):
        automod.load(other)
    ruleset = automod.load(made)
    (tmp_path / made.name).write_bytes(b"{}")
    with pytest.raises(InputError, match="take it away"):
        bundle(ruleset, tmp_path)
    plain = tmp_path / "current.automod"
    shutil.copy(made, plain)
    assert automod.load(plain) == automod.load(made)


def test_a_bundle_of_another_version_is_taken_when_asked_for(tmp_path: Path) -> None:
    """Both versions are named; then decisions may differ, and that is said."""
    write_rules(tmp_path / "rules")
    ruleset = automod.load(tmp_path / "rules")
    digest, data = bundle_bytes(ruleset, {**VERSIONS, "semantics": "1"})
    path = tmp_path / f"{digest.replace(':', '-')}.automod"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"semantics 1 .*--other-version") as caught:
        automod.load(path)
    assert f"semantics {VERSIONS['semantics']}" in str(caught.value)
    read, (note,) = load_with_notes(path, other_version=True)
    assert read == ruleset
    assert "decisions may differ" in note
    text = ("--text", "casino", "--market", "SA", "--on", DAY)
    assert run("explain", *text, "--bundle", str(path)).exit_code == exits.NOT_STARTED
    taken = run("explain", *text, "--bundle", str(path), "--other-version")
    assert taken.exit_code == exits.YES
    assert "decisions may differ" in taken.stderr


def test_a_bundle_is_given_alone_and_is_not_changed(made: Path) -> None:
    """It is a whole ruleset; nothing is written into it, and it says nothing of approvals."""
    rules = str(made.parents[1] / "rules")
    with pytest.raises(InputError, match="given alone"):
        automod.load(made, rules)
    with pytest.raises(InputError, match="does not say what was approved"):
        automod.load(made, require_approval=True)
    assert "is a bundle" in str(read_source(made).faults[0])
    off = run("off", "gambling", "--for", "24h", "--by", "n", "--ticket", "T", "-r", str(made))
    assert off.exit_code == exits.NOT_STARTED
    assert "is a bundle" in off.stderr


def test_commands_take_a_bundle_where_they_take_rules(made: Path, tmp_path: Path) -> None:
    """scan, show and diff say what they say of the folder."""
    ads = write_jsonl(tmp_path / "ads.jsonl", [creative(1, "casino"), creative(2, "كازينو")])
    rules = str(made.parents[1] / "rules")
    scans = [run("scan", ads, "-r", one, "-f", "jsonl").stdout for one in (rules, str(made))]
    shows = [run("show", "gambling", "-r", one).stdout for one in (rules, str(made))]
    assert scans[0] == scans[1]
    assert shows[0] == shows[1]
    assert run("diff", rules, str(made), "--exit-code").exit_code == exits.YES


def test_the_command_prints_where_it_is(made: Path, tmp_path: Path) -> None:
    """On standard output the path alone, so that a script has it; the second time it is there."""
    rules, store = str(made.parents[1] / "rules"), str(tmp_path / "store")
    first, second = (run("bundle", "-r", rules, "-o", store) for _ in range(2))
    assert first.stdout == second.stdout == f"{tmp_path / 'store' / made.name}\n"
    assert "bytes" in first.stderr
    assert "was there already" in second.stderr


def test_only_what_is_approved_is_put_away_when_asked_for(made: Path, tmp_path: Path) -> None:
    """The bundle itself needs no further looking at."""
    rules = str(made.parents[1] / "rules")
    result = run("bundle", "-r", rules, "--require-approval", "-o", str(tmp_path))
    ruleset = automod.load(result.stdout.strip())
    assert automod.compile(ruleset).decide(creative(1, "casino")).action == "approve"


def test_a_picture_is_in_it(tmp_path: Path) -> None:
    """Its hashes are: the files that it was made of need not be there any more."""
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "policies.yaml").write_text(POLICIES, encoding="utf-8")
    (rules / "banner.png").write_bytes(file_of(scene(5), "PNG"))
    (rules / "p.yaml").write_text(
        "{package: p, version: 1, owner: t, policy: GMB.REAL, materials: "
        "[{id: banner, kind: image, file: banner.png, weight: strong}]}", encoding="utf-8",
    )  # fmt: skip
    (tmp_path / "ad.png").write_bytes(file_of(scene(5), "PNG"))
    path = bundle(automod.load(rules), tmp_path).path
    shutil.rmtree(rules)
    ad = creative(1, "hello", images=[str(tmp_path / "ad.png")])
    decision = automod.compile(automod.load(path)).decide(ad)
    assert (decision.action, decision.hits[0].material) == ("reject", "p/banner")


# --- a decision made again -----------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_a_stored_decision_is_made_again(made: Path, tmp_path: Path, suffix: str) -> None:
    """For the day that it was made for, wherever in its file the creative stood."""
    ads = [creative(1, "clean"), creative(2, "casino roulette", on="2026-12-31")]
    path, log = write_jsonl(tmp_path / "ads.jsonl", ads), str(tmp_path / f"d.{suffix}")
    run("scan", path, "-r", str(made.parents[1] / "rules"), "-o", log)
    asked = ("explain", path, "--id", "c2", "--bundle", str(made), "--decision", log)
    result = run(*asked)
    assert result.exit_code == exits.YES
    assert "the stored decision, made again, is the same" in result.stdout
    told = json.loads(run(*asked, "-f", "json").stdout)
    assert told["stored"] == {"equal": True, "differs": []}


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_where_a_decision_differs_is_told(made: Path, tmp_path: Path, lang: str) -> None:
    """With what was stored and what it is now, and exit code 1."""
    ads, log = write_jsonl(tmp_path / "a.jsonl", [creative(1, "casino")]), tmp_path / "d.jsonl"
    run("scan", ads, "-r", str(made.parents[1] / "rules"), "-o", str(log))
    stored = json.loads(log.read_text("utf-8"))
    stored["verdicts"][0]["score"] = 0.7
    log.write_text(json.dumps(stored), encoding="utf-8")
    asked = ("explain", ads, "--id", "c1", "--bundle", str(made), "--decision", str(log))
    result = run(*asked, "--lang", lang)
    assert result.exit_code == exits.NO
    assert "verdicts[0].score" in result.stdout
    assert "0.7" in result.stdout
    told = json.loads(run(*asked, "-f", "json").stdout)["stored"]
    assert told["differs"] == [{"path": "verdicts[0].score", "stored": 0.7, "again": 0.9}]


def test_of_several_decisions_that_of_this_ruleset_and_day(made: Path, tmp_path: Path) -> None:
    """Logs grow: a creative is decided again when the rules change."""
    ads, log = write_jsonl(tmp_path / "a.jsonl", [creative(1, "casino")]), tmp_path / "d.jsonl"
    run("scan", ads, "-r", str(made.parents[1] / "rules"), "-o", str(log))
    own = log.read_text("utf-8")
    other = json.loads(own) | {"ruleset": f"sha256:{'0' * 64}", "action": "approve"}
    log.write_text(own + json.dumps(other) + "\n", encoding="utf-8")
    asked = ("explain", ads, "--id", "c1", "--bundle", str(made), "--decision", str(log))
    assert run(*asked).exit_code == exits.YES


def test_no_decision_on_the_creative(made: Path, tmp_path: Path) -> None:
    """It is told; nothing is taken for equal."""
    ads, log = write_jsonl(tmp_path / "a.jsonl", [creative(1, "casino")]), tmp_path / "d.jsonl"
    run("scan", ads, "-r", str(made), "-o", str(log))
    text = ("--text", "x", "--market", "SA", "--bundle", str(made), "--decision", str(log))
    result = run("explain", *text)
    assert result.exit_code == exits.NOT_STARTED
    assert "has no decision on the creative 'text'" in result.stderr


@pytest.mark.parametrize("given_rules", [[], ["-r", "rules", "--bundle", "b"]])
def test_either_rules_or_a_bundle(given_rules: list[str]) -> None:
    """One of them says what is decided with."""
    result = run("explain", "--text", "x", "--market", "SA", *given_rules)
    assert result.exit_code == exits.NOT_STARTED
    assert "give either -r RULES or --bundle FILE" in result.stderr


@pytest.mark.parametrize(
    ("stored", "again", "paths"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"index": 1, "engine": {"automod": "0"}}, {"index": 2, "engine": {"automod": "1"}}, []),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, ["a.b"]),
        ({"a": [1, 2]}, {"a": [1, 3]}, ["a[1]"]),
        ({"a": [1, 2]}, {"a": [1]}, ["a"]),
        ({"a": None}, {}, []),
        ({"a": 1}, {}, ["a"]),
        ({"a": (1, 2)}, {"a": [1, 2]}, []),
        ({"a": "x"}, {"a": ["x"]}, ["a"]),
    ],
)
def test_differences(stored: dict[str, object], again: dict[str, object], paths: list[str]) -> None:
    """Every place in which they differ, and no place in which only the file is another."""
    assert [one.path for one in differences(stored, again)] == paths
