"""How sure an accuracy, and a difference of two, is.

Frames of a movie are not independent: whoever names one wrongly names its neighbours wrongly. So
classes are drawn, each with all its images, not images: an interval over images would be some
three times too narrow. Movies of one class are drawn together too, as they show the same fruit.
Differences are paired: both sides are asked the same images, and the same classes are drawn for
both.
"""

import numpy as np

DRAWS = 10_000
COVERED = 0.95


def interval(values: np.ndarray, clusters: np.ndarray) -> tuple[float, float, float]:
    """The mean of `values` over images, and the ends of its interval (percentiles of the
    bootstrap over clusters). For a difference pass the differences of the two sides, image by
    image."""
    _, cluster = np.unique(clusters, return_inverse=True)
    count = np.bincount(cluster)
    total = np.bincount(cluster, weights=values)
    # The same draws for all, so that a table is the same every time.
    drawn = np.random.default_rng(1).integers(len(count), size=(DRAWS, len(count)))
    means = total[drawn].sum(axis=1) / count[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return float(np.mean(values)), float(low), float(high)
