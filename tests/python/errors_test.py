"""One type for each kind of trouble, with the core's words."""

import pickle

import pyarrow
import pytest

import pomona


def test_the_types_are_pythons_own_as_well():
    assert issubclass(pomona.InvalidOption, ValueError)
    assert issubclass(pomona.NotFound, KeyError)
    assert issubclass(pomona.StorageError, OSError)
    assert issubclass(pomona.DamagedData, ValueError)
    assert issubclass(pomona.ImageError, ValueError)


def test_a_bad_option_is_refused_before_anything_is_read():
    with pytest.raises(pomona.InvalidOption, match="^batch_rows: 0\nhint: at least 1"):
        pomona.list_images("/nowhere", batch_rows=0)
    with pytest.raises(pomona.InvalidOption, match="^threads must be .* got -1"):
        pomona.extract("/nowhere", threads=-1)
    with pytest.raises(pomona.InvalidOption, match="f64"):
        pomona.Extractor(precision="f64")
    with pytest.raises(pomona.InvalidOption, match="puce"):
        pomona.Extractor(background="puce")
    with pytest.raises(pomona.InvalidOption, match="max_attempts|attempts"):
        pomona.list_images("/nowhere", storage={"max_attempts": 0})


def test_an_unknown_option_or_type_is_a_type_error():
    with pytest.raises(TypeError, match=r"list_images\(\) got an unexpected .* 'globs'"):
        pomona.list_images("/nowhere", globs="*.png")
    with pytest.raises(TypeError, match="storage: there is no option `s3_acess_key`"):
        pomona.list_images("/nowhere", storage={"s3_acess_key": ""})
    with pytest.raises(TypeError, match="Extractor: option `threads` cannot be a str"):
        pomona.Extractor(threads="2")
    with pytest.raises(TypeError, match="__arrow_c_stream__"):
        pomona.Extractor().extract(["photos/1.jpg"])


def test_an_unknown_model_is_not_found():
    with pytest.raises(pomona.NotFound) as caught:
        pomona.Extractor(model="resnet")
    assert str(caught.value).startswith("no model `resnet`, by name or path\nhint: known are ")


def test_an_unknown_tensor_is_not_found():
    with pytest.raises(pomona.NotFound, match="nope"):
        pomona.Extractor(features="nope")


SECRET = "wJalrXUtnFEMI/bPxRfiCYEXAMPLEKEY"
CONTROLS = "\x1b[31mred\x07\nhint: run this\u202e"


@pytest.mark.parametrize(
    "uri",
    [f"s3://AKIDEXAMPLE:{SECRET}@bucket/photos", f"hdfs://user:{SECRET}@host:1/photos",
     f"https://bucket/photos?X-Amz-Signature={SECRET}", f"/nowhere/{CONTROLS}",
     f"ftp://{CONTROLS}"],
)  # fmt: skip
def test_no_message_has_credentials_or_controls(uri):
    calls = [
        lambda: pomona.list_images(uri).read_all(),
        lambda: pomona.extract(uri).read_all(),
        lambda: pomona.Extractor(model=uri),
        lambda: pomona.Extractor(resize=uri),
        lambda: pomona.read_features(uri).read_all(),
        lambda: pomona.list_images("/nowhere", storage={"s3_endpoint": uri}),
        lambda: pomona.PcaModel.load(uri),
    ]
    for number, call in enumerate(calls):
        with pytest.raises(pomona.PomonaError) as caught:
            call()
        for part in SECRET.split("/"):
            assert part not in str(caught.value), number
        assert not set("\x1b\x07\u202e") & set(str(caught.value)), number
        assert "\nhint: run this" not in str(caught.value), number


def test_errors_of_python_are_shown_in_the_same_way():
    shown = str(pomona.InvalidOption(f"no: s3://A:{SECRET}@b{CONTROLS[:10]}\nhint: ours"))
    assert shown == "no: s3://***@b\\x1b[31mred\\x07\\n\nhint: ours"
    assert str(pickle.loads(pickle.dumps(pomona.StorageError("a\x1b")))) == "a\\x1b"


def test_a_missing_source_is_a_storage_error(tmp_path):
    with pytest.raises(pomona.StorageError, match="missing"):
        pomona.list_images(tmp_path / "missing").read_all()
    with pytest.raises(pomona.StorageError, match="missing"):
        pomona.extract(tmp_path / "missing").read_all()


def test_arrow_readers_raise_their_own_with_the_same_words(tmp_path):
    with pytest.raises(OSError, match="missing"):
        pyarrow.table(pomona.list_images(tmp_path / "missing"))


def test_references_without_a_uri_are_refused(extractor):
    with pytest.raises(pomona.InvalidOption, match="`uri`"):
        extractor.extract(pyarrow.table({"path": ["a"]}))


class OfTheUser(Exception):
    pass


SCHEMA = pyarrow.schema({"uri": pyarrow.string()})
BATCH = pyarrow.record_batch({"uri": ["file:/nowhere.jpg"]}, SCHEMA)


