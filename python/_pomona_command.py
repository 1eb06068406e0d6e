"""The `pomona` of the shell: the program inside the package, in place of this process.

Beside the package rather than in it, as importing that would load what the program does not need.
"""

import importlib.util
import os
import pathlib
import sys


def _folder(package: str) -> pathlib.Path | None:
    """Where `package` is installed, without importing it."""
    spec = importlib.util.find_spec(package)
    return pathlib.Path(spec.submodule_search_locations[0]) if spec else None


def main() -> None:
    if sys.argv[1:2] == ["pack"]:
        from pomona.pack.command import main as pack

        sys.exit(pack(sys.argv[2:]))
    home = _folder("pomona")
    environment = dict(os.environ)
    # An empty variable is an unset one, as for the program itself.
    environment["POMONA_PYTHON"] = environment.get("POMONA_PYTHON") or sys.executable
    # The program looks for the libraries beside its package. They may be in another folder of
    # sys.path: a user's packages over the system's.
    for package, libraries in (("pyarrow", "."), ("openvino", "libs")):
        found = _folder(package)
        if found is None:
            sys.exit(f"error: pomona needs {package}\nhint: python -m pip install pomona")
        if found.parent != home.parent:
            paths = [str(found / libraries), environment.get("LD_LIBRARY_PATH", "")]
            environment["LD_LIBRARY_PATH"] = ":".join(filter(None, paths))
    program = home / "bin" / "pomona"
    os.execve(program, ["pomona", *sys.argv[1:]], environment)
