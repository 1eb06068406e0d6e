"""What features are asked, and which images may be learned from before each answer.

A question is never answered from images that look like the ones asked about: `honest`, `unseen`,
`defects` and `shop` part movies or visits. `official` does not, and is asked only to show by how
much it flatters.
"""

import dataclasses
import pathlib

import numpy as np
from answers_movies import Frame, arcs, first_movies, frame_of

FOLDS = 4  # of cross-validation inside training
FAULTY = ("Apple Rotten 1", "Apple worm 1")


@dataclasses.dataclass(frozen=True)
class Question:
    """Images of one data set, as rows of its table: those to learn from and those to name."""

    name: str
    data: str  # folder of the data set
    says: str  # what is asked, for people
    train: np.ndarray  # rows that answers are learned from
    test: np.ndarray  # rows, none of which is in train
    teachers: np.ndarray  # rows that directions are learned from, none of which is in test
    variety: np.ndarray  # of each row of the data set; drawn together for an interval
    labels: np.ndarray  # of each row: the answer, the variety where nothing else is asked
    folds: np.ndarray  # of each row: what cross-validation must keep together has one number


@dataclasses.dataclass(frozen=True)
class Answer:
    right: np.ndarray  # [test images]: whether each was named rightly, as it is
    seconds: float  # of learning
    penalty: float | None = None  # that was chosen inside training, where there is one
    averaged: np.ndarray | None = None  # right, of the mean over an image and its turned views


def fruits(paths: list[str]) -> list[Question]:
    frames = [frame_of(path) for path in paths]
    variety = np.array([frame.variety for frame in frames])
    first = first_movies(frames)
    plain = np.array([frame.movie == first[frame.variety] for frame in frames])
    official = np.array([frame.folder == "Training" for frame in frames])
    same = {"data": "fruits-81", "variety": variety, "labels": variety}
    same["folds"] = np.array(arcs(frames, FOLDS))
    return [
        Question(
            name="honest",
            says="81 fruits: learned from the plain movie of each, asked about its others",
            train=np.flatnonzero(plain),
            test=np.flatnonzero(~plain),
            teachers=np.flatnonzero(plain),
            **same,
        ),
        Question(
            name="official",
            says="the same frames as their authors split them: neighbours in a movie on both sides",
            train=np.flatnonzero(official),
            test=np.flatnonzero(~official),
            teachers=np.flatnonzero(official),
            **same,
        ),
    ]


def apples(paths: list[str]) -> list[Question]:
    frames = [frame_of(path) for path in paths]
    variety = np.array([frame.variety for frame in frames])
    first = first_movies(frames)
    gallery = np.array([frame.movie == first[frame.variety] for frame in frames])
    unseen = np.array([frame.folder == "Test" for frame in frames])
    same = {"data": "apple-varieties", "variety": variety}
    same["folds"] = np.array(arcs(frames, FOLDS))
    return [
        Question(
            name="unseen",
            says="9 apples that nothing learned from: named as the nearest frame of one movie",
            train=np.flatnonzero(unseen & gallery),
            test=np.flatnonzero(unseen & ~gallery),
            teachers=np.flatnonzero(~unseen),
            labels=variety,
            **same,
        ),
        Question(
            name="defects",
            says="rotten, worm-eaten, sound: learned from a movie of each of 23 apples",
            train=np.flatnonzero(~unseen & gallery),
            test=np.flatnonzero(~unseen & ~gallery),
            teachers=np.flatnonzero(~unseen & gallery),
            labels=np.where(np.isin(variety, FAULTY), variety, "sound"),
            **same,
        ),
    ]


def shop(paths: list[str]) -> list[Question]:
    """Photos of KIND/VARIETY or KIND in bins of shops; numbered in the order of visits."""
    places = [pathlib.PurePosixPath(path) for path in paths]
    variety = np.array([place.parent.name for place in places])
    folder = np.array(["Training" if "/Training/" in path else "Test" for path in paths])
    learn = folder == "Training"
    photos = [
        Frame(side, kind, side, int(place.stem.rsplit("_", 1)[1]))
        for side, kind, place in zip(folder, variety, places, strict=True)
    ]
    return [
        Question(
            name="shop",
            data="shop-photos",
            says="phone photos of 50 kinds in shops: learned from some visits, asked about another",
            train=np.flatnonzero(learn),
            test=np.flatnonzero(~learn),
            teachers=np.flatnonzero(learn),
            variety=variety,
            labels=variety,
            folds=np.array(arcs(photos, FOLDS)),
        )
    ]


QUESTIONS = {"fruits-81": fruits, "apple-varieties": apples, "shop-photos": shop}
