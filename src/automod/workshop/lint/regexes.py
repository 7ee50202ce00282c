"""The patterns of a ruleset, compiled as the engine does, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from automod.errors import Location
from automod.load.source import PackageSource
from automod.match.pattern import Pattern, compile_pattern
from automod.model.ruleset import Material

from .parts import allows_of, is_on, some
from .regex_attack import is_hopeless
from .regex_growth import Growth, growing
from .regex_tree import Node, tree_of


@dataclass(frozen=True)
class Regex:
    """A pattern of a material or of an allow."""

    material: Material
    package: str
    place: Location
    pattern: Pattern

    @property
    def text(self) -> str:
        """The pattern as it is searched for: its letters folded."""
        return str(self.pattern.compiled.pattern)

    @cached_property
    def tree(self) -> Node | None:
        """What it is made of, where that is understood."""
        return tree_of(self.text)

    @cached_property
    def growth(self) -> Growth | None:
        """The loop by which its time has no bound, tried on a long text."""
        tree = self.tree
        found = None if tree is None else growing(tree)
        if tree is None or found is None or not is_hopeless(self.pattern, tree, found):
            return None
        return found

    @cached_property
    def finds(self) -> int:
        """Of some harmless texts how many it finds something in."""
        return sum(_hits(self.pattern, text) for text in HARMLESS)


HARMLESS = (
    "Fresh bread every morning, come in and taste it",
    "Our library opens at 9 and closes at 17:30 on weekdays",
    "New sofa covers - wash at 40 degrees, dry in the shade",
    "خبز طازج كل صباح، زورونا وتذوقوا",
    "تفتح المكتبة أبوابها من الساعة 9 إلى 5 مساء",
    "أغطية أرائك جديدة، تغسل على 40 درجة",
    "Свежий хлеб каждое утро, приходите к 8",
    "每天早上8点新鲜面包",
    "Pan fresco cada mañana, desde las 8:00",
    "Her sabah taze ekmek, saat 8'den itibaren",
)


def _hits(pattern: Pattern, text: str) -> bool:
    try:
        return pattern.compiled.search(text.casefold(), timeout=0.05) is not None
    except TimeoutError:
        return False


def regexes_of(packages: Iterable[PackageSource]) -> Iterator[Regex]:
    """The patterns that are in use."""
    for package in filter(is_on, packages):
        for number, material in some(package, ("regex",)):
            yield from _made(material, package.name, package.at(number, "value"))
        for number, allow in allows_of(package):
            if allow.material is not None and allow.material.kind == "regex":
                place = package.file.read.at(("allow", number, "value"))
                yield from _made(allow.material, package.name, place)


def _made(material: Material, package: str, place: Location) -> Iterator[Regex]:
    try:
        yield Regex(material, package, place, compile_pattern(material.value, material.view))
    except ValueError:
        return  # loading has said so
