"""A server for a fixture: the one that the test run has started, else one of its own."""

import os
from collections.abc import Callable, Iterator

import pytest

from servers import artifacts


def environment_of(variable: str, make: Callable) -> Iterator[dict[str, str]]:
    """Yields the environment of the server that `variable` tells of, or else of a new one."""
    if os.environ.get(variable):
        yield dict(os.environ)
        return
    try:
        server = make()
    except artifacts.Unavailable as why:
        pytest.skip(f"LEFT OUT: {why}")
    yield {**os.environ, **server.environment()}
    server.stop()
