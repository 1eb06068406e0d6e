"""The table of answers rests on honest splits, one factor a block, intervals over clusters."""

import pathlib
import sys

import numpy as np
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "benchmarks"))

from answers_intervals import interval  # noqa: E402
from answers_movies import arcs, frame_of  # noqa: E402
from answers_questions import apples, fruits, shop  # noqa: E402
from answers_rows import block_factors  # noqa: E402


def frames(folder, variety, movie, numbers):
    prefix = f"{movie}_" if movie else ""
    return [f"file:/d/{folder}/{variety}/{prefix}{number}_100.jpg" for number in numbers]


def movies_of(paths, rows):
    return {(frame_of(paths[row]).variety, frame_of(paths[row]).movie) for row in rows}


FRUITS = [
    *frames("Training", "Lemon", "", range(0, 60, 6)),
    *frames("Test", "Lemon", "", range(60, 90, 6)),
    *frames("Training", "Lemon", "r", range(0, 60, 6)),
    *frames("Test", "Lemon", "r2", range(60, 90, 6)),
    *frames("Training", "Salak", "r0", range(0, 60, 6)),
    *frames("Test", "Salak", "r1", range(0, 60, 6)),
]


def test_honest_split_has_no_movie_on_both_sides_and_all_frames():
    honest, official = fruits(FRUITS)
    known, asked = (movies_of(FRUITS, rows) for rows in (honest.train, honest.test))
    assert known == {("Lemon", ""), ("Salak", "r0")}
    assert asked == {("Lemon", "r"), ("Lemon", "r2"), ("Salak", "r1")}
    assert sorted([*honest.train, *honest.test]) == list(range(len(FRUITS)))
    assert ("Lemon", "") in movies_of(FRUITS, official.train) & movies_of(FRUITS, official.test)


def test_unseen_varieties_teach_nothing():
    paths = [
        *frames("Test", "Apple 6", "r0", range(4)),
        *frames("Test", "Apple 6", "r1", range(4)),
        *frames("Training", "Apple worm 1", "r0", range(4)),
        *frames("Training", "Apple worm 1", "r1", range(4)),
    ]
    unseen, defects = apples(paths)
    assert movies_of(paths, unseen.train) == {("Apple 6", "r0")}
    assert movies_of(paths, unseen.test) == {("Apple 6", "r1")}
    assert {variety for variety, _ in movies_of(paths, unseen.teachers)} == {"Apple worm 1"}
    assert movies_of(paths, defects.train) == {("Apple worm 1", "r0")}
    assert set(defects.labels) == {"Apple worm 1", "sound"}


def test_photos_of_shops_are_parted_by_folder_and_folds_by_number():
    paths = [f"file:/d/Training/Fruit/Apple/Gala/Gala_{number:03}.jpg" for number in range(8)]
    paths += [f"file:/d/Test/Fruit/Apple/Gala/Gala_{number:03}.jpg" for number in range(2)]
    (asked,) = shop(paths)
    assert list(asked.test) == [8, 9]
    assert list(asked.folds[:8]) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_arcs_keep_neighbours_together_whatever_the_order_of_the_files():
    mixed = [frame_of(path) for path in frames("Training", "Kiwi", "", [0, 100, 106, 6])]
    assert arcs(mixed, 2) == [0, 1, 1, 0]


def test_a_file_that_is_no_frame_is_refused():
    with pytest.raises(ValueError, match="no frame of a movie"):
        frame_of("file:/d/Training/Lemon/lemon.jpg")


def test_a_block_has_one_factor_and_variance_one():
    x = np.random.default_rng(0).normal(size=(500, 5)) * [1, 2, 3, 100, 0]
    factors = block_factors(x, [3, 1, 1])
    assert factors[0] == factors[1] == factors[2]
    assert (x * factors).var(axis=0)[:3].sum() == pytest.approx(1, rel=1e-5)
    assert (x * factors).var(axis=0)[3] == pytest.approx(1, rel=1e-5)
    assert np.isfinite(factors).all()


def test_an_interval_of_clusters_is_as_wide_as_there_are_few_clusters():
    clusters = np.repeat(np.arange(20), 50)
    by_cluster = np.repeat(np.arange(20) % 2, 50).astype(float)  # all of a cluster right, or none
    mean, low, high = interval(by_cluster, clusters)
    assert mean == 0.5
    assert high - low > 0.35
    _, low, high = interval(by_cluster, np.arange(1000))
    assert high - low < 0.07
    assert interval(by_cluster - by_cluster, clusters) == (0, 0, 0)
