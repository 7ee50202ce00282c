"""Videos: a banned one in another, a banned image in one, and what cannot be seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import automod
import videos
from automod.model.decision import Decision
from command import run
from loading import Files, write
from pictures import file_of, scene, with_code
from rulesets import ON

pytest.importorskip("av", reason="the extra 'video' is not installed")

PACKAGE = """\
package: vids
version: 1
owner: tests
policy: [GMB.REAL]
materials:
  - {id: film, kind: video, file: film.mp4, weight: strong}
  - {id: banner, kind: image, file: banner.png, weight: strong}
  - {id: shop, kind: domain, value: casino-win.com, weight: strong}
"""
SIZE = 320, 240


def frame(number: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A scene as a frame of a video."""
    return np.asarray(scene(number, SIZE))


def film(*numbers: int) -> bytes:
    """Scenes, a second each."""
    return videos.encoded([frame(number) for number in numbers for _ in range(30)])


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> automod.Engine:
    """The engine that every test asks."""
    files: Files = {
        "p.yaml": PACKAGE,
        "film.mp4": film(*range(100, 108)),
        "banner.png": file_of(scene(1, SIZE)),
    }
    folder = write(tmp_path_factory.mktemp("rules"), files)
    return automod.compile(automod.load(folder))


def seen(engine: automod.Engine, *media: Any) -> Decision:
    """What is decided on a creative with these videos."""
    return engine.decide({"id": "c", "markets": ["SA"], "videos": list(media)}, on=ON)


def test_a_part_of_a_banned_video(engine: automod.Engine) -> None:
    """Four of its eight scenes behind two others: from when to when, and how much of both."""
    decision = seen(engine, film(50, 51, 102, 103, 104, 105))
    (hit,) = decision.hits
    assert (hit.material, hit.field, hit.kind) == ("vids/film", "videos[0]", "video")
    assert hit.at == pytest.approx(2.0, abs=0.3)
    assert hit.view is not None
    assert hit.view.startswith("clip, 2.0-")
    assert (hit.box, hit.text, hit.start) == (None, None, None)
    assert decision.action == "reject"


def test_a_banned_image_in_a_video(engine: automod.Engine) -> None:
    """When it is seen, and where in the frame."""
    decision = seen(engine, film(60, 61, 1, 62))
    (hit,) = decision.hits
    assert (hit.material, hit.view, hit.box) == ("vids/banner", "whole", (0, 0, *SIZE))
    assert hit.at is not None
    assert 2.0 <= hit.at < 3.0


def test_links_in_codes_of_a_video(engine: automod.Engine) -> None:
    """They are texts of the creative."""
    coded = np.asarray(with_code(scene(63, SIZE), "https://casino-win.com/go"))
    made = videos.encoded([frame(64)] * 30 + [coded] * 30)
    assert [(hit.material, hit.field) for hit in seen(engine, made).hits] == [
        ("vids/shop", "code:videos[0]")
    ]


def test_others_are_clean(engine: automod.Engine) -> None:
    """And evaluated."""
    decision = seen(engine, film(*range(70, 78)))
    assert (decision.action, decision.hits, decision.not_evaluated) == ("approve", (), ())


def test_the_same_file(engine: automod.Engine) -> None:
    """It is said to be."""
    (hit,) = seen(engine, film(*range(100, 108))).hits
    assert (hit.view, hit.distance, hit.at) == ("same file", 0, 0.0)


def test_a_decision_from_the_fingerprint_is_the_one_from_the_file(
    engine: automod.Engine, tmp_path: Path
) -> None:
    """To the byte: from a path, from the object, from its JSON and from its bytes."""
    path = tmp_path / "ad.bin"
    path.write_bytes(film(50, 102, 103, 104, 1))
    expected = seen(engine, path.read_bytes())
    assert {hit.material for hit in expected.hits} == {"vids/film", "vids/banner"}
    made = automod.fingerprint(path)
    assert made.is_video
    assert made.size == SIZE
    stored = [str(path), made, made.to_bytes(), json.loads(made.to_json())]
    assert {seen(engine, one).to_json() for one in stored} == {expected.to_json()}
    creative = {"id": "c", "markets": ["SA"], "videos": [made]}
    assert engine.decide_hits(creative, expected, on=ON) == expected


@pytest.mark.parametrize(
    ("media", "code"),
    [
        ("nowhere.mp4", "media.missing"),
        (b"", "media.missing"),
        (b"junk", "media.unsupported"),
        (file_of(scene(1)), "media.unsupported"),
        (5, "media.unsupported"),
        ({"automod": "fingerprint", "version": "0"}, "fingerprint.version"),
    ],
    ids=lambda one: repr(one)[:20],
)
def test_what_cannot_be_seen_is_never_clean(engine: automod.Engine, media: Any, code: str) -> None:
    """Its code stands in the decision, and the other video is judged all the same."""
    decision = seen(engine, media, film(60, 1))
    assert [(one.field, one.code) for one in decision.not_evaluated] == [("videos[0]", code)]
    assert [hit.material for hit in decision.hits] == ["vids/banner"]


