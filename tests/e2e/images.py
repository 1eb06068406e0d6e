"""Image folders that tests work on."""

import os
import pathlib
import shutil

from program import REPOSITORY, Pomona


def real_images() -> pathlib.Path | None:
    default = REPOSITORY.parent / "shared" / "fruits-360"
    folder = pathlib.Path(os.environ.get("POMONA_TEST_DATA", default)).resolve()
    return folder if folder.is_dir() else None


def drawn_images(folder: pathlib.Path) -> pathlib.Path:
    """Pomona's own drawn set, for machines without the real one."""
    Pomona().ok("demo", "--draw-only", folder)
    return folder


def all_images(tmp_path_factory) -> pathlib.Path:
    """The whole set: the real one, or the drawn one. Not to be changed."""
    return real_images() or drawn_images(tmp_path_factory.mktemp("drawn"))


def jpegs(folder: pathlib.Path) -> list[pathlib.Path]:
    return sorted(folder.rglob("*.jpg"))


def by_label(folder: pathlib.Path) -> dict[str, list[pathlib.Path]]:
    labels: dict[str, list[pathlib.Path]] = {}
    for image in jpegs(folder):
        labels.setdefault(image.parent.name, []).append(image)
    return labels


def copy_some(source: pathlib.Path, target: pathlib.Path, labels: int, each: int) -> pathlib.Path:
    """`each` images of each of the first `labels` labels, as target/LABEL/NAME.jpg."""
    for label, images in list(by_label(source).items())[:labels]:
        (target / label).mkdir(parents=True)
        for image in images[:each]:
            shutil.copyfile(image, target / label / image.name)
    return target


def some_images(tmp_path_factory, labels: int, each: int) -> pathlib.Path:
    """A folder with so many of all images. Not to be changed."""
    folder = tmp_path_factory.mktemp("some") / "images"
    return copy_some(all_images(tmp_path_factory), folder, labels, each)
