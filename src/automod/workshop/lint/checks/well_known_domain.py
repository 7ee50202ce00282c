"""AM213: a domain that everybody uses."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.hosts_of import is_well_known, open_hosts
from automod.workshop.lint.told import told


def _look(world: World) -> Iterator[Found]:
    for wording, led in zip(world.wordings, world.targets, strict=True):
        for number, host in open_hosts(wording, led):
            if is_well_known(host):
                yield told(wording, number, host=host)


CHECK = Check(
    code="AM213",
    name="well_known_domain",
    severity="error",
    title={
        "en": "a domain that everybody uses",
        "ar": "نطاق يستعمله الجميع",
    },
    why={
        "en": "Half of all ads link to a large platform, a messenger or a shortener. A material "
        "that names the whole of it stops all of them. Name the page, channel or account with a "
        "url (t.me/winksa) or a handle; to use the platform in rules, give it 'weight: signal'.",
        "ar": "نصف الإعلانات يقود إلى منصة كبيرة أو تطبيق مراسلة أو مختصر روابط، والمادة التي "
        "تذكره كله "
        "توقفها جميعًا. اذكر الصفحة أو القناة أو الحساب بمادة url (مثل t.me/winksa) أو handle، "
        "ولاستعمال المنصة في القواعد أعطها weight: signal.",
    },
    message={
        "en": "{host} is used by everybody, and every link to it would be hit; "
        "name the page or the account",
        "ar": "{host} يستعمله الجميع، وسيُصاب كل رابط إليه؛ اذكر الصفحة أو الحساب",
    },
    look=_look,
)
