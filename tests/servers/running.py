"""A server for a fixture: the one that the test run has started, else one of its own."""

import os
from collections.abc import Callable, Iterator

import pytest

from servers import artifacts


def or_skip(make: Callable):
    """What `make` makes; where the artifacts for it are not to be had, the test is left out."""
    try:
        return make()
    except artifacts.Unavailable as why:
        pytest.skip(f"LEFT OUT: {why}")


def environment_of(variable: str, make: Callable) -> Iterator[dict[str, str]]:
    """Yields the environment of the server that `variable` tells of, or else of a new one."""
    if os.environ.get(variable):
        yield dict(os.environ)
        return
    server = or_skip(make)
    yield {**os.environ, **server.environment()}
    server.stop()
