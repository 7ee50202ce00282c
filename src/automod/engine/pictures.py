"""The pictures of creatives, seen: a fingerprint of each, and the materials that it looks like."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from automod.errors import MissingExtra
from automod.match.pictures import Pictures
from automod.media.containers import HEAD, container_of
from automod.media.decode import DEFAULT
from automod.media.errors import NO_DECODER, MediaError
from automod.media.fingerprint import (
    MAGIC,
    VERSION,
    Fingerprint,
    fingerprint_of,
    fingerprint_of_film,
)
from automod.media.phash import OtherAlgorithm
from automod.media.source import beginning_of, bytes_of
from automod.media.worker import Workers
from automod.model.columns import places, various
from automod.model.vocabulary import MEDIA

from .evidence import Likeness
from .intake import OF_CODE, READ_OFF_CODES, Intake
from .standing import Subjects, reads_codes

MOST_VIEWS: Final = 4_096
"""Views that are held, and searched, at a time."""

Opened = tuple[int, str, Fingerprint]
"""The place of a creative, the field, and what is in it."""


class Viewer:
    """The compiled image materials, and how pictures come to them. Immutable."""

    def __init__(self, subjects: Subjects, *, finds_things: bool, isolated: bool) -> None:
        """Compile them.

        Args:
            subjects: materials of all kinds.
            finds_things: whether a rule asks for what codes in pictures may hold.
            isolated: images are decoded in a child process too, as videos always are.
        """
        materials = subjects.materials
        seen = places(materials, "kind", MEDIA)
        allows = [number for number in seen if subjects[number].allow is not None]
        self._pictures = Pictures({number: materials[number] for number in seen}, allows)
        self.opens = are_opened(subjects, finds_things=finds_things)
        """Whether some material or rule could match a picture, or what codes in it say."""
        self._isolated = isolated
        self._workers = Workers()

    @property
    def hashes(self) -> frozenset[str]:
        """The algorithms, beside its own, by which pictures are compared."""
        return self._pictures.others

    def look_at(self, intakes: Sequence[Intake]) -> dict[int, list[Likeness]]:
        """By place of the creative: what its pictures look like.

        What codes in them say becomes texts of the creative, what cannot be seen its fault. Where
        no material could match a picture, none is opened.
        """
        if not self.opens or not any(one.images or one.videos for one in intakes):
            return {}
        found: dict[int, list[Likeness]] = {}
        for some in _portions(
            (place, field, one)
            for place, intake in enumerate(intakes)
            for field, one in self._opened(intake)
        ):
            for match in self._pictures.search([one for _, _, one in some]):
                place, field, _ = some[match.query]
                found.setdefault(place, []).append(Likeness(field, *match[1:]))
        return found

    def _opened(self, intake: Intake) -> Iterator[tuple[str, Fingerprint]]:
        for field, media in (*intake.images, *intake.videos):
            try:
                one = self._taken_in(media, is_video=field.startswith("videos"))
            except MediaError as error:
                intake.faults.append((field, error.code))
                continue
            intake.faults += [(field, code) for code in one.unseen]
            if not (one.is_video or self._pictures.others <= one.others.keys()):
                # Compared by all but the hashes that it was made without.
                intake.faults.append((field, "fingerprint.version"))
            if one.codes:
                intake.add_text(f"{OF_CODE}{field}", "\n".join(code.text for code in one.codes))
            yield field, one

    def _taken_in(self, media: Any, *, is_video: bool) -> Fingerprint:
        """The fingerprint of what stands for an image or a video in a creative.

        Raises:
            MediaError: it is neither a file that can be decoded nor a fingerprint of this version.
        """
        found = stored_fingerprint(media)
        if found is None and is_video:
            found = _of_video(media, self._workers)
        elif found is None:
            found = self._of_image(media)
        if found.is_video != is_video:
            raise MediaError("media.unsupported", "an image among videos, or the other way round")
        return found

    def _of_image(self, media: bytes | str | Path) -> Fingerprint:
        also = self._pictures.others
        try:
            if self._isolated:
                return self._workers.image(media, also=also)
            return fingerprint_of(_bytes_of(media), also)
        except (MissingExtra, RuntimeError, OSError) as error:
            raise MediaError(NO_DECODER, str(error)) from None


def are_opened(subjects: Subjects, *, finds_things: bool) -> bool:
    """Whether pictures are opened: some material or rule could match one, or a code in it."""
    materials = subjects.materials
    return (
        finds_things
        or not (READ_OFF_CODES | MEDIA).isdisjoint(various(materials, "kind"))
        or reads_codes(various(materials, "scope"))
    )


def fingerprint(file: str | Path | bytes, also: Collection[OtherAlgorithm] = ()) -> Fingerprint:
    """Everything of an image or a video that matching needs; it depends on no material.

    Args:
        file: A path, or the bytes of a JPEG, PNG, WebP, GIF, AVIF, MP4, MOV, WebM or MKV file. A
            video is decoded in a process of its own, which is started for it.
        also: Hashes of an image that some package asks for: `ahash`, `whash`, `colorhash`.

    Raises:
        MediaError: the file is not there, is none of these, damaged, or over a limit.
        MissingExtra: it is a video, and the extra `video` is not installed; or `also` is given, and
            the extra `imagehash` is not.

    >>> from io import BytesIO
    >>> from PIL import Image
    >>> file = BytesIO()
    >>> Image.linear_gradient("L").save(file, "PNG")
    >>> fingerprint(file.getvalue()).size
    (256, 256)
    """
    head = file[:HEAD] if isinstance(file, bytes) else beginning_of(file, HEAD)
    if container_of(head) is not None:
        with Workers() as workers:
            return fingerprint_of_film(workers.film(file))
    return fingerprint_of(_bytes_of(file), also)


def stored_fingerprint(media: Any) -> Fingerprint | None:
    """The fingerprint that something is; None where it is a file.

    Raises:
        MediaError: it is neither, or a fingerprint of another version.
    """
    if isinstance(media, Fingerprint):
        if media.version != VERSION:
            raise MediaError("fingerprint.version", f"version {media.version!r}, not {VERSION!r}")
        return media
    if isinstance(media, str) and media.startswith("{"):
        media = _parsed(media)
    if isinstance(media, dict):
        return Fingerprint.from_dict(media)
    if isinstance(media, bytes) and media.startswith(MAGIC):
        return Fingerprint.from_bytes(media)
    if isinstance(media, (str, Path, bytes)):
        return None
    kind = type(media).__name__
    raise MediaError("media.unsupported", f"{kind} is no path, bytes or fingerprint")


def _parsed(text: str) -> Any:
    """What a line of JSON holds; as it is, where it is none: a path may begin so."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _of_video(media: bytes | str | Path, workers: Workers) -> Fingerprint:
    try:
        return fingerprint_of_film(workers.film(media))
    except (MissingExtra, RuntimeError, OSError) as error:
        raise MediaError(NO_DECODER, str(error)) from None


def _bytes_of(file: bytes | str | Path) -> bytes:
    return file if isinstance(file, bytes) else bytes_of(file, DEFAULT.bytes)


def _portions(opened: Iterable[Opened]) -> Iterator[list[Opened]]:
    """Fingerprints, a bounded number of views at a time: videos have thousands."""
    some: list[Opened] = []
    count = 0
    for one in opened:
        some.append(one)
        count += len(one[2].views)
        if count >= MOST_VIEWS:
            yield some
            some, count = [], 0
    if some:
        yield some
