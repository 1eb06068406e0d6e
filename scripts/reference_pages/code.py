"""The types of options, as Python checks them."""

import textwrap

PLAIN = {
    "flag": "bool",
    "integer": "int",
    "number": "float",
    "text": "str",
    "path": "str | PathLike[str]",
    "patterns": "str | Sequence[str]",
    "limit": "str | int",
}

HEAD = '''"""The options of functions. Written by scripts/reference, from the table of the core."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Literal, TypedDict
'''

GROUPS = {
    "source": "Which images there are.",
    "stream": "How a stream comes.",
    "model": "What computes.",
    "images": "How bytes become pixels.",
    "output": "How a table is written.",
    "resources": "What a run may use.",
}

# Each takes groups and `storage`, but for Spark's, which say for themselves how they reach it.
FUNCTIONS = {
    "ListOptions": ("pomona.list_images", ["source", "stream"], True),
    "ExtractorOptions": ("pomona.Extractor", ["model", "images", "resources"], True),
    "ExtractOptions": (
        "pomona.extract",
        ["source", "stream", "model", "images", "resources"],
        True,
    ),
    "RunOptions": (
        "pomona.run and pomona.plan",
        ["source", "model", "images", "output", "resources"],
        True,
    ),
    "PredictOptions": ("pomona.predict", ["source", "images", "output", "resources"], True),
    "SparkColumnOptions": (
        "pomona.spark.extract_column",
        ["stream", "model", "images", "resources"],
        False,
    ),
    "SparkOptions": (
        "pomona.spark.extract",
        ["source", "stream", "model", "images", "resources"],
        False,
    ),
}


def taken_by(name: str, options: list[dict]) -> list[dict]:
    """The options of Python that stand for `**options` of a function. predict does not take what
    its classifier says, and has rows a file of its own, as a table has other ones."""
    _, groups, _ = FUNCTIONS[name]
    return [
        option
        for group in groups
        for option in options
        if option["group"] == group and "python" in option["surfaces"]
        if name != "PredictOptions"
        or not (option["makes_features"] or option["name"] == "rows_per_file")
    ]


def type_of(option: dict) -> str:
    if option["choices"]:
        choices = ", ".join(f'"{choice}"' for choice in option["choices"])
        return f"Literal[{choices}] | None"
    return f"{PLAIN[option['type']]} | None"


def describe(option: dict) -> str:
    """The same words as help() has: see pomona._signature."""
    default = option["default_text"] or ("False" if option["type"] == "flag" else "")
    return f"{option['help']} Default: {default}." if default else option["help"]


def options_module(options: list[dict]) -> str:
    of_python = [option for option in options if "python" in option["surfaces"]]
    text = HEAD
    storage = "How to reach storage. Without any of it, things are found as the AWS SDK finds them."
    text += _typed_dict("Storage", storage, "storage", of_python)
    for group, help in GROUPS.items():
        text += _typed_dict(_class(group), help, group, of_python)
    for name, (function, groups, with_storage) in FUNCTIONS.items():
        whole = name != "PredictOptions"  # it takes no whole group
        bases = ", ".join(map(_class, groups)) if whole else "TypedDict"
        line = f"class {name}({bases}, total=False):"
        if len(line) > 100:
            line = f"class {name}(\n    {bases}, total=False\n):"
        text += f'\n\n{line}\n    """Of {function}."""\n'
        if not whole:
            text += "\n" + "".join(map(_field, taken_by(name, options)))
        if with_storage:
            text += "\n    storage: Storage | None\n"
    return text


def _class(group: str) -> str:
    return f"{group.capitalize()}Group"


def _typed_dict(name: str, help: str, group: str, options: list[dict]) -> str:
    text = f'\n\nclass {name}(TypedDict, total=False):\n    """{help}"""\n\n'
    return text + "".join(_field(option) for option in options if option["group"] == group)


def _field(option: dict) -> str:
    lines = [f"{option['name']}: {type_of(option)}"]
    lines += textwrap.wrap(f'"""{describe(option)}"""', 96)
    return "".join(f"    {line}\n" for line in lines)
