"""Which files of which installed packages go into the archive."""

import importlib.metadata
import pathlib
import re
from collections.abc import Iterable, Iterator

# Installed files that no worker uses, as patterns of their paths.
_LEFT_OUT = [
    re.compile(pattern)
    for pattern in (
        r"(^|/)__pycache__/",
        r"(^|/)tests?/",
        r"\.(pxd|pyx|pxi|a)$",
        # How and from where a package was installed.
        r"\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json)$",
        r"^(pyarrow|numpy/_core)/include/",
        r"^pyarrow/src/",
        # Two more copies of each library of its own, under the names that linkers look for.
        r"^pyarrow/lib\w+\.so(\.\d+\.\d+\.\d+)?$",
        r"^pyarrow/(_?lib|_)?(arrow_|arrow_python_)?flight",
        r"^numpy/f2py/",
        # Other processors, other network formats, and the Python side: Pomona uses the C++ one.
        r"^openvino/(?!libs/)",
        r"^openvino/libs/libopenvino_(c|auto|auto_batch|hetero|intel_gpu|intel_npu)"
        r"(_plugin)?\.so",
        r"^openvino/libs/libopenvino_(gguf|jax|paddle|pytorch)_frontend\.so",
        r"^openvino/libs/(cache\.json|.*\.pc)$",
    )
]

# Dependencies that Pomona does not use.
_LEFT_OUT_PACKAGES = {"openvino-telemetry"}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _needs(package: importlib.metadata.Distribution) -> Iterator[str]:
    for requirement in package.requires or []:
        if "extra ==" not in requirement:
            yield _normal(re.match(r"[\w.-]+", requirement)[0])


def packages(names: Iterable[str]) -> list[importlib.metadata.Distribution]:
    """The installed packages `names` and what they depend on, by name.

    PackageNotFoundError if one of `names` is not installed. Dependencies that are not are left
    out: they are for other systems.
    """
    wanted = {_normal(name) for name in names}
    found = {name: importlib.metadata.distribution(name) for name in wanted}
    open_ends = list(found.values())
    while open_ends:
        for name in _needs(open_ends.pop()):
            if name in found or name in _LEFT_OUT_PACKAGES:
                continue
            try:
                found[name] = importlib.metadata.distribution(name)
            except importlib.metadata.PackageNotFoundError:
                continue
            open_ends.append(found[name])
    return [found[name] for name in sorted(found)]


def files(package: importlib.metadata.Distribution) -> Iterator[tuple[str, pathlib.Path]]:
    """(path below site-packages, file) of each file that a worker may need."""
    for file in package.files or []:
        path = file.as_posix()
        if path.startswith("../") or any(pattern.search(path) for pattern in _LEFT_OUT):
            continue
        yield path, pathlib.Path(file.locate())
