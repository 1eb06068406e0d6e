"""The code blocks of the documentation."""

import pathlib
import re

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
_SPARK = re.compile(r"\bspark\b|\bPYSPARK", re.MULTILINE)


def blocks(page: pathlib.Path) -> list[str]:
    """Those in Python, in their order."""
    return re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


def needs_spark(page: pathlib.Path, block: str) -> bool:
    return page.stem == "spark" or _SPARK.search(block) is not None


def needs_server(block: str) -> bool:
    """tests/e2e/serve_clients_test.py has those."""
    return "tritonclient" in block


def name(page: pathlib.Path) -> str:
    return str(page.relative_to(REPOSITORY))


def run(page: pathlib.Path, texts: list[str], names: dict) -> None:
    """One after the other, as somebody would who reads on. An error names the page's line."""
    for number, text in enumerate(texts):
        exec(compile(text, f"{name(page)}, block {number}", "exec"), names)
