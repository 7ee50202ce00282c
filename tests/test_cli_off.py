"""`automod off`: an override is written, does what it says, and nothing is ever overwritten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from automod.cli import exits
from automod.engine.compile import compile
from automod.errors import InputError, LoadError
from automod.load.ruleset import load
from automod.workshop.switch_off import Order, end_after, switch_off
from command import creative, run, write_rules

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
SIGNED = ("--by", "o.haddad", "--ticket", "INC-88")


@pytest.fixture
def rules(tmp_path: Path) -> str:
    """The small ruleset, in files that a test may add to."""
    return write_rules(tmp_path / "rules")


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is half past three on 22 November 2026."""
    monkeypatch.setattr("automod.cli.clock.now", lambda: NOW)


def written(rules: str) -> set[str]:
    """The overrides there are."""
    return {path.name for path in Path(rules, "overrides").iterdir()}


def test_a_material_off_for_a_day_in_one_market(rules: str) -> None:
    """The file of the documented format; the command prints it and says what it does."""
    result = run(
        "off", "gambling/casino", "--market", "SA", "--for", "24h", "-r", rules, *SIGNED
    )  # fmt: skip
    path = Path(rules, "overrides/INC-88.yaml")
    assert result.exit_code == exits.YES
    assert path.read_text("utf-8") == (
        "override: INC-88\ntarget: gambling/casino\nmarkets: [SA]\nset: {status: shadow}\n"
        "until: 2026-11-23\nby: o.haddad\nticket: INC-88\n"
    )
    assert result.stdout == f"# {path}\n{path.read_text('utf-8')}"
    assert "until the end of 2026-11-23 (UTC)" in result.stderr
    assert "shadow in SA" in result.stderr


def test_it_is_told_in_arabic(rules: str) -> None:
    """Where, until when, and what that means."""
    more = ("--market", "SA", "--until", "2026-12-01", "--lang", "ar")
    told = run("off", "gambling/casino", "-r", rules, *SIGNED, *more).stderr
    assert "مراقبة في SA، حتى نهاية 2026-12-01 (UTC)؛ تُطابق ولا تقرر شيئًا: gambling/casino" in told
    assert "shadow" not in told


def test_what_was_switched_off_decides_nothing_there_and_then(rules: str) -> None:
    """In its market and until its last day only; the material itself stays as it is."""
    run("off", "gambling/casino", "--market", "SA", "--for", "24h", "-r", rules, *SIGNED)
    engine = compile(load(rules))
    ad = creative(1, "our casino", "SA", "AE", on=None)
    actions = {
        day: {market: one.action for market, one in engine.decide(ad, day).markets.items()}
        for day in ("2026-11-23", "2026-11-24")
    }
    assert actions["2026-11-23"] == {"SA": "approve", "AE": "reject"}
    assert actions["2026-11-24"] == {"SA": "reject", "AE": "reject"}
    assert engine.decide(ad, "2026-11-23").hits[0].overridden_by == "INC-88"


@pytest.mark.parametrize(
    ("target", "flags", "expected"),
    [
        ("gambling", ["--until", "2026-12-01"], {"until": date(2026, 12, 1)}),
        ("gambling/tag:game", ["--for", "7d"], {"until": date(2026, 11, 29)}),
        ("gambling/game-phone", ["--for", "2w"], {"until": date(2026, 12, 6)}),
        ("gambling/casino", ["--permanent", "a chain of shops"], {"permanent": "a chain of shops"}),
        (
            "gambling",
            ["--until", "٢٠٢٦-١٢-٠١", "--status", "retired"],
            {"set": {"status": "retired"}},
        ),
        (
            "gambling",
            ["--for", "1d", "--market", "NO", "--market", "GCC"],
            {"markets": ["GCC", "NO"]},
        ),
    ],
)
def test_targets_and_ends(
    target: str, flags: list[str], expected: dict[str, object], rules: str
) -> None:
    """Packages, tags, materials, rules; a duration, a last day, or for good with a reason."""
    result = run("off", target, "-r", rules, *flags, *SIGNED)
    assert result.exit_code == exits.YES, result.stderr
    text = Path(rules, "overrides/INC-88.yaml").read_text("utf-8")
    found = yaml.safe_load(text)
    assert found["target"] == target
    assert {key: found[key] for key in expected} == expected
    assert load(rules).overrides[-1].target == target


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["gambling/casino"], "give one of --for, --until and --permanent"),
        (["gambling/casino", "--for", "1d", "--until", "2026-12-01"], "give one of"),
        (["gambling/casino", "--for", "soon"], "write it as 24h, 7d or 2w"),
        (["gambling/casino", "--for", "0h"], "write it as 24h, 7d or 2w"),
        (["gambling/casino", "--until", "2026-11-21"], "2026-11-21 is over"),
        (["gambling/casino", "--until", "tomorrow"], "is not a date"),
        (["gambling/casinoo", "--for", "1d"], "did you mean 'casino'?"),
        (["gamblin", "--for", "1d"], "did you mean 'gambling'?"),
        (["gambling/help", "--for", "1d"], "is an allow"),
        (["gambling", "--for", "1d", "--market", "ZZ"], "'ZZ'"),
        (["no such target", "--for", "1d"], "is not a target"),
    ],
)
def test_what_cannot_be_switched_off(arguments: list[str], told: str, rules: str) -> None:
    """2, a sentence, and no file."""
    result = run("off", *arguments, "-r", rules, *SIGNED)
    assert result.exit_code == exits.NOT_STARTED
    assert told in result.stderr
    assert result.stdout == ""
    assert written(rules) == {"INC-1.yaml"}


