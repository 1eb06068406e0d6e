"""pomona.extract and pomona.Extractor, against each other and the command line."""

import pathlib
import subprocess
import threading

import conftest
import duckdb
import numpy
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

import pomona


def matrix(table: pyarrow.Table) -> numpy.ndarray:
    features = table["features"].combine_chunks()
    return features.values.to_numpy().reshape(len(features), -1)


@pytest.fixture(scope="module")
def table(images):
    return pomona.extract(images, threads=2, share_cores=True).read_all()


def test_rows_are_the_command_lines_bit_for_bit(images, table, tmp_path):
    subprocess.run([conftest.COMMAND, "extract", images, tmp_path / "t", "--quiet"], check=True)
    written = pyarrow.parquet.read_table(tmp_path / "t")
    assert table["uri"].to_pylist() == written["path"].to_pylist()
    assert table["label"].to_pylist() == written["label"].to_pylist()
    assert matrix(table).tobytes() == matrix(written).tobytes()


def test_an_extractor_gives_the_same(images, table, extractor):
    again = extractor.extract(pomona.list_images(images)).read_all()
    assert again.equals(table)


def test_images_in_memory_give_the_same(images, table, extractor):
    files = [pathlib.Path(uri.removeprefix("file:")) for uri in table["uri"].to_pylist()]
    features = extractor.extract_bytes([file.read_bytes() for file in files])
    assert features.dtype == numpy.float32
    assert features.shape == (48, extractor.feature_dim)
    assert features.tobytes() == matrix(table).tobytes()


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_buffer_is_an_image(images, extractor, kind):
    data = next(images.rglob("*.jpg")).read_bytes()
    assert extractor.extract_bytes((kind(data),)).shape == (1, extractor.feature_dim)


def test_no_images_are_no_rows(extractor):
    assert extractor.extract_bytes([]).shape == (0, extractor.feature_dim)


def test_a_stream_of_images_keeps_its_batches(images, extractor):
    data = [file.read_bytes() for file in sorted(images.rglob("*.jpg"))[:5]] + [b"no image"]
    batches = [
        pyarrow.record_batch({"content": pyarrow.array(data[:4], pyarrow.binary())}),
        pyarrow.record_batch({"content": pyarrow.array(data[4:], pyarrow.binary())}),
    ]
    stream = extractor.extract_images(
        pyarrow.RecordBatchReader.from_batches(batches[0].schema, batches)
    )
    assert stream.schema.names == ["features", "reject", "message"]
    found = list(stream)
    assert [batch.num_rows for batch in found] == [4, 2]
    assert found[1]["reject"].to_pylist() == [None, "unsupported_format"]
    counters = stream.counters()
    assert (counters["images"], counters["rejects"]) == (5, 1)


def test_references_of_somebody_elses(images, table, extractor):
    """Only `uri` is needed; types are cast, other columns left out, order kept."""
    uris = table["uri"].to_pylist()[::-1]
    frames = [
        pyarrow.table({"uri": pyarrow.array(uris, pyarrow.large_string())}),
        pandas.DataFrame({"number": range(len(uris)), "uri": uris}),
        polars.DataFrame({"uri": uris, "size": [None] * len(uris)}),
    ]
    for frame in frames:
        found = extractor.extract(frame).read_all()
        assert found["uri"].to_pylist() == uris
        assert matrix(found).tobytes() == matrix(table)[::-1].tobytes()


def test_a_large_batch_becomes_several(images, extractor):
    uri = f"file:{next(images.rglob('*.jpg'))}.not-there"
    stream = extractor.extract(pyarrow.record_batch({"uri": [uri] * 2500}))
    assert [batch.num_rows for batch in stream] == [1024, 1024, 452]


def test_a_bad_image_is_a_row(own_images, extractor):
    victims = sorted(own_images.rglob("*.jpg"))[:2]
    victims[0].write_bytes(b"")
    victims[1].write_bytes(victims[1].read_bytes()[:1000])
    stream = extractor.extract(pomona.list_images(own_images))
    found = stream.read_all()
    assert found["reject"].to_pylist()[:3] == ["empty_file", "truncated", None]
    assert found["features"].null_count == 2
    assert stream.counters()["rejects"] == 2


