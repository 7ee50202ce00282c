"""Two examples of one text that ask for different things, or one that cannot be as it says."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from automod.errors import Location
from automod.load.source import PackageSource
from automod.model.columns import various
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import is_on, shortened


@dataclass(frozen=True, slots=True)
class _Claim:
    """What an example says of a text: exactly these hit, or this one does or does not."""

    place: Location
    hits: frozenset[str] | None = None
    one: str = ""
    wanted: bool = True

    def denies(self, other: _Claim) -> bool:
        """Whether both cannot be so."""
        if self.hits is not None and other.hits is not None:
            return self.hits != other.hits
        if self.hits is None and other.hits is None:
            return self.one == other.one and self.wanted != other.wanted
        whole, single = (self, other) if self.hits is not None else (other, self)
        return (single.one in (whole.hits or ())) != single.wanted


def _look(world: World) -> Iterator[Found]:
    for package in filter(is_on, world.packages):
        first: dict[str, list[_Claim]] = defaultdict(list)
        for text, claim in _claims(package):
            denied = next((one for one in first[text] if one.denies(claim)), None)
            first[text].append(claim)
            if denied is not None:
                values = {"text": shortened(text), "first": str(denied.place)}
                yield Found(claim.place, values, package.name, package.name, (denied.place,))


def _claims(package: PackageSource) -> Iterator[tuple[str, _Claim]]:
    read = package.file.read
    for number, one in enumerate(package.package.examples):
        if one.text:
            yield _key(one.text), _Claim(read.at(("examples", number)), frozenset(one.hits))
    if not any(
        {"example", "not_example"} & one.keys() for one in various(package.materials, "about")
    ):
        return
    for number, about in enumerate(package.materials.column("about")):
        name = package.materials[number].id.partition("/")[2] if about else ""
        for key in ("example", "not_example"):
            if key in about:
                place = package.at(number, key)
                yield _key(about[key]), _Claim(place, None, name, key == "example")


def _key(text: str) -> str:
    """A text as far as no view tells it from another: case and letters may matter."""
    return " ".join(unicodedata.normalize("NFC", text).split())


CHECK = Check(
    code="AM324",
    name="examples_contradict",
    severity="error",
    title={"en": "examples that contradict each other", "ar": "أمثلة يناقض بعضها بعضًا"},
    why={
        "en": "One text is said to have two different sets of hits. Whatever the package does, "
        "one of the two examples fails.",
        "ar": "نص واحد يُقال إن له مجموعتين مختلفتين من الإصابات. ومهما فعلت الحزمة سيفشل أحد "
        "المثالين.",
    },
    message={
        "en": "of {text!r} an example says something else in {first}",
        "ar": "عن {text!r} يقول مثال آخر غير ذلك في {first}",
    },
    look=_look,
)
