"""The options of `pomona.list_images` and `pomona.extract`, as the Spark layer hands them on: those
that the core's table has for Spark."""

from __future__ import annotations

import dataclasses
from typing import Any

import pomona
from pomona import _core
from pomona._signature import TABLE as ALL

TABLE = {name: option for name, option in ALL.items() if "spark" in option["surfaces"]}

# What holds in a task unless it is given, where that is not what the table says.
DEFAULTS = {"threads": "spark.task.cpus", "share_cores": "True"}


def of_groups(*groups: str) -> frozenset[str]:
    return frozenset(name for name, option in TABLE.items() if option["group"] in groups)


LISTING = of_groups("source")
STREAM = of_groups("stream")
STORAGE = of_groups("storage")
EXTRACTION = of_groups("model", "images", "resources")
OPTIONS = LISTING | STREAM | EXTRACTION


def describe(option: dict[str, Any]) -> str:
    """What it is, and what holds where it is not given."""
    default = DEFAULTS.get(option["name"]) or option["default_text"]
    return f"{option['help'][:-1]} ({default})." if default else option["help"]


@dataclasses.dataclass(frozen=True)
class TaskOptions:
    """What a task needs to know. Travels inside the function that Spark pickles, and nowhere else:
    `storage` may hold credentials, so it is in no representation of this object."""

    extraction: dict[str, Any]
    storage: dict[str, Any] = dataclasses.field(default_factory=dict, repr=False)
    on_error: str = "reject"
    batch_rows: int = TABLE["batch_rows"]["default"]

    @property
    def has_views(self) -> bool:
        """Whether rows have a column of views."""
        views = self.extraction.get("views") or "none"
        return views != "none" and not self.extraction.get("views_average")

    def __post_init__(self):
        if self.on_error not in ("reject", "fail"):
            raise pomona.InvalidOption(f"on_error must be reject or fail, got `{self.on_error}`")
        if self.batch_rows < 1:
            raise pomona.InvalidOption(f"batch_rows must be at least 1, got {self.batch_rows}")


@dataclasses.dataclass(frozen=True)
class Given:
    """Options by whom they are for. Those that are None are left out: defaults hold."""

    listing: dict[str, Any]
    extraction: dict[str, Any]
    stream: dict[str, Any]

    def for_tasks(
        self, storage: dict[str, Any], on_error: str, sources: list[str] | None = None
    ) -> TaskOptions:
        """`sources`: what is listed, where anything is."""
        extraction = self._with_preset(storage, sources)
        return TaskOptions(extraction, storage, on_error, **self.stream)

    def _with_preset(self, storage: dict[str, Any], sources: list[str] | None) -> dict[str, Any]:
        """What the preset says is found once, here: tasks on unlike machines make like rows."""
        given = dict(self.extraction)
        if given.pop("preset", "same") == "same":
            return given
        return given | _core.preset_options(
            sources, **self.listing, **self.extraction, storage=storage
        )


def split(options: dict[str, Any]) -> Given:
    """InvalidOption names one that there is not."""
    given = {name: value for name, value in options.items() if value is not None}
    unknown = sorted(given.keys() - OPTIONS)
    if unknown:
        raise pomona.InvalidOption(
            f"unknown option `{unknown[0]}`\nhint: there are {', '.join(sorted(OPTIONS))}"
        )
    return Given(
        *({name: given[name] for name in given.keys() & names}
          for names in (LISTING, EXTRACTION, STREAM))
    )  # fmt: skip


def without_listing(options: dict[str, Any]) -> Given:
    """As split(), where nothing is listed: an option of the listing is refused, too."""
    given = split(options)
    if given.listing:
        raise pomona.InvalidOption(
            f"`{sorted(given.listing)[0]}` is for listing a source, and a column is not listed"
        )
    return given
