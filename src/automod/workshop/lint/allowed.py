"""What the allows of texts protect, and what they leave of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from automod.errors import Location
from automod.load.source import PackageSource
from automod.load.writing import TEXT
from automod.match.literal_forms import literal_forms
from automod.match.matcher import Matcher
from automod.match.phrase import Phrase, parse
from automod.match.texts import Batch
from automod.model.ruleset import EVERYWHERE, Allow, Material
from automod.text.fold import FoldedText
from automod.text.loose import loose
from automod.text.words import cores

from .swallow import BACKEND
from .wording import Wording

_AS_OPEN: Final[Mapping[str, frozenset[str]]] = {
    "word": frozenset({"word", "inflected", "prefix", "substring"}),
    "inflected": frozenset({"inflected"}),
    "prefix": frozenset({"prefix", "substring"}),
    "substring": frozenset({"substring"}),
}
"""Boundary of a material -> boundaries of an allow that stands wherever it does."""


class Held(NamedTuple):
    """An allow of a text, with its place."""

    package: PackageSource
    number: int
    allow: Allow
    material: Material

    @property
    def place(self) -> Location:
        """Where its value lies."""
        return self.package.file.read.at(("allow", self.number, "value"))


def text_allows(packages: Iterable[PackageSource]) -> list[Held]:
    """The allows of words that are in use."""
    return [held for package in packages for held in _allows(package) if held.material.kind in TEXT]


def _allows(package: PackageSource) -> Iterator[Held]:
    """What is allowed by its words or its looks, each as it was written and as it was made."""
    made = {one.id: one for one in package.package.allows}
    for number, one in enumerate(package.file.package.allow):
        allow = made.get(f"{package.name}/{one.id}")
        if allow is not None and allow.material is not None:
            yield Held(package, number, allow, allow.material)


def phrase_of(material: Material) -> Phrase | None:
    """What an allow says, word by word; None where a keyword has symbols."""
    core = cores([material.value])[1][0]
    value = material.value if material.kind == "phrase" else core
    return parse(value, material.gap, material.boundary) if core else None


def forms_of(material: Material) -> tuple[str, ...]:
    """The texts that an allow stands for literally (safe fold); none where it leaves gaps."""
    phrase = phrase_of(material)
    if phrase is None or not phrase.literal:
        return ()
    return tuple(literal_forms(phrase) or ())


def protects(held: Held, wording: Wording, number: int) -> bool:
    """Whether an allow is for the hits of a material: its package, or all of its codes."""
    if wording.source.name in held.allow.packages:
        return True
    policies = wording.column("policies")[number]
    return bool(policies) and {*policies} <= {*held.allow.policies}


class Shadow(NamedTuple):
    """A material, some of whose forms an allow protects wherever they stand."""

    number: int
    held: Held
    forms: tuple[str, ...]
    """Those that are protected."""
    whole: bool
    """All of its forms are."""


def shadows(wording: Wording, allows: Sequence[Held]) -> Iterator[Shadow]:
    """The materials of a package that lie in the shadow of an allow."""
    said: dict[str, list[Held]] = {}
    for held in allows:
        if held.allow.scope == EVERYWHERE and held.allow.status == "live":
            for form in forms_of(held.material):
                said.setdefault(form, []).append(held)
    if not said:
        return
    keys, kinds = wording.keys, wording.kinds
    for number in wording.sound:
        if keys[number] in said or kinds[number] == "phrase":
            found = _shadow(wording, number, said)
            if found is not None:
                yield found


def _shadow(wording: Wording, number: int, said: Mapping[str, list[Held]]) -> Shadow | None:
    boundary = wording.column("boundary")[number]
    forms = wording.sayings.safe(number)
    by = {
        form: [
            held
            for held in said.get(form, ())
            if held.material.boundary in _AS_OPEN[boundary] and protects(held, wording, number)
        ]
        for form in forms
    }
    held_forms = tuple(form for form in forms if by[form])
    if not held_forms:
        return None
    first = min(by[held_forms[0]], key=lambda one: one.allow.id)
    return Shadow(number, first, held_forms, whole=len(held_forms) == len(forms))


def inert(allows: Sequence[Held], wordings: Sequence[Wording]) -> Iterator[Held]:
    """The allows in whose words nothing that they protect hits.

    One with a gap or a slot may hold anything: of such a one it is not known.
    """
    whole = [held for held in allows if _is_whole(held.package)]
    asked = [(held, text) for held in whole for text in _texts(held.material)]
    if not asked:
        return
    near = list(_near(" | ".join(form for _, form in asked), wordings))
    matcher = Matcher([one.source.materials[number] for one, number in near], BACKEND)
    count = len(asked)
    texts = [form for _, form in asked]
    found = matcher.scan(Batch(texts, list(range(count)), [()] * count))
    busy = {asked[text][0].allow.id for text, _ in found.not_evaluated}
    for text, _, _, material in found.matches:
        held = asked[text][0]
        if protects(held, *near[material]):
            busy.add(held.allow.id)
    yield from {held.allow.id: held for held, _ in asked if held.allow.id not in busy}.values()


def _texts(material: Material) -> tuple[str, ...]:
    """What an allow stands for literally; also as it is written, where a link may be among it."""
    forms = forms_of(material)
    return (*forms, _SYNTAX.sub(" ", material.value)) if forms else ()


_SYNTAX: Final = re.compile("[()|]")


def _is_whole(package: PackageSource) -> bool:
    """Whether no material is missing because it is faulty: an allow may have been for that."""
    known = package.known
    return "materials" not in known.unsure and len(known.materials) <= len(package.materials)


def _near(forms: str, wordings: Iterable[Wording]) -> Iterator[tuple[Wording, int]]:
    """The materials that may hit in the words of allows; many too many, but not all.

    Of what is inflected the article and the last letters may differ.
    """
    text = loose(FoldedText(forms))
    words = {_stem(word) for word in text.split() if word != "|"}
    for wording in wordings:
        plain = wording.plain
        yield from ((wording, n) for n in wording.of(["keyword"]) if _stem(plain[n]) in text)
        for number in wording.of(["phrase"]):
            if any(word in plain[number] for word in words):
                yield wording, number
        for number in wording.of(("regex", "domain", "url", "handle")):
            yield wording, number


def _stem(text: str) -> str:
    """What of a word is in all its forms, at least."""
    text = text.removeprefix("ال")
    return text[:-1] if len(text) > 2 else text
