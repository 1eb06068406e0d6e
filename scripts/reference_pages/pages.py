"""The pages of docs/reference."""

import ast
import inspect
import pathlib
import re
from collections.abc import Callable

from reference_pages.code import FUNCTIONS, describe, options_module, taken_by, type_of

COMMANDS = ["extract", "list", "plan", "pca", "split", "train", "evaluate", "predict",
            "neighbors", "duplicates", "issues", "suggest", "map", "report", "verify", "model",
            "model list", "model show", "model add", "model quantize", "demo",
            "doctor"]  # fmt: skip
MADE = "<!-- Written by scripts/reference. -->\n\n"
# Where each name of the package is written down.
MODULES = ["running.py", "splitting.py", "learning.py", "classifier.py", "nearest.py",
           "curating.py", "mapping.py", "showing.py", "listing.py",
           "extraction.py", "_core.pyi", "reports.py", "listing_summary.py",
           "errors.py"]  # fmt: skip


def all_pages(tables: dict, pomona: Callable[..., str], repository: pathlib.Path) -> dict[str, str]:
    """Text by the name of its file."""
    made = {
        "cli": cli(tables["options"], pomona),
        "python": python(tables["options"], repository / "python" / "pomona"),
        "metrics": metrics(tables["metrics"]),
        "exit-codes": exit_codes(tables["exit_codes"]),
        "reject-reasons": reject_reasons(tables["rejects"]),
    }
    return {f"docs/reference/{name}.md": text for name, text in made.items()}


def cli(options: list[dict], pomona: Callable[..., str]) -> str:
    text = f"# Command line\n\n{MADE}"
    text += (
        "Options have one name on every surface: `--max-bytes` here is `max_bytes` in "
        "[Python](python.md) and Spark. A later option overrides an earlier one.\n\n"
        "## Options of a run\n\n"
        "`extract` and `plan` take all of those with a flag; `list` those of source and storage; "
        "every command that reaches storage takes those of storage. A table is continued only with "
        "the values that it was begun with of those that change rows.\n"
    )
    for group in dict.fromkeys(option["group"] for option in options):
        text += f"\n### {group.capitalize()}\n\n| option | flag | default | | rows | where |\n"
        text += "|---|---|---|---|---|---|\n"
        for option in options:
            if option["group"] == group:
                text += _option_row(option)
    for command in ("", *COMMANDS):
        shown = re.sub(r"[ \t]+$", "", pomona(*command.split(), "--help"), flags=re.MULTILINE)
        text += f"\n## pomona {command}".rstrip() + f"\n\n```\n{shown.strip()}\n```\n"
    return text


def _option_row(option: dict) -> str:
    on_command_line = "command line" in option["surfaces"]
    cells = [
        f"`{option['name']}`",
        f"`{option['flag']}`" if on_command_line else "",
        option["default_text"] if "*" not in option["default_text"] else "see `list --help`",
        option["help"],
        "changes" if option["changes_rows"] else "",
        ", ".join(option["surfaces"]),
    ]
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*")


def python(options: list[dict], package: pathlib.Path) -> str:
    text = f"# Python\n\n{MADE}"
    text += "`help()` has the same; how things go together is in the guides, "
    text += "[Python](../guides/python.md) and [Spark](../guides/spark.md).\n"
    by_name = {option["name"]: option for option in options}
    homes = _definitions(package, options)
    names = ast.literal_eval(
        re.search(r"__all__ = (\[.*?\])", (package / "__init__.py").read_text(), re.DOTALL)[1]
    )
    functions = [name for name in names if isinstance(homes.get(name), ast.FunctionDef)]
    classes = [name for name in names if isinstance(homes.get(name), ast.ClassDef)]
    text += "\n## Functions\n"
    for name in functions:
        text += _function(f"pomona.{name}", homes[name], by_name, "###")
    text += "\n## Classes\n"
    for name in classes:
        text += _class(name, homes, by_name)
    return text


def _definitions(package: pathlib.Path, options: list[dict]) -> dict[str, ast.AST]:
    found: dict[str, ast.AST] = {}
    texts = [(package / module).read_text() for module in MODULES]
    for text in [*texts, options_module(options)]:
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.setdefault(node.name, node)
    return found


def _function(
    name: str, node: ast.FunctionDef, options: dict, heading: str, drop_self=False
) -> str:
    result = f" -> {_plain(ast.unparse(node.returns))}" if node.returns else ""
    signature, taken = _arguments(node.args, options, drop_self)
    text = f"\n{heading} {name}\n\n```\n{name}({signature}){result}\n```\n"
    return text + _help(ast.get_docstring(node), taken)


def _arguments(given: ast.arguments, options: dict, drop_self: bool) -> tuple[str, list[dict]]:
    """As text, and the options that stand for `**options`."""
    taken: list[dict] = []
    extra = given.kwarg and given.kwarg.annotation and ast.unparse(given.kwarg.annotation)
    kwarg, given.kwarg = given.kwarg, None
    words = _split(_plain(ast.unparse(given)))
    given.kwarg = kwarg
    if drop_self and words and words[0] == "self":
        words = words[1:]
    if extra == "Any":  # any names, as scikit-learn has them
        words += ["**" + kwarg.arg]
    elif extra:
        name = extra.removeprefix("Unpack[").removesuffix("]")
        _, _, with_storage = FUNCTIONS[name]
        taken = taken_by(name, list(options.values()))
        words += [] if "*" in words else ["*"]
        words += [f"{o['name']}: {type_of(o)} = {o['default']!r}" for o in taken]
        words += ["storage: Storage | None = None"] if with_storage else []
    if sum(map(len, words)) < 80:
        return ", ".join(words), taken
    return "\n    " + ",\n    ".join(words) + ",\n", taken


