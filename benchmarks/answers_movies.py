"""Real images whose frames are of movies: which file is of which variety, movie and moment.

Fruits-360 films each fruit in two or more movies, one an axis of rotation: `12_100.jpg` is frame
12 of the plain one, `r_12_100.jpg`, `r0_12_100.jpg` and `r2_12_100.jpg` are of others. Frames of
one movie look alike, so a split that has some in training and others in the test asks for memory,
not for sight.
"""

import dataclasses
import os
import pathlib
import re

from measure import REPOSITORY

FRAME = re.compile(r"(?:(?P<movie>r\d*)_)?(?P<number>\d+)_100\.jpg")


def real_data() -> pathlib.Path:
    """POMONA_ANSWERS_DATA, or what lies beside the repository."""
    return pathlib.Path(
        os.environ.get("POMONA_ANSWERS_DATA", REPOSITORY.parent / "shared" / "data")
    )


@dataclasses.dataclass(frozen=True)
class Frame:
    """One image of FOLDER/VARIETY/FILE."""

    folder: str  # "Training" or "Test", as its authors split
    variety: str
    movie: str  # "" of the plain one
    number: int  # of the frame in its movie, in order of time


def frame_of(path: str) -> Frame:
    """`path`: as a table of features has it, or any that ends so."""
    folder, variety, name = path.rsplit("/", 3)[1:]
    found = FRAME.fullmatch(name)
    if not found:
        raise ValueError(f"{path} is no frame of a movie")
    return Frame(folder, variety, found["movie"] or "", int(found["number"]))


def first_movies(frames: list[Frame]) -> dict[str, str]:
    """The movie of each variety that training may see: the plain one, or the lowest number."""
    first: dict[str, str] = {}
    for frame in frames:
        first[frame.variety] = min(first.get(frame.variety, frame.movie), frame.movie)
    return first


def arcs(frames: list[Frame], count: int) -> list[int]:
    """Of each frame, which of `count` runs of its movie it is in, the runs equally long.
    Neighbours in a movie are nearly the same picture: cross-validation must not part them."""
    of_movie: dict[tuple[str, str], list[int]] = {}
    for place, frame in enumerate(frames):
        of_movie.setdefault((frame.variety, frame.movie), []).append(place)
    arc = [0] * len(frames)
    for places in of_movie.values():
        places.sort(key=lambda place: frames[place].number)
        for rank, place in enumerate(places):
            arc[place] = rank * count // len(places)
    return arc
