"""Who takes part in the Spark benchmarks, and how each is run: a process a run, the same cores."""

import dataclasses
import functools
import json
import os
import pathlib
import shutil
import subprocess

import measure

PEERS = measure.REPOSITORY / "benchmarks" / "peers"
CORES = 2


@dataclasses.dataclass(frozen=True)
class Contestant:
    """One way to make the table. `program` is in benchmarks/peers; none: `pomona extract`."""

    name: str
    title: str
    program: str | None = None
    environment: str | None = None
    engine: str = "onnxruntime"
    tasks: int = CORES
    precisions: tuple[str, ...] = ("f32",)
    places: tuple[str, ...] = ("local",)
    same_network: bool = True
    share_of_s3: float = 1  # of the images there: a slow one gets fewer, its figure is a rate

    def copies(self, place: str, copies: int) -> int:
        """How many of the images' `copies` it gets."""
        return max(1, round(copies * self.share_of_s3)) if place == "s3" else copies


BOTH = ("f32", "bf16")
EVERYWHERE = ("local", "s3")
# At 20 ms a round trip a Spark task waits most of its time. More tasks than cores help it.
MANY_TASKS = 16

CONTESTANTS = (
    Contestant(
        "pomona-spark", "Pomona on Spark", "pomona_spark", "spark", "openvino",
        precisions=BOTH, places=EVERYWHERE,
    ),
    Contestant("pomona", "`pomona extract`", precisions=BOTH, places=EVERYWHERE),
    Contestant(
        "spark-openvino", "Spark UDF, OpenVINO", "spark_udf", "peers-spark",
        "openvino", precisions=BOTH, places=EVERYWHERE, share_of_s3=1 / 8,
    ),
    Contestant(
        "spark-onnxruntime", "Spark UDF, ONNX Runtime", "spark_udf",
        "peers-spark", places=EVERYWHERE, share_of_s3=1 / 8,
    ),
    Contestant(
        "spark-openvino-16", f"Spark UDF, OpenVINO, {MANY_TASKS} tasks",
        "spark_udf", "peers-spark", "openvino", tasks=MANY_TASKS, precisions=BOTH, places=("s3",),
    ),
    Contestant(
        "keras-notebook", "the notebook: Spark UDF, Keras MobileNetV2",
        "keras_notebook", "peers-keras", places=EVERYWHERE, same_network=False,
        share_of_s3=1 / 8,
    ),
    Contestant(
        "ray-openvino", "Ray Data, OpenVINO actors", "ray_data", "peers-ray", "openvino",
        precisions=BOTH, places=EVERYWHERE,
    ),
    Contestant(
        "ray-onnxruntime", "Ray Data, ONNX Runtime actors", "ray_data", "peers-ray",
        places=EVERYWHERE,
    ),
    Contestant(
        "daft-onnxruntime", "Daft, ONNX Runtime", "daft_udf", "peers-daft", places=EVERYWHERE,
    ),
)  # fmt: skip


def use_cores() -> None:
    """Binds this process, and so all it starts from now on, to CORES cores."""
    allowed = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, allowed[:CORES])


@functools.cache
def python(environment: str) -> pathlib.Path:
    """The interpreter of an environment in build/env, which is made where it is missing."""
    bare = ["--bare"] if environment.startswith("peers-") else []  # they are to be without ours
    command = [measure.REPOSITORY / "scripts" / "env", *bare, environment]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=measure.REPOSITORY)
    return measure.REPOSITORY / "build" / "env" / environment / "bin" / "python"


@functools.cache
def model() -> pathlib.Path:
    """A folder with the default network as OpenVINO IR and as ONNX, made of what the build made."""
    target = measure.REPOSITORY / "build" / "bench" / "model"
    ours = measure.BUILD / "share" / "pomona" / "models" / "efficientnet-lite0"
    command = [measure.REPOSITORY / ".venv" / "bin" / "python", PEERS / "onnx_model.py"]
    subprocess.run([*command, ours, target], check=True)
    return target


def run(contestant: Contestant, source: str, output: pathlib.Path, precision: str, env) -> dict:
    """Makes the table in `output`, which is replaced; at least {"seconds": ...}."""
    shutil.rmtree(output, ignore_errors=True)
    if contestant.program is None:
        report = measure.extract_to(source, output, "--precision", precision, env=env)
        return {**report, "seconds": report["wall_seconds"]}
    command = [
        python(contestant.environment), PEERS / f"{contestant.program}.py",
        "--source", source, "--output", output, "--model", model(),
        "--engine", contestant.engine, "--precision", precision, "--tasks", contestant.tasks,
    ]  # fmt: skip
    env = {**env, "PYTHONPATH": str(PEERS)}  # for the worker processes, too
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=env)
    if done.returncode != 0:
        raise RuntimeError(f"{contestant.name} failed:\n{done.stderr[-4000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])
