"""A field that is nearly one that creatives have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from automod.errors import Location
from automod.load.source import PackageSource
from automod.model.columns import various
from automod.model.ruleset import Allow, Rule
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import allows_of, in_use, rules_of

_KNOWN = frozenset(
    {"title", "body", "headline", "description", "ocr", "links", "images", "videos", "code"}
)
"""How the fields of creatives begin: those that have a meaning here, and usual names of texts."""
_PARTS = {"links": ("host", "path")}
_NAME = re.compile(r"(?P<root>[^\[:.]+)(?:\[[^\]]*\])?(?:\.(?P<part>.+))?")


def _look(world: World) -> Iterator[Found]:
    for package in in_use(world):
        odd = {name for scope in various(package.materials, "scope") for name in scope.fields}
        odd = {name for name in odd if _meant(name)}
        for number, scope in enumerate(package.materials.column("scope")) if odd else ():
            for name in sorted(odd.intersection(scope.fields)):
                place = package.at(number, "fields")
                yield _found(package, place, package.materials[number].id, name)
        for path, one in _others(package):
            for name in filter(_meant, one.scope.fields):
                yield _found(package, package.file.read.at((*path, "fields")), one.id, name)


def _others(package: PackageSource) -> Iterator[tuple[tuple[str, int], Rule | Allow]]:
    yield from ((("rules", number), rule) for number, rule in rules_of(package))
    yield from ((("allow", number), allow) for number, allow in allows_of(package))


def _meant(name: str) -> str | None:
    """What a name was probably meant to be; None where nothing is wrong with it.

    >>> _meant("boddy"), _meant("link[0].host"), _meant("links[*].hosts"), _meant("my_text")
    ('body', 'links[0].host', 'links[*].host', None)
    """
    found = _NAME.match(name)
    if found is None:
        return None
    root, part = found["root"], found["part"]
    parts = _PARTS.get(root)
    if root in _KNOWN and (part is None or parts is None or part in parts):
        return None
    choices, own = (parts, part) if root in _KNOWN and parts and part else (_KNOWN, root)
    # `title_2` and `my_body` are names that somebody chose.
    near = get_close_matches(own, choices, n=1, cutoff=_NEAR) if own.isalpha() else []
    return name.replace(own, near[0], 1) if near else None


_NEAR = 0.8


def _found(package: PackageSource, place: Location, subject: str, name: str) -> Found:
    return Found(place, {"field": name, "meant": _meant(name)}, package.name, subject)


CHECK = Check(
    code="AM316",
    name="misspelt_field",
    severity="warning",
    title={
        "en": "a field whose name is nearly that of another",
        "ar": "حقل اسمه قريب جدًا من اسم حقل آخر",
    },
    why={
        "en": "A part with 'fields' acts in these fields alone. In a field that no creative has "
        "it finds nothing, and no error tells so, because creatives may name their texts freely.",
        "ar": "الجزء الذي له fields يعمل في هذه الحقول وحدها. فإن لم يكن الحقل في أي إعلان فلن "
        "يجد شيئًا، ولا خطأ ينبه إلى ذلك، لأن الإعلانات تسمي نصوصها كما تشاء.",
    },
    message={
        "en": "the field {field!r} is probably meant to be {meant!r}",
        "ar": "الحقل {field!r} المقصود به غالبًا {meant!r}",
    },
    look=_look,
)