def test_counters_count(images, table):
    stream = pomona.extract(images, threads=1)
    stream.read_all()
    counters = stream.counters()
    assert counters["images"] == counters["requests"] == 48
    assert counters["bytes"] == sum(file.stat().st_size for file in images.rglob("*.jpg"))
    assert counters["workers"] == 1
    assert counters["infer_ns"] > 0


def test_a_closed_stream_says_so(images, extractor):
    with extractor.extract(pomona.list_images(images, batch_rows=8)) as stream:
        assert next(stream).num_rows == 8
    with pytest.raises(pomona.PomonaError, match="closed"):
        next(stream)
    assert stream.counters()["images"] >= 8


def test_options_reach_the_core(images, extractor):
    other = pomona.Extractor(resize="nearest", threads=1, share_cores=True)
    data = [next(images.rglob("*.jpg")).read_bytes()]
    assert not numpy.array_equal(other.extract_bytes(data), extractor.extract_bytes(data))
    assert other.model == "efficientnet-lite0"
    assert other.precision == "f32"
    assert (
        other.model_digest == {model.name: model for model in pomona.models()}[other.model].digest
    )
    assert other.feature_tensor == "features"
    assert other.feature_origin == "as the model's card says"
    assert other.feature_layout is None
    # A map is averaged over its pixels: the graph tells which axes those are.
    mapped = pomona.Extractor(features="conv_head.relu6", share_cores=True)
    assert mapped.feature_layout == "NCHW"
    with pytest.raises(pomona.InvalidOption, match="features_layout must be NCHW or NHWC"):
        pomona.Extractor(features_layout="CHW")


def test_levels_are_slices_of_a_row():
    levels = pomona.Extractor(features="levels", input_size=96, share_cores=True)
    assert levels.input_size == (96, 96)
    slices = levels.feature_slices
    assert sum(part["length"] for part in slices) == levels.feature_dim == 2848
    assert slices[-1] == {"tensor": "features", "pool": "", "length": 1280}


def test_views_are_a_column(images):
    stream = pomona.extract(images, views="rot180,mirror", input_size=64, share_cores=True)
    batch = next(stream)
    assert batch.schema.names[-4:] == ["features", "views", "reject", "message"]
    row = batch.slice(0, 1).to_pylist()[0]
    assert [view["view"] for view in row["views"]] == ["rot180", "mirror"]
    assert len(row["views"][0]["features"]) == len(row["features"]) == 1280


def test_a_preset_is_chosen_by_the_source(images):
    chosen = pomona._core.preset_options([images], preset="fast")
    assert chosen["precision"] in ("bf16", "int8")
    assert chosen["input_size"] == 160
    # Without a source nothing justifies another size.
    assert "input_size" not in pomona._core.preset_options(None, preset="fast")
    rich = pomona._core.preset_options(None, preset="rich", views="none")
    assert rich == {"precision": "f32", "views": "none", "features": "levels"}


def test_threads_share_an_extractor(images, table, extractor):
    found = {}

    def work(number):
        found[number] = extractor.extract(pomona.list_images(images)).read_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found[number].equals(table) for number in range(4))


def read_by_duckdb(stream):
    return duckdb.sql("SELECT count(*) FROM stream").fetchall()[0][0]


READERS = {
    "pyarrow": lambda stream: pyarrow.table(stream).num_rows,
    "a pyarrow reader": lambda stream: sum(
        batch.num_rows for batch in pyarrow.RecordBatchReader.from_stream(stream)
    ),
    "pandas": lambda stream: len(pandas.DataFrame(pyarrow.table(stream).to_pandas())),
    "polars": lambda stream: len(polars.DataFrame(stream)),
    "DuckDB": read_by_duckdb,
}


@pytest.mark.parametrize("reader", READERS)
def test_who_reads_arrow_reads_a_stream(images, extractor, reader):
    assert READERS[reader](extractor.extract(pomona.list_images(images, batch_rows=16))) == 48


def test_what_the_listing_left_out_is_told(own_images, extractor):
    (own_images / "notes.txt").write_text("x")
    stream = pomona.extract(own_images, threads=2, share_cores=True)
    stream.read_all()
    assert stream.listing()["not_taken_by_suffix"] == {".txt": 1}
    assert extractor.extract(pomona.list_images(own_images)).listing() is None
