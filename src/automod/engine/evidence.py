"""Raw matches to hits: in scope, in order, with the view and the folds that were needed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from automod.match.nearness import Box, is_nearer
from automod.model.decision import Hit
from automod.model.quick import maker
from automod.model.vocabulary import VIEW_RANK, View
from automod.text.evidence import EXACT, IN_OTHER_CASE, Evidence, explain, surface_folds
from automod.text.language import is_foreign
from automod.text.lexicon import wanted_of

from .intake import LONGEST, OF_CODE, Intake
from .standing import Standing, Subject, Subjects, in_field, in_market

Raw = tuple[int, int, int, int]
"""(text number within the creative, start, end, material number)."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A picture of the creative that looks like the sample of a material."""

    field: str
    """`images[0]`."""
    number: int
    """The material's."""
    view: str
    """How the picture was looked at: `whole`, `mirrored` …"""
    distance: int
    """Bits in which the hashes differ."""
    box: Box | None
    """Where in the picture; None for a video."""
    confidence: float = 1.0
    at: float | None = None
    """Of a video, the seconds at which it begins."""


Lineage = Callable[[str], frozenset[str]]
"""A market -> itself, its parents and the groups they are in."""


make_hit = maker(Hit)


@dataclass(slots=True)
class Sighting:
    """A raw match in scope, with what stands behind it; a picture has no span and no text."""

    field: str
    start: int | None
    end: int | None
    text: str | None
    subject: Subject
    view: View
    folds: tuple[str, ...]
    confidence: float = 1.0
    likeness: Likeness | None = None

    def order(self) -> tuple[str, int, int, str]:
        """What hits are sorted by."""
        return self.field, self.start or 0, self.end or 0, self.subject.id


def sightings(
    raws: Iterable[Raw],
    likenesses: Iterable[Likeness],
    intake: Intake,
    subjects: Subjects,
    lineage: Lineage,
) -> list[Sighting]:
    """Matches whose material covers the field and one of the markets, sorted by place.

    An allow that has nothing to protect is left out.
    """
    found = []
    for raw in raws:
        sighting = _sighting(raw, intake, subjects[raw[3]], lineage)
        if sighting is not None:
            found.append(sighting)
    for one in likenesses:
        subject = subjects[one.number]
        if _is_in_scope(subject, one.field, intake, lineage):
            found.append(
                Sighting(one.field, None, None, None, subject, "exact", (), one.confidence, one)
            )
    if len(found) > 1:
        found.sort(key=Sighting.order)
        return _protecting(found)
    return [one for one in found if one.subject.allow is None]


def plain_hits(
    raws: Sequence[Raw],
    intake: Intake,
    subjects: Subjects,
    prompts: Collection[str],
    signs: frozenset[str] = frozenset(),
) -> list[Hit] | None:
    """The hits, in order, where every one is of a plain material that no rule asks for; else None.

    Most hits are: for them the general way would only copy everything twice.

    `prompts`: ids and tags that rules ask for; `signs`: folds that they ask for.
    """
    fields, texts, creative = intake.fields, intake.texts, intake.id
    if len(raws) > 1 and not _in_order(raws):
        raws = sorted(raws, key=lambda raw: (fields[raw[0]], *raw[1:3], subjects[raw[3]].id))
    hits: list[Hit] = []
    for text, start, end, number in raws:
        subject = subjects[number]
        if not subject.plain or (prompts and _prompts(subject, prompts)):
            return None
        surface = texts[text][start:end]
        if subject.value == surface and not subject.strict:
            found: Evidence | None = EXACT
        elif subject.cased == surface.casefold() and surface.isascii():
            found = IN_OTHER_CASE
        else:
            found = _evidence(subject, texts[text], start, end)
        if found is not None:
            view, folds, confidence = found
            if signs and not signs.isdisjoint(folds):
                return None
            hits.append(
                make_hit(
                    len(hits), subject.id, subject.package.version, subject.policies,
                    subject.base_for(creative).status if subject.ramps else subject.status,
                    subject.kind, fields[text], start, end, surface, view, folds, confidence,
                    subject.weight,
                )
            )  # fmt: skip
    return hits


def _in_order(raws: Sequence[Raw]) -> bool:
    """Whether all are of one text and each begins after the one before it."""
    before = raws[0]
    for raw in raws[1:]:
        if raw[0] != before[0] or raw[1] <= before[1]:
            return False
        before = raw
    return True


def _prompts(subject: Subject, prompts: Collection[str]) -> bool:
    return subject.id in prompts or any(tag in prompts for tag in subject.tags)


def _sighting(raw: Raw, intake: Intake, subject: Subject, lineage: Lineage) -> Sighting | None:
    text, start, end, _ = raw
    field = intake.fields[text]
    if not _is_in_scope(subject, field, intake, lineage):
        return None
    found = _evidence(subject, intake.texts[text], start, end)
    if found is None:
        return None
    return Sighting(field, start, end, intake.texts[text][start:end], subject, *found)


def _is_in_scope(subject: Subject, field: str, intake: Intake, lineage: Lineage) -> bool:
    return not subject.scopes or (
        in_field(subject, field) and any(in_market(subject, lineage(one)) for one in intake.markets)
    )


