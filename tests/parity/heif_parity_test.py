"""AVIF is what Pillow makes of it, bit for bit, HEIC what pillow-heif does, within a bound.

The system's libheif reads both here; Pillow has its own libavif, pillow-heif its own libheif.
"""

import collections
import io

import heif_kinds
import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageOps
from pillow_parity_test import dump

# Largest and mean difference of a colour that another version, or another library, may make.
HEIC = (2, 0.2)
AVIF = (8, 1.2)


@pytest.fixture
def read(tmp_path):
    def run(data, size, *options):
        path = tmp_path / "image"
        path.write_bytes(data)
        (result,) = dump([path], size, "bicubic", *options)
        assert not isinstance(result, str), result
        return result.astype(int)

    return run


def reference(data, rotate=False, background=None):
    pillow_heif.register_heif_opener()
    image = Image.open(io.BytesIO(data))
    if rotate:
        image = ImageOps.exif_transpose(image)
    if background:
        canvas = Image.new("RGBA", image.size, background + (255,))
        image = Image.alpha_composite(canvas, image.convert("RGBA"))
    return np.asarray(image.convert("RGB")).astype(int)


def assert_close(ours, theirs, bound):
    difference = np.abs(ours - theirs)
    assert difference.max() <= bound[0]
    assert difference.mean() <= bound[1]


KINDS = {
    name: (data, bound)
    for kinds, bound in ((heif_kinds.heic_kinds, HEIC), (heif_kinds.other_avif_kinds, AVIF))
    for name, data in kinds()
}
EXACT = dict(heif_kinds.avif_kinds())


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("rotate", [False, True])
def test_pixels_are_close_and_turned_once(read, name, rotate):
    data, bound = KINDS[name]
    expected = reference(data, rotate)
    size = expected.shape[1::-1]
    assert_close(read(data, size, *["--exif-rotate"] * rotate), expected, bound)


@pytest.mark.parametrize(
    "options, how",
    [
        ([], {}),
        (["--exif-rotate"], {"rotate": True}),
        (["--background", "10,200,30"], {"background": (10, 200, 30)}),
    ],
    ids=["as-stored", "turned", "on-a-background"],
)
def test_avif_is_pillows_bit_for_bit(tmp_path, options, how):
    of_size = collections.defaultdict(list)
    for i, (name, data) in enumerate(EXACT.items()):
        expected = reference(data, **how)
        path = tmp_path / str(i)
        path.write_bytes(data)
        of_size[expected.shape[1::-1]].append((name, path, expected))
    wrong = []
    for size, images in of_size.items():
        results = dump([path for _, path, _ in images], size, "bicubic", *options)
        for (name, _, expected), ours in zip(images, results, strict=True):
            if not np.array_equal(ours, expected):
                wrong.append(
                    (name, ours if isinstance(ours, str) else np.abs(ours - expected).max())
                )
    assert wrong == []


def test_background_is_alpha_composite(read):
    data, bound = KINDS["heic-alpha"]
    expected = reference(data, background=(10, 200, 30))
    size = expected.shape[1::-1]
    assert_close(read(data, size, "--background", "10,200,30"), expected, bound)


FILES = {"heic": KINDS["heic-420"][0], "avif": EXACT["avif-120x90-3-4:2:0-full"]}


@pytest.mark.parametrize("name", FILES)
def test_cut_files_are_truncated(tmp_path, name):
    data = FILES[name]
    paths = []
    for size in range(40, len(data) - 1, 97):
        paths.append(tmp_path / str(size))
        paths[-1].write_bytes(data[:size])
    for result in dump(paths, (16, 16), "nearest"):
        assert str(result).startswith("reject truncated"), result


@pytest.mark.parametrize("name", FILES)
def test_the_pixel_limit_holds(tmp_path, name):
    data = FILES[name]
    (tmp_path / "image").write_bytes(data)
    (result,) = dump([tmp_path / "image"], (16, 16), "nearest", "--max-pixels", "10799")
    assert result.startswith("reject too_many_pixels")
