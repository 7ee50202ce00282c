"""The pictures of creatives, seen: a fingerprint of each, and the materials that it looks like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from automod.match.pictures import Pictures
from automod.media.decode import DEFAULT
from automod.media.errors import MediaError
from automod.media.fingerprint import MAGIC, Fingerprint, fingerprint_of
from automod.model.columns import column
from automod.model.ruleset import Material

from .evidence import Likeness
from .intake import OF_CODE, READ_OFF_CODES, Intake

MOST_BYTES: Final = DEFAULT.bytes
"""Bytes of an image file."""


class Viewer:
    """The compiled image materials, and how pictures come to them. Immutable."""

    def __init__(self, materials: Sequence[Material], *, finds_codes: bool) -> None:
        """`finds_codes`: whether a rule asks for codes in pictures."""
        kinds = column(materials, "kind")
        images = [number for number, kind in enumerate(kinds) if kind == "image"]
        self._pictures = Pictures({number: materials[number] for number in images})
        self._opens = bool(images) or finds_codes or not READ_OFF_CODES.isdisjoint(kinds)

    def look_at(self, intakes: Sequence[Intake]) -> dict[int, list[Likeness]]:
        """By place of the creative: what its pictures look like.

        What codes in them say becomes texts of the creative, what cannot be seen its fault. Where
        no material could match a picture, none is opened.
        """
        if not self._opens or not any(one.images or one.videos for one in intakes):
            return {}
        owners: list[tuple[int, str]] = []
        prints: list[Fingerprint] = []
        for place, intake in enumerate(intakes):
            for field, one in _opened(intake):
                owners.append((place, field))
                prints.append(one)
        found: dict[int, list[Likeness]] = {}
        for match in self._pictures.search(prints):
            place, field = owners[match.query]
            found.setdefault(place, []).append(Likeness(field, *match[1:]))
        return found


def _opened(intake: Intake) -> Iterator[tuple[str, Fingerprint]]:
    for field, media in intake.images:
        try:
            one = taken_in(media)
        except MediaError as error:
            intake.faults.append((field, error.code))
            continue
        if one.codes:
            intake.add_text(f"{OF_CODE}{field}", "\n".join(code.text for code in one.codes))
        yield field, one
    for field, _ in intake.videos:
        intake.faults.append((field, "media.unsupported"))


def fingerprint(file: str | Path | bytes) -> Fingerprint:
    """Everything of an image that matching needs; it depends on no material.

    Args:
        file: A path, or the bytes of a JPEG, PNG, WebP, GIF or AVIF file.

    Raises:
        MediaError: the file is not there, is none of these, damaged, or over a limit.

    >>> from io import BytesIO
    >>> from PIL import Image
    >>> file = BytesIO()
    >>> Image.linear_gradient("L").save(file, "PNG")
    >>> fingerprint(file.getvalue()).size
    (256, 256)
    """
    return fingerprint_of(file if isinstance(file, bytes) else _bytes_of(file))


def taken_in(media: Any) -> Fingerprint:
    """The fingerprint of what stands for an image in a creative.

    Raises:
        MediaError: it is neither a file that can be decoded nor a fingerprint of this version.
    """
    if isinstance(media, Fingerprint):
        return media
    if isinstance(media, dict):
        return Fingerprint.from_dict(media)
    if isinstance(media, bytes) and media.startswith(MAGIC):
        return Fingerprint.from_bytes(media)
    if isinstance(media, (str, Path, bytes)):
        return fingerprint(media)
    kind = type(media).__name__
    raise MediaError("media.unsupported", f"{kind} is no path, bytes or fingerprint")


def _bytes_of(file: str | Path) -> bytes:
    try:
        with Path(file).open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise MediaError("media.missing", f"{str(file)!r} cannot be read: {error}") from error
    if len(data) > MOST_BYTES:
        raise MediaError("media.too_large", f"more than {MOST_BYTES // 2**20} MiB")
    return data