def _evidence(subject: Subject, text: str, start: int, end: int) -> Evidence | None:
    """What a surface needed to be a hit; None where it is none in the material's view.

    Where the material is bound to languages, it is none in a text of another.
    """
    material = subject.material
    if material is None:
        return EXACT
    surface = text[start:end]
    if material.kind in ("keyword", "phrase"):
        evidence = explain(wanted_of(material), surface)
    elif material.kind == "regex" and material.view == "exact":
        evidence = EXACT
    else:
        evidence = surface_folds(surface)
    if evidence is None or VIEW_RANK[evidence.view] > VIEW_RANK[subject.view]:
        return None
    if material.only_if_obfuscated and evidence.view != "evasion":
        return None
    if material.only_languages and is_foreign(text, start, end, material.only_languages):
        return None
    return evidence


def _protecting(found: list[Sighting]) -> list[Sighting]:
    """Without the allows that have nothing to protect."""
    if not [one for one in found if one.subject.allow is not None]:
        return found
    risky = [one for one in found if one.subject.allow is None]
    return [
        one
        for one in found
        if one.subject.allow is None or any(is_held_by(two, one) for two in risky)
    ]


def is_held_by(one: Sighting, allow: Sighting) -> bool:
    """Whether an allow holds a hit: its span holds that of the hit, or the picture is nearer."""
    if one.field != allow.field:
        return False
    if one.likeness is not None and allow.likeness is not None:
        return is_nearer(allow.likeness, one.likeness)
    if one.start is None or one.end is None or allow.start is None or allow.end is None:
        return False
    return allow.start <= one.start and one.end <= allow.end


def hits_of(
    raws: Iterable[Raw],
    likenesses: Iterable[Likeness],
    intake: Intake,
    subjects: Subjects,
    lineage: Lineage,
) -> tuple[Hit, ...]:
    """Hits as they are before any day, market or allow is looked at."""
    found = sightings(raws, likenesses, intake, subjects, lineage)
    return tuple(hit_of(n, one, one.subject.base) for n, one in enumerate(found))


def hit_of(
    n: int,
    one: Sighting,
    standing: Standing,
    allowed_by: str | None = None,
    overridden_by: str | None = None,
) -> Hit:
    """The published form of a sighting, with the status and weight that it has."""
    subject, like = one.subject, one.likeness
    return make_hit(
        n,
        subject.id,
        subject.package.version,
        subject.policies,
        standing.status,
        subject.kind,
        one.field,
        one.start,
        one.end,
        one.text,
        one.view if like is None else like.view,
        one.folds,
        one.confidence,
        standing.weight,
        None if like is None else like.distance,
        None if like is None else like.at,
        None if like is None else like.box,
        (),
        allowed_by,
        overridden_by,
    )


def raw_of(
    hits: Iterable[Hit | Mapping[str, Any]], intake: Intake, subjects: Subjects
) -> tuple[list[Raw], list[Likeness]]:
    """Stored hits as raw matches; what the ruleset no longer has is dropped.

    Raises:
        ValueError: a hit names a field, or a span, that the creative does not have.
    """
    texts = {field: number for number, field in enumerate(intake.fields)}
    pictures = {field for field, _ in (*intake.images, *intake.videos)}
    raws: dict[Raw, None] = {}
    likenesses: dict[Likeness, None] = {}
    for hit in hits:
        material, field, start, end = _place(hit)
        number = subjects.number(material)
        if number is None or field is None:
            continue
        if field in pictures:
            likenesses[_stored_likeness(hit, field, number)] = None
            continue
        text = texts.get(field)
        if text is None and field.startswith(OF_CODE):
            text = texts[field] = _text_of_code(hit, field, end, intake)
        if text is None or not 0 <= start < end <= len(intake.texts[text]):
            place = f"{field} {start}-{end}"
            raise ValueError(f"the hit of {material} at {place} is not of this creative")
        raws[text, start, end, number] = None
    return list(raws), list(likenesses)


def _text_of_code(hit: Hit | Mapping[str, Any], field: str, end: int, intake: Intake) -> int:
    """The number of a text that holds a stored hit where it was: the picture is no more at hand."""
    text = (hit.text if isinstance(hit, Hit) else hit.get("text")) or ""
    intake.add_text(field, str(text).rjust(min(end, LONGEST)))
    return intake.fields.index(field)


def of_code(hit: Hit | Mapping[str, Any]) -> bool:
    """Whether a stored hit lies in what a code of a picture says."""
    return str(_place(hit)[1]).startswith(OF_CODE)


def _stored_likeness(hit: Hit | Mapping[str, Any], field: str, number: int) -> Likeness:
    """A stored hit of a picture.

    Raises:
        ValueError: it lacks what such a hit has.
    """
    one = hit.to_dict() if isinstance(hit, Hit) else hit
    try:
        box: Box | None = None
        if one["box"] is not None:
            left, top, right, bottom = map(int, one["box"])
            box = left, top, right, bottom
        at = None if one.get("at") is None else float(one["at"])
        view, sure = str(one["view"]), float(one.get("confidence", 1.0))
        return Likeness(field, number, view, int(one["distance"]), box, sure, at)
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            f"{hit!r} is no hit of a picture: view, distance or box is amiss"
        ) from None


def _place(hit: Hit | Mapping[str, Any]) -> tuple[str, str | None, int, int]:
    if isinstance(hit, Hit):
        return hit.material, hit.field, hit.start or 0, hit.end or 0
    try:
        place = hit["material"], hit.get("field"), hit.get("start") or 0, hit.get("end") or 0
    except (AttributeError, KeyError, TypeError):
        raise ValueError(f"{hit!r} is no hit") from None
    if not isinstance(place[2], int) or not isinstance(place[3], int):
        raise ValueError(f"{hit!r} is no hit: its start and end are no numbers")
    return place