def test_quiet_writes_and_says_nothing(rules: str) -> None:
    """-q: the file and what is in it, and nothing on standard error."""
    result = run("off", "gambling/casino", "--for", "24h", "-r", rules, "-q", *SIGNED)
    assert (result.exit_code, result.stderr) == (exits.YES, "")
    assert result.stdout.startswith(f"# {Path(rules, 'overrides/INC-88.yaml')}\n")


@pytest.mark.parametrize("missing", ["--by", "--ticket"])
def test_somebody_has_to_sign(missing: str, rules: str) -> None:
    """No override without a name and a ticket."""
    place = SIGNED.index(missing)
    signed = SIGNED[:place] + SIGNED[place + 2 :]
    result = run("off", "gambling", "--for", "1d", "-r", rules, *signed)
    assert result.exit_code == exits.NOT_STARTED
    assert missing in result.stderr


def test_no_file_is_ever_overwritten(rules: str) -> None:
    """A ticket with an override gets a second file; so does a name that another file has."""
    before = Path(rules, "overrides/INC-1.yaml").read_bytes()
    for target in ("gambling/casino", "gambling/casino-ar"):
        run("off", target, "--for", "1d", "-r", rules, "--by", "me", "--ticket", "INC-1")
    assert Path(rules, "overrides/INC-1.yaml").read_bytes() == before
    assert written(rules) == {"INC-1.yaml", "INC-1-2.yaml", "INC-1-3.yaml"}
    assert [one.id for one in load(rules).overrides] == ["INC-1", "INC-1-2", "INC-1-3"]


@pytest.mark.parametrize(
    ("ticket", "name"),
    [
        ("INC 88/2", "INC-88-2"), ("#42", "42"), ("../../etc", "etc"), ("بلاغ ٤", "بلاغ-٤"),
        ("https://x.example/T-1", "https-x.example-T-1"), ("...", "override"),
        ("-_-", "override-_"),
    ],
)  # fmt: skip
def test_a_ticket_of_any_form_names_a_file(ticket: str, name: str, rules: str) -> None:
    """The file stays inside the folder of overrides, and keeps the ticket as it was written."""
    result = run("off", "gambling", "--for", "1d", "-r", rules, "--by", "me", "--ticket", ticket)
    assert result.exit_code == exits.YES, result.stderr
    assert written(rules) == {"INC-1.yaml", f"{name}.yaml"}
    assert load(rules).overrides[-1].ticket == ticket or load(rules).overrides[0].ticket == ticket


def test_rules_that_do_not_load_stay_as_they_are(rules: str) -> None:
    """With faults in the rules nothing is written; the faults are told."""
    Path(rules, "broken.yaml").write_text("package: x\nkind: nothing\n", "utf-8")
    result = run("off", "gambling", "--for", "1d", "-r", rules, *SIGNED)
    assert result.exit_code == exits.NOT_STARTED
    assert "nothing was written" in result.stderr
    assert "broken.yaml" in result.stderr
    assert written(rules) == {"INC-1.yaml"}


def test_a_folder_made_for_nothing_is_taken_away(tmp_path: Path) -> None:
    """The folder of overrides appears with the first override, not with a failed one."""
    rules = write_rules(tmp_path / "rules")
    folder = Path(rules, "overrides")
    (folder / "INC-1.yaml").unlink()
    folder.rmdir()
    with pytest.raises(LoadError):
        switch_off([rules], [Order("gambling/nothing", "me", "T", until=date(2027, 1, 1))], NOW)
    assert not folder.exists()
    switch_off([rules], [Order("gambling/casino", "me", "T", until=date(2027, 1, 1))], NOW)
    assert [path.name for path in folder.iterdir()] == ["T.yaml"]


def test_an_override_goes_where_overrides_are(tmp_path: Path) -> None:
    """Of several folders, into the one with overrides; files alone have no place for one."""
    rules = write_rules(tmp_path / "rules")
    other = tmp_path / "other"
    other.mkdir()
    order = Order("gambling/casino", "me", "T", until=date(2027, 1, 1))
    assert switch_off([str(other), rules], [order], NOW)[0].path == Path(rules, "overrides/T.yaml")
    files = [str(path) for path in Path(rules).glob("*.yaml")]
    with pytest.raises(InputError, match="needs a folder"):
        switch_off(files, [order], NOW)


def test_what_changes_nothing_is_said(rules: str) -> None:
    """Material that is in shadow already is no less active for it."""
    result = run("off", "gambling/new", "--for", "1d", "-r", rules, *SIGNED)
    assert result.exit_code == exits.YES
    assert "changes nothing" in result.stderr


@given(
    st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.integers(1, 9_999),
    st.sampled_from("hdw"),
)
def test_a_duration_is_held_to_the_end_of_its_last_day(
    now: datetime, count: int, unit: str
) -> None:
    """It holds at least as long as was asked for, and less than a day longer."""
    hours = count * {"h": 1, "d": 24, "w": 168}[unit]
    last = end_after(f"{count}{unit}", now)
    over = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)
    assert timedelta(0) <= over - (now + timedelta(hours=hours)) < timedelta(days=1)


def test_a_duration_is_counted_in_utc() -> None:
    """Wherever the command runs, days are days of UTC, as in decisions."""
    late = datetime(2026, 11, 22, 1, 0, tzinfo=timezone(timedelta(hours=3)))
    assert end_after("1h", late) == date(2026, 11, 21)
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    assert end_after("24h", midnight) == date(2026, 11, 22)