def test_a_video_that_is_cut_off_is_judged_as_far_as_it_goes(engine: automod.Engine) -> None:
    """What is there hits, and the rest is said to be unseen."""
    many = [frame(number) for number in (1, *range(200, 230)) for _ in range(10)]
    whole = videos.encoded(many, container="matroska")
    decision = seen(engine, whole[: len(whole) * 2 // 3])
    assert [one.code for one in decision.not_evaluated] == ["media.damaged"]
    assert [hit.material for hit in decision.hits] == ["vids/banner"]
    assert decision.action == "reject"


@pytest.mark.parametrize("form", ["yaml", "csv"])
def test_written_hashes_of_a_video(tmp_path: Path, form: str) -> None:
    """What `automod hash` prints of a video loads, and finds a part of it, mirrored as well."""
    path = tmp_path / "film.mp4"
    path.write_bytes(film(*range(100, 108)))
    printed = run("hash", str(path), "-f", form)
    assert printed.exit_code == 0
    head = PACKAGE.split("materials:", maxsplit=1)[0] + "defaults: {weight: strong}\n"
    if form == "csv":
        files: Files = {"p.yaml": head + "materials: [{table: t.csv}]\n", "t.csv": printed.stdout}
    else:
        files = {"p.yaml": f"{head}materials:\n  {printed.stdout}"}
    engine = automod.compile(automod.load(write(tmp_path / "rules", files)))
    part = film(50, 51, 102, 103, 104, 105)
    (hit,) = seen(engine, part).hits
    assert (hit.material, hit.kind) == ("vids/film", "video")
    assert hit.at == pytest.approx(2.0, abs=0.6)
    mirrored = videos.encoded([frame(n)[:, ::-1] for n in range(100, 108) for _ in range(30)])
    assert [hit.material for hit in seen(engine, mirrored).hits] == ["vids/film"]
    assert seen(engine, film(*range(70, 78))).hits == ()


def test_a_harmless_second_allows_no_other(tmp_path: Path) -> None:
    """A logo at the beginning of a film, and a harmless film before a risky one."""
    head = PACKAGE.split("materials:", maxsplit=1)[0]
    package = (
        head
        + "materials:\n"
        + "  - {id: film, kind: video, file: film.mp4, weight: strong}\n"
        + "  - {id: banner, kind: image, file: banner.png, weight: strong}\n"
        + "allow:\n"
        + "  - {id: logo, kind: image, file: logo.png}\n"
        + "  - {id: ours, kind: video, file: ours.mp4}\n"
    )
    files: Files = {
        "p.yaml": package,
        "film.mp4": film(*range(100, 105)),
        "ours.mp4": film(*range(110, 115)),
        "banner.png": file_of(scene(1, SIZE)),
        "logo.png": file_of(scene(2, SIZE)),
    }
    engine = automod.compile(automod.load(write(tmp_path, files)))
    for media in (film(2, 1, 1), film(*range(110, 115), *range(100, 105))):
        assert seen(engine, media).action == "reject"
    assert seen(engine, film(2, *range(110, 115))).action == "approve"


def test_images_and_videos_keep_to_their_lists(engine: automod.Engine) -> None:
    """A fingerprint of one among the others is not evaluated."""
    still, moving = automod.fingerprint(file_of(scene(1, SIZE))), automod.fingerprint(film(1, 2))
    creative = {"id": "c", "markets": ["SA"], "images": [moving], "videos": [still]}
    decision = engine.decide(creative, on=ON)
    assert [(one.field, one.code) for one in decision.not_evaluated] == [
        ("images[0]", "media.unsupported"), ("videos[0]", "media.unsupported"),
    ]  # fmt: skip


def test_faults_of_samples(tmp_path: Path) -> None:
    """Each in its place."""
    head = PACKAGE.split("materials:", maxsplit=1)[0]
    black = videos.encoded([np.zeros((120, 160, 3), np.uint8)] * 30)
    files: Files = {
        "p.yaml": head
        + "materials:\n"
        + "  - {kind: video, weight: weak}\n"
        + "  - {kind: video, file: a.mp4, algorithm: pdq, weight: weak}\n"
        + "  - {kind: video, file: junk.mp4, weight: weak}\n"
        + "  - {kind: video, file: black.mp4, weight: weak}\n",
        "junk.mp4": b"junk",
        "black.mp4": black,
    }
    with pytest.raises(automod.LoadError) as caught:
        automod.load(write(tmp_path, files))
    told = [str(fault).removeprefix(f"{tmp_path}/") for fault in caught.value.faults]
    assert told == [
        "p.yaml:6:5: a video has a 'file' or a 'hash', one of them",
        "p.yaml:7:43: 'algorithm' is not for a video: name its 'file' or its 'hash'",
        "p.yaml:8:25: media.unsupported: the bytes begin 6a 75 6e 6b",
        "p.yaml:9:25: there is too little in its pictures to tell it from others",
    ]


def test_frames_are_pictures() -> None:
    """The scenes of these tests are what they are taken for."""
    assert Image.fromarray(frame(1)).size == SIZE
