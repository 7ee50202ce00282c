"""The condition of a rule in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from automod.model.ruleset import Condition

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "all": " and ", "any": " or ", "none": "none of: {parts}",
        "at_least": "at least {count} of: {parts}", "attribute": "attribute {name} in {values}",
        "material": "material {name}", "tag": "tag {name}", "found": "found {name}",
        "advertiser": "advertiser {name}", "list": ", ",
    },
    "ar": {
        "all": " و", "any": " أو ", "none": "لا شيء من: {parts}",
        "at_least": "{count} على الأقل من: {parts}", "attribute": "الخاصية {name} من {values}",
        "material": "المادة {name}", "tag": "الوسم {name}", "found": "العثور على {name}",
        "advertiser": "المعلن {name}", "list": "، ",
    },
}  # fmt: skip
"""What joins the parts of a condition, or is said of one."""


def condition_text(condition: Condition, lang: Literal["en", "ar"] = "en") -> str:
    """A condition on one line, as it would be read aloud.

    >>> phone, tag = Condition("found", "phone"), Condition("tag", "p/promise")
    >>> condition_text(Condition("all", parts=(tag, Condition("any", parts=(phone,)))))
    'tag p/promise and found phone'
    """
    words = _WORDS[lang]
    parts = [condition_text(part, lang) for part in condition.parts]
    joints = words["all"], words["any"]
    held = [f"({part})" if any(one in part for one in joints) else part for part in parts]
    if condition.op in ("all", "any"):
        return words[condition.op].join(held if len(held) > 1 else parts)
    values, listed = condition.values, words["list"]
    return words[condition.op].format(
        name=condition.name or words["any"].join(values), values=listed.join(values),
        count=condition.count, parts=listed.join(held),
    )  # fmt: skip
