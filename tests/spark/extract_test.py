"""pomona.spark.extract on a local folder."""

import shutil
import subprocess
import sys
import time

import pomona.spark
import pyarrow.parquet as pq
import pytest
import sessions
from conftest import SPARK_4, by_path
from odd_files import encoded, picture, write_files
from table import Table

import pomona


def collect(frame):
    return by_path([row.asDict() for row in frame.collect()])


def plan(frame):
    return frame._jdf.queryExecution().toString()


@pytest.fixture
def five_percent_bad(some_images, tmp_path):
    """57 good images and 3 bad ones: the folder, and reasons by name."""
    folder = tmp_path / "images"
    shutil.copytree(some_images, folder)
    good = encoded(picture(), "JPEG")
    write_files(folder, {f"more/{number}.jpg": good for number in range(9)})
    bad = {
        "more/cut.jpg": (good[: len(good) // 2], "truncated"),
        "more/empty.jpg": (b"", "empty_file"),
        "more/text.jpg": (b"no image at all", "unsupported_format"),
    }
    write_files(folder, {name: data for name, (data, _) in bad.items()})
    return folder, {f"file:{folder}/{name}": reason for name, (_, reason) in bad.items()}


def test_schema(spark, some_images):
    frame = pomona.spark.extract(spark, str(some_images))
    assert frame.schema.simpleString() == "struct<path:string,label:string,features:array<float>>"


def test_rows_are_those_of_the_command_line_bit_for_bit(spark, some_images, expected):
    assert collect(pomona.spark.extract(spark, str(some_images))) == expected


@pytest.mark.parametrize("partitions", [1, 5, 48])
def test_any_number_of_partitions_gives_the_same_rows(spark, some_images, expected, partitions):
    frame = pomona.spark.extract(spark, str(some_images), partitions=partitions)
    assert frame.rdd.getNumPartitions() == partitions
    assert collect(frame) == expected
    assert [row.path for row in frame.select("path").collect()] == sorted(expected)


def test_one_large_folder_among_small_ones_is_spread_evenly(spark, tmp_path):
    data = encoded(picture(), "JPEG")
    write_files(tmp_path, {f"large/{number}.jpg": data for number in range(1_000)})
    write_files(tmp_path, {f"small {number}/1.jpg": data for number in range(200)})
    frame = pomona.spark.extract(spark, str(tmp_path), partitions=8)
    numbers = frame.rdd.mapPartitions(lambda rows: [sum(1 for _ in rows)]).collect()
    assert numbers == [150] * 8


def test_vectors(spark, some_images, expected):
    from pyspark.ml.linalg import VectorUDT

    frame = pomona.spark.extract(spark, str(some_images), features_as="vector")
    assert frame.schema["features"].dataType == VectorUDT()
    assert collect(frame) == expected


def test_options_reach_the_core(spark, command, some_images, tmp_path):
    command.ok("extract", some_images, tmp_path / "table", "--resize", "nearest", "--label",
              "([^/]+)/[^/]+$", "--glob", "*0.jpg")  # fmt: skip
    frame = pomona.spark.extract(
        spark, str(some_images), resize="nearest", label="([^/]+)/[^/]+$", glob=["*0.jpg"]
    )
    assert collect(frame) == by_path(Table(tmp_path / "table").rows().to_pylist())


def test_nothing_to_do_is_an_empty_table(spark, tmp_path):
    assert pomona.spark.extract(spark, str(tmp_path)).collect() == []


def test_bad_images_have_no_row(spark, five_percent_bad):
    folder, bad = five_percent_bad
    paths = {row.path for row in pomona.spark.extract(spark, str(folder)).collect()}
    assert len(paths) == 57
    assert not paths & bad.keys()


def test_bad_images_are_rows_when_asked_for(spark, five_percent_bad):
    folder, bad = five_percent_bad
    rows = pomona.spark.extract(spark, str(folder), rejects=True).collect()
    assert len(rows) == 60
    assert {row.path: row.reject for row in rows if row.reject} == bad
    assert all((row.features is None) == (row.reject is not None) for row in rows)
    assert all(row.message for row in rows if row.reject)


def test_on_error_fail_names_the_image(spark, five_percent_bad):
    folder, bad = five_percent_bad
    frame = pomona.spark.extract(spark, str(folder), on_error="fail", partitions=1)
    with pytest.raises(Exception) as failure:
        frame.collect()
    assert any(path in str(failure.value) for path in bad)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"model": "no-such-model"}, "no-such-model"),
        ({"precision": "f16"}, "precision"),
        ({"on_error": "ignore"}, "on_error"),
        ({"features_as": "list"}, "features_as"),
        ({"partitions": 0}, "partitions"),
        ({"modle": "x"}, "modle"),
        ({"label": "("}, "label"),
    ],
)
def test_a_bad_option_is_refused_at_once(spark, some_images, options, said):
    with pytest.raises((pomona.InvalidOption, pomona.NotFound)) as refusal:
        pomona.spark.extract(spark, str(some_images), **options)
    assert said in str(refusal.value)


def test_a_missing_folder_is_said_at_once(spark, tmp_path):
    with pytest.raises(pomona.StorageError, match="missing"):
        pomona.spark.extract(spark, str(tmp_path / "missing"))


def test_no_image_passes_through_the_jvm(spark, some_images):
    frame = pomona.spark.extract(spark, str(some_images))
    executed = plan(frame)
    assert "MapInArrow" in executed
    assert "Exchange" not in executed
    assert "FileScan" not in executed
    # What a task is sent: the share, and the function.
    shares = frame._jdf.queryExecution().logical()
    assert "share" in shares.toString()


