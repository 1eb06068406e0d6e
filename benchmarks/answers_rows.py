"""Features as rows to learn from and to ask about, scaled: one factor for all numbers of a block.

A block is what was made in one way: the means of one map, or its deviations. Its factor makes the
sum of the variances of its numbers, over the images learned from, one. Numbers of a block keep
their proportions to each other: which channels vary, and how much, is what the network knows.
Scaled number by number, channels that hardly vary become noise as loud as all others.
"""

import numpy as np
from answers_features import Features


def block_factors(learned: np.ndarray, lengths: list[int]) -> np.ndarray:
    """[numbers]: what each number is multiplied by."""
    sums = np.add.reduceat(learned.var(axis=0, dtype=np.float64), np.cumsum([0, *lengths[:-1]]))
    factors = 1 / np.sqrt(np.where(sums > 0, sums, 1))
    return np.repeat(factors, lengths).astype(np.float32)


class Rows:
    """Rows of some images, scaled as those that are learned from."""

    def __init__(self, features: Features, learned: np.ndarray):
        self._features = features
        self._factors = block_factors(features.original[learned], features.lengths)

    def original(self, images: np.ndarray) -> np.ndarray:
        return self._features.original[images] * self._factors

    def views(self, images: np.ndarray) -> list[np.ndarray]:
        """One array for each way that images were turned; the originals are not among them."""
        if self._features.views is None:
            return []
        turned = self._features.views[images]
        return [turned[:, way] * self._factors for way in range(turned.shape[1])]

    def to_learn(self, images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows and their labels; each turned view is a row of its own. `labels`: of all images."""
        rows = [self.original(images), *self.views(images)]
        return np.concatenate(rows), np.tile(labels[images], len(rows))
