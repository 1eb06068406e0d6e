"""Signatures and help of functions that take options, from the table of the core."""

from __future__ import annotations

import inspect
import textwrap
import typing
from collections.abc import Callable
from typing import Any, TypeVar

from pomona import _core

_Any = TypeVar("_Any")

TABLE: dict[str, dict[str, Any]] = {option["name"]: option for option in _core.options()}


def describe(option: dict[str, Any]) -> str:
    """What it is, and its default, in a sentence each."""
    default = option["default_text"] or ("False" if option["type"] == "flag" else "")
    return f"{option['help']} Default: {default}." if default else option["help"]


def takes(options: type) -> Callable[[_Any], _Any]:
    """Gives a function, or a class, the options of a TypedDict in place of its `**options`: in its
    signature, and at the mark `{options}` of its help."""
    hints = typing.get_type_hints(options)

    def give(function: _Any) -> _Any:
        made = function.__init__ if isinstance(function, type) else function
        own = inspect.signature(made)
        parameters = [p for p in own.parameters.values() if p.kind is not p.VAR_KEYWORD]
        parameters += [_parameter(name, hint) for name, hint in hints.items()]
        made.__signature__ = own.replace(parameters=parameters)
        if made is not function:
            function.__signature__ = own.replace(
                parameters=parameters[1:], return_annotation=inspect.Signature.empty
            )
        function.__doc__ = function.__doc__.replace("{options}", _help(hints))
        return function

    return give


def _parameter(name: str, hint: Any) -> inspect.Parameter:
    default = TABLE[name]["default"] if name in TABLE else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def _help(names: typing.Iterable[str]) -> str:
    lines = [
        textwrap.fill(f"{name}: {describe(TABLE[name])}", 100, subsequent_indent=" " * 8)
        for name in names
        if name in TABLE
    ]
    return "\n    ".join([*lines, "storage: see Storage."])
