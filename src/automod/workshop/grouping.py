"""Near-duplicates: which creatives are copies of one ad, and so one piece of evidence.

An interval that takes a thousand copies of an ad for a thousand ads is far too narrow; one that
resamples groups is not. So where in doubt creatives are put together rather than apart, and two
belong together by what they say or by what they show, whichever it is, directly or through others.

Text: 0.6 of the words that two creatives have together must be in both; under five words they must
be equal (`workshop.shingles`). Of 11,936 real ads 691 are in 265 groups of more than one, the
largest of 74: the frame of one web site around different names. 49 pairs lie between 0.6 and 0.65;
45 of them share a template, four a slogan ("Black Friday sale, up to ..."). Of copies in which two
words of eight to twelve are others 97 % are found, and all where the text is longer.

Pictures: PDQ within 31 bits in one of eight orientations, the radius within which the matcher acts.
A picture in which there is too little to tell it by (a logo on white) puts nothing together. One
stock picture under different texts does: what matches it matches all of them.

Videos: the scenes they show, if 0.6 of those of both are in both. A scene is what frames that are
near each other show, so neither speed nor the length of a scene makes a difference.

Chains: a is like b, b like c, and so a with c, alike or not. That can glue a large corpus together;
at this threshold it does not. Of 32,000 headlines of news and quizzes, which are shorter than ads
and more alike, the largest group has 238, the variants of one quiz (at 0.55 it has 442). Groups
around leaders, without chains, would cut that one up, and with it the templates of real ads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from automod.engine.intake import Intake, NotACreative, read
from automod.engine.pictures import fingerprint, stored_fingerprint
from automod.errors import MissingExtra
from automod.media.decode import DEFAULT, decode
from automod.media.errors import MediaError
from automod.media.fingerprint import LONG_SIDE
from automod.media.hexes import Hashes
from automod.media.pdq import ORIENTATIONS, coefficients, dihedral, planes_of, quality
from automod.media.sample import LEAST_QUALITY
from automod.media.source import bytes_of
from automod.model.creative import Creative

from .overlap import Unions, near_hashes, overlapping
from .shingles import Numbers, Sets, shingles

LEAST: Final = Fraction(3, 5)
"""Of the words, or scenes, that two creatives have together, the share that must be in both."""

_TURNS: Final = len(ORIENTATIONS)
_MIRRORED: Final = ORIENTATIONS.index("flip_y")


def groups(creatives: Sequence[Creative | dict[str, Any]]) -> Numbers:
    """The group of each creative: one number for all copies of an ad, with small changes or none.

    Numbers are given in order of first appearance. Which creatives are together does not depend on
    their order, and one that is like no other changes no group. What cannot be read (no creative,
    or nothing in it to see) is in a group of its own; a picture or a video that cannot be opened is
    as if it were not there.

    Time grows with the characters, and with the pairs of texts that have one of their rarer words
    in common. To open files of pictures takes far longer than all of that: give fingerprints where
    there are some. Videos are opened if the extra `video` is there.

    Args:
        creatives: creatives, or dicts as `Engine.decide` takes them. A path counts from where the
            program runs; those that `batch.sources.read_all` gives do.

    Returns:
        Shape (creatives,).

    >>> groups([
    ...     {"id": "1", "text": {"body": "Win 500 SAR tonight in Riyadh, join us: t.me/win5"}},
    ...     {"id": "2", "text": {"body": "Fresh bread every morning, delivered to your door"}},
    ...     {"id": "3", "text": {"body": "🎰 WIN 9,000 SAR tonight in Jeddah! Join us"}},
    ... ]).tolist()
    [0, 1, 0]
    """
    intakes = [_taken_in(one, place) for place, one in enumerate(creatives)]
    unions = Unions(len(intakes))
    words = shingles([_texts(intake) for intake in intakes])
    unions.join(np.arange(len(intakes)), overlapping(words, LEAST))
    readable = [intake for intake in intakes if intake is not None]
    pictures = _looks(_image, ((one.index, one.images) for one in readable))
    videos = _looks(_video, ((one.index, one.videos) for one in readable))
    _join_pictures(unions, pictures)
    _join_videos(unions, videos)
    _join_files(unions, [*pictures, *videos], np.flatnonzero(words.sizes).tolist())
    return _numbered(unions.labels)


def _numbered(labels: Numbers) -> Numbers:
    """Labels as numbers in order of first appearance.

    >>> _numbered(np.array([4, 2, 4, 3])).tolist()
    [0, 1, 0, 2]
    """
    _, first, same = np.unique(labels, return_index=True, return_inverse=True)
    numbers = np.empty(len(first), np.int64)
    numbers[np.argsort(first)] = np.arange(len(first))
    return numbers[same]


def _taken_in(creative: Any, place: int) -> Intake | None:
    try:
        return read(creative, place)
    except NotACreative:
        return None


def _texts(intake: Intake | None) -> list[str]:
    """The texts of a creative but for its links."""
    if intake is None:
        return []
    named = zip(intake.fields, intake.texts, strict=True)
    return [text for field, text in named if not field.startswith("links[")]


# --- what they show -------------------------------------------------------------------------------


class _Seen(NamedTuple):
    """What a picture or a video is told by."""

    hashes: Hashes
    """Shape (n, turns, 32): of a picture one, or none; of a video one for each frame."""
    sha256: str


class _Look(NamedTuple):
    """A picture or a video of a creative."""

    creative: int
    seen: _Seen


def _looks(
    see: Callable[[Any], _Seen | None], shown: Iterable[tuple[int, Sequence[tuple[str, Any]]]]
) -> list[_Look]:
    """What creatives show, as far as it can be opened; each file is opened once."""
    known: dict[str | bytes | Path, _Seen | None] = {}
    found = []
    for creative, named in shown:
        for _, media in named:
            if not isinstance(media, (str, bytes, Path)):
                seen = _opened(see, media)
            elif media in known:
                seen = known[media]
            else:
                seen = known[media] = _opened(see, media)
            if seen is not None:
                found.append(_Look(creative, seen))
    return found


def _opened(see: Callable[[Any], _Seen | None], media: Any) -> _Seen | None:
    try:
        return see(media)
    except (MediaError, MissingExtra, RuntimeError, OSError):
        return None


def _image(media: Any) -> _Seen | None:
    """What an image is told by; None where it is a video.

    Of a file no more is worked out than what is compared, a third of a fingerprint or less.

    Raises:
        MediaError: it is neither a file that can be decoded nor a fingerprint of this version.
    """
    one = stored_fingerprint(media)
    if one is not None:
        return None if one.is_video else _image_of(one.pdq[:_TURNS], one.quality, one.sha256)
    data = media if isinstance(media, bytes) else bytes_of(media, DEFAULT.bytes)
    picture = decode(data, long_side=LONG_SIDE)
    luma = picture.frames[0].pixels
    whole = (0, 0, luma.shape[1], luma.shape[0])
    plane = planes_of(luma, [whole], (picture.width, picture.height))
    hashes = dihedral(coefficients(plane))[0]
    return _image_of(hashes, int(quality(plane)[0]), hashlib.sha256(data).hexdigest())


def _image_of(hashes: Hashes, detail: int, sha256: str) -> _Seen:
    """An image in which there is too little to tell it by has no hash."""
    return _Seen(hashes[None][: detail >= LEAST_QUALITY], sha256)


def _video(media: Any) -> _Seen | None:
    """What a video is told by, its frames but for the quiet ones; None where it is an image.

    Raises:
        MediaError: it is neither a file that can be decoded nor a fingerprint of this version.
        MissingExtra: it is a file, and the extra `video` is not installed.
        RuntimeError, OSError: the process that decodes does not start.
    """
    one = stored_fingerprint(media) or fingerprint(media)
    if not one.is_video:
        return None
    frames = one.pdq.reshape(-1, _TURNS, 32)[np.flatnonzero(one.counts)]
    return _Seen(frames[:, [0, _MIRRORED]], one.sha256)


def _join_pictures(unions: Unions, pictures: Sequence[_Look]) -> None:
    """Put together what shows one picture."""
    owners, hashes = _stacked(pictures, _TURNS)
    unions.join_same(_creatives(pictures)[owners], near_hashes(hashes))


def _join_videos(unions: Unions, videos: Sequence[_Look]) -> None:
    """Put together what shows the same scenes."""
    owners, hashes = _stacked(videos, 2)
    scenes = Sets.of(owners, near_hashes(hashes), len(videos))
    unions.join_same(_creatives(videos), overlapping(scenes, LEAST))


def _creatives(looks: Sequence[_Look]) -> Numbers:
    return np.array([look.creative for look in looks], np.int64)


def _stacked(looks: Sequence[_Look], turns: int) -> tuple[Numbers, Hashes]:
    """The hashes of all, and the place of the one that each is of."""
    counts = np.array([len(look.seen.hashes) for look in looks], np.int64)
    parts = [np.empty((0, turns, 32), np.uint8), *(look.seen.hashes for look in looks)]
    return np.arange(len(looks)).repeat(counts), np.concatenate(parts)


def _join_files(unions: Unions, looks: Sequence[_Look], speaking: Sequence[int]) -> None:
    """Put together what shows the very same files and has nothing else to be told by."""
    told = {*speaking, *(look.creative for look in looks if len(look.seen.hashes))}
    files: dict[int, set[str]] = {}
    for look in looks:
        if look.creative not in told:
            files.setdefault(look.creative, set()).add(look.seen.sha256)
    keys: dict[frozenset[str], int] = {}
    same = [keys.setdefault(frozenset(held), len(keys)) for held in files.values()]
    unions.join_same(np.array([*files], np.int64), np.array(same, np.int64))
