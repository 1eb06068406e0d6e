"""A CloudFormation template as data, and whether values fit its parameters."""

from __future__ import annotations

import dataclasses
import pathlib
import re
from collections.abc import Collection
from typing import Any

import yaml

from pomona_aws.errors import Refused

FOLDER = pathlib.Path(__file__).resolve().parents[1]


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags: !Ref X is {"Ref": X}."""


def _long_form(loader: yaml.Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _long_form)


@dataclasses.dataclass(frozen=True)
class Template:
    name: str
    """Of the file, without .yaml."""
    text: str
    content: dict[str, Any]

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        return self.content["Parameters"]

    @property
    def outputs(self) -> set[str]:
        return set(self.content.get("Outputs", {}))

    def check(self, values: dict[str, str], wired: Collection[str]) -> None:
        """Refuses a value that a parameter's own rules exclude, which CloudFormation would do
        minutes later, and a value that is missing. `wired` come from another stack."""
        for name, rules in self.parameters.items():
            if name not in values:
                if "Default" not in rules and name not in wired:
                    raise Refused(f"{self.name} needs {name}: {rules['Description']}",
                                  f"--set {name}=VALUE")  # fmt: skip
                continue
            wrong = _wrong(values[name], rules)
            if wrong:
                raise Refused(f"{name}={values[name]}: {wrong}", rules["Description"])


def _wrong(value: str, rules: dict[str, Any]) -> str:
    """What is wrong with a value; empty: nothing."""
    if "AllowedValues" in rules and value not in rules["AllowedValues"]:
        return f"must be one of {', '.join(rules['AllowedValues'])}"
    if "AllowedPattern" in rules and not re.fullmatch(rules["AllowedPattern"], value):
        return f"must look like {rules['AllowedPattern']}"
    if rules["Type"] == "Number":
        if not re.fullmatch(r"-?\d+", value):
            return "must be a whole number"
        if int(value) < rules.get("MinValue", float("-inf")):
            return f"must be {rules['MinValue']} or more"
        if int(value) > rules.get("MaxValue", float("inf")):
            return f"must be {rules['MaxValue']} or less"
    return ""


def load(name: str) -> Template:
    text = (FOLDER / f"{name}.yaml").read_text()
    return Template(name, text, yaml.load(text, _Loader))
