"""How references are cut into shares."""

import datetime
import hashlib
import itertools

import pyarrow as pa
import pytest
from pomona.spark import references

WHEN = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)


def listing(sizes, name="s3a://bucket/Training/Apple Braeburn/{}_100.jpg", batch_rows=1024):
    """Batches as of pomona.list_images, of images with these sizes."""
    rows = [
        {
            "uri": name.format(f"{number:07}"),
            "size": size,
            "mtime": WHEN + datetime.timedelta(seconds=number * 7 % 1000),
            "version": f'"{hashlib.md5(str(number).encode()).hexdigest()}"',
            "label": "Apple Braeburn",
        }
        for number, size in enumerate(sizes)
    ]
    table = pa.Table.from_pylist(rows, references.REFERENCES)
    return table.to_batches(max_chunksize=batch_rows)


def shares(sizes, count):
    cut = references.cut(references.chunks(listing(sizes)), count)
    return [pa.Table.from_batches(references.decode(share), references.REFERENCES) for share in cut]


@pytest.mark.parametrize("number", [1, 7, 1024, 20_000])
@pytest.mark.parametrize("count", [1, 3, 64])
def test_shares_are_the_listing(number, count):
    sizes = [5_000 + i % 977 for i in range(number)]
    whole = pa.Table.from_batches(listing(sizes), references.REFERENCES)
    assert pa.concat_tables(shares(sizes, count)).combine_chunks() == whole.combine_chunks()


def test_images_of_one_size_are_spread_to_one():
    numbers = [share.num_rows for share in shares([5_000] * 20_001, 16)]
    assert len(numbers) == 16
    assert max(numbers) - min(numbers) <= 1


def test_large_files_count_as_what_they_cost():
    small, large = 4_000, 4_000_000
    cost = {size: 1 + size / references.BYTES_PER_COST for size in (small, large)}
    sizes = [large] * 100 + [small] * 10_000
    loads = [sum(cost[size] for size in share["size"].to_pylist()) for share in shares(sizes, 20)]
    assert max(loads) - min(loads) <= 2 * cost[large]
    assert len(loads) == 20


def test_a_giant_has_a_share_of_its_own_and_no_share_is_empty():
    sizes = [5_000] * 100 + [10_000_000_000] + [5_000] * 100
    numbers = [share.num_rows for share in shares(sizes, 10)]
    assert sum(numbers) == 201
    assert min(numbers) > 0
    assert len(numbers) <= 10


def test_nothing_makes_no_share():
    assert references.cut(references.chunks([]), 4) == []


def test_unknown_sizes_count_as_images():
    assert [share.num_rows for share in shares([None] * 100, 4)] == [25] * 4


def test_a_listing_of_many_costs_a_reference_a_few_bytes():
    chunks = references.chunks(listing([5_000 + i * 7919 % 3_000 for i in range(50_000)]))
    size = sum(len(chunk.data) for chunk in chunks) / 50_000
    assert size < 40, f"{size:.1f} bytes a reference"


def test_tasks_get_small_batches():
    share = references.cut(references.chunks(listing([5_000] * 3_000)), 1)[0]
    assert max(batch.num_rows for batch in references.decode(share, 256)) <= 256


@pytest.mark.parametrize(
    ("cost", "parallelism", "count"),
    [
        (10, 8, 1),  # too few to be worth a second task
        (1_000, 8, 8),
        (20_000, 2, 6),  # whole rounds
        (10_000_000, 100, 2_500),
        (1_000_000_000, 1_000, references.MOST_SHARES),
    ],
)
def test_number_of_shares(cost, parallelism, count):
    assert references.share_count(cost, parallelism) == count


def test_number_of_shares_never_falls_with_the_work():
    counts = [references.share_count(cost, 6) for cost in range(1, 100_000, 50)]
    assert all(a <= b for a, b in itertools.pairwise(counts))
