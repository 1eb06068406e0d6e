"""The wheel as installed: where things are, what it needs, and that it says so."""

import inspect
import pathlib
import pydoc
import re
import subprocess
import sys
import tomllib

import conftest
import pytest

import pomona

HOME = pathlib.Path(pomona.__file__).parent
PROJECT = tomllib.loads((conftest.REPOSITORY / "pyproject.toml").read_text())


def test_the_tests_run_on_the_installed_package():
    assert HOME.is_relative_to(sys.prefix)
    assert not pathlib.Path.cwd().is_relative_to(conftest.REPOSITORY)


def test_the_version_is_the_projects():
    cmake = (conftest.REPOSITORY / "CMakeLists.txt").read_text()
    assert pomona.__version__ == cmake.split("project(pomona VERSION ")[1].split()[0]


def test_the_command_line_is_inside():
    done = subprocess.run([conftest.COMMAND, "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"pomona {pomona.__version__}\n")


def test_python_m_pomona_is_the_command_line():
    done = subprocess.run(
        [sys.executable, "-m", "pomona", "extract", "/nowhere"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "OUTPUT is required" in done.stderr


def test_the_default_model_is_inside():
    (model,) = [model for model in pomona.models() if model.name == "efficientnet-lite0"]
    assert pathlib.Path(model.path).is_relative_to(HOME)
    assert model.digest.startswith("sha256:")


def test_pins_are_the_builds():
    build = (conftest.REPOSITORY / "requirements" / "build.txt").read_text().splitlines()
    wheel = (conftest.REPOSITORY / "requirements" / "wheel.txt").read_text().splitlines()
    pins = {line for line in build + wheel if re.match(r"[\w-]+==", line)}
    requires = {line for line in PROJECT["build-system"]["requires"] if line != "pip"}
    assert requires <= pins
    exact = {line for line in PROJECT["project"]["dependencies"] if "==" in line}
    assert exact == {line for line in pins if line.startswith(("pyarrow", "openvino"))}


@pytest.mark.parametrize("file", [*HOME.glob("*.so*"), HOME / "bin" / "pomona"])
def test_libraries_are_looked_for_beside_the_package(file):
    shown = subprocess.run(["readelf", "-d", file], capture_output=True, text=True, check=True)
    (paths,) = re.findall(r"R(?:UN)?PATH.*\[(.*)\]", shown.stdout)
    assert all(path.startswith("$ORIGIN") for path in paths.split(":"))


@pytest.mark.parametrize(
    "file",
    [*HOME.glob("*.so*"), HOME / "bin" / "pomona", *HOME.with_name("pomona.libs").iterdir()],
    ids=lambda file: file.name,
)
def test_the_systems_of_2021_have_the_symbols(file):
    """glibc 2.34 and the libstdc++ of GCC 11: Amazon Linux 2023."""
    shown = subprocess.run(["readelf", "-V", file], capture_output=True, text=True, check=True)
    newest = {}
    for library, version in re.findall(r"Name: (GLIBC|GLIBCXX|CXXABI)_([\d.]+)", shown.stdout):
        number = tuple(map(int, version.split(".")))
        newest[library] = max(newest.get(library, ()), number)
    assert newest.get("GLIBC", ()) <= (2, 34)
    assert newest.get("GLIBCXX", ()) <= (3, 4, 29)
    assert newest.get("CXXABI", ()) <= (1, 3, 13)


def test_no_library_inside_is_under_the_gpl():
    """JBIG-KIT, which Debian's libtiff wants to start, has a stand-in."""
    libraries = list(HOME.with_name("pomona.libs").iterdir())
    names = {file.name.split("-")[0].split(".")[0] for file in libraries}
    assert {"libtiff", "libjbig"} <= names
    assert not names & {"libheif", "libx265", "libx264", "libde265"}
    assert [file.name for file in libraries if b"JBIG-KIT" in file.read_bytes()] == []


def _import_with(start, folder: pathlib.Path) -> str:
    process = start("import pomona", PYTHONPATH=str(folder))
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 1
    return stderr


def test_another_pyarrow_is_refused(start, tmp_path):
    (tmp_path / "pyarrow").mkdir()
    (tmp_path / "pyarrow" / "__init__.py").write_text("__version__ = '1.2.3'")
    stderr = _import_with(start, tmp_path)
    (pin,) = [line for line in PROJECT["project"]["dependencies"] if line.startswith("pyarrow")]
    needed = pin.split("==")[1]
    assert f"ImportError: pomona was built against pyarrow {needed}, and found 1.2.3" in stderr
    assert f"hint: python -m pip install pyarrow=={needed}" in stderr


def test_another_openvino_is_refused(start, tmp_path):
    metadata = tmp_path / "openvino-1.2.3.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: openvino\nVersion: 1.2.3\n")
    assert "hint: python -m pip install openvino==" in _import_with(start, tmp_path)


# What nanobind's types and functions do not tell of themselves.
OPAQUE = """
pomona\\._core\\.(CoreClassifier|CoreIndex|Extractor|FeatureStream|ImageStream|Model|PcaModel|PcaStatistics|RejectLimit|Stream)(\\.__init__)?
pomona\\._core\\.(check_output|duplicates|evaluate|extract|find_label_issues|issues|list_images|map|models|neighbors|options|plan|predict|preset_options|project|read_features|report|run|shown_message|shown_uri|split|suggest|train|verify)
pomona\\._core\\.(CoreClassifier|CoreIndex|PcaModel|PcaStatistics)\\.(fit|from_bytes|load|open)
"""


def test_the_stubs_have_what_the_module_has(tmp_path):
    settings = tmp_path / "mypy.ini"
    settings.write_text("[mypy]\nignore_missing_imports = true\n")
    opaque = tmp_path / "opaque"
    opaque.write_text(OPAQUE)
    done = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "pomona._core", "--mypy-config-file", settings,
         "--allowlist", opaque],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def _options(function) -> list[str]:
    parameters = inspect.signature(function).parameters.values()
    return [given.name for given in parameters if given.kind is given.KEYWORD_ONLY]


def test_each_option_of_a_signature_is_one(tmp_path):
    missing = tmp_path / "missing"
    with pytest.raises(pomona.StorageError):
        pomona.extract(missing, **dict.fromkeys(_options(pomona.extract)))
    with pytest.raises(pomona.StorageError):
        next(pomona.list_images(missing, **dict.fromkeys(_options(pomona.list_images))))
    with pytest.raises(pomona.NotFound):
        options = dict.fromkeys(_options(pomona.Extractor))
        pomona.Extractor(**{**options, "model": "nosuchmodel"})
    with pytest.raises(pomona.StorageError):
        pomona.read_features(missing, **dict.fromkeys(_options(pomona.read_features)))
    for function in (pomona.neighbors, pomona.duplicates):
        with pytest.raises(pomona.StorageError):
            function(missing, **dict.fromkeys(_options(function)))
    with pytest.raises(pomona.InvalidOption):
        pomona.check_output("/", sources=None, tables_may_go=None, names=None, storage=None)
    storage = dict.fromkeys(pomona.Storage.__annotations__)
    with pytest.raises(pomona.StorageError):
        next(pomona.list_images(missing, storage=storage))


def test_signatures_and_help_have_all_options():
    """So that a notebook completes them."""
    options = set(_options(pomona.Extractor))
    assert {"model", "precision", "max_pixels", "share_cores", "storage"} <= options
    assert set(_options(pomona.extract)) == options | {"glob", "label", "batch_rows"}
    for name in pomona.__all__:
        assert inspect.getdoc(getattr(pomona, name)), name
    for option in options:
        assert f"{option}:" in pomona.Extractor.__doc__
    for method in ("extract", "extract_images", "extract_bytes"):
        function = getattr(pomona.Extractor, method)
        assert len(inspect.signature(function).parameters) >= 2
        assert inspect.getdoc(function)
    text = pydoc.render_doc(pomona.PcaModel.load)
    assert "storage" in text


def test_a_typed_program_passes_a_strict_checker(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import pomona\n"
        "extractor = pomona.Extractor(precision='bf16', storage={'max_attempts': 3})\n"
        "rows: int = extractor.extract_bytes([b'']).shape[0]\n"
        "with pomona.extract('photos', threads=2) as stream:\n"
        "    images: int = stream.counters()['images']\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={tmp_path}/mypy", program],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout
