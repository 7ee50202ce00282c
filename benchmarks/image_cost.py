"""What one image costs: all its hashes, and the whole decision against a million indexed hashes.

    python -m benchmarks.image_cost [--hashes 1000000] [--rounds 15] [--no-record]

The image is a JPEG of 1080 x 1920, from its bytes. The rival is what a user would pick instead: one
`imagehash.phash(Image.open(file))`, and one PDQ of the full picture by the compiled library
`pdqhash`, which is installed by hand (`pip install pdqhash`; it needs a compiler) and compared
where it is there. Before anything is timed the picture is found by the decision, and its hashes are
those of the file. Set OPENBLAS_NUM_THREADS=1: all rivals have one thread.

The indexed hashes are drawn at random but for those of the picture itself: of drawn hashes none is
near another, so that what is timed is the search and not the telling of what was found.
"""

from __future__ import annotations

import argparse
import base64
import io
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Final

import imagehash
import numpy as np
from PIL import Image

from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import Engine
from automod.match.pictures import Pictures
from automod.media import views
from automod.media.codes import read_codes
from automod.media.decode import decode
from automod.media.fingerprint import LONG_SIDE, VERSION, fingerprint_of
from automod.media.pdq import coefficients, dihedral, planes_of, quality
from automod.media.phash import dhash, phash
from automod.media.sample import VIEWS, of_file
from automod.media.views import Views
from automod.model.ruleset import Material, Package, PolicyCode, PolicyTable, Row, Ruleset, Sample

from . import scenes
from .harness import (
    Contender,
    Figure,
    Report,
    at_most,
    begin,
    hide_from_collector,
    ratio,
    take_turns,
)
from .images import png_of

SIZE: Final = (1080, 1920)
EACH: Final = 100
"""Views of a drawn sample."""
CODE: Final = "X.X"


