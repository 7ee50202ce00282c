"""The condition of a rule in words."""

from __future__ import annotations

from automod.model.ruleset import Condition


def condition_text(condition: Condition) -> str:
    """A condition on one line, as it would be read aloud.

    >>> phone, tag = Condition("found", "phone"), Condition("tag", "p/promise")
    >>> condition_text(Condition("all", parts=(tag, Condition("any", parts=(phone,)))))
    'tag p/promise and found phone'
    """
    parts = [condition_text(part) for part in condition.parts]
    held = [f"({part})" if " and " in part or " or " in part else part for part in parts]
    if condition.op in ("all", "any"):
        joint = " and " if condition.op == "all" else " or "
        return joint.join(held if len(held) > 1 else parts)
    if condition.op in ("none", "at_least"):
        head = "none of" if condition.op == "none" else f"at least {condition.count} of"
        return f"{head}: {', '.join(held)}"
    if condition.op == "attribute":
        return f"attribute {condition.name} in {', '.join(condition.values)}"
    return f"{condition.op} {condition.name or ' or '.join(condition.values)}"
