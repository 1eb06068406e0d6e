"""The options of `pomona.list_images` and `pomona.extract`, as the Spark layer hands them on."""

from __future__ import annotations

import dataclasses
from typing import Any

import pomona

LISTING = frozenset({"glob", "label"})
EXTRACTION = frozenset(
    {
        "model", "features", "features_layout", "precision", "preprocess", "resize", "background",
        "exif_rotate", "dct_scaling", "max_pixels", "threads", "memory", "fetches", "cache_dir",
    }
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class TaskOptions:
    """What a task needs to know. Travels inside the function that Spark pickles, and nowhere else:
    `storage` may hold credentials, so it is in no representation of this object."""

    extraction: dict[str, Any]
    storage: dict[str, Any] = dataclasses.field(default_factory=dict, repr=False)
    on_error: str = "reject"

    def __post_init__(self):
        if self.on_error not in ("reject", "fail"):
            raise pomona.InvalidOption(f"on_error must be reject or fail, got `{self.on_error}`")


def split(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Listing options and extraction options. Those that are None are left out: the core's
    defaults hold. InvalidOption names one that is neither."""
    given = {name: value for name, value in options.items() if value is not None}
    unknown = sorted(given.keys() - LISTING - EXTRACTION)
    if unknown:
        raise pomona.InvalidOption(
            f"unknown option `{unknown[0]}`\n"
            f"hint: there are {', '.join(sorted(LISTING | EXTRACTION))}"
        )
    listing = {name: given[name] for name in given.keys() & LISTING}
    return listing, {name: given[name] for name in given.keys() & EXTRACTION}


def extraction_only(options: dict[str, Any]) -> dict[str, Any]:
    """As split(), where nothing is listed: an option of the listing is refused, too."""
    listing, extraction = split(options)
    if listing:
        raise pomona.InvalidOption(
            f"`{sorted(listing)[0]}` is for listing a source, and a column is not listed"
        )
    return extraction