def test_a_plan_shows_no_credentials(spark, some_images):
    secret = "do-not-show-this-key"
    frame = pomona.spark.extract(
        spark, str(some_images), storage={"s3_access_key": "a", "s3_secret_key": secret}
    )
    assert secret not in plan(frame)
    assert secret not in spark._jvm.PythonSQLUtils.explainString(
        frame._jdf.queryExecution(), "extended"
    )


def test_counters_count_each_image_once(spark, five_percent_bad):
    folder, bad = five_percent_bad
    counters = pomona.spark.counters(spark)
    before, before_rejects = counters.value(), counters.rejects()
    frame = pomona.spark.extract(spark, str(folder), partitions=4)
    frame.write.format("noop").mode("overwrite").save()
    added = {name: value - before[name] for name, value in counters.value().items()}
    assert added["images"] == 57
    assert added["rejects"] == 3
    assert added["requests"] >= 57
    assert added["retries"] == 0
    assert added["bytes"] > 57 * 500
    assert min(added[f"{stage}_ns"] for stage in ("fetch", "decode", "resize", "infer")) > 0
    reasons = counters.rejects()
    for reason in bad.values():
        assert reasons[reason] - before_rejects.get(reason, 0) == 1


def test_counters_are_in_sparks_metrics(spark, metrics, some_images):
    frame = pomona.spark.extract(spark, str(some_images))
    frame.write.format("noop").mode("overwrite").save()
    total = pomona.spark.counters(spark).value()["images"]
    assert total >= 48
    deadline = time.monotonic() + 30
    while True:
        lines = [path.read_text().splitlines()[-1] for path in metrics.glob("*.pomona.images.csv")]
        if any(line.endswith(f",{total}") for line in lines):
            break
        assert time.monotonic() < deadline, lines
        time.sleep(0.2)


@pytest.mark.parametrize("features_as", ["array", "vector"])
def test_parquet_options_leave_out_what_features_do_not_need(
    spark, some_images, tmp_path, features_as
):
    frame = pomona.spark.extract(spark, str(some_images), features_as=features_as)

    def features(folder):
        part = pq.ParquetFile(Table(folder).part_paths()[0]).metadata.row_group(0)
        columns = [part.column(index) for index in range(part.num_columns)]
        names = ("features.list.element", "features.values.list.element")
        (found,) = [column for column in columns if column.path_in_schema in names]
        return found

    frame.write.parquet(str(tmp_path / "plain"))
    frame.write.options(**pomona.spark.PARQUET_OPTIONS).parquet(str(tmp_path / "with"))
    plain, without = features(tmp_path / "plain"), features(tmp_path / "with")
    dictionary = {"RLE_DICTIONARY", "PLAIN_DICTIONARY"}
    assert dictionary & set(plain.encodings) and not dictionary & set(without.encodings)
    if SPARK_4:  # the writer of 3.5 has no such option
        assert plain.is_stats_set and not without.is_stats_set


def test_a_worker_imports_nothing_of_pipelines():
    """They take longer to import than all else, in every worker."""
    program = "import sys, pomona.spark.worker; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    loaded = set(done.stdout.split())
    assert "pomona.spark.references" in loaded
    assert not loaded & {"pandas", "pyspark.ml", "pomona.spark.featurizer", "pomona.spark.pca"}


def test_every_name_of_the_package_is_there():
    for name in pomona.spark.__all__:
        assert getattr(pomona.spark, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = pomona.spark.no_such_name


def test_the_network_is_compiled_once_for_driver_and_workers(some_images, tmp_path):
    """It is compiled for a number of threads, which is spark.task.cpus in the workers."""
    driver = sessions.script(
        tmp_path,
        f"""
        import pomona.spark
        from pyspark.sql import SparkSession
        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        spark = builder.config("spark.task.cpus", "1").getOrCreate()
        print(pomona.spark.extract(spark, {some_images.as_uri()!r}, partitions=2).count())
        """,
    )
    cache = tmp_path / "cache"
    done = subprocess.run(
        [sys.executable, driver], env=sessions.environment(POMONA_CACHE=str(cache)),
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "48\n", done.stderr
    compiled = [file for file in cache.rglob("*") if file.is_file()]
    assert len(compiled) == 1, compiled


VIEWS = "array<struct<view:string,features:array<float>>>"


def test_views_are_those_of_the_command_line(spark, some_images, tmp_path):
    flags = {"views": "rot90,mirror", "input_size": 64}
    pomona.run(some_images, tmp_path / "table", **flags)
    expected = Table(tmp_path / "table").rows().sort_by("path").to_pylist()
    frame = pomona.spark.extract(spark, str(some_images), **flags)
    assert frame.schema["views"].dataType.simpleString() == VIEWS
    assert [row.asDict(recursive=True) for row in frame.orderBy("path").collect()] == expected
    rejects = pomona.spark.extract(spark, str(some_images), rejects=True, **flags)
    assert rejects.columns == ["path", "label", "features", "views", "reject", "message"]


def test_a_column_of_images_has_views_beside_its_features(spark, some_images):
    paths = spark.createDataFrame([(str(next(some_images.rglob("*.jpg"))),)], ["path"])
    frame = pomona.spark.extract_column(paths, "path", views="rot180", input_size=64)
    assert frame.columns == ["path", "features", "views"]
    (row,) = frame.collect()
    assert [view.view for view in row.views] == ["rot180"]
    assert len(row.views[0].features) == len(row.features) == 1280


def test_a_preset_is_chosen_once_for_all_tasks(spark, some_images, tmp_path):
    pomona.run(some_images, tmp_path / "table", preset="fast")
    expected = by_path(Table(tmp_path / "table").rows().to_pylist())
    assert collect(pomona.spark.extract(spark, str(some_images), preset="fast")) == expected
