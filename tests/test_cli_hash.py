"""`automod hash`: what it prints loads, and finds the picture it was made of."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
from PIL import Image

import automod
from automod.cli import exits
from automod.errors import LoadError
from automod.load.hash_lists import read_hash_list
from automod.report.hash_text import FORMS, hash_text
from automod.workshop.hashing import Hashed, side_by_side
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
        "algorithm": "pdq", "x-quality": made.quality, "source": banner,
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
    assert second.startswith(f"{tmp_path}/gone.png: media.missing: ")
    assert "cannot be read" in second


def loaded(folder: Path, text: str, form: str) -> list[str]:
    """The ids of the materials that a package of these entries has."""
    if form == "csv":
        files = {"p.yaml": f"{FIRST}materials: [{{table: t.csv}}]\n", "t.csv": text}
    elif form == "json":
        files = {"p.yaml": f"{FIRST}materials: {' '.join(text.splitlines())}\n"}
    else:
        entries = "".join(f"  {line}\n" for line in text.splitlines())
        files = {"p.yaml": f"{FIRST}materials:\n{entries}"}
    (package,) = automod.load(write(folder, files)).packages
    return [one.id for one in package.materials]


FIRST = f"{HEAD}defaults: {{weight: strong}}\n"
NAMES = ("a/شعار.png", "b/شعار.png", "عَجَلة الحظّ.png", "???.png", "7.png", "जीत.png", "X_y.png")


@pytest.mark.parametrize("form", FORMS)
def test_the_output_of_every_form_loads(tmp_path: Path, form: str) -> None:
    """Names twice, in any script, without a letter; one picture twice; a list; packages of ours."""
    for number, name in enumerate(NAMES):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file_of(scene(number)))
    copy = tmp_path / "copy.png"
    copy.write_bytes((tmp_path / NAMES[0]).read_bytes())
    shared = tmp_path / "shared.csv"
    shared.write_text(f"7,{'12' * 32}\n7,{'cd' * 32}\n")
    package = f"{HEAD}materials: [{{id: x-y, kind: image, file: w.png, weight: strong}}]\n"
    ours = write(tmp_path / "ours", {"p.yaml": package, "w.png": file_of(scene(20))})
    files = [str(tmp_path / name) for name in NAMES]
    result = run(
        "hash", *files, str(copy), "--list", str(shared), "-r", str(ours), "-f", form
    )  # fmt: skip
    assert result.exit_code == exits.YES
    assert result.stderr == (
        f"{copy}: has the hash of 'شعار' of {files[0]}, which is there already\n"
    )
    text = result.stdout.removeprefix("\ufeff")
    if form == "pdq":
        (tmp_path / "again.txt").write_text(text)
        assert len(read_hash_list(tmp_path / "again.txt")) == len(NAMES) + 3
        return
    ids = loaded(tmp_path / "rules", text, form)
    (derived,) = [name for name in ids if name.startswith("p/image-pdq-")]
    assert sorted({*ids} - {derived}) == sorted(
        f"p/{name}"
        for name in ("شعار", "شعار-2", "عجلة-الحظ", "7", "जत", "x-y", "x-y-2", "pdq-7", "pdq-7-2")
    )


@pytest.mark.parametrize("form", ["yaml", "csv", "json"])
def test_long_names_are_cut_and_still_differ(form: str, tmp_path: Path) -> None:
    """An id has at most 100 characters."""
    long = [Hashed("x" * 100, "pdq", f"{n}f" * 32, None, "x.png") for n in range(3)]
    found = [one for one in side_by_side(long) if isinstance(one, Hashed)]
    ids = loaded(tmp_path, hash_text(found, form), form)
    assert ids == sorted(f"p/{'x' * (100 - len(end))}{end}" for end in ("", "-2", "-3"))


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    """A pipe that nobody writes to."""
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    result = run("hash", str(pipe))
    assert result.exit_code == exits.INCOMPLETE
    assert result.stderr.startswith(f"{pipe}: media.missing")


def test_a_hash_that_no_package_may_have_makes_no_entry(tmp_path: Path) -> None:
    """Its line is named; the others are printed."""
    shared = tmp_path / "shared.txt"
    shared.write_text(f"pdq {'00' * 32}\npdq {'1f' * 32}\n")
    result = run("hash", "--list", str(shared))
    assert result.exit_code == exits.INCOMPLETE
    assert result.stdout.count("kind: image") == 1
    assert result.stderr.startswith(f"{shared}:1: 0 of its 256 bits are set")


def test_no_more_is_read_than_an_image_may_have(tmp_path: Path) -> None:
    """A file of 33 MiB with nothing in it."""
    large = tmp_path / "large.png"
    with large.open("wb") as stream:
        stream.truncate(33 << 20)
    assert "media.too_large" in run("hash", str(large)).stderr


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


@pytest.mark.parametrize(
    "first", [f"pdq {'ab' * 31}a", f"pdq {'ab' * 33}", "ab" * 16, "pdq abc", f"id,{'ab' * 20},x"]
)
def test_a_damaged_first_line_is_no_header(tmp_path: Path, first: str) -> None:
    """A header has no run of digits in it that was a hash."""
    file = tmp_path / "list.txt"
    file.write_text(f"{first}\n{'ab' * 32}\n")
    with pytest.raises(LoadError) as caught:
        read_hash_list(file)
    assert [fault.location.line for fault in caught.value.faults] == [1]


@pytest.mark.parametrize("header", ["id,hash,tags", "pdq", "hash,pdq", "face,deed,bad"])
def test_a_header_is_no_hash(tmp_path: Path, header: str) -> None:
    """Whatever its columns are called."""
    file = tmp_path / "list.csv"
    file.write_text(f"{header}\n{'ab' * 32}\n")
    assert len(read_hash_list(file)) == 1


def test_a_cell_that_no_table_may_have_is_a_fault(tmp_path: Path) -> None:
    """With its line, like any other."""
    file = tmp_path / "list.csv"
    file.write_text(f"{'ab' * 32}\n{'cd' * 32},{'x' * 200_000}\n")
    with pytest.raises(LoadError) as caught:
        read_hash_list(file)
    (fault,) = caught.value.faults
    assert str(fault).startswith(f"{file}:2: this line is not CSV: field larger than field limit")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_ends_where_an_editor_ends_it(tmp_path: Path, end: str) -> None:
    """Not at the other characters that Unicode calls line ends."""
    file = tmp_path / "list.csv"
    tag = "one\u2028two\x0bthree\x1cfour\x85five"
    file.write_bytes(f"1,{'ab' * 32},{tag}{end}2,{'cd' * 32},x{end}".encode())
    assert [(one.name, one.place.line) for one in read_hash_list(file)] == [("1", 1), ("2", 2)]


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
    table = run("scan", str(ads / "ads.jsonl"), "-r", str(rules), "--on", ON, "-f", "csv").stdout
    assert "images[0]: the whole picture" in table
