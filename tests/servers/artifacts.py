"""Programs and jars that the test servers consist of: fetched or built once, then kept.

Each function returns the path of one artifact in the cache (POMONA_CACHE, default `.cache` in the
repository), making it on the first call. What cannot be made on this machine raises Unavailable,
whose text says what is missing. As a command it makes everything and reports what it could not.
"""

import contextlib
import fcntl
import functools
import hashlib
import inspect
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent

VERSITYGW = "v1.8.0"
S3PROXY = "4.1.0"
HDFS_SYS = "0.3.1"
AZURITE = "3.35.0"  # the last one that runs on Node 18 and 20
FAKE_GCS_SERVER = "v1.56.1"
MAVEN_DEPENDENCY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1"


class Unavailable(RuntimeError):
    """An artifact that this machine cannot make; the text names what is missing."""


def cache() -> pathlib.Path:
    return pathlib.Path(os.environ.get("POMONA_CACHE", REPOSITORY / ".cache")).resolve()


def _tool(name: str, hint: str) -> str:
    venv = pathlib.Path(sys.executable).parent / name
    found = str(venv) if name == "go" and venv.exists() else shutil.which(name)
    if not found:
        raise Unavailable(f"{name} is not on PATH ({hint})")
    return found


def _run(command: list[str], **options) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        tail = done.stdout.decode(errors="replace")[-2000:]
        raise Unavailable(f"{' '.join(command[:3])} ... failed:\n{tail}")


def _made_once(*inputs: str | pathlib.Path):
    """Turns `make(folder)`, which fills an empty folder, into a cached folder.

    The folder's name carries a digest of the recipe (the function's text) and of `inputs` (versions
    and files), so a changed recipe is made anew. Concurrent callers wait for one another.
    """

    def decorate(make):
        @functools.cache
        def made() -> pathlib.Path:
            digest = hashlib.sha256(inspect.getsource(make).encode())
            for given in inputs:
                digest.update(
                    given.read_bytes() if isinstance(given, pathlib.Path) else given.encode()
                )
            final = cache() / f"{make.__name__}-{digest.hexdigest()[:12]}"
            if not final.exists():
                _make_under_lock(make, final)
            return final

        return functools.wraps(make)(made)

    return decorate


