"""`automod hash`: what it prints loads, and finds the picture it was made of."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from PIL import Image

import automod
from automod.cli import exits
from automod.errors import LoadError
from automod.load.hash_lists import read_hash_list
from automod.report.hash_text import FORMS
from command import run
from loading import HEAD, write
from pictures import file_of, scene
from rulesets import ON


@pytest.fixture
def banner(tmp_path: Path) -> str:
    """A file to hash."""
    path = tmp_path / "My Banner.png"
    path.write_bytes(file_of(scene(1)))
    return str(path)


def finds(folder: Path, package: str, **more: str) -> list[str]:
    """The materials of a package that hit the first scene, saved again."""
    engine = automod.compile(automod.load(write(folder, {"p.yaml": package, **more})))
    creative = {"id": "c", "markets": ["SA"], "images": [file_of(scene(1), "JPEG", quality=50)]}
    return [hit.material for hit in engine.decide(creative, on=ON).hits]


@pytest.mark.parametrize("algorithm", ["pdq", "phash", "dhash"])
def test_entries_can_be_pasted(tmp_path: Path, banner: str, algorithm: str) -> None:
    """Under `materials:`, as they are."""
    result = run("hash", banner, "-a", algorithm)
    assert result.exit_code == exits.YES
    entries = "".join(f"  {line}\n" for line in result.stdout.splitlines())
    package = f"{HEAD}defaults: {{weight: strong}}\nmaterials:\n{entries}"
    assert finds(tmp_path / "rules", package) == ["p/my-banner"]


def test_a_table_can_be_put_beside_a_package(tmp_path: Path, banner: str) -> None:
    """With `-f csv`."""
    table = run("hash", banner, "-f", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert [(row["id"], row["kind"], row["algorithm"]) for row in rows] == [
        ("my-banner", "image", "pdq")
    ]
    package = f"{HEAD}defaults: {{weight: strong}}\nmaterials: [{{table: t.csv}}]\n"
    assert finds(tmp_path / "rules", package, **{"t.csv": table}) == ["p/my-banner"]


def test_json_says_all_there_is(banner: str) -> None:
    """For programs."""
    (entry,) = json.loads(run("hash", banner, "-f", "json").stdout)
    made = automod.fingerprint(Path(banner).read_bytes())
    assert entry == {
        "id": "my-banner", "kind": "image", "hash": made.pdq[0].tobytes().hex(),
        "algorithm": "pdq", "quality": made.quality, "source": banner,
    }  # fmt: skip


def test_what_cannot_be_hashed_is_said(tmp_path: Path, banner: str) -> None:
    """The others are printed; the answer is incomplete."""
    flat = tmp_path / "flat.png"
    flat.write_bytes(file_of(Image.new("RGB", (300, 200), "red")))
    result = run("hash", str(flat), banner, str(tmp_path / "gone.png"))
    assert result.exit_code == exits.INCOMPLETE
    assert result.stdout.count("kind: image") == 1
    first, second = result.stderr.splitlines()
    assert first.startswith(f"{flat}: there is too little in the picture")
    assert second.startswith(f"{tmp_path}/gone.png: media.missing: cannot be read")


def test_lists_of_others_come_in_and_ours_goes_out(tmp_path: Path, banner: str) -> None:
    """`pdq HASH` lines, both ways; a file in a package goes out by its PDQ."""
    made = automod.fingerprint(Path(banner).read_bytes()).pdq[0].tobytes().hex()
    package = f"{HEAD}materials: [{{kind: image, file: b.png, weight: strong}}]\n"
    rules = write(tmp_path / "rules", {"p.yaml": package, "b.png": file_of(scene(1))})
    ours = run("hash", "-r", str(rules), "-f", "pdq").stdout
    assert ours == f"pdq {made}\n"
    shared = tmp_path / "shared.txt"
    shared.write_text(ours)
    entries = run("hash", "--list", str(shared)).stdout
    package = f"{HEAD}defaults: {{weight: strong}}\nmaterials:\n  {entries}"
    assert finds(tmp_path / "again", package) == [f"p/pdq-{made[:16]}"]


def test_the_forms_of_lists(tmp_path: Path) -> None:
    """A hash alone, behind its type, in a cell; a header and blank lines are no hashes."""
    one, two, three = "ab" * 32, "CD" * 32, "0f" * 32
    file = tmp_path / "list.csv"
    file.write_text(f"id,hash,tags\n\n{one}\npdq {two}\n# more\n1234,{three},a b\n{one}\n")
    found = read_hash_list(file)
    assert [(x.name, x.hash, x.place.line) for x in found] == [
        ("", one, 3), ("", two.lower(), 4), ("1234", three, 6),
    ]  # fmt: skip


def test_every_fault_of_a_list_is_told(tmp_path: Path) -> None:
    """With its line; nothing is left out without a word."""
    file = tmp_path / "list.txt"
    file.write_text(f"{'ab' * 32}\npdq abc\n{'ab' * 32} {'cd' * 32}\n")
    with pytest.raises(LoadError) as caught:
        read_hash_list(file)
    right = "PDQ hash in this line; a line has one, of 64 hexadecimal digits"
    assert [str(fault) for fault in caught.value.faults] == [
        f"{file}:2: no {right}", f"{file}:3: 2 {right}",
    ]  # fmt: skip


def test_nothing_to_hash() -> None:
    """It says what it wants."""
    result = run("hash")
    assert result.exit_code == exits.NOT_STARTED
    assert "give a FILE, a --list or --rules" in result.stderr


def test_the_command_knows_every_form() -> None:
    """Those of the report."""
    from automod.cli import hash as command

    assert command.FORMS == FORMS


def test_scan_reads_pictures_beside_the_file(tmp_path: Path) -> None:
    """A path counts from the file that names it; the report says what was seen."""
    package = f"{HEAD}materials: [{{id: b, kind: image, file: b.png, weight: strong}}]\n"
    rules = write(tmp_path / "rules", {"p.yaml": package, "b.png": file_of(scene(1))})
    ads = tmp_path / "ads"
    ads.mkdir()
    (ads / "one.jpg").write_bytes(file_of(scene(1), "JPEG", quality=60))
    creatives = [
        {"id": "c1", "markets": ["SA"], "images": ["one.jpg"]},
        {"id": "c2", "markets": ["SA"], "images": ["two.jpg"]},
    ]
    (ads / "ads.jsonl").write_text("\n".join(map(json.dumps, creatives)))
    result = run("scan", str(ads / "ads.jsonl"), "-r", str(rules), "--on", ON)
    assert result.exit_code == exits.INCOMPLETE
    assert "images[0] the whole picture" in result.stdout
    assert "0 bits apart" in result.stdout
    assert "media.missing" in result.stdout
    arabic = run("scan", str(ads / "ads.jsonl"), "-r", str(rules), "--on", ON, "--lang", "ar")
    assert "الصورة كاملة" in arabic.stdout
