"""Answers beside the table of features that they were learned from: learning takes minutes."""

import dataclasses
import functools
import hashlib
import pathlib
from collections.abc import Callable

import numpy as np
from answers_questions import Answer

# What an answer depends on, besides the features.
MADE_BY = ("movies", "questions", "rows", "nearest", "logistic")


@functools.cache
def rules_digest() -> str:
    here = pathlib.Path(__file__).parent
    files = [here / f"answers_{name}.py" for name in MADE_BY]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def kept(folder: pathlib.Path, name: str, learn: Callable[[], Answer]) -> Answer:
    """What `learn` returned when the same rules first asked it of the features in `folder`."""
    file = folder / f"{name.replace(' ', '-')}-{rules_digest()}.npz"
    if not file.exists():
        staged = file.with_suffix(".staged.npz")
        said = dataclasses.asdict(learn())
        np.savez(staged, **{key: value for key, value in said.items() if value is not None})
        staged.rename(file)
    with np.load(file) as found:
        return Answer(
            **{key: value if value.ndim else value.item() for key, value in found.items()}
        )
