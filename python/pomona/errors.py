"""What this package raises: one type for each kind of trouble.

A message says what to do where that is known, on a line that begins with "hint: ". Whatever it was
made of, it holds no credentials, and controls in it are visible: "\\n", "\\x1b".
"""

from pomona._core import shown_message


class PomonaError(Exception):
    """Any error of this package."""

    def __init__(self, *arguments):
        super().__init__(*(shown_message(a) if isinstance(a, str) else a for a in arguments))


class InvalidOption(PomonaError, ValueError):
    """An option that cannot be, or a state in which it cannot be done; nothing was changed. Never
    raised for what a file or a row holds."""


class NotFound(PomonaError, KeyError):
    """There is no such model, or no such tensor in it."""

    # KeyError shows the repr of its message.
    __str__ = Exception.__str__


class StorageError(PomonaError, OSError):
    """A source could not be listed or read."""


class DamagedData(PomonaError, ValueError):
    """A file, a table or a row that is damaged, or is not what it should be."""


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


class TooManyRejects(PomonaError):
    """More images have no features than the limit of a job allows."""
