"""AM212: a domain under which anybody has a site."""

from __future__ import annotations

from collections.abc import Iterator

from automod.match.hosts import u_host
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.hosts_of import is_well_known, open_hosts
from automod.workshop.lint.told import told


def _look(world: World) -> Iterator[Found]:
    for wording, led in zip(world.wordings, world.targets, strict=True):
        for number, host in open_hosts(wording, led):
            if not is_well_known(host):
                yield told(wording, number, host=u_host(host))


CHECK = Check(
    code="AM212",
    name="public_suffix",
    severity="error",
    title={
        "en": "a domain under which anybody has a site",
        "ar": "نطاق يمكن لأي شخص أن يملك موقعًا تحته",
    },
    why={
        "en": "blogspot.com, github.io and their like hold millions of sites of strangers, and a "
        "domain hits all that lies under it. Name the site: shop.blogspot.com. (Suffixes of "
        "registries, such as com.sa, are refused when files are read.)",
        "ar": "تضم blogspot.com و github.io وأمثالهما ملايين المواقع لأشخاص لا صلة بينهم، والنطاق "
        "يصيب "
        "كل ما تحته. اكتب الموقع نفسه: shop.blogspot.com. (أما لواحق السجلات مثل com.sa فتُرفض عند "
        "قراءة الملفات.)",
    },
    message={
        "en": "{host} is a public suffix: anybody has a site under it, and all would be hit; "
        "name the site",
        "ar": "{host} لاحقة عامة: لأي شخص موقع تحتها، وستُصاب جميعًا؛ اكتب الموقع نفسه",
    },
    look=_look,
)
