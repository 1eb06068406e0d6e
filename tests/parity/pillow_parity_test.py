"""Pomona's pixels are Pillow's, byte for byte.

The reference is Image.open(file).convert("RGB").resize((width, height), filter) of the
Pillow in requirements/test.txt. The tool `image_dump` of the build says what Pomona makes
of the same bytes; $POMONA_BUILD names the build directory (default build/release).
"""

import io
import os
import pathlib
import subprocess
import warnings

import image_kinds
import numpy as np
import pytest
from PIL import Image, ImageOps

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = (
    pathlib.Path(os.environ.get("POMONA_BUILD", ROOT / "build" / "release"))
    / "tests"
    / "image_dump"
)
DATA = pathlib.Path(os.environ.get("POMONA_TEST_DATA", ROOT / ".." / "shared" / "fruits-360"))

FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}

# Where Pomona is stricter than Pillow on purpose: a PNG that is damaged or cut where
# Pillow does not look (checksums of pixel data, chunk lengths after the last row).
STRICTER = {"png-bent", "png-cut"}


def dump(paths, size, filter, *options):
    """[array or "reject CODE MESSAGE"] for each path."""
    width, height = size
    command = [TOOL, "--width", str(width), "--height", str(height), "--filter", filter, *options]
    out = subprocess.run(
        [*map(str, command), *map(str, paths)], stdout=subprocess.PIPE, check=True
    ).stdout
    results, at = [], 0
    for _ in paths:
        end = out.index(b"\n", at)
        line = out[at:end].decode(errors="replace")
        at = end + 1
        if line.startswith("ok "):
            length = int(line.split()[1])
            results.append(np.frombuffer(out, np.uint8, length, at).reshape(height, width, 3))
            at += length
        else:
            results.append(line)
    assert at == len(out)
    return results


def pillow(data, size, filter, background=None, rotate=False):
    """Pillow's array, or the text of its error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
            if rotate:
                image = ImageOps.exif_transpose(image)
            if background:
                canvas = Image.new("RGBA", image.size, background + (255,))
                image = Image.alpha_composite(canvas, image.convert("RGBA"))
            return np.asarray(image.convert("RGB").resize(size, FILTERS[filter]))
    except Exception as error:  # Pillow raises many types for a broken file
        return repr(error)


@pytest.fixture
def compare(tmp_path):
    def run(kinds, size, filter, *options, stricter=(), **reference):
        paths = []
        for i, data in enumerate(kinds.values()):
            paths.append(tmp_path / str(i))
            paths[-1].write_bytes(data)
        wrong, read = [], 0
        for (name, data), ours in zip(
            kinds.items(), dump(paths, size, filter, *options), strict=True
        ):
            theirs = pillow(data, size, filter, **reference)
            if isinstance(ours, str) or isinstance(theirs, str):
                if isinstance(ours, str) and isinstance(theirs, str):
                    continue
                if isinstance(ours, str) and any(name.startswith(s) for s in stricter):
                    continue
                wrong.append(
                    (
                        name,
                        ours if isinstance(ours, str) else "read",
                        theirs if isinstance(theirs, str) else "read",
                    )
                )
            elif not np.array_equal(ours, theirs):
                wrong.append(
                    (name, "differs by up to", int(np.abs(ours.astype(int) - theirs).max()))
                )
            else:
                read += 1
        assert wrong == []
        return read

    return run


@pytest.mark.parametrize("filter", FILTERS)
@pytest.mark.parametrize("size", [(224, 224), (50, 40), (200, 20), (31, 90), (1, 1)])
def test_every_kind_of_image(compare, size, filter):
    kinds = image_kinds.all_kinds()
    # Only the JPEG without its end marker is refused, by both.
    assert compare(kinds, size, filter) == len(kinds) - 1


@pytest.mark.parametrize("background", [(255, 255, 255), (10, 200, 30)])
def test_background_is_alpha_composite(compare, background):
    kinds = image_kinds.all_kinds()
    option = ",".join(map(str, background))
    assert (
        compare(kinds, (64, 48), "bicubic", "--background", option, background=background)
        == len(kinds) - 1
    )


@pytest.mark.parametrize("size", [(32, 32), (61, 43), (43, 61)])
def test_exif_rotation_is_exif_transpose(compare, size):
    kinds = image_kinds.rotated_kinds()
    assert compare(kinds, size, "bicubic", "--exif-rotate", rotate=True) == len(kinds)


def test_damaged_files_are_refused_or_mended_alike(compare):
    assert compare(image_kinds.damaged_kinds(), (40, 40), "bicubic", stricter=STRICTER) > 300


@pytest.mark.parametrize("option", [[], ["--exif-rotate"]], ids=["as-it-lies", "upright"])
def test_a_webps_container_is_damaged_or_whole_as_for_pillow(compare, option):
    kinds = image_kinds.webp_containers()
    read = compare(kinds, (40, 30), "bicubic", *option, rotate=bool(option))
    assert read >= len(kinds) // 2


@pytest.mark.parametrize("filter", FILTERS)
def test_sizes_in_both_pass_orders(compare, filter):
    kinds = {}
    for width, height in [
        (300, 400),
        (400, 300),
        (640, 480),
        (480, 1700),
        (1700, 480),
        (225, 223),
        (100, 600),
        (2000, 30),
    ]:
        image = Image.fromarray(image_kinds.picture(width, height, 3))
        kinds[f"{width}x{height}"] = image_kinds.save(image, "JPEG", quality=90)
    for size in [(224, 224), (300, 300), (37, 500)]:
        assert compare(kinds, size, filter) == len(kinds)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no real images in {DATA}: set POMONA_TEST_DATA")
@pytest.mark.parametrize("filter", FILTERS)
def test_real_images(compare, filter):
    files = sorted(DATA.rglob("*.jpg"))[::20]
    assert compare({str(f): f.read_bytes() for f in files}, (224, 224), filter) == len(files)
