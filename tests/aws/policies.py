"""What IAM makes of identity policies, for the elements that deploy/aws uses. Others raise, rather
than being let through.

moto finds a caller's policies and an action's name; conditions it does not know.
"""

import re
from collections.abc import Iterable
from typing import Any


def allows(
    statements: Iterable[dict[str, Any]], action: str, resource: str, context: dict[str, str]
) -> bool:
    """Whether a request is allowed: some statement allows it and none denies it."""
    effects = {s["Effect"] for s in statements if _is_meant(s, action, resource, context)}
    return effects == {"Allow"}


def _is_meant(
    statement: dict[str, Any], action: str, resource: str, context: dict[str, str]
) -> bool:
    unknown = set(statement) - {"Sid", "Effect", "Action", "Resource", "Condition"}
    if unknown:
        raise NotImplementedError(f"{sorted(unknown)} in a policy")
    return (
        any(_matches(pattern, action) for pattern in _list(statement["Action"]))
        and any(_matches(pattern, resource) for pattern in _list(statement["Resource"]))
        and all(
            _holds(operator, key, _list(values), context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _holds(operator: str, key: str, values: list[str], context: dict[str, str]) -> bool:
    """A key that the request does not have makes a condition fail."""
    if key not in context:
        return False
    if operator == "StringEquals":
        return context[key] in values
    if operator == "StringLike":
        return any(_matches(pattern, context[key]) for pattern in values)
    raise NotImplementedError(f"condition {operator}")


def _matches(pattern: str, text: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
