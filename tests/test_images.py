"""Images as material: what is found again and where, what is not, and what cannot be seen."""

from __future__ import annotations

import io
import json
import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageOps

import automod
from automod.media.errors import MediaError
from automod.media.fingerprint import VERSION, Fingerprint
from automod.media.sample import of_file
from automod.model.canonical import from_canonical, to_canonical
from automod.model.decision import Decision
from automod.model.ruleset import Sample
from loading import Files, write
from pictures import HEIGHT, WIDTH, file_of, framed, scene, with_code
from rulesets import ON

PACKAGE = """\
package: pics
version: 1
owner: tests
policy: [GMB.REAL]
materials:
  - {id: banner, kind: image, file: samples/banner.png, weight: strong}
  - {id: other, kind: image, file: samples/other.png, weight: strong}
  - {id: shop, kind: domain, value: casino-win.com, weight: strong}
"""


def harmless() -> Image.Image:
    """The first scene with something else in its middle."""
    out = scene(1).copy()
    ImageDraw.Draw(out).ellipse((200, 140, 280, 220), fill="navy")
    return out


def engine_of(folder: Path, package: str = PACKAGE) -> automod.Engine:
    """The engine of a package and two samples beside it."""
    files: Files = {
        "p.yaml": package,
        "samples/banner.png": file_of(scene(1)),
        "samples/other.png": file_of(scene(2)),
        "samples/near.png": file_of(harmless()),
    }
    return automod.compile(automod.load(write(folder, files)))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> automod.Engine:
    """The engine that most tests ask."""
    return engine_of(tmp_path_factory.mktemp("rules"))


def seen(engine: automod.Engine, *images: Any, **more: Any) -> Decision:
    """What is decided on a creative with these images."""
    return engine.decide({"id": "c", "markets": ["SA"], "images": list(images), **more}, on=ON)


def cut(picture: Image.Image, share: float) -> Image.Image:
    """Without so much of each side."""
    across, down = round(WIDTH * share), round(HEIGHT * share)
    return picture.crop((across, down, WIDTH - across, HEIGHT - down))


def covered(picture: Image.Image) -> Image.Image:
    """With a banner over the lowest fifth."""
    out = picture.copy()
    ImageDraw.Draw(out).rectangle((0, round(HEIGHT * 0.8), WIDTH, HEIGHT), fill="white")
    return out


