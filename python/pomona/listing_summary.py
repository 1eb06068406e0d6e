"""What a listing came upon."""

from typing import TypedDict


class ListingSummary(TypedDict):
    """References that a listing gave, and what it left out: files that no glob takes. Hidden files
    do not count."""

    references: int
    not_taken: int
    not_taken_by_suffix: dict[str, int]
    """By what their names end in, "" for no suffix; of 64 suffixes at most."""
    unlabelled: int
    """References without a label; none are counted with label="none"."""
    unlabelled_example: str
    """The URI of the first of them."""
    remarks: list[str]
    """The same for people, a line each; empty if all is well."""
