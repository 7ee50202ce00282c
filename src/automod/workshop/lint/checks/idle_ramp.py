"""A ramp of what is live in no creative anyway."""

from __future__ import annotations

from collections.abc import Iterator

from automod.load.source import PackageSource
from automod.model.columns import various
from automod.workshop.lint.check import Check, Found, World


def _look(world: World) -> Iterator[Found]:
    for package in world.packages:
        written, read = package.file.package, package.file.read
        status = package.package.status
        if written.ramp is not None and status != "live":
            yield Found(read.at(("ramp",)), {"status": status}, package.name, package.name)
        common = written.defaults
        if common.ramp is not None and common.status not in (None, "live"):
            values = {"status": common.status}
            yield Found(read.at(("defaults", "ramp")), values, package.name, package.name)
        yield from _of_materials(package)
        for number, rule in enumerate(written.rules):
            own = rule.status or "live"
            if rule.ramp is not None and (own != "live" or status != "live"):
                values = {"status": own if own != "live" else status}
                place = read.at(("rules", number, "ramp"))
                yield Found(place, values, package.name, f"{package.name}/{rule.id}")


def _of_materials(package: PackageSource) -> Iterator[Found]:
    """The materials that write a ramp themselves: what all have by default is said once."""
    if not any(ramp < 1 for ramp in various(package.materials, "ramp")):
        return
    columns = (package.materials.column("ramp"), package.materials.column("status"))
    for number, (ramp, status) in enumerate(zip(*columns, strict=True)):
        if ramp < 1 and status != "live":
            form = package.rows.forms[package.rows.form_of[package.order[number]]]
            if "ramp" in form.own:
                name = package.materials[number].id
                yield Found(package.at(number, "ramp"), {"status": status}, package.name, name)


CHECK = Check(
    code="AM330",
    name="idle_ramp",
    severity="warning",
    title={
        "en": "a ramp of what is not live",
        "ar": "تدرّج لما ليس نشطًا",
    },
    why={
        "en": "A ramp says in which share of creatives material is live; in the others it is "
        "shadow. What is draft, shadow or retired is live in none, whatever its ramp. Set the "
        "status to 'live' to begin the ramp, or take the ramp out.",
        "ar": "يحدد التدرّج في أي نسبة من الإعلانات تكون المادة نشطة، وفي غيرها تكون للمراقبة فقط. "
        "والمسودة والمراقبة والمتقاعدة ليست نشطة في أي إعلان مهما كان تدرّجها. اجعل الحالة live "
        "لتبدأ التدرّج، أو احذف التدرّج.",
    },
    message={
        "en": "the ramp does nothing: the status is {status}",
        "ar": "التدرّج لا أثر له: الحالة {status}",
    },
    look=_look,
)