def in_a_story(picture: Image.Image) -> Image.Image:
    """In the middle of a black 9:16."""
    out = Image.new("RGB", (WIDTH, WIDTH * 16 // 9), "black")
    out.paste(picture, (0, (out.height - HEIGHT) // 2))
    return out


FULL = (0, 0, WIDTH, HEIGHT)
BACK: list[tuple[str, Callable[[Image.Image], Image.Image], str, tuple[int, int, int, int]]] = [
    ("as it is", lambda one: one, "whole", FULL),
    ("smaller", lambda one: one.resize((WIDTH // 2, HEIGHT // 2)), "whole", (0, 0, 240, 180)),
    ("squeezed", lambda one: one.resize((HEIGHT, HEIGHT)), "whole", (0, 0, HEIGHT, HEIGHT)),
    ("grey", lambda one: one.convert("L").convert("RGB"), "whole", FULL),
    ("mirrored", ImageOps.mirror, "mirrored", FULL),
    ("turned", lambda one: one.rotate(90, expand=True), "turned 90", (0, 0, HEIGHT, WIDTH)),
    ("upside down", lambda one: one.rotate(180), "turned 180", FULL),
    ("framed", lambda one: framed(one, 30), "framed", (30, 30, 30 + WIDTH, 30 + HEIGHT)),
    ("in a story", in_a_story, "framed", (0, 246, WIDTH, 246 + HEIGHT)),
    ("cut", lambda one: cut(one, 0.06), "cropped", (0, 0, 422, 316)),
    ("covered", covered, "partly", FULL),
]


@pytest.mark.parametrize(("edit", "view", "box"), [pytest.param(*r, id=i) for i, *r in BACK])
def test_what_comes_back_is_found_and_where_it_lies_is_said(
    engine: automod.Engine,
    edit: Callable[[Image.Image], Image.Image],
    view: str,
    box: tuple[int, int, int, int],
) -> None:
    """The material alone, its view, and its box within a fiftieth of the picture."""
    decision = seen(engine, file_of(edit(scene(1)), "JPEG", quality=85))
    (hit,) = decision.hits
    assert (hit.material, hit.field, hit.view) == ("pics/banner", "images[0]", view)
    assert (hit.text, hit.start, hit.end, hit.kind) == (None, None, None, "image")
    assert hit.distance is not None and hit.distance <= 31
    assert hit.box is not None
    assert max(abs(a - b) for a, b in zip(hit.box, box, strict=True)) <= WIDTH // 50
    assert (decision.action, decision.verdicts[0].because) == ("reject", (0,))


@pytest.mark.parametrize("number", range(3, 40))
def test_nothing_else_is_found(engine: automod.Engine, number: int) -> None:
    """Other scenes are clean, and that is all there is to say of them."""
    decision = seen(engine, file_of(scene(number)))
    assert (decision.action, decision.hits, decision.not_evaluated) == ("approve", (), ())


def test_the_same_file_and_the_same_pixels(engine: automod.Engine) -> None:
    """What is exactly the sample is said to be."""
    assert [hit.view for hit in seen(engine, file_of(scene(1))).hits] == ["same file"]
    again = file_of(scene(1), "PNG", compress_level=1)
    assert [hit.view for hit in seen(engine, again).hits] == ["same pixels"]


# --- fingerprints --------------------------------------------------------------------------------


@pytest.mark.parametrize("edit", [pytest.param(row[1], id=row[0]) for row in BACK])
def test_a_decision_from_the_fingerprint_is_the_one_from_the_file(
    engine: automod.Engine, edit: Callable[[Image.Image], Image.Image]
) -> None:
    """To the byte: from the object, from its JSON (also as text), and from its bytes."""
    file = file_of(with_code(edit(scene(1)), "https://casino-win.com/win"))
    made = automod.fingerprint(file)
    expected = seen(engine, file).to_json()
    assert seen(engine, made).to_json() == expected
    assert seen(engine, json.loads(made.to_json())).to_json() == expected
    assert seen(engine, made.to_json()).to_json() == expected
    assert seen(engine, made.to_bytes()).to_json() == expected


def test_a_fingerprint_of_another_version_is_never_compared(engine: automod.Engine) -> None:
    """It is not evaluated, and neither is what is no fingerprint."""
    stored = automod.fingerprint(file_of(scene(1))).to_dict()
    arrays = stored["arrays"]
    data = automod.fingerprint(file_of(scene(1))).to_bytes()
    rows: dict[str, list[Any]] = {
        "fingerprint.version": [
            {**stored, "version": "0"}, {"automod": "fingerprint"},
            data.replace(f'"version":"{VERSION}"'.encode(), b'"version":"9.9"'),
        ],
        "fingerprint.malformed": [
            {}, {**stored, "size": [1]}, {**stored, "arrays": 3}, {**stored, "arrays": {}},
            {**stored, "arrays": {**arrays, "views": "AAAA"}},
            {**stored, "arrays": {**arrays, "views": 3}},
            {**stored, "arrays": {**arrays, "pdq": "!"}},
            {**stored, "arrays": {**arrays, "magic": "AA=="}},
            {key: value for key, value in stored.items() if key != "codes"},
            data[:200], data[:-1], data[:20],
        ],
    }  # fmt: skip
    for code, ones in rows.items():
        for one in ones:
            decision = seen(engine, one)
            assert [(x.field, x.code) for x in decision.not_evaluated] == [("images[0]", code)]
            assert (decision.action, decision.markets["SA"].complete) == ("review", False)


def test_a_fingerprint_says_what_it_is_of() -> None:
    """Size, quality, codes; and it is small."""
    made = automod.fingerprint(file_of(with_code(scene(1), "https://casino-win.com")))
    assert (made.size, [code.text for code in made.codes]) == (
        (WIDTH, HEIGHT), ["https://casino-win.com"],
    )  # fmt: skip
    assert made.quality > 50
    assert len(made.to_json()) < 8_000
    again = Fingerprint.from_dict(json.loads(made.to_json()))
    assert again.to_json() == made.to_json()
    assert json.loads(made.to_json())["version"] == VERSION


# --- what cannot be seen -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("media", "code", "transient"),
    [
        ("nowhere.png", "media.missing", True),
        ("https://example.org/a.png", "media.missing", True),
        ("a\0b", "media.missing", True),
        (b"", "media.missing", True),
        (b"%PDF-1.7", "media.unsupported", False),
        (file_of(scene(1))[:5_000], "media.damaged", False),
        (5, "media.unsupported", False),
        (None, "media.unsupported", False),
    ],
    ids=str,
)
def test_what_cannot_be_seen_is_never_clean(
    engine: automod.Engine, media: Any, code: str, transient: bool
) -> None:
    """Its code stands in the decision; the other image and the text are judged all the same."""
    decision = seen(
        engine, media, file_of(scene(1)), text={"body": "see casino-win.com"}
    )  # fmt: skip
    assert [(one.field, one.code, one.transient) for one in decision.not_evaluated] == [
        ("images[0]", code, transient)
    ]
    assert {hit.material for hit in decision.hits} == {"pics/banner", "pics/shop"}
    assert not decision.markets["SA"].complete


def test_a_batch_goes_on(engine: automod.Engine) -> None:
    """One by one and all at once, the same answers; what is broken stays where it is."""
    creatives = [
        {"id": "a", "markets": ["SA"], "images": [file_of(scene(1))]},
        {"id": "b", "markets": ["SA"], "images": [b"junk", file_of(scene(2))]},
        {"id": "c", "markets": ["SA"], "images": [7]},
        {"id": "d", "markets": ["SA"], "images": "no list"},
        {"id": "e", "markets": ["SA"], "text": {"body": "casino-win.com"}},
    ]
    together = engine.decide_batch(creatives, on=ON)
    alone = [engine.decide(one, on=ON) for one in creatives]
    assert [one.to_dict() | {"index": 0} for one in together] == [one.to_dict() for one in alone]
    assert [one.action for one in together] == ["reject", "reject", "review", "review", "reject"]


def test_pictures_stay_closed_where_nothing_could_match_them(tmp_path: Path) -> None:
    """Words are not looked for in pictures: a file that is missing says nothing then."""
    words = "package: p\nversion: 1\nowner: me\npolicy: [GMB.REAL]\nmaterials:\n"
    words += "  - {kind: keyword, value: casino, weight: strong}\n"
    decision = seen(engine_of(tmp_path, words), "nowhere.png")
    assert (decision.action, decision.not_evaluated) == ("approve", ())


def test_too_many_images(engine: automod.Engine) -> None:
    """What is beyond the limit is said to be so."""
    made = automod.fingerprint(file_of(scene(9)))
    decision = seen(engine, *[made] * 101)
    assert [(one.field, one.code) for one in decision.not_evaluated] == [
        ("images[100]", "creative.too_many_media")
    ]


def test_fingerprint_raises_what_is_wrong() -> None:
    """A code for a program and a sentence for a person."""
    with pytest.raises(MediaError, match=r"media\.unsupported: the bytes begin 6a 75") as caught:
        automod.fingerprint(b"junk")
    assert caught.value.code == "media.unsupported"


# --- codes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("angle", [0, 90, 200, 17])
def test_links_in_codes_are_links(engine: automod.Engine, angle: int) -> None:
    """Whichever way the picture is turned."""
    turned = with_code(scene(5), "https://casino-win.com/win").rotate(angle, expand=True)
    decision = seen(engine, file_of(turned))
    assert [(hit.material, hit.field, hit.text) for hit in decision.hits] == [
        ("pics/shop", "code:images[0]", "https://casino-win.com/win")
    ]
    assert decision.action == "reject"


def test_rules_ask_for_codes(tmp_path: Path) -> None:
    """`found: code` is any code, listed or not."""
    rule = "rules:\n  - {id: coded, weight: strong, all: [{found: code}]}\n"
    engine = engine_of(tmp_path, PACKAGE + rule)
    decision = seen(engine, file_of(with_code(scene(5), "WIFI:S:shop;;")))
    assert [(hit.material, hit.text) for hit in decision.hits] == [
        ("found/code", "WIFI:S:shop;;"), ("pics/coded", None),
    ]  # fmt: skip
    assert seen(engine, file_of(scene(5))).hits == ()


def test_a_stored_decision_is_made_again(engine: automod.Engine) -> None:
    """From the hits alone, those of pictures and those of codes in them."""
    file = file_of(with_code(framed(scene(1), 40), "https://casino-win.com/win"))
    creative = {"id": "c", "markets": ["SA"], "images": [file]}
    decision = engine.decide(creative, on=ON)
    assert {hit.material for hit in decision.hits} == {"pics/banner", "pics/shop"}
    assert engine.decide_hits(creative, decision, on=ON) == decision
    assert engine.decide_hits(creative, [one.to_dict() for one in decision.hits], on=ON) == decision


# --- allows --------------------------------------------------------------------------------------


def test_a_nearer_harmless_sample_allows(tmp_path: Path) -> None:
    """What is nearer to the allowed sample counts nothing; the risky one itself still does."""
    allow = "allow:\n  - {id: ours, kind: image, file: samples/near.png}\n"
    engine = engine_of(tmp_path, PACKAGE + allow)
    for file in (file_of(harmless()), file_of(harmless(), "JPEG", quality=60)):
        decision = seen(engine, file)
        assert [(hit.material, hit.allowed_by) for hit in decision.hits] == [
            ("pics/banner", "pics/ours"), ("pics/ours", None),
        ]  # fmt: skip
        assert decision.action == "approve"
    risky = seen(engine, file_of(scene(1)))
    assert [(hit.material, hit.allowed_by) for hit in risky.hits] == [("pics/banner", None)]
    assert risky.action == "reject"


def test_an_allowed_badge_allows_nothing_beside_it(tmp_path: Path) -> None:
    """It protects what lies where it lies, and not the picture around it."""
    allow = "allow:\n  - {id: badge, kind: image, file: samples/other.png}\n"
    package = PACKAGE.replace(
        "  - {id: other, kind: image, file: samples/other.png, weight: strong}\n", ""
    )
    engine = engine_of(tmp_path, package + allow)
    both = Image.new("RGB", (WIDTH, 2 * HEIGHT + 40), "white")
    both.paste(scene(1), (0, 0))
    both.paste(scene(2), (0, HEIGHT + 40))
    decision = seen(engine, file_of(both))
    assert ("pics/banner", None) in [(hit.material, hit.allowed_by) for hit in decision.hits]
    assert decision.action == "reject"


# --- samples -------------------------------------------------------------------------------------


def test_written_hashes(tmp_path: Path) -> None:
    """PDQ and pHash of others find the picture saved again, whichever way it is turned."""
    made = automod.fingerprint(file_of(scene(1)))
    pdq, phash = made.pdq[0].tobytes().hex(), made.phash[0].tobytes().hex()
    package = (
        PACKAGE.split("materials:", maxsplit=1)[0]
        + f"materials:\n  - {{id: a, kind: image, hash: {pdq}, weight: strong}}\n"
        + f"  - {{id: b, kind: image, hash: {phash}, algorithm: phash, weight: strong}}\n"
    )
    engine = engine_of(tmp_path, package)
    found = seen(engine, file_of(scene(1), "JPEG", quality=40)).hits
    assert [(hit.material, hit.view) for hit in found] == [
        ("pics/a", "pdq, whole"), ("pics/b", "phash, whole"),
    ]  # fmt: skip
    turns: list[tuple[Image.Image, str]] = [
        (ImageOps.mirror(scene(1)), "mirrored"), (ImageOps.flip(scene(1)), "flipped"),
        (scene(1).rotate(90, expand=True), "turned 90"),
        (scene(1).rotate(180), "turned 180"), (scene(1).rotate(270, expand=True), "turned 270"),
        (scene(1).transpose(Image.Transpose.TRANSPOSE), "transposed"),
        (scene(1).transpose(Image.Transpose.TRANSVERSE), "transversed"),
    ]  # fmt: skip
    for picture, view in turns:
        assert [(hit.material, hit.view) for hit in seen(engine, file_of(picture)).hits] == [
            ("pics/a", f"pdq, {view}")
        ]
    assert seen(engine, file_of(scene(2))).hits == ()


def test_a_radius_narrows(tmp_path: Path) -> None:
    """With a radius of 0 only what has the very hash is found."""
    pdq = automod.fingerprint(file_of(scene(1))).pdq[0].tobytes().hex()
    head = PACKAGE.split("materials:", maxsplit=1)[0]
    package = head + f"materials:\n  - {{kind: image, hash: {pdq}, radius: 0, weight: strong}}\n"
    engine = engine_of(tmp_path, package)
    assert len(seen(engine, file_of(scene(1))).hits) == 1
    assert seen(engine, file_of(scene(1), "JPEG", quality=10)).hits == ()


def test_a_flat_sample_is_refused(tmp_path: Path) -> None:
    """With the reason, in its place."""
    files: Files = {
        "p.yaml": PACKAGE,
        "samples/banner.png": file_of(Image.new("RGB", (200, 200), "red")),
    }
    write(tmp_path, {**files, "samples/other.png": file_of(scene(2))})
    with pytest.raises(automod.LoadError) as caught:
        automod.load(tmp_path)
    (fault,) = caught.value.faults
    assert str(fault).startswith(f"{tmp_path}/p.yaml:6:37: there is too little in the picture")


def test_the_digest_is_of_the_content(tmp_path: Path) -> None:
    """A sample by another name is the same ruleset; another picture by the same name is not."""
    first = engine_of(tmp_path / "a").digest
    (tmp_path / "b/samples").mkdir(parents=True)
    (tmp_path / "b/samples/renamed.png").write_bytes(file_of(scene(1)))
    renamed = PACKAGE.replace("banner.png", "renamed.png")
    assert engine_of(tmp_path / "b", renamed).digest == first
    (tmp_path / "c/samples").mkdir(parents=True)
    assert engine_of(tmp_path / "c", PACKAGE.replace("banner.png", "near.png")).digest != first


def test_a_pickled_engine_needs_no_files(tmp_path: Path) -> None:
    """All that is known of the samples travels in the canonical ruleset."""
    engine = engine_of(tmp_path)
    ruleset = from_canonical(to_canonical(engine.ruleset))
    assert to_canonical(ruleset) == to_canonical(engine.ruleset)
    again = pickle.loads(pickle.dumps(engine))
    file = file_of(framed(scene(1), 20))
    assert seen(again, file).to_json() == seen(engine, file).to_json()
    assert seen(automod.compile(ruleset), file).to_json() == seen(engine, file).to_json()


@pytest.mark.parametrize("algorithm", ["ahash", "whash", "colorhash"])
def test_hashes_by_imagehash(tmp_path: Path, algorithm: Any) -> None:
    """Where a package asks for them; a fingerprint that was made without is not evaluated."""
    pytest.importorskip("imagehash", reason="the extra 'imagehash' is not installed")
    head = PACKAGE.split("materials:", maxsplit=1)[0]
    entry = (
        f"{{id: a, kind: image, file: samples/banner.png, algorithm: {algorithm}, weight: weak}}"
    )
    engine = engine_of(tmp_path, f"{head}materials:\n  - {entry}\n")
    file = file_of(scene(1), "JPEG", quality=85)
    decision = seen(engine, file)
    assert [(hit.material, hit.view) for hit in decision.hits] == [
        ("pics/a", f"{algorithm}, whole")
    ]
    assert decision.hits[0].confidence == 0.6
    assert seen(engine, file_of(scene(2))).hits == ()
    made = automod.fingerprint(file, also=[algorithm])
    for stored in (made, made.to_bytes(), json.loads(made.to_json())):
        assert seen(engine, stored).to_json() == decision.to_json()
    without = seen(engine, automod.fingerprint(file))
    assert [one.code for one in without.not_evaluated] == ["fingerprint.version"]


def test_images_in_a_process_of_their_own(engine: automod.Engine, tmp_path: Path) -> None:
    """The answers are the same, also of what cannot be seen, and also after a pickle."""
    path = tmp_path / "a.png"
    path.write_bytes(file_of(with_code(framed(scene(1), 30), "https://casino-win.com/win")))
    isolated = automod.compile(engine.ruleset, isolated=True)
    again = pickle.loads(pickle.dumps(isolated))
    media = [str(path), path.read_bytes(), b"junk", b"", "nowhere.png", 7]
    expected = seen(engine, *media).to_json()
    assert len(json.loads(expected)["hits"]) == 4
    assert seen(isolated, *media).to_json() == expected
    assert seen(again, *media).to_json() == expected
    assert again.isolated


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (scene(1).resize((200, 20)), "200 by 20 pixels, at least 32 are needed"),
        (Image.new("RGB", (300, 200), "red"), "its quality is 0 of 100, at least 50 is needed"),
        ("SALE", "something happens in 9% of it, at least 15% is needed"),
    ],
    ids=["tiny", "flat", "one word"],
)
def test_why_a_sample_is_refused(picture: Image.Image | str, why: str) -> None:
    """There is too little in it, and what that is."""
    if isinstance(picture, str):
        word, picture = picture, Image.new("RGB", (600, 400), "white")
        draw = ImageDraw.Draw(picture)
        draw.text((300, 200), word, "black", font_size=120, anchor="mm")
    with pytest.raises(ValueError, match=f"from others: {why}"):
        of_file(file_of(picture), None)


# --- allows, place by place ----------------------------------------------------------------------

ALLOWED = "allow:\n  - {id: ours, kind: image, file: samples/near.png}\n"
BANNED = """\
package: pics
version: 1
owner: tests
policy: [GMB.REAL]
materials:
  - {id: banner, kind: image, file: samples/banner.png, weight: strong}
"""


def test_a_harmless_frame_allows_no_other(tmp_path: Path) -> None:
    """Of an animation: whichever comes first."""
    engine = engine_of(tmp_path, BANNED + ALLOWED)
    for frames in (
        [scene(1), harmless()],
        [harmless(), scene(1)],
        [harmless(), scene(8), scene(1)],
    ):
        out = io.BytesIO()
        frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], quality=90)
        decision = seen(engine, out.getvalue())
        assert ("pics/banner", None) in [(hit.material, hit.allowed_by) for hit in decision.hits]
        assert decision.action == "reject"


def test_an_allowed_copy_hides_no_other_copy(tmp_path: Path) -> None:
    """On one page, the harmless picture above and the risky one, a bit worse, below."""
    engine = engine_of(tmp_path, BANNED + ALLOWED)
    page = Image.new("RGB", (WIDTH, 2 * HEIGHT + 60), "white")
    page.paste(harmless(), (0, 0))
    page.paste(ImageOps.autocontrast(scene(1), cutoff=8), (0, HEIGHT + 60))
    decision = seen(engine, file_of(page, "JPEG", quality=60))
    found = {(hit.allowed_by, hit.box[1] > HEIGHT) for hit in decision.hits if hit.box}
    assert (None, True) in found
    assert decision.action == "reject"


@pytest.mark.parametrize("algorithm", ["phash, radius: 12", "dhash, radius: 8"])
def test_bits_of_other_hashes_allow_nothing(tmp_path: Path, algorithm: str) -> None:
    """Two bits of 64 are not nearer than ten of 256."""
    allow = ALLOWED.replace("near.png", f"near.png, algorithm: {algorithm}")
    decision = seen(engine_of(tmp_path, BANNED + allow), file_of(scene(1), "JPEG", quality=5))
    assert decision.action == "reject"


def test_a_harmless_file_holds_what_a_written_hash_finds(tmp_path: Path) -> None:
    """Its PDQ is compared with the PDQ that somebody wrote down."""
    pdq = automod.fingerprint(file_of(scene(1))).pdq[0].tobytes().hex()
    package = BANNED.replace("file: samples/banner.png", f"hash: {pdq}") + ALLOWED
    engine = engine_of(tmp_path, package)
    assert seen(engine, file_of(scene(1), "JPEG", quality=60)).action == "reject"
    decision = seen(engine, file_of(harmless(), "JPEG", quality=60))
    assert [hit.allowed_by for hit in decision.hits if hit.material == "pics/banner"] == [
        "pics/ours"
    ]
    assert decision.action == "approve"


# --- stored hits, once more ----------------------------------------------------------------------


def test_a_stored_decision_knows_of_codes_without_hits(tmp_path: Path) -> None:
    """A rule may hold because there is none."""
    rule = (
        "rules:\n  - {id: bare, weight: strong, all: [{material: shop}], none: [{found: code}]}\n"
    )
    engine = engine_of(tmp_path, PACKAGE.replace("weight: strong}", "weight: signal}") + rule)
    creative = {
        "id": "c", "markets": ["SA"], "text": {"body": "casino-win.com"},
        "images": [file_of(with_code(scene(5), "hello"))],
    }  # fmt: skip
    decision = engine.decide(creative, on=ON)
    assert decision.action == "approve"
    assert engine.decide_hits(creative, decision, on=ON) == decision


def test_a_stored_hit_of_a_code_outlives_its_picture(tmp_path: Path) -> None:
    """The file is gone; the hit stands where it stood."""
    engine = engine_of(tmp_path)
    path = tmp_path / "ad.png"
    path.write_bytes(file_of(with_code(scene(5), "see https://casino-win.com/win")))
    creative = {"id": "c", "markets": ["SA"], "images": [str(path)]}
    decision = engine.decide(creative, on=ON)
    path.unlink()
    assert engine.decide_hits(creative, decision, on=ON) == decision


# --- what opens a picture, and what does not -----------------------------------------------------


@pytest.mark.parametrize(
    ("material", "opened"),
    [
        ("{kind: keyword, value: casino, weight: strong}", False),
        ("{kind: keyword, value: casino, weight: strong, fields: [body]}", False),
        ("{kind: keyword, value: casino, weight: strong, fields: [code]}", True),
        ("{kind: handle, value: winksa, weight: strong}", True),
        ("{kind: phone, value: +966 50 123 4567, weight: strong}", True),
    ],
)
def test_what_opens_a_picture(tmp_path: Path, material: str, opened: bool) -> None:
    """What a code may hold, and what asks for codes: then a missing file is said to be missing."""
    head = PACKAGE.split("materials:", maxsplit=1)[0]
    engine = engine_of(tmp_path, f"{head}materials:\n  - {material}\n")
    missed = [one.code for one in seen(engine, "nowhere.png").not_evaluated]
    assert missed == (["media.missing"] if opened else [])


def test_rules_open_pictures(tmp_path: Path) -> None:
    """A phone in a code is a phone that was found."""
    head = PACKAGE.split("materials:", maxsplit=1)[0]
    rule = "rules:\n  - {id: call, weight: strong, all: [{found: phone}]}\n"
    engine = engine_of(tmp_path, head + rule)
    decision = seen(engine, file_of(with_code(scene(5), "tel:+966501234567")))
    assert [hit.field for hit in decision.hits][:1] == ["code:images[0]"]
    assert decision.action == "reject"


def test_a_pipe_is_not_waited_for(engine: automod.Engine, tmp_path: Path) -> None:
    """It is no file."""
    os.mkfifo(tmp_path / "pipe.png")
    decision = seen(engine, str(tmp_path / "pipe.png"))
    assert [one.code for one in decision.not_evaluated] == ["media.missing"]


def test_no_process_to_decode_in(engine: automod.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The batch goes on, and the picture may be tried again."""
    isolated = automod.compile(engine.ruleset, isolated=True)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    decision = seen(isolated, file_of(scene(1)), text={"body": "casino-win.com"})
    assert [(one.code, one.transient) for one in decision.not_evaluated] == [
        ("media.no_decoder", True)
    ]
    assert [hit.material for hit in decision.hits] == ["pics/shop"]


def test_a_flat_picture_hits_no_written_hash(tmp_path: Path) -> None:
    """Only exact tiers and dHash tell such pictures, and never for certain."""
    head = PACKAGE.split("materials:", maxsplit=1)[0]
    white = file_of(Image.new("RGB", (400, 300), "white"))
    made = automod.fingerprint(white)
    faults = []
    for name, digits in (("phash", made.phash), ("dhash", made.dhash), ("pdq", made.pdq)):
        entry = f"{{id: a, kind: image, hash: {digits[0].tobytes().hex()}, algorithm: {name}}}"
        package = f"{head}defaults: {{weight: strong}}\nmaterials:\n  - {entry}\n"
        try:
            assert seen(engine_of(tmp_path / name, package), white).action != "reject"
        except automod.LoadError as error:
            faults.append(str(error))
    assert all("bits are set" in fault for fault in faults)


def test_samples_and_fingerprints_of_other_versions(engine: automod.Engine) -> None:
    """A ruleset from another version is compiled anew from its files, a fingerprint made anew."""
    package = engine.ruleset.packages[0]
    old = [
        replace(one, sample=one.sample and replace(one.sample, version="0.9"))
        for one in package.materials
    ]
    ruleset = replace(engine.ruleset, packages=(replace(package, materials=old),))
    with pytest.raises(automod.CompileError, match=r"of pics/banner is of version 0\.9"):
        automod.compile(ruleset)
    made = replace(automod.fingerprint(file_of(scene(1))), version="0.9")
    assert [one.code for one in seen(engine, made).not_evaluated] == ["fingerprint.version"]


def test_samples_are_worked_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By their content, whatever they are called; what is spoilt in the folder is made anew."""
    made: list[int] = []

    def counted(data: bytes, algorithm: str | None) -> Sample:
        made.append(len(data))
        return of_file(data, algorithm)

    monkeypatch.setattr(sys.modules["automod.load.samples"], "of_file", counted)
    package = PACKAGE + "  - {kind: image, file: samples/near.png, radius: 9, weight: weak}\n"
    engine_of(tmp_path, package)
    assert len(made) == 3
    cache = tmp_path / "cache"
    first = automod.load(tmp_path, cache=cache)
    again = automod.load(tmp_path, cache=cache)
    assert len(made) == 6
    assert to_canonical(again) == to_canonical(first)
    (tmp_path / "samples/renamed.png").write_bytes((tmp_path / "samples/near.png").read_bytes())
    (tmp_path / "p.yaml").write_text(package.replace("near.png", "renamed.png"))
    assert to_canonical(automod.load(tmp_path, cache=cache)) == to_canonical(first)
    assert len(made) == 6
    spoilt = sorted(cache.iterdir())
    for file, text in zip(spoilt, ["", "[1]", '{"algorithm": "pdq"}'], strict=True):
        file.write_text(text)
    assert to_canonical(automod.load(tmp_path, cache=cache)) == to_canonical(first)
    assert len(made) == 9