def _make_under_lock(make, final: pathlib.Path) -> None:
    cache().mkdir(parents=True, exist_ok=True)
    with open(cache() / f"{make.__name__}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if final.exists():
            return
        print(f"test servers: making {make.__name__}", file=sys.stderr, flush=True)
        work = pathlib.Path(tempfile.mkdtemp(prefix="making-", dir=cache()))
        try:
            make(work)
            work.chmod(0o755)
            work.rename(final)
        finally:
            shutil.rmtree(work, ignore_errors=True)


@_made_once(VERSITYGW)
def versitygw_folder(folder: pathlib.Path) -> None:
    go = _tool("go", "scripts/setup --tests brings one")
    module = f"github.com/versity/versitygw/cmd/versitygw@{VERSITYGW}"
    _run([go, "install", "-trimpath", module], env={**os.environ, "GOBIN": str(folder)})


def versitygw() -> pathlib.Path:
    """The Versity S3 Gateway: an S3 server over a local folder."""
    return versitygw_folder() / "versitygw"


@_made_once(FAKE_GCS_SERVER)
def fake_gcs_server_folder(folder: pathlib.Path) -> None:
    go = _tool("go", "scripts/setup --tests brings one")
    module = f"github.com/fsouza/fake-gcs-server@{FAKE_GCS_SERVER}"
    _run([go, "install", "-trimpath", module], env={**os.environ, "GOBIN": str(folder)})


def fake_gcs_server() -> pathlib.Path:
    """A server of Google Cloud Storage's JSON API over a local folder."""
    return fake_gcs_server_folder() / "fake-gcs-server"


@_made_once(AZURITE)
def azurite_folder(folder: pathlib.Path) -> None:
    node()
    npm = _tool("npm", "Node.js with npm fetches Azurite; install them to test Azure")
    _run([
        npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=dev",
        "--prefix", str(folder), f"azurite@{AZURITE}",
    ])  # fmt: skip


def azurite() -> pathlib.Path:
    """Microsoft's own server of Azure's blob API for tests: the script that node runs."""
    return azurite_folder() / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"


def node() -> str:
    return _tool("node", "Node.js runs Azurite; install it to test Azure")


@_made_once(S3PROXY)
def s3proxy_folder(folder: pathlib.Path) -> None:
    artifact = f"org.gaul:s3proxy:{S3PROXY}:jar:jar-with-dependencies"
    _maven("copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}")


def s3proxy_jar() -> pathlib.Path:
    """S3Proxy: a second, independent S3 server."""
    return next(s3proxy_folder().glob("*.jar"))


def _maven(goal: str, *arguments: str, **options) -> None:
    maven = _tool("mvn", "apt-get install maven")
    _run([maven, "-B", "-q", f"{MAVEN_DEPENDENCY}:{goal}", *arguments], **options)


def _copy_dependencies(pom: pathlib.Path, folder: pathlib.Path) -> None:
    project = folder / "project"
    project.mkdir()
    shutil.copy(pom, project / "pom.xml")
    _maven("copy-dependencies", f"-DoutputDirectory={folder / 'lib'}", cwd=project)
    shutil.rmtree(project)


HADOOP_POM = HERE / "hadoop" / "pom.xml"
MINI_CLUSTER = HERE / "hadoop" / "MiniCluster.java"


@_made_once(HADOOP_POM, MINI_CLUSTER)
def hadoop(folder: pathlib.Path) -> None:
    """lib/*.jar: Hadoop with its mini cluster; classes/: our MiniCluster."""
    javac = _tool("javac", "apt-get install default-jdk-headless")
    _copy_dependencies(HADOOP_POM, folder)
    _run([javac, "-cp", f"{folder}/lib/*", "-d", str(folder / "classes"), str(MINI_CLUSTER)])
    (folder / "classes" / "log4j.properties").write_text(
        "log4j.rootLogger=WARN, stderr\n"
        "log4j.appender.stderr=org.apache.log4j.ConsoleAppender\n"
        "log4j.appender.stderr.target=System.err\n"
        "log4j.appender.stderr.layout=org.apache.log4j.SimpleLayout\n"
    )


def hadoop_client_classpath() -> str:
    """What libhdfs needs to find its classes. Explicit jars: JNI knows no wildcards."""
    wanted = (
        "hadoop-client-api", "hadoop-client-runtime", "commons-lang3", "commons-logging",
        "slf4j-", "reload4j", "snappy-java",
    )  # fmt: skip
    jars = [jar for jar in sorted((hadoop() / "lib").glob("*.jar")) if jar.name.startswith(wanted)]
    return ":".join(map(str, [hadoop() / "classes", *jars]))


S3A_POM = HERE / "hadoop" / "s3a-pom.xml"


@_made_once(S3A_POM)
def s3a(folder: pathlib.Path) -> None:
    """lib/*.jar: what Spark needs for s3a:// paths."""
    _copy_dependencies(S3A_POM, folder)
    for jar in (folder / "lib").glob("*.jar"):
        # Spark has its own, newer ones.
        if jar.name.startswith(("slf4j-", "commons-logging", "commons-codec")):
            jar.unlink()


def java_home() -> pathlib.Path:
    if os.environ.get("JAVA_HOME"):
        return pathlib.Path(os.environ["JAVA_HOME"])
    javac = _tool("javac", "apt-get install default-jdk-headless")
    return pathlib.Path(javac).resolve().parent.parent


@_made_once(HDFS_SYS)
def libhdfs_folder(folder: pathlib.Path) -> None:
    """libhdfs.so, which Arrow loads to speak to HDFS, from the sources that hdfs-sys carries."""
    cargo = _tool("cargo", "a Rust toolchain fetches libhdfs's sources; install one to test HDFS")
    compiler = _tool("gcc", "apt-get install build-essential")
    project = folder / "project"
    project.mkdir()
    (project / "lib.rs").touch()
    (project / "Cargo.toml").write_text(
        '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n'
        f'[dependencies]\nhdfs-sys = "={HDFS_SYS}"\n'
    )
    _run([cargo, "vendor", "-q", "vendor"], cwd=project)
    sources = project / "vendor" / "hdfs-sys" / "libhdfs"
    version = sources / "hdfs_3_3"
    names = ["exception", "jni_helper", "hdfs", "jclasses"]
    names += [f"os/posix/{name}" for name in ("mutexes", "thread", "thread_local_storage")]
    jvm = java_home() / "lib" / "server"
    includes = [sources, version, version / "include", version / "os", version / "os" / "posix",
                java_home() / "include", java_home() / "include" / "linux"]  # fmt: skip
    _run([
        compiler, "-shared", "-fPIC", "-O2", "-w", "-fcommon",
        *[f"-I{include}" for include in includes],
        *[str(version / f"{name}.c") for name in names],
        f"-L{jvm}", f"-Wl,-rpath,{jvm}", "-ljvm", "-o", str(folder / "libhdfs.so"),
    ])  # fmt: skip
    shutil.rmtree(project)


def libhdfs() -> pathlib.Path:
    return libhdfs_folder() / "libhdfs.so"


@_made_once()
def prometheus(folder: pathlib.Path) -> None:
    """usr/bin/{prometheus,promtool,prometheus-node-exporter}, out of Debian's packages.

    Installing the packages would start their services.
    """
    apt = _tool("apt-get", "Prometheus comes from Debian or Ubuntu here")
    packages = ["prometheus", "prometheus-node-exporter"]
    try:
        _run([apt, "-qq", "download", *packages], cwd=folder)
    except Unavailable:
        # The system's package lists may be missing, and are not ours to renew: lists of our own.
        (folder / "lists" / "partial").mkdir(parents=True)
        apt_here = [apt, "-qq", "-o", f"Dir::State::lists={folder}/lists",
                    "-o", f"Dir::Cache={folder}/cache"]  # fmt: skip
        _run([*apt_here, "update"], cwd=folder)
        _run([*apt_here, "download", *packages], cwd=folder)
        shutil.rmtree(folder / "lists")
        shutil.rmtree(folder / "cache", ignore_errors=True)
    for package in folder.glob("*.deb"):
        _run(["dpkg-deb", "--extract", str(package), str(folder)])
        package.unlink()


FAULT_PROXY = HERE / "fault_proxy"


@_made_once(*sorted(FAULT_PROXY.glob("*.go")), FAULT_PROXY / "go.mod")
def fault_proxy_folder(folder: pathlib.Path) -> None:
    go = _tool("go", "scripts/setup --tests brings one")
    _run([go, "build", "-trimpath", "-o", str(folder / "fault_proxy"), "."], cwd=FAULT_PROXY)


def fault_proxy() -> pathlib.Path:
    """The proxy that adds latency and faults; see fault_proxy/main.go."""
    return fault_proxy_folder() / "fault_proxy"


@functools.cache
def unavailable() -> dict[str, str]:
    """Makes everything; what could not be made, by name, with the reason."""
    missing = {}
    for make in (
        versitygw, s3proxy_jar, fake_gcs_server, azurite, hadoop, s3a, libhdfs, prometheus,
        fault_proxy,
    ):  # fmt: skip
        try:
            make()
        except Unavailable as why:
            missing[make.__name__] = str(why)
    return missing


def main() -> int:
    for name, why in unavailable().items():
        print(
            f"test servers: no {name}, so tests that need it are left out: {why}", file=sys.stderr
        )
    return 0


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