def _as_reader(batches):
    return pyarrow.RecordBatchReader.from_batches(SCHEMA, batches)


@pytest.mark.parametrize("given", [_as_reader, iter], ids=["in a reader", "alone"])
@pytest.mark.parametrize("error", [OfTheUser("gone", 7), OfTheUser(), KeyError("a"), ValueError()])
def test_what_a_generator_raises_is_raised(extractor, given, error):
    def batches():
        yield BATCH
        raise error

    stream = extractor.extract(given(batches()))
    assert next(stream)["reject"].to_pylist() == ["not_found"]
    with pytest.raises(type(error)) as caught:
        next(stream)
    assert caught.value is error


def test_what_a_generator_raises_at_its_first_batch_is_raised(extractor):
    def batches():
        raise OfTheUser("at once")
        yield

    with pytest.raises(OfTheUser, match="at once"):
        extractor.extract(batches())


def test_another_reader_of_the_stream_gets_the_words(extractor):
    def batches():
        yield BATCH
        raise OfTheUser("gone")

    with pytest.raises((OSError, pyarrow.ArrowException), match="OfTheUser: gone"):
        pyarrow.table(extractor.extract(batches()))


def test_a_generator_of_something_else_is_a_type_error(extractor):
    with pytest.raises(TypeError, match="__arrow_c_stream__"):
        extractor.extract(iter(["photos/1.jpg"]))
    with pytest.raises(TypeError, match="got int"):
        extractor.extract(7)
    stream = extractor.extract(iter([BATCH, "photos/1.jpg"]))
    next(stream)
    with pytest.raises(pomona.PomonaError, match="got str"):
        next(stream)
    other = pyarrow.record_batch({"uri": [1]})
    with pytest.raises(pomona.InvalidOption, match="another schema"):
        extractor.extract([BATCH, other]).read_all()


def test_no_batches_are_no_rows(extractor):
    assert extractor.extract([]).read_all().num_rows == 0
    assert extractor.extract_images(iter([])).read_all().num_rows == 0


@pytest.mark.parametrize("read", [list, pyarrow.table, lambda stream: stream.read_all()])
def test_a_stream_that_was_read_to_its_end_says_so(images, read):
    stream = pomona.list_images(images)
    assert sum(batch.num_rows for batch in stream) == 48
    assert next(stream, None) is None
    with pytest.raises(pomona.PomonaError, match="read to its end"):
        read(stream)


def test_references_that_were_read_already_are_no_empty_table(images, extractor):
    references = pomona.list_images(images)
    extractor.extract(references).read_all()
    with pytest.raises(pomona.PomonaError, match="read to its end"):
        extractor.extract(references)


@pytest.mark.parametrize("address", ["http://host/x", "s3n://bucket/x", "dbfs:/x", "s3a://"])
def test_a_source_that_is_no_address_is_an_option_that_cannot_be(address):
    with pytest.raises(pomona.InvalidOption, match="scheme|bucket") as caught:
        pomona.list_images(address)
    assert not hasattr(caught.value, "reason")


def test_odd_addresses_are_rows(images, extractor):
    good = f"FILE:{next(images.rglob('*.jpg'))}"
    odd = ["http://host/x.jpg", "s3n://b/x", "viewfs://c/x", "wasbs://c@a/x", "s3a://", "dbfs:/x"]
    rows = extractor.extract(pyarrow.table({"uri": [*odd, good]})).read_all().to_pylist()
    assert [row["reject"] for row in rows] == ["bad_address"] * len(odd) + [None]
    assert "unknown scheme `http`" in rows[0]["message"]
    encoded = f"file:{images}/Apple%20Braeburn/x.jpg"
    (row,) = extractor.extract(pyarrow.table({"uri": [encoded]})).read_all().to_pylist()
    assert row["reject"] == "not_found" and "percent-encoded" in row["message"]


def test_what_is_no_path_is_a_type_error():
    for source in (5, None, {"a": 1}, [5]):
        with pytest.raises(TypeError):
            pomona.list_images(source)
    with pytest.raises(pomona.InvalidOption, match="no source"):
        pomona.list_images([])


def test_a_bad_image_in_memory_is_named(images, extractor):
    good = next(images.rglob("*.jpg")).read_bytes()
    with pytest.raises(pomona.ImageError, match="image 2 has no features: truncated") as caught:
        extractor.extract_bytes([good, good, good[:700], b""])
    assert (caught.value.index, caught.value.reason) == (2, "truncated")


def test_what_is_no_buffer_is_a_type_error(extractor):
    with pytest.raises(TypeError, match="bytes-like"):
        extractor.extract_bytes([b"", 5])


def test_errors_can_be_pickled(extractor):
    with pytest.raises(pomona.ImageError) as caught:
        extractor.extract_bytes([b""])
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.index, again.reason) == (str(caught.value), 0, "empty_file")
