"""What this package raises: one type for each kind of trouble.

A message says what to do where that is known, on a line that begins with "hint: ".
"""


class PomonaError(Exception):
    """Any error of this package."""


class InvalidOption(PomonaError, ValueError):
    """An option that cannot be; refused before anything is read."""


class NotFound(PomonaError, KeyError):
    """There is no such model, or no such tensor in it."""

    # KeyError shows the repr of its message.
    __str__ = Exception.__str__


class StorageError(PomonaError, OSError):
    """A source could not be listed or read."""


class OutOfMemory(PomonaError, MemoryError):
    """The system gives no more memory or threads, as it has none or a limit is set."""


class ImageError(PomonaError, ValueError):
    """An image has no features, where that was to be an error."""

    reason: str | None = None
    """The reject code: "truncated", "not_found", ..."""

    index: int | None = None
    """Of the image in the list that was given."""

    uri: str | None = None
    """Of the image, where it has one."""
