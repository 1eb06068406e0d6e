"""Each JSON block of docs/format against what the program writes: the same keys, in the same order,
with values of the same kind."""

import hashlib
import json
import re

import pyarrow.parquet as pq
import pytest
import states
from crash import changes, killed_at
from odd_files import write_files
from program import REPOSITORY, binary

DOCS = REPOSITORY / "docs" / "format"


def blocks(name: str) -> list[dict]:
    text = (DOCS / name).read_text()
    return [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", text, re.M | re.S)]


def shape(value):
    """Keys and kinds. Of a list, its first item: how many it has is no part of the format."""
    if isinstance(value, dict):
        return {key: shape(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return "number" if type(value) in (int, float) else type(value).__name__


def ordered(value) -> str:
    return json.dumps(shape(value), indent=1)


def load(path):
    return json.loads(path.read_text())


@pytest.fixture(scope="module")
def written(pomona, some_images, tmp_path_factory):
    """What the program wrote, by the keys that its block in the documents has."""
    folder = tmp_path_factory.mktemp("format")
    source = write_files(folder / "images", {"empty.jpg": b""})
    for image in list(some_images.rglob("*.jpg"))[:3]:
        (source / image.name).write_bytes(image.read_bytes())
    output = folder / "table"
    pomona.ok("extract", source, output)
    (part,) = output.glob("part-*.parquet")
    base, (_, entry) = states.load(output)
    # A killed run leaves its sign of life.
    killed = folder / "killed"
    made = changes(pomona, ("extract", source, folder / "x"), folder / "x", folder / "trace")
    number = next(i for i, change in enumerate(made, 1) if "/states/" in change and "ren" in change)
    assert killed_at(pomona, ("extract", source, killed), killed, number)
    claim, sign = sorted((killed / "_pomona" / "lease").glob("*.json"))
    assert claim.read_text() == sign.read_text()
    schema = pq.read_schema(part).metadata[b"org.apache.spark.sql.parquet.row.metadata"]
    return [json.loads(schema), base[0], entry, load(output / "_SUCCESS"), load(claim)]


@pytest.mark.parametrize("number", range(5))
def test_the_blocks_of_the_output_format_are_what_is_written(written, number):
    documented = blocks("output.md")
    assert len(documented) == len(written)
    assert ordered(documented[number]) == ordered(written[number])


def test_the_table_of_options_has_each_option_with_its_default(written):
    run = written[1]["run"]["options"]
    documented = blocks("output.md")[1]["run"]["options"]
    of_this_run = {"source", "model_digest"}
    assert {key: value for key, value in documented.items() if key not in of_this_run} == {
        key: value for key, value in run.items() if key not in of_this_run
    }


def test_the_keys_in_the_footer_are_documented(written, pomona, some_images, tmp_path):
    pomona.ok("extract", some_images, tmp_path / "table")
    (part,) = (tmp_path / "table").glob("part-*.parquet")
    keys = {key.decode() for key in pq.read_metadata(part).metadata} - {"ARROW:schema"}
    text = (DOCS / "output.md").read_text()
    assert {key for key in keys if f"`{key}`" not in text} == set()
    preprocessing = json.loads(pq.read_metadata(part).metadata[b"pomona.preprocessing"])
    line = next(line for line in text.splitlines() if line.startswith("| `pomona.preprocessing`"))
    assert re.findall(r"`(\w+)`", line) == list(preprocessing)


def test_the_record_of_a_pca_model_is_what_is_written(pomona, full_table, tmp_path):
    pomona.ok("pca", full_table, tmp_path / "pca", "--k", 2)
    metadata = pq.read_metadata(tmp_path / "pca" / "_pomona" / "pca.parquet").metadata
    (documented,) = re.findall(r'`(\{"format":.*?\})`', (DOCS / "pca.md").read_text())
    assert ordered(json.loads(documented)) == ordered(json.loads(metadata[b"pomona.pca"]))


def test_the_model_card_is_the_installed_ones():
    (documented,) = blocks("model-card.md")
    written = load(
        binary().parent / "share" / "pomona" / "models" / documented["name"] / "card.json"
    )
    assert documented == written


def test_each_state_has_the_hash_of_the_one_before_and_the_seal_that_of_the_last(
    pomona, some_images, tmp_path
):
    output = tmp_path / "table"
    pomona.ok("extract", some_images, output, "--rows-per-file", 10)
    digest = None
    for file, state in zip(states.files(output), states.load(output), strict=True):
        assert state[0]["previous"] == digest
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert load(output / "_SUCCESS")["sha256"] == digest
    options = json.dumps(states.record(output)["options"], separators=(",", ":"))
    assert state[0]["options"] == hashlib.sha256(options.encode()).hexdigest()
