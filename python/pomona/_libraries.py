"""The C++ libraries of pyarrow and openvino, which _core shares with them in one process."""

import ctypes
import importlib.metadata
import importlib.util
import pathlib

from pomona import _build


def _require(package: str, needed: str, found: str | None) -> None:
    if found != needed:
        raise ImportError(
            f"pomona was built against {package} {needed}, and found {found or 'none'}\n"
            f"hint: python -m pip install {package}=={needed}"
        )


def _openvino() -> tuple[str | None, pathlib.Path | None]:
    """Version and folder, without importing it: only its libraries are needed."""
    spec = importlib.util.find_spec("openvino")
    if spec is None:
        return None, None
    try:
        version = importlib.metadata.version("openvino")
    except importlib.metadata.PackageNotFoundError:
        version = None
    return version, pathlib.Path(spec.submodule_search_locations[0])


def load() -> None:
    """Loads them from wherever the packages are; _core then finds them loaded.

    ImportError if a package is missing or has another version: their C++ ABI changes with it.
    """
    try:
        import pyarrow
    except ModuleNotFoundError as missing:
        if missing.name != "pyarrow":
            raise
        _require("pyarrow", _build.PYARROW, None)
    _require("pyarrow", _build.PYARROW, pyarrow.__version__)
    version, openvino = _openvino()
    _require("openvino", _build.OPENVINO, version)
    arrow = pathlib.Path(pyarrow.__file__).parent
    for folder, name in (
        (arrow, "libparquet"),
        (arrow, "libarrow_s3"),
        (openvino / "libs", "libtbb"),
        (openvino / "libs", "libopenvino"),
    ):
        for library in folder.glob(f"{name}.so.*"):
            ctypes.CDLL(str(library))