def story() -> bytes:
    """The picture: a scene in the middle of its own blur, as stories are."""
    from .edits import EDITS

    picture = EDITS["letterbox 9:16 blurred"](scenes.scene("bridge")).resize(SIZE)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def materials(hashes: int) -> Iterator[Material]:
    """The scene, and as many drawn views as are wanted beside it."""
    yield _material("p/scene", of_file(png_of(scenes.scene("bridge")), None))
    rng = np.random.default_rng(7)
    for number in range(hashes // EACH):
        bits = rng.integers(0, 256, (EACH, 64), np.uint8)
        whole = np.tile(np.array([0, 0, 1, 1], np.float32), (EACH, 1))
        drawn = Views(
            whole, bits[:, :32], bits[:, 32:], np.zeros(EACH, np.uint8), np.full(EACH, 99, np.uint8)
        )
        packed = base64.b64encode(drawn.packed()).decode()
        yield _material(f"p/{number:06}", Sample(VIEWS, VERSION, packed, sha256=f"{number:064}"))


def _material(name: str, sample: Sample) -> Material:
    value = f"sha256:{sample.sha256}"
    return Material(name, "image", value, 0.9, policies=(CODE,), sample=sample)


def engine_of(hashes: int) -> Engine:
    """The engine of all of them."""
    row = Row(f"{CODE}/default", None, ("prohibited",), "platform")
    table = PolicyTable({CODE: PolicyCode(CODE, {"en": "x"}, "high", row)})
    own = tuple(sorted(materials(hashes), key=lambda one: one.id))
    package = Package("p", "1", "benchmarks", policies=(CODE,), materials=own)
    return compile_ruleset(Ruleset((package,), table))


def hashed(data: bytes) -> tuple[Any, ...]:
    """All hashes of all views, from the bytes; a fingerprint but for its codes."""
    picture = decode(data, long_side=LONG_SIDE)
    luma = picture.frames[0].pixels
    image = Image.fromarray(luma)
    plane = planes_of(luma, [(0, 0, luma.shape[1], luma.shape[0])], SIZE)
    return (
        views.of_query(luma), dihedral(coefficients(plane)), quality(plane), phash(image),
        dhash(image), picture.digest(),
    )  # fmt: skip


def assert_answers(engine: Engine, data: bytes) -> None:
    """The picture is found, by its views, in the box in which it lies.

    Raises:
        AssertionError: it is not.
    """
    (hit,) = engine.scan({"id": "c", "markets": ["SA"], "images": [data]})
    made, own = fingerprint_of(data), hashed(data)
    found = (hit.material, hit.view, hit.confidence)
    if found != ("p/scene", "framed", 1.0) or not np.array_equal(made.views.hashes, own[0].hashes):
        raise AssertionError(f"found {found}")
    print(f"  {'answers':<62} {hit.view}, {hit.distance} bits, box {hit.box}")


def run(hashes: int, rounds: int) -> Report:
    """The whole benchmark."""
    data, engine = story(), engine_of(hashes)
    hide_from_collector()
    counts: dict[str, float | str] = {"bytes of JPEG": len(data), "indexed hashes": hashes}
    report = begin("image_cost", counts | {"rounds": rounds})
    assert_answers(engine, data)
    creative = {"id": "c", "markets": ["SA"], "images": [data]}
    jobs: dict[str, Callable[[], Any]] = {
        "imagehash": lambda: imagehash.phash(Image.open(io.BytesIO(data))),
        "hashes": lambda: hashed(data),
        "decision": lambda: engine.decide(creative),
    }
    pdqhash = _pdqhash()
    if pdqhash is not None:
        pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        jobs["PDQ"] = lambda: pdqhash.compute(pixels)
    times = take_turns({name: _alone(job) for name, job in jobs.items()}, rounds)
    report.raw["seconds"] = {name: one.process for name, one in times.items()}
    rival, own = times["imagehash"].process, times["decision"].process
    name = "all hashes of all views / imagehash.phash of the file"
    report.add(at_most(name, ratio(times["hashes"].process, rival), 1.5))
    _whole(report, rival, own, times["PDQ"].process if pdqhash else None)
    _split(report, data, engine, rounds)
    return report


def _whole(report: Report, rival: list[float], own: list[float], pdq: list[float] | None) -> None:
    """The decision against 1.5 times ImageHash and one compiled PDQ."""
    name = f"the whole decision / ({1.5} x imagehash.phash + one compiled PDQ)"
    if pdq is None:
        report.add(Figure(name, "unknown: pdqhash is not installed", "at most 1"))
        return
    budget = [1.5 * one + other for one, other in zip(rival, pdq, strict=True)]
    report.add(at_most(name, ratio(own, budget), 1.0))


def _split(report: Report, data: bytes, engine: Engine, rounds: int) -> None:
    """Where the time of a decision goes, as shares of it."""
    picture = decode(data, long_side=LONG_SIDE)
    luma = picture.frames[0].pixels
    image, made = Image.fromarray(luma), fingerprint_of(data)
    pictures = _pictures_of(engine)
    creative = {"id": "c", "markets": ["SA"], "images": [data]}
    box = [(0, 0, luma.shape[1], luma.shape[0])]
    jobs: dict[str, Callable[[], Any]] = {
        "decoding": lambda: decode(data, long_side=LONG_SIDE),
        "views": lambda: views.of_query(luma),
        "PDQ": lambda: dihedral(coefficients(planes_of(luma, box, SIZE))),
        "pHash and dHash": lambda: (phash(image), dhash(image)),
        "codes": lambda: read_codes(luma),
        "search": lambda: list(pictures.search([made])),
        "decision": lambda: engine.decide(creative),
    }
    times = take_turns({name: _alone(job) for name, job in jobs.items()}, rounds)
    for name in list(jobs)[:-1]:
        share = ratio(times[name].process, times["decision"].process)
        report.add(Figure(f"share of a decision: {name}", str(share)))


def _pictures_of(engine: Engine) -> Pictures:
    own = engine.ruleset.packages[0].materials
    return Pictures(dict(enumerate(own)))


def _alone(job: Callable[[], Any]) -> Contender:
    return Contender(lambda: None, lambda _: job())


def _pdqhash() -> Any:
    try:
        return import_module("pdqhash")
    except ImportError:
        return None


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--hashes", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    report = run(given.hashes, given.rounds)
    if not given.no_record:
        report.write()


if __name__ == "__main__":
    main()