def _split(arguments: str) -> list[str]:
    """At the commas that are in no bracket."""
    return [word.strip() for word in re.split(r",(?![^\[(]*[\])])", arguments) if word.strip()]


def _plain(text: str) -> str:
    return text.replace("_core.", "").replace("'", '"')


def _help(docstring: str | None, taken: list[dict]) -> str:
    if not docstring:
        return ""
    lines = "\n".join(f"{o['name']}: {describe(o)}" for o in taken)
    text = docstring.replace("{options}", f"{lines}\nstorage: see Storage.".strip())
    # What is explained of an argument is a list.
    text = re.sub(r"\n {4,}", " ", text)
    text = re.sub(r"^([a-z_]+(?:, [a-z_]+)*): ", r"- `\1`: ", text, flags=re.MULTILINE)
    text = re.sub(r"^((?!- `).+)\n(- `)", r"\1\n\n\2", text, flags=re.MULTILINE)
    return f"\n{text}\n"


def _class(name: str, homes: dict[str, ast.AST], options: dict) -> str:
    node = homes[name]
    bases = [ast.unparse(base) for base in node.bases]
    # What a private base has is the class's own.
    members = [member for base in bases if base.startswith("_") and base in homes
               for member in homes[base].body] + node.body  # fmt: skip
    bases = [base for base in bases if not base.startswith("_")]
    text = f"\n### pomona.{name}\n" + (
        f"\nIs a {', '.join(f'`{_plain(base)}`' for base in bases)}.\n" if bases else ""
    )
    made = next((m for m in members if getattr(m, "name", "") == "__init__"), None)
    taken: list[dict] = []
    if made is not None:
        signature, taken = _arguments(made.args, options, drop_self=True)
        text += f"\n```\npomona.{name}({signature})\n```\n"
    text += _help(ast.get_docstring(node), taken)
    if made is not None and ast.get_docstring(made):
        text += _help(ast.get_docstring(made), [])
    fields = _fields(members)
    if fields:
        text += "\n| | type | |\n|---|---|---|\n" + "".join(
            f"| `{field}` | `{_cell(kind)}` | {_cell(help)} |\n" for field, kind, help in fields
        )
    for member in members:
        is_public = isinstance(member, ast.FunctionDef) and not member.name.startswith("_")
        if is_public and not _is_property(member):
            text += _function(f"{name}.{member.name}", member, options, "####", drop_self=True)
    return text


def _fields(members: list[ast.stmt]) -> list[tuple[str, str, str]]:
    """Attributes and properties: name, type, help."""
    fields = []
    for member, after in zip(members, [*members[1:], None], strict=True):
        if isinstance(member, ast.AnnAssign):
            is_help = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            help = " ".join(inspect.cleandoc(after.value.value).split()) if is_help else ""
            fields.append(
                (ast.unparse(member.target), _plain(ast.unparse(member.annotation)), help)
            )
        elif isinstance(member, ast.FunctionDef) and _is_property(member):
            help = " ".join((ast.get_docstring(member) or "").split())
            fields.append((member.name, _plain(ast.unparse(member.returns)), help))
    return fields


def _is_property(member: ast.FunctionDef) -> bool:
    return any(ast.unparse(decorator) == "property" for decorator in member.decorator_list)


def metrics(example: str) -> str:
    """From the text that Prometheus reads."""
    text = f"# Metrics\n\n{MADE}"
    text += (
        "Of `pomona extract` with `--metrics-file` or `--metrics-port`: "
        "[monitoring](../guides/monitoring.md). A metric that is not known yet is left out. With a "
        "file, each has the label `run`, its name.\n\n"
        "| metric | type | labels | |\n|---|---|---|---|\n"
    )
    helps = dict(re.findall(r"^# HELP (\w+) (.*)$", example, re.MULTILINE))
    types = dict(re.findall(r"^# TYPE (\w+) (.*)$", example, re.MULTILINE))
    for name, help in helps.items():
        labels: dict[str, list[str]] = {}
        for line in re.findall(rf"^{name}\{{(.*)\}} ", example, re.MULTILINE):
            for label, value in re.findall(r'(\w+)="([^"]*)"', line):
                labels.setdefault(label, []).append(value)
        labels.pop("run", None)
        shown = ", ".join(
            f"`{label}`" + (f" ({', '.join(values)})" if label == "stage" else "")
            for label, values in labels.items()
        )
        text += f"| `{name}` | {types[name]} | {shown} | {help} |\n"
    return text + "\nThe values of `reason` are the [reject reasons](reject-reasons.md).\n"


def exit_codes(codes: list[dict]) -> str:
    text = f"# Exit codes\n\n{MADE}Of `pomona` and `python -m pomona.spark`; what Python raises "
    text += "instead is in [errors](../guides/errors.md).\n\n| code | |\n|---|---|\n"
    return text + "".join(f"| {code['code']} | {code['help']} |\n" for code in codes)


def reject_reasons(rejects: list[dict]) -> str:
    text = (
        f"# Reject reasons\n\n{MADE}Why an image has no features: `reason` in a table's rejects, "
    )
    text += "`reject` in a stream ([output](../format/output.md#references-and-rejects)).\n\n"
    text += "| code | | tried again by `update` |\n|---|---|---|\n"
    return text + "".join(
        f"| `{reject['code']}` | {reject['help']} | {'yes' if reject['tried_again'] else 'no'} |\n"
        for reject in rejects
    )
