"""AVIF as Pillow writes it, HEIC as pillow-heif does: {name: encoded bytes}."""

import io

import numpy as np
import pillow_heif
from pictures import picture, save
from PIL import Image


def smooth(width, height, channels=3):
    """Without the noise of picture(): colours that no subsampling changes much."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 100 * np.sin((x + 2 * y) / (40.0 + 9 * c) + c) for c in range(channels)]
    return np.stack(planes, axis=-1).astype(np.uint8)


def heic(image, **options):
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=90, **options)
    return out.getvalue()


def heic_kinds():
    rgb = Image.fromarray(smooth(120, 90))
    for chroma in (420, 422, 444):
        yield f"heic-{chroma}", heic(rgb, chroma=chroma)
    yield "heic-odd-size", heic(Image.fromarray(smooth(101, 67)))
    yield "heic-lossless-noise", heic(Image.fromarray(picture(64, 48, 3)), chroma=444)
    yield "heic-grey", heic(rgb.convert("L"))
    yield "heic-alpha", heic(Image.fromarray(smooth(120, 90, 4), "RGBA"))
    # pillow-heif makes a turn of the file's own of it.
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        out = io.BytesIO()
        turned = rgb.copy()
        pillow_heif.register_heif_opener()
        turned.save(out, "HEIF", exif=exif.tobytes(), quality=90)
        yield f"heic-orientation-{orientation}", out.getvalue()


def avif_kinds():
    rgb = Image.fromarray(smooth(120, 90))
    for subsampling in ("4:2:0", "4:2:2", "4:4:4"):
        yield f"avif-{subsampling}", save(rgb, "AVIF", subsampling=subsampling, quality=90)
    yield "avif-grey", save(rgb.convert("L"), "AVIF", quality=90, subsampling="4:0:0")
    yield "avif-alpha", save(Image.fromarray(smooth(120, 90, 4), "RGBA"), "AVIF", quality=90)
    later = Image.fromarray(smooth(120, 90)[::-1])
    yield "avif-sequence", save(rgb, "AVIF", save_all=True, append_images=[later], quality=90)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield f"avif-orientation-{orientation}", save(rgb, "AVIF", exif=exif, quality=90)
